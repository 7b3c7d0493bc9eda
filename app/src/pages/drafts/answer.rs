//! The bar at the foot of a draft: *Godkjenn*, and *Avvis ordre* with its reason.

use domain::drafts::{LineNumbers, SeenPrices};
use domain::errors::ErrorCode;
use domain::ids::DraftId;
use leptos::prelude::*;

use super::review::Actions;
use crate::components::{BusyButton, Choice, FormErrors, FormState, HiddenField, TextArea};
use crate::i18n::{Texts, use_texts};

/// The bar. It stands only on a draft that can be answered.
#[component]
pub(super) fn AnswerBar(
    draft_id: DraftId,
    version: i64,
    parked: i64,
    /// Our prices that prices of the draft are far from.
    far_off: SeenPrices,
    actions: Actions,
) -> impl IntoView {
    let t = use_texts();
    let Actions { approve, reject, .. } = actions;
    read_again_when_others(actions, far_off.to_string());
    let approving = FormState::of(approve);
    let rejecting = FormState::of(reject);
    let open = rejecting.came_back();
    let sentence = what_is_left(t, parked, &far_off.lines());
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
            <ActionForm action=approve attr:class="row" attr:data-test="approve">
                <HiddenField name="draft_id" value=draft_id.to_string()/>
                <HiddenField name="version" value=version.to_string()/>
                {move || tick(t, &far_off)}
                <BusyButton kind="p" busy=approving.busy()>{t.draft_approve()}</BusyButton>
            </ActionForm>
        </div>
    }
}

/// What stands between the draft and its approval.
fn what_is_left(t: Texts, parked: i64, far_off: &LineNumbers) -> String {
    if parked > 0 {
        t.draft_parked_left(parked)
    } else if far_off.is_empty() {
        t.draft_nothing_left().to_owned()
    } else {
        t.draft_far_off_left(far_off.count(), far_off)
    }
}

/// Where other prices are far off than those that are shown, ours have changed meanwhile: the page has to show what there is to look at now.
fn read_again_when_others(actions: Actions, shown: String) {
    Effect::new(move |before: Option<()>| {
        let is_other = actions.approve.value().with(|value| {
            let Some(Err(error)) = value else { return false };
            let prices = error.refusal.params.get("prices");
            error.code() == ErrorCode::PriceUnconfirmed && prices != Some(&shown)
        });
        // What was refused before this reading has been read again already.
        if before.is_some() && is_other {
            actions.asked_again.update(|count| *count += 1);
        }
    });
}

/// The box that says that prices far from ours were looked at. It carries our prices as they were shown: what has become another meanwhile
/// is not among them. It is drawn anew whenever the draft is read again, by being in a closure: a box that is only given new words keeps the
/// tick, and would say of the new prices that somebody has looked at them.
fn tick(t: Texts, far_off: &SeenPrices) -> Option<AnyView> {
    let lines = far_off.lines();
    if lines.is_empty() {
        return None;
    }
    let label = t.draft_prices_checked(lines.count(), &lines);
    let box_to_tick =
        view! { <Choice name="prices_checked" id="prices_checked" value=far_off.to_string() label/> };
    Some(box_to_tick.into_any())
}

/// Unfolds the form; without a script the browser does so itself, since the link leads inside it.
fn open_reject() {
    #[cfg(feature = "hydrate")]
    if let Some(details) = document().get_element_by_id("avvis") {
        let _ = details.set_attribute("open", "");
    }
}
