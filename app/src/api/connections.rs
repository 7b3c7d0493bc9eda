//! Connections to suppliers.

use domain::connections::ConnectionRow;
use domain::contacts::ContactRow;
use domain::ids::ConnectionId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the form shows: the connection, when it is there already, and whom it may lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionForm {
    pub connection: Option<ConnectionRow>,
    pub suppliers: Vec<ContactRow>,
}

/// Every connection.
#[server(endpoint = "list_connections")]
pub async fn list_connections() -> Result<Vec<ConnectionRow>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::connections::list(&ctx).await?)
}

/// The form of one connection, or of a new one.
#[server(endpoint = "read_connection")]
pub async fn read_connection(connection_id: Option<ConnectionId>) -> Result<ConnectionForm, AppError> {
    let ctx = super::server::ctx()?;
    let connection = match connection_id {
        Some(connection_id) => Some(services::connections::get(&ctx, connection_id).await?),
        None => None,
    };
    let chosen = connection.as_ref().and_then(|connection| connection.contact_id);
    let suppliers = super::contacts::every(&ctx, domain::contacts::ContactRole::Supplier, chosen).await?;
    Ok(ConnectionForm { connection, suppliers })
}

/// Saves a connection; `and` says what then: `test` tests it as well.
#[server(endpoint = "save_connection")]
pub async fn save_connection(
    #[server(default)] connection_id: String,
    #[server(default)] endpoint: String,
    #[server(default)] token: String,
    #[server(default)] contact_id: String,
    #[server(default)] price_tolerance: String,
    #[server(default)] and: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let known = match connection_id.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| AppError::from(domain::errors::ErrorCode::InvalidId))?),
    };
    let input = domain::connections::ConnectionInput { endpoint, token, contact_id, price_tolerance };
    let connection_id = services::connections::save(&ctx, known, input).await?;
    let receipt = if and == "test" {
        run_test(&ctx, connection_id).await?;
        "testet"
    } else {
        "lagret"
    };
    let page = "/admin/integrasjoner/prodsys-to-prodsys";
    leptos_axum::redirect(&format!("{page}/{connection_id}?kvittering={receipt}"));
    Ok(())
}

/// *Test tilkobling*. The outcome is kept with the connection.
#[server(endpoint = "test_connection")]
pub async fn test_connection(connection_id: ConnectionId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    run_test(&ctx, connection_id).await
}

/// Reads what changed among the supplier's articles.
#[server(endpoint = "sync_catalogue")]
pub async fn sync_catalogue(connection_id: ConnectionId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let client = expect_context::<services::PartnerClient>();
    services::connections::sync_catalogue(&ctx, &client, connection_id).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
async fn run_test(ctx: &services::Ctx, connection_id: ConnectionId) -> Result<(), AppError> {
    let client = expect_context::<services::PartnerClient>();
    services::connections::test(ctx, &client, connection_id).await?;
    Ok(())
}
