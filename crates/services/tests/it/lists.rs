//! Many orders at once, saved views, and what the palette finds.

use domain::articles::ArticleFilter;
use domain::contacts::{ContactFilter, ContactRole};
use domain::drafts::{DraftFilter, DraftView};
use domain::errors::ErrorCode;
use domain::logs::{LogFilter, LogView};
use domain::orders::{BatchAction, ChosenOrders, OrderFilter, OrderInput, OrderLineInput, OrderView};
use domain::paging::PageRequest;
use domain::roles::Role;
use domain::sales_orders::SalesOrderFilter;
use domain::saved_views::ListName;
use services::spreadsheets::{ListFile, SheetFormat, write_list};
use services::{Actor, Ctx};

use crate::harness::on_both;

on_both!(
    drafts_are_deleted_and_brought_back,
    a_batch_is_bounded_and_needs_a_buyer,
    views_belong_to_people,
    the_palette_finds_a_few_of_each,
    orders_are_duplicated_together,
    a_list_is_written_as_it_is_shown,
);

/// Draft orders with one line each, by a person.
async fn drafts(ctx: &Ctx, count: usize) -> Vec<services::orders::SavedOrder> {
    let mut saved = Vec::new();
    for place in 0..count {
        let line = OrderLineInput {
            description: format!("Skrue {place}"),
            quantity: "1".into(),
            unit: "EA".into(),
            unit_price: "1,50".into(),
            ..OrderLineInput::default()
        };
        let input = OrderInput { lines: vec![line], ..OrderInput::default() };
        saved.push(services::orders::create(ctx, input).await.unwrap());
    }
    saved
}

async fn count(ctx: &Ctx) -> i64 {
    services::orders::list(ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap().total
}

async fn drafts_are_deleted_and_brought_back(ctx: Ctx) {
    let orders = drafts(&ctx, 3).await;
    let before = services::orders::detail(&ctx, &orders[0].number).await.unwrap().order;
    // What was typed and cannot be read comes back too.
    let typed =
        OrderInput { note: "x".into(), requested_delivery_date: "i går".into(), ..OrderInput::default() };
    let saved =
        services::orders::save(&ctx, orders[1].order_id, orders[1].version, typed.clone()).await.unwrap();
    assert!(saved.refusal.is_some());
    let all = ChosenOrders::Fitting(Box::new(OrderFilter::of_view(OrderView::Drafts)));
    let preview = services::orders::preview(&ctx, BatchAction::Delete, &all).await.unwrap();
    assert_eq!((preview.done().count(), preview.batch_id, count(&ctx).await), (3, None, 3));
    let id = services::orders::run(&ctx, BatchAction::Delete, all.clone()).await.unwrap();
    assert_eq!(count(&ctx).await, 0);
    let outcome = services::orders::batch(&ctx, id).await.unwrap();
    assert_eq!((outcome.done().count(), outcome.skipped().count(), outcome.undone), (3, 0, false));
    for _ in 0..2 {
        let undone = services::orders::undo(&ctx, id).await.unwrap();
        assert!(undone.undone && undone.done().count() == 3);
        assert_eq!(count(&ctx).await, 3);
    }
    let detail = services::orders::detail(&ctx, &orders[0].number).await.unwrap();
    assert_eq!(detail.order.lines, before.lines);
    assert_eq!((detail.order.number, detail.order.created_at), (before.number, before.created_at));
    assert_eq!(detail.timeline.last().unwrap().kind, "order_restored");
    let form = services::orders::form(&ctx, Some(&orders[1].number)).await.unwrap();
    assert_eq!(form.input.requested_delivery_date, typed.requested_delivery_date);
    // A form that was open before is a version behind, and what it adds is taken.
    let stale = services::orders::save(&ctx, orders[0].order_id, orders[0].version, typed).await;
    assert!(stale.unwrap().version > orders[0].version + 1);
}

async fn a_batch_is_bounded_and_needs_a_buyer(ctx: Ctx) {
    let orders = drafts(&ctx, 1).await;
    let named = |ids: Vec<_>| ChosenOrders::Named(ids);
    let code = |outcome: Result<_, services::ServiceError>| outcome.unwrap_err().refusal().code;
    let none = named(Vec::new());
    assert_eq!(
        code(services::orders::preview(&ctx, BatchAction::Delete, &none).await.map(|_| ())),
        ErrorCode::ValidationFailed
    );
    let many = (0..501).map(|_| ctx.new_id()).collect();
    let many = services::orders::run(&ctx, BatchAction::Delete, named(many)).await.map(|_| ());
    assert_eq!(code(many), ErrorCode::BatchTooLarge);
    let reader = ctx.acting_as(Actor::User { user_id: ctx.new_id(), name: "Ola".into(), role: Role::Reader });
    let refused = services::orders::run(&reader, BatchAction::Delete, named(vec![orders[0].order_id])).await;
    assert_eq!(code(refused.map(|_| ())), ErrorCode::Forbidden);
    // The same order twice is one, and one that is not there is skipped.
    let chosen = named(vec![orders[0].order_id, orders[0].order_id, ctx.new_id()]);
    let id = services::orders::run(&ctx, BatchAction::Delete, chosen).await.unwrap();
    let outcome = services::orders::batch(&ctx, id).await.unwrap();
    assert_eq!((outcome.done().count(), outcome.skipped().count()), (1, 1));
    assert_eq!(outcome.skipped().next().unwrap().skipped, Some(ErrorCode::NotFound));
    let again = services::orders::delete_draft(&ctx, orders[0].order_id).await.map(|_| ());
    assert_eq!(code(again), ErrorCode::NotFound);
}

async fn views_belong_to_people(ctx: Ctx) {
    let list = ListName::PurchaseOrders;
    let refused = services::saved_views::add(&ctx, list, "Mine", "vis=alle", false).await.unwrap_err();
    assert_eq!(refused.refusal().code, ErrorCode::Forbidden, "the command line has no views");
    assert!(services::saved_views::list(&ctx, list).await.unwrap().is_empty());
}

async fn the_palette_finds_a_few_of_each(ctx: Ctx) {
    let orders = drafts(&ctx, 7).await;
    let found = services::palette::search(&ctx, "PO").await.unwrap();
    assert!(found.orders.is_empty(), "two letters of every number find none");
    let found = services::palette::search(&ctx, &orders[0].number).await.unwrap();
    assert_eq!(found.orders[0].number, orders[0].number);
    assert_eq!(
        services::palette::search(&ctx, "  \u{0} ").await.unwrap(),
        domain::palette::PaletteHits::default()
    );
    let nobody = ctx.acting_as(Actor::Anonymous);
    assert_eq!(
        services::palette::search(&nobody, "x").await.unwrap_err().refusal().code,
        ErrorCode::NotSignedIn
    );
}

async fn orders_are_duplicated_together(ctx: Ctx) {
    let orders = drafts(&ctx, 2).await;
    let chosen = ChosenOrders::Named(vec![orders[0].order_id, orders[1].order_id, ctx.new_id()]);
    let id = services::orders::run(&ctx, BatchAction::Duplicate, chosen).await.unwrap();
    let outcome = services::orders::batch(&ctx, id).await.unwrap();
    assert_eq!((outcome.done().count(), outcome.skipped().count(), count(&ctx).await), (2, 1, 4));
    for item in outcome.done() {
        let copy = services::orders::detail(&ctx, item.made.as_deref().unwrap()).await.unwrap().order;
        let from = services::orders::detail(&ctx, &item.number).await.unwrap().order;
        assert_eq!(copy.lines[0].description, from.lines[0].description);
    }
    let undone = services::orders::undo(&ctx, id).await.unwrap_err();
    assert_eq!(undone.refusal().code, ErrorCode::InvalidTransition);
    let many = ChosenOrders::Named((0..101).map(|_| ctx.new_id()).collect());
    let refused = services::orders::run(&ctx, BatchAction::Duplicate, many).await.unwrap_err();
    assert_eq!(refused.refusal().code, ErrorCode::BatchTooLarge);
}

async fn a_list_is_written_as_it_is_shown(ctx: Ctx) {
    let orders = drafts(&ctx, 2).await;
    let supplier = domain::contacts::ContactInput {
        name: "=HYPERLINK(\"x\")".into(),
        is_supplier: true,
        ..domain::contacts::ContactInput::default()
    };
    services::contacts::add(&ctx, supplier).await.unwrap();
    let words = |key: &str| key.to_owned();
    let written = async |list: ListFile, columns: &[&str]| {
        let shows = |column: &str| columns.is_empty() || columns.contains(&column);
        let file = write_list(&ctx, &list, SheetFormat::Csv, shows, words).await.unwrap();
        String::from_utf8(file).unwrap()
    };
    let filter = OrderFilter { search: Some(orders[0].number.clone()), ..OrderFilter::default() };
    let file = written(ListFile::Orders(filter), &["sum"]).await;
    let head = "\u{feff}column.number;column.status;column.to_fix;column.net_total;column.currency";
    let row = format!("{};status.order.ready;;1,5;NOK", orders[0].number);
    assert_eq!(file.trim_end().split("\r\n").collect::<Vec<_>>()[0], head);
    assert_eq!(file.trim_end().split("\r\n").count(), 2, "{file}");
    assert_eq!(file.contains(&row), file.contains("status.order.ready"), "{file}");
    let suppliers = ContactFilter::of_role(Some(ContactRole::Supplier), None);
    let file = written(ListFile::Contacts(suppliers), &[]).await;
    assert!(file.contains("'=HYPERLINK"), "{file}");
    for list in [
        ListFile::Drafts(DraftFilter::of_view(DraftView::All)),
        ListFile::SalesOrders(SalesOrderFilter::default()),
        ListFile::Articles(ArticleFilter::default()),
        ListFile::Log(LogView::All, LogFilter::default()),
    ] {
        assert_eq!(written(list.clone(), &[]).await.trim_end().split("\r\n").count(), 1, "{list:?}");
        let workbook = write_list(&ctx, &list, SheetFormat::Xlsx, |_| true, words).await.unwrap();
        assert!(workbook.starts_with(b"PK"));
    }
    let reader = ctx.acting_as(Actor::User { user_id: ctx.new_id(), name: "Ola".into(), role: Role::Reader });
    let log = ListFile::Log(LogView::All, LogFilter::default());
    let refused = write_list(&reader, &log, SheetFormat::Csv, |_| true, words).await.unwrap_err();
    assert_eq!(refused.refusal().code, ErrorCode::Forbidden);
}
