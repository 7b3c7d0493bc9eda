//! *Koblinger* and *Skrivefeil*: our numbers at a supplier, what they mean there, and what people have decided about it.

mod chooser;
mod decisions;
mod review;
mod rows;
mod tabs;

use domain::contacts::ContactRow;
use domain::keyboard::{KeyAction, KeyContext};
use domain::links::{LinkPage, LinkView};
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::links::{
    BETWEEN, ConfirmLink, ConfirmLinks, CorrectNumber, LinksPage, RejectLink, UndoLink, read_links,
};
use crate::components::{
    Alert, BusyButton, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors, FormState,
    HiddenField, Icon, LinkButton, Loading, PageHead, Receipt, Selection, Tab, UndoneReceipt, ViewTabs,
    list_keys, mark_row_again, on_keys, press_at, press_in_row,
};
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, list_file};
use crate::pages::lists::{address, shown};
use crate::session::use_shell;

pub use decisions::DecisionsPageView;

/// The page.
pub const PATH: &str = "/artikler/koblinger";

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Query {
    supplier: String,
    view: LinkView,
    /// What is searched for; empty for all of the view.
    search: String,
    /// The own number after which the page begins; empty for the first one.
    after: String,
    /// *Bekreft trolige*: the step in which they are gone through.
    review: bool,
}

impl Query {
    fn href(&self, view: LinkView, after: &str, review: bool) -> String {
        let view = if view == LinkView::All { "" } else { view.as_str() };
        let step = if review { "gjennomgang" } else { "" };
        let search = &self.search;
        address(
            PATH,
            &[
                ("leverandor", &self.supplier),
                ("vis", view),
                ("sok", search),
                ("etter", after),
                ("steg", step),
            ],
        )
    }

    fn own_href(&self) -> String {
        self.href(self.view, &self.after, false)
    }
}

/// What was just done: which receipt, and what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Done {
    receipt: String,
    about: String,
}

/// What can be done on the page.
#[derive(Clone, Copy)]
struct Actions {
    confirm: ServerAction<ConfirmLink>,
    confirm_many: ServerAction<ConfirmLinks>,
    reject: ServerAction<RejectLink>,
    undo: ServerAction<UndoLink>,
    correct: ServerAction<CorrectNumber>,
    /// The person may decide.
    may: bool,
}

/// The tabs of the articles' pages.
pub fn article_tabs(t: Texts, current: &'static str) -> impl IntoView {
    let tab = |text: &str, href: String, name: &str| Tab {
        text: text.to_owned(),
        href,
        count: None,
        current: name == current,
    };
    let tabs = vec![
        tab(t.nav_articles(), "/artikler".to_owned(), "artikler"),
        tab(t.links_title(), PATH.to_owned(), "koblinger"),
        tab(t.links_decisions(), decisions::PATH.to_owned(), "avgjorelser"),
        tab(t.links_misspelled(), format!("{PATH}?vis=skrivefeil"), "skrivefeil"),
    ];
    view! { <ViewTabs label=t.nav_articles() tabs/> }
}

/// The page `/artikler/koblinger`.
#[component]
pub fn LinksPageView() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| {
        map.with(|map| Query {
            supplier: map.get("leverandor").unwrap_or_default(),
            view: LinkView::from_code(&map.get("vis").unwrap_or_default()),
            search: map.get("sok").unwrap_or_default(),
            after: map.get("etter").unwrap_or_default(),
            review: map.get("steg").is_some_and(|step| step == "gjennomgang"),
        })
    });
    let done = Memo::new(move |_| {
        map.with(|map| Done {
            receipt: map.get("kvittering").unwrap_or_default(),
            about: map.get("gjelder").unwrap_or_default(),
        })
    });
    let actions = Actions {
        confirm: ServerAction::new(),
        confirm_many: ServerAction::new(),
        reject: ServerAction::new(),
        undo: ServerAction::new(),
        correct: ServerAction::new(),
        may: use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase)),
    };
    let selection = Selection::provide();
    list_keys(selection);
    on_keys(&[KeyContext::Links], move |action| match action {
        KeyAction::ConfirmLink => press_in_row(selection, "B"),
        KeyAction::RejectLink => press_in_row(selection, "D"),
        KeyAction::UndoLink => press_at("[data-test='receipt'] form button"),
        _ => false,
    });
    let page = PageData::new(
        move || (query.get(), done.get()),
        |(query, _)| {
            read_links(
                query.supplier,
                query.view.as_str().to_owned(),
                query.search,
                query.after,
                query.review,
            )
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let (query, done) = (query.get_untracked(), done.get_untracked());
                shown(page.await, |page| {
                    if !done.receipt.is_empty() {
                        mark_row_again(selection);
                    }
                    links_page(page, query, done, actions)
                })
            })}
        </Transition>
    }
}

fn links_page(page: LinksPage, query: Query, done: Done, actions: Actions) -> AnyView {
    let t = use_texts();
    let misspelled = query.view == LinkView::Misspelled;
    let (title, intro, tab) = if misspelled {
        (t.links_misspelled(), t.links_misspelled_intro(), "skrivefeil")
    } else {
        (t.links_title(), t.links_intro(), "koblinger")
    };
    let body = match page.chosen {
        None => nobody(t),
        Some((supplier, read)) => {
            let query = Query { supplier: supplier.contact_id.to_string(), ..query };
            of_supplier(t, page.suppliers, &supplier, read, &query, actions)
        }
    };
    view! {
        <Crumbs path=vec![Crumb::link(t.nav_articles(), "/artikler"), Crumb::text(title)]/>
        <PageHead title=title.to_owned() below=move || view! { <span class="muted">{intro}</span> }/>
        {receipt(t, done, actions)}
        <FormErrors form=FormState::of(actions.confirm)/>
        <FormErrors form=FormState::of(actions.confirm_many)/>
        <FormErrors form=FormState::of(actions.reject)/>
        <FormErrors form=FormState::of(actions.undo)/>
        <FormErrors form=FormState::of(actions.correct)/>
        {article_tabs(t, tab)}
        {body}
    }
    .into_any()
}

/// Said where there are no suppliers.
fn nobody(t: Texts) -> AnyView {
    view! {
        <EmptyState kind=EmptyKind::NeverUsed title=t.links_nobody_title() text=t.links_nobody_text()>
            <LinkButton href="/kontakter/leverandorer">{t.nav_suppliers()}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn of_supplier(
    t: Texts,
    suppliers: Vec<ContactRow>,
    supplier: &ContactRow,
    read: LinkPage,
    query: &Query,
    actions: Actions,
) -> AnyView {
    if query.review {
        return review::review(t, supplier, read, query, actions);
    }
    let tabs = (query.view != LinkView::Misspelled).then(|| tabs::view_tabs(t, &read, query));
    let bulk = (actions.may && query.view == LinkView::Likely && !read.rows.is_empty()).then(|| {
        let href = query.href(LinkView::Likely, &query.after, true);
        view! { <LinkButton href kind="p">{t.links_review()}</LinkButton> }
    });
    let trouble = trouble(t, &read);
    // The file holds all of the view.
    let whole = Query { search: String::new(), ..query.clone() };
    let question = whole.href(query.view, "", false).split_once('?').map(|(_, asked)| asked.to_owned());
    let question = question.unwrap_or_default();
    let first = (!query.after.is_empty()).then(|| query.href(query.view, "", false));
    let next = read.next.as_ref().map(|after| query.href(query.view, after, false));
    let onward = onward(t, first, next);
    let again = query.clone();
    let asked = chooser::Asked {
        page: PATH,
        supplier: query.supplier.clone(),
        view: query.view.as_str(),
        search: query.search.clone(),
    };
    let rows = read.rows;
    let table = if rows.is_empty() {
        let title = match (onward.is_some(), query.search.is_empty()) {
            (true, _) => t.links_none_yet(),
            (false, true) => t.links_empty(),
            (false, false) => t.links_not_found(),
        };
        view! { <EmptyState kind=EmptyKind::NoHits title/> }.into_any()
    } else {
        table(t, rows::rows(t, rows, supplier, query, actions))
    };
    view! {
        {trouble}
        <section class="panel listing" aria-label=t.links_title() data-test="links">
            {chooser::chooser(t, suppliers, &asked, move |supplier| {
                Query { supplier, ..again.clone() }.href(again.view, "", false)
            })}
            {tabs}
            {bulk.map(|bulk| view! { <div class="row tools">{bulk}</div> })}
            <div class="row looks">
                <Downloads file=list_file::LINKS question/>
            </div>
            {table}
            {onward}
        </section>
    }
    .into_any()
}

fn table(t: Texts, rows: Vec<AnyView>) -> AnyView {
    let columns = vec![
        Column::new(t.links_own_number()).title(),
        Column::new(t.articles_name()).class("wrapcell"),
        Column::new(t.articles_supplier_number()),
        Column::new(t.links_their_article()).class("wrapcell"),
        Column::new(t.links_match()).class("wrapcell"),
        Column::new(t.links_action()),
    ];
    view! {
        <DataTable caption=t.links_title() columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// The ways to the first page and to the next one, where there are any. How many pages there are, nobody knows before all are read.
fn onward(t: Texts, first: Option<String>, next: Option<String>) -> Option<AnyView> {
    if first.is_none() && next.is_none() {
        return None;
    }
    let first =
        first.map(|href| view! { <a class="btn s" href=href><Icon name="first"/>{t.lists_first()}</a> });
    let next = next.map(|href| {
        view! { <a class="btn s" rel="next" href=href>{t.frame_next()}<Icon name="next"/></a> }
    });
    Some(
        view! { <footer><nav class="pages" aria-label=t.frame_pages()>{first}{next}</nav></footer> }
            .into_any(),
    )
}

/// Why there is nothing to compare with.
fn trouble(t: Texts, read: &LinkPage) -> Option<AnyView> {
    let (title, text) = if read.lacks_right {
        (t.links_no_right_title(), t.links_no_right_text())
    } else if !read.catalogue_read {
        (t.links_no_catalogue_title(), t.links_no_catalogue_text())
    } else {
        return None;
    };
    let href = "/admin/integrasjoner/prodsys-to-prodsys";
    Some(
        view! { <Alert title text><LinkButton href kind="s">{t.links_to_connections()}</LinkButton></Alert> }
            .into_any(),
    )
}

/// What was just done, with *Angre*.
fn receipt(t: Texts, done: Done, actions: Actions) -> Option<AnyView> {
    let Done { receipt, about } = done;
    let many = i64::try_from(about.split(',').count()).unwrap_or(1);
    let title = match receipt.as_str() {
        "koblet" if many > 1 => t.links_done_many(many),
        "koblet" => t.links_done().to_owned(),
        "ikke-samme" => t.links_rejected().to_owned(),
        "angret" => return Some(view! { <UndoneReceipt/> }.into_any()),
        "rettet" => return corrected(t, &about, actions),
        _ => return None,
    };
    let undo = undo_form(t, actions, about, PATH);
    Some(view! { <Receipt title>{undo}</Receipt> }.into_any())
}

/// *Angre* for one or many decisions.
fn undo_form(t: Texts, actions: Actions, ids: String, back: &str) -> AnyView {
    let back = back.to_owned();
    view! {
        <ActionForm action=actions.undo attr:data-test="undo-link">
            <HiddenField name="ids" value=ids/>
            <HiddenField name="back" value=back/>
            <BusyButton kind="s" busy=actions.undo.pending()>{t.links_undo()}</BusyButton>
        </ActionForm>
    }
    .into_any()
}

/// That a number was corrected; taken back by the same step the other way round.
fn corrected(t: Texts, about: &str, actions: Actions) -> Option<AnyView> {
    let mut parts = about.split(BETWEEN).map(str::to_owned);
    let (article, supplier) = (parts.next()?, parts.next()?);
    let (to, from) = (parts.next()?, parts.next()?);
    let title = t.links_corrected(&from, &to);
    Some(
        view! {
            <Receipt title>
                <ActionForm action=actions.correct attr:data-test="undo-correct">
                    <HiddenField name="article_id" value=article/>
                    <HiddenField name="supplier_id" value=supplier/>
                    <HiddenField name="from" value=to/>
                    <HiddenField name="to" value=from/>
                    <HiddenField name="back" value=format!("{PATH}?vis=skrivefeil")/>
                    <BusyButton kind="s" busy=actions.correct.pending()>{t.links_undo()}</BusyButton>
                </ActionForm>
            </Receipt>
        }
        .into_any(),
    )
}
