//! What a link gave a line of an order that can still be changed goes with the link.

use domain::ids::OrderLineId;
use domain::matching::MatchLevel;
use domain::orders::{OrderInput, OrderLineInput};
use services::{Ctx, links, orders};

use crate::harness::on_both;
use crate::links::{order, pair, seen, supplier_with};

on_both!(
    a_line_that_is_as_typed_has_its_number_back,
    a_line_of_a_form_has_its_number_back,
    what_another_decision_replaces_is_given_back,
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
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(written(&ctx, &saved.number).await, three("11O07", "11O07", MatchLevel::Likely));
}

async fn a_line_of_a_form_has_its_number_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    // Confirmed before the form is saved; the form writes the number itself.
    let line_id: OrderLineId = ctx.new_id();
    let made = links::confirm_in_form(&ctx, pair(supplier, " 11O07 ", "", "11007"), line_id).await.unwrap();
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
