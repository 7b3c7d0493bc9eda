//! Who gets in: the first administrator, signing in, tokens, the key of secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::errors::ErrorCode;
use domain::roles::Role;
use domain::time::Timestamp;
use domain::tokens::Scope;
use secrecy::ExposeSecret;
use services::secrets::SecretBox;
use services::tokens::TokenInput;
use services::users::UserInput;
use services::{Actor, Clock, Ctx, ServiceError};

use crate::harness::on_both;

on_both!(
    the_first_administrator_needs_the_code,
    the_code_dies_after_half_an_hour,
    signing_in_gets_slower,
    an_address_has_twenty_tries_a_minute,
    people_without_the_right_change_nothing,
    tokens_end,
    another_key_is_noticed,
);

const PASSWORD: &str = "blå lampe over kjøkkenbordet";
const EMAIL: &str = "kari@bolt.example";

/// A clock that stands still until it is moved.
struct FakeClock(AtomicI64);

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

impl FakeClock {
    fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

fn with_clock(ctx: &Ctx) -> (Ctx, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock(AtomicI64::new(1_796_000_000_000_000)));
    (Ctx { clock: clock.clone(), ..ctx.clone() }, clock)
}

fn code<T>(outcome: Result<T, ServiceError>) -> Option<ErrorCode> {
    outcome.err().map(|error| error.refusal().code)
}

async fn kari(ctx: &Ctx) {
    let input =
        UserInput { name: "Kari".into(), email: EMAIL.into(), role: Role::Seller, password: PASSWORD.into() };
    services::users::add_user(ctx, input).await.unwrap();
}

async fn the_first_administrator_needs_the_code(ctx: Ctx) {
    let nobody = ctx.acting_as(Actor::Anonymous);
    assert_eq!(code(services::instance::setup_code(&nobody).await), Some(ErrorCode::NotSignedIn));
    assert!(services::instance::needs_setup(&ctx).await.unwrap());
    let old = services::instance::setup_code(&ctx).await.unwrap().unwrap();
    let new = services::instance::setup_code(&ctx).await.unwrap().unwrap();
    for wrong in [old.as_str(), "", "AAAAA-AAAAA-AAAAA-AAAAA"] {
        let outcome =
            services::users::create_first_administrator(&nobody, wrong, "Kari", EMAIL, PASSWORD).await;
        assert_eq!(code(outcome), Some(ErrorCode::SetupCodeInvalid), "{wrong}");
    }
    let weak = services::users::create_first_administrator(&nobody, &new, "", "kari", "kort").await;
    assert_eq!(weak.unwrap_err().refusal().errors.len(), 3);
    let written = new.to_lowercase().replace('-', " ");
    let id =
        services::users::create_first_administrator(&nobody, &written, "Kari", "Kari@Bolt.example", PASSWORD)
            .await
            .unwrap();
    let again =
        services::users::create_first_administrator(&nobody, &new, "Per", "per@bolt.example", PASSWORD).await;
    assert_eq!(code(again), Some(ErrorCode::SetupCodeInvalid));
    assert_eq!(services::instance::setup_code(&ctx).await.unwrap(), None);
    let user = services::users::sign_in(&nobody, " KARI@bolt.example ", PASSWORD, "192.0.2.1").await.unwrap();
    assert_eq!((user.user_id, user.role), (id, Role::Administrator));
    assert_eq!(services::users::lookup_user(&ctx, id).await.unwrap(), Some(user));
}

async fn the_code_dies_after_half_an_hour(ctx: Ctx) {
    let (ctx, clock) = with_clock(&ctx);
    let setup = services::instance::setup_code(&ctx).await.unwrap().unwrap();
    clock.forward(30 * 60);
    let outcome = services::users::create_first_administrator(&ctx, &setup, "Kari", EMAIL, PASSWORD).await;
    assert_eq!(code(outcome), Some(ErrorCode::SetupCodeInvalid));
}

async fn signing_in_gets_slower(ctx: Ctx) {
    let (ctx, clock) = with_clock(&ctx);
    kari(&ctx).await;
    let nobody = ctx.acting_as(Actor::Anonymous);
    let sign_in = async |email: &str, password: &str| {
        services::users::sign_in(&nobody, email, password, "192.0.2.1").await
    };
    for email in [EMAIL, "ingen@bolt.example"] {
        for attempt in 0..6 {
            assert_eq!(
                code(sign_in(email, "feil").await),
                Some(ErrorCode::SignInFailed),
                "{email} {attempt}"
            );
        }
        let refusal = sign_in(email, PASSWORD).await.unwrap_err().refusal();
        assert_eq!(
            (refusal.code, refusal.params["seconds"].as_str()),
            (ErrorCode::TooManyAttempts, "1"),
            "{email}"
        );
    }
    clock.forward(1);
    assert_eq!(code(sign_in(EMAIL, "feil").await), Some(ErrorCode::SignInFailed));
    clock.forward(1);
    assert_eq!(
        code(sign_in(EMAIL, PASSWORD).await),
        Some(ErrorCode::TooManyAttempts),
        "the second wait is two seconds"
    );
    clock.forward(1);
    assert!(sign_in(EMAIL, PASSWORD).await.is_ok());
    assert_eq!(code(sign_in(EMAIL, "feil").await), Some(ErrorCode::SignInFailed), "the count began anew");
}

async fn an_address_has_twenty_tries_a_minute(ctx: Ctx) {
    let (ctx, clock) = with_clock(&ctx);
    kari(&ctx).await;
    for attempt in 0..20 {
        let email = format!("person{attempt}@bolt.example");
        let outcome = services::users::sign_in(&ctx, &email, "feil", "192.0.2.7").await;
        assert_eq!(code(outcome), Some(ErrorCode::SignInFailed), "{attempt}");
    }
    let sign_in = async |address: &str| services::users::sign_in(&ctx, EMAIL, PASSWORD, address).await;
    assert_eq!(code(sign_in("192.0.2.7").await), Some(ErrorCode::TooManyAttempts));
    assert!(sign_in("192.0.2.8").await.is_ok());
    clock.forward(60);
    assert!(sign_in("192.0.2.7").await.is_ok());
}

async fn people_without_the_right_change_nothing(ctx: Ctx) {
    kari(&ctx).await;
    let user = services::users::sign_in(&ctx, EMAIL, PASSWORD, "192.0.2.1").await.unwrap();
    let seller = ctx.acting_as(Actor::User { user_id: user.user_id, name: user.name, role: user.role });
    let token = TokenInput { name: "x".into(), contact_id: None, scopes: Scope::ALL.to_vec(), days: 1 };
    assert_eq!(code(services::tokens::issue(&seller, token).await), Some(ErrorCode::Forbidden));
    assert_eq!(code(services::tokens::list(&seller).await), Some(ErrorCode::Forbidden));
    assert_eq!(code(services::instance::set_extension(&seller, true).await), Some(ErrorCode::Forbidden));
    assert_eq!(code(services::instance::set_api_access(&seller, true).await), Some(ErrorCode::Forbidden));
    let current = services::instance::current(&ctx).await.unwrap().unwrap();
    assert!(!current.extension_on && !current.api_access);
}

async fn tokens_end(ctx: Ctx) {
    let (ctx, clock) = with_clock(&ctx);
    let input =
        |days| TokenInput { name: "Nordvik".into(), contact_id: None, scopes: Scope::ALL.to_vec(), days };
    for days in [0, -1, 367, i64::MAX] {
        assert_eq!(
            code(services::tokens::issue(&ctx, input(days)).await),
            Some(ErrorCode::ValidationFailed),
            "{days}"
        );
    }
    let token = services::tokens::issue(&ctx, input(1)).await.unwrap();
    let other = services::tokens::issue(&ctx, input(90)).await.unwrap();
    let present = async |secret: &str| services::tokens::authenticate(&ctx, secret, "192.0.2.1").await;
    assert_eq!(present(&token.secret).await.unwrap().token_id, token.row.token_id);
    assert_eq!(present(&token.secret.replace("oipt_", "oipt-")).await, Err(ErrorCode::InvalidToken));
    assert_eq!(present(&domain::tokens::assemble(&[1; 32])).await, Err(ErrorCode::InvalidToken));
    let used = services::tokens::list(&ctx).await.unwrap();
    assert_eq!(used.iter().filter(|row| row.last_used_at.is_some()).count(), 1);
    clock.forward(86_400);
    assert_eq!(present(&token.secret).await, Err(ErrorCode::TokenExpired));
    assert!(present(&other.secret).await.is_ok());
    services::tokens::revoke(&ctx, other.row.token_id).await.unwrap();
    services::tokens::revoke(&ctx, other.row.token_id).await.unwrap();
    assert_eq!(present(&other.secret).await, Err(ErrorCode::TokenRevoked));
}

async fn another_key_is_noticed(ctx: Ctx) {
    services::instance::check_key(&ctx).await.unwrap();
    let stranger = Ctx { secrets: SecretBox::from_key(&[1; 32]), ..ctx.clone() };
    assert_eq!(code(services::instance::check_key(&stranger).await), Some(ErrorCode::DecryptFailed));
}

#[test]
fn sealed_values_cannot_change_places() {
    let secrets = SecretBox::generate().unwrap();
    let first = secrets.seal("connection:1:token", "one").unwrap();
    let second = secrets.seal("connection:2:token", "two").unwrap();
    assert_eq!(secrets.open("connection:1:token", &first).unwrap().expose_secret(), "one");
    assert_eq!(code(secrets.open("connection:1:token", &second)), Some(ErrorCode::DecryptFailed));
    let mut damaged = first.clone();
    damaged[30] ^= 1;
    assert_eq!(code(secrets.open("connection:1:token", &damaged)), Some(ErrorCode::DecryptFailed));
    assert_eq!(code(secrets.open("connection:1:token", &first[..10])), Some(ErrorCode::DecryptFailed));
}

#[test]
fn the_key_file_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    let sealed = SecretBox::load_or_create(&path).unwrap().seal("a", "b").unwrap();
    assert_eq!(SecretBox::load_or_create(&path).unwrap().open("a", &sealed).unwrap().expose_secret(), "b");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    std::fs::write(&path, "no key").unwrap();
    assert!(SecretBox::load_or_create(&path).is_err());
}
