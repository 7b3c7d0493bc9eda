//! Lines that come from elsewhere into an order that is being written: pasted, from a file, from an order before.

use std::collections::{BTreeSet, HashMap};

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::{ContactId, OrderId};
use domain::matching::gtin_key;
use domain::orders::{FilledLine, MAX_LINES, OrderInput, OrderLineInput};
use domain::paste::{self, Answers, ColumnHits, Hints, PasteColumn, PastedLine, RowKind, Sheet};
use domain::roles::Permission;
use domain::search::number_key;
use domain::text::normalise;
use store::Tx;

use super::filling::{fill_in, filled};
use super::{SavedOrder, Saving, keep, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The most faults of pasted rows that are told at once.
const MAX_FAULTS: usize = 50;

/// The id of the order with this number, for whoever may write in it.
pub async fn id_of(ctx: &Ctx, number: &str) -> Result<OrderId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.glance().await?;
    Ok(store::orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?)
}

/// What is asked about pasted text before any of it is added.
#[derive(Clone, Debug, Default)]
pub struct PasteQuestion {
    pub supplier: Option<ContactId>,
    pub currency: String,
    pub text: String,
    /// What each column means, once somebody has said so; empty while it is guessed.
    pub columns: Vec<PasteColumn>,
    /// The column of the order's lines that the text was pasted into.
    pub at: Option<PasteColumn>,
    pub answers: Answers,
}

/// The rows of pasted text that can be lines, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedRows {
    pub columns: Vec<PasteColumn>,
    /// Each with its row's place in the text.
    pub rows: Vec<(usize, FilledLine)>,
}

/// Looks at pasted text: which column holds the numbers that the registers know, and what they know of each row. A handful of
/// statements, however many rows.
///
/// # Errors
/// When the text cannot become lines.
pub async fn pasted_rows(ctx: &Ctx, question: PasteQuestion) -> Result<PastedRows, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let PasteQuestion { supplier, currency, text, mut columns, at, answers } = question;
    let sheet = paste::read(&text).map_err(Refusal::from)?;
    let mut tx = ctx.store.begin_read().await?;
    if columns.is_empty() {
        columns = known_columns(&mut tx, supplier, &sheet, at).await?;
    }
    let found = paste::lines_answered(&sheet, &columns, &answers);
    let found = found.into_iter().filter(|line| line.kind != RowKind::Beside);
    let (rows, mut lines): (Vec<usize>, Vec<OrderLineInput>) =
        found.map(|line| (line.row, line.line)).unzip();
    name_by_gtin(&mut tx, &mut lines).await?;
    let lines = filled(&mut tx, supplier, &currency, lines).await?;
    Ok(PastedRows { columns, rows: rows.into_iter().zip(lines).collect() })
}

/// What the columns mean, by their headers, by the numbers that the registers have, and by what they look like.
async fn known_columns(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    sheet: &Sheet,
    at: Option<PasteColumn>,
) -> Result<Vec<PasteColumn>, ServiceError> {
    let asked = paste::asked_cells(sheet);
    let numbers: BTreeSet<String> =
        asked.iter().flat_map(|(_, cells)| cells).map(|cell| normalise(cell)).collect();
    let numbers: Vec<String> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
    if numbers.is_empty() {
        return Ok(paste::guess_knowing(sheet, Hints { hits: &[], at }));
    }
    let own = store::articles::named(tx, &numbers).await?;
    let theirs = suppliers_numbers(tx, supplier, &numbers).await?;
    let unknown = numbers.into_iter().filter(|number| !own.contains_key(number));
    let gtins = own_by_gtin(tx, unknown).await?;
    let hits = asked.iter().map(|(column, cells)| {
        let count = |is_known: &dyn Fn(&String) -> bool| {
            cells.iter().filter(|cell| is_known(&normalise(cell))).count()
        };
        ColumnHits {
            column: *column,
            asked: cells.len(),
            own: count(&|number| own.contains_key(number)),
            gtin: count(&|number| gtin_key(number).is_some_and(|gtin| gtins.contains_key(&gtin))),
            theirs: count(&|number| theirs.contains(number)),
        }
    });
    Ok(paste::guess_knowing(sheet, Hints { hits: &hits.collect::<Vec<_>>(), at }))
}

/// Puts our number in the place of the GTIN of one of our articles.
async fn name_by_gtin(tx: &mut Tx, lines: &mut [OrderLineInput]) -> Result<(), ServiceError> {
    let numbers: BTreeSet<String> = lines.iter().map(|line| normalise(&line.article_number)).collect();
    let numbers: Vec<String> = numbers.into_iter().filter(|number| gtin_key(number).is_some()).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    // A number of ours goes before a GTIN that looks the same.
    let own = store::articles::named(tx, &numbers).await?;
    let unknown = numbers.into_iter().filter(|number| !own.contains_key(number));
    let gtins = own_by_gtin(tx, unknown).await?;
    for line in lines {
        let written = normalise(&line.article_number);
        let meant = gtin_key(&written).and_then(|gtin| gtins.get(&gtin));
        if let Some(number) = meant.filter(|_| !own.contains_key(&written)) {
            number.clone_into(&mut line.article_number);
        }
    }
    Ok(())
}

/// Our numbers of the articles with these GTINs, by the GTIN's key. One that several articles have means none.
async fn own_by_gtin(
    tx: &mut Tx,
    numbers: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, ServiceError> {
    let keys: BTreeSet<String> =
        numbers.filter(|number| gtin_key(number).is_some()).map(|number| number_key(&number)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<String> = keys.into_iter().collect();
    let found = store::articles::with_keys(tx, &keys).await?;
    let found: Vec<String> = found.into_iter().map(|article| article.number).collect();
    let mut meant: HashMap<String, Vec<String>> = HashMap::new();
    for article in store::articles::find_by_numbers(tx, &found).await? {
        if let Some(gtin) = article.gtin.as_deref().and_then(gtin_key) {
            meant.entry(gtin).or_default().push(article.number);
        }
    }
    let one = |(gtin, mut numbers): (String, Vec<String>)| {
        let number = numbers.pop()?;
        numbers.is_empty().then_some((gtin, number))
    };
    Ok(meant.into_iter().filter_map(one).collect())
}

/// Which of these the supplier calls his articles: by our own register, and by his catalogue.
async fn suppliers_numbers(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    numbers: &[String],
) -> Result<BTreeSet<String>, ServiceError> {
    let Some(supplier) = supplier else { return Ok(BTreeSet::new()) };
    let known = store::articles::find_by_supplier_numbers(tx, supplier, numbers).await?;
    let mut theirs: BTreeSet<String> = known.into_keys().collect();
    if let Some(connection) = store::connections::find_by_contact(tx, supplier).await? {
        let connection = connection.row.connection_id;
        let articles = store::partner_articles::found(tx, connection, &[], numbers).await?;
        theirs.extend(articles.into_iter().map(|article| article.number));
    }
    Ok(theirs)
}

/// What came of text that was pasted straight into an order.
#[derive(Clone, Debug)]
pub struct Pasted {
    pub order: SavedOrder,
    /// Rows that are no lines: sums, words beside the table, and all that stands above the headers.
    pub left_out: usize,
}

/// Reads pasted text and adds its rows to the order, or none of them.
///
/// # Errors
/// When the text cannot become lines, a row has a fault (told with its row and column), or the order has too many lines.
pub async fn paste(ctx: &Ctx, order_id: OrderId, text: &str) -> Result<Pasted, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let sheet = paste::read(text).map_err(Refusal::from)?;
    let mut tx = ctx.store.begin_read().await?;
    let columns = columns_for(&mut tx, order_id, &sheet).await?;
    let found = paste::lines(&sheet, &columns);
    let rows = found.len() + sheet.above.len();
    let mut lines = lines_without_fault(found)?;
    name_by_gtin(&mut tx, &mut lines).await?;
    drop(tx);
    let left_out = rows - lines.len();
    Ok(Pasted { order: append(ctx, order_id, lines).await?, left_out })
}

/// What the columns mean to the order's supplier.
async fn columns_for(
    tx: &mut Tx,
    order_id: OrderId,
    sheet: &Sheet,
) -> Result<Vec<PasteColumn>, ServiceError> {
    let order = store::orders::lookup(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    let supplier = snapshot(tx, &order).await?.supplier_id.trim().parse().ok();
    known_columns(tx, supplier, sheet, None).await
}

/// Adds lines below those that the order has, filled in by the registers. What was typed before stays as it is.
pub async fn append(
    ctx: &Ctx,
    order_id: OrderId,
    lines: Vec<OrderLineInput>,
) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if lines.len() > MAX_LINES {
        return Err(too_many());
    }
    ctx.write((order_id, lines), |ctx, tx, (order_id, lines)| {
        Box::pin(async move {
            let order = store::orders::lock(tx, *order_id).await?.ok_or(ErrorCode::NotFound)?;
            if !order.status.is_editable() {
                return Err(ErrorCode::InvalidTransition.into());
            }
            let input = snapshot(tx, &order).await?;
            let supplier = input.supplier_id.trim().parse().ok();
            let added = fill_in(tx, supplier, &input.currency, lines.clone()).await?;
            let mut all = input.lines;
            all.retain(|line| !line.is_empty());
            all.extend(added);
            if all.len() > MAX_LINES {
                return Err(too_many());
            }
            keep(
                ctx,
                tx,
                order,
                &OrderInput { lines: all, ..input },
                &Saving { kind: "order_changed", form_key: None },
            )
            .await
        })
    })
    .await
}

/// The rows that are lines, if none of them has a fault.
fn lines_without_fault(mut found: Vec<PastedLine>) -> Result<Vec<OrderLineInput>, Refusal> {
    found.retain(|line| line.kind == RowKind::Line);
    if found.is_empty() {
        return Err(ErrorCode::PasteNoColumns.into());
    }
    let faults = found.iter().flat_map(|line| {
        line.faults.iter().map(|fault| FieldError {
            pointer: format!("/rows/{}{}", line.row, fault.pointer),
            ..fault.clone()
        })
    });
    let faults: Vec<FieldError> = faults.take(MAX_FAULTS).collect();
    if faults.is_empty() {
        Ok(found.into_iter().map(|line| line.line).collect())
    } else {
        Err(Refusal::of_fields(faults))
    }
}

fn too_many() -> ServiceError {
    Refusal::from(ErrorCode::TooManyLines).with("max", MAX_LINES).into()
}
