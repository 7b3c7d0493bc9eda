//! *Lim inn fra Excel*: what the registers know of pasted rows, and what becomes of rows that are no lines or cannot be read.

use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::imports::FileKind;
use domain::orders::{OrderInput, OrderLineInput};
use domain::paste::{Answers, PasteColumn, Reading, RowKind};
use services::Ctx;
use services::orders::{self, PasteQuestion, PastedRows};

use crate::harness::on_both;
use crate::imports::{CONTACTS, import};

on_both!(
    columns_are_known_by_their_numbers,
    what_was_said_of_the_columns_stands,
    rows_that_are_no_lines_are_counted,
    what_cannot_be_read_is_kept_as_it_was_pasted,
);

/// Articles whose numbers look like quantities, and what the supplier calls them.
const ARTICLES: &str = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n\
    1001;Skrue;stk;6,50;1;NOK;25;;;310004170;71\n\
    1002;Mutter;stk;350;100;NOK;25;;;310004170;72\n\
    1003;Skive;stk;2;1;NOK;25;7000014412588;;310004170;73\n";

async fn supplier(ctx: &Ctx) -> ContactId {
    import(ctx, FileKind::Contacts, CONTACTS).await;
    import(ctx, FileKind::Articles, ARTICLES).await;
    services::connections::supplier_of(ctx, "310004170").await.unwrap()
}

async fn looked(ctx: &Ctx, supplier: Option<ContactId>, text: &str) -> PastedRows {
    let question = PasteQuestion { supplier, text: text.to_owned(), ..PasteQuestion::default() };
    orders::pasted_rows(ctx, question).await.unwrap()
}

fn named(found: &PastedRows) -> Vec<(usize, Option<&str>)> {
    found
        .rows
        .iter()
        .map(|(row, filled)| (*row, filled.known.as_ref().map(|known| known.name.as_str())))
        .collect()
}

async fn columns_are_known_by_their_numbers(ctx: Ctx) {
    use PasteColumn::{ArticleNumber, Quantity, SupplierArticleNumber};
    let supplier = supplier(&ctx).await;
    let ours = "1001\t5\n1002\t10\n1003\t7\n";
    let found = looked(&ctx, None, ours).await;
    assert_eq!(found.columns, [ArticleNumber, Quantity]);
    assert_eq!(named(&found), [(1, Some("Skrue")), (2, Some("Mutter")), (3, Some("Skive"))]);
    assert_eq!(found.rows[1].1.line.quantity, "10");

    let theirs = "5\t71\n10\t72\n7\t73\n";
    let found = looked(&ctx, Some(supplier), theirs).await;
    assert_eq!(found.columns, [Quantity, SupplierArticleNumber]);
    assert_eq!(named(&found), [(1, Some("Skrue")), (2, Some("Mutter")), (3, Some("Skive"))]);
    let unknown = looked(&ctx, None, theirs).await;
    assert!(!unknown.columns.contains(&SupplierArticleNumber), "nobody's numbers without a supplier");

    // A GTIN is as good as our number, however many digits it is written with.
    let found = looked(&ctx, Some(supplier), "07000014412588\t5\n").await;
    assert_eq!(found.columns, [ArticleNumber, Quantity]);
    assert_eq!(named(&found), [(1, Some("Skive"))]);
    assert_eq!(found.rows[0].1.line.article_number, "1003");
    let found = looked(&ctx, Some(supplier), "7000014412588\t1003\t5\n").await;
    assert_eq!(found.columns, [PasteColumn::Ignored, ArticleNumber, Quantity]);

    // Without a script it is understood in the same way.
    let input = OrderInput { supplier_id: supplier.to_string(), ..OrderInput::default() };
    let order = orders::create(&ctx, input).await.unwrap();
    orders::paste(&ctx, order.order_id, ours).await.unwrap();
    let lines = orders::detail(&ctx, &order.number).await.unwrap().order.lines;
    let shown: Vec<(&str, String)> =
        lines.iter().map(|line| (line.article_number.as_str(), line.quantity.to_string())).collect();
    assert_eq!(shown, [("1001", "5".to_owned()), ("1002", "10".to_owned()), ("1003", "7".to_owned())]);
}

async fn what_was_said_of_the_columns_stands(ctx: Ctx) {
    use PasteColumn::{ArticleNumber, Price, Quantity};
    let supplier = supplier(&ctx).await;
    let mut answers = Answers::default();
    answers.give(1, 1, Reading::Thousands);
    let question = PasteQuestion {
        supplier: Some(supplier),
        text: "1001\t1.234\n9999\t7\n".to_owned(),
        columns: vec![Quantity, Price],
        answers: answers.clone(),
        ..PasteQuestion::default()
    };
    let found = orders::pasted_rows(&ctx, question.clone()).await.unwrap();
    assert_eq!(found.columns, [Quantity, Price]);
    assert!(found.rows.is_empty(), "no column names an article");
    let found = orders::pasted_rows(
        &ctx,
        PasteQuestion { columns: vec![ArticleNumber, Quantity], ..question.clone() },
    )
    .await
    .unwrap();
    assert_eq!(found.rows[0].1.line.quantity, "1234", "as was answered");
    // Pasted into the column of numbers, where the registers know nothing of them.
    let at = PasteQuestion {
        text: "8001\t2\n8002\t3".to_owned(),
        columns: Vec::new(),
        at: Some(ArticleNumber),
        ..question
    };
    assert_eq!(orders::pasted_rows(&ctx, at).await.unwrap().columns, [ArticleNumber, Quantity]);
}

async fn rows_that_are_no_lines_are_counted(ctx: Ctx) {
    supplier(&ctx).await;
    let order = orders::create(&ctx, OrderInput::default()).await.unwrap();
    let text = "Varenr\tBeskrivelse\tAntall\tSum\n1001\t\t5\t32,50\n\t\t\t32,50\n\tTotalt\t\t32,50\n";
    let added = orders::paste(&ctx, order.order_id, text).await.unwrap();
    assert_eq!(added.left_out, 2);
    assert_eq!(orders::detail(&ctx, &order.number).await.unwrap().order.lines.len(), 1);
    // So is what stands above the headers, whatever it is.
    let text =
        "Bestilling\n1001\tSkrue\t5\t\nVarenr\tBeskrivelse\tAntall\tSum\n1001\t\t7\t45,50\n\t\t\t45,50\n";
    let above = orders::paste(&ctx, order.order_id, text).await.unwrap();
    assert_eq!(above.left_out, 3);
    let lines = orders::detail(&ctx, &order.number).await.unwrap().order.lines;
    assert_eq!(lines.len(), 2);
    // The sum can be a line, if somebody says so; what stands beside the table cannot.
    let text = "Varenr\tBeskrivelse\tAntall\tSum\n1001\t\t5\t32,50\n\t\t\t32,50\n\tTotalt\t\t32,50\n";
    let rows = looked(&ctx, None, text).await.rows;
    assert_eq!(rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 4]);
    let only_sum = "Varenr\tBeskrivelse\tAntall\tSum\n\tTotalt\t\t32,50\n";
    let refused = orders::paste(&ctx, order.order_id, only_sum).await.unwrap_err().refusal();
    assert_eq!(refused.code, ErrorCode::PasteNoColumns);
}

async fn what_cannot_be_read_is_kept_as_it_was_pasted(ctx: Ctx) {
    let supplier = supplier(&ctx).await;
    let input = OrderInput { supplier_id: supplier.to_string(), ..OrderInput::default() };
    let order = orders::create(&ctx, input).await.unwrap();
    let text = "Varenr\tAntall\tPris\n1001\tmange\t1\n1002\t-5\t2\n1003\t99999999999\t3\n1001\t4\t4\n";
    let sheet = domain::paste::read(text).unwrap();
    let lines = domain::paste::lines(&sheet, &domain::paste::guess(&sheet));
    assert!(lines.iter().all(|line| line.kind == RowKind::Line));
    let filled = looked(&ctx, Some(supplier), text).await.rows;
    let lines: Vec<OrderLineInput> = filled.into_iter().map(|(_, filled)| filled.line).collect();
    let saved = orders::append(&ctx, order.order_id, lines).await.unwrap();
    let told: Vec<&str> = saved
        .refusal
        .iter()
        .flat_map(|refusal| &refusal.errors)
        .map(|fault| fault.pointer.as_str())
        .collect();
    for place in 0..3 {
        assert!(told.contains(&format!("/lines/{place}/quantity").as_str()), "{told:?}");
    }
    let form = orders::form(&ctx, Some(&order.number)).await.unwrap().input;
    let typed: Vec<&str> = form.lines.iter().map(|line| line.quantity.as_str()).collect();
    assert_eq!(typed, ["mange", "-5", "99999999999", "4"]);
    assert_eq!(form.lines[0].description, "Skrue", "and the rest of the line is filled in");
}
