//! The keys that matter most, in a strip under the lines, until the person has seen enough of it.

use leptos::prelude::*;

use super::device;
use super::form_state::OrderFormState;
use crate::components::Icon;
use crate::i18n::use_texts;

/// The strip. Phones have no use for it, and the style sheet leaves it out there.
#[component]
pub(super) fn KeyStrip(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let hidden = RwSignal::new(false);
    Effect::new(move |_| hidden.set(device::is_strip_hidden()));
    let hide = move |_| {
        device::hide_strip();
        hidden.set(true);
        if let Some((key, column)) = state.grid.stop()
            && let Some((line, _)) = state.find(key)
        {
            state.go(domain::orders::sheet::Place { line, column }, super::grid::Mode::Navigation);
        }
    };
    let key = |name: &'static str| view! { <kbd>{t.key(name).unwrap_or_default()}</kbd> " " };
    view! {
        <div class="row only-wide" hidden=hidden data-test="key-strip">
            <p class="muted sm">
                {key("name.tab")} {t.order_form_keys_tab()} ", " {key("name.enter")} {t.order_form_keys_enter()} ", "
                {key("name.alt")} {key("name.enter")} {t.order_form_keys_why()} ", "
                {key("name.ctrl")} <kbd>"Z"</kbd> " " {t.order_form_keys_undo()} ", "
                <a href="/hjelp#snarveier">{t.order_form_keys_all()}</a>
            </p>
            {move || {
                state
                    .mounted
                    .get()
                    .then(|| {
                        view! {
                            <button class="btn ico s q" type="button" data-test="hide-keys" on:click=hide>
                                <Icon name="x"/>
                                <span class="vh">{t.order_form_keys_hide()}</span>
                            </button>
                        }
                    })
            }}
        </div>
    }
}
