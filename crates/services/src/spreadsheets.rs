//! The registers and the orders as files, in the columns in which they come in: CSV as Norwegian spreadsheets open it, and XLSX.

use std::collections::HashMap;

use domain::contacts::{Contact, ContactPerson, ContactRole};
use domain::decimal::{SCALE, format_plain};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId};
use domain::imports::FileKind;
use domain::orders::{OrderFilter, PurchaseOrder};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use domain::roles::Permission;
use domain::time::CalendarDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use store::Tx;

mod one_order;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::suppliers;

pub use one_order::write_order;

/// The most rows of one file: what a spreadsheet program still opens without complaint.
pub const MAX_ROWS: usize = 200_000;
/// Articles that are read at once.
const ARTICLES_AT_ONCE: i64 = 2_000;

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    Csv,
    Xlsx,
}

impl SheetFormat {
    /// Reads the end of a file's name.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What is written: what the list of the same kind shows on all of its pages. Nothing chosen means everything.
#[derive(Clone, Debug, Default)]
pub struct SheetFilter {
    /// Of orders.
    pub orders: OrderFilter,
    /// Of contacts.
    pub role: Option<ContactRole>,
    pub search: Option<String>,
}

/// A cell, as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Text(String),
    /// In millionths.
    Number(i64),
    Date(CalendarDate),
    Empty,
}

type Rows = Vec<Vec<Cell>>;

/// Writes the file.
pub async fn write(
    ctx: &Ctx,
    kind: FileKind,
    format: SheetFormat,
    filter: SheetFilter,
) -> Result<Vec<u8>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let rows = match kind {
        FileKind::Contacts => contacts(&mut tx, &filter).await?,
        FileKind::Articles => articles(&mut tx, filter.search.as_deref()).await?,
        FileKind::PurchaseOrders => purchase_orders(&mut tx, &filter, ctx.actor.name()).await?,
    };
    drop(tx);
    made(kind, format, rows).await
}

/// Puts the file together. A large one takes a while, and others are served meanwhile.
async fn made(kind: FileKind, format: SheetFormat, rows: Rows) -> Result<Vec<u8>, ServiceError> {
    tokio::task::spawn_blocking(move || match format {
        SheetFormat::Csv => csv(kind, &rows),
        SheetFormat::Xlsx => xlsx(kind, &rows)
            .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}"))),
    })
    .await
    .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}")))?
}

fn text(value: &str) -> Cell {
    if value.is_empty() { Cell::Empty } else { Cell::Text(value.to_owned()) }
}

fn optional(value: Option<&String>) -> Cell {
    value.map_or(Cell::Empty, |value| text(value))
}

fn bounded(rows: usize) -> Result<(), Refusal> {
    if rows > MAX_ROWS {
        return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_ROWS));
    }
    Ok(())
}

/// A row for each person; a contact without persons has one row.
async fn contacts(tx: &mut Tx, filter: &SheetFilter) -> Result<Rows, ServiceError> {
    let mut rows = Rows::new();
    let mut page = 1;
    loop {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let found = store::contacts::list(tx, filter.role, filter.search.as_deref(), request).await?;
        if found.rows.is_empty() {
            return Ok(rows);
        }
        for row in found.rows {
            let Some(contact) = store::contacts::lookup(tx, row.contact_id).await? else { continue };
            let nobody =
                ContactPerson { contact_person_id: None, name: String::new(), email: None, phone: None };
            let persons = if contact.contact_persons.is_empty() {
                std::slice::from_ref(&nobody)
            } else {
                &contact.contact_persons[..]
            };
            rows.extend(persons.iter().map(|person| contact_row(&contact, person)));
        }
        bounded(rows.len())?;
        page += 1;
    }
}

fn contact_row(contact: &Contact, person: &ContactPerson) -> Vec<Cell> {
    let role = match (contact.is_supplier, contact.is_customer) {
        (true, true) => "both",
        (true, false) => "supplier",
        (false, _) => "customer",
    };
    let address = &contact.address;
    vec![
        text(&contact.name),
        optional(contact.org_number.as_ref()),
        text(&address.country),
        text(role),
        text(&address.street),
        text(&address.postal_code),
        text(&address.city),
        optional(contact.email.as_ref()),
        optional(contact.phone.as_ref()),
        text(&person.name),
        optional(person.email.as_ref()),
    ]
}

/// A row for each supplier; an article without suppliers has one row.
async fn articles(tx: &mut Tx, search: Option<&str>) -> Result<Rows, ServiceError> {
    let mut found = match search {
        Some(search) => articles_found(tx, search).await?,
        None => all_articles(tx).await?,
    };
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut org_numbers: HashMap<ContactId, Option<String>> = HashMap::new();
    let mut rows = Rows::new();
    for (_, article_id) in found {
        let Some(article) = store::articles::lookup(tx, article_id).await? else { continue };
        let head = vec![
            text(&article.number),
            text(&article.name),
            text(&article.unit),
            Cell::Number(article.price.0),
            Cell::Number(article.price_base_quantity.0),
            text(&article.currency),
            Cell::Number(article.vat_rate.0),
            optional(article.gtin.as_ref()),
            article.pack_size.map_or(Cell::Empty, |size| Cell::Number(size.0)),
            article.minimum_quantity.map_or(Cell::Empty, |minimum| Cell::Number(minimum.0)),
            text(article.status.as_str()),
            optional(article.replaced_by.as_ref()),
        ];
        if article.suppliers.is_empty() {
            rows.push(head.into_iter().chain([Cell::Empty, Cell::Empty]).collect());
            continue;
        }
        for supplier in &article.suppliers {
            let org_number = match org_numbers.get(&supplier.contact_id) {
                Some(known) => known.clone(),
                None => {
                    let found = match store::contacts::lookup(tx, supplier.contact_id).await? {
                        Some(contact) => suppliers::number_of(tx, &contact).await?,
                        None => None,
                    };
                    org_numbers.insert(supplier.contact_id, found.clone());
                    found
                }
            };
            let of_supplier = [optional(org_number.as_ref()), text(&supplier.supplier_article_number)];
            rows.push(head.iter().cloned().chain(of_supplier).collect());
        }
    }
    bounded(rows.len())?;
    Ok(rows)
}

type Numbered = Vec<(String, ArticleId)>;

async fn all_articles(tx: &mut Tx) -> Result<Numbered, ServiceError> {
    let mut found = Numbered::new();
    let mut after = 0;
    loop {
        let page = store::articles::changed_after(tx, after, ARTICLES_AT_ONCE).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = *last;
        found.extend(page.into_iter().map(|(_, article)| (article.number, article.article_id)));
        bounded(found.len())?;
    }
}

async fn articles_found(tx: &mut Tx, search: &str) -> Result<Numbered, ServiceError> {
    let mut found = Numbered::new();
    for page in 1.. {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let rows = store::articles::list(tx, Some(search), request).await?.rows;
        if rows.is_empty() {
            break;
        }
        found.extend(rows.into_iter().map(|row| (row.number, row.article_id)));
        bounded(found.len())?;
    }
    Ok(found)
}

/// A row for each line.
async fn purchase_orders(tx: &mut Tx, filter: &SheetFilter, person: &str) -> Result<Rows, ServiceError> {
    let mut rows = Rows::new();
    let mut page = 1;
    loop {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let found = store::orders::list(tx, &filter.orders, person, request).await?;
        if found.rows.is_empty() {
            return Ok(rows);
        }
        for row in found.rows {
            let Some(order) = store::orders::lookup(tx, row.order_id).await? else { continue };
            let supplier = match order.supplier_id {
                Some(supplier_id) => store::contacts::lookup(tx, supplier_id).await?,
                None => None,
            };
            let org_number = match supplier {
                Some(supplier) => suppliers::number_of(tx, &supplier).await?,
                None => None,
            };
            rows.extend(order_rows(&order, org_number.as_ref()));
        }
        bounded(rows.len())?;
        page += 1;
    }
}

fn order_rows(order: &PurchaseOrder, supplier_org_number: Option<&String>) -> Rows {
    let head = [
        text(order.order_ref.as_ref().unwrap_or(&order.number)),
        optional(supplier_org_number),
        order.requested_delivery_date.map_or(Cell::Empty, Cell::Date),
        text(&order.currency),
        text(&order.delivery.name),
        text(&order.delivery.street),
        text(&order.delivery.postal_code),
        text(&order.delivery.city),
    ];
    let of_line = |line: &domain::orders::OrderLine| {
        [
            text(&line.article_number),
            Cell::Number(line.quantity.0),
            text(&line.unit),
            Cell::Number(line.unit_price.0),
            Cell::Number(line.price_base_quantity.0),
            Cell::Number(line.discount_percent.0),
            text(&line.note),
        ]
    };
    order.lines.iter().map(|line| head.iter().cloned().chain(of_line(line)).collect()).collect()
}

/// UTF-8 with its mark, `;`, decimal comma, CR LF: what spreadsheet programs in Norway open without asking.
fn csv(kind: FileKind, rows: &Rows) -> Result<Vec<u8>, ServiceError> {
    let fault = |error: csv::Error| ServiceError::Internal(format!("the file cannot be written: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(kind.columns().iter().map(|column| column.name)).map_err(fault)?;
    for row in rows {
        writer.write_record(row.iter().map(written)).map_err(fault)?;
    }
    writer
        .into_inner()
        .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}")))
}

fn written(cell: &Cell) -> String {
    match cell {
        // With an apostrophe in front it is text; the import takes it off again.
        Cell::Text(text) if looks_like_a_formula(text) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => format_plain(*number).replace('.', ","),
        Cell::Date(date) => date.to_string(),
        Cell::Empty => String::new(),
    }
}

/// A spreadsheet runs what begins like a formula. A telephone number or a dash begins so, but does nothing.
fn looks_like_a_formula(text: &str) -> bool {
    let harmless = |character: char| character.is_ascii_digit() || " .,-".contains(character);
    match text.strip_prefix(['+', '-']) {
        Some(rest) => !rest.chars().all(harmless),
        None => text.starts_with(['=', '@', '\t', '\r']),
    }
}

fn xlsx(kind: FileKind, rows: &Rows) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let head = Format::new().set_bold();
    let of_date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (place, column) in (0_u16..).zip(kind.columns()) {
        sheet.write_string_with_format(0, place, column.name, &head)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (place, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => {
                    sheet.write_string(line, place, text)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(line, place, in_floating_point(*number))?;
                }
                Cell::Date(date) => {
                    let year = u16::try_from(date.0.year()).unwrap_or(1900);
                    let value = ExcelDateTime::from_ymd(year, u8::from(date.0.month()), date.0.day())?;
                    sheet.write_datetime_with_format(line, place, &value, &of_date)?;
                }
                Cell::Empty => {}
            }
        }
    }
    sheet.autofit();
    workbook.save_to_buffer()
}

/// Spreadsheets know no other numbers. Up to fifteen digits come out as they went in, which is all that we keep.
#[expect(clippy::cast_precision_loss, reason = "millionths of at most 999,999,999 have fifteen digits")]
fn in_floating_point(millionths: i64) -> f64 {
    millionths as f64 / SCALE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text_in_both_forms() {
        let mut row = vec![
            text("=1+1"),
            text("+47 22 33 44 55"),
            text("-2+3|x"),
            Cell::Number(-1_500_000),
            text("\t=1"),
        ];
        row.resize(FileKind::Contacts.columns().len(), Cell::Empty);
        let rows = vec![row];
        let file = String::from_utf8(csv(FileKind::Contacts, &rows).unwrap()).unwrap();
        assert!(file.starts_with("\u{feff}name;org_number;"), "{file}");
        assert!(file.ends_with("\r\n'=1+1;+47 22 33 44 55;'-2+3|x;-1,5;'\t=1;;;;;;\r\n"), "{file}");
        let workbook = xlsx(FileKind::Contacts, &rows).unwrap();
        assert!(workbook.starts_with(b"PK"));
    }
}
