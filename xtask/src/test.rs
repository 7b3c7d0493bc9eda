//! Everything that tests: the host's tests on both databases, then the browser stories.

use std::fs;
use std::process::Command;

use crate::failure::{During, Failure, Outcome};
use crate::postgres::Postgres;
use crate::progress::{self, Progress};
use crate::tools::{self, Tool};
use crate::workspace::{BROWSER_TARGET, HOST_CRATES, Workspace};
use crate::{bundle, files, postgres, process};

/// What the names of the fault tests begin with.
const CHAOS: &str = "chaos_";

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Unit, contract and HTTP tests.
    Unit,
    /// The browser stories.
    Browser,
    /// Tests that break something on purpose: killed instances, lost connections.
    Chaos,
}

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only this part.
    pub only: Option<Part>,
    /// Use the bundle that is there.
    pub keep_bundle: bool,
    /// Only tests and stories whose names contain one of these.
    pub filters: Vec<String>,
}

impl Options {
    /// Understands the command line.
    pub fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--only" => options.only = Some(Part::parse(rest.next().map_or("", String::as_str))?),
                "--no-bundle" => options.keep_bundle = true,
                option if option.starts_with('-') => {
                    return Err(Failure::new(format!("`test` has no option {option}")));
                }
                filter => options.filters.push(filter.to_owned()),
            }
        }
        Ok(options)
    }

    fn includes(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    fn includes_host(&self) -> bool {
        self.includes(Part::Unit) || self.includes(Part::Chaos)
    }

    /// What must be installed.
    pub fn tools(&self) -> Vec<Tool> {
        let mut wanted = tools::FOR_HOST_TESTS.to_vec();
        if !self.keep_bundle {
            wanted.extend(tools::FOR_BUNDLE);
        }
        if self.includes(Part::Browser) {
            wanted.extend(tools::FOR_BROWSER);
        }
        wanted
    }

    /// How many steps [`run_steps`] has.
    pub fn step_count(&self) -> usize {
        2 + usize::from(!self.keep_bundle)
            + usize::from(self.includes_host())
            + usize::from(self.includes(Part::Browser))
    }
}

impl Part {
    fn parse(word: &str) -> Outcome<Self> {
        match word {
            "unit" => Ok(Self::Unit),
            "browser" => Ok(Self::Browser),
            "chaos" => Ok(Self::Chaos),
            _ => Err(Failure::new("`--only` is followed by unit, browser or chaos")),
        }
    }
}

/// `cargo xtask test`.
pub fn run(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let missing = tools::missing(workspace, &options.tools())?;
    let mut progress = Progress::new(missing.len() + options.step_count());
    let outcome = tools::install(workspace, &mut progress, &missing)
        .and_then(|()| run_steps(workspace, &mut progress, options));
    progress.finish(outcome)
}

/// The steps after the tools are in place.
pub fn run_steps(workspace: &Workspace, progress: &mut Progress, options: &Options) -> Outcome<()> {
    if !options.keep_bundle {
        progress.step("Browser bundle", || bundle::make(workspace))?;
    }
    progress.step("Server and tests: compile", || compile(workspace, options))?;
    let postgres = progress.step("PostgreSQL: start", Postgres::start)?;
    progress::note(&postgres.url());
    if options.includes_host() {
        let title = match options.only {
            Some(Part::Chaos) => "Fault tests",
            Some(_) => "Unit, contract and HTTP tests",
            None => "Unit, contract, HTTP and fault tests",
        };
        progress.check(title, || run_host_tests(workspace, options, &postgres))?;
    }
    if options.includes(Part::Browser) {
        progress.check("Browser stories", || run_browser_stories(workspace, options, &postgres))?;
    }
    Ok(())
}

/// A cargo command for the host's crates, in the one profile that tests have.
pub fn host_cargo(workspace: &Workspace, subcommand: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(subcommand).current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    for name in HOST_CRATES {
        command.args(["-p", name]);
    }
    command
}

fn compile(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let mut command = host_cargo(workspace, &["build"]);
    // The executable is built together with the tests, so that both see the same dependencies.
    command.args(if options.includes_host() { &["--all-targets"][..] } else { &["--bin", "prodsys"] });
    process::run(&mut command)?;
    let server = workspace.server_binary("debug");
    if server.is_file() {
        return Ok(());
    }
    Err(Failure::new(format!("{} was not built", server.display())))
}

fn run_host_tests(workspace: &Workspace, options: &Options, postgres: &Postgres) -> Outcome<()> {
    let has_nextest = process::answer_of("cargo", &["nextest", "--version"]).is_some();
    let mut command = host_cargo(workspace, if has_nextest { &["nextest", "run"] } else { &["test"] });
    command.arg("--no-fail-fast");
    if !options.filters.is_empty() && has_nextest {
        // The filter may be meant for a browser story.
        command.arg("--no-tests=pass");
    }
    command.arg("--").args(name_filters(options));
    set_environment(&mut command, workspace, postgres);
    let outcome = process::run(&mut command);
    // cargo test runs the examples in the documentation by itself, nextest does not.
    if has_nextest && options.filters.is_empty() && options.includes(Part::Unit) {
        outcome.and(run_documentation_examples(workspace, postgres))
    } else {
        outcome
    }
}

/// What stands after `--`; cargo test and nextest understand it alike.
fn name_filters(options: &Options) -> Vec<&str> {
    let mut filters: Vec<&str> = options.filters.iter().map(String::as_str).collect();
    match options.only {
        Some(Part::Chaos) if filters.is_empty() => filters.push(CHAOS),
        Some(Part::Unit) => filters.extend(["--skip", CHAOS]),
        _ => {}
    }
    filters
}

fn run_documentation_examples(workspace: &Workspace, postgres: &Postgres) -> Outcome<()> {
    let mut command = process::cargo();
    command.args(["test", "--doc"]).current_dir(&workspace.root);
    // All libraries, although few have examples: a shorter list would compile the dependencies anew.
    let mut has_examples = false;
    for name in HOST_CRATES {
        let folder = workspace.root.join("crates").join(name);
        let folder = if folder.is_dir() { folder } else { workspace.root.join(name) };
        if folder.join("src/lib.rs").is_file() {
            command.args(["-p", name]);
            has_examples |= has_documentation_examples(&folder.join("src"))?;
        }
    }
    if !has_examples {
        return Ok(());
    }
    set_environment(&mut command, workspace, postgres);
    process::run(&mut command)
}

fn has_documentation_examples(sources: &std::path::Path) -> Outcome<bool> {
    for file in files::below(sources)? {
        let text = fs::read_to_string(&file).during(format_args!("cannot read {}", file.display()))?;
        let mut lines = text.lines().map(str::trim_start);
        if lines.any(|line| line.starts_with("/// ```") || line.starts_with("//! ```")) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn run_browser_stories(workspace: &Workspace, options: &Options, postgres: &Postgres) -> Outcome<()> {
    let chromium = tools::find_chromium().ok_or_else(|| Failure::new("Chromium was not found"))?;
    build_equality(workspace)?;
    let folder = workspace.end_to_end();
    let mut command = Command::new(folder.join("node_modules/.bin/playwright"));
    command.arg("test").args(&options.filters).current_dir(&folder);
    if !options.filters.is_empty() {
        command.arg("--pass-with-no-tests");
    }
    if let Some(programs) = postgres::find_programs() {
        command.env("POSTGRES_PROGRAMS", programs);
    }
    set_environment(command.env("CHROMIUM", chromium), workspace, postgres);
    process::run(&mut command)
}

/// The rules natively and as WebAssembly, which a story compares. They depend on `domain` alone, so it takes seconds.
fn build_equality(workspace: &Workspace) -> Outcome<()> {
    for target in [&[][..], &["--lib", "--target", BROWSER_TARGET, "--crate-type", "cdylib"]] {
        let mut command = process::cargo();
        let what = if target.is_empty() { "build" } else { "rustc" };
        command.args([what, "-p", "equality"]).args(target).current_dir(&workspace.root);
        process::run(command.env("CARGO_TARGET_DIR", &workspace.target))?;
    }
    Ok(())
}

/// What tests may ask the environment for.
fn set_environment(command: &mut Command, workspace: &Workspace, postgres: &Postgres) {
    command
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("TEST_POSTGRES_URL", postgres.url())
        .env("TEST_PROGRAM", workspace.server_binary("debug"))
        .env("EQUALITY_PROGRAM", workspace.target.join("debug/equality"))
        .env("EQUALITY_WASM", workspace.target.join(BROWSER_TARGET).join("debug/equality.wasm"))
        .env("PRODSYS_SITE_ROOT", workspace.site());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_command_line_is_understood() {
        let options = parse("--only chaos orders").expect("a good line");
        assert_eq!(options.only, Some(Part::Chaos));
        assert_eq!(options.filters, ["orders"]);
        assert!(parse("--only").is_err());
        assert!(parse("--only some").is_err());
        assert!(parse("--all").is_err());
    }

    #[test]
    fn every_test_runs_in_exactly_one_part() {
        assert_eq!(name_filters(&parse("").expect("a good line")), Vec::<&str>::new());
        assert_eq!(name_filters(&parse("--only chaos").expect("a good line")), [CHAOS]);
        assert_eq!(
            name_filters(&parse("--only unit money").expect("a good line")),
            ["money", "--skip", CHAOS]
        );
    }

    #[test]
    fn a_part_installs_only_what_it_needs() {
        assert!(!parse("--only unit").expect("a good line").tools().contains(&Tool::Chromium));
        assert!(parse("").expect("a good line").tools().contains(&Tool::Chromium));
        assert!(!parse("--no-bundle --only unit").expect("a good line").tools().contains(&Tool::Trunk));
    }
}
