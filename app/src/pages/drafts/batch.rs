//! One answer to many drafts: what it will do, and what came of it.

use domain::drafts::{DraftAnswer, DraftBatch, DraftBatchItem};
use domain::errors::ErrorCode;
use domain::ids::{DraftBatchId, DraftId};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{PATH, PICKED_PATH};
use crate::api::draft_batches::{AnswerDrafts, preview_draft_batch, read_draft_batch};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, FormErrors, FormState, HiddenField, LinkButton,
    Loading, PageHead, Receipt, Row, TextArea, TitleCell,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::pages::saved_views::last_shown;

/// Ids that an address may name.
const MAX_NAMED: usize = 1_000;

/// The page of what came of it.
pub fn batch_href(batch_id: DraftBatchId) -> String {
    format!("{PICKED_PATH}/{batch_id}")
}

fn crumbs(t: Texts, last: String) -> Vec<Crumb> {
    vec![Crumb::text(t.nav_sales()), Crumb::link(t.nav_drafts(), PATH), Crumb::text(last)]
}

/// The drafts that the address names: one by one, or as the question that all of them fit.
fn use_chosen() -> Memo<(Vec<DraftId>, String)> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let named = query.get_all("kladd").unwrap_or_default();
            let ids = named.iter().take(MAX_NAMED).filter_map(|id| id.parse().ok()).collect();
            (ids, query.get("alle").unwrap_or_default())
        })
    })
}

/// The page `/salg/ordrekladder/valgte`: which drafts get the answer, and which are left as they are.
#[component]
pub fn PickedDraftsPage() -> impl IntoView {
    let chosen = use_chosen();
    let query = use_query_map();
    let answer = Memo::new(move |_| {
        query.with(|query| query.get("handling").and_then(|slug| DraftAnswer::from_slug(&slug)))
    });
    let preview = PageData::new(
        move || (chosen.get(), answer.get()),
        |((draft_ids, question), answer)| async move {
            preview_draft_batch(answer.ok_or(AppError::from(ErrorCode::NotFound))?, draft_ids, question).await
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(preview.await, |batch| view! { <Confirm batch/> }.into_any()) })}
        </Transition>
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[component]
fn Confirm(batch: DraftBatch) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<AnswerDrafts>::new();
    let form = FormState::of(action);
    let (count, total) = (batch.done().count(), batch.items.len());
    let is_rejection = batch.answer == DraftAnswer::Reject;
    let (title, button, heading) = if is_rejection {
        (t.drafts_reject_title(whole(count)), t.drafts_reject_button(whole(count)), t.drafts_will_reject())
    } else {
        (t.drafts_approve_title(whole(count)), t.drafts_approve_button(whole(count)), t.drafts_will_approve())
    };
    let seen: Vec<_> = batch
        .done()
        .enumerate()
        .map(|(at, item)| {
            view! {
                <HiddenField name=format!("drafts[{at}][draft_id]") value=item.draft_id.to_string()/>
                <HiddenField name=format!("drafts[{at}][version]") value=item.version.to_string()/>
            }
        })
        .collect();
    let done: Vec<DraftBatchItem> = batch.done().cloned().collect();
    let skipped: Vec<DraftBatchItem> = batch.skipped().cloned().collect();
    let kind = if is_rejection { "d" } else { "p" };
    view! {
        <Crumbs path=crumbs(t, title.clone())/>
        <PageHead title=title below=move || view! { <span class="muted">{t.drafts_batch_of(whole(total))}</span> }/>
        <FormErrors form/>
        <Items heading items=done/>
        <Items heading=t.orders_batch_skipped() items=skipped/>
        <ActionForm action attr:class="stack" attr:data-test="answer-drafts">
            <HiddenField name="answer" value=batch.answer.as_str()/>
            {seen}
            {(is_rejection && count > 0)
                .then(|| view! { <TextArea name="reason" label=t.draft_reject_reason() hint=t.drafts_reject_hint() rows=3 form/> })}
            <div class="row">
                {if count > 0 {
                    view! { <BusyButton kind busy=form.busy()>{button}</BusyButton> }.into_any()
                } else {
                    view! { <p role="status">{t.drafts_batch_nothing()}</p> }.into_any()
                }}
                <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
    }
}

/// Drafts with what they came to, or why they are left as they are.
#[component]
fn Items(heading: &'static str, items: Vec<DraftBatchItem>) -> impl IntoView {
    let t = use_texts();
    let shows_why = items.iter().any(|item| item.skipped.is_some());
    let shows_order = items.iter().any(|item| item.sales_order.is_some());
    let columns = [
        Some(Column::new(t.drafts_draft()).title()),
        Some(Column::new(t.drafts_customer())),
        Some(Column::new(t.drafts_lines()).num()),
        Some(Column::new(t.drafts_net_total()).num()),
        shows_why.then(|| Column::new(t.orders_batch_why()).class("w")),
        shows_order.then(|| Column::new(t.sales_orders_number())),
    ];
    let columns = columns.into_iter().flatten().collect();
    let count = items.len();
    let rows: Vec<_> = items.into_iter().map(|item| view! { <Item item/> }).collect();
    (count > 0).then(|| {
        view! {
            <section class="panel" aria-label=heading>
                <header>
                    <h2>{heading}" "<span class="n">{count}</span></h2>
                </header>
                <DataTable caption=heading columns>
                    {rows}
                </DataTable>
            </section>
        }
    })
}

#[component]
fn Item(item: DraftBatchItem) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let title = if item.number.is_empty() {
        view! { <TitleCell text=t.drafts_batch_gone()/> }.into_any()
    } else {
        view! { <TitleCell href=format!("{PATH}/{}", item.number) text=item.number.clone() code=true/> }
            .into_any()
    };
    let sum = (!item.currency.is_empty())
        .then(|| format::money_with_currency(item.net_total, &item.currency, language));
    view! {
        <Row>
            {title}
            <Cell>{item.customer_name}</Cell>
            <Cell class="num lf" label=t.drafts_lines()>{format::whole(item.line_count, language)}</Cell>
            <Cell class="num rt" label=t.drafts_net_total()>{sum}</Cell>
            {item.skipped.map(|code| view! { <Cell class="w" label=t.orders_batch_why()>{why(t, code)}</Cell> })}
            {item
                .sales_order
                .map(|number| {
                    let href = format!("/salg/salgsordre/{number}");
                    view! { <Cell label=t.sales_orders_number()><a class="code" href=href>{number}</a></Cell> }
                })}
        </Row>
    }
}

fn why(t: Texts, code: ErrorCode) -> String {
    match code {
        ErrorCode::NotFound => t.drafts_batch_gone().to_owned(),
        ErrorCode::LineParked => t.drafts_batch_parked().to_owned(),
        ErrorCode::PriceUnconfirmed => t.drafts_batch_far_off().to_owned(),
        ErrorCode::InvalidTransition => t.drafts_batch_answered().to_owned(),
        ErrorCode::VersionConflict => t.draft_changed_elsewhere().to_owned(),
        code => AppError::from(code).text(t),
    }
}

/// The page `/salg/ordrekladder/valgte/:id`: what came of it.
#[component]
pub fn DraftBatchPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<DraftBatchId>().ok()));
    let batch = PageData::new(
        move || id.get(),
        |id| async move { read_draft_batch(id.ok_or(AppError::from(ErrorCode::NotFound))?).await },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(batch.await, |batch| view! { <CameOfIt batch/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn CameOfIt(batch: DraftBatch) -> impl IntoView {
    let t = use_texts();
    let count = whole(batch.done().count());
    let (title, heading) = match batch.answer {
        DraftAnswer::Approve => (t.drafts_were_approved(count), t.drafts_view_approved()),
        DraftAnswer::Reject => (t.drafts_were_rejected(count), t.drafts_view_rejected()),
    };
    let done: Vec<DraftBatchItem> = batch.done().cloned().collect();
    let skipped: Vec<DraftBatchItem> = batch.skipped().cloned().collect();
    let reason = (!batch.reason.is_empty()).then(|| t.draft_rejected_reason(batch.reason));
    let back = RwSignal::new(PATH.to_owned());
    Effect::new(move |_| {
        if let Some(last) = last_shown(PATH) {
            back.set(last.href);
        }
    });
    view! {
        <Crumbs path=crumbs(t, title.clone())/>
        <PageHead title=title.clone()/>
        <Receipt title=title>
            {reason.map(|reason| view! { <p>{reason}</p> })}
            <a class="btn s" href=move || back.get()>{t.orders_back_to_list()}</a>
        </Receipt>
        <Items heading items=done/>
        <Items heading=t.orders_batch_skipped() items=skipped/>
    }
}
