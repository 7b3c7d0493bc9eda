//! Finding articles while typing: one table of queries with what must be found, on both databases.

mod catalogue;

use domain::articles::ArticleInput;
use domain::contacts::ContactInput;
use domain::ids::{ConnectionId, ContactId};
use domain::matching::PartnerArticle;
use domain::search::{Bought, SearchHit};
use services::Ctx;
use store::bought::BoughtArticle;

use crate::harness::{company, on_both, postgres};

on_both!(
    articles_are_found_as_people_type,
    what_changed_is_found_by_what_it_is_now,
    articles_of_before_the_search_are_found,
    odd_texts_find_nothing,
);

const QUERIES: &str = include_str!("queries.txt");
const HOUR: i64 = 3600 * 1_000_000;

/// Ours: number, name, number at the supplier.
const REGISTER: [(&str, &str, &str); 5] = [
    ("N-1001", "Sekskantskrue M10x50 syrefast", "11.10.050.4"),
    ("N-1002", "Låsemutter M12 rustfri", "23.12.2"),
    ("N-1003", "Kobberrør 15 mm, lengde 5 m", "KR-015/5"),
    ("N-2001", "Brakett øvre rustfritt stål, egen", ""),
    ("N-2002", "Monteringssett Ås komplett", ""),
];
/// Bought: number of ours, number at the supplier, name, times, hours ago.
const BOUGHT: [(&str, &str, &str, i64, i64); 8] = [
    ("", "11.08.040.8", "Sekskantskrue M8x40 FZB DIN 933", 30, 24),
    ("", "11.06.030.8", "Sekskantskrue M6x30 FZB DIN 933", 2, 9000),
    ("", "KR-022/5", "Kobberrør 22 mm 5 m", 12, 48),
    ("", "E3016", "Automatsikring 16 A C-karakteristikk", 5, 100),
    ("", "VE-003", "Ørepropper 200 par", 9, 10),
    ("", "VE-001", "Vernebrille klar", 1, 5),
    ("", "VX-501", "Målebånd 8 m magnetisk", 2, 300),
    ("N-1002", "23.12.2", "Låsemutter M12 rustfri", 3, 700),
];

/// A supplier with its catalogue in the mirror.
async fn supplier(ctx: &Ctx, articles: Vec<PartnerArticle>) -> (ContactId, ConnectionId) {
    let input = ContactInput {
        name: "Ås Grossist AS".into(),
        org_number: "974760673".into(),
        contact_person: "Åse Berg".into(),
        is_supplier: true,
        ..ContactInput::default()
    };
    let contact = services::contacts::add(ctx, input).await.unwrap();
    let connection: ConnectionId = ctx.new_id();
    ctx.write((contact, connection, articles), |ctx, tx, (contact, connection, articles)| {
        Box::pin(async move {
            store::connections::add(tx, *connection, Some(*contact), "https://as.example", ctx.now()).await?;
            for page in articles.chunks(700) {
                store::partner_articles::upsert(tx, *connection, page).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    (contact, connection)
}

/// The company of the table: a register, a catalogue, and what was bought.
async fn shop(ctx: &Ctx) -> ContactId {
    let (contact, _) = supplier(ctx, catalogue::articles()).await;
    for (number, name, theirs) in REGISTER {
        let input = ArticleInput {
            number: number.into(),
            name: name.into(),
            supplier_org_number: if theirs.is_empty() { String::new() } else { "974760673".into() },
            supplier_article_number: theirs.into(),
            ..ArticleInput::default()
        };
        services::articles::add(ctx, input).await.unwrap();
    }
    ctx.write(contact, |ctx, tx, contact| {
        Box::pin(async move {
            let bought = BOUGHT.map(|(own, theirs, name, times, hours)| BoughtArticle {
                article_number: own.into(),
                supplier_article_number: theirs.into(),
                description: name.into(),
                gtin: None,
                bought: Bought {
                    times,
                    last_at: domain::time::Timestamp(ctx.now().0 - hours * HOUR),
                    last_price: None,
                },
            });
            Ok(store::bought::note(tx, *contact, &bought).await?)
        })
    })
    .await
    .unwrap();
    contact
}

/// A row of the table.
struct Row {
    kind: &'static str,
    typed: &'static str,
    expected: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = QUERIES.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [kind, typed, expected] = cells[..] else { panic!("{line}") };
            Row { kind, typed, expected }
        })
        .collect()
}

fn is(hit: &SearchHit, number: &str) -> bool {
    hit.own_number() == number || hit.supplier_number().is_some_and(|theirs| theirs == number)
}

fn named(hit: &SearchHit) -> String {
    let theirs = hit.supplier_number().cloned().unwrap_or_default();
    format!("{} {theirs} {}", hit.own_number(), hit.name())
}

/// The first hits of every query; a row that is missed is printed.
async fn answers(ctx: &Ctx) -> (Vec<Vec<String>>, usize) {
    let supplier = shop(ctx).await;
    let (mut answers, mut missed) = (Vec::new(), 0);
    for row in rows() {
        let hits = services::search::articles(ctx, Some(supplier), row.typed, 12).await.unwrap();
        let within = if row.kind == "first" { 1 } else { 5 };
        if !hits.iter().take(within).any(|hit| is(hit, row.expected)) {
            missed += 1;
            let first: Vec<String> = hits.iter().take(5).map(named).collect();
            println!("missed: {} | {} | {}: {first:#?}", row.kind, row.typed, row.expected);
        }
        answers.push(hits.iter().take(5).map(named).collect());
    }
    (answers, missed)
}

async fn articles_are_found_as_people_type(ctx: Ctx) {
    let (answers, missed) = answers(&ctx).await;
    assert!(answers.len() >= 150, "{}", answers.len());
    println!("{} of {} queries were answered", answers.len() - missed, answers.len());
    assert!(missed * 20 <= answers.len(), "{missed} of {} queries were missed", answers.len());
}

/// Not only the first hit: the first five are the same.
#[tokio::test(flavor = "multi_thread")]
async fn both_databases_answer_alike() {
    let Some(other) = postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(folder.path().join("test.db").to_str().unwrap()).await.unwrap();
    let (one, _) = answers(&company(store).await).await;
    let (other, _) = answers(&company(other).await).await;
    for ((row, one), other) in rows().iter().zip(one).zip(other) {
        assert_eq!(one, other, "{}", row.typed);
    }
}

async fn first(ctx: &Ctx, supplier: ContactId, typed: &str) -> Option<String> {
    let hits = services::search::articles(ctx, Some(supplier), typed, 12).await.unwrap();
    hits.first()
        .map(|hit| format!("{}|{}", hit.own_number(), hit.supplier_number().map_or("", String::as_str)))
}

async fn what_changed_is_found_by_what_it_is_now(ctx: Ctx) {
    let mut article = catalogue::articles().remove(0);
    article.number = "A-1".into();
    article.name = "Øyeskrue M8".into();
    let (contact, connection) = supplier(&ctx, vec![article.clone()]).await;
    assert_eq!(first(&ctx, contact, "øyeskrue").await.as_deref(), Some("|A-1"));
    article.name = "Vinkelbeslag".into();
    article.gtin = Some("7038010000065".into());
    let write = (connection, article.clone());
    ctx.write(write, |_, tx, (connection, article)| {
        Box::pin(async move {
            Ok(store::partner_articles::upsert(tx, *connection, std::slice::from_ref(article)).await?)
        })
    })
    .await
    .unwrap();
    assert_eq!(first(&ctx, contact, "øyeskrue").await, None);
    assert_eq!(first(&ctx, contact, "vinkelb").await.as_deref(), Some("|A-1"));
    assert_eq!(first(&ctx, contact, "07038010000065").await.as_deref(), Some("|A-1"));

    let input = ArticleInput { number: "N-1".into(), name: "Bolt".into(), ..ArticleInput::default() };
    let id = services::articles::add(&ctx, input.clone()).await.unwrap();
    assert_eq!(first(&ctx, contact, "bolt").await.as_deref(), Some("N-1|"));
    let changed = ArticleInput {
        name: "Beslag".into(),
        supplier_org_number: "974760673".into(),
        supplier_article_number: "A-1".into(),
        ..input
    };
    services::articles::edit(&ctx, id, 1, changed).await.unwrap();
    assert_eq!(first(&ctx, contact, "bolt").await, None);
    // Ours and the supplier's are one hit from now on, by whichever number it is found.
    for typed in ["a1", "n1", "beslag", "vinkelbeslag"] {
        assert_eq!(first(&ctx, contact, typed).await.as_deref(), Some("N-1|A-1"), "{typed}");
    }

    ctx.write(connection, |_, tx, connection| {
        Box::pin(async move { Ok(store::partner_articles::clear(tx, *connection).await?) })
    })
    .await
    .unwrap();
    assert_eq!(first(&ctx, contact, "vinkelbeslag").await, None);
    assert_eq!(first(&ctx, contact, "beslag").await.as_deref(), Some("N-1|A-1"));
}

async fn articles_of_before_the_search_are_found(ctx: Ctx) {
    let (contact, _) = supplier(&ctx, catalogue::articles().split_off(2100)).await;
    let input = ArticleInput { number: "N-1".into(), name: "Bolt".into(), ..ArticleInput::default() };
    services::articles::add(&ctx, input).await.unwrap();
    ctx.write((), |_, tx, ()| Box::pin(async move { Ok(store::search::forget_all(tx).await?) }))
        .await
        .unwrap();
    assert_eq!(first(&ctx, contact, "bolt").await, None);
    assert_eq!(first(&ctx, contact, "momentnøkkel").await, None);
    let filled = services::search::fill_in(&ctx).await.unwrap();
    assert_eq!(filled, catalogue::articles().len() - 2100 + 1);
    assert_eq!(first(&ctx, contact, "bolt").await.as_deref(), Some("N-1|"));
    assert_eq!(first(&ctx, contact, "momentnøkkel").await.as_deref(), Some("|VX-200"));
    assert_eq!(services::search::fill_in(&ctx).await.unwrap(), 0);
}

async fn odd_texts_find_nothing(ctx: Ctx) {
    let (contact, _) = supplier(&ctx, catalogue::articles().split_off(2100)).await;
    let long = "skrue ".repeat(60);
    for typed in ["", "  ", "%", "_", "'; DROP TABLE article; --", "\"", "\u{0}", "🔩", "^", "--", &long] {
        let hits = services::search::articles(&ctx, Some(contact), typed, 12).await.unwrap();
        assert_eq!(hits.len(), 0, "{typed}");
    }
    let hits = services::search::articles(&ctx, None, "momentnøkkel", 12).await.unwrap();
    assert_eq!(hits.len(), 0, "without a supplier only the own register is looked through");
}
