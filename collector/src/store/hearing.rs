//! Mentions that the second tier is still to be heard on: found, newest first, and written once it was. The mark lies with the
//! mention, so that a crash loses nothing. It knows rows, not the analysis.

use goodword_shared::{
    Analysis, Mention,
    id::{AuthorId, MentionId},
};
use sqlx::Row;

use super::{Result, Store, Terms, mentions};

/// A mention that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Unheard {
    /// Which.
    pub id: MentionId,
    /// Who wrote it.
    pub author: Option<AuthorId>,
    /// As it was last seen.
    pub mention: Mention,
    /// What the first tier made of it.
    pub analysis: Analysis,
    /// Its row's text of the mention, by which a change meanwhile is noticed.
    seen: String,
    /// Its row's text of the analysis: it may be read again meanwhile by what the owner has taught.
    stored: String,
    at: i64,
}

/// A mention on which the second tier was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Reread {
    /// Which.
    pub of: Unheard,
    /// What both tiers make of it.
    pub analysis: Analysis,
    /// By the open definition.
    pub unhappy: bool,
}

impl Store {
    /// Mentions that wait, the newest first; none whose words are gone.
    pub async fn unheard(&self, limit: u32) -> Result<Vec<Unheard>> {
        let rows = sqlx::query(
            "SELECT id, author_id, at, mention, analysis FROM mentions WHERE unheard = 1 AND deleted = 0 \
             AND withheld_at IS NULL ORDER BY at DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let seen: String = row.try_get("mention")?;
                let stored: String = row.try_get("analysis")?;
                Ok(Unheard {
                    id: MentionId::new(row.try_get::<String, _>("id")?),
                    author: row.try_get::<Option<String>, _>("author_id")?.map(AuthorId::new),
                    mention: serde_json::from_str(&seen)?,
                    analysis: serde_json::from_str(&stored)?,
                    at: row.try_get("at")?,
                    seen,
                    stored,
                })
            })
            .collect()
    }

    /// Writes what both tiers make of them. A mention that changed meanwhile goes on waiting, and one that the owner corrected is left
    /// alone. Answers how many were written; none where the terms that they were read by are no longer, and all go on waiting.
    pub async fn write_heard(&self, heard: &[Reread], by: &Terms) -> Result<Option<u64>> {
        let mut writing = self.write().await?;
        if !self.holds(&mut writing, by).await? {
            return Ok(None);
        }
        let mut tagged = Vec::new();
        let mut written = 0;
        for Reread { of, analysis, unhappy } in heard {
            let sentiment = analysis.sentiment;
            let done = sqlx::query(
                "UPDATE mentions SET label = $1, score = $2, confidence = $3, uncertain = $4, severity = $5, language = $6, \
                 analysis = $7, unhappy = $8, unheard = 0 WHERE id = $9 AND unheard = 1 AND corrected = 0 AND mention = $10 \
                 AND analysis = $11",
            )
            .persistent(self.dialect.keep_prepared())
            .bind(sentiment.label.as_str())
            .bind(sentiment.score)
            .bind(sentiment.confidence)
            .bind(i32::from(sentiment.uncertain))
            .bind(analysis.severity)
            .bind(analysis.language.as_deref().or(of.mention.language.as_deref()))
            .bind(serde_json::to_string(analysis)?)
            .bind(i32::from(*unhappy))
            .bind(of.id.as_str())
            .bind(of.seen.as_str())
            .bind(of.stored.as_str())
            .execute(&mut *writing)
            .await?
            .rows_affected();
            if done == 0 {
                continue;
            }
            written += 1;
            if analysis.themes != of.analysis.themes || analysis.intents != of.analysis.intents {
                tagged.push(mentions::Tagged { id: of.id.as_str(), at: of.at, analysis });
            }
        }
        mentions::retag(&mut writing, self.dialect, &tagged).await?;
        writing.commit().await?;
        Ok(Some(written))
    }
}
