//! `prodsys orders`.

use domain::orders::{OrderFilter, OrderInput, OrderLineInput, UnreadCell};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use services::orders;

use super::{CliError, Run};
use crate::context::Opened;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Write an order; it is ready when nothing is missing
    Create {
        /// The supplier's organisation number
        #[arg(long, value_name = "ORGNR")]
        supplier: String,
        /// The own article number, how many, and the price when it is another than the article's
        #[arg(long = "line", value_name = "NUMBER:QUANTITY[:PRICE]", required = true)]
        lines: Vec<String>,
        #[arg(long, default_value = "")]
        delivery_date: String,
        #[arg(long, default_value = "")]
        reference: String,
    },
    List {
        #[arg(long)]
        search: Option<String>,
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
    Show {
        number: String,
    },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let opened = run.open().await?;
    match command {
        Command::Create { supplier, lines, delivery_date, reference } => {
            let input = OrderInput {
                supplier_id: supplier_id(&opened, &supplier).await?,
                requested_delivery_date: delivery_date,
                our_reference: reference,
                lines: fill(&opened, &supplier, &lines).await?,
                ..OrderInput::default()
            };
            let saved = orders::create(&opened.ctx, input).await?;
            let document = serde_json::json!({
                "order_id": saved.order_id, "number": saved.number, "refusal": saved.refusal
            });
            run.out.value(&document, &saved.number);
            match saved.refusal {
                Some(refusal) => Err(refusal.into()),
                None => Ok(()),
            }
        }
        Command::List { search, page } => {
            let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
            let found =
                orders::list(&opened.ctx, &OrderFilter { search, ..OrderFilter::default() }, request).await?;
            let rows: Vec<Vec<String>> = found
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.number.clone(),
                        row.supplier_name.clone().unwrap_or_default(),
                        run.out.word("order", row.status.as_str()),
                        row.line_count.to_string(),
                        row.net_total.to_string(),
                    ]
                })
                .collect();
            run.out.table(&found, &["number", "supplier", "status", "lines", "net_total"], &rows);
            Ok(())
        }
        Command::Show { number } => {
            let detail = orders::detail(&opened.ctx, &number).await?;
            let rows: Vec<Vec<String>> = detail
                .order
                .lines
                .iter()
                .map(|line| {
                    // What cannot be read yet stands as it was typed, and its line has no amount.
                    let unread: Vec<&UnreadCell> =
                        detail.unread.iter().filter(|cell| cell.line_id == line.line_id).collect();
                    let typed = |field: &str, read: String| {
                        let cell = unread.iter().find(|cell| cell.field == field);
                        cell.map_or(read, |cell| cell.typed.clone())
                    };
                    vec![
                        line.line_number.to_string(),
                        line.article_number.clone(),
                        line.supplier_article_number.clone(),
                        line.description.clone(),
                        typed("quantity", domain::decimal::format_plain(line.quantity.0)),
                        typed("unit", line.unit.clone()),
                        if unread.is_empty() { line.amount.to_string() } else { String::new() },
                    ]
                })
                .collect();
            let order = &detail.order;
            let status = run.out.word("order", order.status.as_str());
            run.out.line(&format!("{}  {status}  {}", order.number, order.net_total));
            let columns = [
                "line_number",
                "article_number",
                "supplier_article_number",
                "description",
                "quantity",
                "unit",
                "amount",
            ];
            run.out.table(&detail, &columns, &rows);
            Ok(())
        }
    }
}

/// The id of the supplier with the organisation number.
pub(crate) async fn supplier_id(opened: &Opened, org_number: &str) -> Result<String, CliError> {
    Ok(services::suppliers::named(&opened.ctx, org_number).await?.to_string())
}

/// Lines as a person would type them, with everything that the article says about this supplier.
pub(crate) async fn fill(
    opened: &Opened,
    org_number: &str,
    lines: &[String],
) -> Result<Vec<OrderLineInput>, CliError> {
    let supplier_id = supplier_id(opened, org_number).await?;
    let mut typed = Vec::with_capacity(lines.len());
    for line in lines {
        let mut parts = line.splitn(3, ':');
        let number = parts.next().unwrap_or_default().trim();
        let quantity = parts.next().unwrap_or("1").to_owned();
        let article = services::articles::get(&opened.ctx, number).await?;
        let price =
            parts.next().map_or_else(|| domain::decimal::format_plain(article.price.0), str::to_owned);
        let supplier_number = article
            .suppliers
            .iter()
            .find(|supplier| supplier.contact_id.to_string() == supplier_id)
            .map(|supplier| supplier.supplier_article_number.clone())
            .unwrap_or_default();
        typed.push(OrderLineInput {
            article_number: article.number,
            description: article.name,
            supplier_article_number: supplier_number,
            quantity,
            unit: article.unit,
            unit_price: price,
            price_base_quantity: domain::decimal::format_plain(article.price_base_quantity.0),
            ..OrderLineInput::default()
        });
    }
    Ok(typed)
}
