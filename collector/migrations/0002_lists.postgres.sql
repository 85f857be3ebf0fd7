-- What the lists and figures read, kept in step by the database itself, so that no way of writing can forget it.

-- Mentions by day (at / 86400000) and label, removed ones left out: figures over months add up a few hundred rows.
CREATE TABLE mention_days (
    day           BIGINT NOT NULL,
    label         TEXT NOT NULL,
    mentions      BIGINT NOT NULL,
    rated         BIGINT NOT NULL,
    share_sum     DOUBLE PRECISION NOT NULL,     -- of rating_share
    PRIMARY KEY (day, label)
);

CREATE FUNCTION keep_mention_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.deleted = 0 THEN
        UPDATE mention_days SET mentions = mentions - 1,
            rated = rated - (CASE WHEN OLD.rating_share IS NULL THEN 0 ELSE 1 END),
            share_sum = share_sum - COALESCE(OLD.rating_share, 0)
        WHERE day = OLD.at / 86400000 AND label = OLD.label;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.deleted = 0 THEN
        INSERT INTO mention_days AS d (day, label, mentions, rated, share_sum)
        VALUES (NEW.at / 86400000, NEW.label, 1, (CASE WHEN NEW.rating_share IS NULL THEN 0 ELSE 1 END),
            COALESCE(NEW.rating_share, 0))
        ON CONFLICT (day, label) DO UPDATE SET mentions = d.mentions + 1, rated = d.rated + excluded.rated,
            share_sum = d.share_sum + excluded.share_sum;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER mention_days_kept AFTER INSERT OR DELETE OR UPDATE OF at, label, rating_share, deleted ON mentions
    FOR EACH ROW EXECUTE FUNCTION keep_mention_days();

-- Themes by day and label.
CREATE TABLE theme_days (
    day           BIGINT NOT NULL,
    theme         TEXT NOT NULL,
    label         TEXT NOT NULL,
    mentions      BIGINT NOT NULL,
    PRIMARY KEY (day, theme, label)
);

CREATE FUNCTION keep_theme_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE theme_days SET mentions = mentions - 1
        WHERE day = OLD.at / 86400000 AND theme = OLD.theme AND label = OLD.label;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO theme_days AS d (day, theme, label, mentions) VALUES (NEW.at / 86400000, NEW.theme, NEW.label, 1)
        ON CONFLICT (day, theme, label) DO UPDATE SET mentions = d.mentions + 1;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER theme_days_kept AFTER INSERT OR DELETE OR UPDATE OF at, label ON mention_themes
    FOR EACH ROW EXECUTE FUNCTION keep_theme_days();

-- Words of the mentions.
CREATE INDEX mentions_words ON mentions USING gin (to_tsvector('simple', search));

-- Filters of the list of mentions, each in the order of the list.
CREATE INDEX mentions_stars ON mentions (stars, at) WHERE stars IS NOT NULL;
CREATE INDEX mentions_uncertain ON mentions (at) WHERE uncertain = 1;
