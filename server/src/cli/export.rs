//! `prodsys export`.

use std::time::Duration;

use domain::exports::{CheckedOrder, ExportCheck, ExportItem, ExportJob, Finding, Outcome};
use domain::ids::ExportJobId;
use services::{exports, outbox};
use tokio::time::Instant;

use super::{CliError, Run};
use crate::context::Opened;
use crate::operator_texts::plain;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Every order that is ready
    #[arg(long, required_unless_present = "check")]
    all_ready: bool,
    /// Ask the partners and tell what would stop these orders, or every order that is ready; nothing is sent
    #[arg(long, value_name = "NUMBER", num_args = 0.., conflicts_with_all = ["all_ready", "wait"])]
    check: Option<Vec<String>>,
    /// Send in this process and wait until each order is delivered or stopped
    #[arg(long)]
    wait: bool,
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
}

pub(super) async fn run(run: &Run, arguments: Arguments) -> Result<(), CliError> {
    let opened = run.open().await?;
    if let Some(numbers) = &arguments.check {
        return check(run, &opened, numbers).await;
    }
    let Some(job_id) = exports::export_all_ready(&opened.ctx).await? else {
        run.out.value(&serde_json::json!({ "job_id": null, "items": [] }), run.out.texts.cli_nothing_ready());
        return Ok(());
    };
    let job = if arguments.wait {
        settle(&opened, job_id, Duration::from_secs(arguments.timeout)).await?
    } else {
        exports::job(&opened.ctx, job_id).await?
    };
    let rows: Vec<Vec<String>> = job.items.iter().map(|item| row(run, item)).collect();
    run.out.table(&job, &["number", "supplier", "state", "draft_number", "error"], &rows);
    let delivered = job.delivered() == job.items.len();
    if arguments.wait && !delivered { Err(CliError::Told) } else { Ok(()) }
}

/// Every finding of every order; ends with an error when one of them would not be sent.
async fn check(run: &Run, opened: &Opened, numbers: &[String]) -> Result<(), CliError> {
    let order_ids = exports::named(&opened.ctx, numbers).await?;
    let checked = exports::ask_and_check(&opened.ctx, &opened.client, order_ids).await?;
    let rows: Vec<Vec<String>> = checked
        .iter()
        .flat_map(|order| order.findings.iter().map(|finding| finding_row(run, order, finding)))
        .collect();
    run.out.table(&checked, &["order", "line", "check", "outcome", "finding"], &rows);
    if checked.iter().any(|order| order.outcome() >= Outcome::Overridable) {
        return Err(CliError::Told);
    }
    Ok(())
}

fn finding_row(run: &Run, order: &CheckedOrder, finding: &Finding) -> Vec<String> {
    let texts = run.out.texts;
    // At the keyboard there is a command for it.
    let told = match finding.check {
        ExportCheck::ModuleHere => plain(texts.language(), "export.module_here_off"),
        _ => app::pages::export::finding_text(texts, finding, &order.row),
    };
    vec![
        order.row.number.clone(),
        finding.line_number.map(|line| line.to_string()).unwrap_or_default(),
        app::pages::export::check_text(texts, finding.check).to_owned(),
        run.out.word("outcome", finding.outcome.as_str()),
        told,
    ]
}

/// Sends until nothing more happens by itself, or the time is over.
async fn settle(opened: &Opened, job_id: ExportJobId, limit: Duration) -> Result<ExportJob, CliError> {
    let deadline = Instant::now() + limit;
    loop {
        let sent = outbox::run_once(&opened.ctx, &opened.client).await?;
        let job = exports::job(&opened.ctx, job_id).await?;
        if job.settled() == job.items.len() || Instant::now() >= deadline {
            return Ok(job);
        }
        if sent == 0 {
            // Another process may hold the message, or its next attempt is not due yet.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn row(run: &Run, item: &ExportItem) -> Vec<String> {
    vec![
        item.order_number.clone(),
        item.supplier_name.clone().unwrap_or_default(),
        item.message_state.map_or_else(
            || run.out.word("export", "refused"),
            |state| run.out.word("message", state.as_str()),
        ),
        item.partner_draft_number.clone().unwrap_or_default(),
        item.error.map(|code| run.out.error_word(code)).unwrap_or_default(),
    ]
}
