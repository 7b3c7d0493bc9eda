//! Suppliers and customers.

use domain::contacts::{Contact, ContactDifference, ContactInput, ContactRole, ContactRow};
use domain::ids::ContactId;
use domain::paging::Page;
use domain::saved_views::SavedView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// One page of the list, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactList {
    pub contacts: Page<ContactRow>,
    pub views: Vec<SavedView>,
    /// Nothing was asked, and the person's list opens with a saved view, which has this address.
    pub opens_with: Option<String>,
}

/// One page of the list. `question` is what the list's address asks, without the page.
#[server(endpoint = "list_contacts")]
pub async fn list_contacts(
    role: ContactRole,
    #[server(default)] question: String,
    page: i64,
) -> Result<ContactList, AppError> {
    use crate::pages::saved_views::opens_with;
    use domain::contacts::ContactFilter;

    let ctx = super::server::ctx()?;
    let list = crate::pages::contacts::list_name(role);
    let views = services::saved_views::list(&ctx, list).await?;
    if let Some(opens_with) = opens_with(list, &views, &question, page) {
        return Ok(ContactList { opens_with: Some(opens_with), ..ContactList::default() });
    }
    let asked = super::lists::Asked::of(&question);
    let filter = ContactFilter::read(Some(role), |name| asked.get(name));
    let contacts = services::contacts::list_of(&ctx, &filter, asked.page(page)).await?;
    Ok(ContactList { contacts, views, opens_with: None })
}

/// One contact.
#[server(endpoint = "get_contact")]
pub async fn get_contact(contact_id: ContactId) -> Result<Contact, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::contacts::get(&ctx, contact_id).await?)
}

/// *Sammenlign med partner*: what differs, or `None` when there is nothing to compare with.
#[server(endpoint = "compare_contact")]
pub async fn compare_contact(contact_id: ContactId) -> Result<Option<Vec<ContactDifference>>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::contacts::compare_with_partner(&ctx, contact_id).await?)
}

/// Writes a new contact.
#[server(endpoint = "add_contact")]
pub async fn add_contact(input: ContactInput) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let list = list_path(&input);
    let contact_id = services::contacts::add(&ctx, input).await?;
    leptos_axum::redirect(&format!("{list}/{contact_id}?kvittering=lagret"));
    Ok(())
}

/// Changes a contact.
#[server(endpoint = "edit_contact")]
pub async fn edit_contact(contact_id: ContactId, version: i64, input: ContactInput) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let list = list_path(&input);
    services::contacts::edit(&ctx, contact_id, version, input).await?;
    leptos_axum::redirect(&format!("{list}/{contact_id}?kvittering=lagret"));
    Ok(())
}

/// A person has looked at the customer that an order made.
#[server(endpoint = "confirm_new_customer")]
pub async fn confirm_new_customer(contact_id: ContactId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::contacts::confirm_new_customer(&ctx, contact_id).await?)
}

/// The list that a contact is found in.
#[cfg(feature = "ssr")]
fn list_path(input: &ContactInput) -> &'static str {
    if input.is_customer && !input.is_supplier { "/kontakter/kunder" } else { "/kontakter/leverandorer" }
}

/// The contacts of a role for a list of choices, at most as many as a list ever gives at once; `also` is among them.
#[cfg(feature = "ssr")]
pub(super) async fn every(
    ctx: &services::Ctx,
    role: ContactRole,
    also: Option<ContactId>,
) -> Result<Vec<ContactRow>, AppError> {
    Ok(services::contacts::choices(ctx, role, also).await?)
}
