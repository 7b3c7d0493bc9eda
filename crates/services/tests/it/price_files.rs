//! Wholesalers' price files, files with other headers than ours, and pasted rows.

use domain::errors::ErrorCode;
use domain::imports::{FileKind, ImportOptions};
use services::imports::run;
use services::{Ctx, ServiceError};

use crate::harness::on_both;
use crate::imports::{ARTICLES, CONTACTS, faults, import};

on_both!(
    a_price_file_becomes_articles,
    a_price_file_is_a_suppliers_catalogue,
    a_file_with_other_headers_waits_for_its_columns,
    pasted_rows_become_lines_of_a_draft,
);

/// A price file as wholesalers send them; the town is in code page 850.
const PRICES: &[u8] = b"VH;EFONELFO;4.0;NO310004170MVA;;;20260101;20261231;NOK;;FJORD ST\xc5L AS;EIGER\x9dYVEI 87;;4370;EGERSUND;NO\r\n\
    VL;1;1006100;MATTE 3MM;1,0 m2;1;EA;STYKK;55300;10000;20260101;1;;1004;;;J;10000;0;\r\n\
    VL;1;1217570;R\xd8R;;1;MTR;METER;2400;1000000;20260101;3;;1202;;;J;1000000;0;\r\n\
    VA;1;1217570;P;1500000\r\n\
    VL;1;9;RAR PRIS;;1;EA;STYKK;ti;10000;;1;;;;;J;10000;0;\r\n";

async fn a_price_file_becomes_articles(ctx: Ctx) {
    let report = import(&ctx, FileKind::Articles, PRICES).await;
    assert_eq!(faults(&report), [(5, "Pris", ErrorCode::InvalidDecimal)]);
    let options = ImportOptions { skip_bad: true, ..ImportOptions::default() };
    let report = run(&ctx, FileKind::Articles, PRICES.to_vec(), options).await.unwrap();
    assert_eq!((report.imported, report.rows, report.faults), (2, 3, 1));
    let pipe = services::articles::get(&ctx, "1217570").await.unwrap();
    assert_eq!(
        (
            pipe.name.as_str(),
            pipe.unit.as_str(),
            pipe.price.to_string(),
            pipe.price_base_quantity.to_string()
        ),
        ("RØR", "MTR", "24".to_owned(), "100".to_owned())
    );
    assert_eq!(pipe.status, domain::articles::ArticleStatus::GoingOut);

    let without_price = [PRICES, b"VL;1;10;UTEN PRIS;;1;EA;STYKK;;10000;;1;;;;;J;10000;0;\r\n"].concat();
    let report = import(&ctx, FileKind::Articles, without_price).await;
    assert_eq!(faults(&report), [(5, "Pris", ErrorCode::InvalidDecimal), (6, "Pris", ErrorCode::Required)]);

    import(&ctx, FileKind::Contacts, CONTACTS).await;
    let set = vec!["supplier_org_number=310004170".to_owned()];
    let options = ImportOptions { skip_bad: true, set, ..ImportOptions::default() };
    run(&ctx, FileKind::Articles, PRICES.to_vec(), options).await.unwrap();
    let mat = services::articles::get(&ctx, "1006100").await.unwrap();
    assert_eq!(mat.suppliers[0].supplier_article_number, "1006100");
}

async fn a_price_file_is_a_suppliers_catalogue(ctx: Ctx) {
    use domain::matching::{LineFacts, MatchLevel};
    use domain::orders::OrderLineInput;
    use services::connections;

    import(&ctx, FileKind::Contacts, CONTACTS).await;
    let supplier = connections::supplier_of(&ctx, "310 004 170").await.unwrap();
    let report = connections::bring_in_catalogue(&ctx, supplier, PRICES.to_vec()).await.unwrap();
    assert_eq!((report.articles, report.faults, report.let_be, report.is_from_another), (2, 1, 1, false));

    let line =
        OrderLineInput { article_number: "1217570".into(), quantity: "2".into(), ..Default::default() };
    let filled = services::orders::fill_lines(&ctx, Some(supplier), "NOK", vec![line]).await.unwrap();
    assert_eq!(filled[0].listed_base, Some(domain::decimal::Quantity::whole(100)));
    let filled = &filled[0].line;
    assert_eq!(
        [
            &filled.article_number,
            &filled.supplier_article_number,
            &filled.unit_price,
            &filled.price_base_quantity
        ],
        ["", "1217570", "24", "100"]
    );
    let facts = |number: &str| LineFacts {
        supplier_article_number: number.into(),
        unit: "MTR".into(),
        ..LineFacts::default()
    };
    let judged =
        services::orders::judge_lines(&ctx, Some(supplier), vec![facts("1217570"), facts("9999999")])
            .await
            .unwrap();
    assert_eq!([judged[0].level, judged[1].level], [MatchLevel::Exact, MatchLevel::None]);

    // It is never called, and an order says why it cannot go.
    let input = domain::orders::OrderInput {
        supplier_id: supplier.to_string(),
        lines: vec![OrderLineInput {
            supplier_article_number: "1217570".into(),
            quantity: "2".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let made = services::orders::create(&ctx, input).await.unwrap();
    let checked = services::orders::detail(&ctx, &made.number).await.unwrap().checked.unwrap();
    assert!(checked.findings.iter().any(|finding| finding.code == Some(ErrorCode::PriceFileOnly)));
    assert!(services::feed::connections_to_poll(&ctx).await.unwrap().is_empty());
    let mut found = Vec::new();
    services::health::examine(&ctx, None, &mut found).await.unwrap();
    let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
    assert!(!codes.contains(&services::health::Code::ConnectionUnverified), "{codes:?}");

    // A newer file takes the place of the older; where a partner is registered later, it is the same connection.
    let newer: Vec<u8> = PRICES.split_inclusive(|byte| *byte == b'\n').take(2).flatten().copied().collect();
    assert_eq!(connections::bring_in_catalogue(&ctx, supplier, newer).await.unwrap().articles, 1);
    let known = connections::list(&ctx).await.unwrap();
    assert_eq!((known.len(), known[0].endpoint.as_str()), (1, ""));
    let from = domain::time::CalendarDate::from_ymd(2026, 1, 1);
    assert_eq!(known[0].catalogue.prices_from, from, "the day that the file says of itself");
    let code = |outcome: Result<_, ServiceError>| {
        outcome.map(|_: domain::connections::CatalogueReport| ()).unwrap_err().refusal().code
    };
    let other = connections::bring_in_catalogue(&ctx, supplier, ARTICLES.into()).await;
    assert_eq!(code(other), ErrorCode::FileIsNoPriceFile);
    let nobody = connections::bring_in_catalogue(&ctx, ctx.new_id(), PRICES.to_vec()).await;
    assert_eq!(code(nobody), ErrorCode::SupplierUnknown);
}

async fn a_file_with_other_headers_waits_for_its_columns(ctx: Ctx) {
    use services::imports::{Brought, bring_in_waiting, run_or_ask, waiting};

    let file = b"Koodi;Tuote;Hinta;Koodi\nF-1;\xc3\x86rlig;1,50;x\nF-2;Mutter;2,25;y\n".to_vec();
    let options = ImportOptions { dry_run: false, skip_bad: true, ..ImportOptions::default() };
    let Brought::Asks(id) =
        run_or_ask(&ctx, FileKind::Articles, "hinnat.csv", file.clone(), options.clone()).await.unwrap()
    else {
        panic!("the headers are not ours")
    };
    let asked = waiting(&ctx, id).await.unwrap();
    let headers: Vec<&str> = asked.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!((asked.file_name.as_str(), headers), ("hinnat.csv", vec!["Koodi", "Tuote", "Hinta", "Koodi"]));
    assert_eq!(asked.columns[1].samples, ["Ærlig", "Mutter"]);
    let named = |names: [&str; 4]| names.map(str::to_owned).to_vec();
    let missing = bring_in_waiting(&ctx, id, &named(["number", "name", "", ""])).await.unwrap_err().refusal();
    assert_eq!((missing.code, missing.params["column"].as_str()), (ErrorCode::ColumnMissing, "price"));
    let twice = bring_in_waiting(&ctx, id, &named(["number", "name", "price", "number"])).await.unwrap_err();
    assert_eq!(twice.refusal().code, ErrorCode::ColumnTwice);
    let report = bring_in_waiting(&ctx, id, &named(["number", "name", "price", ""])).await.unwrap();
    let kept = services::imports::report(&ctx, report).await.unwrap().report;
    assert_eq!((kept.imported, kept.ignored_columns.as_slice()), (2, &["Koodi".to_owned()][..]));
    assert_eq!(services::articles::get(&ctx, "F-1").await.unwrap().name, "Ærlig");
    assert_eq!(
        waiting(&ctx, id).await.unwrap_err().refusal().code,
        ErrorCode::NotFound,
        "it waits no longer"
    );

    let mapped = ImportOptions { map: vec!["number=#9".into()], ..options };
    let refused = run_or_ask(&ctx, FileKind::Articles, "x.csv", file, mapped).await.unwrap_err().refusal();
    assert_eq!(refused.code, ErrorCode::ColumnMissing, "what was said by name is answered by name");
}

async fn pasted_rows_become_lines_of_a_draft(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    import(&ctx, FileKind::Articles, ARTICLES).await;
    let supplier = services::connections::supplier_of(&ctx, "310004170").await.unwrap();
    let input = domain::orders::OrderInput { supplier_id: supplier.to_string(), ..Default::default() };
    let order = services::orders::create(&ctx, input).await.unwrap();
    let text = "Varenr\tAntall\r\nN-100\t1\u{a0}000,5\r\n\r\nA4-M10-50\t2\r\n";
    let saved = services::orders::paste(&ctx, order.order_id, text).await.unwrap();
    assert_eq!((saved.order.refusal, saved.left_out), (None, 0));
    let lines = services::orders::detail(&ctx, &order.number).await.unwrap().order.lines;
    let shown: Vec<(&str, String, String)> = lines
        .iter()
        .map(|line| (line.article_number.as_str(), line.quantity.to_string(), line.unit_price.to_string()))
        .collect();
    let row = |quantity: &str| ("N-100", quantity.to_owned(), "6.125".to_owned());
    assert_eq!(shown, [row("1000.5"), row("2")]);

    let code = |text: String| {
        let ctx = &ctx;
        async move {
            let refusal = services::orders::paste(ctx, order.order_id, &text).await.unwrap_err().refusal();
            refusal
                .errors
                .first()
                .map_or((String::new(), refusal.code), |error| (error.pointer.clone(), error.code))
        }
    };
    let whole = |code| (String::new(), code);
    assert_eq!(code("  ".into()).await, whole(ErrorCode::PasteEmpty));
    assert_eq!(code("Hei Kari".into()).await, whole(ErrorCode::PasteNoNumbers));
    assert_eq!(code("<table><tr><td>1</td></tr></table>".into()).await, whole(ErrorCode::PasteHtml));
    assert_eq!(code("N-100\t1\n".repeat(100_000)).await, whole(ErrorCode::PasteTooManyRows));
    assert_eq!(code("N-100\t1\n".repeat(999)).await, whole(ErrorCode::TooManyLines));
    let row = |quantity: &str| format!("Varenr\tAntall\nN-100\t1\nN-100\t{quantity}\n");
    assert_eq!(code(row("-5")).await, ("/rows/3/quantity".to_owned(), ErrorCode::QuantityNotPositive));
    assert_eq!(code(row("99999999999")).await, ("/rows/3/quantity".to_owned(), ErrorCode::DecimalOutOfRange));
    assert_eq!(code(row("=1+1")).await, ("/rows/3/quantity".to_owned(), ErrorCode::FormulaRefused));
    let after = services::orders::detail(&ctx, &order.number).await.unwrap().order;
    assert_eq!((after.lines.len(), after.version), (2, saved.order.version), "a bad paste changes nothing");
}
