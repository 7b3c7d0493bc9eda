//! One thing done with many orders: what will be done, and what came of it.

use domain::errors::ErrorCode;
use domain::ids::{OrderBatchId, OrderId};
use domain::orders::{BatchAction, BatchItem, OrderBatch};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{PATH, crumbs, order_href};
use crate::api::order_batches::{RunOrderBatch, UndoOrderBatch, preview_order_batch, read_order_batch};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, FormErrors, FormState, HiddenField, LinkButton,
    Loading, PageHead, Receipt, Row, TitleCell,
};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::export::asked_for;
use crate::pages::lists::{address, shown};
use crate::pages::saved_views::last_shown;

/// Orders that are named in the question whether to delete them.
const NAMED: usize = 3;

/// The orders that an address names: one by one, or as the question that all of them fit.
pub(super) fn use_chosen() -> Memo<(Vec<OrderId>, String)> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| (asked_for(query.get_all("ordre")), query.get("alle").unwrap_or_default()))
    })
}

/// The list after one order was deleted.
pub fn deleted_href(batch_id: OrderBatchId) -> String {
    address(PATH, &[("vis", "kladder"), ("kvittering", "slettet"), ("kjoring", &batch_id.to_string())])
}

/// That an order was just deleted, above the list.
#[component]
pub(super) fn DeletedReceipt() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let batch = Memo::new(move |_| {
        query.with(|query| {
            let deleted = query.get("kvittering").as_deref() == Some("slettet");
            deleted.then(|| query.get("kjoring").and_then(|id| id.parse::<OrderBatchId>().ok()))
        })
    });
    move || {
        batch.get().map(|batch| {
            view! {
                <Receipt title=t.orders_deleted()>
                    {batch.map(|batch_id| view! { <Undo batch_id action=ServerAction::new()/> })}
                </Receipt>
            }
        })
    }
}

#[component]
fn Undo(batch_id: OrderBatchId, action: ServerAction<UndoOrderBatch>) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(action);
    view! {
        <FormErrors form/>
        <ActionForm action>
            <HiddenField name="batch_id" value=batch_id.to_string()/>
            <button class="btn s" type="submit" data-test="undo-batch">{t.frame_undo()}</button>
        </ActionForm>
    }
}

/// The page `/ordre/innkjopsordre/valgte`: how many it will be done with, and which are left as they are.
#[component]
pub fn PickedOrdersPage() -> impl IntoView {
    let chosen = use_chosen();
    let query = use_query_map();
    let action = Memo::new(move |_| {
        query.with(|query| query.get("handling").and_then(|slug| BatchAction::from_slug(&slug)))
    });
    let preview = PageData::new(
        move || (chosen.get(), action.get()),
        |((order_ids, question), action)| async move {
            preview_order_batch(action.ok_or(AppError::from(ErrorCode::NotFound))?, order_ids, question).await
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let question = chosen.get_untracked().1;
                shown(preview.await, |batch| view! { <Confirm batch question/> }.into_any())
            })}
        </Transition>
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[component]
fn Confirm(batch: OrderBatch, question: String) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<RunOrderBatch>::new();
    let form = FormState::of(action);
    let (count, total) = (batch.done().count(), batch.items.len());
    let done: Vec<BatchItem> = batch.done().cloned().collect();
    let (title, button, heading, nothing) = match batch.action {
        BatchAction::Delete => (
            delete_title(t, &done),
            t.orders_delete_button(whole(count)),
            t.orders_batch_will(),
            t.orders_batch_nothing(),
        ),
        BatchAction::Duplicate => (
            t.orders_duplicate_title(whole(count)),
            t.orders_duplicate_button(whole(count)),
            t.orders_batch_will_duplicate(),
            t.orders_batch_not_there(),
        ),
    };
    let code = batch.action.as_str();
    let ids: Vec<_> = batch
        .items
        .iter()
        .filter(|_| question.is_empty())
        .enumerate()
        .map(|(at, item)| view! { <HiddenField name=format!("order_ids[{at}]") value=item.order_id.to_string()/> })
        .collect();
    let skipped: Vec<BatchItem> = batch.skipped().cloned().collect();
    let first = first_numbers(t, &done);
    let below = move || {
        view! {
            <span class="muted">{t.orders_batch_of(whole(total))}</span>
            {first.clone().map(|first| view! { <span class="muted">{first}</span> })}
        }
    };
    view! {
        <Crumbs path=crumbs(t, vec![Crumb::text(title.clone())])/>
        <PageHead title=title below/>
        <FormErrors form/>
        <Items heading items=done/>
        <Items heading=t.orders_batch_skipped() items=skipped/>
        <ActionForm action attr:class="row" attr:data-test="run-batch">
            <HiddenField name="action" value=code/>
            <HiddenField name="question" value=question/>
            {ids}
            {if count > 0 {
                view! { <BusyButton kind="p" busy=form.busy()>{button}</BusyButton> }.into_any()
            } else {
                view! { <p role="status">{nothing}</p> }.into_any()
            }}
            <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
        </ActionForm>
    }
}

/// Which draft, when it is one; how many, when it is more.
fn delete_title(t: Texts, items: &[BatchItem]) -> String {
    match items {
        [BatchItem { number, supplier_name: Some(supplier), .. }] => t.orders_delete_of(number, supplier),
        [BatchItem { number, .. }] => t.orders_delete_one(number),
        items => t.orders_delete_title(whole(items.len())),
    }
}

/// The first of many, and how many more there are.
fn first_numbers(t: Texts, items: &[BatchItem]) -> Option<String> {
    let numbers: Vec<&str> = items.iter().take(NAMED).map(|item| item.number.as_str()).collect();
    let more = items.len().saturating_sub(NAMED);
    match (items.len(), more) {
        (0 | 1, _) => None,
        (_, 0) => Some(numbers.join(", ")),
        (_, more) => Some(t.orders_and_more(whole(more), numbers.join(", "))),
    }
}

/// Orders with why they are left as they are.
#[component]
fn Items(heading: &'static str, items: Vec<BatchItem>) -> impl IntoView {
    let t = use_texts();
    let shows_why = items.iter().any(|item| item.skipped.is_some());
    let shows_made = items.iter().any(|item| item.made.is_some());
    let columns = [Column::new(t.orders_number()).title(), Column::new(t.orders_supplier())]
        .into_iter()
        .chain(shows_why.then(|| Column::new(t.orders_batch_why()).class("w")))
        .chain(shows_made.then(|| Column::new(t.orders_batch_made())))
        .collect();
    let count = items.len();
    let rows: Vec<_> = items
        .into_iter()
        .map(|item| {
            let why = item.skipped.map(|code| why(t, code));
            let href = (!item.number.is_empty()).then(|| order_href(&item.number));
            let title = match href {
                Some(href) => view! { <TitleCell href text=item.number code=true/> }.into_any(),
                None => view! { <TitleCell text=t.orders_batch_gone()/> }.into_any(),
            };
            view! {
                <Row>
                    {title}
                    <Cell>{item.supplier_name}</Cell>
                    {why.map(|why| view! { <Cell class="w">{why}</Cell> })}
                    {item
                        .made
                        .map(|made| {
                            let href = order_href(&made);
                            view! { <Cell label=t.orders_batch_made()><a class="code" href=href>{made}</a></Cell> }
                        })}
                </Row>
            }
        })
        .collect();
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

fn why(t: Texts, code: ErrorCode) -> String {
    match code {
        ErrorCode::NotFound => t.orders_batch_not_there().to_owned(),
        ErrorCode::InvalidTransition => t.orders_batch_is_sent().to_owned(),
        code => AppError::from(code).text(t),
    }
}

/// The page `/ordre/innkjopsordre/valgte/:id`: what came of it, with *Angre*.
#[component]
pub fn OrderBatchPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<OrderBatchId>().ok()));
    let undo = ServerAction::<UndoOrderBatch>::new();
    // *Angre* leads back to this page, which must ask again.
    let batch = PageData::new(
        move || (id.get(), undo.version().get()),
        |(id, _)| async move { read_order_batch(id.ok_or(AppError::from(ErrorCode::NotFound))?).await },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(batch.await, |batch| view! { <CameOfIt batch undo/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn CameOfIt(batch: OrderBatch, undo: ServerAction<UndoOrderBatch>) -> impl IntoView {
    let t = use_texts();
    let count = whole(batch.done().count());
    let title = match (batch.action, batch.undone) {
        (BatchAction::Delete, false) => t.orders_were_deleted(count),
        (BatchAction::Delete, true) => t.orders_were_restored(count),
        (BatchAction::Duplicate, _) => t.orders_were_duplicated(count),
    };
    let done: Vec<BatchItem> = batch.done().cloned().collect();
    let skipped: Vec<BatchItem> = batch.skipped().cloned().collect();
    let heading = match (batch.action, batch.undone) {
        (BatchAction::Delete, false) => t.orders_batch_done(),
        (BatchAction::Delete, true) => t.orders_batch_back(),
        (BatchAction::Duplicate, _) => t.orders_batch_duplicated(),
    };
    let is_deletion = batch.action == BatchAction::Delete;
    let undoable = batch.batch_id.filter(|_| is_deletion && !batch.undone && count > 0);
    let back = RwSignal::new(PATH.to_owned());
    Effect::new(move |_| {
        if let Some(last) = last_shown(PATH) {
            back.set(last.href);
        }
    });
    // An order that is gone has no page.
    let gone = is_deletion && !batch.undone;
    view! {
        <Crumbs path=crumbs(t, vec![Crumb::text(title.clone())])/>
        <PageHead title=title.clone()/>
        <Receipt title=title>
            {undoable.map(|batch_id| view! { <Undo batch_id action=undo/> })}
            <a class="btn s" href=move || back.get()>{t.orders_back_to_list()}</a>
        </Receipt>
        {if gone { view! { <Numbers heading items=done/> }.into_any() } else { view! { <Items heading items=done/> }.into_any() }}
        <Items heading=t.orders_batch_skipped() items=skipped/>
    }
}

/// Numbers of orders that are gone.
#[component]
fn Numbers(heading: &'static str, items: Vec<BatchItem>) -> impl IntoView {
    let count = items.len();
    let numbers: Vec<String> = items.into_iter().map(|item| item.number).collect();
    (count > 0).then(|| {
        view! {
            <section class="card">
                <h2>{heading}</h2>
                <p class="code wrap">{numbers.join(", ")}</p>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn what_is_deleted_is_named() {
        let t = Texts::new(Language::Nb);
        let item = |number: &str, supplier: Option<&str>| BatchItem {
            order_id: OrderId(Default::default()),
            number: number.to_owned(),
            supplier_name: supplier.map(str::to_owned),
            skipped: None,
            made: None,
        };
        let one = [item("PO-1", Some("Bolt & Feste AS"))];
        assert_eq!(delete_title(t, &one), "Slett kladd PO-1 til Bolt & Feste AS?");
        assert_eq!(delete_title(t, &[item("PO-1", None)]), "Slett kladd PO-1?");
        assert_eq!(first_numbers(t, &one), None);
        let many: Vec<BatchItem> =
            ["PO-1", "PO-2", "PO-3", "PO-4", "PO-5"].iter().map(|number| item(number, None)).collect();
        assert_eq!(delete_title(t, &many), "Slett 5 kladder?");
        assert_eq!(first_numbers(t, &many).as_deref(), Some("PO-1, PO-2, PO-3 og 2 til"));
        assert_eq!(first_numbers(t, &many[..2]).as_deref(), Some("PO-1, PO-2"));
    }
}
