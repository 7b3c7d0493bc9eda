//! Numbers and names as they are looked up.

use crate::text;

/// In front of the first word of a name, so that names that begin with a word are found before those that merely hold it.
pub const FIRST: char = '^';
/// Characters of a word that count.
pub const MAX_WORD: usize = 40;
/// The shortest part of a word that it is found by; as short as this it must be the whole ending, as `rør` in `stålrør`.
pub const MIN_PART: usize = 3;
/// What stands before a part at least: `el` in `elkabel`.
const MIN_BEFORE: usize = 2;
/// Words of one name that it is found by.
const MAX_WORDS: usize = 30;
/// Units that people write with and without a space after the figure.
const UNITS: [&str; 17] =
    ["mm", "cm", "m", "mm2", "mm²", "m2", "m²", "kg", "g", "l", "ml", "v", "w", "kw", "a", "stk", "bar"];

/// A number without what people write differently: spaces, dashes, dots, slashes, zeros in front, capitals.
///
/// A number of zeros alone is one zero; a text without letters and digits is empty.
pub fn number_key(number: &str) -> String {
    let plain: String = text::normalise(number)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    let key = plain.trim_start_matches('0');
    if key.is_empty() && !plain.is_empty() { "0".to_owned() } else { key.to_owned() }
}

/// The words of a typed text: lower case, in the order in which they were typed, each once.
pub fn words_of_text(typed: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in joined(split(typed)) {
        push(&mut words, word);
    }
    words
}

/// Every word by which a name is found, each once: its words, the first one with [`FIRST`] before it, and the other ways in which people
/// write measures (`M10 x 50`, `10x50`, `50 mm`, `50mm`).
pub fn words_of_name(name: &str) -> Vec<String> {
    let plain = joined(split(name));
    let mut words = Vec::new();
    if let Some(first) = plain.first() {
        push(&mut words, format!("{FIRST}{first}"));
    }
    for word in &plain {
        push(&mut words, word.clone());
    }
    for (index, word) in plain.iter().enumerate() {
        for part in word.split('x').skip(1).filter(|part| starts_with_digit(part)) {
            push(&mut words, part.to_owned());
        }
        let figure = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '²');
        let (figure, unit) = if starts_with_digit(word) { word.split_at(figure.len()) } else { ("", "") };
        if UNITS.contains(&unit) {
            push(&mut words, figure.to_owned());
            push(&mut words, unit.to_owned());
        }
        let next = plain.get(index + 1).filter(|next| UNITS.contains(&next.as_str()));
        if let Some(unit) = next.filter(|_| word.ends_with(|c: char| c.is_ascii_digit())) {
            push(&mut words, format!("{word}{unit}"));
        }
    }
    words.truncate(MAX_WORDS);
    words
}

/// The endings with which the parts of a word begin, the longest first: `skru` is found in `sekskantskrue` as the beginning of `skrue`. Of a
/// word with figures it is the one that begins with the first of them, after letters: `10x50` in `m10x50`.
///
/// Migration 0014 says the same in SQL, for words of before.
pub fn endings(word: &str) -> Vec<&str> {
    if word.starts_with(FIRST) {
        return Vec::new();
    }
    let length = word.chars().count();
    let long_enough = |before: usize| length >= before + MIN_PART;
    if let Some(figure) = word.find(|c: char| c.is_ascii_digit()) {
        let before = word[..figure].chars().count();
        return if before > 0 && long_enough(before) { vec![&word[figure..]] } else { Vec::new() };
    }
    let places = word.char_indices().enumerate().skip(MIN_BEFORE);
    places.filter(|(before, _)| long_enough(*before)).map(|(_, (at, _))| &word[at..]).collect()
}

/// Whether the text is a part inside the word, as [`endings`] has them.
pub fn is_part(part: &str, word: &str) -> bool {
    let is_short = match part.chars().count() {
        0..MIN_PART => return false,
        length => length == MIN_PART,
    };
    // Nearly every word is done with here.
    word.contains(part)
        && endings(word)
            .into_iter()
            .any(|ending| if is_short { ending == part } else { ending.starts_with(part) })
}

fn push(words: &mut Vec<String>, word: String) {
    let word = match word.char_indices().nth(MAX_WORD) {
        Some((end, _)) => word[..end].to_owned(),
        None => word,
    };
    if !words.contains(&word) {
        words.push(word);
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Letters and digits, with the comma, dot or slash that stands between digits: `2,5` and `2.5` are one, `3/4` stays whole.
fn split(written: &str) -> Vec<String> {
    let lower = text::normalise(written).to_lowercase();
    let mut characters = lower.chars().peekable();
    let mut words = Vec::new();
    let mut word = String::new();
    while let Some(character) = characters.next() {
        let between_digits = word.ends_with(|c: char| c.is_ascii_digit())
            && characters.peek().is_some_and(char::is_ascii_digit);
        match character {
            '×' => word.push('x'),
            '.' | ',' if between_digits => word.push('.'),
            '/' if between_digits => word.push('/'),
            letter if letter.is_alphanumeric() || letter == '²' => word.push(letter),
            _ if !word.is_empty() => words.push(std::mem::take(&mut word)),
            _ => {}
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Joins what an `x` between figures holds together: `m10`, `x`, `50` is `m10x50`.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let after_figure = joined.last().is_some_and(|last| last.ends_with(|c: char| c.is_ascii_digit()));
        match (joined.last_mut(), words.peek()) {
            (Some(last), Some(next)) if word == "x" && after_figure && starts_with_digit(next) => {
                last.push('x');
                last.push_str(next);
                words.next();
            }
            _ => joined.push(word),
        }
    }
    joined
}
