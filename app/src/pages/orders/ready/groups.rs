//! What is known to be in the way of sending an order, told shortly: what several lines share is one item.

use domain::matching::LineDifference;
use leptos::prelude::*;

use crate::components::{Note, Tone};
use crate::i18n::{Texts, use_texts};

/// So many items are seen at once; the others are behind a word that opens them.
pub(super) const SEEN: usize = 6;
/// Lines of an item that are named.
const NAMED: usize = 3;

/// One thing that is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub tone: Tone,
    pub icon: Option<&'static str>,
    /// What it is about, in a word or two. What lines have in common under it is one item.
    pub heading: String,
    /// Only lines of which the very same is said are put together.
    pub is_by_text: bool,
    /// The line that it is about, from 1.
    pub line: Option<usize>,
    /// Where to put it right, and what the place is called.
    pub place: Option<(String, String)>,
    pub text: String,
    /// It must not be overlooked among others.
    pub is_loud: bool,
}

impl Finding {
    /// What is merely told.
    pub fn told(tone: Tone, text: String) -> Self {
        Self {
            tone,
            icon: None,
            heading: String::new(),
            is_by_text: false,
            line: None,
            place: None,
            text,
            is_loud: false,
        }
    }
}

/// One item of the list: a thing, or what several lines have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    One(Finding),
    Lines {
        tone: Tone,
        icon: Option<&'static str>,
        heading: String,
        /// The first lines, each with the way to it.
        lines: Vec<(usize, Option<String>)>,
        more: usize,
        /// What is said of all of them, where it is the same.
        text: Option<String>,
    },
}

/// Puts together what is said of several lines, in the order in which it comes first. A few loud ones stay each by itself.
pub(super) fn grouped(found: Vec<Finding>) -> Vec<Item> {
    let mut groups: Vec<Vec<Finding>> = Vec::new();
    for finding in found {
        let known =
            groups.iter_mut().find(|group| group.first().is_some_and(|first| is_alike(first, &finding)));
        match known {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.into_iter().flat_map(items).collect()
}

fn is_alike(one: &Finding, other: &Finding) -> bool {
    let about = |finding: &Finding| (finding.tone, finding.is_loud, finding.line.is_some());
    let says_the_same = !one.is_by_text || one.text == other.text;
    about(one) == about(other) && one.line.is_some() && one.heading == other.heading && says_the_same
}

fn items(group: Vec<Finding>) -> Vec<Item> {
    let is_loud = group.iter().any(|finding| finding.is_loud);
    let lines: Vec<(usize, Option<String>)> = group
        .iter()
        .filter_map(|finding| Some((finding.line?, finding.place.clone().map(|place| place.0))))
        .collect();
    let mut distinct = lines.clone();
    distinct.dedup_by_key(|(line, _)| *line);
    let is_few = distinct.len() < 2 || (is_loud && distinct.len() <= NAMED);
    let Some(first) = group.first().filter(|_| !is_few).cloned() else {
        return group.into_iter().map(Item::One).collect();
    };
    let is_same = group.iter().all(|finding| finding.text == first.text);
    let more = distinct.len().saturating_sub(NAMED);
    distinct.truncate(NAMED);
    vec![Item::Lines {
        tone: first.tone,
        icon: first.icon,
        heading: first.heading,
        lines: distinct,
        more,
        text: is_same.then_some(first.text),
    }]
}

/// What a difference is about, in a word or two.
pub(super) fn difference_heading(t: Texts, difference: &LineDifference) -> String {
    let label = |name: &str| t.label(name).unwrap_or_default().to_owned();
    match difference {
        LineDifference::Price { .. } => label("unit_price"),
        LineDifference::Currency { .. } => label("currency"),
        LineDifference::Unit { .. } | LineDifference::UnitConverted { .. } => label("unit"),
        LineDifference::PackSize { .. } => label("pack_size"),
        LineDifference::MinimumQuantity { .. } => label("minimum_quantity"),
        LineDifference::GoingOut | LineDifference::Discontinued | LineDifference::Replaced { .. } => {
            t.check_still_sold().to_owned()
        }
    }
}

/// An item in words, with the ways to where it is put right. The browser itself goes to the field that an address names, and into it.
pub(super) fn item_view(t: Texts, item: Item) -> AnyView {
    let (tone, icon, inside) = match item {
        Item::One(Finding { tone, icon, place, text, .. }) => {
            let place = place.map(|(href, name)| view! { <a href=href rel="external">{name}</a> ": " });
            (tone, icon, view! { {place} {text} }.into_any())
        }
        Item::Lines { tone, icon, heading, lines, more, text } => {
            let last = lines.len().saturating_sub(1);
            let lines: Vec<_> = lines
                .into_iter()
                .enumerate()
                .map(|(place, (line, href))| {
                    let before = match place {
                        0 => String::new(),
                        _ if place == last => format!(" {} ", t.order_form_ready_and()),
                        _ => ", ".to_owned(),
                    };
                    match href {
                        Some(href) => {
                            let name = t.order_form_line(line);
                            view! { {before} <a href=href rel="external" aria-label=name>{line}</a> }
                                .into_any()
                        }
                        None => view! { {before} {line} }.into_any(),
                    }
                })
                .collect();
            let more = i64::try_from(more)
                .ok()
                .filter(|more| *more > 0)
                .map(|more| format!(" {}", t.order_form_ready_rest(more)));
            let text = text.map(|text| format!(". {text}"));
            let inside = view! { {heading} ": " {t.order_form_ready_lines()} " " {lines} {more} {text} };
            (tone, icon, inside.into_any())
        }
    };
    let note = match icon {
        Some(icon) => view! { <Note tone icon>{inside}</Note> }.into_any(),
        None => view! { <Note tone>{inside}</Note> }.into_any(),
    };
    view! { <li>{note}</li> }.into_any()
}

/// The list: the first items, and behind a word the others. It stays short, so that what stands below is not pushed away.
#[component]
pub(super) fn Items(#[prop(into)] items: Signal<Vec<Item>>, name: &'static str) -> impl IntoView {
    let t = use_texts();
    let view_of = move |items: &[Item]| -> Vec<AnyView> {
        items.iter().map(|item| item_view(t, item.clone())).collect()
    };
    let first = move || items.with(|items| view_of(items.get(..SEEN.min(items.len())).unwrap_or_default()));
    let rest = move || items.with(|items| view_of(items.get(SEEN..).unwrap_or_default()));
    let more =
        move || i64::try_from(items.with(|items| items.len().saturating_sub(SEEN))).unwrap_or(i64::MAX);
    view! {
        <ul class="stack s" data-test=name>{first}</ul>
        // Always there, so that it stays open while what it holds changes.
        <details hidden=move || more() == 0 data-test="ready-more">
            <summary>{move || t.order_form_ready_more(more())}</summary>
            <ul class="stack s">{rest}</ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_line(heading: &str, line: usize, text: &str) -> Finding {
        Finding {
            heading: heading.to_owned(),
            line: Some(line),
            place: Some((format!("#lines-{}-quantity", line - 1), format!("Linje {line}"))),
            ..Finding::told(Tone::Warning, text.to_owned())
        }
    }

    fn lines_of(item: &Item) -> (Vec<usize>, usize, Option<&str>) {
        match item {
            Item::One(finding) => (finding.line.into_iter().collect(), 0, Some(&finding.text)),
            Item::Lines { lines, more, text, .. } => {
                (lines.iter().map(|(line, _)| *line).collect(), *more, text.as_deref())
            }
        }
    }

    #[test]
    fn hundreds_of_packs_are_one_item() {
        let mut found: Vec<Finding> =
            (3..=46).map(|line| of_line("Pakning", line, &format!("Pakning {line}"))).collect();
        found.insert(1, of_line("Minste antall", 4, "Minst 10"));
        let items = grouped(found);
        assert_eq!(
            items.iter().map(lines_of).collect::<Vec<_>>(),
            [(vec![3, 4, 5], 41, None), (vec![4], 0, Some("Minst 10"))]
        );
    }

    #[test]
    fn what_is_the_same_of_all_is_said_once() {
        let items = grouped(vec![of_line("Pris", 1, "Fyll ut"), of_line("Pris", 9, "Fyll ut")]);
        assert_eq!(items.iter().map(lines_of).collect::<Vec<_>>(), [(vec![1, 9], 0, Some("Fyll ut"))]);
    }

    #[test]
    fn other_faults_of_a_field_are_other_items() {
        let fault = |line, text: &str| Finding { is_by_text: true, ..of_line("Antall", line, text) };
        let found = vec![fault(1, "Skriv et tall"), fault(2, "Fyll ut"), fault(5, "Fyll ut")];
        assert_eq!(
            grouped(found).iter().map(lines_of).collect::<Vec<_>>(),
            [(vec![1], 0, Some("Skriv et tall")), (vec![2, 5], 0, Some("Fyll ut"))]
        );
    }

    #[test]
    fn what_is_of_no_line_or_loud_stays_by_itself() {
        let loud = |line| Finding { is_loud: true, tone: Tone::Error, ..of_line("Pris", line, "100 ganger") };
        let head = || Finding::told(Tone::Warning, "Datoen".to_owned());
        let items = grouped(vec![loud(1), loud(2), head(), head(), of_line("Pris", 3, "2 mot 3")]);
        assert_eq!(items.len(), 5);
        let items = grouped((1..=10).map(loud).collect());
        assert_eq!(items.iter().map(lines_of).collect::<Vec<_>>(), [(vec![1, 2, 3], 7, Some("100 ganger"))]);
    }
}
