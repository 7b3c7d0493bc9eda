//! What the benchmark is told: which programs, how much, and which parts.

use std::path::PathBuf;

use crate::failure::{Failure, Outcome};

/// Which database both instances use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file each.
    Sqlite,
    /// A database each, on one server.
    Postgres,
}

impl Kind {
    /// Its word on the command line and in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Everything that is decided before the first measurement.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The program that is measured, built for release.
    pub program: PathBuf,
    /// The browser half.
    pub site: PathBuf,
    /// The scripts that drive Chromium.
    pub scripts: PathBuf,
    /// Chromium.
    pub chromium: Option<PathBuf>,
    /// The static prototype of the status page, where it is there.
    pub prototype: Option<PathBuf>,
    /// A PostgreSQL that syncs its commits.
    pub postgres_url: Option<String>,
    /// Its first process.
    pub postgres_process: Option<u32>,
    /// Where the figures go.
    pub results: PathBuf,
    /// Few repetitions, to see that everything runs.
    pub quick: bool,
    /// Only these parts; all when empty.
    pub only: Vec<String>,
    /// Only this database.
    pub database: Option<String>,
}

impl Setting {
    /// Understands the command line that `cargo xtask bench` writes.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Outcome<Self> {
        let mut setting = Self::default();
        let mut rest = arguments.into_iter();
        while let Some(option) = rest.next() {
            if option == "--quick" {
                setting.quick = true;
                continue;
            }
            let value = rest.next().ok_or_else(|| Failure::new(format!("{option} needs a value")))?;
            match option.as_str() {
                "--program" => setting.program = value.into(),
                "--site" => setting.site = value.into(),
                "--scripts" => setting.scripts = value.into(),
                "--chromium" => setting.chromium = Some(value.into()),
                "--prototype" => setting.prototype = Some(value.into()),
                "--postgres-url" => setting.postgres_url = Some(value),
                "--postgres-process" => setting.postgres_process = value.parse().ok(),
                "--results" => setting.results = value.into(),
                "--only" => setting.only.push(value),
                "--database" => setting.database = Some(value),
                _ => return Err(Failure::new(format!("there is no option {option}"))),
            }
        }
        Ok(setting)
    }

    /// The full number, or a small one where everything is only tried out.
    pub fn amount(&self, full: i64, quick: i64) -> i64 {
        if self.quick { quick } else { full }
    }

    /// The databases to measure on.
    pub fn kinds(&self) -> Vec<Kind> {
        let wanted = |kind: &Kind| self.database.as_ref().is_none_or(|word| word == kind.word());
        let there = |kind: &Kind| *kind == Kind::Sqlite || self.postgres_url.is_some();
        [Kind::Sqlite, Kind::Postgres].into_iter().filter(|kind| wanted(kind) && there(kind)).collect()
    }

    /// Whether a part is wanted.
    pub fn includes(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }

    /// The first process of the database server, where there is one to count.
    pub fn database_process(&self, kind: Kind) -> Option<u32> {
        self.postgres_process.filter(|_| kind == Kind::Postgres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_understood() {
        let line = "--quick --only export --database sqlite --postgres-process 12";
        let setting = Setting::parse(line.split(' ').map(str::to_owned)).expect("a good line");
        assert!(setting.quick && setting.includes("export") && !setting.includes("batch"));
        assert_eq!(setting.kinds(), [Kind::Sqlite]);
        assert_eq!(setting.database_process(Kind::Sqlite), None);
        assert_eq!(setting.database_process(Kind::Postgres), Some(12));
        assert!(Setting::parse(["--database".to_owned()]).is_err());
    }
}
