//! Files that a browser brings: too large, cut, stalled, of another kind, under odd names. A person gets a page with words, and no row
//! changes but the report of a file that was read.

use axum::body::Body;
use domain::ids::ImportId;
use domain::roles::Role;
use http::{Request, header};

use super::World;
use super::rows::changed;
use super::screens::{Person, endless};
use super::wire::{self, Bytes};
use crate::pair::{Backend, on_both_databases};
use crate::support::Answer;

on_both_databases!(refused_uploads, refused_downloads, odd_names, uploads_over_tcp);

const MAX_BYTES: usize = services::imports::MAX_BYTES;
const FORM: &str = "multipart/form-data; boundary=grense";
const GOOD: &str = "number;name;price\nV-1;Skrue;1,5\n";

/// A form with a file of that name.
fn form(name: &[u8], file: &[u8]) -> Vec<u8> {
    let head = [b"--grense\r\nContent-Disposition: form-data; name=\"file\"; filename=\"", name].concat();
    let kind = b"\"\r\nContent-Type: text/csv\r\n\r\n".as_slice();
    let dry = b"\r\n--grense\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\n1\r\n--grense--\r\n"
        .as_slice();
    [&head, kind, file, dry].concat()
}

/// As a browser posts it.
fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(header::CONTENT_TYPE, FORM)
        .header("sec-fetch-site", "same-origin")
        .body(body.into())
        .unwrap()
}

fn with(mut request: Request<Body>, name: &'static str, value: &'static str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

/// What a request is answered with: where to, or what a page says.
enum Expected {
    To(&'static str),
    Page(u16, &'static str),
    Json(u16, &'static str),
}
use Expected::{Json, Page, To};

fn judge(answer: &Answer, expected: &Expected) -> Result<(), String> {
    let status = answer.status.as_u16();
    let is_html = answer.header("content-type").starts_with("text/html");
    let fits = match expected {
        To(path) => status == 303 && location(answer) == *path,
        Page(code, words) => status == *code && is_html && answer.text().contains(words),
        Json(code, words) => status == *code && answer.json()["refusal"]["code"] == *words,
    };
    if fits { Ok(()) } else { Err(format!("{status} {} {:.300}", answer.header("location"), answer.text())) }
}

/// Where to, as one reads it.
fn location(answer: &Answer) -> String {
    answer.header("location").replace("%5F", "_")
}

/// Runs the table; all rows that went wrong are told at once.
async fn run(world: &World, rows: Vec<(&str, Request<Body>, Expected)>) {
    let mut wrong = Vec::new();
    for (name, request, expected) in rows {
        let before = world.database.rows().await;
        let answer = world.site.send(request).await;
        if let Err(fault) = judge(&answer, &expected) {
            wrong.push(format!("{name}: {fault}"));
        }
        let differing = changed(&before, &world.database.rows().await);
        if !differing.is_empty() {
            wrong.push(format!("{name}: rows changed in {differing:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn refused_uploads(backend: Backend) {
    const ARTICLES: &str = "/filer/artikler/inn";
    const TOO_LARGE: &str = "/filer/artikler?feil=payload_too_large";
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let reader = Person::in_role(&world, Role::Reader).await;
    let sends = |body: Vec<u8>| person.sends(post(ARTICLES, body));
    let large = || form(b"a.csv", &vec![b'x'; MAX_BYTES + 1]);
    let larger = || form(b"a.csv", &vec![b'x'; MAX_BYTES + 128 * 1024]);
    let cut = form(b"a.csv", GOOD.as_bytes());
    let half: Vec<Result<Vec<u8>, std::io::Error>> =
        vec![Ok(cut[..40].to_vec()), Err(std::io::Error::other("gone"))];
    let broken = Body::from_stream(futures::stream::iter(half));
    let no_file = b"--grense\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\n1\r\n--grense--\r\n";
    let good = || form(b"a.csv", GOOD.as_bytes());
    let script = with(person.sends(post(ARTICLES, larger())), "accept", "application/json");
    let elsewhere = with(person.sends(post(ARTICLES, good())), "sec-fetch-site", "cross-site");
    let as_form = with(sends(b"a=b".to_vec()), "content-type", "application/x-www-form-urlencoded");
    let malformed = To("/filer/artikler?feil=file_malformed");
    let missing = || To("/filer/artikler?feil=file_missing");
    let workbook = || To("/filer/artikler?feil=file_is_spreadsheet");
    let rows = vec![
        ("B-74 10 MiB and a byte", sends(large()), To(TOO_LARGE)),
        ("B-74 a form that is too large", sends(larger()), To(TOO_LARGE)),
        ("B-74 declared", with(sends(good()), "content-length", "99999999"), To(TOO_LARGE)),
        ("B-74 without end and length", person.sends(post(ARTICLES, endless())), To(TOO_LARGE)),
        ("B-74 asked by a script", script, Json(413, "payload_too_large")),
        (
            "B-75 a zip as CSV",
            sends(form(b"a.csv", b"PK\x03\x04\x14\0\x06\0number;name;price\n")),
            workbook(),
        ),
        ("B-75 an old workbook", sends(form(b"a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")), workbook()),
        ("B-76 an empty file", sends(form(b"a.csv", b"")), missing()),
        ("B-76 no file", sends(no_file.to_vec()), missing()),
        ("B-76 another kind of form", as_form, missing()),
        ("B-76 a form without its end", sends(cut[..cut.len() - 20].to_vec()), malformed),
        (
            "B-76 a body that breaks off",
            person.sends(post(ARTICLES, broken)),
            To("/filer/artikler?feil=malformed_http"),
        ),
        (
            "— of what there is no register",
            person.sends(post("/filer/passord/inn", good())),
            Page(404, "Vi finner ikke"),
        ),
        ("— who may only read", reader.sends(post(ARTICLES, good())), To("/filer/artikler?feil=forbidden")),
        ("— nobody", post(ARTICLES, good()), To("/logg-inn?neste=%2Ffiler%2Fartikler")),
        ("— from another site", elsewhere, Page(403, "fra en annen side")),
    ];
    run(&world, rows).await;

    // The page has words for it.
    for (to, words) in [
        (TOO_LARGE, "Innholdet er for stort"),
        ("/filer/artikler?feil=file_is_spreadsheet", "lagre som XLSX eller CSV (UTF-8)"),
        ("/filer/artikler?feil=malformed_http", "brutt av underveis"),
    ] {
        let page = world.site.get(to, Some(&person.cookie)).await;
        assert!(page.status.is_success() && page.text().contains(words), "{to}: {}", page.text());
    }
}

async fn refused_downloads(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let get = |path: &str| {
        let request = Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        person.sends(request)
    };
    let not_found = || Page(404, "Vi finner ikke");
    let script = with(get("/filer/ned/passwd.csv"), "accept", "application/json");
    let rows = vec![
        ("B-69 another name", get("/filer/ned/passwd.csv"), not_found()),
        ("B-69 a way out", get("/filer/ned/..%2f..%2fetc%2fpasswd"), not_found()),
        ("B-69 another kind", get("/filer/ned/artikler.exe"), not_found()),
        ("B-69 no text", get("/filer/ned/%ff.csv"), not_found()),
        (
            "B-69 a zero character",
            get("/filer/ned/artikler.csv?sok=%00"),
            Page(422, "href=\"/filer/artikler\""),
        ),
        ("B-69 asked by a script", script, Json(404, "not_found")),
        ("— the form's address", get("/filer/artikler/inn"), To("/filer/artikler")),
    ];
    run(&world, rows).await;
    let file = world.site.send(get("/filer/ned/artikler.csv")).await;
    assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "text/csv; charset=utf-8"));
}

async fn odd_names(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let long = vec![b'x'; 5_000];
    let names: [&[u8]; 9] = [
        b"../../etc/passwd",
        b"C:\\Users\\kari\\varer.csv",
        b"=cmd|' /C calc'!A0.csv",
        b"<script>alert(1)</script>.csv",
        "\u{202e}vsc.exe".as_bytes(),
        "varer \u{1f529}.csv".as_bytes(),
        b"no end",
        &long,
        b"",
    ];
    for name in names {
        let shown = String::from_utf8_lossy(name).into_owned();
        let before = world.database.rows().await;
        let posted = person.sends(post("/filer/artikler/inn", form(name, GOOD.as_bytes())));
        let answer = world.site.send(posted).await;
        let to = answer.header("location");
        let id = to.strip_prefix("/filer/rapport/").unwrap_or_else(|| panic!("B-72 {shown}: {to}"));
        assert_eq!(changed(&before, &world.database.rows().await), ["import_report"], "B-72 {shown}");
        let id: ImportId = id.parse().unwrap();
        let report = services::imports::report(&world.site.ctx, id).await.unwrap();
        assert!(report.file_name.chars().count() <= 61, "B-72 {shown}");
        assert!(!report.file_name.chars().any(domain::text::is_hidden), "B-72 {shown}");
        assert!(report.report.dry_run && report.report.faults == 0, "B-72 {shown}");
        let page = world.site.get(to, Some(&person.cookie)).await.text();
        assert!(!page.contains("<script>alert(1)"), "B-72 {shown}");
    }
    // What is no text is no name.
    for name in [b"a\0b.csv".as_slice(), b"\xff\xfe.csv"] {
        let before = world.database.rows().await;
        let answer =
            world.site.send(person.sends(post("/filer/artikler/inn", form(name, GOOD.as_bytes())))).await;
        assert_eq!(answer.status.as_u16(), 303, "B-72 {name:?}: {}", answer.text());
        let differing = changed(&before, &world.database.rows().await);
        assert!(differing.iter().all(|table| table == "import_report"), "B-72 {name:?}: {differing:?}");
    }
}

async fn uploads_over_tcp(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let sent = |length: usize, body: &[u8]| {
        let (length, cookie) = (format!("Content-Length: {length}"), format!("Cookie: {}", person.cookie));
        let lines =
            ["POST /filer/artikler/inn HTTP/1.1", "Host: x", "Accept: text/html", "Connection: close"];
        let kind = format!("Content-Type: {FORM}");
        let more = ["Sec-Fetch-Site: same-origin", &kind, &cookie, &length];
        Bytes::new(&[&lines[..], &more[..]].concat(), body)
    };
    let large = form(b"a.csv", &vec![b'x'; MAX_BYTES + 1024 * 1024]);
    let cut = form(b"a.csv", GOOD.as_bytes());
    let mut cases = vec![
        // The browser has sent everything before it looks for an answer.
        ("B-74 11 MiB", sent(large.len(), &large), "payload_too_large"),
        ("B-74 declared and not sent", sent(large.len(), b""), "payload_too_large"),
        ("B-76 cut", sent(cut.len() + 1, &cut[..60]).then_closes(), "malformed_http"),
    ];
    if backend == Backend::Sqlite {
        // The time is the same for both databases, and long.
        cases.push(("B-76 stalled", sent(cut.len(), &cut[..60]), "request_timeout"));
    }
    let before = world.database.rows().await;
    let answers = cases.iter().map(|(_, bytes, _)| wire::exchange(world.address, bytes));
    let answers = futures::future::join_all(answers).await;
    for ((name, _, code), answer) in cases.iter().zip(answers) {
        let to = format!("/filer/artikler?feil={code}");
        assert_eq!((answer.status.as_u16(), location(&answer)), (303, to), "{name}");
    }
    assert_eq!(changed(&before, &world.database.rows().await), Vec::<String>::new());
}
