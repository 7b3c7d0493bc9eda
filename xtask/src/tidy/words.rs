//! Words of the Norwegian texts: one word for one thing.

use super::{Findings, Source};

/// What may not stand in them, from its beginning, with what is meant.
const FORBIDDEN: [(&str, &str); 6] = [
    ("tokenet", "tokenen"),
    ("et token", "en token"),
    ("nytt token", "ny token"),
    ("ordreutkast", "ordrekladd"),
    ("bestillings utkast", "bestillingsutkast"),
    ("prodsys til prodsys", "ProdSys to ProdSys"),
];

/// Checks one file, where it is one of Norwegian texts.
pub fn check(source: &Source, findings: &mut Findings) {
    if !source.path.ends_with("i18n/nb.txt") {
        return;
    }
    for (number, line) in (1..).zip(source.text.lines()) {
        let line = line.to_lowercase();
        for (forbidden, meant) in FORBIDDEN.iter().filter(|(forbidden, _)| has_word(&line, forbidden)) {
            findings.problems.push(format!("{}:{number}: \"{forbidden}\" is written {meant}", source.path));
        }
    }
}

/// Whether words begin like this somewhere in the line.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(position, _)| !line[..position].ends_with(char::is_alphanumeric))
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
    fn one_word_stands_for_one_thing() {
        check_one("app/i18n/nb.txt", "a.b = Lag et nytt token, og del tokenet.", 2);
        check_one("server/i18n/nb.txt", "a.b = {count} ordreutkast i ProdSys til ProdSys", 2);
        check_one("app/i18n/nb.txt", "a.b = Lagret token slutter på {last}. Be om en ny token.", 0);
        check_one("app/i18n/en.txt", "a.b = et token", 0);
    }
}
