//! What both sides know of each other: this company, and the caller as it is kept here.

use axum::Json;
use axum::extract::Path;
use domain::contacts::{Contact, ContactInput};
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use http::StatusCode;
use protocol::documents::{ContactDocument, ContactPage, Party};
use services::{ServiceError, contacts, instance};

use super::{own_party, party};
use crate::partner::auth::{ContactsReadWrite, Partner};
use crate::partner::body::JsonBody;
use crate::partner::problem::Problem;

/// This company first, then the caller, when it is a contact here.
#[utoipa::path(get, path = "/partner/v1/contacts", tag = "contacts", security(("token" = ["Contacts:ReadWrite"])),
    responses((status = 200, body = ContactPage), (status = "4XX", body = protocol::problem::Problem)))]
pub async fn page(caller: Partner<ContactsReadWrite>) -> Result<Json<ContactPage>, Problem> {
    let own = instance::current(&caller.ctx).await?.ok_or(ErrorCode::StorageUnavailable)?;
    let mut tx = caller.ctx.store.begin_read().await.map_err(ServiceError::from)?;
    let us = store::contacts::own(&mut tx).await.map_err(ServiceError::from)?;
    let caller_id = caller.principal.contact_id;
    let them = match caller_id {
        Some(id) => store::contacts::lookup(&mut tx, id).await.map_err(ServiceError::from)?,
        None => None,
    };
    let uid = us.map_or(ContactId(own.instance_id.0), |us| us.contact_id);
    let mut found = vec![ContactDocument { uid, party: own_party(&own) }];
    found.extend(them.as_ref().map(document));
    Ok(Json(ContactPage { contacts: found }))
}

/// Tells how the caller's own name, address and contact person are now. Another contact looks like one that does not exist.
#[utoipa::path(put, path = "/partner/v1/contacts/{uid}", tag = "contacts", security(("token" = ["Contacts:ReadWrite"])),
    params(("uid" = String, Path, description = "The caller's own contact, from `GET /contacts`.")),
    request_body = ContactDocument,
    responses((status = 204), (status = "4XX", body = protocol::problem::Problem)))]
pub async fn save(
    caller: Partner<ContactsReadWrite>,
    Path(uid): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, Problem> {
    let uid: ContactId = uid.parse().map_err(|_| ErrorCode::InvalidId)?;
    let document: ContactDocument = protocol::parse::parse(&body)?;
    if caller.principal.contact_id != Some(uid) || document.uid != uid {
        return Err(ErrorCode::NotFound.into());
    }
    let known = contacts::get(&caller.ctx, uid).await?;
    let input = merged(&known, document.party);
    contacts::edit(&caller.ctx, uid, known.version, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn document(contact: &Contact) -> ContactDocument {
    let party = party(
        &contact.name,
        contact.org_number.clone(),
        &contact.address,
        contact.email.clone(),
        contact.phone.clone(),
        &contact.contact_persons,
    );
    ContactDocument { uid: contact.contact_id, party }
}

/// The caller's own word on its name and address; who it is and what it is to us stays as it was.
fn merged(known: &Contact, party: Party) -> ContactInput {
    let person = party.contact_persons.into_iter().next();
    ContactInput {
        name: party.name,
        org_number: known.org_number.clone().unwrap_or_default(),
        country: party.country,
        street: party.street,
        postal_code: party.postal_code,
        city: party.city,
        email: party.email.unwrap_or_default(),
        phone: party.phone.unwrap_or_default(),
        contact_person: person.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        contact_email: person.and_then(|person| person.email).unwrap_or_default(),
        is_supplier: known.is_supplier,
        is_customer: known.is_customer,
    }
}
