-- Who has an order open now, by the window it is open in. A row that is not renewed is of somebody who has gone.
CREATE TABLE order_presence (
    order_id UUID NOT NULL REFERENCES purchase_order (order_id),
    user_id UUID NOT NULL,
    tab UUID NOT NULL,
    name TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, user_id, tab)
);

-- The order that a form has made. A form that is sent again finds its order here, also when that is deleted.
CREATE TABLE order_form (
    form_key UUID PRIMARY KEY,
    order_id UUID NOT NULL
);

-- What was different in an order after it was saved, so that an earlier version can be found again. `form_key`: the form it came from.
CREATE TABLE order_change (
    order_id UUID NOT NULL REFERENCES purchase_order (order_id),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    form_key UUID,
    differences TEXT NOT NULL,
    PRIMARY KEY (order_id, version)
);

-- What was typed while somebody else changed the same fields, until whoever typed it has chosen.
CREATE TABLE order_conflict (
    conflict_id UUID PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES purchase_order (order_id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    base_version BIGINT NOT NULL,
    form_key UUID,
    input TEXT NOT NULL
);
CREATE INDEX order_conflict_by_order ON order_conflict (order_id, at);
