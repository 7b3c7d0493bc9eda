//! *Admin > Logger > Integrasjonslogger*: what went between us and our partners, why it failed, and how to try again.

mod detail;
mod list;

pub use detail::LogPage;
pub use list::LogsPage;

use domain::errors::ErrorCode;
use domain::logs::{LogKind, LogRow};
use domain::messages::{Direction, MessageState};

use crate::components::{Crumb, Tone};
use crate::error::AppError;
use crate::i18n::Texts;

/// The path of the list.
const PATH: &str = "/admin/logger/integrasjonslogger";

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

fn href(row: &LogRow) -> String {
    format!("{PATH}/{}/{}", slug(row.kind), row.id)
}

/// What was tried, in words; the method and the path when there are no words for it.
fn operation_text(t: Texts, row: &LogRow) -> String {
    match (row.operation.as_str(), row.direction) {
        ("POST /purchase-orders" | "POST /purchase-orders/batch", Direction::Out) => {
            t.logs_send_order().to_owned()
        }
        ("POST /purchase-orders" | "POST /purchase-orders/batch", Direction::In) => {
            t.logs_receive_order().to_owned()
        }
        (operation, _) => operation.to_owned(),
    }
}

/// Whom it went to or came from.
fn partner_text(t: Texts, row: &LogRow) -> String {
    let partner = row.partner_name.clone().unwrap_or_else(|| t.logs_unknown_partner().to_owned());
    match row.direction {
        Direction::Out => t.logs_to(partner),
        Direction::In => t.logs_from(partner),
    }
}

/// Why something failed, as it looks from here: what a partner did wrong is told in other words than what we did.
fn cause_text(t: Texts, direction: Direction, code: ErrorCode) -> String {
    let incoming = (direction == Direction::In).then(|| t.cause(code.as_str())).flatten();
    incoming.map_or_else(|| AppError::from(code).text(t), str::to_owned)
}

/// How an entry ended: words, tone, icon.
fn result_look(t: Texts, row: &LogRow) -> (String, Tone, &'static str) {
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
        (None, Some(_)) => (t.logs_refused().to_owned(), Tone::Error, "stop"),
        (None, None) => (t.logs_answered().to_owned(), Tone::Ok, "check"),
    }
}
