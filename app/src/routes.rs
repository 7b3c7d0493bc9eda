//! The table of routes, on one screen.
//!
//! To add a page: put its component in `pages/`, and a `<Route … ssr=SsrMode::Async/>` line under the heading of its menu entry.
//! A page inside the first `ParentRoute` stands in the frame and has a signed-in person; it does not draw the frame itself.
//! The server's table of rules needs a row for it too. Slugs are Norwegian ASCII and never change with the language.

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Redirect, Route, Routes};
use leptos_router::{SsrMode, path};

use crate::components::Frame;
use crate::pages::login::LoginPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::overview::OverviewPage;

/// Every page by its path.
#[component]
pub fn RouteTable() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            // --- Before sign-in
            <Route path=path!("/") view=ToOverview ssr=SsrMode::Async/>
            <Route path=path!("/logg-inn") view=LoginPage ssr=SsrMode::Async/>

            <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                // --- Oversikt
                <Route path=path!("/oversikt") view=OverviewPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}

/// The frame around whichever page below it is asked for.
#[component]
fn Framed() -> impl IntoView {
    view! {
        <Frame>
            <Outlet/>
        </Frame>
    }
}

#[component]
fn ToOverview() -> impl IntoView {
    view! { <Redirect path="/oversikt"/> }
}
