//! Reports of files that were brought in, and files that wait until somebody has said what their columns mean.

use domain::ids::ImportId;
use domain::imports::{FileKind, ImportOptions};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{json, required, to_json};

/// Reports that are kept; older ones go.
const KEPT: i64 = 200;

/// Keeps a report, and lets the oldest go.
pub async fn add(
    tx: &mut Tx,
    import_id: ImportId,
    at: Timestamp,
    by: &str,
    report: &str,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO import_report (import_id, at, created_by, report) VALUES ($1, $2, $3, $4)"
    )
    .bind(import_id.0)
    .bind(at.0)
    .bind(by)
    .bind(report)
    .execute(conn)
    .await?
    .rows_affected());
    on!(tx, |conn| sqlx::query(
        "DELETE FROM import_report WHERE import_id NOT IN
             (SELECT import_id FROM import_report ORDER BY at DESC, import_id DESC LIMIT $1)"
    )
    .bind(KEPT)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// A report as it was kept.
pub async fn lookup(tx: &mut Tx, import_id: ImportId) -> Result<Option<String>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT report FROM import_report WHERE import_id = $1")
        .bind(import_id.0)
        .fetch_optional(conn)
        .await?))
}

/// Files that wait; older ones go.
const WAITING: i64 = 10;

/// The kind of a text that is shown again.
const TEXT: &str = "text";
/// Such texts that are kept; older ones go.
const TEXTS: i64 = 20;

/// A file that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub import_id: ImportId,
    pub at: Timestamp,
    pub created_by: String,
    pub kind: FileKind,
    pub file_name: String,
    /// What was chosen beside the file.
    pub options: ImportOptions,
    pub file: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    import_id: Uuid,
    at: i64,
    created_by: String,
    kind: String,
    file_name: String,
    options: String,
    file: Vec<u8>,
}

/// Keeps a file until its columns are known, and lets the oldest go.
pub async fn add_upload(tx: &mut Tx, upload: &Upload) -> Result<(), StoreError> {
    let options = to_json(&upload.options, "import_upload", "options")?;
    on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO import_upload (import_id, at, created_by, kind, file_name, options, file) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(upload.import_id.0)
        .bind(upload.at.0)
        .bind(&upload.created_by)
        .bind(upload.kind.as_str())
        .bind(&upload.file_name)
        .bind(options)
        .bind(upload.file.as_slice())
        .execute(conn)
        .await?
        .rows_affected()
    });
    on!(tx, |conn| {
        sqlx::query(
            "DELETE FROM import_upload WHERE kind <> $2 AND import_id NOT IN
                 (SELECT import_id FROM import_upload WHERE kind <> $2 ORDER BY at DESC, import_id DESC LIMIT $1)",
        )
        .bind(WAITING)
        .bind(TEXT)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// A file that waits.
pub async fn upload(tx: &mut Tx, import_id: ImportId) -> Result<Option<Upload>, StoreError> {
    let row: Option<UploadRow> = on!(tx, |conn| {
        sqlx::query_as("SELECT * FROM import_upload WHERE import_id = $1 AND kind <> $2")
            .bind(import_id.0)
            .bind(TEXT)
            .fetch_optional(conn)
            .await?
    });
    row.map(|row| {
        Ok(Upload {
            import_id: ImportId(row.import_id),
            at: Timestamp(row.at),
            created_by: row.created_by,
            kind: required(FileKind::from_code(&row.kind), "import_upload", "kind")?,
            file_name: row.file_name,
            options: json(&row.options, "import_upload", "options")?,
            file: row.file,
        })
    })
    .transpose()
}

/// The file was brought in, or nobody wants it.
pub async fn remove_upload(tx: &mut Tx, import_id: ImportId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM import_upload WHERE import_id = $1")
        .bind(import_id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Keeps the text of a file that was refused, until the page that shows it again has taken it, and lets the oldest go.
pub async fn add_text(
    tx: &mut Tx,
    import_id: ImportId,
    at: Timestamp,
    by: &str,
    text: &str,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO import_upload (import_id, at, created_by, kind, file_name, options, file) VALUES ($1, $2, $3, $4, '', '{}', $5)",
    )
    .bind(import_id.0)
    .bind(at.0)
    .bind(by)
    .bind(TEXT)
    .bind(text.as_bytes())
    .execute(conn)
    .await?
    .rows_affected()
    });
    on!(tx, |conn| sqlx::query(
        "DELETE FROM import_upload WHERE kind = $2 AND import_id NOT IN
             (SELECT import_id FROM import_upload WHERE kind = $2 ORDER BY at DESC, import_id DESC LIMIT $1)",
    )
    .bind(TEXTS)
    .bind(TEXT)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Takes such a text, which is gone then. `None` when it is not there any more, or was another person's.
pub async fn take_text(tx: &mut Tx, import_id: ImportId, by: &str) -> Result<Option<String>, StoreError> {
    let text: Option<Vec<u8>> = on!(tx, |conn| sqlx::query_scalar(
        "DELETE FROM import_upload WHERE import_id = $1 AND kind = $2 AND created_by = $3 RETURNING file"
    )
    .bind(import_id.0)
    .bind(TEXT)
    .bind(by)
    .fetch_optional(conn)
    .await?);
    Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
}
