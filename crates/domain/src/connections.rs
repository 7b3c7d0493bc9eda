//! Connections: a partner's endpoint and the token it gave us.

use serde::{Deserialize, Serialize};

use crate::contacts::{Address, ContactDifference, ContactPerson};
use crate::decimal::Percent;
use crate::errors::ErrorCode;
use crate::ids::{ConnectionId, ContactId, InstanceId};
use crate::imports::RefusedRow;
use crate::time::{CalendarDate, Timestamp};
use crate::tokens::Scope;

/// Whether messages may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// *Ikke bekreftet*: saved without a passed test.
    Unverified,
    /// The last test passed.
    Verified,
    /// The partner refused us: nothing is sent until a test passes.
    Paused,
}

impl ConnectionState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified => "verified",
            Self::Paused => "paused",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        [Self::Unverified, Self::Verified, Self::Paused].into_iter().find(|state| state.as_str() == text)
    }
}

/// What is known of a partner's catalogue: how much, and how old it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueAge {
    /// When all that had changed was last read; `None` until the first reading is done.
    pub read_at: Option<Timestamp>,
    pub articles: i64,
    /// The day from which the prices hold, as a price file says it of itself; a file can be read in long after that.
    #[serde(default)]
    pub prices_from: Option<CalendarDate>,
}

/// So often a partner's catalogue is looked at.
pub const CATALOGUE_EVERY_SECONDS: u32 = 300;
/// So many looks may come to nothing before what we know counts as old.
const MISSED_LOOKS: i64 = 3;

/// Where what we know of a supplier's articles comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogueSource {
    /// The partner itself, again and again.
    Partner,
    /// A price file that somebody read in.
    File,
}

/// What we know of one supplier's articles, and whether the supplier can be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueKnown {
    pub contact_id: ContactId,
    pub age: CatalogueAge,
    pub source: CatalogueSource,
    /// It is older than it should be, or the partner does not let us read.
    pub is_away: bool,
}

/// A row of the connection page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRow {
    pub connection_id: ConnectionId,
    /// The supplier that it leads to.
    pub contact_id: Option<ContactId>,
    pub name: String,
    pub endpoint: String,
    pub token_last_four: Option<String>,
    pub state: ConnectionState,
    pub pause_code: Option<ErrorCode>,
    pub last_test: Option<ConnectionTest>,
    /// When the partner last answered anything.
    pub last_contact_at: Option<Timestamp>,
    /// How much a price may differ from the partner's list without being told.
    pub price_tolerance: Percent,
    pub catalogue: CatalogueAge,
    pub version: i64,
}

impl ConnectionRow {
    /// *Prisfil*: it holds a catalogue from a file and leads nowhere. It is never called, and nothing is sent over it.
    pub fn is_price_file(&self) -> bool {
        self.endpoint.is_empty()
    }

    /// Where its catalogue comes from: what leads nowhere has one from a file.
    pub fn catalogue_source(&self) -> CatalogueSource {
        if self.is_price_file() { CatalogueSource::File } else { CatalogueSource::Partner }
    }

    /// The supplier cannot be asked about its articles now: the connection is stopped, our token may not read them, or the last looks
    /// came to nothing. A price file is as old as it is.
    pub fn catalogue_is_away(&self, now: Timestamp) -> bool {
        if self.catalogue_source() == CatalogueSource::File {
            return false;
        }
        let may_not_read =
            self.last_test.as_ref().is_some_and(|test| test.missing_scopes.contains(&Scope::ArticlesRead));
        let oldest = now.plus_seconds(-MISSED_LOOKS * i64::from(CATALOGUE_EVERY_SECONDS));
        let is_old = self.catalogue.read_at.is_some_and(|at| at < oldest);
        self.state == ConnectionState::Paused || may_not_read || is_old
    }

    /// What is known of the supplier's articles; nothing when the connection leads to no supplier.
    pub fn catalogue_known(&self, now: Timestamp) -> Option<CatalogueKnown> {
        Some(CatalogueKnown {
            contact_id: self.contact_id?,
            age: self.catalogue,
            source: self.catalogue_source(),
            is_away: self.catalogue_is_away(now),
        })
    }
}

/// What the partner says about itself: the answer of `GET /identity`, as the interface shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerIdentity {
    pub instance_id: InstanceId,
    pub epoch: i64,
    pub company_name: String,
    pub org_number: String,
    pub address: Address,
    pub contact_persons: Vec<ContactPerson>,
    pub extension_on: bool,
    pub scopes: Vec<Scope>,
    /// 0 when what the partner wrote could not be read; see [`Self::expires_at`].
    pub token_expires_at: Timestamp,
    pub api_versions: Vec<String>,
    pub product_version: String,
}

impl PartnerIdentity {
    /// When our token runs out, where the partner told it in a way that could be read.
    pub fn expires_at(&self) -> Option<Timestamp> {
        Some(self.token_expires_at).filter(|at| at.0 > 0)
    }
}

/// The outcome of *Test tilkobling*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    pub at: Timestamp,
    pub duration_ms: i64,
    /// `None` when the partner gave a usable answer.
    pub failure: Option<ErrorCode>,
    pub identity: Option<PartnerIdentity>,
    pub missing_scopes: Vec<Scope>,
    /// What differs between the supplier in our register and what the partner says; `None` when there is no such contact.
    pub differences: Option<Vec<ContactDifference>>,
    /// How the partner has us in its register; `None` when it was not asked, or did not say.
    #[serde(default)]
    pub known_there: Option<KnownThere>,
}

/// How the partner has us among its contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownThere {
    /// Not at all: a contact will be made when the first order comes.
    No,
    /// As a contact; what differs from what we say of ourselves.
    Yes { differences: Vec<ContactDifference> },
}

impl ConnectionTest {
    /// Nothing stands in the way of an export.
    pub fn passed(&self) -> bool {
        self.failure.is_none() && self.missing_scopes.is_empty()
    }
}

/// What a person types on the connection page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionInput {
    pub endpoint: String,
    /// Empty keeps the stored one, unless the endpoint's host changes.
    #[serde(default)]
    pub token: String,
    /// The supplier; empty lets the partner's organisation number choose it.
    #[serde(default)]
    pub contact_id: String,
    /// Percent; empty is none.
    #[serde(default)]
    pub price_tolerance: String,
}

/// What came of a price file that was read as a supplier's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueReport {
    pub connection_id: ConnectionId,
    pub supplier_name: String,
    /// Articles that the catalogue has now.
    pub articles: usize,
    /// Lines of pictures and alternatives, which are let be.
    pub let_be: usize,
    /// Items that could not be read.
    pub refused: Vec<RefusedRow>,
    pub faults: usize,
    /// The file names another company than the supplier.
    pub is_from_another: bool,
    pub seller_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

    fn row(endpoint: &str, state: ConnectionState, read_seconds_ago: Option<i64>) -> ConnectionRow {
        ConnectionRow {
            connection_id: ConnectionId(Default::default()),
            contact_id: Some(ContactId(Default::default())),
            name: "Bolt & Feste AS".to_owned(),
            endpoint: endpoint.to_owned(),
            token_last_four: None,
            state,
            pause_code: None,
            last_test: None,
            last_contact_at: None,
            price_tolerance: Percent(0),
            catalogue: CatalogueAge {
                read_at: read_seconds_ago.map(|ago| NOW.plus_seconds(-ago)),
                articles: 5,
                prices_from: None,
            },
            version: 1,
        }
    }

    #[test]
    fn a_supplier_is_away_when_its_articles_could_not_be_read_for_long() {
        use ConnectionState::{Paused, Unverified, Verified};
        let endpoint = "https://bolt.example";
        for (endpoint, state, ago, is_away) in [
            (endpoint, Verified, Some(60), false),
            (endpoint, Verified, Some(3600), true),
            (endpoint, Verified, None, false),
            (endpoint, Unverified, Some(60), false),
            (endpoint, Paused, Some(60), true),
            ("", Unverified, Some(90 * 86_400), false),
        ] {
            let row = row(endpoint, state, ago);
            assert_eq!(row.catalogue_is_away(NOW), is_away, "{endpoint} {state:?} {ago:?}");
        }
        let source = |endpoint| row(endpoint, Verified, None).catalogue_known(NOW).map(|known| known.source);
        assert_eq!(source(""), Some(CatalogueSource::File));
        assert_eq!(source(endpoint), Some(CatalogueSource::Partner));
    }
}
