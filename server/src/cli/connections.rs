//! `prodsys connection`.

use domain::connections::{ConnectionInput, ConnectionTest};
use domain::ids::{ConnectionId, ContactId};
use secrecy::ExposeSecret;
use services::connections;

use super::{CliError, Run, secret};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Register a partner's endpoint; the token is read from standard input
    Add {
        #[arg(long)]
        endpoint: String,
        /// The supplier; without it, the partner's organisation number chooses
        #[arg(long, value_name = "ID")]
        contact: Option<ContactId>,
        /// How much a price may differ from the partner's list, in percent, without a warning
        #[arg(long, value_name = "PERCENT", default_value = "")]
        price_tolerance: String,
    },
    /// Ask the partner who it is and what the token may do
    Test {
        id: ConnectionId,
    },
    /// Read what changed in the partner's catalogue
    Sync {
        id: ConnectionId,
    },
    List,
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    match command {
        Command::Add { endpoint, contact, price_tolerance } => {
            let token = secret(&run.out, "token")?;
            let opened = run.open().await?;
            let input = ConnectionInput {
                endpoint,
                token: token.expose_secret().to_owned(),
                contact_id: contact.map(|id| id.to_string()).unwrap_or_default(),
                price_tolerance,
            };
            let id = connections::save(&opened.ctx, None, input).await?;
            run.out.value(&serde_json::json!({ "connection_id": id }), &id.to_string());
            Ok(())
        }
        Command::Test { id } => {
            let opened = run.open().await?;
            let test = connections::test(&opened.ctx, &opened.client, id).await?;
            tell(run, &test)
        }
        Command::Sync { id } => {
            let opened = run.open().await?;
            let read = connections::sync_catalogue(&opened.ctx, &opened.client, id).await?;
            run.out.value(&serde_json::json!({ "articles": read }), &run.out.texts.cli_synced(read));
            Ok(())
        }
        Command::List => {
            let opened = run.open().await?;
            let connections = connections::list(&opened.ctx).await?;
            let rows: Vec<Vec<String>> = connections
                .iter()
                .map(|row| {
                    vec![
                        row.connection_id.to_string(),
                        row.name.clone(),
                        row.endpoint.clone(),
                        if row.is_price_file() {
                            run.out.texts.catalogue_price_file().to_owned()
                        } else {
                            run.out.word("connection", row.state.as_str())
                        },
                    ]
                })
                .collect();
            run.out.table(&connections, &["connection_id", "name", "endpoint", "state"], &rows);
            Ok(())
        }
    }
}

fn tell(run: &Run, test: &ConnectionTest) -> Result<(), CliError> {
    let t = run.out.texts;
    let name = test.identity.as_ref().map(|identity| identity.company_name.clone()).unwrap_or_default();
    let text = match test.failure {
        None if test.passed() => t.cli_test_passed(name, test.duration_ms),
        None => test.missing_scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", "),
        Some(code) => format!("{} [{code}]", t.error(code.as_str()).unwrap_or(code.as_str())),
    };
    run.out.value(test, &text);
    if test.passed() { Ok(()) } else { Err(CliError::Told) }
}
