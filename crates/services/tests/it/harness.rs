//! A company on a fresh database.

use std::sync::Arc;

use domain::contacts::ContactInput;
use domain::tokens::Scope;
use services::instance::InitInput;
use services::secrets::SecretBox;
use services::tokens::{TokenInput, TokenPrincipal};
use services::{Actor, Ctx, Settings, SystemClock};
use store::Store;

/// Makes `sqlite::name` and `postgres::name` of an `async fn name(ctx: Ctx)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("test.db");
                let store = store::Store::open(path.to_str().unwrap()).await.unwrap();
                super::$name($crate::harness::company(store).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let Some(store) = $crate::harness::postgres().await else { return };
                super::$name($crate::harness::company(store).await).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A new, empty PostgreSQL database on the server that `TEST_POSTGRES_URL` names. Left out without it, except in CI.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment where PostgreSQL is")]
pub async fn postgres() -> Option<Store> {
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        assert!(std::env::var("CI").is_err(), "TEST_POSTGRES_URL is not set");
        return None;
    };
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).unwrap();
    let name = format!("services_{}", u64::from_be_bytes(random));
    let own = store::create_database(&url, &name).await.unwrap();
    Some(Store::open(&own).await.unwrap())
}

/// Bolt & Feste AS on the database, the operator acting.
pub async fn company(store: Store) -> Ctx {
    let ctx = Ctx {
        store,
        actor: Actor::Operator,
        clock: Arc::new(SystemClock),
        secrets: SecretBox::from_key(&[9; 32]),
        settings: Arc::new(Settings::default()),
    };
    let company = ContactInput {
        name: "Bolt & Feste AS".into(),
        org_number: "313770125".into(),
        ..ContactInput::default()
    };
    services::instance::initialise(&ctx, InitInput { company }).await.unwrap();
    ctx
}

/// A token of the three scopes, presented again.
pub async fn principal(ctx: &Ctx) -> TokenPrincipal {
    let input =
        TokenInput { name: "Nordvik".into(), contact_id: None, scopes: Scope::ALL.to_vec(), days: 90 };
    let issued = services::tokens::issue(ctx, input).await.unwrap();
    services::tokens::authenticate(ctx, &issued.secret, "127.0.0.1").await.unwrap()
}
