//! The browser's entry: attaches the app to the page that the server has rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the server writes into every page.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::taking_over::keep_links_plain();
    let _page = app::taking_over::Part::new();
    leptos::mount::hydrate_body(app::App);
}
