//! Measures the program: builds it for release, starts a PostgreSQL that syncs, and hands over to the crate `benchmark`.

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::postgres::Postgres;
use crate::progress::Progress;
use crate::tools::{self, Tool};
use crate::workspace::Workspace;
use crate::{bundle, process};

/// The prototype of the status page, beside the clone, where somebody has put it.
const PROTOTYPE: &str = "../shared/ux/status.html";

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    keep_bundle: bool,
    /// Handed on as they are.
    rest: Vec<String>,
}

impl Options {
    /// Understands the command line.
    pub fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--no-bundle" => options.keep_bundle = true,
                "--quick" => options.rest.push(argument.clone()),
                "--only" | "--database" => {
                    let value = rest.next().filter(|value| !value.starts_with('-'));
                    let value =
                        value.ok_or_else(|| Failure::new(format!("{argument} needs a word after it")))?;
                    options.rest.extend([argument.clone(), value.clone()]);
                }
                option => return Err(Failure::new(format!("`bench` has no option {option}"))),
            }
        }
        Ok(options)
    }

    fn tools(&self) -> Vec<Tool> {
        let mut wanted = vec![Tool::PostgreSql];
        wanted.extend(tools::FOR_BROWSER);
        if !self.keep_bundle {
            wanted.extend(tools::FOR_BUNDLE);
        }
        wanted
    }
}

/// `cargo xtask bench`.
pub fn run(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let missing = tools::missing(workspace, &options.tools())?;
    let mut progress = Progress::new(missing.len() + 3 + usize::from(!options.keep_bundle));
    let outcome = tools::install(workspace, &mut progress, &missing)
        .and_then(|()| run_steps(workspace, &mut progress, options));
    progress.finish(outcome)
}

fn run_steps(workspace: &Workspace, progress: &mut Progress, options: &Options) -> Outcome<()> {
    if !options.keep_bundle {
        progress.step("Browser bundle", || bundle::make(workspace))?;
    }
    progress.step("Server and benchmark", || {
        let mut command = process::cargo();
        // One command for both, so that their dependencies are built once.
        command.args(["build", "--release", "--locked", "-p", "server", "-p", "benchmark", "--bins"]);
        process::run(command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target))
    })?;
    let postgres = progress.step("PostgreSQL: start", Postgres::start_durable)?;
    progress.step("Measurements", || measure(workspace, options, &postgres))
}

fn measure(workspace: &Workspace, options: &Options, postgres: &Postgres) -> Outcome<()> {
    let server = workspace.server_binary("release");
    let mut command = Command::new(server.with_file_name("benchmark"));
    command.arg("--program").arg(&server).arg("--site").arg(workspace.site());
    command.arg("--scripts").arg(workspace.end_to_end().join("bench"));
    command.arg("--results").arg(workspace.root.join("bench-results.json"));
    command.args(["--postgres-url", &postgres.url()]);
    command.args(["--postgres-process", &postgres.process()?.to_string()]);
    if let Some(chromium) = tools::find_chromium() {
        command.arg("--chromium").arg(chromium);
    }
    let prototype = workspace.root.join(PROTOTYPE);
    if prototype.is_file() {
        command.arg("--prototype").arg(prototype);
    }
    process::run(command.args(&options.rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_understood() {
        let parse =
            |line: &str| Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let options = parse("--quick --no-bundle --only export --database sqlite").expect("a good line");
        assert!(options.keep_bundle);
        assert_eq!(options.rest, ["--quick", "--only", "export", "--database", "sqlite"]);
        assert!(parse("--only").is_err());
        assert!(parse("--all").is_err());
    }
}
