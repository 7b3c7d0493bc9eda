//! The lists.

use domain::contacts::{ContactRole, ContactRow};
use domain::imports::FileKind;
use domain::paging::Page;
use domain::saved_views::ListName;
use leptos::prelude::*;

use super::{may_write, path, slug, title};
use crate::api::contacts::list_contacts;
use crate::components::{
    Cell, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, LinkButton, Loading, PageHead, Pager, Row,
    SearchBar, Selection, Tag, TitleCell, Tone, go_to_fragment, list_keys, page_sizes,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::PageData;
use crate::pages::files::files_href;
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::pages::saved_views::remember;

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
    let contacts = PageData::new(
        move || query.get(),
        move |query| list_contacts(role, query.search(), query.page, query.page_size()),
    );
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                shown(contacts.await, |contacts| view! { <ContactList role contacts query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn ContactList(role: ContactRole, contacts: Page<ContactRow>, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = contacts;
    let (new_text, intro) = match role {
        ContactRole::Supplier => (t.contacts_new_supplier(), t.contacts_suppliers_intro()),
        ContactRole::Customer => (t.contacts_new_customer(), t.contacts_customers_intro()),
    };
    let new_href = format!("{}/ny", path(role));
    let columns = vec![
        Column::new(t.contacts_company_name()).title(),
        Column::new(t.contacts_org_number()),
        Column::new(t.contacts_city()),
        Column::new(t.contacts_integration()),
        Column::new(t.contacts_changed()),
    ];
    let list = match role {
        ContactRole::Supplier => ListName::Suppliers,
        ContactRole::Customer => ListName::Customers,
    };
    remember(list, &query, &[]);
    go_to_fragment();
    list_keys(Selection::provide());
    let sizes = page_sizes(&query, path(role));
    let search = query.search.clone();
    let files = files_href(FileKind::Contacts, slug(role), &search);
    let writable = may_write();
    let body = if rows.is_empty() {
        view! { <NoContacts role search=search.clone()/> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|row| view! { <ContactLine role row/> }).collect();
        view! {
            <DataTable caption=title(t, role) columns>
                {rows}
            </DataTable>
            <Pager page page_size total sizes href=move |page| query.page_href(path(role), page)/>
        }
        .into_any()
    };
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_contacts()), Crumb::text(title(t, role))]/>
        <PageHead title=title(t, role).to_owned() below=move || view! { <span class="muted">{intro}</span> }>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {writable.then(|| view! { <LinkButton href=new_href kind="p" icon="plus" attr:data-key="N">{new_text}</LinkButton> })}
        </PageHead>
        <section class="panel listing" aria-label=title(t, role)>
            <SearchBar action=path(role) label=t.contacts_search() placeholder=t.contacts_search_hint() value=search/>
            {body}
        </section>
    }
}

#[component]
fn NoContacts(role: ContactRole, search: String) -> impl IntoView {
    let t = use_texts();
    if !search.is_empty() {
        return view! {
            <EmptyState kind=EmptyKind::NoHits title=t.contacts_no_hits(search)>
                <LinkButton href=path(role)>{t.frame_remove_filter()}</LinkButton>
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
