//! What partners answer, and what the client makes of it: over real connections on loopback.

mod support;

use domain::errors::ErrorCode;
use domain::messages::Verdict;
use exchange::{Guard, PartnerClient, Timeouts};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use support::{Names, Server, batch_answer, client, http_answer, identity, message, receipt};

fn retry(code: ErrorCode) -> Verdict {
    Verdict::Retry { code, after_seconds: None }
}

/// Sends one message to a server that answers so.
async fn verdict_of(answer: Vec<u8>) -> exchange::Sent {
    let server = Server::start(vec![answer]).await;
    client().send_order(&server.link(), &message(1)).await
}

#[tokio::test]
async fn a_matching_receipt_is_delivery() {
    let message = message(1);
    let receipt = receipt(&message, None);
    let server = Server::start(vec![http_answer(201, "application/json", receipt.as_bytes())]).await;
    let sent = client().send_order(&server.link(), &message).await;
    assert_eq!((sent.verdict, sent.http_status), (Verdict::Delivered, Some(201)));
    assert_eq!(sent.receipt_bytes.as_deref(), Some(receipt.as_bytes()));
    assert_eq!(sent.receipt.map(|receipt| receipt.message_id), Some(message.message_id));
    assert_eq!(sent.answer_excerpt, None);
    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /partner/v1/purchase-orders HTTP/1.1\r\n"), "{request}");
    let expected = [
        "authorization: Bearer open-sesame-1",
        &format!("idempotency-key: \"{}\"", message.message_id),
        &format!("correlation-id: {}", message.correlation_id),
        &format!("partner-instance: {}", identity().instance_id),
        "partner-epoch: 3",
        "partner-api-version: 1",
        "content-type: application/json",
    ];
    for header in expected {
        assert!(request.contains(header), "{header} in {request}");
    }
    assert!(!request.contains("accept-encoding"), "{request}");
    assert!(
        request.ends_with(&String::from_utf8_lossy(&message.body).into_owned()),
        "the stored bytes are what is sent"
    );
}

#[tokio::test]
async fn anything_else_with_a_success_is_unknown() {
    let missing = retry(ErrorCode::ReceiptMissing);
    let html = verdict_of(http_answer(200, "text/html", b"<html>Log in</html>")).await;
    assert_eq!((html.verdict, html.answer_excerpt.as_deref()), (missing, Some("<html>Log in</html>")));
    assert_eq!(verdict_of(http_answer(200, "application/json", b"")).await.verdict, missing);
    assert_eq!(verdict_of(http_answer(204, "application/json", b"")).await.verdict, missing);
    assert_eq!(verdict_of(http_answer(200, "application/json", b"{}")).await.verdict, missing);
    assert_eq!(verdict_of(http_answer(200, "application/json", b"null")).await.verdict, missing);
    let other_hash = receipt(&message(1), Some([7; 32]));
    assert_eq!(
        verdict_of(http_answer(201, "application/json", other_hash.as_bytes())).await.verdict,
        retry(ErrorCode::ReceiptMismatch)
    );
    let other_message = receipt(&message(2), None);
    let sent = verdict_of(http_answer(201, "application/json", other_message.as_bytes())).await;
    assert_eq!(
        (sent.verdict, sent.receipt, sent.receipt_bytes),
        (retry(ErrorCode::ReceiptMismatch), None, None)
    );
}

#[tokio::test]
async fn refusals_are_read_as_the_table_says() {
    let problem = |status, code: &str| {
        let body =
            format!("{{\"type\":\"about:blank\",\"title\":\"x\",\"status\":{status},\"code\":\"{code}\"}}");
        http_answer(status, "application/problem+json", body.as_bytes())
    };
    let cases = [
        (problem(401, "token_expired"), Verdict::PauseLink { code: ErrorCode::TokenExpired }),
        (problem(403, "api_access_off"), Verdict::PauseLink { code: ErrorCode::ApiAccessOff }),
        (problem(409, "epoch_conflict"), Verdict::PauseLink { code: ErrorCode::EpochConflict }),
        (problem(422, "no_lines"), Verdict::Park { code: ErrorCode::NoLines }),
        (problem(422, "a_code_of_tomorrow"), Verdict::Park { code: ErrorCode::PartnerError }),
        (
            problem(409, "request_in_progress"),
            Verdict::Retry { code: ErrorCode::RequestInProgress, after_seconds: Some(1) },
        ),
        (http_answer(401, "text/html", b"who?"), Verdict::PauseLink { code: ErrorCode::PartnerError }),
        (http_answer(404, "text/html", b"where?"), Verdict::PauseLink { code: ErrorCode::WrongPath }),
        (http_answer(500, "text/html", b"oh"), retry(ErrorCode::PartnerError)),
    ];
    for (answer, expected) in cases {
        assert_eq!(verdict_of(answer).await.verdict, expected);
    }
    for (seconds, expected) in
        [("-1", Some(1)), ("99999999", Some(3600)), ("7", Some(7)), ("Thu, 01 Jan 1970 00:00:00 GMT", None)]
    {
        let answer = format!("HTTP/1.1 503 Later\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n");
        let expected = Verdict::Retry { code: ErrorCode::PartnerError, after_seconds: expected };
        assert_eq!(verdict_of(answer.into_bytes()).await.verdict, expected, "{seconds}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Server::start(vec![http_answer(200, "application/json", b"{}")]).await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: {}/x\r\ncontent-length: 0\r\n\r\n", target.endpoint());
    let server = Server::start(vec![redirect.clone().into_bytes(), redirect.into_bytes()]).await;
    assert_eq!(
        client().send_order(&server.link(), &message(1)).await.verdict,
        retry(ErrorCode::RedirectRefused)
    );
    let error = client().identity(&server.link()).await.expect_err("a redirect");
    assert_eq!((error.code, error.http_status), (ErrorCode::RedirectRefused, Some(302)));
    assert_eq!(target.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn large_slow_and_broken_answers_are_cut() {
    let large = vec![b'x'; 2 * 1024 * 1024];
    let announced = verdict_of(http_answer(200, "application/json", &large)).await;
    assert_eq!((announced.verdict, announced.http_status), (retry(ErrorCode::AnswerTooLarge), Some(200)));
    let mut unannounced = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    unannounced.extend_from_slice(&large);
    assert_eq!(verdict_of(unannounced).await.verdict, retry(ErrorCode::AnswerTooLarge));
    assert_eq!(
        verdict_of(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf".to_vec()).await.verdict,
        retry(ErrorCode::PartnerError)
    );
    assert_eq!(verdict_of(b"not http at all\r\n\r\n".to_vec()).await.verdict, retry(ErrorCode::PartnerError));

    let silent = Server::start(Vec::new()).await;
    let limits = Timeouts { connect: Duration::from_millis(200), total: Duration::from_millis(200) };
    let hasty = PartnerClient::with(Guard::loopback(), identity(), limits, Arc::new(Names::default()))
        .expect("a client");
    assert_eq!(hasty.send_order(&silent.link(), &message(1)).await.verdict, retry(ErrorCode::AnswerTimeout));
    assert_eq!(hasty.identity(&silent.link()).await.expect_err("silence").code, ErrorCode::AnswerTimeout);
}

#[tokio::test]
async fn closed_ports_and_broken_tls_have_their_own_codes() {
    let closed = Server::closed().await;
    assert_eq!(client().send_order(&closed, &message(1)).await.verdict, retry(ErrorCode::ConnectRefused));
    let plain = Server::start(vec![b"this is no handshake at all, not even nearly\r\n".to_vec()]).await;
    let mut link = plain.link();
    link.endpoint = link.endpoint.replace("http:", "https:");
    assert_eq!(client().send_order(&link, &message(1)).await.verdict, retry(ErrorCode::TlsFailed));
}

#[tokio::test]
async fn names_are_dialled_only_when_every_address_is_permitted() {
    let server = Server::start(vec![http_answer(200, "application/json", b"{}")]).await;
    let loopback: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let public: SocketAddr = "93.184.216.34:0".parse().expect("an address");
    let private: SocketAddr = "[fd00::1]:0".parse().expect("an address");
    let limits = Timeouts { connect: Duration::from_millis(200), total: Duration::from_millis(200) };
    let cases = [
        (vec![loopback], ErrorCode::EndpointBlocked),
        (vec![public, loopback], ErrorCode::EndpointBlocked),
        (vec![public, private], ErrorCode::EndpointBlocked),
        (Vec::new(), ErrorCode::DnsFailed),
    ];
    let mut link = server.link();
    link.endpoint = "https://partner.example".to_owned();
    for (addresses, code) in cases {
        let names = Names::answering(addresses);
        let client =
            PartnerClient::with(Guard::default(), identity(), limits, Arc::new(names)).expect("a client");
        assert_eq!(client.identity(&link).await.expect_err("refused").code, code);
    }
    let failing = Names::failing(io::ErrorKind::Other);
    let client =
        PartnerClient::with(Guard::default(), identity(), limits, Arc::new(failing)).expect("a client");
    assert_eq!(client.identity(&link).await.expect_err("refused").code, ErrorCode::DnsFailed);
    // Stored before the guard became stricter.
    let blocked = client.send_order(&server.link(), &message(1)).await;
    assert_eq!(blocked.verdict, Verdict::PauseLink { code: ErrorCode::HttpsRequired });
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_changes_its_address_never_reaches_another_one() {
    let server = Server::start(Vec::new()).await;
    let allowed: SocketAddr = "127.0.0.2:0".parse().expect("an address");
    let blocked: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let guard = Guard::parse(&["127.0.0.2"], false).expect("a range").with_port(server.port());
    let names = Names::alternating(vec![allowed], vec![blocked]);
    let client =
        PartnerClient::with(guard, identity(), Timeouts::default(), Arc::new(names)).expect("a client");
    let mut link = server.link();
    link.endpoint = format!("https://partner.example:{}", server.port());
    for _ in 0..500 {
        assert_eq!(
            client.identity(&link).await.expect_err("nobody is there").code,
            ErrorCode::ConnectRefused
        );
        assert_eq!(client.identity(&link).await.expect_err("blocked").code, ErrorCode::EndpointBlocked);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_permitted_name_is_dialled_at_the_port_of_the_address() {
    let page = http_answer(200, "application/json", br#"{"events":[],"next":"1.0"}"#);
    let server = Server::start(vec![page]).await;
    let mut link = server.link();
    link.endpoint = format!("http://localhost:{}", server.port());
    assert_eq!(client().events(&link, None, None, 0).await.map(|page| page.next).as_deref(), Ok("1.0"));
}

#[tokio::test]
async fn a_batch_has_an_outcome_for_every_message() {
    let messages: Vec<_> = (1..=5).map(message).collect();
    // Out of order, one refused, one for somebody else, one with a wrong hash, one missing, and a line that is no JSON.
    let lines = [
        format!("{{\"receipt\":{}}}", receipt(&messages[1], None)),
        format!("{{\"receipt\":{}}}", receipt(&messages[0], None)),
        "<html>".to_owned(),
        format!(
            "{{\"message_id\":\"{}\",\"problem\":{{\"type\":\"x\",\"title\":\"x\",\"status\":422,\"code\":\"no_lines\"}}}}",
            messages[2].message_id
        ),
        format!("{{\"receipt\":{}}}", receipt(&message(9), None)),
        format!("{{\"receipt\":{}}}", receipt(&messages[3], Some([1; 32]))),
    ];
    let server = Server::start(vec![batch_answer(&lines)]).await;
    let sent = client().send_batch(&server.link(), &messages).await;
    let verdicts: Vec<Verdict> = sent.iter().map(|sent| sent.verdict).collect();
    let expected = [
        Verdict::Delivered,
        Verdict::Delivered,
        Verdict::Park { code: ErrorCode::NoLines },
        retry(ErrorCode::ReceiptMismatch),
        retry(ErrorCode::ReceiptMissing),
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(sent[0].receipt_bytes.as_deref(), Some(receipt(&messages[0], None).as_bytes()));
    assert_eq!(sent[2].http_status, Some(422));
    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /partner/v1/purchase-orders/batch HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains("idempotency-key"), "a batch has no key: {request}");
    assert_eq!(request.split("\r\n\r\n").nth(1).map(|body| body.lines().count()), Some(5));
}

#[tokio::test]
async fn a_batch_that_is_refused_whole_is_sent_one_by_one() {
    let messages: Vec<_> = (1..=2).map(message).collect();
    let refused = http_answer(
        415,
        "application/problem+json",
        br#"{"type":"x","title":"x","status":415,"code":"unsupported_media_type"}"#,
    );
    let first = http_answer(201, "application/json", receipt(&messages[0], None).as_bytes());
    let second = http_answer(
        422,
        "application/problem+json",
        br#"{"type":"x","title":"x","status":422,"code":"no_lines"}"#,
    );
    let server = Server::start(vec![refused, first, second]).await;
    let sent = client().send_batch(&server.link(), &messages).await;
    assert_eq!(sent[0].verdict, Verdict::Delivered);
    assert_eq!(sent[1].verdict, Verdict::Park { code: ErrorCode::NoLines });
    let down = Server::start(vec![http_answer(503, "text/plain", b"")]).await;
    let sent = client().send_batch(&down.link(), &messages).await;
    assert!(sent.iter().all(|sent| sent.verdict == retry(ErrorCode::PartnerError)), "{sent:?}");
    assert_eq!(client().send_batch(&down.link(), &[]).await, []);
}

#[tokio::test]
async fn calls_read_documents_or_say_why_not() {
    let page = br#"{"events":[],"next":"3.17","said_by_a_newer_partner":true}"#;
    let answers = vec![
        http_answer(200, "application/json", page),
        http_answer(200, "text/html", b"<html>"),
        http_answer(200, "application/json", b"{}"),
        http_answer(404, "text/html", b"<html>"),
        http_answer(
            404,
            "application/problem+json",
            br#"{"type":"x","title":"x","status":404,"code":"not_found"}"#,
        ),
        http_answer(
            403,
            "application/problem+json",
            br#"{"type":"x","title":"x","status":403,"code":"module_disabled"}"#,
        ),
    ];
    let server = Server::start(answers).await;
    let (client, link) = (client(), server.link());
    assert_eq!(
        client.events(&link, Some("a b&c"), None, 99).await.map(|page| page.next).as_deref(),
        Ok("3.17")
    );
    for code in [
        ErrorCode::WrongPath,
        ErrorCode::PartnerError,
        ErrorCode::WrongPath,
        ErrorCode::NotFound,
        ErrorCode::ModuleDisabled,
    ] {
        let error = client.events(&link, None, None, 0).await.expect_err("no page");
        assert_eq!(error.code, code);
    }
    let first = server.requests().remove(0);
    assert!(first.starts_with("GET /partner/v1/events?wait=25&after=a+b%26c HTTP/1.1"), "{first}");
}
