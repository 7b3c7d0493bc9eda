//! The partner is asked before an export: about itself, about us, and about every order.

use std::sync::{Arc, Mutex};

use domain::contacts::ContactInput;
use domain::errors::ErrorCode;
use domain::exports::{ExportCheck, Finding};
use domain::ids::{ContactId, InstanceId, OrderId};
use domain::logs::{LogFilter, LogRow, Retried};
use domain::messages::MessageState;
use domain::orders::{OrderInput, OrderLineInput};
use domain::paging::PageRequest;
use domain::tokens::Scope;
use exchange::PartnerClient;
use protocol::documents::{Identity, Party};
use serde_json::{Value, json};
use services::{Ctx, connections, exports, orders, outbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::on_both;
use crate::logs::connected;

on_both!(
    every_order_of_a_large_run_is_asked_about,
    an_order_that_the_partner_refuses_stops_no_other,
    a_partner_that_fails_again_and_again_is_left_alone,
    contacts_that_cannot_be_read_are_told,
    an_expiry_that_cannot_be_read_stops_nothing,
    what_is_tried_again_on_a_stopped_connection_waits_for_a_test,
);

const CHECK: &str = "POST /partner/v1/purchase-orders/check";
const SEND: &str = "POST /partner/v1/purchase-orders";
const CONTACTS: &str = "GET /partner/v1/contacts";

/// What a partner answers to a call, and how often it was asked the same before.
type Answers = dyn Fn(&str, usize) -> Option<(u16, Value)> + Send + Sync;

/// A partner that answers as the test says, and else as one with whom everything is in order.
#[derive(Clone)]
struct Partner {
    identity: Identity,
    answers: Arc<Answers>,
    asked: Arc<Mutex<Vec<String>>>,
}

struct Trade {
    ctx: Ctx,
    client: PartnerClient,
    connection: domain::ids::ConnectionId,
    supplier: ContactId,
    partner: Partner,
}

impl Partner {
    async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            self.answer(stream).await;
        }
    }

    async fn answer(&self, mut stream: TcpStream) {
        let Some(call) = read_call(&mut stream).await else { return };
        let before = self.count(&call);
        self.asked.lock().unwrap().push(call.clone());
        let (status, body) = (self.answers)(&call, before).unwrap_or_else(|| (200, self.usual(&call)));
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    }

    fn usual(&self, call: &str) -> Value {
        match call {
            CHECK => {
                json!({"findings": [{"line_number": 1, "article_number": "BF-1", "issue": null}], "customer_known": true})
            }
            CONTACTS => json!({"contacts": []}),
            _ => serde_json::to_value(&self.identity).unwrap(),
        }
    }

    fn count(&self, call: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == call).count()
    }
}

/// Reads one request; gives its method and path.
async fn read_call(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                break;
            }
        }
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(&request);
    let mut words = text.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?))
}

async fn trade(
    ctx: Ctx,
    change: fn(&mut Identity),
    answers: impl Fn(&str, usize) -> Option<(u16, Value)> + Send + Sync + 'static,
) -> Trade {
    let company = Party {
        name: "Nordvik".into(),
        org_number: Some("310004170".into()),
        street: String::new(),
        postal_code: String::new(),
        city: String::new(),
        country: "NO".into(),
        email: None,
        phone: None,
        contact_persons: Vec::new(),
    };
    let mut identity = Identity {
        instance_id: ctx.new_id::<InstanceId>(),
        epoch: 1,
        company,
        extension_on: true,
        scopes: Scope::ALL.to_vec(),
        token_expires_at: ctx.now().plus_seconds(90 * 86_400).to_rfc3339(),
        api_versions: vec!["1".into()],
        product_version: "1".into(),
    };
    change(&mut identity);
    let supplier = ContactInput {
        name: "Nordvik".into(),
        org_number: "310004170".into(),
        is_supplier: true,
        ..ContactInput::default()
    };
    let supplier = services::contacts::add(&ctx, supplier).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let partner = Partner { identity, answers: Arc::new(answers), asked: Arc::default() };
    tokio::spawn(partner.clone().serve(listener));
    let (ctx, client, connection) = connected(&ctx, endpoint).await;
    services::instance::set_extension(&ctx, true).await.unwrap();
    connections::test(&ctx, &client, connection).await.unwrap();
    Trade { ctx, client, connection, supplier, partner }
}

impl Trade {
    async fn orders(&self, count: usize) -> Vec<OrderId> {
        let line = OrderLineInput {
            description: "Skrue".into(),
            supplier_article_number: "BF-1".into(),
            quantity: "20".into(),
            unit: "EA".into(),
            unit_price: "2,50".into(),
            ..OrderLineInput::default()
        };
        let input =
            OrderInput { supplier_id: self.supplier.to_string(), lines: vec![line], ..OrderInput::default() };
        let mut order_ids = Vec::with_capacity(count);
        for _ in 0..count {
            order_ids.push(orders::create(&self.ctx, input.clone()).await.unwrap().order_id);
        }
        order_ids
    }

    /// How many of the orders the partner has said yes to: nothing else makes a line exact here, since no catalogue is read.
    async fn understood(&self, order_ids: Vec<OrderId>) -> usize {
        let checked = exports::ask_and_check(&self.ctx, &self.client, order_ids).await.unwrap();
        let is_exact =
            |findings: &[Finding]| findings.iter().all(|finding| finding.check != ExportCheck::LinesExact);
        checked.iter().filter(|order| is_exact(&order.findings)).count()
    }

    async fn log(&self, operation: &str) -> Vec<LogRow> {
        let page = services::logs::list(&self.ctx, LogFilter::default(), PageRequest::default());
        let rows = page.await.unwrap().rows;
        rows.into_iter().filter(|row| row.operation == operation).collect()
    }
}

async fn every_order_of_a_large_run_is_asked_about(ctx: Ctx) {
    let trade = trade(ctx, |_| {}, |_, _| None).await;
    let order_ids = trade.orders(101).await;
    assert_eq!(trade.understood(order_ids).await, 101);
    assert_eq!(trade.partner.count(CHECK), 101);
}

async fn an_order_that_the_partner_refuses_stops_no_other(ctx: Ctx) {
    let refuses = |call: &str, before| (call == CHECK && before == 0).then(|| (422, json!({})));
    let trade = trade(ctx, |_| {}, refuses).await;
    let order_ids = trade.orders(3).await;
    assert_eq!(trade.understood(order_ids).await, 2);
}

async fn a_partner_that_fails_again_and_again_is_left_alone(ctx: Ctx) {
    let trade = trade(ctx, |_| {}, |call, _| (call == CHECK).then(|| (500, json!({})))).await;
    let order_ids = trade.orders(6).await;
    assert_eq!(trade.understood(order_ids).await, 0);
    assert_eq!(trade.partner.count(CHECK), 3);
}

async fn contacts_that_cannot_be_read_are_told(ctx: Ctx) {
    let fails = |call: &str, before| (call == CONTACTS && before == 0).then(|| (500, json!({})));
    let trade = trade(ctx, |_| {}, fails).await;
    let order_ids = trade.orders(1).await;
    let codes = async || {
        let checked = exports::check(&trade.ctx, order_ids.clone()).await.unwrap().remove(0);
        let found = checked.findings.into_iter().filter(|finding| finding.check == ExportCheck::KnownThere);
        found.map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes().await, [Some(ErrorCode::ContactUnchecked)]);
    let log = trade.log("GET /contacts").await;
    assert_eq!((log.len(), log[0].error, log[0].http_status), (1, Some(ErrorCode::PartnerError), Some(500)));
    assert_eq!(log[0].resolved_at, None);

    connections::test(&trade.ctx, &trade.client, trade.connection).await.unwrap();
    assert_eq!(codes().await, [Some(ErrorCode::UnknownThere)]);
    let log = trade.log("GET /contacts").await;
    assert!(log.len() == 1 && log[0].resolved_at.is_some(), "{log:?}");
}

async fn an_expiry_that_cannot_be_read_stops_nothing(ctx: Ctx) {
    let trade = trade(ctx, |identity| identity.token_expires_at = "snart".into(), |_, _| None).await;
    let order_ids = trade.orders(1).await;
    let checked = exports::check(&trade.ctx, order_ids).await.unwrap().remove(0);
    assert!(checked.findings.iter().all(|finding| finding.check != ExportCheck::TokenValid), "{checked:?}");
}

async fn what_is_tried_again_on_a_stopped_connection_waits_for_a_test(ctx: Ctx) {
    let problem = json!({"type": "x", "title": "x", "status": 401, "code": "token_expired"});
    let refuses = move |call: &str, before| (call == SEND && before == 0).then(|| (401, problem.clone()));
    let trade = trade(ctx, |_| {}, refuses).await;
    let order_ids = trade.orders(1).await;
    let job_id = exports::export(&trade.ctx, order_ids.clone(), order_ids).await.unwrap();
    outbox::run_once(&trade.ctx, &trade.client).await.unwrap();
    let stands = async || {
        let row = trade.log("POST /purchase-orders").await.remove(0);
        let item = exports::job(&trade.ctx, job_id).await.unwrap().items.remove(0);
        assert_eq!((row.next_attempt_at, item.next_attempt_at), (None, None), "no time is promised");
        assert_eq!(item.held_by, row.held.then_some(trade.connection));
        (row.state, row.held)
    };
    assert_eq!(stands().await, (Some(MessageState::Waiting), true));
    let retried = services::logs::retry_cause(&trade.ctx, ErrorCode::TokenExpired, LogFilter::default());
    let held = Retried { sent: 0, held: 1, connection_id: Some(trade.connection) };
    assert_eq!(retried.await.unwrap(), held);
    assert_eq!(stands().await, (Some(MessageState::Queued), true));

    connections::test(&trade.ctx, &trade.client, trade.connection).await.unwrap();
    assert_eq!(stands().await, (Some(MessageState::Queued), false));
}
