//! Templates, copies of orders, links and presence: ids of nothing, names that are no names, too much at once. And files for an order's
//! lines and a supplier's catalogue that are neither.

use axum::body::Body;
use domain::contacts::ContactInput;
use domain::roles::Role;
use http::{Request, header};

use super::World;
use super::rows::changed;
use super::screens::{Person, Row, endless};
use crate::pair::{Backend, on_both_databases};

on_both_databases!(
    templates_and_copies,
    links_and_presence,
    files_for_orders,
    a_refused_file_is_shown_again_and_not_in_the_session
);

/// An id as ours are, of nothing.
const NOBODY: &str = "019a9d5e-0000-7000-8000-00000000dead";
const FORM: &str = "multipart/form-data; boundary=grense";

fn row(name: &str, request: Request<Body>, status: u16, code: &'static str) -> Row {
    (name.to_owned(), request, status, code, "")
}

async fn templates_and_copies(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let long = "x".repeat(101);
    let mut rows: Vec<Row> = Vec::new();
    for (function, field) in [
        ("duplicate_order", "order_id"),
        ("lines_of_order", "order_id"),
        ("remove_order_template", "template_id"),
        ("restore_order_template", "template_id"),
        ("start_order_from_template", "template_id"),
    ] {
        let posts = |value: &str| person.posts(function, &[(field, value)]);
        rows.push(row(&format!("B-52 {function} of no id"), posts("no-id"), 422, "missing_field"));
        rows.push(row(
            &format!("B-52 {function} of nothing"),
            person.posts(function, &[]),
            422,
            "missing_field",
        ));
        rows.push(row(&format!("— {function} of nobody's"), posts(NOBODY), 404, "not_found"));
    }
    let saves = |name: &str| person.posts("save_order_template", &[("order_id", NOBODY), ("name", name)]);
    let renames =
        |name: &str| person.posts("rename_order_template", &[("template_id", NOBODY), ("name", name)]);
    for (what, name, code) in [
        ("no name", "", "required"),
        ("spaces", "   ", "required"),
        ("101 characters", long.as_str(), "too_long"),
        ("two lines", "a\nb", "invalid_character"),
    ] {
        rows.push((format!("B-81 a template with {what}"), saves(name), 422, "validation_failed", code));
        rows.push((format!("B-81 renamed to {what}"), renames(name), 422, "validation_failed", code));
    }
    rows.push(row("— a template of nobody's order", saves("Mandag"), 404, "not_found"));
    rows.push(row("— another name for nobody's", renames("Mandag"), 404, "not_found"));
    let picked = [("order_id", NOBODY), ("from", NOBODY), ("picked[0]", "0")];
    rows.push(row(
        "— lines of nobody's order",
        person.posts("add_previous_lines", &picked),
        404,
        "not_found",
    ));
    let negative = [("order_id", NOBODY), ("from", NOBODY), ("picked[0]", "-1")];
    rows.push(row(
        "— a line before the first",
        person.posts("add_previous_lines", &negative),
        422,
        "missing_field",
    ));
    person.run(rows).await;

    let reader = Person::in_role(&world, Role::Reader).await;
    let forbidden = ["duplicate_order", "save_order_template", "list_order_templates", "add_previous_lines"];
    let rows = forbidden.map(|function| {
        row(&format!("— {function} of a reader"), reader.posts(function, &[]), 403, "forbidden")
    });
    reader.run(rows.into()).await;
}

async fn links_and_presence(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let long = "x".repeat(500);
    let pair = |written: &str, partner: &str| {
        let fields = [
            ("input[supplier_id]", NOBODY),
            ("input[written_number]", written),
            ("input[partner_number]", partner),
        ];
        person.posts("confirm_link", &fields)
    };
    let many: Vec<(String, String)> =
        (0..201).map(|at| (format!("pairs[{at}]"), "1\tA\t2".to_owned())).collect();
    let mut many: Vec<(&str, &str)> =
        many.iter().map(|(name, pair)| (name.as_str(), pair.as_str())).collect();
    many.push(("supplier_id", NOBODY));
    let corrects = |to: &str| {
        let fields = [("article_id", NOBODY), ("supplier_id", NOBODY), ("from", "1"), ("to", to)];
        person.posts("correct_number", &fields)
    };
    let presence =
        |order: &str, tab: &str| person.posts("note_presence", &[("order_id", order), ("tab", tab)]);
    let refused = |name: &str, request, field| (name.to_owned(), request, 422, "validation_failed", field);
    let rows: Vec<Row> = vec![
        refused("B-81 a link to no number", pair("1", ""), "required"),
        refused("B-81 a link from no number", pair("", "1"), "required"),
        refused("B-81 a number of 500 characters", pair(&long, "1"), "invalid_character"),
        refused("— a link at nobody", pair("1", "2"), "connection_missing"),
        row("— a link without a supplier", person.posts("confirm_link", &[]), 422, "missing_field"),
        refused("— no links at once", person.posts("confirm_links", &[("supplier_id", NOBODY)]), "required"),
        row("B-79 201 links at once", person.posts("confirm_links", &many), 422, "too_many_lines"),
        row("— taking back what is no id", person.posts("undo_link", &[("ids", "x,y")]), 400, "invalid_id"),
        row("— taking back nobody's", person.posts("undo_link", &[("ids", NOBODY)]), 404, "not_found"),
        refused("B-81 a number corrected to nothing", corrects(""), "required"),
        row("— a number of no article", corrects("2"), 404, "not_found"),
        row("B-52 presence at no id", presence("x", NOBODY), 422, "missing_field"),
        row("B-52 presence in no window", presence(NOBODY, "x"), 422, "missing_field"),
    ];
    person.run(rows).await;

    // An order that is gone is looked at by nobody, which is no fault: the page may be older than that.
    let before = world.database.rows().await;
    let answer = world.site.send(presence(NOBODY, NOBODY)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    assert_eq!(changed(&before, &world.database.rows().await), Vec::<String>::new());
}

/// As a browser posts it.
fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, FORM)
        .header("sec-fetch-site", "same-origin")
        .body(body.into())
        .unwrap()
}

fn form(file: &[u8]) -> Vec<u8> {
    let head =
        b"--grense\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n".as_slice();
    [head, file, b"\r\n--grense--\r\n"].concat()
}

async fn files_for_orders(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let reader = Person::in_role(&world, Role::Reader).await;
    let supplier = ContactInput { name: "Bolt".into(), is_supplier: true, ..ContactInput::default() };
    let supplier = services::contacts::add(&world.site.ctx, supplier).await.unwrap();
    let catalogue = format!("/filer/katalog/{supplier}");
    let large = || form(&vec![b'x'; services::imports::MAX_BYTES + 1]);
    let mut wrong = Vec::new();
    let mut cases: Vec<(String, Request<Body>)> = Vec::new();
    for path in [catalogue.as_str(), "/filer/ordrelinjer"] {
        for (what, body) in [
            ("B-74 10 MiB and a byte", large()),
            ("B-75 an old workbook", form(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0")),
            ("B-76 an empty file", form(b"")),
            ("B-76 no form", b"a=b".to_vec()),
        ] {
            cases.push((format!("{what} at {path}"), person.sends(post(path, body))));
        }
        cases.push((format!("B-74 without end at {path}"), person.sends(post(path, endless()))));
        cases.push((format!("— a reader at {path}"), reader.sends(post(path, form(b"VH;EFONELFO;4.0")))));
        cases.push((format!("— nobody at {path}"), post(path, form(b"VH;EFONELFO;4.0"))));
    }
    cases.push(("B-52 no supplier's id".to_owned(), person.sends(post("/filer/katalog/x", form(b"a")))));
    cases.push((
        "— nobody's catalogue".to_owned(),
        person.sends(post(&format!("/filer/katalog/{NOBODY}"), form(b"VH;EFONELFO;4.0;"))),
    ));
    cases.push((
        "— nobody's order".to_owned(),
        person.sends(post("/filer/ordrelinjer/PO-0000-00000", form(b"number;quantity\nA;1\n"))),
    ));
    for (name, request) in cases {
        let before = world.database.rows().await;
        let answer = world.site.send(request).await;
        let status = answer.status.as_u16();
        // Told to a script with a code, or by a page that says what was wrong; never a fault of ours.
        let is_told = (400..500).contains(&status)
            || (status == 303
                && ["feil=", "/logg-inn"].iter().any(|part| answer.header("location").contains(part)));
        if !is_told {
            wrong.push(format!("{name}: {status} {} {:.200}", answer.header("location"), answer.text()));
        }
        let differing = changed(&before, &world.database.rows().await);
        if !differing.is_empty() {
            wrong.push(format!("{name}: rows changed in {differing:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn a_refused_file_is_shown_again_and_not_in_the_session(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let order =
        services::orders::create(&world.site.ctx, domain::orders::OrderInput::default()).await.unwrap();
    let words = "Sekskantskrue ".repeat(14);
    let rows: String = (1..=900).map(|row| format!("A-1;{words}{row};-{row}\n")).collect();
    let file = form(format!("number;description;quantity\n{rows}").as_bytes());
    let path = format!("/filer/ordrelinjer/{}", order.number);
    let answer = world.site.send(person.sends(post(&path, file))).await;
    let page = format!("/ordre/innkjopsordre/{}/lim-inn", order.number);
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, page.as_str()));
    let rows = world.database.rows().await;
    assert_eq!(rows["import_upload"].len(), 1, "the text lies where files wait");
    let largest = rows["session"].iter().map(String::len).max().unwrap();
    assert!(largest < 64 * 1024, "a session has {largest} bytes");

    let shown = world.site.get(&page, Some(&person.cookie)).await.text();
    assert!(shown.contains("Sekskantskrue 900\t-900"), "the rows are in the field: {shown:.2000}");
    assert!(world.database.rows().await["import_upload"].is_empty(), "it is taken once");
    let again = world.site.get(&page, Some(&person.cookie)).await.text();
    assert!(!again.contains("Sekskantskrue"));
    assert!(services::orders::detail(&world.site.ctx, &order.number).await.unwrap().order.lines.is_empty());
}
