//! What will become of what was pasted, in numbers, and the buttons that add it.

use std::collections::BTreeSet;

use domain::matching::MatchLevel;
use domain::paste::{PastedLine, RowKind, Sheet};
use leptos::prelude::*;

use super::paste_dialog::Pasting;
use super::paste_rows::{go_to_counts, whole};
use super::paste_taken::{added, sums_taken};
use crate::i18n::{Texts, use_texts};

/// How many lines the supplier understands, what is taken as it stands, and what is left out.
#[component]
pub(super) fn Counts(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let counted = move || {
        let levels = added_levels(pasting)?;
        let levels: Vec<MatchLevel> = levels.into_iter().map(|(level, _)| level).collect();
        (!levels.is_empty()).then(|| counts_text(t, &levels))
    };
    let notes = move || {
        let rows = pasting.lines.with(|lines| pasting.taken.with(|taken| row_notes(t, lines, taken)));
        let head = pasting.sheet.with(|sheet| sheet.as_ref().map(|sheet| head_notes(t, sheet)));
        rows.into_iter().chain(head.unwrap_or_default()).collect::<Vec<_>>().join(" ")
    };
    view! {
        <div role="status" tabindex="-1" data-test="paste-counts">
            {move || match pasting.judged.with(Option::is_some) {
                true => {
                    let counted = counted().map(|text| view! { <p><strong>{text}</strong></p> });
                    Some(view! { {counted}<p class="sm">{notes()}</p> }.into_any())
                }
                false if pasting.fault.with(Option::is_some) => None,
                false => Some(view! { <p class="muted">{t.paste_checking()}</p> }.into_any()),
            }}
        </div>
    }
}

/// *Legg til N linjer*. Where no row can be read there is nothing to add; where the question about the rows failed, it can be asked again.
#[component]
pub(super) fn Buttons(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let ask_again = move |_| {
        // The button goes with the fault.
        go_to_counts();
        pasting.judge();
    };
    let buttons = move || {
        let Some(levels) = added_levels(pasting) else {
            let has_failed = pasting.fault.with(Option::is_some);
            return has_failed.then(|| {
                view! {
                    <button class="btn p" type="button" data-test="paste-ask-again" on:click=ask_again>
                        {t.frame_try_again()}
                    </button>
                }
                .into_any()
            });
        };
        if levels.is_empty() || pasting.lines.with(|lines| !is_any_readable(lines)) {
            return None;
        }
        let exact = levels.iter().filter(|(level, is_good)| *is_good && *level == MatchLevel::Exact).count();
        let only_exact = (exact > 0 && exact < levels.len()).then(|| {
            view! {
                <button class="btn" type="button" data-test="paste-exact" on:click=move |_| pasting.add(true)>
                    {t.paste_only_exact(whole(exact))}
                </button>
            }
        });
        let add = view! {
            <button class="btn p" type="button" data-test="paste-add" on:click=move |_| pasting.add(false)>
                {t.paste_add_lines(whole(levels.len()))}
            </button>
            {only_exact}
        };
        Some(add.into_any())
    };
    view! { <footer class="row">{buttons}</footer> }
}

/// The levels of the lines that are added, and whether nothing is wrong with them; `None` while the server is asked.
fn added_levels(pasting: Pasting) -> Option<Vec<(MatchLevel, bool)>> {
    pasting.judged.with(|judged| {
        let judged = judged.as_ref()?;
        let levels = pasting.lines.with(|lines| {
            pasting.taken.with(|taken| {
                let rows = added(judged, lines, taken).into_iter();
                rows.map(|(row, is_good)| (row.level, is_good)).collect()
            })
        });
        Some(levels)
    })
}

/// There is a line without anything that cannot be read. Where there is none, the paste was meant otherwise.
pub(super) fn is_any_readable(lines: &[PastedLine]) -> bool {
    lines.iter().any(|line| line.kind == RowKind::Line && !line.is_unread())
}

/// What is said of rows with faults: they are taken as they stand, or nothing is taken.
pub(super) fn fault_notes(t: Texts, lines: &[PastedLine]) -> String {
    let count = |such: fn(&PastedLine) -> bool| whole(lines.iter().filter(|line| such(line)).count());
    let (unread, unfinished) = (count(PastedLine::is_unread), count(PastedLine::is_unfinished));
    if !is_any_readable(lines) {
        return t.paste_unreadable(unread);
    }
    let unread = (unread > 0).then(|| t.paste_as_typed(unread));
    let unfinished = (unfinished > 0).then(|| t.paste_unfinished(unfinished));
    unread.into_iter().chain(unfinished).collect::<Vec<_>>().join(" ")
}

fn row_notes(t: Texts, lines: &[PastedLine], taken: &BTreeSet<usize>) -> Vec<String> {
    let of = |kind: RowKind| lines.iter().filter(|line| line.kind == kind).count();
    let (sums, beside) = (of(RowKind::Sum), of(RowKind::Beside));
    let taken = sums_taken(lines, taken);
    let left_out = sums.saturating_sub(taken);
    let mut notes = Vec::new();
    if lines.iter().any(|line| line.is_unread() || line.is_unfinished()) {
        notes.push(fault_notes(t, lines));
    }
    if left_out > 0 {
        notes.push(t.paste_sums_left_out(whole(left_out)));
    }
    if taken > 0 {
        notes.push(t.paste_sums_taken(whole(taken)));
    }
    if beside > 0 {
        notes.push(t.paste_beside_left_out(whole(beside)));
    }
    notes
}

/// Which row was read as headers, and that those above it are no lines.
fn head_notes(t: Texts, sheet: &Sheet) -> Vec<String> {
    let head = sheet.head_row.map(|row| t.paste_head_row(row));
    let above = (!sheet.above.is_empty()).then(|| t.paste_above(whole(sheet.above.len())));
    head.into_iter().chain(above).collect()
}

/// «36 eksakte, 3 trolige, 1 uten treff»
fn counts_text(t: Texts, levels: &[MatchLevel]) -> String {
    let of = |level: MatchLevel| whole(levels.iter().filter(|one| **one == level).count());
    let parts = [
        (of(MatchLevel::Exact), t.paste_exact(of(MatchLevel::Exact))),
        (of(MatchLevel::Likely), t.paste_likely(of(MatchLevel::Likely))),
        (of(MatchLevel::Several), t.paste_several(of(MatchLevel::Several))),
        (of(MatchLevel::None), t.paste_none(of(MatchLevel::None))),
        (of(MatchLevel::NotChecked), t.paste_not_checked(of(MatchLevel::NotChecked))),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::paste;

    #[test]
    fn counts_are_a_sentence() {
        let mut levels = vec![MatchLevel::Exact; 36];
        levels.extend([MatchLevel::Likely; 3]);
        levels.push(MatchLevel::None);
        assert_eq!(counts_text(Texts::new(Language::Nb), &levels), "36 eksakte, 3 trolige, 1 uten treff");
        assert_eq!(counts_text(Texts::new(Language::Nb), &[MatchLevel::Exact]), "1 eksakt");
    }

    #[test]
    fn every_row_that_is_not_simply_added_is_named() {
        let t = Texts::new(Language::Nb);
        let notes = |text: &str, taken: &[usize]| {
            let taken: BTreeSet<usize> = taken.iter().copied().collect();
            let sheet = paste::read(text).unwrap();
            let lines = paste::lines(&sheet, &paste::guess(&sheet));
            row_notes(t, &lines, &taken)
                .into_iter()
                .chain(head_notes(t, &sheet))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let text = "Uke 48\nVarenr\tBeskrivelse\tAntall\tSum\nN-1\tA\t2\t4\nN-2\tB\tmange\t\nN-3\tC\t-5\t\nN-4\tD\t\t\n\tSum\t\t4\n\t\t\t4\n";
        let faults = "2 rader har noe som ikke kan leses, og tas med slik de står. 1 rad mangler noe, og tas med slik den står.";
        let head = "1 rad uten artikkelnummer, beskrivelse og antall utelatt. Rad 2 er lest som overskrifter. 1 rad over overskriftene er ikke med.";
        assert_eq!(notes(text, &[]), format!("{faults} 1 sumrad utelatt. {head}"));
        assert_eq!(notes(text, &[7]), format!("{faults} 1 sumrad tas med. {head}"));
        assert_eq!(notes(text, &[3, 8]), format!("{faults} 1 sumrad utelatt. {head}"), "those are no sums");
        assert_eq!(notes("N-100\t20\nN-200\t3", &[]), "");
        assert_eq!(
            notes("N-100\tSkrue\t-5", &[]),
            "1 rad har noe som ikke kan leses. Ingen rad kan leses, så ingenting legges til."
        );
    }
}
