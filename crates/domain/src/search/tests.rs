use super::*;
use crate::articles::ArticleStatus;
use crate::decimal::Quantity;

#[test]
fn numbers_are_told_apart_by_letters_and_digits_alone() {
    for (number, key) in [
        ("11.10.050.4", "11100504"),
        ("11 10-050/4", "11100504"),
        ("bf-10 250", "BF10250"),
        ("0010315", "10315"),
        ("000", "0"),
        ("  07000014412588 ", "7000014412588"),
        ("kr-ø15", "KRØ15"),
        ("A\u{30a}1", "Å1"),
        ("--", ""),
        ("🔩", ""),
    ] {
        assert_eq!(number_key(number), key, "{number}");
    }
}

#[test]
fn names_are_found_by_the_ways_in_which_measures_are_written() {
    for (name, words) in [
        ("Sekskantskrue M10x50 A4-80", vec!["^sekskantskrue", "sekskantskrue", "m10x50", "a4", "80", "50"]),
        ("Skrue M10 x 50 mm", vec!["^skrue", "skrue", "m10x50", "mm", "50", "m10x50mm"]),
        ("Treskrue 5,0×60", vec!["^treskrue", "treskrue", "5.0x60", "60"]),
        ("Rør 3/4\" 15mm", vec!["^rør", "rør", "3/4", "15mm", "15", "mm"]),
        ("ÆØÅ  æøå", vec!["^æøå", "æøå"]),
        ("Kabel 2,5 mm² 3G1,5", vec!["^kabel", "kabel", "2.5", "mm²", "3g1.5", "2.5mm²"]),
        ("…", vec![]),
    ] {
        assert_eq!(words_of_name(name), words, "{name}");
    }
    let long = "ord ".repeat(3) + &"å".repeat(100) + &(0..100).map(|n| format!(" o{n}")).collect::<String>();
    let words = words_of_name(&long);
    assert!(words.len() <= 30 && words.iter().all(|word| word.chars().count() <= MAX_WORD));
}

#[test]
fn parts_of_compounds_are_found_by_how_they_begin() {
    for (word, expected) in [
        ("ørepropp", vec!["epropp", "propp", "ropp", "opp"]),
        ("elkabel", vec!["kabel", "abel", "bel"]),
        ("skru", vec![]),
        ("skrue", vec!["rue"]),
        ("m10x50", vec!["10x50"]),
        ("bf10250", vec!["10250"]),
        ("10x500", vec![]),
        ("m10", vec![]),
        ("^sekskantskrue", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(endings(word), expected, "{word}");
    }
    assert_eq!(endings(&"å".repeat(MAX_WORD)).len(), MAX_WORD - 4);
    for (part, word, expected) in [
        ("skru", "sekskantskrue", true),
        ("mutte", "sekskantmutter", true),
        ("kant", "sekskantskrue", true),
        ("rør", "stålrør", true),
        // Three letters are a part only where the word ends with them.
        ("rør", "stålrørdel", false),
        ("ru", "skru", false),
        ("skru", "skrue", false),
        ("skrv", "sekskantskrue", false),
    ] {
        assert_eq!(is_part(part, word), expected, "{part} {word}");
    }
}

#[test]
fn a_text_is_taken_apart() {
    let query = Query::read(" Skrue  M10 x 50, bf-1 ").unwrap();
    assert_eq!(query.words, ["skrue", "m10x50", "bf", "1"]);
    assert_eq!(query.numbers(), ["SKRUEM10X50BF1", "M10X50"]);
    assert_eq!(Query::read("10 250").unwrap().numbers(), ["10250", "10", "250"]);
    assert!(Query::read("10 250").unwrap().misspelled_numbers().contains(&"10520".to_owned()));
    assert!(Query::read("skrue").unwrap().misspelled_numbers().is_empty());
    assert!(Query::read("123").unwrap().misspelled_numbers().is_empty());
    for typed in ["", " ", "--", "🔩", &"a".repeat(MAX_TEXT + 1)] {
        assert_eq!(Query::read(typed), None, "{typed}");
    }
}

#[test]
fn every_single_error_is_among_the_tries() {
    for (typed, meant) in
        [("10250", "1025"), ("10250", "102500"), ("10250", "10350"), ("10250", "01250"), ("10250", "A10250")]
    {
        let tries = one_edit_away(typed);
        assert!(tries.contains(&meant.to_owned()), "{typed} {meant}");
        assert!(is_one_edit(typed, meant) && is_one_edit(meant, typed), "{typed} {meant}");
        assert!(tries.iter().all(|tried| is_one_edit(typed, tried)), "{typed}");
    }
    assert!(one_edit_away("skrue").contains(&"skruer".to_owned()));
    assert!(one_edit_away("ørepropp").contains(&"ørepopp".to_owned()));
    assert!(!one_edit_away("skrue").contains(&"skrue".to_owned()));
    assert!(one_edit_away(&"7".repeat(20)).len() < 500 && one_edit_away(&"a".repeat(20)).len() < 1500);
    for (typed, meant, whole, beginning) in [
        ("skrue", "skrue", false, false),
        ("skure", "skrue", true, true),
        ("sekskat", "sekskantskrue", false, true),
        ("skuer", "skrue", false, false),
        ("", "a", true, true),
        ("abcd", "ab", false, false),
    ] {
        assert_eq!(is_one_edit(typed, meant), whole, "{typed} {meant}");
        assert_eq!(is_one_edit_of_beginning(typed, meant), beginning, "{typed} {meant}");
    }
}

#[test]
fn a_misspelled_word_keeps_a_half_of_what_was_meant() {
    let mut tried = 0;
    for meant in ["sekskantskrue", "jordfeilbryter", "kobberrør", "rørklammer", "skarpsnorull"] {
        for typed in one_edit_away(meant) {
            for end in MIN_FORGIVEN..=typed.chars().count() {
                let typed: String = typed.chars().take(end).collect();
                let Some(halves) = Halves::of(&typed).filter(|_| is_one_edit_of_beginning(&typed, meant))
                else {
                    continue;
                };
                tried += 1;
                let is_found = meant.starts_with(&halves.front)
                    || meant.starts_with(&halves.with_changed_places)
                    || endings(meant).iter().any(|ending| ending.starts_with(&halves.back));
                assert!(is_found, "{typed} for {meant}");
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
    assert_eq!(Halves::of("skruene"), None, "halves of three letters stand in too many words");
    assert_eq!(Halves::of("m10x50x100"), None);
}

#[test]
fn sets_of_documents_survive_being_written() {
    let numbers = [1, 2, 1023, 1024, 5000, 1_000_000];
    let mut documents = Documents::default();
    for (block, text) in written(numbers) {
        documents.add(block, &text);
    }
    assert_eq!(documents.first(10), numbers);
    assert_eq!(documents.first(2), [1, 2]);
    assert_eq!(documents.span(), Some((0, 976)));
    let mut other = Documents::default();
    other.add(0, &place_of(1023).1);
    other.add(4, "?!0");
    documents.keep_common(&other);
    assert_eq!(documents.first(10), [1023]);
    // A pair taken out leaves the others, wherever it stood.
    for out in 0..BLOCK {
        let left = written(0..BLOCK)[&0].replace(&place_of(out).1, "");
        let mut documents = Documents::default();
        documents.add(0, &left);
        assert_eq!(documents.first(2000), (0..BLOCK).filter(|number| *number != out).collect::<Vec<_>>());
    }
}

fn hit(number: &str, name: &str, bought: Option<(i64, i64)>) -> SearchHit {
    let partner = PartnerArticle {
        number: number.to_owned(),
        name: name.to_owned(),
        unit: "EA".to_owned(),
        price: None,
        price_base_quantity: Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: None,
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    };
    let bought = bought.map(|(times, days)| Bought {
        times,
        last_at: Timestamp(-days * 24 * 3600 * 1_000_000),
        last_price: None,
    });
    SearchHit { own: None, partner: Some(partner), bought, is_forgiven: false }
}

fn ranked(typed: &str, hits: &[SearchHit]) -> Vec<String> {
    let query = Query::read(typed).unwrap();
    let numbers = |hits: Vec<SearchHit>| {
        hits.iter().map(|hit| hit.supplier_number().unwrap().clone()).collect::<Vec<_>>()
    };
    let there = numbers(rank(&query, hits.to_vec(), Timestamp(0), 10));
    let mut turned = hits.to_vec();
    turned.reverse();
    assert_eq!(
        numbers(rank(&query, turned, Timestamp(0), 10)),
        there,
        "the order of the candidates means nothing"
    );
    there
}

#[test]
fn the_number_itself_comes_first_then_what_is_bought_then_what_fits_best() {
    let hits = [
        hit("10250", "Mutter", None),
        hit("102501", "Mutter", Some((50, 1))),
        hit("102502", "Mutter", Some((1, 1))),
        hit("102503", "Mutter", Some((50, 700))),
        hit("102504", "Mutter", None),
        hit("102", "Mutter", None),
    ];
    assert_eq!(ranked("10250", &hits), ["10250", "102501", "102502", "102503", "102504"]);
    assert_eq!(ranked("1-02.50", &hits)[0], "10250");

    let hits = [
        hit("1", "Skrue", None),
        hit("2", "Låseskrue M8", None),
        hit("3", "Treskrue for terrasse", None),
        hit("4", "Boks med skrue", None),
        hit("5", "Skrap", None),
        hit("6", "Skruer og muttere", None),
    ];
    assert_eq!(ranked("skrue", &hits), ["1", "4", "6", "2", "3"]);
    // Half a word inside a compound is found after the words that begin with it, and after the compounds that end with it.
    assert_eq!(ranked("skru", &hits), ["1", "6", "4", "2", "3", "5"]);
    assert_eq!(ranked("skure", &hits), ["1", "4", "6"]);
    assert_eq!(ranked("m8 lås", &hits), ["2"]);
    let forgiven = rank(&Query::read("skure").unwrap(), hits.to_vec(), Timestamp(0), 1);
    assert!(forgiven[0].is_forgiven);
}

#[test]
fn an_error_is_forgiven_in_either_half_and_never_in_two_places_of_a_word() {
    let hits = [hit("BF-10250", "Jordfeilbryter 2-polet", None)];
    for typed in [
        "bf10520",
        "b-10250",
        "bf102500",
        "jorfeilbryter",
        "jordfeilbrytr",
        "jordfielb",
        "polte 2",
        "jor feil",
    ] {
        assert_eq!(ranked(typed, &hits).len(), 1, "{typed}");
    }
    for typed in ["bf10521", "jorfeilbrytr", "jor fiel", "xyz"] {
        assert_eq!(ranked(typed, &hits).len(), 0, "{typed}");
    }
}
