//! *Oppsett*: the first administrator, made with the one-time code that the program printed when it started.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::session::SetUp;
use crate::components::{
    Alert, Field, FieldKind, FormErrors, FormState, LinkButton, PageHead, PlainFrame, SecretField, Tone,
};
use crate::flash::use_page_flash;
use crate::i18n::use_texts;
use crate::page_data::suspend;
use crate::session::use_session;

/// The page `/oppsett`.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let session = use_session();
    let flash = use_page_flash();
    view! {
        <Suspense>
            {move || suspend(async move {
                if let Some(flash) = flash {
                    flash.load().await;
                }
                let shell = session.load().await.unwrap_or_default();
                view! {
                    <PlainFrame company_name=shell.company_name.clone()>
                        <SetUpForm company_name=shell.company_name needs_setup=shell.needs_setup/>
                    </PlainFrame>
                }
            })}
        </Suspense>
    }
}

#[component]
fn SetUpForm(company_name: String, needs_setup: bool) -> impl IntoView {
    let t = use_texts();
    let form = FormState::plain(SetUp::PATH);
    let label = |name: &str| t.label(name).unwrap_or_default();
    let below = move || view! { <span class="muted">{company_name.clone()}</span> };
    view! {
        <section class="signin" aria-label=t.setup_title()>
            <PageHead title=t.setup_title().to_owned() below/>
            <FormErrors form/>
            {if needs_setup {
                view! {
                    <p class="muted">{t.setup_text()}</p>
                    <form class="card" method="post" action=SetUp::url()>
                        <Field name="code" label=label("code") kind=FieldKind::Code hint=t.setup_code_hint() form/>
                        <Field name="name" label=label("name") autocomplete="name" form/>
                        <Field name="email" label=label("email") kind=FieldKind::Email form/>
                        <SecretField
                            name="password"
                            label=label("password")
                            autocomplete="new-password"
                            hint=t.setup_password_hint()
                            form
                        />
                        <button class="btn p" type="submit">{t.setup_submit()}</button>
                    </form>
                }
                    .into_any()
            } else {
                view! {
                    <Alert tone=Tone::Info title=t.setup_done()>
                        <LinkButton href="/logg-inn" kind="s">{t.login_title()}</LinkButton>
                    </Alert>
                }
                    .into_any()
            }}
        </section>
    }
}
