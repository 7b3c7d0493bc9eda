//! The lines of an order as a file, and back; a file of links; large files beside other work; and what is thrown away after its time.

use std::sync::Arc;

use domain::articles::ArticleStatus;
use domain::ids::{ContactId, FormKey};
use domain::imports::FileKind;
use domain::links::{LinkView, MAX_JUDGED};
use domain::matching::PartnerArticle;
use domain::orders::{OrderInput, OrderLineInput, PurchaseOrder};
use domain::time::Timestamp;
use services::imports;
use services::orders::{FormSaved, FormState};
use services::spreadsheets::{self, ListFile, SheetFormat};
use services::{Clock, Ctx, connections, orders};

use crate::harness::on_both;
use crate::imports::{ARTICLES, CONTACTS, import};

on_both!(an_order_comes_back_from_its_file, every_link_is_in_the_file_once, a_form_is_known_for_a_while,);

async fn supplier(ctx: &Ctx) -> ContactId {
    connections::supplier_of(ctx, "310004170").await.unwrap()
}

/// The supplier's catalogue has one article, by a name of its own.
async fn catalogue(ctx: &Ctx, supplier: ContactId) {
    let article = PartnerArticle {
        number: "A4-M10-50".to_owned(),
        name: "Bolt M10x50; rustfri".to_owned(),
        unit: "EA".to_owned(),
        price: Some("6".parse().unwrap()),
        price_base_quantity: "1".parse().unwrap(),
        currency: "NOK".to_owned(),
        gtin: None,
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    };
    ctx.write((supplier, article), |ctx, tx, (supplier, article)| {
        Box::pin(async move {
            let id = ctx.new_id();
            store::connections::add(tx, id, Some(*supplier), "", ctx.now()).await?;
            store::partner_articles::upsert(tx, id, std::slice::from_ref(article)).await?;
            Ok(store::connections::set_catalogue_from_file(tx, id, ctx.now(), None).await?)
        })
    })
    .await
    .unwrap();
}

/// What of the lines goes into the file.
fn told(order: &PurchaseOrder) -> Vec<[String; 8]> {
    let line = |line: &domain::orders::OrderLine| {
        [
            line.article_number.clone(),
            line.supplier_article_number.clone(),
            line.description.clone(),
            line.quantity.to_string(),
            line.unit.clone(),
            line.unit_price.to_string(),
            line.price_base_quantity.to_string(),
            line.discount_percent.to_string(),
        ]
    };
    order.lines.iter().map(line).collect()
}

async fn an_order_comes_back_from_its_file(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    import(&ctx, FileKind::Articles, ARTICLES).await;
    let supplier = supplier(&ctx).await;
    catalogue(&ctx, supplier).await;
    let line = |own: &str, theirs: &str, description: &str| OrderLineInput {
        article_number: own.into(),
        supplier_article_number: theirs.into(),
        description: description.into(),
        quantity: "2,5".into(),
        unit: "EA".into(),
        unit_price: "6,125".into(),
        price_base_quantity: "100".into(),
        discount_percent: "5".into(),
        ..OrderLineInput::default()
    };
    let lines = vec![
        line("N-100", "", ""),
        line("", "A4-M10-50", "Bolten som sist"),
        line("", "0700", "=uten artikkel"),
        line("", "", "Frakt til døra"),
    ];
    let input = OrderInput { supplier_id: supplier.to_string(), lines, ..OrderInput::default() };
    let saved = orders::create(&ctx, input).await.unwrap();
    let order = orders::detail(&ctx, &saved.number).await.unwrap().order;
    let written = async |format, language: &[(&str, &str)]| {
        let words = |key: &str| {
            let name = key.strip_prefix("column.").unwrap_or(key);
            language.iter().find(|(known, _)| *known == name).map_or(name, |(_, word)| word).to_owned()
        };
        spreadsheets::write_order(&ctx, &saved.number, format, words).await.unwrap()
    };
    let csv = String::from_utf8(written(SheetFormat::Csv, &[]).await).unwrap();
    let head = "article_number;supplier_article_number;description;supplier_description;quantity;";
    assert!(csv.contains(head), "{csv}");
    assert!(csv.contains(";N-100;A4-M10-50;Sekskantskrue;\"Bolt M10x50; rustfri\";2,5;EA;"), "{csv}");
    assert!(csv.contains(";;A4-M10-50;Bolten som sist;\"Bolt M10x50; rustfri\";2,5;"), "{csv}");
    assert!(csv.contains(";;0700;'=uten artikkel;;2,5;") && csv.contains(";;;Frakt til døra;;2,5;"), "{csv}");

    let bokmål = [
        ("order_ref", "Ordrereferanse"),
        ("supplier_org_number", "Leverandørens organisasjonsnummer"),
        ("article_number", "Artikkelnummer"),
        ("supplier_article_number", "Leverandørens artikkelnummer"),
        ("description", "Beskrivelse"),
        ("supplier_description", "Leverandørens beskrivelse"),
        ("quantity", "Antall"),
        ("unit", "Enhet"),
        ("unit_price", "Enhetspris"),
        ("price_base_quantity", "Pris per"),
        ("discount_percent", "Rabatt %"),
    ];
    for (format, language) in [
        (SheetFormat::Csv, &[][..]),
        (SheetFormat::Xlsx, &[]),
        (SheetFormat::Csv, &bokmål),
        (SheetFormat::Xlsx, &bokmål),
    ] {
        // As lines of an order that is open.
        let file = written(format, language).await;
        let text = imports::sheet_text(file.clone()).await.unwrap();
        let input = OrderInput { supplier_id: supplier.to_string(), ..OrderInput::default() };
        let open = orders::create(&ctx, input).await.unwrap();
        let added = orders::paste(&ctx, open.order_id, &text).await.unwrap();
        assert_eq!((added.order.refusal, added.left_out), (None, 0), "{text}");
        let pasted = orders::detail(&ctx, &open.number).await.unwrap().order;
        // The supplier's number is that of an article of ours, which the registers fill in.
        let mut filled = told(&order);
        filled[1][0] = "N-100".to_owned();
        assert_eq!(told(&pasted), filled, "{format:?}");
        assert!(orders::delete_draft(&ctx, open.order_id).await.is_ok());
    }
    // As an order of its own, under another reference; also where the line has no words but the supplier's.
    let copy = csv.replace(&saved.number, "R-77").replace(";Bolten som sist;", ";;");
    let report = import(&ctx, FileKind::PurchaseOrders, copy).await;
    assert_eq!((report.imported, report.faults), (1, 0), "{report:?}");
    let all = orders::list(&ctx, &Default::default(), Default::default()).await.unwrap();
    let number = all.rows.iter().find(|row| row.number != saved.number).unwrap().number.clone();
    let mut expected = told(&order);
    expected[1][2] = "Bolt M10x50; rustfri".to_owned();
    assert_eq!(told(&orders::detail(&ctx, &number).await.unwrap().order), expected);
}

async fn every_link_is_in_the_file_once(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    let count = MAX_JUDGED + 250;
    let rows: String =
        (0..count).map(|number| format!("N-{number:05};Skrue;1;310004170;F-{number}\n")).collect();
    let head = "number;name;price;supplier_org_number;supplier_article_number\n";
    assert!(import(&ctx, FileKind::Articles, format!("{head}{rows}")).await.applied);
    let supplier = supplier(&ctx).await;
    // What the supplier has is known, and none of these numbers is among it.
    catalogue(&ctx, supplier).await;
    let written = async |view| {
        let list = ListFile::Links(Some(supplier), view);
        let words = |key: &str| key.to_owned();
        let file = spreadsheets::write_list(&ctx, &list, SheetFormat::Csv, |_| true, words).await.unwrap();
        let file = String::from_utf8(file).unwrap();
        let numbers = file.lines().skip(1).map(|row| row.split(';').next().unwrap_or_default().to_owned());
        numbers.collect::<Vec<String>>()
    };
    let expected: Vec<String> = (0..count).map(|number| format!("N-{number:05}")).collect();
    assert_eq!(written(LinkView::All).await, expected, "in one order, none twice and none missing");
    assert_eq!(written(LinkView::None).await, expected, "they are judged from one place to the next");
    assert!(written(LinkView::Confirmed).await.is_empty());
    // A piece is as large as what a page judges, and leads on.
    let (piece, next) = services::links::rows_after(&ctx, supplier, LinkView::None, "").await.unwrap();
    assert_eq!((piece.len(), next.as_deref()), (MAX_JUDGED, Some(expected[MAX_JUDGED - 1].as_str())));
    // The page says of what only judging finds that there may be more.
    let page = services::links::page(&ctx, supplier, LinkView::None, "", "", 50).await.unwrap();
    let counted = |view| {
        let counted = page.counts.iter().find(|counted| counted.view == view).unwrap();
        (counted.count, counted.is_at_least)
    };
    let whole = |count: usize| i64::try_from(count).unwrap();
    assert_eq!(counted(LinkView::All), (whole(count), false));
    assert_eq!(counted(LinkView::None), (whole(MAX_JUDGED), true));
    assert_eq!(counted(LinkView::Likely), (0, true));
}

/// On one thread, and with the only thread for slow work behind a gate: what would read the file where people are served, would be done.
#[test]
fn others_are_served_while_a_large_file_is_read() {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = tokio::task::spawn_blocking(move || gate.recv());
        let mut reading = tokio::spawn(imports::sheet_text(b"a;b;c\n1;2;3\n".to_vec()));
        for _ in 0..100 {
            tokio::task::yield_now().await;
            assert!(!reading.is_finished(), "it is read on the thread that serves people");
        }
        open.send(()).unwrap();
        assert!(gate.await.unwrap().is_ok());
        let text = (&mut reading).await.unwrap().unwrap();
        assert!(text.contains("1\t2\t3"), "{text}");
    });
}

/// A clock that is so many days ahead.
struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        services::SystemClock.now().plus_seconds(self.0 * 86_400)
    }
}

async fn a_form_is_known_for_a_while(ctx: Ctx) {
    let form: FormKey = ctx.new_id();
    let sent = async |ctx: &Ctx| {
        let line = OrderLineInput { description: "Skrue".into(), quantity: "1".into(), ..Default::default() };
        let input = OrderInput { lines: vec![line], ..OrderInput::default() };
        match orders::save_form(ctx, FormState { form_key: Some(form), input, ..FormState::default() }).await
        {
            Ok(FormSaved::Saved(saved) | FormSaved::Merged { saved, .. }) => saved.number,
            other => panic!("{other:?}"),
        }
    };
    let first = sent(&ctx).await;
    services::housekeeping::remove_outdated(&ctx, || true).await.unwrap();
    assert_eq!(sent(&ctx).await, first, "sent again it makes nothing twice");
    let later = Ctx { clock: Arc::new(Ahead(29)), ..ctx.clone() };
    services::housekeeping::remove_outdated(&later, || true).await.unwrap();
    assert_eq!(sent(&later).await, first);
    let late = Ctx { clock: Arc::new(Ahead(31)), ..ctx.clone() };
    services::housekeeping::remove_outdated(&late, || false).await.unwrap();
    assert_eq!(sent(&late).await, first, "whoever is to stop removes nothing");
    services::housekeeping::remove_outdated(&late, || true).await.unwrap();
    assert_ne!(sent(&late).await, first, "nobody knows it any more");
}
