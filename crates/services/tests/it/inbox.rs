//! Orders that come in.

use bytes::Bytes;
use domain::articles::ArticleInput;
use domain::drafts::{DraftFilter, DraftStatus, DraftView, SeenPrices};
use domain::errors::ErrorCode;
use domain::ids::{InstanceId, MessageId};
use domain::imports::{FileKind, ImportOptions};
use domain::paging::PageRequest;
use domain::tokens::is_well_formed;
use protocol::documents::{DocumentLine, FeedPage, Party, PurchaseOrderDocument, Receipt};
use services::inbox::{PeerHeaders, receive_batch, receive_order};
use services::tokens::TokenPrincipal;
use services::{Ctx, ServiceError};

use crate::harness::{on_both, principal};
use crate::imports::import;

on_both!(
    a_thousand_copies_make_one_draft,
    a_batch_takes_the_good_and_names_the_bad,
    another_instance_on_the_token_is_refused,
    a_token_cannot_speak_for_another_tokens_customer,
    an_answer_reaches_the_feed,
    a_parked_line_is_linked_and_remembered,
    the_list_counts_what_the_drafts_page_shows,
    what_a_file_changes_is_counted_again,
    tokens_end,
);

pub fn peer(ctx: &Ctx) -> PeerHeaders {
    PeerHeaders { instance_id: ctx.new_id::<InstanceId>(), epoch: 1 }
}

pub fn document(ctx: &Ctx, number: &str) -> PurchaseOrderDocument {
    PurchaseOrderDocument {
        message_id: ctx.new_id::<MessageId>(),
        correlation_id: ctx.new_id(),
        order_uid: ctx.new_id(),
        order_number: number.to_owned(),
        revision: 1,
        currency: "NOK".into(),
        requested_delivery_date: None,
        delivery: None,
        buyer_reference: None,
        supplier_reference: None,
        note: None,
        net_total: "244.00".parse().unwrap(),
        buyer: Party {
            name: "Nordvik Mekaniske AS".into(),
            org_number: Some("310004170".into()),
            street: "Verkstedveien 1".into(),
            postal_code: "0580".into(),
            city: "Oslo".into(),
            country: "NO".into(),
            email: None,
            phone: None,
            contact_persons: Vec::new(),
        },
        lines: vec![DocumentLine {
            line_number: 1,
            supplier_article_number: Some("A4-M10-50".into()),
            buyer_article_number: Some("N-100".into()),
            gtin: None,
            description: "Sekskantskrue".into(),
            quantity: "40".parse().unwrap(),
            unit: "EA".into(),
            unit_price: "6.1".parse().unwrap(),
            price_base_quantity: "1".parse().unwrap(),
            discount_percent: "0".parse().unwrap(),
            amount: "244.00".parse().unwrap(),
            note: None,
        }],
    }
}

pub fn body(document: &PurchaseOrderDocument) -> Bytes {
    protocol::canonical::canonical_bytes(document).unwrap().into()
}

/// No price was far off.
fn none() -> SeenPrices {
    SeenPrices::default()
}

async fn drafts(ctx: &Ctx) -> i64 {
    services::drafts::list(ctx, &DraftFilter::of_view(DraftView::All), PageRequest::default())
        .await
        .unwrap()
        .total
}

fn code(outcome: Result<impl Sized, ServiceError>) -> ErrorCode {
    match outcome {
        Err(ServiceError::Refused(refusal)) => refusal.code,
        Err(fault) => panic!("{fault}"),
        Ok(_) => panic!("it was taken"),
    }
}

async fn a_thousand_copies_make_one_draft(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let document = document(&ctx, "PO-1");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (ctx, principal, id, body) =
            (ctx.clone(), principal.clone(), document.message_id, body(&document));
        tasks.spawn(async move { receive_order(&ctx, &principal, peer, id, body).await });
    }
    let mut receipts = std::collections::HashSet::new();
    let mut first = 0;
    while let Some(outcome) = tasks.join_next().await {
        let received = outcome.unwrap().unwrap();
        first += usize::from(!received.replayed);
        receipts.insert(received.receipt);
    }
    assert_eq!((first, receipts.len(), drafts(&ctx).await), (1, 1, 1));

    let mut other = document.clone();
    other.order_number = "PO-2".into();
    let reused = receive_order(&ctx, &principal, peer, document.message_id, body(&other)).await;
    assert_eq!(code(reused), ErrorCode::IdempotencyKeyReuse);
    other.message_id = ctx.new_id();
    let again = receive_order(&ctx, &principal, peer, other.message_id, body(&other)).await;
    assert_eq!(code(again), ErrorCode::RevisionConflict);
    assert_eq!(drafts(&ctx).await, 1);
}

async fn a_batch_takes_the_good_and_names_the_bad(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let (good, mut bad, last) = (document(&ctx, "PO-1"), document(&ctx, "PO-2"), document(&ctx, "PO-3"));
    bad.net_total = "1.00".parse().unwrap();
    let batch = [body(&good), body(&bad), body(&last)].join(&b'\n');
    let answer = receive_batch(&ctx, &principal, peer, batch.into()).await.unwrap();
    let lines: Vec<&str> = std::str::from_utf8(&answer).unwrap().lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].contains(&good.message_id.to_string()) && lines[0].contains("receipt"));
    assert!(lines[1].contains("validation_failed") && lines[1].contains("total_mismatch"));
    assert!(lines[2].contains(&last.message_id.to_string()) && lines[2].contains("receipt"));
    assert_eq!(drafts(&ctx).await, 2);
}

async fn another_instance_on_the_token_is_refused(ctx: Ctx) {
    let before = principal(&ctx).await;
    let first = peer(&ctx);
    let one = document(&ctx, "PO-1");
    receive_order(&ctx, &before, PeerHeaders { epoch: 2, ..first }, one.message_id, body(&one))
        .await
        .unwrap();
    let bound = TokenPrincipal { peer_instance_id: Some(first.instance_id), peer_epoch: Some(2), ..before };
    let two = document(&ctx, "PO-2");
    let clone = receive_order(&ctx, &bound, peer(&ctx), two.message_id, body(&two)).await;
    assert_eq!(code(clone), ErrorCode::InstanceConflict);
    let restored = receive_order(&ctx, &bound, first, two.message_id, body(&two)).await;
    assert_eq!(code(restored), ErrorCode::EpochConflict);
    assert_eq!(drafts(&ctx).await, 1);
}

pub async fn feed(ctx: &Ctx, principal: &TokenPrincipal, after: Option<&str>) -> FeedPage {
    services::feed::page(ctx, principal, after, None, 0).await.unwrap()
}

async fn a_token_cannot_speak_for_another_tokens_customer(ctx: Ctx) {
    let (honest, impostor) = (principal(&ctx).await, principal(&ctx).await);
    let known = async |token| {
        let asked = document(&ctx, "PO-0");
        services::inbox::check_order(&ctx, token, &body(&asked)).await.unwrap().customer_known
    };
    for (token, number) in [(&honest, "PO-1"), (&impostor, "PO-2")] {
        assert!(!known(token).await, "{number} makes a new customer");
        let order = document(&ctx, number);
        receive_order(&ctx, token, peer(&ctx), order.message_id, body(&order)).await.unwrap();
    }
    assert!(known(&honest).await, "the number is its own now");
    let drafts = services::drafts::list(&ctx, &DraftFilter::of_view(DraftView::All), PageRequest::default())
        .await
        .unwrap()
        .rows;
    assert_eq!(drafts.len(), 2);
    let second = drafts.iter().find(|draft| draft.customer_order_number == "PO-2").unwrap();
    assert!(second.new_customer, "a person has to look at it");
    for token in [&honest, &impostor] {
        let page: FeedPage = services::feed::page(&ctx, token, None, None, 0).await.unwrap();
        assert_eq!(page.events.len(), 1, "each reads its own orders alone");
    }
}

async fn an_answer_reaches_the_feed(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let article = ArticleInput {
        number: "A4-M10-50".into(),
        name: "Skrue".into(),
        price: "6,10".into(),
        ..Default::default()
    };
    services::articles::add(&ctx, article).await.unwrap();
    let one = document(&ctx, "PO-1");
    let received = receive_order(&ctx, &principal, peer, one.message_id, body(&one)).await.unwrap();
    let receipt: Receipt = serde_json::from_slice(&received.receipt).unwrap();
    assert_eq!(receipt.body_sha256, protocol::canonical::sha256_hex(&body(&one)));
    let page = feed(&ctx, &principal, None).await;
    assert_eq!(page.events.iter().map(|event| event.order.sequence).collect::<Vec<_>>(), [1]);

    let review = services::drafts::review(&ctx, &receipt.state.draft_number).await.unwrap();
    assert!(
        review.row.new_customer && review.lines[0].issue.is_none() && review.lines[0].differences.is_empty()
    );
    let number = services::drafts::approve(&ctx, review.row.draft_id, review.version, none()).await.unwrap();
    let twice = services::drafts::approve(&ctx, review.row.draft_id, review.version, none()).await;
    assert_eq!(code(twice), ErrorCode::InvalidTransition);
    assert_eq!(
        services::sales_orders::get(&ctx, &number).await.unwrap().lines[0].article_number,
        "A4-M10-50"
    );
    let page = feed(&ctx, &principal, Some(&page.next)).await;
    let state = &page.events[0].order;
    assert_eq!((state.sequence, state.status.as_str()), (2, DraftStatus::Approved.as_str()));
    assert_eq!(state.sales_order_number.as_deref(), Some(number.as_str()));
    // A place that was never given: an older database was put in this one's place.
    let ahead = services::feed::page(&ctx, &principal, Some("1.999999"), None, 0).await;
    assert_eq!(code(ahead), ErrorCode::InvalidCursor);
    let stale = services::feed::page(&ctx, &principal, Some("7.0"), None, 0).await;
    assert_eq!(code(stale), ErrorCode::InvalidCursor);
}

async fn a_parked_line_is_linked_and_remembered(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let article = ArticleInput { number: "11007".into(), name: "Skrue".into(), ..Default::default() };
    services::articles::add(&ctx, article).await.unwrap();
    let one = document(&ctx, "PO-1");
    let received = receive_order(&ctx, &principal, peer, one.message_id, body(&one)).await.unwrap();
    let receipt: Receipt = serde_json::from_slice(&received.receipt).unwrap();
    let review = services::drafts::review(&ctx, &receipt.state.draft_number).await.unwrap();
    let draft_id = review.row.draft_id;
    let parked = services::drafts::approve(&ctx, draft_id, review.version, none()).await;
    assert_eq!(code(parked), ErrorCode::LineParked);
    assert_eq!(
        code(services::drafts::reject(&ctx, draft_id, review.version, " ".into()).await),
        ErrorCode::ValidationFailed
    );
    services::drafts::link_line(&ctx, draft_id, review.version, 1, "11007".into()).await.unwrap();
    let stale = services::drafts::link_line(&ctx, draft_id, review.version, 1, "11007".into()).await;
    assert_eq!(code(stale), ErrorCode::VersionConflict);

    let two = document(&ctx, "PO-2");
    let received = receive_order(&ctx, &principal, peer, two.message_id, body(&two)).await.unwrap();
    let receipt: Receipt = serde_json::from_slice(&received.receipt).unwrap();
    let review = services::drafts::review(&ctx, &receipt.state.draft_number).await.unwrap();
    assert_eq!((review.row.issue_count, review.lines[0].article_number.as_deref()), (0, Some("11007")));
}

async fn the_list_counts_what_the_drafts_page_shows(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let article = |price: &str| ArticleInput {
        number: "A4-M10-50".into(),
        name: "Skrue".into(),
        price: price.into(),
        ..Default::default()
    };
    let article_id = services::articles::add(&ctx, article("5")).await.unwrap();
    let one = document(&ctx, "PO-1");
    let mut two = document(&ctx, "PO-2");
    two.lines[0].supplier_article_number = Some("X-1".into());
    for document in [&one, &two] {
        receive_order(&ctx, &principal, peer, document.message_id, body(document)).await.unwrap();
    }
    let counted = async |order: &str| {
        let filter = DraftFilter::of_view(DraftView::All);
        let rows = services::drafts::list(&ctx, &filter, PageRequest::default()).await.unwrap().rows;
        let row = rows.into_iter().find(|row| row.customer_order_number == order).unwrap();
        let review = services::drafts::review(&ctx, &row.number).await.unwrap();
        assert_eq!(row.differing_count, domain::drafts::differing(&review.lines), "{order}");
        (row, review)
    };
    let (first, _) = counted("PO-1").await;
    assert_eq!((first.differing_count, first.issue_count), (1, 0), "another price is a difference");
    let (second, review) = counted("PO-2").await;
    assert_eq!((second.differing_count, second.issue_count), (1, 1));

    services::drafts::link_line(&ctx, second.draft_id, review.version, 1, "A4-M10-50".into()).await.unwrap();
    assert_eq!(counted("PO-2").await.0.differing_count, 1, "it is known, and has another price");
    services::articles::edit(&ctx, article_id, 1, article("6,10")).await.unwrap();
    for order in ["PO-1", "PO-2"] {
        assert_eq!(counted(order).await.0.differing_count, 0, "{order}: the article has the price now");
    }
}

async fn what_a_file_changes_is_counted_again(ctx: Ctx) {
    let (principal, peer) = (principal(&ctx).await, peer(&ctx));
    let file = |price: &str| format!("number;name;unit;price\nA4-M10-50;Skrue;EA;{price}\n");
    let article = ArticleInput {
        number: "A4-M10-50".into(),
        name: "Skrue".into(),
        price: "5".into(),
        ..Default::default()
    };
    services::articles::add(&ctx, article).await.unwrap();
    // More than are judged at once.
    const DRAFTS: usize = 503;
    for number in 0..DRAFTS {
        let document = document(&ctx, &format!("PO-{number}"));
        receive_order(&ctx, &principal, peer, document.message_id, body(&document)).await.unwrap();
    }
    let differing = async || {
        let mut tx = ctx.store.begin_read().await.unwrap();
        let waiting = store::drafts::unjudged(&mut tx, 1_000).await.unwrap().len();
        let told = store::events::count_of_kind(&mut tx, "drafts", "draft_judged").await.unwrap();
        drop(tx);
        let filter = DraftFilter::of_view(DraftView::All);
        let (mut count, mut page) = (0, 1);
        loop {
            let request = PageRequest { page, page_size: 100 };
            let rows = services::drafts::list(&ctx, &filter, request).await.unwrap().rows;
            count += rows.iter().filter(|row| row.differing_count > 0).count();
            if rows.len() < 100 {
                return (count, waiting, usize::try_from(told).unwrap());
            }
            page += 1;
        }
    };
    assert_eq!(differing().await, (DRAFTS, 0, 0), "another price is a difference");
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    services::imports::run(&ctx, FileKind::Articles, file("6,10").into_bytes(), dry).await.unwrap();
    assert_eq!(differing().await, (DRAFTS, 0, 0), "a dry run changes nothing");
    import(&ctx, FileKind::Articles, file("6,10")).await;
    assert_eq!(differing().await, (3, 3, 500), "the others wait");
    services::housekeeping::remove_outdated(&ctx, || false).await.unwrap();
    assert_eq!(differing().await, (3, 3, 500), "whoever is to stop begins nothing");
    services::housekeeping::remove_outdated(&ctx, || true).await.unwrap();
    assert_eq!(differing().await, (0, 0, DRAFTS), "and are told like those before them");
}

async fn tokens_end(ctx: Ctx) {
    let principal = principal(&ctx).await;
    services::tokens::revoke(&ctx, principal.token_id).await.unwrap();
    let unknown = domain::tokens::assemble(&[1; 32]);
    assert!(is_well_formed(&unknown));
    assert_eq!(services::tokens::authenticate(&ctx, &unknown, "").await, Err(ErrorCode::InvalidToken));
    assert_eq!(services::tokens::authenticate(&ctx, "oipt_x", "").await, Err(ErrorCode::InvalidToken));
}
