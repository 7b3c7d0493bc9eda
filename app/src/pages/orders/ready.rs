//! *Klar for eksport?*: what is known already of what the check will say, each with the way to it.

use std::collections::HashSet;

use domain::errors::{ErrorCode, FieldError};
use domain::matching::MatchLevel;
use leptos::prelude::*;

use super::autosave::Autosave;
use super::form_state::OrderFormState;
use super::match_cell::meant_text;
use super::typed::FormLine;
use crate::components::{Note, Tone, field_id, reasons_text};
use crate::error::{field_text, pointer_text};
use crate::i18n::{Texts, use_texts};

/// So many findings are listed; the check lists all.
const LISTED: usize = 6;

/// One thing that is known.
struct Finding {
    tone: Tone,
    /// Where to put it right, and what the place is called.
    place: Option<(String, String)>,
    text: String,
}

fn findings(t: Texts, state: OrderFormState, autosave: Autosave) -> Vec<Finding> {
    let mut found = Vec::new();
    let supplier = state.supplier_name();
    match &supplier {
        Some(name) => {
            found.push(Finding { tone: Tone::Ok, place: None, text: t.order_form_ready_supplier(name) });
        }
        None => found.push(Finding {
            tone: Tone::Neutral,
            place: Some(("#supplier_id".to_owned(), t.label("supplier_id").unwrap_or_default().to_owned())),
            text: t.order_form_choose_supplier().to_lowercase(),
        }),
    }
    let lines = state.lines.get();
    let faults = faults_known(state, autosave, &lines);
    let faulty: HashSet<usize> = faults.iter().filter_map(|fault| Some(fault.in_line()?.0)).collect();
    let mut exact = 0;
    for (at, line) in lines.into_iter().enumerate() {
        if line.is_empty.get() {
            continue;
        }
        if let Some(articles) = line.asked_about() {
            found.push(Finding {
                tone: Tone::Error,
                place: number_place(t, at),
                text: meant_text(t, &articles),
            });
            continue;
        }
        let is_faulty = faulty.contains(&at);
        line.matched.with(|matched| {
            let Some(matched) = matched else { return };
            let tone = match matched.level {
                MatchLevel::Exact => {
                    exact += i64::from(!is_faulty);
                    return;
                }
                MatchLevel::Likely | MatchLevel::Several => Tone::Warning,
                MatchLevel::None => Tone::Error,
                MatchLevel::NotChecked => return,
            };
            found.push(Finding {
                tone,
                place: number_place(t, at),
                text: reasons_text(t, &matched.reasons, supplier.as_deref()),
            });
        });
    }
    if exact > 0 {
        found.insert(1, Finding { tone: Tone::Ok, place: None, text: t.order_form_ready_exact(exact) });
    }
    found.extend(faults.iter().map(|fault| Finding {
        tone: Tone::Neutral,
        place: pointer_text(t, &fault.pointer).map(|name| (format!("#{}", field_id(&fault.pointer)), name)),
        text: field_text(t, fault),
    }));
    found
}

fn number_place(t: Texts, at: usize) -> Option<(String, String)> {
    Some((format!("#lines-{at}-article_number"), t.order_form_line(at + 1)))
}

/// What is told beside the cells, which needs no save, and what the last save has found, also one before the order was opened. Each place is
/// named once, and a number that *Mener du …?* asks about is not said to be unknown as well.
fn faults_known(state: OrderFormState, autosave: Autosave, lines: &[FormLine]) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> =
        lines.iter().enumerate().flat_map(|(at, line)| state.faults_of(at, *line)).collect();
    let is_asked = |fault: &FieldError| {
        let line = fault.in_line().and_then(|(at, _)| lines.get(at));
        fault.code == ErrorCode::ArticleUnknown && line.is_some_and(|line| line.asked_about().is_some())
    };
    let mut known: HashSet<String> = faults.iter().map(|fault| fault.pointer.clone()).collect();
    autosave.missing.with(|missing| {
        for fault in missing.iter().flat_map(|missing| &missing.errors) {
            let is_told = fault.pointer == "/supplier_id" || is_asked(fault);
            if !is_told && known.insert(fault.pointer.clone()) {
                faults.push(fault.clone());
            }
        }
    });
    faults
}

/// The card beside the lines.
#[component]
pub(super) fn Ready(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let list = move || {
        let found = findings(t, state, autosave);
        let more = found.len().saturating_sub(LISTED);
        let items: Vec<_> = found
            .into_iter()
            .take(LISTED)
            .map(|finding| {
                let place =
                    finding.place.map(|(href, name)| view! { <a href=href rel="external">{name}</a> ": " });
                view! { <li><Note tone=finding.tone>{place} {finding.text}</Note></li> }
            })
            .collect();
        let more = i64::try_from(more).ok().filter(|more| *more > 0);
        view! {
            <ul class="stack s" data-test="ready-list">{items}</ul>
            {more.map(|more| view! { <p class="muted sm">{t.order_form_ready_more(more)}</p> })}
        }
    };
    view! {
        <section class="card" aria-labelledby="h-ready">
            <h2 id="h-ready">{t.order_form_ready()}</h2>
            {list}
        </section>
    }
}
