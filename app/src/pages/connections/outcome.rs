//! The outcome of *Test tilkobling*: one line for each thing that was looked at.

use domain::connections::{ConnectionRow, ConnectionTest, PartnerIdentity};
use domain::contacts::ContactDifference;
use domain::errors::ErrorCode;
use domain::tokens::Scope;
use leptos::prelude::*;

use crate::api::connections::TestConnection;
use crate::components::{Alert, BusyButton, FormState, HiddenField, Icon, LinkButton, Tone};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::pages::contacts::field_name;
use crate::pages::tokens::scope_text;

/// One line of the outcome.
struct Finding {
    tone: Tone,
    title: String,
    text: Option<String>,
}

impl Finding {
    fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: None }
    }

    fn with(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

/// The card beside the form.
#[component]
pub(super) fn Outcome(connection: ConnectionRow, test: ServerAction<TestConnection>) -> impl IntoView {
    let t = use_texts();
    let busy = FormState::of(test).busy();
    let when = connection
        .last_test
        .as_ref()
        .map(|test| t.connections_test_at(format::day_time(test.at, t.language()), test.duration_ms));
    let contact_href = connection.contact_id.map(|id| format!("/kontakter/leverandorer/{id}"));
    let inside = match connection.last_test {
        Some(outcome) => view! { <Told outcome contact_href/> }.into_any(),
        None => view! { <p class="muted">{t.connections_not_tested()}</p> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="h-outcome" data-test="test-result">
            <header>
                <h2 id="h-outcome">{t.connections_outcome()}</h2>
                {when.map(|when| view! { <span class="muted sm">{when}</span> })}
            </header>
            {inside}
            <ActionForm action=test attr:data-test="test-connection">
                <HiddenField name="connection_id" value=connection.connection_id.to_string()/>
                // The findings of an export's check lead to it.
                <BusyButton busy attr:id="test-connection">{t.connections_test()}</BusyButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Told(outcome: ConnectionTest, contact_href: Option<String>) -> impl IntoView {
    let t = use_texts();
    let findings: Vec<_> =
        findings(t, &outcome).into_iter().map(|finding| view! { <Line finding/> }).collect();
    let different = outcome.differences.as_ref().is_some_and(|differences| !differences.is_empty());
    view! {
        <Head outcome/>
        <ul class="rows mk d">{findings}</ul>
        {contact_href
            .filter(|_| different)
            .map(|href| view! { <LinkButton href kind="s">{t.connections_to_contact()}</LinkButton> })}
    }
}

/// The sentence above the list: that it works, or why not and what to do.
#[component]
fn Head(outcome: ConnectionTest) -> impl IntoView {
    let t = use_texts();
    if let Some(code) = outcome.failure {
        return view! {
            <Alert tone=Tone::Error title=failure_text(t, code, outcome.identity.as_ref()) text=fix_text(t, code).unwrap_or_default()/>
        }
        .into_any();
    }
    if !outcome.missing_scopes.is_empty() {
        let names: Vec<&str> = outcome.missing_scopes.iter().map(|scope| scope.as_str()).collect();
        let title = t.connections_missing_scopes(names.join(", "));
        return view! { <Alert tone=Tone::Error title text=t.connections_missing_scopes_text()/> }.into_any();
    }
    view! {
        <p role="status">
            <strong>{t.connections_works()}</strong>
        </p>
    }
    .into_any()
}

/// What went wrong, in words. The module that is off is the partner's, not ours.
fn failure_text(t: Texts, code: ErrorCode, identity: Option<&PartnerIdentity>) -> String {
    if code == ErrorCode::ModuleDisabled {
        let partner = identity.map(|identity| identity.company_name.clone());
        let partner = partner.unwrap_or_else(|| t.connections_the_partner().to_owned());
        return t.connections_module_off_at(partner);
    }
    AppError::from(code).text(t)
}

/// What to do about it.
pub(crate) fn fix_text(t: Texts, code: ErrorCode) -> Option<String> {
    t.fix(code.as_str()).map(str::to_owned)
}

#[component]
fn Line(finding: Finding) -> impl IntoView {
    view! {
        <li class=finding.tone.class()>
            <Icon name=finding.tone.icon()/>
            <div>
                <p>{finding.title}</p>
                {finding.text.map(|text| view! { <p>{text}</p> })}
            </div>
        </li>
    }
}

/// Failures that happen before anyone has answered.
fn is_before_answer(code: ErrorCode) -> bool {
    use ErrorCode::{
        AnswerTimeout, ConnectRefused, ConnectTimeout, DecryptFailed, DnsFailed, EndpointBlocked,
        EndpointIsSelf, HttpsRequired, InvalidUrl, PortForbidden, TlsFailed, TokenMissing,
        UrlUserinfoForbidden,
    };
    matches!(
        code,
        AnswerTimeout
            | ConnectRefused
            | ConnectTimeout
            | DecryptFailed
            | DnsFailed
            | EndpointBlocked
            | EndpointIsSelf
            | HttpsRequired
            | InvalidUrl
            | PortForbidden
            | TlsFailed
            | TokenMissing
            | UrlUserinfoForbidden
    )
}

fn findings(t: Texts, outcome: &ConnectionTest) -> Vec<Finding> {
    let silent = outcome.failure.is_some_and(is_before_answer);
    // Without a token nobody was asked.
    let endpoint = if outcome.failure == Some(ErrorCode::TokenMissing) {
        Finding::new(Tone::Neutral, t.connections_not_checked())
    } else if silent {
        Finding::new(Tone::Error, t.connections_no_answer())
    } else {
        Finding::new(Tone::Ok, t.connections_answers()).with(t.connections_milliseconds(outcome.duration_ms))
    };
    let mut list = vec![endpoint];
    match &outcome.identity {
        Some(identity) => list.extend(of_identity(t, outcome, identity)),
        None => list.extend(unknown(t)),
    }
    if let Some(differences) = &outcome.differences {
        list.extend(of_differences(t, differences));
    } else if outcome.identity.is_some() {
        list.push(
            Finding::new(Tone::Warning, t.connections_no_contact()).with(t.connections_no_contact_text()),
        );
    }
    list
}

/// What could not be looked at, since nobody told who they are.
fn unknown(t: Texts) -> Vec<Finding> {
    let names = [
        t.connections_partner_name(),
        t.connections_module(),
        t.connections_scopes(),
        t.connections_expiry_and_version(),
    ];
    names
        .into_iter()
        .map(|name| Finding::new(Tone::Neutral, name).with(t.connections_not_checked()))
        .collect()
}

fn of_identity(t: Texts, outcome: &ConnectionTest, identity: &PartnerIdentity) -> Vec<Finding> {
    let mut list = vec![
        Finding::new(Tone::Ok, t.connections_connected_to(&identity.company_name))
            .with(t.connections_org_number(format::org_number(&identity.org_number))),
    ];
    list.push(if identity.extension_on {
        Finding::new(Tone::Ok, t.connections_module_on())
    } else {
        Finding::new(Tone::Error, t.connections_module_off())
    });
    list.extend(Scope::ALL.iter().map(|scope| {
        if outcome.missing_scopes.contains(scope) || !identity.scopes.contains(scope) {
            Finding::new(Tone::Error, scope.as_str()).with(t.connections_scope_missing())
        } else {
            Finding::new(Tone::Ok, scope.as_str()).with(scope_text(t, *scope))
        }
    }));
    list.extend(identity.expires_at().map(|expires_at| {
        let days = expires_at.milliseconds_since(outcome.at) / 86_400_000;
        let date = format::date(expires_at.date_in_oslo(), t.language());
        let tone = if days < 7 { Tone::Warning } else { Tone::Ok };
        Finding::new(tone, t.connections_token_valid()).with(t.connections_expires(date, days.max(0)))
    }));
    let versions = t.connections_versions_text(identity.api_versions.join(", "), &identity.product_version);
    let known = identity.api_versions.iter().any(|version| version == domain::instance::API_VERSION);
    list.push(if known {
        Finding::new(Tone::Ok, t.connections_versions_fit()).with(versions)
    } else {
        Finding::new(Tone::Error, t.connections_versions_differ()).with(versions)
    });
    list
}

fn of_differences(t: Texts, differences: &[ContactDifference]) -> Vec<Finding> {
    if differences.is_empty() {
        return vec![Finding::new(Tone::Ok, t.connections_identical())];
    }
    let or_nothing =
        |value: &str| if value.is_empty() { t.contacts_not_given().to_owned() } else { value.to_owned() };
    differences
        .iter()
        .map(|difference| {
            Finding::new(Tone::Warning, t.connections_differs(field_name(t, difference.field))).with(
                t.connections_differs_text(or_nothing(&difference.ours), or_nothing(&difference.theirs)),
            )
        })
        .collect()
}
