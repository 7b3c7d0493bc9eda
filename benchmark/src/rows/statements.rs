//! The statements that seed orders, one text for both databases but for ids, bytes and padding.

use super::seed::{Batch, Thing};
use crate::instance::ARTICLES;

/// The statements for one batch of orders. `n` is an order's running number, `l` a line's.
pub(super) struct Statements {
    pub(super) postgres: bool,
    /// What ids begin with.
    pub(super) base: i64,
    pub(super) batch: Batch,
    /// The time of an order with the number 0.
    pub(super) oldest: i64,
    /// Microseconds between two orders.
    pub(super) apart: i64,
}

impl Statements {
    fn numbers(&self) -> String {
        let (first, last, lines) =
            (self.batch.first, self.batch.first + self.batch.count - 1, self.batch.lines);
        format!(
            "WITH RECURSIVE numbers(n) AS (SELECT CAST({first} AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}),
             places(l) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT l + 1 FROM places WHERE l < {lines})"
        )
    }

    /// An id made of a number, as [`id_of`] makes it.
    fn id(&self, thing: Thing, n: &str) -> String {
        let (base, thing) = (self.base, thing as u8);
        if self.postgres {
            format!(
                "(lpad(to_hex({base} + {n}), 12, '0') || '7{thing:03}8' || lpad(to_hex({n}), 15, '0'))::uuid"
            )
        } else {
            format!("unhex(printf('%012x7{thing:03}8%015x', {base} + {n}, {n}))")
        }
    }

    fn number(&self, head: &str) -> String {
        if self.postgres {
            format!("'{head}' || lpad(CAST(n AS TEXT), 7, '0')")
        } else {
            format!("printf('{head}%07d', n)")
        }
    }

    fn at(&self) -> String {
        format!("{} + n * {}", self.oldest, self.apart)
    }

    fn bytes(&self, text: &str) -> String {
        if self.postgres { format!("convert_to({text}, 'UTF8')") } else { format!("CAST({text} AS BLOB)") }
    }

    fn digest(&self) -> &'static str {
        if self.postgres { "sha256(convert_to(CAST(n AS TEXT), 'UTF8'))" } else { "randomblob(32)" }
    }

    /// Cents of a line: ten pieces at the article's price.
    fn amount(l: &str) -> String {
        format!("(({} + 1) % 100 * 1000 + 1500)", article(l))
    }

    fn total(&self) -> String {
        format!("(SELECT CAST(SUM({}) AS BIGINT) FROM places)", Self::amount("l"))
    }

    pub(super) fn orders(&self, status: &str, sequence: i64) -> String {
        let (id, correlation) = (self.id(Thing::Order, "n"), self.id(Thing::Correlation, "n"));
        let (number, at, total, lines) = (self.number("PO-2026-"), self.at(), self.total(), self.batch.lines);
        let (draft, sale) = match sequence {
            0 => ("NULL".to_owned(), "NULL".to_owned()),
            _ => (self.number("K-"), self.number("S-")),
        };
        format!(
            "{} INSERT INTO purchase_order (order_id, number, supplier_id, status, revision, currency, our_reference, note, net_total,
                 line_count, correlation_id, created_at, created_by, updated_at, version, answer_sequence, partner_draft_number,
                 partner_sales_order_number)
             SELECT {id}, {number}, (SELECT contact_id FROM contact WHERE is_supplier AND NOT is_self), '{status}', 1, 'NOK',
                 'Hall B', '', {total}, {lines}, {correlation}, {at}, 'Anne', {at}, {sequence} + 2, {sequence}, {draft}, {sale}
             FROM numbers",
            self.numbers()
        )
    }

    pub(super) fn order_lines(&self) -> String {
        let (line, order) = (self.id(Thing::Line, "(n * 1000 + l)"), self.id(Thing::Order, "n"));
        format!(
            "{} INSERT INTO order_line (line_id, order_id, line_number, article_id, article_number, description,
                 supplier_article_number, quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note)
             SELECT {line}, {order}, l, a.article_id, a.number, a.name, 'BF-' || substr(a.number, 3), 10000000, 'EA', a.price,
                 1000000, 0, 25000000, a.price / 1000, ''
             FROM numbers CROSS JOIN places JOIN article a ON a.number = 'N-' || ({} + 1)",
            self.numbers(),
            article("l")
        )
    }

    /// The order's document, of the size that the program writes.
    fn document(&self) -> String {
        let mut text = format!(
            "'{{\"message_id\":\"01980000-0000-7000-8000-000000000001\",\"correlation_id\":\"01980000-0000-7000-8000-000000000002\",\
             \"order_uid\":\"01980000-0000-7000-8000-000000000003\",\"order_number\":\"' || {} || '\",\"revision\":1,\"currency\":\"NOK\",\
             \"requested_delivery_date\":null,\"buyer_reference\":\"Hall B\",\"note\":null,\"net_total\":\"2302.00\",\"buyer\":{{\"name\":\
             \"Nordvik Mekaniske AS\",\"org_number\":\"310004170\",\"street\":\"Gata 1\",\"postal_code\":\"7042\",\"city\":\"Trondheim\",\
             \"country\":\"NO\",\"email\":null,\"phone\":null,\"contact_persons\":[]}},\"lines\":['",
            self.number("PO-2026-")
        );
        for l in 1..=self.batch.lines {
            let number = format!("({} + 1)", article(&l.to_string()));
            text.push_str(&format!(
                " || '{{\"line_number\":{l},\"supplier_article_number\":\"BF-' || {number} || '\",\"buyer_article_number\":\"N-' || {number} \
                 || '\",\"gtin\":null,\"description\":\"Sekskantskrue M8 nummer 123\",\"quantity\":\"10\",\"unit\":\"EA\",\
                 \"unit_price\":\"12.5\",\"price_base_quantity\":\"1\",\"discount_percent\":\"0\",\"amount\":\"125.00\",\"note\":null}},'"
            ));
        }
        format!("{text} || ']}}'")
    }

    /// The answer to the document, which is also what the feed tells.
    fn receipt(&self) -> String {
        format!(
            "'{{\"message_id\":\"01980000-0000-7000-8000-000000000001\",\"body_sha256\":\
             \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"instance_id\":\
             \"01980000-0000-7000-8000-000000000004\",\"epoch\":1,\"received_at\":\"2026-05-01T10:00:00.000000Z\",\"state\":' || {} || '}}'",
            self.state()
        )
    }

    fn state(&self) -> String {
        format!(
            "'{{\"order_uid\":\"01980000-0000-7000-8000-000000000003\",\"sequence\":2,\"revision\":1,\"status\":\"approved\",\
             \"draft_number\":\"' || {} || '\",\"sales_order_number\":\"' || {} || '\",\"reason\":null,\"changed_at\":\
             \"2026-05-01T10:00:00.000000Z\"}}'",
            self.number("K-"),
            self.number("S-")
        )
    }

    /// A row of a list, as open pages are told it.
    fn row(&self) -> String {
        format!(
            "'{{\"order_id\":\"01980000-0000-7000-8000-000000000003\",\"number\":\"' || {} || '\",\"supplier_name\":\
             \"Bolt & Feste AS\",\"status\":\"received\",\"message_state\":\"delivered\",\"next_attempt_at\":null,\
             \"requested_delivery_date\":null,\"currency\":\"NOK\",\"net_total\":230200,\"line_count\":5,\"updated_at\":1795000000000000}}'",
            self.number("PO-2026-")
        )
    }

    fn events(&self, topic: &str, kind: &str, subject: Thing, actor: &str, data: &str) -> String {
        let (at, correlation) = (self.at(), self.id(Thing::Correlation, "n"));
        let subject = if topic == "log" { "NULL".to_owned() } else { self.id(subject, "n") };
        let (contact, sequence) = match topic {
            "feed" => ("(SELECT contact_id FROM contact WHERE is_customer AND NOT is_self)", "2"),
            _ => ("NULL", "NULL"),
        };
        // On SQLite the position is the number of the row, which a later statement gives to all rows at once.
        let position = if self.postgres { "nextval('event_position')" } else { "NULL" };
        format!(
            "{} INSERT INTO event (position, at, topic, kind, subject_id, contact_id, sequence, actor, correlation_id, detail, data)
             SELECT {position}, {at}, '{topic}', '{kind}', {subject}, {contact}, {sequence}, '{actor}', {correlation}, NULL, {data}
             FROM numbers",
            self.numbers(),
        )
    }

    fn place_events(&self) -> String {
        if self.postgres {
            "SELECT 1".to_owned()
        } else {
            "UPDATE event SET position = event_id WHERE event_id > (SELECT COALESCE(MAX(position), 0) FROM event)".to_owned()
        }
    }

    fn counter(&self, name: &str) -> String {
        let last = self.batch.first + self.batch.count - 1;
        format!(
            "INSERT INTO counter (name, value) VALUES ('{name}', {last}) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    }
}

impl Statements {
    pub(super) fn at_buyer(&self) -> Vec<String> {
        let (message, order) = (self.id(Thing::Message, "n"), self.id(Thing::Order, "n"));
        let (at, number, numbers) = (self.at(), self.number("PO-2026-"), self.numbers());
        let sent = format!(
            "{numbers} INSERT INTO message (message_key, direction, message_id, connection_id, contact_id, kind, subject_id, subject_number,
                 revision, body, body_digest, state, attempt_count, tries, next_attempt_at, fence, receipt, http_status, correlation_id,
                 created_at, updated_at)
             SELECT {message}, 'out', {message}, (SELECT connection_id FROM connection),
                 (SELECT contact_id FROM contact WHERE is_supplier AND NOT is_self), 'purchase_order', {order}, {number}, 1, {}, {},
                 'delivered', 1, 1, {at}, 1, {}, 201, {}, {at}, {at} FROM numbers",
            self.bytes(&self.document()),
            self.digest(),
            self.bytes(&self.receipt()),
            self.id(Thing::Correlation, "n"),
        );
        let attempt = format!(
            "{numbers} INSERT INTO attempt (attempt_id, message_key, number, started_at, finished_at, http_status, duration_ms, answer)
             SELECT {}, {message}, 1, {at}, {at} + 9000, 201, 9, {} FROM numbers",
            self.id(Thing::Attempt, "n"),
            self.receipt(),
        );
        let job = self.id(Thing::Job, &self.batch.first.to_string());
        let run = format!(
            "INSERT INTO export_job (job_id, created_at, created_by) VALUES ({job}, {}, 'Anne')",
            self.oldest
        );
        let items = format!(
            "{numbers} INSERT INTO export_item (job_id, ordinal, order_id, message_key, sent_before, findings)
             SELECT {job}, n, {order}, {message}, FALSE, '[]' FROM numbers"
        );
        let row = self.row();
        vec![
            self.orders("approved", 2),
            self.order_lines(),
            sent,
            attempt,
            run,
            items,
            self.events("orders", "order_created", Thing::Order, "Anne", &row),
            self.events("orders", "order_exported", Thing::Order, "Anne", &row),
            self.events("log", "log_changed", Thing::Order, "", "NULL"),
            self.events("orders", "order_received", Thing::Order, "", &row),
            self.events("orders", "order_approved", Thing::Order, "", &row),
            self.place_events(),
            self.counter("purchase_order"),
        ]
    }

    pub(super) fn at_supplier(&self) -> Vec<String> {
        let (message, order, draft) =
            (self.id(Thing::Inbound, "n"), self.id(Thing::Order, "n"), self.id(Thing::Draft, "n"));
        let (at, number, numbers) = (self.at(), self.number("PO-2026-"), self.numbers());
        let (lines, correlation) = (self.batch.lines, self.id(Thing::Correlation, "n"));
        let customer = "(SELECT contact_id FROM contact WHERE is_customer AND NOT is_self)";
        let peer = if self.postgres {
            "'01980000-0000-7000-8000-000000000004'::uuid"
        } else {
            "unhex('01980000000070008000000000000004')"
        };
        let received = format!(
            "{numbers} INSERT INTO message (message_key, direction, message_id, peer_instance_id, contact_id, kind, subject_id,
                 subject_number, revision, body, body_digest, state, attempt_count, next_attempt_at, fence, receipt, correlation_id,
                 created_at, updated_at)
             SELECT {message}, 'in', {}, {peer}, {customer}, 'purchase_order', {order}, {number}, 1, {}, {}, 'delivered', 1, {at}, 0,
                 {}, {correlation}, {at}, {at} FROM numbers",
            self.id(Thing::Message, "n"),
            self.bytes(&self.document()),
            self.digest(),
            self.bytes(&self.receipt()),
        );
        let drafts = format!(
            "{numbers} INSERT INTO order_draft (draft_id, number, customer_id, peer_instance_id, order_uid, customer_order_number, revision,
                 status, sequence, new_customer, currency, customer_reference, note, net_total, line_count, issue_count, correlation_id,
                 message_key, received_at, changed_at, decided_at, decided_by, version)
             SELECT {draft}, {}, {customer}, {peer}, {order}, {number}, 1, 'approved', 2, FALSE, 'NOK', 'Hall B', '', {}, {lines}, 0,
                 {correlation}, {message}, {at}, {at}, {at}, 'Kari', 2 FROM numbers",
            self.number("K-"),
            self.total(),
        );
        vec![
            received,
            drafts,
            self.draft_lines(),
            self.sales(customer),
            self.sales_lines(),
            self.events("drafts", "draft_received", Thing::Draft, "Nordvik Mekaniske AS", &self.row()),
            self.events("feed", "order", Thing::Order, "", &self.state()),
            self.events("drafts", "draft_approved", Thing::Draft, "Kari", &self.row()),
            self.events("feed", "order", Thing::Order, "Kari", &self.state()),
            self.place_events(),
            self.counter("order_draft"),
            self.counter("sales_order"),
        ]
    }

    fn draft_lines(&self) -> String {
        format!(
            "{} INSERT INTO draft_line (draft_id, line_number, customer_article_number, supplier_article_number, description, quantity,
                 unit, unit_price, price_base_quantity, discount_percent, amount, note, article_id)
             SELECT {}, l, 'N-' || substr(a.number, 4), a.number, a.name, 10000000, 'EA', a.price, 1000000, 0, a.price / 1000, '',
                 a.article_id
             FROM numbers CROSS JOIN places JOIN article a ON a.number = 'BF-' || ({} + 1)",
            self.numbers(),
            self.id(Thing::Draft, "n"),
            article("l")
        )
    }

    fn sales(&self, customer: &str) -> String {
        let at = self.at();
        format!(
            "{} INSERT INTO sales_order (sales_order_id, number, draft_id, customer_id, customer_order_number, currency, net_total,
                 created_at, created_by)
             SELECT {}, {}, {}, {customer}, {}, 'NOK', {}, {at}, 'Kari' FROM numbers",
            self.numbers(),
            self.id(Thing::Sale, "n"),
            self.number("S-"),
            self.id(Thing::Draft, "n"),
            self.number("PO-2026-"),
            self.total(),
        )
    }

    fn sales_lines(&self) -> String {
        format!(
            "{} INSERT INTO sales_order_line (sales_order_id, line_number, article_id, article_number, description,
                 customer_article_number, quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount)
             SELECT {}, l, a.article_id, a.number, a.name, 'N-' || substr(a.number, 4), 10000000, 'EA', a.price, 1000000, 0, 25000000,
                 a.price / 1000
             FROM numbers CROSS JOIN places JOIN article a ON a.number = 'BF-' || ({} + 1)",
            self.numbers(),
            self.id(Thing::Sale, "n"),
            article("l")
        )
    }
}

/// Which article, counted from 0, stands on the line `l` of the order `n`.
fn article(l: &str) -> String {
    format!("(n * 7 + {l} * 13) % {ARTICLES}")
}
