//! Where the order stands, why, and what can be done about it.

use domain::exports::CheckedOrder;
use domain::ids::OrderId;
use domain::logs::LogRow;
use domain::messages::MessageState;
use domain::orders::{OrderDetail, OrderStatus};
use domain::roles::Permission;
use leptos::prelude::*;

use super::super::{edit_href, export_href};
use super::Actions;
use super::again::Duplicate;
use crate::api::orders::RetryOrder;
use crate::components::{Alert, BusyButton, FormState, HiddenField, LinkButton, MessageTag, OrderTag, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::pages::connections::PATH as CONNECTIONS;
use crate::pages::logs::{cause_text, log_href};
use crate::session::use_shell;

/// Where the order stands, as a sentence with a subject.
pub(super) fn sentence(t: Texts, detail: &OrderDetail) -> String {
    let supplier =
        detail.order.supplier_name.clone().unwrap_or_else(|| t.order_detail_the_supplier().to_owned());
    match (detail.order.status, detail.message_state) {
        (OrderStatus::Exported, Some(MessageState::Parked)) => t.order_detail_is_parked().to_owned(),
        (OrderStatus::Exported, Some(MessageState::Waiting)) => t.order_detail_is_waiting(supplier),
        (OrderStatus::Exported, Some(MessageState::Queued | MessageState::Sending)) => {
            t.order_detail_is_sending(supplier)
        }
        (OrderStatus::Draft, _) => t.order_detail_is_draft().to_owned(),
        // Nothing is promised that the check would refuse.
        (OrderStatus::Ready, _) => match stopped_lines(detail) {
            0 => t.order_detail_is_ready().to_owned(),
            count => t.order_detail_is_stopped(count),
        },
        (OrderStatus::Exported, _) => t.order_detail_is_exported(supplier),
        (OrderStatus::Received, _) => t.order_detail_is_received(supplier),
        (OrderStatus::InReview, _) => t.order_detail_is_in_review(supplier),
        (OrderStatus::Approved, _) => t.order_detail_is_approved(supplier),
        (OrderStatus::ApprovedWithChanges, _) => t.order_detail_is_approved_with_changes(supplier),
        (OrderStatus::Rejected, _) => t.order_detail_is_rejected(supplier),
        (OrderStatus::Withdrawn, _) => t.order_detail_is_withdrawn().to_owned(),
        (OrderStatus::Cancelled, _) => t.order_detail_is_cancelled().to_owned(),
        (OrderStatus::Closed, _) => t.order_detail_is_closed().to_owned(),
    }
}

/// How many lines of an order that has not been sent the check would refuse.
fn stopped_lines(detail: &OrderDetail) -> i64 {
    let stopped = detail.checked.as_ref().map_or(0, CheckedOrder::stopped_lines);
    i64::try_from(stopped).unwrap_or(i64::MAX)
}

#[component]
pub(super) fn Facts(detail: OrderDetail) -> impl IntoView {
    let t = use_texts();
    let order = detail.order;
    let undelivered = detail.message_state.filter(|state| *state != MessageState::Delivered);
    view! {
        <OrderTag status=Signal::stored(order.status)/>
        {undelivered
            .map(|state| {
                view! { <MessageTag state=Signal::stored(state) next_attempt_at=Signal::stored(detail.next_attempt_at) held=Signal::stored(detail.held)/> }
            })}
        <span class="code">{order.number}</span>
        <span class="muted">{t.order_detail_updated(format::day_time(order.updated_at, t.language()))}</span>
    }
}

/// What the supplier said, or why nothing could be said to him.
#[component]
pub(super) fn Answer(detail: OrderDetail, may_purchase: bool, actions: Actions) -> impl IntoView {
    let t = use_texts();
    let order = detail.order;
    if order.status == OrderStatus::Rejected {
        let reason = order.answer_reason.unwrap_or_else(|| t.order_detail_no_reason().to_owned());
        let again = may_purchase.then(|| {
            view! {
                <Duplicate order_id=order.order_id duplicate=actions.duplicate text=t.order_detail_new_from_this()/>
            }
        });
        return view! { <Alert tone=Tone::Error icon="x" title=t.order_detail_reason() text=reason>{again}</Alert> }
            .into_any();
    }
    let (tone, title, text) = match detail.message_state {
        Some(MessageState::Parked) => {
            (Tone::Error, t.order_detail_parked_title(), t.order_detail_parked_text())
        }
        Some(MessageState::Queued | MessageState::Waiting) if detail.held => {
            (Tone::Warning, t.order_detail_held_title(), t.order_detail_held_text())
        }
        Some(MessageState::Waiting) => {
            (Tone::Warning, t.order_detail_waiting_title(), t.order_detail_waiting_text())
        }
        _ => return ().into_any(),
    };
    let cause = detail.undelivered.as_ref().and_then(|row| Some(cause_text(t, row.direction, row.error?)));
    let text = [cause.as_deref(), Some(text)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let order_id = order.order_id;
    let correlation_id = order.correlation_id.to_string();
    let may_administer = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    let fix = detail.undelivered.as_ref().filter(|_| may_administer).and_then(fix_href);
    view! {
        <Alert tone title text>
            {fix.map(|href| view! { <LinkButton href kind="s">{t.frame_fix()}</LinkButton> })}
            {may_purchase.then(|| view! { <RetryForm order_id retry=actions.retry/> })}
            {may_administer.then(|| view! { <a class="more" href=log_href(&correlation_id)>{t.order_detail_log()}</a> })}
        </Alert>
    }
    .into_any()
}

/// Where what stops the message is put right: at its connection.
fn fix_href(row: &LogRow) -> Option<String> {
    row.connection_id.filter(|_| row.held || row.error.is_some()).map(|id| format!("{CONNECTIONS}/{id}"))
}

#[component]
fn RetryForm(order_id: OrderId, retry: ServerAction<RetryOrder>) -> impl IntoView {
    let t = use_texts();
    let busy = FormState::of(retry).busy();
    view! {
        <ActionForm action=retry attr:data-test="retry">
            <HiddenField name="order_id" value=order_id.to_string()/>
            <BusyButton kind="s" busy>{t.frame_try_again()}</BusyButton>
        </ActionForm>
    }
}

/// What is shown is not all that was typed.
#[component]
pub(super) fn Unread(number: String, may_purchase: bool) -> impl IntoView {
    let t = use_texts();
    let href = format!("{}?kontroll=1", edit_href(&number));
    view! {
        <Alert title=t.order_detail_unread_title() text=t.order_detail_unread_text().to_owned()>
            {may_purchase.then(|| view! { <LinkButton href=href kind="s">{t.order_detail_unread_fix()}</LinkButton> })}
        </Alert>
    }
}

/// What is to be done next, and by whom.
#[component]
pub(super) fn Next(detail: OrderDetail, may_purchase: bool) -> impl IntoView {
    let t = use_texts();
    let order = &detail.order;
    let supplier = order.supplier_name.clone().unwrap_or_else(|| t.order_detail_the_supplier().to_owned());
    let (text, action) = match (order.status, detail.message_state) {
        (OrderStatus::Draft, _) => {
            let fix = format!("{}?kontroll=1", edit_href(&order.number));
            (t.order_detail_next_draft().to_owned(), Some((fix, t.order_detail_edit())))
        }
        (OrderStatus::Ready, _) if stopped_lines(&detail) > 0 => {
            (t.order_detail_next_stopped(supplier), Some((edit_href(&order.number), t.order_detail_edit())))
        }
        (OrderStatus::Ready, _) => (
            t.order_detail_next_ready(supplier),
            Some((export_href(order.order_id), t.order_detail_export())),
        ),
        (OrderStatus::Exported, Some(MessageState::Parked)) => {
            (t.order_detail_next_parked().to_owned(), None)
        }
        (OrderStatus::Exported, _) if detail.held => (t.order_detail_next_held().to_owned(), None),
        (OrderStatus::Exported, _) => (t.order_detail_next_exported(supplier), None),
        (OrderStatus::Received | OrderStatus::InReview, _) => (t.order_detail_next_waits(supplier), None),
        (OrderStatus::Approved, _) => (t.order_detail_next_approved(supplier), None),
        (OrderStatus::ApprovedWithChanges, _) => (t.order_detail_next_changed(supplier), None),
        (OrderStatus::Rejected, _) => (t.order_detail_next_rejected().to_owned(), None),
        (OrderStatus::Withdrawn | OrderStatus::Cancelled | OrderStatus::Closed, _) => {
            (t.order_detail_next_nothing().to_owned(), None)
        }
    };
    let locked = (!order.status.is_editable())
        .then(|| view! { <p class="muted sm" data-test="locked">{t.order_detail_locked()}</p> });
    let action = action.filter(|_| may_purchase).map(|(href, label)| {
        view! { <div class="row"><a class="more" href=href>{label}</a></div> }
    });
    view! {
        <section class="card" aria-labelledby="h-next" data-test="next">
            <h2 id="h-next">{t.order_detail_next()}</h2>
            <p>{text}</p>
            {action}
            {locked}
        </section>
    }
}
