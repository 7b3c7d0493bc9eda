//! What every page knows: who is signed in, at which company, and what is switched on.

use leptos::prelude::*;

use crate::api::session::{Shell, current};
use crate::error::AppError;

/// The session of this page, read once before anything is shown.
#[derive(Clone, Copy)]
pub struct Session(Resource<Result<Shell, AppError>>);

/// Gives the session by context.
pub fn provide_session() {
    provide_context(Session(Resource::new_blocking(|| (), |()| current())));
}

/// The session of this page.
pub fn use_session() -> Session {
    expect_context()
}

/// What every page knows. Inside `Frame` it is there; elsewhere it is nobody at an unnamed company.
pub fn use_shell() -> Shell {
    let Session(resource) = use_session();
    resource.get_untracked().and_then(Result::ok).unwrap_or_default()
}

impl Session {
    /// Waits for it.
    pub async fn loaded(self) -> Result<Shell, AppError> {
        self.0.await
    }
}
