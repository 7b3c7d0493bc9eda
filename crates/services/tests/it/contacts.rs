//! Who an order comes from: a company is known by its country and its number.

use domain::contacts::{ContactInput, ContactRole};
use domain::paging::PageRequest;
use services::Ctx;
use services::inbox::receive_order;

use crate::harness::{on_both, principal};
use crate::inbox::{body, document, peer};

on_both!(an_order_from_another_country_is_another_customer);

async fn an_order_from_another_country_is_another_customer(ctx: Ctx) {
    let known = ContactInput {
        name: "Nordvik Mekaniske AS".into(),
        org_number: "310004170".into(),
        is_customer: true,
        ..ContactInput::default()
    };
    services::contacts::add(&ctx, known).await.unwrap();
    let mut found = Vec::new();
    for (country, expected) in [("NO", 1), ("SE", 2), ("se", 3)] {
        let token = principal(&ctx).await;
        let mut order = document(&ctx, country);
        order.buyer.country = country.into();
        receive_order(&ctx, &token, peer(&ctx), order.message_id, body(&order)).await.unwrap();
        let page = services::contacts::list(&ctx, ContactRole::Customer, None, PageRequest::default());
        found = page.await.unwrap().rows;
        assert_eq!(found.len(), expected, "{country}: {found:?}");
    }
    let mut written: Vec<String> = found
        .into_iter()
        .map(|row| format!("{} {} {}", row.country, row.org_number.unwrap_or_default(), row.needs_review))
        .collect();
    written.sort();
    // The third token may not speak for the company of the second.
    assert_eq!(written, ["NO 310004170 false", "SE  true", "SE 310004170 true"]);
}
