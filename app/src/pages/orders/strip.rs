//! The keys that matter most, in a strip under the lines, until the person has seen enough of it.

use leptos::prelude::*;

use super::device;
use super::form_state::OrderFormState;
use super::grid::Mode;
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
            state.go(domain::orders::sheet::Place { line, column }, Mode::Navigation);
        }
    };
    let key = move |name: &'static str| view! { <kbd>{t.key(name).unwrap_or_default()}</kbd> " " };
    view! {
        <div class="row only-wide" hidden=hidden data-test="key-strip">
            <p class="muted sm">
                // Keys that move do something else while somebody types.
                {move || match state.grid.mode.get() {
                    Mode::Edit => view! {
                        {key("name.tab")} {t.order_form_keys_tab()} ", " {key("name.enter")} {t.order_form_keys_enter()} ", "
                    }
                    .into_any(),
                    Mode::Navigation => view! {
                        {key("name.arrow_left")} {key("name.arrow_right")} {t.order_form_keys_move()} ", "
                        {key("name.enter")} {t.order_form_keys_write()} ", "
                        {key("name.tab")} {t.order_form_keys_leave()} ", "
                    }
                    .into_any(),
                }}
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
