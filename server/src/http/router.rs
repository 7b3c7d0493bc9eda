//! The router, put together in one place; what stands outside is reached first.

use std::sync::Arc;

use app::api::session::InstanceLabel;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use domain::ids::InstanceId;
use http::request::Parts;
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use services::Ctx;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

use super::events::{self, Live};
use super::{csrf, errors, files, forms, headers, health, limits, panic, remote, rules, sessions, statics};
use crate::config::Config;
use crate::context::Opened;
use crate::partner;
use crate::workers::live::Hub;

/// Everything that is served.
pub fn compose(
    config: &Arc<Config>,
    opened: &Opened,
    hub: &Arc<Hub>,
    stop: &CancellationToken,
    instance: InstanceId,
) -> Router {
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(opened.ctx.clone());
    browser(config, opened, hub, stop, instance)
        .merge(health)
        .merge(statics::routes(&config.site_root))
        .nest("/partner/v1", partner::routes(opened, stop))
        .layer(from_fn_with_state(Arc::new(config.trusted_proxies.clone()), remote::real_address))
        .layer(from_fn(limits::head))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn_with_state(headers::Secure(config.is_secure()), headers::add))
}

/// What browsers use: pages, server functions, live updates. All of it knows the session and obeys the table of rules.
fn browser(
    config: &Arc<Config>,
    opened: &Opened,
    hub: &Arc<Hub>,
    stop: &CancellationToken,
    instance: InstanceId,
) -> Router {
    let options = leptos_options(config);
    let shell_options = options.clone();
    let context = page_context(config, opened);
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context.clone(), {
            let options = options.clone();
            move || app::shell(options.clone())
        })
        .fallback(file_and_error_handler_with_context::<LeptosOptions, _>(context, move |_| {
            app::shell(shell_options.clone())
        }))
        .with_state(options)
        // The limit is axum's own too, or its smaller default would refuse first.
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits::SERVER_FUNCTION))
        .layer(from_fn(errors::server_functions))
        .layer(from_fn(forms::bounded))
        .layer(from_fn(limits::timeout));
    let live = Live { hub: Arc::clone(hub), stop: stop.clone() };
    let events = Router::new().route("/hendelser", get(events::stream)).with_state(live);
    pages
        .merge(events)
        .merge(files::routes())
        .layer(from_fn(rules::enforce))
        .layer(from_fn_with_state(opened.ctx.clone(), sessions::identify))
        .layer(sessions::layer(&opened.ctx, instance, config.is_secure()))
        .layer(from_fn(csrf::require_origin))
        .layer(csrf::layer())
        .layer(from_fn(csrf::for_people))
}

fn leptos_options(config: &Config) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("frontend")
        .site_root(config.site_root.display().to_string())
        .site_pkg_dir("pkg")
        .site_addr(config.listen)
        .build()
}

/// What components and server functions find in their context.
fn page_context(config: &Config, opened: &Opened) -> impl Fn() + Clone + Send + Sync + 'static {
    let client = opened.client.clone();
    let label = config.instance_label.clone();
    move || {
        provide_context(client.clone());
        if let Some(label) = &label {
            provide_context(InstanceLabel(label.clone()));
        }
        // Put there by the session's layer: the context that acts as the person who asks.
        if let Some(ctx) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Ctx>().cloned()) {
            provide_context(ctx);
        }
    }
}
