//! Days that a text speaks of: "on 3 March", "12.03.2026", "last Tuesday", "vor drei Tagen", read as of the day it was
//! published. It knows words in Latin letters without accents, and no customers.

use chrono::{Datelike, NaiveDate};

/// Days that may be meant, the first and the last, since 1970; and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// First.
    pub from: i32,
    /// Last.
    pub to: i32,
}

/// Months by how their names begin, in the languages that we read.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "janner", "janvier", "enero", "gennaio", "janeiro", "januari", "stycznia",
        "ianvaria", "ocak", "jan",
    ],
    &[
        "february",
        "februar",
        "feber",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "lutego",
        "fevralia",
        "subat",
        "feb",
    ],
    &["march", "marz", "maerz", "mars", "marzo", "marco", "maart", "marca", "marta", "mart", "mar"],
    &["april", "avril", "abril", "aprile", "kwietnia", "aprelia", "nisan", "apr"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maja", "maia", "mayis"],
    &["june", "juni", "juin", "junio", "giugno", "junho", "czerwca", "iiunia", "haziran", "jun"],
    &["july", "juli", "juillet", "julio", "luglio", "julho", "lipca", "iiulia", "temmuz", "jul"],
    &["august", "aout", "agosto", "augustus", "sierpnia", "avgusta", "agustos", "aug"],
    &[
        "september",
        "septembre",
        "septiembre",
        "settembre",
        "setembro",
        "wrzesnia",
        "sentiabria",
        "eylul",
        "sept",
        "sep",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "pazdziernika",
        "oktiabria",
        "ekim",
        "oct",
        "okt",
    ],
    &["november", "novembre", "noviembre", "novembro", "listopada", "noiabria", "kasim", "nov"],
    &[
        "december",
        "dezember",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudnia",
        "dekabria",
        "aralik",
        "dec",
        "dez",
    ],
];

/// Days of the week from Monday.
const WEEKDAYS: [&[&str]; 7] = [
    &[
        "monday",
        "montag",
        "lundi",
        "lunes",
        "lunedi",
        "segunda",
        "maandag",
        "poniedzialek",
        "ponedelnik",
        "pazartesi",
    ],
    &["tuesday", "dienstag", "mardi", "martes", "martedi", "terca", "dinsdag", "wtorek", "vtornik", "sali"],
    &[
        "wednesday",
        "mittwoch",
        "mercredi",
        "miercoles",
        "mercoledi",
        "quarta",
        "woensdag",
        "sroda",
        "srode",
        "sredu",
        "carsamba",
    ],
    &[
        "thursday",
        "donnerstag",
        "jeudi",
        "jueves",
        "giovedi",
        "quinta",
        "donderdag",
        "czwartek",
        "chetverg",
        "persembe",
    ],
    &[
        "friday",
        "freitag",
        "vendredi",
        "viernes",
        "venerdi",
        "sexta",
        "vrijdag",
        "piatek",
        "piatnitsu",
        "cuma",
    ],
    &[
        "saturday",
        "samstag",
        "sonnabend",
        "samedi",
        "sabado",
        "sabato",
        "zaterdag",
        "sobota",
        "sobote",
        "subbotu",
        "cumartesi",
    ],
    &[
        "sunday",
        "sonntag",
        "dimanche",
        "domingo",
        "domenica",
        "zondag",
        "niedziela",
        "niedziele",
        "voskresene",
        "pazar",
    ],
];

const TODAY: &[&str] =
    &["today", "heute", "hoy", "oggi", "hoje", "vandaag", "dzisiaj", "dzis", "segodnia", "bugun", "aujourd"];
const YESTERDAY: &[&str] =
    &["yesterday", "gestern", "hier", "ayer", "ieri", "ontem", "gisteren", "wczoraj", "vchera", "dun"];
const DAYS: &[&str] = &[
    "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias", "giorno", "giorni", "dag",
    "dagen", "dni", "dnei", "gun",
];
const WEEKS: &[&str] = &[
    "week",
    "weeks",
    "woche",
    "wochen",
    "semaine",
    "semaines",
    "semana",
    "semanas",
    "settimana",
    "settimane",
    "weken",
    "tydzien",
    "tygodnie",
    "tygodni",
    "nedeliu",
    "nedeli",
    "nedel",
    "hafta",
];
const AGO: &[&str] = &["ago", "vor", "y", "hace", "fa", "ha", "geleden", "temu", "nazad", "once"];
const NUMBERS: [&[&str]; 10] = [
    &["one", "a", "einem", "einer", "un", "une", "uno", "una", "um", "uma", "een"],
    &["two", "zwei", "deux", "dos", "due", "dois", "duas", "twee", "dwa", "couple"],
    &["three", "drei", "trois", "tres", "tre", "drie", "trzy"],
    &["four", "vier", "quatre", "cuatro", "quattro", "quatro", "cztery"],
    &["five", "funf", "cinq", "cinco", "cinque", "vijf", "piec"],
    &["six", "sechs", "seis", "sei", "zes", "szesc"],
    &["seven", "sieben", "sept", "siete", "sette", "sete", "zeven"],
    &["eight", "acht", "huit", "ocho", "otto", "oito"],
    &["nine", "neun", "neuf", "nueve", "nove", "negen"],
    &["ten", "zehn", "dix", "diez", "dieci", "dez", "tien"],
];

fn listed(lists: &[&[&str]], word: &str) -> Option<usize> {
    lists.iter().position(|list| list.contains(&word))
}

fn number(word: &str) -> Option<i32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let bare = ["", "st", "nd", "rd", "th", "er", "e"].contains(&&word[digits.len()..]);
    digits.parse().ok().filter(|_| bare)
}

fn counted(word: &str) -> Option<i32> {
    number(word).or_else(|| Some(listed(&NUMBERS, word)? as i32 + 1))
}

fn days(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

fn date(day: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::Duration::days(day.into()))
}

/// The day of that date; without a year the last one up to `published`.
fn resolved(day: i32, month: i32, year: Option<i32>, published: Option<i32>) -> Option<i32> {
    let (day, month) = (u32::try_from(day).ok()?, u32::try_from(month).ok()?);
    if let Some(year) = year {
        let year = if year < 100 { year + 2000 } else { year };
        return NaiveDate::from_ymd_opt(year, month, day).map(days);
    }
    let published = published?;
    let this = date(published)?.year();
    [this, this - 1]
        .into_iter()
        .filter_map(|y| NaiveDate::from_ymd_opt(y, month, day).map(days))
        .find(|d| *d <= published + 1)
}

/// Every day that a text speaks of, at most eight spans. `published` is the day it appeared, since 1970.
pub fn spoken_of(words: &[&str], published: Option<i32>) -> Vec<Days> {
    let mut found: Vec<Days> = Vec::new();
    let mut add = |from: Option<i32>, width: i32| {
        if let Some(from) = from {
            let span = Days { from: from - width, to: from + width };
            if found.len() < 8 && !found.contains(&span) {
                found.push(span);
            }
        }
    };
    let at = |n: usize| words.get(n).copied().unwrap_or_default();
    for (n, word) in words.iter().enumerate() {
        let before = |by: usize| n.checked_sub(by).map_or("", at);
        let year = |word: &str| number(word).filter(|y| (1990..2100).contains(y));
        if let Some(month) = listed(&MONTHS, word) {
            let month = month as i32 + 1;
            let small = |word: &str| number(word).filter(|d| (1..=31).contains(d));
            // "3 March", "3 de marzo", "March 3".
            let link = ["de", "of", "di"].contains(&before(1));
            let ahead = small(if link { before(2) } else { before(1) });
            if let Some(day) = ahead {
                let year = year(at(n + 1)).or_else(|| year(at(n + 2)).filter(|_| at(n + 1) == "de"));
                add(resolved(day, month, year, published), 0);
            } else if let Some(day) = small(at(n + 1)) {
                add(resolved(day, month, year(at(n + 2)), published), 0);
            }
        } else if let Some(first) = number(word) {
            // "2026 03 12", "12 03 2026", as they are parted by signs; the order of day and month is not always the same.
            let (second, third) = (number(at(n + 1)), number(at(n + 2)));
            match (second, third) {
                (Some(m), Some(d)) if (1990..2100).contains(&first) => {
                    add(resolved(d, m, Some(first), published), 0)
                }
                (Some(m), Some(y)) if (1990..2100).contains(&y) && first <= 31 && m <= 31 => {
                    add(resolved(first, m, Some(y), published), 0);
                    if first != m {
                        add(resolved(m, first, Some(y), published), 0);
                    }
                }
                _ => {}
            }
        }
        let Some(today) = published else { continue };
        if TODAY.contains(word) {
            add(Some(today), 0);
        } else if YESTERDAY.contains(word) {
            add(Some(today - 1), 0);
        } else if let Some(weekday) = listed(&WEEKDAYS, word) {
            let now = date(today).map_or(0, |d| d.weekday().num_days_from_monday() as i32);
            let back = (now - weekday as i32).rem_euclid(7);
            add(Some(today - back), 0);
            add(Some(today - back - 7), 0);
        } else if DAYS.contains(word) || WEEKS.contains(word) {
            let near = [before(1), before(2), before(3), before(4), at(n + 1), at(n + 2)];
            let unit = if DAYS.contains(word) { 1 } else { 7 };
            if near.iter().any(|w| AGO.contains(w))
                && let Some(count) = counted(before(1)).filter(|c| *c < 60)
            {
                add(Some(today - count * unit), if unit == 1 { 1 } else { 3 });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(i32, i32)> {
        let published = NaiveDate::from_ymd_opt(2026, 3, 12).map(days);
        let words: Vec<&str> = text.split(' ').collect();
        let today = published.unwrap_or_default();
        spoken_of(&words, published).into_iter().map(|d| (d.from - today, d.to - today)).collect()
    }

    #[test]
    fn days_are_found_in_several_languages() {
        assert_eq!(of("i came on 3 march 2026"), [(-9, -9)]);
        assert_eq!(of("march 3rd"), [(-9, -9)]);
        assert_eq!(of("el 3 de marzo de 2026"), [(-9, -9)]);
        assert_eq!(of("am 05 03 2026"), [(-7, -7), (52, 52)]);
        assert_eq!(of("2026 03 10"), [(-2, -2)]);
        // Published on a Thursday.
        assert_eq!(of("letzten dienstag"), [(-2, -2), (-9, -9)]);
        assert_eq!(of("vor drei tagen"), [(-4, -2)]);
        assert_eq!(of("il y a 2 semaines"), [(-17, -11)]);
        assert_eq!(of("yesterday evening"), [(-1, -1)]);
        assert_eq!(of("30 december"), [(-72, -72)]);
        assert!(of("it may take 20 minutes a day").is_empty());
    }
}
