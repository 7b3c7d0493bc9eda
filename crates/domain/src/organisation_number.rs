//! Norwegian organisation numbers.

/// Removes what people write around the nine digits: spaces, `NO`, `MVA`, `Foretaksregisteret`. Of a foreign registration number
/// only the spaces go: its letters belong to it.
pub fn normalise(text: &str) -> String {
    let without_spaces: String = text.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    let bare = without_spaces.replace("FORETAKSREGISTERET", "").replace("MVA", "");
    let bare = bare.strip_prefix("NO").unwrap_or(&bare);
    if !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit()) {
        bare.to_owned()
    } else {
        without_spaces
    }
}

/// Nine digits whose last is the check digit: weights 3 2 7 6 5 4 3 2, modulus 11 (Brønnøysundregistrene).
pub fn is_valid(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 9 || text.len() != 9 || digits.iter().all(|d| *d == 0) {
        return false;
    }
    let sum: u32 = digits.iter().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    check != 10 && check == digits[8]
}

/// `310 004 170`, as it is shown.
pub fn grouped(number: &str) -> String {
    if number.len() == 9 && number.is_ascii() {
        format!("{}\u{a0}{}\u{a0}{}", &number[..3], &number[3..6], &number[6..])
    } else {
        number.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for number in ["123456785", "923609016", "310004170", "313770125"] {
            assert!(is_valid(number), "{number}");
        }
        for number in ["000000000", "123456784", "12345678", "1234567850", "12345678x", ""] {
            assert!(!is_valid(number), "{number}");
        }
    }

    #[test]
    fn written_forms() {
        for text in ["923 609 016", "NO923609016MVA", "NO 923 609 016 MVA", " 923609016 "] {
            assert_eq!(normalise(text), "923609016", "{text}");
        }
    }
}
