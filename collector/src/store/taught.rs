//! What the owner said by correcting mentions, what was learnt from it, and the mentions that are to be read again. It knows no
//! question and no model: these are JSON here.

use goodword_shared::{Analysis, Label, Mention, Time};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Result, Store, from_millis, sql::Sql, to_millis};

/// Versions that are kept, beside the one in use.
const KEPT: i64 = 20;

/// What the owner says of a mention; what is absent was not spoken of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// The right sentiment.
    pub label: Option<Label>,
    /// The right themes.
    pub themes: Option<Vec<String>>,
    /// The right intents.
    pub intents: Option<Vec<String>>,
}

/// A stored mention with its reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which.
    pub id: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its words.
    pub mention: Mention,
    /// What is stored of it.
    pub analysis: Analysis,
    /// Its row's text, by which a change meanwhile is noticed.
    stored: String,
}

/// A version of what was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct LearntVersion {
    /// From 1.
    pub version: u64,
    /// When.
    pub made_at: Time,
    /// JSON.
    pub model: String,
    /// JSON.
    pub report: String,
}

/// What readings depend on beside the words: the owner's settings and which version of what was learnt is in use, as they are
/// stored. Taken before a reading is begun; what was read by another is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms(Vec<(String, String)>);

const TERMS: &str = "SELECT name, value FROM settings WHERE name IN ('owner', 'learning') ORDER BY name";

/// What is read of mentions that the owner has not corrected and that still have their words.
const READABLE: &str = "SELECT id, author_id, mention, analysis FROM mentions \
     WHERE corrected = 0 AND deleted = 0 AND withheld_at IS NULL";

impl Store {
    /// What the owner has said and what still holds, newest first, with the mention as it is stored.
    pub async fn spoken_of(&self, most: u32) -> Result<Vec<(Reading, Spoken)>> {
        let mut sql = Sql::new(
            "SELECT m.id, m.author_id, m.mention, m.analysis, c.label, c.themes, c.intents FROM corrections c \
             JOIN mentions m ON m.id = c.mention_id \
             WHERE m.corrected = 1 AND m.deleted = 0 AND m.withheld_at IS NULL ORDER BY c.at DESC, c.mention_id LIMIT ",
        );
        sql.bind(i64::from(most));
        let rows = sql.all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let list = |column: &str| -> Result<Option<Vec<String>>> {
                    let text: Option<String> = row.try_get(column)?;
                    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
                };
                let label: Option<String> = row.try_get("label")?;
                let label = label.as_deref().and_then(Label::parse);
                Ok((reading(row)?, Spoken { label, themes: list("themes")?, intents: list("intents")? }))
            })
            .collect()
    }

    /// How many corrections hold, and when the newest was made: whether there is anything new to learn.
    pub async fn corrections_so_far(&self) -> Result<(u64, i64)> {
        let row = Sql::new(
            "SELECT COUNT(*) AS n, COALESCE(MAX(c.at), 0) AS newest FROM corrections c \
             JOIN mentions m ON m.id = c.mention_id WHERE m.corrected = 1 AND m.deleted = 0",
        )
        .one(&self.pool)
        .await?;
        Ok((row.try_get::<i64, _>("n")?.max(0) as u64, row.try_get("newest")?))
    }

    /// The newest mentions that the owner has left as they are.
    pub async fn uncorrected(&self, most: u32) -> Result<Vec<Reading>> {
        let mut sql = Sql::new(READABLE);
        sql.push(" ORDER BY at DESC, id LIMIT ").bind(i64::from(most));
        sql.all(&self.pool).await?.iter().map(reading).collect()
    }

    /// The same from that id on, in the order of ids.
    pub async fn uncorrected_after(&self, id: &str, most: u32) -> Result<Vec<Reading>> {
        let mut sql = Sql::new(READABLE);
        sql.push(" AND id > ").bind(id.to_owned()).push(" ORDER BY id LIMIT ").bind(i64::from(most));
        sql.all(&self.pool).await?.iter().map(reading).collect()
    }

    /// What readings depend on now.
    pub async fn terms(&self) -> Result<Terms> {
        terms(&mut *self.pool.acquire().await?).await
    }

    /// Whether that is what readings depend on, until this transaction ends: whoever changes it has to wait.
    pub(super) async fn holds(&self, writing: &mut AnyConnection, before: &Terms) -> Result<bool> {
        if let Some(statement) = self.dialect.hold_settings() {
            sqlx::query(statement).execute(&mut *writing).await?;
        }
        Ok(terms(writing).await? == *before)
    }

    /// Writes new readings of mentions, each with whether its author is unhappy, and says whether it did: not where the terms that
    /// they were read by are no longer. What the owner has corrected, or what was read otherwise meanwhile, is left alone. With them
    /// the note of that name moves on, unless somebody has begun anew.
    pub async fn read_again(
        &self,
        readings: &[(Reading, bool)],
        by: &Terms,
        (name, from, to): (&str, &str, Option<&str>),
    ) -> Result<bool> {
        let mut writing = self.write().await?;
        if !self.holds(&mut writing, by).await? {
            return Ok(false);
        }
        for (Reading { id, analysis, stored, .. }, unhappy) in readings {
            let sentiment = analysis.sentiment;
            let written = sqlx::query(
                "UPDATE mentions SET label = $1, score = $2, confidence = $3, uncertain = $4, severity = $5, analysis = $6, \
                 unhappy = $7 WHERE id = $8 AND corrected = 0 AND deleted = 0 AND analysis = $9",
            )
            .bind(sentiment.label.as_str())
            .bind(sentiment.score)
            .bind(sentiment.confidence)
            .bind(i32::from(sentiment.uncertain))
            .bind(analysis.severity)
            .bind(serde_json::to_string(analysis)?)
            .bind(i32::from(*unhappy))
            .bind(id)
            .bind(stored)
            .execute(&mut *writing)
            .await?
            .rows_affected();
            if written > 0 {
                write_tags(&mut writing, id, analysis).await?;
            }
        }
        let moved = match to {
            Some(to) => sqlx::query("UPDATE settings SET value = $3 WHERE name = $1 AND value = $2")
                .bind(name)
                .bind(serde_json::to_string(from)?)
                .bind(serde_json::to_string(to)?),
            None => sqlx::query("DELETE FROM settings WHERE name = $1 AND value = $2")
                .bind(name)
                .bind(serde_json::to_string(from)?),
        };
        moved.execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// Every kept version, newest first.
    pub async fn learnt_versions(&self) -> Result<Vec<LearntVersion>> {
        let rows =
            Sql::new("SELECT version, made_at, model, report FROM learnt_versions ORDER BY version DESC")
                .all(&self.pool)
                .await?;
        rows.iter().map(version).collect()
    }

    /// That version.
    pub async fn learnt_version(&self, number: u64) -> Result<Option<LearntVersion>> {
        let mut sql =
            Sql::new("SELECT version, made_at, model, report FROM learnt_versions WHERE version = ");
        sql.bind(i64::try_from(number).unwrap_or(i64::MAX));
        sql.optional(&self.pool).await?.as_ref().map(version).transpose()
    }

    /// Keeps a new version; the oldest go, `in_use` excepted. Answers its number.
    pub async fn add_learnt_version(
        &self,
        model: &str,
        report: &str,
        in_use: Option<u64>,
        now: Time,
    ) -> Result<u64> {
        let mut writing = self.write().await?;
        let row = sqlx::query("SELECT COALESCE(MAX(version), 0) + 1 AS n FROM learnt_versions")
            .fetch_one(&mut *writing)
            .await?;
        let number: i64 = row.try_get("n")?;
        sqlx::query("INSERT INTO learnt_versions (version, made_at, model, report) VALUES ($1, $2, $3, $4)")
            .bind(number)
            .bind(to_millis(now))
            .bind(model)
            .bind(report)
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM learnt_versions WHERE version <= $1 AND version <> $2")
            .bind(number - KEPT)
            .bind(in_use.and_then(|n| i64::try_from(n).ok()).unwrap_or(-1))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(number.max(0) as u64)
    }

    /// A note of the service's own; none where there is none or it is of another version.
    pub async fn noted<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let mut sql = Sql::new("SELECT value FROM settings WHERE name = ");
        sql.bind(name.to_owned());
        let Some(row) = sql.optional(&self.pool).await? else { return Ok(None) };
        Ok(serde_json::from_str(row.try_get("value")?).ok())
    }

    /// Writes one, or takes it away.
    pub async fn note<T: Serialize>(&self, name: &str, value: Option<&T>) -> Result<()> {
        let mut writing = self.write().await?;
        match value {
            Some(value) => {
                sqlx::query(
                    "INSERT INTO settings (name, value) VALUES ($1, $2) \
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )
                .bind(name)
                .bind(serde_json::to_string(value)?)
                .execute(&mut *writing)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM settings WHERE name = $1").bind(name).execute(&mut *writing).await?;
            }
        }
        writing.commit().await
    }
}

async fn terms(connection: &mut AnyConnection) -> Result<Terms> {
    let rows = sqlx::query(TERMS).fetch_all(connection).await?;
    let pair = |row: &AnyRow| Ok((row.try_get("name")?, row.try_get("value")?));
    rows.iter().map(pair).collect::<Result<_>>().map(Terms)
}

/// Remembers what the owner said of a mention. What they said of it before stays where they do not speak of it now, as long as it
/// `holds`.
pub(super) async fn remember(
    connection: &mut AnyConnection,
    id: &str,
    spoken: &Spoken,
    holds: bool,
    now: Time,
) -> Result<()> {
    if !holds {
        sqlx::query("DELETE FROM corrections WHERE mention_id = $1")
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    let list = |names: &Option<Vec<String>>| names.as_ref().map(serde_json::to_string).transpose();
    sqlx::query(
        "INSERT INTO corrections (mention_id, at, label, themes, intents) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (mention_id) DO UPDATE SET at = excluded.at, label = COALESCE(excluded.label, corrections.label), \
         themes = COALESCE(excluded.themes, corrections.themes), \
         intents = COALESCE(excluded.intents, corrections.intents)",
    )
    .bind(id)
    .bind(to_millis(now))
    .bind(spoken.label.map(Label::as_str))
    .bind(list(&spoken.themes)?)
    .bind(list(&spoken.intents)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Replaces the themes and intents of a mention.
pub(super) async fn write_tags(connection: &mut AnyConnection, id: &str, analysis: &Analysis) -> Result<()> {
    for sql in [
        "DELETE FROM mention_themes WHERE mention_id = $1",
        "DELETE FROM mention_intents WHERE mention_id = $1",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *connection).await?;
    }
    for theme in &analysis.themes {
        sqlx::query(
            "INSERT INTO mention_themes (mention_id, theme, label, at) SELECT id, $1, $2, at FROM mentions WHERE id = $3 \
             ON CONFLICT (mention_id, theme) DO NOTHING",
        )
        .bind(&theme.theme)
        .bind(theme.sentiment.as_str())
        .bind(id)
        .execute(&mut *connection)
        .await?;
    }
    for intent in &analysis.intents {
        sqlx::query(
            "INSERT INTO mention_intents (mention_id, intent) VALUES ($1, $2) ON CONFLICT (mention_id, intent) DO NOTHING",
        )
        .bind(id)
        .bind(&intent.intent)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn reading(row: &AnyRow) -> Result<Reading> {
    let stored: String = row.try_get("analysis")?;
    Ok(Reading {
        id: row.try_get("id")?,
        author: row.try_get("author_id")?,
        mention: serde_json::from_str(row.try_get("mention")?)?,
        analysis: serde_json::from_str(&stored)?,
        stored,
    })
}

fn version(row: &AnyRow) -> Result<LearntVersion> {
    Ok(LearntVersion {
        version: row.try_get::<i64, _>("version")?.max(0) as u64,
        made_at: from_millis(row.try_get("made_at")?),
        model: row.try_get("model")?,
        report: row.try_get("report")?,
    })
}
