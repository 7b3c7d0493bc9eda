//! Secrets: typed with *Vis*, shown once with *Kopier*.

use leptos::prelude::*;

use super::form::{FormState, field_id};
use super::use_mounted;
use crate::error::field_text;
use crate::i18n::use_texts;

/// A password or a token to be typed or pasted. It is never written back by the server.
#[component]
pub fn SecretField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] form: Option<FormState>,
) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let (shown, set_shown) = signal(false);
    let pointer = StoredValue::new(format!("/{name}"));
    let id = pointer.with_value(|pointer| field_id(pointer));
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let fault = move || form.and_then(|form| pointer.try_with_value(|pointer| form.fault(pointer)).flatten());
    let described_by = {
        let (hint_id, error_id) = (hint.is_some().then(|| hint_id.clone()), error_id.clone());
        move || {
            let parts: Vec<String> =
                [hint_id.clone(), fault().map(|_| error_id.clone())].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="join">
                <input
                    class="input"
                    id=id
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    spellcheck="false"
                    aria-invalid=move || fault().map(|_| "true")
                    aria-describedby=described_by
                />
                <button
                    class="btn"
                    type="button"
                    hidden=move || !mounted.get()
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| set_shown.update(|shown| *shown = !*shown)
                >
                    {t.frame_show()}
                </button>
            </div>
            {hint.map(|hint| view! { <span class="hint" id=hint_id>{hint}</span> })}
            {move || {
                fault()
                    .map(|fault| {
                        view! {
                            <p class="errmsg" id=error_id.clone()>
                                <super::Icon name="stop"/>
                                {field_text(t, &fault)}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// A secret that is shown this once.
#[component]
pub fn SecretValue(#[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="stack s">
            <output class="secret" data-test="secret">{value.clone()}</output>
            <div class="row">
                <CopyButton text=value/>
            </div>
        </div>
    }
}

/// Copies a text. Without a script there is no button; the text itself can be marked with one press.
#[component]
pub fn CopyButton(
    #[prop(into)] text: String,
    /// Other words than *Kopier*.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let label = label.unwrap_or_else(|| use_texts().frame_copy().to_owned());
    copying(label, move |outcome| copy(text.clone(), outcome))
}

/// Copies the address of this page. Without a script there is no button.
#[component]
pub fn CopyAddress(#[prop(into)] label: String) -> impl IntoView {
    copying(label, copy_address)
}

/// Copies the address of this page, and tells how that went.
pub fn copy_address(outcome: WriteSignal<Option<bool>>) {
    copy(here(), outcome);
}

fn copying(label: String, copy: impl Fn(WriteSignal<Option<bool>>) + 'static) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let (outcome, set_outcome) = signal(None::<bool>);
    let told = move || outcome.get().map(|done| if done { t.frame_copied() } else { t.frame_copy_failed() });
    view! {
        <button class="btn" type="button" hidden=move || !mounted.get() on:click=move |_| copy(set_outcome)>
            <super::Icon name="copy"/>
            {move || told().map_or_else(|| label.clone(), str::to_owned)}
        </button>
        // Beside the button: what stands in a status is no name of the button around it.
        <span class="vh" role="status">{told}</span>
    }
}

#[cfg(feature = "hydrate")]
fn here() -> String {
    window().location().href().unwrap_or_default()
}

#[cfg(not(feature = "hydrate"))]
fn here() -> String {
    String::new()
}

#[cfg(feature = "hydrate")]
fn copy(text: String, outcome: WriteSignal<Option<bool>>) {
    use wasm_bindgen::JsCast;
    // Over plain http the browser has no clipboard for us.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())
        .ok()
        .and_then(|clipboard| clipboard.dyn_into::<web_sys::Clipboard>().ok());
    let Some(clipboard) = clipboard else {
        outcome.set(Some(false));
        return;
    };
    leptos::task::spawn_local(async move {
        let done = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await;
        outcome.set(Some(done.is_ok()));
    });
}

#[cfg(not(feature = "hydrate"))]
fn copy(_text: String, _outcome: WriteSignal<Option<bool>>) {}
