//! Days that a text counts from the one it was published on: "yesterday", "last Tuesday", "vor drei Tagen", 三天前, "at Easter". It
//! knows words, and no customers.

use chrono::Datelike;

use super::{
    calendar::{self as words, Meaning, Unit},
    dates::{Reader, date, days, ymd},
    tokens::Kind,
};

/// Before this hour (UTC) "today" may be what is yesterday already.
const SMALL_HOURS: i32 = 6;

impl Reader<'_> {
    /// "Yesterday", "last week", "vor drei Tagen", "at Easter".
    pub(super) fn relative(&mut self, at: usize) -> Option<usize> {
        let published = self.published?;
        let today = published.day;
        let token = self.tokens.get(at)?;
        if token.kind == Kind::Mark {
            return None;
        }
        if let Some(used) = self.counted(at, today) {
            return Some(used);
        }
        let (meaning, signs) = self.phrase(at)?;
        let means = |list: u64| meaning.lists & list != 0;
        let word = token.text.as_str();
        let before = at.checked_sub(1);
        if means(words::BEFORE_YESTERDAY)
            || (word == "day" && self.any("before", Some(at + 1)) && self.any("yesterday", Some(at + 2)))
            || (matches!(word, "onceki" | "evvelsi") && self.any("gun", Some(at + 1)))
        {
            self.add(today - 2, today - 2);
            return Some(if word == "day" { 3 } else { signs });
        }
        if means(words::YESTERDAY) && !(word == "hier" && self.here) {
            let hyphen = before.filter(|n| self.mark(*n, &['-'])).map_or(before, |n| n.checked_sub(1));
            let more = self.is(words::ONE_MORE, hyphen)
                || (self.any("de", before) && self.any("antes", at.checked_sub(2)));
            let day = today - 1 - i32::from(more);
            // Written in the small hours of the day after.
            let from = day - i32::from(published.hour.is_some_and(|h| h < SMALL_HOURS));
            self.add(from, day);
            return Some(signs);
        }
        if means(words::TODAY)
            || (means(words::DAYTIME) && self.any("this cette esta questa deze dit bu heute etim", before))
        {
            let from = today - i32::from(published.hour.is_some_and(|h| h < SMALL_HOURS));
            self.add(from, today);
            return Some(signs);
        }
        if means(words::NIGHT) && self.any("last letzte", before) {
            self.add(today - 1, today - 1);
            return Some(signs);
        }
        if let Some((weekday, used)) = self.weekday(at) {
            let back = (date(today)?.weekday().num_days_from_monday() as i32 - weekday).rem_euclid(7);
            self.add(today - back, today - back);
            self.add(today - back - 7, today - back - 7);
            return Some(used);
        }
        if let Some((day, month, width)) = meaning.feast {
            return self.feast(at, day, month, width).map(|()| signs);
        }
        let unit = meaning.unit.filter(|_| {
            token.kind != Kind::Sign
                || signs > 1
                || self.any("上 先 本 这", before)
                || self.any("上 先", at.checked_sub(2))
        })?;
        // "Le week-end", "el fin de semana".
        let hyphen = self.mark(at + 1, &['-']) && self.any("end", Some(at + 2));
        let end_of = self.any("fin fim fine", at.checked_sub(2)) || self.any("fin fine", before);
        let unit = if unit == Unit::Week && (hyphen || end_of) { Unit::Weekend } else { unit };
        let signs = if hyphen { 3 } else { signs };
        let near = [before, at.checked_sub(2), Some(at + 1)];
        if near[..2].iter().chain(&near[2..]).any(|n| self.is(words::OTHER, *n))
            && !self.is(words::LAST, before)
        {
            return None;
        }
        if unit == Unit::Month
            && let Some(third) = [2, 3].iter().find_map(|n| self.meaning(at.checked_sub(*n))?.third)
        {
            // "Anfang des Monats".
            let now = date(today)?;
            return self.whole_month(Some(now.year()), now.month() as i32, Some(third)).map(|()| signs);
        }
        let last = self.is(words::LAST, before)
            || self.is(words::LAST, Some(at + 1))
            || (self.any("个 個", before) && self.is(words::LAST, at.checked_sub(2)));
        let this = self.is(words::THIS, before) && !self.any("w", before);
        self.unit(unit, last, this, today)?;
        Some(signs)
    }

    /// What the word there means, or the longest run of signs that means something; and how many pieces it takes.
    fn phrase(&self, at: usize) -> Option<(&'static Meaning, usize)> {
        let one = self.meaning(Some(at))?;
        if self.tokens[at].kind != Kind::Sign {
            return Some((one, 1));
        }
        let run = self.tokens[at..].iter().take(5).take_while(|t| t.kind == Kind::Sign).count();
        let longer = (2..=run).rev().find_map(|long| {
            let word: String = self.tokens[at..at + long].iter().map(|t| t.text.as_str()).collect();
            Some((words::meaning(&word)?, long))
        });
        longer.or(Some((one, 1)))
    }

    fn weekday(&self, at: usize) -> Option<(i32, usize)> {
        let before = at.checked_sub(1);
        let word = self.word(Some(at));
        let (weekday, used) = if self.tokens[at].kind == Kind::Sign {
            // 上周二, 星期二, 火曜日.
            let two = self
                .meaning(Some(at + 1))
                .and_then(|m| m.weekday_sign)
                .filter(|_| matches!(word, "周" | "週"));
            let three = self
                .meaning(Some(at + 2))
                .and_then(|m| m.weekday_sign)
                .filter(|_| word == "星" && self.any("期", Some(at + 1)));
            let japanese =
                self.meaning(Some(at)).and_then(|m| m.weekday_sign).filter(|_| self.any("曜", Some(at + 1)));
            two.map(|d| (d, 2)).or(three.map(|d| (d, 3))).or(japanese.map(|d| (d, 2)))?
        } else {
            (self.meaning(Some(at))?.weekday?, 1)
        };
        let feira =
            self.any("feira", Some(at + 1)) || (self.mark(at + 1, &['-']) && self.any("feira", Some(at + 2)));
        let meant = feira
            || self.is(words::LAST, before)
            || self.any("gunu", Some(at + 1))
            || self.any("يوم", before);
        if (self.is(words::DOUBTFUL_DAY, Some(at)) && !meant) || self.any("a an", before) {
            return None;
        }
        // "El martes que viene".
        if self.any("que qui", Some(at + used)) && self.any("viene vient vem", Some(at + used + 1)) {
            return None;
        }
        let to_come = [
            before,
            at.checked_sub(2),
            at.checked_sub(3),
            Some(at + used).filter(|n| !self.any("午", Some(n + 1))),
        ];
        (!to_come.iter().any(|n| self.is(words::OTHER, *n))).then_some((weekday, used))
    }

    /// "Three days ago", "vor drei Tagen", "il y a deux semaines", 三天前.
    fn counted(&mut self, at: usize, today: i32) -> Option<usize> {
        let few = self.is(words::FEW, Some(at));
        let dual = ["يومين", "اسبوعين", "شهرين"].contains(&self.word(Some(at)));
        let alone = self.meaning(Some(at)).is_some_and(|m| m.unit.is_some())
            && self.tokens[at].kind == Kind::Word
            && self.any("قبل منذ", at.checked_sub(1));
        let (count, used) = match self.number(at) {
            _ if dual => (2, 0),
            _ if few => (3, 1),
            None if alone => (1, 0),
            // A unit alone is one: "tydzień temu", "неделю назад".
            None if self.any("temu nazad", Some(at + 1)) => (1, 0),
            number => number?,
        };
        if !(1..=60).contains(&count) {
            return None;
        }
        let mut next = at + used;
        let mut vague = few;
        if self.any("couple", Some(at)) || (self.any("couple few", Some(at + 1)) && self.any("a", Some(at))) {
            vague = true;
            next += usize::from(self.any("couple few", Some(next)));
        }
        let count = if vague && count == 1 { 2 + i32::from(self.any("few", Some(at + 1))) } else { count };
        while self.any("of de 个 個 か ヶ ケ カ", Some(next)) || self.mark(next, &['-']) {
            next += 1;
        }
        // 週間前: a week's length.
        let unit = self.meaning(Some(next))?.unit?;
        next += 1;
        next += usize::from(self.any("間 间 期 末", Some(next)));
        let before = at.checked_sub(1);
        let behind = self.is(words::BACK_BEHIND, Some(next));
        // "Il y a une dizaine de jours".
        let before = if self.any("une un", before) { at.checked_sub(2) } else { before };
        let ahead = self.is(words::BACK_BEFORE, before)
            || (self.any("a", before) && self.any("y", before.and_then(|n| n.checked_sub(1))));
        if !behind && !ahead {
            return None;
        }
        let (middle, slack) = match unit {
            Unit::Hour => (today, 0),
            Unit::Day => (today - count, i32::from(count > 3)),
            Unit::Week => (today - 7 * count, 3),
            Unit::Month => {
                let back = date(today)?.checked_sub_months(chrono::Months::new(count as u32))?;
                (days(back), 8)
            }
            Unit::Year => (today - 365 * count, 60),
            Unit::Weekend => return None,
        };
        let slack = if vague { slack.max(2) + count / 3 } else { slack };
        let early = i32::from(
            unit == Unit::Hour && self.published.and_then(|p| p.hour).is_some_and(|h| h < 2 * SMALL_HOURS),
        );
        self.add(middle - slack - early, (middle + slack).min(today));
        Some(next + usize::from(behind) - at)
    }

    /// "Last week", "this month", "at the weekend".
    fn unit(&mut self, unit: Unit, last: bool, this: bool, today: i32) -> Option<()> {
        let now = date(today)?;
        let weekday = now.weekday().num_days_from_monday() as i32;
        match unit {
            Unit::Week if last => self.add(today - weekday - 7, today - 1),
            Unit::Week if this => self.add(today - weekday, today),
            Unit::Month if last => {
                let before = now.checked_sub_months(chrono::Months::new(1))?;
                self.whole_month(Some(before.year()), before.month() as i32, None)?;
            }
            Unit::Month if this => self.whole_month(Some(now.year()), now.month() as i32, None)?,
            Unit::Year if last => self.add(ymd(now.year() - 1, 1, 1)?, ymd(now.year() - 1, 12, 31)?),
            Unit::Weekend => {
                // On a Sunday "the weekend" is this one, and "last weekend" may be either.
                let saturday = today - (weekday + 2) % 7;
                let before = if last && weekday >= 5 { 7 } else { 0 };
                self.add(saturday - 1 - before, (saturday + 1).min(today));
            }
            _ => return None,
        }
        Some(())
    }

    fn feast(&mut self, at: usize, day: i32, month: i32, width: i32) -> Option<()> {
        let back = [at.checked_sub(1), at.checked_sub(2)];
        let behind = at + 1 + usize::from(self.tokens.get(at + 1).is_some_and(|t| t.text == "s"));
        let behind = behind + usize::from(self.mark(at + 1, &['\'', '’']));
        let sort_of = self.any("a an", at.checked_sub(1))
            && self
                .tokens
                .get(behind + usize::from(self.tokens.get(behind).is_some_and(|t| t.text == "s")))
                .is_some_and(|t| t.is_word());
        let bought_for =
            sort_of || back.iter().any(|n| self.any("for fur pour para per voor dla dlia icin", *n));
        let name = self.any("valentin valentino valentina", Some(at));
        let saint = self.any("saint san st sviatogo", at.checked_sub(1))
            || self.any("saint san st", at.checked_sub(2));
        let own_day = (1..=3).any(|n| self.any("day eve gunu gununde dagen", Some(at + n)));
        let said = if name { saint } else { back.iter().any(|n| self.is(words::AT, *n)) }
            || self.tokens[at].kind == Kind::Sign
            || own_day
            || self.any("valentinstag walentynki sevgililer", Some(at));
        if bought_for || !said {
            return None;
        }
        let from = self.latest(|year| match day {
            0 => words::easter(year).map(|sunday| days(sunday) + month),
            _ => ymd(year, month, day),
        })?;
        self.add(from, from + width - 1);
        Some(())
    }
}
