//! Days that a text speaks of: "on 3 March", "12.03.2026", "last Tuesday", "vor drei Tagen", 三日前, read as of the moment it was
//! published. It knows words, and no customers.

use chrono::{Datelike, NaiveDate};

use super::{
    calendar::{self as words, Meaning},
    tokens::{Kind, Token},
};

/// Spans of one text, at most.
const MOST: usize = 8;

/// Days that may be meant, the first and the last, since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// First.
    pub from: i32,
    /// Last.
    pub to: i32,
}

/// When a text was published: the day since 1970, and the hour where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Since 1970.
    pub day: i32,
    /// 0 to 23, in UTC.
    pub hour: Option<i32>,
}

/// A date as days since 1970.
pub(super) fn days(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

/// The date of a day since 1970.
pub fn date(day: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::Duration::days(day.into()))
}

/// The day of a date.
pub(super) fn ymd(year: i32, month: i32, day: i32) -> Option<i32> {
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?).map(days)
}

fn is_year(number: i32) -> bool {
    (1990..2100).contains(&number)
}

/// Every span of days that a text speaks of, and which of its pieces said so.
pub fn spoken_of(tokens: &[Token], published: Option<Published>) -> (Vec<Days>, Vec<bool>) {
    let mut reader = Reader {
        tokens,
        published,
        found: Vec::new(),
        taken: vec![false; tokens.len()],
        here: speaks_of_here(tokens),
        meanings: tokens.iter().map(|t| words::meaning(&t.text)).collect(),
    };
    let mut at = 0;
    while at < tokens.len() && reader.found.len() < MOST {
        let used = reader.figures(at).or_else(|| reader.in_words(at)).or_else(|| reader.relative(at));
        let end = at + used.unwrap_or(1).max(1);
        if used.is_some() {
            let end = end.min(tokens.len());
            reader.taken[at..end].iter_mut().for_each(|taken| *taken = true);
        }
        at = end;
    }
    (reader.found, reader.taken)
}

/// Whether "hier" is where they were, as in German and Dutch, and not when.
fn speaks_of_here(tokens: &[Token]) -> bool {
    const HERE: &str = "ich und der die das nicht ist war sehr wir habe haben auch mit een het niet wij zijn was ik en de hebben goed";
    const YESTERDAY: &str =
        "et le la les je nous est etait pas tres des une pour avec au soir matin midi apres chez";
    if !tokens.iter().any(|t| t.text == "hier") {
        return false;
    }
    let count = |list: &str| tokens.iter().take(400).filter(|t| list.split(' ').any(|w| w == t.text)).count();
    count(HERE) >= count(YESTERDAY).max(1)
}

/// A text on its way to be read.
pub(super) struct Reader<'a> {
    /// The text.
    pub(super) tokens: &'a [Token],
    /// When it was published.
    pub(super) published: Option<Published>,
    found: Vec<Days>,
    taken: Vec<bool>,
    /// "Hier" is where they were.
    pub(super) here: bool,
    meanings: Vec<Option<&'static Meaning>>,
}

impl Reader<'_> {
    pub(super) fn add(&mut self, from: i32, to: i32) {
        // Nobody tells of what is yet to come; a day more for those far in the east.
        let last = self.published.map_or(i32::MAX, |p| p.day + 1);
        let span = Days { from, to: to.min(last) };
        if span.from <= span.to && self.found.len() < MOST && !self.found.contains(&span) {
            self.found.push(span);
        }
    }

    pub(super) fn token(&self, at: Option<usize>) -> Option<&Token> {
        self.tokens.get(at?)
    }

    /// The word there; "" where there is none.
    pub(super) fn word(&self, at: Option<usize>) -> &str {
        self.token(at).filter(|t| t.is_word()).map_or("", |t| &t.text)
    }

    /// What the word there means where days are spoken of.
    pub(super) fn meaning(&self, at: Option<usize>) -> Option<&'static Meaning> {
        *self.meanings.get(at?)?
    }

    pub(super) fn is(&self, list: u64, at: Option<usize>) -> bool {
        self.meaning(at).is_some_and(|m| m.lists & list != 0)
    }

    /// Whether the word there is one of these.
    pub(super) fn any(&self, list: &str, at: Option<usize>) -> bool {
        self.meaning(at).is_some() && list.split(' ').any(|w| w == self.word(at))
    }

    pub(super) fn mark(&self, at: usize, marks: &[char]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.kind == Kind::Mark && marks.iter().any(|m| t.is_mark(*m)))
    }

    /// A number in figures, in words or in signs, and how many pieces it takes.
    pub(super) fn number(&self, at: usize) -> Option<(i32, usize)> {
        let token = self.tokens.get(at)?;
        match token.kind {
            Kind::Number => Some((token.number()?, 1)),
            Kind::Word => Some((self.meaning(Some(at))?.count?, 1)),
            Kind::Mark => None,
            Kind::Sign => {
                let run = &self.tokens[at..(at + 3).min(self.tokens.len())];
                let digits: Vec<i32> =
                    (at..at + run.len()).map_while(|n| self.meaning(Some(n))?.count).collect();
                match digits.as_slice() {
                    [10, n, ..] if *n < 10 => Some((10 + n, 2)),
                    [tens, 10, n] if *tens < 4 && *n < 10 => Some((tens * 10 + n, 3)),
                    [tens, 10, ..] if *tens < 4 => Some((tens * 10, 2)),
                    [n, ..] => Some((*n, 1)),
                    [] => None,
                }
            }
        }
    }

    /// The last such day up to the day of publishing.
    pub(super) fn latest(&self, of_year: impl Fn(i32) -> Option<i32>) -> Option<i32> {
        let published = self.published?.day;
        let this = date(published)?.year();
        [this, this - 1].into_iter().filter_map(of_year).find(|day| *day <= published + 1)
    }

    fn resolved(&self, year: Option<i32>, month: i32, day: i32) -> Option<i32> {
        match year {
            Some(year) if is_year(year) => ymd(year, month, day),
            Some(year) if year < 100 => {
                // "26" is a year only near the one it was published in.
                let now = date(self.published?.day)?.year();
                Some(2000 + year).filter(|y| (now - 10..=now).contains(y)).and_then(|y| ymd(y, month, day))
            }
            Some(_) => None,
            None => self.latest(|year| ymd(year, month, day)),
        }
    }

    /// A whole month, or a third of it.
    pub(super) fn whole_month(&mut self, year: Option<i32>, month: i32, third: Option<i32>) -> Option<()> {
        let first = match year {
            Some(year) => ymd(year, month, 1)?,
            None => self.latest(|year| ymd(year, month, 1))?,
        };
        let next = days(date(first)?.checked_add_months(chrono::Months::new(1))?);
        let (from, to) = match third {
            Some(0) => (first, first + 9),
            Some(1) => (first + 9, first + 19),
            Some(_) => (first + 19, next - 1),
            None => (first, next - 1),
        };
        self.add(from, to);
        Some(())
    }

    /// Dates in figures: "03/03/2026", "2026-03-03", "am 3.3.", "3月3日".
    fn figures(&mut self, at: usize) -> Option<usize> {
        if let Some(used) = self.signs(at) {
            return Some(used);
        }
        let first = self.tokens.get(at)?.number()?;
        if self.tokens[at].text.len() == 8
            && self.tokens.get(at + 1).is_none_or(|t| t.gap || t.kind == Kind::Mark)
        {
            // "20260303".
            let (year, month, day) = (first / 10_000, first / 100 % 100, first % 100);
            let day = Some(year).filter(|y| is_year(*y)).and_then(|year| ymd(year, month, day))?;
            self.add(day, day);
            return Some(1);
        }
        let sign =
            |n: usize| self.tokens.get(n).filter(|t| t.kind == Kind::Mark && !t.gap).map(|t| t.text.clone());
        let parts = ["/", "-", "."];
        let by = sign(at + 1).filter(|s| parts.contains(&s.as_str()))?;
        let dot = by == ".";
        let near = |n: usize| self.tokens.get(n).filter(|t| !t.gap || dot).and_then(Token::number);
        let second = near(at + 2)?;
        let glued = at > 0
            && !self.tokens[at].gap
            && matches!(self.tokens[at - 1].kind, Kind::Number | Kind::Mark)
            && (parts.contains(&self.tokens[at - 1].text.as_str()) || self.tokens[at - 1].is_mark(','));
        if glued {
            return None;
        }
        if sign(at + 3).as_ref() == Some(&by)
            && let Some(third) = near(at + 4)
            && self.tokens.get(at + 5).is_none_or(|t| t.gap || t.kind != Kind::Number)
        {
            let found: Vec<i32> = if is_year(first) {
                self.resolved(Some(first), second, third).into_iter().collect()
            } else {
                // Between slashes either may be the day.
                let turned = self.resolved(Some(third), first, second).filter(|_| by == "/" || by == "-");
                let mut both: Vec<i32> = self.resolved(Some(third), second, first).into_iter().collect();
                both.extend(turned.filter(|_| first != second));
                both
            };
            found.iter().for_each(|day| self.add(*day, *day));
            return (!found.is_empty()).then_some(5);
        }
        // Without the year: only what is written like a date, "am 3.3.", "03.03.".
        let wide = |n: usize| self.tokens[n].text.len() == 2;
        let closed = dot && sign(at + 3).as_deref() == Some(".");
        let said = self.is(words::ON, at.checked_sub(1));
        let two = wide(at) && wide(at + 2) && by != "-";
        if !(said || (closed && two)) || !(1..=31).contains(&first) || !(1..=31).contains(&second) {
            return None;
        }
        let mut found: Vec<i32> = self.resolved(None, second, first).into_iter().collect();
        if by == "/" && first != second {
            found.extend(self.resolved(None, first, second));
        }
        found.iter().for_each(|day| self.add(*day, *day));
        (!found.is_empty()).then_some(3)
    }

    /// 2026年3月3日, 3月3号, 三月, 3월 3일.
    fn signs(&mut self, at: usize) -> Option<usize> {
        let (first, used) = self.number(at)?;
        let unit =
            |n: usize, signs: &[&str]| self.tokens.get(n).is_some_and(|t| signs.contains(&t.text.as_str()));
        let mut next = at + used;
        let mut year = None;
        let mut month = first;
        if is_year(first) && unit(next, &["年", "년"]) {
            year = Some(first);
            let (number, used) = self.number(next + 1)?;
            (month, next) = (number, next + 1 + used);
        }
        if !(1..=12).contains(&month) || !unit(next, &["月", "월"]) {
            return None;
        }
        next += 1;
        if let Some((day, used)) = self.number(next).filter(|(day, _)| (1..=31).contains(day))
            && unit(next + used, &["日", "号", "號", "일"])
        {
            let day = self.resolved(year, month, day)?;
            self.add(day, day);
            return Some(next + used + 1 - at);
        }
        // 一月前 counts months.
        if unit(next, &["前", "间", "間"]) {
            return None;
        }
        self.whole_month(year, month, None)?;
        Some(next - at)
    }

    /// "3 March", "3 de marzo", "March 3rd, 2026", "Anfang März", "in February".
    fn in_words(&mut self, at: usize) -> Option<usize> {
        let small = |number: (i32, usize)| Some(number).filter(|(n, _)| (1..=31).contains(n));
        let year = |reader: &Self, from: usize| -> (Option<i32>, usize) {
            let skip = usize::from(reader.mark(from, &[',', '.']) || reader.any("de del of", Some(from)));
            match reader.tokens.get(from + skip).and_then(Token::number).filter(|y| is_year(*y)) {
                Some(year) => (Some(year), skip + 1),
                None => (None, 0),
            }
        };
        // The day first, and its ordinal.
        if let Some((day, used)) = self.number(at).and_then(small) {
            let mut next = at + used;
            while next < at + used + 4
                && (self.mark(next, &['.', '-', ','])
                    || self.is(words::ORDINAL, Some(next))
                    || self.is(words::OF, Some(next)))
            {
                next += 1;
            }
            // "Tres de marzo", "am dritten März"; "a March day" tells no day.
            let text = self.tokens[at].text.as_str();
            let ordinal =
                ["ten", "th", "first", "second", "third", "premier"].iter().any(|end| text.ends_with(end));
            let plain =
                self.tokens[at].kind != Kind::Word || ordinal || self.is(words::OF, next.checked_sub(1));
            if let Some(month) = self.meaning(Some(next)).and_then(|m| m.month).filter(|_| plain) {
                let (year, more) = year(self, next + 1);
                let day = self.resolved(year, month, day)?;
                self.add(day, day);
                return Some(next + 1 + more - at);
            }
        }
        let Some(month) = self.meaning(Some(at)).and_then(|m| m.month) else { return self.day_alone(at) };
        let token = &self.tokens[at];
        let doubtful = self.is(words::DOUBTFUL, Some(at)) && !token.capital && token.plain;
        let sure = !doubtful;
        let before = at.checked_sub(1);
        let dot = usize::from(self.mark(at + 1, &['.']) || self.any("the", Some(at + 1)));
        if let Some(day) =
            self.tokens.get(at + 1 + dot).and_then(Token::number).filter(|d| (1..=31).contains(d))
            && sure
            && !self.is(words::IN, before)
        {
            let ordinal =
                usize::from(self.is(words::ORDINAL, Some(at + 2 + dot)) && !self.tokens[at + 2 + dot].gap);
            let (year, more) = year(self, at + 2 + dot + ordinal);
            let day = self.resolved(year, month, day)?;
            self.add(day, day);
            return Some(2 + dot + ordinal + more);
        }
        let (year, more) = year(self, at + 1);
        let part = |n: usize| self.meaning(at.checked_sub(n)).and_then(|m| m.third);
        let hyphen = before.is_some_and(|n| self.mark(n, &['-']));
        let behind = self.meaning(Some(at + 1)).and_then(|m| m.third_behind);
        let third = part(1)
            .or(behind)
            .or_else(|| part(2).filter(|_| hyphen))
            .or_else(|| part(2).filter(|_| self.any("di de d of", before)));
        let meant = year.is_some()
            || self.any("ayinda ayi", Some(at + 1))
            || third.is_some()
            || (self.is(words::IN, before) && sure && !self.is(words::OTHER, before));
        let named = self.any("ayinda ayi", Some(at + 1));
        if !meant || (doubtful && year.is_none() && third.is_none() && !named) {
            return None;
        }
        self.whole_month(year, month, third)?;
        Some(1 + more)
    }

    /// "on the 3rd", "am 3.", "el día 3", 3日に: the last such day.
    fn day_alone(&mut self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        let day = token.number().filter(|d| (1..=31).contains(d))?;
        let word = |n: usize| self.word(at.checked_sub(n));
        let ordinal = self
            .tokens
            .get(at + 1)
            .is_some_and(|t| !t.gap && ["st", "nd", "rd", "th"].contains(&t.text.as_str()));
        let day_of = matches!(word(1), "dia" | "giorno")
            || (word(1) == "am"
                && self.mark(at + 1, &['.'])
                && !self.tokens[at + 1].gap
                && self.tokens.get(at + 2).is_none_or(|t| t.gap && t.is_word()));
        let english = ordinal && word(1) == "the" && matches!(word(2), "on" | "until" | "since");
        let japanese = self.any("日", Some(at + 1)) && self.any("に", Some(at + 2));
        if !(day_of || english || japanese) {
            return None;
        }
        let published = date(self.published?.day)?;
        let this = ymd(published.year(), published.month() as i32, day).filter(|d| *d <= days(published) + 1);
        let before = published.checked_sub_months(chrono::Months::new(1))?;
        let day = this.or_else(|| ymd(before.year(), before.month() as i32, day))?;
        self.add(day, day);
        Some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::text::tokens::cut;

    fn of(text: &str) -> Vec<(i32, i32)> {
        // A Thursday.
        let today = NaiveDate::from_ymd_opt(2026, 3, 12).map(days).unwrap_or_default();
        let (found, _) = spoken_of(&cut(text), Some(Published { day: today, hour: Some(12) }));
        found.into_iter().map(|d| (d.from - today, d.to - today)).collect()
    }

    #[test]
    fn days_are_found_in_several_languages() {
        assert_eq!(of("I came on 3 March 2026"), [(-9, -9)]);
        assert_eq!(of("March 3rd"), [(-9, -9)]);
        assert_eq!(of("el 3 de marzo de 2026"), [(-9, -9)]);
        assert_eq!(of("on 05/03/2026"), [(-7, -7)]);
        assert_eq!(of("on 05/01/2026 or 01/05/2026"), [(-66, -66)]);
        assert_eq!(of("2026-03-10"), [(-2, -2)]);
        assert_eq!(of("letzten Dienstag"), [(-2, -2), (-9, -9)]);
        assert_eq!(of("vor drei Tagen"), [(-3, -3)]);
        assert_eq!(of("il y a 2 semaines"), [(-17, -11)]);
        assert_eq!(of("yesterday evening"), [(-1, -1)]);
        assert_eq!(of("30 december"), [(-72, -72)]);
        assert!(of("it may take 20 minutes a day").is_empty());
    }

    #[test]
    fn feasts_have_their_days() {
        assert_eq!(easter_of(2026), (4, 5));
        assert_eq!(of("at Christmas it was full"), [(-78, -76)]);
        assert!(of("a present for Christmas").is_empty());
    }

    fn easter_of(year: i32) -> (u32, u32) {
        words::easter(year).map(|d| (d.month(), d.day())).unwrap_or_default()
    }
}
