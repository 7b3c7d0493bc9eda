//! `prodsys serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use services::{Actor, instance};

use super::{CliError, Run};
use crate::config::Config;
use crate::{program, shutdown};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The address in the browser's bar
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The folder of the browser's half
    #[arg(long, value_name = "DIR")]
    site_root: Option<PathBuf>,
    /// End when standard input is closed, so that a parent's end ends this process too
    #[arg(long, hide = true)]
    until_input_ends: bool,
}

impl Arguments {
    pub(super) fn apply(&self, config: &mut Config) {
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if self.public_url.is_some() {
            config.public_url.clone_from(&self.public_url);
        }
        if let Some(site_root) = &self.site_root {
            config.site_root.clone_from(site_root);
        }
    }
}

pub(super) async fn run(run: &Run, arguments: &Arguments) -> Result<(), CliError> {
    let program = program::build(run.config.clone()).await?;
    shutdown::on_signal(program.stop.clone());
    if arguments.until_input_ends {
        shutdown::on_end_of_input(program.stop.clone());
    }
    let ctx = program.opened.ctx.acting_as(Actor::System);
    // Before anything is told, and before an earlier code is void: another process may be serving.
    let ready = program.take_place().await?;
    let address = run.config.address();
    let t = run.out.texts;
    match instance::setup_code(&ctx).await? {
        Some(code) => {
            let setup = format!("{address}/oppsett");
            let text = format!("{}\n{}", t.cli_listening(&address), t.cli_setup_code(&setup, &code));
            run.out.value(&serde_json::json!({ "address": address, "setup_code": code }), &text);
        }
        None => run.out.value(&serde_json::json!({ "address": address }), &t.cli_listening(&address)),
    }
    ready.serve().await;
    Ok(())
}
