//! Running other programs, so that an interruption ends them and what they were started for is cleaned up.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::failure::{During, Failure, Outcome};

/// How often a running program is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(40);
/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on Ctrl-C and a request to terminate end this program by way of an ordinary failure,
/// so that everything it has started is stopped and its temporary folders are removed.
pub fn catch_interruptions() -> Outcome<()> {
    let flag = INTERRUPTED.get_or_init(|| Arc::new(AtomicBool::new(false)));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(flag)).during("cannot watch for interruptions")?;
    }
    Ok(())
}

/// True once somebody has asked this program to end.
pub fn is_interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// cargo, without what the cargo that runs this program has put into its environment. Build scripts watch those variables (that of
/// `ring` does), and would build everything anew whenever a task and a person at the keyboard take turns.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    clear_cargo_variables(&mut command);
    command
}

/// Takes away what cargo tells the programs that it runs.
pub fn clear_cargo_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
                .iter()
                .any(|head| name.starts_with(head))
        });
        if told {
            command.env_remove(name);
        }
    }
}

/// Runs a program to its end, with its output on this terminal. Fails where it fails.
pub fn run(command: &mut Command) -> Outcome<()> {
    let name = name_of(command);
    refuse_if_interrupted()?;
    let mut child = command.stdin(Stdio::null()).spawn().during(format_args!("cannot start {name}"))?;
    let status = wait(&mut child, &name)?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} failed ({status})"))) }
}

/// Runs a program to its end without showing what it prints, unless it fails.
pub fn run_quietly(command: &mut Command) -> Outcome<()> {
    let name = name_of(command);
    refuse_if_interrupted()?;
    let output = command.stdin(Stdio::null()).output().during(format_args!("cannot start {name}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].concat();
    Err(Failure::new(format!(
        "{name} failed ({}):\n{}",
        output.status,
        String::from_utf8_lossy(&told).trim()
    )))
}

/// Runs a program that leaves another one running behind it, which must not keep this terminal's pipes open.
pub fn run_unread(command: &mut Command) -> Outcome<()> {
    run(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

/// What a program prints when it is asked for something, or nothing where it is not there or refuses.
pub fn answer_of(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn wait(child: &mut Child, name: &str) -> Outcome<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().during(format_args!("cannot wait for {name}"))? {
            refuse_if_interrupted()?;
            return Ok(status);
        }
        if is_interrupted() {
            end(child, name)?;
            return Err(interrupted());
        }
        pause(POLL_INTERVAL);
    }
}

/// Asks the program to end, and ends it where it does not.
fn end(child: &mut Child, name: &str) -> Outcome<()> {
    // The standard library can only kill, and a killed test runner would leave its servers running.
    answer_of("kill", &["-TERM", &child.id().to_string()]);
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if child.try_wait().during(format_args!("cannot wait for {name}"))?.is_some() {
            return Ok(());
        }
        pause(POLL_INTERVAL);
    }
    child.kill().during(format_args!("cannot end {name}"))?;
    child.wait().during(format_args!("cannot wait for {name}"))?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program has one thread and no other way to wait for a child"
)]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

fn refuse_if_interrupted() -> Outcome<()> {
    if is_interrupted() { Err(interrupted()) } else { Ok(()) }
}

fn interrupted() -> Failure {
    Failure::new("interrupted")
}

fn name_of(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program()).to_string_lossy();
    match command.get_args().next() {
        Some(argument) => format!("`{program} {}`", argument.to_string_lossy()),
        None => format!("`{program}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_in_the_failure() {
        let failure = run(Command::new("sh").args(["-c", "exit 3"])).expect_err("exit status 3");
        assert_eq!(failure.to_string(), "`sh -c` failed (exit status: 3)");
    }

    #[test]
    fn a_program_that_is_not_there_gives_no_answer() {
        assert_eq!(answer_of("prodsys-no-such-program", &[]), None);
        assert_eq!(answer_of("echo", &["hello"]), Some("hello".to_owned()));
    }
}
