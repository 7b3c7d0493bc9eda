-- Which drafts have a line of an article: they are judged again when it changes.
CREATE INDEX draft_line_by_article ON draft_line (article_id, draft_id) WHERE article_id IS NOT NULL;
-- Drafts whose count of differing lines is to be judged anew: all open ones from before it was kept, and later those with an article that
-- was changed.
ALTER TABLE order_draft ADD COLUMN is_unjudged BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX order_draft_unjudged ON order_draft (draft_id) WHERE is_unjudged;
UPDATE order_draft SET is_unjudged = TRUE WHERE status IN ('received', 'in_review');
-- What a deleted order's lines got by links is kept as long as the order.
CREATE INDEX supplier_link_line_by_line ON supplier_link_line (line_id);
