//! The description of the partner API, made from the code.

use axum::Json;
use protocol::problem as wire;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, Header, HeaderBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoParams, Modify, OpenApi};

use super::v1;

#[derive(OpenApi)]
#[openapi(
    info(title = "ProdSys partner API", description = "Orders between companies. Every request carries a bearer token and the \
        headers `Partner-Instance`, `Partner-Epoch` and `Partner-Api-Version: 1`. With `Correlation-Id`, a UUID, a refused request is \
        found in the log of this side; answers do not repeat it. Errors are RFC 9457 problems with a stable `code`."),
    paths(
        v1::identity::read, v1::articles::page, v1::articles::lookup, v1::contacts::page, v1::contacts::save,
        v1::purchase_orders::receive, v1::purchase_orders::receive_batch, v1::purchase_orders::check,
        v1::purchase_orders::state, v1::events::page
    ),
    components(schemas(protocol::problem::Problem)),
    modifiers(&BearerToken, &Refusals)
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

/// Every call can end in a problem: the request is refused, or something is wrong here.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut Document) {
        for item in document.paths.paths.values_mut() {
            for call in [&mut item.get, &mut item.put, &mut item.post].into_iter().flatten() {
                let answers = &mut call.responses.responses;
                answers.insert("4XX".to_owned(), refused().into());
                answers
                    .insert("500".to_owned(), problem("Something went wrong here: try again later.").into());
                answers.insert("503".to_owned(), busy().into());
            }
        }
    }
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(description).content(wire::MEDIA_TYPE, content).build()
}

fn refused() -> Response {
    let mut response = problem("The request is refused; `code` says why.");
    let headers = &mut response.headers;
    let challenge = header(Type::String, "On 401, and on 403 when the token lacks a scope.");
    headers.insert("WWW-Authenticate".to_owned(), challenge);
    headers.insert("Allow".to_owned(), header(Type::String, "On 405: the methods of the path."));
    headers.insert("Retry-After".to_owned(), retry_after("On 429, and on 409 with `request_in_progress`"));
    response
}

fn busy() -> Response {
    let mut response = problem("Nothing was done; the same request may be sent again.");
    response.headers.insert("Retry-After".to_owned(), retry_after("Always"));
    response
}

fn retry_after(when: &str) -> RefOr<Header> {
    header(Type::Integer, &format!("{when}: seconds to wait before the same request is sent again."))
}

fn header(kind: Type, description: &str) -> RefOr<Header> {
    let schema = Object::with_type(kind);
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build().into()
}

/// The description as a value.
pub fn description() -> Document {
    PartnerApi::openapi()
}

/// `GET /partner/v1/openapi.json`.
pub async fn document() -> Json<Document> {
    Json(description())
}
