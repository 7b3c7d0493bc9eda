//! Saved views of lists.

use domain::ids::{SavedViewId, UserId};
use domain::saved_views::{ListName, SavedView};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// How long a deleted view can be taken back: 30 days, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

#[derive(sqlx::FromRow)]
struct Row {
    view_id: Uuid,
    owner_id: Uuid,
    name: String,
    query: String,
    is_shared: bool,
    is_default: bool,
}

impl Row {
    fn into_view(self, of: UserId) -> SavedView {
        SavedView {
            view_id: SavedViewId(self.view_id),
            name: self.name,
            query: self.query,
            is_shared: self.is_shared,
            is_default: self.is_default,
            is_own: self.owner_id == of.0,
        }
    }
}

/// Those views of the list `$1` that the person `$2` sees.
macro_rules! seen {
    ($which:literal) => {
        concat!(
            "SELECT v.view_id, v.owner_id, v.name, v.query, v.is_shared, d.view_id IS NOT NULL AS is_default
             FROM saved_view v
             LEFT JOIN saved_view_default d ON d.user_id = $2 AND d.list = v.list AND d.view_id = v.view_id
             WHERE v.list = $1 AND (v.owner_id = $2 OR v.is_shared) AND v.deleted_at IS NULL ",
            $which
        )
    };
}

/// The views of a list that a person sees: the own ones and those that others share, oldest first.
pub async fn list(tx: &mut Tx, list: ListName, of: UserId) -> Result<Vec<SavedView>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(seen!("ORDER BY v.created_at, v.view_id LIMIT 200"))
            .bind(list.as_str())
            .bind(of.0)
            .fetch_all(conn)
            .await?
    });
    Ok(rows.into_iter().map(|row| row.into_view(of)).collect())
}

/// One view of a list, if the person sees it.
pub async fn lookup(
    tx: &mut Tx,
    list: ListName,
    of: UserId,
    view: SavedViewId,
) -> Result<Option<SavedView>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(seen!("AND v.view_id = $3"))
            .bind(list.as_str())
            .bind(of.0)
            .bind(view.0)
            .fetch_optional(conn)
            .await?
    });
    Ok(row.map(|row| row.into_view(of)))
}

/// How many views of the list belong to a person.
pub async fn count_own(tx: &mut Tx, list: ListName, of: UserId) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM saved_view WHERE list = $1 AND owner_id = $2 AND deleted_at IS NULL",
        )
        .bind(list.as_str())
        .bind(of.0)
        .fetch_one(conn)
        .await?
    }))
}

/// Keeps a new view, and forgets those that were deleted long ago.
pub async fn add(
    tx: &mut Tx,
    list: ListName,
    of: UserId,
    view: &SavedView,
    now: Timestamp,
) -> Result<(), StoreError> {
    let long_ago = now.plus_seconds(-KEPT).0;
    on!(tx, |conn| sqlx::query("DELETE FROM saved_view WHERE deleted_at < $1")
        .bind(long_ago)
        .execute(conn)
        .await?
        .rows_affected());
    on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO saved_view (view_id, owner_id, list, name, query, is_shared, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(view.view_id.0)
        .bind(of.0)
        .bind(list.as_str())
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.is_shared)
        .bind(now.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// Changes name, question and sharing of an own view. `false` when there is none such.
pub async fn save(tx: &mut Tx, of: UserId, view: &SavedView) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
            "UPDATE saved_view SET name = $1, query = $2, is_shared = $3
             WHERE view_id = $4 AND owner_id = $5 AND deleted_at IS NULL",
        )
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.is_shared)
        .bind(view.view_id.0)
        .bind(of.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// Deletes an own view, or takes that back. `false` when there is nothing to do.
pub async fn set_deleted(
    tx: &mut Tx,
    of: UserId,
    view: SavedViewId,
    deleted_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    if deleted_at.is_some() {
        on!(tx, |conn| {
            sqlx::query(
                "DELETE FROM saved_view_default WHERE view_id IN (SELECT view_id FROM saved_view WHERE view_id = $1 AND owner_id = $2)",
            )
            .bind(view.0)
            .bind(of.0)
            .execute(conn)
            .await?
            .rows_affected()
        });
    }
    let affected = on!(tx, |conn| {
        sqlx::query(
            "UPDATE saved_view SET deleted_at = $1 WHERE view_id = $2 AND owner_id = $3
             AND ((deleted_at IS NULL) = (CAST($1 AS BIGINT) IS NOT NULL))",
        )
        .bind(deleted_at.map(|at| at.0))
        .bind(view.0)
        .bind(of.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// Opens a person's list with a view from now on, or with none.
pub async fn set_default(
    tx: &mut Tx,
    list: ListName,
    of: UserId,
    view: Option<SavedViewId>,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM saved_view_default WHERE user_id = $1 AND list = $2")
        .bind(of.0)
        .bind(list.as_str())
        .execute(conn)
        .await?
        .rows_affected());
    if let Some(view) = view {
        on!(tx, |conn| {
            sqlx::query("INSERT INTO saved_view_default (user_id, list, view_id) VALUES ($1, $2, $3)")
                .bind(of.0)
                .bind(list.as_str())
                .bind(view.0)
                .execute(conn)
                .await?
                .rows_affected()
        });
    }
    Ok(())
}
