//! `prodsys articles`.

use domain::articles::{ArticleFilter, ArticleInput};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use services::articles;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Add(Box<Article>),
    List {
        #[arg(long)]
        search: Option<String>,
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Article {
    #[arg(long)]
    number: String,
    #[arg(long)]
    name: String,
    #[arg(long, default_value = "")]
    unit: String,
    #[arg(long, default_value = "")]
    price: String,
    #[arg(long, default_value = "")]
    price_base_quantity: String,
    #[arg(long, default_value = "")]
    currency: String,
    #[arg(long, default_value = "")]
    vat_rate: String,
    #[arg(long, default_value = "")]
    gtin: String,
    #[arg(long, default_value = "")]
    supplier_org_number: String,
    #[arg(long, default_value = "")]
    supplier_article_number: String,
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let opened = run.open().await?;
    match command {
        Command::Add(article) => {
            let number = article.number.clone();
            let input = ArticleInput {
                number: article.number,
                name: article.name,
                unit: article.unit,
                price: article.price,
                price_base_quantity: article.price_base_quantity,
                currency: article.currency,
                vat_rate: article.vat_rate,
                gtin: article.gtin,
                supplier_org_number: article.supplier_org_number,
                supplier_article_number: article.supplier_article_number,
                ..ArticleInput::default()
            };
            articles::add(&opened.ctx, input).await?;
            run.out.value(&serde_json::json!({ "number": number }), &run.out.texts.cli_saved(&number));
        }
        Command::List { search, page } => {
            let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
            let found = articles::list(&opened.ctx, &ArticleFilter::of_search(search), request).await?;
            let rows: Vec<Vec<String>> = found
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.number.clone(),
                        row.name.clone(),
                        row.unit.clone(),
                        domain::decimal::format_plain(row.price.0),
                        row.supplier_article_number.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            run.out.table(&found, &["number", "name", "unit", "price", "supplier_article_number"], &rows);
        }
    }
    Ok(())
}
