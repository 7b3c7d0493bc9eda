//! The registers and the orders as files, in the columns in which they come in: CSV as Norwegian spreadsheets open it, and XLSX.

use std::collections::HashMap;

use domain::articles::ArticleFilter;
use domain::contacts::{Contact, ContactFilter, ContactPerson};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId};
use domain::imports::FileKind;
use domain::orders::{OrderFilter, PurchaseOrder};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use domain::roles::Permission;
use store::Tx;

mod lists;
mod one_order;
mod sheet;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::suppliers;

pub use lists::{ListFile, write_list};
pub use one_order::write_order;
use sheet::{Cell, Rows, made, optional, text};

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
    pub articles: ArticleFilter,
    pub contacts: Option<ContactFilter>,
}

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
        FileKind::Articles => articles(ctx, &mut tx, &filter.articles).await?,
        FileKind::PurchaseOrders => purchase_orders(&mut tx, &filter, ctx.actor.name()).await?,
    };
    drop(tx);
    made(head_of(kind), format, rows).await
}

/// The names of the columns in which files of this kind come in.
fn head_of(kind: FileKind) -> Vec<String> {
    kind.columns().iter().map(|column| column.name.to_owned()).collect()
}

fn bounded(rows: usize) -> Result<(), Refusal> {
    if rows > MAX_ROWS {
        return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_ROWS));
    }
    Ok(())
}

/// A row for each person; a contact without persons has one row.
async fn contacts(tx: &mut Tx, filter: &SheetFilter) -> Result<Rows, ServiceError> {
    let asked = filter.contacts.clone().unwrap_or_else(|| ContactFilter::of_role(None, None));
    let mut rows = Rows::new();
    let mut page = 1;
    loop {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let found = store::contacts::list_of(tx, &asked, request).await?;
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
async fn articles(ctx: &Ctx, tx: &mut Tx, filter: &ArticleFilter) -> Result<Rows, ServiceError> {
    let found = if filter.is_plain() && filter.sort.is_none() {
        let mut all = all_articles(tx).await?;
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all
    } else {
        articles_found(ctx, tx, filter).await?
    };
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

async fn articles_found(ctx: &Ctx, tx: &mut Tx, filter: &ArticleFilter) -> Result<Numbered, ServiceError> {
    let mut found = Numbered::new();
    for page in 1.. {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let rows = crate::articles::list_in(ctx, tx, filter, request).await?.rows;
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
