//! *Feil etter årsak*: what stands as failed, one row for each cause, with the way to put it right.

use domain::logs::{LogCause, LogFilter, LogView};
use domain::messages::Direction;
use leptos::prelude::*;

use super::query::LogQuery;
use super::{TriedAgain, cause_text, fix_path, fix_text};
use crate::api::logs::RetryCause;
use crate::components::{
    BusyButton, Cell, Column, DataTable, EmptyKind, EmptyState, FormErrors, FormState, HiddenField,
    LinkButton, Row, TitleCell,
};
use crate::format;
use crate::i18n::use_texts;
use crate::pages::lists::with_back;

/// The causes, the most frequent first.
#[component]
pub(super) fn Causes(
    causes: Vec<LogCause>,
    query: LogQuery,
    retry: ServerAction<RetryCause>,
) -> impl IntoView {
    let t = use_texts();
    let retried =
        move || retry.value().with(|value| value.as_ref().and_then(|value| value.as_ref().ok().copied()));
    let told = view! {
        {move || retried().map(|retried| view! { <TriedAgain retried/> })}
        <FormErrors form=FormState::of(retry)/>
    };
    if causes.is_empty() {
        return view! {
            {told}
            <EmptyState kind=EmptyKind::Done title=t.logs_none_failed()/>
        }
        .into_any();
    }
    let columns = vec![
        Column::new(t.logs_cause()).title(),
        Column::new(t.logs_count()).num(),
        Column::new(t.logs_last_day()).num(),
        Column::new(t.logs_last_seen()),
        Column::new(t.logs_fix()).hidden(),
    ];
    let rows: Vec<_> =
        causes.into_iter().map(|cause| view! { <CauseRow cause query=query.clone() retry/> }).collect();
    view! {
        {told}
        <DataTable caption=t.logs_view_causes() columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// The filters as fields of a form, so that what is tried again is what was counted.
fn fields(filter: &LogFilter) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(members)) = serde_json::to_value(filter) else { return Vec::new() };
    let text = |(name, value): (String, serde_json::Value)| {
        Some((format!("filter[{name}]"), value.as_str()?.to_owned()))
    };
    members.into_iter().filter_map(text).collect()
}

#[component]
fn CauseRow(cause: LogCause, query: LogQuery, retry: ServerAction<RetryCause>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let LogCause { direction, error, count, last_day, retryable, partners, newest } = cause;
    let entries = query
        .of_view(LogView::All)
        .with(|filter| (filter.cause, filter.direction) = (Some(error), Some(direction)))
        .href();
    let partner = match (partners, newest.partner_name.clone()) {
        (0 | 1, Some(name)) => name,
        (0 | 1, None) => t.logs_unknown_partner().to_owned(),
        (several, _) => t.logs_partners(several),
    };
    let whose = match direction {
        Direction::Out => t.logs_to(partner),
        Direction::In => t.logs_from(partner),
    };
    let fix = fix_path(&newest, error)
        .map(|path| view! { <LinkButton kind="s" href=with_back(&path, &query.href())>{t.frame_fix()}</LinkButton> });
    let busy = FormState::of_row(retry, "cause", error.as_str()).busy();
    let filters: Vec<_> =
        fields(&query.filter).into_iter().map(|(name, value)| view! { <HiddenField name value/> }).collect();
    let again = (retryable > 0).then(|| {
        view! {
            <ActionForm action=retry attr:data-test="retry-cause">
                <HiddenField name="cause" value=error.as_str()/>
                {filters}
                <BusyButton kind="s" busy>{t.logs_retry_all(retryable)}</BusyButton>
            </ActionForm>
        }
    });
    view! {
        <Row>
            <TitleCell href=entries text=cause_text(t, direction, error)>
                <small>{whose}</small>
                {fix_text(t, direction, error).map(|text| view! { <small>{text}</small> })}
            </TitleCell>
            <Cell class="num" label=t.logs_count()>{format::whole(count, language)}</Cell>
            <Cell class="num" label=t.logs_last_day()>{format::whole(last_day, language)}</Cell>
            <Cell label=t.logs_last_seen()>{format::day_time(newest.at, language)}</Cell>
            <Cell class="act">
                <div class="row">{fix}{again}</div>
            </Cell>
        </Row>
    }
}
