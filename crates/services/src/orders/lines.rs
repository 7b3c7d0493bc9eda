//! An order's lines: what the registers add to what was typed, and whether the supplier will understand them.

use std::collections::{BTreeSet, HashMap};

use domain::articles::Article;
use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::errors::{ErrorCode, FieldError};
use domain::ids::ContactId;
use domain::matching::LineFacts;
use domain::money::Money;
use domain::orders::{CheckedHead, CheckedLine, OrderInput, OrderLine, OrderLineInput, PurchaseOrder};
use domain::search::SearchHit;
use domain::text::normalise;
use domain::time::CalendarDate;
use store::Tx;

use super::filling::fill_own_price;
use super::judging::give_confirmed_numbers;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// An article that was found, as a line whose quantity is not written yet.
pub(super) fn facts_of_hit(hit: &SearchHit) -> LineFacts {
    let price = hit.price();
    let (_, price_base_quantity, currency) = price.unwrap_or((UnitPrice(0), Quantity::whole(1), ""));
    let gtin = hit.own.as_ref().and_then(|own| own.gtin.as_ref());
    let gtin = gtin.or_else(|| hit.partner.as_ref().and_then(|partner| partner.gtin.as_ref()));
    LineFacts {
        article_number: hit.own_number().to_owned(),
        description: hit.name().to_owned(),
        supplier_article_number: hit.supplier_number().cloned().unwrap_or_default(),
        gtin: gtin.cloned(),
        quantity: Quantity::default(),
        unit: hit.unit().to_owned(),
        unit_price: price.map(|(price, ..)| price),
        price_base_quantity,
        currency: currency.to_owned(),
    }
}

/// What was typed, with unit and price of the own article where they were left empty: without a script, and in files. A price in
/// another currency than the order's, or for another unit than the typed one, is not taken.
pub(super) async fn complete(tx: &mut Tx, input: &OrderInput) -> Result<OrderInput, ServiceError> {
    let mut input = input.clone();
    let lacks = |line: &OrderLineInput| line.unit.trim().is_empty() || line.unit_price.trim().is_empty();
    let lacking = input.lines.iter().filter(|line| lacks(line));
    let numbers = lacking.map(|line| normalise(&line.article_number)).collect();
    let articles = articles_named(tx, numbers).await?;
    for line in input.lines.iter_mut().filter(|line| lacks(line)) {
        let Some(article) = articles.get(&normalise(&line.article_number)) else { continue };
        fill_own_price(line, article, &input.currency);
    }
    Ok(input)
}

/// The own articles with these numbers, by number: one question however many lines there are.
pub(super) async fn articles_named(
    tx: &mut Tx,
    numbers: BTreeSet<String>,
) -> Result<HashMap<String, Article>, ServiceError> {
    let numbers: Vec<String> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
    let found = store::articles::find_by_numbers(tx, &numbers).await?;
    Ok(found.into_iter().map(|article| (article.number.clone(), article)).collect())
}

/// A price that nobody typed and no article has is not zero.
pub(super) fn missing_prices(input: &OrderInput) -> Vec<FieldError> {
    let lines = input.lines.iter().enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && line.unit_price.trim().is_empty())
        .map(|(index, _)| FieldError::new(format!("/lines/{index}/unit_price"), ErrorCode::Required))
        .collect()
}

/// Puts what could be read into the order and writes its lines. Gives what the registers have against it: a supplier that does not exist,
/// which is left out, and numbers that are nobody's.
pub(super) async fn fill(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &mut PurchaseOrder,
    mut head: CheckedHead,
    lines: Vec<CheckedLine>,
) -> Result<Vec<FieldError>, ServiceError> {
    let mut faults = Vec::new();
    if let Some(fault) = unknown_supplier(tx, head.supplier_id).await? {
        faults.push(fault);
        head.supplier_id = None;
    }
    let mut filled = Vec::with_capacity(lines.len());
    let typed: Vec<bool> = lines.iter().map(|line| !line.supplier_article_number.is_empty()).collect();
    let numbers = lines.iter().map(|line| normalise(&line.article_number)).collect();
    let articles = articles_named(tx, numbers).await?;
    for (index, line) in lines.into_iter().enumerate() {
        let article = articles.get(&normalise(&line.article_number));
        faults.extend(unknown_article(article, index, &line));
        filled.push(order_line(ctx, article, head.supplier_id, index, line));
    }
    if let Some(supplier) = head.supplier_id {
        for (link, line_id, before) in give_confirmed_numbers(tx, supplier, &mut filled, &typed).await? {
            store::links::keep_line(tx, link, line_id, &before, ctx.now()).await?;
        }
    }
    order.supplier_id = head.supplier_id;
    order.requested_delivery_date = head.requested_delivery_date;
    order.currency = head.currency;
    order.delivery = head.delivery;
    order.our_reference = head.our_reference;
    order.their_reference = head.their_reference;
    order.note = head.note;
    order.net_total =
        Money::sum(filled.iter().map(|line| line.amount)).ok_or(ErrorCode::DecimalOutOfRange)?;
    store::orders::replace_lines(tx, order.order_id, &filled).await?;
    order.lines = filled;
    Ok(faults)
}

/// What the registers have against what could be read, as [`fill`] tells it.
pub(super) async fn unknown(
    tx: &mut Tx,
    head: &CheckedHead,
    lines: &[CheckedLine],
) -> Result<Vec<FieldError>, ServiceError> {
    let mut faults = Vec::from_iter(unknown_supplier(tx, head.supplier_id).await?);
    let numbers = lines.iter().map(|line| normalise(&line.article_number)).collect();
    let articles = articles_named(tx, numbers).await?;
    faults.extend(lines.iter().enumerate().filter_map(|(index, line)| {
        unknown_article(articles.get(&normalise(&line.article_number)), index, line)
    }));
    Ok(faults)
}

async fn unknown_supplier(
    tx: &mut Tx,
    supplier: Option<ContactId>,
) -> Result<Option<FieldError>, ServiceError> {
    let Some(supplier_id) = supplier else { return Ok(None) };
    let supplier = store::contacts::lookup(tx, supplier_id).await?;
    let is_known = supplier.is_some_and(|supplier| supplier.is_supplier);
    Ok((!is_known).then(|| FieldError::new("/supplier_id", ErrorCode::SupplierUnknown)))
}

/// A number that nobody has is no article when it stands alone.
fn unknown_article(article: Option<&Article>, index: usize, line: &CheckedLine) -> Option<FieldError> {
    let stands_alone = article.is_none()
        && !line.article_number.is_empty()
        && line.supplier_article_number.is_empty()
        && line.description.is_empty();
    stands_alone.then(|| FieldError::new(format!("/lines/{index}/article_number"), ErrorCode::ArticleUnknown))
}

/// A line with what the article register knows of it: name, supplier's number, GTIN, tax rate.
fn order_line(
    ctx: &Ctx,
    article: Option<&Article>,
    supplier: Option<ContactId>,
    index: usize,
    line: CheckedLine,
) -> OrderLine {
    let registered = match (article, supplier) {
        (Some(article), Some(supplier)) => article
            .suppliers
            .iter()
            .find(|known| known.contact_id == supplier)
            .map(|known| known.supplier_article_number.clone()),
        _ => None,
    };
    let or_else = |typed: String, known: Option<String>| {
        if typed.is_empty() { known.unwrap_or_default() } else { typed }
    };
    OrderLine {
        line_id: line.line_id.unwrap_or_else(|| ctx.new_id()),
        line_number: i32::try_from(index + 1).unwrap_or(i32::MAX),
        article_id: article.map(|article| article.article_id),
        article_number: line.article_number,
        description: or_else(line.description, article.map(|article| article.name.clone())),
        supplier_article_number: or_else(line.supplier_article_number, registered),
        gtin: article.and_then(|article| article.gtin.clone()),
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        price_base_quantity: line.price_base_quantity,
        discount_percent: line.discount_percent,
        vat_rate: article.map_or(Percent::whole(25), |article| article.vat_rate),
        amount: line.amount,
        note: line.note,
    }
}

/// A date as it is written into the form: `01.12.2026`.
pub(super) fn written_date(date: CalendarDate) -> String {
    format!("{:02}.{:02}.{}", date.0.day(), u8::from(date.0.month()), date.0.year())
}

/// The order as the text of the form's fields.
pub(super) fn written_out(order: &PurchaseOrder) -> OrderInput {
    let comma = |text: String| text.replace('.', ",");
    OrderInput {
        supplier_id: order.supplier_id.map(|id| id.to_string()).unwrap_or_default(),
        requested_delivery_date: order.requested_delivery_date.map(written_date).unwrap_or_default(),
        currency: order.currency.clone(),
        delivery_name: order.delivery.name.clone(),
        delivery_street: order.delivery.street.clone(),
        delivery_postal_code: order.delivery.postal_code.clone(),
        delivery_city: order.delivery.city.clone(),
        our_reference: order.our_reference.clone(),
        their_reference: order.their_reference.clone(),
        note: order.note.clone(),
        lines: order
            .lines
            .iter()
            .map(|line| OrderLineInput {
                line_id: line.line_id.to_string(),
                article_number: line.article_number.clone(),
                description: line.description.clone(),
                supplier_article_number: line.supplier_article_number.clone(),
                quantity: comma(line.quantity.to_string()),
                unit: line.unit.clone(),
                unit_price: comma(line.unit_price.to_string()),
                price_base_quantity: comma(line.price_base_quantity.to_string()),
                discount_percent: comma(line.discount_percent.to_string()),
                note: line.note.clone(),
            })
            .collect(),
    }
}
