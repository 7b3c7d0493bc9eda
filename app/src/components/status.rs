//! States as icon, word and colour, always all three. Words: `status.*`; icons and tones: here and nowhere else.

use domain::drafts::DraftStatus;
use domain::matching::{FarOff, LineDifference, MatchLevel, MatchReason};
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
        MatchReason::Swapped { number } => t.match_swapped(number),
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
        LineDifference::Price { ordered, ordered_base, listed, base } => {
            let ordered = format::price_per(t, *ordered, *ordered_base);
            let listed = format::price_per(t, *listed, *base);
            match difference.far_off() {
                Some(FarOff::Above(times)) => {
                    t.match_price_far_above(format::whole(times, language), ordered, listed)
                }
                Some(FarOff::Below(times)) => t.match_price_far_below(part_text(t, times), ordered, listed),
                None => t.match_price_differs(ordered, listed),
            }
        }
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

/// A difference where it stands at its line: small, and loud where it is a price that must not go through unseen.
pub fn difference_view(t: Texts, difference: &LineDifference) -> AnyView {
    let text = difference_text(t, difference);
    if difference.is_far_off() {
        view! { <p class="errmsg" data-test="far-off"><Icon name="warn"/>{text}</p> }.into_any()
    } else {
        view! { <small>{text}</small> }.into_any()
    }
}

/// "en hundredel": the one of so many parts.
pub fn part_text(t: Texts, times: i64) -> String {
    match times {
        10 => t.match_tenth().to_owned(),
        100 => t.match_hundredth().to_owned(),
        1_000 => t.match_thousandth().to_owned(),
        _ => t.match_part_of(format::whole(times, t.language())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_price_far_off_is_told_otherwise_than_a_difference() {
        let t = Texts::new(Language::Nb);
        let told = |ordered: &str, listed: &str| {
            let one = "1".parse().unwrap();
            let (ordered, listed) = (ordered.parse().unwrap(), listed.parse().unwrap());
            difference_text(t, &LineDifference::Price { ordered, ordered_base: one, listed, base: one })
        };
        let asks = |ordered: &str, listed: &str, words: &str| {
            let question = "Står kommaet feil, eller gjelder prisen et annet antall?";
            assert_eq!(told(ordered, listed), format!("Prisen er {words}. {question}"));
        };
        asks("490", "4.9", "100 ganger katalogprisen: 490,00 mot 4,90");
        asks("4.9", "490", "en hundredel av katalogprisen: 4,90 mot 490,00");
        asks("1", "37.2", "1/37 av katalogprisen: 1,00 mot 37,20");
        assert_eq!(told("9.99", "1"), "Pris 9,99 mot 1,00 i leverandørens liste");
    }

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

    #[test]
    fn changed_places_are_told_as_what_they_are() {
        let number = || "10520".to_owned();
        let told = |language, reason| reason_text(Texts::new(language), &reason, None);
        let swapped = told(Language::Nb, MatchReason::Swapped { number: number() });
        assert_eq!(swapped, "To tegn har byttet plass, leverandøren har 10520");
        assert_ne!(swapped, told(Language::Nb, MatchReason::OneLetter { number: number() }));
        assert!(told(Language::En, MatchReason::Swapped { number: number() }).starts_with("Two characters"));
    }
}
