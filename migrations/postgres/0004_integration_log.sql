-- The log shows the newest first by when something last happened; nothing reads messages by when they were made.
DROP INDEX message_by_time;
CREATE INDEX message_by_change ON message (updated_at, message_key);
CREATE INDEX message_by_correlation ON message (correlation_id);

-- Requests that made no message: a partner's that was refused, and ours that failed or brought an answer.
ALTER TABLE partner_request ADD COLUMN direction TEXT NOT NULL DEFAULT 'in' CHECK (direction IN ('out', 'in'));
ALTER TABLE partner_request ALTER COLUMN direction DROP DEFAULT;
-- The last time is `at`, this is the first: the same failure again and again is one row.
ALTER TABLE partner_request ADD COLUMN first_at BIGINT;
UPDATE partner_request SET first_at = at;
ALTER TABLE partner_request ALTER COLUMN first_at SET NOT NULL;
ALTER TABLE partner_request ADD COLUMN attempts BIGINT NOT NULL DEFAULT 1;
-- Out: the connection that was used, and when it worked again after this failure.
ALTER TABLE partner_request ADD COLUMN connection_id UUID REFERENCES connection (connection_id);
ALTER TABLE partner_request ADD COLUMN resolved_at BIGINT;
ALTER TABLE partner_request ALTER COLUMN http_status DROP NOT NULL;
ALTER TABLE partner_request ALTER COLUMN error_code DROP NOT NULL;
DROP INDEX partner_request_by_time;
CREATE INDEX partner_request_by_time ON partner_request (at, request_id);
CREATE INDEX partner_request_standing ON partner_request (connection_id, operation)
    WHERE direction = 'out' AND error_code IS NOT NULL AND resolved_at IS NULL;
