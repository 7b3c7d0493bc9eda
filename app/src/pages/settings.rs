//! *Innstillinger*: language, theme, and signing out.

use domain::language::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::session::{SetKeys, SetLanguage, SetTheme, SignOut};
use crate::components::{Choice, Crumb, Crumbs, PageHead};
use crate::i18n::use_texts;
use crate::preferences::{Shortcuts, Theme, shortcuts, theme};
use crate::session::use_shell;

/// The page `/innstillinger`. Its forms are never taken over by the script, since they change the whole page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = use_texts();
    let user = use_shell().user;
    let role =
        user.as_ref().and_then(|user| t.status(&format!("role.{}", user.role.as_str()))).unwrap_or_default();
    let name = user.map(|user| user.name).unwrap_or_default();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_settings())]/>
        <PageHead title=t.nav_settings().to_owned()/>
        <div class="half">
            <LanguageCard/>
            <ThemeCard/>
            <KeysCard/>
            <section class="card" aria-labelledby="h-user">
                <h2 id="h-user">{t.settings_user()}</h2>
                <p>{t.frame_signed_in_as(name)}</p>
                <p class="muted sm">{t.settings_role(role)}</p>
                <form method="post" action=SignOut::url()>
                    <button class="btn" type="submit">{t.frame_sign_out()}</button>
                </form>
            </section>
        </div>
    }
}

#[component]
fn LanguageCard() -> impl IntoView {
    let t = use_texts();
    view! {
        <form class="card" method="post" action=SetLanguage::url()>
            <fieldset class="stack s">
                <legend class="lbl">{t.frame_language()}</legend>
                <Choice name="language" value="nb" label=t.language_nb() radio=true checked={t.language() == Language::Nb}/>
                <Choice name="language" value="en" label=t.language_en() radio=true checked={t.language() == Language::En}/>
            </fieldset>
            <div class="row">
                <button class="btn" type="submit">{t.frame_save()}</button>
            </div>
        </form>
    }
}

#[component]
fn ThemeCard() -> impl IntoView {
    let t = use_texts();
    let chosen = theme();
    let choices: Vec<_> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let label = match theme {
                Theme::System => t.theme_system(),
                Theme::Light => t.theme_light(),
                Theme::Dark => t.theme_dark(),
            };
            view! { <Choice name="theme" value=theme.as_str() label radio=true checked={theme == chosen}/> }
        })
        .collect();
    view! {
        <form class="card" method="post" action=SetTheme::url()>
            <fieldset class="stack s">
                <legend class="lbl">{t.frame_theme()}</legend>
                {choices}
            </fieldset>
            <div class="row">
                <button class="btn" type="submit">{t.frame_save()}</button>
            </div>
        </form>
    }
}

#[component]
fn KeysCard() -> impl IntoView {
    let t = use_texts();
    let chosen = shortcuts();
    let choices: Vec<_> = Shortcuts::ALL
        .into_iter()
        .map(|shortcuts| {
            let label = match shortcuts {
                Shortcuts::Off => t.frame_off(),
                Shortcuts::WithCtrl => t.settings_keys_ctrl(),
                Shortcuts::All => t.settings_keys_all(),
            };
            view! { <Choice name="shortcuts" value=shortcuts.as_str() label radio=true checked={shortcuts == chosen}/> }
        })
        .collect();
    view! {
        <form class="card" method="post" action=SetKeys::url() data-test="keys-form">
            <fieldset class="stack s">
                <legend class="lbl">{t.settings_keys()}</legend>
                {choices}
            </fieldset>
            <p class="sm muted">{t.settings_keys_text()}</p>
            <div class="row">
                <button class="btn" type="submit">{t.frame_save()}</button>
            </div>
        </form>
    }
}
