//! What a partner answers, seen from a buyer that really sends: the message stays, its state and code are told, and it goes on
//! when the partner is well again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::errors::ErrorCode;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::pair::{Backend, Pair, SUPPLIER_ORG, on_both_databases};

on_both_databases!(
    strange_answers_leave_the_message_where_it_is,
    switches_stop_the_link,
    a_lost_answer_is_asked_for_again
);

const PATIENCE: Duration = Duration::from_secs(60);

/// Between the two instances: passes everything on, or gives an answer of its own to orders.
struct Between {
    address: std::net::SocketAddr,
    disturbed: Arc<AtomicBool>,
}

/// What the place between does while it is disturbed.
#[derive(Clone)]
enum Disturbance {
    /// Orders get these bytes, and the partner never sees them.
    Answers(Vec<u8>),
    /// Orders reach the partner, and its answer is lost.
    Loses,
}

impl Between {
    async fn start(partner: std::net::SocketAddr, disturbance: Disturbance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let disturbed = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&disturbed);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (flag, disturbance) = (Arc::clone(&flag), disturbance.clone());
                tokio::spawn(async move { pass(stream, partner, &flag, &disturbance).await });
            }
        });
        Self { address, disturbed }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn mend(&self) {
        self.disturbed.store(false, Ordering::SeqCst);
    }
}

async fn pass(
    mut stream: TcpStream,
    partner: std::net::SocketAddr,
    flag: &AtomicBool,
    disturbance: &Disturbance,
) {
    let first = read_request(&mut stream).await;
    let is_order = first.starts_with(b"POST /partner/v1/purchase-orders");
    let Ok(mut onwards) = TcpStream::connect(partner).await else { return };
    if !(is_order && flag.load(Ordering::SeqCst)) {
        // One connection for each request, so that every order is seen here.
        let end = first.iter().position(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        let _ = onwards.write_all(&first[..end]).await;
        let _ = onwards.write_all(b"Connection: close\r\n").await;
        let _ = onwards.write_all(&first[end..]).await;
        let _ = copy_bidirectional(&mut stream, &mut onwards).await;
        return;
    }
    match disturbance {
        Disturbance::Answers(answer) => drop(stream.write_all(answer).await),
        Disturbance::Loses => {
            let _ = onwards.write_all(&first).await;
            // The first byte of the answer tells that the partner has committed.
            let _ = onwards.read_exact(&mut [0; 1]).await;
        }
    }
}

/// A request, whole: closing a connection with something unread in it would take the answer away too.
async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|text| text.parse().ok()).unwrap_or(0);
            if request.len() >= head.len() + 4 + length {
                return request;
            }
        }
        match stream.read(&mut piece).await {
            Ok(count) if count > 0 => request.extend_from_slice(&piece[..count]),
            _ => return request,
        }
    }
}

/// A buyer with one order, whose way to the supplier leads through the place between.
async fn pair_with(backend: Backend, disturbance: Disturbance) -> (Pair, Between) {
    let mut pair = Pair::new(backend).await;
    let between = Between::start(pair.supplier.address, disturbance).await;
    let head = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n";
    import(&pair.supplier, "articles", &format!("{head}V-1;Skrue;EA;2;1;NOK;25;;;;\n")).await;
    import(&pair.buyer, "articles", &format!("{head}K-1;Skrue;EA;2;1;NOK;25;;;{SUPPLIER_ORG};V-1\n")).await;
    let order = format!(
        "order_ref;supplier_org_number;requested_delivery_date;currency;article_number;quantity;unit;unit_price;price_base_quantity;discount_percent;note\n\
         R-1;{SUPPLIER_ORG};;NOK;K-1;3;EA;2;1;0;\n"
    );
    import(&pair.buyer, "purchase-orders", &order).await;
    pair.buyer.start().await;
    redirect(&pair, &between.url()).await;
    pair.buyer.run(&["connection", "sync", &pair.connection]).await;
    (pair, between)
}

/// Gives the connection another address, as a person does on its page, with a token made for it.
async fn redirect(pair: &Pair, endpoint: &str) {
    let token = pair.supplier.run(&["token", "create", "--name", "Ny"]).await;
    let person = crate::pair::Client::new(pair.buyer.address).signed_in().await;
    let secret = token["secret"].as_str().unwrap();
    let fields = [
        ("connection_id", pair.connection.as_str()),
        ("endpoint", endpoint),
        ("token", secret),
        ("and", "test"),
    ];
    let reply = person.call("save_connection", &fields).await.unwrap();
    assert!(reply.status.is_success() || reply.status.is_redirection(), "{reply:?}");
}

async fn import(instance: &crate::pair::Instance, what: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.csv");
    std::fs::write(&file, text).unwrap();
    instance.run(&["import", what, file.to_str().unwrap()]).await;
}

/// The message's row in the log, once it is as wanted.
async fn log_once(pair: &Pair, wanted: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let log = pair.buyer.run(&["log", "list"]).await;
        let row = log["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["kind"] == "message"));
        if let Some(row) = row.filter(|row| wanted(row)) {
            return row.clone();
        }
        assert!(Instant::now() < deadline, "{log}");
    }
}

/// The connection, once it is paused.
async fn paused(pair: &Pair) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let connections = pair.buyer.run(&["connection", "list"]).await;
        if connections[0]["state"] == "paused" {
            return connections[0].clone();
        }
        assert!(Instant::now() < deadline, "{connections}");
    }
}

/// *Test tilkobling*: a passed test makes everything due that waits.
async fn test_connection(pair: &Pair) {
    let person = crate::pair::Client::new(pair.buyer.address).signed_in().await;
    person.call("test_connection", &[("connection_id", &pair.connection)]).await.unwrap();
}

pub fn has_words(code: &str) {
    use app::i18n::{Language, Texts};
    assert!(ErrorCode::from_code(code).is_some(), "{code}");
    for language in [Language::Nb, Language::En] {
        assert!(Texts::new(language).error(code).is_some(), "{code} in {}", language.as_str());
    }
}

async fn drafts(pair: &Pair) -> usize {
    pair.supplier.run(&["drafts", "list"]).await["rows"].as_array().unwrap().len()
}

async fn strange_answers_leave_the_message_where_it_is(backend: Backend) {
    let plain = |head: &str, body: &str| {
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
            .into_bytes()
    };
    let long = "x".repeat(2 * 1024 * 1024);
    let rows = [
        (
            "B-97 a log-in page",
            plain("200 OK\r\ncontent-type: text/html", "<html>Logg inn</html>"),
            "receipt_missing",
        ),
        ("a redirect", plain("302 Found\r\nlocation: http://127.0.0.1:9/", ""), "redirect_refused"),
        ("B-100 too long an answer", plain("200 OK", &long), "answer_too_large"),
        ("no answer", Vec::new(), "partner_error"),
    ];
    for (name, answer, code) in rows {
        let (pair, between) = pair_with(backend, Disturbance::Answers(answer)).await;
        pair.buyer.run(&["export", "--all-ready"]).await;
        let row = log_once(&pair, |row| row["error"] == code).await;
        assert!(matches!(row["state"].as_str(), Some("waiting" | "sending")), "{name}: {row}");
        has_words(code);
        assert_eq!(drafts(&pair).await, 0, "{name}: nothing arrived");
        between.mend();
        test_connection(&pair).await;
        log_once(&pair, |row| row["state"] == "delivered").await;
        assert_eq!(drafts(&pair).await, 1, "{name}: once");
    }
}

async fn switches_stop_the_link(backend: Backend) {
    for (off, on, code) in [
        (["api-access", "disable"], ["api-access", "enable"], "api_access_off"),
        (["extension", "disable"], ["extension", "enable"], "module_disabled"),
    ] {
        // Nothing arrives until the switch is off, so that it is the switch that the message meets.
        let (pair, between) = pair_with(backend, Disturbance::Answers(Vec::new())).await;
        pair.buyer.run(&["export", "--all-ready"]).await;
        log_once(&pair, |row| !row["error"].is_null()).await;
        pair.supplier.run(&off).await;
        between.mend();
        let connection = paused(&pair).await;
        assert_eq!(connection["pause_code"], code, "{connection}");
        has_words(code);
        log_once(&pair, |row| matches!(row["state"].as_str(), Some("waiting" | "queued"))).await;
        assert_eq!(drafts(&pair).await, 0, "{code}");
        pair.supplier.run(&on).await;
        test_connection(&pair).await;
        log_once(&pair, |row| row["state"] == "delivered").await;
        assert_eq!(drafts(&pair).await, 1, "{code}: once");
    }
}

async fn a_lost_answer_is_asked_for_again(backend: Backend) {
    let (mut pair, between) = pair_with(backend, Disturbance::Loses).await;
    pair.buyer.run(&["export", "--all-ready"]).await;
    log_once(&pair, |row| !row["error"].is_null()).await;
    // The partner restarts in the middle; what it had committed is there afterwards.
    pair.supplier.kill().await;
    log_once(&pair, |row| !row["error"].is_null() && row["attempts"].as_i64() > Some(1)).await;
    pair.supplier.start().await;
    between.mend();
    test_connection(&pair).await;
    log_once(&pair, |row| row["state"] == "delivered").await;
    assert_eq!(drafts(&pair).await, 1, "once");
}
