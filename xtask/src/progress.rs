//! What the person at the terminal sees: a numbered line per step, and a table at the end.

#![expect(clippy::print_stdout, reason = "the one module of this program that writes to the terminal")]

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::process;

/// Counts the steps and remembers how each went.
#[derive(Debug)]
pub struct Progress {
    total: usize,
    steps: Vec<Step>,
    started: Instant,
}

#[derive(Debug)]
struct Step {
    title: String,
    took: Duration,
    failed: bool,
}

impl Progress {
    /// So many steps will follow.
    pub fn new(total: usize) -> Self {
        Self { total, steps: Vec::new(), started: Instant::now() }
    }

    /// A step that everything after it needs: its failure ends the task.
    pub fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("[{}/{}] {title} …", self.steps.len() + 1, self.total);
        let started = Instant::now();
        let outcome = work();
        self.steps.push(Step { title: title.to_owned(), took: started.elapsed(), failed: outcome.is_err() });
        outcome
    }

    /// A step that judges: its failure is told at once and at the end, and the next step is run all the same.
    pub fn check(&mut self, title: &str, work: impl FnOnce() -> Outcome<()>) -> Outcome<()> {
        match self.step(title, work) {
            Ok(()) => Ok(()),
            Err(failure) if process::is_interrupted() => Err(failure),
            Err(failure) => {
                println!("{title}: {failure}");
                Ok(())
            }
        }
    }

    /// Prints the table, and fails where the task or one of its checks has.
    pub fn finish(self, outcome: Outcome<()>) -> Outcome<()> {
        println!("\n{}", self.table());
        outcome?;
        match self.steps.iter().filter(|step| step.failed).count() {
            0 => Ok(()),
            1 => Err(Failure::new("one step failed")),
            failed => Err(Failure::new(format!("{failed} steps failed"))),
        }
    }

    fn table(&self) -> String {
        let last = "All together";
        let width = self.steps.iter().map(|step| step.title.chars().count()).max();
        let width = width.unwrap_or_default().max(last.len());
        let mut table = String::new();
        for step in &self.steps {
            let verdict = if step.failed { "FAILED" } else { "ok" };
            let seconds = step.took.as_secs_f64();
            table.push_str(&format!("{:<width$}  {seconds:>7.1} s  {verdict}\n", step.title));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        table.push_str(&format!("{last:<width$}  {seconds:>7.1} s"));
        table
    }
}

/// A line of its own, below the step that it belongs to.
pub fn note(line: &str) {
    println!("      {line}");
}

/// Text that was asked for, as it is.
pub fn print(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_check_lets_the_next_step_run_and_fails_the_task() {
        let mut progress = Progress::new(2);
        progress.check("First", || Err(Failure::new("broken"))).expect("a check goes on");
        progress.step("Second", || Ok(())).expect("a good step");
        assert!(progress.table().contains("First         "), "{}", progress.table());
        assert_eq!(progress.finish(Ok(())), Err(Failure::new("one step failed")));
    }

    #[test]
    fn a_failed_step_ends_the_task() {
        let mut progress = Progress::new(1);
        let outcome = progress.step("Only", || Err::<(), _>(Failure::new("broken")));
        assert_eq!(progress.finish(outcome), Err(Failure::new("broken")));
    }
}
