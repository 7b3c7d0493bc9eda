//! The checks before an export: the page *Kontroll*, the order's own page and the sending find the same.

mod cases;

use domain::articles::ArticleStatus;
use domain::connections::{ConnectionState, ConnectionTest, KnownThere, PartnerIdentity};
use domain::contacts::{Address, ContactInput};
use domain::errors::ErrorCode as Code;
use domain::exports::{ExportCheck as Check, Finding, Outcome};
use domain::ids::{ConnectionId, ContactId, InstanceId, OrderId};
use domain::matching::PartnerArticle;
use domain::orders::{OrderInput, OrderLineInput};
use domain::tokens::Scope;
use services::{Ctx, exports, orders};

use cases::CASES;

use crate::harness::on_both;
use crate::logs::connected;

on_both!(
    every_check_finds_the_same_everywhere,
    what_cannot_be_read_is_told_on_the_page,
    what_cannot_be_read_is_compared_with_nothing,
    what_was_sent_is_found_with_what_its_price_is_for,
);

/// What one order meets, and the order.
struct Setup {
    extension_on: bool,
    has_connection: bool,
    has_token: bool,
    state: ConnectionState,
    test: Option<ConnectionTest>,
    order: OrderInput,
    sent_before: bool,
}

struct Company {
    ctx: Ctx,
    connection: ConnectionId,
    supplier: ContactId,
}

async fn every_check_finds_the_same_everywhere(ctx: Ctx) {
    let company = company(ctx).await;
    for (name, change, expected) in CASES {
        let mut setup = Setup::fine(&company);
        change(&mut setup);
        let (order_id, number) = put(&company, &setup).await;
        let checked = exports::check(&company.ctx, vec![order_id]).await.unwrap().remove(0).findings;
        let on_page = orders::detail(&company.ctx, &number).await.unwrap().checked;
        let job_id = exports::export(&company.ctx, vec![order_id], Vec::new()).await.unwrap();
        let item = exports::job(&company.ctx, job_id).await.unwrap().items.remove(0);

        let told: Vec<_> = checked.iter().map(|finding| told(&company, finding)).collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(check, outcome, code, line, params)| {
                (*check, *outcome, *code, *line, (*params).to_owned())
            })
            .collect();
        assert_eq!(told, expected, "{name}");
        assert_eq!(item.findings, checked, "{name}: at sending");
        assert_eq!(item.sent_before, setup.sent_before, "{name}");
        // What was sent has no such list on its page.
        assert_eq!(on_page.is_none(), setup.sent_before, "{name}");
        if let Some(on_page) = on_page {
            assert_eq!(on_page.findings, checked, "{name}: on the order's page");
        }
        let stops = checked.iter().any(|finding| finding.outcome >= Outcome::Overridable);
        assert_eq!(item.message_state.is_none(), stops && !setup.sent_before, "{name}");
    }
    let covered: Vec<Check> = CASES.iter().flat_map(|(_, _, told)| told.iter().map(|told| told.0)).collect();
    assert!(Check::ALL.iter().all(|check| covered.contains(check)));
}

async fn what_cannot_be_read_is_told_on_the_page(ctx: Ctx) {
    let company = company(ctx).await;
    for (quantity, has_unread) in [("5", false), ("mange", true)] {
        let mut input = Setup::fine(&company).order;
        input.lines[0].quantity = quantity.to_owned();
        let number = orders::create(&company.ctx, input).await.unwrap().number;
        let detail = orders::detail(&company.ctx, &number).await.unwrap();
        assert_eq!(detail.has_unread, has_unread, "{quantity}");
        let told: Vec<(&str, &str)> =
            detail.unread.iter().map(|cell| (cell.field.as_str(), cell.typed.as_str())).collect();
        assert_eq!(told, if has_unread { vec![("quantity", "mange")] } else { vec![] });
    }
}

async fn what_cannot_be_read_is_compared_with_nothing(ctx: Ctx) {
    let company = company(ctx).await;
    for (price, base) in [("mye", ""), ("2,50", "hundre"), ("-1", ""), ("", "")] {
        let mut setup = Setup::fine(&company);
        setup.order.lines[0].unit_price = price.to_owned();
        setup.order.lines[0].price_base_quantity = base.to_owned();
        let (order_id, number) = put(&company, &setup).await;
        let checked = exports::check(&company.ctx, vec![order_id]).await.unwrap().remove(0);
        let told: Vec<_> = checked.findings.iter().map(|finding| (finding.check, finding.outcome)).collect();
        assert_eq!(told, [(Check::Quantities, Outcome::Stops)], "{price:?} per {base:?}");
        let on_page = orders::detail(&company.ctx, &number).await.unwrap().checked.unwrap();
        assert_eq!(on_page.findings, checked.findings, "{price:?} per {base:?}");
    }
}

async fn what_was_sent_is_found_with_what_its_price_is_for(ctx: Ctx) {
    let company = company(ctx).await;
    for (price, base, expected) in [("250", "100", ("250", "100")), ("2,50", "", ("2.5", "1"))] {
        let mut setup = Setup::fine(&company);
        setup.order.lines[0].unit_price = price.to_owned();
        setup.order.lines[0].price_base_quantity = base.to_owned();
        let (order_id, _) = put(&company, &setup).await;
        exports::export(&company.ctx, vec![order_id], Vec::new()).await.unwrap();
        let hits = services::search::articles(&company.ctx, Some(company.supplier), "BF-1", 5).await.unwrap();
        let last = hits[0].bought.as_ref().unwrap().last_price.clone().unwrap();
        let told = (last.price.to_string(), last.base_quantity.to_string());
        assert_eq!((told.0.as_str(), told.1.as_str()), expected);
        assert_eq!(last.unit, "EA");
    }
}

/// The finding as the table has it. What is put right beyond this instance names its place.
fn told(company: &Company, finding: &Finding) -> (Check, Outcome, Option<Code>, Option<i32>, String) {
    let mut params = finding.params.clone();
    if let Some(connection) = params.remove("connection_id") {
        assert_eq!(connection, company.connection.to_string());
    }
    if let Some(contact) = params.remove("contact_id") {
        assert_eq!(contact, company.supplier.to_string());
    } else {
        let elsewhere = Check::ModuleThere <= finding.check && finding.check <= Check::KnownThere;
        assert!(!elsewhere || finding.code == Some(Code::SupplierUnknown), "{finding:?}");
    }
    let params: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    (finding.check, finding.outcome, finding.code, finding.line_number, params.join(" "))
}

async fn company(ctx: Ctx) -> Company {
    let supplier = ContactInput { name: "Nordvik".into(), is_supplier: true, ..ContactInput::default() };
    let supplier = services::contacts::add(&ctx, supplier).await.unwrap();
    let (ctx, _, connection) = connected(&ctx, "http://127.0.0.1:9".to_owned()).await;
    let article = PartnerArticle {
        number: "BF-1".into(),
        name: "Skrue".into(),
        unit: "EA".into(),
        price: Some("250".parse().unwrap()),
        price_base_quantity: "100".parse().unwrap(),
        currency: "NOK".into(),
        gtin: None,
        pack_size: Some("10".parse().unwrap()),
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    };
    let mut tx = ctx.store.begin_write().await.unwrap();
    let articles = [
        article.clone(),
        PartnerArticle {
            number: "BF-2".into(),
            status: ArticleStatus::Discontinued,
            replaced_by: Some("BF-1".into()),
            ..article.clone()
        },
        PartnerArticle { number: "BF-3".into(), status: ArticleStatus::GoingOut, ..article },
    ];
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    store::connections::set_catalogue_cursor(&mut tx, connection, "1", 0, Some(ctx.now())).await.unwrap();
    tx.commit().await.unwrap();
    Company { ctx, connection, supplier }
}

/// Makes everything as the set-up says, with a new order.
async fn put(company: &Company, setup: &Setup) -> (OrderId, String) {
    let ctx = &company.ctx;
    services::instance::set_extension(ctx, true).await.unwrap();
    let saved = orders::create(ctx, setup.order.clone()).await.unwrap();
    if setup.sent_before {
        know(company, &Setup::fine(company)).await;
        exports::export(ctx, vec![saved.order_id], Vec::new()).await.unwrap();
    }
    know(company, setup).await;
    services::instance::set_extension(ctx, setup.extension_on).await.unwrap();
    (saved.order_id, saved.number)
}

/// What is known of the supplier.
async fn know(company: &Company, setup: &Setup) {
    let Company { ctx, connection, supplier } = company;
    let mut tx = ctx.store.begin_write().await.unwrap();
    let contact = setup.has_connection.then_some(*supplier);
    store::connections::set_contact(&mut tx, *connection, contact).await.unwrap();
    // This is also what forgets a pause.
    let forget = !setup.has_token;
    store::connections::set_endpoint(&mut tx, *connection, "http://127.0.0.1:9", forget, ctx.now())
        .await
        .unwrap();
    if setup.has_token {
        store::connections::set_token(&mut tx, *connection, b"sealed", "wxyz").await.unwrap();
    }
    if let Some(test) = &setup.test {
        store::connections::set_test(&mut tx, *connection, test, setup.state).await.unwrap();
    }
    tx.commit().await.unwrap();
}

impl Setup {
    fn fine(company: &Company) -> Self {
        let now = company.ctx.now();
        let identity = PartnerIdentity {
            instance_id: InstanceId(company.connection.0),
            epoch: 1,
            company_name: "Nordvik".into(),
            org_number: String::new(),
            address: Address::default(),
            contact_persons: Vec::new(),
            extension_on: true,
            scopes: Scope::ALL.to_vec(),
            token_expires_at: now.plus_seconds(90 * 86_400),
            api_versions: vec!["1".into()],
            product_version: "1".into(),
        };
        let line = OrderLineInput {
            description: "Skrue".into(),
            supplier_article_number: "BF-1".into(),
            quantity: "20".into(),
            unit: "EA".into(),
            unit_price: "2,50".into(),
            ..OrderLineInput::default()
        };
        let order = OrderInput {
            supplier_id: company.supplier.to_string(),
            lines: vec![line],
            ..OrderInput::default()
        };
        Self {
            extension_on: true,
            has_connection: true,
            has_token: true,
            state: ConnectionState::Verified,
            test: Some(ConnectionTest {
                at: now,
                duration_ms: 3,
                failure: None,
                identity: Some(identity),
                missing_scopes: Vec::new(),
                differences: Some(Vec::new()),
                known_there: Some(KnownThere::Yes { differences: Vec::new() }),
            }),
            order,
            sent_before: false,
        }
    }

    fn test(&mut self) -> &mut ConnectionTest {
        self.test.as_mut().unwrap()
    }

    fn identity(&mut self) -> &mut PartnerIdentity {
        self.test().identity.as_mut().unwrap()
    }
}
