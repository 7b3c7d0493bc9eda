//! An order with cells that cannot be read keeps everything else, wherever it is looked at.

use domain::articles::ArticleInput;
use domain::contacts::ContactInput;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::ids::OrderLineId;
use domain::money::Money;
use domain::orders::{
    BatchAction, ChosenOrders, OrderFilter, OrderInput, OrderLine, OrderLineInput, OrderStatus,
    PurchaseOrder, PurchaseOrderRow, UnreadMarks,
};
use domain::paging::PageRequest;
use domain::time::CalendarDate;
use services::Ctx;
use services::orders::{self, SavedOrder, templates};
use services::spreadsheets::{ListFile, SheetFormat, write_list, write_order};

use crate::harness::on_both;

on_both!(
    what_can_be_read_is_kept_beside_what_cannot,
    what_cannot_be_read_is_copied_as_it_was_typed,
    every_fault_is_told_at_once,
    what_cannot_be_read_of_the_head_stands_as_it_was_typed,
    orders_of_before_get_their_lines,
    an_order_that_nobody_can_read_stops_no_other,
    a_deleted_order_of_before_gets_its_lines,
    what_the_registers_fill_in_is_in_the_form_too,
);

fn line(number: &str, quantity: &str, price: &str) -> OrderLineInput {
    OrderLineInput {
        article_number: number.to_owned(),
        description: format!("Vare {number}"),
        quantity: quantity.to_owned(),
        unit: "EA".to_owned(),
        unit_price: price.to_owned(),
        ..OrderLineInput::default()
    }
}

async fn order(ctx: &Ctx) -> OrderInput {
    let supplier = ContactInput { name: "Fjord Stål AS".into(), is_supplier: true, ..Default::default() };
    let supplier = services::contacts::add(ctx, supplier).await.unwrap();
    let lines = vec![line("A", "2", "10"), line("B", "mange", "5"), line("C", "3", ""), line("D", "4", "-1")];
    OrderInput { supplier_id: supplier.to_string(), lines, ..OrderInput::default() }
}

async fn what_can_be_read_is_kept_beside_what_cannot(ctx: Ctx) {
    let saved = orders::create(&ctx, order(&ctx).await).await.unwrap();
    assert!(saved.refusal.is_some());
    let page = orders::list(&ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap();
    let row = &page.rows[0];
    assert_eq!((row.line_count, row.net_total.to_string().as_str()), (4, "20.00"));
    assert!(row.has_unread && row.status == OrderStatus::Draft && row.supplier_name.is_some());

    let detail = orders::detail(&ctx, &saved.number).await.unwrap();
    let numbers: Vec<&str> = detail.order.lines.iter().map(|line| line.article_number.as_str()).collect();
    assert_eq!(numbers, ["A", "B", "C", "D"]);
    let unread: Vec<(&str, &str)> =
        detail.unread.iter().map(|cell| (cell.field.as_str(), cell.typed.as_str())).collect();
    assert_eq!(unread, [("quantity", "mange"), ("unit_price", ""), ("unit_price", "-1")]);
    let stopped =
        |finding: &Finding| finding.check == ExportCheck::Quantities && finding.outcome == Outcome::Stops;
    assert!(detail.checked.unwrap().findings.iter().any(stopped));

    let file = write_order(&ctx, &saved.number, SheetFormat::Csv, str::to_owned).await.unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("Vare A;;2;EA;10;"), "A in {file}");
    assert!(file.contains("Vare B;;mange;EA;5;"), "{file}");
    assert!(file.contains("Vare C;;3;EA;;"), "C in {file}");
    assert!(file.contains("Vare D;;4;EA;-1;"), "D in {file}");

    // Put right, nothing is left of it.
    let mut form = orders::form(&ctx, Some(&saved.number)).await.unwrap().input;
    assert_eq!(form.lines[1].quantity, "mange");
    form.lines[1].quantity = "7".to_owned();
    form.lines[2].unit_price = "1".to_owned();
    form.lines[3].unit_price = "1".to_owned();
    let saved = orders::save(&ctx, saved.order_id, saved.version, form).await.unwrap();
    assert_eq!(saved.refusal, None);
    let page = orders::list(&ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(page.rows[0].net_total.to_string(), "62.00");
    assert!(!page.rows[0].has_unread && page.rows[0].status == OrderStatus::Ready);
    assert_eq!(orders::detail(&ctx, &saved.number).await.unwrap().unread, []);
}

async fn what_cannot_be_read_is_copied_as_it_was_typed(ctx: Ctx) {
    let saved = orders::create(&ctx, order(&ctx).await).await.unwrap();
    let copy = orders::duplicate(&ctx, saved.order_id).await.unwrap().order;
    let template = templates::save(&ctx, saved.order_id, "Ukentlig").await.unwrap();
    let begun = templates::start_order(&ctx, template).await.unwrap();
    for number in [copy.number, begun.number] {
        let typed = orders::form(&ctx, Some(&number)).await.unwrap().input.lines;
        let cells: Vec<(&str, &str)> =
            typed.iter().map(|line| (line.quantity.as_str(), line.unit_price.as_str())).collect();
        assert_eq!(cells, [("2", "10"), ("mange", "5"), ("3", ""), ("4", "-1")], "{number}");
    }
    let fetched = orders::lines_of(&ctx, saved.order_id).await.unwrap();
    assert_eq!(fetched[1].line.quantity, "mange");
}

async fn every_fault_is_told_at_once(ctx: Ctx) {
    let mut input = order(&ctx).await;
    input.supplier_id = ctx.new_id::<domain::ids::ContactId>().to_string();
    input.lines.push(OrderLineInput { description: String::new(), ..line("UKJENT", "1", "1") });
    let refusal = orders::create(&ctx, input).await.unwrap().refusal.unwrap();
    let told: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    let expected = ["/lines/1/quantity", "/lines/3/unit_price", "/supplier_id", "/lines/4/article_number"];
    assert_eq!(told, expected);
}

async fn first_row(ctx: &Ctx) -> PurchaseOrderRow {
    orders::list(ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap().rows.remove(0)
}

async fn what_cannot_be_read_of_the_head_stands_as_it_was_typed(ctx: Ctx) {
    let mut input = order(&ctx).await;
    input.lines.truncate(1);
    input.currency = "kroner".to_owned();
    input.requested_delivery_date = "=snart".to_owned();
    let saved = orders::create(&ctx, input).await.unwrap();
    let row = first_row(&ctx).await;
    assert_eq!((row.marks.missing, row.marks.unreadable, row.marks.too_large), (false, true, false));
    assert_eq!(row.marks.typed("currency"), Some("kroner"));
    assert_eq!(row.marks.typed("requested_delivery_date"), Some("=snart"));
    let head = orders::detail(&ctx, &saved.number).await.unwrap().unread_head;
    assert_eq!(head, row.marks.head);
    let chosen = ChosenOrders::Named(vec![saved.order_id]);
    assert_eq!(orders::printed(&ctx, &chosen).await.unwrap()[0].unread_head, head);

    let list = ListFile::Orders(OrderFilter::default());
    let file = write_list(&ctx, &list, SheetFormat::Csv, |_| true, str::to_owned).await.unwrap();
    let file = String::from_utf8(file).unwrap();
    // What looks like a formula is none.
    for part in ["column.to_fix", ";status.unread.unreadable;", ";'=snart;", ";20;kroner;"] {
        assert!(file.contains(part), "{part} in {file}");
    }
    let lines = write_order(&ctx, &saved.number, SheetFormat::Csv, str::to_owned).await.unwrap();
    assert!(String::from_utf8(lines).unwrap().contains(";'=snart;kroner;"));

    // Deleted and brought back it says the same.
    let batch = orders::run(&ctx, BatchAction::Delete, chosen).await.unwrap();
    orders::undo(&ctx, batch).await.unwrap();
    assert_eq!(first_row(&ctx).await.marks, row.marks);
}

/// Makes the order what it was before lines were written beside what was typed.
async fn as_before(ctx: &Ctx, saved: &SavedOrder) -> PurchaseOrder {
    let mut tx = ctx.store.begin_write().await.unwrap();
    let typed = store::orders::typed(&mut tx, saved.order_id).await.unwrap().unwrap();
    let mut before = store::orders::lookup(&mut tx, saved.order_id).await.unwrap().unwrap();
    store::orders::replace_lines(&mut tx, saved.order_id, &[]).await.unwrap();
    store::orders::set_typed(&mut tx, saved.order_id, Some(&typed)).await.unwrap();
    (before.lines, before.net_total, before.supplier_id) = (Vec::new(), Money::default(), None);
    assert!(store::orders::write_what_is_read(&mut tx, &before).await.unwrap());
    tx.commit().await.unwrap();
    before
}

async fn lookup(ctx: &Ctx, saved: &SavedOrder) -> PurchaseOrder {
    let mut tx = ctx.store.begin_read().await.unwrap();
    store::orders::lookup(&mut tx, saved.order_id).await.unwrap().unwrap()
}

async fn orders_of_before_get_their_lines(ctx: Ctx) {
    let saved = orders::create(&ctx, order(&ctx).await).await.unwrap();
    let written = first_row(&ctx).await;
    assert!(written.marks.missing && written.marks.unreadable);
    as_before(&ctx, &saved).await;
    let row = first_row(&ctx).await;
    assert_eq!((row.line_count, row.has_unread, &row.marks), (0, true, &UnreadMarks::default()));
    // A form that is open meanwhile, and from before lines had ids.
    let mut form = orders::form(&ctx, Some(&saved.number)).await.unwrap().input;
    form.lines.iter_mut().for_each(|line| line.line_id.clear());

    services::housekeeping::remove_outdated(&ctx, || false).await.unwrap();
    assert_eq!(first_row(&ctx).await, row, "whoever is to stop begins nothing");
    services::housekeeping::remove_outdated(&ctx, || true).await.unwrap();
    assert_eq!(first_row(&ctx).await, written, "nobody has changed it");
    let order = orders::detail(&ctx, &saved.number).await.unwrap().order;
    assert_eq!((order.lines.len(), order.version), (4, saved.version));

    let again = orders::save(&ctx, saved.order_id, saved.version, form).await.unwrap();
    let without_ids = |order: PurchaseOrder| {
        let plain = |line: OrderLine| OrderLine { line_id: OrderLineId(uuid::Uuid::nil()), ..line };
        order.lines.into_iter().map(plain).collect::<Vec<_>>()
    };
    assert_eq!(without_ids(lookup(&ctx, &again).await), without_ids(order), "the form goes on over them");
}

async fn an_order_that_nobody_can_read_stops_no_other(ctx: Ctx) {
    let input = order(&ctx).await;
    let mut all = Vec::new();
    for _ in 0..12 {
        let saved = orders::create(&ctx, input.clone()).await.unwrap();
        let before = as_before(&ctx, &saved).await;
        all.push((saved, before));
    }
    // A row that says what no order can: the first of those that are read together.
    let (_, spoiled) = all.remove(0);
    let year_999 = "1000-01-01".parse::<CalendarDate>().unwrap().plus_days(-1);
    let mut tx = ctx.store.begin_write().await.unwrap();
    let spoiled = PurchaseOrder { requested_delivery_date: year_999, ..spoiled };
    assert!(store::orders::write_what_is_read(&mut tx, &spoiled).await.unwrap());
    assert!(store::orders::lock(&mut tx, spoiled.order_id).await.is_err());
    tx.commit().await.unwrap();
    services::housekeeping::remove_outdated(&ctx, || true).await.unwrap();
    for (saved, _) in &all {
        assert_eq!(lookup(&ctx, saved).await.lines.len(), 4, "{}", saved.number);
    }
    services::housekeeping::remove_outdated(&ctx, || true).await.unwrap();
}

async fn a_deleted_order_of_before_gets_its_lines(ctx: Ctx) {
    let saved = orders::create(&ctx, order(&ctx).await).await.unwrap();
    let written = first_row(&ctx).await;
    as_before(&ctx, &saved).await;
    let batch =
        orders::run(&ctx, BatchAction::Delete, ChosenOrders::Named(vec![saved.order_id])).await.unwrap();
    orders::undo(&ctx, batch).await.unwrap();
    let row = first_row(&ctx).await;
    assert_eq!(PurchaseOrderRow { updated_at: written.updated_at, ..row }, written);
    assert_eq!(lookup(&ctx, &saved).await.lines.len(), 4);
}

/// The sum below the form is the order's, also where a price was left to the article.
async fn what_the_registers_fill_in_is_in_the_form_too(ctx: Ctx) {
    let article = ArticleInput {
        number: "N-1".into(),
        name: "Skrue".into(),
        unit: "EA".into(),
        price: "9,50".into(),
        ..ArticleInput::default()
    };
    services::articles::add(&ctx, article).await.unwrap();
    let bare =
        OrderLineInput { article_number: "N-1".into(), quantity: "4".into(), ..OrderLineInput::default() };
    let mut input = order(&ctx).await;
    input.lines = vec![bare, line("B", "mange", "5")];
    let saved = orders::create(&ctx, input).await.unwrap();
    let form = orders::form(&ctx, Some(&saved.number)).await.unwrap().input;
    let shown = [&form.lines[0].description, &form.lines[0].unit_price, &form.lines[1].quantity];
    assert_eq!(shown, ["Skrue", "9,5", "mange"]);
    let sum = Money::sum(form.lines.iter().filter_map(OrderLineInput::amount));
    assert_eq!(sum, Some(lookup(&ctx, &saved).await.net_total));
    assert_eq!(sum.unwrap().to_string(), "38.00");
}
