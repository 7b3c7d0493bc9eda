//! Rules about single files.

use super::{Findings, Source};

/// No Rust file is longer.
const LINES_MAX: usize = 400;
/// What may be used in one crate only, with that crate's folder.
/// (Written in pieces, so that this file does not break its own rules.)
const OWNED: [(&str, &str); 2] =
    [(concat!("sqlx", "::"), "crates/store/"), (concat!("reqwest", "::"), "crates/exchange/")];
/// The judges of the fault tests and of bad input read both databases with SQL of their own: they must not believe the code that they
/// judge. A third one breaks databases on purpose.
const JUDGES: [&str; 3] = [
    "server/tests/it/chaos/snapshot.rs",
    "server/tests/it/bad_input/rows.rs",
    "server/tests/it/backup/rows.rs",
];
/// The bare program of the bench and its rows: it must not be made of the code that it is compared with.
const BENCH_ROWS: &str = "benchmark/src/rows/";
/// A part of a page that waits is made by the one function that knows how: on the server such a part is looked at several times, and what
/// a bare one had asked for was asked again, or was missing in the page.
const WAITING_PART: (&str, &str) = (concat!("Suspend", "::new("), "app/src/page_data.rs");
/// What a test may not be marked with: a test that never runs is no test.
const SWITCHED_OFF: [&str; 3] =
    [concat!("#[", "ignore"), concat!("test", ".only("), concat!("test", ".fixme(")];
/// Folders of one particular machine.
const MACHINE_FOLDERS: [&str; 2] = [concat!("/", "work"), concat!("/", "root")];

/// Checks one file.
pub fn check(source: &Source, findings: &mut Findings) {
    let Source { path, text } = source;
    let is_rust = path.ends_with(".rs");
    if is_rust {
        check_length(path, text, findings);
    }
    for (number, line) in (1..).zip(text.lines()) {
        let mut report = |problem: String| findings.problems.push(format!("{path}:{number}: {problem}"));
        if is_rust {
            for (prefix, owner) in OWNED {
                if !path.starts_with(owner)
                    && !JUDGES.contains(&path.as_str())
                    && !path.starts_with(BENCH_ROWS)
                    && uses(line, prefix)
                {
                    report(format!("{prefix} is used by {owner} alone"));
                }
            }
            let (waiting, owner) = WAITING_PART;
            if path != owner && uses(line, waiting) {
                report(format!("a part that waits is made by `suspend` of {owner}"));
            }
        }
        if is_rust || path.starts_with("end2end/") {
            for mark in SWITCHED_OFF {
                if line.trim_start().starts_with(mark) {
                    report(format!("{mark} switches tests off"));
                }
            }
        }
        for folder in MACHINE_FOLDERS {
            if names_folder(line, folder) {
                report(format!("{folder} is a folder of one machine"));
            }
        }
    }
}

fn check_length(path: &str, text: &str, findings: &mut Findings) {
    let lines = text.lines().count();
    if lines > LINES_MAX {
        findings.problems.push(format!("{path}: {lines} lines, and {LINES_MAX} are the limit"));
    }
}

/// True where the line's code, not its comment, uses a path that begins like this.
fn uses(line: &str, prefix: &str) -> bool {
    let code = line.split("//").next().unwrap_or(line);
    code.match_indices(prefix).any(|(position, _)| !code[..position].ends_with(is_name_character))
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// True where the line has the absolute path of this folder or of something in it.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(position, _)| {
        let before = line[..position].chars().next_back();
        let after = line[position + folder.len()..].chars().next();
        let is_absolute =
            before.is_none_or(|character| !is_name_character(character) && !"./~}>*-".contains(character));
        is_absolute && after.is_none_or(|character| !is_name_character(character) && character != '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(path: &str, text: &str, problems: usize) {
        let mut findings = Findings::default();
        check(&Source { path: path.to_owned(), text: text.to_owned() }, &mut findings);
        assert_eq!(findings.problems.len(), problems, "{:?}", findings.problems);
    }

    #[test]
    fn sql_belongs_to_the_store_and_calls_to_the_exchange() {
        let sql = concat!("use sqlx", "::Row;");
        check_one("crates/store/src/orders.rs", sql, 0);
        check_one("crates/services/src/orders.rs", sql, 1);
        check_one(JUDGES[0], sql, 0);
        check_one("benchmark/src/rows/seed.rs", sql, 0);
        check_one("benchmark/src/main.rs", sql, 1);
        check_one("server/src/main.rs", concat!("reqwest", "::get(url)"), 1);
        check_one("server/src/main.rs", concat!("// as sqlx", "::Row does"), 0);
        check_one("server/src/main.rs", concat!("my_sqlx", "::Row"), 0);
    }

    #[test]
    fn parts_that_wait_are_made_in_one_place() {
        let waiting = concat!("{move || Suspend", "::new(async move { page.await })}");
        check_one("app/src/pages/orders/edit.rs", waiting, 1);
        check_one("app/src/components/frame.rs", concat!("leptos::prelude::Suspend", "::new(part)"), 1);
        check_one(WAITING_PART.1, waiting, 0);
        check_one("app/src/pages/orders/edit.rs", "{move || suspend(async move { page.await })}", 0);
        check_one("app/src/pages/orders/edit.rs", concat!("// never Suspend", "::new(part)"), 0);
    }

    #[test]
    fn tests_are_not_switched_off() {
        check_one("server/tests/a.rs", concat!("    #[", "ignore = \"slow\"]"), 1);
        check_one("end2end/a.spec.ts", concat!("test", ".only('a', () => {})"), 1);
    }

    #[test]
    fn folders_of_one_machine_are_found() {
        check_one("README.md", concat!("cd /", "work/main"), 1);
        check_one("README.md", concat!("\"/", "root\""), 1);
        check_one("README.md", concat!("see ../", "work/a and a/", "root, /", "workers and ~/", "work"), 0);
    }

    #[test]
    fn long_files_are_found() {
        check_one("a.rs", &"\n".repeat(LINES_MAX), 0);
        check_one("a.rs", &"\n".repeat(LINES_MAX + 1), 1);
        check_one("a.md", &"\n".repeat(LINES_MAX + 1), 0);
    }
}
