//! How an export goes, and then the proof of how it went.

use std::time::Duration;

use domain::errors::ErrorCode;
use domain::exports::{ExportItem, ExportJob, Outcome};
use domain::ids::{ConnectionId, ExportJobId};
use domain::live::LiveRow;
use domain::messages::MessageState;
use domain::orders::OrderStatus;
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::PATH;
use super::findings::error_text;
use crate::api::exports::read_export_job;
use crate::api::orders::RetryOrder;
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, FormErrors, FormState, HiddenField, Icon, Loading,
    MessageTag, OrderTag, PageHead, Progress, Row, Tag, TitleCell, Tone,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{address, shown};
use crate::pages::logs::{log_href, test_href};
use crate::pages::orders::{edit_href, export_href, order_href};
use crate::session::use_shell;

/// A burst of changes asks once.
const PAUSE: Duration = Duration::from_millis(300);
/// Without a script the page asks again so often while something is under way.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"5\">";

/// The page `/ordre/eksporter-til-partner/:jobb`.
#[component]
pub fn ExportResultPage() -> impl IntoView {
    let params = use_params_map();
    let job_id = Memo::new(move |_| params.with(|params| params.get("jobb")?.parse::<ExportJobId>().ok()));
    let retry = ServerAction::<RetryOrder>::new();
    let resets = use_live().map(Live::resets);
    let job = PageData::new(
        move || (job_id.get(), retry.version().get(), resets.map(|resets| resets.get())),
        |(job_id, ..)| async move { read_export_job(job_id.ok_or(AppError::from(ErrorCode::NotFound))?).await },
    );
    if let Some(live) = use_live() {
        let pending = RwSignal::new(false);
        live.on_event(move |event| {
            let LiveRow::PurchaseOrder(row) = &event.change else { return };
            // As long as the run is not here, any order may be one of it: what comes was read before this happened.
            let ours = match job.get_untracked() {
                Some(Ok(job)) => job.items.iter().any(|item| item.order_id == row.order_id),
                Some(Err(_)) => false,
                None => true,
            };
            if ours && !pending.get_untracked() {
                pending.set(true);
                set_timeout(
                    move || {
                        if pending.try_set(false).is_none() {
                            job.refetch();
                        }
                    },
                    PAUSE,
                );
            }
        });
    }
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(job.await, |job| view! { <Job job retry/> }.into_any()) })}
        </Transition>
    }
}

/// How far an export has come.
#[derive(Clone, Copy)]
struct Figures {
    all: usize,
    settled: usize,
    delivered: usize,
    /// Chosen with the others, and not sent.
    left: usize,
    running: bool,
}

impl Figures {
    fn of(job: &ExportJob) -> Self {
        let left = job.items.iter().filter(|item| item.message_state.is_none()).count();
        let (all, settled) = (job.items.len() - left, job.settled() - left);
        Self { all, settled, delivered: job.delivered(), left, running: settled < all }
    }

    /// Neither delivered nor on the way.
    fn stopped(self) -> usize {
        self.settled - self.delivered
    }

    /// Something is with a supplier, or will get there by itself, and has no answer yet.
    fn awaits_answer(job: &ExportJob) -> bool {
        let is_on_the_way =
            |item: &ExportItem| !matches!(item.message_state, None | Some(MessageState::Parked));
        job.items.iter().any(|item| is_on_the_way(item) && answer(item).is_none())
    }

    fn title(self, t: Texts) -> String {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        if self.running {
            t.export_sending(count(self.all))
        } else {
            match (self.stopped(), self.left) {
                (0, 0) => t.export_all_sent(count(self.all)),
                (0, left) => t.export_some_left(self.delivered, left),
                (failed, 0) => t.export_some_sent(self.delivered, failed),
                (failed, left) => t.export_failed_and_left(self.delivered, failed, left),
            }
        }
    }
}

#[component]
fn Job(job: ExportJob, retry: ServerAction<RetryOrder>) -> impl IntoView {
    let t = use_texts();
    let (figures, awaits_answer) = (Figures::of(&job), Figures::awaits_answer(&job));
    let at = format::date_time(job.created_at, t.language());
    let by = job.created_by.clone();
    let signed = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let columns = vec![
        Column::new(t.orders_number()).title(),
        Column::new(t.orders_supplier()),
        Column::new(t.check_result()),
        Column::new(t.order_detail_partner_draft()),
        Column::new(t.export_explanation()).class("w"),
        Column::new(t.export_action()).hidden(),
    ];
    let here = super::job_href(job.job_id);
    let rows: Vec<_> = job.items.into_iter().map(|item| view! { <ItemRow item retry/> }).collect();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_orders()), Crumb::link(t.nav_export(), PATH), Crumb::text(t.export_result())]/>
        <PageHead title=figures.title(t) below=move || view! { <span class="muted">{t.export_started(&at, &by)}</span> }/>
        <FormErrors form=FormState::of(retry)/>
        {figures
            .running
            .then(|| {
                view! {
                    <section class="card" aria-label=t.export_progress() data-test="export-progress">
                        <p role="status">{t.export_progress_text(figures.delivered, figures.all)}</p>
                        <Progress value=signed(figures.settled) max=signed(figures.all) label=t.export_progress()/>
                        <p class="muted sm">{t.export_may_leave()}</p>
                        <div class="row"><a class="btn s" href=here rel="external">{t.export_refresh()}</a></div>
                        <noscript inner_html=REFRESH></noscript>
                    </section>
                }
            })}
        <section class="panel" aria-label=t.export_result()>
            <DataTable caption=t.export_result_per_order() columns>
                {rows}
            </DataTable>
        </section>
        {awaits_answer.then(|| view! { <Next/> })}
    }
}

/// *Hva skjer nå*.
#[component]
fn Next() -> impl IntoView {
    let t = use_texts();
    view! {
        <section class="card" aria-labelledby="h-next">
            <h2 id="h-next">{t.export_next()}</h2>
            <p>{t.export_next_text()}</p>
            <div class="row">
                <a class="more" href=address(crate::pages::orders::PATH, &[("vis", "venter")])>
                    {t.export_follow()}
                    <Icon name="next"/>
                </a>
            </div>
        </section>
    }
}

/// What the supplier has made of an order that was delivered; `None` while it lies there as it came.
fn answer(item: &ExportItem) -> Option<OrderStatus> {
    let is_delivered = item.message_state == Some(MessageState::Delivered);
    let is_answer = matches!(
        item.status,
        OrderStatus::Approved
            | OrderStatus::ApprovedWithChanges
            | OrderStatus::Rejected
            | OrderStatus::Withdrawn
            | OrderStatus::Cancelled
            | OrderStatus::Closed
    );
    Some(item.status).filter(|_| is_delivered && is_answer)
}

/// The answer in words.
fn answer_text(t: Texts, status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Approved => t.export_is_approved(),
        OrderStatus::ApprovedWithChanges => t.export_is_approved_with_changes(),
        OrderStatus::Rejected => t.export_is_rejected(),
        _ => t.export_is_ended(),
    }
}

/// How one order went, in words.
fn explanation(t: Texts, item: &ExportItem) -> String {
    let stopping = item.findings.iter().find(|finding| finding.outcome >= Outcome::Overridable);
    let cause = item.error.map(|code| error_text(t, code, stopping));
    if let Some(status) = answer(item) {
        return answer_text(t, status).to_owned();
    }
    match item.message_state {
        Some(MessageState::Delivered) if item.status == OrderStatus::InReview => {
            t.export_is_in_review().to_owned()
        }
        Some(MessageState::Delivered) if item.sent_before => t.export_sent_before().to_owned(),
        Some(MessageState::Delivered) => t.export_is_draft_there().to_owned(),
        Some(MessageState::Queued | MessageState::Sending | MessageState::Waiting)
            if item.held_by.is_some() =>
        {
            [cause, Some(t.logs_held_text().to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Some(MessageState::Queued | MessageState::Sending) => t.export_in_queue().to_owned(),
        Some(MessageState::Waiting) => {
            let waits = match item.next_attempt_at {
                Some(at) => t.export_waits(format::time(at, t.language())),
                None => t.export_in_queue().to_owned(),
            };
            [cause, Some(waits)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Some(MessageState::Parked) => {
            [cause, Some(t.export_parked().to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        None => cause.unwrap_or_else(|| t.export_not_sent_text().to_owned()),
    }
}

#[component]
fn ItemRow(item: ExportItem, retry: ServerAction<RetryOrder>) -> impl IntoView {
    let t = use_texts();
    let text = explanation(t, &item);
    let answer = answer(&item);
    let edge = match (item.message_state, answer) {
        (None | Some(MessageState::Parked), _) | (_, Some(OrderStatus::Rejected)) => Some("err"),
        (Some(MessageState::Waiting), _) | (_, Some(OrderStatus::ApprovedWithChanges)) => Some("warn"),
        _ => None,
    };
    let state = match (item.message_state, answer) {
        // What the supplier answered says more than that the order arrived.
        (_, Some(status)) => view! { <OrderTag status=Signal::stored(status)/> }.into_any(),
        (Some(state), None) => view! {
            <MessageTag state=Signal::stored(state) next_attempt_at=Signal::stored(item.next_attempt_at)/>
        }
        .into_any(),
        (None, None) => view! { <Tag text=t.export_not_sent() tone=Tone::Error/> }.into_any(),
    };
    let number = item.order_number.clone();
    let draft = item.partner_draft_number.clone();
    let supplier = item.supplier_name.clone();
    view! {
        <Row tone=Signal::stored(edge)>
            <TitleCell href=order_href(&number) text=number code=true/>
            <Cell>{supplier}</Cell>
            <Cell class="st">{state}</Cell>
            <Cell label=t.order_detail_partner_draft()>{draft.map(|number| view! { <span class="code">{number}</span> })}</Cell>
            <Cell class="w">{text}</Cell>
            <Cell class="act">
                <ItemActions item retry/>
            </Cell>
        </Row>
    }
}

/// *Prøv på nytt* for what was sent, *Rett opp* for what was not.
#[component]
fn ItemActions(item: ExportItem, retry: ServerAction<RetryOrder>) -> impl IntoView {
    let t = use_texts();
    let role = use_shell().user.map(|user| user.role);
    let may = |permission| role.is_some_and(|role| role.may(permission));
    if !may(Permission::Purchase) {
        return ().into_any();
    }
    let order_id = item.order_id;
    match item.message_state {
        None if item.status.is_editable() => view! {
            <div class="row">
                <a class="btn s" href=export_href(order_id)>{t.frame_try_again()}</a>
                <a class="more" href=edit_href(&item.order_number)>{t.frame_fix()}</a>
            </div>
        }
        .into_any(),
        Some(MessageState::Queued | MessageState::Sending) if item.held_by.is_some() => {
            view! { <ToConnection held_by=item.held_by/> }.into_any()
        }
        Some(MessageState::Parked | MessageState::Waiting) => {
            let busy = FormState::of(retry).busy();
            let log = item.correlation_id.filter(|_| may(Permission::Administer)).map(|correlation_id| {
                let href = log_href(&correlation_id.to_string());
                view! { <a class="more" href=href>{t.export_see_log()}</a> }
            });
            view! {
                <div class="row">
                    <ActionForm action=retry attr:data-test="retry">
                        <HiddenField name="order_id" value=order_id.to_string()/>
                        <BusyButton kind="s" busy>{t.frame_try_again()}</BusyButton>
                    </ActionForm>
                    <ToConnection held_by=item.held_by/>
                    {log}
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// The way to a stopped connection, for whoever may test it.
#[component]
fn ToConnection(held_by: Option<ConnectionId>) -> impl IntoView {
    let t = use_texts();
    let may = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    held_by
        .filter(|_| may)
        .map(|id| view! { <a class="more" href=test_href(id)>{t.logs_to_connection()}</a> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::ids::OrderId;

    fn item(status: OrderStatus, message_state: Option<MessageState>) -> ExportItem {
        ExportItem {
            order_id: OrderId(Default::default()),
            order_number: "PO-1".to_owned(),
            supplier_name: None,
            status,
            message_state,
            next_attempt_at: None,
            held_by: None,
            error: None,
            findings: Vec::new(),
            partner_draft_number: None,
            sent_before: true,
            correlation_id: None,
        }
    }

    #[test]
    fn the_result_is_what_the_supplier_answered() {
        let text = |status| {
            let item = item(status, Some(MessageState::Delivered));
            explanation(Texts::new(Language::Nb), &item)
        };
        assert!(text(OrderStatus::Approved).contains("har godkjent"), "also of what was sent before");
        assert!(text(OrderStatus::ApprovedWithChanges).contains("med endringer"));
        assert!(text(OrderStatus::Rejected).contains("har avvist"));
        assert!(text(OrderStatus::InReview).contains("ser på"));
        assert_eq!(text(OrderStatus::Received), "Allerede sendt. Ordren er ikke sendt to ganger.");
        assert_eq!(answer(&item(OrderStatus::Draft, None)), None);
    }

    #[test]
    fn what_was_left_is_not_counted_as_sent() {
        let title = |states: &[Option<MessageState>]| {
            let job = ExportJob {
                job_id: ExportJobId(Default::default()),
                created_at: domain::time::Timestamp(0),
                created_by: String::new(),
                items: states.iter().map(|state| item(OrderStatus::Ready, *state)).collect(),
            };
            Figures::of(&job).title(Texts::new(Language::Nb))
        };
        let (sent, parked) = (Some(MessageState::Delivered), Some(MessageState::Parked));
        assert_eq!(title(&[sent, sent]), "2 ordrer sendt");
        assert_eq!(title(&[sent, None]), "1 sendt, 1 ble liggende");
        assert_eq!(title(&[sent, parked, None]), "1 sendt, 1 feilet, 1 ble liggende");
        assert_eq!(title(&[Some(MessageState::Queued), None]), "Sender 1 ordre");
    }
}
