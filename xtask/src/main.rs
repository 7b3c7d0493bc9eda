//! Set-up, demo, tests and checks of ProdSys. `cargo xtask help` lists the tasks.

use std::process::{Command, ExitCode};

use crate::failure::{Failure, Outcome};
use crate::postgres::Postgres;
use crate::progress::Progress;
use crate::workspace::Workspace;

mod bench;
mod bundle;
mod ci;
mod demo;
mod failure;
mod files;
mod lockfile;
mod postgres;
mod process;
mod progress;
mod styles;
mod test;
mod tidy;
mod tools;
mod workspace;

const HELP: &str = "\
cargo xtask demo [--connected]     build, and start a buyer and a supplier with sample data
cargo xtask test [filter…]         build, and run all tests
        --only unit|browser|chaos  only this part
        --no-bundle                use the browser bundle that is there
cargo xtask ci                     format, lints, the repository's rules, and all tests
cargo xtask bench                  measure, beside the figures to reach
        --quick                    few repetitions, to see that everything runs
        --only NAME                sizes, export, batch, partner, live, pages, screen, phone or stored
        --database NAME            sqlite or postgres
        --no-bundle                use the browser bundle that is there
cargo xtask bundle                 build the browser half into target/site
cargo xtask tidy                   the repository's rules alone
cargo xtask tools                  install everything that the tasks above need
cargo xtask postgres COMMAND…      run a command with a throw-away PostgreSQL in TEST_POSTGRES_URL

What is missing is installed first. Tools go to XTASK_TOOLS, or else to prodsys/tools in the user's
cache folder.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            progress::print(&format!("\nxtask: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome<()> {
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", arguments),
    };
    process::catch_interruptions()?;
    let workspace = Workspace::locate()?;
    match task {
        "demo" => demo::run(&workspace, rest),
        "test" => test::run(&workspace, &test::Options::parse(rest)?),
        "bench" => bench::run(&workspace, &bench::Options::parse(rest)?),
        "ci" => ci::run(&workspace),
        "bundle" => make_bundle(&workspace),
        "tidy" => tidy::run(&workspace.root),
        "tools" => install_tools(&workspace),
        "postgres" => run_with_postgres(rest),
        "help" | "--help" | "-h" => {
            progress::print(HELP);
            Ok(())
        }
        unknown => Err(Failure::new(format!("there is no task `{unknown}`\n\n{HELP}"))),
    }
}

fn make_bundle(workspace: &Workspace) -> Outcome<()> {
    let missing = tools::missing(workspace, &tools::FOR_BUNDLE)?;
    let mut progress = Progress::new(missing.len() + 1);
    let outcome = tools::install(workspace, &mut progress, &missing)
        .and_then(|()| progress.step("Browser bundle", || bundle::make(workspace)));
    progress.finish(outcome)
}

fn install_tools(workspace: &Workspace) -> Outcome<()> {
    let missing = tools::missing(workspace, &test::Options::default().tools())?;
    if missing.is_empty() {
        progress::print("All tools are in place.");
        return Ok(());
    }
    let mut progress = Progress::new(missing.len());
    let outcome = tools::install(workspace, &mut progress, &missing);
    progress.finish(outcome)
}

fn run_with_postgres(arguments: &[String]) -> Outcome<()> {
    let Some((program, rest)) = arguments.split_first() else {
        return Err(Failure::new("`postgres` is followed by the command to run"));
    };
    let postgres = Postgres::start()?;
    let mut command = Command::new(program);
    process::clear_cargo_variables(&mut command);
    process::run(command.args(rest).env("TEST_POSTGRES_URL", postgres.url()))
}
