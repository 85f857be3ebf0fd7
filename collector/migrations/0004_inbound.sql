-- What comes to us by itself: pushed events that were taken, the secrets that sign them, leave to write that was given on our
-- own form, and what a listener remembers. Portable.

CREATE TABLE inbound_events (
    source_id    TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    event_id     TEXT NOT NULL,                  -- the sender's
    body_hash    TEXT NOT NULL,                  -- SHA-256, hex
    received_at  BIGINT NOT NULL,
    answer       TEXT NOT NULL,                  -- JSON as it was answered
    PRIMARY KEY (source_id, event_id)
);
CREATE INDEX inbound_events_old ON inbound_events (received_at);

CREATE TABLE inbound_secrets (
    id           TEXT PRIMARY KEY,
    source_id    TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    sealed       TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    ends_at      BIGINT                          -- null: until it is replaced
);
CREATE INDEX inbound_secrets_source ON inbound_secrets (source_id);

CREATE TABLE contact_consents (
    source_id    TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    external_id  TEXT NOT NULL,                  -- the answer's, as its mention has it
    email        TEXT,
    agreed       INTEGER NOT NULL,
    wording      TEXT NOT NULL,                  -- what was agreed to, as it was shown
    given_at     BIGINT NOT NULL,
    PRIMARY KEY (source_id, external_id)
);

CREATE TABLE listeners (
    source_id      TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    cursor         TEXT,                         -- where to go on; only what is stored moves it
    holder         TEXT,                         -- the process that listens
    taken_until    BIGINT,
    connected_at   BIGINT,                       -- null while there is no connection
    last_event     BIGINT,
    failures       INTEGER NOT NULL DEFAULT 0,   -- in a row
    problem        TEXT,                         -- ProblemKind
    problem_detail TEXT
);
