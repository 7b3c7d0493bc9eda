//! The list.

use domain::connections::ConnectionRow;
use leptos::prelude::*;

use super::{PATH, crumbs, look};
use crate::api::connections::list_connections;
use crate::components::{
    Cell, Column, Crumbs, DataTable, EmptyKind, EmptyState, LinkButton, Loading, PageHead, Row, Tag,
    TitleCell, Tone,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// The page `/admin/integrasjoner/prodsys-to-prodsys`.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let connections = PageData::new(|| (), |()| list_connections());
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(connections.await, |connections| view! { <ConnectionList connections/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn ConnectionList(connections: Vec<ConnectionRow>) -> impl IntoView {
    let t = use_texts();
    let new_href = format!("{PATH}/ny");
    let first_href = new_href.clone();
    let columns = vec![
        Column::new(t.connections_supplier()).title(),
        Column::new(t.connections_endpoint()),
        Column::new(t.connections_token()),
        Column::new(t.connections_tested()),
        Column::new(t.connections_last_contact()),
        Column::new(t.connections_catalogue()),
        Column::new(t.connections_status()),
    ];
    let body = if connections.is_empty() {
        view! {
            <EmptyState kind=EmptyKind::NeverUsed title=t.connections_empty_title() text=t.connections_empty_text()>
                <LinkButton href=first_href>{t.connections_new()}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = connections.into_iter().map(|row| view! { <ConnectionLine row/> }).collect();
        view! {
            <DataTable caption=t.nav_prodsys_to_prodsys() columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Crumbs path=crumbs(t, None)/>
        <PageHead
            title=t.nav_prodsys_to_prodsys().to_owned()
            below=move || view! { <span class="muted">{t.connections_intro()}</span> }
        >
            <LinkButton href=new_href kind="p" icon="plus">{t.connections_new()}</LinkButton>
        </PageHead>
        <section class="panel" aria-label=t.nav_prodsys_to_prodsys()>{body}</section>
    }
}

#[component]
fn ConnectionLine(row: ConnectionRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let (text, tone, icon) = look(t, &row);
    let name = if row.name.is_empty() { row.endpoint.clone() } else { row.name };
    let endpoint = match row.endpoint.as_str() {
        "" => view! { <span class="muted">{t.catalogue_only_file()}</span> }.into_any(),
        endpoint => view! { <span class="code wrap">{endpoint.to_owned()}</span> }.into_any(),
    };
    let tested = row.last_test.map(|test| format::day_time(test.at, language));
    let contact = row.last_contact_at.map(|at| format::day_time(at, language));
    let read = row.catalogue.read_at.map(|at| format::day_time(at, language));
    view! {
        <Row tone=Signal::stored((tone == Tone::Error).then_some("err"))>
            <TitleCell href=format!("{PATH}/{}", row.connection_id) text=name/>
            <Cell label=t.connections_endpoint()>{endpoint}</Cell>
            <Cell label=t.connections_token()>
                <span class="code">{row.token_last_four.map(|last| format!("…{last}"))}</span>
            </Cell>
            <Cell label=t.connections_tested()>{tested.unwrap_or_else(|| t.connections_never().to_owned())}</Cell>
            <Cell label=t.connections_last_contact()>{contact.unwrap_or_else(|| t.connections_never().to_owned())}</Cell>
            <Cell label=t.connections_catalogue()>{read.unwrap_or_else(|| t.connections_never().to_owned())}</Cell>
            <Cell class="st"><Tag text tone icon/></Cell>
        </Row>
    }
}
