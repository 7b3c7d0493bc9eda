//! The rows of *Koblinger*: what a number means, and what can be decided about it.

use domain::contacts::ContactRow;
use domain::decimal::Quantity;
use domain::ids::ContactId;
use domain::links::{LinkInput, LinkRow, LinkView};
use domain::matching::{LineFacts, MatchLevel, MatchReason};
use leptos::prelude::*;

use super::{Actions, Query, undo_form};
use crate::components::{
    BusyButton, Cell, HiddenField, MatchBadge, Row, TitleCell, WhyPanel, link_fields, reasons_text,
};
use crate::i18n::Texts;

pub(super) fn rows(
    t: Texts,
    rows: Vec<LinkRow>,
    supplier: &ContactRow,
    query: &Query,
    actions: Actions,
) -> Vec<AnyView> {
    let rows = rows.into_iter().enumerate();
    rows.map(|(at, row)| one(t, at, row, supplier, query, actions)).collect()
}

fn one(t: Texts, at: usize, row: LinkRow, supplier: &ContactRow, query: &Query, actions: Actions) -> AnyView {
    let href = format!("/artikler/{}", leptos_router::location::Url::escape(&row.article_number));
    let theirs = row.matched.article.as_ref().map(|article| {
        view! {
            <span class="code">{article.number.clone()}</span>
            <small>{article.name.clone()}</small>
        }
    });
    let confirmed = row.matched.reasons.iter().any(|reason| matches!(reason, MatchReason::Confirmed { .. }));
    let action = actions.may.then(|| decision(t, at, &row, supplier.contact_id, query, actions, confirmed));
    let facts = facts_of(&row);
    let reasons = reasons_text(t, &row.matched.reasons, Some(&supplier.name));
    let score = (row.matched.level == MatchLevel::Likely).then(|| format!("{} %", row.matched.score));
    let why = (!row.matched.candidates.is_empty() && !confirmed && row.matched.level != MatchLevel::Exact)
        .then(|| {
            let supplier_id = actions.may.then_some(supplier.contact_id);
            view! {
                <WhyPanel
                    matched=row.matched.clone()
                    facts
                    supplier_id
                    partner=supplier.name.clone()
                    back=query.own_href()
                />
            }
        });
    view! {
        <Row>
            <TitleCell href text=row.article_number.clone() code=true/>
            <Cell class="wrapcell">{row.article_name.clone()}</Cell>
            <Cell label=t.articles_supplier_number()>
                <span class="code">{row.written_number.clone()}</span>
            </Cell>
            <Cell class="wrapcell" label=t.links_their_article()>
                <div>{theirs}</div>
            </Cell>
            <Cell class="wrapcell" label=t.links_match()>
                <div id=format!("kobling-{at}")>
                    <p class="row">
                        <MatchBadge level=Signal::stored(row.matched.level)/>
                        {score}
                    </p>
                    <small>{reasons}</small>
                    {why}
                </div>
            </Cell>
            <Cell class="act">{action}</Cell>
        </Row>
    }
    .into_any()
}

/// What a number of ours is compared with.
fn facts_of(row: &LinkRow) -> LineFacts {
    LineFacts {
        article_number: row.article_number.clone(),
        supplier_article_number: row.written_number.clone(),
        description: row.article_name.clone(),
        gtin: row.gtin.clone(),
        quantity: Quantity::whole(1),
        unit: row.unit.clone(),
        unit_price: Some(row.price),
        price_base_quantity: row.price_base_quantity,
        currency: row.currency.clone(),
    }
}

/// What can be done about the number.
fn decision(
    t: Texts,
    at: usize,
    row: &LinkRow,
    supplier: ContactId,
    query: &Query,
    actions: Actions,
    confirmed: bool,
) -> AnyView {
    let back = query.own_href();
    if let Some(link) = row.link.filter(|_| confirmed) {
        return undo_form(t, actions, link.to_string(), &back);
    }
    let Some(article) = row.matched.article.clone().filter(|_| row.matched.level == MatchLevel::Likely)
    else {
        return ().into_any();
    };
    let number = format!(" {}", row.article_number);
    if query.view == LinkView::Misspelled {
        let fields = [
            ("article_id", row.article_id.to_string()),
            ("supplier_id", supplier.to_string()),
            ("from", row.written_number.clone()),
            ("to", article.number),
            ("back", back),
        ];
        let fields = fields.map(|(name, value)| view! { <HiddenField name value/> });
        return view! {
            <ActionForm action=actions.correct attr:data-test="correct-number" attr:data-key="B">
                {fields.into_any()}
                <BusyButton kind="s" busy=actions.correct.pending()>
                    {t.links_correct()}
                    <span class="vh">{number}</span>
                </BusyButton>
            </ActionForm>
        }
        .into_any();
    }
    let pair = LinkInput {
        supplier_id: supplier,
        written_number: row.written_number.clone(),
        article_number: row.article_number.clone(),
        partner_number: article.number,
    };
    let (confirm, reject) = (link_fields(pair.clone(), &back), link_fields(pair, &back));
    let (confirm_number, reject_number) = (number.clone(), number);
    let next = format!("#kobling-{}", at + 1);
    view! {
        <div class="stack">
            <p class="sm muted">{t.links_same_question()}</p>
            <div class="row">
                <ActionForm action=actions.confirm attr:data-test="confirm-likely" attr:data-key="B">
                    {confirm}
                    <BusyButton kind="s" busy=actions.confirm.pending()>
                        {t.links_confirm()}
                        <span class="vh">{confirm_number}</span>
                    </BusyButton>
                </ActionForm>
                <ActionForm action=actions.reject attr:data-test="reject-link" attr:data-key="D">
                    {reject}
                    <BusyButton kind="q s" busy=actions.reject.pending()>
                        {t.links_reject()}
                        <span class="vh">{reject_number}</span>
                    </BusyButton>
                </ActionForm>
                <a class="btn q s" href=next>{t.links_unsure()}</a>
            </div>
        </div>
    }
    .into_any()
}
