//! Measures the real program, from outside: processes of their own on loopback, set up through their command line.
//! `cargo xtask bench` builds what is needed and starts this.

use std::process::ExitCode;

use crate::failure::Outcome;
use crate::report::Report;
use crate::setting::{Kind, Setting};

mod client;
mod failure;
mod instance;
mod parts;
mod report;
mod rows;
mod setting;
mod statistics;
mod usage;

fn main() -> ExitCode {
    let mut report = Report::default();
    let outcome = Setting::parse(std::env::args().skip(1)).and_then(|setting| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(run(&setting, &mut report))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report.say(&format!("\nbench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(setting: &Setting, report: &mut Report) -> Outcome<()> {
    describe(setting, report);
    let mut failed = Vec::new();
    for part in parts::PARTS.iter().filter(|part| setting.includes(part.name)) {
        let kinds = if part.on_databases { setting.kinds() } else { vec![Kind::Sqlite] };
        for kind in kinds {
            let database = if part.on_databases { kind.word() } else { "" };
            report.say(&format!("{} {database} …", part.name));
            // A part that cannot be measured does not take the others with it.
            if let Err(failure) = (part.measure)(setting, kind, report).await {
                report.say(&format!("  {failure}"));
                failed.push(format!("{} {database}", part.name));
            }
        }
    }
    report.print();
    report.write(&setting.results)?;
    if failed.is_empty() {
        return Ok(());
    }
    Err(failure::Failure::new(format!("could not be measured: {}", failed.join(", "))))
}

fn describe(setting: &Setting, report: &mut Report) {
    let day = rows::now().map(|now| day_of(now / 1_000_000)).unwrap_or_default();
    report.describe("date", day);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    report.describe("cores", cores.to_string());
    report
        .describe("amounts", if setting.quick { "small: nothing to be compared" } else { "full" }.to_owned());
}

/// The day of a time in seconds since 1970, as `2026-05-01` (Howard Hinnant's `civil_from_days`).
fn day_of(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day_of(0), "1970-01-01");
        assert_eq!(day_of(951_782_400), "2000-02-29");
        assert_eq!(day_of(1_777_593_600), "2026-05-01");
    }
}
