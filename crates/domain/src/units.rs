//! Units of measure: UN/ECE Recommendation 20 codes (and Recommendation 21 packages, written with a leading X).

use crate::decimal::Quantity;

/// Codes that ProdSys knows, with the bokmål and English abbreviation.
pub const UNITS: [(&str, &str, &str); 40] = [
    ("EA", "stk.", "pcs"),
    ("H87", "stk.", "pcs"),
    ("C62", "stk.", "pcs"),
    ("NAR", "stk.", "pcs"),
    ("PR", "par", "pair"),
    ("SET", "sett", "set"),
    ("DZN", "dusin", "dozen"),
    ("CEN", "100 stk.", "100 pcs"),
    ("MIL", "1000 stk.", "1000 pcs"),
    ("MTR", "m", "m"),
    ("CMT", "cm", "cm"),
    ("MMT", "mm", "mm"),
    ("KMT", "km", "km"),
    ("DMT", "dm", "dm"),
    ("CMK", "cm²", "cm²"),
    ("DMK", "dm²", "dm²"),
    ("MTK", "m²", "m²"),
    ("MTQ", "m³", "m³"),
    ("KGM", "kg", "kg"),
    ("GRM", "g", "g"),
    ("TNE", "tonn", "t"),
    ("MGM", "mg", "mg"),
    ("LTR", "l", "l"),
    ("MLT", "ml", "ml"),
    ("CLT", "cl", "cl"),
    ("DLT", "dl", "dl"),
    ("HLT", "hl", "hl"),
    ("HUR", "time", "h"),
    ("DAY", "dag", "day"),
    ("MON", "måned", "month"),
    ("ANN", "år", "year"),
    ("KWH", "kWh", "kWh"),
    ("XPK", "pakke", "package"),
    ("XPA", "pakke", "packet"),
    ("XBX", "eske", "box"),
    ("XCT", "kartong", "carton"),
    ("XRO", "rull", "roll"),
    ("XPX", "pall", "pallet"),
    ("XBG", "pose", "bag"),
    ("XBK", "kurv", "basket"),
];

/// What units that can be converted are made of: the code, what it measures, and how many of the smallest unit of that measure it is.
/// Conversion factors of UN/ECE Recommendation 20.
const MEASURES: [(&str, Measure, i64); 27] = [
    ("EA", Measure::Count, 1),
    ("H87", Measure::Count, 1),
    ("C62", Measure::Count, 1),
    ("NAR", Measure::Count, 1),
    ("PR", Measure::Count, 2),
    ("DZN", Measure::Count, 12),
    ("CEN", Measure::Count, 100),
    ("MIL", Measure::Count, 1_000),
    ("MMT", Measure::Length, 1),
    ("CMT", Measure::Length, 10),
    ("DMT", Measure::Length, 100),
    ("MTR", Measure::Length, 1_000),
    ("KMT", Measure::Length, 1_000_000),
    ("CMK", Measure::Area, 1),
    ("DMK", Measure::Area, 100),
    ("MTK", Measure::Area, 10_000),
    ("MGM", Measure::Mass, 1),
    ("GRM", Measure::Mass, 1_000),
    ("KGM", Measure::Mass, 1_000_000),
    ("TNE", Measure::Mass, 1_000_000_000),
    ("MLT", Measure::Volume, 1),
    ("CLT", Measure::Volume, 10),
    ("DLT", Measure::Volume, 100),
    ("LTR", Measure::Volume, 1_000),
    ("DMQ", Measure::Volume, 1_000),
    ("HLT", Measure::Volume, 100_000),
    ("MTQ", Measure::Volume, 1_000_000),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Count,
    Length,
    Area,
    Mass,
    Volume,
}

/// How many of one unit another one is: `times / per`, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    pub times: i64,
    pub per: i64,
}

impl Ratio {
    /// That two units are the same.
    pub const ONE: Self = Self { times: 1, per: 1 };

    /// The quantity in the other unit; `None` where six decimals cannot hold it.
    pub fn convert(self, quantity: Quantity) -> Option<Quantity> {
        let product = i128::from(quantity.0) * i128::from(self.times);
        let per = i128::from(self.per);
        (product % per == 0).then(|| i64::try_from(product / per).ok().map(Quantity)).flatten()
    }

    /// The way back.
    pub fn reversed(self) -> Self {
        Self { times: self.per, per: self.times }
    }
}

/// How many `to` one `from` is: one `CEN` is 100 `EA`. `None` where that cannot be said exactly, or at all.
pub fn ratio(from: &str, to: &str) -> Option<Ratio> {
    if from == to {
        return Some(Ratio::ONE);
    }
    let measure =
        |code: &str| MEASURES.iter().find(|(known, ..)| *known == code).map(|(_, kind, size)| (*kind, *size));
    let ((kind, size), (other_kind, other_size)) = (measure(from)?, measure(to)?);
    if kind != other_kind {
        return None;
    }
    let divisor = common_divisor(size, other_size);
    Some(Ratio { times: size / divisor, per: other_size / divisor })
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Whether the code is known here.
pub fn is_known(code: &str) -> bool {
    UNITS.iter().any(|(known, ..)| *known == code)
}

/// The code for what people and price lists write: `stk`, `pcs`, `m`, `EA`. `None` when it is not known.
pub fn from_written(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let bare = |unit: &str| unit.trim_end_matches('.').to_lowercase();
    UNITS
        .iter()
        .find(|(code, ..)| code.eq_ignore_ascii_case(text))
        .or_else(|| UNITS.iter().find(|(_, nb, en)| bare(nb) == bare(text) || bare(en) == bare(text)))
        .map(|(code, ..)| *code)
}

/// How the unit is written in the language; the code itself when it is not known.
pub fn label(code: &str, language: crate::language::Language) -> &str {
    UNITS.iter().find(|(known, ..)| *known == code).map_or(code, |(_, nb, en)| match language {
        crate::language::Language::Nb => nb,
        crate::language::Language::En => en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(quantity: &str, from: &str, to: &str) -> Option<String> {
        ratio(from, to)?.convert(quantity.parse().unwrap()).map(|quantity| quantity.to_string())
    }

    #[test]
    fn what_is_exact_is_converted() {
        let cases = [
            ("5", "CEN", "EA", Some("500")),
            ("250", "EA", "CEN", Some("2.5")),
            ("1", "MIL", "CEN", Some("10")),
            ("24", "C62", "DZN", Some("2")),
            ("7", "EA", "H87", Some("7")),
            ("1.5", "KMT", "MTR", Some("1500")),
            ("1", "TNE", "GRM", Some("1000000")),
            ("3", "DMK", "MTK", Some("0.03")),
            ("75", "CLT", "LTR", Some("0.75")),
            ("1", "MTQ", "LTR", Some("1000")),
            ("10", "EA", "DZN", None),
            ("1", "MTR", "KGM", None),
            ("1", "XPK", "EA", None),
            ("1", "XPK", "XPK", Some("1")),
            ("0.000001", "MMT", "KMT", None),
        ];
        for (quantity, from, to, expected) in cases {
            assert_eq!(converted(quantity, from, to).as_deref(), expected, "{quantity} {from} in {to}");
        }
    }

    #[test]
    fn every_unit_that_is_converted_has_a_name_and_a_way_back() {
        for (code, ..) in MEASURES {
            assert!(is_known(code) || code == "DMQ", "{code}");
            for (other, ..) in MEASURES {
                let there = ratio(code, other);
                assert_eq!(there.map(Ratio::reversed), ratio(other, code), "{code} and {other}");
            }
        }
    }
}
