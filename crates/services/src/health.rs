//! Whether an instance is well: what `prodsys doctor` finds, each with a stable code.

use std::collections::BTreeMap;

use domain::connections::{ConnectionRow, ConnectionState, PartnerIdentity};
use domain::errors::ErrorCode;
use domain::roles::Permission;
use domain::time::Timestamp;
use domain::tokens::TokenState;
use serde::Serialize;

use crate::backups::{Backup, TAKEN};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Something does not work, or is not safe.
    Error,
    /// Something will not work soon, or is worth a look.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $level:ident;)+) => {
        /// What can be found. The text is stable; the words for people are the server's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// How bad it is.
            pub const fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level),+ }
            }
        }
    };
}

codes! {
    DataMissing = "data_missing", Error;
    DataNotWritable = "data_not_writable", Error;
    DataOpen = "data_open", Warning;
    DatabaseMissing = "database_missing", Error;
    DatabaseUnreachable = "database_unreachable", Error;
    DatabaseDamaged = "database_damaged", Error;
    RowsAstray = "rows_astray", Error;
    SchemaNewer = "schema_newer", Error;
    SchemaOlder = "schema_older", Warning;
    RestoreUnfinished = "restore_unfinished", Error;
    DiskFull = "disk_full", Error;
    DiskLow = "disk_low", Warning;
    KeyMissing = "key_missing", Error;
    KeyUnreadable = "key_unreadable", Error;
    KeyOpen = "key_open", Error;
    KeyWrong = "key_wrong", Error;
    /// One connection's token cannot be opened with a key that is the right one.
    TokenUnreadable = "token_unreadable", Error;
    CompanyMissing = "company_missing", Error;
    AdministratorMissing = "administrator_missing", Error;
    SiteMissing = "site_missing", Error;
    SettingsWeakened = "settings_weakened", Error;
    PublicUrlMissing = "public_url_missing", Warning;
    PublicUrlPlain = "public_url_plain", Warning;
    ExtensionOff = "extension_off", Warning;
    ApiAccessOff = "api_access_off", Warning;
    ConnectionPaused = "connection_paused", Error;
    ConnectionUnverified = "connection_unverified", Warning;
    TokenExpires = "token_expires", Warning;
    TokenExpired = "token_expired", Error;
    IssuedTokenExpires = "issued_token_expires", Warning;
    FeedSilent = "feed_silent", Warning;
    MessagesParked = "messages_parked", Error;
    LeasesStuck = "leases_stuck", Error;
    MessagesOverdue = "messages_overdue", Error;
    OrdersUnknown = "orders_unknown", Warning;
    BackupMissing = "backup_missing", Warning;
    BackupOld = "backup_old", Error;
    BackupFolderUnusable = "backup_folder_unusable", Error;
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: Code,
    pub level: Level,
    /// Values for the sentence.
    pub params: BTreeMap<&'static str, String>,
}

impl From<Code> for Finding {
    fn from(code: Code) -> Self {
        Self { code, level: code.level(), params: BTreeMap::new() }
    }
}

impl Finding {
    /// The same with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

/// What is known of the instance, beside what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    pub company: Option<String>,
    pub instance_id: Option<String>,
    pub epoch: Option<i64>,
    pub purchase_orders: i64,
    pub order_drafts: i64,
    pub last_backup: Option<Backup>,
}

/// How long something may wait before it is told.
const PATIENCE_SECONDS: i64 = 600;
/// How long a partner whose feed is read may be silent.
const SILENCE_SECONDS: i64 = 1800;
/// How long before its end a token is told.
const SOON_SECONDS: i64 = 14 * 86_400;

/// Looks at everything that the database tells, with tables of this program's version. `every_seconds` is how often a backup is to be
/// taken by itself.
pub async fn examine(
    ctx: &Ctx,
    every_seconds: Option<i64>,
    found: &mut Vec<Finding>,
) -> Result<Facts, ServiceError> {
    ctx.require(Permission::Administer)?;
    let now = ctx.now();
    let mut tx = ctx.store.begin_read().await?;
    let own = crate::instance::current_in(&mut tx).await?;
    let figures = store::health::figures(&mut tx, now.plus_seconds(-PATIENCE_SECONDS)).await?;
    let connections = store::connections::list(&mut tx).await?;
    let tokens = store::tokens::list(&mut tx).await?;
    let last = store::health::last_of_kind(&mut tx, TAKEN).await?;
    drop(tx);
    let live = tokens.iter().filter(|token| token.state(now) == TokenState::Active);
    for token in live.clone().filter(|token| token.expires_at < now.plus_seconds(SOON_SECONDS)) {
        let finding = Finding::from(Code::IssuedTokenExpires).with("name", &token.name);
        found.push(finding.with("at", token.expires_at.to_rfc3339()));
    }
    match &own {
        None => found.push(Code::CompanyMissing.into()),
        Some(own) => {
            let any = live.count() > 0;
            let leads_anywhere = connections.iter().any(|connection| !connection.is_price_file());
            if !own.extension_on && (any || leads_anywhere) {
                found.push(Code::ExtensionOff.into());
            }
            if !own.api_access && any {
                found.push(Code::ApiAccessOff.into());
            }
        }
    }
    let reads = own.as_ref().is_some_and(|own| own.extension_on);
    // A price file has nothing that could be well or ill.
    for connection in connections.iter().filter(|connection| !connection.is_price_file()) {
        examine_connection(connection, now, reads, found);
    }
    count(figures, own.is_some(), found);
    let last_backup = last.as_ref().and_then(|(_, detail)| serde_json::from_str::<Backup>(detail).ok());
    examine_backups(last.map(|(at, _)| at), now, every_seconds, found);
    Ok(Facts {
        company: own.as_ref().map(|own| own.company_name.clone()),
        instance_id: own.as_ref().map(|own| own.instance_id.to_string()),
        epoch: own.as_ref().map(|own| own.epoch),
        purchase_orders: figures.purchase_orders,
        order_drafts: figures.order_drafts,
        last_backup,
    })
}

fn count(figures: store::health::Figures, has_company: bool, found: &mut Vec<Finding>) {
    if has_company && figures.administrators == 0 {
        found.push(Code::AdministratorMissing.into());
    }
    let counted = [
        (Code::MessagesParked, figures.parked),
        (Code::LeasesStuck, figures.stuck),
        (Code::MessagesOverdue, figures.overdue),
        (Code::OrdersUnknown, figures.unknown_orders),
    ];
    found.extend(
        counted
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(code, count)| Finding::from(code).with("count", count)),
    );
}

fn examine_connection(row: &ConnectionRow, now: Timestamp, reads: bool, found: &mut Vec<Finding>) {
    let of = |code: Code| Finding::from(code).with("name", &row.name).with("id", row.connection_id);
    match row.state {
        ConnectionState::Paused => {
            let code = row.pause_code.map_or("", ErrorCode::as_str);
            found.push(of(Code::ConnectionPaused).with("code", code));
        }
        ConnectionState::Unverified => found.push(of(Code::ConnectionUnverified)),
        ConnectionState::Verified => {
            let silent = row.last_contact_at.is_none_or(|at| at < now.plus_seconds(-SILENCE_SECONDS));
            if silent && reads {
                let at = row.last_contact_at.map_or_else(|| "-".to_owned(), Timestamp::to_rfc3339);
                found.push(of(Code::FeedSilent).with("at", at));
            }
        }
    }
    let identity = row.last_test.as_ref().and_then(|test| test.identity.as_ref());
    if let Some(at) = identity.and_then(PartnerIdentity::expires_at) {
        if at <= now {
            found.push(of(Code::TokenExpired).with("at", at.to_rfc3339()));
        } else if at < now.plus_seconds(SOON_SECONDS) {
            found.push(of(Code::TokenExpires).with("at", at.to_rfc3339()));
        }
    }
}

fn examine_backups(
    last: Option<Timestamp>,
    now: Timestamp,
    every_seconds: Option<i64>,
    found: &mut Vec<Finding>,
) {
    match (last, every_seconds) {
        (None, _) => found.push(Code::BackupMissing.into()),
        // Twice the time: one may just be on its way.
        (Some(at), Some(every)) if at < now.plus_seconds(-2 * every) => {
            found.push(Finding::from(Code::BackupOld).with("at", at.to_rfc3339()));
        }
        _ => {}
    }
}

/// Tries the key of this context on what was sealed: the probe first, then each connection's token.
pub async fn examine_key(ctx: &Ctx, found: &mut Vec<Finding>) -> Result<(), ServiceError> {
    match crate::instance::check_key(ctx).await {
        Ok(()) => {}
        Err(ServiceError::Refused(_)) => {
            found.push(Code::KeyWrong.into());
            return Ok(());
        }
        Err(fault) => return Err(fault),
    }
    let mut tx = ctx.store.begin_read().await?;
    let connections = store::connections::list(&mut tx).await?;
    for (id, sealed) in store::health::sealed_tokens(&mut tx).await? {
        if ctx.secrets.open(&crate::connections::place(id), &sealed).is_err() {
            let name = connections.iter().find(|row| row.connection_id == id).map(|row| row.name.clone());
            let finding = Finding::from(Code::TokenUnreadable).with("id", id);
            found.push(finding.with("name", name.unwrap_or_default()));
        }
    }
    Ok(())
}
