//! The log over messages and requests that made no message.

use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ConnectionId, MessageKey, PartnerRequestId};
use domain::logs::{LogFilter, LogOperation, LogResult, LogView, StatusClass};
use domain::messages::{Direction, MessageState};
use domain::orders::OrderStatus;
use domain::paging::PageRequest;
use domain::time::Timestamp;
use store::logs::{NewPartnerRequest, Question};
use store::messages::AttemptOutcome;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::messages::{claim, connection, outbound, settle};
use crate::orders::order;
use crate::registers::contact;

on_both!(
    the_log_shows_both_ways,
    one_failure_is_one_row_until_it_ends,
    filters_narrow_the_log,
    causes_are_counted_and_days_added_up,
    what_waits_is_counted_among_what_is_asked_for,
);

fn refused() -> NewPartnerRequest {
    NewPartnerRequest {
        request_id: id(),
        direction: Direction::In,
        token_id: None,
        connection_id: None,
        contact_id: None,
        operation: "POST /purchase-orders".into(),
        subject: Some("PO-9".into()),
        http_status: Some(422),
        error: Some(ErrorCode::NoLines),
        request: Some("{}".into()),
        response: Some("{\"code\":\"no_lines\"}".into()),
        remote_address: Some("127.0.0.1".into()),
        duration_ms: 1,
        correlation_id: None,
    }
}

fn failed_call(connection_id: ConnectionId, code: ErrorCode) -> NewPartnerRequest {
    NewPartnerRequest {
        direction: Direction::Out,
        connection_id: Some(connection_id),
        operation: "GET /events".into(),
        subject: None,
        http_status: None,
        error: Some(code),
        request: None,
        response: None,
        ..refused()
    }
}

async fn add(tx: &mut Tx, request: NewPartnerRequest, at: Timestamp) -> PartnerRequestId {
    store::logs::add_partner_request(tx, &request, at).await.unwrap();
    request.request_id
}

async fn count(tx: &mut Tx, question: &Question) -> i64 {
    let page = store::logs::list(tx, question, PageRequest::default()).await.unwrap();
    assert_eq!(page.total, i64::try_from(page.rows.len()).unwrap(), "{question:?}");
    page.total
}

async fn the_log_shows_both_ways(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let order = order(&mut tx, "PO-1", None, OrderStatus::Exported).await;
    let message = outbound(&mut tx, connection, order.order_id).await;
    let claimed = claim(&mut tx, connection, 0).await.remove(0);
    let attempt: AttemptId = id();
    store::messages::add_attempts(&mut tx, &[(claimed.clone(), attempt)], NOW).await.unwrap();
    let outcome = AttemptOutcome {
        attempt_id: attempt,
        http_status: Some(503),
        error: Some(ErrorCode::Overloaded),
        duration_ms: 12,
        answer: Some("opptatt".into()),
    };
    store::messages::finish_attempts(&mut tx, &[outcome], NOW).await.unwrap();
    assert!(settle(&mut tx, &claimed, MessageState::Waiting).await);
    let correlation_id = Some(message.correlation_id);
    let request = add(&mut tx, NewPartnerRequest { correlation_id, ..refused() }, NOW.plus_seconds(1)).await;
    let correlation = message.correlation_id.to_string();
    for (view, search, expected) in [
        (LogView::All, None, 2),
        (LogView::Causes, None, 2),
        (LogView::Waiting, None, 1),
        (LogView::All, Some("po-9"), 1),
        (LogView::All, Some(correlation.as_str()), 2),
        (LogView::All, Some("finnes ikke"), 0),
    ] {
        let filter = LogFilter { search: search.map(str::to_owned), ..LogFilter::default() };
        let question = Question { view: Some(view), filter, since: None };
        assert_eq!(count(&mut tx, &question).await, expected, "{view:?} {search:?}");
    }
    let key = MessageKey(message.message_id.0);
    let body = store::logs::message(&mut tx, key).await.unwrap().unwrap();
    assert_eq!((body.body, body.row.attempts, body.row.duration_ms), (message.body, 1, Some(12)));
    assert_eq!((body.message_id, body.subject_id), (message.message_id.0, order.order_id.0));
    let attempts = store::logs::attempts(&mut tx, key).await.unwrap();
    assert_eq!((attempts[0].http_status, attempts[0].answer.as_deref()), (Some(503), Some("opptatt")));
    let known = store::logs::partner_request(&mut tx, request).await.unwrap().unwrap();
    assert_eq!((known.row.error, known.request.as_deref()), (Some(ErrorCode::NoLines), Some("{}")));
    assert_eq!(store::logs::remove_before(&mut tx, NOW.plus_seconds(1), 10).await.unwrap(), 0);
    assert_eq!(store::logs::remove_before(&mut tx, NOW.plus_seconds(2), 10).await.unwrap(), 1);
    assert!(store::logs::partner_request(&mut tx, request).await.unwrap().is_none());
    for _ in 0..2 {
        add(&mut tx, NewPartnerRequest { request_id: id(), ..refused() }, NOW).await;
    }
    for removed in [1, 1, 0] {
        let gone = store::logs::remove_before(&mut tx, NOW.plus_seconds(1), 1).await.unwrap();
        assert_eq!(gone, removed, "a portion at a time");
    }
    assert!(store::logs::message(&mut tx, key).await.unwrap().is_some(), "messages stay");
}

async fn one_failure_is_one_row_until_it_ends(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    assert_eq!(store::logs::standing_failure(&mut tx, connection, "GET /events").await.unwrap(), None);
    let request = add(&mut tx, failed_call(connection, ErrorCode::ConnectRefused), NOW).await;
    let standing = Some((request, Some(ErrorCode::ConnectRefused)));
    assert_eq!(store::logs::standing_failure(&mut tx, connection, "GET /events").await.unwrap(), standing);
    assert_eq!(store::logs::standing_failure(&mut tx, connection, "GET /articles").await.unwrap(), None);
    store::logs::repeat_failure(&mut tx, request, 7, NOW.plus_seconds(9)).await.unwrap();
    let known = store::logs::partner_request(&mut tx, request).await.unwrap().unwrap();
    assert_eq!((known.row.attempts, known.row.duration_ms), (2, Some(7)));
    assert_eq!((known.first_at, known.row.at), (NOW, NOW.plus_seconds(9)));
    let failed = Question { view: Some(LogView::Causes), ..Question::default() };
    assert_eq!(count(&mut tx, &failed).await, 1);
    let over = NOW.plus_seconds(10);
    assert_eq!(store::logs::resolve_failures(&mut tx, connection, "GET /events", over).await.unwrap(), 1);
    assert_eq!(store::logs::resolve_failures(&mut tx, connection, "GET /events", over).await.unwrap(), 0);
    let known = store::logs::partner_request(&mut tx, request).await.unwrap().unwrap();
    assert_eq!(known.row.resolved_at, Some(over));
    assert_eq!(count(&mut tx, &failed).await, 0, "what works again does not stand as failed");
    assert_eq!(count(&mut tx, &Question::default()).await, 1, "and stays in the log");
}

async fn filters_narrow_the_log(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let bolt = contact(&mut tx, "Bolt", "313770125").await;
    outbound(&mut tx, connection, id()).await;
    add(&mut tx, NewPartnerRequest { contact_id: Some(bolt), ..refused() }, NOW.plus_seconds(-100)).await;
    add(&mut tx, failed_call(connection, ErrorCode::ConnectRefused), NOW).await;
    let answer = NewPartnerRequest {
        error: None,
        http_status: Some(200),
        subject: Some("PO-1".into()),
        ..failed_call(connection, ErrorCode::ConnectRefused)
    };
    add(&mut tx, answer, NOW).await;
    let all = LogFilter::default();
    for (filter, expected) in [
        (all.clone(), 4),
        (LogFilter { partner: Some(bolt), ..all.clone() }, 1),
        (LogFilter { partner: Some(id()), ..all.clone() }, 0),
        (LogFilter { direction: Some(Direction::Out), ..all.clone() }, 3),
        (LogFilter { direction: Some(Direction::In), ..all.clone() }, 1),
        (LogFilter { operation: Some(LogOperation::Orders), ..all.clone() }, 2),
        (LogFilter { operation: Some(LogOperation::Events), ..all.clone() }, 2),
        (LogFilter { operation: Some(LogOperation::Articles), ..all.clone() }, 0),
        (LogFilter { result: Some(LogResult::Failed), ..all.clone() }, 2),
        (LogFilter { result: Some(LogResult::Succeeded), ..all.clone() }, 1),
        (LogFilter { result: Some(LogResult::Waiting), ..all.clone() }, 1),
        (LogFilter { result: Some(LogResult::Parked), ..all.clone() }, 0),
        (LogFilter { status: Some(StatusClass::Client), ..all.clone() }, 1),
        (LogFilter { status: Some(StatusClass::Success), ..all.clone() }, 1),
        (LogFilter { status: Some(StatusClass::None), ..all.clone() }, 2),
        (LogFilter { cause: Some(ErrorCode::NoLines), ..all.clone() }, 1),
        (LogFilter { search: Some("po-1".into()), ..all.clone() }, 2),
        (LogFilter { search: Some("bolt".into()), direction: Some(Direction::Out), ..all.clone() }, 0),
    ] {
        let question = Question { view: None, filter, since: None };
        assert_eq!(count(&mut tx, &question).await, expected, "{question:?}");
    }
    let late = Question { since: Some(NOW), ..Question::default() };
    assert_eq!(count(&mut tx, &late).await, 3);
    let two = PageRequest { page: 2, page_size: 3 };
    let page = store::logs::list(&mut tx, &Question::default(), two).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (4, 1));
    assert_eq!(page.rows[0].error, Some(ErrorCode::NoLines), "the oldest is last");
}

async fn causes_are_counted_and_days_added_up(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let bolt = contact(&mut tx, "Bolt", "313770125").await;
    outbound(&mut tx, connection, id()).await;
    let claimed = claim(&mut tx, connection, 0).await.remove(0);
    assert!(settle(&mut tx, &claimed, MessageState::Parked).await);
    let days_ago = |days: i64| NOW.plus_seconds(-days * 86_400);
    let of_bolt = NewPartnerRequest { contact_id: Some(bolt), ..refused() };
    add(&mut tx, NewPartnerRequest { request_id: id(), ..of_bolt.clone() }, days_ago(3)).await;
    let newest = add(&mut tx, NewPartnerRequest { request_id: id(), ..of_bolt }, days_ago(2)).await;
    let works = NewPartnerRequest { error: None, ..failed_call(connection, ErrorCode::ConnectRefused) };
    add(&mut tx, works, days_ago(2)).await;
    let causes = store::logs::causes(&mut tx, &Question::default(), days_ago(1)).await.unwrap();
    let seen: Vec<_> = causes
        .iter()
        .map(|cause| (cause.error, cause.count, cause.last_day, cause.retryable, cause.partners))
        .collect();
    assert_eq!(
        seen,
        [(ErrorCode::NoLines, 2, 0, 0, 1), (ErrorCode::ConnectRefused, 1, 1, 1, 0)],
        "the most frequent first"
    );
    assert_eq!((causes[0].newest.id, causes[0].newest.partner_name.as_deref()), (newest.0, Some("Bolt")));
    let key = claimed.message_key;
    let of_cause = |cause, partner| {
        let filter = LogFilter { cause: Some(cause), partner, ..LogFilter::default() };
        Question { view: None, filter, since: None }
    };
    let refused = of_cause(ErrorCode::ConnectRefused, None);
    assert_eq!(store::logs::retryable(&mut tx, &refused, 10).await.unwrap(), [key]);
    let of_other = of_cause(ErrorCode::ConnectRefused, Some(bolt));
    assert_eq!(store::logs::retryable(&mut tx, &of_other, 10).await.unwrap(), [], "not another partner's");
    let no_lines = of_cause(ErrorCode::NoLines, None);
    assert_eq!(store::logs::retryable(&mut tx, &no_lines, 10).await.unwrap(), []);
    let begins = [days_ago(3), days_ago(2), days_ago(1)];
    let question = Question { since: Some(begins[0]), ..Question::default() };
    // One that was not tried yet is neither well nor failed.
    outbound(&mut tx, connection, id()).await;
    let days = store::logs::daily(&mut tx, &question, &begins).await.unwrap();
    assert_eq!(days, [(1, 1), (2, 1), (1, 1)]);
    assert_eq!(store::logs::partners(&mut tx).await.unwrap(), []);
    store::connections::set_contact(&mut tx, connection, Some(bolt)).await.unwrap();
    assert_eq!(store::logs::partners(&mut tx).await.unwrap(), [(bolt, "Bolt".to_owned())]);
}

async fn what_waits_is_counted_among_what_is_asked_for(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let bolt = contact(&mut tx, "Bolt", "313770125").await;
    let tried = outbound(&mut tx, connection, id()).await;
    let claimed = claim(&mut tx, connection, 0).await.remove(0);
    assert_eq!(claimed.message_id, tried.message_id);
    let everything = Question::default();
    assert_eq!(store::logs::waiting(&mut tx, &everything).await.unwrap(), 0, "it is on its way");
    assert!(settle(&mut tx, &claimed, MessageState::Waiting).await);
    outbound(&mut tx, connection, id()).await;
    let asked = |filter| Question { view: None, filter, since: Some(NOW) };
    for (question, expected) in [
        (everything, 1),
        (asked(LogFilter::default()), 1),
        (asked(LogFilter { direction: Some(Direction::Out), ..LogFilter::default() }), 1),
        (asked(LogFilter { direction: Some(Direction::In), ..LogFilter::default() }), 0),
        (asked(LogFilter { partner: Some(bolt), ..LogFilter::default() }), 0),
        (asked(LogFilter { operation: Some(LogOperation::Events), ..LogFilter::default() }), 0),
        (Question { since: Some(NOW.plus_seconds(1)), ..Question::default() }, 0),
    ] {
        let waiting = store::logs::waiting(&mut tx, &question).await.unwrap();
        assert_eq!(waiting, expected, "one that was not tried yet does not count: {question:?}");
    }
}
