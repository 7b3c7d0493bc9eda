-- An order keeps its lines also while a cell of one cannot be read yet; then its quantity is 0, and what was typed is in order_typed.
ALTER TABLE order_line DROP CONSTRAINT order_line_quantity_check;
ALTER TABLE order_line ADD CONSTRAINT order_line_quantity_check CHECK (quantity >= 0);
