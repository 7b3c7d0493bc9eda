-- One row: which instance this is, and its switches.
CREATE TABLE instance (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    instance_id UUID NOT NULL,
    epoch BIGINT NOT NULL,
    extension_on BOOLEAN NOT NULL,
    api_access BOOLEAN NOT NULL,
    -- Ciphertext of a known text: a wrong key is noticed before anything is done with it.
    key_probe BYTEA,
    setup_code_digest BYTEA,
    setup_code_expires_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE app_user (
    user_id UUID PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'buyer', 'seller', 'reader')),
    password_hash TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT
);

-- Failed sign-ins by account and by address.
CREATE TABLE sign_in_throttle (
    throttle_key TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE session (
    id_digest BYTEA PRIMARY KEY,
    data BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Other companies; the own one has is_self.
CREATE TABLE contact (
    contact_id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    org_number TEXT UNIQUE,
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
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX contact_by_name ON contact (name);

CREATE TABLE contact_person (
    contact_person_id UUID PRIMARY KEY,
    contact_id UUID NOT NULL REFERENCES contact (contact_id),
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT
);
CREATE INDEX contact_person_by_contact ON contact_person (contact_id);

CREATE TABLE article (
    article_id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Lower case of number and name, for searching by prefix.
    number_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    unit TEXT NOT NULL,
    price BIGINT NOT NULL,
    price_base_quantity BIGINT NOT NULL CHECK (price_base_quantity > 0),
    currency TEXT NOT NULL,
    vat_rate BIGINT NOT NULL,
    gtin TEXT,
    pack_size BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- The catalogue's cursor: raised with every change, from the counter `article_change`.
    change_number BIGINT NOT NULL UNIQUE,
    version BIGINT NOT NULL
);
CREATE INDEX article_by_number_key ON article (number_key);
CREATE INDEX article_by_name_key ON article (name_key);

CREATE TABLE article_supplier (
    article_id UUID NOT NULL REFERENCES article (article_id),
    contact_id UUID NOT NULL REFERENCES contact (contact_id),
    supplier_article_number TEXT NOT NULL,
    PRIMARY KEY (article_id, contact_id)
);
CREATE INDEX article_supplier_by_number ON article_supplier (contact_id, supplier_article_number);

-- A customer's number that a person linked to an article of ours; remembered for later orders.
CREATE TABLE article_link (
    contact_id UUID NOT NULL REFERENCES contact (contact_id),
    sent_number TEXT NOT NULL,
    article_id UUID NOT NULL REFERENCES article (article_id),
    linked_by TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, sent_number)
);

-- Tokens issued here. Only the digest is kept.
CREATE TABLE token (
    token_id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    contact_id UUID REFERENCES contact (contact_id),
    digest BYTEA NOT NULL UNIQUE,
    last_four TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    last_used_address TEXT,
    -- The instance that uses it; a second one is refused.
    peer_instance_id UUID,
    peer_epoch BIGINT
);

-- A partner's endpoint and the token it gave us, encrypted with a key that is not in the database.
CREATE TABLE connection (
    connection_id UUID PRIMARY KEY,
    contact_id UUID UNIQUE REFERENCES contact (contact_id),
    endpoint TEXT NOT NULL,
    token_ciphertext BYTEA,
    token_last_four TEXT,
    state TEXT NOT NULL CHECK (state IN ('unverified', 'verified', 'paused')),
    pause_code TEXT,
    last_test TEXT,
    last_contact_at BIGINT,
    partner_instance_id UUID,
    partner_epoch BIGINT,
    partner_name TEXT,
    feed_cursor TEXT,
    catalogue_cursor TEXT,
    catalogue_read_at BIGINT,
    feed_lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- The partner's catalogue as last read.
CREATE TABLE partner_article (
    connection_id UUID NOT NULL REFERENCES connection (connection_id),
    number TEXT NOT NULL,
    loose_key TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    unit TEXT NOT NULL,
    price BIGINT,
    price_base_quantity BIGINT NOT NULL,
    currency TEXT NOT NULL,
    gtin TEXT,
    pack_size BIGINT,
    PRIMARY KEY (connection_id, number)
);
CREATE INDEX partner_article_by_loose_key ON partner_article (connection_id, loose_key);
CREATE INDEX partner_article_by_gtin ON partner_article (connection_id, gtin);

CREATE TABLE purchase_order (
    order_id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    order_ref TEXT UNIQUE,
    supplier_id UUID REFERENCES contact (contact_id),
    status TEXT NOT NULL,
    revision BIGINT NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    our_reference TEXT NOT NULL,
    note TEXT NOT NULL,
    net_total BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    correlation_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    answer_sequence BIGINT NOT NULL,
    partner_draft_number TEXT,
    partner_sales_order_number TEXT,
    answer_reason TEXT
);
CREATE INDEX purchase_order_by_status ON purchase_order (status, updated_at);
CREATE INDEX purchase_order_by_updated ON purchase_order (updated_at);

CREATE TABLE order_line (
    line_id UUID PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES purchase_order (order_id),
    line_number BIGINT NOT NULL,
    article_id UUID REFERENCES article (article_id),
    article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    gtin TEXT,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit TEXT NOT NULL,
    unit_price BIGINT NOT NULL CHECK (unit_price >= 0),
    price_base_quantity BIGINT NOT NULL CHECK (price_base_quantity > 0),
    discount_percent BIGINT NOT NULL,
    vat_rate BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (order_id, line_number)
);

-- What a person typed that could not be read yet; kept so that nothing typed is lost.
CREATE TABLE order_typed (
    order_id UUID PRIMARY KEY REFERENCES purchase_order (order_id),
    input TEXT NOT NULL
);

-- Everything that travels, both ways: outbox, inbox and integration log are views of it.
CREATE TABLE message (
    message_key UUID PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    message_id UUID NOT NULL,
    -- Out: the partner we send to. In: the instance that sent.
    connection_id UUID REFERENCES connection (connection_id),
    peer_instance_id UUID,
    contact_id UUID REFERENCES contact (contact_id),
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    subject_number TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body BYTEA NOT NULL,
    body_digest BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'waiting', 'parked')),
    attempt_count BIGINT NOT NULL,
    -- Since the schedule last began anew: a person pressed, or the connection was mended.
    tries BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL,
    lease_until BIGINT,
    fence BIGINT NOT NULL,
    receipt BYTEA,
    error_code TEXT,
    http_status BIGINT,
    correlation_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX message_out_once ON message (kind, subject_id, revision) WHERE direction = 'out';
CREATE UNIQUE INDEX message_in_once ON message (peer_instance_id, message_id) WHERE direction = 'in';
CREATE UNIQUE INDEX message_in_revision_once ON message (peer_instance_id, kind, subject_id, revision) WHERE direction = 'in';
CREATE INDEX message_due ON message (next_attempt_at, message_key) WHERE direction = 'out' AND state IN ('queued', 'waiting', 'sending');
CREATE INDEX message_by_time ON message (created_at);
CREATE INDEX message_by_subject ON message (subject_id);

CREATE TABLE attempt (
    attempt_id UUID PRIMARY KEY,
    message_key UUID NOT NULL REFERENCES message (message_key),
    number BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    http_status BIGINT,
    error_code TEXT,
    duration_ms BIGINT,
    answer TEXT,
    UNIQUE (message_key, number)
);

-- A partner's request that made no message: refused, or not understood.
CREATE TABLE partner_request (
    request_id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    token_id UUID REFERENCES token (token_id),
    contact_id UUID REFERENCES contact (contact_id),
    operation TEXT NOT NULL,
    subject TEXT,
    http_status BIGINT NOT NULL,
    error_code TEXT NOT NULL,
    request TEXT,
    response TEXT,
    remote_address TEXT,
    duration_ms BIGINT NOT NULL,
    correlation_id UUID
);
CREATE INDEX partner_request_by_time ON partner_request (at);

CREATE TABLE order_draft (
    draft_id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    customer_id UUID NOT NULL REFERENCES contact (contact_id),
    peer_instance_id UUID NOT NULL,
    order_uid UUID NOT NULL,
    customer_order_number TEXT NOT NULL,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    -- Raised with every change that the buyer is told of.
    sequence BIGINT NOT NULL,
    new_customer BOOLEAN NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    customer_reference TEXT NOT NULL,
    note TEXT NOT NULL,
    net_total BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    issue_count BIGINT NOT NULL,
    correlation_id UUID NOT NULL,
    message_key UUID NOT NULL REFERENCES message (message_key),
    received_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    reason TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    version BIGINT NOT NULL,
    UNIQUE (peer_instance_id, order_uid)
);
CREATE INDEX order_draft_by_status ON order_draft (status, received_at);
CREATE INDEX order_draft_by_received ON order_draft (received_at);

CREATE TABLE draft_line (
    draft_id UUID NOT NULL REFERENCES order_draft (draft_id),
    line_number BIGINT NOT NULL,
    customer_article_number TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    unit TEXT NOT NULL,
    unit_price BIGINT NOT NULL,
    price_base_quantity BIGINT NOT NULL,
    discount_percent BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    note TEXT NOT NULL,
    article_id UUID REFERENCES article (article_id),
    issue TEXT,
    PRIMARY KEY (draft_id, line_number)
);

CREATE TABLE sales_order (
    sales_order_id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    draft_id UUID NOT NULL UNIQUE REFERENCES order_draft (draft_id),
    customer_id UUID NOT NULL REFERENCES contact (contact_id),
    customer_order_number TEXT NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    net_total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE sales_order_line (
    sales_order_id UUID NOT NULL REFERENCES sales_order (sales_order_id),
    line_number BIGINT NOT NULL,
    article_id UUID NOT NULL REFERENCES article (article_id),
    article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    customer_article_number TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    unit TEXT NOT NULL,
    unit_price BIGINT NOT NULL,
    price_base_quantity BIGINT NOT NULL,
    discount_percent BIGINT NOT NULL,
    vat_rate BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (sales_order_id, line_number)
);

CREATE TABLE export_job (
    job_id UUID PRIMARY KEY,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE export_item (
    job_id UUID NOT NULL REFERENCES export_job (job_id),
    ordinal BIGINT NOT NULL,
    order_id UUID NOT NULL REFERENCES purchase_order (order_id),
    message_key UUID REFERENCES message (message_key),
    sent_before BOOLEAN NOT NULL,
    error_code TEXT,
    findings TEXT NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);

-- Every change of state, read in commit order by `position`: timeline, audit trail, live updates and the partners' feed.
CREATE TABLE event (
    event_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position BIGINT UNIQUE,
    at BIGINT NOT NULL,
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID,
    -- The partner who may read it in the feed.
    contact_id UUID,
    sequence BIGINT,
    actor TEXT NOT NULL,
    correlation_id UUID,
    detail TEXT,
    -- What is told onwards: a live row for `orders` and `drafts`, the order's state for `feed`.
    data TEXT
);
CREATE INDEX event_by_subject ON event (subject_id, event_id);
CREATE INDEX event_of_feed ON event (contact_id, position) WHERE topic = 'feed';
-- Events that no reader may see yet: the sequencer gives them their position after they are committed.
CREATE INDEX event_unplaced ON event (event_id) WHERE position IS NULL;
CREATE SEQUENCE event_position;
