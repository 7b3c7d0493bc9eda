//! Who has an order open now.

use crate::ids::{OrderId, TabId, UserId};
use serde::{Deserialize, Serialize};

/// So often an open page says that it still is open, in seconds.
pub const HEARTBEAT_SECONDS: u32 = 20;
/// After so many seconds of silence a page counts as closed.
pub const SILENCE_SECONDS: i64 = 60;

/// A window in which somebody has the order open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub user_id: UserId,
    /// Tells windows of one person apart.
    pub tab: TabId,
    pub name: String,
}

/// Who has an order open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPresence {
    pub order_id: OrderId,
    pub present: Vec<Present>,
}

impl OrderPresence {
    /// The same without windows that are known to be gone. A closed window tells other windows sooner than the server, whose answer may
    /// be older than that.
    #[must_use]
    pub fn without(mut self, gone: &[TabId]) -> Self {
        self.present.retain(|present| !gone.contains(&present.tab));
        self
    }

    /// What the window `tab` is told: the names of others, once each, and whether its own person has the order open in another window as
    /// well. Nothing while the window itself is not known yet.
    pub fn seen_from(&self, tab: TabId) -> (Vec<String>, bool) {
        let Some(own) = self.present.iter().find(|present| present.tab == tab) else {
            return (Vec::new(), false);
        };
        let mut others: Vec<(UserId, String)> = Vec::new();
        let mut elsewhere = false;
        for present in &self.present {
            if present.user_id == own.user_id {
                elsewhere |= present.tab != tab;
            } else if !others.iter().any(|(known, _)| *known == present.user_id) {
                others.push((present.user_id, present.name.clone()));
            }
        }
        (others.into_iter().map(|(_, name)| name).collect(), elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_person_is_told_once_and_oneself_never() {
        let window = |person: u128, tab: u128, name: &str| Present {
            user_id: UserId(Uuid::from_u128(person)),
            tab: TabId(Uuid::from_u128(tab)),
            name: name.to_owned(),
        };
        let presence = OrderPresence {
            order_id: OrderId(Uuid::nil()),
            present: vec![
                window(1, 1, "Kari"),
                window(2, 2, "Ola"),
                window(2, 3, "Ola"),
                window(3, 4, "Per"),
            ],
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(presence.seen_from(TabId(Uuid::from_u128(1))), (names(&["Ola", "Per"]), false));
        assert_eq!(presence.seen_from(TabId(Uuid::from_u128(2))), (names(&["Kari", "Per"]), true));
        assert_eq!(presence.seen_from(TabId(Uuid::from_u128(9))), (Vec::new(), false));
        let left = presence.without(&[TabId(Uuid::from_u128(3)), TabId(Uuid::from_u128(4))]);
        assert_eq!(
            left.seen_from(TabId(Uuid::from_u128(2))),
            (names(&["Kari"]), false),
            "the other window went"
        );
    }
}
