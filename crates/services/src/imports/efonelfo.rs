//! Wholesalers' price files as rows of articles.

use domain::articles::ArticleStatus;
use domain::decimal::format_plain;
use domain::errors::{ErrorCode, Refusal};
use domain::imports::{FileKind, ImportOptions, RefusedRow};

use super::mapping::{self, Mapped, Row};
use crate::efonelfo::{self, Item};

pub(super) use crate::efonelfo::is_price_file;

/// The items as articles of ours. Where the options name the supplier, the number is that supplier's as well.
pub(super) fn articles(file: &[u8], options: &ImportOptions) -> Result<Mapped, Refusal> {
    if file.len() > super::MAX_BYTES {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let found = efonelfo::read(file)?;
    let constants = mapping::constants(FileKind::Articles, options)?;
    let has_supplier = constants.contains_key("supplier_org_number");
    let (mut rows, mut refused) = (Vec::with_capacity(found.items.len()), found.refused);
    let all = found.items.len() + refused.len();
    for item in &found.items {
        let Some(price) = item.price else {
            refused.push(without_price(item));
            continue;
        };
        let mut row = Row::with(item.line, constants.clone());
        row.set("number", item.number.clone());
        row.set("name", item.name.clone());
        row.set("unit", item.unit.to_owned());
        row.set("price", typed(price.0));
        row.set("price_base_quantity", typed(item.price_base_quantity.0));
        row.set("currency", found.currency.clone());
        row.set("gtin", item.gtin.clone().unwrap_or_default());
        row.set("pack_size", item.pack_size.map(|size| typed(size.0)).unwrap_or_default());
        let status = if item.is_going_out { ArticleStatus::GoingOut } else { ArticleStatus::Active };
        row.set("status", status.as_str().to_owned());
        if has_supplier {
            row.set("supplier_article_number", item.number.clone());
        }
        rows.push(row);
    }
    refused.sort_by_key(|row| row.line);
    Ok(Mapped {
        rows,
        all,
        // A refused item stands alone: nothing else is made of it.
        has_broken: false,
        refused,
        ..Mapped::default()
    })
}

/// An article of ours has a price.
fn without_price(item: &Item) -> RefusedRow {
    RefusedRow {
        line: item.line,
        column: "Pris".to_owned(),
        code: ErrorCode::Required,
        params: Default::default(),
        value: String::new(),
    }
}

fn typed(millionths: i64) -> String {
    format_plain(millionths).replace('.', ",")
}
