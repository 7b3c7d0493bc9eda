//! `prodsys doctor`: whether this instance is well. Ends with 1 when it is not, or when a setting makes it less safe.

use services::{Actor, instance};

use super::{CliError, Run};
use crate::context;

pub(super) async fn run(run: &Run) -> Result<(), CliError> {
    let ctx = context::open_ctx(&run.config, Actor::Operator).await?;
    let version = ctx.store.version().await.map_err(context::StartError::from)?;
    let current = instance::current(&ctx).await?;
    let site = run.config.site_root.join("pkg").is_dir();
    let weakened = run.config.weakened();
    let key = instance::check_key(&ctx).await;
    let checks = [
        ("database", true, version),
        ("company", current.is_some(), current.map(|own| own.company_name).unwrap_or_default()),
        ("key_file", key.is_ok(), run.config.key_path().display().to_string()),
        ("site_root", site, run.config.site_root.display().to_string()),
        ("settings", weakened.is_empty(), weakened.join(", ")),
    ];
    let documents: Vec<serde_json::Value> = checks
        .iter()
        .map(|(name, fine, detail)| serde_json::json!({ "check": name, "fine": fine, "detail": detail }))
        .collect();
    let mark = |fine: bool| if fine { "ok" } else { "!" };
    let rows: Vec<Vec<String>> = checks
        .iter()
        .map(|(name, fine, detail)| vec![(*name).to_owned(), mark(*fine).to_owned(), detail.clone()])
        .collect();
    run.out.table(&documents, &["check", "fine", "detail"], &rows);
    if checks.iter().all(|(_, fine, _)| *fine) { Ok(()) } else { Err(CliError::Told) }
}
