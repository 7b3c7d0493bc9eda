//! The texts of the interface: a typed table made from `i18n/nb.txt` and `i18n/en.txt`, see `build.rs`.

use std::fmt::Display;

pub use domain::language::Language;
use leptos::prelude::*;

/// Every text in one language: a number wide, so it is copied into closures freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts {
    language: Language,
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

impl Texts {
    /// The texts in a language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language of these texts.
    pub fn language(self) -> Language {
        self.language
    }

    fn text(self, index: usize) -> &'static str {
        let table = match self.language {
            Language::Nb => &NB,
            Language::En => &EN,
        };
        table.get(index).copied().unwrap_or_default()
    }

    fn filled(self, index: usize, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        for part in parts(self.text(index)) {
            match part {
                Part::Words(words) => filled.push_str(words),
                Part::Name(name) => {
                    if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                        filled.push_str(&value.to_string());
                    }
                }
            }
        }
        filled
    }

    fn named(self, table: &[(&str, usize)], name: &str) -> Option<&'static str> {
        let found = table.binary_search_by_key(&name, |(known, _)| known).ok()?;
        table.get(found).map(|(_, index)| self.text(*index))
    }
}

enum Part<'a> {
    Words(&'a str),
    Name(&'a str),
}

/// A text as words and placeholders; the build has checked that every brace has its partner.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inside) = rest.strip_prefix('{')
            && let Some((name, after)) = inside.split_once('}')
        {
            rest = after;
            return Some(Part::Name(name));
        }
        let end = rest.char_indices().find(|(at, c)| *at > 0 && *c == '{').map_or(rest.len(), |(at, _)| at);
        let (words, after) = rest.split_at(end);
        rest = after;
        Some(Part::Words(words))
    })
}

/// Puts values in a text that was looked up by name. A sentence whose placeholder has no value is left out, since half of it
/// would say less than nothing.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut sentences = Vec::new();
    for sentence in text.split_inclusive(". ") {
        let filled: Option<String> = parts(sentence)
            .map(|part| match part {
                Part::Words(words) => Some(words.to_owned()),
                Part::Name(name) => value(name),
            })
            .collect();
        sentences.extend(filled);
    }
    sentences.concat().trim_end().to_owned()
}

/// The texts of this page. Given by `App`, in the language that the request asks for.
pub fn use_texts() -> Texts {
    use_context().unwrap_or(Texts::new(Language::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::errors::ErrorCode;
    use domain::roles::Role;

    #[test]
    fn every_error_code_has_words_in_both_languages() {
        for code in ErrorCode::ALL {
            for language in [Language::Nb, Language::En] {
                assert!(
                    Texts::new(language).error(code.as_str()).is_some(),
                    "error.{code} is missing in {}",
                    language.as_str()
                );
            }
        }
    }

    #[test]
    fn every_role_has_words() {
        for role in Role::ALL {
            assert!(
                Texts::new(Language::Nb).status(&format!("role.{}", role.as_str())).is_some(),
                "{role:?}"
            );
        }
    }

    #[test]
    fn no_text_scolds_or_begs() {
        let banned = ["ugyldig", "vennligst", "oops", "invalid", "please"];
        for text in NB.iter().chain(EN.iter()) {
            let lower = text.to_lowercase();
            for word in banned {
                assert!(!lower.contains(word), "«{text}» says {word}");
            }
        }
    }

    #[test]
    fn plurals_and_placeholders() {
        let nb = Texts::new(Language::Nb);
        assert_eq!(nb.count_lines(1), "1 linje");
        assert_eq!(nb.count_lines(0), "0 linjer");
        assert_eq!(Texts::new(Language::En).frame_range(1, 50, 214), "1–50 of 214");
    }

    #[test]
    fn a_sentence_without_its_value_is_left_out() {
        let text = "Du har prøvd mange ganger. Prøv igjen {time}.";
        assert_eq!(fill(text, |_| None), "Du har prøvd mange ganger.");
        assert_eq!(
            fill(text, |name| (name == "time").then(|| "kl. 14:40".to_owned())),
            "Du har prøvd mange ganger. Prøv igjen kl. 14:40."
        );
    }
}
