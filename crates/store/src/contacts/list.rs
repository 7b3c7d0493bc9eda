//! Lists of contacts.

use domain::contacts::{ContactFilter, ContactRole, ContactRow, ContactSort};
use domain::ids::ContactId;
use domain::paging::{Direction, Page, PageRequest};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    contact_id: Uuid,
    name: String,
    org_number: Option<String>,
    city: String,
    country: String,
    is_supplier: bool,
    is_customer: bool,
    needs_review: bool,
    connected: bool,
    updated_at: i64,
}

impl From<ListRow> for ContactRow {
    fn from(row: ListRow) -> Self {
        Self {
            contact_id: ContactId(row.contact_id),
            name: row.name,
            org_number: row.org_number,
            city: row.city,
            country: row.country,
            is_supplier: row.is_supplier,
            is_customer: row.is_customer,
            needs_review: row.needs_review,
            connected: row.connected,
            updated_at: Timestamp(row.updated_at),
        }
    }
}

pub(super) const LIST: &str = "SELECT c.contact_id, c.name, c.org_number, c.city, c.country, c.is_supplier, c.is_customer, c.needs_review,
        (EXISTS (SELECT 1 FROM connection k WHERE k.contact_id = c.contact_id)
         OR EXISTS (SELECT 1 FROM token t WHERE t.contact_id = c.contact_id AND t.revoked_at IS NULL)) AS connected,
        c.updated_at
    FROM contact c WHERE NOT c.is_self";

/// That there is a connection to the contact, or a token for it.
const IS_CONNECTED: &str = "(EXISTS (SELECT 1 FROM connection k WHERE k.contact_id = c.contact_id)
    OR EXISTS (SELECT 1 FROM token t WHERE t.contact_id = c.contact_id AND t.revoked_at IS NULL))";

fn push_filter<DB: sqlx::Database>(query: &mut sqlx::QueryBuilder<DB>, filter: &ContactFilter)
where
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    query.push(match filter.role {
        Some(ContactRole::Supplier) => " AND c.is_supplier",
        Some(ContactRole::Customer) => " AND c.is_customer",
        None => "",
    });
    if filter.both_roles {
        query.push(" AND c.is_supplier AND c.is_customer");
    }
    if filter.needs_review {
        query.push(" AND c.needs_review");
    }
    if let Some(connected) = filter.connected {
        query.push(if connected { " AND " } else { " AND NOT " }).push(IS_CONNECTED);
    }
    let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return;
    };
    let pattern = format!("%{}%", search.to_lowercase().replace(['%', '_'], ""));
    query.push(" AND (LOWER(c.name) LIKE ").push_bind(pattern.clone());
    query.push(" OR COALESCE(c.org_number, '') LIKE ").push_bind(pattern.replace(' ', ""));
    query.push(" OR LOWER(c.city) LIKE ").push_bind(pattern).push(")");
}

fn order(filter: &ContactFilter) -> String {
    let way = if filter.direction == Direction::Descending { "DESC" } else { "ASC" };
    match filter.sort {
        ContactSort::Name => format!("c.name {way}, c.contact_id {way}"),
        // One way in all of it, so that an index has the order.
        ContactSort::City => format!("c.city {way}, c.name {way}, c.contact_id {way}"),
        ContactSort::Changed => format!("c.updated_at {way}, c.contact_id {way}"),
    }
}

/// The ids of the first contacts that the filter finds, in its order; at most `limit`.
pub async fn ids(tx: &mut Tx, filter: &ContactFilter, limit: i64) -> Result<Vec<ContactId>, StoreError> {
    let order = order(filter);
    let found: Vec<Uuid> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT c.contact_id FROM contact c WHERE NOT c.is_self");
        push_filter(&mut query, filter);
        query.push(format!(" ORDER BY {order} LIMIT ")).push_bind(limit);
        query.build_query_scalar().fetch_all(conn).await?
    });
    Ok(found.into_iter().map(ContactId).collect())
}

/// One contact as lists show it.
pub async fn row(tx: &mut Tx, id: ContactId) -> Result<Option<ContactRow>, StoreError> {
    let row: Option<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        query.push(" AND c.contact_id = ").push_bind(id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    Ok(row.map(ContactRow::from))
}

/// One page of contacts of a role by name.
pub async fn list(
    tx: &mut Tx,
    role: Option<ContactRole>,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<ContactRow>, StoreError> {
    list_of(tx, &ContactFilter::of_role(role, search), page).await
}

/// One page of what the filter finds.
pub async fn list_of(
    tx: &mut Tx,
    filter: &ContactFilter,
    page: PageRequest,
) -> Result<Page<ContactRow>, StoreError> {
    let total = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM contact c WHERE NOT c.is_self");
        push_filter(&mut query, filter);
        query.build_query_scalar().fetch_one(conn).await?
    });
    let order = order(filter);
    let rows: Vec<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        push_filter(&mut query, filter);
        query.push(format!(" ORDER BY {order} LIMIT ")).push_bind(page.limit());
        query.push(" OFFSET ").push_bind(page.offset());
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(Page {
        rows: rows.into_iter().map(ContactRow::from).collect(),
        total,
        page: page.page,
        page_size: page.limit(),
    })
}
