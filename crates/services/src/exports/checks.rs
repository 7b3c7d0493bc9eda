//! The checks before an order is sent. The page *Kontroll* and the sending itself make the same ones.

use domain::connections::{ConnectionState, ConnectionTest};
use domain::errors::ErrorCode;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::matching::{LineDifference, MatchLevel};
use domain::orders::PurchaseOrder;
use domain::tokens::Scope;
use store::Tx;
use store::connections::ConnectionRecord;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::orders;

/// What was found about an order, and the way it would be sent.
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    pub(super) connection: Option<ConnectionRecord>,
}

/// The checks of one order, against what is known here: the last test of the connection and the catalogue as last read.
pub(super) async fn check_in(ctx: &Ctx, tx: &mut Tx, order: &PurchaseOrder) -> Result<Checked, ServiceError> {
    let mut findings = Findings::default();
    let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    findings.judge(ExportCheck::ModuleHere, instance.extension_on, Outcome::Stops, ErrorCode::ModuleDisabled);
    let connection = match order.supplier_id {
        Some(supplier_id) => store::connections::find_by_contact(tx, supplier_id).await?,
        None => None,
    };
    match &connection {
        Some(connection) => check_connection(ctx, &mut findings, connection),
        None => findings.add(ExportCheck::TokenRegistered, Outcome::Stops, ErrorCode::ConnectionMissing),
    }
    check_lines(ctx, tx, &mut findings, order).await?;
    let sent = store::messages::outbound_of(tx, order.order_id.0).await?.is_some();
    findings.judge(ExportCheck::NotSentBefore, !sent, Outcome::Stops, ErrorCode::AlreadySent);
    Ok(Checked { findings: findings.list, connection })
}

fn check_connection(ctx: &Ctx, findings: &mut Findings, connection: &ConnectionRecord) {
    let has_token = connection.row.token_last_four.is_some();
    findings.judge(ExportCheck::TokenRegistered, has_token, Outcome::Stops, ErrorCode::TokenMissing);
    if connection.row.state == ConnectionState::Paused {
        let code = connection.row.pause_code.unwrap_or(ErrorCode::ConnectionPaused);
        findings.add(ExportCheck::EndpointReachable, Outcome::Stops, code);
    }
    let Some(test) = &connection.row.last_test else {
        findings.add(ExportCheck::EndpointReachable, Outcome::Warning, ErrorCode::ConnectTimeout);
        return;
    };
    check_test(ctx, findings, test, connection.row.state);
}

fn check_test(ctx: &Ctx, findings: &mut Findings, test: &ConnectionTest, state: ConnectionState) {
    if let Some(code) = test.failure
        && state != ConnectionState::Paused
    {
        // A partner that could not be reached gets the order when it can be: the message waits.
        findings.add(ExportCheck::EndpointReachable, Outcome::Warning, code);
    }
    let missing: Vec<&str> = test.missing_scopes.iter().copied().map(Scope::as_str).collect();
    if missing.contains(&Scope::PurchaseOrdersCreate.as_str()) {
        findings.add(ExportCheck::ScopesComplete, Outcome::Stops, ErrorCode::InsufficientScope);
    } else if !missing.is_empty() {
        findings.add(ExportCheck::ScopesComplete, Outcome::Warning, ErrorCode::InsufficientScope);
    }
    findings.param("scopes", missing.join(", "));
    let Some(identity) = &test.identity else { return };
    findings.judge(
        ExportCheck::ModuleThere,
        identity.extension_on,
        Outcome::Stops,
        ErrorCode::ModuleDisabled,
    );
    let now = ctx.now();
    if identity.token_expires_at <= now {
        findings.add(ExportCheck::TokenValid, Outcome::Stops, ErrorCode::TokenExpired);
    } else if identity.token_expires_at <= now.plus_seconds(7 * 86_400) {
        findings.add(ExportCheck::TokenValid, Outcome::Warning, ErrorCode::TokenExpired);
    }
    match &test.differences {
        Some(differences) if differences.is_empty() => {}
        _ => findings.add(ExportCheck::SupplierIdentical, Outcome::Warning, ErrorCode::ValidationFailed),
    }
}

async fn check_lines(
    ctx: &Ctx,
    tx: &mut Tx,
    findings: &mut Findings,
    order: &PurchaseOrder,
) -> Result<(), ServiceError> {
    let facts: Vec<_> = order.lines.iter().map(orders::facts_of).collect();
    let matches = orders::judge_in(tx, order.supplier_id, &facts).await?;
    for (line, matched) in order.lines.iter().zip(matches) {
        let number = line.supplier_article_number.clone();
        match matched.level {
            MatchLevel::Exact => {}
            MatchLevel::NotChecked => findings.on_line(
                ExportCheck::LinesExact,
                Outcome::Overridable,
                Some(ErrorCode::LinesNotExact),
                line.line_number,
            ),
            _ => findings.on_line(
                ExportCheck::LinesExact,
                Outcome::Overridable,
                Some(ErrorCode::LinesNotExact),
                line.line_number,
            ),
        }
        findings.param("number", number);
        for difference in matched.differences {
            let (check, params) = match difference {
                LineDifference::Price { ordered, listed, base, .. } => (
                    ExportCheck::Prices,
                    vec![
                        ("ordered", ordered.to_string()),
                        ("listed", listed.to_string()),
                        ("base", base.to_string()),
                    ],
                ),
                LineDifference::Unit { ordered, listed } => {
                    (ExportCheck::Quantities, vec![("ordered", ordered), ("listed", listed)])
                }
                LineDifference::PackSize { pack_size } => {
                    (ExportCheck::Quantities, vec![("pack_size", pack_size.to_string())])
                }
            };
            findings.on_line(check, Outcome::Warning, None, line.line_number);
            for (name, value) in params {
                findings.param(name, value);
            }
        }
    }
    if let Some(date) = order.requested_delivery_date
        && (date < ctx.today() || date.is_weekend())
    {
        findings.add(ExportCheck::DeliveryDate, Outcome::Warning, ErrorCode::InvalidDate);
    }
    Ok(())
}

#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, check: ExportCheck, outcome: Outcome, code: ErrorCode) {
        self.list.push(Finding {
            check,
            outcome,
            code: Some(code),
            line_number: None,
            params: Default::default(),
        });
    }

    fn judge(&mut self, check: ExportCheck, fine: bool, otherwise: Outcome, code: ErrorCode) {
        if !fine {
            self.add(check, otherwise, code);
        }
    }

    fn on_line(&mut self, check: ExportCheck, outcome: Outcome, code: Option<ErrorCode>, line_number: i32) {
        self.list.push(Finding {
            check,
            outcome,
            code,
            line_number: Some(line_number),
            params: Default::default(),
        });
    }

    /// Adds a value to the finding that was written last.
    fn param(&mut self, name: &str, value: String) {
        if let Some(finding) = self.list.last_mut()
            && !value.is_empty()
        {
            finding.params.entry(name.to_owned()).or_insert(value);
        }
    }
}
