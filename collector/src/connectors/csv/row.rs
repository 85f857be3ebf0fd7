//! One line of a table to one mention. It knows the fields of the mapping and nothing of files.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    import::Mapping,
    mention::{Engagement, Precision, Reply, Subject, Thread},
    source::Values,
};

use super::{super::settings, table::Table};
use crate::reading::{
    dates::{self, Order},
    numbers, plain,
};

/// Which column each field stands in.
pub struct Fields(BTreeMap<String, usize>);

impl Fields {
    /// The columns of a mapping; unknown columns and fields are left out.
    pub fn new(columns: &[String], mapping: &Mapping) -> Self {
        let at = |column: &String| columns.iter().position(|c| c == column);
        Self(
            mapping
                .iter()
                .filter(|(_, field)| super::mapping::is_field(field))
                .filter_map(|(column, field)| Some((field.clone(), at(column)?)))
                .collect(),
        )
    }

    /// Whether there is a column for words or for stars.
    pub fn says_something(&self) -> bool {
        ["text", "rating", "title"].iter().any(|f| self.0.contains_key(*f))
    }

    fn cell<'c>(&self, cells: &'c [String], field: &str) -> Option<&'c str> {
        self.0.get(field).and_then(|i| cells.get(*i)).map(|c| c.trim()).filter(|c| !c.is_empty())
    }
}

/// What holds for all lines of a file.
pub struct Habits {
    best: Option<f64>,
    order: Order,
    kind: Kind,
}

impl Habits {
    /// From the settings; where they are silent, from all lines together.
    pub fn of(table: &Table, fields: &Fields, values: &Values) -> Self {
        let cells =
            |field: &'static str| table.records.iter().filter_map(move |r| fields.cell(&r.cells, field));
        let heading = fields.0.get("rating").map(|i| table.columns[*i].to_lowercase()).unwrap_or_default();
        let promised = if heading.contains("nps") || heading.contains("/10") || heading.contains("of 10") {
            Some(10.0)
        } else if heading.contains("five star") || heading.contains("/5") {
            Some(5.0)
        } else {
            None
        };
        let seen = cells("rating")
            .filter_map(stars)
            .filter(|(_, best)| best.is_none())
            .map(|(v, _)| v)
            .fold(0.0, f64::max);
        let scale = [5.0, 10.0, 100.0].into_iter().find(|s| seen <= *s);
        let best = settings::value(values, "best").and_then(numbers::decimal).filter(|b| *b > 0.0);
        let order = match settings::value(values, "dates") {
            Some("day") => Order::DayFirst,
            Some("month") => Order::MonthFirst,
            _ => dates::order_of(cells("published_at")),
        };
        let kind = settings::value(values, "kind").and_then(Kind::parse).unwrap_or(Kind::Review);
        Self { best: best.or(promised).or(scale), order, kind }
    }
}

/// A rating in figures, stars or words, and its scale where it says so.
pub fn stars(text: &str) -> Option<(f64, Option<f64>)> {
    let text = text.trim();
    if let Some(drawn) = numbers::drawn(text) {
        return Some(drawn);
    }
    let word = match text.to_lowercase().as_str() {
        "one" => Some((1.0, Some(5.0))),
        "two" => Some((2.0, Some(5.0))),
        "three" => Some((3.0, Some(5.0))),
        "four" => Some((4.0, Some(5.0))),
        "five" => Some((5.0, Some(5.0))),
        "recommended" | "recommend" | "positive" | "yes" | "thumbs up" => Some((1.0, Some(1.0))),
        "not recommended" | "don't recommend" | "negative" | "no" | "thumbs down" => Some((0.0, Some(1.0))),
        _ => None,
    };
    if word.is_some() {
        return word;
    }
    if text.chars().filter(|c| c.is_alphabetic()).count() > 14 || text.len() > 40 {
        return None;
    }
    numbers::of_scale(text)
}

/// Whether a cell may be a date of some order.
pub fn date_like(text: &str) -> bool {
    when(text, Order::DayFirst).or_else(|| when(text, Order::MonthFirst)).is_some()
}

/// A date, also as spreadsheets and machines count: days since 1899-12-30, seconds or milliseconds since 1970.
fn when(text: &str, order: Order) -> Option<(Time, Precision)> {
    if text.len() >= 5
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.matches('.').count() <= 1
    {
        let number: f64 = text.parse().ok()?;
        if (20_000.0..80_000.0).contains(&number) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just above")]
            let days = Days::new(number as u64);
            let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(days)?;
            return Some((date.and_time(chrono::NaiveTime::MIN).and_utc(), Precision::Day));
        }
        let whole: Option<i64> = text.parse().ok();
        match (text.len(), whole) {
            (9..=10, Some(n)) => return dates::seconds(n).map(|t| (t, Precision::Second)),
            (13, Some(n)) => return dates::milliseconds(n).map(|t| (t, Precision::Second)),
            _ => {}
        }
    }
    dates::parse_ordered(text, order)
}

/// One line: the mention with remarks, or why it is left out.
pub fn read(cells: &[String], fields: &Fields, habits: &Habits) -> Result<(Mention, Vec<String>), String> {
    let cell = |field: &str| fields.cell(cells, field);
    let owned = |field: &str| cell(field).map(str::to_owned);
    let mut remarks = Vec::new();

    let rating = cell("rating").and_then(|text| {
        let found = stars(text).and_then(|(value, best)| {
            let best = best.or_else(|| cell("best").and_then(numbers::decimal)).or(habits.best)?;
            let worst = if best <= 1.0 || best > 10.0 || value == 0.0 { 0.0 } else { 1.0 };
            (value >= 0.0 && value <= best).then_some(Rating { value, best, worst: Some(worst) })
        });
        if found.is_none() {
            remarks.push(format!("“{}” is no rating; the line is imported without one.", short(text)));
        }
        found
    });
    let title = cell("title").map(plain::from_either).filter(|t| !t.is_empty());
    let text = cell("text").map(plain::from_either).unwrap_or_default();
    if text.is_empty() && rating.is_none() && title.is_none() {
        return Err("There are neither words nor a rating in this line; it is left out.".into());
    }
    let mut dated = |field: &str| {
        let text = cell(field)?;
        let found = when(text, habits.order);
        if found.is_none() {
            let why = if habits.order == Order::Unknown && date_like(text) {
                "could be two different days: say whether the day or the month comes first"
            } else {
                "is no date that can be read"
            };
            remarks.push(format!("“{}” {why}; the line is imported without a date.", short(text)));
        }
        found
    };
    let published = dated("published_at");
    let edited = dated("edited_at").map(|d| d.0);
    let answered = cell("reply_at").and_then(|t| when(t, habits.order)).map(|d| d.0);

    let name = owned("author").or_else(|| {
        let whole =
            [cell("first_name"), cell("last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!whole.is_empty()).then_some(whole)
    });
    let subject = Subject { id: owned("subject_id"), name: owned("subject"), url: None };
    let verified = cell("verified").and_then(|v| match v.to_lowercase().as_str() {
        "true" | "yes" | "1" | "y" | "verified" | "ja" | "oui" | "sí" | "si" => Some(true),
        "false" | "no" | "0" | "n" | "nein" | "non" | "nee" => Some(false),
        _ => None,
    });
    let mention = Mention {
        external_id: owned("external_id"),
        kind: cell("kind").and_then(|k| Kind::parse(&k.to_lowercase())).unwrap_or(habits.kind),
        url: owned("url").filter(|u| u.starts_with("http")),
        author: Author {
            name,
            handle: cell("handle").map(|h| h.trim_start_matches('@').to_owned()),
            id: owned("author_id"),
            email: owned("email").filter(|e| e.contains('@')),
            location: owned("location"),
            ..Author::default()
        },
        rating,
        title,
        text,
        language: owned("language").filter(|l| l.len() <= 12).map(|l| l.replace('_', "-")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: edited,
        reply: cell("reply").map(|t| Reply {
            text: plain::from_either(t),
            author: None,
            published_at: answered,
        }),
        thread: owned("thread_id").map(|id| Thread { id: Some(id), parent_id: None }),
        subject: (subject != Subject::default()).then_some(subject),
        order_id: owned("order_id"),
        engagement: cell("likes")
            .and_then(numbers::whole)
            .map(|likes| Engagement { likes: Some(likes), ..Engagement::default() }),
        verified,
        ..Mention::default()
    };
    Ok((mention, remarks))
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(40)]
}
