//! The checks before an order is sent. The page *Kontroll* and the sending itself make the same ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::connections::{ConnectionState, ConnectionTest, KnownThere, PartnerIdentity};
use domain::contacts::ContactDifference;
use domain::errors::ErrorCode;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::holidays::DayWarning;
use domain::ids::{ContactId, InstanceId, OrderId};
use domain::matching::{LineDifference, LineFacts, Match, MatchLevel};
use domain::orders::{OrderStatus, PurchaseOrder, UnreadCell, unread_cells};
use domain::tokens::Scope;
use protocol::documents::{CheckAnswer, LineFinding};
use store::Tx;
use store::connections::ConnectionRecord;
use store::messages::MessageStatus;
use store::partner_checks::KeptCheck;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::orders;

/// A token that runs out within this time is told of.
const SOON_SECONDS: i64 = 7 * 86_400;

/// What was found about an order, and the way it would be sent.
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    pub(super) connection: Option<ConnectionRecord>,
    /// The message that carries the order already.
    pub(super) sent: Option<MessageStatus>,
}

/// What the checks of some orders need to know, read in a handful of queries however many orders there are.
struct Known {
    instance_id: InstanceId,
    extension_on: bool,
    connections: HashMap<ContactId, ConnectionRecord>,
    answers: HashMap<OrderId, KeptCheck>,
    sent: HashMap<Uuid, MessageStatus>,
    /// Cells of orders that cannot be read yet.
    unread: HashMap<OrderId, Vec<UnreadCell>>,
}

/// The checks of orders, against what is known here: the last test of the connection and the catalogue as last read. Gives this
/// instance's id, and one answer for each order, in their order.
pub(super) async fn check_each(
    ctx: &Ctx,
    tx: &mut Tx,
    orders: &[&PurchaseOrder],
) -> Result<(InstanceId, Vec<Checked>), ServiceError> {
    let mut known = known(tx, orders).await?;
    let mut answered = Vec::with_capacity(orders.len());
    for order in orders {
        answered.push(answered_lines(known.answers.remove(&order.order_id), order)?);
    }
    let mut matches = match_lines(tx, &known, orders, &answered).await?;
    let mut checked = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        let mut findings = Findings::default();
        findings.judge(
            ExportCheck::ModuleHere,
            known.extension_on,
            Outcome::Stops,
            ErrorCode::ModuleDisabled,
        );
        let connection = order.supplier_id.and_then(|supplier| known.connections.get(&supplier));
        // A catalogue from a file leads nowhere.
        match connection.filter(|connection| !connection.row.is_price_file()) {
            Some(connection) => check_connection(ctx, &mut findings, connection),
            None => {
                let code = match (order.supplier_id, connection) {
                    (Some(_), Some(_)) => ErrorCode::PriceFileOnly,
                    (Some(_), None) => ErrorCode::ConnectionMissing,
                    (None, _) => ErrorCode::SupplierUnknown,
                };
                findings.add(ExportCheck::TokenRegistered, Outcome::Stops, code);
            }
        }
        findings.about(order.supplier_id, connection);
        let matches = std::mem::take(&mut matches[index]);
        check_lines(&mut findings, order, &answered[index], matches);
        check_date(ctx, &mut findings, order);
        if order.status == OrderStatus::Draft {
            findings.add(ExportCheck::Quantities, Outcome::Stops, ErrorCode::OrderIncomplete);
        }
        let sent = known.sent.remove(&order.order_id.0);
        findings.judge(ExportCheck::NotSentBefore, sent.is_none(), Outcome::Stops, ErrorCode::AlreadySent);
        // Hundreds of packs must not stand before a slip of the decimal sign.
        findings.list.sort_by_key(|finding| !finding.is_far_off());
        checked.push(Checked { findings: findings.list, connection: connection.cloned(), sent });
    }
    Ok((known.instance_id, checked))
}

async fn known(tx: &mut Tx, orders: &[&PurchaseOrder]) -> Result<Known, ServiceError> {
    let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    let suppliers: BTreeSet<ContactId> = orders.iter().filter_map(|order| order.supplier_id).collect();
    let mut connections = HashMap::with_capacity(suppliers.len());
    for supplier in suppliers {
        if let Some(connection) = store::connections::find_by_contact(tx, supplier).await? {
            connections.insert(supplier, connection);
        }
    }
    let order_ids: Vec<OrderId> = orders.iter().map(|order| order.order_id).collect();
    let subjects: Vec<Uuid> = order_ids.iter().map(|id| id.0).collect();
    Ok(Known {
        instance_id: instance.instance_id,
        extension_on: instance.extension_on,
        connections,
        answers: store::partner_checks::lookup_each(tx, &order_ids).await?,
        sent: store::messages::outbound_of_each(tx, &subjects).await?,
        unread: unread(tx, orders).await?,
    })
}

/// What has a cell that cannot be read is a *Kladd*, so orders that can go ask for nothing here.
async fn unread(
    tx: &mut Tx,
    orders: &[&PurchaseOrder],
) -> Result<HashMap<OrderId, Vec<UnreadCell>>, ServiceError> {
    let drafts: HashMap<OrderId, &PurchaseOrder> = orders
        .iter()
        .filter(|order| order.status == OrderStatus::Draft)
        .map(|order| (order.order_id, *order))
        .collect();
    let ids: Vec<OrderId> = drafts.keys().copied().collect();
    let typed = store::orders::typed_each(tx, &ids).await?;
    let cells = |(order_id, typed)| {
        let order = drafts.get(&order_id)?;
        Some((order_id, unread_cells(&order.lines, &typed)))
    };
    Ok(typed.into_iter().filter_map(cells).collect())
}

/// The matches of every order's lines; one look into the catalogue for all orders of one supplier.
async fn match_lines(
    tx: &mut Tx,
    known: &Known,
    orders: &[&PurchaseOrder],
    answered: &[BTreeMap<i32, LineFinding>],
) -> Result<Vec<Vec<Match>>, ServiceError> {
    let mut of_supplier: BTreeMap<Option<ContactId>, Vec<usize>> = BTreeMap::new();
    for (index, order) in orders.iter().enumerate() {
        of_supplier.entry(order.supplier_id).or_default().push(index);
    }
    let mut matches: Vec<Vec<Match>> = orders.iter().map(|_| Vec::new()).collect();
    for (supplier, indexes) in of_supplier {
        let facts: Vec<LineFacts> =
            indexes.iter().flat_map(|index| facts_of(orders[*index], &answered[*index], known)).collect();
        let connection = supplier.and_then(|supplier| known.connections.get(&supplier));
        // An order waits for a partner that is away, and is checked there when it arrives: here what was last read of him is enough.
        let mut judged = orders::judge_over(tx, connection, &facts, None).await?.into_iter();
        for index in indexes {
            matches[index] = judged.by_ref().take(orders[index].lines.len()).collect();
        }
    }
    Ok(matches)
}

/// What is compared of an order's lines. A number that the supplier has linked to an article of his is compared with that article.
fn facts_of<'a>(
    order: &'a PurchaseOrder,
    answered: &'a BTreeMap<i32, LineFinding>,
    known: &'a Known,
) -> impl Iterator<Item = LineFacts> + 'a {
    let unread = known.unread.get(&order.order_id).map(Vec::as_slice).unwrap_or_default();
    order.lines.iter().map(move |line| {
        let mut facts = line.facts(&order.currency, unread);
        if let Some(LineFinding { article_number: Some(number), .. }) = answered.get(&line.line_number) {
            facts.supplier_article_number.clone_from(number);
        }
        facts
    })
}

fn check_connection(ctx: &Ctx, findings: &mut Findings, connection: &ConnectionRecord) {
    let has_token = connection.row.token_last_four.is_some();
    findings.judge(ExportCheck::TokenRegistered, has_token, Outcome::Stops, ErrorCode::TokenMissing);
    if connection.row.state == ConnectionState::Paused {
        let failure = connection.row.last_test.as_ref().and_then(|test| test.failure);
        let code = failure.or(connection.row.pause_code).unwrap_or(ErrorCode::ConnectionPaused);
        findings.add(check_of(code), Outcome::Stops, code);
    }
    let Some(test) = &connection.row.last_test else {
        findings.add(ExportCheck::EndpointReachable, Outcome::Warning, ErrorCode::ConnectionUnverified);
        return;
    };
    check_test(ctx, findings, test, connection.row.state);
}

/// Which check a partner's refusal belongs to.
fn check_of(code: ErrorCode) -> ExportCheck {
    match code {
        ErrorCode::TokenExpired | ErrorCode::TokenRevoked | ErrorCode::InvalidToken => {
            ExportCheck::TokenValid
        }
        ErrorCode::ModuleDisabled | ErrorCode::ApiAccessOff => ExportCheck::ModuleThere,
        ErrorCode::InsufficientScope => ExportCheck::ScopesComplete,
        _ => ExportCheck::EndpointReachable,
    }
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
    let is_on = identity.extension_on || test.failure == Some(ErrorCode::ModuleDisabled);
    findings.judge(ExportCheck::ModuleThere, is_on, Outcome::Stops, ErrorCode::ModuleDisabled);
    check_expiry(ctx, findings, identity);
    check_contacts(findings, test);
}

fn check_expiry(ctx: &Ctx, findings: &mut Findings, identity: &PartnerIdentity) {
    let now = ctx.now();
    let Some(expires_at) = identity.expires_at() else { return };
    if expires_at <= now {
        findings.add(ExportCheck::TokenValid, Outcome::Stops, ErrorCode::TokenExpired);
    } else if expires_at <= now.plus_seconds(SOON_SECONDS) {
        findings.add(ExportCheck::TokenValid, Outcome::Warning, ErrorCode::TokenExpiresSoon);
    }
}

/// The supplier in our register against what it says of itself, and us in its register.
fn check_contacts(findings: &mut Findings, test: &ConnectionTest) {
    let mut warn = |check, code, differences: &[ContactDifference]| {
        findings.add(check, Outcome::Warning, code);
        findings.param("fields", field_names(differences));
    };
    match &test.differences {
        Some(differences) if differences.is_empty() => {}
        Some(differences) => warn(ExportCheck::SupplierIdentical, ErrorCode::ContactDiffers, differences),
        None => warn(ExportCheck::SupplierIdentical, ErrorCode::ContactUnchecked, &[]),
    }
    match &test.known_there {
        Some(KnownThere::Yes { differences }) if differences.is_empty() => {}
        Some(KnownThere::Yes { differences }) => {
            warn(ExportCheck::KnownThere, ErrorCode::ContactDiffers, differences);
        }
        Some(KnownThere::No) => warn(ExportCheck::KnownThere, ErrorCode::UnknownThere, &[]),
        None => warn(ExportCheck::KnownThere, ErrorCode::ContactUnchecked, &[]),
    }
}

/// The fields' names as the translation files know them: `name,street`.
fn field_names(differences: &[ContactDifference]) -> String {
    let names: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
    names.join(",")
}

fn check_lines(
    findings: &mut Findings,
    order: &PurchaseOrder,
    answered: &BTreeMap<i32, LineFinding>,
    matches: Vec<Match>,
) {
    for (line, matched) in order.lines.iter().zip(matches) {
        // What the partner itself says goes before what was last read of its articles.
        let is_exact = match answered.get(&line.line_number) {
            Some(finding) => finding.issue.is_none(),
            None => matched.level == MatchLevel::Exact,
        };
        if !is_exact {
            findings.add(ExportCheck::LinesExact, Outcome::Overridable, ErrorCode::LinesNotExact);
            findings.on_line(line.line_number);
            findings.param("number", line.supplier_article_number.clone());
            if matched.level == MatchLevel::NotChecked && !answered.contains_key(&line.line_number) {
                findings.param("not_checked", "true".to_owned());
            }
        }
        // That the supplier counts in another unit is nothing to put right.
        let told = |difference: &&LineDifference| !matches!(difference, LineDifference::UnitConverted { .. });
        let told = matched.differences.iter().filter(told);
        findings.list.extend(told.map(|difference| Finding::of_difference(difference, line.line_number)));
    }
}

/// What the partner said about the order as it is now, by line number; empty when it was asked about another version or not at all.
fn answered_lines(
    kept: Option<KeptCheck>,
    order: &PurchaseOrder,
) -> Result<BTreeMap<i32, LineFinding>, ServiceError> {
    let Some(kept) = kept.filter(|kept| kept.order_version == order.version) else {
        return Ok(BTreeMap::new());
    };
    let answer: CheckAnswer = serde_json::from_str(&kept.answer)
        .map_err(|error| ServiceError::Internal(format!("a partner's answer cannot be read: {error}")))?;
    Ok(answer.findings.into_iter().map(|finding| (finding.line_number, finding)).collect())
}

/// The wanted date: not passed, and a day on which goods are received.
fn check_date(ctx: &Ctx, findings: &mut Findings, order: &PurchaseOrder) {
    let Some(date) = order.requested_delivery_date else { return };
    if let Some(warning) = DayWarning::of(date, ctx.today()) {
        findings.add(ExportCheck::DeliveryDate, Outcome::Warning, ErrorCode::InvalidDate);
        findings.param("reason", warning.as_str().to_owned());
    }
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

    /// The finding that was written last is about a line.
    fn on_line(&mut self, line_number: i32) {
        if let Some(finding) = self.list.last_mut() {
            finding.line_number = Some(line_number);
        }
    }

    /// What was found so far beyond this instance is put right at this supplier and this connection.
    fn about(&mut self, supplier_id: Option<ContactId>, connection: Option<&ConnectionRecord>) {
        let ids = [
            ("contact_id", supplier_id.map(|id| id.to_string())),
            ("connection_id", connection.map(|connection| connection.row.connection_id.to_string())),
        ];
        for finding in self.list.iter_mut().filter(|finding| finding.check != ExportCheck::ModuleHere) {
            let known = ids.iter().filter_map(|(name, id)| Some(((*name).to_owned(), id.clone()?)));
            finding.params.extend(known);
        }
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
