//! The few things of the page that only a browser has. On the server, where nobody presses anything, they do nothing.

#[cfg(feature = "hydrate")]
pub(super) use in_browser::*;
#[cfg(not(feature = "hydrate"))]
pub(super) use on_server::*;

#[cfg(feature = "hydrate")]
mod in_browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    /// Whether the person points with something fine: a mouse. Fingers get their own fields, without modes.
    pub fn has_fine_pointer() -> bool {
        window().match_media("(any-pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
    }

    /// What is on the clipboard, in the event that brings it.
    pub fn pasted(event: &web_sys::ClipboardEvent) -> Option<String> {
        event.clipboard_data()?.get_data("text/plain").ok()
    }

    /// Puts a text on the clipboard, in the event that asks for it.
    pub fn put_on_clipboard(event: &web_sys::ClipboardEvent, text: &str) {
        if let Some(data) = event.clipboard_data() {
            let _ = data.set_data("text/plain", text);
        }
    }

    /// What the browser is about to do with the text of a field.
    pub fn input_type(event: &web_sys::InputEvent) -> String {
        event.input_type()
    }

    /// Shows a list under the field, inside the nearest box that it is placed in.
    pub fn place_under(list: &str, field: &web_sys::Element) {
        let Some(list) = document().get_element_by_id(list) else { return };
        let Ok(list) = list.dyn_into::<web_sys::HtmlElement>() else { return };
        let Some(frame) = list.offset_parent() else { return };
        let (field, frame) = (field.get_bounding_client_rect(), frame.get_bounding_client_rect());
        let style = list.style();
        let _ = style.set_property("inset-block-start", &format!("{}px", field.bottom() - frame.top() + 4.0));
        let room = frame.width() - f64::from(list.offset_width());
        let left = (field.left() - frame.left()).clamp(0.0, room.max(0.0));
        let _ = style.set_property("inset-inline-start", &format!("{left}px"));
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        list.scroll_into_view_with_scroll_into_view_options(&options);
    }

    /// Brings an element to the middle of the window, or its beginning below the bar at the top when it is about as high as that. What is
    /// out of sight is as high as it is guessed to be, so it is done again when what is around it has been laid out.
    pub fn bring_into_sight(element: &web_sys::Element) {
        let scroll = |element: &web_sys::Element| {
            let options = web_sys::ScrollIntoViewOptions::new();
            let window = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            let is_high = f64::from(element.client_height()) > window / 2.0;
            options.set_block(if is_high {
                web_sys::ScrollLogicalPosition::Start
            } else {
                web_sys::ScrollLogicalPosition::Center
            });
            element.scroll_into_view_with_scroll_into_view_options(&options);
        };
        scroll(element);
        let element = element.clone();
        request_animation_frame(move || request_animation_frame(move || scroll(&element)));
    }

    /// Calls when the page goes out of sight, which may be its end.
    pub fn on_hidden(call: impl Fn() + 'static) {
        let handle = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                call();
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Calls when the network is back.
    pub fn on_online(call: impl Fn() + 'static) {
        let handle = window_event_listener_untyped("online", move |_| call());
        on_cleanup(move || handle.remove());
    }

    /// What the browser thinks of the network; it may be wrong about *yes*, never about *no*.
    pub fn is_online() -> bool {
        window().navigator().on_line()
    }

    /// The page has another address from now on, without being loaded.
    pub fn replace_address(path: &str) {
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or_default();
            let _ = history.replace_state_with_url(&state, "", Some(path));
        }
    }

    /// Writes into a field of the form as a person would.
    pub fn type_into(id: &str, text: &str) {
        let Some(field) = document().get_element_by_id(id) else { return };
        if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
            input.set_value(text);
        } else if let Some(select) = field.dyn_ref::<web_sys::HtmlSelectElement>() {
            select.set_value(text);
        } else if let Some(area) = field.dyn_ref::<web_sys::HtmlTextAreaElement>() {
            area.set_value(text);
        }
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &init) {
            let _ = field.dispatch_event(&event);
        }
    }

    /// Offers one more choice in a list of choices; one that is there gets these words.
    pub fn add_choice(id: &str, value: &str, text: &str) {
        let Some(list) = document().get_element_by_id(id) else { return };
        let known = all_in(&list, "option")
            .into_iter()
            .find(|choice| choice.get_attribute("value").is_some_and(|known| known == value));
        let choice = match known {
            Some(choice) => choice,
            None => {
                let Ok(choice) = document().create_element("option") else { return };
                let _ = choice.set_attribute("value", value);
                let _ = list.append_child(&choice);
                choice
            }
        };
        choice.set_text_content(Some(text));
    }

    /// Puts the focus into the field in which writing begins, unless the person is somewhere already or the address leads elsewhere.
    pub fn begin_in(id: &'static str) {
        // A page that was come to by a link of this one still has the focus on that link.
        let is_walked_to =
            document().document_element().is_some_and(|root| root.has_attribute("data-taken-over"));
        request_animation_frame(move || {
            let is_free = document().active_element().is_none_or(|active| {
                let is_page = matches!(active.tag_name().as_str(), "BODY" | "MAIN");
                is_page || (is_walked_to && active.closest("main, dialog").ok().flatten().is_none())
            });
            let leads_elsewhere = window().location().hash().is_ok_and(|hash| !hash.is_empty());
            if is_free
                && !leads_elsewhere
                && let Some(field) = document().get_element_by_id(id)
                && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
            {
                let _ = field.focus();
            }
        });
    }

    /// What stands in a field of the form.
    pub fn text_in(id: &str) -> Option<String> {
        let field = document().get_element_by_id(id)?;
        if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
            return Some(input.value());
        }
        if let Some(select) = field.dyn_ref::<web_sys::HtmlSelectElement>() {
            return Some(select.value());
        }
        field.dyn_ref::<web_sys::HtmlTextAreaElement>().map(web_sys::HtmlTextAreaElement::value)
    }

    /// Whether a field of the form says something else than what the page came with.
    pub fn is_touched(id: &str) -> bool {
        let Some(field) = document().get_element_by_id(id) else { return false };
        if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
            return input.value() != input.default_value();
        }
        if let Some(area) = field.dyn_ref::<web_sys::HtmlTextAreaElement>() {
            let came = area.default_value().unwrap_or_default().replace("\r\n", "\n");
            return area.value() != came;
        }
        let Some(select) = field.dyn_ref::<web_sys::HtmlSelectElement>() else { return false };
        // Where no choice came as the chosen one, the browser has chosen the first.
        let came = all_in(&field, "option").iter().rposition(|option| option.has_attribute("selected"));
        select.selected_index() != came.and_then(|came| i32::try_from(came).ok()).unwrap_or(0)
    }

    /// Every element inside that fits the selector.
    pub fn all_in(element: &web_sys::Element, selector: &str) -> Vec<web_sys::Element> {
        let Ok(found) = element.query_selector_all(selector) else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
    }
}

#[cfg(not(feature = "hydrate"))]
mod on_server {
    use leptos::web_sys;

    pub fn has_fine_pointer() -> bool {
        false
    }

    pub fn pasted(_: &web_sys::ClipboardEvent) -> Option<String> {
        None
    }

    pub fn put_on_clipboard(_: &web_sys::ClipboardEvent, _: &str) {}

    pub fn input_type(_: &web_sys::InputEvent) -> String {
        String::new()
    }

    pub fn place_under(_: &str, _: &web_sys::Element) {}

    pub fn bring_into_sight(_: &web_sys::Element) {}

    pub fn on_hidden(_: impl Fn() + 'static) {}

    pub fn on_online(_: impl Fn() + 'static) {}

    pub fn is_online() -> bool {
        true
    }

    pub fn replace_address(_: &str) {}

    pub fn type_into(_: &str, _: &str) {}

    pub fn add_choice(_: &str, _: &str, _: &str) {}

    pub fn begin_in(_: &'static str) {}

    pub fn text_in(_: &str) -> Option<String> {
        None
    }

    pub fn is_touched(_: &str) -> bool {
        false
    }

    pub fn all_in(_: &web_sys::Element, _: &str) -> Vec<web_sys::Element> {
        Vec::new()
    }
}
