//! Two companies on this machine, ready to be tried.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::workspace::Workspace;
use crate::{bundle, process, tools};

/// `cargo xtask demo`. The arguments are those of `prodsys demo`.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Outcome<()> {
    let missing = tools::missing(workspace, &tools::FOR_BUNDLE)?;
    let mut progress = Progress::new(missing.len() + 2);
    tools::install(workspace, &mut progress, &missing)?;
    progress.step("Browser bundle", || bundle::make(workspace))?;
    progress.step("Server", || {
        let mut command = process::cargo();
        command.args(["build", "--release", "--locked", "-p", "server", "--bin", "prodsys"]);
        process::run(command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target))
    })?;
    let server = workspace.server_binary("release");
    let mut command = Command::new(&server);
    command.arg("demo").args(arguments).current_dir(&workspace.root);
    // From here on this process is the server, so Ctrl-C reaches it and nothing is left behind.
    let error = command.env("PRODSYS_SITE_ROOT", workspace.site()).exec();
    Err(Failure::new(format!("cannot start {}: {error}", server.display())))
}
