-- Accounts at platforms that sources are let in by. Tokens lie sealed; a refresh is claimed before it is made, so that two
-- readers of one account never spend the same refresh token.
CREATE TABLE accounts (
    id             TEXT PRIMARY KEY,
    provider       TEXT NOT NULL,                 -- 'google', or a server's address
    client_id      TEXT NOT NULL,                 -- the app's public name there
    sealed         TEXT NOT NULL,                 -- sealed JSON: token, refresh token, what was derived from it
    renew_at       BIGINT,                        -- when the token is better renewed; null: it does not say
    ends_at        BIGINT,                        -- when access ends for good, where it cannot be renewed
    generation     BIGINT NOT NULL DEFAULT 0,     -- rises with every token
    claimed_until  BIGINT,                        -- somebody is renewing it
    problem        TEXT,                          -- why the owner has to connect again, in words
    connected_at   BIGINT NOT NULL,
    renewed_at     BIGINT NOT NULL
);

-- Consents that are under way: the owner is on the platform's page.
CREATE TABLE access_attempts (
    state_hash     TEXT PRIMARY KEY,              -- SHA-256 of what comes back with the owner, hex
    source_id      TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    sealed         TEXT NOT NULL,                 -- sealed JSON: the verifier, where to come back to
    expires_at     BIGINT NOT NULL
);

ALTER TABLE sources ADD COLUMN account_id TEXT;
