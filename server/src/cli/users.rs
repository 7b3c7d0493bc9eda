//! `prodsys user`.

use domain::errors::ErrorCode;
use domain::roles::Role;
use secrecy::ExposeSecret;
use services::users::{self, UserInput};

use super::{CliError, Run, secret};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a person; the password is read from standard input
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// administrator, buyer, seller or reader
        #[arg(long)]
        role: String,
    },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let Command::Add { name, email, role } = command;
    let role = Role::from_code(&role).ok_or(ErrorCode::ValidationFailed)?;
    let password = secret(&run.out, "password")?;
    let opened = run.open().await?;
    let input = UserInput { name, email: email.clone(), role, password: password.expose_secret().to_owned() };
    users::add_user(&opened.ctx, input).await?;
    let document = serde_json::json!({ "email": email, "role": role });
    run.out.value(&document, &run.out.texts.cli_saved(&email));
    Ok(())
}
