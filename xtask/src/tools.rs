//! Installs what a task needs and the machine lacks.
//!
//! Own tools go to a folder of their own and are found there without PATH. Whether one is in place is found out
//! by running it, so a second run has nothing to do.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{During, Failure, Outcome};
use crate::progress::Progress;
use crate::workspace::{BROWSER_TARGET, Workspace, environment, find_in_path, is_root};
use crate::{lockfile, postgres, process};

/// The last Trunk that this toolchain can compile.
const TRUNK_VERSION: &str = "0.21.14";
/// Debian's is too old for what the compiler emits.
const BINARYEN_VERSION: &str = "132.0.0";
/// Names under which Chromium is installed, the one that Playwright is tested with first.
const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Something a task needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// The compiler's half for the browser.
    BrowserTarget,
    /// Builds the bundle.
    Trunk,
    /// Makes the JavaScript around the WASM.
    WasmBindgen,
    /// Makes the WASM smaller.
    Binaryen,
    /// Playwright and axe, for the browser stories.
    Playwright,
    /// The browser of the browser stories.
    Chromium,
    /// The second database of the contract tests.
    PostgreSql,
    /// Shows in which order a server writes, syncs and answers.
    Strace,
}

/// What the bundle needs.
pub const FOR_BUNDLE: [Tool; 4] = [Tool::BrowserTarget, Tool::Trunk, Tool::WasmBindgen, Tool::Binaryen];
/// What the browser stories need on top.
pub const FOR_BROWSER: [Tool; 2] = [Tool::Playwright, Tool::Chromium];
/// What the tests on the host need on top.
pub const FOR_HOST_TESTS: [Tool; 2] = [Tool::PostgreSql, Tool::Strace];

/// Those that are not in place in the right version.
pub fn missing(workspace: &Workspace, wanted: &[Tool]) -> Outcome<Vec<Tool>> {
    let needs_node = wanted.iter().any(|tool| matches!(tool, Tool::Binaryen | Tool::Playwright));
    if needs_node && (find_in_path("node").is_none() || find_in_path("npm").is_none()) {
        return Err(Failure::new(
            "Node.js is needed: install `node` (20 or newer) and `npm`, then start again",
        ));
    }
    let mut missing = Vec::new();
    for tool in wanted {
        if !tool.is_in_place(workspace)? {
            missing.push(*tool);
        }
    }
    Ok(missing)
}

/// Installs them, one step each.
pub fn install(workspace: &Workspace, progress: &mut Progress, missing: &[Tool]) -> Outcome<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let folder = &workspace.tools;
    fs::create_dir_all(folder).during(format_args!("cannot make {}", folder.display()))?;
    // Two tasks at once must not install into each other's files. The lock goes with the file's handle.
    let lock = File::create(folder.join(".lock")).during("cannot make the tools' lock file")?;
    lock.lock().during("cannot lock the tools folder")?;
    for tool in missing {
        progress.step(&format!("Installing {}", tool.title()?), || {
            if tool.is_in_place(workspace)? { Ok(()) } else { tool.install(workspace) }
        })?;
    }
    Ok(())
}

/// The folder of the programs that cargo installs.
pub fn programs(workspace: &Workspace) -> PathBuf {
    workspace.tools.join("bin")
}

/// A command that runs wasm-opt.
pub fn wasm_opt(workspace: &Workspace) -> Command {
    let mut command = Command::new("node");
    command.arg(workspace.tools.join("npm/node_modules/binaryen/bin/wasm-opt"));
    command
}

/// The browser of the browser stories.
pub fn find_chromium() -> Option<PathBuf> {
    if let Some(chosen) = environment("CHROMIUM") {
        return Some(PathBuf::from(chosen));
    }
    let application = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    let installed = CHROMIUM_NAMES.iter().find_map(|name| find_in_path(name));
    installed.or_else(|| application.is_file().then_some(application))
}

impl Tool {
    fn title(self) -> Outcome<String> {
        Ok(match self {
            Self::BrowserTarget => format!("the compiler's target {BROWSER_TARGET}"),
            Self::Trunk => format!("Trunk {TRUNK_VERSION} (about four minutes)"),
            Self::WasmBindgen => format!("wasm-bindgen {} (about two minutes)", wasm_bindgen_version()?),
            Self::Binaryen => format!("Binaryen {BINARYEN_VERSION}"),
            Self::Playwright => "Playwright and axe".to_owned(),
            Self::Chromium => "Chromium".to_owned(),
            Self::PostgreSql => "PostgreSQL".to_owned(),
            Self::Strace => "strace".to_owned(),
        })
    }

    fn is_in_place(self, workspace: &Workspace) -> Outcome<bool> {
        let programs = programs(workspace);
        Ok(match self {
            Self::BrowserTarget => browser_target_is_installed(),
            Self::Trunk => answers(&programs.join("trunk"), TRUNK_VERSION),
            Self::WasmBindgen => answers(&programs.join("wasm-bindgen"), &wasm_bindgen_version()?),
            Self::Binaryen => binaryen_is_installed(workspace),
            Self::Playwright => playwright_is_installed(workspace),
            Self::Chromium => {
                find_chromium().is_some_and(|program| process::answer_of(program, &["--version"]).is_some())
            }
            Self::PostgreSql => postgres::find_programs().is_some_and(|programs| {
                process::answer_of(programs.join("initdb"), &["--version"]).is_some()
            }),
            Self::Strace => process::answer_of("strace", &["--version"]).is_some(),
        })
    }

    fn install(self, workspace: &Workspace) -> Outcome<()> {
        match self {
            Self::BrowserTarget => add_browser_target(workspace),
            Self::Trunk => install_with_cargo(workspace, "trunk", TRUNK_VERSION, &["--locked"]),
            // Its own lock file names versions that no longer compile together.
            Self::WasmBindgen => {
                install_with_cargo(workspace, "wasm-bindgen-cli", &wasm_bindgen_version()?, &[])
            }
            Self::Binaryen => {
                let mut command = Command::new("npm");
                command.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]);
                command.arg(workspace.tools.join("npm")).arg(format!("binaryen@{BINARYEN_VERSION}"));
                process::run_quietly(command.current_dir(&workspace.tools))
            }
            Self::Playwright => {
                let mut command = Command::new("npm");
                command.args(["ci", "--no-audit", "--no-fund"]).current_dir(workspace.end_to_end());
                process::run_quietly(&mut command)?;
                let installed = locked_packages(workspace)?;
                fs::write(playwright_stamp(workspace), installed).during("cannot note what npm has installed")
            }
            Self::Chromium => install_with_apt("chromium"),
            Self::PostgreSql => install_with_apt("postgresql"),
            Self::Strace => install_with_apt("strace"),
        }
    }
}

fn wasm_bindgen_version() -> Outcome<String> {
    lockfile::Lockfile::read()?.only_version("wasm-bindgen")
}

/// True where the program says "name version".
fn answers(program: &Path, version: &str) -> bool {
    process::answer_of(program, &["--version"])
        .is_some_and(|answer| answer.split_whitespace().nth(1) == Some(version))
}

fn browser_target_is_installed() -> bool {
    let arguments = ["--print", "target-libdir", "--target", BROWSER_TARGET];
    process::answer_of("rustc", &arguments).is_some_and(|folder| Path::new(&folder).is_dir())
}

fn add_browser_target(workspace: &Workspace) -> Outcome<()> {
    if find_in_path("rustup").is_none() {
        let advice =
            format!("the compiler lacks the target {BROWSER_TARGET}, and rustup is not there to add it");
        return Err(Failure::new(advice));
    }
    let mut command = Command::new("rustup");
    process::run(command.args(["target", "add", BROWSER_TARGET]).current_dir(&workspace.root))
}

fn binaryen_is_installed(workspace: &Workspace) -> bool {
    let Ok(output) = wasm_opt(workspace).arg("--version").output() else { return false };
    let major = BINARYEN_VERSION.split('.').next().unwrap_or(BINARYEN_VERSION);
    output.status.success()
        && String::from_utf8_lossy(&output.stdout).starts_with(&format!("wasm-opt version {major}"))
}

fn playwright_is_installed(workspace: &Workspace) -> bool {
    let noted = fs::read(playwright_stamp(workspace)).ok();
    noted.is_some() && noted == locked_packages(workspace).ok()
}

/// Lies among the packages, so that it goes with them.
fn playwright_stamp(workspace: &Workspace) -> PathBuf {
    workspace.end_to_end().join("node_modules/.installed-package-lock.json")
}

fn locked_packages(workspace: &Workspace) -> Outcome<Vec<u8>> {
    fs::read(workspace.end_to_end().join("package-lock.json")).during("cannot read end2end/package-lock.json")
}

fn install_with_cargo(workspace: &Workspace, name: &str, version: &str, options: &[&str]) -> Outcome<()> {
    // Built outside the clone, so that the clone's compiler flags are not used for a tool.
    let scratch = workspace.tools.join("build");
    let mut command = process::cargo();
    command
        .args(["install", name, "--version", version, "--force", "--root"])
        .arg(&workspace.tools)
        .args(options);
    command.current_dir(&workspace.tools).env("CARGO_TARGET_DIR", &scratch);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    let outcome = process::run(&mut command);
    if scratch.exists() {
        fs::remove_dir_all(&scratch).during(format_args!("cannot remove {}", scratch.display()))?;
    }
    outcome
}

fn install_with_apt(package: &str) -> Outcome<()> {
    if find_in_path("apt-get").is_none() || !is_root() {
        let advice = format!("please install {package} with your system's package manager, then start again");
        return Err(Failure::new(advice));
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        process::run_quietly(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", package])
}
