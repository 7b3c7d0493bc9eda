//! The form of one connection, with the outcome of its last test beside it.

use domain::connections::{ConnectionRow, ConnectionState};
use domain::contacts::ContactRow;
use domain::decimal::format_plain;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::outcome::Outcome;
use super::{PATH, catalogue, crumbs, look};
use crate::api::connections::{
    ConnectionForm, SaveConnection, SyncCatalogue, TestConnection, read_connection,
};
use crate::components::{
    Alert, BusyButton, Crumbs, Field, FieldKind, FormErrors, FormState, HiddenField, LinkButton, Loading,
    PageHead, Receipt, SecretField, Select, SelectOption, Tag, Tone,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_receipt};

/// The page `/admin/integrasjoner/prodsys-to-prodsys/ny`.
#[component]
pub fn NewConnectionPage() -> impl IntoView {
    let t = use_texts();
    let save = ServerAction::<SaveConnection>::new();
    let form = PageData::new(|| (), |()| read_connection(None));
    view! {
        <Suspense fallback=Loading>
            {move || suspend(async move {
                shown(
                    form.await,
                    |form| {
                        view! {
                            <Crumbs path=crumbs(t, Some(t.connections_new().to_owned()))/>
                            <PageHead title=t.connections_new().to_owned()/>
                            <FormErrors form=FormState::of(save)/>
                            <Facts connection=None suppliers=form.suppliers save/>
                        }
                            .into_any()
                    },
                )
            })}
        </Suspense>
    }
}

/// The page `/admin/integrasjoner/prodsys-to-prodsys/:id`.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    let params = use_params_map();
    let connection_id =
        Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok())));
    let save = ServerAction::<SaveConnection>::new();
    let test = ServerAction::<TestConnection>::new();
    let sync = ServerAction::<SyncCatalogue>::new();
    // What was refused changes nothing, and what is typed stays.
    let saved = Memo::new(move |before: Option<&usize>| {
        let done = save.value().with(|value| matches!(value, Some(Ok(()))));
        before.copied().unwrap_or(0) + usize::from(done)
    });
    let form = PageData::new(
        move || (connection_id.get(), saved.get(), test.version().get(), sync.version().get()),
        |(connection_id, ..)| async move {
            if connection_id.is_none() {
                return Err(AppError::from(ErrorCode::NotFound));
            }
            read_connection(connection_id).await
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(
                    form.await,
                    |ConnectionForm { connection, suppliers }| match connection {
                        Some(connection) => view! { <Known connection suppliers save test sync/> }.into_any(),
                        None => ().into_any(),
                    },
                )
            })}
        </Transition>
    }
}

#[component]
fn Known(
    connection: ConnectionRow,
    suppliers: Vec<ContactRow>,
    save: ServerAction<SaveConnection>,
    test: ServerAction<TestConnection>,
    sync: ServerAction<SyncCatalogue>,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let name = if connection.name.is_empty() { connection.endpoint.clone() } else { connection.name.clone() };
    let (text, tone, icon) = look(t, &connection);
    let contact =
        connection.last_contact_at.map(|at| t.connections_contact_at(format::day_time(at, language)));
    let pause = (connection.state == ConnectionState::Paused).then(|| {
        connection
            .pause_code
            .map_or_else(|| AppError::from(ErrorCode::ConnectionPaused), AppError::from)
            .text(t)
    });
    let catalogue = catalogue(t, &connection);
    let receipt = use_receipt();
    let syncing = FormState::of(sync);
    let synced = move || sync.value().with(|value| matches!(value, Some(Ok(()))));
    let id = connection.connection_id.to_string();
    let is_price_file = connection.is_price_file();
    view! {
        <Crumbs path=crumbs(t, Some(name.clone()))/>
        <PageHead
            title=t.connections_to(&name)
            below=move || {
                view! {
                    <Tag text tone icon/>
                    <span class="muted">{contact.clone()}</span>
                    <span class="muted" data-test="catalogue-age">{catalogue.clone()}</span>
                }
            }
        >
            {(!is_price_file)
                .then(|| {
                    view! {
                        <ActionForm action=sync>
                            <HiddenField name="connection_id" value=id/>
                            <BusyButton busy=syncing.busy()>{t.connections_sync()}</BusyButton>
                        </ActionForm>
                    }
                })}
        </PageHead>
        {move || {
            (receipt.get() == "lagret")
                .then(|| view! { <Receipt title=t.connections_saved() text=t.connections_saved_text()/> })
        }}
        {move || synced().then(|| view! { <Receipt title=t.connections_synced()/> })}
        <FormErrors form=FormState::of(save)/>
        <FormErrors form=FormState::of(test)/>
        <FormErrors form=syncing/>
        {pause.map(|text| view! { <Alert tone=Tone::Error title=t.connections_paused_title() text=format!("{text} {}", t.connections_paused_text())/> })}
        <div class="half">
            <Facts connection=Some(connection.clone()) suppliers save/>
            {if is_price_file {
                view! { <PriceFile contact_id=connection.contact_id/> }.into_any()
            } else {
                view! { <Outcome connection test/> }.into_any()
            }}
        </div>
    }
}

/// In the place of the last test: what a price file is, and how it becomes a connection.
#[component]
fn PriceFile(contact_id: Option<ContactId>) -> impl IntoView {
    let t = use_texts();
    let supplier = contact_id.map(|id| {
        view! { <p><a class="more" href=format!("/kontakter/leverandorer/{id}")>{t.catalogue_from_file()}</a></p> }
    });
    view! {
        <section class="card" aria-labelledby="h-price-file" data-test="price-file">
            <h2 id="h-price-file">{t.catalogue_price_file()}</h2>
            <p>{t.catalogue_price_file_text()}</p>
            {supplier}
        </section>
    }
}

#[component]
fn Facts(
    connection: Option<ConnectionRow>,
    suppliers: Vec<ContactRow>,
    save: ServerAction<SaveConnection>,
) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(save);
    let choices = std::iter::once(SelectOption::new("", t.connections_supplier_by_number()))
        .chain(
            suppliers
                .into_iter()
                .map(|supplier| SelectOption::new(supplier.contact_id.to_string(), supplier.name)),
        )
        .collect();
    let supplier =
        connection.as_ref().and_then(|row| row.contact_id).map(|id| id.to_string()).unwrap_or_default();
    let last_four = connection.as_ref().and_then(|row| row.token_last_four.clone());
    let token_hint = last_four
        .map_or_else(|| t.connections_token_hint().to_owned(), |last| t.connections_token_known(last));
    let id = connection.as_ref().map(|row| row.connection_id.to_string()).unwrap_or_default();
    let tolerance = connection.as_ref().map_or(0, |row| row.price_tolerance.0);
    let tolerance = if tolerance == 0 { String::new() } else { format_plain(tolerance).replace('.', ",") };
    let endpoint = connection.map(|row| row.endpoint).unwrap_or_default();
    view! {
        <ActionForm action=save attr:class="card" attr:data-test="connection-form">
            <h2>{t.connections_facts()}</h2>
            <HiddenField name="connection_id" value=id/>
            <Select
                name="contact_id"
                label=t.connections_supplier()
                value=supplier
                options=choices
                hint=t.connections_supplier_hint()
                form
            />
            <Field
                name="endpoint"
                label=t.connections_endpoint()
                kind=FieldKind::Url
                value=endpoint
                hint=t.connections_endpoint_hint()
                form
            />
            <Field
                name="price_tolerance"
                label=t.connections_price_tolerance()
                value=tolerance
                hint=t.connections_price_tolerance_hint()
                optional=true
                form
            />
            <SecretField name="token" label=t.connections_token() hint=token_hint form/>
            <div class="row">
                <BusyButton kind="p" name="and" value="test" busy=form.busy()>{t.connections_save_and_test()}</BusyButton>
                <BusyButton name="and" value="save" busy=form.busy()>{t.frame_save()}</BusyButton>
                <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
            </div>
            <p class="hint">{t.connections_unverified_hint()}</p>
        </ActionForm>
    }
}
