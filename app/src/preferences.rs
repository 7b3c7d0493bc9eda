//! Language and theme: chosen by the person, kept in cookies, and decided before the first byte of a page.

use domain::language::Language;
use serde::{Deserialize, Serialize};

/// The cookie of the language.
pub const LANGUAGE_COOKIE: &str = "prodsys_language";
/// The cookie of the theme.
pub const THEME_COOKIE: &str = "prodsys_theme";

/// Light, dark, or what the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The three choices, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As in the cookie and in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }

    /// The value of `data-theme`; absent when the device decides.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.as_str())
    }
}

/// The cookie of the keyboard shortcuts.
pub const SHORTCUTS_COOKIE: &str = "prodsys_shortcuts";

/// Which keyboard shortcuts there are. Letters alone can be switched off, since who speaks to the machine would set them off
/// (WCAG 2.1.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shortcuts {
    Off,
    WithCtrl,
    #[default]
    All,
}

impl Shortcuts {
    /// The three choices, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Off, Self::WithCtrl, Self::All];

    /// As in the cookie and in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::WithCtrl => "ctrl",
            Self::All => "all",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shortcuts| shortcuts.as_str() == text)
    }

    /// The value of `data-shortcuts`; absent when there are all.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::All).then(|| self.as_str())
    }
}

/// The keyboard shortcuts of this page.
pub fn shortcuts() -> Shortcuts {
    #[cfg(feature = "ssr")]
    {
        leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| server::cookie(&parts.headers, SHORTCUTS_COOKIE).and_then(Shortcuts::from_code))
            .unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        root_attribute("data-shortcuts").and_then(|value| Shortcuts::from_code(&value)).unwrap_or_default()
    }
}

/// The language of this page: the cookie, else what the browser prefers, else bokmål. The browser reads what the server decided.
pub fn language() -> Language {
    #[cfg(feature = "ssr")]
    {
        leptos::prelude::use_context::<http::request::Parts>()
            .map(|parts| language_of(&parts.headers))
            .unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        root_attribute("lang").and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
    }
}

/// The theme of this page.
pub fn theme() -> Theme {
    #[cfg(feature = "ssr")]
    {
        leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| server::cookie(&parts.headers, THEME_COOKIE).and_then(Theme::from_code))
            .unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        root_attribute("data-theme").and_then(|value| Theme::from_code(&value)).unwrap_or_default()
    }
}

#[cfg(not(feature = "ssr"))]
fn root_attribute(name: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::document().document_element().and_then(|root| root.get_attribute(name))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = name;
        None
    }
}

/// The language of a request that no page answers.
#[cfg(feature = "ssr")]
pub fn language_of(headers: &http::HeaderMap) -> Language {
    server::cookie(headers, LANGUAGE_COOKIE)
        .and_then(Language::from_tag)
        .or_else(|| server::accepted_language(headers))
        .unwrap_or_default()
}

#[cfg(feature = "ssr")]
mod server {
    use domain::language::Language;
    use http::HeaderMap;
    use http::header::{ACCEPT_LANGUAGE, COOKIE};

    /// The value of a cookie.
    pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The first language of `Accept-Language` that we have. Browsers write them in order of preference.
    pub(super) fn accepted_language(headers: &HeaderMap) -> Option<Language> {
        let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        header.split(',').find_map(|item| Language::from_tag(item.split(';').next()?.trim()))
    }
}
