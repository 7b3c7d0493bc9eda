-- A transaction that changes thousands of orders wrote one row of `list_count` thousands of times, and every look at a row goes past the
-- versions that the same transaction made of it. It moves on to another slot after 64 statements, at most 16 for each connection; always
-- from the first on, so that two that share their slots cannot lock each other out.
CREATE FUNCTION list_count_slot() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    -- Holds to the end of the transaction.
    counted INT := COALESCE(NULLIF(current_setting('prodsys.counted', true), ''), '0')::INT;
BEGIN
    PERFORM set_config('prodsys.counted', (counted + 1)::TEXT, true);
    RETURN pg_backend_pid() % 64 + 64 * (counted / 64 % 16);
END $$;
CREATE OR REPLACE FUNCTION list_count_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_slot BIGINT := list_count_slot();
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, own_slot, COUNT(*) FROM new_rows GROUP BY status ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION list_count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_slot BIGINT := list_count_slot();
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, own_slot, -COUNT(*) FROM old_rows GROUP BY status ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION list_count_updated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_slot BIGINT := list_count_slot();
BEGIN
    INSERT INTO list_count AS kept (list, status, slot, amount)
    SELECT TG_TABLE_NAME, status, own_slot, SUM(change)
    FROM (SELECT status, 1 AS change FROM new_rows UNION ALL SELECT status, -1 FROM old_rows) AS changes
    GROUP BY status HAVING SUM(change) <> 0 ORDER BY status
    ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    RETURN NULL;
END $$;
