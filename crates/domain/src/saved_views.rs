//! Saved views: what a list was asked for, under a name.

use serde::{Deserialize, Serialize};

use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::ids::SavedViewId;
use crate::text;

/// The most characters of a view's name.
pub const MAX_NAME: usize = 60;
/// The most views of one list that a person may have.
pub const MAX_OWN: i64 = 50;
/// The most characters of a question.
pub const MAX_QUERY: usize = 1000;

/// A list that can have saved views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    PurchaseOrders,
    OrderDrafts,
    SalesOrders,
    Articles,
    Suppliers,
    Customers,
}

impl ListName {
    pub const ALL: [Self; 6] = [
        Self::PurchaseOrders,
        Self::OrderDrafts,
        Self::SalesOrders,
        Self::Articles,
        Self::Suppliers,
        Self::Customers,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::PurchaseOrders => "purchase_orders",
            Self::OrderDrafts => "order_drafts",
            Self::SalesOrders => "sales_orders",
            Self::Articles => "articles",
            Self::Suppliers => "suppliers",
            Self::Customers => "customers",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == text)
    }

    /// The page on which it is shown.
    pub fn path(self) -> &'static str {
        match self {
            Self::PurchaseOrders => "/ordre/innkjopsordre",
            Self::OrderDrafts => "/salg/ordrekladder",
            Self::SalesOrders => "/salg/salgsordre",
            Self::Articles => "/artikler",
            Self::Suppliers => "/kontakter/leverandorer",
            Self::Customers => "/kontakter/kunder",
        }
    }
}

/// A view as one person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub view_id: SavedViewId,
    pub name: String,
    /// The list's address after the question mark, without the page.
    pub query: String,
    /// Everybody sees it.
    pub is_shared: bool,
    /// The person's list opens with it.
    pub is_default: bool,
    /// The person may change it.
    pub is_own: bool,
}

/// The name of a view, as it is kept.
///
/// # Errors
/// [`ErrorCode::Required`], [`ErrorCode::TooLong`] or [`ErrorCode::InvalidCharacter`] at `/name`.
pub fn checked_name(name: &str) -> Result<String, Refusal> {
    let fault = match text::single_line(name, MAX_NAME) {
        Ok(name) if !name.is_empty() => return Ok(name),
        Ok(_) => FieldError::new("/name", ErrorCode::Required),
        Err(text::TextError::TooLong) => FieldError::new("/name", ErrorCode::TooLong).with("max", MAX_NAME),
        Err(text::TextError::InvalidCharacter) => FieldError::new("/name", ErrorCode::InvalidCharacter),
    };
    Err(Refusal::of_fields(vec![fault]))
}

/// A question as it is kept: only pairs of an address, without the page, the receipt and the view itself.
pub fn checked_query(query: &str) -> String {
    const OF_ONE_VISIT: [&str; 5] = ["side", "kvittering", "visning", "valgt", "lagre"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~%+*!'()=".contains(c);
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        !value.is_empty() && !OF_ONE_VISIT.contains(&name) && pair.chars().all(is_plain)
    });
    let mut kept = String::new();
    for pair in pairs {
        if kept.len() + pair.len() < MAX_QUERY {
            kept.push_str(if kept.is_empty() { "" } else { "&" });
            kept.push_str(pair);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_keeps_what_it_asks() {
        assert_eq!(
            checked_query("?vis=alle&sok=S%C3%B8r&side=4&kvittering=x&sorter=-sum&tom="),
            "vis=alle&sok=S%C3%B8r&sorter=-sum"
        );
        assert_eq!(checked_query("sok=<b>&vis=a b&lev=1#x"), "");
        assert!(checked_query(&"a=b&".repeat(1000)).len() <= MAX_QUERY);
    }

    #[test]
    fn a_name_says_something() {
        assert_eq!(checked_name(" Mine ").as_deref(), Ok("Mine"));
        for name in ["", "  ", "a\u{202e}b", &"x".repeat(61)] {
            assert!(checked_name(name).is_err(), "{name:?}");
        }
    }
}
