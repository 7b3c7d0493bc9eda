//! A supplier's catalogue from a price file.

use app::error::AppError;
use app::pages::files::catalogue_query;
use axum::Extension;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::roles::Permission;
use services::{Ctx, ServiceError, connections};
use url::form_urlencoded::Serializer;

use super::{file_of, refused};

/// `POST /filer/katalog/{id}`: a form with a file, for this supplier.
pub(super) const PATH: &str = "/filer/katalog/{id}";

/// The browser is sent to the supplier's page, which tells what came of the file.
pub(super) async fn upload(
    Extension(ctx): Extension<Ctx>,
    Path(contact): Path<String>,
    request: Request,
) -> Response {
    let Ok(contact_id) = contact.parse::<ContactId>() else {
        return refused(&ErrorCode::NotFound.into());
    };
    match bring_in(&ctx, contact_id, request).await {
        Ok(query) => to_supplier(contact_id, &query),
        Err(error) if error.is_internal() => refused(&error),
        Err(error) => {
            let refusal = AppError::from(error.refusal()).refusal;
            let mut query = vec![("feil", refusal.code.as_str().to_owned())];
            query.extend(refusal.params.iter().map(|(name, value)| (name.as_str(), value.clone())));
            to_supplier(contact_id, &query)
        }
    }
}

fn to_supplier(contact_id: ContactId, query: &[(&str, String)]) -> Response {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    Redirect::to(&format!("/kontakter/leverandorer/{contact_id}?{query}")).into_response()
}

async fn bring_in(
    ctx: &Ctx,
    contact_id: ContactId,
    request: Request,
) -> Result<Vec<(&'static str, String)>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let file = file_of(request).await?;
    let report = connections::bring_in_catalogue(ctx, contact_id, file).await?;
    let seller = report.is_from_another.then_some(report.seller_name.as_str());
    Ok(catalogue_query(report.articles, report.faults, seller))
}
