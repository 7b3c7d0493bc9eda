//! Where pasted rows come from: the field that cells are pasted into, and a file.

#[cfg(feature = "hydrate")]
use domain::errors::ErrorCode;
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::task::spawn_local;

use super::paste_dialog::Pasting;
#[cfg(feature = "hydrate")]
use crate::error::AppError;
use crate::i18n::use_texts;

/// Where the rows come from, while there are none.
#[component]
pub(super) fn Source(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let typed = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        // What comes into the empty field with more than one cell was pasted. What is put right by hand waits for the button.
        let is_pasted =
            pasting.text.with_untracked(|known| known.trim().is_empty()) && text.contains(['\t', '\n', ';']);
        if is_pasted {
            pasting.take(&text);
        } else {
            pasting.text.set(text);
        }
    };
    view! {
        <div class="field">
            <label for="paste-here">{t.paste_cells()}</label>
            <p class="hint" id="paste-here-hint">{t.paste_cells_hint()}</p>
            <textarea
                class="input"
                id="paste-here"
                rows="6"
                wrap="off"
                aria-describedby="paste-here-hint"
                node_ref=pasting.area
                prop:value=move || pasting.text.get()
                on:input=typed
            ></textarea>
            <div class="row">
                <button
                    class="btn"
                    type="button"
                    data-test="paste-look"
                    on:click=move |_| pasting.take(&pasting.text.get_untracked())
                >
                    {t.paste_look()}
                </button>
            </div>
        </div>
        <form class="field" on:change=move |event| take_file(pasting, &event)>
            <label for="paste-file">{t.paste_from_file()}</label>
            <p class="hint" id="paste-file-hint">{t.paste_from_file_hint()}</p>
            <input class="input" id="paste-file" name="file" type="file" accept=".xlsx,.csv,.txt" aria-describedby="paste-file-hint"/>
        </form>
    }
}

/// Sends the chosen file to the server, which reads it as text.
#[cfg(feature = "hydrate")]
fn take_file(pasting: Pasting, event: &leptos::ev::Event) {
    use leptos::wasm_bindgen::JsCast;
    let form = event.current_target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    let Some(Ok(form)) = form.map(|form| web_sys::FormData::new_with_form(&form)) else { return };
    spawn_local(async move {
        match rows_of_file(form).await {
            Ok(text) => pasting.take(&text),
            Err(error) => pasting.fault.set(Some(error)),
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn take_file(_: Pasting, _: &leptos::ev::Event) {}

#[cfg(feature = "hydrate")]
async fn rows_of_file(form: web_sys::FormData) -> Result<String, AppError> {
    let lost = |_| AppError { no_contact: true, ..AppError::from(ErrorCode::Internal) };
    let request = gloo_net::http::Request::post("/filer/ordrelinjer").body(form).map_err(lost)?;
    let answer = request.send().await.map_err(lost)?;
    let text = answer.text().await.map_err(lost)?;
    if answer.ok() {
        return Ok(text);
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| AppError::from(ErrorCode::FileMalformed)))
}
