-- The log shows the newest first by when something last happened; nothing reads messages by when they were made.
DROP INDEX message_by_time;
CREATE INDEX message_by_change ON message (updated_at, message_key);
CREATE INDEX message_by_correlation ON message (correlation_id);

-- Requests that made no message: a partner's that was refused, and ours that failed or brought an answer.
CREATE TABLE request_log (
    request_id BLOB PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    -- The last time, and the first: the same failure again and again is one row.
    at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 1,
    -- Out: the connection that was used, and when it worked again after this failure.
    connection_id BLOB REFERENCES connection (connection_id),
    resolved_at INTEGER,
    token_id BLOB REFERENCES token (token_id),
    contact_id BLOB REFERENCES contact (contact_id),
    operation TEXT NOT NULL,
    subject TEXT,
    http_status INTEGER,
    error_code TEXT,
    request TEXT,
    response TEXT,
    remote_address TEXT,
    duration_ms INTEGER NOT NULL,
    correlation_id BLOB
);
INSERT INTO request_log (request_id, direction, at, first_at, token_id, contact_id, operation, subject, http_status, error_code,
    request, response, remote_address, duration_ms, correlation_id)
SELECT request_id, 'in', at, at, token_id, contact_id, operation, subject, http_status, error_code,
    request, response, remote_address, duration_ms, correlation_id FROM partner_request;
DROP TABLE partner_request;
ALTER TABLE request_log RENAME TO partner_request;
CREATE INDEX partner_request_by_time ON partner_request (at, request_id);
CREATE INDEX partner_request_standing ON partner_request (connection_id, operation)
    WHERE direction = 'out' AND error_code IS NOT NULL AND resolved_at IS NULL;
