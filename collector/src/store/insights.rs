//! Trends from the sums by day, and the mentions that the owner has labelled. It counts; it judges nothing.

use std::collections::BTreeMap;

use chrono::Datelike;
use goodword_shared::{
    Label, Mention, Time,
    api::insights::{Month, Share, ThemeTrend},
    case::Quote,
};
use sqlx::Row;

use super::{Result, Store, case_list::first_column, from_millis, sql::Sql, to_millis, today::wilson};

const DAY: i64 = 86_400_000;
/// Days of a period that themes are compared by.
const PERIOD: i64 = 90;
const THEMES: usize = 12;

impl Store {
    /// The last twelve calendar months in which something was said, oldest first.
    pub async fn months(&self, now: Time) -> Result<Vec<Month>> {
        let first =
            now.date_naive().with_day(1).and_then(|day| day.checked_sub_months(chrono::Months::new(11)));
        let from = first.map_or(0, |day| to_millis(day.and_time(chrono::NaiveTime::MIN).and_utc()) / DAY);
        let mut sql = Sql::new("SELECT d.day, d.label, d.mentions FROM mention_days d WHERE d.day >= ");
        sql.bind(from);
        // All, happy, unhappy.
        let mut months: BTreeMap<String, [u64; 3]> = BTreeMap::new();
        for row in sql.all(&self.pool).await? {
            let at = from_millis(row.try_get::<i64, _>("day")? * DAY);
            let said = row.try_get::<i64, _>("mentions")?.max(0) as u64;
            let month = months.entry(at.format("%Y-%m").to_string()).or_default();
            month[0] += said;
            match Label::parse(row.try_get("label")?) {
                Some(Label::Positive) => month[1] += said,
                Some(Label::Negative) => month[2] += said,
                _ => {}
            }
        }
        let said = months.into_iter().filter(|(_, counts)| counts[0] > 0);
        let month = |(month, [all, happy, unhappy]): (String, [u64; 3])| Month {
            month,
            happy: share(happy, all),
            unhappy: share(unhappy, all),
        };
        Ok(said.map(month).collect())
    }

    /// Themes of the last 90 days beside the 90 before, those with most unhappy words first.
    pub async fn theme_trends(&self, now: Time) -> Result<Vec<ThemeTrend>> {
        let today = to_millis(now) / DAY;
        let mut sql = Sql::new("SELECT t.theme, t.label, CASE WHEN t.day > ");
        sql.bind(today - PERIOD)
            .push(" THEN 1 ELSE 0 END AS lately, t.mentions FROM theme_days t WHERE t.day > ");
        sql.bind(today - 2 * PERIOD);
        // Lately and before: unhappy, all.
        let mut themes: BTreeMap<String, [[u64; 2]; 2]> = BTreeMap::new();
        for row in sql.all(&self.pool).await? {
            let said = row.try_get::<i64, _>("mentions")?.max(0) as u64;
            let counts = themes.entry(row.try_get("theme")?).or_default();
            let period = &mut counts[usize::from(row.try_get::<i32, _>("lately")? == 0)];
            period[1] += said;
            if Label::parse(row.try_get("label")?) == Some(Label::Negative) {
                period[0] += said;
            }
        }
        let mut trends: Vec<ThemeTrend> = themes
            .into_iter()
            .filter(|(_, [lately, _])| lately[1] > 0)
            .map(|(theme, [lately, before])| {
                let (now, before) = (share(lately[0], lately[1]), share(before[0], before[1]));
                let better = match (now.high < before.low, now.low > before.high) {
                    _ if before.of == 0 => None,
                    (true, _) => Some(true),
                    (_, true) => Some(false),
                    _ => None,
                };
                ThemeTrend { theme, now, before, better }
            })
            .collect();
        trends.sort_by(|a, b| b.now.some.cmp(&a.now.some).then_with(|| a.theme.cmp(&b.theme)));
        trends.truncate(THEMES);
        Ok(trends)
    }

    /// The newest mentions that the owner has labelled, each with what lists show of it.
    pub async fn labelled(&self, most: i64) -> Result<Vec<(Mention, Quote)>> {
        let mut sql = Sql::new(
            "SELECT m.id FROM corrections c JOIN mentions m ON m.id = c.mention_id WHERE m.corrected = 1 AND m.deleted = 0 \
             AND c.label IS NOT NULL ORDER BY c.at DESC, m.id LIMIT ",
        );
        sql.bind(most);
        let ids = first_column(sql.all(&self.pool).await?)?;
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let mut said = self.said(chunk).await?;
            found
                .extend(chunk.iter().filter_map(|id| said.remove(id)).map(|said| (said.mention, said.quote)));
        }
        Ok(found)
    }
}

/// A share with its interval.
pub fn share(some: u64, of: u64) -> Share {
    let (low, high) = wilson(some as f64, of as f64).unwrap_or((0.0, 1.0));
    Share { some, of, low, high }
}
