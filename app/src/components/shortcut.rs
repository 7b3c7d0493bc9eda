//! Single letters as shortcuts: never while something is typed or another key is held.

/// Calls with the letter, in lower case, for as long as the calling component is there. `true` says that the letter meant something.
#[cfg(feature = "hydrate")]
pub fn on_letters(pressed: impl Fn(char) -> bool + 'static) {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| {
                target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some()
            });
        if typing || event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let key = event.key();
        let mut letters = key.chars().flat_map(char::to_lowercase);
        if let (Some(letter), None) = (letters.next(), letters.next())
            && pressed(letter)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// On the server nobody presses anything.
#[cfg(not(feature = "hydrate"))]
pub fn on_letters(_pressed: impl Fn(char) -> bool + 'static) {}
