//! Units of measure: UN/ECE Recommendation 20 codes (and Recommendation 21 packages, written with a leading X).

use crate::decimal::{Quantity, SCALE};

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

/// How many pieces are in what is counted, each of which is sold whole. Half a dozen is six pieces; half a pair is nothing that one sells.
/// A pallet is left out: half of one is ordered and means something.
const COUNTED: [(&str, i64); 16] = [
    ("EA", 1),
    ("H87", 1),
    ("C62", 1),
    ("NAR", 1),
    ("PR", 1),
    ("SET", 1),
    ("DZN", 12),
    ("CEN", 100),
    ("MIL", 1_000),
    ("XPK", 1),
    ("XPA", 1),
    ("XBX", 1),
    ("XCT", 1),
    ("XRO", 1),
    ("XBG", 1),
    ("XBK", 1),
];

/// Whether the quantity splits what is counted: `12.5` pieces, but neither `12.5` metres nor `2.5` hundred pieces. It is asked about, since it
/// can be meant.
pub fn splits_a_piece(quantity: Quantity, unit: &str) -> bool {
    let counted = COUNTED.iter().find(|(code, _)| *code == unit);
    counted.is_some_and(|(_, pieces)| (i128::from(quantity.0) * i128::from(*pieces)) % i128::from(SCALE) != 0)
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
    fn a_piece_is_not_split() {
        let cases = [
            ("12.5", "EA", true),
            ("0.0001", "C62", true),
            ("-0.5", "H87", true),
            ("12", "EA", false),
            ("0", "EA", false),
            ("12.5", "MTR", false),
            ("12.5", "KGM", false),
            ("0.5", "DZN", false),
            ("0.1", "DZN", true),
            ("2.5", "CEN", false),
            ("2.505", "CEN", true),
            ("0.25", "MIL", false),
            ("1.5", "PR", true),
            ("1.5", "SET", true),
            ("0.5", "XBX", true),
            ("0.5", "XPX", false),
            ("0.5", "what nobody knows", false),
        ];
        for (quantity, unit, expected) in cases {
            assert_eq!(splits_a_piece(quantity.parse().unwrap(), unit), expected, "{quantity} {unit}");
        }
    }

    #[test]
    fn the_same_pieces_in_another_unit_are_split_alike() {
        let mut random = crate::samples::Random::new(0x12_0005);
        let sold_by_the_piece = |code: &str| COUNTED.iter().any(|(known, _)| *known == code) && code != "PR";
        let mut split = 0;
        for _ in 0..5_000 {
            let parts = [1, 10, 1_000, 100_000, SCALE][random.below(5)];
            let quantity = Quantity(i64::try_from(random.below(1_000_000)).unwrap() * parts);
            for (code, ..) in MEASURES.into_iter().filter(|(code, ..)| sold_by_the_piece(code)) {
                let is_split = splits_a_piece(quantity, code);
                let there = ratio(code, "EA").and_then(|ratio| ratio.convert(quantity));
                assert_eq!(
                    there.map(|there| splits_a_piece(there, "EA")),
                    Some(is_split),
                    "{quantity} {code}"
                );
                split += usize::from(is_split);
            }
            assert!(!splits_a_piece(quantity, "MTR") && !splits_a_piece(quantity, "XPX"));
        }
        assert!(split > 1_000, "{split}");
    }

    #[test]
    fn what_is_counted_has_a_name() {
        assert!(COUNTED.iter().all(|(code, pieces)| is_known(code) && *pieces > 0));
        let packages = UNITS.iter().map(|(code, ..)| *code).filter(|code| code.starts_with('X'));
        let left_out = packages.filter(|code| !COUNTED.iter().any(|(known, _)| known == code));
        assert_eq!(left_out.collect::<Vec<_>>(), ["XPX"]);
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
