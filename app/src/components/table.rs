//! The one table markup. In a narrow panel the same rows become cards, so the roles are written out: they keep their meaning
//! when `display` changes.
//!
//! Classes of a [`Cell`] say what it does as a card: `st` top right, `lf` and `rt` share a line, `mid` and `aux` likewise on
//! line two, `act` a full-width action, `xs` left out. `label` is the word before the value.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Icon, PickPage};

/// A column's head.
#[derive(Clone, Debug, Default)]
pub struct Column {
    text: String,
    class: &'static str,
    hidden: bool,
    sort: Option<(String, Option<&'static str>)>,
    picks: bool,
}

impl Column {
    /// A column with its words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Numbers: to the right, digits of one width.
    #[must_use]
    pub fn num(self) -> Self {
        self.class("num")
    }

    /// The column that names the row.
    #[must_use]
    pub fn title(self) -> Self {
        self.class("ttl")
    }

    /// Any class of `data-table.css`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The words are only for those who do not see the table.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// The column of the boxes: its head ticks the page.
    #[must_use]
    pub fn picks(mut self) -> Self {
        self.picks = true;
        self.class("pick").hidden()
    }

    /// A link that sorts by this column; `ascending` is set on the column that is sorted by.
    #[must_use]
    pub fn sort(mut self, (href, ascending): (String, Option<bool>)) -> Self {
        let direction = ascending.map(|ascending| if ascending { "ascending" } else { "descending" });
        self.sort = Some((href, direction));
        self
    }
}

/// A table inside a `.panel`. Its rows are the children.
#[component]
pub fn DataTable(
    /// What the table is, for those who do not see it.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    /// `matrix`, `grid`, `lines` or `diff`.
    #[prop(default = "")]
    kind: &'static str,
    /// Rows stand close together.
    #[prop(optional)]
    compact: bool,
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = columns.into_iter().map(|column| view! { <Head column/> }).collect();
    view! {
        <div class="scroll">
            <table class=format!("tbl {kind}") role="table" data-density=compact.then_some("compact")>
                <caption class="vh">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Head(column: Column) -> impl IntoView {
    let Column { text, class, hidden, sort, picks } = column;
    let direction = sort.as_ref().and_then(|(_, direction)| *direction);
    let inside = match sort {
        Some((href, direction)) => view! {
            <a href=href>
                {text}
                {direction.map(|_| view! { <Icon name="fold"/> })}
            </a>
        }
        .into_any(),
        None if picks => view! { <span class="vh">{text}</span><PickPage/> }.into_any(),
        None if hidden => view! { <span class="vh">{text}</span> }.into_any(),
        None => text.into_any(),
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=direction>
            {inside}
        </th>
    }
}

/// A row.
#[component]
pub fn Row(
    /// `warn` or `err` marks the edge.
    #[prop(optional, into)]
    tone: Signal<Option<&'static str>>,
    /// Chosen by the person.
    #[prop(optional, into)]
    selected: Signal<bool>,
    /// `sub` belongs to the row above.
    #[prop(default = "")]
    class: &'static str,
    /// Where an address leads to behind `#`.
    #[prop(optional, into)]
    id: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <tr role="row" id=id class=class data-tone=move || tone.get() aria-selected=move || selected.get().then_some("true")>
            {children()}
        </tr>
    }
}

/// The cell that names the row; usually a link.
#[component]
pub fn TitleCell(
    #[prop(optional, into)] href: Option<String>,
    #[prop(into)] text: Signal<String>,
    /// The text is a code.
    #[prop(optional)]
    code: bool,
    /// What stands under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = code.then_some("code");
    let inside = match href {
        Some(href) => Either::Left(view! { <a class=class href=href>{text}</a> }),
        None => Either::Right(view! { <span class=class>{text}</span> }),
    };
    view! {
        <th role="rowheader" scope="row" class="ttl">
            {inside}
            {children.map(|children| children())}
        </th>
    }
}

/// Any other cell.
#[component]
pub fn Cell(
    #[prop(default = "")] class: &'static str,
    /// The word before the value when the row is a card.
    #[prop(optional, into)]
    label: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <td role="cell" class=class data-l=label>
            {children.map(|children| children())}
        </td>
    }
}
