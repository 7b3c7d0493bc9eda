-- Positions in the order of commits: whoever writes events takes this lock before the first position is drawn, and gives it back when
-- the commit is visible.
CREATE FUNCTION event_take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7261001);
    RETURN NULL;
END $$;
CREATE FUNCTION event_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('prodsys_wake', '');
    RETURN NULL;
END $$;
UPDATE event SET position = placed.position
FROM (SELECT event_id, nextval('event_position') AS position
      FROM (SELECT event_id FROM event WHERE position IS NULL ORDER BY event_id) AS waiting) AS placed
WHERE event.event_id = placed.event_id;
DROP INDEX event_unplaced;
ALTER TABLE event ALTER COLUMN position SET DEFAULT nextval('event_position');
ALTER TABLE event ALTER COLUMN position SET NOT NULL;
CREATE TRIGGER event_ordered BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION event_take_turn();
CREATE TRIGGER event_told AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION event_tell();

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
