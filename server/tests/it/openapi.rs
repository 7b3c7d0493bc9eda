//! The description of the partner API in `docs/` is the one that the code makes.

use std::path::Path;

use crate::support::site;

/// Set it to write the file anew: `PRODSYS_WRITE_SNAPSHOTS=1 cargo test -p server`.
const WRITE: Option<&str> = option_env!("PRODSYS_WRITE_SNAPSHOTS");

#[test]
fn the_description_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let made = serde_json::to_string_pretty(&server::partner::openapi::description()).unwrap() + "\n";
    if WRITE.is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/openapi.json is old: PRODSYS_WRITE_SNAPSHOTS=1 cargo test -p server");
}

#[tokio::test]
async fn the_page_loads_nothing_from_outside() {
    let site = site().await;
    let page = site.get("/partner/v1/docs", None).await.text();
    assert!(page.contains("/partner/v1/purchase-orders"));
    for foreign in ["src=", "http://", "https://", "@import"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}
