//! *Kontakter > Leverandører* and *Kontakter > Kunder*: two lists of the same contacts.

mod detail;
mod form;
mod list;

pub(crate) use detail::field_name;
pub use detail::{CustomerPage, SupplierPage};
pub use form::{EditCustomerPage, EditSupplierPage, NewCustomerPage, NewSupplierPage};
pub use list::{CustomersPage, SuppliersPage};

use domain::contacts::ContactRole;
use domain::roles::Permission;
use domain::saved_views::ListName;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::Crumb;
use crate::i18n::Texts;
use crate::session::use_shell;

/// The path of a list.
fn path(role: ContactRole) -> &'static str {
    match role {
        ContactRole::Supplier => "/kontakter/leverandorer",
        ContactRole::Customer => "/kontakter/kunder",
    }
}

/// The last part of a list's address, which names the list elsewhere too.
fn slug(role: ContactRole) -> &'static str {
    path(role).rsplit('/').next().unwrap_or_default()
}

/// Whose list has this slug.
pub fn role_of(text: &str) -> Option<ContactRole> {
    [ContactRole::Supplier, ContactRole::Customer].into_iter().find(|role| slug(*role) == text)
}

/// Which list it is.
pub(crate) fn list_name(role: ContactRole) -> ListName {
    match role {
        ContactRole::Supplier => ListName::Suppliers,
        ContactRole::Customer => ListName::Customers,
    }
}

/// The name of a list.
pub(crate) fn title(t: Texts, role: ContactRole) -> &'static str {
    match role {
        ContactRole::Supplier => t.nav_suppliers(),
        ContactRole::Customer => t.nav_customers(),
    }
}

/// The menu path to a page under a list.
fn crumbs(t: Texts, role: ContactRole, last: impl Into<String>) -> Vec<Crumb> {
    vec![Crumb::text(t.nav_contacts()), Crumb::link(title(t, role), path(role)), Crumb::text(last)]
}

fn may_write() -> bool {
    use_shell().user.is_some_and(|user| user.role.may(Permission::WriteRegisters))
}

/// The id in the address. What is not written as an id finds nothing, and the page says so.
fn use_contact_id() -> Memo<Option<domain::ids::ContactId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok())))
}
