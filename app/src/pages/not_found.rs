//! What stands at an address that is no page of ours.

use leptos::prelude::*;

use crate::components::{Frame, PageHead, PlainFrame};
use crate::i18n::use_texts;
use crate::page_data::suspend;
use crate::session::use_session;

/// The page for every address without one. Who is signed in keeps the menu; to others it shows nothing of the company.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let session = use_session();
    view! {
        <Suspense>
            {move || suspend(async move {
                let is_signed_in = session.load().await.is_ok_and(|shell| shell.user.is_some());
                if is_signed_in {
                    view! { <Frame><NotFound/></Frame> }.into_any()
                } else {
                    view! { <PlainFrame><NotFound/></PlainFrame> }.into_any()
                }
            })}
        </Suspense>
    }
}

/// The same inside a page's frame, for a number or an id that does not exist.
#[component]
pub fn NotFound() -> impl IntoView {
    let t = use_texts();
    crate::status::set(404);
    view! {
        <PageHead title=t.not_found_title().to_owned()/>
        <article class="errorpage" data-test="not-found">
            <p>{t.not_found_text()}</p>
            <div class="row">
                <a class="btn" href="/oversikt">{t.not_found_to_overview()}</a>
            </div>
        </article>
    }
}
