//! One order: where it stands, its lines, and all that happened to it.

use domain::exports::CheckedOrder;
use domain::ids::OrderId;
use domain::matching::Match;
use domain::messages::MessageState;
use domain::orders::{OrderDetail, OrderLine, OrderStatus, PurchaseOrder, PurchaseOrderRow};
use domain::roles::Permission;
use domain::vat::VatLine;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::history::History;
use super::{crumbs, edit_href, export_href, order_href};
use crate::api::orders::{DeleteOrder, RetryOrder, read_order};
use crate::components::{
    Alert, BusyButton, Cell, Column, Crumb, Crumbs, DataTable, DefinitionList, FormErrors, FormState,
    HiddenField, LinkButton, Loading, MatchBadge, MessageTag, OrderTag, PageHead, Row, TitleCell, Tone,
    Total, Totals, difference_text, reason_text,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{ListRow, Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::export::findings_of;
use crate::pages::lists::shown;
use crate::pages::logs::log_href;
use crate::session::use_shell;

/// What can be done to an order on its page.
#[derive(Clone, Copy)]
struct Actions {
    retry: ServerAction<RetryOrder>,
    delete: ServerAction<DeleteOrder>,
}

/// The page `/ordre/innkjopsordre/:nr`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("nr").unwrap_or_default()));
    let actions = Actions { retry: ServerAction::new(), delete: ServerAction::new() };
    let changed = RwSignal::new(0_usize);
    let resets = use_live().map(Live::resets);
    let order = PageData::new(
        move || {
            (number.get(), changed.get(), actions.retry.version().get(), resets.map(|resets| resets.get()))
        },
        |(number, ..)| read_order(number),
    );
    if let Some(live) = use_live() {
        // Nothing is typed on this page, so what changed is shown at once.
        live.on_event(move |event| {
            if PurchaseOrderRow::pick(&event.change).is_some_and(|row| row.number == number.get_untracked()) {
                changed.update(|count| *count += 1);
            }
        });
    }
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(order.await, |detail| view! { <Detail detail actions/> }.into_any())
            })}
        </Transition>
    }
}

/// Where the order stands, as a sentence with a subject.
fn sentence(t: Texts, detail: &OrderDetail) -> String {
    let supplier =
        detail.order.supplier_name.clone().unwrap_or_else(|| t.order_detail_the_supplier().to_owned());
    match (detail.order.status, detail.message_state) {
        (OrderStatus::Exported, Some(MessageState::Parked)) => t.order_detail_is_parked().to_owned(),
        (OrderStatus::Exported, Some(MessageState::Waiting)) => t.order_detail_is_waiting(supplier),
        (OrderStatus::Exported, Some(MessageState::Queued | MessageState::Sending)) => {
            t.order_detail_is_sending(supplier)
        }
        (OrderStatus::Draft, _) => t.order_detail_is_draft().to_owned(),
        (OrderStatus::Ready, _) => t.order_detail_is_ready().to_owned(),
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

#[component]
fn Detail(detail: OrderDetail, actions: Actions) -> impl IntoView {
    let t = use_texts();
    let order = detail.order.clone();
    let may_purchase = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let editable = may_purchase && order.status.is_editable();
    let can_export = editable && order.status == OrderStatus::Ready;
    let (edit, export, order_id) = (edit_href(&order.number), export_href(order.order_id), order.order_id);
    let facts = detail.clone();
    view! {
        <Crumbs path=crumbs(t, vec![Crumb::text(order.number.clone())])/>
        <PageHead title=sentence(t, &detail) below=move || view! { <Facts detail=facts.clone()/> }>
            {editable.then(|| view! { <LinkButton href=edit icon="pen">{t.order_detail_edit()}</LinkButton> })}
            {can_export.then(|| view! { <LinkButton href=export kind="p" icon="up">{t.order_detail_export()}</LinkButton> })}
        </PageHead>
        <FormErrors form=FormState::of(actions.retry)/>
        <FormErrors form=FormState::of(actions.delete)/>
        {detail.has_unread.then(|| view! { <Unread number=order.number.clone() may_purchase/> })}
        <Answer detail=detail.clone() may_purchase retry=actions.retry/>
        <div class="cols">
            <div class="stack">
                {editable.then(|| detail.checked.clone().map(|checked| view! { <Ready checked/> }))}
                <OrderLines order=order.clone() matches=detail.matches.clone()/>
                <History detail=detail.clone()/>
            </div>
            <aside class="stack" aria-label=t.order_detail_about()>
                <Sums order=order.clone() vat=detail.vat.clone()/>
                <Partner order/>
                {editable.then(|| view! { <DeleteForm order_id delete=actions.delete/> })}
            </aside>
        </div>
    }
}

/// What is shown is not all that was typed.
#[component]
fn Unread(number: String, may_purchase: bool) -> impl IntoView {
    let t = use_texts();
    let href = format!("{}?kontroll=1", edit_href(&number));
    view! {
        <Alert title=t.order_detail_unread_title() text=t.order_detail_unread_text().to_owned()>
            {may_purchase.then(|| view! { <LinkButton href=href kind="s">{t.order_detail_unread_fix()}</LinkButton> })}
        </Alert>
    }
}

/// *Klar for eksport?* The same findings as the check before the sending.
#[component]
fn Ready(checked: CheckedOrder) -> impl IntoView {
    let t = use_texts();
    let back = order_href(&checked.row.number);
    let found = findings_of(t, &checked, &back);
    let inside = if found.is_empty() {
        view! { <p>{t.order_detail_nothing_found()}</p> }.into_any()
    } else {
        view! { <ul class="find" data-test="findings">{found}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="h-ready" data-test="ready">
            <h2 id="h-ready">{t.order_detail_ready_title()}</h2>
            {inside}
        </section>
    }
}

#[component]
fn Facts(detail: OrderDetail) -> impl IntoView {
    let t = use_texts();
    let order = detail.order;
    let undelivered = detail.message_state.filter(|state| *state != MessageState::Delivered);
    view! {
        <OrderTag status=Signal::stored(order.status)/>
        {undelivered
            .map(|state| {
                view! { <MessageTag state=Signal::stored(state) next_attempt_at=Signal::stored(detail.next_attempt_at)/> }
            })}
        <span class="code">{order.number}</span>
        <span class="muted">{t.order_detail_updated(format::day_time(order.updated_at, t.language()))}</span>
    }
}

/// What the supplier said, or why nothing could be said to him.
#[component]
fn Answer(detail: OrderDetail, may_purchase: bool, retry: ServerAction<RetryOrder>) -> impl IntoView {
    let t = use_texts();
    let order = detail.order;
    if order.status == OrderStatus::Rejected {
        let reason = order.answer_reason.unwrap_or_else(|| t.order_detail_no_reason().to_owned());
        return view! { <Alert tone=Tone::Error icon="x" title=t.order_detail_reason() text=reason/> }
            .into_any();
    }
    let (tone, title, text) = match detail.message_state {
        Some(MessageState::Parked) => {
            (Tone::Error, t.order_detail_parked_title(), t.order_detail_parked_text())
        }
        Some(MessageState::Waiting) => {
            (Tone::Warning, t.order_detail_waiting_title(), t.order_detail_waiting_text())
        }
        _ => return ().into_any(),
    };
    let order_id = order.order_id;
    let correlation_id = order.correlation_id.to_string();
    let may_see_log = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    view! {
        <Alert tone title text=text.to_owned()>
            {may_purchase.then(|| view! { <RetryForm order_id retry/> })}
            {may_see_log.then(|| view! { <a class="more" href=log_href(&correlation_id)>{t.order_detail_log()}</a> })}
        </Alert>
    }
    .into_any()
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

#[component]
fn OrderLines(order: PurchaseOrder, matches: Vec<Match>) -> impl IntoView {
    let t = use_texts();
    let judged = !matches.is_empty();
    let label = |name: &str| t.label(name).unwrap_or_default();
    let mut columns = vec![
        Column::new(t.order_detail_line_number()).num(),
        Column::new(t.order_detail_article()).class("ttl w"),
        Column::new(label("supplier_article_number")),
        Column::new(label("quantity")).num(),
        Column::new(label("unit_price")).num(),
        Column::new(t.order_form_amount()).num(),
    ];
    if judged {
        columns.push(Column::new(t.order_form_match()));
    }
    let supplier = StoredValue::new(order.supplier_name.clone());
    let mut matches = matches.into_iter();
    let rows: Vec<_> = order
        .lines
        .into_iter()
        .map(|line| view! { <OneLine line matched=matches.next() supplier=supplier.get_value()/> })
        .collect();
    view! {
        <section class="panel" aria-labelledby="h-lines">
            <header>
                <h2 id="h-lines">{t.order_form_lines()}</h2>
                <span class="muted sm">{t.order_detail_prices_without_vat()}</span>
            </header>
            <DataTable caption=t.order_detail_lines() columns>
                {rows}
            </DataTable>
        </section>
    }
}

#[component]
fn OneLine(line: OrderLine, matched: Option<Match>, supplier: Option<String>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let base = (line.price_base_quantity != domain::decimal::Quantity::whole(1)).then(|| {
        t.order_detail_per(format::quantity_with_unit(line.price_base_quantity, &line.unit, language))
    });
    let discount = (line.discount_percent.0 != 0)
        .then(|| t.order_detail_discount(format::percent(line.discount_percent, language)));
    let match_cell = matched.map(|matched| {
        let differences: Vec<_> = matched
            .differences
            .iter()
            .map(|difference| view! { <small>{difference_text(t, difference)}</small> })
            .collect();
        view! {
            <Cell class="w" label=t.order_form_match()>
                <div>
                    <MatchBadge level=Signal::stored(matched.level)/>
                    <small>{reason_text(t, &matched.reason, supplier.as_deref())}</small>
                    {differences}
                </div>
            </Cell>
        }
    });
    let number = line.article_number.clone();
    let note = line.note.clone();
    view! {
        <Row>
            <Cell class="num xs">{line.line_number}</Cell>
            <TitleCell text=line.description>
                <small class="code">{number}</small>
                {(!note.is_empty()).then(|| view! { <small class="wrap">{note}</small> })}
            </TitleCell>
            <Cell label=t.label("supplier_article_number").unwrap_or_default()>
                <span class="code">{line.supplier_article_number}</span>
            </Cell>
            <Cell class="num lf" label=t.label("quantity").unwrap_or_default()>
                {format::quantity_with_unit(line.quantity, &line.unit, language)}
            </Cell>
            <Cell class="num rt" label=t.label("unit_price").unwrap_or_default()>
                <div>
                    {format::unit_price(line.unit_price, language)}
                    {base.map(|base| view! { <small>{base}</small> })}
                    {discount.map(|discount| view! { <small>{discount}</small> })}
                </div>
            </Cell>
            <Cell class="num" label=t.order_form_amount()>{format::money(line.amount, language)}</Cell>
            {match_cell}
        </Row>
    }
}

#[component]
fn Sums(order: PurchaseOrder, vat: Vec<VatLine>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let amount = |amount| format::money_with_currency(amount, &order.currency, language);
    let tax: i64 = vat.iter().map(|line| line.tax.0).sum();
    let total = domain::money::Money(order.net_total.0 + tax);
    let lines: Vec<Total> = std::iter::once((t.order_form_net().to_owned(), order.net_total, false))
        .chain(
            vat.iter().map(|line| (t.order_form_vat(format::percent(line.rate, language)), line.tax, false)),
        )
        .chain([(t.order_form_total().to_owned(), total, true)])
        .map(|(label, value, is_sum)| Total { label, amount: amount(value), is_sum })
        .collect();
    view! {
        <section class="card" aria-labelledby="h-sum">
            <h2 id="h-sum">{t.order_form_sum()}</h2>
            <Totals lines/>
        </section>
    }
}

#[component]
fn Partner(order: PurchaseOrder) -> impl IntoView {
    let t = use_texts();
    let mut rows: Vec<(String, AnyView)> = Vec::new();
    if let (Some(supplier_id), Some(name)) = (order.supplier_id, order.supplier_name.clone()) {
        let href = format!("/kontakter/leverandorer/{supplier_id}");
        rows.push((t.orders_supplier().to_owned(), view! { <a href=href>{name}</a> }.into_any()));
    }
    if let Some(date) = order.requested_delivery_date {
        rows.push((t.orders_wanted().to_owned(), format::date_long(date, t.language()).into_any()));
    }
    if !order.delivery.is_empty() {
        let place = order.delivery.one_line();
        rows.push((
            t.order_detail_delivery().to_owned(),
            view! { <span class="wrap">{place}</span> }.into_any(),
        ));
    }
    for (name, number) in [
        (t.order_detail_partner_draft(), order.partner_draft_number),
        (t.order_detail_partner_sales_order(), order.partner_sales_order_number),
        (t.order_detail_order_ref(), order.order_ref),
    ] {
        if let Some(number) = number {
            rows.push((name.to_owned(), view! { <span class="code">{number}</span> }.into_any()));
        }
    }
    let reference = t.label("our_reference").unwrap_or_default();
    for (name, text) in [(reference, order.our_reference), (t.order_form_note(), order.note)] {
        if !text.is_empty() {
            rows.push((name.to_owned(), view! { <span class="wrap">{text}</span> }.into_any()));
        }
    }
    view! {
        <section class="card" aria-labelledby="h-partner">
            <h2 id="h-partner">{t.order_detail_about()}</h2>
            <DefinitionList rows/>
        </section>
    }
}

#[component]
fn DeleteForm(order_id: OrderId, delete: ServerAction<DeleteOrder>) -> impl IntoView {
    let t = use_texts();
    let busy = FormState::of(delete).busy();
    view! {
        <details class="card">
            <summary>{t.order_detail_delete()}</summary>
            <p class="sm">{t.order_detail_delete_text()}</p>
            <ActionForm action=delete attr:data-test="delete-order">
                <HiddenField name="order_id" value=order_id.to_string()/>
                <BusyButton kind="d s" busy>{t.order_detail_delete()}</BusyButton>
            </ActionForm>
        </details>
    }
}
