//! What stands in the column of our own numbers, where it is not a number of ours as it stands.

use serde::{Deserialize, Serialize};

use super::LineFacts;
use crate::search::number_key;
use crate::text;

/// An article of ours that a number may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnArticle {
    pub number: String,
    pub name: String,
}

/// Whether the own number of a line is one that we have.
///
/// A number that is written otherwise than ours (spaces, hyphens, dots, capitals, zeros in front) is not put right by itself, as little as
/// the supplier's: only what is identical goes by itself. The person is shown which article it would be, and takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "articles")]
pub enum OwnNumber {
    /// It is a number of ours, there is none, or the line needs none.
    #[default]
    Settled,
    /// No article of ours has it, however it is written.
    Unknown,
    /// These articles of ours have it when it is written as we write it.
    Alike(Vec<OwnArticle>),
}

impl OwnNumber {
    /// There is nothing to say about it.
    pub fn is_settled(&self) -> bool {
        *self == Self::Settled
    }

    /// Judges the own number of a line among the articles of ours that came into question.
    pub fn of(line: &LineFacts, articles: &[OwnArticle]) -> Self {
        let written = text::normalise(&line.article_number);
        if written.is_empty() || articles.iter().any(|article| article.number == written) {
            return Self::Settled;
        }
        let key = number_key(&written);
        let mut alike: Vec<OwnArticle> = articles
            .iter()
            .filter(|article| !key.is_empty() && number_key(&article.number) == key)
            .cloned()
            .collect();
        if alike.is_empty() {
            // With the supplier's number the line says what is meant, whatever we call it.
            let has_theirs = !line.supplier_article_number.trim().is_empty();
            return if has_theirs { Self::Settled } else { Self::Unknown };
        }
        alike.sort_by(|one, other| one.number.cmp(&other.number));
        alike.dedup();
        alike.truncate(super::LISTED);
        Self::Alike(alike)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(number: &str) -> OwnArticle {
        OwnArticle { number: number.to_owned(), name: format!("Artikkel {number}") }
    }

    fn check(written: &str, theirs: &str, ours: &[&str], expected: &OwnNumber) {
        let line = LineFacts {
            article_number: written.to_owned(),
            supplier_article_number: theirs.to_owned(),
            ..LineFacts::default()
        };
        let articles: Vec<OwnArticle> = ours.iter().copied().map(article).collect();
        assert_eq!(OwnNumber::of(&line, &articles), *expected, "{written:?} among {ours:?}");
    }

    #[test]
    fn only_an_identical_number_is_settled_by_itself() {
        let alike =
            |numbers: &[&str]| OwnNumber::Alike(numbers.iter().copied().map(article).collect::<Vec<_>>());
        check("101003", "", &["101003"], &OwnNumber::Settled);
        check(" 101003 ", "", &["101003"], &OwnNumber::Settled);
        check("", "", &["101003"], &OwnNumber::Settled);
        for written in ["10 1003", "10-1003", "10.1003", "0101003", "1 0 1003"] {
            check(written, "", &["101003", "101004"], &alike(&["101003"]));
        }
        check("bf 1", "", &["BF-1", "B-F1"], &alike(&["B-F1", "BF-1"]));
        // Known as it stands, whatever else is like it.
        check("BF1", "", &["BF-1", "BF1"], &OwnNumber::Settled);
        check("bf 1", "BF-1", &["BF-1"], &alike(&["BF-1"]));
        check("99123", "", &["101003"], &OwnNumber::Unknown);
        check("99123", "BF-1", &["101003"], &OwnNumber::Settled);
        check("--", "", &["101003"], &OwnNumber::Unknown);
    }
}
