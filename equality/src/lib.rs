//! The same inputs through the same rules, natively and as WebAssembly. Not part of the program: a browser story loads it, asks for a
//! digest of many answers, and compares it with what the program of the same name prints on this machine.

use std::fmt::Write;

use domain::articles::ArticleStatus;
use domain::decimal::{Percent, Quantity, UnitPrice, parse_typed};
use domain::links::Decided;
use domain::matching::{Catalogue, CatalogueState, LineFacts, PartnerArticle, judge};
use domain::orders::{OrderInput, Totals, USUAL_VAT, differences, merge};
use domain::samples::{Random, number, order_input, varied, word};
use domain::time::{CalendarDate, Timestamp};

/// Offset basis and prime of FNV-1a with 64 bits.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// One input and everything that the rules say of it, as text: the same text everywhere, or the rules differ.
pub fn answer(seed: u64, index: u32) -> String {
    let mut random = Random::new(seed ^ u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut told = String::new();
    // Writing to a text does not fail.
    let _ = match index % 5 {
        0 => typed_number(&mut random, &mut told),
        1 => typed_date(&mut random, &mut told),
        2 => sums(&mut random, &mut told),
        3 => matching(&mut random, &mut told),
        _ => merging(&mut random, &mut told),
    };
    told
}

/// The digest of `count` answers from the index on.
pub fn digest(seed: u64, from: u32, count: u32) -> u64 {
    let mut digest = BASIS;
    for index in from..from.saturating_add(count) {
        for byte in answer(seed, index).bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    digest
}

fn today() -> CalendarDate {
    Timestamp(1_796_000_000_000_000).date_in_oslo()
}

fn typed_number(random: &mut Random, told: &mut String) -> std::fmt::Result {
    let text = number(random);
    write!(told, "number {text:?}: {:?}", parse_typed(&text))
}

fn typed_date(random: &mut Random, told: &mut String) -> std::fmt::Result {
    let (day, month) = (random.below(33), random.below(14));
    let text = match random.below(8) {
        0 => format!("{day}.{month}"),
        1 => format!("{day:02}{month:02}"),
        2 => format!("{day:02}.{month:02}.{}", random.below(100)),
        3 => format!("+{day}{}", random.pick(&["", "u", "d", "w", "x"])),
        4 => format!("{} {}", random.pick(&["uke", "week", "u"]), random.below(55)),
        5 => random.pick(&["fre", "lørdag", "Monday", "i morgen", "today", "neste", "søn."]).to_owned(),
        6 => format!("{day}. {}", random.pick(&["des", "mai", "oktober", "dec", "xyz"])),
        _ => format!("{}-{month:02}-{day:02}", 2000 + random.below(120)),
    };
    write!(told, "date {text:?}: {:?}", CalendarDate::parse_typed(&text, today()))
}

fn sums(random: &mut Random, told: &mut String) -> std::fmt::Result {
    let input = order_input(random);
    let rates = [USUAL_VAT, Percent::whole(15), Percent(11_110_000)];
    let amounts =
        input.lines.iter().zip(rates.iter().cycle()).filter_map(|(line, rate)| Some((*rate, line.amount()?)));
    let totals = Totals::of_amounts(amounts);
    write!(told, "sums {input:?}: {totals:?}")?;
    for line in &input.lines {
        write!(told, " {:?}", line.amount())?;
    }
    write!(told, " {:?}", input.check(today()))
}

fn matching(random: &mut Random, told: &mut String) -> std::fmt::Result {
    let line = LineFacts {
        article_number: word(random),
        supplier_article_number: word(random),
        description: word(random),
        gtin: random.once_in(4).then(|| "7090001234562".to_owned()),
        quantity: Quantity::whole(1 + small(random, 40)),
        unit: random.pick(&["EA", "MTR", "CEN"]).to_owned(),
        unit_price: Some(UnitPrice(small(random, 10_000_000))),
        price_base_quantity: Quantity::whole(1 + small(random, 100)),
        currency: random.pick(&["NOK", "NOK", "EUR"]).to_owned(),
    };
    let candidates: Vec<PartnerArticle> = (0..random.below(5)).map(|_| article(random)).collect();
    let state = if random.once_in(5) { CatalogueState::Unread } else { CatalogueState::Read };
    let catalogue = Catalogue { state, price_tolerance: Percent::whole(small(random, 3)) };
    let judged = judge(&line, &candidates, &catalogue, &Decided::default());
    write!(told, "matching {line:?} {candidates:?} {catalogue:?}: {judged:?}")
}

fn article(random: &mut Random) -> PartnerArticle {
    PartnerArticle {
        number: word(random),
        name: word(random),
        unit: random.pick(&["EA", "MTR"]).to_owned(),
        price: random.once_in(2).then(|| UnitPrice(small(random, 10_000_000))),
        price_base_quantity: Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: random.once_in(3).then(|| "7090001234562".to_owned()),
        pack_size: random.once_in(3).then(|| Quantity::whole(10)),
        minimum_quantity: random.once_in(4).then(|| Quantity::whole(20)),
        status: if random.once_in(5) { ArticleStatus::Discontinued } else { ArticleStatus::Active },
        replaced_by: None,
    }
}

fn merging(random: &mut Random, told: &mut String) -> std::fmt::Result {
    let base: OrderInput = order_input(random);
    let (mine, theirs) = (varied(random, &base), varied(random, &base));
    let merged = merge(&base, &mine, &theirs);
    write!(told, "merging {base:?} {mine:?} {theirs:?}: {merged:?} {:?}", differences(&base, &merged.input))
}

fn small(random: &mut Random, bound: usize) -> i64 {
    i64::try_from(random.below(bound)).unwrap_or(0)
}

/// What a browser calls.
#[cfg(target_arch = "wasm32")]
mod exported {
    /// The digest of answers, see [`super::digest`].
    #[expect(unsafe_code, reason = "the name under which the browser finds it; it stands once")]
    #[unsafe(no_mangle)]
    pub extern "C" fn digest(seed: u64, from: u32, count: u32) -> u64 {
        super::digest(seed, from, count)
    }

    /// One answer: where its bytes lie in the memory (the upper half) and how many they are. They stay there.
    #[expect(unsafe_code, reason = "the name under which the browser finds it; it stands once")]
    #[unsafe(no_mangle)]
    pub extern "C" fn answer(seed: u64, index: u32) -> u64 {
        let text: &'static str = super::answer(seed, index).leak();
        ((text.as_ptr() as usize as u64) << 32) | text.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_of_many_kinds_and_decided_by_the_seed() {
        assert_eq!(answer(1, 7), answer(1, 7));
        assert_ne!(answer(1, 7), answer(2, 7));
        assert_eq!(digest(1, 0, 100), digest(1, 0, 100));
        let told: Vec<String> = (0..2_000).map(|index| answer(3, index)).collect();
        for part in [
            "Ok(",
            "Err(Invalid)",
            "Ambiguous",
            "Some(CalendarDate",
            ": None",
            "level: Exact",
            "level: Likely",
            "Conflict {",
        ] {
            assert!(told.iter().any(|answer| answer.contains(part)), "{part} never comes");
        }
    }
}
