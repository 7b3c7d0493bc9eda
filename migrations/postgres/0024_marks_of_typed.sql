-- What lists tell of an order that cannot be read as it was typed: what is missing, what cannot be read, and the fields of the head among
-- it. Empty where nobody has looked yet, as in orders of before: housekeeping reads those again, and writes their lines.
ALTER TABLE order_typed ADD COLUMN marks TEXT;
CREATE INDEX order_typed_unmarked ON order_typed (order_id) WHERE marks IS NULL;
