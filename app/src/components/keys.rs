//! The keyboard shortcuts in words, from the one table of keys.

use domain::keyboard::{Binding, KEYS, KeyContext};
use domain::roles::Role;
use leptos::prelude::*;

use super::commands::has_use;
use crate::i18n::{Texts, use_texts};

/// What a key is called: `Ctrl+Shift+ArrowUp` is Ctrl, Shift and ↑.
fn names(t: Texts, spelt: &str) -> Vec<String> {
    // The plus sign joins, and no key of the table is the plus sign.
    spelt.split('+').map(|key| name(t, key)).collect()
}

fn name(t: Texts, key: &str) -> String {
    t.key(&text_name(key)).map_or_else(|| key.to_owned(), str::to_owned)
}

/// The name of the text that says what a key is called: `ArrowUp` is `name.arrow_up`.
fn text_name(key: &str) -> String {
    let mut snake = String::from("name.");
    for character in key.chars() {
        if character.is_ascii_uppercase() && !snake.ends_with('.') {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// One key as it is drawn, such as `Ctrl` `↵`.
fn drawn(t: Texts, spelt: &str) -> AnyView {
    let keys: Vec<_> = names(t, spelt).into_iter().map(|name| view! { <kbd>{name}</kbd> " " }).collect();
    keys.into_any()
}

/// One way to say it, such as `G O`.
pub(super) fn drawn_keys(t: Texts, spelt: &str) -> AnyView {
    let keys: Vec<_> = spelt.split(' ').map(|key| drawn(t, key)).collect();
    keys.into_any()
}

/// All ways to say it.
fn ways(t: Texts, row: &Binding) -> AnyView {
    let ways: Vec<_> = row
        .keys
        .iter()
        .enumerate()
        .map(|(at, spelt)| {
            let pair: Vec<_> = spelt
                .split(' ')
                .enumerate()
                .map(|(at, key)| {
                    let then = (at > 0).then(|| format!("{} ", t.keys_then()));
                    view! {
                        {then}
                        {drawn(t, key)}
                    }
                })
                .collect();
            let or = (at > 0).then(|| format!("{} ", t.keys_or()));
            view! {
                {or}
                {pair}
            }
        })
        .collect();
    ways.into_any()
}

/// The shortcuts of some places, one table for each.
#[component]
pub fn KeyTables(
    /// In the order in which they are shown.
    contexts: Vec<KeyContext>,
    /// Whose keys: what the role may not do, and what leads to pages that it may not see, is left out.
    role: Role,
    module_on: bool,
) -> impl IntoView {
    let t = use_texts();
    let tables: Vec<_> = contexts
        .into_iter()
        .filter_map(|context| {
            let title = t.key(&format!("context.{}", context.as_str())).unwrap_or_default();
            let rows: Vec<_> = KEYS
                .iter()
                .filter(|row| row.context == context && has_use(row, role, module_on))
                .map(|row| {
                    let what = t.key(row.action.as_str()).unwrap_or_default();
                    view! {
                        <div data-test="shortcut">
                            <dt>{ways(t, row)}</dt>
                            <dd>{what}</dd>
                        </div>
                    }
                })
                .collect();
            (!rows.is_empty()).then(|| {
                view! {
                    <section class="stack s" aria-label=title>
                        <h3>{title}</h3>
                        <dl class="dl">{rows}</dl>
                    </section>
                }
            })
        })
        .collect();
    tables.into_any()
}

#[cfg(test)]
mod tests {
    use domain::keyboard::KeyAction;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn every_key_and_action_has_words_in_both_languages() {
        for language in [Language::Nb, Language::En] {
            let t = Texts::new(language);
            for action in KeyAction::ALL {
                assert!(t.key(action.as_str()).is_some(), "key.{}", action.as_str());
            }
            for context in KeyContext::ALL {
                assert!(t.key(&format!("context.{}", context.as_str())).is_some(), "{context:?}");
            }
            for key in KEYS.iter().flat_map(|row| row.keys).flat_map(|spelt| spelt.split([' ', '+'])) {
                // Letters, signs and F1 are called what they are.
                let plain = key.len() == 1 || key.starts_with('F');
                assert!(plain || t.key(&text_name(key)).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn keys_are_called_what_stands_on_them() {
        let t = Texts::new(Language::Nb);
        assert_eq!(names(t, "Alt+Shift+ArrowUp"), ["Alt", "Shift", "↑"]);
        assert_eq!(names(t, "Shift+Space"), ["Shift", "Mellomrom"]);
        assert_eq!(names(t, "/"), ["/"]);
    }
}
