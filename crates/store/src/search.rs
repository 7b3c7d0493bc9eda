//! What articles are found by: numbers, words, and which documents hold them. Every answer is bounded; `domain::search` judges and ranks.
//!
//! A document is an article of ours, of a partner's, or one that was bought from a supplier; its [`Place`] says which.

mod filling;
mod index;
mod lookups;

use domain::ids::{ConnectionId, ContactId};
use domain::search::Query;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::Tx;

pub use filling::{fill_in, forget_all};
pub(crate) use index::{Change, change, forget, new_documents, note, write};

/// Whose documents are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The own register.
    Own,
    /// A partner's articles, as last read.
    Partner(ConnectionId),
    /// What was bought from a supplier.
    Bought(ContactId),
}

impl Place {
    pub(crate) fn scope(self) -> Uuid {
        match self {
            Self::Own => Uuid::nil(),
            Self::Partner(connection) => connection.0,
            Self::Bought(supplier) => supplier.0,
        }
    }
}

/// Only changes of own articles wait to be written.
async fn write_before(tx: &mut Tx, place: Place) -> Result<(), StoreError> {
    if place == Place::Own { write(tx).await } else { Ok(()) }
}

/// Documents that may fit the text, without order; at most a few hundred. Not all of them do.
pub async fn candidates(tx: &mut Tx, place: Place, query: &Query) -> Result<Vec<i64>, StoreError> {
    write_before(tx, place).await?;
    let scope = place.scope();
    let mut found = Vec::new();
    for number in query.numbers() {
        found.extend(lookups::numbers_from(tx, scope, &number).await?);
    }
    found.extend(lookups::with_words(tx, scope, query, false).await?);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Documents that may fit the text if one typing error is forgiven.
pub async fn alike(tx: &mut Tx, place: Place, query: &Query) -> Result<Vec<i64>, StoreError> {
    write_before(tx, place).await?;
    let scope = place.scope();
    let mut found = lookups::misspelled_numbers(tx, scope, query).await?;
    found.extend(lookups::with_words(tx, scope, query, true).await?);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
