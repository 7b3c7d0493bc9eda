//! *Admin > Logger > Integrasjonslogger*: what went between us and our partners, why it failed, and how to try again.

mod causes;
mod detail;
mod documents;
mod filters;
mod list;
mod query;
mod summary;

pub use detail::LogPage;
pub use list::{LogTable, LogsPage};
pub use query::log_question;

use domain::errors::ErrorCode;
use domain::ids::ConnectionId;
use domain::logs::{LogKind, LogOperation, LogRow, Retried};
use domain::messages::{Direction, MessageState};
use leptos::prelude::*;

use crate::components::{Alert, Crumb, LinkButton, Receipt, Tone};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};
use crate::pages::connections::PATH as CONNECTIONS;

/// The path of the list.
pub(crate) const PATH: &str = "/admin/logger/integrasjonslogger";

/// The menu path, with a page under the list when there is one.
fn crumbs(t: Texts, last: Option<String>) -> Vec<Crumb> {
    let mut path = vec![Crumb::text(t.nav_admin()), Crumb::text(t.nav_logs())];
    match last {
        Some(last) => path.extend([Crumb::link(t.nav_integration_logs(), PATH), Crumb::text(last)]),
        None => path.push(Crumb::text(t.nav_integration_logs())),
    }
    path
}

/// The kind of an entry in its address.
fn slug(kind: LogKind) -> &'static str {
    match kind {
        LogKind::Message => "melding",
        LogKind::PartnerRequest => "foresporsel",
    }
}

fn kind_of(slug: &str) -> Option<LogKind> {
    [LogKind::Message, LogKind::PartnerRequest].into_iter().find(|kind| self::slug(*kind) == slug)
}

/// The page of an entry.
pub(crate) fn href(row: &LogRow) -> String {
    format!("{PATH}/{}/{}", slug(row.kind), row.id)
}

/// The log with everything of one piece of work, at both partners.
pub fn log_href(correlation_id: &str) -> String {
    crate::pages::lists::address(PATH, &[(query::name::SEARCH, correlation_id)])
}

/// An answer about an order of ours, read from the partner's feed: we asked, and the partner told.
pub(crate) fn is_answer(row: &LogRow) -> bool {
    row.direction == Direction::Out
        && row.subject.is_some()
        && LogOperation::of(&row.operation) == Some(LogOperation::Events)
}

/// What was tried, in words; the method and the path when there are no words for it.
pub(crate) fn operation_text(t: Texts, row: &LogRow) -> String {
    let text = match (LogOperation::of(&row.operation), row.direction) {
        (Some(LogOperation::Orders), Direction::Out) => t.logs_send_order(),
        (Some(LogOperation::Orders), Direction::In) => t.logs_receive_order(),
        (Some(LogOperation::Events), _) if is_answer(row) => t.logs_answer_received(),
        (Some(LogOperation::Events), _) => t.logs_read_events(),
        (Some(LogOperation::Check), _) => t.logs_check_order(),
        (Some(LogOperation::Articles), _) => t.logs_read_articles(),
        (Some(LogOperation::Contacts), _) => t.logs_read_contacts(),
        (Some(LogOperation::Identity), _) => t.logs_test_connection(),
        (None, _) => return row.operation.clone(),
    };
    text.to_owned()
}

/// Whom it went to or came from.
fn partner_text(t: Texts, row: &LogRow) -> String {
    let partner = row.partner_name.clone().unwrap_or_else(|| t.logs_unknown_partner().to_owned());
    match row.direction {
        Direction::Out if !is_answer(row) => t.logs_to(partner),
        _ => t.logs_from(partner),
    }
}

/// Why something failed, as it looks from here: what a partner did wrong is told in other words than what we did.
pub(crate) fn cause_text(t: Texts, direction: Direction, code: ErrorCode) -> String {
    let incoming = (direction == Direction::In).then(|| t.cause(code.as_str())).flatten();
    incoming.map_or_else(|| AppError::from(code).text(t), str::to_owned)
}

/// What to do about it.
fn fix_text(t: Texts, direction: Direction, code: ErrorCode) -> Option<String> {
    match direction {
        Direction::Out => t.fix(code.as_str()).map(str::to_owned),
        Direction::In => Some(t.logs_partner_told().to_owned()),
    }
}

/// The page on which the cause is put right, where it is ours to put right.
fn fix_path(row: &LogRow, code: ErrorCode) -> Option<String> {
    let connection =
        || row.connection_id.map_or_else(|| CONNECTIONS.to_owned(), |id| format!("{CONNECTIONS}/{id}"));
    match (row.direction, code) {
        (Direction::In, ErrorCode::ModuleDisabled) => Some("/admin/utvidelser".to_owned()),
        (
            Direction::In,
            ErrorCode::ApiAccessOff
            | ErrorCode::InsufficientScope
            | ErrorCode::InvalidToken
            | ErrorCode::TokenExpired
            | ErrorCode::TokenRevoked,
        ) => Some("/admin/api-tilgang/token".to_owned()),
        (Direction::In, _) => None,
        // The partner read the order and did not take it as it is.
        (Direction::Out, code) if matches!(code.http_status(), 400 | 409 | 413 | 422) => row
            .subject
            .as_ref()
            .map_or_else(|| Some(connection()), |number| Some(format!("/ordre/innkjopsordre/{number}"))),
        (Direction::Out, _) => Some(connection()),
    }
}

/// Where a stopped connection is tested.
pub(crate) fn test_href(id: ConnectionId) -> String {
    format!("{CONNECTIONS}/{id}#test-connection")
}

/// What came of *Prøv på nytt*: what goes now, and what waits for its connection.
#[component]
fn TriedAgain(retried: Retried) -> impl IntoView {
    let t = use_texts();
    let Retried { sent, held, connection_id } = retried;
    let goes = (sent > 0 || held == 0).then(|| view! { <Receipt title=t.logs_retried(sent)/> });
    let waits = (held > 0).then(|| {
        let href = connection_id.map_or_else(|| CONNECTIONS.to_owned(), test_href);
        view! {
            <Alert title=t.logs_held(held) text=t.logs_held_text()>
                <LinkButton kind="s" href>{t.logs_to_connection()}</LinkButton>
            </Alert>
        }
    });
    view! { {goes} {waits} }
}

/// How an entry ended: words, tone, icon.
pub(crate) fn result_look(t: Texts, row: &LogRow) -> (String, Tone, &'static str) {
    let message =
        |state: MessageState| t.status(&format!("message.{}", state.as_str())).unwrap_or_default().to_owned();
    match (row.state, row.error) {
        (Some(state @ MessageState::Parked), _) => (message(state), Tone::Error, "stop"),
        (Some(state @ MessageState::Waiting), _) => (message(state), Tone::Warning, "redo"),
        (Some(state @ (MessageState::Queued | MessageState::Sending)), _) => {
            (message(state), Tone::Info, "clock")
        }
        (Some(MessageState::Delivered), _) if row.direction == Direction::In => {
            (t.logs_received().to_owned(), Tone::Ok, "check")
        }
        (Some(state @ MessageState::Delivered), _) => (message(state), Tone::Ok, "check"),
        (None, Some(_)) if row.resolved_at.is_some() => {
            (t.logs_resolved().to_owned(), Tone::Neutral, "check")
        }
        (None, Some(_)) if row.direction == Direction::Out => {
            (t.logs_failed().to_owned(), Tone::Error, "stop")
        }
        (None, Some(_)) => (t.logs_refused().to_owned(), Tone::Error, "stop"),
        (None, None) => (t.logs_answered().to_owned(), Tone::Ok, "check"),
    }
}
