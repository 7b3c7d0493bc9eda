//! The form of a new token, and the one page that shows its secret.

use domain::contacts::ContactRow;
use domain::tokens::{DEFAULT_DAYS, IssuedToken, Scope};
use leptos::prelude::*;

use super::{PATH, crumbs, scope_text};
use crate::api::tokens::{IssueToken, take_issued_token, token_partners};
use crate::components::{
    Alert, BusyButton, Crumbs, DefinitionList, Field, FormErrors, FormState, LinkButton, Loading, PageHead,
    SecretValue, Select, SelectOption, Tone,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

const DAYS: [i64; 4] = [30, 90, 180, 365];

/// The page `/admin/api-tilgang/token/ny`.
#[component]
pub fn NewTokenPage() -> impl IntoView {
    let action = ServerAction::<IssueToken>::new();
    let partners = PageData::new(|| (), |()| token_partners());
    view! {
        <Suspense fallback=Loading>
            {move || suspend(async move {
                shown(partners.await, |partners| view! { <NewToken partners action/> }.into_any())
            })}
        </Suspense>
    }
}

#[component]
fn NewToken(partners: Vec<ContactRow>, action: ServerAction<IssueToken>) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(action);
    let partners = std::iter::once(SelectOption::new("", t.tokens_any_partner()))
        .chain(
            partners
                .into_iter()
                .map(|partner| SelectOption::new(partner.contact_id.to_string(), partner.name)),
        )
        .collect();
    let days = DAYS.iter().map(|days| SelectOption::new(days.to_string(), t.tokens_in_days(days))).collect();
    let scopes: Vec<_> = Scope::ALL
        .iter()
        .map(|scope| {
            view! {
                <label class="choice">
                    <input class="pickbox" type="checkbox" name="scopes[]" value=scope.as_str() checked=true/>
                    <span>
                        <span class="code">{scope.as_str()}</span>
                        <span class="hint">{scope_text(t, *scope)}</span>
                    </span>
                </label>
            }
        })
        .collect();
    view! {
        <Crumbs path=crumbs(t, Some(t.tokens_new()))/>
        <PageHead title=t.tokens_new().to_owned()/>
        <FormErrors form/>
        <ActionForm action attr:class="card" attr:data-test="token-form">
            <Field name="name" label=t.tokens_name() hint=t.tokens_name_hint() form/>
            <Select name="contact_id" label=t.tokens_partner() options=partners hint=t.tokens_partner_hint() form/>
            <Select
                name="days"
                label=t.tokens_expires()
                value=DEFAULT_DAYS.to_string()
                options=days
                hint=t.tokens_expires_hint()
                form
            />
            <fieldset class="stack s" id="scopes">
                <legend class="lbl">{t.tokens_scopes()}</legend>
                <p class="hint">{t.tokens_preset()}</p>
                {scopes}
            </fieldset>
            <div class="row">
                <BusyButton kind="p" busy=form.busy()>{t.tokens_make()}</BusyButton>
                <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
    }
}

/// The page `/admin/api-tilgang/token/laget`. The secret is taken out of the session by the first reading.
#[component]
pub fn IssuedTokenPage() -> impl IntoView {
    let issued = PageData::new_blocking(|| (), |()| take_issued_token());
    view! {
        <Suspense fallback=Loading>
            {move || suspend(async move {
                shown(
                    issued.await,
                    |issued| match issued {
                        Some(issued) => view! { <Issued issued/> }.into_any(),
                        None => view! { <AlreadyShown/> }.into_any(),
                    },
                )
            })}
        </Suspense>
    }
}

#[component]
fn Issued(issued: IssuedToken) -> impl IntoView {
    let t = use_texts();
    let row = issued.row;
    let partner = row.partner_name.unwrap_or_else(|| t.tokens_not_chosen().to_owned());
    let scopes: Vec<_> =
        row.scopes.iter().map(|scope| view! { <span class="code">{scope.as_str()}</span>" " }).collect();
    let facts = vec![
        (t.tokens_name().to_owned(), row.name.into_any()),
        (t.tokens_partner().to_owned(), partner.into_any()),
        (t.tokens_scopes().to_owned(), scopes.into_any()),
        (
            t.tokens_expires().to_owned(),
            format::date_long(row.expires_at.date_in_oslo(), t.language()).into_any(),
        ),
    ];
    view! {
        <Crumbs path=crumbs(t, Some(t.tokens_made()))/>
        <PageHead title=t.tokens_made().to_owned()/>
        <section class="card" aria-labelledby="h-secret">
            <h2 id="h-secret">{t.nav_tokens()}</h2>
            <Alert tone=Tone::Warning title=t.tokens_only_now()/>
            <SecretValue value=issued.secret/>
            <DefinitionList rows=facts/>
        </section>
        <section class="card" aria-labelledby="h-share">
            <h2 id="h-share">{t.tokens_share()}</h2>
            <p class="sm">{t.tokens_share_text()}</p>
            <p class="sm">{t.tokens_share_where()}</p>
        </section>
        <div class="row">
            <LinkButton href=PATH>{t.tokens_done()}</LinkButton>
        </div>
    }
}

#[component]
fn AlreadyShown() -> impl IntoView {
    let t = use_texts();
    view! {
        <Crumbs path=crumbs(t, Some(t.tokens_made()))/>
        <PageHead title=t.tokens_shown_title().to_owned()/>
        <Alert tone=Tone::Info title=t.tokens_shown_text()>
            <LinkButton href=PATH kind="s">{t.tokens_to_list()}</LinkButton>
        </Alert>
    }
}
