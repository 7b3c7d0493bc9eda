-- A transaction that changes thousands of orders wrote one row of `list_count` thousands of times, and every look at a row goes past the
-- versions that the same transaction made of it. It moves on to another slot after 64 changes, at most 16 for each connection, and always
-- begins with the first. Two that share their slots can lock each other out only where both change hundreds of orders; one of them is then
-- done again. Housekeeping brings the slots together in -1, which is nobody else's.
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
    own_slot BIGINT;
    changed RECORD;
BEGIN
    FOR changed IN
        SELECT status, SUM(change) AS amount
        FROM (SELECT status, 1 AS change FROM new_rows UNION ALL SELECT status, -1 FROM old_rows) AS changes
        GROUP BY status HAVING SUM(change) <> 0 ORDER BY status
    LOOP
        -- Most changes of orders leave their status, and need none.
        own_slot := COALESCE(own_slot, list_count_slot());
        INSERT INTO list_count AS kept (list, status, slot, amount)
        VALUES (TG_TABLE_NAME, changed.status, own_slot, changed.amount)
        ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount;
    END LOOP;
    RETURN NULL;
END $$;
