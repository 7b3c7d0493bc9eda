//! *Salg > Ordrekladder*: the supplier's inbox, and the review of one draft.

mod answer;
mod lines;
mod list;
mod review;

pub use list::DraftsPage;
pub use review::DraftPage;

/// The path of the list.
const PATH: &str = "/salg/ordrekladder";
