//! What was pasted: its first rows, with what each column is.

use domain::paste::{PasteColumn, Sheet};
use leptos::prelude::*;

use super::paste_dialog::Pasting;
use crate::i18n::{Texts, use_texts};

/// Rows that are shown.
const SHOWN_ROWS: usize = 5;

/// The first rows, with what each column is.
#[component]
pub(super) fn Preview(pasting: Pasting, sheet: Sheet) -> impl IntoView {
    let t = use_texts();
    let header = |place: usize| {
        let head = sheet.head.as_ref().and_then(|head| head.get(place)).filter(|header| !header.is_empty());
        head.cloned().unwrap_or_else(|| (place + 1).to_string())
    };
    let heads: Vec<AnyView> =
        (0..sheet.width).map(|place| column_head(t, pasting, place, header(place))).collect();
    let cell = |cell: &String| view! { <td role="cell">{cell.clone()}</td> }.into_any();
    let rows: Vec<AnyView> = sheet
        .rows
        .iter()
        .take(SHOWN_ROWS)
        .map(|row| {
            let cells: Vec<AnyView> = row.cells.iter().map(cell).collect();
            view! { <tr role="row">{cells}</tr> }.into_any()
        })
        .collect();
    let shown = t.paste_shown(rows.len(), sheet.rows.len());
    // The field that was pasted into is gone, and the focus with it.
    let region = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let Some(region) = region.get() {
            let _ = region.focus();
        }
    });
    view! {
        <p class="muted sm">{shown}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t.paste_preview() node_ref=region>
            <table class="tbl" role="table" data-test="paste-preview">
                <caption class="vh">{t.paste_preview()}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn column_head(t: Texts, pasting: Pasting, place: usize, header: String) -> AnyView {
    let options: Vec<AnyView> = PasteColumn::ALL
        .into_iter()
        .map(|column| {
            let is_chosen = move || pasting.columns.with(|columns| columns.get(place) == Some(&column));
            view! { <option value=column.as_str() selected=is_chosen prop:selected=is_chosen>{column_text(t, column)}</option> }
                .into_any()
        })
        .collect();
    let choose = move |event| {
        if let Some(column) = PasteColumn::from_code(&event_target_value(&event)) {
            pasting.choose(place, column);
        }
    };
    view! {
        <th role="columnheader" scope="col">
            <span>{header.clone()}</span>
            <select class="input s" aria-label=t.paste_column_is(header) on:change=choose>{options}</select>
            {move || pasting.columns.with(|columns| is_price_for_one(columns, place)).then(|| price_base(t, pasting))}
        </th>
    }
    .into_any()
}

/// The column holds prices, and no column says what they are for.
fn is_price_for_one(columns: &[PasteColumn], place: usize) -> bool {
    columns.get(place) == Some(&PasteColumn::Price) && !columns.contains(&PasteColumn::Per)
}

/// What such prices are read as.
fn price_base(t: Texts, pasting: Pasting) -> impl IntoView {
    view! {
        <small class="muted" data-test="paste-price-base">
            {move || if pasting.as_listed.get() { t.paste_price_as_listed() } else { t.paste_price_for_one() }}
        </small>
    }
}

/// What a column is called in the dialog.
fn column_text(t: Texts, column: PasteColumn) -> &'static str {
    match column {
        PasteColumn::Ignored => t.paste_ignored(),
        other => t.label(other.as_str()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_for_one_unless_a_column_says_more() {
        use PasteColumn::{ArticleNumber, Per, Price};
        assert!(is_price_for_one(&[ArticleNumber, Price], 1));
        assert!(!is_price_for_one(&[ArticleNumber, Price], 0));
        assert!(!is_price_for_one(&[ArticleNumber, Price, Per], 1));
    }
}
