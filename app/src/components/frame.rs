//! The frame of every page after sign-in: top bar, menu, bottom bar. The page itself is its children.

use domain::keyboard::{KeyAction, KeyContext};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_location, use_navigate};

use super::chrome::{LanguageChoice, SkipLink, ThemeChoice};
use super::commands::page_of_key;
use super::menu::{Entry, MENU, is_current, shortcuts, visible};
use super::palette::{Palette, PaletteButton, PaletteDialog};
use super::shortcut::{on_keys, press};
use super::{Icon, PageFault, PlainFrame};
use crate::api::session::{Shell, SignOut, UserSummary};
use crate::flash::use_page_flash;
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Live, LiveState, use_live};
use crate::page_data::suspend;
use crate::pages::lists::use_back;
use crate::pages::saved_views::last_shown;
use crate::pages::{export, logs, orders};
use crate::session::use_session;

/// The frame. Who is not signed in is sent to *Logg inn* and comes back here afterwards.
#[component]
pub fn Frame(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let flash = use_page_flash();
    if let Some(flash) = flash {
        flash.forget_on_leaving(use_location().pathname);
    }
    let children = StoredValue::new(children);
    view! {
        <Suspense>
            {move || suspend(async move {
                if let Some(flash) = flash {
                    flash.load().await;
                }
                match session.load().await {
                    Ok(shell) => {
                        match shell.user.clone() {
                            Some(user) => EitherOf3::A(view! { <SignedIn shell user>{children.with_value(|children| children())}</SignedIn> }),
                            None => EitherOf3::B(view! { <ToSignIn/> }),
                        }
                    }
                    Err(error) => EitherOf3::C(view! { <PlainFrame><PageFault error/></PlainFrame> }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn ToSignIn() -> impl IntoView {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let search = location.search.get_untracked();
    let asked = if search.is_empty() { path } else { format!("{path}?{search}") };
    let next = leptos_router::location::Url::escape(&asked);
    view! { <Redirect path=format!("/logg-inn?neste={next}")/> }
}

#[component]
fn SignedIn(shell: Shell, user: UserSummary, children: Children) -> impl IntoView {
    if let Some(live) = use_live() {
        let cursor = shell.live_cursor;
        Effect::new(move |_| live.open(cursor));
    }
    let palette = Palette::new();
    let (role, module_on) = (user.role, shell.module_on);
    let navigate = use_navigate();
    on_keys(&[KeyContext::Global], move |action| match action {
        KeyAction::OpenPalette => palette.open(),
        KeyAction::New => press("N"),
        action => page_of_key(action, role, module_on).is_some_and(|href| {
            navigate(href, NavigateOptions::default());
            true
        }),
    });
    view! {
        <SkipLink/>
        <PaletteDialog palette role module_on/>
        <div class="app">
            <TopBar palette shell=shell.clone() user=user.clone()/>
            <Menu shell=shell.clone() user=user.clone()/>
            <main class="main" id="main" tabindex="-1">
                <BackLink/>
                {children()}
            </main>
        </div>
        <TabBar shell user/>
    }
}

/// The way back to the page that sent the reader here.
#[component]
fn BackLink() -> impl IntoView {
    let t = use_texts();
    let back = use_back();
    let path = use_location().pathname;
    // What this tab showed last is known to the browser alone, after the page was taken over.
    let list = RwSignal::new(None::<(String, String)>);
    Effect::new(move |_| list.set(path.with(|path| back_to_list(t, path))));
    move || {
        let named = back.get().map(|href| {
            let text = back_text(t, &href).to_owned();
            (href, text)
        });
        named.or_else(|| list.get()).map(|(href, text)| {
            let label = text.clone();
            view! {
                <nav class="row" aria-label=label data-test="back">
                    <a class="btn s" href=href>{text}</a>
                </nav>
            }
        })
    }
}

/// The list that the page at the path lies below, as this tab showed it last, with the row of the page.
fn back_to_list(t: Texts, path: &str) -> Option<(String, String)> {
    type Name = fn(Texts) -> &'static str;
    const LISTS: [(&str, Name); 6] = [
        ("/ordre/innkjopsordre", Texts::nav_purchase_orders),
        ("/salg/ordrekladder", Texts::nav_drafts),
        ("/salg/salgsordre", Texts::nav_sales_orders),
        ("/artikler", Texts::nav_articles),
        ("/kontakter/leverandorer", Texts::nav_suppliers),
        ("/kontakter/kunder", Texts::nav_customers),
    ];
    let (list, name, below) = LISTS.into_iter().find_map(|(list, name)| {
        let below = path.strip_prefix(list)?.strip_prefix('/')?;
        Some((list, name, below))
    })?;
    let last = last_shown(list)?;
    let row = below.split('/').next().unwrap_or_default();
    let text = if last.view.is_empty() {
        t.lists_back_to(name(t))
    } else {
        t.lists_back_to_view(name(t), last.view)
    };
    Some((format!("{}#r-{row}", last.href), text))
}

/// Where an address leads back to, in words.
fn back_text(t: Texts, href: &str) -> &'static str {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    match path {
        path if is_current(export::PATH, path) => t.frame_back_to_check(),
        path if is_current(logs::PATH, path) => t.frame_back_to_log(),
        path if is_current(orders::PATH, path) => t.frame_back_to_order(),
        _ => t.frame_back(),
    }
}

#[component]
fn TopBar(palette: Palette, shell: Shell, user: UserSummary) -> impl IntoView {
    let t = use_texts();
    view! {
        <header class="topbar">
            <a class="brand" href="/oversikt">
                <b>{t.app_name()}</b>
                <span>{shell.company_name}</span>
                {shell.instance_label.map(|label| view! { <span class="tag neu">{label}</span> })}
            </a>
            <PaletteButton palette/>
            <LiveText/>
            <a class="btn ico helpbtn" href="/hjelp">
                <Icon name="help"/>
                <span class="vh">{t.nav_help()}</span>
            </a>
            <button class="btn ico user" type="button" popovertarget="bruker" data-test="user-menu">
                <span class="ava" aria-hidden="true">{initials(&user.name)}</span>
                <span class="vh">{t.frame_account(&user.name)}</span>
            </button>
        </header>
        <div class="menu corner" id="bruker" popover="auto">
            <Account user class=""/>
        </div>
    }
}

/// Who is signed in, and what they may set: in the user menu, and at the end of the menu on phones.
#[component]
fn Account(
    user: UserSummary,
    /// The look of the buttons.
    class: &'static str,
) -> impl IntoView {
    let t = use_texts();
    let role = t.status(&format!("role.{}", user.role.as_str())).unwrap_or_default();
    view! {
        <div class="part">
            <p>{t.frame_signed_in_as(&user.name)}</p>
            <p class="muted sm">{role}</p>
        </div>
        <LanguageChoice class marked=true/>
        <ThemeChoice class marked=true/>
        <div class="part">
            <a href="/innstillinger">{t.nav_settings()}</a>
            <a href="/hjelp">{t.nav_help()}</a>
        </div>
        <form method="post" action=SignOut::url() on:submit=|_| crate::pages::orders::forget_kept_orders()>
            <button class=class type="submit" data-test="sign-out">{t.frame_sign_out()}</button>
        </form>
    }
}

/// The first letters of the first and the last name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect::<String>().to_uppercase()
}

#[component]
fn LiveText() -> impl IntoView {
    let t = use_texts();
    let state = use_live().map(Live::state);
    let state = move || state.map_or(LiveState::Off, |state| state.get());
    let class = move || match state() {
        LiveState::Off | LiveState::Connecting => "live",
        LiveState::Direct => "live ok",
        LiveState::Polling => "live warn",
        LiveState::Offline { .. } => "live err",
    };
    let words = move || match state() {
        LiveState::Off => String::new(),
        LiveState::Connecting => t.live_connecting().to_owned(),
        LiveState::Direct => t.live_direct().to_owned(),
        LiveState::Polling => t.live_polling().to_owned(),
        LiveState::Offline { since } => t.live_offline_since(format::time(since, t.language())),
    };
    view! {
        <span class=class role="status" hidden=move || state() == LiveState::Off data-test="live">
            <span class="txt">{words}</span>
        </span>
    }
}

#[component]
fn Menu(shell: Shell, user: UserSummary) -> impl IntoView {
    let t = use_texts();
    let groups: Vec<_> = MENU
        .iter()
        .filter_map(|group| {
            let entries = visible(group, user.role, shell.module_on);
            if entries.is_empty() {
                return None;
            }
            let items: Vec<_> = entries.into_iter().map(|entry| view! { <MenuEntry entry/> }).collect();
            Some(match group.heading {
                Some(heading) => Either::Left(view! {
                    <li>
                        <span class="grp">{heading(t)}</span>
                        <ul>{items}</ul>
                    </li>
                }),
                None => Either::Right(view! {
                    <li>
                        <ul>{items}</ul>
                    </li>
                }),
            })
        })
        .collect();
    view! {
        <nav class="nav" id="meny" popover="auto" aria-label=t.nav_main()>
            <ul>{groups}</ul>
            <div class="account only-narrow">
                <Account user class="btn s q"/>
            </div>
        </nav>
    }
}

#[component]
fn MenuEntry(entry: Entry) -> impl IntoView {
    let t = use_texts();
    let path = use_location().pathname;
    let current = move || path.with(|path| is_current(entry.href, path)).then_some("page");
    let href = RwSignal::new(entry.href.to_owned());
    // The list as this tab showed it last; on the list itself, the list from its beginning.
    Effect::new(move |_| {
        let here = path.with(|path| path == entry.href);
        let last = last_shown(entry.href).filter(|_| !here).map(|last| last.href);
        href.set(last.unwrap_or_else(|| entry.href.to_owned()));
    });
    view! {
        {entry.sub.map(|sub| view! { <li><span class="sub">{sub(t)}</span></li> })}
        <li>
            <a href=move || href.get() aria-current=current>{(entry.text)(t)}</a>
        </li>
    }
}

#[component]
fn TabBar(shell: Shell, user: UserSummary) -> impl IntoView {
    let t = use_texts();
    let path = use_location().pathname;
    let all = shortcuts(user.role, shell.module_on);
    // The most particular place is the current one: *Ny ordre*, not *Ordre*.
    let hrefs: Vec<&'static str> = all.iter().map(|shortcut| shortcut.href).collect();
    let current = Memo::new(move |_| {
        path.with(|path| {
            hrefs.iter().copied().filter(|href| is_current(href, path)).max_by_key(|href| href.len())
        })
    });
    let items: Vec<_> = all
        .into_iter()
        .map(|shortcut| {
            let href = shortcut.href;
            view! {
                <a href=href aria-current=move || (current.get() == Some(href)).then_some("page")>
                    <Icon name=shortcut.icon/>
                    {(shortcut.text)(t)}
                </a>
            }
        })
        .collect();
    view! {
        <nav class="tabbar" aria-label=t.nav_shortcuts()>
            {items}
            <button type="button" popovertarget="meny">
                <Icon name="menu"/>
                {t.nav_menu()}
            </button>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::{back_text, initials};
    use crate::i18n::{Language, Texts};

    #[test]
    fn the_way_back_says_where_it_leads() {
        let text = |href| back_text(Texts::new(Language::Nb), href);
        assert_eq!(text("/ordre/eksporter-til-partner?ordre=7"), "Tilbake til kontrollen");
        assert_eq!(text("/admin/logger/integrasjonslogger/melding/7"), "Tilbake til loggen");
        assert_eq!(text("/admin/logger/integrasjonslogger?vis=feil"), "Tilbake til loggen");
        assert_eq!(text("/ordre/innkjopsordre/PO-2026-00417"), "Tilbake til ordren");
        assert_eq!(text("/ordre/innkjopsordrer"), "Tilbake");
        assert_eq!(text("/artikler"), "Tilbake");
    }

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Kari Nordvik"), "KN");
        assert_eq!(initials("Åse Marie Ødegård"), "ÅØ");
        assert_eq!(initials("kari"), "K");
        assert_eq!(initials(""), "");
    }
}
