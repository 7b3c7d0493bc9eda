//! Messages that came in, each with the answer that it got.

use std::collections::HashMap;

use domain::ids::{ContactId, CorrelationId, InstanceId, MessageId, MessageKey};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::required;

/// A message that came in, with the answer it got.
#[derive(Clone, Debug)]
pub struct NewInbound {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub peer_instance_id: InstanceId,
    pub contact_id: ContactId,
    pub kind: &'static str,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub revision: i32,
    pub body: Vec<u8>,
    pub body_digest: [u8; 32],
    pub correlation_id: CorrelationId,
    /// A repeat gets the same bytes.
    pub receipt: Vec<u8>,
}

/// What is known of a message that came in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub body_digest: Vec<u8>,
    pub receipt: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct InboundRow {
    message_key: Uuid,
    message_id: Uuid,
    body_digest: Vec<u8>,
    receipt: Option<Vec<u8>>,
}

impl InboundRow {
    fn into_inbound(self) -> Result<Inbound, StoreError> {
        Ok(Inbound {
            message_key: MessageKey(self.message_key),
            message_id: MessageId(self.message_id),
            body_digest: self.body_digest,
            receipt: required(self.receipt, "message", "receipt")?,
        })
    }
}

/// Those of the messages that came in before, by the sender's ids.
pub async fn find_inbound(
    tx: &mut Tx,
    peer: InstanceId,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, Inbound>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(ROWS) {
        let rows: Vec<InboundRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT message_key, message_id, body_digest, receipt FROM message WHERE direction = 'in' AND peer_instance_id = ",
            );
            query.push_bind(peer.0).push(" AND message_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        for row in rows {
            found.insert(MessageId(row.message_id), row.into_inbound()?);
        }
    }
    Ok(found)
}

/// Writes messages that came in. Fewer rows than messages: another transaction wrote one of them first, or one for the same revision of
/// the same thing; on PostgreSQL this waits for it.
pub async fn add_inbound(tx: &mut Tx, messages: &[NewInbound], now: Timestamp) -> Result<usize, StoreError> {
    let mut written = 0;
    for chunk in messages.chunks(ROWS) {
        written += on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO message (message_key, direction, message_id, peer_instance_id, contact_id, kind, subject_id, subject_number,
                     revision, body, body_digest, state, attempt_count, next_attempt_at, fence, receipt, correlation_id, created_at,
                     updated_at) ",
            );
            query.push_values(chunk, |mut row, message| {
                row.push_bind(message.message_key.0)
                    .push("'in'")
                    .push_bind(message.message_id.0)
                    .push_bind(message.peer_instance_id.0)
                    .push_bind(message.contact_id.0)
                    .push_bind(message.kind)
                    .push_bind(message.subject_id)
                    .push_bind(message.subject_number.clone())
                    .push_bind(i64::from(message.revision))
                    .push_bind(message.body.clone())
                    .push_bind(message.body_digest.to_vec())
                    .push("'delivered', 1")
                    .push_bind(now.0)
                    .push("0")
                    .push_bind(message.receipt.clone())
                    .push_bind(message.correlation_id.0)
                    .push_bind(now.0)
                    .push_bind(now.0);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
}
