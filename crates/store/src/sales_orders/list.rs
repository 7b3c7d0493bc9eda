//! Lists of sales orders. As with drafts, each part of a question is read from one index in the list's order, no further than the page
//! reaches.

use domain::contacts::ContactRole;
use domain::ids::{ContactId, SalesOrderId};
use domain::money::Money;
use domain::paging::{Direction, MAX_COUNTED, Page, PageRequest};
use domain::sales_orders::{SalesOrderFilter, SalesOrderRow, SalesOrderSort};
use domain::time::Timestamp;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::{Sql, Value, bound};
use crate::tx::{Tx, on};
use crate::value::date;

/// Customers that a search text may mean.
const MAX_CUSTOMERS: i64 = 50;

/// One part of a question, as a condition.
enum Arm {
    /// The index of the sort, or whichever fits the filters best.
    Walk,
    /// A number without zeros and letters.
    Tail(String),
    CustomerNumber(String),
    Customers(Vec<ContactId>),
}

fn arms(filter: &SalesOrderFilter, customers: Vec<ContactId>) -> Vec<Arm> {
    let Some(search) = &filter.search else { return vec![Arm::Walk] };
    let bare: String = search.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let small = bare.to_ascii_lowercase();
    let number = small.strip_prefix('s').unwrap_or(&small);
    let tail = number.trim_start_matches('0');
    let is_number = !tail.is_empty() && tail.chars().all(|c| c.is_ascii_digit());
    let mut arms: Vec<Arm> = is_number.then(|| Arm::Tail(tail.to_owned())).into_iter().collect();
    // The database knows only the letters A to Z, or all of them.
    let fully = bare.to_lowercase();
    if fully != small {
        arms.push(Arm::CustomerNumber(fully));
    }
    arms.push(Arm::CustomerNumber(small));
    if !customers.is_empty() {
        arms.push(Arm::Customers(customers));
    }
    arms
}

fn push_arm(sql: &mut Sql, filter: &SalesOrderFilter, arm: &Arm) {
    sql.push(" FROM sales_order s WHERE 1 = 1");
    let prefix = |sql: &mut Sql, column: &str, text: &str| {
        sql.push(&format!(" AND {column} >= ")).bind(Value::Text(text.to_owned()));
        sql.push(&format!(" AND {column} < ")).bind(Value::Text(format!("{text}\u{10ffff}")));
    };
    match arm {
        Arm::Walk => {}
        Arm::Tail(tail) => prefix(sql, "s.number_tail", tail),
        Arm::CustomerNumber(number) => prefix(sql, "s.customer_number_key", number),
        Arm::Customers(customers) => {
            sql.push(" AND s.customer_id IN (");
            for (place, customer) in customers.iter().enumerate() {
                sql.push(if place == 0 { "" } else { ", " }).bind(Value::Id(customer.0));
            }
            sql.push(")");
        }
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND s.customer_id = ").bind(Value::Id(customer.0));
    }
    for (end, way) in [(filter.wanted.from, ">="), (filter.wanted.to, "<=")] {
        if let Some(day) = end {
            sql.push(&format!(" AND s.requested_delivery_date IS NOT NULL AND s.wanted_key {way} "));
            sql.bind(Value::Text(day.to_string()));
        }
    }
    let (from, before) = filter.created.moments();
    if let Some(from) = from {
        sql.push(" AND s.created_at >= ").bind(Value::Number(from.0));
    }
    if let Some(before) = before {
        sql.push(" AND s.created_at < ").bind(Value::Number(before.0));
    }
}

#[derive(sqlx::FromRow)]
struct ListRow {
    sales_order_id: Uuid,
    number: String,
    draft_number: String,
    customer_name: String,
    customer_order_number: String,
    requested_delivery_date: Option<String>,
    currency: String,
    net_total: i64,
    line_count: i64,
    created_at: i64,
    created_by: String,
}

impl ListRow {
    fn into_row(self) -> Result<SalesOrderRow, StoreError> {
        Ok(SalesOrderRow {
            sales_order_id: SalesOrderId(self.sales_order_id),
            number: self.number,
            draft_number: self.draft_number,
            customer_name: self.customer_name,
            customer_order_number: self.customer_order_number,
            requested_delivery_date: date(
                self.requested_delivery_date,
                "sales_order",
                "requested_delivery_date",
            )?,
            currency: self.currency,
            net_total: Money(self.net_total),
            line_count: self.line_count,
            created_at: Timestamp(self.created_at),
            created_by: self.created_by,
        })
    }
}

/// One page of what the filter finds. Of what was searched for or filtered no more than [`MAX_COUNTED`] and one are counted.
pub async fn list(
    tx: &mut Tx,
    filter: &SalesOrderFilter,
    page: PageRequest,
) -> Result<Page<SalesOrderRow>, StoreError> {
    let customers = match &filter.search {
        Some(search) => crate::contacts::named(tx, ContactRole::Customer, search, MAX_CUSTOMERS).await?,
        None => Vec::new(),
    };
    let arms = arms(filter, customers);
    let total = if filter.is_plain() {
        on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM sales_order").fetch_one(conn).await?)
    } else {
        count(tx, filter, &arms).await?
    };
    let rows = shown(tx, filter, &arms, page).await?;
    let rows = rows.into_iter().map(ListRow::into_row).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

async fn shown(
    tx: &mut Tx,
    filter: &SalesOrderFilter,
    arms: &[Arm],
    page: PageRequest,
) -> Result<Vec<ListRow>, StoreError> {
    let key = match filter.sort {
        SalesOrderSort::Created => "s.created_at",
        SalesOrderSort::Wanted => "s.wanted_key",
        SalesOrderSort::Total => "s.net_total",
    };
    let way = if filter.direction == Direction::Descending { "DESC" } else { "ASC" };
    let (limit, offset) = (page.limit(), page.offset());
    let mut sql = Sql::default();
    sql.push(
        "SELECT s.sales_order_id, s.number, d.number AS draft_number, c.name AS customer_name, s.customer_order_number,
         s.requested_delivery_date, s.currency, s.net_total, d.line_count, s.created_at, s.created_by
         FROM (SELECT sales_order_id, sort_key FROM (",
    );
    for (place, arm) in arms.iter().enumerate() {
        sql.push(if place == 0 { "" } else { " UNION " });
        sql.push(&format!(
            "SELECT sales_order_id, sort_key FROM (SELECT s.sales_order_id, {key} AS sort_key"
        ));
        push_arm(&mut sql, filter, arm);
        let reach = limit + offset;
        sql.push(&format!(" ORDER BY {key} {way}, s.sales_order_id {way} LIMIT {reach}) AS part_{place}"));
    }
    sql.push(&format!(
        ") AS parts ORDER BY sort_key {way}, sales_order_id {way} LIMIT {limit} OFFSET {offset}) AS shown
         JOIN sales_order s ON s.sales_order_id = shown.sales_order_id
         JOIN order_draft d ON d.draft_id = s.draft_id JOIN contact c ON c.contact_id = s.customer_id
         ORDER BY shown.sort_key {way}, shown.sales_order_id {way}"
    ));
    Ok(on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text.as_str())), sql.values)
        .fetch_all(conn)
        .await?))
}

async fn count(tx: &mut Tx, filter: &SalesOrderFilter, arms: &[Arm]) -> Result<i64, StoreError> {
    let most = MAX_COUNTED + 1;
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (");
    for (place, arm) in arms.iter().enumerate() {
        sql.push(if place == 0 { "" } else { " UNION " });
        sql.push("SELECT sales_order_id FROM (SELECT s.sales_order_id");
        push_arm(&mut sql, filter, arm);
        sql.push(&format!(" LIMIT {most}) AS part_{place}"));
    }
    sql.push(") AS found");
    let found: i64 = on!(tx, |conn| bound!(sqlx::query_scalar(AssertSqlSafe(sql.text.as_str())), sql.values)
        .fetch_one(conn)
        .await?);
    Ok(found.min(most))
}
