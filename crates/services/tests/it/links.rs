//! Confirming, rejecting and taking back, and what it means for the next order.

use domain::articles::{ArticleInput, ArticleStatus};
use domain::contacts::ContactInput;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::links::{DecisionView, LinePlace, LinkInput, LinkView, MAX_CONFIRMED, Verdict};
use domain::matching::{LineDifference, LineFacts, Match, MatchLevel, MatchReason, PartnerArticle};
use domain::orders::{OrderInput, OrderLineInput, PurchaseOrder};
use services::{Ctx, links, orders};

use crate::harness::on_both;
use crate::logs::connected;

on_both!(
    a_confirmed_link_is_remembered,
    an_own_article_brings_its_link,
    a_line_has_its_number_back,
    what_is_not_the_same_is_not_proposed,
    many_are_confirmed_at_once,
    links_are_searched_for,
    every_decision_is_listed_and_taken_back,
    what_cannot_be_linked_is_refused,
    a_misspelled_number_is_corrected,
);

fn listed(number: &str) -> PartnerArticle {
    PartnerArticle {
        number: number.to_owned(),
        name: "Sekskantskrue M10x50 A4".to_owned(),
        unit: "EA".to_owned(),
        price: Some("2".parse().unwrap()),
        price_base_quantity: "1".parse().unwrap(),
        currency: "NOK".to_owned(),
        gtin: None,
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    }
}

/// A supplier whose catalogue has these numbers.
pub(crate) async fn supplier_with(ctx: &Ctx, numbers: &[&str]) -> (Ctx, ContactId) {
    let supplier = ContactInput { name: "Nordvik".into(), is_supplier: true, ..ContactInput::default() };
    let supplier = services::contacts::add(ctx, supplier).await.unwrap();
    let (ctx, _, connection) = connected(ctx, "http://127.0.0.1:9".to_owned()).await;
    let mut tx = ctx.store.begin_write().await.unwrap();
    let articles: Vec<PartnerArticle> = numbers.iter().map(|number| listed(number)).collect();
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    store::connections::set_catalogue_cursor(
        &mut tx,
        connection,
        "1",
        articles.len().try_into().unwrap(),
        Some(ctx.now()),
    )
    .await
    .unwrap();
    store::connections::set_contact(&mut tx, connection, Some(supplier)).await.unwrap();
    tx.commit().await.unwrap();
    (ctx, supplier)
}

async fn own_article(ctx: &Ctx, number: &str, written: Option<&str>, supplier: ContactId) {
    let input = ArticleInput {
        number: number.to_owned(),
        name: "Sekskantskrue M10x50 A4".to_owned(),
        price: "2".to_owned(),
        ..ArticleInput::default()
    };
    let id = services::articles::add(ctx, input).await.unwrap();
    if let Some(written) = written {
        let mut tx = ctx.store.begin_write().await.unwrap();
        store::articles::set_supplier_number(&mut tx, id, supplier, written).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) fn pair(supplier_id: ContactId, written: &str, own: &str, partner: &str) -> LinkInput {
    LinkInput {
        supplier_id,
        written_number: written.to_owned(),
        article_number: own.to_owned(),
        partner_number: partner.to_owned(),
    }
}

/// An order with one line, and how the line is judged.
pub(crate) async fn order(
    ctx: &Ctx,
    supplier: ContactId,
    own: &str,
    written: &str,
) -> (PurchaseOrder, Match) {
    let line = OrderLineInput {
        article_number: own.to_owned(),
        description: "Sekskantskrue M10x50 A4".to_owned(),
        supplier_article_number: written.to_owned(),
        quantity: "10".to_owned(),
        unit_price: "2".to_owned(),
        ..OrderLineInput::default()
    };
    let input = OrderInput { supplier_id: supplier.to_string(), lines: vec![line], ..OrderInput::default() };
    let saved = orders::create(ctx, input).await.unwrap();
    seen(ctx, &saved.number).await
}

pub(crate) async fn seen(ctx: &Ctx, number: &str) -> (PurchaseOrder, Match) {
    let detail = orders::detail(ctx, number).await.unwrap();
    (detail.order, detail.matches[0].clone())
}

/// How a line is judged while it is typed.
async fn typed(ctx: &Ctx, supplier: ContactId, own: &str, written: &str) -> Match {
    let facts = LineFacts {
        article_number: own.to_owned(),
        supplier_article_number: written.to_owned(),
        quantity: "10".parse().unwrap(),
        unit: "EA".to_owned(),
        unit_price: Some("2".parse().unwrap()),
        price_base_quantity: "1".parse().unwrap(),
        currency: "NOK".to_owned(),
        ..LineFacts::default()
    };
    orders::judge_lines(ctx, Some(supplier), vec![facts]).await.unwrap().remove(0)
}

fn is_confirmed(matched: &Match) -> bool {
    matched.level == MatchLevel::Exact && matches!(matched.reasons[..], [MatchReason::Confirmed { .. }])
}

async fn a_confirmed_link_is_remembered(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let (first, matched) = order(&ctx, supplier, "", "11O07").await;
    assert_eq!((matched.level, matched.score), (MatchLevel::Likely, 94));
    let place = LinePlace { order_id: first.order_id, line_id: first.lines[0].line_id };
    let made = links::confirm(&ctx, pair(supplier, "11O07", "", "11007"), Some(place)).await.unwrap();
    let (first, matched) = seen(&ctx, &first.number).await;
    assert_eq!(first.lines[0].supplier_article_number, "11007");
    assert!(is_confirmed(&matched), "{:?}", matched.reasons);
    // The next order, typed the same way.
    assert!(is_confirmed(&typed(&ctx, supplier, "", " 11O07 ").await));
    let (next, matched) = order(&ctx, supplier, "", "11O07").await;
    assert_eq!(next.lines[0].supplier_article_number, "11007");
    assert!(is_confirmed(&matched));
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(typed(&ctx, supplier, "", "11O07").await.level, MatchLevel::Likely);
    // Both lines that got their number by it have their own back.
    for number in [&first.number, &next.number] {
        let (order, matched) = seen(&ctx, number).await;
        assert_eq!(order.lines[0].supplier_article_number, "11O07");
        assert_eq!(matched.level, MatchLevel::Likely);
    }
    // What somebody wrote identically stays it, for its own reason.
    let (_, matched) = order(&ctx, supplier, "", "11007").await;
    assert_eq!(matched.reasons, [MatchReason::SameNumber]);
}

async fn an_own_article_brings_its_link(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "B-2"]).await;
    own_article(&ctx, "A-100", Some("11O07"), supplier).await;
    own_article(&ctx, "A-200", None, supplier).await;
    links::confirm(&ctx, pair(supplier, "11O07", "A-100", "11007"), None).await.unwrap();
    links::confirm(&ctx, pair(supplier, "", "A-200", "B-2"), None).await.unwrap();
    for (own, written, expected) in
        [("A-100", "", "11007"), ("A-200", "", "B-2"), ("A-100", "11O07", "11007"), ("A-100", "B-2", "B-2")]
    {
        assert_eq!(typed(&ctx, supplier, own, written).await.level, MatchLevel::Exact, "{own} {written}");
        let (order, matched) = order(&ctx, supplier, own, written).await;
        assert_eq!(order.lines[0].supplier_article_number, expected, "{own} {written}");
        assert_eq!(matched.level, MatchLevel::Exact, "{own} {written}");
    }
}

async fn a_line_has_its_number_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let (order, _) = order(&ctx, supplier, "", "11O07").await;
    let place = LinePlace { order_id: order.order_id, line_id: order.lines[0].line_id };
    let confirmed = || links::confirm(&ctx, pair(supplier, "11O07", "", "11007"), Some(place));
    let made = confirmed().await.unwrap();
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    let (order, matched) = seen(&ctx, &order.number).await;
    assert_eq!(
        (order.lines[0].supplier_article_number.as_str(), matched.level),
        ("11O07", MatchLevel::Likely)
    );
    // Once it is sent, or has another number, it is left alone.
    let made = confirmed().await.unwrap();
    let mut tx = ctx.store.begin_write().await.unwrap();
    let mut lines = store::orders::lookup(&mut tx, order.order_id).await.unwrap().unwrap().lines;
    lines[0].supplier_article_number = "OTHER".to_owned();
    store::orders::replace_lines(&mut tx, order.order_id, &lines).await.unwrap();
    tx.commit().await.unwrap();
    links::undo(&ctx, vec![made.supplier_link_id]).await.unwrap();
    assert_eq!(seen(&ctx, &order.number).await.0.lines[0].supplier_article_number, "OTHER");
}

async fn what_is_not_the_same_is_not_proposed(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let rejected = links::reject(&ctx, pair(supplier, "11O07", "", "11007")).await.unwrap();
    let matched = typed(&ctx, supplier, "", "11O07").await;
    assert_eq!((matched.level, matched.candidates.len()), (MatchLevel::None, 0));
    links::undo(&ctx, vec![rejected.supplier_link_id]).await.unwrap();
    assert_eq!(typed(&ctx, supplier, "", "11O07").await.level, MatchLevel::Likely);
}

async fn many_are_confirmed_at_once(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "0042", "X-9", "X.9"]).await;
    for (own, written) in [("A-1", "11O07"), ("A-2", "42"), ("A-3", "x9"), ("A-4", "NO-SUCH"), ("A-5", "X-9")]
    {
        own_article(&ctx, own, Some(written), supplier).await;
    }
    let page = |view| links::page(&ctx, supplier, view, "", "", 50);
    let numbers = |page: &domain::links::LinkPage| -> Vec<String> {
        page.rows.iter().map(|row| row.article_number.clone()).collect()
    };
    let all = page(LinkView::All).await.unwrap();
    assert_eq!((all.rows.len(), all.next.as_deref(), all.catalogue_read), (5, None, true));
    let counts = |page: &domain::links::LinkPage| -> Vec<i64> {
        assert!(page.counts.iter().all(|counted| !counted.is_at_least));
        page.counts.iter().map(|counted| counted.count).collect()
    };
    // All, confirmed, exact; the others are judged where they are asked for, and on no other page.
    assert_eq!(counts(&all), [5, 0, 1]);
    for (view, search, after) in
        [(LinkView::Misspelled, "", ""), (LinkView::Likely, "11O07", ""), (LinkView::Likely, "", "A-1")]
    {
        let page = links::page(&ctx, supplier, view, search, after, 50).await.unwrap();
        assert_eq!(counts(&page), [5, 0, 1], "{view:?} {search} {after}");
    }
    let first = links::page(&ctx, supplier, LinkView::All, "", "", 2).await.unwrap();
    assert_eq!(
        (numbers(&first), first.next.as_deref()),
        (vec!["A-1".to_owned(), "A-2".to_owned()], Some("A-2"))
    );
    let last = links::page(&ctx, supplier, LinkView::All, "", "A-3", 2).await.unwrap();
    assert_eq!((numbers(&last), last.next), (vec!["A-4".to_owned(), "A-5".to_owned()], None));
    // One whose number is nowhere has the name of several.
    assert_eq!(numbers(&page(LinkView::Several).await.unwrap()), ["A-3", "A-4"]);
    assert_eq!(numbers(&page(LinkView::Exact).await.unwrap()), ["A-5"]);
    let likely = page(LinkView::Likely).await.unwrap();
    assert_eq!(numbers(&likely), ["A-1", "A-2"]);
    // And likely, several, none.
    assert_eq!(counts(&likely), [5, 0, 1, 2, 2, 0]);
    let pairs = vec![pair(supplier, "11O07", "A-1", "11007"), pair(supplier, "42", "A-2", "0042")];
    // All or none.
    let mut spoiled = pairs.clone();
    spoiled.push(pair(supplier, "x9", "A-3", "NO-SUCH"));
    assert!(links::confirm_many(&ctx, spoiled).await.is_err());
    assert_eq!(page(LinkView::Confirmed).await.unwrap().rows.len(), 0);
    let made = links::confirm_many(&ctx, pairs).await.unwrap();
    let confirmed = page(LinkView::Confirmed).await.unwrap();
    assert_eq!(numbers(&confirmed), ["A-1", "A-2"]);
    assert_eq!(counts(&confirmed), [5, 2, 1]);
    assert_eq!(counts(&page(LinkView::None).await.unwrap()), [5, 2, 1, 0, 2, 0]);
    assert_eq!(confirmed.rows.iter().filter_map(|row| row.link).collect::<Vec<_>>(), made);
    links::undo(&ctx, made).await.unwrap();
    assert_eq!(page(LinkView::Likely).await.unwrap().rows.len(), 2);
    let too_many = vec![pair(supplier, "1", "", "2"); MAX_CONFIRMED + 1];
    assert_eq!(
        links::confirm_many(&ctx, too_many).await.unwrap_err().refusal().code,
        ErrorCode::TooManyLines
    );
}

async fn links_are_searched_for(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "0042"]).await;
    own_article(&ctx, "A-1", Some("11O07"), supplier).await;
    own_article(&ctx, "A-2", Some("42"), supplier).await;
    // Nobody has said what the supplier calls it.
    own_article(&ctx, "A-3", None, supplier).await;
    links::confirm(&ctx, pair(supplier, "42", "A-2", "0042"), None).await.unwrap();
    for (text, view, expected) in [
        ("a1", LinkView::All, vec!["A-1"]),
        ("11O07", LinkView::All, vec!["A-1"]),
        ("0042", LinkView::All, vec!["A-2"]),
        ("42", LinkView::Confirmed, vec!["A-2"]),
        ("42", LinkView::Likely, vec![]),
        ("skru m10x50", LinkView::All, vec!["A-1", "A-2"]),
        ("hammer", LinkView::All, vec![]),
    ] {
        let page = links::page(&ctx, supplier, view, text, "", 50).await.unwrap();
        let mut found: Vec<String> = page.rows.into_iter().map(|row| row.article_number).collect();
        found.sort_unstable();
        assert_eq!((found, page.next), (expected.into_iter().map(str::to_owned).collect(), None), "{text}");
    }
}

async fn every_decision_is_listed_and_taken_back(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007", "0042", "0043"]).await;
    own_article(&ctx, "A-1", None, supplier).await;
    // On a line without an article, on one without a number, and one that is not the same.
    let plain = links::confirm(&ctx, pair(supplier, "11O07", "", "11007"), None).await.unwrap();
    links::confirm(&ctx, pair(supplier, "", "A-1", "0042"), None).await.unwrap();
    let refused = links::reject(&ctx, pair(supplier, "43", "", "0043")).await.unwrap();
    let list =
        |view, text: &'static str, before, limit| links::decided(&ctx, supplier, view, text, before, limit);
    let numbers = |page: &domain::links::DecisionPage| -> Vec<String> {
        page.rows.iter().map(|row| row.link.partner_number.clone()).collect()
    };
    let first = list(DecisionView::Same, "", None, 1).await.unwrap();
    assert_eq!(
        first.counts,
        [(DecisionView::Same, 2), (DecisionView::NotSame, 1), (DecisionView::Undone, 0)]
    );
    let last = list(DecisionView::Same, "", first.next, 1).await.unwrap();
    let mut both = [numbers(&first), numbers(&last)].concat();
    both.sort_unstable();
    assert_eq!((both, last.next), (vec!["0042".to_owned(), "11007".to_owned()], None));
    let all = list(DecisionView::Same, "", None, 50).await.unwrap();
    for row in &all.rows {
        let of_article = row.link.partner_number == "0042";
        assert_eq!(row.article.as_ref().map(|(number, _)| number.as_str()), of_article.then_some("A-1"));
        assert_eq!(row.partner_name, "Sekskantskrue M10x50 A4");
        assert_eq!(row.link.decided_by, ctx.actor.name());
    }
    for (text, expected) in
        [("11O0", vec!["11007"]), ("11007", vec!["11007"]), ("a-1", vec!["0042"]), ("hammer", vec![])]
    {
        assert_eq!(numbers(&list(DecisionView::Same, text, None, 50).await.unwrap()), expected, "{text}");
    }
    links::undo(&ctx, vec![plain.supplier_link_id, refused.supplier_link_id]).await.unwrap();
    let left = list(DecisionView::Same, "", None, 50).await.unwrap();
    assert_eq!(left.counts, [(DecisionView::Same, 1), (DecisionView::NotSame, 0), (DecisionView::Undone, 2)]);
    assert_eq!(numbers(&left), ["0042"]);
    assert_eq!(numbers(&list(DecisionView::Same, "11007", None, 50).await.unwrap()), Vec::<String>::new());
    // Those that were taken back are kept, with who took them back.
    let taken = list(DecisionView::Undone, "", None, 50).await.unwrap();
    assert_eq!(numbers(&taken), ["0043", "11007"]);
    let kinds: Vec<Verdict> = taken.rows.iter().map(|row| row.link.verdict).collect();
    assert_eq!(kinds, [Verdict::NotSame, Verdict::Same]);
    assert!(taken.rows.iter().all(|row| row.link.undone.is_some()));
    assert_eq!(numbers(&list(DecisionView::Undone, "11O0", None, 50).await.unwrap()), ["11007"]);
    assert_eq!(typed(&ctx, supplier, "", "43").await.level, MatchLevel::Likely);
}

async fn what_cannot_be_linked_is_refused(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    let refused = |input: LinkInput| {
        let ctx = ctx.clone();
        async move {
            let refusal = links::confirm(&ctx, input, None).await.unwrap_err().refusal();
            (refusal.errors[0].pointer.clone(), refusal.errors[0].code)
        }
    };
    let at = |pointer: &str, code| (pointer.to_owned(), code);
    assert_eq!(
        refused(pair(supplier, "1", "", "NO-SUCH")).await,
        at("/partner_number", ErrorCode::ArticleUnknown)
    );
    assert_eq!(refused(pair(supplier, "1", "", "")).await, at("/partner_number", ErrorCode::Required));
    assert_eq!(refused(pair(supplier, "", "", "11007")).await, at("/written_number", ErrorCode::Required));
    assert_eq!(
        refused(pair(supplier, "", "A-9", "11007")).await,
        at("/article_number", ErrorCode::ArticleUnknown)
    );
    assert_eq!(
        refused(pair(supplier, "a\u{0}b", "", "11007")).await,
        at("/written_number", ErrorCode::InvalidCharacter)
    );
    let stranger: ContactId = ctx.new_id();
    assert_eq!(
        refused(pair(stranger, "1", "", "11007")).await,
        at("/supplier_id", ErrorCode::ConnectionMissing)
    );
    let unknown = links::undo(&ctx, vec![ctx.new_id()]).await.unwrap_err();
    assert_eq!(unknown.refusal().code, ErrorCode::NotFound);
}

async fn a_misspelled_number_is_corrected(ctx: Ctx) {
    let (ctx, supplier) = supplier_with(&ctx, &["11007"]).await;
    own_article(&ctx, "A-1", Some("11O07"), supplier).await;
    let page = |view| links::page(&ctx, supplier, view, "", "", 50);
    let row = page(LinkView::Misspelled).await.unwrap().rows.remove(0);
    let correct = |from: &str, to: &str| {
        links::correct_number(&ctx, row.article_id, supplier, from.to_owned(), to.to_owned())
    };
    correct("11O07", "11007").await.unwrap();
    assert_eq!(page(LinkView::Misspelled).await.unwrap().rows.len(), 0);
    assert_eq!(page(LinkView::Exact).await.unwrap().rows.len(), 1);
    assert_eq!(correct("11O07", "X").await.unwrap_err().refusal().code, ErrorCode::VersionConflict);
    correct("11007", "11O07").await.unwrap();
    assert_eq!(page(LinkView::Misspelled).await.unwrap().rows.len(), 1);
    let unit = typed(&ctx, supplier, "A-1", "11007").await;
    assert_eq!(unit.differences, Vec::<LineDifference>::new());
}
