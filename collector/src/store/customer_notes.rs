//! Notes that the owner writes on a customer, each with its day.

use goodword_shared::Time;
use sqlx::Row;

use super::{Result, Store, from_millis, new_id, sql::Sql, to_millis};

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerNote {
    /// Its id.
    pub id: String,
    /// When it was written.
    pub at: Time,
    /// By whom.
    pub by: String,
    /// What it says.
    pub text: String,
}

impl Store {
    /// Writes one. False where there is no such customer.
    pub async fn add_customer_note(&self, customer: &str, text: &str, by: &str, now: Time) -> Result<bool> {
        let Some(customer) = self.record_of(customer).await? else { return Ok(false) };
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO customer_notes (id, customer_id, at, by_whom, text) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new_id())
        .bind(customer)
        .bind(to_millis(now))
        .bind(by)
        .bind(text)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(true)
    }

    /// Changes one; an empty text removes it. Answers whose it is, none where there is no such note.
    pub async fn change_customer_note(&self, id: &str, text: &str, now: Time) -> Result<Option<String>> {
        let mut writing = self.write().await?;
        let row = sqlx::query("SELECT customer_id FROM customer_notes WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *writing)
            .await?;
        let Some(row) = row else { return Ok(None) };
        if text.is_empty() {
            sqlx::query("DELETE FROM customer_notes WHERE id = $1").bind(id).execute(&mut *writing).await?;
        } else {
            sqlx::query("UPDATE customer_notes SET text = $1, edited_at = $2 WHERE id = $3")
                .bind(text)
                .bind(to_millis(now))
                .bind(id)
                .execute(&mut *writing)
                .await?;
        }
        writing.commit().await?;
        Ok(Some(row.try_get("customer_id")?))
    }

    /// A customer's notes, newest first.
    pub async fn notes_of(&self, customer: &str) -> Result<Vec<CustomerNote>> {
        let mut sql =
            Sql::new("SELECT n.id, n.at, n.by_whom, n.text FROM customer_notes n WHERE n.customer_id = ");
        sql.bind(customer.to_owned()).push(" ORDER BY n.at DESC, n.id DESC LIMIT 500");
        let rows = sql.all(&self.pool).await?;
        let note = |row: &sqlx::any::AnyRow| {
            Ok(CustomerNote {
                id: row.try_get("id")?,
                at: from_millis(row.try_get("at")?),
                by: row.try_get("by_whom")?,
                text: row.try_get("text")?,
            })
        };
        rows.iter().map(note).collect()
    }
}
