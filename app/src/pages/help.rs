//! *Hjelp*: what a person of this role does every day, then the keys, and last how two systems are connected: the guide as six steps in the
//! right order, with the menu paths as links.

use domain::keyboard::KeyContext;
use domain::roles::{Permission, Role};
use leptos::prelude::*;

use crate::components::{Crumb, Crumbs, KeyTables, PageHead, go_to_fragment, may_see};
use crate::i18n::{Texts, use_texts};
use crate::session::use_shell;

/// One step of the guide, or of a day.
struct Step {
    title: &'static str,
    /// Empty where it is said above all of them.
    who: &'static str,
    text: &'static str,
    links: Vec<(&'static str, &'static str)>,
}

const LOGS: &str = "/admin/logger/integrasjonslogger";
const NEW_ORDER: &str = "/ordre/innkjopsordre/ny";
const EXTENSIONS: &str = "/admin/utvidelser";
const TOKENS: &str = "/admin/api-tilgang/token";
const CONNECTIONS: &str = "/admin/integrasjoner/prodsys-to-prodsys";

/// What a person of this role does every day: orders for those who buy, drafts for those who sell.
fn daily(t: Texts, role: Role) -> Vec<Step> {
    let step = |title, text, links| Step { title, who: "", text, links };
    let mut steps = Vec::new();
    if role.may(Permission::Purchase) {
        steps.extend([
            step(
                t.help_day_order(),
                t.help_day_order_text(),
                vec![(t.help_path_new_order(), NEW_ORDER), (t.templates_title(), "/ordre/maler")],
            ),
            step(
                t.help_day_export(),
                t.help_day_export_text(),
                vec![
                    (t.help_path_export(), "/ordre/eksporter-til-partner"),
                    (t.help_path_orders(), "/ordre/innkjopsordre"),
                ],
            ),
            step(
                t.help_day_links(),
                t.help_day_links_text(),
                vec![(t.help_path_links(), "/artikler/koblinger")],
            ),
        ]);
    }
    if role.may(Permission::Sell) {
        steps.extend([
            step(
                t.help_day_drafts(),
                t.help_day_drafts_text(),
                vec![(t.help_path_drafts(), "/salg/ordrekladder")],
            ),
            step(
                t.help_day_sales(),
                t.help_day_sales_text(),
                vec![(t.help_path_sales_orders(), "/salg/salgsordre")],
            ),
        ]);
    }
    steps.push(step(t.help_day_search(), t.help_day_search_text(), vec![(t.palette_page(), "/sok")]));
    steps
}

/// The guide's steps. Each is told to everybody; links lead only where the role may go.
fn steps(t: Texts, role: Role) -> Vec<Step> {
    let mut steps = every_step(t);
    for step in &mut steps {
        step.links.retain(|(_, href)| may_go(href, role));
    }
    steps
}

fn may_go(href: &str, role: Role) -> bool {
    may_see(href, role) && (href != NEW_ORDER || role.may(Permission::Purchase))
}

fn every_step(t: Texts) -> Vec<Step> {
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
            links: vec![(t.help_path_new_order(), NEW_ORDER)],
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
    let shell = use_shell();
    let module_on = shell.module_on;
    let role = shell.user.map_or(Role::Reader, |user| user.role);
    go_to_fragment();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_help())]/>
        <PageHead title=t.nav_help().to_owned()/>
        <section class="sect" aria-labelledby="h-daily" data-test="help-daily">
            <h2 id="h-daily">{t.help_daily()}</h2>
            <ol class="stack">{cards(daily(t, role), "help-day")}</ol>
        </section>
        <section class="card" id="snarveier" tabindex="-1" aria-labelledby="h-keys">
            <h2 id="h-keys">{t.keys_title()}</h2>
            <p class="muted">{t.keys_text()}</p>
            <KeyTables contexts=HANDLED.to_vec() role module_on/>
        </section>
        <section class="sect" aria-labelledby="h-guide">
            <h2 id="h-guide">{t.help_guide()}</h2>
            <p class="muted">{t.help_guide_text()}</p>
            <ol class="stack">{cards(steps(t, role), "help-step")}</ol>
        </section>
        <section class="card" aria-labelledby="h-more">
            <h2 id="h-more">{t.help_more()}</h2>
            <ul class="stack s">
                <li>{t.help_more_names()}</li>
                <li>{t.help_more_token()}</li>
                {may_go(LOGS, role)
                    .then(|| {
                        view! {
                            <li>
                                {t.help_more_log()}
                                " "
                                <a href=LOGS>{t.help_path_logs()}</a>
                            </li>
                        }
                    })}
                // Not a page of this application: the browser asks the server for it.
                <li>
                    <a href="/partner/v1/docs" rel="external">{t.help_partner_api()}</a>
                </li>
            </ul>
        </section>
    }
}

/// The steps as cards, numbered.
fn cards(steps: Vec<Step>, test: &'static str) -> Vec<AnyView> {
    let card = |(step, number): (Step, i32)| {
        let links: Vec<_> =
            step.links.into_iter().map(|(text, href)| view! { <li><a href=href>{text}</a></li> }).collect();
        let who = (!step.who.is_empty()).then(|| view! { <span class="muted sm">{step.who}</span> });
        view! {
            <li class="card" data-test=test>
                <header>
                    <h3>{format!("{number}. {}", step.title)}</h3>
                    {who}
                </header>
                <p>{step.text}</p>
                {(!links.is_empty()).then(|| view! { <ul class="stack s">{links}</ul> })}
            </li>
        }
        .into_any()
    };
    steps.into_iter().zip(1..).map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn first(role: Role) -> &'static str {
        daily(Texts::new(Language::Nb), role)[0].links[0].1
    }

    #[test]
    fn the_day_begins_with_what_the_role_does() {
        assert_eq!(first(Role::Buyer), "/ordre/innkjopsordre/ny");
        assert_eq!(first(Role::Administrator), "/ordre/innkjopsordre/ny");
        assert_eq!(first(Role::Seller), "/salg/ordrekladder");
        assert_eq!(first(Role::Reader), "/sok");
        for role in [Role::Buyer, Role::Seller, Role::Reader, Role::Administrator] {
            let t = Texts::new(Language::Nb);
            let links = daily(t, role).into_iter().flat_map(|step| step.links);
            assert!(links.into_iter().all(|(_, href)| !href.starts_with("/admin")));
            // The guide is told whole; it links to the administrators' pages for administrators only.
            let guide = steps(t, role);
            assert_eq!(guide.len(), 6);
            let mut links = guide.into_iter().flat_map(|step| step.links);
            assert_eq!(links.any(|(_, href)| href.starts_with("/admin")), role == Role::Administrator);
        }
    }
}
