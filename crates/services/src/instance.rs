//! This instance: its company, its two switches, and the code that makes the first administrator.

use domain::contacts::{CheckedContact, ContactInput};
use domain::errors::ErrorCode;
use domain::ids::{ContactId, InstanceId};
use domain::instance::Instance;
use domain::roles::Permission;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use store::Tx;
use store::contacts::ContactFlags;
use store::events::{NewEvent, topic};
use store::instance::InstanceRow;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::contacts::person_ids;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// A known text and what it is sealed for: a wrong key is noticed before anything is done with it.
const PROBE: &str = "prodsys";
const PROBE_ASSOCIATED: &str = "instance:probe";
/// How long the code for the first administrator lives.
const SETUP_CODE_SECONDS: i64 = 30 * 60;
/// Letters and figures that are not taken for one another.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a new instance is told.
#[derive(Clone, Debug, Default)]
pub struct InitInput {
    /// The company that the instance serves.
    pub company: ContactInput,
}

impl From<ContactInput> for InitInput {
    fn from(company: ContactInput) -> Self {
        Self { company }
    }
}

/// Makes the instance of an empty database: its identity, its company, the probe of its key.
pub async fn initialise(ctx: &Ctx, input: impl Into<InitInput>) -> Result<Instance, ServiceError> {
    ctx.require(Permission::Administer)?;
    let company = input.into().company.check()?;
    let probe = ctx.secrets.seal(PROBE_ASSOCIATED, PROBE)?;
    ctx.write((company, probe), |ctx, tx, (company, probe)| {
        Box::pin(async move {
            let instance_id: InstanceId = ctx.new_id();
            if !store::instance::add(tx, instance_id, ctx.now()).await? {
                return Err(ErrorCode::Duplicate.into());
            }
            add_own(ctx, tx, company).await?;
            store::instance::set_key_probe(tx, probe).await?;
            note(ctx, tx, "instance_initialised", Some(instance_id.0), "").await?;
            Ok(current_in(tx).await?.ok_or(ErrorCode::Internal)?)
        })
    })
    .await
}

async fn add_own(ctx: &Ctx, tx: &mut Tx, company: &CheckedContact) -> Result<(), ServiceError> {
    let flags = ContactFlags { is_self: true, needs_review: false };
    let company_id: ContactId = ctx.new_id();
    let persons = person_ids(ctx, company.contact_persons.len());
    if store::contacts::add(tx, company_id, company, flags, &persons, ctx.now()).await? {
        Ok(())
    } else {
        Err(ErrorCode::Duplicate.into())
    }
}

/// The instance and its company; `None` in a database that is still empty.
pub async fn current(ctx: &Ctx) -> Result<Option<Instance>, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    current_in(&mut tx).await
}

/// What partners may do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    pub extension_on: bool,
    pub api_access: bool,
}

/// The instance's switches; `None` in a database that is still empty.
pub async fn switches(ctx: &Ctx) -> Result<Option<Switches>, ServiceError> {
    let row = store::instance::lookup(&mut ctx.store.glance().await?).await?;
    Ok(row.map(|row| Switches { extension_on: row.extension_on, api_access: row.api_access }))
}

pub(crate) async fn current_in(tx: &mut Tx) -> Result<Option<Instance>, ServiceError> {
    let Some(row) = store::instance::lookup(tx).await? else { return Ok(None) };
    let Some(company) = store::contacts::own(tx).await? else { return Ok(None) };
    Ok(Some(Instance {
        instance_id: row.instance_id,
        epoch: row.epoch,
        company_name: company.name,
        org_number: company.org_number.unwrap_or_default(),
        address: company.address,
        email: company.email,
        phone: company.phone,
        contact_persons: company.contact_persons,
        extension_on: row.extension_on,
        api_access: row.api_access,
    }))
}

/// Refuses a key that is not the one this database was made with. To be asked at the start.
///
/// # Errors
/// `decrypt_failed` with a wrong key.
pub async fn check_key(ctx: &Ctx) -> Result<(), ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let Some(probe) = store::instance::lookup(&mut tx).await?.and_then(|row| row.key_probe) else {
        return Ok(());
    };
    let opened = ctx.secrets.open(PROBE_ASSOCIATED, &probe)?;
    if opened.expose_secret() == PROBE { Ok(()) } else { Err(ErrorCode::DecryptFailed.into()) }
}

/// Whether the first administrator is still to be made.
pub async fn needs_setup(ctx: &Ctx) -> Result<bool, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::users::count(&mut tx).await? == 0)
}

/// A new one-time code for the first administrator, to be shown to whoever starts the program; an earlier one is void.
/// `None` when somebody can sign in already, or there is no instance yet.
pub async fn setup_code(ctx: &Ctx) -> Result<Option<String>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut random = [0; 20];
    ctx.fill_random(&mut random);
    let letters: Vec<u8> = random.iter().map(|byte| CODE_ALPHABET[usize::from(byte % 32)]).collect();
    let code = letters.chunks(5).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-");
    let digest = code_digest(&code);
    let kept = ctx
        .write(digest, |ctx, tx, digest| {
            Box::pin(async move {
                if store::users::count(tx).await? > 0 || store::instance::lookup(tx).await?.is_none() {
                    return Ok(false);
                }
                let expires_at = ctx.now().plus_seconds(SETUP_CODE_SECONDS);
                store::instance::set_setup_code(tx, Some((digest, expires_at))).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(kept.then_some(code))
}

/// Whether the code is the one that was shown last, and still lives.
pub(crate) fn is_setup_code(ctx: &Ctx, row: &InstanceRow, code: &str) -> bool {
    let lives = row.setup_code_expires_at.is_some_and(|expires_at| expires_at > ctx.now());
    let digest = row.setup_code_digest.as_deref().unwrap_or_default();
    lives && bool::from(digest.ct_eq(&code_digest(code)))
}

/// The digest of the code without regard to capitals, spaces and hyphens.
fn code_digest(code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    Sha256::digest(plain.to_ascii_uppercase()).into()
}

/// Switches the extension *ProdSys to ProdSys*.
pub async fn set_extension(ctx: &Ctx, on: bool) -> Result<(), ServiceError> {
    ctx.require(Permission::Administer)?;
    ctx.write(on, |ctx, tx, on| {
        Box::pin(async move {
            let row = store::instance::lookup(tx).await?.ok_or(ErrorCode::NotFound)?;
            if row.extension_on == *on {
                return Ok(());
            }
            store::instance::set_extension(tx, *on).await?;
            let kind = if *on { "extension_switched_on" } else { "extension_switched_off" };
            note(ctx, tx, kind, Some(row.instance_id.0), "").await
        })
    })
    .await
}

/// Switches *API-tilgang*.
pub async fn set_api_access(ctx: &Ctx, on: bool) -> Result<(), ServiceError> {
    ctx.require(Permission::Administer)?;
    ctx.write(on, |ctx, tx, on| {
        Box::pin(async move {
            let row = store::instance::lookup(tx).await?.ok_or(ErrorCode::NotFound)?;
            if row.api_access == *on {
                return Ok(());
            }
            store::instance::set_api_access(tx, *on).await?;
            let kind = if *on { "api_access_switched_on" } else { "api_access_switched_off" };
            note(ctx, tx, kind, Some(row.instance_id.0), "").await
        })
    })
    .await
}

/// Writes an event of the administration.
pub(crate) async fn note(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &'static str,
    subject: Option<Uuid>,
    detail: &str,
) -> Result<(), ServiceError> {
    add_event(ctx, tx, topic::ADMIN, kind, subject, detail).await
}

/// Writes an event of the registers.
pub(crate) async fn note_register(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &'static str,
    subject: Uuid,
) -> Result<(), ServiceError> {
    add_event(ctx, tx, topic::REGISTERS, kind, Some(subject), "").await
}

async fn add_event(
    ctx: &Ctx,
    tx: &mut Tx,
    topic: &'static str,
    kind: &'static str,
    subject: Option<Uuid>,
    detail: &str,
) -> Result<(), ServiceError> {
    let event = NewEvent {
        at: ctx.now(),
        topic,
        kind,
        subject_id: subject,
        actor: ctx.actor.name().to_owned(),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        ..NewEvent::default()
    };
    store::events::add(tx, event);
    Ok(())
}

/// Whether *ProdSys to ProdSys* is on here; before `init` it is not.
pub(crate) async fn extension_is_on(tx: &mut Tx) -> Result<bool, ServiceError> {
    Ok(store::instance::lookup(tx).await?.is_some_and(|own| own.extension_on))
}
