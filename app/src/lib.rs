//! The screens of ProdSys: components that run on the server and, taken over by WebAssembly, in the browser.
//!
//! Every page is whole without a script: it is rendered after its data, its links are links, and its forms post. Features: `ssr`
//! on the server, `hydrate` in the browser. The browser's half sees `domain` and nothing else of ours.

#![recursion_limit = "256"]

pub mod api;
pub mod components;
pub mod error;
pub mod flash;
pub mod format;
pub mod i18n;
pub mod live;
pub mod page_data;
pub mod pages;
pub mod preferences;
mod routes;
pub mod session;
pub mod status;
#[cfg(feature = "hydrate")]
pub mod taking_over;

#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use shell::shell;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::i18n::Texts;

/// The whole application: what every page knows, and the table of routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Texts::new(preferences::language()));
    session::provide_session();
    flash::provide_flash();
    live::provide_live();
    provide_context(components::PageRefused(RwSignal::new(false)));
    view! {
        <Router>
            <routes::RouteTable/>
        </Router>
    }
}
