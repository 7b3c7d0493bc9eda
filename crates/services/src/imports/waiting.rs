//! Files whose headers we do not know: they wait until a person has said what each column is. And sheets as text, for an order's lines.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::ImportId;
use domain::imports::{FileKind, ImportOptions, WaitingColumn, WaitingFile};
use domain::paste;
use domain::roles::Permission;
use store::imports::Upload;

use super::mapping::shown;
use super::{run_and_keep, table};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Rows that are shown of a file, to tell its columns apart.
const SAMPLES: usize = 3;

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It was read; here is its report.
    Report(ImportId),
    /// It waits for its columns to be named.
    Asks(ImportId),
}

/// Reads a file and keeps the report. Where columns are missing the file is kept, and a person is asked which they are.
pub async fn run_or_ask(
    ctx: &Ctx,
    kind: FileKind,
    file_name: &str,
    file: Vec<u8>,
    options: ImportOptions,
) -> Result<Brought, ServiceError> {
    ctx.require(kind.permission())?;
    let refusal = match run_and_keep(ctx, kind, file_name, file.clone(), options.clone()).await {
        Ok(report) => return Ok(Brought::Report(report)),
        Err(ServiceError::Refused(refusal)) => refusal,
        Err(fault) => return Err(fault),
    };
    let is_about_columns = matches!(refusal.code, ErrorCode::ColumnMissing | ErrorCode::ColumnTwice);
    // What a person said about columns by name is answered by name.
    if !is_about_columns || !options.map.is_empty() {
        return Err(refusal.into());
    }
    let (columns, file) = columns_of(kind, file).await?;
    if columns.len() < 2 {
        return Err(refusal.into());
    }
    let upload = Upload {
        import_id: ctx.new_id(),
        at: ctx.now(),
        created_by: ctx.actor.name().to_owned(),
        kind,
        file_name: shown(file_name),
        options,
        file,
    };
    ctx.write(upload, |_, tx, upload| {
        Box::pin(async move {
            store::imports::add_upload(tx, upload).await?;
            Ok(Brought::Asks(upload.import_id))
        })
    })
    .await
}

/// A file that waits.
pub async fn waiting(ctx: &Ctx, import_id: ImportId) -> Result<WaitingFile, ServiceError> {
    let upload = lookup(ctx, import_id).await?;
    let (kind, file_name) = (upload.kind, upload.file_name);
    let (columns, _) = columns_of(kind, upload.file).await?;
    Ok(WaitingFile { import_id, kind, file_name, columns })
}

/// Brings a waiting file in: of each of its columns the name of ours, or nothing.
pub async fn bring_in_waiting(
    ctx: &Ctx,
    import_id: ImportId,
    chosen: &[String],
) -> Result<ImportId, ServiceError> {
    let upload = lookup(ctx, import_id).await?;
    let named = chosen.iter().enumerate().filter(|(_, column)| !column.is_empty());
    let map = named.map(|(place, column)| format!("{column}=#{}", place + 1)).collect();
    let options = ImportOptions { map, only_mapped: true, ..upload.options };
    let report = run_and_keep(ctx, upload.kind, &upload.file_name, upload.file, options).await?;
    ctx.write(import_id, |_, tx, import_id| {
        Box::pin(async move { Ok(store::imports::remove_upload(tx, *import_id).await?) })
    })
    .await?;
    Ok(report)
}

async fn lookup(ctx: &Ctx, import_id: ImportId) -> Result<Upload, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let upload = store::imports::upload(&mut tx, import_id).await?.ok_or(ErrorCode::NotFound)?;
    ctx.require(upload.kind.permission())?;
    Ok(upload)
}

/// The columns of a file, and the file again. A large one takes a while to take apart, and others are served meanwhile.
async fn columns_of(kind: FileKind, file: Vec<u8>) -> Result<(Vec<WaitingColumn>, Vec<u8>), ServiceError> {
    let read = tokio::task::spawn_blocking(move || columns(kind, &file).map(|columns| (columns, file))).await;
    Ok(read.map_err(|error| ServiceError::Internal(format!("the file could not be read: {error}")))??)
}

/// The columns of a file, with what they seem to be.
fn columns(kind: FileKind, file: &[u8]) -> Result<Vec<WaitingColumn>, Refusal> {
    let table = table::read(file, &|name| kind.column_of_header(name).is_some())?;
    let mut taken: Vec<&str> = Vec::new();
    let column = |(place, header): (usize, &String)| {
        let samples =
            table.rows.iter().filter_map(|row| row.cells.get(place)).map(|cell| shown(&cell.shown()));
        let meant =
            kind.column_of_header(header).map(|column| column.name).filter(|name| !taken.contains(name));
        taken.extend(meant);
        WaitingColumn {
            header: shown(header),
            samples: samples.filter(|sample| !sample.is_empty()).take(SAMPLES).collect(),
            meant: meant.map(str::to_owned),
        }
    };
    Ok(table.head.iter().enumerate().map(column).collect())
}

/// A file's rows as text that can be pasted into an order: the sheet whose headers mean something there.
///
/// # Errors
/// When the file cannot be read, or holds too many rows.
pub async fn sheet_text(file: Vec<u8>) -> Result<String, ServiceError> {
    tokio::task::spawn_blocking(move || {
        let table = table::read(&file, &paste::is_header)?;
        let rows =
            table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.shown().into_owned()).collect());
        let rows: Vec<Vec<String>> = std::iter::once(table.head.clone()).chain(rows).collect();
        let text = paste::write(&rows);
        if text.len() > paste::MAX_BYTES {
            return Err(ServiceError::from(ErrorCode::PayloadTooLarge));
        }
        Ok(text)
    })
    .await
    .map_err(|error| ServiceError::Internal(format!("the file could not be read: {error}")))?
}

/// Keeps the text of a file that was refused, for the page that shows it again: a session is read with every request, and is no place for
/// megabytes.
pub async fn keep_text(ctx: &Ctx, text: String) -> Result<ImportId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(text, |ctx, tx, text| {
        Box::pin(async move {
            let import_id = ctx.new_id();
            store::imports::add_text(tx, import_id, ctx.now(), ctx.actor.name(), text).await?;
            Ok(import_id)
        })
    })
    .await
}

/// Takes such a text; `None` when it has gone.
pub async fn take_text(ctx: &Ctx, import_id: ImportId) -> Result<Option<String>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(import_id, |ctx, tx, import_id| {
        Box::pin(async move { Ok(store::imports::take_text(tx, *import_id, ctx.actor.name()).await?) })
    })
    .await
}
