//! Files of contacts, articles and purchase orders: all or nothing, each refused row with its line and reason.

use domain::articles::ArticleInput;
use domain::contacts::ContactInput;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::orders::{OrderInput, OrderLineInput};
use domain::roles::Permission;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{articles, contacts, orders};

/// The most rows of one file.
pub const MAX_ROWS: usize = 100_000;
/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// What a file brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReceipt {
    pub imported: usize,
    pub updated: usize,
}

/// A row with its line in the file, the head being line 1.
struct Numbered<T> {
    line: u64,
    row: T,
}

/// Written out, since a flattened row would take an organisation number for a number.
#[derive(Deserialize)]
struct ContactRow {
    name: String,
    org_number: String,
    country: String,
    role: String,
    street: String,
    postal_code: String,
    city: String,
    email: String,
    phone: String,
    contact_person: String,
    contact_email: String,
}

#[derive(Clone, Deserialize)]
struct OrderRow {
    order_ref: String,
    supplier_org_number: String,
    requested_delivery_date: String,
    currency: String,
    article_number: String,
    quantity: String,
    unit: String,
    unit_price: String,
    price_base_quantity: String,
    discount_percent: String,
    note: String,
}

/// Brings contacts in. A known organisation number is updated, and without one the contact of the same name and country.
pub async fn import_contacts(ctx: &Ctx, file: Vec<u8>) -> Result<ImportReceipt, ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let rows = read::<ContactRow>(&file)?;
    ctx.write(rows, |ctx, tx, rows| {
        Box::pin(async move {
            let (mut receipt, mut faults) = (ImportReceipt::default(), Faults::default());
            for Numbered { line, row } in rows {
                let outcome = import_contact(ctx, tx, row).await;
                faults.count(*line, outcome, &mut receipt)?;
            }
            faults.finish(receipt)
        })
    })
    .await
}

/// `true` when the contact was there already.
async fn import_contact(ctx: &Ctx, tx: &mut Tx, row: &ContactRow) -> Result<bool, ServiceError> {
    let (is_supplier, is_customer) = match row.role.trim().to_lowercase().as_str() {
        "supplier" | "leverandør" => (true, false),
        "customer" | "kunde" => (false, true),
        "both" | "begge" => (true, true),
        _ => return Err(Refusal::of_field("/role", ErrorCode::ValidationFailed).into()),
    };
    let input = ContactInput {
        name: row.name.clone(),
        org_number: row.org_number.clone(),
        country: row.country.clone(),
        street: row.street.clone(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        contact_person: row.contact_person.clone(),
        contact_email: row.contact_email.clone(),
        is_supplier,
        is_customer,
    };
    let checked = input.check()?;
    let known = match &checked.org_number {
        Some(org_number) => store::contacts::find_by_org_number(tx, org_number).await?,
        None => store::contacts::find_by_name_alone(tx, &checked.name, &checked.address.country).await?,
    };
    match known {
        Some(known) => {
            contacts::save_in(ctx, tx, &known, &checked).await?;
            Ok(true)
        }
        None => {
            contacts::add_in(ctx, tx, &checked).await?;
            Ok(false)
        }
    }
}

/// Brings articles in. A known number is updated.
pub async fn import_articles(ctx: &Ctx, file: Vec<u8>) -> Result<ImportReceipt, ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let rows = read::<ArticleInput>(&file)?;
    ctx.write(rows, |ctx, tx, rows| {
        Box::pin(async move {
            let (mut receipt, mut faults) = (ImportReceipt::default(), Faults::default());
            for Numbered { line, row } in rows {
                let outcome = import_article(ctx, tx, row).await;
                faults.count(*line, outcome, &mut receipt)?;
            }
            faults.finish(receipt)
        })
    })
    .await
}

/// `true` when the article was there already.
async fn import_article(ctx: &Ctx, tx: &mut Tx, row: &ArticleInput) -> Result<bool, ServiceError> {
    let mut input = row.clone();
    for number in
        [&mut input.price, &mut input.price_base_quantity, &mut input.vat_rate, &mut input.pack_size]
    {
        *number = typed(number);
    }
    let checked = input.check()?;
    let known = store::articles::find_by_number(tx, &checked.number).await?;
    let supplier = articles::supplier_of(tx, &checked).await?;
    match known {
        Some(known) => {
            articles::save_in(ctx, tx, known.article_id, known.version, &checked, supplier).await?;
            Ok(true)
        }
        None => {
            articles::add_in(ctx, tx, &checked, supplier).await?;
            Ok(false)
        }
    }
}

/// Brings purchase orders in: rows with one `order_ref` make one order. A reference that is known is refused.
pub async fn import_purchase_orders(ctx: &Ctx, file: Vec<u8>) -> Result<ImportReceipt, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let rows = read::<OrderRow>(&file)?;
    let mut orders: Vec<Vec<Numbered<OrderRow>>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in rows {
        let place = *places.entry(row.row.order_ref.trim().to_owned()).or_insert(orders.len());
        if place == orders.len() {
            orders.push(Vec::new());
        }
        orders[place].push(row);
    }
    ctx.write(orders, |ctx, tx, orders| {
        Box::pin(async move {
            let (mut receipt, mut faults) = (ImportReceipt::default(), Faults::default());
            for rows in orders {
                let outcome = import_order(ctx, tx, rows).await;
                faults.count_order(rows, outcome, &mut receipt)?;
            }
            faults.finish(receipt)
        })
    })
    .await
}

async fn import_order(ctx: &Ctx, tx: &mut Tx, rows: &[Numbered<OrderRow>]) -> Result<(), ServiceError> {
    let Some(first) = rows.first().map(|row| &row.row) else { return Ok(()) };
    let order_ref = first.order_ref.trim();
    if order_ref.is_empty() {
        return Err(Refusal::of_field("/order_ref", ErrorCode::Required).into());
    }
    same_head(rows)?;
    let org_number = domain::organisation_number::normalise(&first.supplier_org_number);
    let supplier = store::contacts::find_by_org_number(tx, &org_number)
        .await?
        .ok_or_else(|| Refusal::of_field("/supplier_org_number", ErrorCode::SupplierUnknown))?;
    let lines = rows.iter().map(|row| OrderLineInput {
        article_number: row.row.article_number.clone(),
        quantity: typed(&row.row.quantity),
        unit: row.row.unit.clone(),
        unit_price: typed(&row.row.unit_price),
        price_base_quantity: typed(&row.row.price_base_quantity),
        discount_percent: typed(&row.row.discount_percent),
        note: row.row.note.clone(),
        ..OrderLineInput::default()
    });
    let input = OrderInput {
        supplier_id: supplier.contact_id.to_string(),
        requested_delivery_date: first.requested_delivery_date.clone(),
        currency: first.currency.clone(),
        our_reference: String::new(),
        note: String::new(),
        lines: lines.collect(),
    };
    orders::add_in(ctx, tx, Some(order_ref), &input).await.map(|_| ())
}

/// What belongs to the whole order must be the same in each of its rows, or one of them would be ignored.
fn same_head(rows: &[Numbered<OrderRow>]) -> Result<(), Refusal> {
    let head = |row: &OrderRow| {
        [
            ("supplier_org_number", domain::organisation_number::normalise(&row.supplier_org_number)),
            ("requested_delivery_date", row.requested_delivery_date.trim().to_owned()),
            ("currency", row.currency.trim().to_owned()),
        ]
    };
    let Some(first) = rows.first().map(|row| head(&row.row)) else { return Ok(()) };
    let mut errors = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for ((name, value), (_, expected)) in head(&row.row).into_iter().zip(&first) {
            if value != *expected {
                errors.push(FieldError::new(format!("/lines/{index}/{name}"), ErrorCode::RowsDiffer));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::of_fields(errors)) }
}

/// A number in a file is written with a point or a comma; `1.234`, which a person's field refuses, is a decimal here.
fn typed(number: &str) -> String {
    let number = number.trim();
    if domain::decimal::parse_strict(number).is_ok() { number.replace('.', ",") } else { number.to_owned() }
}

/// Reads a file with `;` between the columns and their names in the first row, in any order.
fn read<T: DeserializeOwned>(file: &[u8]) -> Result<Vec<Numbered<T>>, Refusal> {
    if file.len() > MAX_BYTES {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let text = std::str::from_utf8(file).map_err(|_| Refusal::from(ErrorCode::InvalidEncoding))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| Refusal::from(ErrorCode::FileMalformed))?.clone();
    let (mut rows, mut faults) = (Vec::new(), Faults::default());
    for record in reader.records() {
        let line = |position: Option<&csv::Position>| position.map_or(1, csv::Position::line);
        match record {
            Err(error) => faults.add(line(error.position()), "", ErrorCode::FileMalformed),
            Ok(record) => match record.deserialize::<T>(Some(&head)) {
                Ok(row) => rows.push(Numbered { line: line(record.position()), row }),
                // Every field is text, so the only fault left is a column that is not there.
                Err(_) => return Err(ErrorCode::ColumnMissing.into()),
            },
        }
        if rows.len() > MAX_ROWS {
            return Err(ErrorCode::BatchTooLarge.into());
        }
    }
    faults.refuse()?;
    Ok(rows)
}

/// Refused rows so far; at most a hundred are told.
#[derive(Default)]
struct Faults {
    list: Vec<FieldError>,
}

const MAX_FAULTS: usize = 100;

impl Faults {
    fn add(&mut self, line: u64, field: &str, code: ErrorCode) {
        if self.list.len() < MAX_FAULTS {
            self.list.push(FieldError::new(format!("/rows/{line}{field}"), code));
        }
    }

    fn count(
        &mut self,
        line: u64,
        outcome: Result<bool, ServiceError>,
        receipt: &mut ImportReceipt,
    ) -> Result<(), ServiceError> {
        match outcome {
            Ok(true) => receipt.updated += 1,
            Ok(false) => receipt.imported += 1,
            Err(ServiceError::Refused(refusal)) => self.refused(line, &refusal),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn refused(&mut self, line: u64, refusal: &Refusal) {
        if refusal.errors.is_empty() {
            self.add(line, "", refusal.code);
        }
        for error in &refusal.errors {
            self.add(line, &error.pointer, error.code);
        }
    }

    /// Faults of an order's lines point at the file's lines.
    fn count_order(
        &mut self,
        rows: &[Numbered<OrderRow>],
        outcome: Result<(), ServiceError>,
        receipt: &mut ImportReceipt,
    ) -> Result<(), ServiceError> {
        let first = rows.first().map_or(1, |row| row.line);
        match outcome {
            Ok(()) => receipt.imported += 1,
            Err(ServiceError::Refused(refusal)) if refusal.errors.is_empty() => {
                self.add(first, "", refusal.code)
            }
            Err(ServiceError::Refused(refusal)) => {
                for error in &refusal.errors {
                    let of_line = error.pointer.strip_prefix("/lines/").and_then(|rest| rest.split_once('/'));
                    let place = of_line.and_then(|(index, field)| {
                        Some((rows.get(index.parse::<usize>().ok()?)?.line, field))
                    });
                    match place {
                        Some((line, field)) => self.add(line, &format!("/{field}"), error.code),
                        None => self.add(first, &error.pointer, error.code),
                    }
                }
            }
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn refuse(self) -> Result<(), Refusal> {
        if self.list.is_empty() { Ok(()) } else { Err(Refusal::of_fields(self.list)) }
    }

    fn finish(self, receipt: ImportReceipt) -> Result<ImportReceipt, ServiceError> {
        self.refuse()?;
        Ok(receipt)
    }
}
