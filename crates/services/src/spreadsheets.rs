//! The registers and the orders as files, in the columns in which they come in: CSV as Norwegian spreadsheets open it, and XLSX.

use domain::articles::ArticleFilter;
use domain::contacts::ContactFilter;
use domain::errors::{ErrorCode, Refusal};
use domain::imports::FileKind;
use domain::orders::OrderFilter;
use domain::roles::Permission;

mod lists;
mod one_order;
mod orders;
mod registers;
mod sheet;

use crate::ctx::Ctx;
use crate::error::ServiceError;

pub use lists::{ListFile, write_list};
pub use one_order::write_order;
use sheet::made;

/// The most rows of one file: what a spreadsheet program still opens without complaint.
pub const MAX_ROWS: usize = 200_000;
/// Contacts, articles or orders that are looked up in one statement.
const AT_ONCE: usize = 200;

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
        FileKind::Contacts => registers::contacts(&mut tx, &filter).await?,
        FileKind::Articles => registers::articles(ctx, &mut tx, &filter.articles).await?,
        FileKind::PurchaseOrders => {
            orders::all(&mut tx, &filter.orders, ctx.actor.name(), ctx.today()).await?
        }
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

/// The rows that a file has at most, and one.
fn most_and_one() -> i64 {
    i64::try_from(MAX_ROWS).unwrap_or(i64::MAX).saturating_add(1)
}
