-- *Avgjørelser*: the decisions that count by what they say, and apart from them those that were taken back.
DROP INDEX supplier_link_by_verdict;
CREATE INDEX supplier_link_by_verdict ON supplier_link (contact_id, verdict, supplier_link_id) WHERE undone_at IS NULL;
CREATE INDEX supplier_link_undone ON supplier_link (contact_id, supplier_link_id) WHERE undone_at IS NOT NULL;
