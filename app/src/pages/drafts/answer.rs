//! The bar at the foot of a draft: *Godkjenn*, and *Avvis ordre* with its reason.

use domain::ids::DraftId;
use leptos::prelude::*;

use crate::api::drafts::{ApproveDraft, RejectDraft};
use crate::components::{BusyButton, FormErrors, FormState, HiddenField, TextArea};
use crate::i18n::use_texts;

/// The bar. It stands only on a draft that can be answered.
#[component]
pub(super) fn AnswerBar(
    draft_id: DraftId,
    version: i64,
    parked: i64,
    approve: ServerAction<ApproveDraft>,
    reject: ServerAction<RejectDraft>,
) -> impl IntoView {
    let t = use_texts();
    let approving = FormState::of(approve);
    let rejecting = FormState::of(reject);
    let open = rejecting.came_back();
    let sentence = if parked > 0 { t.draft_parked_left(parked) } else { t.draft_nothing_left().to_owned() };
    view! {
        <details class="card" id="avvis" open=open>
            <summary>{t.draft_reject()}</summary>
            <FormErrors form=rejecting/>
            <ActionForm action=reject attr:class="stack" attr:data-test="reject">
                <HiddenField name="draft_id" value=draft_id.to_string()/>
                <HiddenField name="version" value=version.to_string()/>
                <TextArea name="reason" label=t.draft_reject_reason() hint=t.draft_reject_hint() rows=3 form=rejecting/>
                <div class="row">
                    <BusyButton kind="d" busy=rejecting.busy()>{t.draft_reject()}</BusyButton>
                </div>
            </ActionForm>
        </details>
        <div class="actionbar" role="region" aria-label=t.draft_answer()>
            <p role="status">{sentence}</p>
            <a class="btn d" href="#reason" data-test="to-reject" on:click=move |_| open_reject()>{t.draft_reject()}</a>
            <ActionForm action=approve attr:data-test="approve">
                <HiddenField name="draft_id" value=draft_id.to_string()/>
                <HiddenField name="version" value=version.to_string()/>
                <BusyButton kind="p" busy=approving.busy()>{t.draft_approve()}</BusyButton>
            </ActionForm>
        </div>
    }
}

/// Unfolds the form; without a script the browser does so itself, since the link leads inside it.
fn open_reject() {
    #[cfg(feature = "hydrate")]
    if let Some(details) = document().get_element_by_id("avvis") {
        let _ = details.set_attribute("open", "");
    }
}
