//! What is known of the lines of the orders that are shown, kept up to date while the list is open.

use std::collections::{HashMap, HashSet};

use domain::ids::OrderId;
use domain::orders::{ExactLines, PurchaseOrderRow};
use leptos::prelude::*;

use crate::api::order_batches::count_exact_lines;
use crate::live::{ListRow, LiveCell, use_live};

/// How long changes gather before their lines are looked at again.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(500);

/// What was found of the lines of the orders that are shown. An order among them that changes while the list is open is looked at again,
/// and so is one that comes into it; a burst of changes is asked about once.
pub(super) fn known_matches(
    exact: Vec<ExactLines>,
    cells: RwSignal<Vec<LiveCell<PurchaseOrderRow>>>,
) -> RwSignal<Vec<ExactLines>> {
    let exact = RwSignal::new(exact);
    let Some(live) = use_live() else { return exact };
    let asking = StoredValue::new(Asking::default());
    let ask = move || {
        let Some((question, order_ids)) = asking.try_update_value(Asking::ask) else { return };
        leptos::task::spawn_local(async move {
            let Ok(found) = count_exact_lines(order_ids.clone()).await else { return };
            let newest = asking.try_with_value(|asking| asking.newest_of(question, &order_ids));
            let Some(newest) = newest.filter(|newest| !newest.is_empty()) else { return };
            exact.try_update(|exact| put_in(exact, &newest, found));
        });
    };
    let look_again = move |order_id| {
        if asking.try_update_value(|asking| asking.note(order_id)) == Some(true) {
            set_timeout(ask, LOOK_AGAIN);
        }
    };
    live.on_event(move |event| {
        let changed = PurchaseOrderRow::pick(&event.change).filter(|row| row.status.is_editable());
        let Some(changed) = changed else { return };
        let key = changed.key();
        if cells.with_untracked(|cells| cells.iter().any(|cell| cell.key == key)) {
            look_again(changed.order_id);
        }
    });
    // What is let in, and what changed before the list was there, is not known either.
    Effect::new(move |_| {
        let rows: Vec<_> = cells.with(|cells| cells.iter().map(|cell| cell.row.get_untracked()).collect());
        let unknown = rows.iter().filter(|row| row.status.is_editable());
        exact.with_untracked(|exact| {
            let is_unknown = |row: &&PurchaseOrderRow| known(exact, row).is_none();
            unknown.filter(is_unknown).for_each(|row| look_again(row.order_id));
        });
    });
    exact
}

/// What was found of the order as it is now.
pub(super) fn known<'e>(exact: &'e [ExactLines], row: &PurchaseOrderRow) -> Option<&'e ExactLines> {
    exact.iter().find(|lines| lines.order_id == row.order_id && lines.updated_at == row.updated_at)
}

/// Which orders are to be asked about, and which question about each was the last.
#[derive(Default)]
struct Asking {
    changed: HashSet<OrderId>,
    asked: HashMap<OrderId, u64>,
    questions: u64,
}

impl Asking {
    /// Notes that the order is to be asked about. `true` when it is the first since the last question.
    fn note(&mut self, order_id: OrderId) -> bool {
        self.changed.insert(order_id) && self.changed.len() == 1
    }

    /// The next question, and the orders that it is about.
    fn ask(&mut self) -> (u64, Vec<OrderId>) {
        self.questions += 1;
        let order_ids: Vec<OrderId> = self.changed.drain().collect();
        self.asked.extend(order_ids.iter().map(|order_id| (*order_id, self.questions)));
        (self.questions, order_ids)
    }

    /// Those of the question's orders that no later question was about.
    fn newest_of(&self, question: u64, order_ids: &[OrderId]) -> HashSet<OrderId> {
        order_ids.iter().copied().filter(|order_id| self.asked.get(order_id) == Some(&question)).collect()
    }
}

/// Puts what was found of some orders in the place of what was known of them.
fn put_in(exact: &mut Vec<ExactLines>, of: &HashSet<OrderId>, found: Vec<ExactLines>) {
    exact.retain(|lines| !of.contains(&lines.order_id));
    exact.extend(found.into_iter().filter(|lines| of.contains(&lines.order_id)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::new_uuid;
    use domain::time::Timestamp;

    fn id(of: u8) -> OrderId {
        OrderId(new_uuid(Timestamp(0), [of; 10]))
    }

    fn lines(of: u8, exact: i64) -> ExactLines {
        ExactLines {
            order_id: id(of),
            updated_at: Timestamp(0),
            exact,
            lines: 9,
            is_checked: true,
            stop: None,
        }
    }

    #[test]
    fn only_what_changed_is_asked_about_and_the_newest_answer_stands() {
        let mut asking = Asking::default();
        assert!(asking.note(id(1)));
        assert!(!asking.note(id(2)), "a burst is one question");
        assert!(!asking.note(id(1)));
        let (first, mut about) = asking.ask();
        about.sort();
        assert_eq!(about, [id(1), id(2)]);
        assert!(asking.note(id(1)));
        let (second, again) = asking.ask();
        assert_eq!(again, [id(1)]);

        let mut exact = vec![lines(1, 0), lines(2, 0), lines(3, 0)];
        let newest = asking.newest_of(second, &again);
        put_in(&mut exact, &newest, vec![lines(1, 7)]);
        // The older answer comes last, and is of use for the other order alone, which cannot be changed any more.
        let newest = asking.newest_of(first, &about);
        put_in(&mut exact, &newest, vec![lines(1, 5)]);
        let known: Vec<_> = exact.iter().map(|lines| (lines.order_id, lines.exact)).collect();
        assert_eq!(known, [(id(3), 0), (id(1), 7)]);
    }
}
