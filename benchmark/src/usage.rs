//! What processes cost: CPU time and memory, as the kernel counts them.

use std::collections::HashMap;
use std::fs;

use crate::failure::{During, Failure, Outcome};

/// Ticks of `/proc` in a second. Linux shows 100 to programs on every machine.
const TICKS: f64 = 100.0;

/// Processes whose CPU time is counted, each with everything that it has started.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    roots: Vec<u32>,
}

impl Meter {
    /// Counts these processes.
    pub fn of(roots: impl IntoIterator<Item = u32>) -> Self {
        Self { roots: roots.into_iter().collect() }
    }

    /// Counts this process: the bare program is a part of it.
    pub fn own() -> Self {
        Self::of([std::process::id()])
    }

    /// The same with further processes.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = u32>) -> Self {
        self.roots.extend(more);
        self
    }

    /// Seconds of CPU that they have used so far, those of ended children included. Children of this very process are not counted
    /// with it: each instance has a place of its own.
    pub fn seconds(&self) -> Outcome<f64> {
        let table = processes()?;
        let mut ticks = 0;
        for root in &self.roots {
            let own = std::process::id() == *root;
            ticks += table.get(root).map_or(0, |process| if own { process.ticks } else { process.all() });
            if !own {
                ticks += below(*root, &table);
            }
        }
        // Far below what a float holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are few")]
        Ok(ticks as f64 / TICKS)
    }
}

/// Seconds of CPU of the commands that this process has run to their ends.
pub fn ended_children() -> Outcome<f64> {
    let table = processes()?;
    let ticks = table.get(&std::process::id()).map_or(0, |process| process.ended_children);
    #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are few")]
    Ok(ticks as f64 / TICKS)
}

#[derive(Clone, Copy, Debug)]
struct Process {
    parent: u32,
    ticks: u64,
    ended_children: u64,
}

impl Process {
    fn all(self) -> u64 {
        self.ticks + self.ended_children
    }
}

fn below(root: u32, table: &HashMap<u32, Process>) -> u64 {
    let children = table.iter().filter(|(_, process)| process.parent == root);
    children.map(|(id, process)| process.all() + below(*id, table)).sum()
}

fn processes() -> Outcome<HashMap<u32, Process>> {
    let mut found = HashMap::new();
    for entry in fs::read_dir("/proc").during("cannot list the processes")? {
        let Ok(entry) = entry else { continue };
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process may end while the list is read.
        if let Some(process) =
            fs::read_to_string(entry.path().join("stat")).ok().and_then(|stat| read_stat(&stat))
        {
            found.insert(id, process);
        }
    }
    Ok(found)
}

fn read_stat(stat: &str) -> Option<Process> {
    // The name may hold spaces and brackets, so the fields are counted from its end.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Process {
        parent: u32::try_from(number(1)?).ok()?,
        ticks: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

/// Mebibytes of memory that a process holds now, and held at most.
pub fn memory(id: u32) -> Outcome<(f64, f64)> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).during("cannot read a process's memory")?;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok().map(|kibibytes| kibibytes / 1024.0)
    };
    match (value("VmRSS:"), value("VmHWM:")) {
        (Some(now), Some(most)) => Ok((now, most)),
        _ => Err(Failure::new("a process does not tell its memory")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_move_the_fields() {
        let stat = "12 (a) b) S 7 1 1 0 -1 4 0 0 0 0 30 12 5 2 20 0 1 0 1 1 1";
        let process = read_stat(stat).expect("a line of the kernel");
        assert_eq!((process.parent, process.ticks, process.ended_children), (7, 42, 7));
    }

    #[test]
    fn this_process_has_memory_and_time() {
        assert!(Meter::own().seconds().expect("a figure") >= 0.0);
        let (now, most) = memory(std::process::id()).expect("figures");
        assert!(now > 0.0 && most >= now);
    }
}
