//! The promoters' rows: what is known of people, and where they stand once the formula has been applied to that.
//! The formula itself is not known here.

use std::collections::{BTreeMap, HashMap, HashSet};

use goodword_shared::{
    Label, Time,
    id::{AuthorId, CustomerId, MentionId},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    Result, Store,
    bulk::{self, execute_in, fetch_in},
    from_millis, to_millis,
};
use crate::record::{KnownPerson, PromoterRow, Word};

/// Mentions of one author that are looked at, newest first.
const WORDS_OF_AUTHOR: i64 = 50;

impl Store {
    /// What is known of those authors: each with the customer they are, and with that customer's other authors.
    pub async fn people(&self, authors: &[&str], since: Time) -> Result<Vec<KnownPerson>> {
        let mut connection = self.pool.acquire().await?;
        let mut people = gather(&mut connection, authors).await?;
        let all: Vec<String> = people.authors.keys().cloned().collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let customers: Vec<&str> = people.customers.keys().map(String::as_str).collect();
        people.consent = consent(&mut connection, &customers).await?;
        people.open = open_cases(&mut connection, &all, &customers).await?;
        people.asked = asked(&mut connection, &all, &customers).await?;
        let since = to_millis(since).to_string();
        let rows = fetch_in(
            &mut connection,
            "SELECT id, author_id, at, label, score, confidence, rating_share, unhappy, reach, words, offers, recommends \
             FROM (SELECT m.id, m.author_id, m.at, m.label, m.score, m.confidence, m.rating_share, m.unhappy, m.reach, \
                 CASE WHEN m.text = '' THEN 0 ELSE 1 END AS words, \
                 (SELECT COUNT(*) FROM mention_intents i WHERE i.mention_id = m.id AND i.intent = 'referral_offer') AS offers, \
                 (SELECT COUNT(*) FROM mention_intents i WHERE i.mention_id = m.id AND i.intent = 'recommendation') AS recommends, \
                 ROW_NUMBER() OVER (PARTITION BY m.author_id ORDER BY m.at DESC) AS place \
             FROM mentions m WHERE m.deleted = 0 AND m.at > CAST($1 AS BIGINT) AND m.author_id IN",
            &format!(") AS recent WHERE place <= {WORDS_OF_AUTHOR}"),
            &[&since],
            &all,
        )
        .await?;
        let mut words: HashMap<String, Vec<Word>> = HashMap::new();
        for row in &rows {
            words.entry(row.try_get("author_id")?).or_default().push(word(row)?);
        }
        Ok(people.into_persons(words))
    }

    /// Replaces the rows of those people: of their authors and of the customers behind them.
    pub async fn put_promoters(
        &self,
        people: &[KnownPerson],
        authors: &[&str],
        rows: &[PromoterRow],
    ) -> Result<()> {
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push((row, key(row), serde_json::to_string(&row.standing.reasons)?));
        }
        let customers: Vec<&str> =
            people.iter().filter_map(|p| p.customer.as_ref().map(|id| id.as_str())).collect();
        let mut writing = self.write().await?;
        execute_in(&mut writing, "DELETE FROM promoters WHERE author_id IN", "", &[], authors).await?;
        execute_in(&mut writing, "DELETE FROM promoters WHERE customer_id IN", "", &[], &customers).await?;
        bulk::insert(
            &mut writing,
            self.dialect,
            "INSERT INTO promoters (key, author_id, customer_id, mention_id, score, reasons, kind_mentions, expires_at)",
            "ON CONFLICT (key) DO UPDATE SET author_id = excluded.author_id, customer_id = excluded.customer_id, \
             mention_id = excluded.mention_id, score = excluded.score, reasons = excluded.reasons, \
             kind_mentions = excluded.kind_mentions, expires_at = excluded.expires_at",
            8,
            &texts,
            |to, (row, key, reasons)| {
                to.push(key.as_str()).push(row.author.as_str());
                to.push(row.customer.as_ref().map(|id| id.as_str())).push(row.standing.quote.as_str());
                to.push(row.standing.score).push(reasons.as_str());
                to.push(row.standing.kind_mentions as i32).push(to_millis(row.standing.expires_at));
            },
        )
        .await?;
        writing.commit().await
    }

    /// Authors after that id who have spoken since then or are listed, in order of their ids: for going through all of them.
    pub async fn authors_after(&self, after: &str, since: Time, limit: u32) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT a.id FROM authors a WHERE a.id > $1 \
             AND EXISTS (SELECT 1 FROM mentions m WHERE m.author_id = a.id AND m.at > $2) ORDER BY a.id LIMIT $3",
        )
        .bind(after)
        .bind(to_millis(since))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
    }

    /// The authors who are one of those customers.
    pub async fn authors_of(&self, customers: &[&str]) -> Result<Vec<String>> {
        let mut connection = self.pool.acquire().await?;
        let head = "SELECT id FROM authors WHERE customer_id IN";
        let rows = fetch_in(&mut connection, head, "", &[], customers).await?;
        rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
    }
}

fn key(row: &PromoterRow) -> String {
    match &row.customer {
        Some(customer) => format!("customer:{customer}"),
        None => format!("author:{}", row.author),
    }
}

/// Authors and customers before they are put together.
#[derive(Default)]
struct Gathered {
    /// Author → customer.
    authors: BTreeMap<String, Option<String>>,
    customers: BTreeMap<String, Vec<String>>,
    last_asked: HashMap<String, i64>,
    consent: HashMap<String, (Option<f64>, bool)>,
    open: HashSet<String>,
    asked: HashMap<String, i64>,
}

async fn gather(connection: &mut AnyConnection, authors: &[&str]) -> Result<Gathered> {
    let mut out = Gathered::default();
    let head = "SELECT id, customer_id, last_asked FROM authors WHERE id IN";
    let mut rows = fetch_in(connection, head, "", &[], authors).await?;
    let mut customers: Vec<String> = Vec::new();
    for row in &rows {
        customers.extend(row.try_get::<Option<String>, _>("customer_id")?);
    }
    let customers: Vec<&str> = customers.iter().map(String::as_str).collect();
    let head = "SELECT id, customer_id, last_asked FROM authors WHERE customer_id IN";
    rows.extend(fetch_in(connection, head, "", &[], &customers).await?);
    for row in &rows {
        let id: String = row.try_get("id")?;
        let customer: Option<String> = row.try_get("customer_id")?;
        if let Some(at) = row.try_get::<Option<i64>, _>("last_asked")? {
            out.last_asked.insert(id.clone(), at);
        }
        if out.authors.insert(id.clone(), customer.clone()).is_none()
            && let Some(customer) = customer
        {
            out.customers.entry(customer).or_default().push(id);
        }
    }
    Ok(out)
}

/// Value, and whether they are not to be asked.
async fn consent(
    connection: &mut AnyConnection,
    customers: &[&str],
) -> Result<HashMap<String, (Option<f64>, bool)>> {
    let head = "SELECT id, value, contact_consent, do_not_contact FROM customers WHERE id IN";
    let mut out = HashMap::new();
    for row in fetch_in(connection, head, "", &[], customers).await? {
        let refused = row.try_get::<Option<i32>, _>("contact_consent")? == Some(0);
        let ruled_out = row.try_get::<i32, _>("do_not_contact")? != 0;
        out.insert(row.try_get("id")?, (row.try_get("value")?, refused || ruled_out));
    }
    Ok(out)
}

/// Authors and customers with a case that is not closed.
async fn open_cases(
    connection: &mut AnyConnection,
    authors: &[&str],
    customers: &[&str],
) -> Result<HashSet<String>> {
    let mut out = HashSet::new();
    for (column, ids) in [("author_id", authors), ("customer_id", customers)] {
        let head = format!("SELECT {column} AS id FROM cases WHERE state <> 'closed' AND {column} IN");
        for row in fetch_in(connection, &head, "", &[], ids).await? {
            out.insert(row.try_get("id")?);
        }
    }
    Ok(out)
}

async fn asked(
    connection: &mut AnyConnection,
    authors: &[&str],
    customers: &[&str],
) -> Result<HashMap<String, i64>> {
    let mut out = HashMap::new();
    for (column, ids) in [("author_id", authors), ("customer_id", customers)] {
        let head = format!("SELECT {column} AS id, MAX(at) AS at FROM asks WHERE {column} IN");
        for row in fetch_in(connection, &head, &format!("GROUP BY {column}"), &[], ids).await? {
            out.insert(row.try_get("id")?, row.try_get("at")?);
        }
    }
    Ok(out)
}

fn word(row: &AnyRow) -> Result<Word> {
    Ok(Word {
        id: MentionId::new(row.try_get::<String, _>("id")?),
        at: from_millis(row.try_get("at")?),
        label: Label::parse(row.try_get("label")?).unwrap_or_default(),
        score: row.try_get("score")?,
        confidence: row.try_get("confidence")?,
        rating_share: row.try_get("rating_share")?,
        unhappy: row.try_get::<i32, _>("unhappy")? != 0,
        reach: row.try_get::<Option<i64>, _>("reach")?.map(i64::unsigned_abs),
        offers: row.try_get::<i64, _>("offers")? > 0,
        recommends: row.try_get::<i64, _>("recommends")? > 0,
        has_words: row.try_get::<i32, _>("words")? != 0,
    })
}

impl Gathered {
    fn into_persons(self, mut words: HashMap<String, Vec<Word>>) -> Vec<KnownPerson> {
        let alone = self
            .authors
            .iter()
            .filter(|(_, customer)| customer.is_none())
            .map(|(id, _)| (None, vec![id.clone()]));
        let groups =
            self.customers.iter().map(|(customer, authors)| (Some(customer.clone()), authors.clone()));
        let mut out = Vec::new();
        for (customer, authors) in groups.chain(alone) {
            let mut known =
                KnownPerson { customer: customer.clone().map(CustomerId::new), ..KnownPerson::default() };
            let person = &mut known.person;
            for id in authors.iter().chain(&customer) {
                person.open_case |= self.open.contains(id);
                let asked =
                    [self.asked.get(id), self.last_asked.get(id)].into_iter().flatten().copied().max();
                person.last_asked = person.last_asked.max(asked.map(from_millis));
            }
            if let Some(customer) = &customer {
                let (value, not_to_be_asked) = self.consent.get(customer).copied().unwrap_or_default();
                (person.value, person.not_to_be_asked, person.is_customer) = (value, not_to_be_asked, true);
            }
            for author in authors {
                for word in words.remove(&author).unwrap_or_default() {
                    known.authors.insert(word.id.clone(), AuthorId::new(author.clone()));
                    person.words.push(word);
                }
            }
            out.push(known);
        }
        out
    }
}
