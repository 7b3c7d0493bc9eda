-- Events come with their position: there is one writer at a time, so the program knows which numbers the rows will get.
DROP TRIGGER event_placed;

-- While a message is being sent, it is due again when the lease ends: one column says when to look.
UPDATE message SET next_attempt_at = lease_until WHERE state = 'sending' AND lease_until IS NOT NULL;
DROP INDEX message_due;
CREATE INDEX message_due ON message (connection_id, next_attempt_at, message_key)
    WHERE direction = 'out' AND state IN ('queued', 'waiting', 'sending');

-- Stopped messages are few, and the list of what needs somebody begins with them.
CREATE INDEX message_parked ON message (subject_id) WHERE direction = 'out' AND state = 'parked';

-- Lists are read in the order of their index, a page's length from each status.
DROP INDEX purchase_order_by_status;
DROP INDEX purchase_order_by_updated;
CREATE INDEX purchase_order_by_status ON purchase_order (status, updated_at, order_id);
CREATE INDEX purchase_order_by_updated ON purchase_order (updated_at, order_id);
DROP INDEX order_draft_by_status;
DROP INDEX order_draft_by_received;
CREATE INDEX order_draft_by_status ON order_draft (status, received_at, draft_id);
CREATE INDEX order_draft_by_received ON order_draft (received_at, draft_id);

-- What is old in the log is removed in portions, the oldest first.
CREATE INDEX event_of_log ON event (at) WHERE topic = 'log';
