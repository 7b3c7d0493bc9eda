//! Text from outside: what is kept, what is refused.

use unicode_normalization::UnicodeNormalization;

/// What a text holds that we do not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A control, zero-width or bidirectional formatting character.
    #[error("a character that cannot be shown")]
    InvalidCharacter,
    /// More characters than fit.
    #[error("too long")]
    TooLong,
}

/// Normal form C, outer spaces trimmed. Nothing else is made equal: O and 0 stay different.
pub fn normalise(text: &str) -> String {
    text.trim().nfc().collect::<String>().trim().to_owned()
}

/// A single line of at most `max` characters, normalised.
pub fn single_line(text: &str, max: usize) -> Result<String, TextError> {
    checked(text, max, false)
}

/// Text that may hold line breaks, of at most `max` characters, normalised; CR LF becomes LF.
pub fn multi_line(text: &str, max: usize) -> Result<String, TextError> {
    checked(&text.replace("\r\n", "\n"), max, true)
}

fn checked(text: &str, max: usize, line_breaks: bool) -> Result<String, TextError> {
    let text = normalise(text);
    if text.chars().any(|c| is_hidden(c) && !(line_breaks && c == '\n')) {
        return Err(TextError::InvalidCharacter);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong);
    }
    Ok(text)
}

/// Control characters, zero-width characters and bidirectional overrides: invisible, and able to make two texts look alike.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// Whether the text can be an e-mail address: one `@`, a dot after it, no spaces, at most 254 characters.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    text.len() <= 254
        && !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || is_hidden(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_to_the_eye_is_equal_only_in_normal_form() {
        assert_eq!(normalise(" A\u{30a}-1 "), "Å-1");
        assert_ne!(normalise("11O07"), normalise("11007"));
    }

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["a\u{0}b", "a\u{200b}b", "a\r\nb", "\u{202e}abc"] {
            assert_eq!(single_line(text, 10), Err(TextError::InvalidCharacter), "{text:?}");
        }
        assert_eq!(multi_line("a\r\nb", 10).as_deref(), Ok("a\nb"));
        assert_eq!(single_line("æøåæøå", 5), Err(TextError::TooLong));
    }

    #[test]
    fn addresses() {
        assert!(is_email("kari@nordvik.example"));
        for text in ["a@", "@b.no", "a b@c.no", "a@b", "a@b.no\r\nBcc: x@y.no", "a@@b.no"] {
            assert!(!is_email(text), "{text}");
        }
    }
}
