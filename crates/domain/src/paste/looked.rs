//! What the registers and the supplier's catalogue make of pasted rows, before any of them is a line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PasteColumn;
use crate::decimal::Quantity;
use crate::matching::{Match, MatchLevel, OwnArticle, OwnNumber};
use crate::orders::{FilledLine, OrderLineInput};

/// Articles that are named when a row can mean several.
const MAX_MEANT: usize = 3;

/// A pasted text as it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// What each column means.
    pub columns: Vec<PasteColumn>,
    /// The rows that can be lines.
    pub rows: Vec<LookedRow>,
}

/// A row that can be a line, filled in, and how the supplier understands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedRow {
    /// Its place in the text, from 1.
    pub row: usize,
    pub line: OrderLineInput,
    pub level: MatchLevel,
    /// The article that it means, or those that it may mean, the best first.
    pub meant: Vec<OwnArticle>,
    /// It means that article: a number is identical.
    pub is_sure: bool,
    /// What the article's price is for, when the row says nothing of what its own is for.
    pub unsaid_base: Option<Quantity>,
}

impl LookedRow {
    /// What came of a row.
    pub fn of(row: usize, filled: FilledLine, matched: &Match) -> Self {
        let (meant, is_sure) = meant(filled.known.as_ref(), matched);
        let unsaid_base = filled.unsaid_base();
        Self { row, line: filled.line, level: matched.level, meant, is_sure, unsaid_base }
    }
}

/// The article that is known by its number; or those of ours that are written almost so, or the supplier's that the line may mean.
fn meant(known: Option<&OwnArticle>, matched: &Match) -> (Vec<OwnArticle>, bool) {
    if let Some(known) = known {
        return (vec![known.clone()], true);
    }
    if let OwnNumber::Alike(articles) = &matched.own {
        return (articles.iter().take(MAX_MEANT).cloned().collect(), false);
    }
    let named = |number: &str, name: &str| OwnArticle { number: number.to_owned(), name: name.to_owned() };
    if let Some(article) = &matched.article {
        return (vec![named(&article.number, &article.name)], matched.level == MatchLevel::Exact);
    }
    let may = matched.candidates.iter().take(MAX_MEANT);
    (may.map(|candidate| named(&candidate.article.number, &candidate.article.name)).collect(), false)
}

/// What a price that does not say what it is for is read for: as the article's own (`true`), or for one. `all` is the answer for every
/// row, and `rows` holds those that were answered alone.
pub fn price_base(row: &LookedRow, all: bool, rows: &BTreeMap<usize, bool>) -> Option<Quantity> {
    row.unsaid_base.filter(|_| rows.get(&row.row).copied().unwrap_or(all))
}
