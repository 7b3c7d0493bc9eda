//! *Admin > Utvidelser*: the extension *ProdSys to ProdSys*, and what its switch does.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::extensions::{ExtensionState, SetExtension, read_extension};
use crate::components::{
    Alert, Crumb, Crumbs, FormErrors, FormState, HiddenField, LinkButton, Loading, Note, PageHead, Receipt,
    Tag, Tone,
};
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_receipt};

/// The page `/admin/utvidelser`.
#[component]
pub fn ExtensionsPage() -> impl IntoView {
    let state = PageData::new(|| (), |()| read_extension());
    view! {
        <Suspense fallback=Loading>
            {move || suspend(async move {
                shown(state.await, |state| view! { <Extensions state/> }.into_any())
            })}
        </Suspense>
    }
}

#[component]
fn Extensions(state: ExtensionState) -> impl IntoView {
    let t = use_texts();
    let on = state.on;
    let receipt = use_receipt();
    let done = move || match receipt.get().as_str() {
        "aktivert" if on => Some((t.extensions_switched_on(), t.extensions_switched_on_text())),
        "avslatt" if !on => Some((t.extensions_switched_off(), t.extensions_switched_off_text())),
        _ => None,
    };
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_admin()), Crumb::text(t.nav_extensions())]/>
        <PageHead title=t.nav_extensions().to_owned() below=move || view! { <span class="muted">{t.extensions_intro()}</span> }/>
        <FormErrors form=FormState::plain(SetExtension::PATH)/>
        {move || done().map(|(title, text)| view! { <Receipt title text/> })}
        <section class="card" aria-labelledby="h-extension" data-test="extension">
            <header>
                <h2 id="h-extension">{t.nav_prodsys_to_prodsys()}</h2>
                {if state.on {
                    view! { <Tag text=t.extensions_active() tone=Tone::Ok/> }
                } else {
                    view! { <Tag text=t.extensions_inactive() tone=Tone::Neutral/> }
                }}
            </header>
            <p>{t.extensions_what()}</p>
            <p class="sm muted">{t.extensions_needs()}</p>
            {if state.on { view! { <WhenOn state/> }.into_any() } else { view! { <WhenOff/> }.into_any() }}
        </section>
    }
}

/// The form is never taken over by the script: the menu of the whole page changes with the switch.
#[component]
fn Switch(on: bool, kind: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=SetExtension::url()>
            <HiddenField name="on" value=on.to_string()/>
            <button class=format!("btn {kind}") type="submit">{text}</button>
        </form>
    }
}

#[component]
fn WhenOff() -> impl IntoView {
    let t = use_texts();
    view! {
        <h3>{t.extensions_on_makes()}</h3>
        <ul class="stack s sm">
            <li><Note tone=Tone::Ok>{t.extensions_on_export()}</Note></li>
            <li><Note tone=Tone::Ok>{t.extensions_on_drafts()}</Note></li>
            <li><Note tone=Tone::Ok>{t.extensions_on_connection()}</Note></li>
        </ul>
        <Switch on=true kind="p" text=t.extensions_activate()/>
    }
}

#[component]
fn WhenOn(state: ExtensionState) -> impl IntoView {
    let t = use_texts();
    view! {
        <ul class="stack s sm">
            <li><Note tone=Tone::Info>{t.extensions_connections(state.verified_connections, state.connections)}</Note></li>
            {if state.api_access {
                view! { <li><Note tone=Tone::Ok>{t.extensions_access_on()}</Note></li> }.into_any()
            } else {
                view! { <li><Note tone=Tone::Warning>{t.extensions_access_off()}</Note></li> }.into_any()
            }}
        </ul>
        <div class="row">
            <LinkButton href="/admin/api-tilgang/token" kind="s">{t.extensions_to_tokens()}</LinkButton>
            <LinkButton href="/admin/integrasjoner/prodsys-to-prodsys" kind="s">{t.extensions_to_connections()}</LinkButton>
        </div>
        <details data-test="switch-off">
            <summary>{t.extensions_turn_off()}</summary>
            <Alert tone=Tone::Warning title=t.extensions_off_title() text=t.extensions_off_text()/>
            <ul class="stack s sm">
                <li><Note tone=Tone::Warning>{t.extensions_off_orders(state.waiting_orders)}</Note></li>
                <li><Note tone=Tone::Warning>{t.extensions_off_drafts(state.open_drafts)}</Note></li>
                <li><Note tone=Tone::Warning>{t.extensions_off_partners()}</Note></li>
            </ul>
            <Switch on=false kind="d" text=t.extensions_turn_off_sure()/>
        </details>
    }
}
