//! *Ordre > Innkjøpsordre*: the list, the form, and one order.

mod article_panel;
mod autosave;
mod batch;
mod catalogue;
mod checking;
mod chooser;
mod clipboard;
mod combobox;
mod conflict;
mod copied;
mod detail;
mod device;
mod dom;
mod edit;
mod faults;
mod form_state;
mod go_to_line;
mod grid;
mod grid_keys;
mod head;
mod history;
mod hits;
mod judging;
mod line_faults;
mod line_mark;
mod line_sheet;
mod lines;
mod list;
mod match_cell;
mod number_left;
mod paste;
mod paste_bases;
mod paste_dialog;
mod paste_preview;
mod paste_result;
mod paste_rows;
mod paste_source;
mod paste_taken;
mod presence;
mod previous;
mod previous_dialog;
mod print;
mod ready;
mod restore;
mod save_state;
mod sent;
mod steps;
mod strip;
mod sums;
#[cfg(any(feature = "hydrate", test))]
mod tabs;
mod templates;
mod typed;
mod unread;
mod whole_pieces;

pub use batch::{OrderBatchPage, PickedOrdersPage, deleted_href};
pub use conflict::OrderConflictPage;
pub use detail::OrderPage;
pub use device::forget_kept_orders;
pub use edit::{EditOrderPage, NewOrderPage};
pub(crate) use list::chosen_view_text;
pub use list::{OrdersPage, view_of};
pub use paste::PasteLinesPage;
pub use previous::PreviousLinesPage;
pub use print::PrintOrdersPage;
pub use templates::TemplatesPage;
pub use typed::line_facts;
pub(crate) use unread::sum_text;

use domain::ids::{ConflictId, OrderBatchId, OrderId};

use crate::components::Crumb;
use crate::i18n::Texts;

/// The path of the list.
pub const PATH: &str = "/ordre/innkjopsordre";
/// The path of *Maler*.
pub const TEMPLATES_PATH: &str = "/ordre/maler";
/// The page that asks before something is done with many orders.
pub(crate) const PICKED_PATH: &str = "/ordre/innkjopsordre/valgte";
/// The page of orders to be printed.
pub(crate) const PRINT_PATH: &str = "/ordre/innkjopsordre/utskrift";
/// Lines of an order form that nobody has typed into.
pub const EMPTY_LINES: usize = 5;

/// The address of an order. Numbers are ours, letters, digits and hyphens, and stand in an address as they are.
pub fn order_href(number: &str) -> String {
    format!("{PATH}/{number}")
}

/// The address of an order's form.
pub fn edit_href(number: &str) -> String {
    format!("{}/rediger", order_href(number))
}

/// The page on which rows are pasted into an order.
pub fn paste_href(number: &str) -> String {
    format!("{}/lim-inn", order_href(number))
}

/// The page on which lines of an order before are fetched into an order.
pub fn previous_href(number: &str) -> String {
    format!("{}/forrige", order_href(number))
}

/// The page on which somebody chooses between what was typed and what others have saved.
pub fn conflict_href(number: &str, conflict_id: Option<ConflictId>) -> String {
    let id = conflict_id.map(|id| id.to_string()).unwrap_or_default();
    format!("{}/konflikt?id={id}", order_href(number))
}

/// The export page with one order chosen.
pub fn export_href(order_id: OrderId) -> String {
    format!("{}?ordre={order_id}", crate::pages::export::PATH)
}

/// What came of something that was done with many orders.
pub fn batch_href(batch_id: OrderBatchId) -> String {
    format!("{PICKED_PATH}/{batch_id}")
}

/// The menu path, with pages under the list.
fn crumbs(t: Texts, below: Vec<Crumb>) -> Vec<Crumb> {
    let mut path = vec![Crumb::text(t.nav_orders())];
    if below.is_empty() {
        path.push(Crumb::text(t.nav_purchase_orders()));
    } else {
        path.push(Crumb::link(t.nav_purchase_orders(), PATH));
        path.extend(below);
    }
    path
}
