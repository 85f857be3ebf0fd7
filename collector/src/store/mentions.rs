//! Mentions as they are written: new ones in bulk, changed ones with the version they had before.

use goodword_shared::{Analysis, Author, Mention, Time};
use sqlx::AnyConnection;

use super::{
    Dialect, Result,
    bulk::{self, Binding},
    new_id, to_millis,
};
use crate::record::{ChangedMention, MentionRow, Origin};

const COLUMNS: usize = 31;

/// Writes mentions never seen before, with their themes and intents.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    dialect: Dialect,
    rows: &[MentionRow],
    origin: &Origin,
    back_fill: bool,
    now: Time,
) -> Result<()> {
    let mut texts = Vec::with_capacity(rows.len());
    for row in rows {
        texts.push((row, serde_json::to_string(&row.mention)?, serde_json::to_string(&row.analysis)?));
    }
    bulk::insert(
        connection,
        dialect,
        "INSERT INTO mentions (id, source_id, connector, mention_key, author_id, kind, at, published_at, collected_at, \
         changed_at, title, text, url, rating_share, stars, mention, text_hash, label, score, confidence, uncertain, \
         severity, reach, language, analysis, unhappy, replied, deleted, back_fill, search, unheard)",
        "",
        COLUMNS,
        &texts,
        |to, (row, mention, analysis)| {
            to.push(row.id.as_str()).push(origin.source.as_str()).push(origin.connector.as_str());
            to.push(row.key.as_str()).push(row.author.as_ref().map(|id| id.as_str()));
            to.push(row.mention.kind.as_str()).push(to_millis(row.at));
            to.push(row.mention.published_at.map(to_millis)).push(to_millis(row.collected_at)).push(to_millis(now));
            shown(to, &row.mention, mention, row);
            analysed(to, row, analysis);
            to.push(i32::from(row.unhappy)).push(i32::from(row.mention.reply.is_some()));
            to.push(i32::from(row.mention.deleted)).push(i32::from(back_fill)).push(row.search.as_str());
            to.push(i32::from(row.unheard));
        },
    )
    .await?;
    let rows: Vec<Tagged<'_>> = rows.iter().map(Tagged::of).collect();
    tags(connection, dialect, &rows).await
}

/// title, text, url, rating_share, stars, mention, text_hash.
fn shown(to: &mut Binding, mention: &Mention, json: &str, row: &MentionRow) {
    let share = mention.rating.map(|r| r.share());
    to.push(mention.title.as_deref()).push(mention.text.as_str()).push(mention.url.as_deref()).push(share);
    to.push(share.map(|share| (share * 5.0).round() as i32)).push(json).push(row.text_hash.as_deref());
}

/// label, score, confidence, uncertain, severity, reach, language, analysis.
fn analysed(to: &mut Binding, row: &MentionRow, json: &str) {
    let sentiment = row.analysis.sentiment;
    to.push(sentiment.label.as_str()).push(sentiment.score).push(sentiment.confidence);
    to.push(i32::from(sentiment.uncertain)).push(row.analysis.severity);
    to.push(row.reach.and_then(|n| i64::try_from(n).ok()));
    to.push(row.analysis.language.as_deref().or(row.mention.language.as_deref())).push(json);
}

/// A mention whose themes and intents are written.
pub(super) struct Tagged<'a> {
    /// Its id.
    pub id: &'a str,
    /// Published, else collected; in milliseconds.
    pub at: i64,
    /// What was made of it.
    pub analysis: &'a Analysis,
}

impl<'a> Tagged<'a> {
    fn of(row: &'a MentionRow) -> Self {
        Self { id: row.id.as_str(), at: to_millis(row.at), analysis: &row.analysis }
    }
}

/// Writes themes and intents anew, instead of those that are there.
pub(super) async fn retag(
    connection: &mut AnyConnection,
    dialect: Dialect,
    rows: &[Tagged<'_>],
) -> Result<()> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id).collect();
    for head in
        ["DELETE FROM mention_themes WHERE mention_id IN", "DELETE FROM mention_intents WHERE mention_id IN"]
    {
        bulk::execute_in(connection, head, "", &[], &ids).await?;
    }
    tags(connection, dialect, rows).await
}

async fn tags(connection: &mut AnyConnection, dialect: Dialect, rows: &[Tagged<'_>]) -> Result<()> {
    let themes: Vec<_> =
        rows.iter().flat_map(|row| row.analysis.themes.iter().map(move |theme| (row, theme))).collect();
    bulk::insert(
        connection,
        dialect,
        "INSERT INTO mention_themes (mention_id, theme, label, at)",
        "ON CONFLICT (mention_id, theme) DO NOTHING",
        4,
        &themes,
        |to, (row, theme)| {
            to.push(row.id).push(theme.theme.as_str()).push(theme.sentiment.as_str()).push(row.at);
        },
    )
    .await?;
    let intents: Vec<_> =
        rows.iter().flat_map(|row| row.analysis.intents.iter().map(move |intent| (row, intent))).collect();
    bulk::insert(
        connection,
        dialect,
        "INSERT INTO mention_intents (mention_id, intent)",
        "ON CONFLICT (mention_id, intent) DO NOTHING",
        2,
        &intents,
        |to, (row, intent)| {
            to.push(row.id).push(intent.intent.as_str());
        },
    )
    .await?;
    Ok(())
}

/// Writes changed mentions; what they were becomes a revision. A correction by the owner that still holds is left alone.
pub(super) async fn update(
    connection: &mut AnyConnection,
    dialect: Dialect,
    changes: &[ChangedMention],
    now: Time,
) -> Result<()> {
    for change in changes {
        let row = &change.row;
        if change.forget {
            sqlx::query("DELETE FROM revisions WHERE mention_id = $1")
                .bind(row.id.as_str())
                .execute(&mut *connection)
                .await?;
            super::alerts::forget_words(connection, row.id.as_str(), now).await?;
            super::storage::bare_story(connection, row.id.as_str()).await?;
        }
        if !change.changed.is_empty() {
            let before = if change.forget { bare(&change.before) } else { change.before.clone() };
            sqlx::query(
                "INSERT INTO revisions (id, mention_id, seen_at, changed, mention) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(new_id())
            .bind(row.id.as_str())
            .bind(to_millis(now))
            .bind(serde_json::to_string(&change.changed)?)
            .bind(serde_json::to_string(&before)?)
            .execute(&mut *connection)
            .await?;
        }
        rewrite(connection, dialect, row, !change.changed.is_empty(), now).await?;
        if !row.corrected {
            reanalyse(connection, dialect, row).await?;
            retag(connection, dialect, &[Tagged::of(row)]).await?;
        }
        if change.forget
            && let Some(author) = &row.author
        {
            super::storage::forget_deleted_author(connection, author.as_str()).await?;
        }
    }
    Ok(())
}

async fn rewrite(
    connection: &mut AnyConnection,
    dialect: Dialect,
    row: &MentionRow,
    is_change: bool,
    now: Time,
) -> Result<()> {
    let mention = &row.mention;
    let share = mention.rating.map(|r| r.share());
    sqlx::query(
        "UPDATE mentions SET author_id = COALESCE($1, author_id), at = $2, published_at = $3, \
         changed_at = CASE WHEN $4 = 1 THEN $5 ELSE changed_at END, title = $6, text = $7, url = $8, rating_share = $9, \
         stars = $10, mention = $11, text_hash = $12, reach = $13, replied = $14, deleted = $15, search = $16, \
         unhappy = CASE WHEN $17 = 1 AND $15 = 0 THEN unhappy ELSE $18 END, corrected = $17, unheard = $19, \
         withheld_at = NULL, withheld_days = NULL WHERE id = $20",
    )
    .persistent(dialect.keep_prepared())
    .bind(row.author.as_ref().map(|id| id.as_str()))
    .bind(to_millis(row.at))
    .bind(mention.published_at.map(to_millis))
    .bind(i32::from(is_change))
    .bind(to_millis(now))
    .bind(mention.title.as_deref())
    .bind(mention.text.as_str())
    .bind(mention.url.as_deref())
    .bind(share)
    .bind(share.map(|share| (share * 5.0).round() as i32))
    .bind(serde_json::to_string(mention)?)
    .bind(row.text_hash.as_deref())
    .bind(row.reach.and_then(|n| i64::try_from(n).ok()))
    .bind(i32::from(mention.reply.is_some()))
    .bind(i32::from(mention.deleted))
    .bind(row.search.as_str())
    .bind(i32::from(row.corrected))
    .bind(i32::from(row.unhappy))
    .bind(i32::from(row.unheard))
    .bind(row.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

async fn reanalyse(connection: &mut AnyConnection, dialect: Dialect, row: &MentionRow) -> Result<()> {
    let sentiment = row.analysis.sentiment;
    sqlx::query(
        "UPDATE mentions SET label = $1, score = $2, confidence = $3, uncertain = $4, severity = $5, language = $6, \
         analysis = $7 WHERE id = $8",
    )
    .persistent(dialect.keep_prepared())
    .bind(sentiment.label.as_str())
    .bind(sentiment.score)
    .bind(sentiment.confidence)
    .bind(i32::from(sentiment.uncertain))
    .bind(row.analysis.severity)
    .bind(row.analysis.language.as_deref().or(row.mention.language.as_deref()))
    .bind(serde_json::to_string(&row.analysis)?)
    .bind(row.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// A version without words and author: what remains where the platform wants deletions followed.
fn bare(before: &Mention) -> Mention {
    Mention { title: None, text: String::new(), author: Author::default(), reply: None, ..before.clone() }
}
