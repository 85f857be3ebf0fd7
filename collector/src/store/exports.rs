//! Reading everything in order, page by page by place, so that the last page costs no more than the first.

use sqlx::Row;

use super::{Result, Store, sql::Sql};

impl Store {
    /// Places (moment and id) of mentions, newest first, beyond that place; removed ones are left out.
    pub async fn mentions_after(
        &self,
        after: Option<&(i64, String)>,
        limit: u32,
    ) -> Result<Vec<(i64, String)>> {
        let mut sql = Sql::new("SELECT m.at, m.id FROM mentions m WHERE m.deleted = 0");
        if let Some((at, id)) = after {
            let at = sql.reserve(*at);
            sql.push(&format!(" AND m.at <= {at} AND (m.at < {at} OR m.id < ")).bind(id.clone()).push(")");
        }
        sql.push(" ORDER BY m.at DESC, m.id DESC LIMIT ").bind(i64::from(limit));
        sql.all(&self.pool).await?.iter().map(|row| Ok((row.try_get("at")?, row.try_get("id")?))).collect()
    }
}
