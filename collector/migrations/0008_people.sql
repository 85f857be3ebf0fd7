-- What the owner does with customers by hand: records joined and parted, notes, authors left aside, persons forgotten.

-- A record that was joined with another stays, out of sight: whatever refers to it still does, and parting them is exact.
ALTER TABLE customers ADD COLUMN merged_into TEXT REFERENCES customers (id) ON DELETE CASCADE;
ALTER TABLE customers ADD COLUMN birthday TEXT;   -- YYYY-MM-DD, or --MM-DD where the year is not known
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL;

-- An author whom the owner does not want to be shown among those worth a look.
ALTER TABLE authors ADD COLUMN ignored_at BIGINT;

-- An author who was forgotten at their wish: nothing of who they are is kept or taken in again, nor matched with anybody.
ALTER TABLE authors ADD COLUMN forgotten_at BIGINT;

-- Every step by which records were joined, parted, made or linked: what was moved from where to where. Append-only: taking a
-- step back is a further one. Only forgetting a person removes theirs.
CREATE TABLE customer_steps (
    id            TEXT PRIMARY KEY,
    at            BIGINT NOT NULL,
    by_whom       TEXT NOT NULL,
    kind          TEXT NOT NULL,                 -- merge, split, create, link, undo
    customer_id   TEXT NOT NULL,                 -- the record that was kept, parted, made or linked
    other_id      TEXT,                          -- the record joined with it, or parted from it
    author_id     TEXT,
    text          TEXT NOT NULL,                 -- in words
    moved         TEXT NOT NULL,                 -- JSON: store/scene.rs
    undoes        TEXT UNIQUE                    -- the step that this one takes back
);
CREATE INDEX customer_steps_customer ON customer_steps (customer_id, at);
CREATE INDEX customer_steps_other ON customer_steps (other_id, at) WHERE other_id IS NOT NULL;
CREATE INDEX customer_steps_author ON customer_steps (author_id) WHERE author_id IS NOT NULL;

CREATE TABLE customer_notes (
    id            TEXT PRIMARY KEY,
    customer_id   TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    at            BIGINT NOT NULL,
    by_whom       TEXT NOT NULL,
    text          TEXT NOT NULL,
    edited_at     BIGINT
);
CREATE INDEX customer_notes_customer ON customer_notes (customer_id, at);
