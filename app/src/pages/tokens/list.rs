//! The switch and the list.

use domain::time::Timestamp;
use domain::tokens::{Scope, TokenRow, TokenState};
use leptos::prelude::*;

use super::{PATH, crumbs};
use crate::api::tokens::{RevokeToken, SetApiAccess, TokenList, list_tokens};
use crate::components::{
    Alert, BusyButton, Cell, Column, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors, FormState,
    HiddenField, LinkButton, Loading, PageHead, Row, Tag, TitleCell, Tone,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// Days before the end when a token is said to expire soon.
const SOON_DAYS: i64 = 14;
const DAY_MILLISECONDS: i64 = 86_400_000;

/// The page `/admin/api-tilgang/token`.
#[component]
pub fn TokensPage() -> impl IntoView {
    let switch = ServerAction::<SetApiAccess>::new();
    let revoke = ServerAction::<RevokeToken>::new();
    let tokens = PageData::new(move || (switch.version().get(), revoke.version().get()), |_| list_tokens());
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(tokens.await, |list| view! { <Tokens list switch revoke/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Tokens(
    list: TokenList,
    switch: ServerAction<SetApiAccess>,
    revoke: ServerAction<RevokeToken>,
) -> impl IntoView {
    let t = use_texts();
    let TokenList { tokens, now, api_access, extension_on } = list;
    let columns = vec![
        Column::new(t.tokens_name()).title(),
        Column::new(t.tokens_partner()),
        Column::new(t.tokens_scopes()),
        Column::new(t.tokens_created()),
        Column::new(t.tokens_last_used()),
        Column::new(t.tokens_expires()),
        Column::new(t.tokens_status()),
        Column::new(t.tokens_action()).hidden(),
    ];
    let body = if tokens.is_empty() {
        view! {
            <EmptyState kind=EmptyKind::NeverUsed title=t.tokens_empty_title() text=t.tokens_empty_text()>
                <LinkButton href=format!("{PATH}/ny")>{t.tokens_new()}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = tokens.into_iter().map(|token| view! { <TokenLine token now revoke/> }).collect();
        view! {
            <DataTable caption=t.nav_tokens() columns>
                {rows}
            </DataTable>
            <footer><p class="muted sm">{t.tokens_foot()}</p></footer>
        }
        .into_any()
    };
    view! {
        <Crumbs path=crumbs(t, None)/>
        <PageHead title=t.nav_tokens().to_owned() below=move || view! { <span class="muted">{t.tokens_intro()}</span> }>
            <LinkButton href=format!("{PATH}/ny") kind="p" icon="plus">{t.tokens_new()}</LinkButton>
        </PageHead>
        <FormErrors form=FormState::of(revoke)/>
        <ApiAccess on=api_access extension_on switch/>
        <section class="panel" aria-label=t.nav_tokens()>{body}</section>
    }
}

/// The switch *API-tilgang*.
#[component]
fn ApiAccess(on: bool, extension_on: bool, switch: ServerAction<SetApiAccess>) -> impl IntoView {
    let t = use_texts();
    let form = FormState::of(switch);
    let (tag, tone, text, button) = if on {
        (t.frame_on(), Tone::Ok, t.tokens_access_on_text(), t.tokens_access_turn_off())
    } else {
        (t.frame_off(), Tone::Warning, t.tokens_access_off_text(), t.tokens_access_turn_on())
    };
    view! {
        <FormErrors form/>
        <section class="card" aria-labelledby="h-access" data-test="api-access">
            <header>
                <h2 id="h-access">{t.nav_api_access()}</h2>
                <Tag text=tag tone/>
            </header>
            <p class="sm">{text}</p>
            // Not a page of this application: the browser asks the server for it.
            <p class="sm">
                <a href="/partner/v1/docs" rel="external">{t.help_partner_api()}</a>
            </p>
            {(!extension_on)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Info title=t.tokens_extension_off() text=t.tokens_extension_off_text()>
                            <LinkButton href="/admin/utvidelser" kind="s">{t.tokens_to_extensions()}</LinkButton>
                        </Alert>
                    }
                })}
            <ActionForm action=switch attr:data-test="switch-api-access">
                <HiddenField name="on" value=(!on).to_string()/>
                <BusyButton busy=form.busy()>{button}</BusyButton>
            </ActionForm>
        </section>
    }
}

/// How a token stands: words, tone, icon.
fn state_look(t: crate::i18n::Texts, token: &TokenRow, now: Timestamp) -> (&'static str, Tone, &'static str) {
    let left = token.expires_at.milliseconds_since(now);
    match token.state(now) {
        TokenState::Revoked => (t.tokens_state_revoked(), Tone::Neutral, "x"),
        TokenState::Expired => (t.tokens_state_expired(), Tone::Error, "clock"),
        TokenState::Active if left < SOON_DAYS * DAY_MILLISECONDS => {
            (t.tokens_state_soon(), Tone::Warning, "clock")
        }
        TokenState::Active => (t.tokens_state_active(), Tone::Ok, "check"),
    }
}

#[component]
fn TokenLine(token: TokenRow, now: Timestamp, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let (state, tone, icon) = state_look(t, &token, now);
    let active = token.state(now) == TokenState::Active;
    let scopes = if token.scopes.len() == Scope::ALL.len() {
        t.nav_prodsys_to_prodsys().to_owned()
    } else {
        token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
    };
    let days = token.expires_at.milliseconds_since(now).max(0) / DAY_MILLISECONDS;
    let last_used = token.last_used_at.map(|at| format::day_time(at, language));
    let partner = token.partner_name.clone().unwrap_or_else(|| t.tokens_not_chosen().to_owned());
    let used = last_used.clone().unwrap_or_else(|| t.tokens_never_used().to_owned());
    let revoking =
        active.then(|| view! { <Revoke token=token.clone() partner=partner.clone() last_used revoke/> });
    let scope_count = t.tokens_scope_count(i64::try_from(token.scopes.len()).unwrap_or_default());
    view! {
        <Row tone=Signal::stored((tone == Tone::Warning).then_some("warn"))>
            <TitleCell text=token.name>
                <small class="code">{format!("…{}", token.last_four)}</small>
            </TitleCell>
            <Cell label=t.tokens_partner()>{partner}</Cell>
            <Cell label=t.tokens_scopes()>
                <div>{scopes}<small>{scope_count}</small></div>
            </Cell>
            <Cell label=t.tokens_created()>
                <div>{format::date(token.created_at.date_in_oslo(), language)}<small>{token.created_by}</small></div>
            </Cell>
            <Cell label=t.tokens_last_used()>
                <div>
                    {used}
                    <small>{token.last_used_address}</small>
                </div>
            </Cell>
            <Cell label=t.tokens_expires()>
                <div>
                    {format::date(token.expires_at.date_in_oslo(), language)}
                    {active.then(|| view! { <small>{t.tokens_days_left(days)}</small> })}
                </div>
            </Cell>
            <Cell class="st"><Tag text=state tone icon/></Cell>
            <Cell class="act">
                {revoking}
            </Cell>
        </Row>
    }
}

/// *Trekk tilbake*, with what it does before it is done. Folded, so that one press never does it.
#[component]
fn Revoke(
    token: TokenRow,
    partner: String,
    last_used: Option<String>,
    revoke: ServerAction<RevokeToken>,
) -> impl IntoView {
    let t = use_texts();
    let effect = match last_used {
        Some(at) => t.tokens_revoke_used(&partner, at),
        None => t.tokens_revoke_unused(&partner),
    };
    view! {
        <details data-test="revoke">
            <summary class="sm">{t.tokens_revoke()}<span class="vh">" "{token.name.clone()}</span></summary>
            <p class="sm">{effect}</p>
            <ActionForm action=revoke attr:data-test="revoke-token">
                <HiddenField name="token_id" value=token.token_id.to_string()/>
                <BusyButton kind="d s" busy=Signal::from(revoke.pending())>{t.tokens_revoke_sure()}</BusyButton>
            </ActionForm>
        </details>
    }
}
