//! What stands at an address that is no page of ours.

use leptos::prelude::*;

use crate::components::{PageHead, PlainFrame};
use crate::i18n::use_texts;

/// The page for every address without one. It shows nothing of the company, since nobody may be signed in.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PlainFrame>
            <NotFound/>
        </PlainFrame>
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
