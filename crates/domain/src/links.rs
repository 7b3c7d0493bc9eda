//! *Koblinger*: what people here have decided about which of a supplier's articles a number means.
//!
//! A [`SupplierLink`] is the buyer's. The supplier keeps links of his own, from a customer's number to an article of his, when he settles a
//! parked line (`store::articles::link`); the two know nothing of each other.

use serde::{Deserialize, Serialize};

use crate::ids::{ArticleId, ContactId, SupplierLinkId};
use crate::time::Timestamp;

/// What was decided about a written number and an article of the supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is this article: *Bekreft kobling*.
    Same,
    /// It is not, and is not proposed again: *Ikke samme*.
    NotSame,
}

impl Verdict {
    pub const ALL: [Self; 2] = [Self::Same, Self::NotSame];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::NotSame => "not_same",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == code)
    }
}

/// One decision, with who made it and who took it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierLink {
    pub supplier_link_id: SupplierLinkId,
    /// The supplier.
    pub contact_id: ContactId,
    /// The number that was written, normalised; empty when only the own article was known.
    pub written_number: String,
    /// The own article that it was written for, where there is one.
    pub article_id: Option<ArticleId>,
    /// The supplier's *Artikkelnummer*.
    pub partner_number: String,
    pub verdict: Verdict,
    pub decided_by: String,
    pub decided_at: Timestamp,
    pub undone: Option<Undone>,
}

/// That a decision was taken back. It is kept for the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub by: String,
    pub at: Timestamp,
}

/// What has been decided that concerns one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The confirmed article.
    pub same: Option<Confirmed>,
    /// Numbers of the supplier's that are not meant.
    pub not_same: Vec<String>,
}

/// A confirmed link, as far as a line needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub supplier_link_id: SupplierLinkId,
    pub partner_number: String,
    pub by: String,
    pub at: Timestamp,
}
