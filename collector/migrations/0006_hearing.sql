-- Mentions that the first tier of the analysis was not sure of and that the second is still to be heard on.
ALTER TABLE mentions ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
CREATE INDEX mentions_unheard ON mentions (at) WHERE unheard = 1 AND deleted = 0 AND withheld_at IS NULL;
