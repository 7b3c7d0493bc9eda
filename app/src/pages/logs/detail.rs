//! One entry: cause and fix first, then everything that was sent and answered. Secrets are never in it.

use domain::errors::ErrorCode;
use domain::logs::{AttemptRow, LogDetail, LogRow};
use domain::messages::{Direction, MessageState, RETRY_SECONDS};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::documents::{Copies, Documents};
use super::{
    TriedAgain, cause_text, crumbs, fix_path, fix_text, href, kind_of, operation_text, partner_text,
    result_look, test_href,
};
use crate::api::logs::{RetryMessage, read_log};
use crate::components::{
    Alert, BusyButton, CopyButton, Crumbs, DefinitionList, FormErrors, FormState, HiddenField, LinkButton,
    Loading, PageHead, Receipt, Tag, Timeline, TimelineItem, Tone, copy_address, on_letters,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, with_back};

/// The page `/admin/logger/integrasjonslogger/:slag/:id`.
#[component]
pub fn LogPage() -> impl IntoView {
    let params = use_params_map();
    let entry = Memo::new(move |_| {
        params.with(|params| (params.get("slag").unwrap_or_default(), params.get("id").unwrap_or_default()))
    });
    let retry = ServerAction::<RetryMessage>::new();
    let detail = PageData::new(
        move || (entry.get(), retry.version().get()),
        |((slug, id), _)| async move {
            match kind_of(&slug) {
                Some(kind) => read_log(kind, id).await,
                None => Err(AppError::from(ErrorCode::NotFound)),
            }
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(detail.await, |detail| view! { <Entry detail retry/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Entry(detail: LogDetail, retry: ServerAction<RetryMessage>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = detail.row.clone();
    let operation = operation_text(t, &row);
    let title = match &row.subject {
        Some(subject) => format!("{operation} {subject}"),
        None => operation,
    };
    let below = format!("{}, {}", partner_text(t, &row), format::date_time_seconds(row.at, language));
    let (text, tone, icon) = result_look(t, &row);
    let head_tag = StoredValue::new((text, tone, icon));
    let attempts: Vec<TimelineItem> = attempts(t, &detail);
    let retried =
        move || retry.value().with(|value| value.as_ref().and_then(|value| value.as_ref().ok().copied()));
    let message_key = detail.can_retry.then_some(domain::ids::MessageKey(row.id));
    let (copied, set_copied) = signal(None::<bool>);
    on_letters(move |letter| match (letter, message_key) {
        ('r', Some(message_key)) if !retry.pending().get_untracked() => {
            retry.dispatch(RetryMessage { message_key });
            true
        }
        ('c', _) => {
            copy_address(set_copied);
            true
        }
        _ => false,
    });
    let has_attempts = !attempts.is_empty();
    view! {
        <Crumbs path=crumbs(t, Some(title.clone()))/>
        <PageHead
            title
            below=move || {
                let (text, tone, icon) = head_tag.get_value();
                view! {
                    <Tag text tone icon/>
                    <span class="muted">{below.clone()}</span>
                }
            }
        />
        <FormErrors form=FormState::of(retry)/>
        {move || retried().map(|retried| view! { <TriedAgain retried/> })}
        {move || copied.get().map(|done| {
            let title = if done { t.logs_address_copied() } else { t.frame_copy_failed() };
            view! { <Receipt title/> }
        })}
        <Cause row=row.clone()/>
        <Steps detail=detail.clone() retry/>
        <Facts detail=detail.clone()/>
        {has_attempts
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="h-attempts">
                        <h2 id="h-attempts">{t.logs_attempts()}</h2>
                        <Timeline items=attempts/>
                    </section>
                }
            })}
        <Documents detail=detail.clone()/>
        <Copies detail/>
    }
}

/// What happened in plain words, what happens by itself, what to do.
#[component]
fn Cause(row: LogRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let by_itself = match (row.state, row.next_attempt_at) {
        _ if row.held => Some(t.logs_held_text().to_owned()),
        (Some(MessageState::Waiting), Some(at)) => {
            Some(t.logs_tried_again_at(format::day_time(at, language)))
        }
        (Some(MessageState::Queued | MessageState::Sending | MessageState::Waiting), _) => {
            Some(t.logs_in_queue().to_owned())
        }
        (Some(MessageState::Parked), _) => Some(t.logs_parked().to_owned()),
        _ => None,
    };
    let Some(code) = row.error else {
        let tone = if row.held { Tone::Warning } else { Tone::Info };
        return by_itself.map(|text| view! { <Alert tone title=text/> }.into_any());
    };
    if let Some(at) = row.resolved_at {
        let text = t.logs_resolved_at(format::day_time(at, language));
        let title = cause_text(t, row.direction, code);
        return Some(view! { <Alert tone=Tone::Info title text/> }.into_any());
    }
    let text =
        [by_itself, fix_text(t, row.direction, code)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let tone = if row.state == Some(MessageState::Waiting) { Tone::Warning } else { Tone::Error };
    Some(view! { <Alert tone title=cause_text(t, row.direction, code) text/> }.into_any())
}

/// *Prøv på nytt*, and the pages where the cause is put right; each leads back here.
#[component]
fn Steps(detail: LogDetail, retry: ServerAction<RetryMessage>) -> impl IntoView {
    let t = use_texts();
    let busy = FormState::of(retry).busy();
    let here = href(&detail.row);
    let standing = detail.row.error.filter(|_| detail.row.resolved_at.is_none());
    let fix = standing
        .and_then(|code| fix_path(&detail.row, code))
        .filter(|path| Some(path) != detail.order_path.as_ref())
        .map(|path| view! { <LinkButton href=with_back(&path, &here)>{t.frame_fix()}</LinkButton> });
    let connection = detail.row.connection_id.filter(|_| detail.row.held && fix.is_none()).map(|id| {
        view! { <LinkButton href=with_back(&test_href(id), &here)>{t.logs_to_connection()}</LinkButton> }
    });
    let order = detail.order_path.as_ref().map(|path| {
        let text = match detail.row.direction {
            Direction::Out => t.logs_to_order(),
            Direction::In => t.logs_to_draft(),
        };
        view! { <LinkButton href=with_back(path, &here)>{text}</LinkButton> }
    });
    let again = detail.can_retry.then(|| {
        view! {
            <ActionForm action=retry attr:data-test="retry">
                <HiddenField name="message_key" value=detail.row.id.to_string()/>
                <BusyButton kind="p" busy>{t.frame_try_again()} " " <kbd aria-hidden="true">"R"</kbd></BusyButton>
            </ActionForm>
        }
    });
    view! { <div class="row">{again} {fix} {connection} {order}</div> }
}

#[component]
fn Facts(detail: LogDetail) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = detail.row;
    let mut rows = Vec::new();
    if let Some(id) = row.correlation_id {
        let id = id.to_string();
        let value = view! {
            <span class="code wrap" data-test="correlation-id">{id.clone()}</span>
            " "
            <CopyButton text=id/>
        };
        rows.push((t.logs_correlation().to_owned(), value.into_any()));
    }
    let code = |text: String| view! { <span class="code wrap">{text}</span> }.into_any();
    rows.push((t.logs_id().to_owned(), code(row.id.to_string())));
    rows.push((t.logs_operation().to_owned(), code(row.operation)));
    if let Some(outgoing) = detail.outgoing {
        rows.push((t.logs_endpoint().to_owned(), code(outgoing.url)));
        if let Some(last) = outgoing.token_last_four {
            rows.push((t.logs_token().to_owned(), code(domain::masking::token_ending(&last))));
        }
    }
    if row.attempts > 1 && detail.attempts.is_empty() {
        rows.push((t.logs_attempts().to_owned(), format::whole(row.attempts, language).into_any()));
        rows.push((
            t.logs_first_at().to_owned(),
            format::date_time_seconds(detail.first_at, language).into_any(),
        ));
    }
    if let Some(status) = row.http_status {
        rows.push((t.logs_http_status().to_owned(), code(status.to_string())));
    }
    if let Some(error) = row.error {
        rows.push((t.logs_error_code().to_owned(), code(error.as_str().to_owned())));
    }
    if let Some(duration) = row.duration_ms {
        rows.push((
            t.logs_duration().to_owned(),
            t.connections_milliseconds(format::whole(duration, language)).into_any(),
        ));
    }
    if let Some(digest) = detail.body_sha256 {
        rows.push((t.logs_digest().to_owned(), code(digest)));
    }
    view! {
        <section class="card" aria-labelledby="h-facts">
            <h2 id="h-facts">{t.logs_summary()}</h2>
            <DefinitionList rows/>
        </section>
    }
}

fn attempts(t: crate::i18n::Texts, detail: &LogDetail) -> Vec<TimelineItem> {
    let direction = detail.row.direction;
    let mut items: Vec<TimelineItem> =
        detail.attempts.iter().map(|attempt| attempt_item(t, direction, attempt)).collect();
    if let (Some(MessageState::Waiting), Some(at)) = (detail.row.state, detail.row.next_attempt_at) {
        items.push(TimelineItem {
            icon: "clock",
            tone: "",
            title: t.logs_next_attempt().to_owned(),
            lines: after_that(t, detail.row.attempts).into_iter().collect(),
            at: Some(at),
            current: true,
        });
    }
    items
}

/// What comes after the next try, should that fail as well.
fn after_that(t: crate::i18n::Texts, attempts: i64) -> Option<String> {
    let pause = usize::try_from(attempts).ok().and_then(|made| RETRY_SECONDS.get(made).copied());
    let Some(seconds) = pause else { return Some(t.logs_then_parked().to_owned()) };
    let text = match seconds {
        ..60 => t.logs_then_seconds(seconds),
        60..3600 => t.logs_then_minutes(seconds / 60),
        _ => t.logs_then_hours(seconds / 3600),
    };
    Some(text)
}

fn attempt_item(t: crate::i18n::Texts, direction: Direction, attempt: &AttemptRow) -> TimelineItem {
    let language = t.language();
    let (icon, tone, words) = match (attempt.finished_at, attempt.error) {
        (None, _) => ("clock", "", t.logs_attempt_running().to_owned()),
        (Some(_), None) => ("check", "ok", t.logs_attempt_ok().to_owned()),
        (Some(_), Some(code)) => ("stop", "err", cause_text(t, direction, code)),
    };
    let status = attempt.http_status.map(|status| t.logs_status_line(status));
    let duration =
        attempt.duration_ms.map(|duration| t.connections_milliseconds(format::whole(duration, language)));
    let facts = [status, duration].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let answer = attempt.answer.clone().filter(|_| attempt.error.is_some()).unwrap_or_default();
    TimelineItem {
        icon,
        tone,
        title: format!("{} {words}", attempt.number),
        lines: [facts, answer].into_iter().filter(|line| !line.is_empty()).collect(),
        at: Some(attempt.started_at),
        current: false,
    }
}
