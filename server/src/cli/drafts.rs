//! `prodsys drafts`.

use domain::drafts::{DraftFilter, DraftView, LineNumbers, SeenPrices};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use services::drafts;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    List {
        #[arg(long)]
        search: Option<String>,
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
    Show {
        number: String,
    },
    /// Make it a sales order
    Approve {
        number: String,
        /// Lines whose price, ten times ours or more or a tenth or less, has been looked at: 3,7. Ours are those of now; the answer tells them
        #[arg(long, value_name = "LINES", value_delimiter = ',')]
        prices_checked: Vec<i32>,
    },
    Reject {
        number: String,
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let opened = run.open().await?;
    match command {
        Command::List { search, page } => {
            let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
            let filter = DraftFilter { search, ..DraftFilter::of_view(DraftView::All) };
            let found = drafts::list(&opened.ctx, &filter, request).await?;
            let rows: Vec<Vec<String>> = found
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.number.clone(),
                        row.customer_name.clone(),
                        row.customer_order_number.clone(),
                        run.out.word("draft", row.status.as_str()),
                        row.line_count.to_string(),
                        row.issue_count.to_string(),
                        row.differing_count.to_string(),
                        row.net_total.to_string(),
                    ]
                })
                .collect();
            let columns =
                ["number", "customer", "order_number", "status", "lines", "issues", "differing", "net_total"];
            run.out.table(&found, &columns, &rows);
        }
        Command::Show { number } => {
            let review = drafts::review(&opened.ctx, &number).await?;
            let rows: Vec<Vec<String>> = review
                .lines
                .iter()
                .map(|line| {
                    vec![
                        line.line_number.to_string(),
                        line.supplier_article_number.clone(),
                        line.article_number.clone().unwrap_or_default(),
                        line.description.clone(),
                        domain::decimal::format_plain(line.quantity.0),
                        line.unit.clone(),
                        line.amount.to_string(),
                        line.issue.map(|issue| run.out.word("issue", issue.as_str())).unwrap_or_default(),
                    ]
                })
                .collect();
            let columns = [
                "line_number",
                "supplier_article_number",
                "article_number",
                "description",
                "quantity",
                "unit",
                "amount",
                "issue",
            ];
            run.out.table(&review, &columns, &rows);
        }
        Command::Approve { number, prices_checked } => {
            let review = drafts::review(&opened.ctx, &number).await?;
            // Whoever names a line means its price as it is now, and is told what that was.
            let checked = SeenPrices::of(&review.lines).of_lines(&LineNumbers::from_iter(prices_checked));
            let prices = checked.to_string();
            let order = drafts::approve(&opened.ctx, review.row.draft_id, review.version, checked).await?;
            let value = serde_json::json!({ "sales_order_number": order, "prices_checked": prices });
            let text = if prices.is_empty() { order } else { format!("{order} ({prices})") };
            run.out.value(&value, &text);
        }
        Command::Reject { number, reason } => {
            let review = drafts::review(&opened.ctx, &number).await?;
            drafts::reject(&opened.ctx, review.row.draft_id, review.version, reason).await?;
            run.out.value(&serde_json::json!({ "rejected": number }), &run.out.texts.cli_saved(&number));
        }
    }
    Ok(())
}
