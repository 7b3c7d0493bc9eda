//! *Logg inn*. A plain form in every case: a person who cannot load the script must still get in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::api::session::SignIn;
use crate::components::{
    Alert, Field, FieldKind, FormErrors, FormState, HiddenField, PageHead, PlainFrame, SecretField, Tone,
};
use crate::flash::use_page_flash;
use crate::i18n::use_texts;
use crate::page_data::suspend;
use crate::session::use_session;

/// The page `/logg-inn?neste=…`.
#[component]
pub fn LoginPage() -> impl IntoView {
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
                        <SignInForm company_name=shell.company_name needs_setup=shell.needs_setup/>
                    </PlainFrame>
                }
            })}
        </Suspense>
    }
}

#[component]
fn SignInForm(company_name: String, needs_setup: bool) -> impl IntoView {
    let t = use_texts();
    let query = use_query_map().get_untracked();
    let next = query.get("neste").unwrap_or_default();
    let signed_out = query.get("utlogget").is_some();
    let form = FormState::plain(SignIn::PATH);
    view! {
        <section class="signin" aria-label=t.login_title()>
            <PageHead title=t.login_title().to_owned() below=move || view! { <span class="muted">{company_name.clone()}</span> }/>
            <FormErrors form/>
            {signed_out.then(|| view! { <Alert tone=Tone::Ok title=t.login_signed_out()/> })}
            {(!next.is_empty() && !signed_out).then(|| view! { <p class="muted sm">{t.login_asked_to_sign_in()}</p> })}
            {needs_setup
                .then(|| {
                    view! {
                        <Alert tone=Tone::Info title=t.login_first_time()>
                            <a class="btn s" href="/oppsett">{t.login_set_up()}</a>
                        </Alert>
                    }
                })}
            <form class="card" method="post" action=SignIn::url()>
                <HiddenField name="next" value=next/>
                <Field name="email" label=t.label("email").unwrap_or_default() kind=FieldKind::Email form/>
                <SecretField name="password" label=t.label("password").unwrap_or_default() autocomplete="current-password" form/>
                <button class="btn p" type="submit">{t.login_submit()}</button>
            </form>
        </section>
    }
}
