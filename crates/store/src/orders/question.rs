//! Which orders a list shows, and in which order, as SQL: one text for both databases.
//!
//! With a hundred thousand orders a page must not cost more than its rows. So the question is cut into arms, each of which the
//! database reads from one index in the list's order, no further than the page reaches; what they find is put together afterwards.

use domain::orders::{OrderFilter, OrderSort, OrderStatus, OrderView};
use domain::paging::{Direction, MAX_COUNTED};
use uuid::Uuid;

use crate::sql::{Sql, Value};

/// Where so few orders have the statuses of a view, all of them are read and sorted, whatever else is asked.
pub(super) const FEW: i64 = 2_000;

/// That the message which carries an order is stopped; there are few, and `message_parked` finds them.
const IS_STOPPED: &str =
    "EXISTS (SELECT 1 FROM message m WHERE m.subject_id = o.order_id AND m.revision = o.revision
    AND m.direction = 'out' AND m.state = 'parked')";
/// Orders whose message is stopped.
pub(super) const STOPPED: &str =
    "message m JOIN purchase_order o ON o.order_id = m.subject_id AND o.revision = m.revision";

/// The statuses of a view's orders; `None`: every status. *Trenger deg* has those whose message is stopped as well.
pub(super) fn statuses(view: OrderView) -> Option<&'static [OrderStatus]> {
    match view {
        OrderView::NeedsYou => Some(&[
            OrderStatus::Draft,
            OrderStatus::Ready,
            OrderStatus::Rejected,
            OrderStatus::ApprovedWithChanges,
        ]),
        OrderView::Drafts => Some(&[OrderStatus::Draft, OrderStatus::Ready]),
        OrderView::Waiting => Some(&[OrderStatus::Exported, OrderStatus::Received, OrderStatus::InReview]),
        OrderView::Approved => Some(&[OrderStatus::Approved, OrderStatus::ApprovedWithChanges]),
        OrderView::All => None,
    }
}

pub(super) fn listed(statuses: &[OrderStatus]) -> String {
    let quoted: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    quoted.join(", ")
}

/// Where orders are found that a text may mean. Texts are the beginnings of what is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// The number without its year and leading zeros: `417` of `PO-2026-00417`.
    Tail(String),
    /// The same in one year.
    TailOfYear(String, String),
    Year(String),
    Reference(String),
    PartnerNumber(String),
    /// Our number of an article in one of the lines.
    Article(String),
    /// The supplier's number of it.
    SupplierArticle(String),
    /// Whoever is named so.
    Suppliers(Vec<Uuid>),
}

/// The keys of a search text. `suppliers` are those whose name holds it.
fn keys(search: &str, suppliers: &[Uuid]) -> Vec<Key> {
    let bare: String = search.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '#')).collect();
    let small = bare.to_ascii_lowercase();
    let mut keys = Vec::new();
    let number = small.strip_prefix("po").unwrap_or(&small);
    if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
        let without_zeros = |digits: &str| digits.trim_start_matches('0').to_owned();
        if !without_zeros(number).is_empty() {
            keys.push(Key::Tail(without_zeros(number)));
        }
        if number.len() >= 4 && number.starts_with("20") {
            let (year, tail) = number.split_at(4);
            let prefix = format!("PO-{year}-");
            let tail = without_zeros(tail);
            keys.push(if tail.is_empty() { Key::Year(prefix) } else { Key::TailOfYear(prefix, tail) });
        }
    }
    if !small.is_empty() {
        // The database knows only the letters A to Z, or all of them.
        let fully = bare.to_lowercase();
        let written = if fully == small { vec![small] } else { vec![fully, small] };
        for text in written {
            keys.push(Key::Reference(text.clone()));
            keys.push(Key::Article(text.clone()));
            keys.push(Key::SupplierArticle(text));
        }
    }
    keys.push(Key::PartnerNumber(search.trim().to_uppercase()));
    if !suppliers.is_empty() {
        keys.push(Key::Suppliers(suppliers.to_vec()));
    }
    keys
}

/// One part of a question.
#[derive(Clone, Debug)]
enum Arm {
    /// One status, from its own index.
    Status(OrderStatus),
    /// Orders of other statuses whose message is stopped.
    Stopped,
    /// The index of the sort, or whichever fits the filters best.
    Walk,
    /// Orders with a supplier, supplier by supplier.
    BySupplier,
    WithoutSupplier,
    Found(Key),
}

/// A question with what had to be looked up first.
pub(super) struct Question<'q> {
    pub(super) filter: &'q OrderFilter,
    /// Whose orders *mine* are.
    pub(super) person: &'q str,
    pub(super) suppliers: Vec<Uuid>,
    /// At most [`FEW`] orders have the statuses.
    pub(super) is_few: bool,
}

impl Question<'_> {
    /// The statuses that are left of the view's; `None`: every one.
    pub(super) fn statuses(filter: &OrderFilter) -> Option<Vec<OrderStatus>> {
        match (statuses(filter.view), filter.status) {
            (None, None) => None,
            (None, Some(status)) => Some(vec![status]),
            (Some(of_view), None) => Some(of_view.to_vec()),
            (Some(of_view), Some(status)) => {
                Some(of_view.iter().copied().filter(|of| *of == status).collect())
            }
        }
    }

    fn arms(&self) -> Vec<Arm> {
        if let Some(search) = &self.filter.search {
            return keys(search, &self.suppliers).into_iter().map(Arm::Found).collect();
        }
        let statuses = Self::statuses(self.filter);
        let has_statuses = statuses.as_ref().is_some_and(|statuses| !statuses.is_empty());
        let from_one_index = matches!(self.filter.sort, OrderSort::Changed | OrderSort::Status)
            && OrderFilter { status: None, ..self.filter.clone() }.is_plain();
        let each = match (&statuses, self.filter.sort) {
            (Some(statuses), _) => statuses.clone(),
            (None, OrderSort::Status) => OrderStatus::ALL.to_vec(),
            (None, _) => Vec::new(),
        };
        let by_status = has_statuses || (statuses.is_none() && self.filter.sort == OrderSort::Status);
        if by_status && (self.is_few || from_one_index) {
            let stopped = (self.filter.view == OrderView::NeedsYou).then_some(Arm::Stopped);
            return each.into_iter().map(Arm::Status).chain(stopped).collect();
        }
        match self.filter.sort {
            OrderSort::Supplier if !self.is_few && self.filter.supplier.is_none() => {
                vec![Arm::BySupplier, Arm::WithoutSupplier]
            }
            _ => vec![Arm::Walk],
        }
    }

    /// The page's orders in their order: `order_id` with what they are sorted by.
    pub(super) fn page(&self, limit: i64, offset: i64) -> Sql {
        let mut sql = Sql::default();
        sql.push("SELECT order_id, sort_key, tie, updated_at FROM (");
        let key = self.key();
        for (place, arm) in self.arms().into_iter().enumerate() {
            sql.push(if place == 0 { "" } else { " UNION " });
            sql.push("SELECT order_id, sort_key, tie, updated_at FROM (SELECT o.order_id, ").push(key);
            sql.push(" AS sort_key, o.supplier_id AS tie, o.updated_at");
            self.push_arm(&mut sql, &arm);
            sql.push(&format!(" ORDER BY {} LIMIT {}) AS part_{place}", self.inside(&arm), limit + offset));
        }
        sql.push(&format!(") AS parts ORDER BY {} LIMIT {limit} OFFSET {offset}", self.outside("parts")));
        sql
    }

    /// How many there are, counted no further than `most`.
    pub(super) fn count(&self, most: i64) -> Sql {
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) FROM (");
        for (place, arm) in self.arms().into_iter().enumerate() {
            sql.push(if place == 0 { "" } else { " UNION " });
            sql.push("SELECT order_id FROM (SELECT o.order_id");
            self.push_arm(&mut sql, &arm);
            sql.push(&format!(" LIMIT {most}) AS part_{place}"));
        }
        sql.push(") AS found");
        sql
    }

    fn key(&self) -> &'static str {
        match self.filter.sort {
            OrderSort::Changed => "o.updated_at",
            OrderSort::Number => "o.number_sort",
            OrderSort::Supplier => "COALESCE(c.name, '')",
            OrderSort::Status => BY_LIFE,
            OrderSort::Wanted => "o.wanted_key",
            OrderSort::Total => "o.net_total",
        }
    }

    fn way(&self) -> &'static str {
        if self.filter.direction == Direction::Descending { "DESC" } else { "ASC" }
    }

    /// The order within an arm: that of an index.
    fn inside(&self, arm: &Arm) -> String {
        let way = self.way();
        match (self.filter.sort, arm) {
            (OrderSort::Status, Arm::Status(_)) => "o.updated_at DESC, o.order_id DESC".to_owned(),
            (OrderSort::Status, _) => format!("{BY_LIFE} {way}, o.updated_at DESC, o.order_id DESC"),
            (OrderSort::Supplier, Arm::BySupplier) => {
                format!("c.name {way}, c.contact_id {way}, o.updated_at DESC, o.order_id DESC")
            }
            (OrderSort::Supplier, _) => {
                format!("COALESCE(c.name, '') {way}, o.supplier_id {way}, o.updated_at DESC, o.order_id DESC")
            }
            _ => format!("{} {way}, o.order_id {way}", self.key()),
        }
    }

    /// The order of what the arms found, which `of` holds.
    pub(super) fn outside(&self, of: &str) -> String {
        let way = self.way();
        match self.filter.sort {
            OrderSort::Status => format!("{of}.sort_key {way}, {of}.updated_at DESC, {of}.order_id DESC"),
            OrderSort::Supplier => {
                format!("{of}.sort_key {way}, {of}.tie {way}, {of}.updated_at DESC, {of}.order_id DESC")
            }
            _ => format!("{of}.sort_key {way}, {of}.order_id {way}"),
        }
    }

    fn push_arm(&self, sql: &mut Sql, arm: &Arm) {
        let supplier_too = self.filter.sort == OrderSort::Supplier;
        let joined = " LEFT JOIN contact c ON c.contact_id = o.supplier_id";
        sql.push(" FROM ");
        match arm {
            Arm::Stopped => sql.push(STOPPED),
            Arm::BySupplier => sql.push("contact c CROSS JOIN purchase_order o"),
            Arm::Found(Key::Article(number)) => push_lines(sql, "article_key", number),
            Arm::Found(Key::SupplierArticle(number)) => push_lines(sql, "supplier_article_key", number),
            _ => sql.push("purchase_order o"),
        };
        if supplier_too && !matches!(arm, Arm::BySupplier) {
            sql.push(joined);
        }
        sql.push(" WHERE 1 = 1");
        match arm {
            Arm::Status(status) => {
                sql.push(" AND o.status = ").bind(Value::Text(status.as_str().to_owned()));
            }
            Arm::Stopped => {
                let others = statuses(self.filter.view).unwrap_or_default();
                sql.push(&format!(
                    " AND m.direction = 'out' AND m.state = 'parked' AND o.status NOT IN ({})",
                    listed(others)
                ));
                if let Some(status) = self.filter.status {
                    sql.push(" AND o.status = ").bind(Value::Text(status.as_str().to_owned()));
                }
            }
            Arm::BySupplier => {
                sql.push(" AND o.supplier_id = c.contact_id");
                self.push_statuses(sql);
            }
            Arm::WithoutSupplier => {
                sql.push(" AND o.supplier_id IS NULL");
                self.push_statuses(sql);
            }
            Arm::Walk => self.push_statuses(sql),
            Arm::Found(key) => {
                push_key(sql, key);
                self.push_statuses(sql);
            }
        }
        self.push_filters(sql);
    }

    /// The statuses as a condition that no index answers: here another one is read.
    fn push_statuses(&self, sql: &mut Sql) {
        let Some(statuses) = Self::statuses(self.filter) else { return };
        let listed = if statuses.is_empty() { "''".to_owned() } else { listed(&statuses) };
        if self.filter.view != OrderView::NeedsYou {
            sql.push(&format!(" AND COALESCE(o.status, '') IN ({listed})"));
            return;
        }
        sql.push(&format!(" AND (COALESCE(o.status, '') IN ({listed}) OR {IS_STOPPED})"));
        if let Some(status) = self.filter.status {
            sql.push(" AND COALESCE(o.status, '') = ").bind(Value::Text(status.as_str().to_owned()));
        }
    }

    fn push_filters(&self, sql: &mut Sql) {
        let filter = self.filter;
        if let Some(supplier) = filter.supplier {
            sql.push(" AND o.supplier_id = ").bind(Value::Id(supplier.0));
        }
        if let Some(from) = filter.wanted.from {
            sql.push(" AND o.requested_delivery_date IS NOT NULL AND o.wanted_key >= ");
            sql.bind(Value::Text(from.to_string()));
        }
        if let Some(to) = filter.wanted.to {
            sql.push(" AND o.requested_delivery_date IS NOT NULL AND o.wanted_key <= ");
            sql.bind(Value::Text(to.to_string()));
        }
        let (from, before) = filter.changed.moments();
        if let Some(from) = from {
            sql.push(" AND o.updated_at >= ").bind(Value::Number(from.0));
        }
        if let Some(before) = before {
            sql.push(" AND o.updated_at < ").bind(Value::Number(before.0));
        }
        if filter.mine {
            sql.push(" AND o.created_by = ").bind(Value::Text(self.person.to_owned()));
        }
    }
}

/// The place of a status in an order's life; a test compares it with [`OrderStatus::ALL`].
const BY_LIFE: &str =
    "CASE o.status WHEN 'draft' THEN 0 WHEN 'ready' THEN 1 WHEN 'exported' THEN 2 WHEN 'received' THEN 3
    WHEN 'in_review' THEN 4 WHEN 'approved' THEN 5 WHEN 'approved_with_changes' THEN 6 WHEN 'rejected' THEN 7
    WHEN 'withdrawn' THEN 8 WHEN 'cancelled' THEN 9 ELSE 10 END";

/// Orders with a line whose number begins with a text: those with exactly this number first, the newest before older ones. No more
/// lines are read than are counted; `CROSS JOIN` keeps SQLite from walking all orders instead.
fn push_lines<'s>(sql: &'s mut Sql, column: &str, number: &str) -> &'s mut Sql {
    sql.push(&format!(
        "(SELECT DISTINCT order_id FROM (SELECT l.order_id FROM order_line l WHERE l.{column} >= "
    ));
    sql.bind(Value::Text(number.to_owned())).push(&format!(" AND l.{column} < "));
    sql.bind(Value::Text(format!("{number}\u{10ffff}")));
    sql.push(&format!(" ORDER BY l.{column}, l.order_id DESC LIMIT {}) AS lines) AS hit", MAX_COUNTED + 1));
    sql.push(" CROSS JOIN purchase_order o")
}

fn push_key(sql: &mut Sql, key: &Key) {
    match key {
        Key::Article(_) | Key::SupplierArticle(_) => {
            sql.push(" AND o.order_id = hit.order_id");
        }
        Key::Tail(tail) => push_prefix(sql, "o.number_tail", tail),
        Key::TailOfYear(year, tail) => {
            push_prefix(sql, "o.number_tail", tail);
            // Judged on what the tail has found.
            sql.push(" AND SUBSTR(o.number, 1, 8) = ").bind(Value::Text(year.clone()));
        }
        Key::Year(year) => push_prefix(sql, "o.number_sort", year),
        Key::Reference(reference) => {
            sql.push(" AND o.reference_key IS NOT NULL");
            push_prefix(sql, "o.reference_key", reference);
        }
        Key::PartnerNumber(number) => {
            sql.push(" AND o.partner_sales_order_number IS NOT NULL");
            push_prefix(sql, "o.partner_sales_order_number", number);
        }
        Key::Suppliers(suppliers) => {
            sql.push(" AND o.supplier_id IN (");
            for (place, supplier) in suppliers.iter().enumerate() {
                sql.push(if place == 0 { "" } else { ", " }).bind(Value::Id(*supplier));
            }
            sql.push(")");
        }
    }
}

/// That a column begins with a text, as its index can find it.
fn push_prefix(sql: &mut Sql, column: &str, prefix: &str) {
    sql.push(&format!(" AND {column} >= ")).bind(Value::Text(prefix.to_owned()));
    sql.push(&format!(" AND {column} < ")).bind(Value::Text(format!("{prefix}\u{10ffff}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        let found = |text: &str| keys(text, &[]);
        assert_eq!(found("00417")[0], Key::Tail("417".into()));
        assert_eq!(found("po-417")[0], Key::Tail("417".into()));
        assert!(found("PO 2026 0417").contains(&Key::TailOfYear("PO-2026-".into(), "417".into())));
        assert!(found("po-2026").contains(&Key::Year("PO-2026-".into())));
        assert_eq!(found("so-2026-1").last(), Some(&Key::PartnerNumber("SO-2026-1".into())));
        assert!(found("Bølge-7").contains(&Key::Reference("bølge7".into())));
        assert!(found("A4-M10 x50").contains(&Key::SupplierArticle("a4m10x50".into())));
        assert_eq!(found("--").len(), 1);
    }

    #[test]
    fn statuses_are_sorted_by_the_life_of_an_order() {
        let one_line = BY_LIFE.split_whitespace().collect::<Vec<_>>().join(" ");
        for (place, status) in OrderStatus::ALL.into_iter().enumerate().take(10) {
            assert!(one_line.contains(&format!("'{}' THEN {place} ", status.as_str())), "{status:?}");
        }
    }
}
