//! *Søk eller kjør kommando*: what a typed text may mean among commands, and what the server finds beside them.

use serde::{Deserialize, Serialize};

use crate::articles::ArticleRow;
use crate::contacts::ContactRole;
use crate::ids::ContactId;
use crate::orders::PurchaseOrderRow;

/// A contact that a text may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaletteContact {
    pub contact_id: ContactId,
    pub name: String,
    pub role: ContactRole,
}

/// What the server finds; a few of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaletteHits {
    pub orders: Vec<PurchaseOrderRow>,
    pub articles: Vec<ArticleRow>,
    pub contacts: Vec<PaletteContact>,
}

/// How well the words of a command answer what is typed; `None`: not at all. A higher score is better. Every typed word must stand
/// at the beginning of a word of the command, in any order; one typing error is forgiven in words of four letters and more.
pub fn score(command: &str, typed: &str) -> Option<u32> {
    let command = command.to_lowercase();
    let known: Vec<&str> = words(&command).collect();
    let typed = typed.to_lowercase();
    let mut total = 0;
    for word in words(&typed) {
        total +=
            known.iter().enumerate().filter_map(|(place, known)| word_score(known, word, place)).max()?;
    }
    Some(total + u32::from(command.starts_with(typed.trim())) * 50)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn word_score(known: &str, typed: &str, place: usize) -> Option<u32> {
    let late = u32::try_from(place.min(10)).unwrap_or(10);
    if known == typed {
        return Some(100 - late);
    }
    if known.starts_with(typed) {
        return Some(80 - late);
    }
    (typed.chars().count() >= 4 && begins_nearly(known, typed)).then_some(40 - late)
}

/// Whether the word begins with what was typed, but for one letter too many, missing, wrong, or two that changed places.
fn begins_nearly(known: &str, typed: &str) -> bool {
    let (known, typed): (Vec<char>, Vec<char>) = (known.chars().collect(), typed.chars().collect());
    let Some(at) = typed.iter().zip(&known).position(|(a, b)| a != b) else {
        // The whole word and one letter more.
        return typed.len() == known.len() + 1;
    };
    let begins =
        |known: &[char], typed: &[char]| known.len() >= typed.len() && known[..typed.len()] == *typed;
    let swapped = typed.len() > at + 1
        && known.len() > at + 1
        && typed[at] == known[at + 1]
        && typed[at + 1] == known[at]
        && begins(&known[at + 2..], &typed[at + 2..]);
    begins(&known[at + 1..], &typed[at + 1..])
        || begins(&known[at..], &typed[at + 1..])
        || begins(&known[at + 1..], &typed[at..])
        || swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typing_error_is_forgiven() {
        for typed in
            ["leverandør", "levrandør", "levernadør", "levverandør", "leverendør", "lev", "LEVERANDØRER"]
        {
            assert!(score("Leverandører", typed).is_some(), "{typed}");
        }
        for typed in ["levrnadr", "kunder", "lvr", "x"] {
            assert!(score("Leverandører", typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn words_in_any_order_and_the_best_first() {
        assert!(score("Ny ordre", "ordre ny").is_some());
        assert!(score("Ordrekladder", "ordre") < score("Ordre", "ordre"));
        assert!(score("Eksporter til partner", "eks") > score("Til eksport", "eks"));
        assert_eq!(score("Ny ordre", ""), Some(50));
        assert!(score("Ny ordre", "ny leverandør").is_none());
    }
}
