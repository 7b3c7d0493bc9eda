//! *Maler*: lines kept under a name.

use domain::orders::OrderTemplateRow;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::crumbs;
use crate::api::order_templates::{
    RemoveOrderTemplate, RenameOrderTemplate, RestoreOrderTemplate, StartOrderFromTemplate,
    list_order_templates,
};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors, FormState,
    HiddenField, Loading, PageHead, Receipt, Row, TitleCell,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_receipt};

/// The page `/ordre/maler`.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let all = PageData::new(
        move || {
            query.with(|query| {
                query.get("kvittering").unwrap_or_default() + &query.get("mal").unwrap_or_default()
            })
        },
        |_| list_order_templates(),
    );
    view! {
        <Crumbs path=crumbs(t, vec![Crumb::text(t.templates_title())])/>
        <PageHead title=t.templates_title() below=move || view! { <span class="muted">{t.templates_text()}</span> }/>
        <Told/>
        <Transition fallback=Loading>
            {move || suspend(async move { shown(all.await, |rows| view! { <List rows/> }.into_any()) })}
        </Transition>
    }
}

/// The receipt of what was done last; after a removal with *Angre*.
#[component]
fn Told() -> impl IntoView {
    let t = use_texts();
    let receipt = use_receipt();
    let query = use_query_map();
    let undo = ServerAction::<RestoreOrderTemplate>::new();
    move || match receipt.get().as_str() {
        "lagret" => Some(view! { <Receipt title=t.templates_saved()/> }.into_any()),
        "navn" => Some(view! { <Receipt title=t.templates_renamed()/> }.into_any()),
        "angret" => Some(view! { <Receipt title=t.templates_restored()/> }.into_any()),
        "slettet" => {
            let template_id = query.with(|query| query.get("mal")).unwrap_or_default();
            let form = FormState::of(undo);
            Some(
                view! {
                    <FormErrors form/>
                    <Receipt title=t.templates_removed()>
                        <ActionForm action=undo>
                            <HiddenField name="template_id" value=template_id/>
                            <BusyButton kind="s" busy=form.busy()>{t.frame_undo()}</BusyButton>
                        </ActionForm>
                    </Receipt>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

#[component]
fn List(rows: Vec<OrderTemplateRow>) -> impl IntoView {
    let t = use_texts();
    if rows.is_empty() {
        return view! { <EmptyState kind=EmptyKind::NeverUsed title=t.templates_empty() text=t.templates_empty_text()/> }.into_any();
    }
    let columns = vec![
        Column::new(t.templates_name()).title(),
        Column::new(t.orders_supplier()),
        Column::new(t.orders_lines()).num(),
        Column::new(t.orders_changed()),
        Column::new(t.order_form_actions()).hidden(),
    ];
    let rows: Vec<_> = rows.into_iter().map(|row| view! { <Template row/> }).collect();
    view! {
        <section class="panel" aria-label=t.templates_title() data-test="templates">
            <DataTable caption=t.templates_title() columns>{rows}</DataTable>
        </section>
    }
    .into_any()
}

#[component]
fn Template(row: OrderTemplateRow) -> impl IntoView {
    let t = use_texts();
    let OrderTemplateRow { template_id, name, supplier_name, line_count, created_by, updated_at } = row;
    let id = template_id.to_string();
    let below = format!("{}, {created_by}", format::day_time(updated_at, t.language()));
    view! {
        <Row>
            <TitleCell text=name.clone()/>
            <Cell label=t.orders_supplier()>{supplier_name.unwrap_or_else(|| t.orders_no_supplier().to_owned())}</Cell>
            <Cell class="num" label=t.orders_lines()>{format::whole(line_count, t.language())}</Cell>
            <Cell label=t.orders_changed()>{below}</Cell>
            <Cell class="act">
                <div class="row">
                    <Start id=id.clone() name=name.clone()/>
                    <Rename id=id.clone() name=name.clone()/>
                    <Remove id name/>
                </div>
            </Cell>
        </Row>
    }
}

#[component]
fn Start(id: String, name: String) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<StartOrderFromTemplate>::new();
    let form = FormState::of_row(action, "template_id", &id);
    view! {
        <FormErrors form/>
        <ActionForm action>
            <HiddenField name="template_id" value=id/>
            <BusyButton kind="s p" busy=form.busy()>{t.templates_start()}<span class="vh">" "{name}</span></BusyButton>
        </ActionForm>
    }
}

#[component]
fn Rename(id: String, name: String) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<RenameOrderTemplate>::new();
    let form = FormState::of_row(action, "template_id", &id);
    // The summary of faults leads to the field `name`: to that of the row that was refused.
    let field = {
        let own = format!("name-{id}");
        move || if form.error().is_some() { "name".to_owned() } else { own.clone() }
    };
    let field_id = field.clone();
    let invalid = move || form.error().map(|_| "true");
    let value = form.value_or("name", name.clone());
    let label = t.templates_name_of(name.clone());
    view! {
        <details open=form.came_back()>
            <summary>{t.templates_rename()}<span class="vh">" "{name}</span></summary>
            <FormErrors form/>
            <ActionForm action>
                <HiddenField name="template_id" value=id/>
                <div class="field">
                    <label for=field>{label}</label>
                    <input class="input" id=field_id name="name" value=value autocomplete="off" aria-invalid=invalid/>
                </div>
                <BusyButton kind="s" busy=form.busy()>{t.frame_save()}</BusyButton>
            </ActionForm>
        </details>
    }
}

#[component]
fn Remove(id: String, name: String) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<RemoveOrderTemplate>::new();
    let form = FormState::of_row(action, "template_id", &id);
    view! {
        <FormErrors form/>
        <ActionForm action>
            <HiddenField name="template_id" value=id/>
            <BusyButton kind="s q" busy=form.busy()>{t.templates_remove()}<span class="vh">" "{name}</span></BusyButton>
        </ActionForm>
    }
}
