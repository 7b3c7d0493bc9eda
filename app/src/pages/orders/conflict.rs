//! Two wrote something else in the same field: which of the two is kept.

use domain::orders::{Conflict, OrderConflict, OrderInput, OrderLineInput};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{crumbs, edit_href, order_href};
use crate::api::orders::{ResolveOrderConflict, read_order_conflict};
use crate::components::{
    Alert, BusyButton, Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, PageHead, Tone,
};
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

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
    let by = who(t, &conflict.by);
    let path = vec![
        Crumb::link(conflict.number.clone(), order_href(&conflict.number)),
        Crumb::text(t.order_conflict_title()),
    ];
    let conflict_id = conflict.conflict_id.map(|id| id.to_string()).unwrap_or_default();
    let version = conflict.version;
    let edit = edit_href(&conflict.number);
    let choices = choices(t, &conflict);
    let busy = FormState::of(resolve).busy();
    view! {
        <Crumbs path=crumbs(t, path)/>
        <PageHead title=t.order_conflict_title()/>
        <Alert tone=Tone::Warning title=t.order_conflict_by(&by) text=t.order_conflict_text()/>
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

/// The names of those whose changes are in the way.
pub(super) fn who(t: Texts, by: &[String]) -> String {
    let named: Vec<&str> = by.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    if named.is_empty() { t.order_conflict_somebody().to_owned() } else { named.join(", ") }
}

/// A choice for each place. What was typed is chosen until something else is.
pub(super) fn choices(t: Texts, conflict: &OrderConflict) -> Vec<AnyView> {
    let by = who(t, &conflict.by);
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
                        <span>{t.order_conflict_theirs(&by)}" "<strong>{theirs}</strong></span>
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
            let summary = line.map(OrderLineInput::summary).unwrap_or_default();
            format!("{} ({summary})", t.form_in_line(line_number(at), t.label(field).unwrap_or_default()))
        }
        ["", field] => t.label(field).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn line_number(at: &str) -> usize {
    at.parse::<usize>().map_or(1, |at| at + 1)
}

/// What somebody wrote there. A line that one took away is told as that.
fn value_text(t: Texts, place: &Conflict, value: &str, conflict: &OrderConflict) -> String {
    let is_line = place.pointer.matches('/').count() == 2;
    let supplier = conflict.suppliers.iter().find(|(id, _)| place.pointer == "/supplier_id" && id == value);
    match (value, supplier) {
        ("", _) if is_line => t.order_conflict_removed().to_owned(),
        ("", _) => t.order_conflict_empty().to_owned(),
        (_, Some((_, name))) => name.clone(),
        (value, None) => value.to_owned(),
    }
}
