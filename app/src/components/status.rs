//! States as icon, word and colour, always all three. Words: `status.*`; icons and tones: here and nowhere else.

use domain::drafts::DraftStatus;
use domain::matching::{LineDifference, MatchLevel, MatchReason};
use domain::messages::MessageState;
use domain::orders::OrderStatus;
use domain::time::Timestamp;
use domain::units;
use leptos::prelude::*;

use super::Icon;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// How serious something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Ok,
    Info,
    Warning,
    Error,
}

impl Tone {
    /// The class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neu",
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warn",
            Self::Error => "err",
        }
    }

    /// The icon where nothing more telling is at hand.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Neutral => "dash",
            Self::Ok => "check",
            Self::Info => "info",
            Self::Warning => "warn",
            Self::Error => "stop",
        }
    }
}

/// A state in a table or beside a heading.
#[component]
pub fn Tag(
    #[prop(into)] text: String,
    #[prop(default = Tone::Neutral)] tone: Tone,
    #[prop(optional)] icon: Option<&'static str>,
) -> impl IntoView {
    view! {
        <span class=format!("tag {}", tone.class())>
            <Icon name=icon.unwrap_or(tone.icon())/>
            {text}
        </span>
    }
}

/// A state in running text.
#[component]
pub fn Note(
    #[prop(default = Tone::Neutral)] tone: Tone,
    #[prop(optional)] icon: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("note {}", tone.class())>
            <Icon name=icon.unwrap_or(tone.icon())/>
            <span>{children()}</span>
        </span>
    }
}

fn word(t: Texts, group: &str, code: &str) -> String {
    t.status(&format!("{group}.{code}")).unwrap_or_default().to_owned()
}

fn order_look(status: OrderStatus) -> (Tone, &'static str) {
    match status {
        OrderStatus::Draft => (Tone::Neutral, "pen"),
        OrderStatus::Ready => (Tone::Info, "okc"),
        OrderStatus::Exported => (Tone::Info, "up"),
        OrderStatus::Received => (Tone::Info, "inbox"),
        OrderStatus::InReview => (Tone::Info, "eye"),
        OrderStatus::Approved => (Tone::Ok, "check"),
        OrderStatus::ApprovedWithChanges => (Tone::Warning, "swap"),
        OrderStatus::Rejected => (Tone::Error, "x"),
        OrderStatus::Withdrawn => (Tone::Neutral, "undo"),
        OrderStatus::Cancelled => (Tone::Neutral, "x"),
        OrderStatus::Closed => (Tone::Neutral, "okc"),
    }
}

fn draft_look(status: DraftStatus) -> (Tone, &'static str) {
    match status {
        DraftStatus::Received => (Tone::Info, "inbox"),
        DraftStatus::InReview => (Tone::Info, "eye"),
        DraftStatus::Approved => (Tone::Ok, "check"),
        DraftStatus::ApprovedWithChanges => (Tone::Warning, "swap"),
        DraftStatus::Rejected => (Tone::Error, "x"),
        DraftStatus::Withdrawn => (Tone::Neutral, "undo"),
    }
}

fn message_look(state: MessageState) -> (Tone, &'static str) {
    match state {
        MessageState::Queued => (Tone::Info, "clock"),
        MessageState::Sending => (Tone::Info, "up"),
        MessageState::Delivered => (Tone::Ok, "check"),
        MessageState::Waiting => (Tone::Warning, "redo"),
        MessageState::Parked => (Tone::Error, "stop"),
    }
}

fn match_look(level: MatchLevel) -> (Tone, &'static str, &'static str) {
    match level {
        MatchLevel::Exact => (Tone::Ok, "check", "exact"),
        MatchLevel::Likely => (Tone::Warning, "help", "likely"),
        MatchLevel::Several => (Tone::Warning, "copy", "several"),
        MatchLevel::None => (Tone::Error, "stop", "none"),
        MatchLevel::NotChecked => (Tone::Neutral, "dash", "not_checked"),
    }
}

/// The status of a purchase order, as the buyer sees it.
#[component]
pub fn OrderTag(#[prop(into)] status: Signal<OrderStatus>) -> impl IntoView {
    let t = use_texts();
    move || {
        let (tone, icon) = order_look(status.get());
        view! { <Tag text=word(t, "order", status.get().as_str()) tone icon/> }
    }
}

/// The status of an order draft, as the supplier sees it.
#[component]
pub fn DraftTag(#[prop(into)] status: Signal<DraftStatus>) -> impl IntoView {
    let t = use_texts();
    move || {
        let (tone, icon) = draft_look(status.get());
        view! { <Tag text=word(t, "draft", status.get().as_str()) tone icon/> }
    }
}

/// Where the message that carries something is.
#[component]
pub fn MessageTag(
    #[prop(into)] state: Signal<MessageState>,
    /// When it is tried again, when it waits.
    #[prop(optional, into)]
    next_attempt_at: Signal<Option<Timestamp>>,
    /// It waits until the connection, which is stopped, has been tested.
    #[prop(optional, into)]
    held: Signal<bool>,
) -> impl IntoView {
    let t = use_texts();
    move || {
        let (tone, icon) = message_look(state.get());
        let text = match (state.get(), next_attempt_at.get()) {
            _ if held.get() => t.message_held().to_owned(),
            (MessageState::Waiting, Some(at)) => t.message_waiting_until(format::time(at, t.language())),
            (state, _) => word(t, "message", state.as_str()),
        };
        view! { <Tag text tone icon/> }
    }
}

/// How well a line is understood by the supplier.
#[component]
pub fn MatchBadge(#[prop(into)] level: Signal<MatchLevel>) -> impl IntoView {
    let t = use_texts();
    move || {
        let (tone, icon, code) = match_look(level.get());
        view! { <Tag text=word(t, "match", code) tone icon/> }
    }
}

/// Why a line has its level, in words. `partner` names the supplier where it is known.
pub fn reason_text(t: Texts, reason: &MatchReason, partner: Option<&str>) -> String {
    match reason {
        MatchReason::SameNumber => t.match_same_number().to_owned(),
        MatchReason::Linked => t.match_linked().to_owned(),
        MatchReason::SameGtin { number } => t.match_same_gtin(number),
        MatchReason::LookAlike { number } => t.match_look_alike(number),
        MatchReason::LeadingZeros { number } => t.match_leading_zeros(number),
        MatchReason::Punctuation { number } => t.match_punctuation(number),
        MatchReason::SeveralFit { count } => t.match_several_fit(i64::try_from(*count).unwrap_or(i64::MAX)),
        MatchReason::NumberMissing => t.match_number_missing().to_owned(),
        MatchReason::NotFound => match partner {
            Some(partner) => t.match_not_found_at(partner),
            None => t.match_not_found().to_owned(),
        },
        MatchReason::CatalogueMissing => t.match_catalogue_missing().to_owned(),
        MatchReason::Confirmed { by, at } => t.match_confirmed(by, format::day(*at, t.language())),
        MatchReason::OneLetter { number } => t.match_one_letter(number),
        MatchReason::Contained { number } => t.match_contained(number),
        MatchReason::NameAlike { name } => t.match_name_alike(name),
        MatchReason::LastChecked { at } => t.match_last_checked(format::day(*at, t.language())),
    }
}

/// Why a line has its level: every reason, the most telling first.
pub fn reasons_text(t: Texts, reasons: &[MatchReason], partner: Option<&str>) -> String {
    reasons.iter().map(|reason| reason_text(t, reason, partner)).collect::<Vec<_>>().join(" · ")
}

/// What differs between a line and the article it means, in words.
pub fn difference_text(t: Texts, difference: &LineDifference) -> String {
    let language = t.language();
    match difference {
        LineDifference::Price { ordered, ordered_base, listed, base } => t.match_price_differs(
            format::price_per(t, *ordered, *ordered_base),
            format::price_per(t, *listed, *base),
        ),
        LineDifference::Currency { ordered, listed } => t.match_currency_differs(ordered, listed),
        LineDifference::Unit { ordered, listed } => {
            t.match_unit_differs(units::label(ordered, language), units::label(listed, language))
        }
        LineDifference::UnitConverted { ordered, ordered_quantity, listed, quantity } => t
            .match_unit_converted(
                format::quantity_with_unit(*ordered_quantity, ordered, language),
                format::quantity_with_unit(*quantity, listed, language),
            ),
        LineDifference::PackSize { pack_size, below, above } => {
            let pack = format::quantity(*pack_size, language);
            match (below, above) {
                (Some(below), Some(above)) => t.match_pack_size_between(
                    pack,
                    format::quantity(*below, language),
                    format::quantity(*above, language),
                ),
                (_, Some(near)) | (Some(near), None) => {
                    t.match_pack_size_near(pack, format::quantity(*near, language))
                }
                (None, None) => t.match_pack_size(pack),
            }
        }
        LineDifference::MinimumQuantity { minimum } => {
            t.match_minimum_quantity(format::quantity(*minimum, language))
        }
        LineDifference::GoingOut => t.match_going_out().to_owned(),
        LineDifference::Discontinued => t.match_discontinued().to_owned(),
        LineDifference::Replaced { by, name } => match name {
            Some(name) => t.match_replaced_named(by, name),
            None => t.match_replaced(by),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn every_state_has_a_word() {
        let t = Texts::new(Language::Nb);
        let codes = OrderStatus::ALL.map(|status| ("order", status.as_str())).into_iter();
        let codes = codes.chain(DraftStatus::ALL.map(|status| ("draft", status.as_str())));
        let codes = codes.chain(MessageState::ALL.map(|state| ("message", state.as_str())));
        let codes =
            codes.chain(["exact", "likely", "several", "none", "not_checked"].map(|level| ("match", level)));
        for (group, code) in codes {
            assert!(!word(t, group, code).is_empty(), "status.{group}.{code}");
        }
    }
}
