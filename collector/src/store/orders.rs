//! Orders as the owner's records hold them: written by import, read to recognise authors.

use goodword_shared::Time;
use sqlx::{Row, any::AnyRow};

use super::{
    Result, Store,
    bulk::{self, fetch_in},
    from_millis,
    sql::Sql,
    to_millis,
};

/// One order. The customer is Goodword's id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderRow {
    /// The owner's order number.
    pub id: String,
    /// Whose.
    pub customer: String,
    /// When.
    pub date: Option<Time>,
    /// What.
    pub product: Option<String>,
    /// How much.
    pub amount: Option<f64>,
    /// Of what: a sign or a code; none: the owner's currency.
    pub currency: Option<String>,
    /// Where.
    pub branch: Option<String>,
    /// Served by whom.
    pub staff: Option<String>,
}

const COLUMNS: &str = "id, customer_id, date, product, amount, currency, branch, staff";

fn order(row: &AnyRow) -> Result<OrderRow> {
    Ok(OrderRow {
        id: row.try_get("id")?,
        customer: row.try_get("customer_id")?,
        date: row.try_get::<Option<i64>, _>("date")?.map(from_millis),
        product: row.try_get("product")?,
        amount: row.try_get("amount")?,
        currency: row.try_get("currency")?,
        branch: row.try_get("branch")?,
        staff: row.try_get("staff")?,
    })
}

impl Store {
    /// Writes orders; one of a known number is replaced.
    pub async fn put_orders(&self, orders: &[OrderRow]) -> Result<()> {
        let mut writing = self.write().await?;
        bulk::insert(
            &mut writing,
            self.dialect,
            "INSERT INTO orders (id, customer_id, date, product, amount, currency, branch, staff)",
            "ON CONFLICT (id) DO UPDATE SET customer_id = excluded.customer_id, date = excluded.date, \
             product = excluded.product, amount = excluded.amount, currency = excluded.currency, branch = excluded.branch, \
             staff = excluded.staff",
            8,
            orders,
            |binding, order| {
                binding
                    .push(order.id.clone())
                    .push(order.customer.clone())
                    .push(order.date.map(to_millis))
                    .push(order.product.clone())
                    .push(order.amount)
                    .push(order.currency.clone())
                    .push(order.branch.clone())
                    .push(order.staff.clone());
            },
        )
        .await?;
        writing.commit().await
    }

    /// Orders in the order of their numbers, from after `after`: to go through all of them page by page.
    pub async fn orders_after(&self, after: &str, limit: u32) -> Result<Vec<OrderRow>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(COLUMNS).push(" FROM orders WHERE id > ").bind(after.to_owned());
        sql.push(" ORDER BY id LIMIT ").bind(i64::from(limit));
        sql.all(&self.pool).await?.iter().map(order).collect()
    }

    /// The orders of those customers, as the index is told them again.
    pub async fn orders_of_all(&self, customers: &[&str]) -> Result<Vec<OrderRow>> {
        let mut connection = self.pool.acquire().await?;
        let head = format!("SELECT {COLUMNS} FROM orders WHERE customer_id IN");
        fetch_in(&mut connection, &head, "", &[], customers).await?.iter().map(order).collect()
    }
}
