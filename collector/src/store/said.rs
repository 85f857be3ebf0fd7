//! Mentions, authors and customers as the lists show them: quotes, who they are to us, records. Lists find ids first and
//! come here once for all of them, so that no list asks row by row.

use std::collections::HashMap;

use goodword_shared::{
    Analysis, Kind, Mention, Time,
    case::Quote,
    customer::{Customer, CustomerFacts},
    id::{AuthorId, CustomerId, MatchId, MentionId},
    matching::{MatchState, MatchedCustomer},
};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, from_millis, sql::Sql};

/// A stored mention with what lists show of it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The author's row.
    pub author_id: Option<AuthorId>,
    /// The source's id.
    pub source_id: String,
    /// As read.
    pub mention: Mention,
    /// What lists show.
    pub quote: Quote,
    /// When we first saw it.
    pub collected_at: Time,
    /// The folded text's hash.
    pub text_hash: Option<String>,
    /// The owner has corrected its tags.
    pub corrected: bool,
    /// The owner has answered in public.
    pub replied: bool,
    /// The platform removed it.
    pub deleted: bool,
    /// What sort of thing it is.
    pub kind: Kind,
}

/// Columns of a customer; the table's alias is `cu`.
pub(super) const CUSTOMER: &str = "cu.id, cu.external_id, cu.name, cu.first, cu.last, cu.email, cu.phone, cu.city, \
     cu.handle, cu.company, cu.language, cu.since, cu.value, cu.contact_consent, cu.do_not_contact, cu.tags, cu.notes, \
     cu.birthday, cu.created_at";

/// The alternatives that make a customer's identity, best first: a held match, then the likeliest doubtful one.
fn better(a: &MatchedCustomer, b: &MatchedCustomer) -> bool {
    (a.state.holds(), a.probability) > (b.state.holds(), b.probability)
}

impl Store {
    /// The mentions of those ids; unknown ids are absent.
    pub async fn said(&self, ids: &[String]) -> Result<HashMap<String, Said>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(
            "SELECT m.id, m.author_id, m.source_id, m.connector, m.kind, m.at, m.collected_at, m.url, m.reach, m.mention, \
             m.analysis, m.corrected, m.replied, m.deleted, m.text_hash, m.withheld_days, s.name AS source_name \
             FROM mentions m JOIN sources s ON s.id = m.source_id WHERE m.id IN ",
        );
        sql.bind_list(ids);
        let mut found = HashMap::new();
        for row in sql.all(&self.pool).await? {
            let said = said(&row)?;
            found.insert(said.quote.mention_id.as_str().to_owned(), said);
        }
        Ok(found)
    }

    /// Who those authors are to us, where that is known or supposed; refused candidates are left out.
    pub async fn matched(&self, authors: &[String]) -> Result<HashMap<String, MatchedCustomer>> {
        if authors.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(
            "SELECT x.author_id, x.id, x.customer_id, x.probability, x.state, x.evidence, cu.name, cu.value, cu.since \
             FROM matches x JOIN customers cu ON cu.id = x.customer_id \
             WHERE x.state <> 'refused' AND x.author_id IN ",
        );
        sql.bind_list(authors);
        let mut found: HashMap<String, MatchedCustomer> = HashMap::new();
        for row in sql.all(&self.pool).await? {
            let author: String = row.try_get("author_id")?;
            let candidate = matched(&row)?;
            match found.get(&author) {
                Some(known) if !better(&candidate, known) => {}
                _ => drop(found.insert(author, candidate)),
            }
        }
        Ok(found)
    }

    /// The customers of those ids; unknown ids are absent.
    pub async fn customers_by_id(&self, ids: &[String]) -> Result<HashMap<String, Customer>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new("SELECT ");
        sql.push(CUSTOMER).push(" FROM customers cu WHERE cu.id IN ").bind_list(ids);
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(|row| customer(row).map(|c| (c.id.as_str().to_owned(), c))).collect()
    }
}

fn said(row: &AnyRow) -> Result<Said> {
    let mention: Mention = serde_json::from_str(row.try_get("mention")?)?;
    let analysis: Analysis = serde_json::from_str(row.try_get("analysis")?)?;
    let url: Option<String> = row.try_get("url")?;
    Ok(Said {
        author_id: row.try_get::<Option<String>, _>("author_id")?.map(AuthorId::new),
        source_id: row.try_get("source_id")?,
        collected_at: from_millis(row.try_get("collected_at")?),
        text_hash: row.try_get("text_hash")?,
        corrected: flag(row, "corrected")?,
        replied: flag(row, "replied")?,
        deleted: flag(row, "deleted")?,
        kind: mention.kind,
        quote: Quote {
            mention_id: MentionId::new(row.try_get::<String, _>("id")?),
            title: mention.title.clone(),
            text: mention.text.clone(),
            analysis,
            rating: mention.rating,
            source: row.try_get("source_name")?,
            connector: row.try_get("connector")?,
            url: url.or_else(|| mention.url.clone()).filter(|u| is_web_address(u)),
            at: from_millis(row.try_get("at")?),
            reach: row.try_get::<Option<i64>, _>("reach")?.and_then(|n| u64::try_from(n).ok()),
            withheld_days: row.try_get::<Option<i32>, _>("withheld_days")?.map(i32::unsigned_abs),
        },
        mention,
    })
}

fn matched(row: &AnyRow) -> Result<MatchedCustomer> {
    Ok(MatchedCustomer {
        match_id: MatchId::new(row.try_get::<String, _>("id")?),
        id: CustomerId::new(row.try_get::<String, _>("customer_id")?),
        name: row.try_get("name")?,
        probability: row.try_get("probability")?,
        state: MatchState::parse(row.try_get("state")?).unwrap_or(MatchState::Doubtful),
        evidence: serde_json::from_str(row.try_get("evidence")?)?,
        value: row.try_get("value")?,
        since: row.try_get::<Option<i64>, _>("since")?.map(from_millis),
    })
}

/// A customer from the columns of [`CUSTOMER`].
pub(super) fn customer(row: &AnyRow) -> Result<Customer> {
    Ok(Customer {
        id: CustomerId::new(row.try_get::<String, _>("id")?),
        created_at: from_millis(row.try_get("created_at")?),
        facts: CustomerFacts {
            external_id: row.try_get("external_id")?,
            name: row.try_get("name")?,
            first: row.try_get("first")?,
            last: row.try_get("last")?,
            email: row.try_get("email")?,
            phone: row.try_get("phone")?,
            city: row.try_get("city")?,
            handle: row.try_get("handle")?,
            company: row.try_get("company")?,
            language: row.try_get("language")?,
            since: row.try_get::<Option<i64>, _>("since")?.map(from_millis),
            value: row.try_get("value")?,
            contact_consent: optional_flag(row, "contact_consent")?,
            do_not_contact: flag(row, "do_not_contact")?,
            tags: serde_json::from_str(row.try_get("tags")?)?,
            notes: row.try_get("notes")?,
            birthday: row.try_get("birthday")?,
        },
    })
}

/// A 0/1 column, whichever width the database gives it.
pub(super) fn flag(row: &AnyRow, column: &str) -> Result<bool> {
    Ok(optional_flag(row, column)?.unwrap_or(false))
}

fn optional_flag(row: &AnyRow, column: &str) -> Result<Option<bool>> {
    Ok(row.try_get::<Option<i32>, _>(column)?.map(|n| n != 0))
}

/// Links that the dashboard may offer: web pages only, whatever a platform sent.
fn is_web_address(url: &str) -> bool {
    let start = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    start.starts_with("https://") || start.starts_with("http://")
}
