//! Who may do what: four roles, and the permissions that the table of rules names.

use serde::{Deserialize, Serialize};

/// What a person is in this company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Administrator,
    /// Innkjøper.
    Buyer,
    /// Selger.
    Seller,
    /// Leser.
    Reader,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Administrator, Self::Buyer, Self::Seller, Self::Reader];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Reader => "reader",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether the role holds the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{Purchase, Read, Sell, WriteRegisters};
        match self {
            Self::Administrator => true,
            Self::Buyer => matches!(permission, Read | Purchase | WriteRegisters),
            Self::Seller => matches!(permission, Read | Sell | WriteRegisters),
            Self::Reader => permission == Read,
        }
    }
}

/// A right that a route or a server function asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// See orders, drafts and registers.
    Read,
    /// Write and export purchase orders.
    Purchase,
    /// Link, approve and reject order drafts.
    Sell,
    /// Change articles and contacts.
    WriteRegisters,
    /// Extensions, API access, tokens, connections, users, the integration log.
    Administer,
}
