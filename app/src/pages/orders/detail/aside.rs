//! Beside the order: sums, delivery, the supplier, numbers and papers.

use domain::contacts::Contact;
use domain::orders::{PurchaseOrder, UnreadCell, UnreadField, typed_in};
use domain::time::CalendarDate;
use leptos::prelude::*;

use super::super::unread::unread_field;
use crate::api::orders::DeleteOrder;
use crate::components::{
    BusyButton, DefinitionList, FormState, HiddenField, Note, Tone, Total, Totals, use_mounted,
};
use crate::format;
use crate::i18n::{Texts, use_texts};

#[component]
pub(super) fn Sums(
    currency: String,
    totals: domain::orders::Totals,
    unread: Vec<UnreadCell>,
    unread_head: Vec<UnreadField>,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    // Nothing is claimed in a currency that nobody wrote.
    let unread_currency = unread_head.into_iter().find(|field| field.field == "currency");
    let amount = |amount| match &unread_currency {
        Some(_) => format::money(amount, language),
        None => format::money_with_currency(amount, &currency, language),
    };
    let line = |label: String, money, is_sum| Total { label, amount: amount(money), is_sum };
    let rates = totals
        .vat
        .iter()
        .map(|vat| line(t.order_form_vat(format::percent(vat.rate, language)), vat.tax, false));
    let lines: Vec<Total> = std::iter::once(line(t.order_form_net().to_owned(), totals.net, false))
        .chain(rates)
        .chain([line(t.order_form_total().to_owned(), totals.total, true)])
        .collect();
    view! {
        <section class="card" aria-labelledby="h-sum">
            <h2 id="h-sum">{t.order_form_sum()}</h2>
            <Totals lines/>
            {unread_currency.as_ref().map(|field| unread_field(t, field))}
            {(!unread.is_empty()).then(|| view! { <p class="muted sm" data-test="sum-unread">{t.order_detail_sum_unread()}</p> })}
        </section>
    }
}

/// Where the goods go, and when they are wanted.
#[component]
pub(super) fn Delivery(
    order: PurchaseOrder,
    today: CalendarDate,
    unread_head: Vec<UnreadField>,
) -> impl IntoView {
    let t = use_texts();
    let wanted = order.requested_delivery_date.map_or_else(
        || t.order_detail_no_date().to_owned(),
        // A day that has passed is a fault only while the order can still be changed.
        |date| {
            if order.status.is_editable() {
                format::date_words(t, date, today)
            } else {
                format::date_long(date, t.language())
            }
        },
    );
    let place = if order.delivery.is_empty() {
        t.order_detail_own_address().to_owned()
    } else {
        order.delivery.one_line()
    };
    let mut rows = vec![text_row(t.order_detail_delivery(), place)];
    if typed_in(&unread_head, "requested_delivery_date").is_none() {
        rows.insert(0, text_row(t.orders_wanted(), wanted));
    }
    rows.extend(reference_rows(t, &order));
    // What cannot be read stands as it was typed; the currency stands with the sums.
    for field in unread_head.iter().filter(|field| field.field != "currency") {
        rows.push((t.label(&field.field).unwrap_or_default().to_owned(), unread_field(t, field).into_any()));
    }
    let is_past =
        order.status.is_editable() && order.requested_delivery_date.is_some_and(|date| date < today);
    let past = is_past.then(|| {
        view! { <div data-test="date-past"><Note tone=Tone::Warning icon="help">{t.order_detail_date_past()}</Note></div> }
    });
    view! {
        <section class="card" aria-labelledby="h-delivery" data-test="delivery">
            <h2 id="h-delivery">{t.order_detail_delivery_title()}</h2>
            <DefinitionList rows/>
            {past}
        </section>
    }
}

fn reference_rows(t: Texts, order: &PurchaseOrder) -> Vec<(String, AnyView)> {
    let reference = t.label("our_reference").unwrap_or_default();
    let theirs = t.label("their_reference").unwrap_or_default();
    [(reference, &order.our_reference), (theirs, &order.their_reference), (t.order_form_note(), &order.note)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| text_row(name, text.clone()))
        .collect()
}

fn text_row(name: &str, text: String) -> (String, AnyView) {
    (name.to_owned(), view! { <span class="wrap">{text}</span> }.into_any())
}

/// Who delivers, how they are reached, and what they call the order.
#[component]
pub(super) fn Partner(order: PurchaseOrder, supplier: Option<Contact>) -> impl IntoView {
    let t = use_texts();
    let mut rows: Vec<(String, AnyView)> = Vec::new();
    if let Some(supplier) = supplier {
        let href = format!("/kontakter/leverandorer/{}", supplier.contact_id);
        rows.push((t.orders_supplier().to_owned(), view! { <a href=href>{supplier.name}</a> }.into_any()));
        let person = supplier.contact_persons.into_iter().next();
        let of_person =
            |pick: fn(&domain::contacts::ContactPerson) -> Option<String>| person.as_ref().and_then(pick);
        let phone = of_person(|person| person.phone.clone()).or(supplier.phone);
        let email = of_person(|person| person.email.clone()).or(supplier.email);
        let label = |name: &str| t.label(name).unwrap_or_default().to_owned();
        if let Some(number) = supplier.org_number {
            rows.push(text_row(&label("org_number"), format::org_number(&number)));
        }
        if let Some(person) = person {
            rows.push(text_row(t.order_detail_contact(), person.name));
        }
        if let Some(phone) = phone {
            let href = format!("tel:{}", phone.replace(char::is_whitespace, ""));
            rows.push((label("phone"), view! { <a href=href>{phone}</a> }.into_any()));
        }
        if let Some(email) = email {
            let href = format!("mailto:{email}");
            rows.push((label("email"), view! { <a class="wrap" href=href>{email}</a> }.into_any()));
        }
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
    let inside = if rows.is_empty() {
        view! { <p class="muted">{t.order_detail_no_supplier()}</p> }.into_any()
    } else {
        view! { <DefinitionList rows/> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="h-partner" data-test="partner">
            <h2 id="h-partner">{t.order_detail_partner()}</h2>
            {inside}
        </section>
    }
}

/// *Skriv ut*, which a browser can do by itself; the button is there when a script can press it.
#[component]
pub(super) fn PrintButton() -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let print = move |_: leptos::ev::MouseEvent| {
        // A browser that cannot print says so itself.
        let _ = window().print();
    };
    move || {
        mounted.get().then(|| view! { <button class="btn" type="button" data-test="print" on:click=print>{t.order_detail_print()}</button> })
    }
}

#[component]
pub(super) fn DeleteForm(order: PurchaseOrder, delete: ServerAction<DeleteOrder>) -> impl IntoView {
    let t = use_texts();
    let lines = t.count_lines(i64::try_from(order.lines.len()).unwrap_or(i64::MAX));
    let what = match &order.supplier_name {
        Some(supplier) => t.order_detail_delete_what(lines, &order.number, supplier),
        None => t.order_detail_delete_what_alone(lines, &order.number),
    };
    let busy = FormState::of(delete).busy();
    view! {
        <details class="card">
            <summary>{t.order_detail_delete()}</summary>
            <p data-test="delete-what"><strong>{what}</strong></p>
            <p class="sm">{t.order_detail_delete_text()}</p>
            <ActionForm action=delete attr:data-test="delete-order">
                <HiddenField name="order_id" value=order.order_id.to_string()/>
                <BusyButton kind="d s" busy>{t.order_detail_delete()}</BusyButton>
            </ActionForm>
        </details>
    }
}
