//! The server functions: who asks, for what, one call of a service, the answer. One file for each noun.
//!
//! Paths are `/api/<name of the function>`, given by `endpoint`, so that the server's table of rules can name them.

pub mod articles;
pub mod connections;
pub mod contacts;
pub mod draft_batches;
pub mod drafts;
pub mod exports;
pub mod extensions;
pub mod files;
pub mod links;
pub mod lists;
pub mod logs;
pub mod order_batches;
pub mod order_copies;
pub mod order_templates;
pub mod orders;
pub mod overview;
pub mod palette;
pub mod presence;
pub mod sales_orders;
pub mod session;
pub mod tokens;

/// What the server functions share.
#[cfg(feature = "ssr")]
pub(crate) mod server {
    use domain::errors::ErrorCode;
    use leptos::nonce::Nonce;
    use leptos::prelude::use_context;
    use services::{Ctx, ServiceError};

    use crate::error::AppError;

    /// Everything a use case needs, with the person who asks as its actor. The server's layer gives it by context.
    pub(crate) fn ctx() -> Result<Ctx, AppError> {
        use_context::<Ctx>()
            .ok_or_else(|| internal("no context of services was given to the server function"))
    }

    /// A fault of ours: logged once here with its cause, told as a support code.
    pub(crate) fn internal(cause: &str) -> AppError {
        let reference = support_code();
        tracing::error!(reference, cause, "a request failed");
        AppError::internal(reference)
    }

    /// Eight characters that a person can read out on the telephone.
    fn support_code() -> String {
        let random = Nonce::new().to_string().to_uppercase();
        random.chars().filter(char::is_ascii_alphanumeric).take(8).collect()
    }

    impl From<ServiceError> for AppError {
        fn from(error: ServiceError) -> Self {
            let refusal = error.refusal();
            if !error.is_internal() {
                return refusal.into();
            }
            let mut told = internal(&format!("{error:?}"));
            if refusal.code != ErrorCode::Internal {
                told.refusal = refusal;
            }
            told
        }
    }
}
