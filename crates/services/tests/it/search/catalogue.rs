//! A wholesaler's catalogue of a few thousand articles, made here: screws, pipes, cable and tools.

use domain::articles::ArticleStatus;
use domain::decimal::{Quantity, UnitPrice};
use domain::matching::PartnerArticle;

const THREADS: [u32; 8] = [4, 5, 6, 8, 10, 12, 16, 20];
const LENGTHS: [u32; 10] = [16, 20, 25, 30, 40, 50, 60, 80, 100, 120];
const COATINGS: [(&str, u32); 4] = [("A2", 2), ("A4", 4), ("FZB", 8), ("varmforzinket", 9)];
/// Numbered `11.10.050.4`.
const SCREWS: [(u32, &str, &str); 5] = [
    (11, "Sekskantskrue", "DIN 933"),
    (14, "Maskinskrue senkehode", "DIN 965"),
    (15, "Settskrue", "DIN 916"),
    (16, "Øyeskrue", "DIN 444"),
    (17, "Låseskrue", "DIN 603"),
];
/// Numbered `21.10.4`.
const NUTS: [(u32, &str, &str); 7] = [
    (21, "Underlagsskive", "DIN 125"),
    (22, "Sekskantmutter", "DIN 934"),
    (23, "Låsemutter", "DIN 985"),
    (24, "Fjærskive", "DIN 127"),
    (25, "Vingemutter", "DIN 315"),
    (26, "Gjengestang 1 m", "DIN 975"),
    (27, "Hettemutter", "DIN 1587"),
];
/// Numbered `TS-50060`: 5.0 by 60.
const WOOD: [(&str, &str); 3] = [("TS", "Treskrue"), ("TE", "Terrasseskrue"), ("GS", "Gipsskrue")];
/// Numbered `KR-015/5`: 15 mm, 5 m.
const PIPES: [(&str, &str); 6] = [
    ("KR", "Kobberrør"),
    ("SR", "Stålrør galvanisert"),
    ("PR", "Plastrør PP"),
    ("RK", "Rørklammer enkel"),
    ("KV", "Kuleventil messing"),
    ("MU", "Muffe rett"),
];
/// Numbered `0010215`: they begin with zeros.
const CABLES: [(u32, &str); 5] = [
    (1, "Installasjonskabel PFXP"),
    (2, "Jordkabel TFXP"),
    (3, "Signalkabel PFSP"),
    (4, "Gummikabel H07RN-F"),
    (5, "Høyttalerkabel"),
];
const OTHERS: [(&str, &str); 62] = [
    ("E2040", "Jordfeilbryter 2-polet 40 A 30 mA"),
    ("E2063", "Jordfeilbryter 4-polet 63 A 30 mA"),
    ("E3010", "Automatsikring 10 A C-karakteristikk"),
    ("E3016", "Automatsikring 16 A C-karakteristikk"),
    ("E3116", "Automatsikring 16 A B-karakteristikk"),
    ("E4001", "Stikkontakt dobbel jordet hvit"),
    ("E4002", "Stikkontakt enkel jordet hvit"),
    ("E4010", "Bryter endevender hvit"),
    ("E4011", "Bryter trapp sort"),
    ("E5085", "Koblingsboks IP65 85x85 mm"),
    ("E5100", "Koblingsboks IP65 100x100 mm"),
    ("E6120", "Lysrør LED 120 cm 18 W"),
    ("E6150", "Lysrør LED 150 cm 24 W"),
    ("E7010", "Kabelsko 10 mm² M8"),
    ("E7016", "Kabelsko 16 mm² M10"),
    ("E7100", "Kabelkanal 40x25 mm hvit"),
    ("E8001", "Dimmer LED 200 W"),
    ("E8002", "Bevegelsesvakt utendørs IP44"),
    ("VX-13", "Fastnøkkel 13 mm"),
    ("VX-17", "Fastnøkkel 17 mm"),
    ("VX-19", "Fastnøkkel 19 mm"),
    ("VX-200", "Momentnøkkel 40-200 Nm"),
    ("VX-300", "Skiftenøkkel 300 mm"),
    ("VX-450", "Hammer 450 g glassfiberskaft"),
    ("VX-500", "Målebånd 5 m"),
    ("VX-501", "Målebånd 8 m magnetisk"),
    ("VX-600", "Vater 60 cm"),
    ("VX-610", "Vater 120 cm"),
    ("VX-700", "Avbitertang 180 mm isolert"),
    ("VX-701", "Kombinasjonstang 200 mm"),
    ("VX-710", "Vannpumpetang 250 mm"),
    ("VX-800", "Håndsag 550 mm"),
    ("VX-801", "Gjærsag med kasse"),
    ("VX-810", "Baufil 300 mm"),
    ("VX-900", "Nøkkelsett unbrako 1,5-10 mm"),
    ("VX-901", "Bitssett 32 deler"),
    ("BO-060", "Spiralbor HSS 6,0 mm"),
    ("BO-085", "Spiralbor HSS 8,5 mm"),
    ("BO-100", "Spiralbor HSS 10,0 mm"),
    ("BO-506", "Betongbor SDS-plus 6x110 mm"),
    ("BO-510", "Betongbor SDS-plus 10x160 mm"),
    ("BO-900", "Hullsag bimetall 68 mm"),
    ("SL-125", "Kappeskive metall 125x1,0 mm"),
    ("SL-230", "Kappeskive metall 230x1,9 mm"),
    ("SL-300", "Diamantskive betong 230 mm"),
    ("SL-400", "Slipepapir P120 rull 25 m"),
    ("VE-001", "Vernebrille klar"),
    ("VE-002", "Hørselvern med bøyle"),
    ("VE-003", "Ørepropper 200 par"),
    ("VE-004", "Lærhanske str 10"),
    ("VE-005", "Arbeidshanske nitril str 9"),
    ("VE-006", "Støvmaske FFP3 ventil"),
    ("VE-007", "Hjelm hvit"),
    ("KJ-001", "Tørkepapir industrirull"),
    ("KJ-002", "Låsespray grafitt 200 ml"),
    ("KJ-003", "Gjengelås middels 50 ml"),
    ("KJ-004", "Silikon sanitær hvit 310 ml"),
    ("KJ-005", "Fugemasse akryl 310 ml"),
    ("KJ-006", "Åpen cellelist 10 mm"),
    ("KJ-007", "Ætsende avløpsåpner 1 l"),
    ("KJ-008", "Kjøleskive aluminium 40x40 mm"),
    ("7", "Søppelsekk 125 l"),
];

/// Every article, by family.
pub fn articles() -> Vec<PartnerArticle> {
    let mut made: Vec<(String, String)> = Vec::new();
    for (family, name, norm) in SCREWS {
        for thread in THREADS {
            for length in LENGTHS {
                for (coating, code) in COATINGS {
                    made.push((
                        format!("{family}.{thread:02}.{length:03}.{code}"),
                        format!("{name} M{thread}x{length} {coating} {norm}"),
                    ));
                }
            }
        }
    }
    for (family, name, norm) in NUTS {
        for thread in THREADS {
            for (coating, code) in COATINGS {
                made.push((
                    format!("{family}.{thread:02}.{code}"),
                    format!("{name} M{thread} {coating} {norm}"),
                ));
            }
        }
    }
    for (letters, name) in WOOD {
        for tenths in [35, 40, 45, 50, 60] {
            for length in LENGTHS {
                let (whole, rest) = (tenths / 10, tenths % 10);
                made.push((
                    format!("{letters}-{tenths}{length:03}"),
                    format!("{name} {whole},{rest}x{length} Torx"),
                ));
            }
        }
    }
    for (letters, name) in PIPES {
        for diameter in [10, 12, 15, 18, 22, 28, 35, 42, 54] {
            for metres in [1, 3, 5] {
                made.push((
                    format!("{letters}-{diameter:03}/{metres}"),
                    format!("{name} {diameter} mm {metres} m"),
                ));
            }
        }
    }
    for (family, name) in CABLES {
        for (code, area) in [(15, "1,5"), (25, "2,5"), (40, "4"), (60, "6")] {
            for cores in [2, 3, 5] {
                made.push((format!("00{family}0{cores}{code}"), format!("{name} {cores}G{area} mm² 50 m")));
            }
        }
    }
    made.extend(OTHERS.map(|(number, name)| (number.to_owned(), name.to_owned())));
    made.into_iter().zip(1_u64..).map(|((number, name), place)| article(number, name, place)).collect()
}

fn article(number: String, name: String, place: u64) -> PartnerArticle {
    let price = i64::try_from(place * 37 % 9000 + 100).unwrap();
    PartnerArticle {
        number,
        name,
        unit: "EA".to_owned(),
        price: Some(UnitPrice(price * 10_000)),
        price_base_quantity: Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: Some(gtin(place)),
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    }
}

/// GTIN-13 with a right check digit.
pub fn gtin(place: u64) -> String {
    let plain = format!("70{:010}", place * 7919);
    let weighted = plain.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{plain}{}", (10 - sum % 10) % 10)
}
