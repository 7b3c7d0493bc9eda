//! *Lim inn fra Excel* as the browser asks about it: the text and what was answered, in one question.

use axum::body::Body;
use domain::paste::{Looked, PasteColumn};
use domain::roles::Role;
use http::{Request, StatusCode, header};

use crate::support::{Site, site};

async fn look(site: &Site, cookie: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/api/look_at_paste")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "127.0.0.1:8080")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .body(Body::from(form))
        .unwrap();
    let answer = site.send(request).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn the_browser_asks_once_about_a_paste() {
    use PasteColumn::{ArticleNumber, Quantity};
    let site = site().await;
    let cookie = site.sign_in(Role::Administrator).await;
    let text = ("text", "Varenr\tAntall\r\nA-1\t1.234\r\nA-1\t2.500\r\nÅ-2\t-5\r\n");
    let (status, body) = look(&site, &cookie, &[text]).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let guessed: Looked = serde_json::from_str(&body).unwrap();
    assert_eq!(guessed.columns, [ArticleNumber, Quantity]);
    let shown: Vec<(usize, &str, &str)> = guessed
        .rows
        .iter()
        .map(|row| (row.row, row.line.quantity.as_str(), row.meant.first().map_or("", |meant| &meant.name)))
        .collect();
    assert_eq!(shown, [(2, "1.234", "Bolt"), (3, "2.500", "Bolt"), (4, "-5", "")]);

    let answered = [
        text,
        ("columns[0]", "article_number"),
        ("columns[1]", "quantity"),
        ("at", "article_number"),
        ("answers[0][row]", "0"),
        ("answers[0][column]", "1"),
        ("answers[0][reading]", "thousands"),
        ("answers[1][row]", "3"),
        ("answers[1][column]", "1"),
        ("answers[1][reading]", "decimals"),
    ];
    let (status, body) = look(&site, &cookie, &answered).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let answered: Looked = serde_json::from_str(&body).unwrap();
    let quantities: Vec<&str> = answered.rows.iter().map(|row| row.line.quantity.as_str()).collect();
    assert_eq!(quantities, ["1234", "2,5", "-5"]);

    let (status, body) = look(&site, &cookie, &[("text", "Hei Kari")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert!(body.contains("paste_no_numbers"), "{body}");
}
