//! A list as it is shown, with its filter, its sort and its columns: a row for each of its rows, on all of its pages.

use domain::articles::ArticleFilter;
use domain::contacts::ContactFilter;
use domain::drafts::{DraftFilter, OrderDraftRow};
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::links::{LinkRow, LinkView, MAX_JUDGED};
use domain::logs::{LogFilter, LogRow, LogView};
use domain::messages::Direction;
use domain::money::Money;
use domain::orders::{OrderFilter, PurchaseOrderRow};
use domain::paging::{MAX_PAGE_SIZE, Page, PageRequest};
use domain::sales_orders::{SalesOrderFilter, SalesOrderRow};

use super::sheet::{Cell, Rows, made, optional, text};
use super::{SheetFormat, bounded};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{articles, contacts, drafts, links, logs, orders, sales_orders};

/// A list and what it is asked for.
#[derive(Clone, Debug)]
pub enum ListFile {
    Orders(OrderFilter),
    Drafts(DraftFilter),
    SalesOrders(SalesOrderFilter),
    Articles(ArticleFilter),
    Contacts(ContactFilter),
    Log(LogView, LogFilter),
    /// Of the supplier that is named, or else of the one that the page shows first.
    Links(Option<ContactId>, LinkView),
}

/// A column: the slug by which the list's address chooses it (empty: always there), and the name under which its head is found.
type Heads = &'static [(&'static str, &'static str)];

const ORDERS: Heads = &[
    ("", "number"),
    ("lev", "supplier"),
    ("", "status"),
    ("", "to_fix"),
    ("sending", "message"),
    ("linjer", "lines"),
    ("onsket", "wanted"),
    ("sum", "net_total"),
    ("sum", "currency"),
    ("endret", "changed"),
];
const DRAFTS: Heads = &[
    ("", "draft"),
    ("", "customer"),
    ("", "received"),
    ("", "customer_order_number"),
    ("", "lines"),
    ("", "unknown_articles"),
    ("", "differing_lines"),
    ("", "status"),
    ("", "wanted"),
    ("", "net_total"),
    ("", "currency"),
];
const SALES_ORDERS: Heads = &[
    ("", "number"),
    ("", "customer"),
    ("", "customer_order_number"),
    ("", "draft"),
    ("", "lines"),
    ("", "wanted"),
    ("", "net_total"),
    ("", "currency"),
    ("", "made"),
    ("", "made_by"),
];
const ARTICLES: Heads = &[
    ("", "article_number"),
    ("", "name"),
    ("", "supplier_article_number"),
    ("", "supplier"),
    ("", "unit"),
    ("", "price"),
    ("", "price_base_quantity"),
    ("", "currency"),
    ("", "status"),
];
const CONTACTS: Heads =
    &[("", "name"), ("", "org_number"), ("", "city"), ("", "country"), ("", "connected"), ("", "changed")];
const LOG: Heads = &[
    ("", "at"),
    ("", "direction"),
    ("", "partner"),
    ("", "operation"),
    ("", "subject"),
    ("", "state"),
    ("", "cause"),
    ("", "http_status"),
    ("", "attempts"),
    ("", "duration_ms"),
    ("", "correlation_id"),
];
const LINKS: Heads = &[
    ("", "article_number"),
    ("", "name"),
    ("", "supplier_article_number"),
    ("", "match"),
    ("", "their_article_number"),
    ("", "their_name"),
];

impl ListFile {
    fn heads(&self) -> Heads {
        match self {
            Self::Orders(_) => ORDERS,
            Self::Drafts(_) => DRAFTS,
            Self::SalesOrders(_) => SALES_ORDERS,
            Self::Articles(_) => ARTICLES,
            Self::Contacts(_) => CONTACTS,
            Self::Log(..) => LOG,
            Self::Links(..) => LINKS,
        }
    }
}

/// Writes the list with the columns that `shows` leaves. `words` finds the words of a head (`column.…`) and of a state (`status.…`).
pub async fn write_list(
    ctx: &Ctx,
    list: &ListFile,
    format: SheetFormat,
    shows: impl Fn(&str) -> bool,
    words: impl Fn(&str) -> String,
) -> Result<Vec<u8>, ServiceError> {
    let heads = list.heads();
    let kept: Vec<bool> = heads.iter().map(|(slug, _)| slug.is_empty() || shows(slug)).collect();
    let shown = heads.iter().zip(&kept).filter(|(_, kept)| **kept);
    let head = shown.map(|((_, name), _)| words(&format!("column.{name}"))).collect();
    let mut rows = Rows::new();
    let mut place = Some(Place::first());
    while let Some(from) = place {
        let (found, next) = read(ctx, list, from, &words).await?;
        rows.extend(found.into_iter().map(|row| {
            row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect()
        }));
        bounded(rows.len())?;
        place = next;
    }
    made(head, format, rows).await
}

/// Where a piece of a list begins: a page, or, where a list is read on after its last row, that row's number of ours, with how many
/// numbers have been judged. What is added or taken away meanwhile shifts nothing there: no row comes twice and none is hidden.
struct Place {
    page: i64,
    after: String,
    judged: usize,
}

impl Place {
    fn first() -> Self {
        Self { page: 1, after: String::new(), judged: 0 }
    }
}

/// The links after a place: as many numbers are judged for it as for a page. No more than a file has rows are judged in all, also where
/// few of them belong to the view.
async fn links_after(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    view: LinkView,
    from: Place,
    words: &impl Fn(&str) -> String,
) -> Result<(Rows, Option<Place>), ServiceError> {
    bounded(from.judged)?;
    let supplier = match supplier {
        Some(supplier) => Some(supplier),
        None => links::usual_supplier(ctx).await?,
    };
    let (rows, next) =
        links::rows_after(ctx, supplier.ok_or(ErrorCode::NotFound)?, view, &from.after).await?;
    let rows = rows.into_iter().map(|row| link_row(row, words)).collect();
    let judged = from.judged + MAX_JUDGED;
    Ok((rows, next.map(|after| Place { after, judged, ..from })))
}

/// A piece of the list, with every column, and where the next one begins.
async fn read(
    ctx: &Ctx,
    list: &ListFile,
    from: Place,
    words: &impl Fn(&str) -> String,
) -> Result<(Rows, Option<Place>), ServiceError> {
    let page = PageRequest { page: from.page, page_size: MAX_PAGE_SIZE };
    let found = match list {
        ListFile::Links(supplier, view) => return links_after(ctx, *supplier, *view, from, words).await,
        ListFile::Orders(filter) => each(orders::list(ctx, filter, page).await?, |row| order_row(row, words)),
        ListFile::Drafts(filter) => each(drafts::list(ctx, filter, page).await?, |row| draft_row(row, words)),
        ListFile::SalesOrders(filter) => each(sales_orders::list(ctx, filter, page).await?, sales_order_row),
        ListFile::Articles(filter) => each(articles::list(ctx, filter, page).await?, |row| {
            vec![
                text(&row.number),
                text(&row.name),
                optional(row.supplier_article_number.as_ref()),
                optional(row.supplier_name.as_ref()),
                text(&row.unit),
                Cell::Number(row.price.0),
                Cell::Number(row.price_base_quantity.0),
                text(&row.currency),
                text(&words(&format!("status.article.{}", row.status.as_str()))),
            ]
        }),
        ListFile::Contacts(filter) => each(contacts::list_of(ctx, filter, page).await?, |row| {
            let connected = if row.connected { "yes" } else { "no" };
            vec![
                text(&row.name),
                optional(row.org_number.as_ref()),
                text(&row.city),
                text(&row.country),
                text(&words(&format!("status.connected.{connected}"))),
                Cell::Moment(row.updated_at),
            ]
        }),
        ListFile::Log(view, filter) => {
            each(logs::entries(ctx, *view, filter.clone(), page).await?, |row| log_row(row, words))
        }
    };
    let is_last = found.len() < usize::try_from(MAX_PAGE_SIZE).unwrap_or(usize::MAX);
    Ok((found, (!is_last).then(|| Place { page: from.page + 1, ..from })))
}

fn each<T>(page: Page<T>, row: impl Fn(T) -> Vec<Cell>) -> Rows {
    page.rows.into_iter().map(row).collect()
}

/// Hundredths as millionths.
fn money(amount: Money) -> Cell {
    amount.0.checked_mul(10_000).map_or_else(|| text(&amount.to_string()), Cell::Number)
}

fn whole(count: i64) -> Cell {
    count.checked_mul(domain::decimal::SCALE).map_or(Cell::Empty, Cell::Number)
}

fn order_row(row: PurchaseOrderRow, words: &impl Fn(&str) -> String) -> Vec<Cell> {
    let message = row.message_state.map(|state| words(&format!("status.message.{}", state.as_str())));
    vec![
        text(&row.number),
        optional(row.supplier_name.as_ref()),
        text(&words(&format!("status.order.{}", row.status.as_str()))),
        text(&marks_text(&row, words)),
        optional(message.as_ref()),
        whole(row.line_count),
        // What cannot be read yet stands there as it was typed.
        row.marks
            .typed("requested_delivery_date")
            .map_or_else(|| row.requested_delivery_date.map_or(Cell::Empty, Cell::Date), text),
        money(row.net_total),
        row.marks.typed("currency").map_or_else(|| text(&row.currency), text),
        Cell::Moment(row.updated_at),
    ]
}

/// That something of an order is missing, or cannot be read, as its list says it.
fn marks_text(row: &PurchaseOrderRow, words: &impl Fn(&str) -> String) -> String {
    let codes = row.marks.codes(row.has_unread);
    codes.iter().map(|code| words(&format!("status.unread.{code}"))).collect::<Vec<_>>().join(", ")
}

fn draft_row(row: OrderDraftRow, words: &impl Fn(&str) -> String) -> Vec<Cell> {
    vec![
        text(&row.number),
        text(&row.customer_name),
        Cell::Moment(row.received_at),
        text(&row.customer_order_number),
        whole(row.line_count),
        whole(row.issue_count),
        whole(row.differing_count),
        text(&words(&format!("status.draft.{}", row.status.as_str()))),
        row.requested_delivery_date.map_or(Cell::Empty, Cell::Date),
        money(row.net_total),
        text(&row.currency),
    ]
}

fn sales_order_row(row: SalesOrderRow) -> Vec<Cell> {
    vec![
        text(&row.number),
        text(&row.customer_name),
        text(&row.customer_order_number),
        text(&row.draft_number),
        whole(row.line_count),
        row.requested_delivery_date.map_or(Cell::Empty, Cell::Date),
        money(row.net_total),
        text(&row.currency),
        Cell::Moment(row.created_at),
        text(&row.created_by),
    ]
}

fn log_row(row: LogRow, words: &impl Fn(&str) -> String) -> Vec<Cell> {
    let direction = match row.direction {
        Direction::Out => "out",
        Direction::In => "in",
    };
    let state = row.state.map(|state| words(&format!("status.message.{}", state.as_str())));
    vec![
        Cell::Moment(row.at),
        text(&words(&format!("status.direction.{direction}"))),
        optional(row.partner_name.as_ref()),
        text(&row.operation),
        optional(row.subject.as_ref()),
        optional(state.as_ref()),
        row.error.map_or(Cell::Empty, |code| text(code.as_str())),
        row.http_status.map_or(Cell::Empty, |status| whole(status.into())),
        whole(row.attempts),
        row.duration_ms.map_or(Cell::Empty, whole),
        row.correlation_id.map_or(Cell::Empty, |id| text(&id.to_string())),
    ]
}

fn link_row(row: LinkRow, words: &impl Fn(&str) -> String) -> Vec<Cell> {
    let theirs = row.matched.article.as_ref();
    vec![
        text(&row.article_number),
        text(&row.article_name),
        text(&row.written_number),
        text(&words(&format!("status.match.{}", row.matched.level.as_str()))),
        theirs.map_or(Cell::Empty, |article| text(&article.number)),
        theirs.map_or(Cell::Empty, |article| text(&article.name)),
    ]
}
