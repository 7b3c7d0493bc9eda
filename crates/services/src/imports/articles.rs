//! Rows of articles; several rows for several suppliers.

use domain::articles::{ArticleInput, CheckedArticle};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId};
use store::Tx;

use super::{Done, Row, of_line, same_in_every_row};
use crate::articles;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// What all rows of one article have in common.
const HEAD: [&str; 11] = [
    "name",
    "unit",
    "price",
    "price_base_quantity",
    "currency",
    "vat_rate",
    "gtin",
    "pack_size",
    "minimum_quantity",
    "status",
    "replaced_by",
];

/// Brings one article in. A known number is updated. Numbers at suppliers that the file does not name are kept.
///
/// `changed` gathers the articles that drafts are to be compared with anew.
pub(super) async fn import(
    ctx: &Ctx,
    tx: &mut Tx,
    rows: &[&Row],
    changed: &mut Vec<ArticleId>,
) -> Result<Done, ServiceError> {
    same_in_every_row(rows, &HEAD)?;
    let mut found: Vec<(CheckedArticle, Option<ContactId>)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let checked = input(row).check().map_err(|refusal| of_line(index, refusal))?;
        let supplier = match articles::supplier_of(tx, &checked).await {
            Err(ServiceError::Refused(refusal)) => return Err(of_line(index, refusal).into()),
            other => other?,
        };
        if found.iter().any(|(_, other)| *other == supplier) {
            return Err(Refusal::of_field(format!("/lines/{index}/number"), ErrorCode::Duplicate).into());
        }
        found.push((checked, supplier));
    }
    let (checked, supplier) = found.first().ok_or(ErrorCode::FileMalformed)?;
    let known = store::articles::find_by_number(tx, &checked.number).await?;
    let (article_id, done) = match known {
        Some(known) => {
            articles::save_in(ctx, tx, known.article_id, known.version, checked, *supplier).await?;
            if articles::is_other_for_drafts(&known, checked) {
                changed.push(known.article_id);
            }
            (known.article_id, Done::Changed)
        }
        None => (articles::add_in(ctx, tx, checked, *supplier).await?, Done::Added),
    };
    for (checked, supplier) in &found[1..] {
        articles::keep_supplier_number(tx, article_id, checked, *supplier).await?;
    }
    Ok(done)
}

fn input(row: &Row) -> ArticleInput {
    ArticleInput {
        number: row.text("number"),
        name: row.text("name"),
        unit: row.text("unit"),
        price: row.text("price"),
        price_base_quantity: row.text("price_base_quantity"),
        currency: row.text("currency"),
        vat_rate: row.text("vat_rate"),
        gtin: row.text("gtin"),
        pack_size: row.text("pack_size"),
        minimum_quantity: row.text("minimum_quantity"),
        status: row.text("status"),
        replaced_by: row.text("replaced_by"),
        supplier_org_number: row.text("supplier_org_number"),
        supplier_article_number: row.text("supplier_article_number"),
    }
}
