//! What is true of every line and every catalogue, and the table of levels.

use super::*;
use crate::ids::SupplierLinkId;
use crate::links::{Confirmed, Decided};

const READ: Catalogue = Catalogue { state: CatalogueState::Read, price_tolerance: Percent(0) };

pub(super) fn article(number: &str) -> PartnerArticle {
    PartnerArticle {
        number: number.to_owned(),
        name: String::new(),
        unit: "EA".to_owned(),
        price: Some(UnitPrice::whole(2)),
        price_base_quantity: Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: None,
        pack_size: Some(Quantity::whole(100)),
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    }
}

fn line(number: &str) -> LineFacts {
    LineFacts {
        supplier_article_number: number.to_owned(),
        quantity: Quantity::whole(100),
        unit: "EA".to_owned(),
        unit_price: Some(UnitPrice::whole(200)),
        price_base_quantity: Quantity::whole(100),
        currency: "NOK".to_owned(),
        ..LineFacts::default()
    }
}

fn judged(number: &str, numbers: &[&str]) -> Match {
    let articles: Vec<PartnerArticle> = numbers.iter().map(|number| article(number)).collect();
    judge(&line(number), &articles, &READ, &Decided::default())
}

#[test]
fn the_table_of_levels() {
    use MatchLevel::{Exact, Likely, None, Several};
    let cases: [(&str, &[&str], MatchLevel, u8); 22] = [
        (" 11O07 ", &["11O07", "11007"], Exact, 100),
        ("Å1", &["A\u{30a}1"], Exact, 100),
        ("11O07", &["11007"], Likely, 90),
        ("lI07", &["1107"], Likely, 90),
        ("10250", &["0010250"], Likely, 92),
        ("OO1025O", &["10250"], Likely, 85),
        ("bf-10250", &["BF10250"], Likely, 96),
        ("BF 102.50", &["BF10250"], Likely, 96),
        ("BF10251", &["BF10250"], Likely, 78),
        ("BF1250", &["BF10250"], Likely, 78),
        ("BF102500", &["BF10250"], Likely, 78),
        ("BF01250", &["BF10250"], Likely, 78),
        ("BF1O251", &["BF10250"], Likely, 70),
        ("10251", &["10250"], Likely, 72),
        ("BF10251", &["BF10250", "BF10252"], Several, 78),
        ("x", &["X", "X."], Several, 76),
        ("1025", &["1026"], None, 60),
        ("7", &["8"], None, 40),
        ("7", &["70038"], None, 0),
        ("102500", &["SB-102500"], Likely, 72),
        ("10250", &["SB-10250-A"], None, 65),
        ("10250", &[], None, 0),
    ];
    for (written, known, level, score) in cases {
        let matched = judged(written, known);
        assert_eq!(
            (matched.level, matched.score),
            (level, score),
            "{written} {known:?}: {:?}",
            matched.reasons
        );
    }
}

#[test]
fn reasons_are_in_words_for_each_way_of_being_alike() {
    let number = || "0O7".to_owned();
    let reasons = |written: &str| judged(written, &["0O7"]).reasons;
    assert_eq!(reasons("0O7"), [MatchReason::SameNumber]);
    assert_eq!(reasons("0-o7"), [MatchReason::Punctuation { number: number() }]);
    assert_eq!(reasons("O7"), [MatchReason::LeadingZeros { number: number() }]);
    assert_eq!(reasons("007"), [MatchReason::LookAlike { number: number() }]);
    assert_eq!(judged("12O", &["0120"]).reasons.len(), 2);
    assert_eq!(judged("X", &["x", "X."]).reasons, [MatchReason::SeveralFit { count: 2 }]);
    let other = |written: &str, known: &str| judged(written, &[known]).reasons;
    assert_eq!(other("BF10520", "BF10250"), [MatchReason::Swapped { number: "BF10250".to_owned() }]);
    assert_eq!(other("bf-105-20", "BF1025O"), [MatchReason::Swapped { number: "BF1025O".to_owned() }]);
    assert_eq!(other("BF10251", "BF10250"), [MatchReason::OneLetter { number: "BF10250".to_owned() }]);
    assert_eq!(judged("X", &[]).reasons, [MatchReason::NotFound]);
    assert_eq!(judged("", &["X"]).reasons, [MatchReason::NumberMissing]);
    let unread = Catalogue { state: CatalogueState::Unread, ..READ };
    let unknown = judge(&line("X"), &[], &unread, &Decided::default());
    assert_eq!(
        (unknown.level, unknown.reasons),
        (MatchLevel::NotChecked, vec![MatchReason::CatalogueMissing])
    );
}

#[test]
fn a_supplier_that_cannot_be_asked_still_gives_hints() {
    let away = Catalogue { state: CatalogueState::Away { read_at: Timestamp(5) }, ..READ };
    let matched = judge(&line("11O07"), &[article("11007")], &away, &Decided::default());
    assert_eq!(matched.level, MatchLevel::NotChecked);
    assert_eq!(matched.reasons[0], MatchReason::LastChecked { at: Timestamp(5) });
    assert_eq!(matched.article.map(|article| article.number).as_deref(), Some("11007"));
}

#[test]
fn names_and_gtins_count() {
    let named = |number: &str, name: &str| PartnerArticle { name: name.to_owned(), ..article(number) };
    let described = |number: &str, name: &str| LineFacts { description: name.to_owned(), ..line(number) };
    let level = |line: &LineFacts, known: &[PartnerArticle]| {
        let matched = judge(line, known, &READ, &Decided::default());
        (matched.level, matched.score)
    };
    let skrue = named("BF10250", "Sekskantskrue M10x50 A4");
    assert_eq!(
        level(&described("BF10251", "Sekskantskrue M10x50 A4"), std::slice::from_ref(&skrue)),
        (MatchLevel::Likely, 82)
    );
    assert_eq!(
        level(&described("BF10251", "Hengelås"), std::slice::from_ref(&skrue)),
        (MatchLevel::None, 66)
    );
    assert_eq!(
        level(&described("", "Sekskantskrue M10x50 A4"), std::slice::from_ref(&skrue)),
        (MatchLevel::Likely, 80)
    );
    assert_eq!(
        level(&described("X", "Sekskantskrue M10x50 A4"), std::slice::from_ref(&skrue)),
        (MatchLevel::Likely, 72)
    );
    assert_eq!(
        level(&described("", "Sekskantskrue M10x60 A4"), std::slice::from_ref(&skrue)),
        (MatchLevel::None, 40)
    );
    // The name decides between two whose numbers are alike.
    let other = named("BF10252", "Mutter M10");
    let several = [other.clone(), skrue.clone()];
    assert_eq!(level(&described("BF10251", "Sekskantskrue M10x50 A4"), &several), (MatchLevel::Likely, 82));
    let coded = PartnerArticle { gtin: Some("07038010000065".to_owned()), ..article("X-9") };
    let with_gtin = |number: &str| LineFacts { gtin: Some("7038010000065".to_owned()), ..line(number) };
    assert_eq!(level(&with_gtin(""), std::slice::from_ref(&coded)), (MatchLevel::Likely, 90));
    assert_eq!(level(&with_gtin("x9"), std::slice::from_ref(&coded)), (MatchLevel::Likely, 76 + 19));
    assert_eq!(level(&with_gtin("X-9"), &[coded]), (MatchLevel::Exact, 100));
}

#[test]
fn what_people_decided_counts() {
    let same = Confirmed {
        supplier_link_id: SupplierLinkId(crate::ids::new_uuid(Timestamp(0), [1; 10])),
        partner_number: "B-2".to_owned(),
        by: "Kari".to_owned(),
        at: Timestamp(7),
    };
    let confirmed = MatchReason::Confirmed { by: "Kari".to_owned(), at: Timestamp(7) };
    let decided = Decided { same: Some(same), not_same: Vec::new() };
    // The line has the confirmed number.
    let matched = judge(&line("B-2"), &[article("B-2")], &READ, &decided);
    assert_eq!((matched.level, matched.reasons), (MatchLevel::Exact, vec![confirmed.clone()]));
    // It has not got it yet: what is sent would not be understood, so the level does not say so.
    let matched = judge(&line("A-1"), &[article("A.1"), article("B-2")], &READ, &decided);
    assert_eq!((matched.level, &matched.reasons[0]), (MatchLevel::Likely, &confirmed));
    assert_eq!(matched.article.unwrap().number, "B-2");
    let rejected = Decided { same: None, not_same: vec!["A.1".to_owned(), "A-1".to_owned()] };
    assert_eq!(judge(&line("A-1"), &[article("A.1")], &READ, &rejected).level, MatchLevel::None);
    // What is identical is not a proposal.
    assert_eq!(judge(&line("A-1"), &[article("A-1")], &READ, &rejected).level, MatchLevel::Exact);
}

/// Numbers that look like those in catalogues, and some that do not; the same ones in every run.
fn numbers() -> Vec<String> {
    let alphabet: Vec<char> = "0011OIl25AaÅæø-. /7\u{301}\u{200b}😀".chars().collect();
    let mut seed = 42_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0)
    };
    let mut numbers: Vec<String> = (0..60)
        .map(|_| {
            let length = next() % 9;
            (0..length).map(|_| alphabet[next() % alphabet.len()]).collect()
        })
        .collect();
    numbers.extend(["0".repeat(300), "\u{ffff}".to_owned(), "ﬁ".to_owned(), "İ".to_owned(), "ß".to_owned()]);
    numbers
}

#[test]
fn holds_for_all_numbers() {
    let numbers = numbers();
    let all: Vec<PartnerArticle> = numbers.iter().map(|number| article(number)).collect();
    let reversed: Vec<PartnerArticle> = all.iter().rev().cloned().collect();
    for written in &numbers {
        let forwards = judge(&line(written), &all, &READ, &Decided::default());
        let backwards = judge(&line(written), &reversed, &READ, &Decided::default());
        let blank = crate::text::normalise(written).is_empty();
        assert_eq!(forwards.level == MatchLevel::Exact, !blank, "{written:?}");
        assert_eq!((forwards.level, forwards.score), (backwards.level, backwards.score), "{written:?}");
        for other in &numbers {
            let matched = judged(written, &[other]);
            let back = judged(other, &[written]);
            assert!(
                matched.score <= 100 && !matched.reasons.is_empty() && matched.candidates.len() <= LISTED
            );
            if !blank && !crate::text::normalise(other).is_empty() {
                assert_eq!(
                    (matched.level, matched.score),
                    (back.level, back.score),
                    "{written:?} and {other:?}"
                );
            }
            assert_eq!(one_edit_apart(written, other), one_edit_apart(other, written));
            assert_eq!(name_likeness(written, other), name_likeness(other, written));
            let (ours, theirs) = marked(written, other);
            let text = |marks: &[Mark]| marks.iter().map(|mark| mark.text.as_str()).collect::<String>();
            assert_eq!((text(&ours).as_str(), text(&theirs).as_str()), (written.as_str(), other.as_str()));
        }
        let one_way = judge(&line(written), &all[..30], &READ, &Decided::default());
        let mut shuffled = all[..30].to_vec();
        shuffled.rotate_left(11);
        assert_eq!(one_way, judge(&line(written), &shuffled, &READ, &Decided::default()), "{written:?}");
    }
}

#[test]
fn a_price_per_hundred_equals_a_hundred_times_the_price() {
    let found = judged("A", &["A"]);
    assert_eq!(found.differences, []);
    let mut odd = line("A");
    odd.quantity = Quantity::whole(250);
    odd.unit_price = Some(UnitPrice::whole(190));
    let differs =
        |line: &LineFacts, article: &PartnerArticle| differences(line, article, Percent(0), |_| None);
    let price = LineDifference::Price {
        ordered: UnitPrice::whole(190),
        ordered_base: Quantity::whole(100),
        listed: UnitPrice::whole(2),
        base: Quantity::whole(1),
    };
    let pack = LineDifference::PackSize {
        pack_size: Quantity::whole(100),
        below: Some(Quantity::whole(200)),
        above: Some(Quantity::whole(300)),
    };
    assert_eq!(differs(&odd, &article("A")), [price, pack]);
    assert_eq!(differences(&odd, &article("A"), Percent::whole(5), |_| None).len(), 1);
    // Nobody knows how many metres a piece is: nothing else can be said.
    odd.unit = "MTR".to_owned();
    let unit = LineDifference::Unit { ordered: "MTR".to_owned(), listed: "EA".to_owned() };
    assert_eq!(differs(&odd, &article("A")), [unit]);
}

#[test]
fn units_are_converted_where_that_is_exact() {
    let in_hundreds = PartnerArticle {
        unit: "CEN".to_owned(),
        price: Some(UnitPrice::whole(200)),
        pack_size: Some(Quantity::whole(2)),
        minimum_quantity: Some(Quantity::whole(4)),
        ..article("A")
    };
    let mut pieces = line("A");
    pieces.unit_price = Some(UnitPrice::whole(2));
    pieces.price_base_quantity = Quantity::whole(1);
    pieces.quantity = Quantity::whole(300);
    pieces.unit = "H87".to_owned();
    let differs =
        |line: &LineFacts, article: &PartnerArticle| differences(line, article, Percent(0), |_| None);
    let converted = LineDifference::UnitConverted {
        ordered: "H87".to_owned(),
        ordered_quantity: Quantity::whole(300),
        listed: "CEN".to_owned(),
        quantity: Quantity::whole(3),
    };
    let pack = LineDifference::PackSize {
        pack_size: Quantity::whole(200),
        // 200 are fewer than the supplier sells.
        below: None,
        above: Some(Quantity::whole(400)),
    };
    let minimum = LineDifference::MinimumQuantity { minimum: Quantity::whole(400) };
    assert_eq!(differs(&pieces, &in_hundreds), [converted, pack, minimum]);
    // A dozen does not go into 300 pieces' price evenly, and is compared exactly all the same.
    let in_dozens = PartnerArticle {
        unit: "DZN".to_owned(),
        price: Some(UnitPrice::whole(24)),
        pack_size: None,
        ..article("A")
    };
    assert_eq!(differs(&pieces, &in_dozens).len(), 1);
    pieces.quantity = Quantity::whole(10);
    let unit = LineDifference::Unit { ordered: "H87".to_owned(), listed: "DZN".to_owned() };
    assert_eq!(differs(&pieces, &in_dozens), [unit]);
    // Pieces are pieces, whatever their code.
    pieces.quantity = Quantity::whole(100);
    assert_eq!(differs(&pieces, &article("A")), []);
}

#[test]
fn what_is_not_sold_is_told() {
    let of = |status, replaced_by: Option<&str>| {
        let changed = PartnerArticle { status, replaced_by: replaced_by.map(str::to_owned), ..article("A") };
        let next = PartnerArticle { name: "Ny skrue".to_owned(), ..article("B") };
        judge(&line("A"), &[changed, next], &READ, &Decided::default()).differences
    };
    assert_eq!(of(ArticleStatus::Active, None), []);
    assert_eq!(of(ArticleStatus::GoingOut, None), [LineDifference::GoingOut]);
    assert_eq!(of(ArticleStatus::Discontinued, None), [LineDifference::Discontinued]);
    let replaced = |by: &str, name: Option<&str>| {
        [LineDifference::Replaced { by: by.to_owned(), name: name.map(str::to_owned) }]
    };
    assert_eq!(of(ArticleStatus::Discontinued, Some("B")), replaced("B", Some("Ny skrue")));
    assert_eq!(of(ArticleStatus::GoingOut, Some("C")), replaced("C", None));
}

#[test]
fn a_tolerance_is_of_the_listed_price_for_one_of_the_unit() {
    let within = |ordered: &str, base: i64, listed: &str, tolerance: i64| {
        let ordered = (ordered.parse().unwrap(), Quantity::whole(base));
        within_tolerance(ordered, (listed.parse().unwrap(), Quantity::whole(1)), Percent::whole(tolerance))
    };
    assert!(within("102", 1, "100", 2) && within("98", 1, "100", 2) && within("10200", 100, "100", 2));
    assert!(!within("102.000001", 1, "100", 2) && !within("101", 1, "100", 0));
    assert!(within("100", 1, "100", 0) && !within("1", 1, "0", 50));
    assert!(!within("999999999", 1, "1", 100));
}

#[test]
fn packs_are_proposed_that_can_be_ordered_and_only_for_a_quantity() {
    let sold = PartnerArticle {
        price: None,
        pack_size: Some(Quantity::whole(100)),
        minimum_quantity: Some(Quantity::whole(250)),
        ..article("A")
    };
    let told = |quantity: Quantity| {
        let mut line = line("A");
        line.quantity = quantity;
        differences(&line, &sold, Percent(0), |_| None)
    };
    assert_eq!(told(Quantity(0)), []);
    assert_eq!(told(Quantity::whole(-5)), []);
    let pack = |below: Option<i64>, above: i64| LineDifference::PackSize {
        pack_size: Quantity::whole(100),
        below: below.map(Quantity::whole),
        above: Some(Quantity::whole(above)),
    };
    let least = LineDifference::MinimumQuantity { minimum: Quantity::whole(250) };
    assert_eq!(told(Quantity::whole(150)), [pack(None, 300), least.clone()]);
    assert_eq!(told(Quantity::whole(200)), [least]);
    assert_eq!(told(Quantity::whole(260)), [pack(None, 300)]);
    assert_eq!(told(Quantity::whole(350)), [pack(Some(300), 400)]);
}

#[test]
fn a_price_that_is_not_there_yet_is_no_difference() {
    let mut line = line("A");
    line.unit_price = Some(UnitPrice::whole(0));
    assert_eq!(differences(&line, &article("A"), Percent(0), |_| None).len(), 1);
    line.unit_price = None;
    assert_eq!(differences(&line, &article("A"), Percent(0), |_| None), []);
}

#[test]
fn prices_in_different_currencies_are_not_compared() {
    let mut line = line("A");
    line.currency = "EUR".to_owned();
    let differs = LineDifference::Currency { ordered: "EUR".to_owned(), listed: "NOK".to_owned() };
    line.unit_price = Some(UnitPrice::whole(7));
    assert_eq!(differences(&line, &article("A"), Percent(0), |_| None), [differs]);
    let unpriced = PartnerArticle { price: None, ..article("A") };
    assert_eq!(differences(&line, &unpriced, Percent(0), |_| None), []);
}
