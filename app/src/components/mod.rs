//! The parts that pages are made of. Markup and class names follow `style/components/`.

mod button;
mod chrome;
mod commands;
mod empty;
mod feedback;
mod field;
mod filters;
mod form;
mod fragment;
mod frame;
mod icon;
mod keys;
mod looks;
mod menu;
mod page;
mod pager;
mod palette;
mod secret;
mod selection;
mod shortcut;
mod status;
mod summary;
mod table;
mod tabs;
mod timeline;
mod toolbar;
mod undone;
mod why;

pub use button::{BusyButton, LinkButton};
pub use chrome::PlainFrame;
pub use commands::{Command, Leads, answering, found, local, may_see};
pub use empty::{EmptyKind, EmptyState};
pub use feedback::{Alert, Loading, NewRows, PageFault, Receipt, who_gives_access};
pub use field::{Choice, Field, FieldKind, HiddenField, Select, SelectOption, TextArea};
pub use filters::{ChosenFilters, FilterDate, FilterFields, FilterSelect, FilterSwitch};
pub use form::{FormErrors, FormState, PageRefused, field_id};
pub use fragment::go_to_fragment;
pub use frame::Frame;
pub use icon::Icon;
pub use keys::KeyTables;
pub use looks::ListLooks;
pub use page::{Crumb, Crumbs, PageHead};
pub use pager::{Pager, page_sizes};
pub use secret::{CopyAddress, CopyButton, SecretField, SecretValue, copy_address};
pub use selection::{PickPage, Selection};
pub use shortcut::{list_keys, mark_row_again, on_keys, on_letters, press_at, press_in_row};
pub use status::{
    DraftTag, MatchBadge, MessageTag, Note, OrderTag, Tag, Tone, difference_text, difference_view, part_text,
    reasons_text,
};
pub use summary::{DefinitionList, Progress, Total, Totals};
pub use table::{Cell, Column, DataTable, Row, TitleCell};
pub use tabs::{Tab, ViewTabs};
pub use timeline::{Timeline, TimelineItem};
pub use toolbar::SearchBar;
pub(crate) use toolbar::go_where_the_form_says;
pub use undone::{UndoneReceipt, given_back_query};
pub use why::{FormLinePlace, LinkReceipt, WhyPanel, compared, link_fields};

use leptos::prelude::*;

/// False on the server and while the page is taken over, true from then on: for controls that need a script.
pub fn use_mounted() -> ReadSignal<bool> {
    let (mounted, set_mounted) = signal(false);
    Effect::new(move |_| set_mounted.set(true));
    mounted
}
