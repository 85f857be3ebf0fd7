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
        let ((rating, positive), (waiting, first_answer), won_back) = tokio::try_join!(
            self.opinion_figures(now),
            self.answering_figures(now),
            self.won_back_figure(now)
        )?;
        Ok(vec![rating, positive, waiting, first_answer, won_back])
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

    /// Cases that nobody has answered, now and at the end of each week; and the median minutes from when they spoke to the
    /// first answer, by when it was given.
    async fn answering_figures(&self, now: Time) -> Result<(Figure, Figure)> {
        let now = to_millis(now);
        // (weeks since it opened, weeks since the waiting ended or none) → how many.
        let mut spans: Vec<(i64, Option<i64>, u64)> = Vec::new();
        // A bound on the moment, always true, leads the planner to the small index of waiting cases.
        let waiting = format!(
            "SELECT ({now} - opened_at) / {WEEK} AS began, COUNT(*) AS n FROM cases \
             WHERE state = 'open' AND waiting_since > 0 GROUP BY 1"
        );
        for row in Sql::new(&waiting).all(&self.pool).await? {
            spans.push((row.try_get("began")?, None, row.try_get::<i64, _>("n")?.max(0) as u64));
        }
        let unanswered = format!(
            "SELECT ({now} - opened_at) / {WEEK} AS began, ({now} - closed_at) / {WEEK} AS ended, COUNT(*) AS n \
             FROM cases WHERE first_contact_at IS NULL AND closed_at > {} GROUP BY 1, 2",
            now - WEEKS * WEEK
        );
        for row in Sql::new(&unanswered).all(&self.pool).await? {
            let n = row.try_get::<i64, _>("n")?.max(0) as u64;
            spans.push((row.try_get("began")?, Some(row.try_get("ended")?), n));
        }
        let answers = self.answers(now).await?;
        spans.extend(answers.iter().map(|answer| (answer.began, Some(answer.ago / 7), 1)));
        // Waiting k weeks ago: opened before then, and not answered by then.
        let waiting = |k: i64| -> f64 {
            let then = spans.iter().filter(|(began, ended, _)| *began >= k && ended.is_none_or(|e| e < k));
            then.map(|(_, _, n)| *n).sum::<u64>() as f64
        };
        let waiting = Figure {
            name: "waiting".into(),
            value: Some(spans.iter().filter(|s| s.1.is_none()).map(|s| s.2).sum::<u64>() as f64),
            before: Some(waiting(1)),
            low: None,
            high: None,
            line: (0..WEEKS).rev().map(|k| Some(waiting(k))).collect(),
        };
        Ok((waiting, first_answer(&answers)))
    }

    /// The answers of the last weeks. One row a day comes from the database, with that day's answers in one text: a row for
    /// each of them would take ten times as long.
    async fn answers(&self, now: i64) -> Result<Vec<Answer>> {
        let sql = format!(
            "SELECT ({now} - first_contact_at) / {DAY} AS ago, \
             string_agg(CAST((first_contact_at - waiting_since) / 60000 AS TEXT) || ' ' || \
             CAST(({now} - opened_at) / {WEEK} AS TEXT), ',') AS told \
             FROM cases WHERE first_contact_at IS NOT NULL AND first_contact_at > {} AND first_contact_at <= {now} GROUP BY 1",
            now - WEEKS * WEEK
        );
        let mut answers = Vec::new();
        for row in Sql::new(&sql).all(&self.pool).await? {
            let ago: i64 = row.try_get("ago")?;
            let told: String = row.try_get("told")?;
            answers.extend(told.split(',').filter_map(|one| {
                let (minutes, began) = one.split_once(' ')?;
                Some(Answer { ago, minutes: minutes.parse::<i64>().ok()?.max(0), began: began.parse().ok()? })
            }));
        }
        Ok(answers)
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
        // Sums rather than groups: to group by label, the planner would go through every mention there is.
        let mut sql = Sql::new(
            "SELECT COUNT(*) AS n, CAST(SUM(CASE WHEN label = 'positive' THEN 1 ELSE 0 END) AS BIGINT) AS positive, \
             CAST(SUM(CASE WHEN label = 'negative' THEN 1 ELSE 0 END) AS BIGINT) AS negative \
             FROM mentions WHERE back_fill = 0 AND collected_at > ",
        );
        sql.bind(to_millis(since));
        let row = sql.one(&self.pool).await?;
        let count =
            |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.unwrap_or(0).max(0) as u64);
        Ok(NewMentions { all: count("n")?, positive: count("positive")?, negative: count("negative")? })
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

/// A first answer: how many days ago, after how many minutes, and how many weeks ago the case was opened.
struct Answer {
    ago: i64,
    minutes: i64,
    began: i64,
}

fn first_answer(answers: &[Answer]) -> Figure {
    let median = |from: i64, to: i64| {
        let within = answers.iter().filter(|answer| (from..to).contains(&answer.ago));
        median(within.map(|answer| answer.minutes).collect())
    };
    Figure {
        name: "first_answer".into(),
        value: median(0, MONTH),
        before: median(MONTH, 2 * MONTH),
        low: None,
        high: None,
        line: (0..WEEKS).rev().map(|week| median(week * 7, week * 7 + 7)).collect(),
    }
}

fn median(mut minutes: Vec<i64>) -> Option<f64> {
    let (count, upper) = (minutes.len(), minutes.len() / 2);
    if count == 0 {
        return None;
    }
    let (below, middle, _) = minutes.select_nth_unstable(upper);
    let lower = below.iter().max().copied().filter(|_| count % 2 == 0).unwrap_or(*middle);
    Some((lower + *middle) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7.0));
        assert_eq!(median(vec![9, 1, 4]), Some(4.0));
        assert_eq!(median(vec![9, 1, 4, 2]), Some(3.0));
    }

    #[test]
    fn wilson_is_wide_for_few_and_stays_within_bounds() {
        let (low, high) = wilson(3.0, 3.0).expect("an interval");
        assert!((0.43..0.45).contains(&low) && high == 1.0, "{low} {high}");
        let (low, high) = wilson(50.0, 100.0).expect("an interval");
        assert!((low - 0.4038).abs() < 1e-3 && (high - 0.5962).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0.0, 0.0), None);
    }
}
