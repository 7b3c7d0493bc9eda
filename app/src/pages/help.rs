//! *Hjelp*: the guide as six steps in the right order, with the menu paths as links.

use domain::keyboard::KeyContext;
use leptos::prelude::*;

use crate::components::{Crumb, Crumbs, KeyTables, PageHead, go_to_fragment};
use crate::i18n::{Texts, use_texts};

/// One step of the guide.
struct Step {
    title: &'static str,
    who: &'static str,
    text: &'static str,
    links: Vec<(&'static str, &'static str)>,
}

const EXTENSIONS: &str = "/admin/utvidelser";
const TOKENS: &str = "/admin/api-tilgang/token";
const CONNECTIONS: &str = "/admin/integrasjoner/prodsys-to-prodsys";

fn steps(t: Texts) -> Vec<Step> {
    vec![
        Step {
            title: t.help_step_module(),
            who: t.help_both(),
            text: t.help_step_module_text(),
            links: vec![(t.help_path_extensions(), EXTENSIONS), (t.help_path_tokens(), TOKENS)],
        },
        Step {
            title: t.help_step_token(),
            who: t.help_supplier_then_buyer(),
            text: t.help_step_token_text(),
            links: vec![(t.help_path_tokens(), TOKENS), (t.help_path_connections(), CONNECTIONS)],
        },
        Step {
            title: t.help_step_contacts(),
            who: t.help_both(),
            text: t.help_step_contacts_text(),
            links: vec![
                (t.help_path_suppliers(), "/kontakter/leverandorer"),
                (t.help_path_customers(), "/kontakter/kunder"),
            ],
        },
        Step {
            title: t.help_step_order(),
            who: t.help_buyer(),
            text: t.help_step_order_text(),
            links: vec![(t.help_path_new_order(), "/ordre/innkjopsordre/ny")],
        },
        Step {
            title: t.help_step_export(),
            who: t.help_buyer(),
            text: t.help_step_export_text(),
            links: vec![(t.help_path_export(), "/ordre/eksporter-til-partner")],
        },
        Step {
            title: t.help_step_draft(),
            who: t.help_supplier(),
            text: t.help_step_draft_text(),
            links: vec![(t.help_path_drafts(), "/salg/ordrekladder")],
        },
    ]
}

/// Where keys are handled; answering a draft has its keys in the table and gets its handlers with its own screen.
const HANDLED: [KeyContext; 8] = [
    KeyContext::Global,
    KeyContext::List,
    KeyContext::OrderForm,
    KeyContext::GridNavigation,
    KeyContext::GridEdit,
    KeyContext::Suggestions,
    KeyContext::OrderPage,
    KeyContext::Links,
];

/// The page `/hjelp`.
#[component]
pub fn HelpPage() -> impl IntoView {
    let t = use_texts();
    let items: Vec<_> = steps(t)
        .into_iter()
        .zip(1..)
        .map(|(step, number)| {
            let links: Vec<_> = step
                .links
                .into_iter()
                .map(|(text, href)| view! { <li><a href=href>{text}</a></li> })
                .collect();
            view! {
                <li class="card" data-test="help-step">
                    <header>
                        <h3>{format!("{number}. {}", step.title)}</h3>
                        <span class="muted sm">{step.who}</span>
                    </header>
                    <p>{step.text}</p>
                    <ul class="stack s">{links}</ul>
                </li>
            }
        })
        .collect();
    go_to_fragment();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_help())]/>
        <PageHead title=t.nav_help().to_owned()/>
        <section class="sect" aria-labelledby="h-guide">
            <h2 id="h-guide">{t.help_guide()}</h2>
            <p class="muted">{t.help_guide_text()}</p>
            <ol class="stack">{items}</ol>
        </section>
        <section class="card" aria-labelledby="h-more">
            <h2 id="h-more">{t.help_more()}</h2>
            <ul class="stack s">
                <li>{t.help_more_names()}</li>
                <li>{t.help_more_token()}</li>
                <li>
                    {t.help_more_log()}
                    " "
                    <a href="/admin/logger/integrasjonslogger">{t.help_path_logs()}</a>
                </li>
                // Not a page of this application: the browser asks the server for it.
                <li>
                    <a href="/partner/v1/docs" rel="external">{t.help_partner_api()}</a>
                </li>
            </ul>
        </section>
        <section class="card" id="snarveier" tabindex="-1" aria-labelledby="h-keys">
            <h2 id="h-keys">{t.keys_title()}</h2>
            <p class="muted">{t.keys_text()}</p>
            <KeyTables contexts=HANDLED.to_vec()/>
        </section>
    }
}
