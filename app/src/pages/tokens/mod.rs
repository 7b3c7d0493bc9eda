//! *Admin > API-tilgang > Token*: the switch, the list, the form, and the page that shows a secret once.

mod form;
mod list;

pub use form::{IssuedTokenPage, NewTokenPage};
pub use list::TokensPage;

use domain::tokens::Scope;

use crate::components::Crumb;
use crate::i18n::Texts;

/// The path of the list.
const PATH: &str = "/admin/api-tilgang/token";

/// The menu path, with a page under the list when there is one.
fn crumbs(t: Texts, last: Option<&str>) -> Vec<Crumb> {
    let mut path = vec![Crumb::text(t.nav_admin()), Crumb::text(t.nav_api_access())];
    match last {
        Some(last) => path.extend([Crumb::link(t.nav_tokens(), PATH), Crumb::text(last)]),
        None => path.push(Crumb::text(t.nav_tokens())),
    }
    path
}

/// What a right means, in words.
pub(crate) fn scope_text(t: Texts, scope: Scope) -> &'static str {
    match scope {
        Scope::PurchaseOrdersCreate => t.tokens_scope_orders(),
        Scope::ArticlesRead => t.tokens_scope_articles(),
        Scope::ContactsReadWrite => t.tokens_scope_contacts(),
    }
}
