//! *Koblinger*: confirming which of a supplier's articles a number means, taking that back, and saying that it is not the same.

mod decided;
mod deciding;
mod page;

pub use decided::decided;
pub(crate) use deciding::decisions;
pub use deciding::{confirm, confirm_in_form, confirm_many, correct_number, reject, undo};
pub use page::{page, rows_after, usual_supplier};
