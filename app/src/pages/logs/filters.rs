//! Search and filters above the log, and the chosen ones as chips that can be taken away.

use domain::ids::ContactId;
use domain::logs::{LogFilter, LogOperation, LogPeriod, LogResult, LogView, StatusClass};
use domain::messages::Direction;
use leptos::prelude::*;

use super::PATH;
use super::query::{LogQuery, direction_slug, name};
use crate::components::{Icon, SearchBar, SelectOption};
use crate::i18n::{Texts, use_texts};

/// The words of a period.
pub(super) fn period_text(t: Texts, period: LogPeriod) -> &'static str {
    match period {
        LogPeriod::Day => t.logs_period_day(),
        LogPeriod::Week => t.logs_period_week(),
        LogPeriod::Month => t.logs_period_month(),
        LogPeriod::Quarter => t.logs_period_quarter(),
        LogPeriod::All => t.logs_period_all(),
    }
}

fn direction_text(t: Texts, direction: Direction) -> &'static str {
    match direction {
        Direction::Out => t.logs_direction_out(),
        Direction::In => t.logs_direction_in(),
    }
}

fn operation_text(t: Texts, operation: LogOperation) -> &'static str {
    match operation {
        LogOperation::Orders => t.logs_operation_orders(),
        LogOperation::Events => t.logs_operation_events(),
        LogOperation::Check => t.logs_operation_check(),
        LogOperation::Articles => t.logs_operation_articles(),
        LogOperation::Contacts => t.logs_operation_contacts(),
        LogOperation::Identity => t.logs_operation_identity(),
    }
}

fn outcome_text(t: Texts, result: LogResult) -> &'static str {
    match result {
        LogResult::Succeeded => t.logs_result_succeeded(),
        LogResult::Failed => t.logs_result_failed(),
        LogResult::Waiting => t.logs_result_waiting(),
        LogResult::Parked => t.logs_result_parked(),
    }
}

fn status_text(t: Texts, status: StatusClass) -> String {
    match status {
        StatusClass::None => t.logs_status_none().to_owned(),
        class => class.slug().to_owned(),
    }
}

/// The search field with the filters folded away behind it; all of it is one form that asks for the same page.
#[component]
pub(super) fn Filters(query: LogQuery, partners: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let filter = query.filter.clone();
    let chosen = filter.choices();
    let summary = if chosen > 0 { t.logs_filters_chosen(chosen) } else { t.logs_filters().to_owned() };
    let cause = filter.cause.map(|code| code.as_str().to_owned()).unwrap_or_default();
    let keep = vec![(name::VIEW, query.view.slug().to_owned()), (name::CAUSE, cause)];
    // Which entries there are is what the other two views are about.
    let standing = (query.view == LogView::All).then(|| {
        let options = LogResult::ALL.iter().map(|result| (result.slug(), outcome_text(t, *result).to_owned()));
        view! { <Filter name=name::RESULT label=t.logs_result() chosen=filter.result.map(LogResult::slug) options=options.collect()/> }
    });
    let partners: Vec<_> = partners.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let partner = filter.partner.map(|id| id.to_string());
    view! {
        <SearchBar
            action=PATH
            label=t.logs_search()
            placeholder=t.logs_search_hint()
            value=filter.search.clone().unwrap_or_default()
            keep
        >
            <details class="filters" open={chosen > 0}>
                <summary>{summary}</summary>
                <div class="fields">
                    <Filter
                        name=name::PARTNER
                        label=t.logs_partner()
                        chosen=partner
                        options=partners
                    />
                    <Filter
                        name=name::DIRECTION
                        label=t.logs_direction()
                        chosen=filter.direction.map(direction_slug)
                        options=[Direction::Out, Direction::In]
                            .map(|direction| (direction_slug(direction), direction_text(t, direction).to_owned()))
                            .to_vec()
                    />
                    <Filter
                        name=name::OPERATION
                        label=t.logs_operation()
                        chosen=filter.operation.map(LogOperation::slug)
                        options=LogOperation::ALL
                            .iter()
                            .map(|operation| (operation.slug(), operation_text(t, *operation).to_owned()))
                            .collect()
                    />
                    {standing}
                    <Filter
                        name=name::STATUS
                        label=t.logs_http_status()
                        chosen=filter.status.map(StatusClass::slug)
                        options=StatusClass::ALL
                            .iter()
                            .map(|status| (status.slug(), status_text(t, *status)))
                            .collect()
                    />
                    <Filter
                        name=name::PERIOD
                        label=t.logs_period()
                        chosen=filter.period.map(LogPeriod::slug)
                        any=period_text(t, LogPeriod::Week)
                        options=LogPeriod::ALL
                            .iter()
                            .filter(|period| **period != LogPeriod::Week)
                            .map(|period| (period.slug(), period_text(t, *period).to_owned()))
                            .collect()
                    />
                    <button class="btn s" type="submit">{t.logs_filters_use()}</button>
                </div>
            </details>
        </SearchBar>
    }
}

/// One choice; nothing chosen is the first.
#[component]
fn Filter<Value: Into<String>>(
    name: &'static str,
    label: &'static str,
    #[prop(into)] chosen: Option<Value>,
    /// The words for nothing chosen, other than *Alle*.
    #[prop(optional)]
    any: Option<&'static str>,
    options: Vec<(Value, String)>,
) -> impl IntoView {
    let t = use_texts();
    let id = format!("filter-{name}");
    let chosen: String = chosen.map(Into::into).unwrap_or_default();
    let options: Vec<_> = std::iter::once(SelectOption::new("", any.unwrap_or(t.frame_all())))
        .chain(options.into_iter().map(|(value, text)| SelectOption::new(value, text)))
        .map(|option| {
            let selected = option.value == chosen;
            view! { <option value=option.value selected=selected>{option.text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select class="input s" id=id name=name>
                {options}
            </select>
        </div>
    }
}

/// The chosen filters, each with a link that takes it away.
#[component]
pub(super) fn Chosen(query: LogQuery, partners: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let filter = &query.filter;
    let mut chips: Vec<(String, LogQuery)> = Vec::new();
    let mut chip = |text: Option<String>, clear: fn(&mut LogFilter)| {
        if let Some(text) = text {
            chips.push((text, query.with(clear)));
        }
    };
    chip(filter.period.map(|period| period_text(t, period).to_owned()), |filter| filter.period = None);
    let partner = filter.partner.map(|id| {
        let known = partners.into_iter().find(|(known, _)| *known == id);
        known.map_or_else(|| t.logs_unknown_partner().to_owned(), |(_, name)| name)
    });
    chip(partner, |filter| filter.partner = None);
    chip(filter.direction.map(|of| direction_text(t, of).to_owned()), |filter| filter.direction = None);
    chip(filter.operation.map(|of| operation_text(t, of).to_owned()), |filter| filter.operation = None);
    chip(filter.result.map(|of| outcome_text(t, of).to_owned()), |filter| filter.result = None);
    chip(filter.status.map(|of| status_text(t, of)), |filter| filter.status = None);
    let direction = filter.direction.unwrap_or(Direction::Out);
    chip(filter.cause.map(|code| super::cause_text(t, direction, code)), |filter| filter.cause = None);
    let chips: Vec<_> = chips
        .into_iter()
        .map(|(text, without)| {
            view! {
                <a class="chip" href=without.href() aria-current="true">
                    {text}
                    <Icon name="x"/>
                    <span class="vh">{t.frame_remove_filter()}</span>
                </a>
            }
        })
        .collect();
    (!chips.is_empty()).then(|| view! { <div class="tools chips" data-test="chosen-filters">{chips}</div> })
}
