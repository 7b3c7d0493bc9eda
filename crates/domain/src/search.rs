//! Search while typing: what of an article is found by, what a typed text asks for, and in which order hits are shown.
//!
//! `store` looks keys and words up and gives a bounded number of candidates; everything that decides is here, so that both
//! databases answer alike.

mod edits;
mod names;
mod postings;
mod ranking;

use serde::{Deserialize, Serialize};

use crate::articles::ArticleRow;
use crate::decimal::{Quantity, UnitPrice};
use crate::matching::PartnerArticle;
use crate::text;
use crate::time::Timestamp;

pub use edits::{Halves, is_one_edit, is_one_edit_of_beginning, one_edit_away};
pub use names::{FIRST, MAX_WORD, MIN_PART, endings, is_part, number_key, words_of_name, words_of_text};
pub use postings::{BLOCK, Documents, place_of, written};
pub use ranking::rank;

/// Longest text that is searched for, in characters.
pub const MAX_TEXT: usize = 200;
/// Words of a text that are looked at.
const MAX_WORDS: usize = 8;
/// The shortest word or number in which an error is forgiven: in shorter ones nearly everything is one error away.
const MIN_FORGIVEN: usize = 4;
/// The longest one, which bounds how many keys are tried.
const MAX_FORGIVEN: usize = 20;

/// An article that fits what is being typed: ours, the supplier's, or both where we know that they are one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    pub own: Option<ArticleRow>,
    pub partner: Option<PartnerArticle>,
    pub bought: Option<Bought>,
    /// Whether it fits only if a typing error is forgiven.
    pub is_forgiven: bool,
}

impl SearchHit {
    /// Our number; empty where the article is only in the supplier's register.
    pub fn own_number(&self) -> &str {
        self.own.as_ref().map_or("", |own| &own.number)
    }

    /// Our name of the article, or else the supplier's.
    pub fn name(&self) -> &str {
        let theirs = self.partner.as_ref().map_or("", |partner| &partner.name);
        self.own.as_ref().map_or(theirs, |own| &own.name)
    }

    /// The unit in which we order it, or else in which it is sold.
    pub fn unit(&self) -> &str {
        let theirs = self.partner.as_ref().map_or("", |partner| &partner.unit);
        self.own.as_ref().map_or(theirs, |own| &own.unit)
    }

    /// Our price, or else the supplier's, with the quantity that it is for and its currency.
    pub fn price(&self) -> Option<(UnitPrice, Quantity, &str)> {
        let theirs = || {
            let partner = self.partner.as_ref()?;
            Some((partner.price?, partner.price_base_quantity, partner.currency.as_str()))
        };
        let own = self.own.as_ref();
        own.map(|own| (own.price, own.price_base_quantity, own.currency.as_str())).or_else(theirs)
    }

    /// The supplier's number of the article, where it is known.
    pub fn supplier_number(&self) -> Option<&String> {
        let own = self.own.as_ref().and_then(|own| own.supplier_article_number.as_ref());
        self.partner.as_ref().map(|partner| &partner.number).or(own)
    }

    /// Whether one of its numbers is the text.
    pub fn is_number(&self, query: &Query) -> bool {
        ranking::keys_of(self).contains(&query.key)
    }
}

/// How often and how lately an article was ordered from the supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Orders that held it.
    pub times: i64,
    pub last_at: Timestamp,
    /// `None` where it is not known what the price was for.
    pub last_price: Option<BoughtPrice>,
}

/// What an article was ordered at, and what that price is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoughtPrice {
    pub price: UnitPrice,
    pub base_quantity: Quantity,
    pub unit: String,
}

/// What one article is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its numbers, as [`number_key`] makes them, each once.
    pub keys: Vec<String>,
    /// As [`words_of_name`] makes them, each once.
    pub words: Vec<String>,
}

impl Entry {
    /// What an article with these numbers (GTIN among them) and this name is found by.
    pub fn of<'a>(numbers: impl IntoIterator<Item = &'a str>, name: &str) -> Self {
        let mut keys: Vec<String> = numbers.into_iter().map(number_key).collect();
        keys.retain(|key| !key.is_empty());
        keys.sort_unstable();
        keys.dedup();
        Self { keys, words: words_of_name(name) }
    }
}

/// A typed text, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Normal form C, outer spaces trimmed.
    pub text: String,
    /// In the order in which they were typed, each once.
    pub words: Vec<String>,
    /// The whole text as a number; empty where it cannot be one.
    pub key: String,
}

impl Query {
    /// `None` when there is nothing to look for: nothing typed, only punctuation, or more than [`MAX_TEXT`] characters.
    pub fn read(typed: &str) -> Option<Self> {
        let text = text::normalise(typed);
        if text.chars().count() > MAX_TEXT {
            return None;
        }
        let mut words = words_of_text(&text);
        words.truncate(MAX_WORDS);
        let key = if text.chars().count() <= crate::articles::MAX_NUMBER {
            number_key(&text)
        } else {
            String::new()
        };
        (!words.is_empty() || !key.is_empty()).then_some(Self { text, words, key })
    }

    /// The numbers that may have been typed: the whole text, and each word that could be one.
    pub fn numbers(&self) -> Vec<String> {
        let mut numbers = vec![self.key.clone()];
        if self.words.len() > 1 {
            let with_digits = self.words.iter().filter(|word| has_digit(word));
            numbers.extend(with_digits.map(|word| number_key(word)).filter(|key| key.chars().count() > 1));
        }
        numbers.retain(|number| !number.is_empty());
        numbers.dedup();
        numbers
    }

    /// Numbers that are one typing error away from the whole text; none where it is no number.
    pub fn misspelled_numbers(&self) -> Vec<String> {
        if has_digit(&self.key) && may_be_misspelled(&self.key) {
            one_edit_away(&self.key)
        } else {
            Vec::new()
        }
    }
}

/// Whether an error in it is forgiven.
pub fn may_be_misspelled(word: &str) -> bool {
    (MIN_FORGIVEN..=MAX_FORGIVEN).contains(&word.chars().count())
}

pub(crate) fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
