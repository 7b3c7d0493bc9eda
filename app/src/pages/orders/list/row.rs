//! A row of the list of orders.

use domain::messages::MessageState;
use domain::orders::{ExactLines, OrderStatus, PurchaseOrderRow};
use leptos::prelude::*;

use super::super::order_href;
use crate::components::{Cell, MessageTag, OrderTag, Tag, TitleCell, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::LiveCell;
use crate::pages::lists::ListQuery;

#[component]
pub(super) fn OrderRow(
    cell: LiveCell<PurchaseOrderRow>,
    query: StoredValue<ListQuery>,
    exact: StoredValue<Vec<ExactLines>>,
    /// The box is ticked from the start.
    all: bool,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = cell.row;
    let number = Signal::derive(move || row.with(|row| row.number.clone()));
    let first = row.get_untracked();
    let href = order_href(&first.number);
    let parked = move || row.with(|row| row.message_state == Some(MessageState::Parked));
    let shows = |column| query.with_value(|query| query.shows(column));
    view! {
        <tr role="row" id=format!("r-{}", first.number) data-tone=move || parked().then_some("err")>
            <td role="cell" class="pick">
                <input
                    class="pickbox"
                    type="checkbox"
                    name="ordre"
                    value=first.order_id.to_string()
                    checked=all
                    data-stays=move || row.with(|row| stays(t, row))
                    aria-label=t.orders_pick_one(&first.number)
                />
            </td>
            <TitleCell href text=number code=true/>
            {shows("lev")
                .then(|| {
                    view! {
                        <Cell>
                            {move || row.with(|row| row.supplier_name.clone().unwrap_or_else(|| t.orders_no_supplier().to_owned()))}
                        </Cell>
                    }
                })}
            <Cell class="st">
                <OrderTag status=Signal::derive(move || row.with(|row| row.status))/>
                {move || {
                    row.with(|row| row.has_unread)
                        .then(|| view! { <small data-test="unread">{t.orders_unread()}</small> })
                }}
            </Cell>
            {shows("sending").then(|| view! { <Cell label=t.orders_message()><Undelivered row/></Cell> })}
            {shows("treff").then(|| view! { <Cell label=t.orders_match()><Exact row exact/></Cell> })}
            {shows("linjer")
                .then(|| {
                    view! {
                        <Cell class="num xs" label=t.orders_lines()>
                            {move || row.with(|row| format::whole(row.line_count, language))}
                        </Cell>
                    }
                })}
            {shows("onsket")
                .then(|| {
                    view! {
                        <Cell class="num lf" label=t.orders_wanted()>
                            {move || row.with(|row| row.requested_delivery_date.map(|date| format::date(date, language)))}
                        </Cell>
                    }
                })}
            {shows("sum")
                .then(|| {
                    view! {
                        <Cell class="num rt" label=t.orders_sum()>
                            {move || row.with(|row| format::money_with_currency(row.net_total, &row.currency, language))}
                        </Cell>
                    }
                })}
            {shows("endret")
                .then(|| {
                    view! {
                        <Cell class="num xs" label=t.orders_changed()>
                            <span class="nb">{move || row.with(|row| format::day_time(row.updated_at, language))}</span>
                        </Cell>
                    }
                })}
        </tr>
    }
}

/// Which order cannot be exported, and why; nothing for one that can.
fn stays(t: Texts, row: &PurchaseOrderRow) -> Option<String> {
    match row.status {
        OrderStatus::Ready => None,
        OrderStatus::Draft => Some(t.orders_stays_incomplete(&row.number)),
        _ => Some(t.orders_stays_sent(&row.number)),
    }
}

/// How many lines the supplier understands as they are; only while the order can be changed, and as it was when it was counted.
#[component]
fn Exact(row: RwSignal<PurchaseOrderRow>, exact: StoredValue<Vec<ExactLines>>) -> impl IntoView {
    let t = use_texts();
    move || {
        let (id, updated_at) = row.with(|row| (row.order_id, row.updated_at));
        let counted = exact.with_value(|exact| {
            exact.iter().find(|lines| lines.order_id == id && lines.updated_at == updated_at).cloned()
        })?;
        let (text, tone, icon) = if !counted.is_checked {
            (t.orders_match_unknown().to_owned(), Tone::Neutral, "dash")
        } else if counted.exact == counted.lines {
            (t.orders_match_all(counted.exact, counted.lines), Tone::Ok, "check")
        } else {
            (t.orders_match_some(counted.exact, counted.lines), Tone::Warning, "help")
        };
        Some(view! { <Tag text tone icon/> })
    }
}

/// Where the message is while it has not arrived.
#[component]
fn Undelivered(row: RwSignal<PurchaseOrderRow>) -> impl IntoView {
    move || {
        let state = row.with(|row| row.message_state).filter(|state| *state != MessageState::Delivered)?;
        let next_attempt_at = Signal::derive(move || row.with(|row| row.next_attempt_at));
        let held = Signal::derive(move || row.with(|row| row.held));
        Some(view! { <MessageTag state=Signal::stored(state) next_attempt_at held/> })
    }
}
