//! What stands around every page, signed in or not.

use domain::language::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::Icon;
use crate::api::session::{SetLanguage, SetTheme};
use crate::i18n::{Texts, use_texts};
use crate::preferences::{self, Theme};

/// The first stop of the tab key.
#[component]
pub(super) fn SkipLink() -> impl IntoView {
    let t = use_texts();
    view! { <a class="skip" href="#main">{t.nav_skip()}</a> }
}

/// The name of a language in that language.
fn language_name(t: Texts, language: Language) -> &'static str {
    match language {
        Language::Nb => t.language_nb(),
        Language::En => t.language_en(),
    }
}

fn theme_name(t: Texts, theme: Theme) -> &'static str {
    match theme {
        Theme::System => t.theme_system(),
        Theme::Light => t.theme_light(),
        Theme::Dark => t.theme_dark(),
    }
}

/// One button per language. A plain form: the page comes back in the other language.
#[component]
pub(super) fn LanguageChoice(
    /// The look of the buttons.
    class: &'static str,
    /// The chosen one has a mark before its words.
    #[prop(optional)]
    marked: bool,
) -> impl IntoView {
    let t = use_texts();
    let buttons = [Language::Nb, Language::En].map(|language| {
        let chosen = language == t.language();
        view! {
            <button
                class=class
                type="submit"
                name="language"
                value=language.as_str()
                lang=language.as_str()
                aria-pressed=chosen.to_string()
            >
                {(chosen && marked).then(|| view! { <Icon name="check"/> })}
                {language_name(t, language)}
            </button>
        }
    });
    view! {
        <form method="post" action=SetLanguage::url() aria-label=t.frame_language()>
            {buttons.into_iter().collect_view()}
        </form>
    }
}

/// One button per theme.
#[component]
pub(super) fn ThemeChoice(
    /// The look of the buttons.
    class: &'static str,
    /// The chosen one has a mark before its words.
    #[prop(optional)]
    marked: bool,
) -> impl IntoView {
    let t = use_texts();
    let current = preferences::theme();
    let buttons = Theme::ALL.map(|theme| {
        let chosen = theme == current;
        view! {
            <button
                class=class
                type="submit"
                name="theme"
                value=theme.as_str()
                aria-pressed=chosen.to_string()
            >
                {(chosen && marked).then(|| view! { <Icon name="check"/> })}
                {theme_name(t, theme)}
            </button>
        }
    });
    view! {
        <form method="post" action=SetTheme::url() aria-label=t.frame_theme()>
            {buttons.into_iter().collect_view()}
        </form>
    }
}

/// The frame of pages before sign-in: the product's name and the choice of language.
#[component]
pub fn PlainFrame(
    /// The company, where it is known.
    #[prop(optional, into)]
    company_name: Option<String>,
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    view! {
        <SkipLink/>
        <header class="topbar">
            <a class="brand" href="/">
                <b>{t.app_name()}</b>
                {company_name.map(|name| view! { <span>{name}</span> })}
            </a>
            <div class="end">
                <LanguageChoice class="btn s q"/>
            </div>
        </header>
        <main class="main" id="main" tabindex="-1">
            {children()}
        </main>
    }
}
