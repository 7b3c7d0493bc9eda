//! In which order hits are shown: a total order that depends on nothing but the hits, the text and the day.

use std::cmp::Reverse;

use super::{Bought, Query, SearchHit, edits, has_digit, may_be_misspelled, names};
use crate::time::Timestamp;

const MONTH: i64 = 30 * 24 * 3600 * 1_000_000;

/// How well a hit fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// One of its numbers is what was typed.
    Number,
    /// A number begins with what was typed, or the name has every word.
    Whole,
    /// The same if one typing error is forgiven.
    Forgiven,
}

/// The best `limit` hits in their order; what does not fit the text is left out.
pub fn rank(query: &Query, hits: Vec<SearchHit>, now: Timestamp, limit: usize) -> Vec<SearchHit> {
    let mut ranked: Vec<_> = hits
        .into_iter()
        .filter_map(|mut hit| {
            let (fit, detail) = judge(query, &hit)?;
            hit.is_forgiven = fit == Fit::Forgiven;
            let history = Reverse(hit.bought.as_ref().map_or(0, |bought| weight(bought, now)));
            let number = number_of(&hit).to_owned();
            let name_length = hit.name().chars().count();
            let is_foreign = hit.own.is_none();
            Some(((fit, history, detail, name_length, number.chars().count(), number, is_foreign), hit))
        })
        .collect();
    ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
    ranked.truncate(limit);
    ranked.into_iter().map(|(_, hit)| hit).collect()
}

/// How often and how lately: each doubling of the orders counts as much as a month.
fn weight(bought: &Bought, now: Timestamp) -> i64 {
    let often = i64::from(bought.times.clamp(1, 4096).ilog2());
    let months = ((now.0 - bought.last_at.0) / MONTH).clamp(0, 24);
    // One that was ever bought counts more than one that never was.
    1 + often + 24 - months
}

fn number_of(hit: &SearchHit) -> &str {
    match (&hit.own, &hit.partner) {
        (Some(own), _) => &own.number,
        (None, Some(partner)) => &partner.number,
        (None, None) => "",
    }
}

/// How the hit fits, and how closely: 0 is closest.
fn judge(query: &Query, hit: &SearchHit) -> Option<(Fit, usize)> {
    let keys = keys_of(hit);
    if !query.key.is_empty() && keys.contains(&query.key) {
        let is_identical = identical(query, hit);
        return Some((Fit::Number, usize::from(!is_identical)));
    }
    let by_number = number(&query.key, &keys);
    let names = [hit.own.as_ref().map(|own| &own.name), hit.partner.as_ref().map(|partner| &partner.name)];
    let by_words = names
        .into_iter()
        .flatten()
        .filter_map(|name| all_words(query, &names::words_of_name(name), &keys))
        .min();
    [by_number, by_words].into_iter().flatten().min()
}

fn identical(query: &Query, hit: &SearchHit) -> bool {
    let own = hit.own.as_ref();
    let supplier = own.and_then(|own| own.supplier_article_number.as_ref());
    let numbers = [own.map(|own| &own.number), supplier, hit.partner.as_ref().map(|partner| &partner.number)];
    numbers.into_iter().flatten().any(|number| *number == query.text)
}

pub(super) fn keys_of(hit: &SearchHit) -> Vec<String> {
    let mut keys = Vec::with_capacity(5);
    if let Some(own) = &hit.own {
        keys.push(names::number_key(&own.number));
        keys.extend(own.supplier_article_number.as_deref().map(names::number_key));
        keys.extend(own.gtin.as_deref().map(names::number_key));
    }
    if let Some(partner) = &hit.partner {
        keys.push(names::number_key(&partner.number));
        keys.extend(partner.gtin.as_deref().map(names::number_key));
    }
    keys
}

/// How a typed number fits one of the article's.
fn number(typed: &str, keys: &[String]) -> Option<(Fit, usize)> {
    if typed.is_empty() {
        return None;
    }
    // Letters alone are rather a word than the beginning of a number.
    let later = if has_digit(typed) { 0 } else { 2 };
    if keys.iter().any(|key| key.starts_with(typed)) {
        return Some((Fit::Whole, later));
    }
    if !has_digit(typed) || !may_be_misspelled(typed) {
        return None;
    }
    if keys.iter().any(|key| edits::is_one_edit(typed, key)) {
        return Some((Fit::Forgiven, 0));
    }
    keys.iter().any(|key| edits::is_one_edit_of_beginning(typed, key)).then_some((Fit::Forgiven, 4))
}

/// How the words that were typed fit those of the name and the numbers; `None` where one of them fits none.
fn all_words(query: &Query, name: &[String], keys: &[String]) -> Option<(Fit, usize)> {
    if query.words.is_empty() {
        return None;
    }
    let mut fit = Fit::Whole;
    let mut detail = 0;
    for word in &query.words {
        let (worse, more) = one_word(word, name, keys)?;
        fit = fit.max(worse);
        detail += more;
    }
    let begins = name.iter().filter_map(|known| known.strip_prefix(names::FIRST));
    let begins =
        begins.into_iter().any(|first| query.words.iter().any(|word| first.starts_with(word.as_str())));
    Some((fit, detail * 2 + usize::from(!begins)))
}

fn one_word(word: &str, name: &[String], keys: &[String]) -> Option<(Fit, usize)> {
    let known = || name.iter().filter(|known| !known.starts_with(names::FIRST));
    if known().any(|known| known == word) {
        return Some((Fit::Whole, 0));
    }
    if known().any(|known| known.starts_with(word)) {
        return Some((Fit::Whole, 1));
    }
    // Inside a compound: the whole last part is closer than the beginning of any.
    let inside = known().filter(|known| names::is_part(word, known));
    if let Some(detail) = inside.map(|known| if known.ends_with(word) { 2 } else { 3 }).min() {
        return Some((Fit::Whole, detail));
    }
    let key = names::number_key(word);
    if has_digit(word) && key.chars().count() > 1 && keys.iter().any(|known| known.starts_with(&key)) {
        return Some((Fit::Whole, 1));
    }
    if !may_be_misspelled(word) {
        return None;
    }
    if known().any(|known| edits::is_one_edit(word, known)) {
        return Some((Fit::Forgiven, 2));
    }
    known().any(|known| edits::is_one_edit_of_beginning(word, known)).then_some((Fit::Forgiven, 4))
}
