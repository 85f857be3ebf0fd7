//! Accounts on two platforms that may be one person's: pairs as the engine found them, and the owner's word on them. Who may be
//! whom is decided elsewhere; a refused pair stays on record, so that it is never proposed again.

use std::collections::{BTreeSet, HashMap};

use goodword_shared::{
    Author, Time,
    api::{
        Page,
        customers::{MatchQuery, Verdict},
        kin::{KinAccount, KinView},
    },
    id::AuthorId,
    matching::{Evidence, MatchState},
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use super::{
    Result, Store, bulk, from_millis,
    known::author as author_of,
    said_before::{popped, pushed},
    sql::{Sql, window},
    to_millis,
};

/// An account, as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its author.
    pub id: String,
    /// The connector's slug.
    pub platform: String,
    /// As shown.
    pub author: Author,
}

/// A pair as the engine found it.
#[derive(Clone, Debug, PartialEq)]
pub struct KinRow {
    /// Its id, where the pair is new.
    pub id: String,
    /// The two authors, the lesser id first.
    pub authors: [String; 2],
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Linked or doubtful.
    pub state: MatchState,
}

impl Store {
    /// Accounts after that id, in order of their ids: for going through all of them. The forgotten ones show nothing and are left out.
    pub async fn accounts_after(&self, after: &str, limit: u32) -> Result<Vec<Account>> {
        let mut sql = Sql::new(
            "SELECT id, platform, name, handle, platform_id, url, followers, location, email FROM authors \
             WHERE forgotten_at IS NULL AND id > ",
        );
        sql.bind(after.to_owned()).push(" ORDER BY id LIMIT ").bind(i64::from(limit));
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(account).collect()
    }

    /// The accounts of those authors; the forgotten ones are left out.
    pub async fn accounts_by_id(&self, ids: &[String]) -> Result<Vec<Account>> {
        let mut connection = self.pool.acquire().await?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let head = "SELECT id, platform, name, handle, platform_id, url, followers, location, email FROM authors \
             WHERE forgotten_at IS NULL AND id IN";
        bulk::fetch_in(&mut connection, head, "", &[], &ids).await?.iter().map(account).collect()
    }

    /// Writes the pairs that the engine found. What it found before and does not any more is gone; the owner's word stays. Answers
    /// the accounts of the pairs that are gone: what the one made of the other may have lost its ground.
    pub async fn put_kin(&self, rows: &[KinRow], now: Time) -> Result<Vec<String>> {
        self.write_kin(rows, None, now).await
    }

    /// The same where only those accounts were compared, each with everybody who shares anything with it.
    pub async fn put_kin_among(
        &self,
        rows: &[KinRow],
        accounts: &[String],
        now: Time,
    ) -> Result<Vec<String>> {
        self.write_kin(rows, Some(accounts), now).await
    }

    async fn write_kin(&self, rows: &[KinRow], among: Option<&[String]>, now: Time) -> Result<Vec<String>> {
        let mut writing = self.write().await?;
        // Somebody may have been forgotten while the accounts were compared.
        let shown: BTreeSet<&str> =
            rows.iter().flat_map(|row| row.authors.iter().map(String::as_str)).collect();
        let shown: Vec<&str> = shown.into_iter().collect();
        let head = "SELECT id FROM authors WHERE forgotten_at IS NULL AND id IN";
        let mut present: BTreeSet<String> = BTreeSet::new();
        for row in bulk::fetch_in(&mut writing, head, "", &[], &shown).await? {
            present.insert(row.try_get("id")?);
        }
        let rows: Vec<&KinRow> =
            rows.iter().filter(|row| row.authors.iter().all(|id| present.contains(id))).collect();
        let evidence: Vec<String> =
            rows.iter().map(|r| serde_json::to_string(&r.evidence)).collect::<std::result::Result<_, _>>()?;
        let rows: Vec<(&KinRow, &String)> = rows.into_iter().zip(&evidence).collect();
        // Older than this moment afterwards is what was not found again.
        bulk::insert(
            &mut writing,
            self.dialect,
            "INSERT INTO kin (id, one_id, other_id, probability, evidence, state, decided_at, decided_by)",
            "ON CONFLICT (one_id, other_id) DO UPDATE SET probability = excluded.probability, \
             evidence = excluded.evidence, state = excluded.state, decided_at = excluded.decided_at \
             WHERE kin.decided_by = 'engine'",
            8,
            &rows,
            |to, (row, evidence)| {
                to.push(row.id.as_str()).push(row.authors[0].as_str()).push(row.authors[1].as_str());
                to.push(row.probability).push(evidence.as_str()).push(row.state.as_str());
                to.push(to_millis(now)).push("engine");
            },
        )
        .await?;
        let old = "DELETE FROM kin WHERE decided_by = 'engine' AND decided_at < CAST($1 AS BIGINT)";
        let at = to_millis(now).to_string();
        let told = "RETURNING one_id, other_id";
        let mut gone = Vec::new();
        match among {
            None => {
                let all = sqlx::query(AssertSqlSafe(format!("{old} {told}"))).bind(&at);
                gone.extend(all.fetch_all(&mut *writing).await?);
            }
            Some(accounts) => {
                let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
                // Whom one of them shared something with before is not among them any more.
                for side in ["one_id", "other_id"] {
                    let head = format!("{old} AND {side} IN");
                    gone.extend(bulk::fetch_in(&mut writing, &head, told, &[&at], &accounts).await?);
                }
            }
        }
        let mut parted: Vec<String> = Vec::new();
        for row in gone {
            parted.extend([row.try_get("one_id")?, row.try_get("other_id")?]);
        }
        parted.sort_unstable();
        parted.dedup();
        writing.commit().await?;
        Ok(parted)
    }

    /// One page of the pairs in a state, surest first. Platforms are connectors' slugs.
    pub async fn kin_views(&self, query: &MatchQuery) -> Result<Page<KinView>> {
        let (offset, limit) = window(query.offset, query.limit);
        let state = query.state.as_deref().and_then(MatchState::parse).unwrap_or(MatchState::Doubtful);
        let mut count = Sql::new("SELECT COUNT(*) AS n FROM kin WHERE state = ");
        count.bind(state.as_str().to_owned());
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE state = ").bind(state.as_str().to_owned());
        sql.push(" ORDER BY probability DESC, id LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let items = self.views_of_kin(sql.all(&self.pool).await?).await?;
        Ok(Page { items, total: total.max(0) as u64, offset: offset as u64 })
    }

    /// Pairs of which one account is a customer's, at most 50: linked ones first, refused ones last. Platforms are connectors' slugs.
    pub(super) async fn kin_of(&self, customer: &str) -> Result<Vec<KinView>> {
        let theirs = "IN (SELECT a.id FROM authors a WHERE a.customer_id = ";
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE one_id ").push(theirs).bind(customer.to_owned());
        sql.push(") OR other_id ").push(theirs).bind(customer.to_owned());
        sql.push(
            ") ORDER BY CASE state WHEN 'confirmed' THEN 0 WHEN 'linked' THEN 0 WHEN 'doubtful' THEN 1 ELSE 2 END, \
             probability DESC, id LIMIT 50",
        );
        self.views_of_kin(sql.all(&self.pool).await?).await
    }

    /// One pair.
    pub async fn kin_view(&self, id: &str) -> Result<Option<KinView>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE id = ").bind(id.to_owned());
        Ok(self.views_of_kin(sql.all(&self.pool).await?).await?.pop())
    }

    async fn views_of_kin(&self, rows: Vec<AnyRow>) -> Result<Vec<KinView>> {
        let mut ids: Vec<String> = Vec::new();
        for row in &rows {
            ids.extend([row.try_get("one_id")?, row.try_get("other_id")?]);
        }
        let mut sql = Sql::new(
            "SELECT id, customer_id, platform, name, handle, platform_id, url, followers, location, email \
             FROM authors WHERE id IN ",
        );
        sql.bind_list(&ids);
        let mut accounts: HashMap<String, (KinAccount, Option<String>)> = HashMap::new();
        for row in sql.all(&self.pool).await? {
            let id: String = row.try_get("id")?;
            let author_id = AuthorId::new(id.clone());
            let account = KinAccount {
                author_id,
                author: author_of(&row)?,
                platform: row.try_get("platform")?,
                customer: None,
                quote: None,
            };
            accounts.insert(id, (account, row.try_get("customer_id")?));
        }
        let theirs: Vec<String> = accounts.values().filter_map(|(_, customer)| customer.clone()).collect();
        let customers = self.customers_by_id(&theirs).await?;
        let mut words = self.newest_words(&ids, 1).await?;
        for (account, customer) in accounts.values_mut() {
            account.customer = customer.as_ref().and_then(|id| customers.get(id)).cloned();
            account.quote = words.remove(account.author_id.as_str()).and_then(|mut quotes| quotes.pop());
        }
        rows.iter()
            .map(|row| {
                let sides = [row.try_get::<String, _>("one_id")?, row.try_get("other_id")?];
                Ok(KinView {
                    id: row.try_get("id")?,
                    accounts: sides.iter().filter_map(|id| Some(accounts.get(id)?.0.clone())).collect(),
                    probability: row.try_get("probability")?,
                    evidence: serde_json::from_str(row.try_get("evidence")?)?,
                    state: state(row, "state")?,
                    decided_at: from_millis(row.try_get("decided_at")?),
                })
            })
            .collect()
    }

    /// Confirms, refuses or undoes, and answers whose matches may have changed: it is for the engine to look again. None where there is no such pair, or nothing to undo.
    pub async fn decide_kin(
        &self,
        id: &str,
        verdict: Verdict,
        by: &str,
        now: Time,
    ) -> Result<Option<Vec<String>>> {
        let mut writing = self.write().await?;
        // The engine, and whoever else decides on the pair, waits from here on.
        let held = self.dialect.hold_rows();
        let sql =
            format!("SELECT one_id, other_id, state, previous, decided_at FROM kin WHERE id = $1{held}");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(&mut *writing).await?;
        let Some(row) = row else { return Ok(None) };
        let authors: Vec<String> = vec![row.try_get("one_id")?, row.try_get("other_id")?];
        let (now_is, previous) = (state(&row, "state")?, row.try_get::<Option<String>, _>("previous")?);
        let since: i64 = row.try_get("decided_at")?;
        let given = pushed(now_is, since, previous.as_deref());
        let (said, at, previous) = match verdict {
            Verdict::Confirm => (MatchState::Confirmed, to_millis(now), Some(given)),
            Verdict::Refuse => (MatchState::Refused, to_millis(now), Some(given)),
            Verdict::Undo => match popped(previous.as_deref()) {
                Some(before) => (before.state, before.decided_at.unwrap_or(since), before.previous),
                None => return Ok(None),
            },
        };
        if said == now_is && verdict != Verdict::Undo {
            return Ok(Some(authors));
        }
        // Taken back, the pair is the engine's again, unless the owner had said something before.
        let by = if matches!(said, MatchState::Confirmed | MatchState::Refused) { by } else { "engine" };
        sqlx::query(
            "UPDATE kin SET state = $1, previous = $2, decided_at = $3, decided_by = $4 WHERE id = $5",
        )
        .bind(said.as_str())
        .bind(previous)
        .bind(at)
        .bind(by)
        .bind(id)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(Some(authors))
    }
}

fn account(row: &AnyRow) -> Result<Account> {
    Ok(Account { id: row.try_get("id")?, platform: row.try_get("platform")?, author: author_of(row)? })
}

const COLUMNS: &str = "SELECT id, one_id, other_id, probability, evidence, state, decided_at FROM kin";

pub(super) fn state(row: &AnyRow, column: &str) -> Result<MatchState> {
    Ok(MatchState::parse(row.try_get(column)?).unwrap_or(MatchState::Doubtful))
}
