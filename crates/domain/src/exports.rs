//! *Eksporter til partner*: what is checked before an order is sent, and how it went.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::articles::ArticleStatus;
use crate::decimal::Quantity;
use crate::errors::ErrorCode;
use crate::ids::{ConnectionId, CorrelationId, ExportJobId, OrderId};
use crate::matching::LineDifference;
use crate::messages::MessageState;
use crate::orders::{OrderStatus, PurchaseOrderRow};
use crate::time::Timestamp;

/// The checks, in the order of the guide to the screens, which has them all but [`StillSold`](Self::StillSold).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportCheck {
    ModuleHere,
    ModuleThere,
    TokenRegistered,
    TokenValid,
    ScopesComplete,
    EndpointReachable,
    SupplierIdentical,
    KnownThere,
    LinesExact,
    /// That the supplier sells the articles, and has put no others in their place. An exact line may mean one that goes out.
    StillSold,
    Quantities,
    Prices,
    DeliveryDate,
    NotSentBefore,
}

impl ExportCheck {
    pub const ALL: [Self; 14] = [
        Self::ModuleHere,
        Self::ModuleThere,
        Self::TokenRegistered,
        Self::TokenValid,
        Self::ScopesComplete,
        Self::EndpointReachable,
        Self::SupplierIdentical,
        Self::KnownThere,
        Self::LinesExact,
        Self::StillSold,
        Self::Quantities,
        Self::Prices,
        Self::DeliveryDate,
        Self::NotSentBefore,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ModuleHere => "module_here",
            Self::ModuleThere => "module_there",
            Self::TokenRegistered => "token_registered",
            Self::TokenValid => "token_valid",
            Self::ScopesComplete => "scopes_complete",
            Self::EndpointReachable => "endpoint_reachable",
            Self::SupplierIdentical => "supplier_identical",
            Self::KnownThere => "known_there",
            Self::LinesExact => "lines_exact",
            Self::StillSold => "still_sold",
            Self::Quantities => "quantities",
            Self::Prices => "prices",
            Self::DeliveryDate => "delivery_date",
            Self::NotSentBefore => "not_sent_before",
        }
    }
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Fine,
    /// Told, but does not stop.
    Warning,
    /// Stops, but a person may send all the same.
    Overridable,
    Stops,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Overridable => "overridable",
            Self::Stops => "stops",
        }
    }
}

/// One finding of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub check: ExportCheck,
    pub outcome: Outcome,
    pub code: Option<ErrorCode>,
    /// The line it is about, from 1.
    pub line_number: Option<i32>,
    /// Values for the text (`number`, `ordered`, `listed` and the like), and what it is about: `connection_id`, `contact_id`.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

impl Finding {
    /// That a line differs from the supplier's article.
    pub fn of_difference(difference: &LineDifference, line_number: i32) -> Self {
        let (check, params) = match difference {
            LineDifference::Price { ordered, ordered_base, listed, base } => (
                ExportCheck::Prices,
                vec![
                    ("ordered", ordered.to_string()),
                    ("ordered_base", ordered_base.to_string()),
                    ("listed", listed.to_string()),
                    ("base", base.to_string()),
                ],
            ),
            LineDifference::Currency { ordered, listed } => (
                ExportCheck::Prices,
                vec![("ordered_currency", ordered.clone()), ("listed_currency", listed.clone())],
            ),
            LineDifference::Unit { ordered, listed } => {
                (ExportCheck::Quantities, vec![("ordered", ordered.clone()), ("listed", listed.clone())])
            }
            LineDifference::UnitConverted { ordered, ordered_quantity, listed, quantity } => (
                ExportCheck::Quantities,
                vec![
                    ("ordered", ordered.clone()),
                    ("ordered_quantity", ordered_quantity.to_string()),
                    ("listed", listed.clone()),
                    ("converted", quantity.to_string()),
                ],
            ),
            LineDifference::PackSize { pack_size, below, above } => {
                let near = [("below", below), ("above", above)];
                let near =
                    near.into_iter().filter_map(|(name, near)| Some((name, near.as_ref()?.to_string())));
                let params = std::iter::once(("pack_size", pack_size.to_string())).chain(near).collect();
                (ExportCheck::Quantities, params)
            }
            LineDifference::MinimumQuantity { minimum } => {
                (ExportCheck::Quantities, vec![("minimum", minimum.to_string())])
            }
            LineDifference::GoingOut => (
                ExportCheck::StillSold,
                vec![("article_status", ArticleStatus::GoingOut.as_str().to_owned())],
            ),
            LineDifference::Discontinued => (
                ExportCheck::StillSold,
                vec![("article_status", ArticleStatus::Discontinued.as_str().to_owned())],
            ),
            LineDifference::Replaced { by, name } => {
                let name = name.iter().map(|name| ("replaced_by_name", name.clone()));
                let params = std::iter::once(("replaced_by", by.clone())).chain(name).collect();
                (ExportCheck::StillSold, params)
            }
        };
        Self {
            check,
            outcome: Outcome::Warning,
            code: None,
            line_number: Some(line_number),
            params: params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }

    /// The difference that the finding tells of; `None` when it tells of something else.
    pub fn difference(&self) -> Option<LineDifference> {
        let text = |name: &str| self.params.get(name).cloned();
        let quantity = |name: &str| text(name)?.parse::<Quantity>().ok();
        match self.check {
            ExportCheck::Prices if self.params.contains_key("ordered_currency") => {
                Some(LineDifference::Currency {
                    ordered: text("ordered_currency")?,
                    listed: text("listed_currency")?,
                })
            }
            ExportCheck::Prices => Some(LineDifference::Price {
                ordered: text("ordered")?.parse().ok()?,
                ordered_base: quantity("ordered_base")?,
                listed: text("listed")?.parse().ok()?,
                base: quantity("base")?,
            }),
            ExportCheck::Quantities if self.params.contains_key("pack_size") => {
                Some(LineDifference::PackSize {
                    pack_size: quantity("pack_size")?,
                    below: quantity("below"),
                    above: quantity("above"),
                })
            }
            ExportCheck::Quantities if self.params.contains_key("minimum") => {
                Some(LineDifference::MinimumQuantity { minimum: quantity("minimum")? })
            }
            ExportCheck::Quantities if self.params.contains_key("converted") => {
                Some(LineDifference::UnitConverted {
                    ordered: text("ordered")?,
                    ordered_quantity: quantity("ordered_quantity")?,
                    listed: text("listed")?,
                    quantity: quantity("converted")?,
                })
            }
            ExportCheck::Quantities => {
                Some(LineDifference::Unit { ordered: text("ordered")?, listed: text("listed")? })
            }
            // Exports of before have these among the findings of the lines.
            ExportCheck::StillSold | ExportCheck::LinesExact if self.params.contains_key("replaced_by") => {
                Some(LineDifference::Replaced { by: text("replaced_by")?, name: text("replaced_by_name") })
            }
            ExportCheck::StillSold | ExportCheck::LinesExact => {
                match ArticleStatus::parse(&text("article_status")?)? {
                    ArticleStatus::Active => None,
                    ArticleStatus::GoingOut => Some(LineDifference::GoingOut),
                    ArticleStatus::Discontinued => Some(LineDifference::Discontinued),
                }
            }
            _ => None,
        }
    }

    /// Whether it tells of a price that must not go through unseen, see [`LineDifference::far_off`].
    pub fn is_far_off(&self) -> bool {
        self.difference().is_some_and(|difference| difference.is_far_off())
    }
}

/// One order with its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedOrder {
    pub row: PurchaseOrderRow,
    pub findings: Vec<Finding>,
}

impl CheckedOrder {
    /// The worst that was found.
    pub fn outcome(&self) -> Outcome {
        self.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Fine)
    }

    /// How many lines stop it, whether or not a person may send all the same.
    pub fn stopped_lines(&self) -> usize {
        stopped_lines(&self.findings)
    }
}

fn stopped_lines(findings: &[Finding]) -> usize {
    let stops = findings.iter().filter(|finding| finding.outcome >= Outcome::Overridable);
    stops.filter_map(|finding| finding.line_number).collect::<BTreeSet<i32>>().len()
}

/// How one order of an export stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportItem {
    pub order_id: OrderId,
    pub order_number: String,
    pub supplier_name: Option<String>,
    pub status: OrderStatus,
    /// `None` when it was refused before a message was made.
    pub message_state: Option<MessageState>,
    pub next_attempt_at: Option<Timestamp>,
    /// The connection that is stopped, and must be tested before the message goes.
    pub held_by: Option<ConnectionId>,
    pub error: Option<ErrorCode>,
    pub findings: Vec<Finding>,
    pub partner_draft_number: Option<String>,
    /// It had been sent before; this export gave the same result.
    pub sent_before: bool,
    pub correlation_id: Option<CorrelationId>,
}

/// One export of one or many orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportJob {
    pub job_id: ExportJobId,
    pub created_at: Timestamp,
    pub created_by: String,
    pub items: Vec<ExportItem>,
}

impl ExportJob {
    /// Delivered, refused or stopped: nothing more will happen by itself.
    pub fn settled(&self) -> usize {
        let done = |item: &&ExportItem| {
            matches!(item.message_state, None | Some(MessageState::Delivered | MessageState::Parked))
        };
        self.items.iter().filter(done).count()
    }

    /// Delivered to the partner.
    pub fn delivered(&self) -> usize {
        self.items.iter().filter(|item| item.message_state == Some(MessageState::Delivered)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_stops_an_order_counts_once() {
        let finding = |check, outcome, line_number| Finding {
            check,
            outcome,
            code: None,
            line_number,
            params: BTreeMap::new(),
        };
        let findings = [
            finding(ExportCheck::LinesExact, Outcome::Overridable, Some(1)),
            finding(ExportCheck::Quantities, Outcome::Stops, Some(1)),
            finding(ExportCheck::LinesExact, Outcome::Overridable, Some(3)),
            finding(ExportCheck::Prices, Outcome::Warning, Some(2)),
            finding(ExportCheck::TokenValid, Outcome::Stops, None),
        ];
        assert_eq!(stopped_lines(&findings), 2);
        assert_eq!(stopped_lines(&findings[3..]), 0);
    }

    #[test]
    fn a_finding_carries_its_difference() {
        let number = |text: &str| text.parse().unwrap();
        let text = str::to_owned;
        let differences = [
            LineDifference::Price {
                ordered: "2.5".parse().unwrap(),
                ordered_base: number("1"),
                listed: "260".parse().unwrap(),
                base: number("100"),
            },
            LineDifference::Currency { ordered: text("NOK"), listed: text("EUR") },
            LineDifference::Unit { ordered: text("EA"), listed: text("MTR") },
            LineDifference::UnitConverted {
                ordered: text("CEN"),
                ordered_quantity: number("5"),
                listed: text("EA"),
                quantity: number("500"),
            },
            LineDifference::PackSize { pack_size: number("0.5"), below: None, above: Some(number("1")) },
            LineDifference::MinimumQuantity { minimum: number("20") },
            LineDifference::GoingOut,
            LineDifference::Discontinued,
            LineDifference::Replaced { by: text("B-2"), name: None },
            LineDifference::Replaced { by: text("B-2"), name: Some(text("Skrue")) },
        ];
        for difference in differences {
            assert_eq!(Finding::of_difference(&difference, 3).difference(), Some(difference));
        }
    }

    #[test]
    fn an_article_that_goes_out_is_no_fault_of_an_exact_line() {
        let out = LineDifference::GoingOut;
        let replaced = LineDifference::Replaced { by: "B-2".to_owned(), name: None };
        for difference in [out, LineDifference::Discontinued, replaced] {
            let finding = Finding::of_difference(&difference, 1);
            assert_eq!(finding.check, ExportCheck::StillSold);
            // Exports of before are read as they were written.
            let before = Finding { check: ExportCheck::LinesExact, ..finding };
            assert_eq!(before.difference(), Some(difference));
        }
        let inexact = Finding {
            check: ExportCheck::LinesExact,
            outcome: Outcome::Overridable,
            code: Some(ErrorCode::LinesNotExact),
            line_number: Some(1),
            params: BTreeMap::new(),
        };
        assert_eq!(inexact.difference(), None);
    }
}
