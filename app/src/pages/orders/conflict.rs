//! Two wrote something else in the same field: which of the two is kept.

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::orders::{Conflict, OrderConflict, OrderInput, OrderLineInput};
use domain::time::CalendarDate;
use domain::units;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{crumbs, edit_href, order_href};
use crate::api::orders::{ResolveOrderConflict, read_order_conflict};
use crate::components::{
    Alert, BusyButton, Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, PageHead, Tone,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::session::use_shell;

/// The page `/ordre/innkjopsordre/:nr/konflikt`.
#[component]
pub fn OrderConflictPage() -> impl IntoView {
    let query = use_query_map();
    let id = Memo::new(move |_| query.with(|query| query.get("id").unwrap_or_default()));
    let resolve = ServerAction::<ResolveOrderConflict>::new();
    let conflict =
        PageData::new(move || (id.get(), resolve.version().get()), |(id, _)| read_order_conflict(id));
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(conflict.await, |conflict| view! { <Chooser conflict resolve/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Chooser(conflict: OrderConflict, resolve: ServerAction<ResolveOrderConflict>) -> impl IntoView {
    let t = use_texts();
    let me = use_shell().user.map(|user| user.name).unwrap_or_default();
    let whose = Whose::of(&conflict.by, &me);
    let path = vec![
        Crumb::link(conflict.number.clone(), order_href(&conflict.number)),
        Crumb::text(t.order_conflict_title()),
    ];
    let conflict_id = conflict.conflict_id.map(|id| id.to_string()).unwrap_or_default();
    let version = conflict.version;
    let edit = edit_href(&conflict.number);
    let choices = choices(t, &conflict, &whose);
    let busy = FormState::of(resolve).busy();
    view! {
        <Crumbs path=crumbs(t, path)/>
        <PageHead title=t.order_conflict_title()/>
        <Alert tone=Tone::Warning title=whose.saved(t) text=whose.what_is_asked(t)/>
        <FormErrors form=FormState::of(resolve)/>
        <ActionForm action=resolve attr:class="stack" attr:data-test="conflict">
            <HiddenField name="conflict_id" value=conflict_id/>
            <HiddenField name="version" value=version.to_string()/>
            {choices}
            <div class="row">
                <BusyButton kind="p" busy>{t.order_conflict_save()}</BusyButton>
                <LinkButton href=edit kind="q">{t.order_conflict_discard()}</LinkButton>
            </div>
        </ActionForm>
    }
}

/// Whose changes are in the way: others', by their names, and what the person wrote in another window.
pub(super) struct Whose {
    names: String,
    is_own: bool,
}

impl Whose {
    /// `me` is who sits here. What is kept of a saving is a name, so that two with the same name are one here.
    pub(super) fn of(by: &[String], me: &str) -> Self {
        let is_me = |name: &str| !me.is_empty() && name == me;
        let others = by.iter().map(String::as_str).filter(|name| !name.is_empty() && !is_me(name));
        Self { names: others.collect::<Vec<_>>().join(", "), is_own: by.iter().any(|name| is_me(name)) }
    }

    /// Others' names, and nothing of one's own.
    pub(super) fn others(self) -> String {
        self.names
    }

    fn named(&self, t: Texts) -> String {
        match (self.names.as_str(), self.is_own) {
            ("", _) => t.order_conflict_somebody().to_owned(),
            (names, true) => t.order_conflict_and_own(names),
            (names, false) => names.to_owned(),
        }
    }

    fn is_only_own(&self) -> bool {
        self.is_own && self.names.is_empty()
    }

    /// «Ola Bakke lagret mens du skrev».
    pub(super) fn saved(&self, t: Texts) -> String {
        if self.is_only_own() {
            t.order_conflict_by_own().to_owned()
        } else {
            t.order_conflict_by(self.named(t))
        }
    }

    pub(super) fn what_is_asked(&self, t: Texts) -> &'static str {
        if self.is_only_own() { t.order_conflict_text_own() } else { t.order_conflict_text() }
    }

    /// «Ola Bakke skrev:».
    fn wrote(&self, t: Texts) -> String {
        if self.is_only_own() {
            t.order_conflict_theirs_own().to_owned()
        } else {
            t.order_conflict_theirs(self.named(t))
        }
    }
}

/// A choice for each place. What was typed is chosen until something else is.
pub(super) fn choices(t: Texts, conflict: &OrderConflict, whose: &Whose) -> Vec<AnyView> {
    let places = conflict.merged.conflicts.iter().enumerate();
    places
        .map(|(index, place)| {
            let name = format!("choices[{index}]");
            let title = place_text(t, &place.pointer, &conflict.merged.input);
            let mine = value_text(t, place, &place.mine, conflict);
            let theirs = value_text(t, place, &place.theirs, conflict);
            let take = format!("theirs:{}", place.pointer);
            view! {
                <fieldset class="card" data-test="choice">
                    <legend>{title}</legend>
                    <label class="choice">
                        <input type="radio" name=name.clone() value="mine" checked=true/>
                        <span>{t.order_conflict_mine()}" "<strong>{mine}</strong></span>
                    </label>
                    <label class="choice">
                        <input type="radio" name=name value=take/>
                        <span>{whose.wrote(t)}" "<strong>{theirs}</strong></span>
                    </label>
                </fieldset>
            }
            .into_any()
        })
        .collect()
}

/// What a place is called: "Linje 4, Antall (10250, Sekskantskrue)".
fn place_text(t: Texts, pointer: &str, input: &OrderInput) -> String {
    match pointer.split('/').collect::<Vec<_>>()[..] {
        ["", "lines", at] => t.order_conflict_line(line_number(at)),
        ["", "lines", at, field] => {
            let line = at.parse().ok().and_then(|at: usize| input.lines.get(at));
            let summary = line.map(|line| shown_line(t, line)).unwrap_or_default();
            format!("{} ({summary})", t.form_in_line(line_number(at), t.label(field).unwrap_or_default()))
        }
        ["", field] => t.label(field).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn line_number(at: &str) -> usize {
    at.parse::<usize>().map_or(1, |at| at + 1)
}

/// What somebody wrote there, as it is shown elsewhere. A line that one took away is told as that.
fn value_text(t: Texts, place: &Conflict, value: &str, conflict: &OrderConflict) -> String {
    let (place_of_field, field) = place.pointer.rsplit_once('/').unwrap_or_default();
    let is_line = place_of_field == "/lines";
    let supplier = conflict.suppliers.iter().find(|(id, _)| place.pointer == "/supplier_id" && id == value);
    match (value, supplier) {
        ("", _) if is_line => t.order_conflict_removed().to_owned(),
        ("", _) => t.order_conflict_empty().to_owned(),
        (_, Some((_, name))) => name.clone(),
        (value, None) if is_line => {
            // Whoever kept the line has written what stands there.
            let line = field.parse().ok().and_then(|at: usize| conflict.merged.input.lines.get(at));
            line.map_or_else(|| value.to_owned(), |line| shown_line(t, line))
        }
        (value, None) => shown_value(t, field, value),
    }
}

/// The text of a field as it is shown where nobody types: `stk.` and not `EA`, `1 000` and not `1000`. What cannot be read stays as it was
/// typed.
pub(super) fn shown_value(t: Texts, field: &str, text: &str) -> String {
    let language = t.language();
    let quantity = |text| Quantity::parse_typed(text).ok().map(|known| format::quantity(known, language));
    let shown = match field {
        "quantity" | "price_base_quantity" => quantity(text),
        "unit_price" => UnitPrice::parse_typed(text).ok().map(|known| format::unit_price(known, language)),
        "discount_percent" => {
            let number = text.trim().trim_end_matches('%').trim_end();
            Percent::parse_typed(number).ok().map(|known| format::percent(known, language))
        }
        "unit" => Some(units::label(units::from_written(text).unwrap_or(text), language).to_owned()),
        "requested_delivery_date" => {
            text.trim().parse().ok().map(|known: CalendarDate| format::date(known, language))
        }
        _ => None,
    };
    shown.unwrap_or_else(|| text.to_owned())
}

/// A line on one line of text, with its values as they are shown elsewhere.
pub(super) fn shown_line(t: Texts, line: &OrderLineInput) -> String {
    let mut line = line.clone();
    for field in OrderLineInput::FIELDS {
        if let Some(text) = line.field_mut(field)
            && !text.trim().is_empty()
        {
            *text = shown_value(t, field, text);
        }
    }
    line.summary()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn ones_own_other_window_is_no_other_person() {
        let t = Texts::new(Language::Nb);
        let told = |by: &[&str]| {
            let by: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
            let whose = Whose::of(&by, "Anne Nordvik");
            (whose.saved(t), whose.wrote(t))
        };
        assert_eq!(told(&["Ola"]), ("Ola lagret mens du skrev".to_owned(), "Ola skrev:".to_owned()));
        let (saved, wrote) = told(&["Anne Nordvik"]);
        assert_eq!(saved, "Du lagret i et annet vindu du har åpent, mens du skrev her");
        assert_eq!(wrote, "Det du skrev i det andre vinduet:");
        let (saved, wrote) = told(&["Ola", "Anne Nordvik"]);
        assert_eq!(saved, "Ola og du i et annet vindu lagret mens du skrev");
        assert_eq!(wrote, "Ola og du i et annet vindu skrev:");
        assert_eq!(told(&[""]).1, "Noen andre skrev:");
        assert_eq!(Whose::of(&[String::new()], "").others(), "");
    }

    #[test]
    fn values_are_shown_as_elsewhere() {
        let check = |field: &str, text: &str, nb: &str, en: &str| {
            assert_eq!(shown_value(Texts::new(Language::Nb), field, text), nb, "{field}");
            assert_eq!(shown_value(Texts::new(Language::En), field, text), en, "{field}");
        };
        check("quantity", "1000", "1\u{a0}000", "1,000");
        check("unit_price", "2.5", "2,50", "2.50");
        check("discount_percent", "10%", "10\u{a0}%", "10%");
        check("unit", "EA", "stk.", "pcs");
        check("unit", "kolli", "kolli", "kolli");
        check("requested_delivery_date", "2026-12-01", "01.12.2026", "1\u{a0}Dec\u{a0}2026");
        // A question is no number yet, and text is text.
        check("quantity", "1.234", "1.234", "1.234");
        check("description", "1000", "1000", "1000");
    }

    #[test]
    fn a_line_is_told_with_its_values() {
        let line = OrderLineInput {
            article_number: "10250".to_owned(),
            description: "Skrue".to_owned(),
            quantity: "1000".to_owned(),
            ..OrderLineInput::default()
        };
        assert_eq!(shown_line(Texts::new(Language::Nb), &line), "10250, Skrue, 1\u{a0}000");
        let nothing = OrderLineInput::default();
        assert_eq!(shown_line(Texts::new(Language::Nb), &nothing), nothing.summary());
    }
}
