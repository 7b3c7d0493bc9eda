//! Live updates: one stream a tab, opened again by ourselves, with the changed rows in it.
//!
//! A list asks for its rows once ([`live_list`]). Rows that change are put in place; new ones wait behind "3 nye – Vis", so that
//! nothing moves under the reader's finger. Where the stream cannot tell what changed, the page asks again ([`Live::resets`]).
//!
//! An answer takes time to arrive, and what happens meanwhile is told to a list that is not there yet. So a list remembers how far
//! the stream had come when it was asked for ([`asked`]), and hears again what was told since.

use domain::drafts::OrderDraftRow;
use domain::live::{LiveEvent, LiveRow};
use domain::orders::PurchaseOrderRow;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

#[cfg(feature = "hydrate")]
mod stream;

/// How fresh what the page shows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveState {
    /// No stream was asked for: no script, or nobody is signed in.
    Off,
    Connecting,
    /// *Direkte*.
    Direct,
    /// The server answers, but the stream does not come through: lists ask again every 20 seconds.
    Polling,
    /// *Frakoblet siden kl. …*.
    Offline {
        since: Timestamp,
    },
}

type Listener = (u64, Arc<dyn Fn(&LiveEvent) + Send + Sync>);

/// The stream of this tab. `App` gives one by context.
#[derive(Clone, Copy)]
pub struct Live {
    state: RwSignal<LiveState>,
    resets: RwSignal<u64>,
    listeners: StoredValue<Vec<Listener>>,
    next_listener: StoredValue<u64>,
    started: StoredValue<bool>,
    /// The newest events, oldest first.
    recent: StoredValue<VecDeque<LiveEvent>>,
}

/// Events that are kept for lists that are on their way.
#[cfg(any(feature = "hydrate", test))]
const KEPT: usize = 200;

/// An answer, with how far the stream had come when it was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked<T> {
    pub after: i64,
    pub answer: T,
}

/// Notes how far the stream has come, and asks. For the fetcher of a list's `Resource`.
pub fn asked<T>(live: Option<Live>, answer: impl Future<Output = T>) -> impl Future<Output = Asked<T>> {
    let after = live.map_or(0, Live::position);
    async move { Asked { after, answer: answer.await } }
}

/// Gives the stream by context; it opens when `Frame` knows who is signed in.
pub fn provide_live() {
    provide_context(Live {
        state: RwSignal::new(LiveState::Off),
        resets: RwSignal::new(0),
        listeners: StoredValue::new(Vec::new()),
        next_listener: StoredValue::new(0),
        started: StoredValue::new(false),
        recent: StoredValue::new(VecDeque::new()),
    });
}

/// The stream of this tab.
pub fn use_live() -> Option<Live> {
    use_context()
}

impl Live {
    /// Whether and since when there is a stream.
    pub fn state(self) -> Signal<LiveState> {
        self.state.into()
    }

    /// Rises when pages must ask again; use it in the source of a `Resource`.
    pub fn resets(self) -> Signal<u64> {
        self.resets.into()
    }

    /// Opens the stream after the position that the page was rendered at. Does nothing on the server or the second time.
    pub fn open(self, after: i64) {
        if self.started.get_value() {
            return;
        }
        self.started.set_value(true);
        #[cfg(feature = "hydrate")]
        stream::start(self, after);
        #[cfg(not(feature = "hydrate"))]
        let _ = after;
    }

    /// Calls back for every event until the calling component is gone.
    pub fn on_event(self, callback: impl Fn(&LiveEvent) + Send + Sync + 'static) {
        let number = self.next_listener.get_value();
        self.next_listener.set_value(number + 1);
        self.listeners.update_value(|listeners| listeners.push((number, Arc::new(callback))));
        on_cleanup(move || {
            self.listeners.try_update_value(|listeners| listeners.retain(|(known, _)| *known != number));
        });
    }

    /// The newest event that this tab was told of; 0 before the first.
    fn position(self) -> i64 {
        self.recent.with_value(|recent| recent.back().map_or(0, |event| event.position))
    }

    /// What was told after the position.
    fn told_since(self, position: i64) -> Vec<LiveEvent> {
        self.recent
            .with_value(|recent| recent.iter().filter(|event| event.position > position).cloned().collect())
    }

    #[cfg(any(feature = "hydrate", test))]
    fn tell(self, event: &LiveEvent) {
        self.recent.update_value(|recent| {
            if recent.len() == KEPT {
                recent.pop_front();
            }
            recent.push_back(event.clone());
        });
        // Copied out, since a listener may cause others to come and go.
        for (_, listener) in self.listeners.get_value() {
            listener(event);
        }
    }
}

/// A row that lists show and the stream carries.
pub trait ListRow: Clone + PartialEq + Send + Sync + 'static {
    /// The row in an event, when the event is about rows of this kind.
    fn pick(change: &LiveRow) -> Option<&Self>;
    /// What stays when the row changes.
    fn key(&self) -> String;
}

impl ListRow for PurchaseOrderRow {
    fn pick(change: &LiveRow) -> Option<&Self> {
        if let LiveRow::PurchaseOrder(row) = change { Some(row) } else { None }
    }

    fn key(&self) -> String {
        self.order_id.to_string()
    }
}

impl ListRow for OrderDraftRow {
    fn pick(change: &LiveRow) -> Option<&Self> {
        if let LiveRow::OrderDraft(row) = change { Some(row) } else { None }
    }

    fn key(&self) -> String {
        self.draft_id.to_string()
    }
}

/// One row on the screen: its key for `<For>`, and its value as a signal, so that a change redraws the row's words and nothing else.
#[derive(Clone)]
pub struct LiveCell<T: ListRow> {
    pub key: String,
    pub row: RwSignal<T>,
}

/// The rows of one list. Copy it freely.
pub struct LiveList<T: ListRow> {
    /// What is shown.
    pub cells: RwSignal<Vec<LiveCell<T>>>,
    fresh: RwSignal<Vec<T>>,
    /// The component that the list belongs to: rows that come later must live as long as the first ones, not as long as the
    /// event handler that lets them in.
    owner: StoredValue<Option<WeakOwner>>,
}

impl<T: ListRow> Clone for LiveList<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ListRow> Copy for LiveList<T> {}

impl<T: ListRow> LiveList<T> {
    /// How many new rows wait to be shown.
    pub fn fresh_count(self) -> usize {
        self.fresh.read().len()
    }

    /// Puts the new rows on top.
    pub fn show_fresh(self) {
        let owner = self.owner.with_value(|owner| owner.as_ref().and_then(WeakOwner::upgrade));
        let Some(owner) = owner else { return };
        let fresh = std::mem::take(&mut *self.fresh.write());
        let mut cells: Vec<LiveCell<T>> = owner.with(|| fresh.into_iter().map(cell).collect());
        self.cells.update(|shown| {
            cells.append(shown);
            *shown = cells;
        });
    }

    fn merge(self, row: &T, takes_new: &impl Fn(&T) -> bool) {
        let key = row.key();
        let shown =
            self.cells.with_untracked(|cells| cells.iter().find(|cell| cell.key == key).map(|cell| cell.row));
        if let Some(shown) = shown {
            if shown.with_untracked(|old| old != row) {
                shown.set(row.clone());
            }
            return;
        }
        let waiting = self.fresh.with_untracked(|fresh| fresh.iter().position(|known| known.key() == key));
        match waiting {
            Some(at) => self.fresh.update(|fresh| fresh[at] = row.clone()),
            None if takes_new(row) => self.fresh.update(|fresh| fresh.insert(0, row.clone())),
            None => {}
        }
    }
}

fn cell<T: ListRow>(row: T) -> LiveCell<T> {
    LiveCell { key: row.key(), row: RwSignal::new(row) }
}

/// The rows of a list, kept up to date from the position on that it was asked for at. `takes_new` says whether a row that was not
/// there belongs to the list as it is filtered and sorted; on any but the first page it should say no.
pub fn live_list<T: ListRow>(
    rows: Vec<T>,
    after: i64,
    takes_new: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> LiveList<T> {
    let list = LiveList {
        cells: RwSignal::new(rows.into_iter().map(cell).collect()),
        fresh: RwSignal::new(Vec::new()),
        owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
    };
    if let Some(live) = use_live() {
        let hear = Arc::new(move |event: &LiveEvent| {
            if let Some(row) = T::pick(&event.change) {
                list.merge(row, &takes_new);
            }
        });
        let heard = Arc::clone(&hear);
        let catch_up = move || live.told_since(after).iter().for_each(&*heard);
        // In the browser first what the server rendered, since the page is taken over from that; then what was told meanwhile.
        if cfg!(feature = "hydrate") {
            Effect::new(move |_| catch_up());
        } else {
            catch_up();
        }
        live.on_event(move |event| hear(event));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::DraftId;
    use domain::money::Money;

    fn row(id: u8, lines: i64) -> OrderDraftRow {
        OrderDraftRow {
            draft_id: DraftId(domain::ids::new_uuid(Timestamp(0), [id; 10])),
            number: String::new(),
            customer_name: String::new(),
            customer_order_number: String::new(),
            status: domain::drafts::DraftStatus::Received,
            line_count: lines,
            issue_count: 0,
            differing_count: 0,
            new_customer: false,
            currency: "NOK".to_owned(),
            net_total: Money(0),
            requested_delivery_date: None,
            received_at: Timestamp(0),
        }
    }

    #[test]
    fn changed_rows_stay_in_place_and_new_ones_wait() {
        let owner = Owner::new();
        owner.set();
        let list = live_list(vec![row(1, 1)], 0, |_| true);
        list.merge(&row(1, 7), &|_| true);
        assert_eq!(list.fresh_count(), 0);
        list.merge(&row(2, 1), &|_| true);
        list.merge(&row(2, 3), &|_| true);
        assert_eq!(list.fresh_count(), 1);
        list.show_fresh();
        assert_eq!(list.cells.with_untracked(|cells| cells[0].row.with_untracked(|row| row.line_count)), 3);
        list.merge(&row(3, 1), &|_| false);
        assert_eq!((list.fresh_count(), list.cells.with_untracked(Vec::len)), (0, 2));
        assert_eq!(list.cells.with_untracked(|cells| cells[1].row.with_untracked(|row| row.line_count)), 7);
    }
    #[test]
    fn a_list_hears_what_was_told_while_it_was_on_its_way() {
        let owner = Owner::new();
        owner.set();
        provide_live();
        let live = use_live().unwrap();
        let told = |position, row| live.tell(&LiveEvent { position, change: LiveRow::OrderDraft(row) });
        told(1, row(9, 1));
        let after = live.position();
        told(2, row(1, 5));
        told(3, row(2, 1));
        let list = live_list(vec![row(1, 1)], after, |_| true);
        told(4, row(3, 1));
        assert_eq!(list.fresh_count(), 2);
        assert_eq!(list.cells.with_untracked(|cells| cells[0].row.with_untracked(|row| row.line_count)), 5);
    }
}
