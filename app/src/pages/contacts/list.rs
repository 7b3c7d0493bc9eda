//! The lists.

use domain::contacts::{ContactRole, ContactRow};
use domain::imports::FileKind;
use domain::paging::{Direction, Page};
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::{list_name, may_write, path, slug, title};
use crate::api::contacts::{ContactList, list_contacts};
use crate::components::{
    Cell, ChosenFilters, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FilterFields, FilterSelect,
    FilterSwitch, LinkButton, Loading, PageHead, Pager, Row, SearchBar, Selection, Tab, Tag, TitleCell, Tone,
    ViewTabs, go_to_fragment, list_keys, page_sizes,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, files_href_of, list_file};
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::pages::saved_views::{SavedViews, provide_views_changed, remember, view_tabs};

/// The sort when the address says none.
const USUAL_SORT: &str = "navn";
/// The view of everything; without it in the address the list may open with a saved view.
const ALL: &str = "alle";

/// The page `/kontakter/leverandorer`.
#[component]
pub fn SuppliersPage() -> impl IntoView {
    view! { <ContactsPage role=ContactRole::Supplier/> }
}

/// The page `/kontakter/kunder`.
#[component]
pub fn CustomersPage() -> impl IntoView {
    view! { <ContactsPage role=ContactRole::Customer/> }
}

#[component]
fn ContactsPage(role: ContactRole) -> impl IntoView {
    let query = use_list_query();
    let views = provide_views_changed();
    let contacts = PageData::new(
        move || (query.get(), views.get()),
        move |(query, _)| list_contacts(role, query.question(), query.page),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                shown(contacts.await, |list| view! { <ContactsOf role list query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn ContactsOf(role: ContactRole, list: ContactList, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if let Some(path) = list.opens_with {
        return view! { <Redirect path/> }.into_any();
    }
    let (new_text, intro, label, file) = match role {
        ContactRole::Supplier => (
            t.contacts_new_supplier(),
            t.contacts_suppliers_intro(),
            t.contacts_views_suppliers(),
            list_file::SUPPLIERS,
        ),
        ContactRole::Customer => (
            t.contacts_new_customer(),
            t.contacts_customers_intro(),
            t.contacts_views_customers(),
            list_file::CUSTOMERS,
        ),
    };
    let new_href = format!("{}/ny", path(role));
    let all = Tab {
        text: t.contacts_view_all().to_owned(),
        href: query.view_href(path(role), ALL),
        count: None,
        current: query.get("visning").is_empty(),
    };
    let tabs = view_tabs(t, path(role), vec![all], &list.views, &query);
    remember(list_name(role), &query, &tabs);
    go_to_fragment();
    list_keys(Selection::provide());
    let files = files_href_of(FileKind::Contacts, &query.with("vis", slug(role)));
    let writable = may_write();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_contacts()), Crumb::text(title(t, role))]/>
        <PageHead title=title(t, role).to_owned() below=move || view! { <span class="muted">{intro}</span> }>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {writable.then(|| view! { <LinkButton href=new_href kind="p" icon="plus" attr:data-key="N">{new_text}</LinkButton> })}
        </PageHead>
        <SavedViews list=list_name(role) path=path(role) views=list.views query=query.clone()/>
        <section class="panel listing" aria-label=title(t, role)>
            <ViewTabs label tabs/>
            <ContactFilters role query=query.clone()/>
            <ContactChips role query=query.clone()/>
            <div class="row looks">
                <Downloads file question=query.question()/>
            </div>
            <Contacts role contacts=list.contacts query/>
        </section>
    }
    .into_any()
}

#[component]
fn ContactFilters(role: ContactRole, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let connected = vec![
        ("ja".to_owned(), t.contacts_connected().to_owned()),
        ("nei".to_owned(), t.contacts_not_connected().to_owned()),
    ];
    let on = |name: &str| !query.get(name).is_empty();
    let (chosen, both, new) = (query.filters(), on("begge"), on("ny"));
    let connection = query.get("kobling").to_owned();
    view! {
        <SearchBar
            action=path(role)
            label=t.contacts_search()
            placeholder=t.contacts_search_hint()
            value=query.search.clone()
            keep=query.kept()
        >
            <FilterFields chosen>
                <FilterSelect name="kobling" label=t.contacts_integration() chosen=connection options=connected/>
                <FilterSwitch name="begge" label=t.contacts_both_roles() chosen=both/>
                <FilterSwitch name="ny" label=t.contacts_only_new() chosen=new/>
            </FilterFields>
        </SearchBar>
    }
}

/// What is left out, in words that can be taken away.
#[component]
fn ContactChips(role: ContactRole, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let mut chips = Vec::new();
    let mut chip = |name: &'static str, text: &dyn Fn(&str) -> String| {
        let value = query.get(name);
        if !value.is_empty() {
            chips.push((text(value), query.with(name, "").href(path(role))));
        }
    };
    chip("sok", &|text| t.lists_searched(text));
    chip("kobling", &|value| {
        let text = if value == "ja" { t.contacts_connected() } else { t.contacts_not_connected() };
        text.to_owned()
    });
    chip("begge", &|_| t.contacts_both_roles().to_owned());
    chip("ny", &|_| t.contacts_only_new().to_owned());
    view! { <ChosenFilters chips none=query.unfiltered().href(path(role))/> }
}

#[component]
fn Contacts(role: ContactRole, contacts: Page<ContactRow>, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = contacts;
    if rows.is_empty() {
        return view! { <NoContacts role query/> }.into_any();
    }
    let sorted = |slug: &str, first| query.sorted(path(role), slug, USUAL_SORT, first);
    let columns = vec![
        Column::new(t.contacts_company_name()).title().sort(sorted("navn", Direction::Ascending)),
        Column::new(t.contacts_org_number()),
        Column::new(t.contacts_city()).sort(sorted("sted", Direction::Ascending)),
        Column::new(t.contacts_integration()),
        Column::new(t.contacts_changed()).sort(sorted("endret", Direction::Descending)),
    ];
    let sizes = page_sizes(&query, path(role));
    let compact = query.is_compact();
    let rows: Vec<_> = rows.into_iter().map(|row| view! { <ContactLine role row/> }).collect();
    view! {
        <DataTable caption=title(t, role) columns compact>
            {rows}
        </DataTable>
        <Pager page page_size total sizes href=move |page| query.page_href(path(role), page)/>
    }
    .into_any()
}

#[component]
fn NoContacts(role: ContactRole, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if query.is_filtered() {
        let title = match query.search() {
            Some(search) => t.contacts_no_hits(search),
            None => t.contacts_none_fit().to_owned(),
        };
        return view! {
            <EmptyState kind=EmptyKind::NoHits title>
                <LinkButton href=query.unfiltered().href(path(role))>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let (heading, text) = match role {
        ContactRole::Supplier => (t.contacts_no_suppliers(), t.contacts_no_suppliers_text()),
        ContactRole::Customer => (t.contacts_no_customers(), t.contacts_no_customers_text()),
    };
    view! { <EmptyState kind=EmptyKind::NeverUsed title=heading text/> }.into_any()
}

#[component]
fn ContactLine(role: ContactRole, row: ContactRow) -> impl IntoView {
    let t = use_texts();
    let href = format!("{}/{}", path(role), row.contact_id);
    let (text, tone, icon) = if row.connected {
        (t.contacts_connected(), Tone::Ok, "check")
    } else {
        (t.contacts_not_connected(), Tone::Neutral, "dash")
    };
    view! {
        <Row tone=Signal::stored(row.needs_review.then_some("warn")) id=format!("r-{}", row.contact_id)>
            <TitleCell href text=row.name>
                {row.needs_review.then(|| view! { <br/><Tag text=t.drafts_new_customer() tone=Tone::Info/> })}
            </TitleCell>
            <Cell class="lf" label=t.contacts_org_number()>
                <span class="num">{row.org_number.as_deref().map(format::org_number)}</span>
            </Cell>
            <Cell class="rt">{row.city}</Cell>
            <Cell class="st"><Tag text tone icon/></Cell>
            <Cell class="xs">{format::date(row.updated_at.date_in_oslo(), t.language())}</Cell>
        </Row>
    }
}
