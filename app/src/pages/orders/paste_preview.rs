//! What was pasted: its first rows, with what each column is, and the article that each row means.

use std::collections::BTreeMap;

use domain::matching::OwnArticle;
use domain::paste::{LookedRow, PasteColumn, RowKind, Sheet};
use leptos::prelude::*;

use super::paste_dialog::Pasting;
use super::paste_rows::{kind_text, more};
use crate::i18n::{Texts, use_texts};

/// Rows that are shown at first.
const SHOWN_ROWS: usize = 5;

/// The first rows, with what each column is and what each row means; more when somebody asks.
#[component]
pub(super) fn Preview(pasting: Pasting, sheet: Sheet) -> impl IntoView {
    let t = use_texts();
    let header = |place: usize| {
        let head = sheet.head.as_ref().and_then(|head| head.get(place)).filter(|header| !header.is_empty());
        head.cloned().unwrap_or_else(|| (place + 1).to_string())
    };
    let heads: Vec<AnyView> =
        (0..sheet.width).map(|place| column_head(t, pasting, place, header(place))).collect();
    let most = RwSignal::new(SHOWN_ROWS);
    let all = sheet.rows.len();
    let rows = move || preview_rows(t, pasting, &sheet, most.get());
    let shown = move || t.paste_shown(most.get().min(all), all);
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
                    <tr role="row">
                        {heads}
                        <th role="columnheader" scope="col">{t.paste_means()}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        {move || more(t, most, all)}
    }
}

/// The rows as they stand, each with the article that it means as soon as that is known.
fn preview_rows(t: Texts, pasting: Pasting, sheet: &Sheet, most: usize) -> Vec<AnyView> {
    let shown = || sheet.rows.iter().take(most);
    let Some(last) = shown().next_back().map(|row| row.number) else { return Vec::new() };
    let kinds: BTreeMap<usize, RowKind> = pasting.lines.with(|lines| {
        lines.iter().take_while(|line| line.row <= last).map(|line| (line.row, line.kind)).collect()
    });
    let meant: BTreeMap<usize, String> = pasting.judged.with(|judged| {
        let judged = judged.iter().flatten().take_while(|row| row.row <= last);
        judged.map(|row| (row.row, meant_text(t, row))).collect()
    });
    let row_view = |number: usize, cells: &[String]| {
        let cells: Vec<AnyView> =
            cells.iter().map(|cell| view! { <td role="cell">{cell.clone()}</td> }.into_any()).collect();
        let kind = kinds.get(&number).copied().unwrap_or_default();
        let text = match kind {
            RowKind::Line => meant.get(&number).cloned().unwrap_or_default(),
            kind => kind_text(t, pasting, number, kind).to_owned(),
        };
        view! {
            <tr role="row">
                {cells}
                <td role="cell" data-test="paste-means">{text}</td>
            </tr>
        }
        .into_any()
    };
    shown().map(|row| row_view(row.number, &row.cells)).collect()
}

/// «N-100 Sekskantskrue M10», or what it may be.
fn meant_text(t: Texts, row: &LookedRow) -> String {
    let named = |article: &OwnArticle| format!("{} {}", article.number, article.name).trim().to_owned();
    match row.meant.as_slice() {
        [] => t.paste_unknown_article().to_owned(),
        [article] if row.is_sure => named(article),
        [article] => t.paste_may_be(named(article)),
        articles => t.paste_may_be_one_of(articles.iter().map(named).collect::<Vec<_>>().join("; ")),
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
    fn what_a_row_means_is_named_and_doubt_is_told() {
        let article =
            |number: &str| OwnArticle { number: number.to_owned(), name: format!("Skrue {number}") };
        let told = |meant: Vec<OwnArticle>, is_sure| {
            let line = domain::orders::OrderLineInput::default();
            let level = domain::matching::MatchLevel::None;
            let row = LookedRow { row: 2, line, level, meant, is_sure, unsaid_base: None };
            meant_text(Texts::new(crate::i18n::Language::Nb), &row)
        };
        assert_eq!(told(vec![article("N-1")], true), "N-1 Skrue N-1");
        assert_eq!(told(vec![article("N-1")], false), "Mener du N-1 Skrue N-1?");
        assert_eq!(told(vec![article("A"), article("B")], false), "Flere mulige: A Skrue A; B Skrue B");
        assert_eq!(told(Vec::new(), false), "Ingen artikkel funnet");
    }

    #[test]
    fn a_price_is_for_one_unless_a_column_says_more() {
        use PasteColumn::{ArticleNumber, Per, Price};
        assert!(is_price_for_one(&[ArticleNumber, Price], 1));
        assert!(!is_price_for_one(&[ArticleNumber, Price], 0));
        assert!(!is_price_for_one(&[ArticleNumber, Price, Per], 1));
    }
}
