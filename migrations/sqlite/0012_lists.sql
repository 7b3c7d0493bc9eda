-- What sales orders are sorted by and searched in, kept by the database itself.
ALTER TABLE sales_order ADD COLUMN number_tail TEXT
    GENERATED ALWAYS AS (LTRIM(SUBSTR(number, 3), '0')) VIRTUAL;
ALTER TABLE sales_order ADD COLUMN customer_number_key TEXT
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(customer_order_number, '-', ''), ' ', ''))) VIRTUAL;
-- Orders without a date come after those that have one.
ALTER TABLE sales_order ADD COLUMN wanted_key TEXT
    GENERATED ALWAYS AS (COALESCE(requested_delivery_date, '9999-12-31')) VIRTUAL;
CREATE INDEX sales_order_by_tail ON sales_order (number_tail);
CREATE INDEX sales_order_by_customer_number ON sales_order (customer_number_key);
CREATE INDEX sales_order_by_customer ON sales_order (customer_id, created_at, sales_order_id);
CREATE INDEX sales_order_by_time ON sales_order (created_at, sales_order_id);
CREATE INDEX sales_order_by_wanted ON sales_order (wanted_key, sales_order_id);
CREATE INDEX sales_order_by_total ON sales_order (net_total, sales_order_id);

-- Orders are found by the numbers of their lines. An order's id begins with its time, so the newest orders come first.
ALTER TABLE order_line ADD COLUMN article_key TEXT
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(article_number, '-', ''), ' ', ''))) VIRTUAL;
ALTER TABLE order_line ADD COLUMN supplier_article_key TEXT
    GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(supplier_article_number, '-', ''), ' ', ''))) VIRTUAL;
CREATE INDEX order_line_by_article ON order_line (article_key, order_id DESC);
CREATE INDEX order_line_by_supplier_article ON order_line (supplier_article_key, order_id DESC);

-- Articles by name and price, and the few that are no longer sold as usual. The number has its own index.
CREATE INDEX article_by_name ON article (name_key, article_id);
CREATE INDEX article_by_price ON article (price, article_id);
CREATE INDEX article_by_status ON article (status, number) WHERE status <> 'active';

-- What came of something that was done with many draft orders at once.
CREATE TABLE draft_batch (
    batch_id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX draft_batch_by_time ON draft_batch (at);
