-- Promoters are replaced, and go, by author, customer and mention: without these each time by reading all of them.
CREATE INDEX promoters_author ON promoters (author_id);
CREATE INDEX promoters_customer ON promoters (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX promoters_mention ON promoters (mention_id);
-- How many there are now.
CREATE INDEX promoters_expire ON promoters (expires_at, customer_id);
-- Whom not to ask again.
CREATE INDEX asks_at ON asks (at);
CREATE INDEX customers_not_to_ask ON customers (id) WHERE do_not_contact <> 0 OR contact_consent = 0;
CREATE INDEX cases_open_customer ON cases (customer_id) WHERE state <> 'closed' AND customer_id IS NOT NULL;
