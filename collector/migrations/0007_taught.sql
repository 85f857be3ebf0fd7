-- What the owner said of mentions by correcting them, and what was learnt from it.

-- What holds is said by mentions.corrected: other words put an end to a correction, and the row here is then passed over.
CREATE TABLE corrections (
    mention_id    TEXT PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
    at            BIGINT NOT NULL,
    label         TEXT,                          -- the right sentiment; null where nothing was said of it
    themes        TEXT,                          -- JSON list of the right themes, or null
    intents       TEXT                           -- JSON list of the right intents, or null
);
CREATE INDEX corrections_at ON corrections (at);
INSERT INTO corrections (mention_id, at, label) SELECT id, changed_at, label FROM mentions WHERE corrected = 1;

CREATE TABLE learnt_versions (
    version       BIGINT PRIMARY KEY,
    made_at       BIGINT NOT NULL,
    model         TEXT NOT NULL,                 -- JSON: analysis/learnt.rs
    report        TEXT NOT NULL                  -- JSON: engine/learn.rs
);
