-- What lists are sorted by and searched in, kept by the database itself. Collation C: the same order as on SQLite.
ALTER TABLE purchase_order ADD COLUMN number_sort TEXT COLLATE "C"
    GENERATED ALWAYS AS (SUBSTR(number, 1, 8) || LPAD(SUBSTR(number, 9), 10, '0')) STORED;
ALTER TABLE purchase_order ADD COLUMN number_tail TEXT COLLATE "C"
    GENERATED ALWAYS AS (LTRIM(SUBSTR(number, 9), '0')) STORED;
ALTER TABLE purchase_order ADD COLUMN reference_key TEXT COLLATE "C"
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(order_ref, '-', ''), ' ', ''))) STORED;
-- Orders without a date come after those that have one.
ALTER TABLE purchase_order ADD COLUMN wanted_key TEXT COLLATE "C"
    GENERATED ALWAYS AS (COALESCE(requested_delivery_date, '9999-12-31')) STORED;
ALTER TABLE purchase_order ALTER COLUMN partner_sales_order_number TYPE TEXT COLLATE "C";
CREATE INDEX purchase_order_by_number ON purchase_order (number_sort, order_id);
CREATE INDEX purchase_order_by_tail ON purchase_order (number_tail);
CREATE INDEX purchase_order_by_reference ON purchase_order (reference_key) WHERE reference_key IS NOT NULL;
CREATE INDEX purchase_order_by_partner_number ON purchase_order (partner_sales_order_number)
    WHERE partner_sales_order_number IS NOT NULL;
CREATE INDEX purchase_order_by_wanted ON purchase_order (wanted_key, order_id);
CREATE INDEX purchase_order_by_total ON purchase_order (net_total, order_id);
CREATE INDEX purchase_order_by_supplier ON purchase_order (supplier_id, updated_at, order_id);
CREATE INDEX purchase_order_by_creator ON purchase_order (created_by, order_id);

ALTER TABLE order_draft ADD COLUMN number_tail TEXT COLLATE "C"
    GENERATED ALWAYS AS (LTRIM(SUBSTR(number, 3), '0')) STORED;
ALTER TABLE order_draft ADD COLUMN customer_number_key TEXT COLLATE "C"
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(customer_order_number, '-', ''), ' ', ''))) STORED;
ALTER TABLE order_draft ADD COLUMN wanted_key TEXT COLLATE "C"
    GENERATED ALWAYS AS (COALESCE(requested_delivery_date, '9999-12-31')) STORED;
CREATE INDEX order_draft_by_tail ON order_draft (number_tail);
CREATE INDEX order_draft_by_customer_number ON order_draft (customer_number_key);
CREATE INDEX order_draft_by_customer ON order_draft (customer_id, received_at, draft_id);
CREATE INDEX order_draft_by_wanted ON order_draft (wanted_key, draft_id);
CREATE INDEX order_draft_by_total ON order_draft (net_total, draft_id);

-- How many there are with each status, so that tabs need not count. The number is the sum of its slots, and each connection has its
-- own slot, so that writers do not wait for one another.
CREATE TABLE list_count (
    list TEXT NOT NULL,
    status TEXT NOT NULL,
    slot BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (list, status, slot)
) WITH (fillfactor = 50);
INSERT INTO list_count (list, status, slot, amount)
SELECT 'purchase_order', status, 0, COUNT(*) FROM purchase_order GROUP BY status;
INSERT INTO list_count (list, status, slot, amount)
SELECT 'order_draft', status, 0, COUNT(*) FROM order_draft GROUP BY status;
-- One change of the table for each status that a statement touches; always in the same order.
CREATE FUNCTION list_count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, pg_backend_pid() % 64, COUNT(*) FROM new_rows GROUP BY status ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
CREATE FUNCTION list_count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, pg_backend_pid() % 64, -COUNT(*) FROM old_rows GROUP BY status ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
CREATE FUNCTION list_count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, pg_backend_pid() % 64, SUM(change)
    FROM (SELECT status, 1 AS change FROM new_rows UNION ALL SELECT status, -1 FROM old_rows) AS changes
    GROUP BY status HAVING SUM(change) <> 0 ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_order_added AFTER INSERT ON purchase_order
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_inserted();
CREATE TRIGGER purchase_order_removed AFTER DELETE ON purchase_order
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_deleted();
CREATE TRIGGER purchase_order_moved AFTER UPDATE ON purchase_order
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_updated();
CREATE TRIGGER order_draft_added AFTER INSERT ON order_draft
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_inserted();
CREATE TRIGGER order_draft_removed AFTER DELETE ON order_draft
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_deleted();
CREATE TRIGGER order_draft_moved AFTER UPDATE ON order_draft
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION list_count_updated();

CREATE TABLE saved_view (
    view_id UUID PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES app_user (user_id),
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The list's address after the question mark.
    query TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- Kept for a while, so that it can be taken back.
    deleted_at BIGINT
);
CREATE INDEX saved_view_by_list ON saved_view (list, owner_id);

-- The view that a person's list opens with.
CREATE TABLE saved_view_default (
    user_id UUID NOT NULL REFERENCES app_user (user_id),
    list TEXT NOT NULL,
    view_id UUID NOT NULL REFERENCES saved_view (view_id),
    PRIMARY KEY (user_id, list)
);

-- Draft orders that were deleted, whole, so that it can be taken back.
CREATE TABLE deleted_order (
    order_id UUID PRIMARY KEY,
    number TEXT NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX deleted_order_by_time ON deleted_order (deleted_at);

-- What came of something that was done with many orders at once.
CREATE TABLE order_batch (
    batch_id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX order_batch_by_time ON order_batch (at);
