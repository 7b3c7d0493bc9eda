//! `prodsys extension` and `prodsys api-access`: the two switches.

use services::instance;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Extension {
    Enable,
    Disable,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum ApiAccess {
    On,
    Off,
}

pub(super) async fn extension(run: &Run, command: Extension) -> Result<(), CliError> {
    let on = matches!(command, Extension::Enable);
    let opened = run.open().await?;
    instance::set_extension(&opened.ctx, on).await?;
    told(run, domain::instance::EXTENSION, on);
    Ok(())
}

pub(super) async fn api_access(run: &Run, command: ApiAccess) -> Result<(), CliError> {
    let on = matches!(command, ApiAccess::On);
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
