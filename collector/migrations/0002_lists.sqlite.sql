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

CREATE TRIGGER mention_days_added AFTER INSERT ON mentions WHEN NEW.deleted = 0 BEGIN
    INSERT INTO mention_days (day, label, mentions, rated, share_sum)
    VALUES (NEW.at / 86400000, NEW.label, 1, NEW.rating_share IS NOT NULL, COALESCE(NEW.rating_share, 0))
    ON CONFLICT (day, label) DO UPDATE SET mentions = mentions + 1, rated = rated + excluded.rated,
        share_sum = share_sum + excluded.share_sum;
END;

CREATE TRIGGER mention_days_removed AFTER DELETE ON mentions WHEN OLD.deleted = 0 BEGIN
    UPDATE mention_days SET mentions = mentions - 1, rated = rated - (OLD.rating_share IS NOT NULL),
        share_sum = share_sum - COALESCE(OLD.rating_share, 0)
    WHERE day = OLD.at / 86400000 AND label = OLD.label;
END;

CREATE TRIGGER mention_days_changed AFTER UPDATE OF at, label, rating_share, deleted ON mentions BEGIN
    UPDATE mention_days SET mentions = mentions - 1, rated = rated - (OLD.rating_share IS NOT NULL),
        share_sum = share_sum - COALESCE(OLD.rating_share, 0)
    WHERE OLD.deleted = 0 AND day = OLD.at / 86400000 AND label = OLD.label;
    INSERT INTO mention_days (day, label, mentions, rated, share_sum)
    SELECT NEW.at / 86400000, NEW.label, 1, NEW.rating_share IS NOT NULL, COALESCE(NEW.rating_share, 0)
    WHERE NEW.deleted = 0
    ON CONFLICT (day, label) DO UPDATE SET mentions = mentions + 1, rated = rated + excluded.rated,
        share_sum = share_sum + excluded.share_sum;
END;

-- Themes by day and label.
CREATE TABLE theme_days (
    day           BIGINT NOT NULL,
    theme         TEXT NOT NULL,
    label         TEXT NOT NULL,
    mentions      BIGINT NOT NULL,
    PRIMARY KEY (day, theme, label)
);

CREATE TRIGGER theme_days_added AFTER INSERT ON mention_themes BEGIN
    INSERT INTO theme_days (day, theme, label, mentions) VALUES (NEW.at / 86400000, NEW.theme, NEW.label, 1)
    ON CONFLICT (day, theme, label) DO UPDATE SET mentions = mentions + 1;
END;

CREATE TRIGGER theme_days_removed AFTER DELETE ON mention_themes BEGIN
    UPDATE theme_days SET mentions = mentions - 1
    WHERE day = OLD.at / 86400000 AND theme = OLD.theme AND label = OLD.label;
END;

CREATE TRIGGER theme_days_changed AFTER UPDATE OF at, label ON mention_themes BEGIN
    UPDATE theme_days SET mentions = mentions - 1
    WHERE day = OLD.at / 86400000 AND theme = OLD.theme AND label = OLD.label;
    INSERT INTO theme_days (day, theme, label, mentions) VALUES (NEW.at / 86400000, NEW.theme, NEW.label, 1)
    ON CONFLICT (day, theme, label) DO UPDATE SET mentions = mentions + 1;
END;

-- Words of the mentions. The text itself stays in mentions; rowids are kept because that table has indexes of its own.
CREATE VIRTUAL TABLE mention_words USING fts5 (
    search, content = 'mentions', content_rowid = 'rowid', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER mention_words_added AFTER INSERT ON mentions BEGIN
    INSERT INTO mention_words (rowid, search) VALUES (NEW.rowid, NEW.search);
END;

CREATE TRIGGER mention_words_removed AFTER DELETE ON mentions BEGIN
    INSERT INTO mention_words (mention_words, rowid, search) VALUES ('delete', OLD.rowid, OLD.search);
END;

CREATE TRIGGER mention_words_changed AFTER UPDATE OF search ON mentions WHEN OLD.search <> NEW.search BEGIN
    INSERT INTO mention_words (mention_words, rowid, search) VALUES ('delete', OLD.rowid, OLD.search);
    INSERT INTO mention_words (rowid, search) VALUES (NEW.rowid, NEW.search);
END;

-- Filters of the list of mentions, each in the order of the list.
CREATE INDEX mentions_stars ON mentions (stars, at) WHERE stars IS NOT NULL;
CREATE INDEX mentions_uncertain ON mentions (at) WHERE uncertain = 1;
