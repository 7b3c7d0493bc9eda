//! *Hvorfor?*: why a line has its level, with both systems' fields beside each other, and the articles that it could mean.

use domain::ids::ContactId;
use domain::links::{LinePlace, LinkInput, LinkMade};
use domain::matching::{LineFacts, Mark, Match, MatchCandidate, MatchLevel, MatchReason, marked};
use domain::units;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::status::reason_text;
use super::{BusyButton, FormErrors, FormState, HiddenField, MatchBadge, Receipt, Tag, Tone, UndoneReceipt};
use crate::api::links::{ConfirmLink, UndoLink};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// A line of an open form, which may not be saved yet.
#[derive(Clone)]
pub struct FormLinePlace {
    pub line_id: String,
    /// Empty before the order was saved once.
    pub order_id: Signal<String>,
    pub form_key: String,
}

/// The panel, closed until someone asks. It works without a script: opening is the browser's own, confirming posts a form.
#[component]
pub fn WhyPanel(
    matched: Match,
    /// What the line says.
    facts: LineFacts,
    supplier_id: Option<ContactId>,
    /// The supplier's name.
    #[prop(optional, into)]
    partner: Option<String>,
    /// The stored line whose number is changed with the link; without it only the link is made.
    #[prop(optional)]
    place: Option<LinePlace>,
    /// The page that shows the receipt; empty where `on_confirm` goes on.
    #[prop(optional, into)]
    back: String,
    /// Gets the number for the line.
    #[prop(optional)]
    on_confirm: Option<Callback<LinkMade>>,
    /// The line of a form whose number is changed with the link by `on_confirm`.
    #[prop(optional)]
    form_line: Option<FormLinePlace>,
    /// Gets a number that is taken once, without a link; without it none can be.
    #[prop(optional)]
    on_take: Option<Callback<String>>,
    /// Somebody has asked already.
    #[prop(optional)]
    is_open: bool,
) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<ConfirmLink>::new();
    if let Some(on_confirm) = on_confirm {
        Effect::new(move |_| {
            if let Some(Ok(made)) = action.value().get() {
                on_confirm.run(made);
            }
        });
    }
    let form = FormState::of_row(action, "input[written_number]", &facts.supplier_article_number);
    let can_confirm = matched.level != MatchLevel::Exact;
    // What an article below says of itself is not said here as well.
    let by_itself = |reason: &&MatchReason| {
        !matched.candidates.iter().any(|candidate| candidate.reasons.contains(reason))
    };
    let reasons: Vec<_> = matched
        .reasons
        .iter()
        .filter(by_itself)
        .map(|reason| view! { <Tag text=reason_text(t, reason, partner.as_deref()) tone=Tone::Info/> })
        .collect();
    let score = (matched.score > 0 && matched.candidates.is_empty())
        .then(|| view! { <span>{t.why_score(matched.score)}</span> });
    let can_link = supplier_id.is_some() && can_confirm && !matched.candidates.is_empty();
    let on_line = on_confirm.is_some() || place.is_some();
    let can_take = on_take.is_some()
        && matched.candidates.iter().any(|known| known.article.number != facts.supplier_article_number);
    let help = what_they_do(t, can_link.then_some(on_line), can_take);
    let candidates: Vec<_> = matched
        .candidates
        .into_iter()
        .map(|candidate| {
            let button = supplier_id.filter(|_| can_confirm).map(|supplier_id| {
                let pair = LinkInput {
                    supplier_id,
                    written_number: facts.supplier_article_number.clone(),
                    article_number: facts.article_number.clone(),
                    partner_number: candidate.article.number.clone(),
                };
                confirm_form(t, action, pair, (place, form_line.as_ref()), &back)
            });
            let take = on_take
                .filter(|_| candidate.article.number != facts.supplier_article_number)
                .map(|on_take| take_button(t, on_take, candidate.article.number.clone()));
            let button = (button.is_some() || take.is_some())
                .then(|| view! { <div class="row">{button} {take}</div> }.into_any());
            compared(t, &facts, candidate, partner.as_deref(), button)
        })
        .collect();
    view! {
        <details class="whybox" open=is_open data-test="why">
            <summary>{t.why_title()}</summary>
            <div class="why stack">
                <FormErrors form/>
                <p class="row">
                    <MatchBadge level=Signal::stored(matched.level)/>
                    {score}
                    {reasons}
                </p>
                {help}
                {candidates.is_empty().then(|| view! { <p class="muted sm">{t.why_no_candidates()}</p> })}
                {candidates}
            </div>
        </details>
    }
    .into_any()
}

/// What the buttons beside each article do. `link` says that one confirms a link, and whether a line gets its number.
fn what_they_do(t: Texts, link: Option<bool>, can_take: bool) -> Option<AnyView> {
    let link = link.map(|on_line| if on_line { t.why_confirm_line_help() } else { t.why_confirm_help() });
    let take = can_take.then(|| t.why_take_help());
    let told: Vec<_> = [link, take].into_iter().flatten().map(|text| view! { <li>{text}</li> }).collect();
    (!told.is_empty())
        .then(|| view! { <ul class="stack s sm muted" data-test="why-help">{told}</ul> }.into_any())
}

/// *Bruk dette nummeret*: for this line alone, and not remembered.
fn take_button(t: Texts, on_take: Callback<String>, number: String) -> AnyView {
    view! {
        <button class="btn s q" type="button" data-test="take-number" on:click=move |_| on_take.run(number.clone())>
            {t.order_form_why_take()}
        </button>
    }
    .into_any()
}

/// *Bekreft kobling* for one article.
fn confirm_form(
    t: Texts,
    action: ServerAction<ConfirmLink>,
    pair: LinkInput,
    (place, form_line): (Option<LinePlace>, Option<&FormLinePlace>),
    back: &str,
) -> AnyView {
    let number = format!(" {}", pair.partner_number);
    let fields = link_fields(pair, back);
    let place = place.map(|place| {
        view! {
            <HiddenField name="order_id" value=place.order_id.to_string()/>
            <HiddenField name="line_id" value=place.line_id.to_string()/>
        }
    });
    let form_line = form_line.map(|in_form| {
        let order_id = in_form.order_id;
        view! {
            <HiddenField name="line_id" value=in_form.line_id.clone()/>
            <HiddenField name="form_key" value=in_form.form_key.clone()/>
            // The order is made by the form's first save, which may come while this is open.
            <input type="hidden" name="form_order_id" value=move || order_id.get()/>
        }
    });
    view! {
        <ActionForm action attr:class="row" attr:data-test="confirm-link">
            {fields}
            {place}
            {form_line}
            <BusyButton kind="s" busy=action.pending()>
                {t.why_confirm()}
                <span class="vh">{number}</span>
            </BusyButton>
        </ActionForm>
    }
    .into_any()
}

/// What was just confirmed on another page's line, with *Angre*. `back` is that page.
#[component]
pub fn LinkReceipt(#[prop(into)] back: String) -> impl IntoView {
    let t = use_texts();
    let undo = ServerAction::<UndoLink>::new();
    let query = use_query_map();
    let told = Memo::new(move |_| {
        query.with(|query| {
            (query.get("kvittering").unwrap_or_default(), query.get("gjelder").unwrap_or_default())
        })
    });
    move || {
        let (receipt, ids) = told.get();
        let back = back.clone();
        match receipt.as_str() {
            "koblet" => Some(
                view! {
                    <Receipt title=t.links_done()>
                        <ActionForm action=undo attr:data-test="undo-link">
                            <HiddenField name="ids" value=ids/>
                            <HiddenField name="back" value=back/>
                            <BusyButton kind="s" busy=undo.pending()>{t.links_undo()}</BusyButton>
                        </ActionForm>
                    </Receipt>
                }
                .into_any(),
            ),
            "angret" => Some(view! { <UndoneReceipt/> }.into_any()),
            _ => None,
        }
    }
}

/// The pair that a form decides about, and the page that shows the receipt.
pub fn link_fields(pair: LinkInput, back: &str) -> AnyView {
    view! {
        <HiddenField name="input[supplier_id]" value=pair.supplier_id.to_string()/>
        <HiddenField name="input[written_number]" value=pair.written_number/>
        <HiddenField name="input[article_number]" value=pair.article_number/>
        <HiddenField name="input[partner_number]" value=pair.partner_number/>
        <HiddenField name="back" value=back.to_owned()/>
    }
    .into_any()
}

/// An article that a line could mean, beside what the line says, with what can be done about it.
pub fn compared(
    t: Texts,
    facts: &LineFacts,
    candidate: MatchCandidate,
    partner: Option<&str>,
    button: Option<AnyView>,
) -> AnyView {
    let language = t.language();
    let MatchCandidate { article, score, reasons } = candidate;
    let optional = |value: Option<String>| value.unwrap_or_default();
    let label = |name: &str| t.label(name).unwrap_or_default();
    let theirs_price = article.price.map(|price| format::price_per(t, price, article.price_base_quantity));
    let rows = [
        (t.links_own_number(), facts.article_number.clone(), String::new(), false),
        (t.articles_supplier_number(), facts.supplier_article_number.clone(), article.number.clone(), true),
        (t.articles_name(), facts.description.clone(), article.name.clone(), true),
        (
            t.articles_unit(),
            units::label(&facts.unit, language).to_owned(),
            units::label(&article.unit, language).to_owned(),
            false,
        ),
        (
            t.articles_price(),
            optional(facts.unit_price.map(|price| format::price_per(t, price, facts.price_base_quantity))),
            optional(theirs_price),
            false,
        ),
        (
            label("pack_size"),
            String::new(),
            optional(article.pack_size.map(|pack| format::quantity(pack, language))),
            false,
        ),
        (label("gtin"), optional(facts.gtin.clone()), optional(article.gtin.clone()), true),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(_, ours, theirs, _)| !ours.is_empty() || !theirs.is_empty())
        .map(|(label, ours, theirs, marks)| {
            let (ours, theirs) = if marks && !ours.is_empty() {
                marked(&ours, &theirs)
            } else {
                (plain(&ours), plain(&theirs))
            };
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td>{shown(ours)}</td>
                    <td>{shown(theirs)}</td>
                </tr>
            }
        })
        .collect();
    let reasons: Vec<String> = reasons.iter().map(|reason| reason_text(t, reason, partner)).collect();
    view! {
        <div class="whycand">
            <table class="whytable">
                <caption class="vh">{t.why_compared(&article.number)}</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{t.why_ours()}</th>
                        <th scope="col">{t.why_theirs()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="sm muted">{format!("{score} % · {}", reasons.join(" · "))}</p>
            {button}
        </div>
    }
    .into_any()
}

fn plain(text: &str) -> Vec<Mark> {
    vec![Mark { text: text.to_owned(), differs: false }]
}

/// The parts of a text, those that differ marked.
fn shown(marks: Vec<Mark>) -> Vec<AnyView> {
    let part = |mark: Mark| {
        if mark.differs { view! { <mark>{mark.text}</mark> }.into_any() } else { mark.text.into_any() }
    };
    marks.into_iter().map(part).collect()
}
