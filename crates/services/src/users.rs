//! People: who may sign in, and how often they may fail to.

use domain::articles::checked_line;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::UserId;
use domain::roles::{Permission, Role};
use domain::text;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::users::{Throttle, UserRecord};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::instance::{is_setup_code, note};
use crate::passwords;

/// Failures of an account before it has to wait.
const FREE_FAILURES: i64 = 5;
/// The longest wait.
const MAX_WAIT_SECONDS: i64 = 900;
/// Tries from one address in a minute.
const TRIES_PER_MINUTE: i64 = 20;
/// After a day without a try the count begins anew.
const FORGET_SECONDS: i64 = 86_400;

/// Administrators that are named where somebody has no access.
const MAX_ADMINISTRATORS: i64 = 5;

/// A person, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

impl From<UserRecord> for UserSummary {
    fn from(user: UserRecord) -> Self {
        Self { user_id: user.user_id, name: user.name, email: user.email, role: user.role }
    }
}

/// A person to be added.
#[derive(Clone)]
pub struct UserInput {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub password: String,
}

/// Adds a person.
pub async fn add_user(ctx: &Ctx, input: UserInput) -> Result<UserId, ServiceError> {
    ctx.require(Permission::Administer)?;
    let user = checked(ctx, &input).await?;
    ctx.write(user, |ctx, tx, user| Box::pin(add_in(ctx, tx, user))).await
}

/// Makes the first administrator, for whoever has the code that the program showed.
pub async fn create_first_administrator(
    ctx: &Ctx,
    code: &str,
    name: &str,
    email: &str,
    password: &str,
) -> Result<UserId, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    admit_code(ctx, &mut tx, code).await?;
    drop(tx);
    let input = UserInput {
        name: name.to_owned(),
        email: email.to_owned(),
        role: Role::Administrator,
        password: password.to_owned(),
    };
    let user = checked(ctx, &input).await?;
    ctx.write((code.to_owned(), user), |ctx, tx, (code, user)| {
        Box::pin(async move {
            admit_code(ctx, tx, code).await?;
            store::instance::set_setup_code(tx, None).await?;
            add_in(ctx, tx, user).await
        })
    })
    .await
}

async fn admit_code(ctx: &Ctx, tx: &mut Tx, code: &str) -> Result<(), ServiceError> {
    let row = store::instance::lookup(tx).await?.ok_or(ErrorCode::SetupCodeInvalid)?;
    let first = store::users::count(tx).await? == 0;
    if first && is_setup_code(ctx, &row, code) { Ok(()) } else { Err(ErrorCode::SetupCodeInvalid.into()) }
}

async fn checked(ctx: &Ctx, input: &UserInput) -> Result<UserRecord, ServiceError> {
    let mut errors = Vec::new();
    let name = checked_line(&mut errors, "/name", &input.name, 200, true);
    let email = normal_email(&input.email);
    if email.is_empty() {
        errors.push(FieldError::new("/email", ErrorCode::Required));
    } else if !text::is_email(&email) {
        errors.push(FieldError::new("/email", ErrorCode::InvalidEmail));
    }
    errors.extend(passwords::judge(&input.password, &email).err());
    if !errors.is_empty() {
        return Err(Refusal::of_fields(errors).into());
    }
    let password_hash = passwords::hash(input.password.clone()).await?;
    Ok(UserRecord { user_id: ctx.new_id(), email, name, role: input.role, password_hash, disabled: false })
}

async fn add_in(ctx: &Ctx, tx: &mut Tx, user: &UserRecord) -> Result<UserId, ServiceError> {
    if !store::users::add(tx, user, ctx.now()).await? {
        return Err(Refusal::of_field("/email", ErrorCode::Duplicate).into());
    }
    note(ctx, tx, "user_added", Some(user.user_id.0), user.role.as_str()).await?;
    Ok(user.user_id)
}

/// Addresses are the same but for capitals.
fn normal_email(email: &str) -> String {
    text::normalise(email).to_lowercase()
}

/// Signs in. A wrong address and a wrong password cost the same and say the same.
pub async fn sign_in(
    ctx: &Ctx,
    email: &str,
    password: &str,
    address: &str,
) -> Result<UserSummary, ServiceError> {
    let email = normal_email(email);
    if !text::is_email(&email) || password.is_empty() || password.len() > passwords::MAX_BYTES {
        return Err(ErrorCode::SignInFailed.into());
    }
    let address: String = address.chars().take(60).collect();
    // The try is counted before the password is looked at, so that many tries at once cannot go past the count.
    let user = ctx
        .write((email.clone(), address), |ctx, tx, (email, address)| {
            Box::pin(count_try(ctx, tx, email, address))
        })
        .await?;
    let user = user?;
    let hash = user.as_ref().filter(|user| !user.disabled).map(|user| user.password_hash.clone());
    let fits = passwords::verify(password.to_owned(), hash).await?;
    let Some(user) = user.filter(|_| fits) else {
        return Err(ErrorCode::SignInFailed.into());
    };
    ctx.write(user, |ctx, tx, user| {
        Box::pin(async move {
            store::users::clear_throttle(tx, &account_key(&user.email)).await?;
            store::users::touch(tx, user.user_id, ctx.now()).await?;
            note(ctx, tx, "user_signed_in", Some(user.user_id.0), "").await?;
            Ok(UserSummary::from(user.clone()))
        })
    })
    .await
}

fn account_key(email: &str) -> String {
    format!("account:{email}")
}

/// Counts a try, and gives the person. The inner error says how long to wait; what was counted is kept with it.
async fn count_try(
    ctx: &Ctx,
    tx: &mut Tx,
    email: &str,
    address: &str,
) -> Result<Result<Option<UserRecord>, ServiceError>, ServiceError> {
    let now = ctx.now();
    let key = format!("address:{address}");
    let known = store::users::throttle(tx, &key).await?;
    let minute_end = known.updated_at.plus_seconds(60);
    let count = if minute_end <= now { Throttle { updated_at: now, ..Throttle::default() } } else { known };
    if count.failures >= TRIES_PER_MINUTE {
        return Ok(Err(wait(minute_end.milliseconds_since(now))));
    }
    store::users::set_throttle(tx, &key, Throttle { failures: count.failures + 1, ..count }).await?;

    let key = account_key(email);
    let mut count = store::users::throttle(tx, &key).await?;
    if count.blocked_until > now {
        return Ok(Err(wait(count.blocked_until.milliseconds_since(now))));
    }
    if count.updated_at.plus_seconds(FORGET_SECONDS) <= now {
        count = Throttle::default();
    }
    let failures = count.failures + 1;
    let throttle =
        Throttle { failures, blocked_until: now.plus_seconds(wait_after(failures)), updated_at: now };
    store::users::set_throttle(tx, &key, throttle).await?;
    Ok(Ok(store::users::find_by_email(tx, email).await?))
}

/// Five failures are free; then 1, 2, 4 seconds and so on.
fn wait_after(failures: i64) -> i64 {
    match failures - FREE_FAILURES {
        ..=0 => 0,
        over @ 1..=10 => (1 << (over - 1)).min(MAX_WAIT_SECONDS),
        _ => MAX_WAIT_SECONDS,
    }
}

fn wait(milliseconds: i64) -> ServiceError {
    let seconds = (milliseconds + 999) / 1000;
    Refusal::from(ErrorCode::TooManyAttempts).with("seconds", seconds.max(1)).into()
}

/// Who can give others access: the names of administrators, a handful of them.
pub async fn administrators(ctx: &Ctx) -> Result<Vec<String>, ServiceError> {
    ctx.require(Permission::Read)?;
    Ok(store::users::administrators(&mut ctx.store.glance().await?, MAX_ADMINISTRATORS).await?)
}

/// A person who may still sign in.
pub async fn lookup_user(ctx: &Ctx, user_id: UserId) -> Result<Option<UserSummary>, ServiceError> {
    let user = store::users::lookup(&mut ctx.store.glance().await?, user_id).await?;
    Ok(user.filter(|user| !user.disabled).map(UserSummary::from))
}
