//! The lines of a draft: the customer's words, our article, and what differs.

use domain::articles::ArticleRow;
use domain::drafts::{DraftLine, DraftReview, LineIssue, differing};
use domain::ids::DraftId;
use domain::matching::{FarOff, LineDifference};
use domain::units;
use leptos::prelude::*;

use super::PATH;
use crate::api::drafts::{LinkDraftLine, suggest_own_articles};
use crate::components::{
    BusyButton, Cell, Column, DataTable, Field, FieldKind, FormErrors, FormState, HiddenField, Row, Tab, Tag,
    TitleCell, Tone, ViewTabs, part_text,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};

/// Parked lines that come with suggestions from the start; every one of them is a search.
const SUGGESTED_LINES: usize = 5;

/// The panel of lines.
#[component]
pub(super) fn Lines(
    review: DraftReview,
    can_answer: bool,
    only_differences: bool,
    link: ServerAction<LinkDraftLine>,
) -> impl IntoView {
    let t = use_texts();
    let base = format!("{PATH}/{}", review.row.number);
    let (all, different) = (review.lines.len(), differing(&review.lines));
    let count = |size: usize| i64::try_from(size).ok();
    let tabs = vec![
        Tab {
            text: t.draft_all_lines().to_owned(),
            href: base.clone(),
            count: count(all),
            current: !only_differences,
        },
        Tab {
            text: t.draft_only_differences().to_owned(),
            href: format!("{base}?linjer=avvik"),
            count: Some(different),
            current: only_differences,
        },
    ];
    let columns = vec![
        Column::new(t.draft_customer_line()).class("ttl wrapcell"),
        Column::new(t.draft_our_article()),
        Column::new(t.draft_differences()),
    ];
    let currency = StoredValue::new(review.row.currency.clone());
    let mut suggested = 0;
    let rows: Vec<_> = review
        .lines
        .into_iter()
        .filter(|line| !only_differences || line.differs())
        .map(|line| {
            let parked = line.issue.is_some() && can_answer;
            let suggests = parked && suggested < SUGGESTED_LINES;
            suggested += usize::from(suggests);
            let form = parked.then(|| {
                let (draft_id, version) = (review.row.draft_id, review.version);
                view! { <LinkLine line=line.clone() draft_id version link suggests/> }
            });
            view! {
                <Line line currency=currency.get_value()/>
                {form}
            }
        })
        .collect();
    view! {
        <section class="panel" aria-label=t.draft_lines()>
            <ViewTabs label=t.draft_show_lines() tabs/>
            <DataTable caption=t.draft_lines() columns kind="diff">
                {rows}
            </DataTable>
        </section>
    }
}

/// `500 × 1,80 = 900,00 kr`, with base quantity and discount where they matter.
fn sum_text(t: Texts, line: &DraftLine, currency: &str) -> String {
    let language = t.language();
    let quantity = format::quantity_with_unit(line.quantity, &line.unit, language);
    let price = format::unit_price(line.unit_price, language);
    let amount = format::money_with_currency(line.amount, currency, language);
    let per = (line.price_base_quantity != domain::decimal::Quantity::whole(1))
        .then(|| t.draft_price_per(format::quantity(line.price_base_quantity, language)));
    let discount = (line.discount_percent.0 != 0)
        .then(|| t.draft_discount(format::percent(line.discount_percent, language)));
    let extra: String = [per, discount].into_iter().flatten().map(|part| format!(" {part}")).collect();
    format!("{quantity} × {price}{extra} = {amount}")
}

fn difference_kind(t: Texts, difference: &LineDifference) -> &'static str {
    match difference {
        price if price.is_far_off() => t.draft_differs_far(),
        LineDifference::Price { .. } | LineDifference::Currency { .. } => t.draft_differs_price(),
        LineDifference::Unit { .. } | LineDifference::UnitConverted { .. } => t.draft_differs_unit(),
        LineDifference::PackSize { .. } => t.draft_differs_pack(),
        LineDifference::MinimumQuantity { .. } => t.draft_differs_minimum(),
        LineDifference::GoingOut | LineDifference::Discontinued | LineDifference::Replaced { .. } => {
            t.draft_differs_status()
        }
    }
}

/// What differs, as the one who owns the price list says it.
fn difference_words(t: Texts, difference: &LineDifference) -> String {
    let language = t.language();
    match difference {
        LineDifference::Price { ordered, ordered_base, listed, base } => {
            let ordered = format::price_per(t, *ordered, *ordered_base);
            let listed = format::price_per(t, *listed, *base);
            match difference.far_off() {
                Some(FarOff::Above(times)) => {
                    t.draft_price_far_above(format::whole(times, language), ordered, listed)
                }
                Some(FarOff::Below(times)) => t.draft_price_far_below(part_text(t, times), ordered, listed),
                None => t.draft_price_text(ordered, listed),
            }
        }
        LineDifference::Currency { ordered, listed } => t.draft_currency_text(ordered, listed),
        LineDifference::Unit { ordered, listed } => {
            t.draft_unit_text(units::label(ordered, language), units::label(listed, language))
        }
        LineDifference::UnitConverted { ordered, ordered_quantity, listed, quantity } => t
            .draft_unit_converted(
                format::quantity_with_unit(*ordered_quantity, ordered, language),
                format::quantity_with_unit(*quantity, listed, language),
            ),
        LineDifference::PackSize { pack_size, .. } => {
            t.draft_pack_text(format::quantity(*pack_size, language))
        }
        LineDifference::MinimumQuantity { minimum } => {
            t.draft_minimum_text(format::quantity(*minimum, language))
        }
        LineDifference::GoingOut => t.draft_going_out_text().to_owned(),
        LineDifference::Discontinued => t.draft_discontinued_text().to_owned(),
        LineDifference::Replaced { by, .. } => t.draft_replaced_text(by),
    }
}

#[component]
fn Line(line: DraftLine, currency: String) -> impl IntoView {
    let t = use_texts();
    let is_severe = line.issue.is_some() || line.is_far_off();
    let tone = if is_severe { Some("err") } else { (!line.differences.is_empty()).then_some("warn") };
    let sum = sum_text(t, &line, &currency);
    let customer_number = line.customer_article_number.clone();
    let note = line.note.clone();
    let supplier_number = line.supplier_article_number.clone();
    let title = format!("{} {}", line.line_number, line.description);
    let ours = line.clone();
    view! {
        <Row tone=Signal::stored(tone)>
            <TitleCell text=title>
                <small class="code">{supplier_number}</small>
                {(!customer_number.is_empty())
                    .then(|| view! { <small class="muted">{t.draft_customer_number(customer_number)}</small> })}
                <small class="nb">{sum}</small>
                {(!note.is_empty()).then(|| view! { <small class="wrap">{note}</small> })}
            </TitleCell>
            <Cell label=t.draft_our_article()>
                <OurArticle line=ours/>
            </Cell>
            <Cell label=t.draft_differences()>
                <Differences line/>
            </Cell>
        </Row>
    }
}

#[component]
fn OurArticle(line: DraftLine) -> impl IntoView {
    let t = use_texts();
    match line.article_number {
        Some(number) => {
            let href = format!("/artikler/{}", leptos_router::location::Url::escape(&number));
            view! {
                <div>
                    <p>{line.article_name}</p>
                    <p class="muted sm"><a class="code" href=href>{number}</a></p>
                </div>
            }
            .into_any()
        }
        None => view! { <div><p class="muted">{t.draft_not_linked()}</p></div> }.into_any(),
    }
}

#[component]
fn Differences(line: DraftLine) -> impl IntoView {
    let t = use_texts();
    if let Some(issue) = line.issue {
        let (title, text) = match issue {
            LineIssue::UnknownArticle => {
                (t.draft_unknown_article(), t.draft_unknown_article_text(&line.supplier_article_number))
            }
            LineIssue::NumberMissing => (t.draft_number_missing(), t.draft_number_missing_text().to_owned()),
        };
        return view! {
            <div>
                <Tag text=title tone=Tone::Error/>
                <p class="sm">{text}</p>
            </div>
        }
        .into_any();
    }
    if line.differences.is_empty() {
        return view! { <Tag text=t.draft_no_difference() tone=Tone::Ok/> }.into_any();
    }
    let unit = units::label(&line.unit, t.language()).to_owned();
    let items: Vec<_> = line
        .differences
        .iter()
        .map(|difference| {
            let text = difference_kind(t, difference);
            let words = difference_words(t, difference);
            if difference.is_far_off() {
                view! {
                    <Tag text tone=Tone::Error/>
                    <p class="errmsg" data-test="far-off">{words}</p>
                }
                .into_any()
            } else {
                view! {
                    <Tag text tone=Tone::Warning icon="help"/>
                    <p class="sm">{words}</p>
                }
                .into_any()
            }
        })
        .collect();
    view! { <div title=unit>{items}</div> }.into_any()
}

/// The form under a parked line. Without a script the number is typed; with one, articles are proposed meanwhile.
#[component]
fn LinkLine(
    line: DraftLine,
    draft_id: DraftId,
    version: i64,
    link: ServerAction<LinkDraftLine>,
    suggests: bool,
) -> impl IntoView {
    let t = use_texts();
    let number = line.line_number;
    let form = FormState::of_row(link, "line_number", &number.to_string());
    // One action serves every line: its error stands at the line that was sent last.
    let sent = link.input();
    let sent_here = RwSignal::new(form.came_back());
    Effect::new(move |_| {
        if let Some(line_number) = sent.with(|sent| sent.as_ref().map(|sent| sent.line_number)) {
            sent_here.set(line_number == number);
        }
    });
    let first = if suggests { line.description.clone() } else { String::new() };
    let (typed, set_typed) = signal(first);
    let hits = PageData::new(move || typed.get(), suggest_own_articles);
    let list = format!("articles-{number}");
    let id = list.clone();
    view! {
        <tr role="row" class="sub" data-tone="err">
            <td role="cell" colspan="3">
                <div id=move || sent_here.get().then_some("article_number") on:input=move |event| set_typed.set(event_target_value(&event))>
                    {move || sent_here.get().then(|| view! { <FormErrors form/> })}
                    <ActionForm action=link attr:class="fields" attr:data-test=format!("link-line-{number}")>
                        <HiddenField name="draft_id" value=draft_id.to_string()/>
                        <HiddenField name="version" value=version.to_string()/>
                        <HiddenField name="line_number" value=number.to_string()/>
                        <Field
                            name="article_number"
                            label=t.draft_link_line(number)
                            kind=FieldKind::Code
                            hint=t.draft_link_hint()
                            pointer=format!("/lines/{number}/article_number")
                            list=list
                            form
                        />
                        <BusyButton busy=form.busy()>{t.draft_link()}</BusyButton>
                    </ActionForm>
                    <Transition>
                        <datalist id=id>
                            {move || suspend(async move { hits.await.unwrap_or_default().into_iter().map(option).collect::<Vec<_>>() })}
                        </datalist>
                    </Transition>
                </div>
            </td>
        </tr>
    }
}

fn option(article: ArticleRow) -> impl IntoView {
    view! { <option value=article.number>{article.name}</option> }
}
