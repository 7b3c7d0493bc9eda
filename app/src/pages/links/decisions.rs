//! *Avgjørelser*: what people have decided about a supplier's numbers, with who, when, and the way back. Also what was decided on lines
//! without an article of ours, and what was said not to be the same.

use domain::contacts::ContactRow;
use domain::links::{DecisionPage, DecisionRow, DecisionView, Verdict};
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::chooser::{Asked, chooser};
use super::{article_tabs, nobody, onward};
use crate::api::links::{DecisionsPage, UndoLink, read_decisions};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors, FormState,
    HiddenField, LinkReceipt, Loading, PageHead, Row, Tab, TitleCell, ViewTabs,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{address, escaped, shown};
use crate::session::use_shell;

/// The page.
pub(super) const PATH: &str = "/artikler/koblinger/avgjorelser";

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    supplier: String,
    view: DecisionView,
    search: String,
    /// The decision before which the page begins; empty for the first one.
    before: String,
}

impl Query {
    fn href(&self, view: DecisionView, before: &str) -> String {
        let view = if view == DecisionView::Same { "" } else { view.slug() };
        let parameters =
            [("leverandor", self.supplier.as_str()), ("vis", view), ("sok", &self.search), ("etter", before)];
        address(PATH, &parameters)
    }
}

/// The page `/artikler/koblinger/avgjorelser`.
#[component]
pub fn DecisionsPageView() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| {
        map.with(|map| Query {
            supplier: map.get("leverandor").unwrap_or_default(),
            view: DecisionView::from_slug(&map.get("vis").unwrap_or_default()),
            search: map.get("sok").unwrap_or_default(),
            before: map.get("etter").unwrap_or_default(),
        })
    });
    // What was just taken back is read again.
    let done = Memo::new(move |_| map.with(|map| map.get("gjelder").unwrap_or_default()));
    let undo = ServerAction::<UndoLink>::new();
    let page = PageData::new(
        move || (query.get(), done.get()),
        |(query, _)| read_decisions(query.supplier, query.view.slug().to_owned(), query.search, query.before),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                shown(page.await, |page| decisions_page(page, query, undo))
            })}
        </Transition>
    }
}

fn decisions_page(page: DecisionsPage, query: Query, undo: ServerAction<UndoLink>) -> AnyView {
    let t = use_texts();
    let body = match page.chosen {
        None => nobody(t),
        Some((supplier, read)) => {
            let query = Query { supplier: supplier.contact_id.to_string(), ..query.clone() };
            of_supplier(t, page.suppliers, read, &query, undo)
        }
    };
    view! {
        <Crumbs path=vec![Crumb::link(t.nav_articles(), "/artikler"), Crumb::text(t.links_decisions())]/>
        <PageHead title=t.links_decisions().to_owned() below=move || view! { <span class="muted">{t.links_decisions_intro()}</span> }/>
        <LinkReceipt back=query.href(query.view, &query.before)/>
        <FormErrors form=FormState::of(undo)/>
        {article_tabs(t, "avgjorelser")}
        {body}
    }
    .into_any()
}

fn of_supplier(
    t: Texts,
    suppliers: Vec<ContactRow>,
    read: DecisionPage,
    query: &Query,
    undo: ServerAction<UndoLink>,
) -> AnyView {
    let asked = Asked {
        page: PATH,
        supplier: query.supplier.clone(),
        view: query.view.slug(),
        search: query.search.clone(),
    };
    let again = query.clone();
    let tab = |view: DecisionView| Tab {
        text: view_name(t, view).to_owned(),
        href: query.href(view, ""),
        count: read.counts.iter().find(|(known, _)| *known == view).map(|(_, count)| *count),
        current: view == query.view,
    };
    let tabs = DecisionView::ALL.map(tab).to_vec();
    let next = read.next.map(|next| query.href(query.view, &next.to_string()));
    let first = (!query.before.is_empty()).then(|| query.href(query.view, ""));
    let pages = onward(t, first, next);
    let may = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let back = query.href(query.view, &query.before);
    let table = if read.rows.is_empty() {
        let title = if query.search.is_empty() { t.links_no_decisions() } else { t.links_not_found() };
        view! { <EmptyState kind=EmptyKind::NoHits title/> }.into_any()
    } else {
        let columns = vec![
            Column::new(t.links_written()).title(),
            Column::new(t.links_own_article()).class("wrapcell"),
            Column::new(t.links_their_article()).class("wrapcell"),
            Column::new(t.links_decided()).class("wrapcell"),
            Column::new(t.links_action()),
        ];
        let rows: Vec<_> = read.rows.into_iter().map(|row| one(t, row, may.then_some(undo), &back)).collect();
        view! {
            <DataTable caption=t.links_decisions() columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <section class="panel listing" aria-label=t.links_decisions() data-test="decisions">
            {chooser(t, suppliers, &asked, move |supplier| {
                Query { supplier, ..again.clone() }.href(again.view, "")
            })}
            <ViewTabs label=t.links_views() tabs/>
            {table}
            {pages}
        </section>
    }
    .into_any()
}

fn one(t: Texts, row: DecisionRow, undo: Option<ServerAction<UndoLink>>, back: &str) -> AnyView {
    let DecisionRow { link, article, partner_name } = row;
    let language = t.language();
    let written =
        if link.written_number.is_empty() { t.links_no_number().to_owned() } else { link.written_number };
    let article = article.map(|(number, name)| {
        let href = format!("/artikler/{}", escaped(&number));
        view! {
            <a class="code" href=href>{number}</a>
            <small>{name}</small>
        }
    });
    let decided = t.links_decided_by(&link.decided_by, format::date_time(link.decided_at, language));
    // Among those that were taken back, the tab does not say what was decided.
    let kind = link.undone.is_some().then(|| view! { <p>{view_name(t, view_of(link.verdict))}</p> });
    let about = link.partner_number.clone();
    let (taken, action) = match (link.undone, undo) {
        (Some(undone), _) => {
            (Some(t.links_undone_by(&undone.by, format::date_time(undone.at, language))), None)
        }
        (None, Some(undo)) => {
            (None, Some(undo_form(t, undo, link.supplier_link_id.to_string(), &about, back)))
        }
        (None, None) => (None, None),
    };
    view! {
        <Row>
            <TitleCell text=written code=true/>
            <Cell class="wrapcell" label=t.links_own_article()>
                <div>{article}</div>
            </Cell>
            <Cell class="wrapcell" label=t.links_their_article()>
                <div>
                    <span class="code">{link.partner_number}</span>
                    <small>{partner_name}</small>
                </div>
            </Cell>
            <Cell class="wrapcell" label=t.links_decided()>
                <div>
                    {kind}
                    <p>{decided}</p>
                    {taken.map(|taken| view! { <p class="muted sm">{taken}</p> })}
                </div>
            </Cell>
            <Cell class="act">{action}</Cell>
        </Row>
    }
    .into_any()
}

/// *Angre* for the decision about the supplier's number `about`.
fn undo_form(t: Texts, undo: ServerAction<UndoLink>, id: String, about: &str, back: &str) -> AnyView {
    let (about, back) = (format!(" {about}"), back.to_owned());
    view! {
        <ActionForm action=undo attr:data-test="undo-decision">
            <HiddenField name="ids" value=id/>
            <HiddenField name="back" value=back/>
            <BusyButton kind="s" busy=undo.pending()>
                {t.links_undo()}
                <span class="vh">{about}</span>
            </BusyButton>
        </ActionForm>
    }
    .into_any()
}

fn view_of(verdict: Verdict) -> DecisionView {
    match verdict {
        Verdict::Same => DecisionView::Same,
        Verdict::NotSame => DecisionView::NotSame,
    }
}

fn view_name(t: Texts, view: DecisionView) -> &'static str {
    match view {
        DecisionView::Same => t.links_confirmed(),
        DecisionView::NotSame => t.links_reject(),
        DecisionView::Undone => t.links_taken_back(),
    }
}
