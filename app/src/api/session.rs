//! Who is signed in, signing in and out, and the two choices that live in cookies.

use domain::roles::Role;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The key under which a session holds the id of the person who signed in.
pub const USER_KEY: &str = "user_id";

/// What every page knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    pub company_name: String,
    pub user: Option<UserSummary>,
    /// The extension *ProdSys to ProdSys* is on.
    pub module_on: bool,
    /// *API-tilgang* is on.
    pub api_access: bool,
    /// The event that the page is rendered after; live updates begin there.
    pub live_cursor: i64,
    /// A mark beside the company's name, such as *Test*.
    pub instance_label: Option<String>,
    /// Nobody can sign in yet: the first administrator is to be made.
    pub needs_setup: bool,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    pub name: String,
    pub role: Role,
}

/// The mark beside the company's name; the server gives it by context when the operator set one.
#[derive(Clone, Debug)]
pub struct InstanceLabel(pub String);

/// What every page knows, for whoever asks.
#[server(endpoint = "current")]
pub async fn current() -> Result<Shell, AppError> {
    use services::{Actor, instance, live};

    let ctx = crate::api::server::ctx()?;
    let user = match &ctx.actor {
        Actor::User { name, role, .. } => Some(UserSummary { name: name.clone(), role: *role }),
        Actor::Anonymous | Actor::Operator | Actor::System => None,
    };
    // The company's name stands on the sign-in page too, where nobody has a permission yet.
    let system = ctx.acting_as(Actor::System);
    let instance = instance::current(&system).await?;
    let live_cursor = if user.is_some() { live::latest_position(&ctx).await? } else { 0 };
    let needs_setup = user.is_none() && instance::needs_setup(&system).await?;
    Ok(Shell {
        company_name: instance.as_ref().map(|instance| instance.company_name.clone()).unwrap_or_default(),
        user,
        module_on: instance.as_ref().is_some_and(|instance| instance.extension_on),
        api_access: instance.as_ref().is_some_and(|instance| instance.api_access),
        live_cursor,
        instance_label: use_context::<InstanceLabel>().map(|label| label.0),
        needs_setup,
    })
}

/// The names of those who can give others access.
#[server(endpoint = "list_administrators")]
pub async fn list_administrators() -> Result<Vec<String>, AppError> {
    let ctx = crate::api::server::ctx()?;
    Ok(services::users::administrators(&ctx).await?)
}

/// Signs in and goes on to the page that was asked for.
#[server(endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String, next: String) -> Result<(), AppError> {
    let ctx = crate::api::server::ctx()?;
    let address = browser::address();
    let user = services::users::sign_in(&ctx, &email, &password, &address).await?;
    browser::begin_session(user.user_id).await?;
    leptos_axum::redirect(browser::safe_path(&next));
    Ok(())
}

/// Makes the first administrator with the one-time code, and signs that person in.
#[server(endpoint = "set_up")]
pub async fn set_up(code: String, name: String, email: String, password: String) -> Result<(), AppError> {
    let ctx = crate::api::server::ctx()?;
    services::users::create_first_administrator(&ctx, &code, &name, &email, &password).await?;
    let user = services::users::sign_in(&ctx, &email, &password, &browser::address()).await?;
    browser::begin_session(user.user_id).await?;
    leptos_axum::redirect("/oversikt");
    Ok(())
}

/// Ends the session.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    browser::end_session().await?;
    leptos_axum::redirect("/logg-inn?utlogget=1");
    Ok(())
}

/// Keeps the chosen language; the page comes back in it.
#[server(endpoint = "set_language")]
pub async fn set_language(language: String) -> Result<(), AppError> {
    if let Some(language) = domain::language::Language::from_tag(&language) {
        browser::keep(crate::preferences::LANGUAGE_COOKIE, language.as_str());
    }
    Ok(())
}

/// Keeps the chosen theme.
#[server(endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Result<(), AppError> {
    if let Some(theme) = crate::preferences::Theme::from_code(&theme) {
        browser::keep(crate::preferences::THEME_COOKIE, theme.as_str());
    }
    Ok(())
}

/// Keeps which keyboard shortcuts there are.
#[server(endpoint = "set_keys")]
pub async fn set_keys(shortcuts: String) -> Result<(), AppError> {
    if let Some(shortcuts) = crate::preferences::Shortcuts::from_code(&shortcuts) {
        browser::keep(crate::preferences::SHORTCUTS_COOKIE, shortcuts.as_str());
    }
    Ok(())
}

/// What belongs to the browser that asks: its session, its cookies, its address.
#[cfg(feature = "ssr")]
pub(crate) mod browser {
    use axum::extract::ConnectInfo;
    use domain::ids::UserId;
    use http::HeaderValue;
    use http::header::SET_COOKIE;
    use http::request::Parts;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use std::net::SocketAddr;
    use tower_sessions::Session;

    use super::USER_KEY;
    use crate::api::server::internal;
    use crate::error::AppError;

    const YEAR_SECONDS: u32 = 31_536_000;

    /// Where the request came from, for counting tries. The server's layer for proxies has put the real address here.
    pub(crate) fn address() -> String {
        use_context::<Parts>()
            .and_then(|parts| {
                parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string())
            })
            .unwrap_or_default()
    }

    async fn session() -> Result<Session, AppError> {
        leptos_axum::extract::<Session>().await.map_err(|error| internal(&error.to_string()))
    }

    /// Signs the person in under a new session id, so that an id planted before is worth nothing.
    pub(crate) async fn begin_session(user_id: UserId) -> Result<(), AppError> {
        let session = session().await?;
        session.cycle_id().await.map_err(|error| internal(&error.to_string()))?;
        session.insert(USER_KEY, user_id).await.map_err(|error| internal(&error.to_string()))
    }

    pub(crate) async fn end_session() -> Result<(), AppError> {
        session().await?.flush().await.map_err(|error| internal(&error.to_string()))
    }

    /// A path of this application, never another site: `//example.org` and `/\example.org` would be.
    pub(crate) fn safe_path(next: &str) -> &str {
        if crate::pages::lists::is_ours(next) { next } else { "/oversikt" }
    }

    /// Keeps a choice in a cookie for a year.
    pub(crate) fn keep(name: &str, value: &str) {
        let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax; HttpOnly");
        if let (Some(options), Ok(cookie)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie))
        {
            options.append_header(SET_COOKIE, cookie);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::safe_path;

        #[test]
        fn nobody_is_sent_to_another_site() {
            assert_eq!(safe_path("/ordre/innkjopsordre?vis=alle"), "/ordre/innkjopsordre?vis=alle");
            for outside in
                ["", "https://example.org", "//example.org", "/\\example.org", "javascript:x", "/\nx"]
            {
                assert_eq!(safe_path(outside), "/oversikt", "{outside:?}");
            }
        }
    }
}
