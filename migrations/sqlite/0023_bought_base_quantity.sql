-- What the last price of a bought article is for. Both are NULL where nobody knows: then the price is not told.
ALTER TABLE bought_article ADD COLUMN last_base_quantity INTEGER;
ALTER TABLE bought_article ADD COLUMN last_unit TEXT;
-- Lines of orders that were sent do not change, so the one with the last price is among those with that price; where all of these are for
-- the same, it is for that.
UPDATE bought_article SET last_base_quantity = sent.base_quantity, last_unit = sent.unit
FROM (SELECT o.supplier_id, l.article_number, l.supplier_article_number, l.unit_price,
          MIN(l.price_base_quantity) AS base_quantity, MIN(l.unit) AS unit
      FROM order_line l JOIN purchase_order o ON o.order_id = l.order_id
      WHERE o.supplier_id IS NOT NULL AND o.status NOT IN ('draft', 'ready')
      GROUP BY o.supplier_id, l.article_number, l.supplier_article_number, l.unit_price
      HAVING MIN(l.price_base_quantity) = MAX(l.price_base_quantity) AND MIN(l.unit) = MAX(l.unit)) AS sent
WHERE bought_article.supplier_id = sent.supplier_id AND bought_article.article_number = sent.article_number
    AND bought_article.supplier_article_number = sent.supplier_article_number AND bought_article.last_price = sent.unit_price;
