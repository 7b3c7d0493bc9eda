//! The browser's half of the program: script, styles, fonts, icons.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// Routes of everything that lies in files. Names carry no hash, so browsers ask whether theirs is still right.
pub fn routes(site_root: &Path) -> Router {
    let folder = |name: &str| {
        ServeDir::new(site_root.join(name))
            .precompressed_br()
            .precompressed_gzip()
            .append_index_html_on_directories(false)
    };
    let fresh =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Router::new()
        .nest_service("/pkg", folder("pkg"))
        .nest_service("/fonts", folder("fonts"))
        .route_service(
            "/icons.svg",
            ServeFile::new(site_root.join("icons.svg")).precompressed_br().precompressed_gzip(),
        )
        .layer(fresh)
}
