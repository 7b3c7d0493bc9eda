//! Inputs made from a seed, for tests: the same ones natively and in a browser.
//!
//! Not part of the program. The property tests of this crate use it, and the crate `equality` with the feature `samples`.

use crate::orders::{OrderInput, OrderLineInput};

/// A sequence of numbers that a seed decides (SplitMix64 by Sebastiano Vigna, public domain).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of the seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.draw() % bound).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the things.
    pub fn pick<'thing, T: ?Sized>(&mut self, things: &[&'thing T]) -> &'thing T {
        things[self.below(things.len())]
    }
}

/// A number as people type, paste and mistype it.
pub fn number(random: &mut Random) -> String {
    const PIECES: [&str; 22] = [
        "0",
        "1",
        "2",
        "5",
        "12",
        "123",
        "234",
        "500",
        "999999999",
        "000",
        ",",
        ".",
        ",5",
        ".25",
        " ",
        "\u{a0}",
        "\u{202f}",
        "'",
        "-",
        "\u{2212}",
        "e",
        "%",
    ];
    let mut text = String::new();
    if random.once_in(6) {
        text.push_str(random.pick(&["-", "\u{2212}", "\u{2013}", "+"]));
    }
    match random.below(4) {
        0 => (0..random.below(6)).for_each(|_| text.push_str(random.pick(&PIECES))),
        1 => {
            let group = random.pick(&[" ", "\u{a0}", "\u{2009}", "\u{202f}", "'", ".", ","]);
            text.push_str(&random.below(1000).to_string());
            for _ in 0..random.below(3) {
                text.push_str(&format!("{group}{:03}", random.below(1000)));
            }
            if random.once_in(2) {
                text.push_str(&format!("{}{}", random.pick(&[",", "."]), random.below(100_000)));
            }
        }
        2 => text.push_str(&random.below(100_000).to_string()),
        _ => text.push_str(&format!(
            "{}{}{}",
            random.below(10_000),
            random.pick(&[",", "."]),
            random.below(10_000)
        )),
    }
    text
}

/// A small order form with up to nine lines, each with its own id.
pub fn order_input(random: &mut Random) -> OrderInput {
    let mut input = OrderInput {
        currency: random.pick(&["", "NOK", "EUR"]).to_owned(),
        note: word(random),
        our_reference: word(random),
        their_reference: word(random),
        lines: (0..random.below(10)).map(|_| order_line(random)).collect(),
        ..OrderInput::default()
    };
    if random.once_in(2) {
        input.requested_delivery_date = format!("{:02}.12.2026", 1 + random.below(28));
    }
    input
}

/// A line of an order form.
pub fn order_line(random: &mut Random) -> OrderLineInput {
    OrderLineInput {
        line_id: format!("{:016x}", random.draw()),
        article_number: word(random),
        description: word(random),
        supplier_article_number: word(random),
        quantity: number(random),
        unit: random.pick(&["", "EA", "stk", "MTR", "esker"]).to_owned(),
        unit_price: number(random),
        price_base_quantity: random.pick(&["", "1", "100", "0"]).to_owned(),
        discount_percent: random.pick(&["", "0", "12,5 %", "5", "110"]).to_owned(),
        note: String::new(),
    }
}

/// What somebody made of an order form: fields changed, lines changed, added, taken away and moved.
pub fn varied(random: &mut Random, input: &OrderInput) -> OrderInput {
    let mut varied = input.clone();
    for _ in 0..random.below(6) {
        let at = random.below(varied.lines.len());
        match random.below(5) {
            0 => {
                let field = random.pick(&OrderInput::FIELDS);
                let written = word(random);
                if let Some(text) = varied.field_mut(field) {
                    *text = written;
                }
            }
            1 => {
                let field = random.pick(&OrderLineInput::FIELDS);
                let written = if random.once_in(2) { number(random) } else { word(random) };
                if let Some(text) = varied.lines.get_mut(at).and_then(|line| line.field_mut(field)) {
                    *text = written;
                }
            }
            2 => varied.lines.insert(at, order_line(random)),
            3 if !varied.lines.is_empty() => drop(varied.lines.remove(at)),
            _ if !varied.lines.is_empty() => {
                let line = varied.lines.remove(at);
                varied.lines.insert(random.below(varied.lines.len() + 1), line);
            }
            _ => {}
        }
    }
    varied
}

/// A short word, or nothing.
pub fn word(random: &mut Random) -> String {
    random.pick(&["", "10250", "1O250", "00417", "Skrue", "skrue M10", "æøå", "A-1", " 7 "]).to_owned()
}
