//! Organisation numbers: how they are written, and the check digit of Norwegian ones.

use crate::countries;

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

/// A number that may have the country's two letters before it, where companies of two countries have the same: `SE 5561234567`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Everything, as a number alone.
    pub number: String,
    /// Country and number, when the first two letters are a country's.
    pub of_country: Option<(&'static str, String)>,
}

impl Written {
    /// Reads what was written.
    pub fn read(text: &str) -> Self {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let of_country = compact.split_at_checked(2).and_then(|(letters, rest)| {
            let is_code = letters.bytes().all(|letter| letter.is_ascii_alphabetic()) && !rest.is_empty();
            Some((countries::from_written(letters).filter(|_| is_code)?, normalise(rest)))
        });
        Self { number: normalise(text), of_country }
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
    fn a_country_may_stand_before_the_number() {
        let read = |text: &str| {
            let Written { number, of_country } = Written::read(text);
            (number, of_country.map(|(country, number)| format!("{country} {number}")))
        };
        let both = |number: &str, of_country: &str| (number.to_owned(), Some(of_country.to_owned()));
        assert_eq!(read("SE 556 123"), both("SE556123", "SE 556123"));
        assert_eq!(read("no310004170"), both("310004170", "NO 310004170"));
        assert_eq!(read("NORTS"), both("NORTS", "NO RTS"));
        assert_eq!(read("UK7"), both("UK7", "GB 7"));
        for text in ["310004170", "SE", "", "XX12", "æø1"] {
            assert_eq!(read(text).1, None, "{text}");
        }
    }

    #[test]
    fn written_forms() {
        for text in ["923 609 016", "NO923609016MVA", "NO 923 609 016 MVA", " 923609016 "] {
            assert_eq!(normalise(text), "923609016", "{text}");
        }
    }
}
