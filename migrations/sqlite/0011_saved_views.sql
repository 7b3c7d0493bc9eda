-- What lists are sorted by and searched in, kept by the database itself.
ALTER TABLE purchase_order ADD COLUMN number_sort TEXT
    GENERATED ALWAYS AS (SUBSTR(number, 1, 8) || SUBSTR('0000000000' || SUBSTR(number, 9), -10)) VIRTUAL;
ALTER TABLE purchase_order ADD COLUMN number_tail TEXT
    GENERATED ALWAYS AS (LTRIM(SUBSTR(number, 9), '0')) VIRTUAL;
ALTER TABLE purchase_order ADD COLUMN reference_key TEXT
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(order_ref, '-', ''), ' ', ''))) VIRTUAL;
-- Orders without a date come after those that have one.
ALTER TABLE purchase_order ADD COLUMN wanted_key TEXT
    GENERATED ALWAYS AS (COALESCE(requested_delivery_date, '9999-12-31')) VIRTUAL;
CREATE INDEX purchase_order_by_number ON purchase_order (number_sort, order_id);
CREATE INDEX purchase_order_by_tail ON purchase_order (number_tail);
CREATE INDEX purchase_order_by_reference ON purchase_order (reference_key) WHERE reference_key IS NOT NULL;
CREATE INDEX purchase_order_by_partner_number ON purchase_order (partner_sales_order_number)
    WHERE partner_sales_order_number IS NOT NULL;
CREATE INDEX purchase_order_by_wanted ON purchase_order (wanted_key, order_id);
CREATE INDEX purchase_order_by_total ON purchase_order (net_total, order_id);
CREATE INDEX purchase_order_by_supplier ON purchase_order (supplier_id, updated_at, order_id);
CREATE INDEX purchase_order_by_creator ON purchase_order (created_by, order_id);

ALTER TABLE order_draft ADD COLUMN number_tail TEXT
    GENERATED ALWAYS AS (LTRIM(SUBSTR(number, 3), '0')) VIRTUAL;
ALTER TABLE order_draft ADD COLUMN customer_number_key TEXT
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(customer_order_number, '-', ''), ' ', ''))) VIRTUAL;
ALTER TABLE order_draft ADD COLUMN wanted_key TEXT
    GENERATED ALWAYS AS (COALESCE(requested_delivery_date, '9999-12-31')) VIRTUAL;
CREATE INDEX order_draft_by_tail ON order_draft (number_tail);
CREATE INDEX order_draft_by_customer_number ON order_draft (customer_number_key);
CREATE INDEX order_draft_by_customer ON order_draft (customer_id, received_at, draft_id);
CREATE INDEX order_draft_by_wanted ON order_draft (wanted_key, draft_id);
CREATE INDEX order_draft_by_total ON order_draft (net_total, draft_id);

-- How many there are with each status, so that tabs need not count. One writer: one slot.
CREATE TABLE list_count (
    list TEXT NOT NULL,
    status TEXT NOT NULL,
    slot INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (list, status, slot)
);
INSERT INTO list_count (list, status, slot, amount)
SELECT 'purchase_order', status, 0, COUNT(*) FROM purchase_order GROUP BY status;
INSERT INTO list_count (list, status, slot, amount)
SELECT 'order_draft', status, 0, COUNT(*) FROM order_draft GROUP BY status;
CREATE TRIGGER purchase_order_added AFTER INSERT ON purchase_order BEGIN
    INSERT INTO list_count (list, status, slot, amount) VALUES ('purchase_order', NEW.status, 0, 1)
        ON CONFLICT (list, status, slot) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER purchase_order_removed AFTER DELETE ON purchase_order BEGIN
    UPDATE list_count SET amount = amount - 1 WHERE list = 'purchase_order' AND status = OLD.status AND slot = 0;
END;
CREATE TRIGGER purchase_order_moved AFTER UPDATE OF status ON purchase_order WHEN OLD.status <> NEW.status BEGIN
    UPDATE list_count SET amount = amount - 1 WHERE list = 'purchase_order' AND status = OLD.status AND slot = 0;
    INSERT INTO list_count (list, status, slot, amount) VALUES ('purchase_order', NEW.status, 0, 1)
        ON CONFLICT (list, status, slot) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER order_draft_added AFTER INSERT ON order_draft BEGIN
    INSERT INTO list_count (list, status, slot, amount) VALUES ('order_draft', NEW.status, 0, 1)
        ON CONFLICT (list, status, slot) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER order_draft_removed AFTER DELETE ON order_draft BEGIN
    UPDATE list_count SET amount = amount - 1 WHERE list = 'order_draft' AND status = OLD.status AND slot = 0;
END;
CREATE TRIGGER order_draft_moved AFTER UPDATE OF status ON order_draft WHEN OLD.status <> NEW.status BEGIN
    UPDATE list_count SET amount = amount - 1 WHERE list = 'order_draft' AND status = OLD.status AND slot = 0;
    INSERT INTO list_count (list, status, slot, amount) VALUES ('order_draft', NEW.status, 0, 1)
        ON CONFLICT (list, status, slot) DO UPDATE SET amount = amount + 1;
END;

CREATE TABLE saved_view (
    view_id BLOB PRIMARY KEY,
    owner_id BLOB NOT NULL REFERENCES app_user (user_id),
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The list's address after the question mark.
    query TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    -- Kept for a while, so that it can be taken back.
    deleted_at INTEGER
);
CREATE INDEX saved_view_by_list ON saved_view (list, owner_id);

-- The view that a person's list opens with.
CREATE TABLE saved_view_default (
    user_id BLOB NOT NULL REFERENCES app_user (user_id),
    list TEXT NOT NULL,
    view_id BLOB NOT NULL REFERENCES saved_view (view_id),
    PRIMARY KEY (user_id, list)
);

-- Draft orders that were deleted, whole, so that it can be taken back.
CREATE TABLE deleted_order (
    order_id BLOB PRIMARY KEY,
    number TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX deleted_order_by_time ON deleted_order (deleted_at);

-- What came of something that was done with many orders at once.
CREATE TABLE order_batch (
    batch_id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX order_batch_by_time ON order_batch (at);
