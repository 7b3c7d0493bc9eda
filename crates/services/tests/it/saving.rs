//! Forms over one order: sent again, over others' changes, and chosen between.

use domain::contacts::ContactInput;
use domain::errors::ErrorCode;
use domain::ids::{FormKey, UserId};
use domain::matching::{LineFacts, OwnArticle, OwnNumber};
use domain::orders::{OrderDifference, OrderInput, OrderLineInput, OrderStatus};
use domain::roles::Role;
use services::orders::{self, FormSaved, FormState, SavedOrder};
use services::{Actor, Ctx};

use crate::harness::on_both;

on_both!(
    a_form_that_is_sent_again_makes_one_order,
    a_form_is_not_asked_about_its_own_changes,
    what_two_people_did_in_other_fields_is_put_together,
    the_same_field_is_asked_about_and_nothing_is_lost,
    one_sitting_is_one_entry_in_the_timeline,
    lines_keep_their_ids,
    a_date_seen_from_today_is_written_out,
    the_chosen_supplier_is_always_offered,
    a_price_for_another_unit_is_not_taken,
    a_number_written_otherwise_is_shown_and_not_taken,
    an_order_opens_with_what_the_last_save_told,
    what_was_typed_before_a_deletion_is_asked_about,
);

fn line(number: &str, quantity: &str) -> OrderLineInput {
    OrderLineInput {
        article_number: number.to_owned(),
        description: format!("Vare {number}"),
        quantity: quantity.to_owned(),
        unit_price: "10".to_owned(),
        ..OrderLineInput::default()
    }
}

fn input(lines: &[(&str, &str)]) -> OrderInput {
    OrderInput {
        lines: lines.iter().map(|(number, quantity)| line(number, quantity)).collect(),
        ..OrderInput::default()
    }
}

fn person(ctx: &Ctx, name: &str) -> Ctx {
    let role = Role::Administrator;
    ctx.acting_as(Actor::User { user_id: ctx.new_id::<UserId>(), name: name.to_owned(), role })
}

fn key(ctx: &Ctx) -> FormKey {
    ctx.new_id()
}

fn saved(outcome: FormSaved) -> SavedOrder {
    match outcome {
        FormSaved::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

/// The text in the form's fields, and the version.
async fn form(ctx: &Ctx, number: &str) -> (OrderInput, i64) {
    let form = orders::form(ctx, Some(number)).await.unwrap();
    (form.input, form.order.unwrap().version)
}

async fn count(ctx: &Ctx) -> i64 {
    let page = domain::paging::PageRequest::of(1);
    orders::list(ctx, &domain::orders::OrderFilter::default(), page).await.unwrap().total
}

async fn a_form_that_is_sent_again_makes_one_order(ctx: Ctx) {
    let form_key = Some(key(&ctx));
    let first = FormState { form_key, input: input(&[("A", "1")]), ..FormState::default() };
    let sent = saved(orders::save_form(&ctx, first.clone()).await.unwrap());
    // The answer is lost; more is typed; the form still knows of no order.
    let again = FormState { input: input(&[("A", "1"), ("B", "2")]), ..first.clone() };
    let second = saved(orders::save_form(&ctx, again).await.unwrap());
    assert_eq!((count(&ctx).await, second.order_id), (1, sent.order_id));
    assert_eq!(form(&ctx, &sent.number).await.0.lines.len(), 2);
    // At once, as a form does that loses patience.
    let form_key = Some(key(&ctx));
    let twice = || {
        orders::save_form(&ctx, FormState { form_key, input: input(&[("C", "1")]), ..FormState::default() })
    };
    let (one, other) = tokio::join!(twice(), twice());
    assert_eq!(saved(one.unwrap()).order_id, saved(other.unwrap()).order_id);
    assert_eq!(count(&ctx).await, 2);
    // What was deleted is not made again by a late try.
    orders::delete_draft(&ctx, sent.order_id).await.unwrap();
    let late = orders::save_form(&ctx, first).await.unwrap_err();
    assert_eq!(late.refusal().code, ErrorCode::NotFound);
}

async fn a_form_is_not_asked_about_its_own_changes(ctx: Ctx) {
    let form_key = Some(key(&ctx));
    let mut state = FormState { form_key, input: input(&[("A", "1")]), ..FormState::default() };
    let first = saved(orders::save_form(&ctx, state.clone()).await.unwrap());
    state.order_id = Some(first.order_id);
    state.version = first.version;
    state.input.lines[0].line_id.clone_from(&first.line_ids[0]);
    state.input.lines[0].quantity = "12".to_owned();
    saved(orders::save_form(&ctx, state.clone()).await.unwrap());
    // That answer is lost as well, and the typing goes on in the same field.
    state.input.lines[0].quantity = "120".to_owned();
    let third = saved(orders::save_form(&ctx, state.clone()).await.unwrap());
    let (now, version) = form(&ctx, &first.number).await;
    assert_eq!((now.lines[0].quantity.as_str(), version), ("120", third.version));
    // Saved again without a change, it stays the same version.
    state.version = third.version;
    assert_eq!(saved(orders::save_form(&ctx, state).await.unwrap()).version, third.version);
}

async fn what_two_people_did_in_other_fields_is_put_together(ctx: Ctx) {
    let (kari, ola) = (person(&ctx, "Kari"), person(&ctx, "Ola"));
    let made = orders::create(&kari, input(&[("A", "1"), ("B", "2")])).await.unwrap();
    let (seen, version) = form(&kari, &made.number).await;

    let mut by_ola = seen.clone();
    by_ola.note = "Hall B".to_owned();
    by_ola.lines[1].quantity = "20".to_owned();
    by_ola.lines.push(line("O", "5"));
    orders::save(&ola, made.order_id, version, by_ola).await.unwrap();

    let mut by_kari = seen.clone();
    by_kari.lines[0].quantity = "10".to_owned();
    by_kari.lines.push(line("K", "7"));
    let state =
        FormState { order_id: Some(made.order_id), version, form_key: Some(key(&ctx)), input: by_kari };
    let FormSaved::Merged { saved, input: shown, came_in, by } =
        orders::save_form(&kari, state).await.unwrap()
    else {
        panic!("not merged")
    };
    assert_eq!(by, ["Ola"]);
    assert_eq!(came_in.len(), 3, "{came_in:?}");
    let (now, version) = form(&kari, &made.number).await;
    assert_eq!((version, now.note.as_str()), (saved.version, "Hall B"));
    let lines = |input: &OrderInput| {
        input
            .lines
            .iter()
            .map(|line| format!("{}:{}", line.article_number, line.quantity))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&now), ["A:10", "B:20", "K:7", "O:5"]);
    assert_eq!(lines(&shown), lines(&now));
    let ids = |input: &OrderInput| input.lines.iter().map(|line| line.line_id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&shown), saved.line_ids), (ids(&now), ids(&now)));
}

async fn the_same_field_is_asked_about_and_nothing_is_lost(ctx: Ctx) {
    let (kari, ola) = (person(&ctx, "Kari"), person(&ctx, "Ola"));
    let made = orders::create(&kari, input(&[("A", "1"), ("B", "2")])).await.unwrap();
    let (seen, version) = form(&kari, &made.number).await;
    let mut by_ola = seen.clone();
    by_ola.lines[0].quantity = "12".to_owned();
    by_ola.our_reference = "Ola".to_owned();
    let by_ola = orders::save(&ola, made.order_id, version, by_ola).await.unwrap();

    let mut by_kari = seen.clone();
    by_kari.lines[0].quantity = "tolv".to_owned();
    by_kari.note = "Haster".to_owned();
    let state = FormState { order_id: Some(made.order_id), version, form_key: None, input: by_kari.clone() };
    let FormSaved::Conflict(conflict) = orders::save_or_keep(&kari, state).await.unwrap() else {
        panic!("not asked")
    };
    assert_eq!((conflict.version, conflict.by.as_slice()), (by_ola.version, &["Ola".to_owned()][..]));
    let pointers: Vec<&str> =
        conflict.merged.conflicts.iter().map(|conflict| conflict.pointer.as_str()).collect();
    assert_eq!(pointers, ["/lines/0/quantity"]);
    // Nothing was saved, and what was typed is kept.
    assert_eq!(form(&kari, &made.number).await.1, by_ola.version);
    let conflict_id = conflict.conflict_id.unwrap();
    assert_eq!(orders::conflict(&kari, conflict_id).await.unwrap().merged, conflict.merged);

    // Ola goes on: what is chosen over an older version is asked about again.
    let (mut more, version) = form(&ola, &made.number).await;
    more.lines[1].quantity = "3".to_owned();
    orders::save(&ola, made.order_id, version, more).await.unwrap();
    let again = orders::resolve(&kari, conflict_id, conflict.version, Vec::new()).await.unwrap();
    let FormSaved::Conflict(again) = again else { panic!("not asked again") };
    let theirs = vec!["/lines/0/quantity".to_owned()];
    saved(orders::resolve(&kari, conflict_id, again.version, theirs).await.unwrap());
    let (now, _) = form(&kari, &made.number).await;
    assert_eq!((now.note.as_str(), now.our_reference.as_str()), ("Haster", "Ola"));
    assert_eq!((now.lines[0].quantity.as_str(), now.lines[1].quantity.as_str()), ("12", "3"));
    assert!(orders::conflict(&kari, conflict_id).await.is_err(), "chosen once");
}

async fn one_sitting_is_one_entry_in_the_timeline(ctx: Ctx) {
    let (kari, ola) = (person(&ctx, "Kari"), person(&ctx, "Ola"));
    let made = orders::create(&kari, input(&[("A", "1")])).await.unwrap();
    for (who, quantity) in [(&kari, "2"), (&kari, "3"), (&ola, "4"), (&kari, "5"), (&kari, "6")] {
        let (mut now, version) = form(who, &made.number).await;
        now.lines[0].quantity = quantity.to_owned();
        orders::save(who, made.order_id, version, now).await.unwrap();
    }
    let timeline = orders::detail(&ctx, &made.number).await.unwrap().timeline;
    let told: Vec<_> = timeline.iter().map(|entry| (entry.kind.as_str(), entry.actor.as_str())).collect();
    let expected = [
        ("order_created", "Kari"),
        ("order_changed", "Kari"),
        ("order_changed", "Ola"),
        ("order_changed", "Kari"),
    ];
    assert_eq!(told, expected);
    let versions = orders::versions(&ctx, &made.number).await.unwrap();
    let who: Vec<&str> = versions.iter().map(|version| version.actor.as_str()).collect();
    assert_eq!(who, ["Kari", "Ola", "Kari"]);
    let [OrderDifference::Line { field, old, new, .. }] = versions[0].differences.as_slice() else {
        panic!("{versions:?}")
    };
    assert_eq!((field.as_str(), old.as_str(), new.as_str()), ("quantity", "4", "6"));
    assert!(matches!(
        versions[2].differences[..],
        [OrderDifference::Head { .. }, ..] | [OrderDifference::Added { .. }, ..]
    ));
    // Open pages have been told of the last state all the same.
    let events = services::live::after(&ctx, 0, 100).await.unwrap().events;
    assert!(events.len() >= 4);
}

async fn lines_keep_their_ids(ctx: Ctx) {
    let form_key = key(&ctx);
    let other = orders::create(&ctx, input(&[("X", "1")])).await.unwrap();
    let mut typed = input(&[("A", "1"), ("", ""), ("B", "2"), ("C", "3"), ("D", "4")]);
    typed.lines[1] = OrderLineInput::default();
    typed.lines[2].line_id = form_key.line_id(0).to_string();
    typed.lines[3].line_id = form_key.line_id(0).to_string();
    typed.lines[4].line_id.clone_from(&other.line_ids[0]);
    let state = FormState { form_key: Some(form_key), input: typed, ..FormState::default() };
    let made = saved(orders::save_form(&ctx, state).await.unwrap());
    assert_eq!(
        made.refusal.as_ref().map(|refusal| refusal.errors.len()),
        Some(1),
        "only the supplier is missing"
    );
    assert_eq!((made.line_ids.len(), made.line_ids[1].as_str()), (5, ""));
    assert_eq!(made.line_ids[2], form_key.line_id(0).to_string(), "the form's own id stays");
    assert_ne!(made.line_ids[3], made.line_ids[2], "one id is one line's");
    assert_ne!(made.line_ids[4], other.line_ids[0], "and not another order's");
    // Also while something cannot be read.
    let (mut now, version) = form(&ctx, &made.number).await;
    now.lines[0].quantity = "mange".to_owned();
    let ids: Vec<String> = now.lines.iter().map(|line| line.line_id.clone()).collect();
    let kept = orders::save(&ctx, made.order_id, version, now).await.unwrap();
    assert_eq!(kept.line_ids, ids);
    assert_eq!(orders::detail(&ctx, &made.number).await.unwrap().order.status, OrderStatus::Draft);
}

async fn a_date_seen_from_today_is_written_out(ctx: Ctx) {
    let mut typed = input(&[("A", "mange")]);
    typed.requested_delivery_date = "+7".to_owned();
    let made = orders::create(&ctx, typed).await.unwrap();
    let in_a_week = ctx.today().plus_days(7).unwrap().to_string();
    let (now, _) = form(&ctx, &made.number).await;
    let written: Vec<&str> = now.requested_delivery_date.split('.').rev().collect();
    assert_eq!(written.join("-"), in_a_week);
}

async fn the_chosen_supplier_is_always_offered(ctx: Ctx) {
    let most = domain::paging::MAX_PAGE_SIZE;
    let mut last = None;
    for place in 0..=most {
        let name = format!("Leverandør {place:03}");
        let supplier = ContactInput { name, is_supplier: true, ..ContactInput::default() };
        last = Some(services::contacts::add(&ctx, supplier).await.unwrap());
    }
    let offered = async |ctx: &Ctx, number: &str| {
        let suppliers = orders::form(ctx, Some(number)).await.unwrap().suppliers;
        (suppliers.len(), suppliers.iter().any(|known| Some(known.contact_id) == last))
    };
    let most = usize::try_from(most).unwrap();
    let without = orders::create(&ctx, input(&[("A-1", "1")])).await.unwrap();
    assert_eq!(offered(&ctx, &without.number).await, (most, false));
    let supplier_id = last.unwrap().to_string();
    let with = OrderInput { supplier_id, ..input(&[("A-1", "1")]) };
    let with = orders::create(&ctx, with).await.unwrap();
    assert_eq!(offered(&ctx, &with.number).await, (most + 1, true));
}

async fn a_price_for_another_unit_is_not_taken(ctx: Ctx) {
    let article = domain::articles::ArticleInput {
        number: "BOX-1".to_owned(),
        name: "Skrue".to_owned(),
        price: "2".to_owned(),
        ..domain::articles::ArticleInput::default()
    };
    services::articles::add(&ctx, article).await.unwrap();
    let asks = async |unit: &str, currency: &str| {
        let mut typed = input(&[("BOX-1", "1")]);
        typed.lines[0].unit = unit.to_owned();
        typed.lines[0].unit_price.clear();
        typed.currency = currency.to_owned();
        let made = orders::create(&ctx, typed).await.unwrap();
        let errors = made.refusal.unwrap().errors;
        errors.iter().any(|error| error.pointer == "/lines/0/unit_price" && error.code == ErrorCode::Required)
    };
    for unit in ["", "EA", "stk"] {
        assert!(!asks(unit, "").await, "{unit}");
    }
    assert!(!asks("", "nok").await);
    assert!(asks("XPK", "").await);
    assert!(asks("", "EUR").await);
}

async fn a_number_written_otherwise_is_shown_and_not_taken(ctx: Ctx) {
    for number in ["101003", "0-42", "042"] {
        let article = domain::articles::ArticleInput {
            number: number.to_owned(),
            name: format!("Artikkel {number}"),
            price: "2".to_owned(),
            ..domain::articles::ArticleInput::default()
        };
        services::articles::add(&ctx, article).await.unwrap();
    }
    let judged = async |number: &str| {
        let facts = LineFacts { article_number: number.to_owned(), ..LineFacts::default() };
        orders::judge_lines(&ctx, None, vec![facts]).await.unwrap().remove(0).own
    };
    let alike = |numbers: &[&str]| {
        let article =
            |number: &&str| OwnArticle { number: (*number).to_owned(), name: format!("Artikkel {number}") };
        OwnNumber::Alike(numbers.iter().map(article).collect())
    };
    assert_eq!(judged("10 1003").await, alike(&["101003"]));
    assert_eq!(judged("0101003").await, alike(&["101003"]));
    assert_eq!(judged("42").await, alike(&["0-42", "042"]));
    assert_eq!(judged("101003").await, OwnNumber::Settled);
    assert_eq!(judged("").await, OwnNumber::Settled);
    assert_eq!(judged("99123").await, OwnNumber::Unknown);
    // Saving does not put it right by itself either.
    let mut typed = input(&[("10 1003", "1")]);
    typed.lines[0].description.clear();
    let made = orders::create(&ctx, typed).await.unwrap();
    let faults = made.refusal.unwrap().errors;
    assert!(faults.iter().any(|fault| fault.code == ErrorCode::ArticleUnknown), "{faults:?}");
    assert_eq!(form(&ctx, &made.number).await.0.lines[0].article_number, "10 1003");
    // Nor does pasting.
    let pasted = orders::paste(&ctx, made.order_id, "Artikkelnr.\tAntall\n10-1003\t4\n").await.unwrap();
    assert_eq!(form(&ctx, &pasted.order.number).await.0.lines[1].article_number, "10-1003");
    // An article of before the search is ours all the same.
    let mut tx = ctx.store.begin_write().await.unwrap();
    store::search::forget_all(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(judged("101003").await, OwnNumber::Settled);
}

async fn what_was_typed_before_a_deletion_is_asked_about(ctx: Ctx) {
    let made = orders::create(&ctx, input(&[("A", "1")])).await.unwrap();
    let (seen, version) = form(&ctx, &made.number).await;
    let mut newer = seen.clone();
    newer.lines[0].quantity = "12".to_owned();
    orders::save(&ctx, made.order_id, version, newer).await.unwrap();
    let deleted = orders::delete_draft(&ctx, made.order_id).await.unwrap();
    orders::undo(&ctx, deleted).await.unwrap();
    let (restored, now) = form(&ctx, &made.number).await;
    for stale in [version, now + 7] {
        let mut input = seen.clone();
        input.note = "Haster".to_owned();
        let state = FormState { order_id: Some(made.order_id), version: stale, form_key: None, input };
        let FormSaved::Conflict(conflict) = orders::save_form(&ctx, state).await.unwrap() else {
            panic!("not asked")
        };
        let pointers: Vec<&str> =
            conflict.merged.conflicts.iter().map(|conflict| conflict.pointer.as_str()).collect();
        assert_eq!(pointers, ["/lines/0/quantity"]);
        assert_eq!(form(&ctx, &made.number).await, (restored.clone(), now));
    }
    // Typed over what was put back, nothing is asked.
    let mut input = restored;
    input.note = "Haster".to_owned();
    orders::save(&ctx, made.order_id, now, input).await.unwrap();
}

async fn an_order_opens_with_what_the_last_save_told(ctx: Ctx) {
    let supplier = ContactInput { name: "Fjord Stål AS".into(), is_supplier: true, ..Default::default() };
    let supplier = services::contacts::add(&ctx, supplier).await.unwrap().to_string();
    let unnamed = |number: &str| OrderLineInput { description: String::new(), ..line(number, "1") };
    let check = async |supplier_id: &str, lines: Vec<OrderLineInput>| {
        let typed = OrderInput { supplier_id: supplier_id.to_owned(), lines, ..OrderInput::default() };
        let made = orders::create(&ctx, typed.clone()).await.unwrap();
        let opened = orders::form(&ctx, Some(&made.number)).await.unwrap();
        assert_eq!(opened.refusal, made.refusal, "{typed:?}");
        made.refusal.map_or(0, |refusal| refusal.errors.len())
    };
    let nobody = ctx.new_id::<domain::ids::ContactId>().to_string();
    let without_price = || OrderLineInput { unit_price: String::new(), ..line("B", "2") };
    assert_eq!(check(&supplier, vec![line("A", "1")]).await, 0);
    assert_eq!(check("", vec![line("A", "1")]).await, 1, "the supplier is missing");
    assert_eq!(check(&supplier, vec![]).await, 1, "lines are missing");
    assert_eq!(check("", vec![line("A", "1"), without_price()]).await, 2, "and a price");
    assert_eq!(check(&supplier, vec![unnamed("99123"), line("A", "1")]).await, 1, "nobody has the number");
    assert_eq!(check(&nobody, vec![line("A", "mange"), unnamed("99123")]).await, 3, "everything at once");
}
