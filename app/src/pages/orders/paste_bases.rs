//! Prices of pasted rows that do not say what they are for, where the article's is for more than one: how they are read, and the other
//! way, for all of them and for each.

use domain::decimal::{Quantity, UnitPrice};
use domain::paste::{LookedRow, price_base};
use leptos::prelude::*;

use super::paste_dialog::Pasting;
use super::paste_rows::{PORTION, more, whole};
use crate::components::Icon;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// The question. What was answered for one row goes before what was answered for all.
#[component]
pub(super) fn Unsaid(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let most = RwSignal::new(PORTION);
    move || {
        let unsaid: Vec<LookedRow> = pasting.judged.with(|judged| {
            judged.iter().flatten().filter(|row| row.unsaid_base.is_some()).cloned().collect()
        });
        if unsaid.is_empty() {
            return None;
        }
        let all = unsaid.len();
        let rows: Vec<AnyView> =
            unsaid.iter().take(most.get()).map(|row| unsaid_row(t, pasting, row)).collect();
        // Only the words change with the answers: the button that was pressed keeps the focus.
        let title = move || {
            let listed = unsaid.iter().filter(|row| is_as_listed(pasting, row)).count();
            title_text(t, unsaid.len(), listed)
        };
        let title = Memo::new(move |_| title());
        let other =
            move || if pasting.as_listed.get() { t.paste_read_as_one() } else { t.paste_read_as_listed() };
        Some(view! {
            <section class="stack s" aria-label=move || title.get() data-test="paste-bases">
                <div class="alert" role="status">
                    <Icon name="warn"/>
                    <div>
                        <p>
                            <strong>{move || title.get()}</strong>
                        </p>
                        <p class="sm">{t.paste_which_base()}</p>
                    </div>
                    <div class="row">
                        <button class="btn s" type="button" data-test="paste-base" on:click=move |_| pasting.as_listed.update(|all| *all = !*all)>
                            {other}
                        </button>
                    </div>
                </div>
                <ul class="rows d">{rows}</ul>
                {more(t, most, all)}
            </section>
        })
    }
}

fn is_as_listed(pasting: Pasting, row: &LookedRow) -> bool {
    let all = pasting.as_listed.get();
    pasting.row_bases.with(|rows| price_base(row, all, rows).is_some())
}

/// One price, and the other way to read it.
fn unsaid_row(t: Texts, pasting: Pasting, row: &LookedRow) -> AnyView {
    let Some(base) = row.unsaid_base else { return ().into_any() };
    let place = row.row;
    let row = StoredValue::new(row.clone());
    let as_listed = move || row.with_value(|row| is_as_listed(pasting, row));
    let text = move || row.with_value(|row| unsaid_text(t, row, base, as_listed()));
    let other = move || if as_listed() { "1".to_owned() } else { format::quantity(base, t.language()) };
    let give = move |_| {
        let answer = !as_listed();
        pasting.row_bases.update(|rows| {
            rows.insert(place, answer);
        });
    };
    view! {
        <li>
            <span>{text}</span>
            <button
                class="btn s"
                type="button"
                aria-label=move || t.paste_read_row_label(place, other())
                data-test="paste-base-row"
                on:click=give
            >
                {move || t.paste_read_row_as(other())}
            </button>
        </li>
    }
    .into_any()
}

/// How the prices are read: all of them in one way, or some in each.
fn title_text(t: Texts, all: usize, listed: usize) -> String {
    match listed {
        0 => t.paste_as_one(whole(all)),
        listed if listed == all => t.paste_as_listed(whole(all)),
        listed => t.paste_as_mixed(whole(all), all - listed, listed),
    }
}

/// «Rad 2, N-100: 3,50 per 1. Artikkelens pris er per 100.»
fn unsaid_text(t: Texts, row: &LookedRow, base: Quantity, as_listed: bool) -> String {
    let line = &row.line;
    let name = [&line.article_number, &line.supplier_article_number, &line.description];
    let name = name.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    let price = UnitPrice::parse_typed(&line.unit_price)
        .map_or_else(|_| line.unit_price.clone(), |price| format::unit_price(price, t.language()));
    let listed = format::quantity(base, t.language());
    let read = if as_listed { listed.clone() } else { "1".to_owned() };
    t.paste_base_row(row.row, name, price, read, listed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::matching::MatchLevel;
    use domain::orders::OrderLineInput;

    #[test]
    fn a_price_without_its_quantity_is_told_with_both() {
        let line = OrderLineInput {
            article_number: "N-100".to_owned(),
            unit_price: "3,5".to_owned(),
            ..OrderLineInput::default()
        };
        let unsaid_base = Some(Quantity::whole(100));
        let row = LookedRow {
            row: 2,
            line,
            level: MatchLevel::Exact,
            meant: Vec::new(),
            is_sure: true,
            unsaid_base,
        };
        let told = |as_listed| unsaid_text(Texts::new(Language::Nb), &row, Quantity::whole(100), as_listed);
        assert_eq!(told(false), "Rad 2, N-100: 3,50 per 1. Artikkelens pris er per 100.");
        assert_eq!(told(true), "Rad 2, N-100: 3,50 per 100. Artikkelens pris er per 100.");
    }

    #[test]
    fn the_title_says_how_many_are_read_in_which_way() {
        let t = Texts::new(Language::Nb);
        assert_eq!(title_text(t, 1, 0), "1 pris står uten mengde. Den er lest som pris per 1.");
        assert_eq!(title_text(t, 3, 3), "3 priser står uten mengde. De er lest som artiklenes priser.");
        assert_eq!(
            title_text(t, 3, 1),
            "3 priser står uten mengde. 2 er lest som pris per 1, 1 som artikkelens pris."
        );
    }
}
