-- *Deres referanse*: what the supplier calls what is ordered. The supplier keeps it with the draft.
ALTER TABLE purchase_order ADD COLUMN their_reference TEXT NOT NULL DEFAULT '';
ALTER TABLE order_draft ADD COLUMN supplier_reference TEXT NOT NULL DEFAULT '';
