//! Does the supplier understand the line? Match levels, each with its score and its reasons.
//!
//! [`judge`] is the one function that decides, in the browser and at the server alike. Only a number that is identical goes by itself; what a
//! person has confirmed is put into the line, and is identical from then on. The table of scores is in [`score`].

mod alike;
mod differences;
mod far_off;
mod marks;
mod own;
mod score;
#[cfg(test)]
mod tests;

pub use alike::{gtin_forms, gtin_key, loose_key, name_likeness, one_edit_apart};
pub use differences::{LineDifference, differences, within_tolerance};
pub use far_off::FarOff;
pub use marks::{Mark, marked};
pub use own::{OwnArticle, OwnNumber};
pub use score::{ENOUGH, LISTED, MARGIN, judge};

use serde::{Deserialize, Serialize};

use crate::articles::ArticleStatus;
use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::time::Timestamp;

/// How sure it is which of the supplier's articles a line means. Only *Eksakt treff* sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchLevel {
    Exact,
    Likely,
    Several,
    None,
    NotChecked,
}

impl MatchLevel {
    pub const ALL: [Self; 5] = [Self::Exact, Self::Likely, Self::Several, Self::None, Self::NotChecked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Likely => "likely",
            Self::Several => "several",
            Self::None => "none",
            Self::NotChecked => "not_checked",
        }
    }
}

/// Why a level was given. A number in a reason is the supplier's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum MatchReason {
    /// *Leverandørens artikkelnummer* equals the supplier's *Artikkelnummer*.
    SameNumber,
    /// The supplier has linked this number to an article of his.
    Linked,
    /// A person here has confirmed that this is the article.
    Confirmed { by: String, at: Timestamp },
    /// The GTIN is equal.
    SameGtin { number: String },
    /// Letters and digits that look alike: O and 0, I, l and 1.
    LookAlike { number: String },
    /// Only zeros in front differ.
    LeadingZeros { number: String },
    /// Only spaces, hyphens, dots or capitals differ.
    Punctuation { number: String },
    /// One character is another, is missing or is too many.
    OneLetter { number: String },
    /// Two characters beside each other have changed places.
    Swapped { number: String },
    /// The supplier's number is a part of what is written, or the other way round.
    Contained { number: String },
    /// The description and the article's name have their words in common.
    NameAlike { name: String },
    /// More than one candidate fits equally well.
    SeveralFit { count: usize },
    /// The line has no *Leverandørens artikkelnummer*.
    NumberMissing,
    /// The number is not among the supplier's.
    NotFound,
    /// The supplier's articles have not been read.
    CatalogueMissing,
    /// The supplier cannot be asked now, or does not let us read his articles: this is how it stood at the time.
    LastChecked { at: Timestamp },
}

/// The level, its score and its reasons, and the supplier's article where it is clear which one is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub level: MatchLevel,
    /// 0 to 100, that of the best candidate.
    pub score: u8,
    /// The most telling first; never empty.
    pub reasons: Vec<MatchReason>,
    /// The article that is meant: with *Eksakt treff* and *Trolig treff*.
    pub article: Option<PartnerArticle>,
    /// What the line could mean, the best first; at most [`LISTED`].
    pub candidates: Vec<MatchCandidate>,
    pub differences: Vec<LineDifference>,
    /// Whether the own number is one that we have. It says nothing about the supplier, and does not change the level.
    #[serde(default, skip_serializing_if = "OwnNumber::is_settled")]
    pub own: OwnNumber,
}

impl Match {
    /// A line that could not be compared with anything.
    pub fn not_checked() -> Self {
        Self::plain(MatchLevel::NotChecked, MatchReason::CatalogueMissing)
    }

    fn plain(level: MatchLevel, reason: MatchReason) -> Self {
        Self {
            level,
            score: 0,
            reasons: vec![reason],
            article: None,
            candidates: Vec::new(),
            differences: Vec::new(),
            own: OwnNumber::Settled,
        }
    }
}

/// An article that a line could mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchCandidate {
    pub article: PartnerArticle,
    pub score: u8,
    pub reasons: Vec<MatchReason>,
}

/// An article in the supplier's register, as read over the partner API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerArticle {
    pub number: String,
    pub name: String,
    pub unit: String,
    pub price: Option<UnitPrice>,
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub gtin: Option<String>,
    pub pack_size: Option<Quantity>,
    pub minimum_quantity: Option<Quantity>,
    pub status: ArticleStatus,
    /// The number of the article that has taken its place.
    pub replaced_by: Option<String>,
}

/// What a line says, as far as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFacts {
    /// The own number, for what the register knows of the article; empty when there is none.
    #[serde(default)]
    pub article_number: String,
    pub supplier_article_number: String,
    #[serde(default)]
    pub description: String,
    pub gtin: Option<String>,
    /// Zero while there is none yet.
    pub quantity: Quantity,
    pub unit: String,
    /// `None` while there is none yet, or none that can be read.
    #[serde(default)]
    pub unit_price: Option<UnitPrice>,
    pub price_base_quantity: Quantity,
    /// The order's.
    pub currency: String,
}

/// What is known of the supplier's articles as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catalogue {
    pub state: CatalogueState,
    /// Price differences up to this are not told.
    pub price_tolerance: Percent,
}

/// Whether the supplier's articles are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueState {
    /// Never read to its end: what is missing has not been looked for.
    Unread,
    Read,
    /// Read, but the supplier cannot be asked now, or does not let us read any longer.
    Away {
        read_at: Timestamp,
    },
}
