//! What was measured: a line at once, a table at the end, and a file for programs.

#![expect(clippy::print_stdout, reason = "the one module of this program that writes to the terminal")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{During, Outcome};

/// What a figure is to be, from the design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// The figure, or less.
    AtMost(f64),
    /// The figure, or more.
    AtLeast(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(limit) => format!("≤ {}", plain(limit)),
            Self::AtLeast(limit) => format!("≥ {}", plain(limit)),
        }
    }
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    target: Option<Target>,
    note: String,
}

impl Figure {
    /// A figure without a target.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, target: None, note: String::new() }
    }

    /// With what it is to be.
    #[must_use]
    pub fn reaching(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// With a few words beside it.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With how many times the bare program's figure it is.
    #[must_use]
    pub fn beside_bare(self, bare: f64) -> Self {
        let note = format!("bare {}, ×{:.2}", plain(bare), self.value / bare.max(1e-9));
        self.noted(note)
    }

    fn verdict(&self) -> &'static str {
        match self.target {
            None => "",
            Some(target) if target.is_met(self.value) => "ok",
            Some(_) => "short",
        }
    }
}

/// Everything that this run has measured.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<(String, String, Figure)>,
    heading: Vec<(String, String)>,
}

impl Report {
    /// Notes on what the figures were taken.
    pub fn describe(&mut self, what: &str, value: String) {
        println!("{what}: {value}");
        self.heading.push((what.to_owned(), value));
    }

    /// Says what is being done.
    pub fn say(&self, line: &str) {
        println!("{line}");
    }

    /// Takes a figure, and shows it at once: a later one may fail.
    pub fn add(&mut self, part: &str, database: &str, figure: Figure) {
        println!("  {}", line(&figure, 0));
        self.rows.push((part.to_owned(), database.to_owned(), figure));
    }

    /// Prints the table.
    pub fn print(&self) {
        let width = self.rows.iter().map(|(_, _, figure)| figure.name.chars().count()).max();
        let width = width.unwrap_or_default();
        let mut head = String::new();
        for (part, database, figure) in &self.rows {
            let this = format!("{part} {database}");
            if this != head {
                println!("\n{}", this.trim_end());
                head = this;
            }
            println!("  {}", line(figure, width));
        }
    }

    /// Writes the figures into the file. Those of other parts, or of the other database, stay as they were, with their own date.
    pub fn write(&self, file: &Path) -> Outcome<()> {
        let before = fs::read_to_string(file).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let before = before.and_then(|before| before.get("figures").and_then(Value::as_array).cloned());
        let is_new = |row: &Value| {
            self.rows.iter().any(|(part, database, _)| {
                row["part"] == part.as_str() && row["database"] == database.as_str()
            })
        };
        let mut figures: Vec<Value> =
            before.unwrap_or_default().into_iter().filter(|row| !is_new(row)).collect();
        figures.extend(self.rows.iter().map(|row| self.document(row)));
        let text = serde_json::to_string_pretty(&json!({ "figures": figures }))?;
        fs::write(file, text).during(format_args!("cannot write {}", file.display()))
    }

    fn document(&self, (part, database, figure): &(String, String, Figure)) -> Value {
        let mut document = json!({
            "part": part, "database": database, "name": figure.name, "value": figure.value, "unit": figure.unit,
            "target": figure.target.map(Target::text), "verdict": figure.verdict(), "note": figure.note,
        });
        for (what, value) in &self.heading {
            document[what.as_str()] = json!(value);
        }
        document
    }
}

fn line(figure: &Figure, width: usize) -> String {
    let target = figure.target.map(Target::text).unwrap_or_default();
    let value = format!("{} {}", plain(figure.value), figure.unit);
    format!("{:<width$}  {value:>16}  {target:<9} {:<5}  {}", figure.name, figure.verdict(), figure.note)
        .trim_end()
        .to_owned()
}

/// A number with as many digits as tell something.
pub fn plain(value: f64) -> String {
    let size = value.abs();
    let text = match () {
        () if size >= 100.0 => return format!("{value:.0}"),
        () if size >= 10.0 => format!("{value:.1}"),
        () => format!("{value:.3}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(plain(1234.5), "1234");
        assert_eq!(plain(12.30), "12.3");
        assert_eq!(plain(0.25), "0.25");
        assert_eq!(plain(40.0), "40");
        assert_eq!(plain(100.0), "100");
    }

    #[test]
    fn a_figure_is_judged_by_its_target() {
        let figure = |target| Figure::new("a", 10.0, "ms").reaching(target).verdict();
        assert_eq!(figure(Target::AtMost(10.0)), "ok");
        assert_eq!(figure(Target::AtMost(9.0)), "short");
        assert_eq!(figure(Target::AtLeast(11.0)), "short");
        assert_eq!(Figure::new("a", 1.0, "ms").verdict(), "");
    }

    #[test]
    fn another_part_keeps_its_figures_in_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("results.json");
        for (part, value) in [("one", 1.0), ("two", 2.0), ("one", 3.0)] {
            let mut report = Report::default();
            report.add(part, "sqlite", Figure::new("a", value, "ms"));
            report.write(&file).expect("the file is written");
        }
        let text = fs::read_to_string(&file).expect("the file");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let values: Vec<f64> = document["figures"]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row["value"].as_f64())
            .collect();
        assert_eq!(values, [2.0, 3.0]);
    }
}
