//! When the browser's half has taken the whole page over.
//!
//! A page is taken over part by part, each when its answer has been read. Until the last part is, the router must not change the page:
//! the rest would be looked for in a page that is gone, and the program would end. So a link followed that early is followed by the
//! browser itself, as it is without WebAssembly.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;

thread_local! {
    static WAITING: Cell<u32> = const { Cell::new(0) };
}

/// What the document's root carries from the moment when all of the page answers.
const MARK: &str = "data-taken-over";

/// A part of the page that is waited for; it is there when this has been dropped.
pub struct Part(());

impl Part {
    #[must_use]
    pub fn new() -> Self {
        WAITING.set(WAITING.get() + 1);
        Self(())
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // The part is put into the page after its answer, in the same turn; parts within it begin to wait in that turn as well.
        set_timeout(
            || {
                WAITING.set(WAITING.get() - 1);
                if WAITING.get() == 0
                    && let Some(root) = document().document_element()
                {
                    // A page without the mark is slower, not broken.
                    let _ = root.set_attribute(MARK, "");
                }
            },
            Duration::ZERO,
        );
    }
}

/// Keeps clicks from the router until the page is taken over; the browser follows them then.
pub fn keep_links_plain() {
    let keep = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(|click: web_sys::Event| {
        let taken_over = document().document_element().is_some_and(|root| root.has_attribute(MARK));
        if !taken_over {
            // The router listens at the window, which is above the document.
            click.stop_propagation();
        }
    });
    let _ = document()
        .add_event_listener_with_callback("click", wasm_bindgen::JsCast::unchecked_ref(keep.as_ref()));
    // It lives as long as the page.
    keep.forget();
}
