//! A row of the list of orders.

use domain::messages::MessageState;
use domain::orders::{ExactLines, ExportStop, OrderStatus, PurchaseOrderRow};
use leptos::prelude::*;

use super::super::unread::{marks_text, sum_text};
use super::super::{edit_href, export_href, order_href};
use super::matches;
use crate::components::{Cell, MessageTag, OrderTag, Tag, TitleCell, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::LiveCell;
use crate::pages::lists::ListQuery;

#[component]
pub(super) fn OrderRow(
    cell: LiveCell<PurchaseOrderRow>,
    query: StoredValue<ListQuery>,
    exact: RwSignal<Vec<ExactLines>>,
    may_purchase: bool,
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
                    data-stays=move || row.with(|row| stays(t, row, known(exact, row).as_ref()))
                    data-unsure=move || {
                        row.with(|row| row.status == OrderStatus::Ready && known(exact, row).is_none()).then_some("")
                    }
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
                    row.with(|row| marks_text(t, row)).map(|text| view! { <small data-test="unread">{text}</small> })
                }}
                <Stops row exact may_purchase/>
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
                            {move || {
                                row.with(|row| match row.marks.typed("requested_delivery_date") {
                                    Some(typed) => view! { <span class="code" data-test="unread-date">{typed.to_owned()}</span> }.into_any(),
                                    None => row.requested_delivery_date.map(|date| format::date(date, language)).into_any(),
                                })
                            }}
                        </Cell>
                    }
                })}
            {shows("sum")
                .then(|| {
                    view! {
                        <Cell class="num rt" label=t.orders_sum()>
                            {move || row.with(|row| sum_view(t, row))}
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

/// The sum; in a currency that cannot be read it is a number with what was typed.
fn sum_view(t: Texts, row: &PurchaseOrderRow) -> AnyView {
    let language = t.language();
    match row.marks.typed("currency") {
        Some(typed) => view! {
            {format::money(row.net_total, language)}
            " "
            <span class="code" data-test="unread-currency">{typed.to_owned()}</span>
        }
        .into_any(),
        None => sum_text(row, language).into_any(),
    }
}

/// What was found of the order as it is now.
fn known(exact: RwSignal<Vec<ExactLines>>, row: &PurchaseOrderRow) -> Option<ExactLines> {
    exact.with(|exact| matches::known(exact, row).cloned())
}

/// What stops an order that is written out, beside its status, with the way to it.
#[component]
fn Stops(
    row: RwSignal<PurchaseOrderRow>,
    exact: RwSignal<Vec<ExactLines>>,
    may_purchase: bool,
) -> impl IntoView {
    let t = use_texts();
    move || {
        row.with(|row| {
            let (text, href) = match known(exact, row)?.stop? {
                ExportStop::Lines { count, first } => {
                    let field = format!("#lines-{}-supplier_article_number", first - 1);
                    (t.orders_stops(count), format!("{}{field}", edit_href(&row.number)))
                }
                ExportStop::Check => (t.orders_stopped().to_owned(), export_href(row.order_id)),
            };
            let href = if may_purchase { href } else { order_href(&row.number) };
            Some(view! { <small data-test="stops"><a href=href>{text}</a></small> })
        })
    }
}

/// Which order cannot be exported, and why; nothing for one that can.
fn stays(t: Texts, row: &PurchaseOrderRow, known: Option<&ExactLines>) -> Option<String> {
    match row.status {
        OrderStatus::Ready => {
            let why = match known?.stop? {
                ExportStop::Lines { count, .. } => t.orders_stops(count),
                ExportStop::Check => t.orders_stopped_short().to_owned(),
            };
            Some(t.orders_stays_for(&row.number, why))
        }
        OrderStatus::Draft if row.marks.unreadable && !row.marks.missing => {
            Some(t.orders_stays_unread(&row.number))
        }
        OrderStatus::Draft => Some(t.orders_stays_incomplete(&row.number)),
        _ => Some(t.orders_stays_sent(&row.number)),
    }
}

/// How many lines the supplier understands as they are; only while the order can be changed, and as it was when it was counted.
#[component]
fn Exact(row: RwSignal<PurchaseOrderRow>, exact: RwSignal<Vec<ExactLines>>) -> impl IntoView {
    let t = use_texts();
    move || {
        let counted = row.with(|row| known(exact, row))?;
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
