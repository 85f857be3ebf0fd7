-- Accounts on two platforms that may be one person's. An author stays an author: what is known of one counts as evidence for
-- the other.
CREATE TABLE kin (
    id            TEXT PRIMARY KEY,
    one_id        TEXT NOT NULL REFERENCES authors (id) ON DELETE CASCADE, -- the lesser of the two ids
    other_id      TEXT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    probability   DOUBLE PRECISION NOT NULL,
    evidence      TEXT NOT NULL,                 -- JSON list of {kind, text}
    state         TEXT NOT NULL,                 -- linked, doubtful, confirmed, refused
    previous      TEXT,                          -- the state before the owner's word, for undo
    decided_at    BIGINT NOT NULL,
    decided_by    TEXT NOT NULL,                 -- 'engine' or a user's address
    UNIQUE (one_id, other_id)
);
CREATE INDEX kin_other ON kin (other_id);
CREATE INDEX kin_state ON kin (state, probability, id);
