//! Who answers here, and what the token may do.

use axum::Json;
use domain::errors::ErrorCode;
use domain::instance::API_VERSION;
use protocol::documents::Identity;
use services::{contacts, instance};

use crate::partner::auth::{AnyScope, Partner};
use crate::partner::openapi::CallHeaders;
use crate::partner::problem::Problem;

/// Who answers here, and what the token may do.
#[utoipa::path(get, path = "/partner/v1/identity", tag = "identity", security(("token" = [])),
    params(CallHeaders),
    responses((status = 200, body = Identity)))]
pub async fn read(caller: Partner<AnyScope>) -> Result<Json<Identity>, Problem> {
    let own = instance::current(&caller.ctx).await?.ok_or(ErrorCode::StorageUnavailable)?;
    Ok(Json(Identity {
        instance_id: own.instance_id,
        epoch: own.epoch,
        company: contacts::own_party(&caller.ctx).await?,
        extension_on: own.extension_on,
        scopes: caller.principal.scopes,
        token_expires_at: caller.principal.expires_at.to_rfc3339(),
        api_versions: vec![API_VERSION.to_owned()],
        product_version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}
