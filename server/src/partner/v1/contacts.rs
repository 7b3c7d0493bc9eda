//! What both sides know of each other: this company, and the caller as it is kept here.

use axum::Json;
use axum::extract::Path;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use http::StatusCode;
use protocol::documents::{ContactDocument, ContactPage};
use services::contacts;

use crate::partner::auth::{ContactsReadWrite, Partner};
use crate::partner::body::JsonBody;
use crate::partner::openapi::CallHeaders;
use crate::partner::problem::Problem;

/// This company first, then the caller, when it is a contact here.
#[utoipa::path(get, path = "/partner/v1/contacts", tag = "contacts", security(("token" = ["Contacts:ReadWrite"])),
    params(CallHeaders),
    responses((status = 200, body = ContactPage)))]
pub async fn page(caller: Partner<ContactsReadWrite>) -> Result<Json<ContactPage>, Problem> {
    Ok(Json(contacts::for_partner(&caller.ctx, &caller.principal).await?))
}

/// Tells how the caller's own name, address and contact person are now. Another contact looks like one that does not exist.
#[utoipa::path(put, path = "/partner/v1/contacts/{uid}", tag = "contacts", security(("token" = ["Contacts:ReadWrite"])),
    params(CallHeaders, ("uid" = uuid::Uuid, Path, description = "The caller's own contact, from `GET /contacts`.")),
    request_body = ContactDocument,
    responses((status = 204)))]
pub async fn save(
    caller: Partner<ContactsReadWrite>,
    Path(uid): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, Problem> {
    let uid: ContactId = uid.parse().map_err(|_| ErrorCode::InvalidId)?;
    let document: ContactDocument = protocol::parse::parse(&body)?;
    if document.uid != uid {
        return Err(ErrorCode::NotFound.into());
    }
    contacts::save_from_partner(&caller.ctx, &caller.principal, uid, document.party).await?;
    Ok(StatusCode::NO_CONTENT)
}
