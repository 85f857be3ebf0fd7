//! Joining and parting the records of customers, making a customer of an author, linking an author by hand. Each is a step that
//! can be taken back exactly: what it touches is read before and after.

use goodword_shared::{
    Time,
    api::records::{Split, StepKind},
    customer::CustomerFacts,
    id::CustomerId,
    matching::{Evidence, MatchState},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::{
    Result, Store, Writing,
    bulk::{execute_in, fetch_in},
    customers::{insert, write_facts},
    matches::{refuse_others, settle},
    new_id,
    said::{CUSTOMER, customer},
    said_before::pushed_in,
    scene::{self, Reach, Scene},
    steps::{Draft, Refusal, Stepped, Taken, finish, made_of},
    to_millis,
};

const NO_CUSTOMER: Refusal = Refusal::Missing("customer");

impl Store {
    /// Joins the record `other` with `kept`: facts that `kept` lacks, orders, accounts, cases, asks and notes go there.
    pub async fn merge_customers(&self, kept: &str, other: &str, by: &str, now: Time) -> Result<Stepped> {
        if kept == other {
            return Ok(Err(Refusal::Senseless("A record cannot be joined with itself.")));
        }
        let mut writing = self.write().await?;
        let (Some(facts), Some(others)) =
            (facts_of(&mut writing, kept).await?, facts_of(&mut writing, other).await?)
        else {
            return Ok(Err(NO_CUSTOMER));
        };
        let begun = Begun::new(&mut writing, &[kept, other], &[]).await?;
        join_matches(&mut writing, kept, other).await?;
        for sql in [
            "UPDATE orders SET customer_id = $1 WHERE customer_id = $2",
            "UPDATE asks SET customer_id = $1 WHERE customer_id = $2",
            "UPDATE customer_notes SET customer_id = $1 WHERE customer_id = $2",
            "UPDATE cases SET customer_id = $1 WHERE customer_id = $2",
            "UPDATE authors SET customer_id = $1 WHERE customer_id = $2",
            "UPDATE customers SET merged_into = $1 WHERE id = $2",
        ] {
            sqlx::query(sql).bind(kept).bind(other).execute(&mut *writing).await?;
        }
        for author in &begun.reach.authors {
            settle(&mut writing, author).await?;
        }
        write_facts(
            &mut writing,
            self.dialect.keep_prepared(),
            kept,
            &joined(&facts, &others),
            to_millis(now),
        )
        .await?;
        let text = match &others.external_id {
            Some(number) => format!("Joined with {} (number {number})", others.name),
            None => format!("Joined with {}", others.name),
        };
        let draft = Draft {
            kind: StepKind::Merge,
            customer: kept,
            other: Some(other),
            author: None,
            text,
            undoes: None,
        };
        begun.end(writing, draft, by, now).await.map(Ok)
    }

    /// Makes a record of its own for what belongs to somebody else.
    pub async fn split_customer(&self, from: &str, split: &Split, by: &str, now: Time) -> Result<Stepped> {
        let mut writing = self.write().await?;
        if facts_of(&mut writing, from).await?.is_none() {
            return Ok(Err(NO_CUSTOMER));
        }
        let made = CustomerId::new(new_id());
        let authors: Vec<&str> = split.authors.iter().map(|id| id.as_str()).collect();
        // Whoever else decides on them waits from here on.
        let tail = format!(" ORDER BY id{}", self.dialect.hold_rows());
        fetch_in(&mut writing, "SELECT id FROM authors WHERE id IN", &tail, &[], &authors).await?;
        let begun = Begun::new(&mut writing, &[from, made.as_str()], &[]).await?;
        let orders: Vec<&str> = split.orders.iter().map(String::as_str).collect();
        let held = |key: String| begun.before.get(&key).and_then(|v| v.as_str()) == Some(from);
        if !authors.iter().all(|id| held(format!("authors/{id}")))
            || !orders.iter().all(|id| held(format!("orders/{id}")))
        {
            return Ok(Err(Refusal::Senseless("Some of that does not belong to this record.")));
        }
        let facts = CustomerFacts { name: split.name.trim().to_owned(), ..CustomerFacts::default() };
        insert(&mut writing, self.dialect.keep_prepared(), &made, &facts, now).await?;
        let first = [made.as_str()];
        execute_in(&mut writing, "UPDATE orders SET customer_id = $1 WHERE id IN", "", &first, &orders)
            .await?;
        // The accounts are no longer the old customer's, and are not to be proposed for it again.
        let refuse = "UPDATE matches SET previous = NULL, state = 'refused', decided_by = $1 WHERE customer_id = $2 AND author_id IN";
        execute_in(&mut writing, refuse, "", &[by, from], &authors).await?;
        let head = "UPDATE asks SET customer_id = $1 WHERE customer_id = $2 AND author_id IN";
        execute_in(&mut writing, head, "", &[made.as_str(), from], &authors).await?;
        for author in &authors {
            let why = "You said that these accounts are another customer’s";
            hold(&mut writing, author, made.as_str(), why, by, now).await?;
        }
        let draft = Draft {
            kind: StepKind::Split,
            customer: from,
            other: Some(made.as_str()),
            author: None,
            text: format!("Parted {} from this record", facts.name),
            undoes: None,
        };
        begun.end(writing, draft, by, now).await.map(Ok)
    }

    /// Makes a customer of an author, under that name or the one the author shows. Asked again, because the answer was lost, it
    /// answers the step that made them.
    pub async fn make_customer(
        &self,
        author: &str,
        name: Option<&str>,
        by: &str,
        now: Time,
    ) -> Result<Stepped> {
        let mut writing = self.write().await?;
        let Some(shown) = shown(&mut writing, author).await? else {
            return Ok(Err(Refusal::Missing("author")));
        };
        if let Some(customer) = &shown.customer {
            let made = made_of(&mut writing, author, customer).await?;
            let again = |step| Taken {
                step,
                authors: vec![author.to_owned()],
                customers: vec![customer.clone()],
                freed: Default::default(),
            };
            return Ok(made
                .map(again)
                .ok_or(Refusal::Senseless("The author is one of your customers already.")));
        }
        let name = name.map(str::trim).filter(|name| !name.is_empty()).or(shown.name.as_deref());
        let Some(name) = name.or(shown.handle.as_deref()) else {
            return Ok(Err(Refusal::Senseless("Nothing is shown of this author: give the customer a name.")));
        };
        let facts = CustomerFacts {
            name: name.to_owned(),
            handle: shown.handle.as_deref().map(|h| h.trim_start_matches('@').to_owned()),
            email: shown.email.clone(),
            ..CustomerFacts::default()
        };
        let made = CustomerId::new(new_id());
        let begun = Begun::new(&mut writing, &[made.as_str()], &[author]).await?;
        insert(&mut writing, self.dialect.keep_prepared(), &made, &facts, now).await?;
        hold(&mut writing, author, made.as_str(), "You made this record of them", by, now).await?;
        let draft = Draft {
            kind: StepKind::Create,
            customer: made.as_str(),
            other: None,
            author: Some(author),
            text: format!("Made of the author {}", shown.called()),
            undoes: None,
        };
        begun.end(writing, draft, by, now).await.map(Ok)
    }

    /// The owner says who an author is.
    pub async fn link_author(&self, author: &str, customer: &str, by: &str, now: Time) -> Result<Stepped> {
        let mut writing = self.write().await?;
        if facts_of(&mut writing, customer).await?.is_none() {
            return Ok(Err(NO_CUSTOMER));
        }
        let Some(shown) = shown(&mut writing, author).await? else {
            return Ok(Err(Refusal::Missing("author")));
        };
        let begun = Begun::new(&mut writing, &[customer], &[author]).await?;
        hold(&mut writing, author, customer, "You said that it is them", by, now).await?;
        let draft = Draft {
            kind: StepKind::Link,
            customer,
            other: None,
            author: Some(author),
            text: format!("Linked the author {}", shown.called()),
            undoes: None,
        };
        begun.end(writing, draft, by, now).await.map(Ok)
    }
}

/// A step under way: what there was before.
struct Begun {
    reach: Reach,
    before: Scene,
}

impl Begun {
    async fn new(connection: &mut AnyConnection, customers: &[&str], authors: &[&str]) -> Result<Self> {
        let mut reach = Reach::of(connection, customers).await?;
        reach.authors.extend(authors.iter().map(|id| (*id).to_owned()));
        let before = scene::read(connection, &reach).await?;
        Ok(Self { reach, before })
    }

    async fn end(self, mut writing: Writing, draft: Draft<'_>, by: &str, now: Time) -> Result<Taken> {
        let after = scene::read(&mut writing, &self.reach).await?;
        let changes = scene::difference(&self.before, &after);
        let taken = finish(&mut writing, draft, &self.reach, &changes, by, now).await?;
        writing.commit().await?;
        Ok(taken)
    }
}

/// The facts of a record that is in sight.
async fn facts_of(connection: &mut AnyConnection, id: &str) -> Result<Option<CustomerFacts>> {
    let head = format!("SELECT {CUSTOMER} FROM customers cu WHERE cu.merged_into IS NULL AND cu.id IN");
    let rows = fetch_in(connection, &head, "", &[], &[id]).await?;
    rows.first().map(|row| Ok(customer(row)?.facts)).transpose()
}

struct Shown {
    name: Option<String>,
    handle: Option<String>,
    email: Option<String>,
    /// Whose account it is.
    customer: Option<String>,
}

impl Shown {
    fn called(&self) -> &str {
        self.name.as_deref().or(self.handle.as_deref()).unwrap_or("without a name")
    }
}

async fn shown(connection: &mut AnyConnection, author: &str) -> Result<Option<Shown>> {
    // Whoever else decides on the author waits from here on: a row that is written is held.
    let row = sqlx::query(
        "UPDATE authors SET customer_id = customer_id WHERE id = $1 AND forgotten_at IS NULL \
         RETURNING name, handle, email, customer_id",
    )
    .bind(author)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Shown {
            name: row.try_get("name")?,
            handle: row.try_get("handle")?,
            email: row.try_get("email")?,
            customer: row.try_get("customer_id")?,
        })
    })
    .transpose()
}

/// The author is the customer from now on, by the owner's word; every other candidate is refused.
async fn hold(
    connection: &mut AnyConnection,
    author: &str,
    customer: &str,
    why: &str,
    by: &str,
    now: Time,
) -> Result<()> {
    let evidence = [Evidence { kind: "owner".into(), text: why.to_owned() }];
    let sql = format!(
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
         VALUES ($1, $2, $3, 1.0, $4, 'confirmed', $5, $6) ON CONFLICT (author_id, customer_id) DO UPDATE SET \
         previous = {}, state = 'confirmed', decided_at = excluded.decided_at, \
         decided_by = excluded.decided_by RETURNING id",
        pushed_in("matches")
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(new_id())
        .bind(author)
        .bind(customer)
        .bind(serde_json::to_string(&evidence)?)
        .bind(to_millis(now))
        .bind(by)
        .fetch_one(&mut *connection)
        .await?;
    let id: String = row.try_get("id")?;
    refuse_others(connection, author, &id, by, to_millis(now)).await?;
    settle(connection, author).await
}

/// Which of two words on the same author counts when records are joined: the owner's yes, the owner's no, the engine's.
fn rank(state: &str) -> u8 {
    match MatchState::parse(state) {
        Some(MatchState::Confirmed) => 3,
        Some(MatchState::Refused) => 2,
        Some(MatchState::Linked) => 1,
        _ => 0,
    }
}

/// The matches of both records become those of one; of two with the same author the weightier word stays.
async fn join_matches(connection: &mut AnyConnection, kept: &str, other: &str) -> Result<()> {
    let rows = sqlx::query(
        "SELECT mine.id AS mine, mine.state AS my_state, theirs.id AS theirs, theirs.state AS their_state \
         FROM matches mine JOIN matches theirs ON theirs.author_id = mine.author_id \
         WHERE mine.customer_id = $1 AND theirs.customer_id = $2",
    )
    .bind(kept)
    .bind(other)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let (mine, theirs): (String, String) = (row.try_get("mine")?, row.try_get("theirs")?);
        let loses = rank(row.try_get("my_state")?) < rank(row.try_get("their_state")?);
        let lesser = if loses { mine } else { theirs };
        sqlx::query("DELETE FROM matches WHERE id = $1").bind(lesser).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE matches SET customer_id = $1 WHERE customer_id = $2")
        .bind(kept)
        .bind(other)
        .execute(connection)
        .await?;
    Ok(())
}

/// The facts of the kept record, filled up from the other one. What was spent adds up; a no to being contacted stays a no.
fn joined(kept: &CustomerFacts, other: &CustomerFacts) -> CustomerFacts {
    let or = |a: &Option<String>, b: &Option<String>| a.clone().or_else(|| b.clone());
    let mut tags = kept.tags.clone();
    tags.extend(other.tags.iter().filter(|tag| !kept.tags.contains(tag)).cloned());
    let notes: Vec<&str> = [&kept.notes, &other.notes].into_iter().flatten().map(String::as_str).collect();
    let parts_known = kept.first.is_some() || kept.last.is_some();
    CustomerFacts {
        // The other number stays with the hidden record, where imports look for it.
        external_id: kept.external_id.clone(),
        name: kept.name.clone(),
        first: if parts_known { kept.first.clone() } else { other.first.clone() },
        last: if parts_known { kept.last.clone() } else { other.last.clone() },
        email: or(&kept.email, &other.email),
        phone: or(&kept.phone, &other.phone),
        city: or(&kept.city, &other.city),
        handle: or(&kept.handle, &other.handle),
        company: or(&kept.company, &other.company),
        language: or(&kept.language, &other.language),
        since: [kept.since, other.since].into_iter().flatten().min(),
        value: [kept.value, other.value].into_iter().flatten().reduce(|a, b| a + b),
        contact_consent: match (kept.contact_consent, other.contact_consent) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (mine, theirs) => mine.or(theirs),
        },
        do_not_contact: kept.do_not_contact || other.do_not_contact,
        tags,
        notes: (!notes.is_empty()).then(|| notes.join("\n\n")),
        birthday: or(&kept.birthday, &other.birthday),
    }
}
