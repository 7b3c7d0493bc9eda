//! Tokens that partners use here: issued once, kept as digests, judged at every request.

use domain::articles::checked_line;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::{ContactId, InstanceId, TokenId};
use domain::roles::Permission;
use domain::time::Timestamp;
use domain::tokens::{
    IssuedToken, MAX_DAYS, Scope, TokenRow, TokenState, assemble, is_well_formed, last_four,
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::inbox::PeerHeaders;
use crate::instance::note;

const DAY_SECONDS: i64 = 86_400;
/// How long a token's last use may be out of date.
const TOUCH_SECONDS: i64 = 60;

/// What a new token is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenInput {
    pub name: String,
    /// The customer; without one, the first order binds the token.
    pub contact_id: Option<ContactId>,
    pub scopes: Vec<Scope>,
    pub days: i64,
}

/// Who a partner's request speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPrincipal {
    pub token_id: TokenId,
    pub contact_id: Option<ContactId>,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub expires_at: Timestamp,
    /// The instance that uses the token, when one has.
    pub peer_instance_id: Option<InstanceId>,
    pub peer_epoch: Option<i64>,
}

/// Every token.
pub async fn list(ctx: &Ctx) -> Result<Vec<TokenRow>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::tokens::list(&mut tx).await?)
}

/// Makes a token. Its secret is in the answer and nowhere else.
pub async fn issue(ctx: &Ctx, input: TokenInput) -> Result<IssuedToken, ServiceError> {
    ctx.require(Permission::Administer)?;
    let (name, scopes) = check(&input)?;
    let mut random = Zeroizing::new([0; 32]);
    ctx.fill_random(random.as_mut_slice());
    let secret = assemble(&random);
    let now = ctx.now();
    let row = TokenRow {
        token_id: ctx.new_id(),
        name,
        contact_id: input.contact_id,
        partner_name: None,
        scopes,
        last_four: last_four(&secret),
        created_at: now,
        created_by: ctx.actor.name().to_owned(),
        expires_at: now.plus_seconds(input.days * DAY_SECONDS),
        revoked_at: None,
        last_used_at: None,
        last_used_address: None,
    };
    let row = ctx
        .write((row, digest_of(&secret)), |ctx, tx, (row, digest)| {
            Box::pin(async move {
                if let Some(contact_id) = row.contact_id
                    && store::contacts::lookup(tx, contact_id).await?.is_none()
                {
                    return Err(Refusal::of_field("/contact_id", ErrorCode::NotFound).into());
                }
                store::tokens::add(tx, row, digest).await?;
                note(ctx, tx, "token_issued", Some(row.token_id.0), &row.name).await?;
                Ok(store::tokens::lookup(tx, row.token_id).await?.ok_or(ErrorCode::Internal)?)
            })
        })
        .await?;
    Ok(IssuedToken { row, secret })
}

fn check(input: &TokenInput) -> Result<(String, Vec<Scope>), Refusal> {
    let mut errors = Vec::new();
    let name = checked_line(&mut errors, "/name", &input.name, 100, true);
    let mut scopes = input.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        errors.push(FieldError::new("/scopes", ErrorCode::Required));
    }
    if !(1..=MAX_DAYS).contains(&input.days) {
        errors.push(FieldError::new("/days", ErrorCode::ExpiryOutOfRange).with("max", MAX_DAYS));
    }
    if errors.is_empty() { Ok((name, scopes)) } else { Err(Refusal::of_fields(errors)) }
}

/// A new token on its way to the page that shows it once: sealed for the person who made it, since it lies in the database meanwhile.
pub fn seal_for_page(ctx: &Ctx, issued: &IssuedToken) -> Result<Vec<u8>, ServiceError> {
    let text = zeroize::Zeroizing::new(crate::live::to_json(issued)?);
    ctx.secrets.seal(&page_of(ctx), text.as_bytes())
}

/// Opens [`seal_for_page`]'s answer for the same person.
pub fn open_for_page(ctx: &Ctx, sealed: &[u8]) -> Result<IssuedToken, ServiceError> {
    let text = ctx.secrets.open(&page_of(ctx), sealed)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| ServiceError::Internal("a sealed token cannot be read".to_owned()))
}

fn page_of(ctx: &Ctx) -> String {
    match &ctx.actor {
        crate::Actor::User { user_id, .. } => format!("issued token of {user_id}"),
        other => format!("issued token of {}", other.name()),
    }
}

/// *Trekk tilbake*: the token is worth nothing from now on. Revoking it again changes nothing.
pub async fn revoke(ctx: &Ctx, token_id: TokenId) -> Result<(), ServiceError> {
    ctx.require(Permission::Administer)?;
    ctx.write(token_id, |ctx, tx, token_id| {
        Box::pin(async move {
            let row = store::tokens::lookup(tx, *token_id).await?.ok_or(ErrorCode::NotFound)?;
            if store::tokens::revoke(tx, *token_id, ctx.now()).await? {
                note(ctx, tx, "token_revoked", Some(token_id.0), &row.name).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Who presents the token. A misspelled one is refused without asking the database.
///
/// # Errors
/// `invalid_token`, `token_expired` or `token_revoked`; `storage_unavailable` or `internal` when it could not be judged.
pub async fn authenticate(ctx: &Ctx, presented: &str, address: &str) -> Result<TokenPrincipal, ErrorCode> {
    if !is_well_formed(presented) {
        return Err(ErrorCode::InvalidToken);
    }
    let digest = digest_of(presented);
    let found = match find(ctx, &digest).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(?error, "a token could not be judged");
            return Err(error.refusal().code);
        }
    };
    // The index has found it already; the comparison does not depend on how it compares.
    let record =
        found.filter(|record| bool::from(record.digest.ct_eq(&digest))).ok_or(ErrorCode::InvalidToken)?;
    let row = record.row;
    match row.state(ctx.now()) {
        TokenState::Active => {}
        TokenState::Expired => return Err(ErrorCode::TokenExpired),
        TokenState::Revoked => return Err(ErrorCode::TokenRevoked),
    }
    if row.last_used_at.is_none_or(|used_at| used_at.plus_seconds(TOUCH_SECONDS) <= ctx.now()) {
        touch(ctx, row.token_id, address).await;
    }
    Ok(TokenPrincipal {
        token_id: row.token_id,
        contact_id: row.contact_id,
        name: row.name,
        scopes: row.scopes,
        expires_at: row.expires_at,
        peer_instance_id: record.peer_instance_id,
        peer_epoch: record.peer_epoch,
    })
}

async fn find(ctx: &Ctx, digest: &[u8; 32]) -> Result<Option<store::tokens::TokenRecord>, ServiceError> {
    Ok(store::tokens::find_by_digest(&mut ctx.store.glance().await?, digest).await?)
}

/// Writes the last use; that it could not be written is no reason to refuse the request.
async fn touch(ctx: &Ctx, token_id: TokenId, address: &str) {
    let address: String = address.chars().take(60).collect();
    let outcome = ctx
        .write((token_id, address), |ctx, tx, (token_id, address)| {
            Box::pin(async move { Ok(store::tokens::touch(tx, *token_id, ctx.now(), address).await?) })
        })
        .await;
    if let Err(error) = outcome {
        tracing::warn!(?error, token.id = %token_id, "a token's last use could not be written");
    }
}

fn digest_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// One token is used by one instance, whose epoch never falls: a cloned or restored system is noticed here, whatever it asks for.
///
/// # Errors
/// `instance_conflict`, `epoch_conflict`.
pub fn refuse_stranger(principal: &TokenPrincipal, peer: PeerHeaders) -> Result<(), ErrorCode> {
    match (principal.peer_instance_id, principal.peer_epoch) {
        (Some(known), _) if known != peer.instance_id => Err(ErrorCode::InstanceConflict),
        (Some(_), Some(epoch)) if peer.epoch < epoch => Err(ErrorCode::EpochConflict),
        _ => Ok(()),
    }
}
