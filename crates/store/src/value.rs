//! Reading stored texts back into values; what cannot be read names its table and column.

use domain::time::CalendarDate;

use crate::error::StoreError;

/// The value that `read` finds in the text.
pub fn required<T>(value: Option<T>, table: &'static str, column: &'static str) -> Result<T, StoreError> {
    value.ok_or(StoreError::Corrupt { table, column })
}

/// A date kept as `YYYY-MM-DD`.
pub fn date(
    text: Option<String>,
    table: &'static str,
    column: &'static str,
) -> Result<Option<CalendarDate>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Corrupt { table, column })).transpose()
}

/// A small whole number kept as a large one.
pub fn small(number: i64, table: &'static str, column: &'static str) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(|_| StoreError::Corrupt { table, column })
}

/// JSON kept as text.
pub fn json<T: serde::de::DeserializeOwned>(
    text: &str,
    table: &'static str,
    column: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt { table, column })
}

/// A value as JSON text. Only our own plain types go in, so it cannot fail but for a bug.
pub fn to_json<T: serde::Serialize>(
    value: &T,
    table: &'static str,
    column: &'static str,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt { table, column })
}
