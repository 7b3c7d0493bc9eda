//! `prodsys extension` and `prodsys api-access`: the two switches.

use services::instance;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Switch {
    Enable,
    Disable,
}

pub(super) async fn extension(run: &Run, command: Switch) -> Result<(), CliError> {
    let on = matches!(command, Switch::Enable);
    let opened = run.open().await?;
    instance::set_extension(&opened.ctx, on).await?;
    told(run, domain::instance::EXTENSION, on);
    Ok(())
}

pub(super) async fn api_access(run: &Run, command: Switch) -> Result<(), CliError> {
    let on = matches!(command, Switch::Enable);
    let opened = run.open().await?;
    instance::set_api_access(&opened.ctx, on).await?;
    told(run, run.out.texts.nav_api_access(), on);
    Ok(())
}

fn told(run: &Run, name: &str, on: bool) {
    let t = run.out.texts;
    let text = if on { t.cli_switched_on(name) } else { t.cli_switched_off(name) };
    run.out.value(&serde_json::json!({ "on": on }), &text);
}
