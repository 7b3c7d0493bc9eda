//! A price ten times ours or more, or a tenth or less, is approved only by somebody who says that he has looked at it.

use domain::articles::ArticleInput;
use domain::drafts::{
    ChosenDrafts, DraftAnswer, DraftReview, DraftSeen, DraftStatus, LineNumbers, SeenPrices,
};
use domain::errors::ErrorCode;
use domain::ids::ArticleId;
use domain::paging::PageRequest;
use domain::sales_orders::SalesOrderFilter;
use protocol::documents::{DocumentLine, Receipt};
use services::inbox::receive_order;
use services::tokens::TokenPrincipal;
use services::{Ctx, ServiceError};

use crate::harness::{on_both, principal};
use crate::inbox::{body, document, feed, peer};

on_both!(
    a_price_far_off_is_approved_when_it_was_looked_at,
    what_has_come_to_be_far_off_since_was_not_looked_at,
    our_price_that_became_another_was_not_looked_at,
    what_is_not_judged_yet_is_looked_at,
    many_at_once_leave_it_out,
);

fn article(number: &str, price: &str) -> ArticleInput {
    ArticleInput { number: number.into(), name: "Skrue".into(), price: price.into(), ..Default::default() }
}

async fn add(ctx: &Ctx, number: &str, price: &str) -> ArticleId {
    services::articles::add(ctx, article(number, price)).await.unwrap()
}

/// The draft of an order for 40 of each of the articles, at 6,10 a piece.
async fn draft(ctx: &Ctx, principal: &TokenPrincipal, number: &str, articles: &[&str]) -> DraftReview {
    let mut order = document(ctx, number);
    let Some(first) = order.lines.first().cloned() else { panic!("the sample has a line") };
    order.lines = (1..)
        .zip(articles)
        .map(|(line_number, article)| DocumentLine {
            line_number,
            supplier_article_number: Some((*article).to_owned()),
            ..first.clone()
        })
        .collect();
    order.net_total = format!("{}.00", 244 * articles.len()).parse().unwrap();
    let received = receive_order(ctx, principal, peer(ctx), order.message_id, body(&order)).await.unwrap();
    let receipt: Receipt = serde_json::from_slice(&received.receipt).unwrap();
    services::drafts::review(ctx, &receipt.state.draft_number).await.unwrap()
}

/// Approves it by somebody who has looked at the prices of these lines, as they were in `draft`.
async fn approve(ctx: &Ctx, draft: &DraftReview, checked: &[i32]) -> Result<String, ServiceError> {
    let lines: LineNumbers = checked.iter().copied().collect();
    let checked = SeenPrices::of(&draft.lines).of_lines(&lines);
    services::drafts::approve(ctx, draft.row.draft_id, draft.version, checked).await
}

/// The lines that the refusal names.
fn unconfirmed(outcome: Result<String, ServiceError>) -> String {
    match outcome {
        Err(ServiceError::Refused(refusal)) if refusal.code == ErrorCode::PriceUnconfirmed => {
            assert_eq!(refusal.errors.len(), 1);
            refusal.params.get("lines").cloned().unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

async fn sales_orders(ctx: &Ctx) -> i64 {
    let filter = SalesOrderFilter::default();
    services::sales_orders::list(ctx, &filter, PageRequest::default()).await.unwrap().total
}

async fn a_price_far_off_is_approved_when_it_was_looked_at(ctx: Ctx) {
    let principal = principal(&ctx).await;
    for (number, price) in [("SAME", "6,10"), ("OTHER", "6,29"), ("SLIP", "610"), ("HUNDRED", "0,061")] {
        add(&ctx, number, price).await;
    }
    let seen = draft(&ctx, &principal, "PO-1", &["SAME", "OTHER", "SLIP", "HUNDRED"]).await;
    assert_eq!(SeenPrices::of(&seen.lines).lines().to_string(), "3, 4");
    let told = feed(&ctx, &principal, None).await;

    assert_eq!(unconfirmed(approve(&ctx, &seen, &[]).await), "3, 4");
    assert_eq!(unconfirmed(approve(&ctx, &seen, &[1, 2, 4]).await), "3");
    let after = services::drafts::review(&ctx, &seen.row.number).await.unwrap();
    assert_eq!(after, seen, "a refusal changes nothing");
    assert_eq!(sales_orders(&ctx).await, 0);
    let again = feed(&ctx, &principal, None).await;
    assert_eq!(again.events.len(), told.events.len(), "and tells the buyer nothing");

    let mut stale = seen.clone();
    stale.version += 1;
    match approve(&ctx, &stale, &[3, 4]).await {
        Err(ServiceError::Refused(refusal)) => assert_eq!(refusal.code, ErrorCode::VersionConflict),
        other => panic!("what was looked at was another draft: {other:?}"),
    }
    let number = approve(&ctx, &seen, &[3, 4]).await.unwrap();
    let order = services::sales_orders::get(&ctx, &number).await.unwrap();
    assert_eq!(
        order.lines[2].unit_price, seen.lines[2].unit_price,
        "it is sold at the price that was looked at"
    );
    let after = services::drafts::review(&ctx, &seen.row.number).await.unwrap();
    assert_eq!((after.row.status, sales_orders(&ctx).await), (DraftStatus::Approved, 1));
}

async fn what_has_come_to_be_far_off_since_was_not_looked_at(ctx: Ctx) {
    let principal = principal(&ctx).await;
    add(&ctx, "SLIP", "610").await;
    let article_id = add(&ctx, "OTHER", "6,29").await;
    let seen = draft(&ctx, &principal, "PO-1", &["OTHER", "SLIP"]).await;
    services::articles::edit(&ctx, article_id, 1, article("OTHER", "0,0629")).await.unwrap();
    assert_eq!(unconfirmed(approve(&ctx, &seen, &[2]).await), "1");
    services::articles::edit(&ctx, article_id, 2, article("OTHER", "6,10")).await.unwrap();
    approve(&ctx, &seen, &[2]).await.unwrap();
}

async fn our_price_that_became_another_was_not_looked_at(ctx: Ctx) {
    let principal = principal(&ctx).await;
    let article_id = add(&ctx, "SLIP", "610").await;
    add(&ctx, "HUNDRED", "0,061").await;
    let seen = draft(&ctx, &principal, "PO-1", &["HUNDRED", "SLIP"]).await;
    let farther = article("SLIP", "61000");
    let other_side = article("SLIP", "0,061");
    let other_base = ArticleInput { price_base_quantity: "10".into(), ..article("SLIP", "610") };
    for (version, ours) in (1..).zip([farther, other_side, other_base]) {
        services::articles::edit(&ctx, article_id, version, ours).await.unwrap();
        assert_eq!(unconfirmed(approve(&ctx, &seen, &[1, 2]).await), "2", "{version}");
    }
    assert_eq!(sales_orders(&ctx).await, 0);
    let now = services::drafts::review(&ctx, &seen.row.number).await.unwrap();
    assert_eq!(now.version, seen.version, "nothing has happened to the draft itself");
    approve(&ctx, &now, &[1, 2]).await.unwrap();
}

async fn what_is_not_judged_yet_is_looked_at(ctx: Ctx) {
    let principal = principal(&ctx).await;
    let article_id = add(&ctx, "SLIP", "610").await;
    let slip = draft(&ctx, &principal, "PO-1", &["SLIP"]).await;
    let named = ChosenDrafts::Named(vec![slip.row.draft_id]);
    let skipped = async || {
        let preview = services::drafts::preview(&ctx, DraftAnswer::Approve, &named).await.unwrap();
        preview.items[0].skipped
    };
    let mut tx = ctx.store.begin_write().await.unwrap();
    store::drafts::set_differing(&mut tx, slip.row.draft_id, 0).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(skipped().await, None, "where nothing differs the lines are not read");
    let mut tx = ctx.store.begin_write().await.unwrap();
    store::drafts::mark_unjudged(&mut tx, &[article_id]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(skipped().await, Some(ErrorCode::PriceUnconfirmed));
}

async fn many_at_once_leave_it_out(ctx: Ctx) {
    let principal = principal(&ctx).await;
    add(&ctx, "OTHER", "6,29").await;
    add(&ctx, "SLIP", "610").await;
    let other = draft(&ctx, &principal, "PO-1", &["OTHER"]).await;
    let slip = draft(&ctx, &principal, "PO-2", &["OTHER", "SLIP"]).await;
    let both = [&other, &slip].map(|draft| draft.row.draft_id);
    let named = ChosenDrafts::Named(both.to_vec());
    let skipped = |batch: &domain::drafts::DraftBatch| {
        batch.items.iter().map(|item| item.skipped).collect::<Vec<Option<ErrorCode>>>()
    };
    let left_out = [None, Some(ErrorCode::PriceUnconfirmed)];
    let preview = services::drafts::preview(&ctx, DraftAnswer::Approve, &named).await.unwrap();
    assert_eq!(skipped(&preview), left_out);
    let rejected = services::drafts::preview(&ctx, DraftAnswer::Reject, &named).await.unwrap();
    assert_eq!(skipped(&rejected), [None, None], "anything can be rejected");

    // The form names it all the same.
    let seen =
        [&other, &slip].map(|draft| DraftSeen { draft_id: draft.row.draft_id, version: draft.version });
    let id = services::drafts::answer_all(&ctx, DraftAnswer::Approve, &seen, "").await.unwrap();
    let kept = services::drafts::batch(&ctx, id).await.unwrap();
    assert_eq!(skipped(&kept), left_out);
    assert_eq!(sales_orders(&ctx).await, 1);
    let after = services::drafts::review(&ctx, &slip.row.number).await.unwrap();
    assert_eq!(after, slip);
}
