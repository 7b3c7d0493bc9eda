//! One typing error: a character too many, too few or wrong, or two that changed places.

use super::has_digit;

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzæøåéöäü";
const DIGITS: &str = "0123456789";
/// Up to this length figures may lack or have a letter by mistake as well; longer ones are bar codes.
const MIXED: usize = 10;
/// The shortest half of a word that few other words share.
const MIN_HALF: usize = 4;

/// A misspelled word of letters, taken apart: one error stands in one half and leaves the other as it is, or it is two letters between
/// the halves that have changed places. So every word of letters that one error turns into one that begins with this one begins with
/// [`front`](Self::front) or [`with_changed_places`](Self::with_changed_places), or has [`back`](Self::back) inside, as
/// [`super::endings`] has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halves {
    pub front: String,
    pub back: String,
    pub with_changed_places: String,
}

impl Halves {
    /// `None` for a short word, and for one with figures, which have no endings of their own.
    pub fn of(word: &str) -> Option<Self> {
        let mut letters: Vec<char> = word.chars().collect();
        let middle = letters.len() / 2;
        if middle < MIN_HALF || has_digit(word) {
            return None;
        }
        let (front, back) = (letters[..middle].iter().collect(), letters[middle..].iter().collect());
        letters.swap(middle - 1, middle);
        Some(Self { front, back, with_changed_places: letters.into_iter().collect() })
    }
}

/// Every text that one error turns into `word`, or `word` into it, each once; `word` itself is not among them. In the case of `word`.
pub fn one_edit_away(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let alphabet = alphabet(word, characters.len());
    let mut found = Vec::with_capacity(characters.len() * (alphabet.len() * 2 + 2) + alphabet.len());
    let mut with = |before: &[char], middle: &[char], after: &[char]| {
        let text: String = [before, middle, after].into_iter().flatten().collect();
        if text != word {
            found.push(text);
        }
    };
    for at in 0..=characters.len() {
        let (before, after) = characters.split_at(at);
        for letter in &alphabet {
            with(before, &[*letter], after);
        }
        if let [one, rest @ ..] = after {
            with(before, &[], rest);
            for letter in &alphabet {
                with(before, &[*letter], rest);
            }
            if let [other, rest @ ..] = rest {
                with(before, &[*other, *one], rest);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|text| !text.is_empty());
    found
}

fn alphabet(word: &str, length: usize) -> Vec<char> {
    let is_number = word.chars().all(|c| c.is_ascii_digit());
    let mut alphabet = String::new();
    if !is_number || length <= MIXED {
        alphabet.push_str(if is_number { &LETTERS[..26] } else { LETTERS });
    }
    if has_digit(word) {
        alphabet.push_str(DIGITS);
    }
    if word.chars().any(char::is_lowercase) {
        alphabet.chars().collect()
    } else {
        alphabet.chars().flat_map(char::to_uppercase).collect()
    }
}

/// Whether one error makes one of the other.
pub fn is_one_edit(typed: &str, meant: &str) -> bool {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    rest_after_one_edit(&typed, &meant).contains(&Some(0)) && typed != meant
}

/// Whether one error makes `typed` a beginning of `meant`.
pub fn is_one_edit_of_beginning(typed: &str, meant: &str) -> bool {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    rest_after_one_edit(&typed, &meant).iter().any(Option::is_some)
}

/// How much of `meant` is left after `typed`, for each kind of error at the first place where they differ.
fn rest_after_one_edit(typed: &[char], meant: &[char]) -> [Option<usize>; 4] {
    let common = typed.iter().zip(meant).take_while(|(one, other)| one == other).count();
    let (typed, meant) = (&typed[common..], &meant[common..]);
    let rest = |typed: &[char], meant: &[char]| meant.strip_prefix(typed).map(<[char]>::len);
    let changed_places = match (typed, meant) {
        ([a, b, typed @ ..], [c, d, meant @ ..]) if a == d && b == c => rest(typed, meant),
        _ => None,
    };
    let skip = |text: &[char]| (!text.is_empty()).then(|| text[1..].to_vec());
    [
        skip(typed).and_then(|typed| rest(&typed, meant)),
        skip(meant).and_then(|meant| rest(typed, &meant)),
        skip(typed).zip(skip(meant)).and_then(|(typed, meant)| rest(&typed, &meant)),
        changed_places,
    ]
}
