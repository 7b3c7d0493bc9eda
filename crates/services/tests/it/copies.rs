//! What is ordered again: duplicates, lines of orders before, templates; and lines that are filled in many at once.

use domain::articles::ArticleInput;
use domain::contacts::ContactInput;
use domain::errors::ErrorCode;
use domain::ids::{ContactId, OrderId, TemplateId};
use domain::orders::{OrderInput, OrderLineInput, OrderStatus};
use services::orders::{self, SavedOrder, templates};
use services::{Ctx, ServiceError};

use crate::harness::on_both;

on_both!(
    a_duplicate_has_todays_prices_and_no_date,
    lines_of_an_order_before_are_fetched,
    a_template_begins_an_order,
    many_lines_are_filled_at_once,
);

async fn supplier(ctx: &Ctx) -> ContactId {
    let input = ContactInput {
        name: "Fjord Stål AS".into(),
        org_number: "310004170".into(),
        postal_code: "0580".into(),
        contact_person: "Kari Nordvik".into(),
        is_supplier: true,
        ..ContactInput::default()
    };
    services::contacts::add(ctx, input).await.unwrap()
}

async fn article(ctx: &Ctx, number: &str, price: &str, theirs: &str) {
    let input = ArticleInput {
        number: number.into(),
        name: format!("Artikkel {number}"),
        price: price.into(),
        unit: "m".into(),
        supplier_org_number: if theirs.is_empty() { String::new() } else { "310004170".into() },
        supplier_article_number: theirs.into(),
        ..ArticleInput::default()
    };
    match services::articles::get(ctx, number).await {
        Ok(known) => {
            services::articles::edit(ctx, known.article_id, known.version, input).await.map(drop).unwrap()
        }
        Err(_) => services::articles::add(ctx, input).await.map(drop).unwrap(),
    }
}

fn line(number: &str, quantity: &str, price: &str) -> OrderLineInput {
    OrderLineInput {
        article_number: number.into(),
        quantity: quantity.into(),
        unit_price: price.into(),
        ..OrderLineInput::default()
    }
}

async fn written(ctx: &Ctx, supplier: ContactId, lines: Vec<OrderLineInput>) -> SavedOrder {
    let input = OrderInput {
        supplier_id: supplier.to_string(),
        requested_delivery_date: "2031-12-01".into(),
        delivery_city: "Ålesund".into(),
        note: "Til lager".into(),
        lines,
        ..OrderInput::default()
    };
    orders::create(ctx, input).await.unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> ErrorCode {
    let refusal = outcome.unwrap_err().refusal();
    refusal.errors.first().map_or(refusal.code, |error| error.code)
}

async fn a_duplicate_has_todays_prices_and_no_date(ctx: Ctx) {
    let supplier = supplier(&ctx).await;
    article(&ctx, "N-1", "4,20", "FS-1").await;
    article(&ctx, "N-2", "10", "").await;
    let mut free = line("", "3", "99");
    free.description = "Fritekst".into();
    let first = written(&ctx, supplier, vec![line("N-1", "2", ""), line("N-2", "1", ""), free]).await;
    assert_eq!(first.refusal, None);
    article(&ctx, "N-1", "4,35", "FS-1").await;

    let copied = orders::duplicate(&ctx, first.order_id).await.unwrap();
    assert_eq!((copied.from_number.as_str(), &copied.order.refusal), (first.number.as_str(), &None));
    assert_eq!(copied.changes.len(), 1);
    let change = &copied.changes[0];
    assert_eq!((change.line_number, change.article_number.as_str()), (1, "N-1"));
    assert_eq!((change.old.to_string(), change.new.to_string()), ("4.2".to_owned(), "4.35".to_owned()));
    let detail = orders::detail(&ctx, &copied.order.number).await.unwrap().order;
    assert_eq!((detail.status, detail.requested_delivery_date), (OrderStatus::Ready, None));
    assert_eq!((detail.delivery.city.as_str(), detail.note.as_str()), ("Ålesund", "Til lager"));
    let prices: Vec<String> = detail.lines.iter().map(|line| line.unit_price.to_string()).collect();
    assert_eq!(prices, ["4.35", "10", "99"], "what no register knows keeps its price");
    let old = orders::detail(&ctx, &first.number).await.unwrap().order;
    assert_eq!(
        (old.lines[0].unit_price.to_string(), old.version),
        ("4.2".to_owned(), 2),
        "the first stays as it was"
    );
    let told = orders::changes_since(&ctx, &copied.order.number, &first.number).await.unwrap();
    assert_eq!(told, copied.changes);

    assert_eq!(code(orders::duplicate(&ctx, ctx.new_id::<OrderId>()).await), ErrorCode::NotFound);
    assert_eq!(
        orders::previous(&ctx, supplier).await.unwrap().len(),
        2,
        "nothing came of the one that failed"
    );
}

async fn lines_of_an_order_before_are_fetched(ctx: Ctx) {
    let supplier = supplier(&ctx).await;
    article(&ctx, "N-1", "4,20", "FS-1").await;
    let first = written(&ctx, supplier, vec![line("N-1", "2", "4,00"), line("N-1", "1", "4,20")]).await;
    let lines = orders::lines_of(&ctx, first.order_id).await.unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].line.line_id.as_str(), lines[0].line.unit_price.as_str()), ("", "4,2"));
    assert_eq!(lines[0].change.as_ref().map(|change| change.old.to_string()).as_deref(), Some("4"));
    assert_eq!(lines[1].change, None);
    assert_eq!(lines[0].line.supplier_article_number, "FS-1");
    let previous = orders::previous(&ctx, supplier).await.unwrap();
    assert_eq!(previous[0].number, first.number);
    assert!(orders::previous(&ctx, ctx.new_id()).await.unwrap().is_empty());
}

async fn a_template_begins_an_order(ctx: Ctx) {
    let supplier = supplier(&ctx).await;
    article(&ctx, "N-1", "4,20", "FS-1").await;
    let first = written(&ctx, supplier, vec![line("N-1", "2", "")]).await;
    let empty = written(&ctx, supplier, Vec::new()).await;
    assert_eq!(code(templates::save(&ctx, empty.order_id, "Tom").await), ErrorCode::NoLines);
    assert_eq!(code(templates::save(&ctx, first.order_id, "  ").await), ErrorCode::Required);
    assert_eq!(code(templates::save(&ctx, first.order_id, &"x".repeat(101)).await), ErrorCode::TooLong);
    let weekly = templates::save(&ctx, first.order_id, "Ukebestilling").await.unwrap();
    assert_eq!(code(templates::save(&ctx, first.order_id, "UKEBESTILLING").await), ErrorCode::Duplicate);

    article(&ctx, "N-1", "5", "FS-1").await;
    let order = templates::start_order(&ctx, weekly).await.unwrap();
    let started = orders::detail(&ctx, &order.number).await.unwrap().order;
    assert_eq!(
        (started.supplier_id, started.lines[0].unit_price.to_string()),
        (Some(supplier), "5".to_owned())
    );
    assert_eq!(started.lines.len(), 1);

    let other = templates::save(&ctx, first.order_id, "Annen").await.unwrap();
    assert_eq!(code(templates::rename(&ctx, other, "ukebestilling").await), ErrorCode::Duplicate);
    templates::rename(&ctx, weekly, "ukebestilling").await.unwrap();
    templates::remove(&ctx, weekly).await.unwrap();
    assert_eq!(code(templates::start_order(&ctx, weekly).await), ErrorCode::NotFound);
    templates::rename(&ctx, other, "Ukebestilling").await.unwrap();
    templates::restore(&ctx, weekly).await.unwrap();
    let names: Vec<String> = templates::list(&ctx).await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Ukebestilling", "ukebestilling (2)"], "both are there");
    assert_eq!(code(templates::restore(&ctx, weekly).await), ErrorCode::NotFound);
    assert_eq!(code(templates::remove(&ctx, ctx.new_id::<TemplateId>()).await), ErrorCode::NotFound);
}

async fn many_lines_are_filled_at_once(ctx: Ctx) {
    let supplier = supplier(&ctx).await;
    article(&ctx, "N-1", "4,20", "FS-1").await;
    let filled = async |lines: Vec<OrderLineInput>| {
        let filled = orders::fill_lines(&ctx, Some(supplier), "NOK", lines).await.unwrap();
        let bases = filled.iter().map(|filled| filled.listed_base).collect::<Vec<_>>();
        (filled.into_iter().map(|filled| filled.line).collect::<Vec<_>>(), bases)
    };
    let theirs = OrderLineInput { supplier_article_number: "FS-1".into(), ..line("", "5", "") };
    let typed =
        OrderLineInput { description: "Vårt navn".into(), unit: "stk".into(), ..line("N-1", "2", "") };
    let (lines, bases) =
        filled(vec![line("N-1", "2", ""), line("FS-1", "3", "9"), theirs, typed, line("Ukjent", "1", "")])
            .await;
    let one = Some(domain::decimal::Quantity::whole(1));
    assert_eq!(bases, [one, one, one, None, None], "what a price for metres is for says nothing of pieces");
    let shown: Vec<[&str; 5]> = lines
        .iter()
        .map(|line| {
            [
                &line.article_number,
                &line.supplier_article_number,
                &line.description,
                &line.unit,
                &line.unit_price,
            ]
            .map(String::as_str)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ["N-1", "FS-1", "Artikkel N-1", "MTR", "4,2"],
            ["N-1", "FS-1", "Artikkel N-1", "MTR", "9"],
            ["N-1", "FS-1", "Artikkel N-1", "MTR", "4,2"],
            ["N-1", "FS-1", "Vårt navn", "stk", ""],
            ["Ukjent", "", "", "", ""],
        ],
        "a typed price stays, and a price for metres is none for pieces"
    );
    let other_currency = orders::fill_lines(&ctx, None, "EUR", vec![line("N-1", "1", "")]).await.unwrap();
    let other_currency = &other_currency[0].line;
    assert_eq!((other_currency.unit_price.as_str(), other_currency.unit.as_str()), ("", "MTR"));
    let many: Vec<OrderLineInput> = (0..1_000).map(|number| line(&format!("X-{number}"), "1", "")).collect();
    assert_eq!(filled(many.clone()).await.0, many);
    let too_many: Vec<OrderLineInput> = (0..1_001).map(|_| line("N-1", "1", "")).collect();
    let refused = orders::fill_lines(&ctx, Some(supplier), "NOK", too_many).await;
    assert_eq!(code(refused), ErrorCode::TooManyLines);
}
