//! `prodsys log`.

use domain::logs::{LogFilter, LogPeriod, LogResult};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use services::logs;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    List {
        /// Only what failed
        #[arg(long)]
        failed: bool,
        /// An order's number, a partner's name or a correlation id
        #[arg(long)]
        search: Option<String>,
        /// Days back; everything unless told
        #[arg(long, value_parser = ["1", "7", "30", "90"])]
        days: Option<String>,
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let Command::List { failed, search, days, page } = command;
    let opened = run.open().await?;
    let asked: Option<i64> = days.and_then(|days| days.parse().ok());
    let period = LogPeriod::ALL.iter().copied().find(|period| period.days() == asked);
    let result = failed.then_some(LogResult::Failed);
    let filter = LogFilter { search, period, result, ..LogFilter::default() };
    let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
    let found = logs::list(&opened.ctx, filter, request).await?;
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|row| {
            vec![
                row.at.to_rfc3339(),
                run.out.word("direction", row.direction.as_str()),
                row.partner_name.clone().unwrap_or_default(),
                row.operation.clone(),
                row.subject.clone().unwrap_or_default(),
                row.state.map(|state| run.out.word("message", state.as_str())).unwrap_or_default(),
                row.error.map(|code| run.out.error_word(code)).unwrap_or_default(),
            ]
        })
        .collect();
    run.out.table(&found, &["at", "direction", "partner", "operation", "subject", "state", "error"], &rows);
    Ok(())
}
