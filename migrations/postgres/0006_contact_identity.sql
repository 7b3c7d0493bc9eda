-- A company is known by its country and its number: two countries may give the same number.
ALTER TABLE contact DROP CONSTRAINT contact_org_number_key;
CREATE UNIQUE INDEX contact_identity ON contact (org_number, country);
