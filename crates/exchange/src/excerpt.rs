//! What is kept of an answer for the log: short, printable, without secrets.

use domain::masking::mask_secrets;

const MAX_BYTES: usize = 2000;

/// The first 2,000 bytes of an answer. Characters that cannot be seen are written as their numbers; what looks like a token
/// is masked, as is the token that was sent. `None` for an empty answer.
pub(crate) fn excerpt(bytes: &[u8], sent_token: &str) -> Option<String> {
    if bytes.is_empty() {
        return None;
    }
    // A token that is cut at the end is not recognised as the one sent, so the text is masked before it is cut.
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES * 2)]);
    let head = if sent_token.len() >= 8 { head.replace(sent_token, "***") } else { head.into_owned() };
    let mut text = String::with_capacity(MAX_BYTES);
    for character in mask_secrets(&head).chars() {
        let piece = if domain::text::is_hidden(character) {
            character.escape_default().to_string()
        } else {
            character.to_string()
        };
        if text.len() + piece.len() > MAX_BYTES {
            break;
        }
        text.push_str(&piece);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        let token = domain::tokens::assemble(&[9; 32]);
        let answer = format!(
            "{{\"a\":\"{token}\",\"b\":\"Bearer abc.def\",\"c\":\"eyJhbGciOiJIUzI1NiJ9.e30.x\",\"d\":\"open-sesame\"}}"
        );
        let kept = excerpt(answer.as_bytes(), "open-sesame").expect("a text");
        let shown = domain::masking::token_ending(&token[token.len() - 4..]);
        assert_eq!(kept, format!(r#"{{"a":"{shown}","b":"Bearer ***","c":"***","d":"***"}}"#));
    }

    #[test]
    fn it_is_short_and_printable() {
        let kept = excerpt(b"\x1b[31m<script>\r\n\xff\x00", "").expect("a text");
        assert_eq!(kept, "\\u{1b}[31m<script>\\r\\n\u{fffd}\\u{0}");
        assert_eq!(excerpt(&vec![b'x'; 1_000_000], "").expect("a text").len(), 2000);
        assert_eq!(excerpt(&[0; 5000], "").expect("a text").len(), 2000);
        assert_eq!(excerpt(b"", ""), None);
        let token = domain::tokens::assemble(&[9; 32]);
        let long = format!("{}{token}", "x".repeat(1990));
        assert!(!excerpt(long.as_bytes(), "").expect("a text").contains(&token[5..12]));
    }
}
