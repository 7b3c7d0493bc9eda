//! A made catalogue: a million articles with names as wholesalers write them, the same every time.

/// An article of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Seven digits and a letter or two in front: `BF1000042`.
    pub number: String,
    /// Norwegian, four to seven words.
    pub name: String,
    /// 13 digits with a right check digit.
    pub gtin: String,
    /// Cents.
    pub price: i64,
}

const KINDS: [&str; 48] = [
    "Sekskantskrue",
    "Sekskantmutter",
    "Låsemutter",
    "Vingemutter",
    "Underlagsskive",
    "Låseskive",
    "Fjærskive",
    "Gjengestang",
    "Treskrue",
    "Terrasseskrue",
    "Gipsskrue",
    "Betongskrue",
    "Fransk treskrue",
    "Maskinskrue",
    "Settskrue",
    "Øyeskrue",
    "Rørklammer",
    "Slangeklemme",
    "Kobberrør",
    "Stålrør",
    "Muffe",
    "Albue",
    "Overgang",
    "Kuleventil",
    "Tilbakeslagsventil",
    "Pakning",
    "Slange",
    "Kabel",
    "Installasjonskabel",
    "Jordkabel",
    "Kabelsko",
    "Kabelkanal",
    "Koblingsboks",
    "Stikkontakt",
    "Bryter",
    "Sikring",
    "Automatsikring",
    "Jordfeilbryter",
    "Lysrør",
    "Lampeholder",
    "Kappeskive",
    "Slipeskive",
    "Borbits",
    "Betongbor",
    "Spiralbor",
    "Håndsag",
    "Målebånd",
    "Fastnøkkel",
];
const MAKES: [&str; 12] = [
    "Nordbolt",
    "Fjellfeste",
    "Skarpsno",
    "Elvarm",
    "Rørtek",
    "Sjøstål",
    "Vinterlys",
    "Hammerås",
    "Øyvind",
    "Kystverk",
    "Bergtool",
    "Ås",
];
const MATERIALS: [&str; 14] = [
    "A2",
    "A4",
    "A4-80",
    "FZB",
    "FZV",
    "varmforzinket",
    "rustfri",
    "syrefast",
    "messing",
    "galvanisert",
    "8.8",
    "10.9",
    "sort",
    "hvit",
];
const LENGTHS: [u64; 20] = [6, 8, 10, 12, 16, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 120, 150, 200];
const THREADS: [u64; 10] = [3, 4, 5, 6, 8, 10, 12, 16, 20, 24];
const NORMS: [&str; 12] = [
    "DIN 933", "DIN 931", "DIN 934", "DIN 985", "DIN 125", "ISO 4017", "ISO 4014", "ISO 7380", "NS 3420",
    "EN 1057", "EN 10255", "DIN 912",
];

/// The article with this place in the catalogue, from 1 on.
pub fn made(place: u64) -> Made {
    let mut random = Numbers(place.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995);
    let kind = random.one_of(&KINDS);
    let (thread, length) = (random.one_of(&THREADS), random.one_of(&LENGTHS));
    let measure = match random.below(4) {
        0 => format!("M{thread}x{length}"),
        1 => format!("{thread} mm"),
        2 => format!("{thread},5x{length}"),
        _ => format!("M{thread} x {length} mm"),
    };
    let mut name = format!("{kind} {measure} {}", random.one_of(&MATERIALS));
    if random.below(3) > 0 {
        name = format!("{name} {}", random.one_of(&NORMS));
    }
    if random.below(2) == 0 {
        name = format!("{name} {}", random.one_of(&MAKES));
    }
    if random.below(3) == 0 {
        name = format!("{name} pk {}", random.one_of(&LENGTHS));
    }
    let plain = format!("70{:010}", place % 10_000_000_000);
    Made {
        number: format!("BF{}", 1_000_000 + place),
        name,
        gtin: format!("{plain}{}", check_digit(&plain)),
        price: i64::try_from(random.below(500_000)).unwrap_or_default() + 50,
    }
}

/// The last digit of a GTIN (GS1 General Specifications, 7.9).
fn check_digit(digits: &str) -> u32 {
    let weighted = digits.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (10 - sum % 10) % 10
}

/// Numbers that look random and are the same every time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let length = u64::try_from(list.len()).unwrap_or(1);
        list[usize::try_from(self.below(length)).unwrap_or_default()]
    }
}
