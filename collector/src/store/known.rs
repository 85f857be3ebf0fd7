//! What the store knows of a batch before it is decided: mentions by key, authors by key, open cases, customers' values.

use std::collections::{HashMap, HashSet};

use goodword_shared::{
    Analysis, Author, Label, Mention,
    id::{AuthorId, CaseId, CustomerId, MentionId},
    matching::MatchState,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Result, Store, bulk::fetch_in, from_millis};
use crate::{
    fold::fold,
    record::{Circumstances, Known, KnownAuthor, KnownMention, OpenCase, Origin},
};

/// What [`Store::circumstances`] is asked about.
#[derive(Clone, Debug, Default)]
pub struct Concerned<'a> {
    /// Authors of the batch.
    pub authors: Vec<&'a str>,
    /// Customers behind them or proposed.
    pub customers: Vec<&'a str>,
    /// Hashes of the batch's texts.
    pub texts: Vec<&'a str>,
    /// Mentions that were stored before.
    pub mentions: Vec<&'a str>,
}

impl Store {
    /// The mentions and authors of those keys, as far as they are stored.
    pub async fn known(&self, origin: &Origin, mention_keys: &[&str], author_keys: &[&str]) -> Result<Known> {
        let mut connection = self.pool.acquire().await?;
        let mut known = Known::default();
        let rows = fetch_in(
            &mut connection,
            "SELECT id, mention_key, author_id, mention, analysis, label, corrected, unheard, collected_at, \
             withheld_at FROM mentions WHERE source_id = $1 AND mention_key IN",
            "",
            &[origin.source.as_str()],
            mention_keys,
        )
        .await?;
        for row in &rows {
            known.mentions.insert(row.try_get("mention_key")?, known_mention(row)?);
        }
        known.authors = known_authors(&mut connection, origin, author_keys).await?;
        Ok(known)
    }

    /// Open cases and values that a batch's decisions depend on.
    pub async fn circumstances(&self, about: &Concerned<'_>) -> Result<Circumstances> {
        let mut connection = self.pool.acquire().await?;
        let mut out = Circumstances { tenths: tenths(&mut connection).await?, ..Circumstances::default() };
        let mut seen = HashSet::new();
        for (column, values) in [
            ("c.author_id", &about.authors),
            ("c.customer_id", &about.customers),
            ("c.mention_id", &about.mentions),
            ("m.text_hash", &about.texts),
        ] {
            let head = format!(
                "SELECT c.id, c.mention_id, c.author_id, c.customer_id, c.weight, c.reasons, c.state, m.text_hash, \
                 m.mention FROM cases c JOIN mentions m ON m.id = c.mention_id \
                 WHERE c.state <> 'closed' AND {column} IN"
            );
            for row in fetch_in(&mut connection, &head, "", &[], values).await? {
                let case = open_case(&row)?;
                if seen.insert(case.id.clone()) {
                    out.cases.push(case);
                }
            }
        }
        for (table, found) in [("cases", &mut out.had_case), ("alerts", &mut out.alerted)] {
            let head = format!("SELECT mention_id FROM {table} WHERE mention_id IN");
            for row in fetch_in(&mut connection, &head, "", &[], &about.mentions).await? {
                found.insert(MentionId::new(row.try_get::<String, _>("mention_id")?));
            }
        }
        let customers = fetch_in(
            &mut connection,
            "SELECT id, value FROM customers WHERE id IN",
            "",
            &[],
            &about.customers,
        );
        for row in customers.await? {
            out.worth.insert(CustomerId::new(row.try_get::<String, _>("id")?), row.try_get("value")?);
        }
        Ok(out)
    }

    /// The bounds between tenths of all customers' values; empty where fewer than ten are known.
    pub async fn value_tenths(&self) -> Result<Vec<f64>> {
        tenths(&mut *self.pool.acquire().await?).await
    }
}

async fn tenths(connection: &mut AnyConnection) -> Result<Vec<f64>> {
    let rows = sqlx::query(
        "SELECT MIN(value) AS bound FROM (SELECT value, NTILE(10) OVER (ORDER BY value) AS tenth FROM customers \
         WHERE value IS NOT NULL AND merged_into IS NULL) AS ranked GROUP BY tenth ORDER BY tenth",
    )
    .fetch_all(connection)
    .await?;
    if rows.len() < 10 {
        return Ok(Vec::new());
    }
    rows.iter().skip(1).map(|row| Ok(row.try_get("bound")?)).collect()
}

fn known_mention(row: &AnyRow) -> Result<KnownMention> {
    let corrected = row.try_get::<i32, _>("corrected")? != 0;
    let mut analysis: Analysis = serde_json::from_str(row.try_get("analysis")?)?;
    if corrected && let Some(label) = Label::parse(row.try_get("label")?) {
        analysis.sentiment.label = label;
        analysis.sentiment.confidence = 1.0;
    }
    Ok(KnownMention {
        id: MentionId::new(row.try_get::<String, _>("id")?),
        author: row.try_get::<Option<String>, _>("author_id")?.map(AuthorId::new),
        mention: serde_json::from_str(row.try_get("mention")?)?,
        analysis,
        corrected,
        unheard: row.try_get::<i32, _>("unheard")? != 0,
        collected_at: from_millis(row.try_get("collected_at")?),
        withheld: row.try_get::<Option<i64>, _>("withheld_at")?.is_some(),
    })
}

async fn known_authors(
    connection: &mut AnyConnection,
    origin: &Origin,
    keys: &[&str],
) -> Result<HashMap<String, KnownAuthor>> {
    let rows = fetch_in(
        connection,
        "SELECT id, author_key, name, handle, platform_id, url, followers, location, email, customer_id, \
         forgotten_at FROM authors WHERE platform = $1 AND author_key IN",
        "",
        &[&origin.connector],
        keys,
    )
    .await?;
    let ids: Vec<String> = rows.iter().map(|row| row.try_get("id")).collect::<std::result::Result<_, _>>()?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let pairs = fetch_in(
        connection,
        "SELECT author_id, customer_id, state FROM matches WHERE author_id IN",
        "",
        &[],
        &ids,
    )
    .await?;
    let mut matches: HashMap<String, Vec<(CustomerId, MatchState)>> = HashMap::new();
    for pair in &pairs {
        if let Some(state) = MatchState::parse(pair.try_get("state")?) {
            let customer = CustomerId::new(pair.try_get::<String, _>("customer_id")?);
            matches.entry(pair.try_get("author_id")?).or_default().push((customer, state));
        }
    }
    let mut authors = HashMap::with_capacity(rows.len());
    for row in &rows {
        let id: String = row.try_get("id")?;
        let known = KnownAuthor {
            author: author(row)?,
            customer: row.try_get::<Option<String>, _>("customer_id")?.map(CustomerId::new),
            forgotten: row.try_get::<Option<i64>, _>("forgotten_at")?.is_some(),
            matches: matches.remove(&id).unwrap_or_default(),
            id: AuthorId::new(id),
        };
        authors.insert(row.try_get("author_key")?, known);
    }
    Ok(authors)
}

/// An author from a row with the columns of `authors`.
pub(super) fn author(row: &AnyRow) -> Result<Author> {
    Ok(Author {
        name: row.try_get("name")?,
        handle: row.try_get("handle")?,
        id: row.try_get("platform_id")?,
        url: row.try_get("url")?,
        followers: row.try_get::<Option<i64>, _>("followers")?.map(i64::unsigned_abs),
        location: row.try_get("location")?,
        email: row.try_get("email")?,
    })
}

fn open_case(row: &AnyRow) -> Result<OpenCase> {
    let mention: Mention = serde_json::from_str(row.try_get("mention")?)?;
    Ok(OpenCase {
        id: CaseId::new(row.try_get::<String, _>("id")?),
        mention: MentionId::new(row.try_get::<String, _>("mention_id")?),
        author: row.try_get::<Option<String>, _>("author_id")?.map(AuthorId::new),
        customer: row.try_get::<Option<String>, _>("customer_id")?.map(CustomerId::new),
        text_hash: row.try_get("text_hash")?,
        author_name: mention.author.shown().map(fold).unwrap_or_default(),
        weight: row.try_get("weight")?,
        reasons: serde_json::from_str(row.try_get("reasons")?)?,
        unanswered: row.try_get::<String, _>("state")? == "open",
    })
}
