//! Units of measure: UN/ECE Recommendation 20 codes (and Recommendation 21 packages, written with a leading X).

/// Codes that ProdSys knows, with the bokmål and English abbreviation.
pub const UNITS: [(&str, &str, &str); 34] = [
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
    ("MTK", "m²", "m²"),
    ("MTQ", "m³", "m³"),
    ("KGM", "kg", "kg"),
    ("GRM", "g", "g"),
    ("TNE", "tonn", "t"),
    ("LTR", "l", "l"),
    ("MLT", "ml", "ml"),
    ("CLT", "cl", "cl"),
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
