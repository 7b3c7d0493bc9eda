-- Who has an order open now, by the window it is open in. A row that is not renewed is of somebody who has gone.
CREATE TABLE order_presence (
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    user_id BLOB NOT NULL,
    tab BLOB NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (order_id, user_id, tab)
);

-- The order that a form has made. A form that is sent again finds its order here, also when that is deleted.
CREATE TABLE order_form (
    form_key BLOB PRIMARY KEY,
    order_id BLOB NOT NULL
);

-- What was different in an order after it was saved, so that an earlier version can be found again. `form_key`: the form it came from.
CREATE TABLE order_change (
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    form_key BLOB,
    differences TEXT NOT NULL,
    PRIMARY KEY (order_id, version)
);

-- What was typed while somebody else changed the same fields, until whoever typed it has chosen.
CREATE TABLE order_conflict (
    conflict_id BLOB PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    form_key BLOB,
    input TEXT NOT NULL
);
CREATE INDEX order_conflict_by_order ON order_conflict (order_id, at);
