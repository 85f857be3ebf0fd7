//! A filled SQLite store for query plans and benchmarks: authors, customers, mentions over two years, themes, cases,
//! promoters. Made by the database itself, so that a million mentions take minutes, not hours.

use goodword::store::{Store, to_millis};
use goodword_shared::Time;
use sqlx::AssertSqlSafe;

/// Fills an empty store with so many mentions, a third as many authors, and ANALYZEs it.
pub async fn fill(store: &Store, mentions: i64, now: Time) -> anyhow::Result<()> {
    let now = to_millis(now);
    let authors = mentions / 3 + 1;
    let customers = (authors / 10).max(10);
    let day = 86_400_000_i64;
    // Numbers that look drawn by lot and are the same each time.
    let lot = |salt: i64, below: i64| format!("((i * 2654435761 + {salt}) % 4294967291 % {below})");
    let counting =
        |n: i64| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})");
    let label = format!(
        "CASE WHEN {0} < 15 THEN 'negative' WHEN {0} < 75 THEN 'positive' WHEN {0} < 90 THEN 'neutral' ELSE 'mixed' END",
        lot(11, 100)
    );
    let at = format!("{now} - {} * 1000", lot(5, 730 * 86_400));
    let words = "'the waiter was ' || CASE i % 4 WHEN 0 THEN 'kind and quick' WHEN 1 THEN 'slow and rude' \
                 WHEN 2 THEN 'nowhere to be seen' ELSE 'as always' END || ' and table ' || i || ' had soup and bread'";
    let analysis = r#"'{"language":"en","sentiment":{"label":"' || label || '","score":0.5,"confidence":0.9,"uncertain":false},"themes":[],"intents":[],"severity":0.4,"spans":[]}'"#;
    let mention = r#"'{"external_id":"k' || i || '","kind":"review","author":{"name":"Guest ' || author || '"},"rating":{"value":' || stars || ',"best":5.0},"text":"' || words || '"}'"#;
    let statements = [
        "PRAGMA synchronous = OFF".to_owned(),
        "PRAGMA cache_size = -400000".to_owned(),
        "INSERT INTO sources (id, connector, name, settings, every_minutes, created_at, first_run_done) \
         VALUES ('s0', 'app_store', 'App Store', '{}', 60, 0, 1), ('s1', 'feed', 'News', '{}', 60, 0, 1), \
         ('s2', 'schema_org', 'Trusted Tables', '{}', 60, 0, 1)"
            .to_owned(),
        format!(
            "{} INSERT INTO customers (id, name, value, tags, search, created_at, updated_at) \
             SELECT 'c' || i, 'Customer ' || i, {}, '[]', 'customer ' || i, {now}, {now} FROM n",
            counting(customers),
            lot(3, 5000)
        ),
        format!(
            "{} INSERT INTO authors (id, platform, author_key, name, customer_id) \
             SELECT 'a' || i, 'feed', 'guest ' || i, 'Guest ' || i, CASE WHEN i <= {customers} THEN 'c' || i END FROM n",
            counting(authors)
        ),
        format!(
            "{} INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
             SELECT 'x' || i, 'a' || i, 'c' || i, 0.9, '[]', CASE WHEN i % 20 = 0 THEN 'doubtful' ELSE 'linked' END, {now}, 'engine' \
             FROM n",
            counting(customers)
        ),
        format!(
            "{} INSERT INTO mentions (id, source_id, connector, mention_key, author_id, kind, at, published_at, collected_at, \
             changed_at, text, rating_share, stars, mention, text_hash, label, score, confidence, uncertain, severity, analysis, \
             unhappy, back_fill, search) \
             SELECT 'm' || i, 's' || (i % 3), 'feed', 'k' || i, 'a' || author, 'review', at, at, at, at, words, stars / 5.0, stars, \
             {mention}, 'h' || i, label, 0.5, 0.9, 0, 0.4, {analysis}, label = 'negative', 0, words FROM \
             (SELECT i, {} + 1 AS author, {at} AS at, {words} AS words, {label} AS label, \
              CASE WHEN {} < 15 THEN 1 ELSE 3 + i % 3 END AS stars FROM n)",
            counting(mentions),
            lot(17, authors),
            lot(11, 100)
        ),
        format!(
            "{} INSERT INTO mention_themes (mention_id, theme, label, at) \
             SELECT 'm' || i, CASE {} WHEN 0 THEN 'service' WHEN 1 THEN 'price' WHEN 2 THEN 'waiting' WHEN 3 THEN 'food' \
             ELSE 'staff' END, {label}, {at} FROM n",
            counting(mentions),
            lot(23, 5)
        ),
        format!(
            "INSERT INTO cases (id, mention_id, author_id, state, reasons, weight, factors, opened_at, waiting_since, due_at, \
             first_contact_at, closed_at, outcome) \
             SELECT 'k' || id, id, author_id, CASE WHEN fresh THEN 'open' ELSE 'closed' END, '[\"1 of 5 stars\"]', \
             1 + (at % 400) / 100.0, '[]', at, at, at + {day}, CASE WHEN fresh THEN NULL ELSE at + 3600000 END, \
             CASE WHEN fresh THEN NULL ELSE at + {day} END, CASE WHEN fresh THEN NULL ELSE 'won_back' END FROM \
             (SELECT MAX(id) AS id, author_id, MAX(at) AS at, MAX(at) > {now} - 14 * {day} AS fresh FROM mentions \
              WHERE label = 'negative' GROUP BY author_id)"
        ),
        "INSERT INTO case_events (id, case_id, at, what, text, mention_id) \
         SELECT 'e' || id, id, opened_at, 'opened', '1 of 5 stars', mention_id FROM cases"
            .to_owned(),
        format!(
            "INSERT INTO promoters (key, author_id, customer_id, mention_id, score, reasons, kind_mentions, expires_at) \
             SELECT 'author:' || author_id, author_id, NULL, MAX(id), COUNT(*) * 10 + MAX(at) % 1000 / 100.0, '[\"5 of 5 stars\"]', \
             COUNT(*), {now} + 100 * {day} FROM mentions WHERE label = 'positive' AND at > {now} - 365 * {day} \
             GROUP BY author_id"
        ),
        "ANALYZE".to_owned(),
    ];
    let mut connection = store.pool().acquire().await?;
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await?;
    }
    for statement in store.dialect().on_connect() {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}
