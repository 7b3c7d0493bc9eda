-- One row: which instance this is, and its switches.
CREATE TABLE instance (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    instance_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    extension_on BOOLEAN NOT NULL,
    api_access BOOLEAN NOT NULL,
    -- Ciphertext of a known text: a wrong key is noticed before anything is done with it.
    key_probe BLOB,
    setup_code_digest BLOB,
    setup_code_expires_at INTEGER,
    created_at INTEGER NOT NULL
);

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);

CREATE TABLE app_user (
    user_id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'buyer', 'seller', 'reader')),
    password_hash TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    last_sign_in_at INTEGER
);

-- Failed sign-ins by account and by address.
CREATE TABLE sign_in_throttle (
    throttle_key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE session (
    id_digest BLOB PRIMARY KEY,
    data BLOB NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Other companies; the own one has is_self.
CREATE TABLE contact (
    contact_id BLOB PRIMARY KEY,
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
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX contact_by_name ON contact (name);

CREATE TABLE contact_person (
    contact_person_id BLOB PRIMARY KEY,
    contact_id BLOB NOT NULL REFERENCES contact (contact_id),
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT
);
CREATE INDEX contact_person_by_contact ON contact_person (contact_id);

CREATE TABLE article (
    article_id BLOB PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Lower case of number and name, for searching by prefix.
    number_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    unit TEXT NOT NULL,
    price INTEGER NOT NULL,
    price_base_quantity INTEGER NOT NULL CHECK (price_base_quantity > 0),
    currency TEXT NOT NULL,
    vat_rate INTEGER NOT NULL,
    gtin TEXT,
    pack_size INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- The catalogue's cursor: raised with every change, from the counter `article_change`.
    change_number INTEGER NOT NULL UNIQUE,
    version INTEGER NOT NULL
);
CREATE INDEX article_by_number_key ON article (number_key);
CREATE INDEX article_by_name_key ON article (name_key);

CREATE TABLE article_supplier (
    article_id BLOB NOT NULL REFERENCES article (article_id),
    contact_id BLOB NOT NULL REFERENCES contact (contact_id),
    supplier_article_number TEXT NOT NULL,
    PRIMARY KEY (article_id, contact_id)
);
CREATE INDEX article_supplier_by_number ON article_supplier (contact_id, supplier_article_number);

-- A customer's number that a person linked to an article of ours; remembered for later orders.
CREATE TABLE article_link (
    contact_id BLOB NOT NULL REFERENCES contact (contact_id),
    sent_number TEXT NOT NULL,
    article_id BLOB NOT NULL REFERENCES article (article_id),
    linked_by TEXT NOT NULL,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (contact_id, sent_number)
);

-- Tokens issued here. Only the digest is kept.
CREATE TABLE token (
    token_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    contact_id BLOB REFERENCES contact (contact_id),
    digest BLOB NOT NULL UNIQUE,
    last_four TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_used_at INTEGER,
    last_used_address TEXT,
    -- The instance that uses it; a second one is refused.
    peer_instance_id BLOB,
    peer_epoch INTEGER
);

-- A partner's endpoint and the token it gave us, encrypted with a key that is not in the database.
CREATE TABLE connection (
    connection_id BLOB PRIMARY KEY,
    contact_id BLOB UNIQUE REFERENCES contact (contact_id),
    endpoint TEXT NOT NULL,
    token_ciphertext BLOB,
    token_last_four TEXT,
    state TEXT NOT NULL CHECK (state IN ('unverified', 'verified', 'paused')),
    pause_code TEXT,
    last_test TEXT,
    last_contact_at INTEGER,
    partner_instance_id BLOB,
    partner_epoch INTEGER,
    partner_name TEXT,
    feed_cursor TEXT,
    catalogue_cursor TEXT,
    catalogue_read_at INTEGER,
    feed_lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);

-- The partner's catalogue as last read.
CREATE TABLE partner_article (
    connection_id BLOB NOT NULL REFERENCES connection (connection_id),
    number TEXT NOT NULL,
    loose_key TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    unit TEXT NOT NULL,
    price INTEGER,
    price_base_quantity INTEGER NOT NULL,
    currency TEXT NOT NULL,
    gtin TEXT,
    pack_size INTEGER,
    PRIMARY KEY (connection_id, number)
);
CREATE INDEX partner_article_by_loose_key ON partner_article (connection_id, loose_key);
CREATE INDEX partner_article_by_gtin ON partner_article (connection_id, gtin);

CREATE TABLE purchase_order (
    order_id BLOB PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    order_ref TEXT UNIQUE,
    supplier_id BLOB REFERENCES contact (contact_id),
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    our_reference TEXT NOT NULL,
    note TEXT NOT NULL,
    net_total INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    correlation_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    answer_sequence INTEGER NOT NULL,
    partner_draft_number TEXT,
    partner_sales_order_number TEXT,
    answer_reason TEXT
);
CREATE INDEX purchase_order_by_status ON purchase_order (status, updated_at);
CREATE INDEX purchase_order_by_updated ON purchase_order (updated_at);

CREATE TABLE order_line (
    line_id BLOB PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    line_number INTEGER NOT NULL,
    article_id BLOB REFERENCES article (article_id),
    article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    gtin TEXT,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    price_base_quantity INTEGER NOT NULL CHECK (price_base_quantity > 0),
    discount_percent INTEGER NOT NULL,
    vat_rate INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (order_id, line_number)
);

-- What a person typed that could not be read yet; kept so that nothing typed is lost.
CREATE TABLE order_typed (
    order_id BLOB PRIMARY KEY REFERENCES purchase_order (order_id),
    input TEXT NOT NULL
);

-- Everything that travels, both ways: outbox, inbox and integration log are views of it.
CREATE TABLE message (
    message_key BLOB PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    message_id BLOB NOT NULL,
    -- Out: the partner we send to. In: the instance that sent.
    connection_id BLOB REFERENCES connection (connection_id),
    peer_instance_id BLOB,
    contact_id BLOB REFERENCES contact (contact_id),
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    subject_number TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    body_digest BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'waiting', 'parked')),
    attempt_count INTEGER NOT NULL,
    -- Since the schedule last began anew: a person pressed, or the connection was mended.
    tries INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    lease_until INTEGER,
    fence INTEGER NOT NULL,
    receipt BLOB,
    error_code TEXT,
    http_status INTEGER,
    correlation_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX message_out_once ON message (kind, subject_id, revision) WHERE direction = 'out';
CREATE UNIQUE INDEX message_in_once ON message (peer_instance_id, message_id) WHERE direction = 'in';
CREATE UNIQUE INDEX message_in_revision_once ON message (peer_instance_id, kind, subject_id, revision) WHERE direction = 'in';
CREATE INDEX message_due ON message (next_attempt_at, message_key) WHERE direction = 'out' AND state IN ('queued', 'waiting', 'sending');
CREATE INDEX message_by_time ON message (created_at);
CREATE INDEX message_by_subject ON message (subject_id);

CREATE TABLE attempt (
    attempt_id BLOB PRIMARY KEY,
    message_key BLOB NOT NULL REFERENCES message (message_key),
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    http_status INTEGER,
    error_code TEXT,
    duration_ms INTEGER,
    answer TEXT,
    UNIQUE (message_key, number)
);

-- A partner's request that made no message: refused, or not understood.
CREATE TABLE partner_request (
    request_id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    token_id BLOB REFERENCES token (token_id),
    contact_id BLOB REFERENCES contact (contact_id),
    operation TEXT NOT NULL,
    subject TEXT,
    http_status INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    request TEXT,
    response TEXT,
    remote_address TEXT,
    duration_ms INTEGER NOT NULL,
    correlation_id BLOB
);
CREATE INDEX partner_request_by_time ON partner_request (at);

CREATE TABLE order_draft (
    draft_id BLOB PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    customer_id BLOB NOT NULL REFERENCES contact (contact_id),
    peer_instance_id BLOB NOT NULL,
    order_uid BLOB NOT NULL,
    customer_order_number TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    -- Raised with every change that the buyer is told of.
    sequence INTEGER NOT NULL,
    new_customer BOOLEAN NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    customer_reference TEXT NOT NULL,
    note TEXT NOT NULL,
    net_total INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    issue_count INTEGER NOT NULL,
    correlation_id BLOB NOT NULL,
    message_key BLOB NOT NULL REFERENCES message (message_key),
    received_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    reason TEXT,
    decided_at INTEGER,
    decided_by TEXT,
    version INTEGER NOT NULL,
    UNIQUE (peer_instance_id, order_uid)
);
CREATE INDEX order_draft_by_status ON order_draft (status, received_at);
CREATE INDEX order_draft_by_received ON order_draft (received_at);

CREATE TABLE draft_line (
    draft_id BLOB NOT NULL REFERENCES order_draft (draft_id),
    line_number INTEGER NOT NULL,
    customer_article_number TEXT NOT NULL,
    supplier_article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    price_base_quantity INTEGER NOT NULL,
    discount_percent INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    note TEXT NOT NULL,
    article_id BLOB REFERENCES article (article_id),
    issue TEXT,
    PRIMARY KEY (draft_id, line_number)
);

CREATE TABLE sales_order (
    sales_order_id BLOB PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    draft_id BLOB NOT NULL UNIQUE REFERENCES order_draft (draft_id),
    customer_id BLOB NOT NULL REFERENCES contact (contact_id),
    customer_order_number TEXT NOT NULL,
    requested_delivery_date TEXT,
    currency TEXT NOT NULL,
    net_total INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE sales_order_line (
    sales_order_id BLOB NOT NULL REFERENCES sales_order (sales_order_id),
    line_number INTEGER NOT NULL,
    article_id BLOB NOT NULL REFERENCES article (article_id),
    article_number TEXT NOT NULL,
    description TEXT NOT NULL,
    customer_article_number TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    price_base_quantity INTEGER NOT NULL,
    discount_percent INTEGER NOT NULL,
    vat_rate INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (sales_order_id, line_number)
);

CREATE TABLE export_job (
    job_id BLOB PRIMARY KEY,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE export_item (
    job_id BLOB NOT NULL REFERENCES export_job (job_id),
    ordinal INTEGER NOT NULL,
    order_id BLOB NOT NULL REFERENCES purchase_order (order_id),
    message_key BLOB REFERENCES message (message_key),
    sent_before BOOLEAN NOT NULL,
    error_code TEXT,
    findings TEXT NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);

-- Every change of state, read in commit order by `position`: timeline, audit trail, live updates and the partners' feed.
CREATE TABLE event (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER UNIQUE,
    at INTEGER NOT NULL,
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB,
    -- The partner who may read it in the feed.
    contact_id BLOB,
    sequence INTEGER,
    actor TEXT NOT NULL,
    correlation_id BLOB,
    detail TEXT,
    -- What is told onwards: a live row for `orders` and `drafts`, the order's state for `feed`.
    data TEXT
);
CREATE INDEX event_by_subject ON event (subject_id, event_id);
CREATE INDEX event_of_feed ON event (contact_id, position) WHERE topic = 'feed';
-- One writer at a time: the order of writing is the order of committing.
CREATE TRIGGER event_placed AFTER INSERT ON event BEGIN
    UPDATE event SET position = NEW.event_id WHERE event_id = NEW.event_id;
END;
