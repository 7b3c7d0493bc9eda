//! The element that an address names behind `#`.

use leptos::prelude::*;

/// Goes to the element that the address names and into it, when the part of the page that calls this is there: the browser looks
/// for it only while a page loads. Not for parts that are drawn anew while they are read.
pub fn go_to_fragment() {
    // The router scrolls as well, right after the page was changed.
    Effect::new(|_| request_animation_frame(|| request_animation_frame(show_named)));
}

#[cfg(feature = "hydrate")]
fn show_named() {
    use wasm_bindgen::JsCast;

    let id = window().location().hash().unwrap_or_default();
    let Some(element) = document().get_element_by_id(id.trim_start_matches('#')) else { return };
    let is_field = |element: &web_sys::Element| {
        matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA" | "BUTTON")
    };
    // Who is in a field already stays there.
    if document().active_element().is_some_and(|active| active != element && is_field(&active)) {
        return;
    }
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
    // In the middle, clear of the bars at the top and at the foot; what is larger than the window shows how it begins.
    let options = web_sys::ScrollIntoViewOptions::new();
    let place = if is_field(&element) {
        web_sys::ScrollLogicalPosition::Center
    } else {
        web_sys::ScrollLogicalPosition::Start
    };
    options.set_block(place);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Effects do not run on the server.
#[cfg(not(feature = "hydrate"))]
fn show_named() {}
