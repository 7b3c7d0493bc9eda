-- Search while typing. What is searched are documents: articles of ours, a partner's, and what was bought from a supplier. Each has a
-- number of its own, given by the program; rows that were there before have none yet and get theirs at the next start.
ALTER TABLE article ADD COLUMN document BIGINT;
CREATE UNIQUE INDEX article_by_document ON article (document);
CREATE INDEX article_unindexed ON article (article_id) WHERE document IS NULL;
ALTER TABLE partner_article ADD COLUMN document BIGINT;
CREATE UNIQUE INDEX partner_article_by_document ON partner_article (document);
CREATE INDEX partner_article_unindexed ON partner_article (connection_id, number) WHERE document IS NULL;
-- Suggestions were found by these until now.
DROP INDEX article_by_number_key;
DROP INDEX article_by_name_key;

-- What was ordered from a supplier, each article once.
CREATE TABLE bought_article (
    supplier_id UUID NOT NULL REFERENCES contact (contact_id),
    article_number TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    gtin TEXT,
    -- Orders that held it, and the last of them.
    times BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_price BIGINT NOT NULL,
    document BIGINT,
    PRIMARY KEY (supplier_id, article_number, supplier_article_number)
);
CREATE INDEX bought_article_by_supplier_number ON bought_article (supplier_id, supplier_article_number);
CREATE UNIQUE INDEX bought_article_by_document ON bought_article (document);
CREATE INDEX bought_article_unindexed ON bought_article (supplier_id, article_number, supplier_article_number) WHERE document IS NULL;
INSERT INTO bought_article (supplier_id, article_number, supplier_article_number, description, gtin, times, last_at, last_price)
SELECT supplier_id, article_number, supplier_article_number, description, gtin, times, updated_at, unit_price
FROM (SELECT o.supplier_id, l.article_number, l.supplier_article_number, l.description, l.gtin, o.updated_at, l.unit_price,
          COUNT(*) OVER (PARTITION BY o.supplier_id, l.article_number, l.supplier_article_number) AS times,
          ROW_NUMBER() OVER (PARTITION BY o.supplier_id, l.article_number, l.supplier_article_number
              ORDER BY o.updated_at DESC, l.line_id DESC) AS place
      FROM order_line l JOIN purchase_order o ON o.order_id = l.order_id
      WHERE o.supplier_id IS NOT NULL AND o.status NOT IN ('draft', 'ready')
          AND (l.article_number <> '' OR l.supplier_article_number <> '')) AS placed
WHERE place = 1;

-- The scope says whose documents they are: the nil UUID for ours, a connection, or a supplier for what was bought there.
-- Numbers without what people write differently.
CREATE TABLE search_key (
    scope UUID NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    document BIGINT NOT NULL,
    PRIMARY KEY (scope, key, document)
);
-- The words there are, and how many documents hold each.
CREATE TABLE search_word (
    scope UUID NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    -- Back to front, for those that are found by their ending.
    reversed TEXT COLLATE "C",
    documents BIGINT NOT NULL,
    -- No document below this block holds it.
    first_block BIGINT NOT NULL,
    PRIMARY KEY (scope, word)
);
CREATE INDEX search_word_by_ending ON search_word (scope, reversed) WHERE reversed IS NOT NULL;
-- Which documents of a block hold the word: two characters each.
CREATE TABLE search_posting (
    scope UUID NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    documents TEXT NOT NULL,
    PRIMARY KEY (scope, word, block)
);

-- How many articles of the partner are known: counting a million takes longer than a page may.
ALTER TABLE connection ADD COLUMN catalogue_count BIGINT NOT NULL DEFAULT 0;
UPDATE connection SET catalogue_count = (SELECT COUNT(*) FROM partner_article p WHERE p.connection_id = connection.connection_id);
