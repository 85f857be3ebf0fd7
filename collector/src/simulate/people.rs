//! The people of the made-up town: customers as the owner's records hold them, strangers, and how each platform shows them.

use std::collections::{BTreeSet, HashMap};

use chrono::{Duration, NaiveDate, NaiveTime};
use goodword_shared::{Time, customer::CustomerFacts};
use rand::{Rng, rngs::StdRng};

use super::{
    post::{Platform, Shown},
    script::Cast,
};

const NAMES: &str = include_str!("../../data/simulate/names.txt");
const TOWNS: [&str; 8] = [
    "Harrowmere",
    "Harrowmere",
    "Harrowmere",
    "Thornby Quay",
    "Little Sedge",
    "Ashcombe Green",
    "Wexholme",
    "Marlpit",
];
const FIRMS: [&str; 6] = [
    "Sedge Valley Florists",
    "Brightwater Dental",
    "Marlpit Joinery",
    "Quayside Letting",
    "Tern & Daughters Bakery",
    "Harrowmere Library Friends",
];
const HOBBIES: [&str; 14] = [
    "mudguard",
    "towpath",
    "ridesinrain",
    "slowspokes",
    "tailwind",
    "grannygear",
    "panniers",
    "hillsandbuns",
    "creakycrank",
    "twowheels",
    "sundayrider",
    "gravelgran",
    "bellringer",
    "plumfan",
];
/// Customers in the owner's records.
pub(super) const CUSTOMERS: usize = 400;
/// People who speak and are in no record.
const STRANGERS: usize = 130;

/// How somebody is inclined over the years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Glad,
    Usual,
    Grumpy,
    /// Was glad until about two months ago.
    Soured,
}

#[derive(Clone, Debug)]
pub(super) struct Person {
    /// The owner's id; none for strangers.
    pub id: Option<String>,
    pub first: String,
    pub last: String,
    pub lang: String,
    pub mood: Mood,
    pub handle: String,
    /// The rest of the record, in the order of the CSV.
    record: Record,
}

#[derive(Clone, Debug, Default)]
struct Record {
    email: String,
    phone: String,
    city: String,
    handle: String,
    company: String,
    since: String,
    value: String,
    consent: &'static str,
    do_not_contact: &'static str,
    tags: String,
}

/// Everybody: customers first (the cast of the script foremost), then strangers.
#[derive(Debug)]
pub(super) struct Town {
    pub people: Vec<Person>,
    shown: HashMap<(usize, Platform), Shown>,
}

struct Family {
    lang: &'static str,
    weight: u32,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

fn families() -> Vec<Family> {
    let lists = |text: &'static str| text.split(',').map(str::trim).collect();
    NAMES
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| {
            let parts: Vec<&'static str> = line.split('|').map(str::trim).collect();
            let [_, lang, weight, first, last] = parts.as_slice() else { return None };
            Some(Family { lang, weight: weight.parse().ok()?, first: lists(first), last: lists(last) })
        })
        .collect()
}

impl Town {
    pub fn new(rng: &mut StdRng, now: Time, cast: &[Cast]) -> Self {
        let families = families();
        let mut taken = BTreeSet::new();
        let mut people = Vec::with_capacity(CUSTOMERS + STRANGERS);
        for (n, role) in cast.iter().enumerate() {
            taken.insert(role.name.clone());
            people.push(of_cast(rng, n, role, now));
        }
        while people.len() < CUSTOMERS + STRANGERS {
            let (first, last, lang) = name(rng, &families);
            if !taken.insert(format!("{first} {last}")) {
                continue;
            }
            let n = people.len();
            people.push(ordinary(rng, n, first, last, lang, now));
        }
        Self { people, shown: HashMap::new() }
    }

    /// How that platform shows a person; always the same.
    pub fn shown(&mut self, rng: &mut StdRng, person: usize, platform: Platform) -> Shown {
        if let Some(shown) = self.shown.get(&(person, platform)) {
            return shown.clone();
        }
        let shown = show(rng, &self.people[person], platform);
        self.shown.insert((person, platform), shown.clone());
        shown
    }

    /// The owner's records, as they are after an import.
    pub fn customers(&self) -> Vec<CustomerFacts> {
        let filled = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let record = |p: &Person| CustomerFacts {
            external_id: p.id.clone(),
            name: format!("{} {}", p.first, p.last),
            first: filled(&p.first),
            last: filled(&p.last),
            email: filled(&p.record.email),
            phone: filled(&p.record.phone),
            city: filled(&p.record.city),
            handle: filled(&p.record.handle),
            company: filled(&p.record.company),
            language: filled(&p.lang),
            since: p.record.since.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            value: p.record.value.parse().ok(),
            contact_consent: filled(p.record.consent).map(|word| word == "yes"),
            do_not_contact: p.record.do_not_contact == "yes",
            tags: p.record.tags.split(';').filter_map(filled).collect(),
            notes: None,
            birthday: None,
        };
        self.people.iter().filter(|p| p.id.is_some()).map(record).collect()
    }

    /// The same as a file.
    pub fn customers_csv(&self) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        let head = [
            "id",
            "name",
            "first",
            "last",
            "email",
            "phone",
            "city",
            "handle",
            "company",
            "language",
            "since",
            "value",
            "contact_consent",
            "do_not_contact",
            "tags",
        ];
        // Writing to memory cannot fail.
        let _ = out.write_record(head);
        for p in &self.people {
            let Some(id) = &p.id else { continue };
            let r = &p.record;
            let name = format!("{} {}", p.first, p.last);
            let row: [&str; 15] = [
                id,
                &name,
                &p.first,
                &p.last,
                &r.email,
                &r.phone,
                &r.city,
                &r.handle,
                &r.company,
                &p.lang,
                &r.since,
                &r.value,
                r.consent,
                r.do_not_contact,
                &r.tags,
            ];
            let _ = out.write_record(row);
        }
        String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

fn name(rng: &mut StdRng, families: &[Family]) -> (&'static str, &'static str, &'static str) {
    let total: u32 = families.iter().map(|f| f.weight).sum();
    let pick = |rng: &mut StdRng| {
        let mut left = rng.random_range(0..total);
        families
            .iter()
            .find(|f| left.checked_sub(f.weight).map(|l| left = l).is_none())
            .unwrap_or(&families[0])
    };
    let family = pick(rng);
    // Some have married or moved: first and family names of different places.
    let other = if rng.random_bool(0.07) { pick(rng) } else { family };
    let first = family.first[rng.random_range(0..family.first.len())];
    (first, other.last[rng.random_range(0..other.last.len())], family.lang)
}

fn of_cast(rng: &mut StdRng, n: usize, role: &Cast, now: Time) -> Person {
    let (first, last) = role.name.split_once(' ').unwrap_or((&role.name, ""));
    let mut person = ordinary(rng, n, first, last, &role.language, now);
    let (mail, phone) = (person.record.email.clone(), person.record.phone.clone());
    person.mood = Mood::Usual;
    if let Some(handle) = &role.handle {
        person.handle.clone_from(handle);
    }
    person.record = Record {
        email: if mail.is_empty() { address(first, last, "example.org") } else { mail },
        phone: if phone.is_empty() { number(rng, "en") } else { phone },
        city: role.city.clone(),
        handle: role.handle.clone().unwrap_or_default(),
        since: day(now, i64::from(role.since)),
        value: role.value.to_string(),
        consent: "yes",
        do_not_contact: "",
        company: String::new(),
        tags: role.tags.clone().unwrap_or_default(),
    };
    person
}

fn ordinary(rng: &mut StdRng, n: usize, first: &str, last: &str, lang: &str, now: Time) -> Person {
    let customer = n < CUSTOMERS;
    let mood = match rng.random_range(0..100) {
        0..34 => Mood::Glad,
        34..86 => Mood::Usual,
        86..95 => Mood::Grumpy,
        _ => Mood::Soured,
    };
    let plain = deunicode::deunicode(&format!("{first}{last}")).to_lowercase();
    let plain: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    let short: String =
        deunicode::deunicode(first).to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let hobby = HOBBIES[rng.random_range(0..HOBBIES.len())];
    let handle = match rng.random_range(0..5) {
        0 => plain.clone(),
        1 => format!("{short}_{hobby}"),
        2 => format!("{hobby}{}", rng.random_range(10..99)),
        3 => format!("{short}{}", rng.random_range(60..99)),
        _ => format!("{short}.{}", plain.chars().nth(short.len()).unwrap_or('x')),
    };
    let mut record = Record::default();
    if customer {
        let host = ["example.com", "example.org", "example.net"][rng.random_range(0..3)];
        if rng.random_bool(0.93) {
            record.email = address(first, last, host);
        }
        if rng.random_bool(0.78) {
            record.phone = number(rng, lang);
        }
        if rng.random_bool(0.92) {
            record.city = TOWNS[rng.random_range(0..TOWNS.len())].into();
        }
        if rng.random_bool(0.14) {
            record.handle.clone_from(&handle);
        }
        if rng.random_bool(0.05) {
            record.company = FIRMS[rng.random_range(0..FIRMS.len())].into();
        }
        record.since = day(now, rng.random_range(20..2600));
        // Many small, few large: what people spend at a workshop over the years.
        let spread: f64 = rng.random_range(0.0_f64..1.0).powi(3);
        record.value = format!("{:.2}", 12.0 + spread * 3800.0 + rng.random_range(0.0..60.0));
        record.consent = match rng.random_range(0..10) {
            0..6 => "yes",
            6 => "no",
            _ => "",
        };
        record.do_not_contact = if rng.random_bool(0.04) { "yes" } else { "" };
        record.tags = match rng.random_range(0..12) {
            0 | 1 => "Puncture Club".into(),
            2 => "saturday class".into(),
            3 => "hire".into(),
            _ => String::new(),
        };
    }
    Person {
        id: customer.then(|| format!("P{:04}", 1001 + n)),
        first: first.into(),
        last: last.into(),
        lang: lang.into(),
        mood,
        handle,
        record,
    }
}

fn address(first: &str, last: &str, host: &str) -> String {
    let tidy = |s: &str| -> String {
        let plain = deunicode::deunicode(s).to_lowercase();
        plain.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    format!("{}.{}@{host}", tidy(first), tidy(last))
}

/// Numbers of the ranges that are kept for fiction (United Kingdom, Berlin, France).
fn number(rng: &mut StdRng, lang: &str) -> String {
    match lang {
        "de" => format!("+49 30 23125 {:03}", rng.random_range(0..1000)),
        "fr" => format!("+33 1 99 00 {:02} {:02}", rng.random_range(0..100), rng.random_range(0..100)),
        _ if rng.random_bool(0.7) => format!("07700 900{:03}", rng.random_range(0..1000)),
        _ => format!("01632 960{:03}", rng.random_range(0..1000)),
    }
}

fn day(now: Time, ago: i64) -> String {
    let date: NaiveDate = (now - Duration::days(ago)).date_naive();
    date.format("%Y-%m-%d").to_string()
}

fn show(rng: &mut StdRng, person: &Person, platform: Platform) -> Shown {
    let (first, last) = (person.first.as_str(), person.last.as_str());
    let initial = |s: &str| s.chars().next().map(String::from).unwrap_or_default();
    let full = format!("{first} {last}");
    let name = match platform {
        Platform::Page => match rng.random_range(0..20) {
            0..7 => format!("{first} {}.", initial(last)),
            7..16 => full,
            16..19 => format!("{}. {last}", initial(first)),
            _ => first.to_owned(),
        },
        Platform::AppStore => match rng.random_range(0..20) {
            0..9 => person.handle.clone(),
            9..12 => format!("{first} {}", initial(last)),
            12..14 => format!("{}{}", initial(first), last).replace(' ', ""),
            14 | 15 => full,
            16 => format!("{}.{}.", initial(first), initial(last)),
            _ => format!("{}{}", HOBBIES[rng.random_range(0..HOBBIES.len())], rng.random_range(2..999)),
        },
        Platform::Feed => match rng.random_range(0..3) {
            0 => format!("{}. {last}", initial(first)),
            _ => full,
        },
        Platform::HackerNews => person.handle.replace('.', ""),
        Platform::Mastodon | Platform::Bluesky => match rng.random_range(0..10) {
            0..3 => full,
            3..6 => first.to_owned(),
            6 => format!("{first} 🚲"),
            7 => format!("{first} {}.", initial(last)),
            _ => person.handle.clone(),
        },
    };
    // Most have a handful of followers, a few have many.
    let reach = rng.random_range(0.0_f64..1.0).powi(4) * 9_000.0;
    Shown { name, handle: person.handle.clone(), followers: 8 + reach as u64 }
}
