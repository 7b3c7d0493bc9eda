//! What belongs to the page that the palette was opened on, and to the browser.

#[cfg(feature = "hydrate")]
pub(super) use browser::{commands, keep_recent, press, recent, show};
#[cfg(not(feature = "hydrate"))]
pub(super) use server::{commands, keep_recent, press, recent, show};

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    use crate::components::commands::{Command, Group, Leads, is_offered};
    use crate::i18n::use_texts;
    use crate::pages::orders;

    const RECENT: &str = "prodsys.recent";
    const KEPT: usize = 5;
    /// The most buttons of a page that are offered.
    const MOST: usize = 12;

    fn buttons() -> Vec<web_sys::HtmlElement> {
        let Ok(found) = document().query_selector_all("main a.btn, main button.btn") else {
            return Vec::new();
        };
        (0..found.length())
            .filter_map(|at| found.get(at)?.dyn_into::<web_sys::HtmlElement>().ok())
            .filter(|button| button.offset_parent().is_some() && !words(button).is_empty())
            .take(MOST)
            .collect()
    }

    fn words(button: &web_sys::HtmlElement) -> String {
        button.inner_text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The buttons of the page that do what is not `offered` anyway, and why what is looked for is not among them.
    pub(in crate::components::palette) fn commands(offered: &[Group]) -> Vec<Command> {
        let t = use_texts();
        let mut commands: Vec<Command> = buttons()
            .iter()
            .enumerate()
            .filter(|(_, button)| {
                let href = button.get_attribute("href");
                !href.is_some_and(|href| is_offered(offered, &words(button), &href))
            })
            .map(|(place, button)| Command {
                text: words(button),
                hint: String::new(),
                keys: None,
                leads: Leads::Press(place),
            })
            .collect();
        let path = window().location().pathname().unwrap_or_default();
        let number = path.strip_prefix(orders::PATH).and_then(|rest| rest.strip_prefix('/'));
        let is_order = number.is_some_and(|number| number.starts_with("PO-") && !number.contains('/'));
        if is_order {
            let has = |what: &str| document().query_selector(what).ok().flatten().is_some();
            let mut not_now = |text: &str, why| {
                commands.push(Command {
                    text: text.to_owned(),
                    hint: String::new(),
                    keys: None,
                    leads: Leads::Nowhere(why),
                });
            };
            if !has("main a[href*='/eksporter-til-partner']") {
                not_now(t.palette_export_this(), t.palette_export_this_not());
            }
            if !has("main a[href$='/rediger']") {
                not_now(t.palette_edit_this(), t.palette_edit_this_not());
            }
        }
        commands
    }

    pub(in crate::components::palette) fn press(place: usize) {
        if let Some(button) = buttons().get(place) {
            button.click();
        }
    }

    fn storage() -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    /// What was run last, the newest first.
    pub(in crate::components::palette) fn recent() -> Vec<Command> {
        let kept = storage().and_then(|storage| storage.get_item(RECENT).ok().flatten()).unwrap_or_default();
        kept.lines()
            .filter_map(|line| line.split_once('\t'))
            .filter(|(_, href)| crate::pages::lists::is_ours(href))
            .map(|(text, href)| Command::to(text, href))
            .collect()
    }

    pub(in crate::components::palette) fn keep_recent(text: &str, href: &str) {
        let newest = format!("{}\t{href}", text.replace(['\t', '\n'], " "));
        let others = recent().into_iter().filter_map(|command| match command.leads {
            Leads::To(known) if known != href => Some(format!("{}\t{known}", command.text)),
            _ => None,
        });
        let lines: Vec<String> = std::iter::once(newest).chain(others).take(KEPT).collect();
        if let Some(storage) = storage() {
            let _ = storage.set_item(RECENT, &lines.join("\n"));
        }
    }

    /// Scrolls to the line that the arrows came to.
    pub(in crate::components::palette) fn show(place: usize) {
        if let Some(option) = document().get_element_by_id(&format!("palette-{place}")) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}

/// The server draws no open palette.
#[cfg(not(feature = "hydrate"))]
mod server {
    use crate::components::commands::{Command, Group};

    pub(in crate::components::palette) fn commands(_offered: &[Group]) -> Vec<Command> {
        Vec::new()
    }
    pub(in crate::components::palette) fn press(_place: usize) {}
    pub(in crate::components::palette) fn recent() -> Vec<Command> {
        Vec::new()
    }
    pub(in crate::components::palette) fn keep_recent(_text: &str, _href: &str) {}
    pub(in crate::components::palette) fn show(_place: usize) {}
}
