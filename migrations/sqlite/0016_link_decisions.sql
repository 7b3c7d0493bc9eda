-- *Avgjørelser*: what was decided about a supplier's numbers, the latest first. Ids begin with their time.
DROP INDEX supplier_link_by_time;
CREATE INDEX supplier_link_by_verdict ON supplier_link (contact_id, verdict, supplier_link_id);
