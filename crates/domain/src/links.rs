//! *Koblinger*: what people here have decided about which of a supplier's articles a number means.
//!
//! A [`SupplierLink`] is the buyer's. The supplier keeps links of his own, from a customer's number to an article of his, when he settles a
//! parked line (`store::articles::link`); the two know nothing of each other.

use serde::{Deserialize, Serialize};

use crate::articles::MAX_NUMBER;
use crate::decimal::{Quantity, UnitPrice};
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::ids::{ArticleId, ContactId, FormKey, OrderId, OrderLineId, SupplierLinkId};
use crate::matching::{Match, MatchLevel, MatchReason};
use crate::text;
use crate::time::Timestamp;

/// Numbers of ours that are judged for one page of *Koblinger*; where there are more, the page leads on.
pub const MAX_JUDGED: usize = 1_000;
/// Links that are confirmed at once.
pub const MAX_CONFIRMED: usize = 200;
/// Orders that have their own numbers back at once: all of them are kept from others, and saved, in one step.
pub const MAX_GIVEN_BACK: i64 = 2_000;

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

/// Which decisions *Avgjørelser* shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionView {
    /// Those that count: this article is meant.
    Same,
    /// Those that count: this article is not meant.
    NotSame,
    /// Those of either kind that were taken back, or whose place a later one took.
    Undone,
}

impl DecisionView {
    pub const ALL: [Self; 3] = [Self::Same, Self::NotSame, Self::Undone];

    /// What an address says of it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Same => "bekreftet",
            Self::NotSame => "ikke-samme",
            Self::Undone => "angret",
        }
    }

    /// The view that an address names; confirmed ones for anything else.
    pub fn from_slug(slug: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.slug() == slug).unwrap_or(Self::Same)
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

/// A number and an article of the supplier that a person decides about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkInput {
    /// The supplier.
    pub supplier_id: ContactId,
    #[serde(default)]
    pub written_number: String,
    /// The own *Artikkelnummer*, where there is one.
    #[serde(default)]
    pub article_number: String,
    /// The supplier's *Artikkelnummer*.
    pub partner_number: String,
}

impl LinkInput {
    /// The same with its numbers normalised. A refusal names every number that cannot be one.
    pub fn check(&self) -> Result<Self, Refusal> {
        let mut errors = Vec::new();
        let mut number = |pointer: &str, value: &str| match text::single_line(value, MAX_NUMBER) {
            Ok(number) => number,
            Err(_) => {
                errors.push(FieldError::new(pointer, ErrorCode::InvalidCharacter));
                String::new()
            }
        };
        let checked = Self {
            supplier_id: self.supplier_id,
            written_number: number("/written_number", &self.written_number),
            article_number: number("/article_number", &self.article_number),
            partner_number: number("/partner_number", &self.partner_number),
        };
        if errors.is_empty() && checked.partner_number.is_empty() {
            errors.push(FieldError::new("/partner_number", ErrorCode::Required));
        }
        if errors.is_empty() && checked.written_number.is_empty() && checked.article_number.is_empty() {
            errors.push(FieldError::new("/written_number", ErrorCode::Required));
        }
        if errors.is_empty() { Ok(checked) } else { Err(Refusal::of_fields(errors)) }
    }
}

/// What came of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkMade {
    pub supplier_link_id: SupplierLinkId,
    /// The number that a line has now.
    pub partner_number: String,
}

/// The orders whose lines had their own number back, because what gave them another one was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenBack {
    /// The numbers of the first ones, at most [`MAX_NAMED`].
    pub orders: Vec<String>,
    /// How many there are beside them.
    pub more: i64,
}

/// Changed orders that are named; the others are counted.
pub const MAX_NAMED: usize = 5;

impl GivenBack {
    /// One more order was changed.
    pub fn add(&mut self, number: String) {
        if self.orders.len() < MAX_NAMED {
            self.orders.push(number);
        } else {
            self.more += 1;
        }
    }

    /// What stood in a line before the links that gave it its number, from the latest one back: each of `given` is the number that a link
    /// gave, and what it took the place of. A number that none of them gave stays.
    pub fn number_before(given: &[(&str, &str)], number: &str) -> String {
        let mut left = given.to_vec();
        let mut number = number.to_owned();
        while let Some(at) = left.iter().position(|(theirs, _)| text::normalise(&number) == *theirs) {
            left.remove(at).1.clone_into(&mut number);
        }
        number
    }
}

/// The line of a form that a decision is made on; the form writes the number into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPlace {
    pub line_id: OrderLineId,
    /// The order that the form says it is of; `None` while it knows of none.
    pub order_id: Option<OrderId>,
    /// By which the order is found that the form has made and does not know of yet.
    pub form_key: Option<FormKey>,
}

/// The line of an order that a decision is made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePlace {
    pub order_id: OrderId,
    pub line_id: OrderLineId,
}

/// Which links a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkView {
    #[default]
    All,
    Likely,
    Several,
    None,
    Exact,
    Confirmed,
    /// Numbers that look like typing errors: *Skrivefeil*.
    Misspelled,
}

impl LinkView {
    /// Those that *Koblinger* has a tab for.
    pub const TABS: [Self; 6] =
        [Self::All, Self::Likely, Self::Several, Self::None, Self::Confirmed, Self::Exact];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "alle",
            Self::Likely => "trolige",
            Self::Several => "flere",
            Self::None => "ingen",
            Self::Exact => "eksakte",
            Self::Confirmed => "bekreftet",
            Self::Misspelled => "skrivefeil",
        }
    }

    /// The view that an address names; all of them for anything else.
    pub fn from_code(code: &str) -> Self {
        let named = |view: &Self| view.as_str() == code;
        Self::TABS.into_iter().chain([Self::Misspelled]).find(named).unwrap_or_default()
    }

    /// Whether a number belongs into the view.
    pub fn holds(self, matched: &Match) -> bool {
        let confirmed = matched.reasons.iter().any(|reason| matches!(reason, MatchReason::Confirmed { .. }));
        match self {
            Self::All => true,
            Self::Confirmed => confirmed,
            Self::Exact => matched.level == MatchLevel::Exact && !confirmed,
            Self::Likely => matched.level == MatchLevel::Likely,
            Self::Several => matched.level == MatchLevel::Several,
            Self::None => matched.level == MatchLevel::None,
            Self::Misspelled => matched.level == MatchLevel::Likely && looks_misspelled(matched),
        }
    }
}

/// Whether the number is the supplier's but for how it is written.
fn looks_misspelled(matched: &Match) -> bool {
    matched.reasons.iter().any(|reason| {
        matches!(
            reason,
            MatchReason::LookAlike { .. }
                | MatchReason::LeadingZeros { .. }
                | MatchReason::Punctuation { .. }
                | MatchReason::OneLetter { .. }
                | MatchReason::Swapped { .. }
        )
    })
}

/// A number of ours at a supplier, and what it means there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    pub article_id: ArticleId,
    pub article_number: String,
    pub article_name: String,
    /// *Leverandørens artikkelnummer*, as it is in our register.
    pub written_number: String,
    /// What our register says of the article, to be compared with theirs.
    pub gtin: Option<String>,
    pub unit: String,
    pub price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub matched: Match,
    /// The confirmed link, so that it can be taken back.
    pub link: Option<SupplierLinkId>,
}

/// A decision as *Avgjørelser* lists it, with what the numbers are called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    pub link: SupplierLink,
    /// The number and the name of the own article that it was decided for; `None` where the line had none.
    pub article: Option<(String, String)>,
    /// What the supplier's article is called; empty when it is not in the catalogue any more.
    pub partner_name: String,
}

/// One page of *Avgjørelser*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionPage {
    /// The latest first.
    pub rows: Vec<DecisionRow>,
    /// The decision before which the next page begins; `None` on the last one, and where something is searched for.
    pub next: Option<SupplierLinkId>,
    /// How many there are of each kind, at most [`MAX_COUNTED`](crate::paging::MAX_COUNTED).
    pub counts: Vec<(DecisionView, i64)>,
}

/// How many numbers a view holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewCount {
    pub view: LinkView,
    pub count: i64,
    /// Numbers are left that were neither counted nor judged: there may be more of these among them.
    pub is_at_least: bool,
}

/// One page of *Koblinger*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPage {
    pub rows: Vec<LinkRow>,
    /// The own number after which the next page begins; `None` on the last one, and where something is searched for.
    pub next: Option<String>,
    /// How many numbers the views hold: at most [`MAX_COUNTED`](crate::paging::MAX_COUNTED) of those that indexes find. Of the others what
    /// is among the first [`MAX_JUDGED`], on the first page of one of them; elsewhere nobody has judged them, and they are not here.
    pub counts: Vec<ViewCount>,
    /// The supplier's articles have been read.
    pub catalogue_read: bool,
    /// The supplier's articles may not be read: the token lacks `Articles:Read`.
    pub lacks_right: bool,
}
