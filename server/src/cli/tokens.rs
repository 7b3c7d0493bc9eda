//! `prodsys token`. The secret is printed once, when it is made.

use domain::errors::ErrorCode;
use domain::ids::{ContactId, TokenId};
use domain::tokens::{DEFAULT_DAYS, Scope};
use services::tokens::{self, TokenInput};

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token for a partner and print its secret, once
    Create {
        #[arg(long)]
        name: String,
        /// The partner's contact; without it, the first order says who it is
        #[arg(long, value_name = "ID")]
        contact: Option<ContactId>,
        /// May be given several times; all three when left out
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        #[arg(long, default_value_t = DEFAULT_DAYS)]
        days: i64,
    },
    List,
    Revoke {
        id: TokenId,
    },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let opened = run.open().await?;
    match command {
        Command::Create { name, contact, scopes, days } => {
            let scopes = if scopes.is_empty() {
                Scope::ALL.to_vec()
            } else {
                scopes
                    .iter()
                    .map(|text| Scope::from_code(text).ok_or(ErrorCode::ValidationFailed))
                    .collect::<Result<_, _>>()?
            };
            let input = TokenInput { name, contact_id: contact, scopes, days };
            let issued = tokens::issue(&opened.ctx, input).await?;
            run.out.value(&issued, &issued.secret);
        }
        Command::List => {
            let tokens = tokens::list(&opened.ctx).await?;
            let now = opened.ctx.now();
            let rows: Vec<Vec<String>> = tokens
                .iter()
                .map(|token| {
                    let state = match token.state(now) {
                        domain::tokens::TokenState::Active => "active",
                        domain::tokens::TokenState::Expired => "expired",
                        domain::tokens::TokenState::Revoked => "revoked",
                    };
                    vec![
                        token.token_id.to_string(),
                        token.name.clone(),
                        format!("…{}", token.last_four),
                        run.out.word("token", state),
                        token.expires_at.to_rfc3339(),
                    ]
                })
                .collect();
            run.out.table(&tokens, &["token_id", "name", "token", "state", "expires_at"], &rows);
        }
        Command::Revoke { id } => {
            tokens::revoke(&opened.ctx, id).await?;
            run.out.value(&serde_json::json!({ "revoked": id }), &run.out.texts.cli_revoked(id));
        }
    }
    Ok(())
}
