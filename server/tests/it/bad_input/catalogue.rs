//! B-97 to B-104 for the catalogue: what a partner answers when its articles are read. The reading ends with a code that has words, nothing
//! is kept but what was right, and the log has a row.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::connections::ConnectionInput;
use domain::ids::ConnectionId;
use domain::paging::PageRequest;
use exchange::{Guard, OwnIdentity, PartnerClient};
use services::{Ctx, Settings, connections};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::World;
use super::rows::changed;
use crate::pair::{Backend, on_both_databases};

on_both_databases!(strange_catalogues_end_the_reading, what_cannot_be_kept_is_left_out);

const PATIENCE: Duration = Duration::from_secs(30);

/// What the partner answers to a path, as bytes.
type Answers = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// A partner that answers so, and how often it was asked.
async fn partner(answers: Answers) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(&answers(head.split(' ').nth(1).unwrap_or_default())).await;
        }
    });
    (address, asked)
}

/// An answer whose length is told.
fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json", body)
}

fn article(number: &str) -> String {
    format!(
        r#"{{"number":"{number}","name":"Skrue","unit":"EA","price":"2.5","price_base_quantity":"1","currency":"NOK","vat_rate":"25",
        "gtin":null,"pack_size":null}}"#
    )
}

fn page(articles: &[String], next: &str, has_more: bool) -> Vec<u8> {
    let articles = articles.join(",");
    json(&format!(r#"{{"articles":[{articles}],"next":"{next}","has_more":{has_more}}}"#))
}

/// A connection to the address.
async fn connected(world: &World, address: SocketAddr) -> (Ctx, PartnerClient, ConnectionId) {
    let settings = Settings { guard: Guard::loopback(), ..Settings::default() };
    let ctx = Ctx { settings: Arc::new(settings), ..world.site.ctx.clone() };
    let own = services::instance::current(&ctx).await.unwrap().unwrap();
    let identity = OwnIdentity { instance_id: own.instance_id, epoch: own.epoch };
    let client = PartnerClient::new(Guard::loopback(), identity).unwrap();
    let input = ConnectionInput {
        endpoint: format!("http://{address}"),
        token: domain::tokens::assemble(&[3; 32]),
        ..ConnectionInput::default()
    };
    let id = connections::save(&ctx, None, input).await.unwrap();
    (ctx, client, id)
}

/// What is read, what is answered, the code that the reading ends with, and how many articles are kept.
type Row = (&'static str, Answers, &'static str, i64);

fn always(bytes: Vec<u8>) -> Answers {
    Box::new(move |_| bytes.clone())
}

/// The rows of the table; `elsewhere` is where a redirect leads.
fn table(elsewhere: SocketAddr) -> Vec<Row> {
    let good = || vec![article("V-1")];
    let changed = |from: &str, to: &str| {
        let articles = good().iter().map(|article| article.replace(from, to)).collect::<Vec<_>>();
        always(page(&articles, "1.1", false))
    };
    let large = "x".repeat(9 * 1024 * 1024);
    let endless = [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), large.as_bytes()].concat();
    let away = format!("302 Found\r\nlocation: http://{elsewhere}/partner/v1/articles");
    vec![
        (
            "B-97 a log-in page",
            always(answer("200 OK", "text/html", "<html>Logg inn</html>")),
            "wrong_path",
            0,
        ),
        ("B-97 a picture", always(answer("200 OK", "image/png", "\u{89}PNG")), "wrong_path", 0),
        ("B-98 JSON that breaks off", always(json(r#"{"articles":[{"number":"V-1","#)), "wrong_path", 0),
        ("B-98 no JSON at all", always(json("")), "wrong_path", 0),
        ("B-99 another document", always(json(r#"{"orders":[]}"#)), "partner_error", 0),
        (
            "B-99 articles that are no list",
            always(json(r#"{"articles":"V-1","next":"1.1","has_more":false}"#)),
            "partner_error",
            0,
        ),
        ("B-99 a number that is a number", changed("\"V-1\"", "17"), "partner_error", 0),
        ("B-99 a price that is none", changed("\"2.5\"", "\"to kroner\""), "partner_error", 0),
        ("B-99 a price with a comma", changed("\"2.5\"", "\"2,5\""), "partner_error", 0),
        ("B-100 9 MiB, announced", always(json(&large)), "answer_too_large", 0),
        ("B-100 9 MiB, not announced", always(endless), "answer_too_large", 0),
        ("B-101 no answer", always(Vec::new()), "partner_error", 0),
        ("B-102 a redirect to another host", always(answer(&away, "text/plain", "")), "redirect_refused", 0),
        ("B-103 nothing, and more of it", always(page(&[], "1.1", true)), "partner_error", 0),
        ("B-103 no place to go on from", always(page(&good(), "", false)), "partner_error", 0),
        (
            "B-103 a place that is a novel",
            always(page(&good(), &"1".repeat(100_000), false)),
            "partner_error",
            0,
        ),
        ("B-103 the same place again", always(page(&good(), "1.1", true)), "partner_error", 1),
        (
            "B-103 places in a circle",
            Box::new(move |path| {
                let next = ["1.1", "1.2", "1.3"]
                    .into_iter()
                    .rev()
                    .find(|place| path.contains(&format!("after={place}")));
                let (number, next) = match next {
                    None | Some("1.3") => ("V-1", "1.1"),
                    Some("1.1") => ("V-2", "1.2"),
                    Some(_) => ("V-3", "1.3"),
                };
                page(&[article(number)], next, true)
            }),
            "partner_error",
            3,
        ),
        (
            "— an error of the partner",
            always(answer("500 Internal Server Error", "text/plain", "au")),
            "partner_error",
            0,
        ),
    ]
}

async fn strange_catalogues_end_the_reading(backend: Backend) {
    let world = World::new(backend).await;
    let (elsewhere, asked_elsewhere) = partner(always(page(&[article("V-1")], "1.1", false))).await;
    let mut wrong = Vec::new();
    for (name, answers, code, kept) in table(elsewhere) {
        let (address, asked) = partner(answers).await;
        let (ctx, client, id) = connected(&world, address).await;
        let before = world.database.rows().await;
        let read = tokio::time::timeout(PATIENCE, connections::sync_catalogue(&ctx, &client, id)).await;
        let found = match &read {
            Ok(Ok(_)) => "read",
            Ok(Err(error)) => error.refusal().code.as_str(),
            Err(_) => "for ever",
        };
        if found != code {
            wrong.push(format!("{name}: {found} instead of {code}"));
        }
        if asked.load(Ordering::SeqCst) > 10 {
            wrong.push(format!("{name}: it was asked {} times", asked.load(Ordering::SeqCst)));
        }
        let mut tx = ctx.store.begin_read().await.unwrap();
        let known = store::connections::lookup(&mut tx, id).await.unwrap().unwrap();
        let articles = known.row.catalogue.articles;
        drop(tx);
        if (articles, known.row.catalogue.read_at) != (kept, None) {
            wrong.push(format!("{name}: {articles} kept, read at {:?}", known.row.catalogue.read_at));
        }
        let differing = changed(&before, &world.database.rows().await);
        if kept == 0 && !differing.is_empty() {
            wrong.push(format!("{name}: rows changed in {differing:?}"));
        }
        let log = services::logs::list(&ctx, Default::default(), PageRequest::default()).await.unwrap();
        let noted = log
            .rows
            .first()
            .map(|row| (row.operation.as_str(), row.error.map(domain::errors::ErrorCode::as_str)));
        if noted != Some(("GET /articles", Some(code))) {
            wrong.push(format!("{name}: the log says {noted:?}"));
        }
        super::sender::has_words(code);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(asked_elsewhere.load(Ordering::SeqCst), 0, "nobody goes where a redirect leads");
}

async fn what_cannot_be_kept_is_left_out(backend: Backend) {
    let world = World::new(backend).await;
    let articles = [
        article("V-1"),
        article(""),
        article(&"9".repeat(81)),
        article("V\\u00002"),
        article("V-3").replace("Skrue", "Skrue\\u0000"),
        article("V-4").replace("Skrue", &"Skrue ".repeat(100_000)),
        article("V-5").replace("\"EA\"", "\"\\u0007\""),
        article("V-6"),
    ];
    let (address, _) = partner(always(page(&articles, "1.1", false))).await;
    let (ctx, client, id) = connected(&world, address).await;
    // What was known of one of them before holds no more either.
    let mut tx = ctx.store.begin_write().await.unwrap();
    let known = |number: &str| domain::matching::PartnerArticle {
        number: number.to_owned(),
        name: "Skrue".to_owned(),
        unit: "EA".to_owned(),
        price: Some("5".parse().unwrap()),
        price_base_quantity: domain::decimal::Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: None,
        pack_size: None,
        minimum_quantity: None,
        status: domain::articles::ArticleStatus::Active,
        replaced_by: None,
    };
    let before = [known("V-3"), known("V-9")];
    store::partner_articles::upsert(&mut tx, id, &before).await.unwrap();
    store::connections::set_catalogue_cursor(&mut tx, id, "1.0", 2, None).await.unwrap();
    tx.commit().await.unwrap();
    connections::sync_catalogue(&ctx, &client, id).await.unwrap();
    let mut tx = ctx.store.begin_read().await.unwrap();
    let numbers: Vec<String> = ["V-1", "V-3", "V-4", "V-5", "V-6", "V-9", ""].map(str::to_owned).into();
    let found = store::partner_articles::found(&mut tx, id, &[], &numbers).await.unwrap();
    let found: Vec<&str> = found.iter().map(|article| article.number.as_str()).collect();
    assert_eq!(found, ["V-1", "V-6", "V-9"]);
    let known = store::connections::lookup(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(known.row.catalogue.articles, 3, "one was forgotten and two are new");
}
