//! The copy of a supplier's catalogue: read page by page, gone on with after a failure, and read anew from a partner that was restored.

use std::sync::{Arc, Mutex};

use domain::articles::ArticleInput;
use domain::connections::CatalogueAge;
use domain::errors::ErrorCode;
use domain::ids::ConnectionId;
use domain::tokens::Scope;
use services::Ctx;
use services::tokens::TokenInput;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{on_both, principal};
use crate::logs::connected;

on_both!(
    a_reading_that_breaks_off_goes_on_where_it_was,
    a_restored_partner_is_read_from_the_start,
    two_readings_at_once_count_every_article_once,
    changed_articles_are_told_in_the_feed,
);

/// What the partner answers to a path.
type Answers = Box<dyn Fn(&str) -> (u16, String) + Send + Sync>;

/// A partner that answers so, and the paths that it was asked for.
async fn partner(answers: Answers) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let (status, body) = answers(&path);
            noted.lock().unwrap().push(path);
            let kind = if status == 200 { "application/json" } else { "application/problem+json" };
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (endpoint, asked)
}

fn page(numbers: &[&str], next: &str, has_more: bool) -> (u16, String) {
    let articles: Vec<String> = numbers
        .iter()
        .map(|number| {
            format!(
                r#"{{"number":"{number}","name":"Skrue {number}","unit":"EA","price":"2.5","price_base_quantity":"1","currency":"NOK",
                "vat_rate":"25","gtin":null,"pack_size":null}}"#
            )
        })
        .collect();
    (200, format!(r#"{{"articles":[{}],"next":"{next}","has_more":{has_more}}}"#, articles.join(",")))
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (
        status,
        format!(r#"{{"type":"urn:prodsys:problem:{code}","title":"x","status":{status},"code":"{code}"}}"#),
    )
}

async fn known(ctx: &Ctx, id: ConnectionId) -> (CatalogueAge, Option<String>) {
    let mut tx = ctx.store.begin_read().await.unwrap();
    let connection = store::connections::lookup(&mut tx, id).await.unwrap().unwrap();
    // Every number that these partners ever tell.
    let told = ["1", "2", "3", "9"].map(str::to_owned);
    let read = store::partner_articles::found(&mut tx, id, &[], &told).await.unwrap();
    assert_eq!(
        usize::try_from(connection.row.catalogue.articles).unwrap(),
        read.len(),
        "the count is kept with the articles"
    );
    (connection.row.catalogue, connection.catalogue_cursor)
}

async fn a_reading_that_breaks_off_goes_on_where_it_was(ctx: Ctx) {
    let fails = Arc::new(Mutex::new(true));
    let failing = Arc::clone(&fails);
    let (endpoint, asked) = partner(Box::new(move |path| {
        if !path.contains("after=") {
            return page(&["1", "2"], "1.2", true);
        }
        if std::mem::take(&mut *failing.lock().unwrap()) {
            return problem(503, "storage_unavailable");
        }
        page(&["2", "3"], "1.3", false)
    }))
    .await;
    let (ctx, client, id) = connected(&ctx, endpoint).await;
    assert!(services::connections::sync_catalogue(&ctx, &client, id).await.is_err());
    let (age, cursor) = known(&ctx, id).await;
    assert_eq!((age.articles, cursor.as_deref()), (2, Some("1.2")));
    assert_eq!(age.read_at, None, "until all of it is read, what is missing has not been looked for");
    assert_eq!(services::connections::sync_catalogue(&ctx, &client, id).await.unwrap(), 2);
    let (age, cursor) = known(&ctx, id).await;
    assert_eq!((age.articles, cursor.as_deref()), (3, Some("1.3")));
    assert!(age.read_at.is_some());
    let asked = asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|path| !path.contains("after=")).count(), 1, "{asked:?}");
}

async fn a_restored_partner_is_read_from_the_start(ctx: Ctx) {
    let (endpoint, _) = partner(Box::new(|path| match path {
        path if path.contains("after=1.3") => problem(400, "invalid_cursor"),
        path if path.contains("after=") => page(&[], "7.9", false),
        _ => page(&["9"], "7.9", false),
    }))
    .await;
    let (ctx, client, id) = connected(&ctx, endpoint).await;
    ctx.write(id, |ctx, tx, id| {
        Box::pin(async move {
            let old = domain::matching::PartnerArticle {
                number: "1".into(),
                name: "Skrue fra før".into(),
                unit: "EA".into(),
                price: None,
                price_base_quantity: domain::decimal::Quantity::whole(1),
                currency: "NOK".into(),
                gtin: None,
                pack_size: None,
                minimum_quantity: None,
                status: domain::articles::ArticleStatus::Active,
                replaced_by: None,
            };
            let new = store::partner_articles::upsert(tx, *id, &[old]).await?;
            Ok(store::connections::set_catalogue_cursor(
                tx,
                *id,
                "1.3",
                i64::try_from(new).unwrap(),
                Some(ctx.now()),
            )
            .await?)
        })
    })
    .await
    .unwrap();
    assert_eq!(services::connections::sync_catalogue(&ctx, &client, id).await.unwrap(), 1);
    let (age, cursor) = known(&ctx, id).await;
    assert_eq!((age.articles, cursor.as_deref()), (1, Some("7.9")));
}

async fn two_readings_at_once_count_every_article_once(ctx: Ctx) {
    let (endpoint, _) = partner(Box::new(|path| match path {
        path if path.contains("after=1.2") => page(&["3"], "1.3", false),
        path if path.contains("after=") => page(&[], "1.3", false),
        _ => page(&["1", "2"], "1.2", true),
    }))
    .await;
    let (ctx, client, id) = connected(&ctx, endpoint).await;
    let (one, other) = tokio::join!(
        services::connections::sync_catalogue(&ctx, &client, id),
        services::connections::sync_catalogue(&ctx, &client, id)
    );
    one.unwrap();
    other.unwrap();
    let (age, cursor) = known(&ctx, id).await;
    assert_eq!((age.articles, cursor.as_deref()), (3, Some("1.3")));
}

async fn changed_articles_are_told_in_the_feed(ctx: Ctx) {
    let all = principal(&ctx).await;
    let page = async |articles: Option<&str>| services::feed::page(&ctx, &all, None, articles, 0).await;
    assert_eq!(page(None).await.unwrap().articles, None, "only whoever asks is told");
    let before = page(Some("1.0")).await.unwrap().articles.unwrap();
    let input = ArticleInput { number: "N-1".into(), name: "Bolt".into(), ..ArticleInput::default() };
    services::articles::add(&ctx, input).await.unwrap();
    let after = page(Some(&before)).await.unwrap().articles.unwrap();
    assert_ne!(before, after);
    assert_eq!(page(Some(&after)).await.unwrap().articles, Some(after.clone()));
    // It is the place up to which the catalogue is read then.
    let read = services::articles::changed_page(&ctx, Some(&before), 10).await.unwrap();
    assert_eq!((read.articles.len(), read.next), (1, after));
    let error = page(Some("tull")).await.unwrap_err();
    assert!(
        matches!(&error, services::ServiceError::Refused(refusal) if refusal.code == ErrorCode::InvalidCursor)
    );

    let scopes = vec![Scope::PurchaseOrdersCreate];
    let input = TokenInput { name: "Uten artikler".into(), contact_id: None, scopes, days: 90 };
    let issued = services::tokens::issue(&ctx, input).await.unwrap();
    let orders = services::tokens::authenticate(&ctx, &issued.secret, "127.0.0.1").await.unwrap();
    let told = services::feed::page(&ctx, &orders, None, Some(&before), 0).await.unwrap();
    assert_eq!(told.articles, None, "whoever may not read articles is not told of them");
}
