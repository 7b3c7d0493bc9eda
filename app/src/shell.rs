//! The document around the application, and the policy that says what it may load.

use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::{App, preferences};

/// The HTML document. Scripts run by this answer's nonce only; there are no inline styles, so no page may use a `style` attribute.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    set_content_security_policy();
    let language = preferences::language();
    let theme = preferences::theme();
    view! {
        <!DOCTYPE html>
        <html lang=language.as_str() data-theme=theme.attribute() data-shortcuts=preferences::shortcuts().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="data:,"/>
                <link rel="preload" href="/fonts/plex.woff2" r#as="font" r#type="font/woff2" crossorigin=""/>
                <link rel="stylesheet" href="/pkg/prodsys.css"/>
                <BrowserHalf options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What starts the browser's half. Leptos' own `HydrationScripts` leaves an error in the console of every page whose WebAssembly is not
/// fetched, though such a page works.
#[component]
fn BrowserHalf(options: LeptosOptions) -> impl IntoView {
    let base = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let (script, wasm) = (format!("{base}.js"), format!("{base}_bg.wasm"));
    let start = format!("{}({script:?}, {wasm:?});", include_str!("shell.js").trim_end());
    view! {
        <link rel="modulepreload" href=script crossorigin=""/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
        <script type="module" nonce=use_nonce()>{start}</script>
    }
}

fn set_content_security_policy() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = format!(
        "default-src 'none'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
