-- *Maler*: lines that are ordered again and again, under a name. A removed one can be had back for a while.
CREATE TABLE order_template (
    template_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    -- Compared without regard to capitals; unique among those that are not removed.
    name_key TEXT NOT NULL,
    supplier_id BLOB REFERENCES contact (contact_id),
    currency TEXT NOT NULL,
    lines TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    removed_at INTEGER
);
CREATE UNIQUE INDEX order_template_by_name ON order_template (name_key) WHERE removed_at IS NULL;

-- *Hent fra forrige ordre* asks for a supplier's latest orders.
CREATE INDEX purchase_order_of_supplier_by_time ON purchase_order (supplier_id, created_at);

-- A file whose headers we do not know waits here until a person has said what they mean.
CREATE TABLE import_upload (
    import_id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    options TEXT NOT NULL,
    file BLOB NOT NULL
);
CREATE INDEX import_upload_by_time ON import_upload (at);
