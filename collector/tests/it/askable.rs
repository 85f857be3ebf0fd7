//! How many may be asked is what the pages of the list come to, whatever speaks against some of them.

use goodword::{clock, store::Store};
use goodword_shared::api::promoters::PromoterQuery;

use crate::filled;

#[tokio::test]
async fn the_count_of_those_who_may_be_asked_is_that_of_the_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_folder(folder.path()).await.expect("opens");
    let now = clock::now();
    filled::fill(&store, 6_000, now).await.expect("filled");
    let millis = now.timestamp_millis();
    for sql in [
        // Some are customers, of whom some do not want to be asked, were asked lately, or have a case under another name.
        "UPDATE promoters SET customer_id = (SELECT a.customer_id FROM authors a WHERE a.id = promoters.author_id)".to_owned(),
        "UPDATE customers SET do_not_contact = 1 WHERE CAST(substr(id, 2) AS INTEGER) % 7 = 0".to_owned(),
        "UPDATE customers SET contact_consent = CAST(substr(id, 2) AS INTEGER) % 2 WHERE CAST(substr(id, 2) AS INTEGER) % 5 = 0".to_owned(),
        format!(
            "INSERT INTO asks (id, author_id, customer_id, kind, text, at, by_whom) SELECT 'q' || author_id, author_id, \
             customer_id, 'referral', '', {millis} - (rowid % 400) * 86400000, 'me' FROM promoters WHERE rowid % 3 = 0"
        ),
        "UPDATE authors SET customer_id = (SELECT b.customer_id FROM authors b WHERE b.id = 'a' || (CAST(substr(authors.id, 2) \
         AS INTEGER) - 1000)) WHERE CAST(substr(id, 2) AS INTEGER) > 1000"
            .to_owned(),
        format!("UPDATE promoters SET expires_at = {millis} WHERE rowid % 11 = 0"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(store.pool()).await.expect(&sql);
    }
    let mut totals = Vec::new();
    for customers_only in [None, Some(true)] {
        for days in [1, 180] {
            let mut seen = 0;
            let total = loop {
                let query = PromoterQuery {
                    customers_only,
                    offset: Some(seen),
                    limit: Some(200),
                    ..PromoterQuery::default()
                };
                let page = store.promoter_cards(&query, days, now).await.expect("promoters");
                seen += page.items.len() as u64;
                if page.items.is_empty() {
                    break page.total;
                }
            };
            assert_eq!(seen, total, "{customers_only:?} {days}");
            totals.push(total);
        }
    }
    let [all, fewer, customers, fewest] = totals[..] else { panic!("{totals:?}") };
    assert!(all > fewer && customers > fewest && fewer > fewest && fewest > 10, "{totals:?}");
}
