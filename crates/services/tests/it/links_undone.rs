//! What a link gave a line of an order that can still be changed goes with the link.

use std::collections::BTreeSet;

use domain::errors::ErrorCode;
use domain::ids::{ContactId, FormKey, OrderId, OrderLineId};
use domain::links::{DecisionView, FormPlace, GivenBack, LinkMade, MAX_GIVEN_BACK, MAX_NAMED};
use domain::matching::MatchLevel;
use domain::orders::{OrderInput, OrderLineInput, PurchaseOrder};
use services::orders::{FormSaved, FormState};
use services::{Ctx, ServiceError, links, orders};

use crate::harness::on_both;
use crate::links::{order, pair, seen, supplier_with};

on_both!(
    a_line_that_is_as_typed_has_its_number_back,
    a_line_of_a_form_has_its_number_back,
    what_another_decision_replaces_is_given_back,
    every_line_has_its_number_back,
    more_orders_than_one_step_holds_are_refused,
    two_who_undo_at_once_do_not_wait_for_one_another,
    a_form_names_no_line_of_another_order,
    a_form_is_not_asked_about_its_own_confirmation,
);

/// The number in the line of an order, in the form as well as where it would be sent, and how it is judged.
async fn written(ctx: &Ctx, number: &str) -> (String, String, MatchLevel) {
    let (order, matched) = seen(ctx, number).await;
    let form = orders::form(ctx, Some(number)).await.unwrap();
    let in_form = form.input.lines[0].supplier_article_number.clone();
    (in_form, order.lines[0].supplier_article_number.clone(), matched.level)
}

fn three(in_form: &str, in_line: &str, level: MatchLevel) -> (String, String, MatchLevel) {
    (in_form.to_owned(), in_line.to_owned(), level)
}

async fn a_line_that_is_as_typed_has_its_number_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let made = links::confirm(&ctx, pair(supplier, "11O07", "", "11007"), None).await.unwrap();
    // Without a price the order is kept as it was typed, and only its line has the number of the link.
    let line = OrderLineInput {
        description: "Sekskantskrue M10x50 A4".to_owned(),
        supplier_article_number: "11O07".to_owned(),
        quantity: "10".to_owned(),
        ..OrderLineInput::default()
    };
    let input = OrderInput { supplier_id: supplier.to_string(), lines: vec![line], ..OrderInput::default() };
    let saved = orders::create(&ctx, input).await.unwrap();
    assert!(saved.refusal.is_some());
    assert_eq!(written(&ctx, &saved.number).await, three("11O07", "11007", MatchLevel::Exact));
    let back = links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(back, GivenBack { orders: vec![saved.number.clone()], more: 0 });
    assert_eq!(written(&ctx, &saved.number).await, three("11O07", "11O07", MatchLevel::Likely));
    // What was taken back before changes nothing.
    let again = links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(again, GivenBack::default());
}

async fn a_line_of_a_form_has_its_number_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    // Confirmed before the form is saved; the form writes the number itself.
    let line_id: OrderLineId = ctx.new_id();
    let place = FormPlace { line_id, order_id: None, form_key: None };
    let made = links::confirm_in_form(&ctx, pair(supplier, " 11O07 ", "", "11007"), place).await.unwrap();
    let line = OrderLineInput {
        line_id: line_id.to_string(),
        description: "Sekskantskrue M10x50 A4".to_owned(),
        supplier_article_number: made.partner_number.clone(),
        quantity: "10".to_owned(),
        unit_price: "2".to_owned(),
        ..OrderLineInput::default()
    };
    let input = OrderInput { supplier_id: supplier.to_string(), lines: vec![line], ..OrderInput::default() };
    let saved = orders::create(&ctx, input).await.unwrap();
    assert_eq!(written(&ctx, &saved.number).await, three("11007", "11007", MatchLevel::Exact));
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(written(&ctx, &saved.number).await, three("11O07", "11O07", MatchLevel::Likely));
}

async fn what_another_decision_replaces_is_given_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "11070"]).await;
    let confirm = |theirs| links::confirm(&ctx, pair(supplier, "11O07", "", theirs), None);
    confirm("11007").await.unwrap();
    let (order, _) = order(&ctx, supplier, "", "11O07").await;
    assert_eq!(order.lines[0].supplier_article_number, "11007");
    let next = confirm("11070").await.unwrap();
    assert_eq!(seen(&ctx, &order.number).await.0.lines[0].supplier_article_number, "11070");
    links::undo(&ctx, vec![next.supplier_link_id]).await.unwrap();
    assert_eq!(seen(&ctx, &order.number).await.0.lines[0].supplier_article_number, "11O07");
}

/// A line with a number of the supplier's, with a price so that it is complete.
fn priced(number: &str) -> OrderLineInput {
    OrderLineInput {
        description: "Sekskantskrue M10x50 A4".to_owned(),
        supplier_article_number: number.to_owned(),
        quantity: "10".to_owned(),
        unit_price: "2".to_owned(),
        ..OrderLineInput::default()
    }
}

/// An order with these lines; its number.
async fn ordered(ctx: &Ctx, supplier: ContactId, lines: Vec<OrderLineInput>) -> String {
    let input = OrderInput { supplier_id: supplier.to_string(), lines, ..OrderInput::default() };
    let saved = orders::create(ctx, input).await.unwrap();
    assert_eq!(saved.refusal, None);
    saved.number
}

/// The different numbers of the supplier's in an order's lines.
async fn numbers(ctx: &Ctx, number: &str) -> BTreeSet<String> {
    let order = orders::detail(ctx, number).await.unwrap().order;
    order.lines.into_iter().map(|line| line.supplier_article_number).collect()
}

fn only(number: &str) -> BTreeSet<String> {
    BTreeSet::from([number.to_owned()])
}

async fn every_line_has_its_number_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let made = links::confirm(&ctx, pair(supplier, "11O07", "", "11007"), None).await.unwrap();
    let mut all = vec![ordered(&ctx, supplier, vec![priced("11O07"); 600]).await];
    for _ in 0..MAX_NAMED + 1 {
        all.push(ordered(&ctx, supplier, vec![priced("11O07"); 2]).await);
    }
    let untouched = ordered(&ctx, supplier, vec![priced("11007")]).await;
    let version = orders::detail(&ctx, &all[0]).await.unwrap().order.version;
    let back = links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(back, GivenBack { orders: all[..MAX_NAMED].to_vec(), more: 2 });
    for number in &all {
        assert_eq!(numbers(&ctx, number).await, only("11O07"), "{number}");
    }
    assert_eq!(numbers(&ctx, &untouched).await, only("11007"), "nobody linked that one");
    let now = orders::detail(&ctx, &all[0]).await.unwrap().order.version;
    assert_eq!(now, version + 1, "600 lines are one save");
}

async fn more_orders_than_one_step_holds_are_refused(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "11070"]).await;
    let confirm = |written, theirs| links::confirm(&ctx, pair(supplier, written, "", theirs), None);
    let many = confirm("11O07", "11007").await.unwrap().supplier_link_id;
    let one = confirm("11O70", "11070").await.unwrap().supplier_link_id;
    let of_one = ordered(&ctx, supplier, vec![priced("11O70")]).await;
    let first = orders::detail(&ctx, &ordered(&ctx, supplier, vec![priced("11O07")]).await).await.unwrap();
    let first: PurchaseOrder = first.order;
    let mut tx = ctx.store.begin_write().await.unwrap();
    for place in 1..MAX_GIVEN_BACK {
        let mut next = PurchaseOrder {
            order_id: ctx.new_id(),
            number: format!("MANGE-{place}"),
            order_ref: None,
            correlation_id: ctx.new_id(),
            ..first.clone()
        };
        next.lines[0].line_id = ctx.new_id();
        assert!(store::orders::add(&mut tx, &next).await.unwrap());
        store::orders::replace_lines(&mut tx, next.order_id, &next.lines).await.unwrap();
        store::links::keep_line(&mut tx, many, next.lines[0].line_id, "11O07", ctx.now()).await.unwrap();
    }
    tx.commit().await.unwrap();

    let refused = links::undo(&ctx, vec![one, many]).await.unwrap_err().refusal();
    assert_eq!(refused.code, ErrorCode::LinksInTooManyOrders);
    let value = |name: &str| refused.params.get(name).cloned();
    assert_eq!(value("orders"), Some((MAX_GIVEN_BACK + 1).to_string()));
    assert_eq!(value("max"), Some(MAX_GIVEN_BACK.to_string()));
    let kept = links::decided(&ctx, supplier, DecisionView::Same, "", None, 10).await.unwrap();
    assert_eq!(kept.rows.len(), 2, "nothing is changed");
    assert_eq!(numbers(&ctx, &of_one).await, only("11070"));
    let back = links::undo(&ctx, vec![one]).await.unwrap();
    assert_eq!(back, GivenBack { orders: vec![of_one.clone()], more: 0 });
    assert_eq!(numbers(&ctx, &of_one).await, only("11O70"));
}

async fn two_who_undo_at_once_do_not_wait_for_one_another(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "11070"]).await;
    let mut made = Vec::new();
    for (written, theirs) in [("11O07", "11007"), ("11O70", "11070")] {
        let link = links::confirm(&ctx, pair(supplier, written, "", theirs), None).await.unwrap();
        made.push(link.supplier_link_id);
    }
    let mut all = Vec::new();
    for turn in 0..6 {
        let mut lines = vec![priced("11O07"), priced("11O70")];
        lines.rotate_left(turn % 2);
        all.push(ordered(&ctx, supplier, lines).await);
    }
    let (one, other) =
        tokio::join!(links::undo(&ctx, vec![made[0]]), links::undo(&ctx, vec![made[1], made[0]]));
    let changed = |back: Result<GivenBack, ServiceError>| back.unwrap().orders.len();
    assert!(changed(one) + changed(other) >= MAX_NAMED);
    let typed = BTreeSet::from(["11O07".to_owned(), "11O70".to_owned()]);
    for number in &all {
        assert_eq!(numbers(&ctx, number).await, typed, "{number}");
    }
}

async fn a_form_names_no_line_of_another_order(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let mine = orders::detail(&ctx, &ordered(&ctx, supplier, vec![priced("A")]).await).await.unwrap().order;
    let other = orders::detail(&ctx, &ordered(&ctx, supplier, vec![priced("B")]).await).await.unwrap().order;
    let confirm = async |line_id: OrderLineId, order_id: Option<OrderId>| {
        let place = FormPlace { line_id, order_id, form_key: Some(ctx.new_id()) };
        links::confirm_in_form(&ctx, pair(supplier, "11O07", "", "11007"), place).await
    };
    let code = |made: Result<LinkMade, ServiceError>| made.unwrap_err().refusal().code;
    let of_other = other.lines[0].line_id;
    assert_eq!(code(confirm(of_other, Some(mine.order_id)).await), ErrorCode::NotFound);
    assert_eq!(code(confirm(of_other, None).await), ErrorCode::NotFound);
    assert_eq!(code(confirm(ctx.new_id(), Some(ctx.new_id())).await), ErrorCode::NotFound);
    let none = links::decided(&ctx, supplier, DecisionView::Same, "", None, 10).await.unwrap();
    assert!(none.rows.is_empty(), "nothing was decided");
    confirm(mine.lines[0].line_id, Some(mine.order_id)).await.unwrap();
    confirm(ctx.new_id(), Some(mine.order_id)).await.unwrap();

    // A form whose first answer is not there yet is known by its key.
    let form_key: FormKey = ctx.new_id();
    let line_id: OrderLineId = ctx.new_id();
    let line = OrderLineInput { line_id: line_id.to_string(), ..priced("11O07") };
    let input = OrderInput { supplier_id: supplier.to_string(), lines: vec![line], ..OrderInput::default() };
    let form = FormState { form_key: Some(form_key), input, ..FormState::default() };
    orders::save_form(&ctx, form).await.unwrap();
    let place = FormPlace { line_id, order_id: None, form_key: Some(form_key) };
    links::confirm_in_form(&ctx, pair(supplier, "11O07", "", "11007"), place).await.unwrap();
}

async fn a_form_is_not_asked_about_its_own_confirmation(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "11070"]).await;
    // Without a price the order stays as it was typed.
    let line_id: OrderLineId = ctx.new_id();
    let with = |number: &str| OrderInput {
        supplier_id: supplier.to_string(),
        lines: vec![OrderLineInput {
            line_id: line_id.to_string(),
            unit_price: String::new(),
            ..priced(number)
        }],
        ..OrderInput::default()
    };
    let mut form = FormState { form_key: Some(ctx.new_id()), input: with("11O07"), ..FormState::default() };
    let mut made = Vec::new();
    for theirs in ["11007", "11070"] {
        let FormSaved::Saved(saved) = orders::save_form(&ctx, form.clone()).await.unwrap() else {
            panic!("asked before {theirs}")
        };
        assert!(saved.refusal.is_some());
        (form.order_id, form.version) = (Some(saved.order_id), saved.version);
        let place = FormPlace { line_id, order_id: form.order_id, form_key: form.form_key };
        let link = links::confirm_in_form(&ctx, pair(supplier, "11O07", "", theirs), place).await.unwrap();
        made.push(link.supplier_link_id);
        form.input = with(theirs);
    }
    let FormSaved::Saved(saved) = orders::save_form(&ctx, form).await.unwrap() else {
        panic!("asked about its own change")
    };
    assert_eq!(written(&ctx, &saved.number).await.0, "11070");
    links::undo(&ctx, vec![made[1]]).await.unwrap();
    assert_eq!(written(&ctx, &saved.number).await.0, "11O07", "and not the number of the first link");
}
