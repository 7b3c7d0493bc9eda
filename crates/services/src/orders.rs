//! Purchase orders: writing, changing, showing.

use domain::articles::ArticleRow;
use domain::contacts::{ContactRole, ContactRow};
use domain::decimal::Percent;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::{ContactId, OrderId};
use domain::matching::{LineFacts, Match, MatchLevel, MatchReason, judge};
use domain::money::Money;
use domain::orders::{
    CheckedHead, CheckedLine, OrderDetail, OrderEvent, OrderInput, OrderLine, OrderLineInput, OrderStatus,
    OrderView, PurchaseOrder, PurchaseOrderRow, apply, completeness,
};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use domain::vat;
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;

/// The counter that gives orders their numbers.
const NUMBERS: &str = "purchase_order";

/// Where a saved order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedOrder {
    pub order_id: OrderId,
    pub number: String,
    pub version: i64,
    /// What must be put right before it can be sent. What was typed is kept in any case.
    pub refusal: Option<Refusal>,
}

/// Everything the order form shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderForm {
    pub order: Option<PurchaseOrder>,
    /// The text in the fields: what was typed last, or the order written out.
    pub input: OrderInput,
    pub refusal: Option<Refusal>,
    pub suppliers: Vec<ContactRow>,
}

/// An article that fits what is being typed, and whether the supplier understands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub article: ArticleRow,
    pub matched: Match,
}

/// One page of a view.
pub async fn list(
    ctx: &Ctx,
    view: OrderView,
    search: Option<String>,
    page: PageRequest,
) -> Result<Page<PurchaseOrderRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::list(&mut tx, view, search.as_deref(), page).await?)
}

/// How many orders each view holds.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(OrderView, i64)>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let mut counts = Vec::new();
    for view in
        [OrderView::NeedsYou, OrderView::Drafts, OrderView::Waiting, OrderView::Approved, OrderView::All]
    {
        counts.push((view, store::orders::count(&mut tx, view, None).await?));
    }
    Ok(counts)
}

/// Everything about one order.
pub async fn detail(ctx: &Ctx, number: &str) -> Result<OrderDetail, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order = by_number(&mut tx, number).await?;
    let row = store::orders::row(&mut tx, order.order_id).await?.ok_or(ErrorCode::NotFound)?;
    let timeline = store::events::timeline(&mut tx, order.order_id.0).await?;
    let vat = vat::summarise(order.lines.iter().map(|line| (line.vat_rate, line.amount))).unwrap_or_default();
    let matches = if order.status.is_editable() {
        let facts: Vec<LineFacts> = order.lines.iter().map(facts_of).collect();
        judge_in(&mut tx, order.supplier_id, &facts).await?
    } else {
        Vec::new()
    };
    Ok(OrderDetail {
        message_state: row.message_state,
        next_attempt_at: row.next_attempt_at,
        order,
        vat,
        timeline,
        matches,
    })
}

/// The order form: empty, or with an order that may still be changed.
pub async fn form(ctx: &Ctx, number: Option<&str>) -> Result<OrderForm, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let all = PageRequest { page: 1, page_size: domain::paging::MAX_PAGE_SIZE };
    let suppliers = store::contacts::list(&mut tx, Some(ContactRole::Supplier), None, all).await?.rows;
    let Some(number) = number else {
        return Ok(OrderForm { order: None, input: OrderInput::default(), refusal: None, suppliers });
    };
    let order = by_number(&mut tx, number).await?;
    if !order.status.is_editable() {
        return Err(ErrorCode::InvalidTransition.into());
    }
    let typed = store::orders::typed(&mut tx, order.order_id).await?;
    let refusal = match &typed {
        Some(input) => input.check(ctx.today()).err(),
        None => Some(completeness(&order)).filter(|missing| !missing.is_empty()).map(Refusal::of_fields),
    };
    let input = typed.unwrap_or_else(|| written_out(&order));
    Ok(OrderForm { order: Some(order), input, refusal, suppliers })
}

/// Makes an order of what was typed. Nothing typed is lost: what cannot be read is kept as text beside a draft.
pub async fn create(ctx: &Ctx, input: OrderInput) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(input, |ctx, tx, input| {
        Box::pin(async move {
            let order = new_order(ctx, tx, None).await?;
            store::orders::add(tx, &order).await?;
            keep(ctx, tx, order, input, "order_created").await
        })
    })
    .await
}

/// Saves what was typed over an order that nobody changed meanwhile.
pub async fn save(
    ctx: &Ctx,
    order_id: OrderId,
    version: i64,
    input: OrderInput,
) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write((order_id, version, input), |ctx, tx, (order_id, version, input)| {
        Box::pin(async move {
            let order = store::orders::lock(tx, *order_id).await?.ok_or(ErrorCode::NotFound)?;
            if !order.status.is_editable() {
                return Err(ErrorCode::InvalidTransition.into());
            }
            if order.version != *version {
                return Err(ErrorCode::VersionConflict.into());
            }
            keep(ctx, tx, order, input, "order_changed").await
        })
    })
    .await
}

/// Removes an order that was never sent.
pub async fn delete_draft(ctx: &Ctx, order_id: OrderId) -> Result<(), ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(order_id, |ctx, tx, order_id| {
        Box::pin(async move {
            let order = store::orders::lock(tx, *order_id).await?.ok_or(ErrorCode::NotFound)?;
            if !store::orders::remove_draft(tx, *order_id).await? {
                return Err(ErrorCode::InvalidTransition.into());
            }
            live::order_deleted(ctx, tx, &order).await
        })
    })
    .await
}

/// Makes an order inside the caller's transaction: from a file, all or nothing, so a fault is a refusal here.
pub(crate) async fn add_in(
    ctx: &Ctx,
    tx: &mut Tx,
    order_ref: Option<&str>,
    input: &OrderInput,
) -> Result<OrderId, ServiceError> {
    input.check(ctx.today())?;
    let order = new_order(ctx, tx, order_ref).await?;
    let order_id = order.order_id;
    if !store::orders::add(tx, &order).await? {
        return Err(Refusal::of_field("/order_ref", ErrorCode::Duplicate).into());
    }
    let saved = keep(ctx, tx, order, input, "order_created").await?;
    match saved.refusal {
        Some(refusal) => Err(refusal.into()),
        None => Ok(order_id),
    }
}

/// Match level, reason and differences of lines while they are typed.
pub async fn judge_lines(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    lines: Vec<LineFacts>,
) -> Result<Vec<Match>, ServiceError> {
    ctx.require(Permission::Read)?;
    if lines.len() > domain::orders::MAX_LINES {
        return Err(ErrorCode::TooManyLines.into());
    }
    let mut tx = ctx.store.begin_read().await?;
    judge_in(&mut tx, supplier, &lines).await
}

/// Articles that fit what is being typed, with their match level; at most 12.
pub async fn suggest(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    text: String,
) -> Result<Vec<Suggestion>, ServiceError> {
    ctx.require(Permission::Read)?;
    let text = domain::text::normalise(&text);
    if text.is_empty() || text.chars().count() > 200 {
        return Ok(Vec::new());
    }
    let mut tx = ctx.store.begin_read().await?;
    let articles = store::articles::search(&mut tx, &text, supplier, 12).await?;
    let facts: Vec<LineFacts> = articles
        .iter()
        .map(|article| LineFacts {
            supplier_article_number: article.supplier_article_number.clone().unwrap_or_default(),
            gtin: None,
            quantity: domain::decimal::Quantity::whole(1),
            unit: article.unit.clone(),
            unit_price: article.price,
            price_base_quantity: article.price_base_quantity,
        })
        .collect();
    let matches = judge_in(&mut tx, supplier, &facts).await?;
    Ok(articles.into_iter().zip(matches).map(|(article, matched)| Suggestion { article, matched }).collect())
}

/// Judges lines against the supplier's catalogue as last read.
pub(crate) async fn judge_in(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    lines: &[LineFacts],
) -> Result<Vec<Match>, ServiceError> {
    let connection = match supplier {
        Some(supplier) => store::connections::find_by_contact(tx, supplier).await?,
        None => None,
    };
    let Some(connection) = connection else {
        let unknown = Match {
            level: MatchLevel::NotChecked,
            reason: MatchReason::CatalogueMissing,
            article: None,
            differences: Vec::new(),
        };
        return Ok(vec![unknown; lines.len()]);
    };
    let known = connection.catalogue_read_at.is_some();
    let mut matches = Vec::with_capacity(lines.len());
    for line in lines {
        let number = domain::text::normalise(&line.supplier_article_number);
        let candidates = store::partner_articles::candidates(
            tx,
            connection.row.connection_id,
            &number,
            line.gtin.as_deref(),
        )
        .await?;
        matches.push(judge(line, &candidates, known));
    }
    Ok(matches)
}

/// What of a line is compared.
pub(crate) fn facts_of(line: &OrderLine) -> LineFacts {
    LineFacts {
        supplier_article_number: line.supplier_article_number.clone(),
        gtin: line.gtin.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        unit_price: line.unit_price,
        price_base_quantity: line.price_base_quantity,
    }
}

async fn by_number(tx: &mut Tx, number: &str) -> Result<PurchaseOrder, ServiceError> {
    let order_id = store::orders::find_by_number(tx, number).await?.ok_or(ErrorCode::NotFound)?;
    Ok(store::orders::lookup(tx, order_id).await?.ok_or(ErrorCode::NotFound)?)
}

async fn new_order(ctx: &Ctx, tx: &mut Tx, order_ref: Option<&str>) -> Result<PurchaseOrder, ServiceError> {
    let number = store::instance::next_number(tx, NUMBERS).await?;
    let now = ctx.now();
    Ok(PurchaseOrder {
        order_id: ctx.new_id(),
        number: format!("PO-{}-{number:05}", now.date_in_oslo().0.year()),
        order_ref: order_ref.map(str::to_owned),
        supplier_id: None,
        supplier_name: None,
        status: OrderStatus::Draft,
        revision: 1,
        requested_delivery_date: None,
        currency: "NOK".to_owned(),
        our_reference: String::new(),
        note: String::new(),
        net_total: Money(0),
        lines: Vec::new(),
        correlation_id: ctx.new_correlation(),
        created_at: now,
        created_by: ctx.actor.name().to_owned(),
        updated_at: now,
        version: 1,
        answer_sequence: 0,
        partner_draft_number: None,
        partner_sales_order_number: None,
        answer_reason: None,
    })
}

/// Keeps what was typed first, then judges it.
async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    mut order: PurchaseOrder,
    input: &OrderInput,
    kind: &'static str,
) -> Result<SavedOrder, ServiceError> {
    let version = order.version;
    let completed = complete(tx, input).await?;
    let mut refusal = match completed.check(ctx.today()) {
        Ok((head, lines)) => fill(ctx, tx, &mut order, head, lines).await?,
        Err(refusal) => Some(refusal),
    };
    store::orders::set_typed(tx, order.order_id, refusal.as_ref().map(|_| input)).await?;
    if refusal.is_none() {
        let mut missing = completeness(&order);
        missing.extend(missing_prices(&completed));
        refusal = (!missing.is_empty()).then(|| Refusal::of_fields(missing));
    }
    let event = if refusal.is_some() { OrderEvent::SavedIncomplete } else { OrderEvent::SavedComplete };
    order.status = apply(order.status, event)?;
    if !store::orders::save(tx, &order, version, ctx.now()).await? {
        return Err(ErrorCode::VersionConflict.into());
    }
    live::order_changed(ctx, tx, order.order_id, order.correlation_id, kind, None).await?;
    Ok(SavedOrder { order_id: order.order_id, number: order.number, version: version + 1, refusal })
}

/// What was typed, with unit and price of the own article where they were left empty: without a script, and in files. A price in
/// another currency than the order's is not taken.
async fn complete(tx: &mut Tx, input: &OrderInput) -> Result<OrderInput, ServiceError> {
    let mut input = input.clone();
    let currency = if input.currency.trim().is_empty() { "NOK" } else { input.currency.trim() }.to_owned();
    for line in &mut input.lines {
        let number = domain::text::normalise(&line.article_number);
        if number.is_empty() || !(line.unit.trim().is_empty() || line.unit_price.trim().is_empty()) {
            continue;
        }
        let Some(article) = store::articles::find_by_number(tx, &number).await? else { continue };
        if line.unit.trim().is_empty() {
            line.unit = article.unit;
        }
        if line.unit_price.trim().is_empty() && article.currency == currency {
            line.unit_price = article.price.to_string().replace('.', ",");
            line.price_base_quantity = article.price_base_quantity.to_string().replace('.', ",");
        }
    }
    Ok(input)
}

/// A price that nobody typed and no article has is not zero.
fn missing_prices(input: &OrderInput) -> Vec<FieldError> {
    let lines = input.lines.iter().enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && line.unit_price.trim().is_empty())
        .map(|(index, _)| FieldError::new(format!("/lines/{index}/unit_price"), ErrorCode::Required))
        .collect()
}

/// Puts checked values into the order and writes its lines. A supplier that does not exist is a refusal; then nothing is put in.
async fn fill(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &mut PurchaseOrder,
    head: CheckedHead,
    lines: Vec<CheckedLine>,
) -> Result<Option<Refusal>, ServiceError> {
    if let Some(supplier_id) = head.supplier_id {
        let supplier = store::contacts::lookup(tx, supplier_id).await?;
        if !supplier.is_some_and(|supplier| supplier.is_supplier) {
            return Ok(Some(Refusal::of_field("/supplier_id", ErrorCode::SupplierUnknown)));
        }
    }
    let mut filled = Vec::with_capacity(lines.len());
    let mut errors = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        match order_line(ctx, tx, head.supplier_id, index, line).await? {
            Ok(line) => filled.push(line),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Ok(Some(Refusal::of_fields(errors)));
    }
    order.supplier_id = head.supplier_id;
    order.requested_delivery_date = head.requested_delivery_date;
    order.currency = head.currency;
    order.our_reference = head.our_reference;
    order.note = head.note;
    order.net_total =
        Money::sum(filled.iter().map(|line| line.amount)).ok_or(ErrorCode::DecimalOutOfRange)?;
    store::orders::replace_lines(tx, order.order_id, &filled).await?;
    order.lines = filled;
    Ok(None)
}

/// A line with what the article register knows of it: name, supplier's number, GTIN, tax rate.
async fn order_line(
    ctx: &Ctx,
    tx: &mut Tx,
    supplier: Option<ContactId>,
    index: usize,
    line: CheckedLine,
) -> Result<Result<OrderLine, FieldError>, ServiceError> {
    let article = match line.article_number.as_str() {
        "" => None,
        number => store::articles::find_by_number(tx, number).await?,
    };
    if article.is_none()
        && !line.article_number.is_empty()
        && line.supplier_article_number.is_empty()
        && line.description.is_empty()
    {
        return Ok(Err(FieldError::new(format!("/lines/{index}/article_number"), ErrorCode::ArticleUnknown)));
    }
    let registered = match (&article, supplier) {
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
    Ok(Ok(OrderLine {
        line_id: line.line_id.unwrap_or_else(|| ctx.new_id()),
        line_number: i32::try_from(index + 1).unwrap_or(i32::MAX),
        article_id: article.as_ref().map(|article| article.article_id),
        article_number: line.article_number,
        description: or_else(line.description, article.as_ref().map(|article| article.name.clone())),
        supplier_article_number: or_else(line.supplier_article_number, registered),
        gtin: article.as_ref().and_then(|article| article.gtin.clone()),
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        price_base_quantity: line.price_base_quantity,
        discount_percent: line.discount_percent,
        vat_rate: article.as_ref().map_or(Percent::whole(25), |article| article.vat_rate),
        amount: line.amount,
        note: line.note,
    }))
}

/// The order as the text of the form's fields.
fn written_out(order: &PurchaseOrder) -> OrderInput {
    let comma = |text: String| text.replace('.', ",");
    OrderInput {
        supplier_id: order.supplier_id.map(|id| id.to_string()).unwrap_or_default(),
        requested_delivery_date: order
            .requested_delivery_date
            .map(|date| format!("{:02}.{:02}.{}", date.0.day(), u8::from(date.0.month()), date.0.year()))
            .unwrap_or_default(),
        currency: order.currency.clone(),
        our_reference: order.our_reference.clone(),
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
