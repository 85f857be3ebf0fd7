-- What platforms let us keep, what has gone from them, and how sources are watched.

-- Storage limits, removals and returns of mentions.
ALTER TABLE mentions ADD COLUMN held_until BIGINT;                       -- the platform lets its content be kept until then; null: no limit
ALTER TABLE mentions ADD COLUMN withheld_at BIGINT;                      -- its content was removed then, as the platform asks
ALTER TABLE mentions ADD COLUMN withheld_days INTEGER;                   -- after so many days
ALTER TABLE mentions ADD COLUMN missed_runs INTEGER NOT NULL DEFAULT 0;  -- readings in a row that should have shown it and did not
ALTER TABLE mentions ADD COLUMN gone_at BIGINT;                          -- the platform shows it no more
CREATE INDEX mentions_held ON mentions (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX mentions_missed ON mentions (source_id) WHERE missed_runs > 0;
CREATE INDEX mentions_deleted ON mentions (source_id) WHERE deleted = 1;

-- Which mentions an address of a source showed last, so that one that is missing is noticed.
CREATE TABLE listings (
    source_id     TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    page          TEXT NOT NULL,                 -- SHA-256 of the request's address and body, hex
    seen_at       BIGINT NOT NULL,
    keys          TEXT NOT NULL,                 -- JSON list of mention keys, in the order of the answer
    PRIMARY KEY (source_id, page)
);

-- Timetable.
ALTER TABLE sources ADD COLUMN adaptive INTEGER NOT NULL DEFAULT 1;      -- the interval follows how often something comes; 0: the owner's own
ALTER TABLE sources ADD COLUMN not_between TEXT;                         -- shared::source::QuietHours as JSON
ALTER TABLE sources ADD COLUMN host TEXT;                                -- host:port that it asks first
ALTER TABLE sources ADD COLUMN account TEXT;                             -- whose limits it shares: hash of connector and keys, hex
CREATE INDEX sources_host ON sources (host) WHERE removed_at IS NULL;
CREATE INDEX sources_account ON sources (account) WHERE removed_at IS NULL;

-- Hosts and accounts that asked for a pause or failed.
CREATE TABLE places (
    name          TEXT PRIMARY KEY,              -- 'host …' or 'account …'
    failures      INTEGER NOT NULL,              -- in a row, of any source there
    held_until    BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL
);

-- What an account has used of a platform's daily allowance.
CREATE TABLE budgets (
    account       TEXT NOT NULL,
    day           TEXT NOT NULL,                 -- the platform's own day
    used          BIGINT NOT NULL,
    PRIMARY KEY (account, day)
);

-- What a run met.
ALTER TABLE runs ADD COLUMN same INTEGER;
ALTER TABLE runs ADD COLUMN answers TEXT;                                -- JSON: HTTP status → how often
ALTER TABLE runs ADD COLUMN problem_detail TEXT;
ALTER TABLE runs ADD COLUMN gone INTEGER;

-- Sources that failed or fell silent, each told once; resolved where it answers again.
CREATE TABLE source_alerts (
    id            TEXT PRIMARY KEY,
    source_id     TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,                 -- failing, quiet
    raised_at     BIGINT NOT NULL,
    resolved_at   BIGINT,
    alert         TEXT NOT NULL                  -- shared::alert::Alert as JSON
);
CREATE UNIQUE INDEX source_alerts_open ON source_alerts (source_id) WHERE resolved_at IS NULL;
CREATE INDEX source_alerts_raised ON source_alerts (raised_at);
