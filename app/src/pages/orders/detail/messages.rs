//! *Meldinger*: what the two companies have written to one another in this order, and each message that carried it.

use domain::logs::{LogKind, LogRow};
use domain::messages::Direction;
use domain::orders::OrderDetail;
use domain::roles::Permission;
use leptos::prelude::*;

use crate::api::orders::read_order_log;
use crate::components::{Cell, Column, DataTable, EmptyKind, EmptyState, Loading, Row, Tag, TitleCell, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::pages::logs::{cause_text, href, is_answer, operation_text, result_look};
use crate::session::use_shell;

/// The part of the page.
#[component]
pub(super) fn Messages(detail: OrderDetail) -> impl IntoView {
    let t = use_texts();
    let order = detail.order;
    let supplier = order.supplier_name.unwrap_or_else(|| t.order_detail_the_supplier().to_owned());
    let written = [
        (t.order_detail_note_to(&supplier), Some(order.note)),
        (t.order_detail_reason_of(&supplier), order.answer_reason),
    ];
    let items: Vec<_> = written
        .into_iter()
        .filter_map(|(title, text)| Some((title, text.filter(|text| !text.is_empty())?)))
        .map(|(title, text)| view! { <div class="card"><h3>{title}</h3><p class="wrap">{text}</p></div> })
        .collect();
    let nothing_written = items.is_empty();
    let linked = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    let number = order.number;
    let rows = PageData::new(move || number.clone(), read_order_log);
    view! {
        <section class="stack" aria-labelledby="h-messages" data-test="messages">
            <h2 id="h-messages">{t.order_detail_messages()}</h2>
            {items}
            <Transition fallback=Loading>
                {move || suspend(async move {
                    shown(rows.await, move |rows| travelled(t, rows, nothing_written, linked))
                })}
            </Transition>
        </section>
    }
}

/// The messages that carried the order and its answers; calls that carried neither are in the log.
fn travelled(t: Texts, rows: Vec<LogRow>, nothing_written: bool, linked: bool) -> AnyView {
    let rows: Vec<LogRow> =
        rows.into_iter().filter(|row| row.kind == LogKind::Message || is_answer(row)).collect();
    if rows.is_empty() {
        return nothing_written
            .then(|| {
                view! {
                    <EmptyState
                        kind=EmptyKind::NeverUsed
                        title=t.order_detail_no_messages()
                        text=t.order_detail_no_messages_text()
                    />
                }
            })
            .into_any();
    }
    let columns = vec![
        Column::new(t.logs_time()).title(),
        Column::new(t.logs_direction()),
        Column::new(t.logs_operation()),
        Column::new(t.logs_attempts()).num(),
        Column::new(t.logs_result()),
    ];
    let rows: Vec<AnyView> = rows.iter().map(|row| message(t, row, linked)).collect();
    view! {
        <section class="panel" aria-label=t.order_detail_travelled()>
            <DataTable caption=t.order_detail_travelled() columns>{rows}</DataTable>
        </section>
    }
    .into_any()
}

fn message(t: Texts, row: &LogRow, linked: bool) -> AnyView {
    let language = t.language();
    // An answer is read by us, and told by the partner.
    let direction = match row.direction {
        Direction::Out if !is_answer(row) => t.logs_direction_out(),
        _ => t.logs_direction_in(),
    };
    let (text, tone, icon) = result_look(t, row);
    let mark = (tone == Tone::Error).then_some("err");
    let moment = format::date_time_seconds(row.at, language);
    let title = if linked {
        view! { <TitleCell href=href(row) text=moment/> }.into_any()
    } else {
        view! { <TitleCell text=moment/> }.into_any()
    };
    let next = row
        .held
        .then(|| t.logs_held_row().to_owned())
        .or_else(|| row.next_attempt_at.map(|at| t.message_waiting_until(format::time(at, language))));
    let cause = row.error.map(|code| cause_text(t, row.direction, code));
    let (operation, attempts) = (operation_text(t, row), format::whole(row.attempts, language));
    view! {
        <Row tone=Signal::stored(mark)>
            {title}
            <Cell label=t.logs_direction()>{direction}</Cell>
            <Cell label=t.logs_operation()>{operation}</Cell>
            <Cell class="num" label=t.logs_attempts()>{attempts}</Cell>
            <Cell class="st">
                <div>
                    <Tag text tone icon/>
                    {next.map(|next| view! { <small>{next}</small> })}
                    {cause.map(|cause| view! { <small>{cause}</small> })}
                </div>
            </Cell>
        </Row>
    }
    .into_any()
}
