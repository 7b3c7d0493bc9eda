//! What every page knows: who is signed in, at which company, and what is switched on.

use leptos::prelude::*;

use crate::api::session::{Shell, current};
use crate::error::AppError;
use crate::page_data::PageData;

/// The session of this page, read once before anything is shown.
#[derive(Clone, Copy)]
pub struct Session {
    read: PageData<Result<Shell, AppError>>,
    loaded: StoredValue<Shell>,
}

/// Gives the session by context.
pub fn provide_session() {
    provide_context(Session {
        read: PageData::new_blocking(|| (), |()| current()),
        loaded: StoredValue::new(Shell::default()),
    });
}

/// The session of this page.
pub fn use_session() -> Session {
    expect_context()
}

/// What every page knows. Inside `Frame` it is there; elsewhere it is nobody at an unnamed company.
pub fn use_shell() -> Shell {
    use_session().loaded.get_value()
}

impl Session {
    /// Waits for it; the frames do so before any page is shown.
    pub async fn load(self) -> Result<Shell, AppError> {
        let shell = self.read.await?;
        self.loaded.set_value(shell.clone());
        Ok(shell)
    }
}
