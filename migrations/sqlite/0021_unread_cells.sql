-- An order keeps its lines also while a cell of one cannot be read yet; then its quantity is 0, and what was typed is in order_typed.
-- A check of a column can only be changed with its table. Nothing refers to a line but by its id.
CREATE TABLE order_line_anew (
    line_id BLOB PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    line_number INTEGER NOT NULL,
    article_id BLOB REFERENCES article (article_id),
    article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    gtin TEXT,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    price_base_quantity INTEGER NOT NULL CHECK (price_base_quantity > 0),
    discount_percent INTEGER NOT NULL,
    vat_rate INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    note TEXT NOT NULL,
    article_key TEXT
        GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(article_number, '-', ''), ' ', ''))) VIRTUAL,
    supplier_article_key TEXT
        GENERATED ALWAYS AS (LOWER(REPLACE(REPLACE(supplier_article_number, '-', ''), ' ', ''))) VIRTUAL,
    UNIQUE (order_id, line_number)
);
INSERT INTO order_line_anew (line_id, order_id, line_number, article_id, article_number, description, supplier_article_number, gtin,
    quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note)
SELECT line_id, order_id, line_number, article_id, article_number, description, supplier_article_number, gtin,
    quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note FROM order_line;
DROP TABLE order_line;
ALTER TABLE order_line_anew RENAME TO order_line;
CREATE INDEX order_line_by_article ON order_line (article_key, order_id DESC);
CREATE INDEX order_line_by_supplier_article ON order_line (supplier_article_key, order_id DESC);
