//! The description of the partner API, made from the code.

use axum::Json;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoParams, Modify, OpenApi};

use super::v1;

#[derive(OpenApi)]
#[openapi(
    info(title = "ProdSys partner API", description = "Orders between companies. Every request carries a bearer token and the \
        headers `Partner-Instance`, `Partner-Epoch` and `Partner-Api-Version: 1`. Errors are RFC 9457 problems with a stable `code`."),
    paths(
        v1::identity::read, v1::articles::page, v1::articles::lookup, v1::contacts::page, v1::contacts::save,
        v1::purchase_orders::receive, v1::purchase_orders::receive_batch, v1::purchase_orders::check,
        v1::purchase_orders::state, v1::events::page
    ),
    modifiers(&BearerToken)
)]
struct PartnerApi;

/// What every call says of the caller.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is only described; `auth` reads the headers")]
pub struct CallHeaders {
    /// The calling instance, always the same.
    #[param(rename = "Partner-Instance")]
    instance: uuid::Uuid,
    /// A whole number, never lower than before.
    #[param(rename = "Partner-Epoch", minimum = 0)]
    epoch: i64,
    /// The version of this API.
    #[param(rename = "Partner-Api-Version", pattern = "^1$")]
    version: String,
}

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("oipt_…").build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The description as a value.
pub fn description() -> Document {
    PartnerApi::openapi()
}

/// `GET /partner/v1/openapi.json`.
pub async fn document() -> Json<Document> {
    Json(description())
}
