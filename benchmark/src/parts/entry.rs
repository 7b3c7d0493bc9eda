//! Writing an order in Chromium: from a key to the suggestions with a large catalogue, pasting from Excel, and a cell of a long order.

use std::time::{Duration, Instant};

use serde_json::json;

use super::browser::{drive, samples_of, visitor};
use crate::failure::{Failure, Outcome, needed};
use crate::instance::Pair;
use crate::report::{Figure, Report, Target};
use crate::rows::articles::{known, large_catalogue, supplier_id};
use crate::rows::catalogue::made;
use crate::rows::seed::{Batch, ready_orders, settle};
use crate::setting::{Kind, Setting};

const ARTICLES: i64 = 1_000_000;
const TEXTS: i64 = 25;
const ROWS: i64 = 500;
const PASTES: i64 = 7;
const LINES: i64 = 1000;
const EDITS: i64 = 60;
/// The long order has this running number.
const FIRST: i64 = 8_500_001;
/// A first reading that takes longer than this is given up.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often it is looked whether the reading is done.
const GLANCE: Duration = Duration::from_millis(200);

/// Words of names that are typed besides numbers.
const WORDS: [&str; 5] = ["sekskantskrue m10", "kobberrør", "kabel hvit", "låsemutter a4", "jordfeilbryter"];

/// Measures all three on the same pair of instances.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let total = setting.amount(ARTICLES, 20_000);
    let lines = setting.amount(LINES, 100);
    let mut buyer = pair.buyer.open().await?;
    let orders = ready_orders(&mut buyer, Batch { first: FIRST, count: 1, lines }).await?;
    let order = needed(orders.first(), "an order")?;
    let supplier = supplier_id(&mut buyer).await?;
    buyer.close().await?;
    read_catalogue(&mut pair, total).await?;
    let rows = setting.amount(ROWS, 50);
    let told = drive(
        setting,
        "entry.mjs",
        &json!({
            "visitor": visitor(&pair.buyer).await?,
            "supplier": supplier,
            "texts": texts(setting.amount(TEXTS, 3), total)?,
            "rows": pasted(rows, total)?,
            "pastes": setting.amount(PASTES, 2),
            "order": format!("/ordre/innkjopsordre/{}/rediger", order.number),
            "lines": lines,
            "edits": setting.amount(EDITS, 4),
        }),
    )
    .await?;
    let figures = [
        ("keys", format!("key to suggestions, {total} articles"), Some(150.0)),
        ("preview", format!("pasting {rows} rows: until they are shown"), None),
        ("pasted", format!("pasting {rows} rows: until the order is checked"), Some(1500.0)),
        ("typed", format!("a key in a cell, {lines} lines"), Some(50.0)),
        ("committed", format!("Enter in a cell, {lines} lines"), Some(50.0)),
        ("longest", format!("longest task after it, {lines} lines"), None),
    ];
    for (key, what, limit) in figures {
        let samples = samples_of(&told[key])?;
        for (share, name) in [(0.5, "p50"), (0.95, "p95")] {
            let mut figure = Figure::new(format!("{what}, {name}"), samples.percentile(share), "ms");
            if let Some(limit) = limit {
                figure = figure.reaching(Target::AtMost(limit));
            }
            report.add("entry", kind.word(), figure.noted(format!("of {}", samples.len())));
        }
    }
    pair.stop().await
}

/// Gives the supplier a large catalogue, and waits until the buyer has read it. Both processes run afterwards.
async fn read_catalogue(pair: &mut Pair, total: i64) -> Outcome<()> {
    pair.supplier.stop().await?;
    let mut supplier = pair.supplier.open().await?;
    large_catalogue(&mut supplier, u64::try_from(total)?).await?;
    supplier.close().await?;
    pair.supplier.start().await?;
    pair.buyer.start().await?;
    let mut buyer = pair.buyer.open().await?;
    let started = Instant::now();
    while known(&mut buyer).await?.0 < total {
        if started.elapsed() > PATIENCE {
            return Err(Failure::new("the buyer does not finish reading the catalogue"));
        }
        tokio::time::sleep(GLANCE).await;
    }
    settle(&mut buyer).await?;
    buyer.close().await
}

/// The number of an article, another one for each place.
fn number(at: i64, total: i64) -> Outcome<String> {
    Ok(made(u64::try_from(at * 7919 % total + 1)?).number)
}

/// What is typed, key by key: numbers, and words between them.
fn texts(count: i64, total: i64) -> Outcome<Vec<String>> {
    let mut texts = Vec::new();
    for (at, word) in (0..count).zip(WORDS.iter().cycle()) {
        texts.push(if at % 2 == 0 { number(at, total)? } else { (*word).to_owned() });
    }
    Ok(texts)
}

/// Rows as Excel copies them.
fn pasted(rows: i64, total: i64) -> Outcome<String> {
    let mut text = "Leverandørens artikkelnr.\tAntall\tPris\r\n".to_owned();
    for at in 0..rows {
        text.push_str(&format!("{}\t{},5\t{},50\r\n", number(at + 1, total)?, at % 40 + 1, at % 90 + 1));
    }
    Ok(text)
}
