//! The bare program: commits the rows of an export with the same boundaries, and does nothing else. No HTTP, no services, no checks,
//! no reading; one connection to each database, prepared statements, the program's own settings.
//!
//! Commits, as in the program: at the buyer one for each hundred orders of a run, one for the claim and one for what came back; at the
//! supplier one for each order sent alone, or one for a whole batch. Left out is what the program writes beside an export: the place in
//! the feed.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::seed::{Ready, articles_of};
use super::{Database, execute, now, scalar};
use crate::failure::Outcome;

/// Both databases, and what the rows point at.
#[derive(Debug)]
pub struct Bare {
    buyer: Database,
    supplier: Database,
    connection: Uuid,
    at_buyer: Uuid,
    customer: Uuid,
    peer: Uuid,
    articles: Vec<Uuid>,
    next: u128,
}

/// An order on its way, and what its rows share.
#[derive(Debug)]
struct Order {
    id: Uuid,
    number: String,
    correlation: Uuid,
    message: Uuid,
    body: Vec<u8>,
    digest: Vec<u8>,
    lines: Vec<i64>,
}

impl Bare {
    /// Takes the databases of two instances that do not run.
    pub async fn new(mut buyer: Database, mut supplier: Database) -> Outcome<Self> {
        let connection = scalar!(&mut buyer, "SELECT connection_id FROM connection");
        let at_buyer =
            scalar!(&mut buyer, "SELECT contact_id FROM contact WHERE is_supplier AND NOT is_self");
        let customer =
            scalar!(&mut supplier, "SELECT contact_id FROM contact WHERE is_customer AND NOT is_self");
        let (peer, _) = buyer.identity().await?;
        let articles = match &mut supplier {
            Database::Sqlite(connection) => sqlx::query_scalar(ARTICLES).fetch_all(connection).await?,
            Database::Postgres(connection) => sqlx::query_scalar(ARTICLES).fetch_all(connection).await?,
        };
        let next = u128::try_from(now()?).unwrap_or_default() << 64;
        Ok(Self { buyer, supplier, connection, at_buyer, customer, peer, articles, next })
    }

    /// Sends orders one after the other, each with commits of its own.
    pub async fn send_each(&mut self, orders: &[Ready], lines: i64) -> Outcome<()> {
        for order in orders {
            self.send_together(std::slice::from_ref(order), lines).await?;
        }
        Ok(())
    }

    /// Sends orders as one run: a hundred together at the buyer, all together at the supplier.
    pub async fn send_together(&mut self, orders: &[Ready], lines: i64) -> Outcome<()> {
        let job = self.id();
        let mut sent = Vec::with_capacity(orders.len());
        for some in orders.chunks(100) {
            self.buyer.begin().await?;
            if sent.is_empty() {
                self.add_job(job).await?;
            }
            for ready in some {
                let order = self.order(ready, lines)?;
                let ordinal = i64::try_from(sent.len()).unwrap_or_default();
                self.export(job, ordinal, &order).await?;
                sent.push(order);
            }
            self.event(true, "log", "log_changed", None, None, None).await?;
            self.buyer.commit().await?;
        }
        self.buyer.begin().await?;
        let mut attempts = Vec::with_capacity(sent.len());
        for order in &sent {
            attempts.push(self.claim(order).await?);
        }
        self.buyer.commit().await?;
        self.receive_together(&sent).await?;
        self.buyer.begin().await?;
        for (order, attempt) in sent.iter().zip(attempts) {
            self.settle(order, attempt).await?;
        }
        self.event(true, "log", "log_changed", None, None, None).await?;
        self.buyer.commit().await
    }

    /// Commits the supplier's half of one order: what a call of the partner API leaves behind.
    pub async fn receive(&mut self, order: &Ready, lines: i64) -> Outcome<()> {
        let order = self.order(order, lines)?;
        self.receive_together(&[order]).await
    }

    async fn receive_together(&mut self, orders: &[Order]) -> Outcome<()> {
        self.supplier.begin().await?;
        for order in orders {
            self.draft(order).await?;
        }
        self.supplier.commit().await
    }

    fn id(&mut self) -> Uuid {
        self.next += 1 << 40;
        uuid::Builder::from_u128(self.next).with_version(uuid::Version::SortRand).into_uuid()
    }

    fn order(&mut self, ready: &Ready, lines: i64) -> Outcome<Order> {
        let id: Uuid = ready.id.parse()?;
        let message = self.id();
        let correlation = self.id();
        let lines = articles_of(self.next as i64 & 0xffff, lines);
        let body = document(id, message, &ready.number, &lines).into_bytes();
        let digest = Sha256::digest(&body).to_vec();
        Ok(Order { id, number: ready.number.clone(), correlation, message, body, digest, lines })
    }

    async fn export(&mut self, job: Uuid, ordinal: i64, order: &Order) -> Outcome<()> {
        let at = now()?;
        execute!(
            &mut self.buyer,
            "INSERT INTO message (message_key, direction, message_id, connection_id, contact_id, kind, subject_id, subject_number,
                 revision, body, body_digest, state, attempt_count, next_attempt_at, fence, correlation_id, created_at, updated_at)
             VALUES ($1, 'out', $1, $2, $3, 'purchase_order', $4, $5, 1, $6, $7, 'queued', 0, $8, 0, $9, $8, $8)",
            order.message,
            self.connection,
            self.at_buyer,
            order.id,
            &order.number,
            &order.body,
            &order.digest,
            at,
            order.correlation
        );
        execute!(
            &mut self.buyer,
            "UPDATE purchase_order SET status = 'exported', updated_at = $1, version = version + 1 WHERE order_id = $2",
            at,
            order.id
        );
        execute!(
            &mut self.buyer,
            "INSERT INTO export_item (job_id, ordinal, order_id, message_key, sent_before, findings)
             VALUES ($1, $2, $3, $4, FALSE, '[]')",
            job,
            ordinal,
            order.id,
            order.message
        );
        self.event(true, "orders", "order_exported", Some(order.id), None, Some(order)).await
    }

    async fn add_job(&mut self, job: Uuid) -> Outcome<()> {
        execute!(
            &mut self.buyer,
            "INSERT INTO export_job (job_id, created_at, created_by) VALUES ($1, $2, 'Anne')",
            job,
            now()?
        );
        Ok(())
    }

    async fn claim(&mut self, order: &Order) -> Outcome<Uuid> {
        let (at, attempt) = (now()?, self.id());
        execute!(
            &mut self.buyer,
            "UPDATE message SET state = 'sending', next_attempt_at = $1, lease_until = $1, fence = fence + 1, attempt_count = attempt_count + 1,
                 tries = tries + 1, updated_at = $2 WHERE message_key = $3",
            at + 60_000_000,
            at,
            order.message
        );
        execute!(
            &mut self.buyer,
            "INSERT INTO attempt (attempt_id, message_key, number, started_at) VALUES ($1, $2, 1, $3)",
            attempt,
            order.message,
            at
        );
        Ok(attempt)
    }

    async fn settle(&mut self, order: &Order, attempt: Uuid) -> Outcome<()> {
        let at = now()?;
        let receipt = receipt(order);
        execute!(
            &mut self.buyer,
            "UPDATE attempt SET finished_at = $1, http_status = 201, duration_ms = 5, answer = $2 WHERE attempt_id = $3",
            at,
            &receipt,
            attempt
        );
        execute!(
            &mut self.buyer,
            "UPDATE message SET state = 'delivered', next_attempt_at = $1, receipt = $2, http_status = 201, lease_until = NULL,
                 updated_at = $1 WHERE message_key = $3",
            at,
            receipt.as_bytes(),
            order.message
        );
        execute!(
            &mut self.buyer,
            "UPDATE purchase_order SET status = 'received', answer_sequence = 1, partner_draft_number = $1, updated_at = $2,
                 version = version + 1 WHERE order_id = $3",
            &order.number,
            at,
            order.id
        );
        self.event(true, "orders", "order_received", Some(order.id), None, Some(order)).await
    }

    async fn draft(&mut self, order: &Order) -> Outcome<()> {
        let (at, key, draft) = (now()?, self.id(), self.id());
        execute!(
            &mut self.supplier,
            "INSERT INTO message (message_key, direction, message_id, peer_instance_id, contact_id, kind, subject_id, subject_number,
                 revision, body, body_digest, state, attempt_count, next_attempt_at, fence, correlation_id, created_at, updated_at)
             VALUES ($1, 'in', $2, $3, $4, 'purchase_order', $5, $6, 1, $7, $8, 'delivered', 1, $9, 0, $10, $9, $9)",
            key,
            order.message,
            self.peer,
            self.customer,
            order.id,
            &order.number,
            &order.body,
            &order.digest,
            at,
            order.correlation
        );
        let number: i64 = scalar!(
            &mut self.supplier,
            "INSERT INTO counter (name, value) VALUES ('order_draft', 1)
             ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
        );
        execute!(
            &mut self.supplier,
            "INSERT INTO order_draft (draft_id, number, customer_id, peer_instance_id, order_uid, customer_order_number, revision, status,
                 sequence, new_customer, currency, customer_reference, note, net_total, line_count, issue_count, correlation_id,
                 message_key, received_at, changed_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, 1, 'received', 1, FALSE, 'NOK', 'Hall B', '', 230200, $7, 0, $8, $9, $10, $10, 1)",
            draft,
            format!("K-{number:05}"),
            self.customer,
            self.peer,
            order.id,
            &order.number,
            i64::try_from(order.lines.len()).unwrap_or_default(),
            order.correlation,
            key,
            at
        );
        for (line, article) in (1_i64..).zip(&order.lines) {
            let index = usize::try_from(*article - 1).unwrap_or_default();
            execute!(
                &mut self.supplier,
                "INSERT INTO draft_line (draft_id, line_number, customer_article_number, supplier_article_number, description,
                     quantity, unit, unit_price, price_base_quantity, discount_percent, amount, note, article_id)
                 VALUES ($1, $2, $3, $4, 'Sekskantskrue M8 nummer 123', 10000000, 'EA', 1500000, 1000000, 0, 1500, '', $5)",
                draft,
                line,
                format!("N-{article}"),
                format!("BF-{article}"),
                self.articles.get(index).copied()
            );
        }
        self.event(false, "drafts", "draft_received", Some(draft), None, Some(order)).await?;
        self.event(false, "feed", "order", Some(order.id), Some(self.customer), Some(order)).await?;
        execute!(
            &mut self.supplier,
            "UPDATE message SET receipt = $1 WHERE message_key = $2",
            receipt(order).as_bytes(),
            key
        );
        Ok(())
    }

    async fn event(
        &mut self,
        at_buyer: bool,
        topic: &str,
        kind: &str,
        subject: Option<Uuid>,
        contact: Option<Uuid>,
        order: Option<&Order>,
    ) -> Outcome<()> {
        let database = if at_buyer { &mut self.buyer } else { &mut self.supplier };
        // On PostgreSQL the table gives the position.
        let sql = if database.is_postgres() {
            "INSERT INTO event (at, topic, kind, subject_id, contact_id, sequence, actor, correlation_id, data)
             VALUES ($1, $2, $3, $4, $5, $6, 'Anne', $7, $8)"
        } else {
            "INSERT INTO event (position, at, topic, kind, subject_id, contact_id, sequence, actor, correlation_id, data)
             VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'event'), $1, $2, $3, $4, $5, $6, 'Anne', $7, $8)"
        };
        execute!(
            database,
            sql,
            now()?,
            topic,
            kind,
            subject,
            contact,
            contact.map(|_| 1_i64),
            order.map(|order| order.correlation),
            order.map(row)
        );
        Ok(())
    }
}

const ARTICLES: &str = "SELECT article_id FROM article ORDER BY change_number";

/// A row of a list, as open pages are told it.
fn row(order: &Order) -> String {
    let (id, number, lines) = (order.id, &order.number, order.lines.len());
    format!(
        "{{\"order_id\":\"{id}\",\"number\":\"{number}\",\"supplier_name\":\"Bolt & Feste AS\",\"status\":\"received\",\"message_state\":\
         \"delivered\",\"next_attempt_at\":null,\"requested_delivery_date\":null,\"currency\":\"NOK\",\"net_total\":230200,\
         \"line_count\":{lines},\"updated_at\":1795000000000000}}"
    )
}

fn receipt(order: &Order) -> String {
    let (message, id, number) = (order.message, order.id, &order.number);
    format!(
        "{{\"message_id\":\"{message}\",\"body_sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\
         \"instance_id\":\"{id}\",\"epoch\":1,\"received_at\":\"2026-05-01T10:00:00.000000Z\",\"state\":{{\"order_uid\":\"{id}\",\
         \"sequence\":1,\"revision\":1,\"status\":\"received\",\"draft_number\":\"{number}\",\"sales_order_number\":null,\"reason\":null,\
         \"changed_at\":\"2026-05-01T10:00:00.000000Z\"}}}}"
    )
}

/// An order as the partner API takes it: ten pieces of each article, at its price.
pub fn document(order: Uuid, message: Uuid, number: &str, articles: &[i64]) -> String {
    let amount = |article: &i64| article % 100 * 10 + 15;
    let total: i64 = articles.iter().map(amount).sum();
    let lines: Vec<String> = (1..)
        .zip(articles)
        .map(|(line, article)| {
            let (price, amount) = (article % 100 + 1, amount(article));
            format!(
                "{{\"line_number\":{line},\"supplier_article_number\":\"BF-{article}\",\"buyer_article_number\":\"N-{article}\",\"gtin\":null,\
                 \"description\":\"Sekskantskrue M8 nummer {article}\",\"quantity\":\"10\",\"unit\":\"EA\",\"unit_price\":\"{price}.5\",\
                 \"price_base_quantity\":\"1\",\"discount_percent\":\"0\",\"amount\":\"{amount}.00\",\"note\":null}}"
            )
        })
        .collect();
    format!(
        "{{\"message_id\":\"{message}\",\"correlation_id\":\"{message}\",\"order_uid\":\"{order}\",\"order_number\":\"{number}\",\
         \"revision\":1,\"currency\":\"NOK\",\"requested_delivery_date\":null,\"buyer_reference\":\"Hall B\",\"note\":null,\
         \"net_total\":\"{total}.00\",\"buyer\":{{\"name\":\"Nordvik Mekaniske AS\",\"org_number\":\"310004170\",\"street\":\"Gata 1\",\
         \"postal_code\":\"7042\",\"city\":\"Trondheim\",\"country\":\"NO\",\"email\":null,\"phone\":null,\"contact_persons\":[]}},\
         \"lines\":[{}]}}",
        lines.join(",")
    )
}
