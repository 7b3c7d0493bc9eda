//! Who calls: from the token alone, and only from the `Authorization` header.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::errors::{ErrorCode, Refusal};
use domain::ids::InstanceId;
use domain::instance::API_VERSION;
use domain::tokens::Scope;
use http::request::Parts;
use http::{HeaderMap, header};
use protocol::faults::{self, Point};
use protocol::headers as names;
use services::inbox::{self, PeerHeaders};
use services::tokens::{self, TokenPrincipal};
use services::{Ctx, instance};

use super::problem::Problem;
use super::{Partners, Trace};
use crate::http::remote;

/// The scope that a handler asks for.
pub trait RequiredScope: Send + Sync {
    const SCOPE: Option<Scope>;
}

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $scope:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;
        impl RequiredScope for $name {
            const SCOPE: Option<Scope> = $scope;
        }
    )+};
}

scopes! {
    /// Every token will do.
    AnyScope = None;
    /// `PurchaseOrders:Create`.
    PurchaseOrdersCreate = Some(Scope::PurchaseOrdersCreate);
    /// `Articles:Read`.
    ArticlesRead = Some(Scope::ArticlesRead);
    /// `Contacts:ReadWrite`.
    ContactsReadWrite = Some(Scope::ContactsReadWrite);
}

/// A partner who may call this handler.
pub struct Partner<S> {
    pub ctx: Ctx,
    pub principal: TokenPrincipal,
    pub peer: PeerHeaders,
    scope: PhantomData<S>,
}

impl<S: RequiredScope> FromRequestParts<Partners> for Partner<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, partners: &Partners) -> Result<Self, Problem> {
        if carries_token(parts.uri.query()) {
            return Err(ErrorCode::TokenInUrl.into());
        }
        let presented = bearer(&parts.headers)?;
        let address = remote::text(&parts.extensions);
        let principal = tokens::authenticate(&partners.ctx, presented, &address).await?;
        if let Some(trace) = parts.extensions.get::<Arc<Trace>>() {
            let _ = trace.principal.set(principal.clone());
        }
        let own = instance::switches(&partners.ctx).await?.ok_or(ErrorCode::StorageUnavailable)?;
        if !own.extension_on {
            return Err(ErrorCode::ModuleDisabled.into());
        }
        if !own.api_access {
            return Err(ErrorCode::ApiAccessOff.into());
        }
        check_version(&parts.headers)?;
        let peer = peer(&parts.headers)?;
        tokens::refuse_stranger(&principal, peer)?;
        if let Some(scope) = S::SCOPE {
            inbox::require_scope(&principal, scope)?;
        }
        if parts.method == http::Method::POST {
            faults::pass(Point::S2);
        }
        Ok(Self { ctx: partners.ctx.clone(), principal, peer, scope: PhantomData })
    }
}

/// A token in an address ends up in logs of machines in between.
fn carries_token(query: Option<&str>) -> bool {
    let names = ["token", "access_token", "api_key"];
    query.is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, _)| names.contains(&name.to_lowercase().as_str()))
    })
}

fn bearer(headers: &HeaderMap) -> Result<&str, ErrorCode> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(ErrorCode::MissingToken)?;
    if values.next().is_some() {
        return Err(ErrorCode::InvalidToken);
    }
    let text = value.to_str().map_err(|_| ErrorCode::InvalidToken)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(ErrorCode::MissingToken),
    }
}

fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    let version = headers.get(names::API_VERSION).and_then(|value| value.to_str().ok());
    match version {
        Some(API_VERSION) => Ok(()),
        _ => Err(Refusal::from(ErrorCode::UnsupportedApiVersion).with("supported", API_VERSION)),
    }
}

fn peer(headers: &HeaderMap) -> Result<PeerHeaders, Refusal> {
    let text =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or_else(|| missing(name));
    let instance_id = text(names::PARTNER_INSTANCE)?;
    let epoch = text(names::PARTNER_EPOCH)?;
    let instance_id: InstanceId = instance_id.parse().map_err(|_| missing(names::PARTNER_INSTANCE))?;
    let epoch: Option<i64> = epoch.parse().ok().filter(|epoch| *epoch >= 0);
    let epoch = epoch.ok_or_else(|| missing(names::PARTNER_EPOCH))?;
    Ok(PeerHeaders { instance_id, epoch })
}

fn missing(header: &str) -> Refusal {
    Refusal::from(ErrorCode::MissingField).with("header", header)
}
