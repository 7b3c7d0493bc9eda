//! One draft: what the customer sent, what we understand, and the answer.

use domain::drafts::{DraftReview, DraftStatus, OrderDraftRow, SeenPrices};
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::PATH;
use super::answer::AnswerBar;
use super::lines::Lines;
use crate::api::drafts::{ApproveDraft, ConfirmDraftCustomer, LinkDraftLine, RejectDraft, review_draft};
use crate::components::{
    Alert, BusyButton, Crumb, Crumbs, DefinitionList, DraftTag, FormErrors, FormState, HiddenField,
    LinkButton, Loading, Note, PageHead, Receipt, Tag, Timeline, TimelineItem, Tone, Total, Totals,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{ListRow, Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::pages::logs::log_href;
use crate::session::use_shell;

/// The four things that can be done to a draft. They outlive a new reading of it, so that their errors stay in sight.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub link: ServerAction<LinkDraftLine>,
    pub approve: ServerAction<ApproveDraft>,
    pub reject: ServerAction<RejectDraft>,
    pub confirm: ServerAction<ConfirmDraftCustomer>,
    /// Rises when the draft is to be read again.
    pub asked_again: RwSignal<usize>,
}

impl Actions {
    fn new() -> Self {
        Self {
            link: ServerAction::new(),
            approve: ServerAction::new(),
            reject: ServerAction::new(),
            confirm: ServerAction::new(),
            asked_again: RwSignal::new(0),
        }
    }

    /// Rises when something was done. What was refused changes nothing, and what is typed stays.
    fn done(self) -> Signal<usize> {
        let done = RwSignal::new(0_usize);
        let count = move |ok: bool| {
            if ok {
                done.update(|done| *done += 1);
            }
        };
        Effect::new(move |_| {
            let linked = self.link.value().with(|value| matches!(value, Some(Ok(()))));
            if linked {
                // What stood in the way of approving may be gone.
                self.approve.clear();
            }
            count(linked);
        });
        Effect::new(move |_| count(self.approve.value().with(|value| matches!(value, Some(Ok(_))))));
        Effect::new(move |_| count(self.reject.value().with(|value| matches!(value, Some(Ok(()))))));
        Effect::new(move |_| count(self.confirm.value().with(|value| matches!(value, Some(Ok(()))))));
        done.into()
    }
}

/// The page `/salg/ordrekladder/:nr`.
#[component]
pub fn DraftPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("nr").unwrap_or_default()));
    let actions = Actions::new();
    let done = actions.done();
    let asked_again = actions.asked_again;
    let latest = RwSignal::new(None::<OrderDraftRow>);
    let resets = use_live().map(Live::resets);
    let review = PageData::new(
        move || (number.get(), done.get(), asked_again.get(), resets.map(|resets| resets.get())),
        |(number, ..)| review_draft(number),
    );
    if let Some(live) = use_live() {
        live.on_event(move |event| {
            let Some(row) = OrderDraftRow::pick(&event.change) else { return };
            if row.number != number.get_untracked() {
                return;
            }
            latest.set(Some(row.clone()));
            // A decided draft is shown at once: whatever is being typed has no use any more.
            if !row.status.is_open() {
                asked_again.update(|count| *count += 1);
            }
        });
    }
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(
                    review.await,
                    |review| {
                        let shown_row = review.row.clone();
                        view! {
                            <Review review actions>
                                <ChangedElsewhere shown_row=shown_row latest asked_again/>
                            </Review>
                        }
                            .into_any()
                    },
                )
            })}
        </Transition>
    }
}

/// Someone else changed the draft while it was open; it is shown anew when asked for, so that nothing typed is lost.
#[component]
fn ChangedElsewhere(
    shown_row: OrderDraftRow,
    latest: RwSignal<Option<OrderDraftRow>>,
    asked_again: RwSignal<usize>,
) -> impl IntoView {
    let t = use_texts();
    move || {
        let changed = latest.with(|latest| latest.as_ref().is_some_and(|latest| *latest != shown_row));
        changed.then(|| {
            view! {
                <Alert tone=Tone::Info icon="eye" title=t.draft_changed_elsewhere()>
                    <button class="btn s" type="button" on:click=move |_| asked_again.update(|count| *count += 1)>
                        {t.frame_show()}
                    </button>
                </Alert>
            }
        })
    }
}

#[component]
fn Review(review: DraftReview, actions: Actions, children: Children) -> impl IntoView {
    let t = use_texts();
    let row = review.row.clone();
    let may_sell = use_shell().user.is_some_and(|user| user.role.may(Permission::Sell));
    let can_answer = may_sell && row.status.is_open();
    let query = use_query_map();
    let only_differences =
        Memo::new(move |_| query.with(|query| query.get("linjer").as_deref() == Some("avvik")));
    let lines = review.clone();
    let title = t.draft_title(&row.number, &row.customer_name);
    let net_total = format::money_with_currency(row.net_total, &row.currency, t.language());
    let parked = row.issue_count;
    let far_off = SeenPrices::of(&review.lines);
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_sales()), Crumb::link(t.nav_drafts(), PATH), Crumb::text(row.number.clone())]/>
        <PageHead title below=move || view! { <HeadFacts row=row.clone()/> }/>
        {children()}
        <FormErrors form=FormState::of(actions.approve)/>
        <FormErrors form=FormState::of(actions.confirm)/>
        <Decision review=review.clone()/>
        {(review.row.status.is_open() && !may_sell)
            .then(|| view! { <Alert tone=Tone::Info title=t.draft_read_only() text=t.draft_read_only_text()/> })}
        <div class="cols">
            {move || {
                let review = lines.clone();
                view! { <Lines review can_answer only_differences=only_differences.get() link=actions.link/> }
            }}
            <aside class="stack" aria-label=t.draft_about()>
                <Effects review=review.clone() net_total/>
                <Customer review=review.clone() can_confirm=may_sell confirm=actions.confirm/>
                <Message review=review.clone()/>
                <History review=review.clone()/>
            </aside>
        </div>
        {can_answer
            .then(|| {
                view! {
                    <AnswerBar draft_id=review.row.draft_id version=review.version parked far_off actions/>
                }
            })}
    }
}

#[component]
fn HeadFacts(row: OrderDraftRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    view! {
        <DraftTag status=row.status/>
        <span class="muted">{t.draft_kind()}</span>
        <span class="muted">{t.draft_their_order()}" "<span class="code">{row.customer_order_number}</span></span>
        <span class="muted">{t.draft_received_at(format::day_time(row.received_at, language))}</span>
        {row
            .requested_delivery_date
            .map(|date| view! { <span class="muted">{t.draft_wanted_on(format::date_long(date, language))}</span> })}
        {row.new_customer.then(|| view! { <Tag text=t.drafts_new_customer() tone=Tone::Info/> })}
    }
}

/// What was decided, by whom and when.
#[component]
fn Decision(review: DraftReview) -> impl IntoView {
    let t = use_texts();
    let by = review
        .decided_by
        .clone()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| t.draft_someone().to_owned());
    let at = review.decided_at.map(|at| format::day_time(at, t.language())).unwrap_or_default();
    match review.row.status {
        DraftStatus::Received | DraftStatus::InReview => ().into_any(),
        DraftStatus::Approved | DraftStatus::ApprovedWithChanges => {
            let number = review.sales_order_number.unwrap_or_default();
            let href = format!("/salg/salgsordre/{number}");
            view! {
                <Receipt title=t.draft_approved_by(by, at) text=t.draft_sales_order_made(&number)>
                    <LinkButton kind="s" href>{t.draft_see_sales_order()}</LinkButton>
                </Receipt>
            }
            .into_any()
        }
        DraftStatus::Rejected => {
            let reason = review.reason.unwrap_or_default();
            view! {
                <Alert tone=Tone::Error icon="x" title=t.draft_rejected_by(by, at) text=t.draft_rejected_reason(reason)/>
            }
            .into_any()
        }
        DraftStatus::Withdrawn => view! {
            <Alert tone=Tone::Warning icon="undo" title=t.draft_withdrawn(at) text=t.draft_withdrawn_text()/>
        }
        .into_any(),
    }
}

/// What approval will make.
#[component]
fn Effects(review: DraftReview, net_total: String) -> impl IntoView {
    let t = use_texts();
    let row = review.row;
    let lines = t.count_lines(row.line_count);
    let totals = vec![Total { label: t.draft_net_total().to_owned(), amount: net_total, is_sum: true }];
    view! {
        <section class="card" aria-labelledby="h-effect">
            <h2 id="h-effect">{if row.status.is_open() { t.draft_when_approved() } else { t.draft_sum() }}</h2>
            {row
                .status
                .is_open()
                .then(|| {
                    view! {
                        <ul class="stack s sm">
                            <li><Note tone=Tone::Ok>{t.draft_effect_sales_order(lines)}</Note></li>
                            <li><Note tone=Tone::Info>{t.draft_effect_answer(&row.customer_name)}</Note></li>
                            {(row.issue_count > 0)
                                .then(|| view! { <li><Note tone=Tone::Warning>{t.draft_effect_parked(row.issue_count)}</Note></li> })}
                        </ul>
                    }
                })}
            <Totals lines=totals/>
        </section>
    }
}

#[component]
fn Customer(
    review: DraftReview,
    can_confirm: bool,
    confirm: ServerAction<ConfirmDraftCustomer>,
) -> impl IntoView {
    let t = use_texts();
    let href = format!("/kontakter/kunder/{}", review.customer_id);
    let name = review.row.customer_name.clone();
    let mut rows = vec![(t.draft_company().to_owned(), view! { <a href=href>{name}</a> }.into_any())];
    if let Some(number) = &review.customer_org_number {
        rows.push((t.draft_org_number().to_owned(), format::org_number(number).into_any()));
    }
    if !review.customer_reference.is_empty() {
        rows.push((t.draft_their_reference().to_owned(), review.customer_reference.clone().into_any()));
    }
    if !review.supplier_reference.is_empty() {
        let name = t.label("our_reference").unwrap_or_default().to_owned();
        rows.push((name, review.supplier_reference.clone().into_any()));
    }
    if !review.delivery.is_empty() {
        rows.push((t.order_detail_delivery().to_owned(), review.delivery.one_line().into_any()));
    }
    let new_customer = review.row.new_customer;
    let duplicates: Vec<_> = review
        .likely_duplicates
        .iter()
        .map(|contact| {
            let href = format!("/kontakter/kunder/{}", contact.contact_id);
            let place = contact.city.clone();
            let number = contact.org_number.as_deref().map(format::org_number).unwrap_or_default();
            view! {
                <li>
                    <div>
                        <p><a href=href>{contact.name.clone()}</a></p>
                        <p>{[number, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")}</p>
                    </div>
                </li>
            }
        })
        .collect();
    let has_duplicates = !duplicates.is_empty();
    let busy = FormState::of(confirm).busy();
    view! {
        <section class="card" aria-labelledby="h-customer">
            <h2 id="h-customer">{t.draft_customer()}</h2>
            <DefinitionList rows/>
            {new_customer
                .then(|| {
                    view! {
                        <Note tone=Tone::Info>{t.drafts_new_customer()}</Note>
                        <p class="sm">{t.draft_new_customer_text()}</p>
                    }
                })}
            {has_duplicates
                .then(|| {
                    view! {
                        <h3>{t.draft_likely_duplicates()}</h3>
                        <ul class="rows d" data-test="likely-duplicates">{duplicates}</ul>
                    }
                })}
            {(new_customer && can_confirm)
                .then(|| {
                    view! {
                        <ActionForm action=confirm attr:data-test="confirm-customer">
                            <HiddenField name="draft_id" value=review.row.draft_id.to_string()/>
                            <BusyButton kind="s" busy>{t.draft_confirm_customer()}</BusyButton>
                        </ActionForm>
                    }
                })}
        </section>
    }
}

#[component]
fn Message(review: DraftReview) -> impl IntoView {
    let t = use_texts();
    (!review.note.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="h-note">
                <h2 id="h-note">{t.draft_note()}</h2>
                <p class="sm wrap">{review.note}</p>
            </section>
        }
    })
}

/// The words of an event of a draft.
fn event_look(t: Texts, kind: &str) -> (&'static str, &'static str, String) {
    let (icon, tone) = match kind {
        "draft_received" => ("inbox", "ok"),
        "draft_approved" => ("check", "ok"),
        "draft_rejected" => ("x", "err"),
        "draft_line_linked" => ("swap", "ok"),
        "customer_confirmed" => ("okc", "ok"),
        _ => ("info", "ok"),
    };
    let words =
        t.status(&format!("draft_event.{kind}")).map_or_else(|| kind.replace('_', " "), str::to_owned);
    (icon, tone, words)
}

#[component]
fn History(review: DraftReview) -> impl IntoView {
    let t = use_texts();
    let items = review
        .timeline
        .into_iter()
        .map(|entry| {
            let (icon, tone, title) = event_look(t, &entry.kind);
            let lines = [Some(entry.actor), entry.detail]
                .into_iter()
                .flatten()
                .filter(|line| !line.is_empty())
                .collect();
            TimelineItem { icon, tone, title, lines, at: Some(entry.at), current: false }
        })
        .collect();
    let correlation_id = review.correlation_id.to_string();
    let may_see_log = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    let log = may_see_log
        .then(|| view! { <a class="more" href=log_href(&correlation_id)>{t.order_detail_log()}</a> });
    view! {
        <section class="card" aria-labelledby="h-history">
            <h2 id="h-history">{t.draft_history()}</h2>
            <Timeline items/>
            <p class="muted sm">{t.draft_correlation()}" "<span class="code wrap">{correlation_id.clone()}</span></p>
            {log}
        </section>
    }
}
