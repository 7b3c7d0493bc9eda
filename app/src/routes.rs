//! The table of routes, on one screen.
//!
//! To add a page: put its component in `pages/`, and a `<Route … ssr=SsrMode::Async/>` line under the heading of its menu entry.
//! A page inside the first `ParentRoute` stands in the frame and has a signed-in person; it does not draw the frame itself.
//! The server's table of rules needs a row for it too. Slugs are Norwegian ASCII and never change with the language.

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Redirect, Route, Routes};
use leptos_router::{SsrMode, path};

use crate::components::Frame;
use crate::pages::articles::{ArticlePage, ArticlesPage, NewArticlePage};
use crate::pages::connections::{ConnectionPage, ConnectionsPage, NewConnectionPage};
use crate::pages::contacts::{
    CustomerPage, CustomersPage, EditCustomerPage, EditSupplierPage, NewCustomerPage, NewSupplierPage,
    SupplierPage, SuppliersPage,
};
use crate::pages::drafts::{DraftBatchPage, DraftPage, DraftsPage, PickedDraftsPage};
use crate::pages::export::{ChooseExportPage, ExportResultPage};
use crate::pages::extensions::ExtensionsPage;
use crate::pages::files::{ColumnsPage, FilesPage, ImportReportPage};
use crate::pages::help::HelpPage;
use crate::pages::links::{DecisionsPageView, LinksPageView};
use crate::pages::login::LoginPage;
use crate::pages::logs::{LogPage, LogsPage};
use crate::pages::not_found::NotFoundPage;
use crate::pages::orders::{
    EditOrderPage, NewOrderPage, OrderBatchPage, OrderConflictPage, OrderPage, OrdersPage, PasteLinesPage,
    PickedOrdersPage, PreviousLinesPage, PrintOrdersPage, TemplatesPage,
};
use crate::pages::overview::OverviewPage;
use crate::pages::sales_orders::{SalesOrderPage, SalesOrdersPage};
use crate::pages::search::SearchPage;
use crate::pages::settings::SettingsPage;
use crate::pages::setup::SetUpPage;
use crate::pages::tokens::{IssuedTokenPage, NewTokenPage, TokensPage};

/// Every page by its path.
#[component]
pub fn RouteTable() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            // --- Before sign-in
            <Route path=path!("/") view=ToOverview ssr=SsrMode::Async/>
            <Route path=path!("/logg-inn") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/oppsett") view=SetUpPage ssr=SsrMode::Async/>

            <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                // --- Oversikt
                <Route path=path!("/oversikt") view=OverviewPage ssr=SsrMode::Async/>
                <OrderRoutes/>
                <SalesRoutes/>
                <RegisterRoutes/>
                <AdminRoutes/>
                // --- Hjelp, Innstillinger
                <Route path=path!("/filer/rapport/:id") view=ImportReportPage ssr=SsrMode::Async/>
                <Route path=path!("/filer/:slag/kolonner/:id") view=ColumnsPage ssr=SsrMode::Async/>
                <Route path=path!("/filer/:slag") view=FilesPage ssr=SsrMode::Async/>
                <Route path=path!("/sok") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/hjelp") view=HelpPage ssr=SsrMode::Async/>
                <Route path=path!("/innstillinger") view=SettingsPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}

// --- Ordre
#[component(transparent)]
fn OrderRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/ordre/innkjopsordre") view=OrdersPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/ny") view=NewOrderPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/valgte") view=PickedOrdersPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/valgte/:id") view=OrderBatchPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/utskrift") view=PrintOrdersPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/:nr") view=OrderPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/:nr/rediger") view=EditOrderPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/:nr/lim-inn") view=PasteLinesPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/:nr/forrige") view=PreviousLinesPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/maler") view=TemplatesPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/innkjopsordre/:nr/konflikt") view=OrderConflictPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/eksporter-til-partner") view=ChooseExportPage ssr=SsrMode::Async/>
        <Route path=path!("/ordre/eksporter-til-partner/:jobb") view=ExportResultPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

// --- Salg
#[component(transparent)]
fn SalesRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/salg/ordrekladder") view=DraftsPage ssr=SsrMode::Async/>
        <Route path=path!("/salg/ordrekladder/valgte") view=PickedDraftsPage ssr=SsrMode::Async/>
        <Route path=path!("/salg/ordrekladder/valgte/:id") view=DraftBatchPage ssr=SsrMode::Async/>
        <Route path=path!("/salg/ordrekladder/:nr") view=DraftPage ssr=SsrMode::Async/>
        <Route path=path!("/salg/salgsordre") view=SalesOrdersPage ssr=SsrMode::Async/>
        <Route path=path!("/salg/salgsordre/:nr") view=SalesOrderPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

// --- Artikler, Kontakter
#[component(transparent)]
fn RegisterRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/artikler") view=ArticlesPage ssr=SsrMode::Async/>
        <Route path=path!("/artikler/ny") view=NewArticlePage ssr=SsrMode::Async/>
        <Route path=path!("/artikler/koblinger") view=LinksPageView ssr=SsrMode::Async/>
        <Route path=path!("/artikler/koblinger/avgjorelser") view=DecisionsPageView ssr=SsrMode::Async/>
        <Route path=path!("/artikler/:nr") view=ArticlePage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/leverandorer") view=SuppliersPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/leverandorer/ny") view=NewSupplierPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/leverandorer/:id") view=SupplierPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/leverandorer/:id/rediger") view=EditSupplierPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/kunder") view=CustomersPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/kunder/ny") view=NewCustomerPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/kunder/:id") view=CustomerPage ssr=SsrMode::Async/>
        <Route path=path!("/kontakter/kunder/:id/rediger") view=EditCustomerPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

// --- Admin
#[component(transparent)]
fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin/utvidelser") view=ExtensionsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/api-tilgang/token") view=TokensPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/api-tilgang/token/ny") view=NewTokenPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/api-tilgang/token/laget") view=IssuedTokenPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/integrasjoner/prodsys-to-prodsys") view=ConnectionsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/integrasjoner/prodsys-to-prodsys/ny") view=NewConnectionPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/integrasjoner/prodsys-to-prodsys/:id") view=ConnectionPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/logger/integrasjonslogger") view=LogsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/logger/integrasjonslogger/:slag/:id") view=LogPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
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
