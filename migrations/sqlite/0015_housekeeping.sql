-- What is thrown away after its time, and is found by an index. An order's id begins with its time, and so tells how old a form is.
CREATE INDEX order_form_by_order ON order_form (order_id);
CREATE INDEX order_conflict_by_time ON order_conflict (at);
-- Of an order that was sent the last change is kept for ever: it is looked at once, and then left out of the index.
ALTER TABLE order_change ADD COLUMN is_settled BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX order_change_by_time ON order_change (at) WHERE NOT is_settled;
-- When a line got its number by a link. Of those from before nobody knows.
ALTER TABLE supplier_link_line ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX supplier_link_line_by_time ON supplier_link_line (kept_at);

-- The day from which a price file's prices hold, as the file says it.
ALTER TABLE connection ADD COLUMN price_file_date TEXT;
