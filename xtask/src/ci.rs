//! What every change must pass: format, lints, the repository's own rules, and all tests.

use crate::failure::Outcome;
use crate::progress::{self, Progress};
use crate::workspace::{BROWSER_TARGET, Workspace};
use crate::{process, test, tidy, tools};

/// `cargo xtask ci`.
pub fn run(workspace: &Workspace) -> Outcome<()> {
    let options = test::Options::default();
    let missing = tools::missing(workspace, &options.tools())?;
    let mut progress = Progress::new(missing.len() + 5 + options.step_count());
    let outcome = run_steps(workspace, &mut progress, &missing, &options);
    progress.finish(outcome)
}

fn run_steps(
    workspace: &Workspace,
    progress: &mut Progress,
    missing: &[tools::Tool],
    options: &test::Options,
) -> Outcome<()> {
    progress.check("Format", || {
        process::run(process::cargo().args(["fmt", "--all", "--check"]).current_dir(&workspace.root))
    })?;
    progress.check("Rules of the repository", || tidy::run(&workspace.root))?;
    progress.check("Licences and sources of dependencies", || check_dependencies(workspace))?;
    tools::install(workspace, progress, missing)?;
    progress.check("Lints, server", || {
        let mut command = test::host_cargo(workspace, &["clippy"]);
        process::run(command.args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    progress.check("Lints, browser", || {
        let mut command = process::cargo();
        command.args(["clippy", "-p", "frontend", "--target", BROWSER_TARGET, "--", "-D", "warnings"]);
        process::run(command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target))
    })?;
    test::run_steps(workspace, progress, options)
}

fn check_dependencies(workspace: &Workspace) -> Outcome<()> {
    if process::answer_of("cargo", &["deny", "--version"]).is_none() {
        progress::note("cargo-deny is not installed: deny.toml was not checked");
        return Ok(());
    }
    // Not the advisories: their database is not in a package registry.
    let mut command = process::cargo();
    process::run(command.args(["deny", "check", "licenses", "bans", "sources"]).current_dir(&workspace.root))
}
