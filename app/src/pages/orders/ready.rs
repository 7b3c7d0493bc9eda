//! *Klar for eksport?*: what is known already of what the check will say, each with the way to it.

mod groups;

use std::collections::HashSet;

use domain::errors::{ErrorCode, FieldError};
use domain::exports::{CheckedOrder, ExportCheck, Finding as ExportFinding, Outcome};
use domain::matching::{LineDifference, MatchLevel};
use domain::orders::PurchaseOrderRow;
use leptos::prelude::*;

use self::groups::{Finding, Items, difference_heading, grouped};
use super::autosave::Autosave;
use super::form_state::OrderFormState;
use super::match_cell::meant_text;
use super::order_href;
use super::typed::FormLine;
use crate::components::{Tone, difference_text, field_id, reasons_text};
use crate::error::{field_text, pointer_text};
use crate::i18n::{Texts, use_texts};
use crate::pages::export::{check_text, finding_look, finding_text, fix_href, fix_text};

fn findings(t: Texts, state: OrderFormState, autosave: Autosave) -> Vec<Finding> {
    let lines = state.lines.get();
    let faults = faults_known(state, autosave, &lines);
    let faulty: HashSet<usize> = faults.iter().filter_map(|fault| Some(fault.in_line()?.0)).collect();
    let mut told = Told::default();
    for (at, line) in lines.into_iter().enumerate().filter(|(_, line)| !line.is_empty.get()) {
        told.line(t, state, (at, line), faulty.contains(&at));
    }
    // Before all else: of a long list only the first are seen.
    let mut found = told.far_off;
    found.push(match state.supplier_name() {
        Some(name) => Finding::told(Tone::Ok, t.order_form_ready_supplier(&name)),
        None => {
            let place = ("#supplier_id".to_owned(), t.label("supplier_id").unwrap_or_default().to_owned());
            let text = t.order_form_choose_supplier().to_lowercase();
            Finding { place: Some(place), ..Finding::told(Tone::Neutral, text) }
        }
    });
    if told.exact > 0 {
        found.push(Finding::told(Tone::Ok, t.order_form_ready_exact(told.exact)));
    }
    found.extend(told.levels);
    found.extend(faults.iter().map(|fault| of_fault(t, fault)));
    found.extend(told.hints);
    found
}

/// What is told of the lines: that they are understood, or how far, and what differs from the supplier's articles.
#[derive(Default)]
struct Told {
    exact: i64,
    far_off: Vec<Finding>,
    levels: Vec<Finding>,
    hints: Vec<Finding>,
}

impl Told {
    fn line(&mut self, t: Texts, state: OrderFormState, (at, line): (usize, FormLine), is_faulty: bool) {
        let of_line = |tone, field: &str, heading: String, text: String| Finding {
            heading,
            line: Some(at + 1),
            place: Some((format!("#lines-{at}-{field}"), t.order_form_line(at + 1))),
            ..Finding::told(tone, text)
        };
        if let Some(articles) = line.asked_about() {
            let heading = t.label("article_number").unwrap_or_default().to_owned();
            self.levels.push(of_line(Tone::Error, "article_number", heading, meant_text(t, &articles)));
            return;
        }
        line.matched.with(|matched| {
            let Some(matched) = matched else { return };
            for difference in &matched.differences {
                let (heading, text) = (difference_heading(t, difference), difference_text(t, difference));
                let field = difference_field(difference);
                if difference.is_far_off() {
                    let found = of_line(Tone::Error, field, heading, text);
                    self.far_off.push(Finding { icon: Some("warn"), is_loud: true, ..found });
                } else {
                    self.hints.push(of_line(Tone::Warning, field, heading, text));
                }
            }
            let tone = match matched.level {
                MatchLevel::Exact => {
                    self.exact += i64::from(!is_faulty);
                    return;
                }
                MatchLevel::Likely | MatchLevel::Several => Tone::Warning,
                MatchLevel::None => Tone::Error,
                MatchLevel::NotChecked => return,
            };
            let heading = t.status(&format!("match.{}", matched.level.as_str())).unwrap_or_default();
            let text = reasons_text(t, &matched.reasons, state.supplier_name().as_deref());
            self.levels.push(of_line(tone, "article_number", heading.to_owned(), text));
        });
    }
}

/// The field of a line where a difference is put right.
fn difference_field(difference: &LineDifference) -> &'static str {
    match difference {
        LineDifference::Price { .. } | LineDifference::Currency { .. } => "unit_price",
        LineDifference::Unit { .. } | LineDifference::UnitConverted { .. } => "unit",
        LineDifference::PackSize { .. } | LineDifference::MinimumQuantity { .. } => "quantity",
        LineDifference::GoingOut | LineDifference::Discontinued | LineDifference::Replaced { .. } => {
            "supplier_article_number"
        }
    }
}

/// A fault of a field, which several lines may share.
fn of_fault(t: Texts, fault: &FieldError) -> Finding {
    let place = pointer_text(t, &fault.pointer).map(|name| (format!("#{}", field_id(&fault.pointer)), name));
    let (line, heading) = match fault.in_line() {
        Some((at, field)) => (Some(at + 1), t.label(field).unwrap_or_default().to_owned()),
        None => (None, String::new()),
    };
    let told = Finding::told(Tone::Neutral, field_text(t, fault));
    Finding { heading, is_by_text: true, line, place, ..told }
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
            let Some(fault) = at_its_line(autosave, fault, lines) else { continue };
            let is_told = fault.pointer == "/supplier_id" || is_asked(&fault);
            if !is_told && known.insert(fault.pointer.clone()) {
                faults.push(fault);
            }
        }
    });
    faults
}

/// A fault that a save has found, where its line stands now; `None` when the line is gone, or is right by now.
fn at_its_line(autosave: Autosave, fault: &FieldError, lines: &[FormLine]) -> Option<FieldError> {
    let Some((place, field)) = fault.in_line() else { return Some(fault.clone()) };
    let key = autosave.line_at(place);
    let (at, line) = lines.iter().enumerate().find(|(_, line)| line.key == key)?;
    let of_field = FieldError { pointer: format!("/{field}"), ..fault.clone() };
    line.typed
        .with(|typed| typed.still_has(&of_field))
        .then(|| FieldError { pointer: format!("/lines/{at}/{field}"), ..fault.clone() })
}

/// The card beside the head.
#[component]
pub(super) fn Ready(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let items = Memo::new(move |_| grouped(findings(t, state, autosave)));
    view! {
        <section class="card" aria-labelledby="h-ready">
            <h2 id="h-ready">{t.order_form_ready()}</h2>
            <Items items name="ready-list"/>
        </section>
    }
}

/// The same card on the order's page, with what the check before the sending has found.
#[component]
pub(super) fn ReadyAsChecked(checked: CheckedOrder) -> impl IntoView {
    let t = use_texts();
    let back = order_href(&checked.row.number);
    let found = checked.findings.iter().filter(|finding| finding.outcome != Outcome::Fine);
    let items = grouped(found.map(|finding| of_check(t, finding, &checked.row, &back)).collect());
    let inside = if items.is_empty() {
        view! { <p>{t.order_detail_nothing_found()}</p> }.into_any()
    } else {
        view! { <Items items=Signal::stored(items) name="findings"/> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="h-ready" data-test="ready">
            <h2 id="h-ready">{t.order_detail_ready_title()}</h2>
            {inside}
        </section>
    }
}

fn of_check(t: Texts, finding: &ExportFinding, row: &PurchaseOrderRow, back: &str) -> Finding {
    let (tone, icon) = finding_look(finding);
    let line = finding.line_number.and_then(|line| usize::try_from(line).ok());
    let heading = match finding.difference() {
        Some(difference) => difference_heading(t, &difference),
        None if finding.check == ExportCheck::LinesExact => t.order_form_ready_not_exact().to_owned(),
        None => check_text(t, finding.check).to_owned(),
    };
    let name = line.map_or_else(|| fix_text(t, finding.check).to_owned(), |line| t.order_form_line(line));
    Finding {
        icon: Some(icon),
        heading,
        line,
        place: Some((fix_href(finding, row, back), name)),
        is_loud: finding.is_far_off(),
        ..Finding::told(tone, finding_text(t, finding, row))
    }
}
