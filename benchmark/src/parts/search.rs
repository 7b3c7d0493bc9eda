//! A supplier with a million articles: reading its catalogue, finding articles while typing, and matching a long order.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::failure::{Failure, Outcome, needed};
use crate::instance::Pair;
use crate::report::{Figure, Report, Target};
use crate::rows::articles::{change_articles, known, large_catalogue, like, supplier_id};
use crate::rows::catalogue::made;
use crate::rows::seed::settle;
use crate::setting::{Kind, Setting};
use crate::statistics::{Samples, milliseconds};

const ARTICLES: i64 = 1_000_000;
const CHANGES: i64 = 100;
const ROUNDS: i64 = 40;
const LIKE_ROUNDS: i64 = 3;
const MATCHINGS: i64 = 10;
/// A first reading that takes longer than this will not become a good figure.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often it is looked whether the reading is done.
const GLANCE: Duration = Duration::from_millis(50);

/// What people type, by kind; `{n}` is a place in the catalogue and changes with every question.
const QUERIES: [(&str, &[&str]); 8] = [
    ("a number", &["BF{n}", "bf {n}"]),
    ("the beginning of a number", &["BF10{s}", "1{s}"]),
    ("one word", &["sekskantskrue", "kobberrør", "nordbolt", "skrue", "a4"]),
    ("two words", &["sekskantskrue m10", "m10x50 a4", "kabel hvit", "din 933 skarpsno"]),
    ("an unfinished word", &["sekskantm", "jordf", "betongb", "øye"]),
    ("a misspelled word", &["sekskantskure", "jordfeilbrytr", "kobberør", "rørklamer 8 mm"]),
    ("a misspelled number", &["BF{w}", "bf{w}"]),
    ("two characters", &["sk", "bf", "m1", "10"]),
];

/// Measures reading, searching and matching, one after the other, on the same rows.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    pair.supplier.stop().await?;
    let total = setting.amount(ARTICLES, 20_000);
    let mut supplier = pair.supplier.open().await?;
    large_catalogue(&mut supplier, u64::try_from(total)?).await?;
    report.say(&format!("  {total} articles at the supplier"));
    pair.supplier.start().await?;
    first_reading(&mut pair, kind, report, total).await?;
    change_articles(&mut supplier, total, CHANGES).await?;
    changes(&mut pair, kind, report).await?;
    supplier.close().await?;
    pair.supplier.stop().await?;
    pair.buyer.start().await?;
    let mut client = pair.buyer.sign_in().await?;
    let mut buyer = pair.buyer.open().await?;
    let supplier_id = supplier_id(&mut buyer).await?;
    let rounds = setting.amount(ROUNDS, 2);
    let mut all = Samples::default();
    for (name, texts) in QUERIES {
        let mut took = Samples::default();
        for round in 0..rounds {
            for text in texts {
                let text = filled(text, round, total);
                let started = Instant::now();
                client.call("suggest_articles", &[("supplier_id", &supplier_id), ("text", &text)]).await?;
                let elapsed = started.elapsed();
                took.add(elapsed);
                all.add(elapsed);
            }
        }
        let mut plain = Samples::default();
        for round in 0..setting.amount(LIKE_ROUNDS, 1) {
            plain.add(like(&mut buyer, &filled(texts[0], round, total)).await?);
        }
        let note = format!("p50 {:.1} ms; LIKE over number and name {:.0} ms", took.median(), plain.median());
        let figure = Figure::new(format!("search for {name}, p95"), took.percentile(0.95), "ms");
        report.add("search", kind.word(), figure.noted(note));
    }
    let figure = Figure::new("search, all kinds together, p95", all.percentile(0.95), "ms");
    let note = format!("p50 {:.1} ms, {} searches, over HTTP with a session", all.median(), all.len());
    report.add("search", kind.word(), figure.reaching(Target::AtMost(10.0)).noted(note));
    matching(&mut client, kind, report, (setting.amount(MATCHINGS, 2), total), &supplier_id).await
}

async fn first_reading(pair: &mut Pair, kind: Kind, report: &mut Report, total: i64) -> Outcome<()> {
    let mut buyer = pair.buyer.open().await?;
    let started = Instant::now();
    pair.buyer.start().await?;
    // The articles of the set-up have been read before.
    while known(&mut buyer).await?.0 < total {
        if started.elapsed() > PATIENCE {
            return Err(Failure::new("the buyer does not finish reading the catalogue"));
        }
        tokio::time::sleep(GLANCE).await;
    }
    let seconds = started.elapsed().as_secs_f64();
    let (_, most) = pair.buyer.memory()?;
    let figure = Figure::new(format!("first reading of {total} articles"), seconds, "s");
    report.add("search", kind.word(), figure.reaching(Target::AtMost(120.0)));
    let figure = Figure::new("the buyer's memory at most", most, "MiB");
    report.add("search", kind.word(), figure.reaching(Target::AtMost(150.0)));
    settle(&mut buyer).await?;
    buyer.close().await?;
    pair.buyer.stop().await
}

/// Through the command line, so that nothing but the reading is measured; the start of the process is counted.
async fn changes(pair: &mut Pair, kind: Kind, report: &mut Report) -> Outcome<()> {
    let listed = pair.buyer.run(&["connection", "list"]).await?;
    let connection = needed(listed[0]["connection_id"].as_str(), "the connection")?.to_owned();
    let started = Instant::now();
    let read = pair.buyer.run(&["connection", "sync", &connection]).await?;
    let took = started.elapsed();
    if read["articles"].as_i64() != Some(CHANGES) {
        return Err(Failure::new(format!("{read} were read instead of {CHANGES}")));
    }
    let figure = Figure::new(format!("reading {CHANGES} changed articles"), took.as_secs_f64(), "s");
    report.add("search", kind.word(), figure.reaching(Target::AtMost(1.0)));
    Ok(())
}

/// The text with another number in it every time.
fn filled(text: &str, round: i64, total: i64) -> String {
    let place = (round * 7919 + 13) % total + 1;
    let number = 1_000_000 + place;
    let digits = number.to_string();
    // The last two digits but one have changed places, or one is another.
    let wrong = format!("{}{}{}", &digits[..3], (number / 1000 + 5) % 10, &digits[4..]);
    text.replace("{n}", &digits).replace("{s}", &digits[2..4]).replace("{w}", &wrong)
}

/// An order of 1,000 lines: 900 with a number of the supplier's, 70 with one that is misspelled, 30 with one that he does not have.
async fn matching(
    client: &mut Client,
    kind: Kind,
    report: &mut Report,
    (times, total): (i64, i64),
    supplier_id: &str,
) -> Outcome<()> {
    let mut fields = vec![("supplier_id".to_owned(), supplier_id.to_owned())];
    for line in 0..1000_i64 {
        let number = made(u64::try_from(line * 997 % total + 1)?).number;
        let number = match line {
            0..900 => number,
            900..970 => format!("{}O{}", &number[..4], &number[5..]),
            _ => format!("finnes-ikke-{line}"),
        };
        let values = [
            ("article_number", ""),
            ("supplier_article_number", number.as_str()),
            ("description", ""),
            ("quantity", "10"),
            ("unit", "EA"),
            ("unit_price", "10"),
            ("price_base_quantity", "1"),
            ("currency", "NOK"),
        ];
        fields.extend(values.map(|(field, value)| (format!("lines[{line}][{field}]"), value.to_owned())));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut took = Samples::default();
    let mut counts = String::new();
    for _ in 0..times {
        let started = Instant::now();
        let judged = client.call("judge_order_lines", &fields).await?;
        took.add_value(milliseconds(started.elapsed()));
        let lines = needed(judged.as_array(), "the matches")?;
        let of = |level: &str| lines.iter().filter(|line| line["level"] == level).count();
        counts = format!("{} exact, {} likely, {} none", of("exact"), of("likely"), of("none"));
    }
    let figure = Figure::new("matching 1000 lines, p95", took.percentile(0.95), "ms");
    let note = format!("p50 {:.0} ms; {counts}", took.median());
    report.add("search", kind.word(), figure.reaching(Target::AtMost(500.0)).noted(note));
    Ok(())
}
