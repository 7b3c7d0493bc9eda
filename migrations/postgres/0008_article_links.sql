-- What an article can be ordered in, and whether it is still sold.
ALTER TABLE article ADD COLUMN minimum_quantity BIGINT;
ALTER TABLE article ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'going_out', 'discontinued'));
ALTER TABLE article ADD COLUMN replaced_by TEXT;
ALTER TABLE partner_article ADD COLUMN minimum_quantity BIGINT;
ALTER TABLE partner_article ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'going_out', 'discontinued'));
ALTER TABLE partner_article ADD COLUMN replaced_by TEXT;

-- What people here have decided about which of a supplier's articles a number means. Never deleted: what is taken back has undone_at.
-- (`article_link` is the other direction: a customer's number and an article of ours.)
CREATE TABLE supplier_link (
    supplier_link_id UUID PRIMARY KEY,
    contact_id UUID NOT NULL REFERENCES contact (contact_id),
    -- Empty when the line had no number, only an article of ours.
    written_number TEXT NOT NULL,
    article_id UUID REFERENCES article (article_id),
    partner_number TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'not_same')),
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT,
    CHECK (written_number <> '' OR article_id IS NOT NULL)
);
-- A number, and an article, means one article of the supplier at a time.
CREATE UNIQUE INDEX supplier_link_by_written ON supplier_link (contact_id, written_number)
    WHERE verdict = 'same' AND undone_at IS NULL AND written_number <> '';
CREATE UNIQUE INDEX supplier_link_by_own_article ON supplier_link (contact_id, article_id)
    WHERE verdict = 'same' AND undone_at IS NULL AND article_id IS NOT NULL;
CREATE INDEX supplier_link_by_number ON supplier_link (contact_id, written_number);
CREATE INDEX supplier_link_by_article ON supplier_link (contact_id, article_id);
CREATE INDEX supplier_link_by_partner_number ON supplier_link (contact_id, partner_number);
CREATE INDEX supplier_link_by_time ON supplier_link (contact_id, decided_at);

-- Which lines got their number by a link, so that they can have back what stood there.
CREATE TABLE supplier_link_line (
    supplier_link_id UUID NOT NULL REFERENCES supplier_link (supplier_link_id),
    line_id UUID NOT NULL,
    written_number TEXT NOT NULL,
    PRIMARY KEY (supplier_link_id, line_id)
);
