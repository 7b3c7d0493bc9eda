-- no-transaction
-- A company is known by its country and its number: two countries may give the same number.
-- The column's own UNIQUE can only go with its table. Rows that point at contacts would be looked for one by one, so references are not
-- looked at meanwhile, which cannot be said inside a transaction; the transaction is here. Done twice it does the same.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE contact_anew (
    contact_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    org_number TEXT,
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    is_supplier BOOLEAN NOT NULL,
    is_customer BOOLEAN NOT NULL,
    is_self BOOLEAN NOT NULL,
    needs_review BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
INSERT INTO contact_anew (contact_id, name, org_number, street, postal_code, city, country, email, phone, is_supplier, is_customer,
    is_self, needs_review, created_at, updated_at, version)
SELECT contact_id, name, org_number, street, postal_code, city, country, email, phone, is_supplier, is_customer,
    is_self, needs_review, created_at, updated_at, version FROM contact;
DROP TABLE contact;
ALTER TABLE contact_anew RENAME TO contact;
CREATE INDEX contact_by_name ON contact (name);
CREATE UNIQUE INDEX contact_identity ON contact (org_number, country);
COMMIT;
PRAGMA foreign_keys = ON;
