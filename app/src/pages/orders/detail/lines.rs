//! The order's lines, and whether the supplier understands them.

use domain::links::LinePlace;
use domain::matching::Match;
use domain::orders::{OrderLine, PurchaseOrder, UnreadCell};
use domain::roles::Permission;
use leptos::prelude::*;

use crate::components::{
    Cell, Column, DataTable, MatchBadge, Row, TitleCell, WhyPanel, difference_view, reasons_text,
};
use crate::format;
use crate::i18n::use_texts;
use crate::pages::orders::unread::{LineCells, line_cells};
use crate::pages::orders::whole_pieces::whole_pieces;
use crate::pages::orders::{edit_href, order_href};
use crate::session::use_shell;

#[component]
pub(super) fn OrderLines(
    order: PurchaseOrder,
    matches: Vec<Match>,
    /// Cells that are missing or cannot be read yet.
    unread: Vec<UnreadCell>,
) -> impl IntoView {
    let t = use_texts();
    let judged = !matches.is_empty();
    let label = |name: &str| t.label(name).unwrap_or_default();
    let mut columns = vec![
        Column::new(t.order_detail_line_number()).num(),
        Column::new(t.order_detail_article()).class("ttl w"),
        Column::new(label("supplier_article_number")),
        Column::new(label("quantity")).num(),
        Column::new(label("unit_price")).num(),
        Column::new(t.order_form_amount()).num(),
    ];
    if judged {
        columns.push(Column::new(t.order_form_match()));
    }
    let supplier = StoredValue::new(order.supplier_name.clone());
    let mut matches = matches.into_iter();
    let may_link = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let (currency, back) = (order.currency.clone(), order_href(&order.number));
    let form = edit_href(&order.number);
    let rows: Vec<_> = order
        .lines
        .into_iter()
        .map(|line| {
            let matched = matches.next();
            let why = matched.clone().filter(|_| may_link).map(|matched| {
                let facts = line.facts(&currency, &unread);
                let place = LinePlace { order_id: order.order_id, line_id: line.line_id };
                let partner = supplier.get_value().unwrap_or_default();
                view! { <WhyPanel matched facts supplier_id=order.supplier_id partner place back=back.clone()/> }
            });
            let unread = unread.iter().filter(|cell| cell.line_id == line.line_id).cloned().collect();
            let form = may_link.then(|| form.clone());
            view! { <OneLine line unread matched why=why.into_any() supplier=supplier.get_value() form/> }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="h-lines">
            <header>
                <h2 id="h-lines">{t.order_form_lines()}</h2>
                <span class="muted sm">{t.order_detail_prices_without_vat()}</span>
            </header>
            <DataTable caption=t.order_detail_lines() columns kind="lines">
                {rows}
            </DataTable>
        </section>
    }
}

#[component]
fn OneLine(
    line: OrderLine,
    unread: Vec<UnreadCell>,
    matched: Option<Match>,
    why: AnyView,
    supplier: Option<String>,
    /// The order's form, for whoever may write in it.
    form: Option<String>,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let at = line.line_number - 1;
    let answer = |field: &str| form.as_ref().map(|form| format!("{form}#lines-{at}-{field}"));
    let LineCells { texts, quantity, price, too_large } = line_cells(t, &line, &unread, answer);
    let is_quantity_read = !unread.iter().any(|cell| matches!(cell.field.as_str(), "quantity" | "unit"));
    let asked = is_quantity_read.then(|| whole_pieces(t, line.quantity, &line.unit)).flatten();
    let base = (line.price_base_quantity != domain::decimal::Quantity::whole(1)).then(|| {
        t.order_detail_per(format::quantity_with_unit(line.price_base_quantity, &line.unit, language))
    });
    let discount = (line.discount_percent.0 != 0)
        .then(|| t.order_detail_discount(format::percent(line.discount_percent, language)));
    let match_cell = matched.map(|matched| {
        let differences: Vec<_> =
            matched.differences.iter().map(|difference| difference_view(t, difference)).collect();
        view! {
            <Cell class="w" label=t.order_form_match()>
                <div>
                    <MatchBadge level=Signal::stored(matched.level)/>
                    <small>{reasons_text(t, &matched.reasons, supplier.as_deref())}</small>
                    {differences}
                    {why}
                </div>
            </Cell>
        }
    });
    let is_read = unread.is_empty();
    let number = line.article_number.clone();
    let note = line.note.clone();
    view! {
        <Row>
            <Cell class="num xs">{line.line_number}</Cell>
            <TitleCell text=line.description>
                <small class="code">{number}</small>
                {(!note.is_empty()).then(|| view! { <small class="wrap">{note}</small> })}
                {texts}
            </TitleCell>
            <Cell label=t.label("supplier_article_number").unwrap_or_default()>
                <span class="code">{line.supplier_article_number}</span>
            </Cell>
            <Cell class="num lf" label=t.label("quantity").unwrap_or_default()>
                {quantity}
                {asked}
            </Cell>
            <Cell class="num rt" label=t.label("unit_price").unwrap_or_default()>
                <div>
                    {price}
                    {base.map(|base| view! { <small>{base}</small> })}
                    {discount.map(|discount| view! { <small>{discount}</small> })}
                </div>
            </Cell>
            <Cell class="num" label=t.order_form_amount()>
                {is_read.then(|| format::money(line.amount, language))}
                {too_large}
            </Cell>
            {match_cell}
        </Row>
    }
}
