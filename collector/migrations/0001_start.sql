-- One schema for SQLite and PostgreSQL: instants are BIGINT milliseconds since 1970 UTC, ids and JSON are TEXT,
-- booleans are INTEGER 0/1, numbers DOUBLE PRECISION. What the two do differently lives in store/dialect.rs.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,          -- lower case
    password_hash TEXT NOT NULL,                 -- argon2id, PHC string
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT,                        -- the visit before this one: what is newer is new
    visit_at      BIGINT                         -- the present visit
);

CREATE TABLE sessions (
    token_hash    TEXT PRIMARY KEY,              -- SHA-256 of the cookie's token, hex
    user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);

CREATE TABLE settings (
    name          TEXT PRIMARY KEY,              -- 'owner': shared::Settings as JSON; others of the service's own
    value         TEXT NOT NULL
);

CREATE TABLE audit (
    id            TEXT PRIMARY KEY,
    at            BIGINT NOT NULL,
    by_whom       TEXT NOT NULL,                 -- a user's address, or 'engine'
    what          TEXT NOT NULL,                 -- 'export', 'import', 'match', 'case', 'source', 'channel' …
    object_id     TEXT,
    detail        TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE sources (
    id               TEXT PRIMARY KEY,
    connector        TEXT NOT NULL,
    name             TEXT NOT NULL,
    settings         TEXT NOT NULL,              -- JSON object of text values, without secrets
    secrets          TEXT,                       -- sealed JSON object, or null
    page_url         TEXT,
    every_minutes    INTEGER NOT NULL,
    paused           INTEGER NOT NULL DEFAULT 0,
    cursor           TEXT,
    pending          TEXT,                       -- JSON list of requests that a run left for the next one; no headers
    taken_until      BIGINT,                     -- a collector is reading it
    created_at       BIGINT NOT NULL,
    removed_at       BIGINT,
    first_run_done   INTEGER NOT NULL DEFAULT 0, -- until then a run is a back-fill: it neither alerts nor floods
    last_run         BIGINT,
    last_success     BIGINT,
    next_run         BIGINT,
    failures         INTEGER NOT NULL DEFAULT 0, -- in a row
    problem          TEXT,                       -- ProblemKind
    problem_detail   TEXT,
    platform_total   BIGINT,
    platform_average DOUBLE PRECISION,
    platform_best    DOUBLE PRECISION,
    stored           BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sources_due ON sources (next_run) WHERE removed_at IS NULL AND paused = 0;

CREATE TABLE runs (
    id            TEXT PRIMARY KEY,
    source_id     TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    started_at    BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL,
    requests      INTEGER NOT NULL,
    found         INTEGER,                       -- mentions in the answers; null where nothing had been modified
    new           INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    problem       TEXT,
    detail        TEXT
);
CREATE INDEX runs_source ON runs (source_id, started_at);

-- What a conditional request needs, by source and address.
CREATE TABLE validators (
    url           TEXT PRIMARY KEY,              -- SHA-256 of source id and address, hex: addresses may hold keys
    etag          TEXT,
    last_modified TEXT,
    body_hash     TEXT,
    seen_at       BIGINT NOT NULL
);

-- Raw answers, zstd-compressed, base64 of the bytes, once per content.
CREATE TABLE captures (
    id            TEXT PRIMARY KEY,
    source_id     TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    fetched_at    BIGINT NOT NULL,
    request       TEXT NOT NULL,                 -- JSON: verb, url, note; no headers
    status        INTEGER NOT NULL,
    url           TEXT NOT NULL,
    content_type  TEXT,
    headers       TEXT NOT NULL,                 -- JSON pairs
    body_hash     TEXT NOT NULL
);
CREATE INDEX captures_source ON captures (source_id, fetched_at);
CREATE INDEX captures_body ON captures (body_hash);
CREATE TABLE capture_bodies (
    hash          TEXT PRIMARY KEY,              -- SHA-256, hex
    body          TEXT NOT NULL
);

CREATE TABLE customers (
    id              TEXT PRIMARY KEY,
    external_id     TEXT UNIQUE,
    name            TEXT NOT NULL,
    first           TEXT,
    last            TEXT,
    email           TEXT,
    phone           TEXT,
    city            TEXT,
    handle          TEXT,
    company         TEXT,
    language        TEXT,
    since           BIGINT,
    value           DOUBLE PRECISION,
    contact_consent INTEGER,
    do_not_contact  INTEGER NOT NULL DEFAULT 0,
    tags            TEXT NOT NULL,               -- JSON list
    notes           TEXT,
    search          TEXT NOT NULL,               -- folded name, email, phone, city, external_id, for LIKE
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX customers_name ON customers (name, id);

CREATE TABLE orders (
    id            TEXT PRIMARY KEY,              -- the owner's order number
    customer_id   TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    date          BIGINT,
    product       TEXT,
    amount        DOUBLE PRECISION,
    branch        TEXT,
    staff         TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);

-- Who wrote, once for each platform identity: platform = connector slug.
CREATE TABLE authors (
    id            TEXT PRIMARY KEY,
    platform      TEXT NOT NULL,
    author_key    TEXT NOT NULL,                 -- platform id, else handle, else profile address, else folded name + '@' + source id
    name          TEXT,
    handle        TEXT,
    platform_id   TEXT,
    url           TEXT,
    followers     BIGINT,
    location      TEXT,
    email         TEXT,
    customer_id   TEXT REFERENCES customers (id) ON DELETE SET NULL, -- where a match holds (linked or confirmed)
    last_asked    BIGINT,
    UNIQUE (platform, author_key)
);
CREATE INDEX authors_customer ON authors (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE matches (
    id            TEXT PRIMARY KEY,
    author_id     TEXT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    customer_id   TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    probability   DOUBLE PRECISION NOT NULL,
    evidence      TEXT NOT NULL,                 -- JSON list of {kind, text}
    state         TEXT NOT NULL,                 -- linked, doubtful, confirmed, refused
    previous      TEXT,                          -- the state before the owner's word, for undo
    decided_at    BIGINT NOT NULL,
    decided_by    TEXT NOT NULL,                 -- 'engine' or a user's address
    UNIQUE (author_id, customer_id)
);
CREATE INDEX matches_state ON matches (state, probability, id);
CREATE INDEX matches_customer ON matches (customer_id);

CREATE TABLE mentions (
    id            TEXT PRIMARY KEY,
    source_id     TEXT NOT NULL REFERENCES sources (id),
    connector     TEXT NOT NULL,
    mention_key   TEXT NOT NULL,                 -- external id, else permalink, else a hash of author, date and text
    author_id     TEXT REFERENCES authors (id),
    kind          TEXT NOT NULL,
    at            BIGINT NOT NULL,               -- published, else collected: the order of every list
    published_at  BIGINT,
    collected_at  BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    title         TEXT,
    text          TEXT NOT NULL,
    url           TEXT,
    rating_share  DOUBLE PRECISION,              -- value / best
    stars         INTEGER,                       -- rounded, of five
    mention       TEXT NOT NULL,                 -- shared::Mention as JSON
    text_hash     TEXT,                          -- of the folded text; the same elsewhere is one cluster; null for short texts
    label         TEXT NOT NULL,                 -- of the analysis, or the owner's correction
    score         DOUBLE PRECISION NOT NULL,
    confidence    DOUBLE PRECISION NOT NULL,
    uncertain     INTEGER NOT NULL,
    severity      DOUBLE PRECISION NOT NULL,
    reach         BIGINT,
    language      TEXT,
    analysis      TEXT NOT NULL,                 -- shared::Analysis as JSON
    corrected     INTEGER NOT NULL DEFAULT 0,
    unhappy       INTEGER NOT NULL,              -- by the open definition, at the time of collecting
    replied       INTEGER NOT NULL DEFAULT 0,
    deleted       INTEGER NOT NULL DEFAULT 0,
    back_fill     INTEGER NOT NULL DEFAULT 0,
    search        TEXT NOT NULL,                 -- folded title, text and author, for search
    UNIQUE (source_id, mention_key)
);
CREATE INDEX mentions_at ON mentions (at);
CREATE INDEX mentions_label ON mentions (label, at);
CREATE INDEX mentions_source ON mentions (source_id, at);
CREATE INDEX mentions_author ON mentions (author_id, at);
CREATE INDEX mentions_text ON mentions (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX mentions_new ON mentions (collected_at, label) WHERE back_fill = 0;

CREATE TABLE mention_themes (
    mention_id    TEXT NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
    theme         TEXT NOT NULL,
    label         TEXT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (mention_id, theme)
);
CREATE INDEX mention_themes_theme ON mention_themes (theme, at);

CREATE TABLE mention_intents (
    mention_id    TEXT NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
    intent        TEXT NOT NULL,
    PRIMARY KEY (mention_id, intent)
);
CREATE INDEX mention_intents_intent ON mention_intents (intent);

CREATE TABLE revisions (
    id            TEXT PRIMARY KEY,
    mention_id    TEXT NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
    seen_at       BIGINT NOT NULL,
    changed       TEXT NOT NULL,                 -- JSON list: "stars 2 → 4", "text"
    mention       TEXT NOT NULL                  -- as it was before
);
CREATE INDEX revisions_mention ON revisions (mention_id, seen_at);

CREATE TABLE cases (
    id               TEXT PRIMARY KEY,
    mention_id       TEXT NOT NULL REFERENCES mentions (id),
    author_id        TEXT REFERENCES authors (id),
    customer_id      TEXT REFERENCES customers (id) ON DELETE SET NULL,
    state            TEXT NOT NULL,              -- open, contacted, put_right, closed
    outcome          TEXT,
    reasons          TEXT NOT NULL,              -- JSON list
    weight           DOUBLE PRECISION NOT NULL,  -- severity × value × reach: what does not change with the clock
    factors          TEXT NOT NULL,              -- JSON list of shared::case::Factor, without time
    opened_at        BIGINT NOT NULL,
    waiting_since    BIGINT NOT NULL,
    due_at           BIGINT NOT NULL,
    first_contact_at BIGINT,
    snoozed_until    BIGINT,
    closed_at        BIGINT,
    assignee         TEXT
);
CREATE UNIQUE INDEX cases_one_open_per_author ON cases (author_id) WHERE state <> 'closed' AND author_id IS NOT NULL;
CREATE INDEX cases_queue ON cases (weight, due_at, waiting_since, first_contact_at, snoozed_until, state, id) WHERE state <> 'closed';
CREATE INDEX cases_waiting ON cases (waiting_since, opened_at) WHERE state = 'open';
CREATE INDEX cases_state ON cases (state, due_at);
CREATE INDEX cases_answered ON cases (first_contact_at, waiting_since, opened_at) WHERE first_contact_at IS NOT NULL;
CREATE INDEX cases_customer ON cases (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX cases_author ON cases (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX cases_mention ON cases (mention_id);
CREATE INDEX cases_won ON cases (closed_at) WHERE outcome IN ('won_back', 'rating_raised');
CREATE INDEX cases_unanswered ON cases (closed_at, opened_at) WHERE first_contact_at IS NULL;
CREATE INDEX cases_closed ON cases (closed_at, state, outcome, first_contact_at, opened_at) WHERE closed_at IS NOT NULL;

CREATE TABLE case_events (
    id            TEXT PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at            BIGINT NOT NULL,
    what          TEXT NOT NULL,                 -- opened, mention, alert, contact, note, state, closed
    text          TEXT NOT NULL,
    by_whom       TEXT,
    mention_id    TEXT
);
CREATE INDEX case_events_case ON case_events (case_id, at);

CREATE TABLE asks (
    id            TEXT PRIMARY KEY,
    author_id     TEXT REFERENCES authors (id),
    customer_id   TEXT REFERENCES customers (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,
    text          TEXT NOT NULL,
    at            BIGINT NOT NULL,
    by_whom       TEXT NOT NULL
);
CREATE INDEX asks_customer ON asks (customer_id, at);
CREATE INDEX asks_author ON asks (author_id, at);

-- The promoters, kept up to date by store/promoters.rs whenever a mention, a match, a case or an ask changes.
CREATE TABLE promoters (
    key           TEXT PRIMARY KEY,              -- customer:ID or author:ID
    author_id     TEXT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    customer_id   TEXT REFERENCES customers (id) ON DELETE CASCADE,
    mention_id    TEXT NOT NULL REFERENCES mentions (id) ON DELETE CASCADE, -- the best quote
    score         DOUBLE PRECISION NOT NULL,
    reasons       TEXT NOT NULL,                 -- JSON list
    kind_mentions INTEGER NOT NULL,
    expires_at    BIGINT NOT NULL                -- when the last kind mention is too old
);
CREATE INDEX promoters_score ON promoters (score, key);

CREATE TABLE channels (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    settings      TEXT NOT NULL,
    secrets       TEXT,
    enabled       INTEGER NOT NULL DEFAULT 1,
    created_at    BIGINT NOT NULL
);

CREATE TABLE rules (
    id            TEXT PRIMARY KEY,
    settings      TEXT NOT NULL,                 -- shared::alert::RuleSettings as JSON
    created_at    BIGINT NOT NULL
);

-- Alerts as shown in the page; one for each mention that fired a rule.
CREATE TABLE alerts (
    mention_id    TEXT PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
    case_id       TEXT,
    alert         TEXT NOT NULL,                 -- shared::alert::Alert as JSON
    at            BIGINT NOT NULL
);
CREATE INDEX alerts_at ON alerts (at);

-- Effects decided but not yet carried out; written in the same transaction as their cause.
CREATE TABLE outbox (
    id              TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,        -- the same for every try: Message-ID, webhook-id
    channel_id      TEXT NOT NULL,
    subject         TEXT NOT NULL,
    payload         TEXT NOT NULL,               -- shared::alert::Alert as JSON
    state           TEXT NOT NULL,               -- waiting, done, failed
    tries           INTEGER NOT NULL DEFAULT 0,
    detail          TEXT,
    created_at      BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    claimed_until   BIGINT,
    done_at         BIGINT
);
CREATE INDEX outbox_waiting ON outbox (not_before) WHERE state = 'waiting';
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_channel ON outbox (channel_id, created_at);
