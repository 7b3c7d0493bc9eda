//! What articles are found by, and what was bought.

use domain::articles::{ArticleInput, ArticleStatus};
use domain::decimal::{Quantity, UnitPrice};
use domain::ids::ConnectionId;
use domain::matching::PartnerArticle;
use domain::search::{Bought, BoughtPrice, Query};
use domain::time::Timestamp;
use store::bought::BoughtArticle;
use store::search::Place;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::{article, contact};

on_both!(
    documents_are_found_by_numbers_and_words,
    long_words_are_found_by_the_half_without_the_error,
    answers_are_bounded,
    changes_take_away_what_was,
    many_articles_of_one_transaction_are_found,
    what_is_forgotten_can_be_filled_in,
    what_was_bought_is_counted,
    own_articles_are_found_by_keys,
);

fn partner_article(number: &str, name: &str) -> PartnerArticle {
    PartnerArticle {
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
    }
}

async fn connection(tx: &mut Tx) -> ConnectionId {
    let connection = id();
    store::connections::add(tx, connection, None, "https://supplier.example", NOW).await.unwrap();
    connection
}

/// Numbers of the partner's articles that come into question.
async fn partners(tx: &mut Tx, connection: ConnectionId, text: &str, forgiving: bool) -> Vec<String> {
    let (place, query) = (Place::Partner(connection), Query::read(text).unwrap());
    let documents = if forgiving {
        store::search::alike(tx, place, &query).await.unwrap()
    } else {
        store::search::candidates(tx, place, &query).await.unwrap()
    };
    let found = store::partner_articles::found(tx, connection, &documents, &[]).await.unwrap();
    found.into_iter().map(|article| article.number).collect()
}

async fn documents_are_found_by_numbers_and_words(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (one, other) = (connection(&mut tx).await, connection(&mut tx).await);
    let articles = [
        partner_article("10.250", "Sekskantskrue M10x50 A4"),
        partner_article("10.251", "Sekskantmutter M10 A4"),
        partner_article("0088-Ø", "Øyeskrue M8"),
    ];
    store::partner_articles::upsert(&mut tx, one, &articles).await.unwrap();
    store::partner_articles::upsert(&mut tx, other, &[partner_article("10250", "Skrue")]).await.unwrap();
    for (text, expected) in [
        ("10250", vec!["10.250"]),
        ("1", vec!["10.250", "10.251"]),
        ("88ø", vec!["0088-Ø"]),
        ("sekskant", vec!["10.250", "10.251"]),
        ("m10 mutter", vec!["10.251"]),
        ("a4 sekskants", vec!["10.250"]),
        ("ØYESKRUE", vec!["0088-Ø"]),
        ("skrue", vec!["0088-Ø", "10.250"]),
        ("skrue 10251", vec!["0088-Ø", "10.250", "10.251"]),
        ("skru", vec!["0088-Ø", "10.250"]),
        ("mutte", vec!["10.251"]),
        ("10x5", vec!["10.250"]),
        ("rue", vec!["0088-Ø", "10.250"]),
        // Three letters must be the whole ending, and two are none.
        ("kru", vec![]),
        ("ue", vec![]),
        ("skru a4", vec!["10.250"]),
        ("vinkel", vec![]),
        ("mutter vinkel", vec![]),
    ] {
        assert_eq!(partners(&mut tx, one, text, false).await, expected, "{text}");
    }
    for (text, expected) in [
        ("10520", vec!["10.250"]),
        ("1o251", vec!["10.251"]),
        ("sekskantmuter", vec!["10.251"]),
        ("øyesrk", vec!["0088-Ø"]),
    ] {
        let found = partners(&mut tx, one, text, true).await;
        assert!(expected.iter().all(|number| found.iter().any(|found| found == number)), "{text}: {found:?}");
    }
    assert_eq!(partners(&mut tx, other, "skrue", false).await, ["10250"]);
    let numbers = ["10.251".to_owned(), "none".to_owned()];
    let found = store::partner_articles::found(&mut tx, one, &[], &numbers).await.unwrap();
    assert_eq!(found, [articles[1].clone()]);
}

async fn long_words_are_found_by_the_half_without_the_error(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (one, other) = (connection(&mut tx).await, connection(&mut tx).await);
    let articles = [
        partner_article("A1", "Sekskantskrue M10"),
        partner_article("A2", "Festebrakett20 sink"),
        partner_article("A3", "Skrue"),
    ];
    store::partner_articles::upsert(&mut tx, one, &articles).await.unwrap();
    store::partner_articles::upsert(&mut tx, other, &[partner_article("B1", "Sekskantskrue")]).await.unwrap();
    for (text, expected) in [
        // One error in either half, between them, and in an unfinished word.
        ("seskantskrue", vec!["A1"]),
        ("zekskantskrue", vec!["A1"]),
        ("sekskantskure", vec!["A1"]),
        ("sekskantskruue", vec!["A1"]),
        ("seksknatskrue", vec!["A1"]),
        ("sekksants", vec!["A1"]),
        ("sekskamtsk m10", vec!["A1"]),
        // What goes on with figures is found by its beginning alone: such a word has no endings of letters.
        ("festebrakkett", vec!["A2"]),
        ("festebraket", vec!["A2"]),
        // Two errors are too many.
        ("zekskantskure", vec![]),
    ] {
        assert_eq!(partners(&mut tx, one, text, true).await, expected, "{text}");
    }

    // So many words with a half that reading them would be cut off: each error is tried instead.
    let letters = |number: u8| char::from(b'a' + number);
    let many: Vec<PartnerArticle> = (0..20)
        .flat_map(|first| (0..22).map(move |second| (first, second)))
        .map(|(first, second)| {
            let name = format!("Sekskanta{}{}", letters(first), letters(second));
            partner_article(&format!("C{first:02}{second:02}"), &name)
        })
        .collect();
    store::partner_articles::upsert(&mut tx, one, &many).await.unwrap();
    assert!(!partners(&mut tx, one, "seksaknt", true).await.is_empty());
    assert_eq!(partners(&mut tx, one, "sekskanatab", true).await.first().map(String::as_str), Some("C0001"));
    assert_eq!(partners(&mut tx, one, "seskantskrue", true).await, ["A1"]);
}

async fn own_articles_are_found_by_keys(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    for number in ["101003", "10-1004", "X.9"] {
        article(&mut tx, number, &format!("Artikkel {number}")).await;
    }
    let mut found = async |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        let mut found = store::articles::with_keys(&mut tx, &keys).await.unwrap();
        found.sort_by(|one, other| one.number.cmp(&other.number));
        found.into_iter().map(|article| (article.number, article.name)).collect::<Vec<_>>()
    };
    let known = |number: &str| (number.to_owned(), format!("Artikkel {number}"));
    assert_eq!(found(&["101004", "X9", "101004"]).await, [known("10-1004"), known("X.9")]);
    // A key is the whole number, as `number_key` makes it.
    assert_eq!(found(&["10100", "10-1004", "x9"]).await, []);
    assert_eq!(found(&[]).await, []);
}

async fn answers_are_bounded(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let articles: Vec<PartnerArticle> = (0..3000)
        .map(|n| partner_article(&format!("1{n:05}"), &format!("Skrue nummer{n} M{}", n % 40)))
        .collect();
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    for text in ["1", "skrue", "s", "skrue m", "m", "nummer", "skrue nummer m1"] {
        let found = partners(&mut tx, connection, text, false).await.len();
        assert!((1..=200).contains(&found), "{text}: {found}");
    }
    // Every block is looked through where the word is in the last one.
    assert_eq!(partners(&mut tx, connection, "skrue nummer2999", false).await, ["102999"]);
}

async fn changes_take_away_what_was(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let articles = [partner_article("A1", "Rød bolt"), partner_article("A2", "Rød bolt")];
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    let changed = [partner_article("A1", "Blå bolt"), partner_article("A3", "Grønn bolt")];
    store::partner_articles::upsert(&mut tx, connection, &changed).await.unwrap();
    store::partner_articles::upsert(&mut tx, connection, &changed).await.unwrap();
    assert_eq!(partners(&mut tx, connection, "rød", false).await, ["A2"]);
    assert_eq!(partners(&mut tx, connection, "blå", false).await, ["A1"]);
    assert_eq!(partners(&mut tx, connection, "bolt", false).await, ["A1", "A2", "A3"]);
    store::partner_articles::upsert(&mut tx, connection, &[partner_article("A2", "Bolt")]).await.unwrap();
    assert_eq!(partners(&mut tx, connection, "rød", false).await, Vec::<String>::new());
    // A word that nothing holds any more goes with its endings, and comes back with them.
    let named = |name: &str| [partner_article("A4", name)];
    for (name, found) in [("Treskrue", 1), ("Vinkel", 0), ("Treskrue", 1)] {
        store::partner_articles::upsert(&mut tx, connection, &named(name)).await.unwrap();
        assert_eq!(partners(&mut tx, connection, "skru", false).await.len(), found, "{name}");
    }
    store::partner_articles::clear(&mut tx, connection).await.unwrap();
    for text in ["bolt", "skru"] {
        assert_eq!(partners(&mut tx, connection, text, false).await, Vec::<String>::new(), "{text}");
    }

    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let screw = article(&mut tx, "N-100", "Skrue").await;
    store::articles::set_supplier_number(&mut tx, screw, supplier, "BF-7").await.unwrap();
    let own = async |tx: &mut Tx, text: &str| {
        let documents = store::search::candidates(tx, Place::Own, &Query::read(text).unwrap()).await.unwrap();
        let found = store::articles::found(tx, Some(supplier), &documents, &[]).await.unwrap();
        found.into_iter().map(|row| row.supplier_article_number.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(own(&mut tx, "bf7").await, ["BF-7"]);
    store::articles::set_supplier_number(&mut tx, screw, supplier, "BF-8").await.unwrap();
    assert_eq!((own(&mut tx, "bf7").await.len(), own(&mut tx, "bf 8").await.len()), (0, 1));
    let renamed = ArticleInput {
        number: "N-100".into(),
        name: "Bolt".into(),
        gtin: "70".into(),
        ..ArticleInput::default()
    };
    assert!(store::articles::save(&mut tx, screw, &renamed.check().unwrap(), 1, NOW).await.unwrap());
    assert_eq!((own(&mut tx, "skrue").await.len(), own(&mut tx, "bolt").await.len()), (0, 1));
    assert_eq!(own(&mut tx, "00070").await, ["BF-8"]);
    let numbers = ["BF-8".to_owned()];
    let found = store::articles::found_at_supplier(&mut tx, supplier, &numbers).await.unwrap();
    assert_eq!((found[0].number.as_str(), found[0].gtin.as_deref()), ("N-100", Some("70")));
}

/// As a file brings them: each in a savepoint, some changed on the way, some given up.
async fn many_articles_of_one_transaction_are_found(store: Store) {
    let own = async |tx: &mut Tx, text: &str| {
        let documents = store::search::candidates(tx, Place::Own, &Query::read(text).unwrap()).await?;
        let found = store::articles::found(tx, None, &documents, &[]).await?;
        let mut numbers: Vec<String> = found.into_iter().map(|row| row.number).collect();
        numbers.sort();
        Ok::<_, store::StoreError>(numbers)
    };
    let mut tx = store.begin_write().await.unwrap();
    tx.savepoint().await.unwrap();
    for (number, name, is_kept) in [("1", "Bolt", true), ("2", "Bolt", false), ("3", "Bolt", true)] {
        tx.savepoint().await.unwrap();
        let added = article(&mut tx, number, name).await;
        let renamed = ArticleInput {
            number: number.to_owned(),
            name: format!("{name} rustfri"),
            ..ArticleInput::default()
        };
        assert!(store::articles::save(&mut tx, added, &renamed.check().unwrap(), 1, NOW).await.unwrap());
        if is_kept { tx.release().await.unwrap() } else { tx.undo().await.unwrap() }
    }
    assert!(own(&mut tx, "bolt").await.is_err(), "what is written in a savepoint could be lost with it");
    tx.release().await.unwrap();
    assert_eq!(own(&mut tx, "bolt rustfri").await.unwrap(), ["1", "3"], "before the commit");
    article(&mut tx, "4", "Bolt").await;
    tx.commit().await.unwrap();
    let mut tx = store.begin_write().await.unwrap();
    assert_eq!(own(&mut tx, "bolt").await.unwrap(), ["1", "3", "4"]);
    assert_eq!(own(&mut tx, "rustfri").await.unwrap(), ["1", "3"]);
    assert!(own(&mut tx, "2").await.unwrap().is_empty());

    // Articles that are found already: to another name and on, there and back, and there with all of it undone.
    let save = async |tx: &mut Tx, number: &str, names: &[&str]| {
        let known = store::articles::find_by_number(tx, number).await.unwrap().unwrap();
        for (version, name) in (known.version..).zip(names) {
            let input =
                ArticleInput { number: number.into(), name: (*name).into(), ..ArticleInput::default() };
            let checked = input.check().unwrap();
            assert!(store::articles::save(tx, known.article_id, &checked, version, NOW).await.unwrap());
        }
    };
    save(&mut tx, "1", &["Mutter", "Skive"]).await;
    save(&mut tx, "3", &["Mutter", "Bolt rustfri"]).await;
    tx.savepoint().await.unwrap();
    save(&mut tx, "4", &["Mutter"]).await;
    tx.undo().await.unwrap();
    for number in 1_000..2_100 {
        article(&mut tx, &number.to_string(), if number < 2_080 { "Stift" } else { "Splint" }).await;
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin_write().await.unwrap();
    assert_eq!(own(&mut tx, "skive").await.unwrap(), ["1"]);
    assert_eq!(own(&mut tx, "bolt").await.unwrap(), ["3", "4"]);
    assert!(own(&mut tx, "mutter").await.unwrap().is_empty());
    for number in ["1000", "2099"] {
        assert_eq!(own(&mut tx, number).await.unwrap(), [number]);
    }
    assert_eq!(own(&mut tx, "splint").await.unwrap().len(), 20);
}

async fn what_is_forgotten_can_be_filled_in(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    store::partner_articles::upsert(&mut tx, connection, &[partner_article("A1", "Bolt")]).await.unwrap();
    article(&mut tx, "N-1", "Bolt").await;
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    store::bought::note(&mut tx, supplier, &[bought("N-1", "A1", 1)]).await.unwrap();
    store::search::forget_all(&mut tx).await.unwrap();
    assert_eq!(partners(&mut tx, connection, "bolt", false).await.len(), 0);
    assert_eq!(store::search::fill_in(&mut tx, 10).await.unwrap(), 3);
    assert_eq!(store::search::fill_in(&mut tx, 10).await.unwrap(), 0);
    let query = Query::read("bolt").unwrap();
    for place in [Place::Own, Place::Partner(connection), Place::Bought(supplier)] {
        let found = store::search::candidates(&mut tx, place, &query).await.unwrap();
        assert_eq!(found.len(), 1, "{place:?}");
    }
}

fn price(price: i64, base: i64, unit: &str) -> BoughtPrice {
    BoughtPrice { price: UnitPrice(price), base_quantity: Quantity::whole(base), unit: unit.to_owned() }
}

fn bought(own: &str, theirs: &str, hour: i64) -> BoughtArticle {
    BoughtArticle {
        article_number: own.to_owned(),
        supplier_article_number: theirs.to_owned(),
        description: "Bolt M8".to_owned(),
        gtin: None,
        bought: Bought { times: 1, last_at: Timestamp(hour), last_price: Some(price(hour * 10, 100, "EA")) },
    }
}

async fn what_was_bought_is_counted(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let other = contact(&mut tx, "Ås Grossist AS", "974760673").await;
    store::bought::note(&mut tx, supplier, &[bought("N-1", "A1", 1), bought("", "A2", 1)]).await.unwrap();
    store::bought::note(&mut tx, supplier, &[bought("N-1", "A1", 2)]).await.unwrap();
    let known =
        store::bought::numbered(&mut tx, supplier, &["N-1".to_owned()], &["A2".to_owned()]).await.unwrap();
    let times: Vec<_> =
        known.iter().map(|article| (article.bought.times, article.bought.last_at.0)).collect();
    assert_eq!(times, [(2, 2), (1, 1)]);
    assert_eq!(known[0].bought.last_price, Some(price(20, 100, "EA")));
    let query = Query::read("bolt").unwrap();
    let documents = store::search::candidates(&mut tx, Place::Bought(supplier), &query).await.unwrap();
    assert_eq!(store::bought::found(&mut tx, supplier, &documents).await.unwrap().len(), 2);
    assert_eq!(store::bought::found(&mut tx, other, &documents).await.unwrap(), []);
    assert_eq!(store::bought::numbered(&mut tx, other, &["N-1".to_owned()], &[]).await.unwrap(), []);

    // What the price is for goes with the price; where it is not known, neither is.
    for last_price in [Some(price(7, 1, "MTR")), None, Some(price(0, 1000, "EA"))] {
        let mut article = bought("N-1", "A1", 3);
        article.bought.last_price.clone_from(&last_price);
        store::bought::note(&mut tx, supplier, &[article]).await.unwrap();
        let known = store::bought::numbered(&mut tx, supplier, &["N-1".to_owned()], &[]).await.unwrap();
        assert_eq!(known[0].bought.last_price, last_price);
    }
}
