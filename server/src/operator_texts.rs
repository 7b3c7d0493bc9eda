//! Texts for whoever runs the machine, in both languages. They stay out of the browser's half, which people wait for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use app::i18n::{Language, fill};

type Table = BTreeMap<&'static str, &'static str>;

static NB: LazyLock<Table> = LazyLock::new(|| read(include_str!("../i18n/nb.txt")));
static EN: LazyLock<Table> = LazyLock::new(|| read(include_str!("../i18n/en.txt")));

/// The lines `key = text`.
fn read(file: &'static str) -> Table {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = ")).map(|(key, text)| (key.trim(), text.trim())).collect()
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::Nb => &NB,
        Language::En => &EN,
    }
}

/// The text as it stands in the file.
pub(crate) fn lookup(language: Language, key: &str) -> Option<&'static str> {
    table(language).get(key).copied()
}

/// The text with its values; the key itself where there is no such text.
pub(crate) fn text(language: Language, key: &str, value: impl Fn(&str) -> Option<String>) -> String {
    lookup(language, key).map_or_else(|| key.to_owned(), |text| fill(text, value))
}

/// A text without values.
pub(crate) fn plain(language: Language, key: &str) -> String {
    text(language, key, |_| None)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use services::health::Code;

    use super::*;

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        assert_eq!(NB.keys().collect::<Vec<_>>(), EN.keys().collect::<Vec<_>>());
        for (key, text) in NB.iter() {
            assert_eq!(names(text), names(EN[key]), "{key}");
        }
    }

    #[test]
    fn everything_that_can_be_found_has_words_and_a_way_out() {
        for code in Code::ALL {
            for language in [Language::Nb, Language::En] {
                for group in ["finding", "fix"] {
                    let key = format!("{group}.{}", code.as_str());
                    assert!(table(language).contains_key(key.as_str()), "{key} in {language:?}");
                }
            }
        }
    }

    #[test]
    fn values_stand_where_they_belong() {
        let said =
            text(Language::En, "finding.rows_astray", |name| (name == "count").then(|| "3".to_owned()));
        assert_eq!(said, "3 rows name rows that do not exist.");
        assert_eq!(plain(Language::Nb, "no.such_text"), "no.such_text");
    }
}
