//! Countries by their codes (ISO 3166-1), and what people write instead of them.

/// Every two-letter code.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG \
GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ \
LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR \
NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ \
TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Code, and the names that files use: the three-letter code, bokmål, English, and what is common.
const NAMES: &[(&str, &[&str])] = &[
    ("AR", &["ARG", "Argentina"]),
    ("AT", &["AUT", "Østerrike", "Austria"]),
    ("AU", &["AUS", "Australia"]),
    ("BE", &["BEL", "Belgia", "Belgium"]),
    ("BG", &["BGR", "Bulgaria"]),
    ("BR", &["BRA", "Brasil", "Brazil"]),
    ("CA", &["CAN", "Canada"]),
    ("CH", &["CHE", "Sveits", "Switzerland"]),
    ("CL", &["CHL", "Chile"]),
    ("CN", &["CHN", "Kina", "China"]),
    ("CZ", &["CZE", "Tsjekkia", "Czechia", "Czech Republic"]),
    ("DE", &["DEU", "Tyskland", "Germany"]),
    ("DK", &["DNK", "Danmark", "Denmark"]),
    ("EE", &["EST", "Estland", "Estonia"]),
    ("ES", &["ESP", "Spania", "Spain"]),
    ("FI", &["FIN", "Finland"]),
    ("FO", &["FRO", "Færøyene", "Faroe Islands"]),
    ("FR", &["FRA", "Frankrike", "France"]),
    ("GB", &["GBR", "UK", "Storbritannia", "United Kingdom", "Great Britain", "England", "Scotland"]),
    ("GL", &["GRL", "Grønland", "Greenland"]),
    ("GR", &["GRC", "Hellas", "Greece"]),
    ("HK", &["HKG", "Hongkong", "Hong Kong"]),
    ("HR", &["HRV", "Kroatia", "Croatia"]),
    ("HU", &["HUN", "Ungarn", "Hungary"]),
    ("IE", &["IRL", "Irland", "Ireland"]),
    ("IN", &["IND", "India"]),
    ("IS", &["ISL", "Island", "Iceland"]),
    ("IT", &["ITA", "Italia", "Italy"]),
    ("JP", &["JPN", "Japan"]),
    ("KR", &["KOR", "Sør-Korea", "South Korea", "Korea"]),
    ("LT", &["LTU", "Litauen", "Lithuania"]),
    ("LU", &["LUX", "Luxembourg"]),
    ("LV", &["LVA", "Latvia"]),
    ("MX", &["MEX", "Mexico"]),
    ("NL", &["NLD", "Nederland", "Netherlands", "The Netherlands", "Holland"]),
    ("NO", &["NOR", "Norge", "Norway", "Noreg"]),
    ("NZ", &["NZL", "New Zealand"]),
    ("PL", &["POL", "Polen", "Poland"]),
    ("PT", &["PRT", "Portugal"]),
    ("RO", &["ROU", "Romania"]),
    ("RS", &["SRB", "Serbia"]),
    ("SE", &["SWE", "Sverige", "Sweden"]),
    ("SG", &["SGP", "Singapore"]),
    ("SI", &["SVN", "Slovenia"]),
    ("SK", &["SVK", "Slovakia"]),
    ("TH", &["THA", "Thailand"]),
    ("TR", &["TUR", "Tyrkia", "Türkiye", "Turkey"]),
    ("TW", &["TWN", "Taiwan"]),
    ("UA", &["UKR", "Ukraina", "Ukraine"]),
    ("US", &["USA", "U.S.A.", "United States", "United States of America"]),
    ("VE", &["VEN", "Venezuela"]),
    ("VN", &["VNM", "Vietnam"]),
    ("ZA", &["ZAF", "Sør-Afrika", "South Africa"]),
];

/// The two-letter code of what is written; `None` when no country is meant.
pub fn from_written(text: &str) -> Option<&'static str> {
    let text = text.trim();
    CODES.split(' ').find(|code| code.eq_ignore_ascii_case(text)).or_else(|| {
        let lower = text.to_lowercase();
        NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|name| name.to_lowercase() == lower))
            .map(|(code, _)| *code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_known_and_nothing_else() {
        assert_eq!(from_written(" no "), Some("NO"));
        assert_eq!(from_written("UK"), Some("GB"));
        assert_eq!(from_written("østerrike"), Some("AT"));
        assert_eq!(from_written("USA"), Some("US"));
        assert_eq!(from_written("XX"), None);
        assert_eq!(from_written(""), None);
        assert_eq!(CODES.split(' ').count(), 249);
        for (code, _) in NAMES {
            assert!(CODES.split(' ').any(|known| known == *code), "{code}");
        }
    }
}
