//! The log: calls of ours that fail, what is told of them, and trying again.

use std::sync::Arc;

use domain::connections::ConnectionInput;
use domain::errors::ErrorCode;
use domain::ids::ConnectionId;
use domain::logs::{LogFilter, LogView, Retried};
use domain::messages::Direction;
use domain::paging::PageRequest;
use exchange::{Guard, OwnIdentity, PartnerClient};
use services::{Actor, Ctx, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::on_both;

on_both!(a_feed_that_fails_is_one_row_and_works_again, a_failed_test_is_in_the_log_with_its_answer);

/// A partner that answers everything with these bytes.
async fn partner(listener: TcpListener, answer: &'static str) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut head = [0; 4096];
        let _ = stream.read(&mut head).await;
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

pub async fn connected(ctx: &Ctx, endpoint: String) -> (Ctx, PartnerClient, ConnectionId) {
    let settings = Settings { guard: Guard::loopback(), ..Settings::default() };
    let ctx = Ctx { settings: Arc::new(settings), ..ctx.clone() };
    let own = services::instance::current(&ctx).await.unwrap().unwrap();
    let identity = OwnIdentity { instance_id: own.instance_id, epoch: own.epoch };
    let client = PartnerClient::new(Guard::loopback(), identity).unwrap();
    let token = domain::tokens::assemble(&[3; 32]);
    let input = ConnectionInput { endpoint, token, ..ConnectionInput::default() };
    let id = services::connections::save(&ctx, None, input).await.unwrap();
    (ctx, client, id)
}

async fn a_feed_that_fails_is_one_row_and_works_again(ctx: Ctx) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (ctx, client, id) = connected(&ctx, format!("http://{address}")).await;
    let worker = ctx.acting_as(Actor::System);
    for _ in 0..3 {
        assert!(services::feed::poll_once(&worker, &client, id, None, 0).await.is_err());
    }
    let overview = |view| services::logs::overview(&ctx, view, LogFilter::default(), PageRequest::default());
    let causes = overview(LogView::Causes).await.unwrap();
    assert_eq!(causes.causes.len(), 1);
    assert_eq!(
        (causes.causes[0].direction, causes.causes[0].error),
        (Direction::Out, ErrorCode::ConnectRefused)
    );
    assert_eq!((causes.causes[0].count, causes.causes[0].newest.attempts), (1, 3));
    assert_eq!(
        (causes.summary.total(), causes.summary.failed(), causes.summary.per_mille()),
        (1, 1, Some(0))
    );
    assert_eq!(causes.summary.days.len(), 7);

    let listener = TcpListener::bind(address).await.unwrap();
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 28\r\nconnection: close\r\n\r\n\
                  {\"events\":[],\"next\":\"1.0\" }\n";
    tokio::spawn(partner(listener, answer));
    services::feed::poll_once(&worker, &client, id, None, 0).await.unwrap();
    let all = overview(LogView::All).await.unwrap();
    assert_eq!(all.entries.total, 1, "what goes well by itself is no row");
    assert!(all.entries.rows[0].resolved_at.is_some());
    assert_eq!(all.summary.failed(), 0);
}

async fn a_failed_test_is_in_the_log_with_its_answer(ctx: Ctx) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let problem =
        r#"{"type":"urn:prodsys:problem:token_expired","title":"x","status":401,"code":"token_expired"}"#;
    let answer = format!(
        "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{problem}",
        problem.len()
    );
    tokio::spawn(partner(listener, answer.leak()));
    let (ctx, client, id) = connected(&ctx, format!("http://{address}")).await;
    let test = services::connections::test(&ctx, &client, id).await.unwrap();
    assert_eq!(test.failure, Some(ErrorCode::TokenExpired));
    let all = services::logs::list(&ctx, LogFilter::default(), PageRequest::default()).await.unwrap();
    let row = &all.rows[0];
    assert_eq!((row.operation.as_str(), row.error), ("GET /identity", Some(ErrorCode::TokenExpired)));
    assert_eq!((row.http_status, row.connection_id), (Some(401), Some(id)));
    let detail = services::logs::detail(&ctx, row.kind, row.id).await.unwrap();
    assert!(detail.response.unwrap().contains("token_expired"));
    assert_eq!(
        services::logs::retry_cause(&ctx, ErrorCode::TokenExpired, LogFilter::default()).await.unwrap(),
        Retried::default()
    );
}
