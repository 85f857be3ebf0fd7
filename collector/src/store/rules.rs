//! The owner's alert rules, and how often one would have fired.

use goodword_shared::{Time, alert::RuleSettings};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};

use super::{Result, Store, StoredChannel, from_millis, to_millis};

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRule {
    /// Which.
    pub id: String,
    /// What it says.
    pub settings: RuleSettings,
    /// Since when.
    pub created_at: Time,
}

impl Store {
    /// Every rule, oldest first.
    pub async fn rules(&self) -> Result<Vec<StoredRule>> {
        Self::rules_in(&mut *self.pool().acquire().await?).await
    }

    /// The same inside a transaction.
    pub async fn rules_in(connection: &mut AnyConnection) -> Result<Vec<StoredRule>> {
        let rows = sqlx::query("SELECT id, settings, created_at FROM rules ORDER BY created_at, id")
            .fetch_all(connection)
            .await?;
        rows.iter().map(rule).collect()
    }

    /// One rule.
    pub async fn rule(&self, id: &str) -> Result<Option<StoredRule>> {
        let row = sqlx::query("SELECT id, settings, created_at FROM rules WHERE id = $1")
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(rule).transpose()
    }

    /// Adds a rule or replaces the one of that id.
    pub async fn put_rule(&self, rule: &StoredRule) -> Result<()> {
        let mut writing = self.write().await?;
        Self::put_rule_in(&mut writing, rule).await?;
        writing.commit().await
    }

    /// The same inside a transaction.
    pub async fn put_rule_in(connection: &mut AnyConnection, rule: &StoredRule) -> Result<()> {
        sqlx::query(
            "INSERT INTO rules (id, settings, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET settings = excluded.settings",
        )
        .bind(&rule.id)
        .bind(serde_json::to_string(&rule.settings)?)
        .bind(to_millis(rule.created_at))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Writes the first channel and its rule, once for all: `name` remembers it. False where it had been done.
    pub async fn set_up_alerts(
        &self,
        name: &str,
        channel: &StoredChannel,
        rule: &StoredRule,
    ) -> Result<bool> {
        let mut writing = self.write().await?;
        let first = sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, 'true') ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .execute(&mut *writing)
        .await?;
        if first.rows_affected() == 0 {
            return Ok(false);
        }
        Self::put_channel_in(&mut writing, channel).await?;
        Self::put_rule_in(&mut writing, rule).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// Removes a rule; false where there was none.
    pub async fn remove_rule(&self, id: &str) -> Result<bool> {
        let mut writing = self.write().await?;
        let removed = sqlx::query("DELETE FROM rules WHERE id = $1").bind(id).execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// How many mentions published (else collected) since then the rule fits, whether or not it alerted at the time.
    pub async fn would_have_fired(&self, rule: &RuleSettings, since: Time) -> Result<u64> {
        let mut sql = "SELECT COUNT(*) AS n FROM mentions m WHERE m.at >= $1 AND m.deleted = 0".to_owned();
        let mut texts: Vec<&str> = Vec::new();
        let mut numbers: Vec<f64> = Vec::new();
        if rule.labels.is_empty() {
            sql.push_str(" AND m.unhappy = 1");
        } else {
            let labels = rule.labels.iter().map(|l| l.as_str());
            sql.push_str(&format!(" AND m.label IN ({})", places(&mut texts, labels)));
        }
        if !rule.connectors.is_empty() {
            let connectors = rule.connectors.iter().map(String::as_str);
            sql.push_str(&format!(" AND m.connector IN ({})", places(&mut texts, connectors)));
        }
        if !rule.themes.is_empty() {
            let themes = places(&mut texts, rule.themes.iter().map(String::as_str));
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM mention_themes t WHERE t.mention_id = m.id AND t.theme IN ({themes}))"
            ));
        }
        // As in the pipeline: two of five stars are 0.4, whatever the last bit of the division says.
        let rating = rule.rating_at_most.map(|most| most + 1e-9);
        let bounds = [(rating, "m.rating_share <="), (rule.severity_at_least, "m.severity >=")];
        for (bound, condition) in bounds {
            if let Some(bound) = bound {
                numbers.push(bound);
                sql.push_str(&format!(" AND {condition} ${}", 1 + texts.len() + numbers.len()));
            }
        }
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(to_millis(since));
        for text in texts {
            query = query.bind(text);
        }
        for number in numbers {
            query = query.bind(number);
        }
        Ok(query.fetch_one(self.pool()).await?.try_get::<i64, _>("n")?.unsigned_abs())
    }
}

/// Adds texts to bind and gives their places, the first of which is $2.
fn places<'a>(texts: &mut Vec<&'a str>, new: impl Iterator<Item = &'a str>) -> String {
    let places: Vec<String> = new
        .map(|text| {
            texts.push(text);
            format!("${}", 1 + texts.len())
        })
        .collect();
    places.join(", ")
}

fn rule(row: &AnyRow) -> Result<StoredRule> {
    Ok(StoredRule {
        id: row.try_get("id")?,
        settings: serde_json::from_str(&row.try_get::<String, _>("settings")?)?,
        created_at: from_millis(row.try_get("created_at")?),
    })
}
