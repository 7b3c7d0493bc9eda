//! In which ways two numbers, two GTINs or two names are alike. Every fact here is the same both ways round.

use crate::text;

/// Longest number that is compared letter by letter; longer ones are equal or not.
const MAX_COMPARED: usize = 100;

/// A key that is equal for numbers that people take for the same: capitals, look-alikes, zeros in front, punctuation.
pub fn loose_key(number: &str) -> String {
    let folded: String = bare(number).chars().map(looks_like).collect();
    let trimmed = folded.trim_start_matches('0');
    if trimmed.is_empty() { folded } else { trimmed.to_owned() }
}

/// Letters and digits in capitals, nothing else.
pub(super) fn bare(number: &str) -> String {
    text::normalise(number).to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// One character for those that look alike.
pub(super) fn looks_like(character: char) -> char {
    match character {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// The one error that makes one number of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// A character is another, is missing or is too many.
    Character,
    /// Two neighbours have changed places.
    Swap,
}

/// Whether one becomes the other when one character is changed, added or taken away, or two neighbours change places.
pub fn one_edit_apart(a: &str, b: &str) -> bool {
    edit_apart(a, b).is_some()
}

/// The error that makes one of the other; `None` where they are equal, or where it takes more than one.
pub(super) fn edit_apart(a: &str, b: &str) -> Option<Edit> {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(MAX_COMPARED + 2).collect(), b.chars().take(MAX_COMPARED + 2).collect());
    if a.len().max(b.len()) > MAX_COMPARED || a.len().abs_diff(b.len()) > 1 || a == b {
        return None;
    }
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    match (a, b) {
        ([_, a @ ..], b) if a == b => Some(Edit::Character),
        (a, [_, b @ ..]) if a == b => Some(Edit::Character),
        ([_, a @ ..], [_, b @ ..]) if a == b => Some(Edit::Character),
        ([a1, a2, a @ ..], [b1, b2, b @ ..]) => (a1 == b2 && a2 == b1 && a == b).then_some(Edit::Swap),
        _ => None,
    }
}

/// A GTIN padded to its longest form, so that its forms of 8, 12, 13 and 14 digits are equal (GS1 General Specifications, 3.3.2). `None`
/// for what is not a GTIN, and for nothing but zeros.
pub fn gtin_key(gtin: &str) -> Option<String> {
    let digits = gtin.trim();
    let is_gtin = matches!(digits.len(), 8 | 12 | 13 | 14)
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte != b'0');
    is_gtin.then(|| format!("{digits:0>14}"))
}

/// The ways in which the GTIN can be written, for whoever looks it up.
pub fn gtin_forms(gtin: &str) -> Vec<String> {
    let Some(key) = gtin_key(gtin) else { return Vec::new() };
    let cut = |length: usize| {
        let (zeros, rest) = key.split_at(14 - length);
        zeros.bytes().all(|byte| byte == b'0').then(|| rest.to_owned())
    };
    [14, 13, 12, 8].into_iter().filter_map(cut).collect()
}

/// How alike two names are, 0 to 100: twice the words in common by the words of both. Words with digits are dimensions (`M10x50`): where
/// each side has some and they are not the same, the names are not more alike than half.
pub fn name_likeness(a: &str, b: &str) -> u8 {
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let common = a.iter().filter(|word| b.contains(word)).count();
    let likeness = u8::try_from(200 * common / (a.len() + b.len())).unwrap_or(100);
    let dimensions = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.contains(|c: char| c.is_numeric())).cloned().collect()
    };
    let (ours, theirs) = (dimensions(&a), dimensions(&b));
    let differ = !ours.is_empty() && !theirs.is_empty() && ours != theirs;
    if differ { likeness.min(50) } else { likeness }
}

/// The words of a name, each once, in order; at most thirty.
fn words(name: &str) -> Vec<String> {
    let name = text::normalise(name).to_lowercase();
    let mut words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(30)
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_keys() {
        assert_eq!(loose_key("0011-O07"), loose_key("11 007"));
        assert_eq!(loose_key("il1"), loose_key("111"));
        assert_ne!(loose_key("A1"), loose_key("A2"));
        assert_eq!(loose_key("000"), "000");
    }

    #[test]
    fn one_edit() {
        for (a, b) in [
            ("10250", "1025"),
            ("10250", "10520"),
            ("10250", "10259"),
            ("AB", "BA"),
            ("A", ""),
            ("X1", "X12"),
        ] {
            assert!(one_edit_apart(a, b) && one_edit_apart(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("10250", "10250"),
            ("10250", "12050X"),
            ("AB", "CD"),
            ("", ""),
            ("1234", "4321"),
            ("12", "1234"),
        ] {
            assert!(!one_edit_apart(a, b) && !one_edit_apart(b, a), "{a} {b}");
        }
        assert!(!one_edit_apart(&"x".repeat(200), &"x".repeat(201)));
        assert_eq!(edit_apart("10250", "10520"), Some(Edit::Swap));
        assert_eq!(edit_apart("1122", "1222"), Some(Edit::Character));
        assert_eq!(edit_apart("10250", "1025"), Some(Edit::Character));
    }

    #[test]
    fn a_gtin_has_more_than_one_form() {
        assert_eq!(gtin_key("7038010000065"), gtin_key("07038010000065"));
        assert_eq!(gtin_key("96385074").as_deref(), Some("00000096385074"));
        assert_eq!(gtin_forms("96385074"), ["00000096385074", "0000096385074", "000096385074", "96385074"]);
        assert_eq!(gtin_forms("7038010000065"), ["07038010000065", "7038010000065"]);
        for wrong in ["", "123", "0000000000000", "70380100000AB", "703801000006512"] {
            assert_eq!(gtin_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names() {
        assert_eq!(name_likeness("Sekskantskrue M10x50 A4", "SEKSKANTSKRUE, M10X50 A4"), 100);
        assert_eq!(name_likeness("Sekskantskrue M10x50 A4", "Sekskantskrue M10x60 A4"), 50);
        assert_eq!(name_likeness("Sekskantskrue", "Mutter"), 0);
        assert_eq!(name_likeness("", "Mutter"), 0);
        assert_eq!(name_likeness("Mutter M10", "M10 mutter syrefast"), 80);
    }
}
