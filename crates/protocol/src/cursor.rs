//! Places in what a partner reads piece by piece: `epoch.place`. After a restore the epoch is higher, the old places are refused,
//! and the partner reads from the start.

use domain::errors::ErrorCode;

/// The place as it is written.
pub fn write(epoch: i64, place: i64) -> String {
    format!("{epoch}.{place}")
}

/// The place that [`write`] wrote in this epoch; without a cursor, the start.
///
/// # Errors
/// [`ErrorCode::InvalidCursor`] for anything else.
pub fn read(cursor: Option<&str>, epoch: i64) -> Result<i64, ErrorCode> {
    let Some(cursor) = cursor else { return Ok(0) };
    let (of, place) = cursor.split_once('.').ok_or(ErrorCode::InvalidCursor)?;
    let of: i64 = of.parse().map_err(|_| ErrorCode::InvalidCursor)?;
    let place: i64 = place.parse().map_err(|_| ErrorCode::InvalidCursor)?;
    // A place has one spelling: `01.17` and `+1.17` were not written here.
    let ours = of == epoch && place >= 0 && write(of, place) == cursor;
    if ours { Ok(place) } else { Err(ErrorCode::InvalidCursor) }
}

/// The epoch that a cursor of a partner is of. `None` where its cursors have another form.
pub fn epoch_of(cursor: &str) -> Option<i64> {
    cursor.split_once('.')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_of_one_epoch() {
        assert_eq!(read(Some(&write(3, 17)), 3), Ok(17));
        assert_eq!(read(None, 3), Ok(0));
        for cursor in ["2.17", "3.-1", "3", "3.x", "", "3.1.1", "03.17", "3.017", "+3.17", "3.-0"] {
            assert_eq!(read(Some(cursor), 3), Err(ErrorCode::InvalidCursor), "{cursor}");
        }
    }
}
