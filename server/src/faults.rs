//! Puts the faults that a test asks for into this process: a point at which it ends, a bug that it has. Debug builds alone.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use protocol::faults::{self, Bug, Faults, Point};

use crate::config::Config;
use crate::start_error::StartError;

/// Reads the three settings and puts in what they name.
///
/// # Errors
/// When there is no such point or bug: a test must not pass because of a slip of the pen.
pub fn install(config: &Config) -> Result<(), StartError> {
    let wrong = |what: &str| StartError::Configuration(format!("{what} names nothing that is known"));
    let bug = match &config.bug {
        Some(name) => Some(Bug::from_name(name).ok_or_else(|| wrong("bug"))?),
        None => None,
    };
    let mut faults = Faults { watched: None, bug };
    if let Some(text) = &config.crash_at {
        let (name, passage) = text.split_once(':').ok_or_else(|| wrong("crash_at"))?;
        let point = Point::from_name(name).ok_or_else(|| wrong("crash_at"))?;
        let passage = passage.parse().map_err(|_| wrong("crash_at"))?;
        let log = config.crash_log.clone().ok_or_else(|| wrong("crash_log"))?;
        let counter = Counter { point, passage, log, passed: Mutex::new(0) };
        faults.watched = Some((point, Box::new(move || counter.pass())));
    }
    faults::install(faults);
    Ok(())
}

/// Counts passages and ends the process at one of them.
struct Counter {
    point: Point,
    passage: u32,
    log: PathBuf,
    passed: Mutex<u32>,
}

impl Counter {
    fn pass(&self) {
        // One after the other, so that nobody passes while the process ends.
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        // The file is made by the test when the start is over: what a process does at its start is not meant.
        let Ok(mut log) = OpenOptions::new().append(true).open(&self.log) else { return };
        *passed += 1;
        let written = writeln!(log, "{} {}", self.point.as_str(), *passed);
        if *passed == self.passage && written.is_ok() {
            std::process::abort();
        }
    }
}
