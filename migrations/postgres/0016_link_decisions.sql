-- *Avgjørelser*: what was decided about a supplier's numbers, the latest first. Ids begin with their time.
DROP INDEX supplier_link_by_time;
CREATE INDEX supplier_link_by_verdict ON supplier_link (contact_id, verdict, supplier_link_id);
-- The same by how their numbers begin. Beginnings are compared byte by byte, as on SQLite.
CREATE INDEX supplier_link_by_written_beginning ON supplier_link (contact_id, written_number COLLATE "C");
CREATE INDEX supplier_link_by_partner_beginning ON supplier_link (contact_id, partner_number COLLATE "C");
