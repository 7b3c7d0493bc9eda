//! *Ordre > Eksporter til partner*: choose, check, send; and how it went.

mod choose;
mod findings;
mod matrix;
mod result;

pub use choose::ChooseExportPage;
pub(crate) use choose::asked_for;
pub use findings::{check_text, finding_text};
pub(crate) use findings::{finding_look, fix_href, fix_text};
pub use result::ExportResultPage;

use domain::ids::ExportJobId;

/// The path of the page where orders are chosen.
pub const PATH: &str = "/ordre/eksporter-til-partner";

/// The address of an export's result.
pub fn job_href(job_id: ExportJobId) -> String {
    format!("{PATH}/{job_id}")
}
