//! *Salg > Ordrekladder*: the supplier's inbox, and the review of one draft.

mod answer;
mod batch;
mod lines;
mod list;
mod picked;
mod review;

pub use batch::{DraftBatchPage, PickedDraftsPage, batch_href};
pub use list::DraftsPage;
pub use review::DraftPage;

/// The path of the list.
const PATH: &str = "/salg/ordrekladder";
/// What will be done with the chosen drafts.
const PICKED_PATH: &str = "/salg/ordrekladder/valgte";
