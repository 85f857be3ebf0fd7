//! The figures of the Today page. Months of mentions are read from the day counts that the database keeps; cases are added
//! up by week inside the database. The moment is passed in; days are days of UTC.

use std::collections::BTreeMap;

use goodword_shared::{
    Label, Time,
    today::{Figure, ThemeBalance},
};
use sqlx::Row;

use super::{Result, Store, from_millis, sql::Sql, to_millis};

const DAY: i64 = 86_400_000;
const WEEK: i64 = 7 * DAY;
/// Points of a small line.
const WEEKS: i64 = 12;
/// Days of the present figure and of the one before.
const MONTH: i64 = 30;

/// Mentions that came in since a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewMentions {
    /// All of them.
    pub all: u64,
    /// Of these positive.
    pub positive: u64,
    /// Of these negative.
    pub negative: u64,
}

/// Counts of some days.
#[derive(Clone, Copy, Default)]
struct Counts {
    positive: f64,
    opinions: f64,
    rated: f64,
    share_sum: f64,
}

impl Counts {
    fn add(&mut self, label: Label, mentions: f64, rated: f64, share_sum: f64) {
        if label == Label::Positive {
            self.positive += mentions;
        }
        // A post without an opinion says nothing about how many are happy.
        if label != Label::Neutral {
            self.opinions += mentions;
        }
        self.rated += rated;
        self.share_sum += share_sum;
    }

    fn stars(&self) -> Option<f64> {
        (self.rated >= 0.5).then(|| 5.0 * self.share_sum / self.rated)
    }

    fn share(&self) -> Option<f64> {
        (self.opinions >= 0.5).then(|| self.positive / self.opinions)
    }
}

/// Wilson's interval of a share, 95 %: honest for few and for extreme counts (doi:10.1080/01621459.1927.10502953).
pub fn wilson(successes: f64, trials: f64) -> Option<(f64, f64)> {
    if trials <= 0.0 {
        return None;
    }
    const Z: f64 = 1.959_964;
    let p = successes / trials;
    let centre = p + Z * Z / (2.0 * trials);
    let spread = Z * (p * (1.0 - p) / trials + Z * Z / (4.0 * trials * trials)).sqrt();
    let scale = 1.0 + Z * Z / trials;
    Some((((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0)))
}

impl Store {
    /// The five figures, in the order of the page.
    pub async fn figures(&self, now: Time) -> Result<Vec<Figure>> {
        let (rating, positive) = self.opinion_figures(now).await?;
        Ok(vec![
            rating,
            positive,
            self.waiting_figure(now).await?,
            self.first_answer_figure(now).await?,
            self.won_back_figure(now).await?,
        ])
    }

    async fn opinion_figures(&self, now: Time) -> Result<(Figure, Figure)> {
        let today = to_millis(now).div_euclid(DAY);
        let mut sql =
            Sql::new("SELECT day, label, mentions, rated, share_sum FROM mention_days WHERE day > ");
        sql.bind(today - WEEKS * 7).push(" AND day <= ").bind(today);
        let (mut month, mut before) = (Counts::default(), Counts::default());
        let mut weeks = vec![Counts::default(); WEEKS as usize];
        for row in sql.all(&self.pool).await? {
            let ago = today - row.try_get::<i64, _>("day")?;
            let label = Label::parse(row.try_get("label")?).unwrap_or_default();
            let mentions = row.try_get::<i64, _>("mentions")? as f64;
            let rated = row.try_get::<i64, _>("rated")? as f64;
            let share_sum: f64 = row.try_get("share_sum")?;
            if ago < MONTH {
                month.add(label, mentions, rated, share_sum);
            } else if ago < 2 * MONTH {
                before.add(label, mentions, rated, share_sum);
            }
            if let Some(week) = usize::try_from(WEEKS - 1 - ago / 7).ok().and_then(|i| weeks.get_mut(i)) {
                week.add(label, mentions, rated, share_sum);
            }
        }
        let interval = wilson(month.positive, month.opinions);
        let rating = Figure {
            name: "rating".into(),
            value: month.stars(),
            before: before.stars(),
            low: None,
            high: None,
            line: weeks.iter().map(Counts::stars).collect(),
        };
        let positive = Figure {
            name: "positive_share".into(),
            value: month.share(),
            before: before.share(),
            low: interval.map(|i| i.0),
            high: interval.map(|i| i.1),
            line: weeks.iter().map(Counts::share).collect(),
        };
        Ok((rating, positive))
    }

    /// Cases that nobody has answered, now and at the end of each week.
    async fn waiting_figure(&self, now: Time) -> Result<Figure> {
        let now = to_millis(now);
        let oldest = now - WEEKS * WEEK;
        // (weeks since it opened, weeks since the waiting ended or none) → how many.
        let mut spans: Vec<(i64, Option<i64>, u64)> = Vec::new();
        let ended = [
            "SELECT ({now} - opened_at) / {week} AS began, CAST(NULL AS BIGINT) AS ended, COUNT(*) AS n \
             FROM cases WHERE state = 'open' GROUP BY 1",
            "SELECT ({now} - opened_at) / {week} AS began, ({now} - first_contact_at) / {week} AS ended, COUNT(*) AS n \
             FROM cases WHERE first_contact_at IS NOT NULL AND first_contact_at > {oldest} GROUP BY 1, 2",
            "SELECT ({now} - opened_at) / {week} AS began, ({now} - closed_at) / {week} AS ended, COUNT(*) AS n \
             FROM cases WHERE closed_at IS NOT NULL AND closed_at > {oldest} AND first_contact_at IS NULL GROUP BY 1, 2",
        ];
        for text in ended {
            let numbers = [("{now}", now), ("{week}", WEEK), ("{oldest}", oldest)];
            let text = numbers.iter().fold(text.to_owned(), |t, (name, n)| t.replace(name, &n.to_string()));
            for row in Sql::new(&text).all(&self.pool).await? {
                let n: i64 = row.try_get("n")?;
                spans.push((row.try_get("began")?, row.try_get("ended")?, n.max(0) as u64));
            }
        }
        // Waiting k weeks ago: opened before then, and not answered by then.
        let waiting = |k: i64| -> f64 {
            let then = spans.iter().filter(|(began, ended, _)| *began >= k && ended.is_none_or(|e| e < k));
            then.map(|(_, _, n)| *n).sum::<u64>() as f64
        };
        Ok(Figure {
            name: "waiting".into(),
            value: Some(spans.iter().filter(|s| s.1.is_none()).map(|s| s.2).sum::<u64>() as f64),
            before: Some(waiting(1)),
            low: None,
            high: None,
            line: (0..WEEKS).rev().map(|k| Some(waiting(k))).collect(),
        })
    }

    /// Median minutes from when they spoke to the first answer, by when it was given.
    async fn first_answer_figure(&self, now: Time) -> Result<Figure> {
        let now = to_millis(now);
        let mut sql = Sql::new(
            "SELECT first_contact_at, waiting_since FROM cases WHERE first_contact_at IS NOT NULL AND first_contact_at > ",
        );
        sql.bind(now - WEEKS * WEEK).push(" AND first_contact_at <= ").bind(now);
        let (mut month, mut before) = (Vec::new(), Vec::new());
        let mut weeks: Vec<Vec<i64>> = vec![Vec::new(); WEEKS as usize];
        for row in sql.all(&self.pool).await? {
            let answered: i64 = row.try_get(0)?;
            let took = (answered - row.try_get::<i64, _>(1)?).max(0);
            let ago = now - answered;
            if ago < MONTH * DAY {
                month.push(took);
            } else if ago < 2 * MONTH * DAY {
                before.push(took);
            }
            if let Some(week) = usize::try_from(WEEKS - 1 - ago / WEEK).ok().and_then(|i| weeks.get_mut(i)) {
                week.push(took);
            }
        }
        Ok(Figure {
            name: "first_answer".into(),
            value: median_minutes(&mut month),
            before: median_minutes(&mut before),
            low: None,
            high: None,
            line: weeks.iter_mut().map(|week| median_minutes(week)).collect(),
        })
    }

    /// Cases that ended well in the last 30 days.
    async fn won_back_figure(&self, now: Time) -> Result<Figure> {
        let now = to_millis(now);
        let mut sql =
            Sql::new(&format!("SELECT ({now} - closed_at) / {DAY} AS ago, COUNT(*) AS n FROM cases "));
        sql.push("WHERE closed_at IS NOT NULL AND outcome IN ('won_back', 'rating_raised') AND closed_at > ")
            .bind(now - WEEKS * WEEK)
            .push(" AND closed_at <= ")
            .bind(now)
            .push(" GROUP BY 1");
        let (mut month, mut before) = (0.0, 0.0);
        let mut weeks = vec![0.0; WEEKS as usize];
        for row in sql.all(&self.pool).await? {
            let ago: i64 = row.try_get("ago")?;
            let n = row.try_get::<i64, _>("n")? as f64;
            if ago < MONTH {
                month += n;
            } else if ago < 2 * MONTH {
                before += n;
            }
            if let Some(week) = usize::try_from(WEEKS - 1 - ago / 7).ok().and_then(|i| weeks.get_mut(i)) {
                *week += n;
            }
        }
        Ok(Figure {
            name: "won_back".into(),
            value: Some(month),
            before: Some(before),
            low: None,
            high: None,
            line: weeks.into_iter().map(Some).collect(),
        })
    }

    /// What they talk about in the last 30 days, most mentioned first.
    pub async fn theme_balances(&self, now: Time) -> Result<Vec<ThemeBalance>> {
        let today = to_millis(now).div_euclid(DAY);
        let mut sql =
            Sql::new("SELECT theme, label, CAST(SUM(mentions) AS BIGINT) AS n FROM theme_days WHERE day > ");
        sql.bind(today - MONTH).push(" AND day <= ").bind(today).push(" GROUP BY theme, label");
        let mut themes: BTreeMap<String, ThemeBalance> = BTreeMap::new();
        for row in sql.all(&self.pool).await? {
            let theme: String = row.try_get("theme")?;
            let n = row.try_get::<i64, _>("n")?.max(0) as u64;
            let balance = themes.entry(theme.clone()).or_insert(ThemeBalance {
                theme,
                negative: 0,
                neutral: 0,
                positive: 0,
            });
            match Label::parse(row.try_get("label")?).unwrap_or_default() {
                Label::Negative => balance.negative += n,
                Label::Positive => balance.positive += n,
                Label::Neutral | Label::Mixed => balance.neutral += n,
            }
        }
        let mut themes: Vec<ThemeBalance> = themes.into_values().collect();
        let all = |t: &ThemeBalance| t.negative + t.neutral + t.positive;
        themes.retain(|t| all(t) > 0);
        themes.sort_by_key(|t| std::cmp::Reverse(all(t)));
        Ok(themes)
    }

    /// What came in since a moment, back-fills and imports left out.
    pub async fn new_mentions(&self, since: Time) -> Result<NewMentions> {
        let mut sql =
            Sql::new("SELECT label, COUNT(*) AS n FROM mentions WHERE back_fill = 0 AND collected_at > ");
        sql.bind(to_millis(since)).push(" GROUP BY label");
        let mut new = NewMentions::default();
        for row in sql.all(&self.pool).await? {
            let n = row.try_get::<i64, _>("n")?.max(0) as u64;
            new.all += n;
            match Label::parse(row.try_get("label")?) {
                Some(Label::Positive) => new.positive += n,
                Some(Label::Negative) => new.negative += n,
                _ => {}
            }
        }
        Ok(new)
    }

    /// How many cases nobody has answered, and since when the longest of them waits.
    pub async fn waiting_cases(&self) -> Result<(u64, Option<Time>)> {
        let row =
            Sql::new("SELECT COUNT(*) AS n, MIN(waiting_since) AS since FROM cases WHERE state = 'open'")
                .one(&self.pool)
                .await?;
        let since: Option<i64> = row.try_get("since")?;
        Ok((row.try_get::<i64, _>("n")?.max(0) as u64, since.map(from_millis)))
    }

    /// How many matches wait for the owner.
    pub async fn doubtful_matches(&self) -> Result<u64> {
        let row =
            Sql::new("SELECT COUNT(*) AS n FROM matches WHERE state = 'doubtful'").one(&self.pool).await?;
        Ok(row.try_get::<i64, _>("n")?.max(0) as u64)
    }
}

fn median_minutes(millis: &mut [i64]) -> Option<f64> {
    if millis.is_empty() {
        return None;
    }
    millis.sort_unstable();
    let (low, high) = (millis[(millis.len() - 1) / 2], millis[millis.len() / 2]);
    Some((low + high) as f64 / 2.0 / 60_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_is_wide_for_few_and_stays_within_bounds() {
        let (low, high) = wilson(3.0, 3.0).expect("an interval");
        assert!((0.43..0.45).contains(&low) && high == 1.0, "{low} {high}");
        let (low, high) = wilson(50.0, 100.0).expect("an interval");
        assert!((low - 0.4038).abs() < 1e-3 && (high - 0.5962).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0.0, 0.0), None);
    }
}
