//! The list of orders promises nothing that the check before an export would refuse, and a run names what stayed.

use domain::articles::ArticleStatus;
use domain::contacts::ContactInput;
use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId};
use domain::matching::PartnerArticle;
use domain::messages::MessageState;
use domain::orders::{ExactLines, ExportStop, OrderFilter, OrderInput, OrderLineInput, OrderStatus};
use domain::paging::PageRequest;
use services::orders::{self, SavedOrder};
use services::{Ctx, exports};

use crate::harness::on_both;
use crate::logs::connected;

on_both!(a_list_says_what_stops_an_order, what_was_left_is_named_after_the_sending);

async fn supplier(ctx: &Ctx) -> (Ctx, ContactId, ConnectionId) {
    let supplier = ContactInput { name: "Nordvik".into(), is_supplier: true, ..ContactInput::default() };
    let supplier = services::contacts::add(ctx, supplier).await.unwrap();
    let (ctx, _, connection) = connected(ctx, "http://127.0.0.1:9".to_owned()).await;
    services::instance::set_extension(&ctx, true).await.unwrap();
    let article = PartnerArticle {
        number: "BF-1".into(),
        name: "Skrue".into(),
        unit: "EA".into(),
        price: Some("2.5".parse().unwrap()),
        price_base_quantity: "1".parse().unwrap(),
        currency: "NOK".into(),
        gtin: None,
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    };
    let mut tx = ctx.store.begin_write().await.unwrap();
    store::partner_articles::upsert(&mut tx, connection, &[article]).await.unwrap();
    store::connections::set_catalogue_cursor(&mut tx, connection, "1", 0, Some(ctx.now())).await.unwrap();
    store::connections::set_contact(&mut tx, connection, Some(supplier)).await.unwrap();
    store::connections::set_token(&mut tx, connection, b"sealed", "wxyz").await.unwrap();
    tx.commit().await.unwrap();
    (ctx, supplier, connection)
}

async fn order(ctx: &Ctx, supplier: ContactId, lines: &[(&str, &str)]) -> SavedOrder {
    let line = |(number, quantity): &(&str, &str)| OrderLineInput {
        description: "Skrue".into(),
        supplier_article_number: (*number).into(),
        quantity: (*quantity).into(),
        unit: "EA".into(),
        unit_price: "2,50".into(),
        ..OrderLineInput::default()
    };
    let input = OrderInput {
        supplier_id: supplier.to_string(),
        lines: lines.iter().map(line).collect(),
        ..OrderInput::default()
    };
    orders::create(ctx, input).await.unwrap()
}

async fn counted(ctx: &Ctx, saved: &SavedOrder) -> ExactLines {
    let page = orders::list(ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap();
    let counted = orders::exact_lines(ctx, &page.rows).await.unwrap();
    let again = orders::exact_lines_of(ctx, vec![saved.order_id]).await.unwrap();
    let found = counted.into_iter().find(|lines| lines.order_id == saved.order_id).unwrap();
    assert_eq!(again, std::slice::from_ref(&found));
    found
}

async fn a_list_says_what_stops_an_order(ctx: Ctx) {
    let (ctx, supplier, connection) = supplier(&ctx).await;
    for (lines, exact, stop) in [
        (&[("BF-1", "5")][..], 1, None),
        (&[("BF-1", "5"), ("BF-9", "1")], 1, Some(ExportStop::Lines { count: 1, first: 2 })),
        // What cannot be read is no exact line, and the status says that nothing goes.
        (&[("BF-1", "mange"), ("BF-1", "2")], 1, None),
    ] {
        let saved = order(&ctx, supplier, lines).await;
        let found = counted(&ctx, &saved).await;
        let all = i64::try_from(lines.len()).unwrap();
        assert_eq!((found.exact, found.lines, found.stop), (exact, all, stop), "{lines:?}");
        assert!(found.is_checked);
        let checked = exports::check(&ctx, vec![saved.order_id]).await.unwrap().remove(0);
        if checked.row.status == OrderStatus::Ready {
            assert_eq!(ExportStop::of(&checked.findings), stop, "{lines:?}: the check says the same");
        }
    }
    let saved = order(&ctx, supplier, &[("BF-1", "5")]).await;
    let mut tx = ctx.store.begin_write().await.unwrap();
    store::connections::set_contact(&mut tx, connection, None).await.unwrap();
    tx.commit().await.unwrap();
    let found = counted(&ctx, &saved).await;
    assert_eq!((found.stop, found.is_checked), (Some(ExportStop::Check), false));
}

async fn what_was_left_is_named_after_the_sending(ctx: Ctx) {
    let (ctx, supplier, _) = supplier(&ctx).await;
    let goes = order(&ctx, supplier, &[("BF-1", "5")]).await;
    let stopped = order(&ctx, supplier, &[("BF-9", "1")]).await;
    let unread = order(&ctx, supplier, &[("BF-1", "mange")]).await;
    let left = [stopped.order_id, unread.order_id];
    let job = exports::export_leaving(&ctx, vec![goes.order_id], Vec::new(), &left).await.unwrap();
    let told: Vec<_> = exports::job(&ctx, job)
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|item| (item.order_number, item.status, item.message_state, item.error))
        .collect();
    let expected = [
        (goes.number.clone(), OrderStatus::Exported, Some(MessageState::Queued), None),
        (stopped.number, OrderStatus::Ready, None, Some(ErrorCode::LinesNotExact)),
        (unread.number, OrderStatus::Draft, None, Some(ErrorCode::OrderIncomplete)),
    ];
    assert_eq!(told, expected);
    // What was left is not sent, also when nothing stops it any more.
    let could = order(&ctx, supplier, &[("BF-1", "2")]).await;
    let job = exports::export_leaving(&ctx, Vec::new(), Vec::new(), &[could.order_id]).await.unwrap();
    let item = exports::job(&ctx, job).await.unwrap().items.remove(0);
    assert_eq!((item.status, item.message_state, item.error), (OrderStatus::Ready, None, None));
}
