//! Tokens that partners use here, and the switch *API-tilgang*.

use domain::contacts::ContactRow;
use domain::ids::TokenId;
use domain::time::Timestamp;
use domain::tokens::{IssuedToken, Scope, TokenRow};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Where the session keeps a new token for the one page that shows it.
#[cfg(feature = "ssr")]
const ISSUED_KEY: &str = "issued_token";

/// What the token page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    pub tokens: Vec<TokenRow>,
    /// The moment that the states are judged at.
    pub now: Timestamp,
    pub api_access: bool,
    pub extension_on: bool,
}

/// The tokens and the switch.
#[server(endpoint = "list_tokens")]
pub async fn list_tokens() -> Result<TokenList, AppError> {
    let ctx = super::server::ctx()?;
    let tokens = services::tokens::list(&ctx).await?;
    let instance = services::instance::current(&ctx).await?;
    let (api_access, extension_on) =
        instance.map_or((false, false), |instance| (instance.api_access, instance.extension_on));
    Ok(TokenList { tokens, now: ctx.clock.now(), api_access, extension_on })
}

/// The partners that a token can be for.
#[server(endpoint = "token_partners")]
pub async fn token_partners() -> Result<Vec<ContactRow>, AppError> {
    let ctx = super::server::ctx()?;
    super::contacts::every(&ctx, domain::contacts::ContactRole::Customer, None).await
}

/// Makes a token. Its secret goes to the session, where the next page takes it out: never into an address, a cookie or a log.
#[server(endpoint = "issue_token")]
pub async fn issue_token(
    #[server(default)] name: String,
    #[server(default)] contact_id: String,
    #[server(default)] scopes: Vec<Scope>,
    days: i64,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let contact_id = match contact_id.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| AppError::from(domain::errors::ErrorCode::InvalidId))?),
    };
    let issued =
        services::tokens::issue(&ctx, services::tokens::TokenInput { name, contact_id, scopes, days })
            .await?;
    let session = session().await?;
    let sealed = services::tokens::seal_for_page(&ctx, &issued)?;
    session.insert(ISSUED_KEY, sealed).await.map_err(unkept)?;
    leptos_axum::redirect("/admin/api-tilgang/token/laget");
    Ok(())
}

/// Takes the new token out of the session; a second call gets nothing.
#[server(endpoint = "take_issued_token")]
pub async fn take_issued_token() -> Result<Option<IssuedToken>, AppError> {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    let sealed: Option<Vec<u8>> = session().await?.remove(ISSUED_KEY).await.map_err(unkept)?;
    let ctx = super::server::ctx()?;
    Ok(sealed.map(|sealed| services::tokens::open_for_page(&ctx, &sealed)).transpose()?)
}

/// *Trekk tilbake*.
#[server(endpoint = "revoke_token")]
pub async fn revoke_token(token_id: TokenId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::tokens::revoke(&ctx, token_id).await?)
}

/// Switches *API-tilgang* on or off.
#[server(endpoint = "set_api_access")]
pub async fn set_api_access(on: bool) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::instance::set_api_access(&ctx, on).await?)
}

#[cfg(feature = "ssr")]
async fn session() -> Result<tower_sessions::Session, AppError> {
    leptos_axum::extract::<tower_sessions::Session>()
        .await
        .map_err(|_| AppError::from(domain::errors::ErrorCode::NotSignedIn))
}

#[cfg(feature = "ssr")]
fn unkept(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(error = %error, "a new token could not be handed over by the session");
    domain::errors::ErrorCode::StorageUnavailable.into()
}
