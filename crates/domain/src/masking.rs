//! Secrets in texts that are kept or shown: masked wherever they stand.

/// Tokens of ours keep their last four characters, so that a person can tell which one it was.
const OURS: &str = "oipt_";

/// Masks tokens of ours (`oipt_…`), tokens of others in the usual form (`eyJ…`), and whatever follows `Bearer`.
pub fn mask_secrets(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut after_bearer = false;
    for piece in text.split_inclusive(|character| !is_token_character(character)) {
        let word = piece.trim_end_matches(|character| !is_token_character(character));
        let foreign = word.starts_with("eyJ") && word.len() > 20;
        if word.contains(OURS) {
            masked.push_str(&shortened(word));
        } else if !word.is_empty() && (after_bearer || foreign) {
            masked.push_str("***");
        } else {
            masked.push_str(word);
        }
        masked.push_str(&piece[word.len()..]);
        if !word.is_empty() {
            after_bearer = word.eq_ignore_ascii_case("bearer");
        }
    }
    masked
}

/// What is shown of a token of ours, of which these are the last characters.
pub fn token_ending(last_four: &str) -> String {
    format!("{OURS}…{last_four}")
}

fn shortened(word: &str) -> String {
    // The words are ASCII, so every place in them is a boundary.
    match word.len().checked_sub(4) {
        Some(cut) if word.len() >= OURS.len() + 20 => token_ending(&word[cut..]),
        _ => "***".to_owned(),
    }
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '+' | '/' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let token = crate::tokens::assemble(&[9; 32]);
        let last = &token[token.len() - 4..];
        for (text, expected) in [
            (format!("Authorization: Bearer {token}\r\n"), format!("Authorization: Bearer oipt_…{last}\r\n")),
            (format!(r#"{{"note":"{token}"}}"#), format!(r#"{{"note":"oipt_…{last}"}}"#)),
            (format!("token={token}&a=1"), format!("oipt_…{last}&a=1")),
            ("oipt_kort".to_owned(), "***".to_owned()),
            ("bearer abc.def".to_owned(), "bearer ***".to_owned()),
            ("eyJhbGciOiJIUzI1NiJ9.e30.x".to_owned(), "***".to_owned()),
            ("Skrue M8 × 40, 12,50 kr".to_owned(), "Skrue M8 × 40, 12,50 kr".to_owned()),
        ] {
            assert_eq!(mask_secrets(&text), expected);
        }
    }
}
