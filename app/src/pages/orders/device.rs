//! What was typed and is not at the server yet, kept in the browser: for a crash, a dead battery, and the time without a network.
//! It is a handful of texts under one prefix, gone when they are saved and when the person signs out.

use domain::orders::OrderInput;
use serde::{Deserialize, Serialize};

/// What all keys begin with.
const PREFIX: &str = "prodsys.order.";
/// Set when the strip of keys is put away. It is not the order of anybody.
const STRIP: &str = "prodsys.keys.hidden";
/// Orders that are kept for one person; the oldest give way.
#[cfg(any(feature = "hydrate", test))]
const MAX_KEPT: usize = 8;

/// An order as it stood in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// As it was saved last, to compare with what the server has by now.
    pub base: OrderInput,
    /// As it stood in the form.
    pub input: OrderInput,
    /// Rises with every order that is kept.
    pub turn: u64,
    /// The order's number; none before it was saved once.
    pub number: Option<String>,
}

impl Kept {
    /// How many lines stand here that were not saved. The server writes a saved line in its own way, so a line that stands as it
    /// was sent counts as saved as well.
    pub(super) fn unsaved_lines(&self, saved: &OrderInput) -> usize {
        let lines = self.input.lines.iter().filter(|line| !line.is_empty());
        let known = |line| {
            [saved, &self.base].iter().any(|order| order.lines.iter().any(|known| is_same(known, line)))
        };
        lines.filter(|line| !known(line)).count()
    }

    /// Says something else than the order.
    pub(super) fn differs_from(&self, saved: &OrderInput) -> bool {
        let head = |input: &OrderInput| OrderInput { lines: Vec::new(), ..input.clone() };
        let filled = |input: &OrderInput| input.lines.iter().filter(|line| !line.is_empty()).count();
        self.unsaved_lines(saved) > 0
            || filled(&self.input) != filled(saved)
            || head(&self.input) != head(saved)
    }
}

fn is_same(one: &domain::orders::OrderLineInput, other: &domain::orders::OrderLineInput) -> bool {
    domain::orders::sheet::Column::ALL.iter().all(|column| column.of(one).trim() == column.of(other).trim())
}

/// Where the order of a person is kept; a new order has no number yet.
pub(super) fn key(person: &str, number: Option<&str>) -> String {
    format!("{PREFIX}{person}.{}", number.unwrap_or("new"))
}

/// What is kept there.
pub(super) fn read(key: &str) -> Option<Kept> {
    serde_json::from_slice(storage::get(key)?.as_bytes()).ok()
}

/// Keeps it. Says whether there was room.
pub(super) fn write(key: &str, mut kept: Kept) -> bool {
    let others = storage::keys(PREFIX);
    let turns: Vec<(u64, &String)> = others
        .iter()
        .filter(|other| *other != key)
        .map(|other| (read(other).map_or(0, |kept| kept.turn), other))
        .collect();
    kept.turn = turns.iter().map(|(turn, _)| turn + 1).max().unwrap_or_default();
    make_room(turns);
    serde_json::to_string(&kept).is_ok_and(|text| storage::set(key, &text))
}

#[cfg(any(feature = "hydrate", test))]
fn make_room(mut turns: Vec<(u64, &String)>) {
    turns.sort();
    let too_many = (turns.len() + 1).saturating_sub(MAX_KEPT);
    for (_, oldest) in turns.into_iter().take(too_many) {
        storage::remove(oldest);
    }
}

#[cfg(not(any(feature = "hydrate", test)))]
fn make_room(_: Vec<(u64, &String)>) {}

/// Whether the person has put the strip of keys away on this device.
pub(super) fn is_strip_hidden() -> bool {
    storage::get(STRIP).is_some()
}

/// Puts the strip of keys away on this device.
pub(super) fn hide_strip() {
    storage::set(STRIP, "1");
}

/// Forgets one order: it is saved, or the person let it go.
pub(super) fn forget(key: &str) {
    storage::remove(key);
}

/// Forgets everything: whoever signs in next here is somebody else.
pub fn forget_kept_orders() {
    for key in storage::keys(PREFIX) {
        storage::remove(&key);
    }
}

#[cfg(all(feature = "hydrate", not(test)))]
pub(super) mod storage {
    use leptos::prelude::window;

    fn storage() -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    pub fn get(key: &str) -> Option<String> {
        storage()?.get_item(key).ok().flatten()
    }

    pub fn set(key: &str, text: &str) -> bool {
        storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
    }

    pub fn remove(key: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(key);
        }
    }

    pub fn keys(prefix: &str) -> Vec<String> {
        let Some(storage) = storage() else { return Vec::new() };
        let all = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten());
        all.filter(|key| key.starts_with(prefix)).collect()
    }
}

/// The server keeps nothing; tests have a storage of their own.
#[cfg(any(not(feature = "hydrate"), test))]
pub(super) mod storage {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    thread_local! {
        static KEPT: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    }

    pub fn get(key: &str) -> Option<String> {
        KEPT.with_borrow(|kept| kept.get(key).cloned())
    }

    pub fn set(key: &str, text: &str) -> bool {
        if cfg!(test) {
            KEPT.with_borrow_mut(|kept| kept.insert(key.to_owned(), text.to_owned()));
        }
        cfg!(test)
    }

    pub fn remove(key: &str) {
        KEPT.with_borrow_mut(|kept| kept.remove(key));
    }

    pub fn keys(prefix: &str) -> Vec<String> {
        KEPT.with_borrow(|kept| kept.keys().filter(|key| key.starts_with(prefix)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use domain::orders::OrderLineInput;

    use super::*;

    fn order(numbers: &[&str]) -> OrderInput {
        let line = |number: &&str| OrderLineInput {
            article_number: (*number).to_owned(),
            ..OrderLineInput::default()
        };
        OrderInput { lines: numbers.iter().map(line).collect(), ..OrderInput::default() }
    }

    fn kept(numbers: &[&str]) -> Kept {
        Kept { base: OrderInput::default(), input: order(numbers), turn: 0, number: None }
    }

    #[test]
    fn what_is_not_saved_is_counted() {
        let one = kept(&["A", "B", "", "C"]);
        assert_eq!(one.unsaved_lines(&order(&["A"])), 2);
        assert!(one.differs_from(&order(&["A"])));
        assert!(!one.differs_from(&order(&["A", "B", "C"])), "empty lines are nothing");
        assert!(kept(&["A"]).differs_from(&order(&["A", "B"])), "a line that was taken out is a change");
    }

    #[test]
    fn the_oldest_orders_give_way_and_signing_out_forgets_all() {
        let keys: Vec<String> = (0..12).map(|number| key("Kari", Some(&number.to_string()))).collect();
        for at in &keys {
            assert!(write(at, kept(&["A"])));
        }
        assert_eq!(keys.iter().filter(|at| read(at).is_some()).count(), MAX_KEPT);
        assert!(read(&keys[11]).is_some() && read(&keys[3]).is_none());
        forget(&keys[11]);
        assert_eq!(read(&keys[11]), None);
        forget_kept_orders();
        assert!(keys.iter().all(|at| read(at).is_none()));
    }
}
