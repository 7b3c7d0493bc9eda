//! *Lim inn fra Excel*: the page that works without a script.

use domain::errors::ErrorCode;
use domain::orders::PurchaseOrder;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{crumbs, edit_href, order_href};
use crate::api::order_copies::PasteOrderLines;
use crate::api::orders::read_order_form;
use crate::components::{
    BusyButton, Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, PageHead, TextArea,
};
use crate::error::AppError;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// The page `/ordre/innkjopsordre/:nr/lim-inn`.
#[component]
pub fn PasteLinesPage() -> impl IntoView {
    let params = use_params_map();
    let page = PageData::new(move || params.with(|params| params.get("nr")), read_order_form);
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let order = page.await.and_then(|page| page.order.ok_or(AppError::from(ErrorCode::NotFound)));
                shown(order, |order| view! { <PasteLines order/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn PasteLines(order: PurchaseOrder) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<PasteOrderLines>::new();
    let form = FormState::of(action);
    let edit = edit_href(&order.number);
    view! {
        <Crumbs path=crumbs(t, vec![
            Crumb::link(order.number.clone(), order_href(&order.number)),
            Crumb::link(t.order_form_edit(), edit.clone()),
            Crumb::text(t.paste_title()),
        ])/>
        <PageHead title=t.paste_title() below=move || view! { <span class="muted">{t.paste_text()}</span> }/>
        <FormErrors form/>
        <ActionForm action attr:class="card" attr:data-test="paste-form">
            <HiddenField name="order_id" value=order.order_id.to_string()/>
            <TextArea name="text" label=t.paste_cells() rows=12 hint=t.paste_cells_hint() form/>
            <div class="row">
                <BusyButton kind="p" busy=form.busy()>{t.paste_add()}</BusyButton>
                <LinkButton href=edit kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
        <form
            class="card"
            method="post"
            enctype="multipart/form-data"
            action=format!("/filer/ordrelinjer/{}", order.number)
            aria-labelledby="h-file"
            data-test="paste-file-form"
        >
            <h2 id="h-file">{t.paste_from_file()}</h2>
            <div class="field">
                <label for="file">{t.files_file()}</label>
                <p class="hint" id="file-hint">{t.paste_from_file_hint()}</p>
                <input class="input" id="file" name="file" type="file" accept=".xlsx,.csv,.txt" aria-describedby="file-hint"/>
            </div>
            <div class="row">
                <button class="btn" type="submit">{t.paste_add_from_file()}</button>
            </div>
        </form>
    }
}
