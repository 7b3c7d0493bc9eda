-- Where an order is to be delivered; empty means the buyer's own address.
ALTER TABLE purchase_order ADD COLUMN delivery_name TEXT NOT NULL DEFAULT '';
ALTER TABLE purchase_order ADD COLUMN delivery_street TEXT NOT NULL DEFAULT '';
ALTER TABLE purchase_order ADD COLUMN delivery_postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE purchase_order ADD COLUMN delivery_city TEXT NOT NULL DEFAULT '';
ALTER TABLE order_draft ADD COLUMN delivery_name TEXT NOT NULL DEFAULT '';
ALTER TABLE order_draft ADD COLUMN delivery_street TEXT NOT NULL DEFAULT '';
ALTER TABLE order_draft ADD COLUMN delivery_postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE order_draft ADD COLUMN delivery_city TEXT NOT NULL DEFAULT '';

-- The difference of price, in millionths of a percent, that this partner's prices may have without being told.
ALTER TABLE connection ADD COLUMN price_tolerance BIGINT NOT NULL DEFAULT 0;

-- What the partner said when it was asked to check an order, for the version of the order that it was asked about.
CREATE TABLE partner_check (
    order_id UUID PRIMARY KEY REFERENCES purchase_order (order_id),
    order_version BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    answer TEXT NOT NULL
);

-- What came of files that were brought in.
CREATE TABLE import_report (
    import_id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX import_report_by_time ON import_report (at);
