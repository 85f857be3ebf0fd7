//! Made-up customers in ten languages, their orders, and authors who may be them: seeded, so that a run can be repeated. The
//! product does not know this module; no shipped weight was set on the seeds that are reported.

use deunicode::deunicode;

#[path = "locales.rs"]
mod locales;

pub use locales::date;
use locales::{CODES, Dice, Locale, MONTHS};

/// One customer of the made-up records.
#[derive(Clone, Debug, Default)]
pub struct Customer {
    pub first: String,
    pub last: String,
    pub email: String,
    pub city: String,
    pub handle: String,
    pub language: &'static str,
    pub locale: usize,
}

/// One of their orders; days count from the first of January 2026.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    pub customer: usize,
    pub day: i64,
    pub product: &'static str,
    pub amount: f64,
    pub branch: &'static str,
    pub staff: &'static str,
}

/// One mention: what is shown, and whose it is.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub name: String,
    pub handle: String,
    pub city: String,
    pub text: String,
    pub day: i64,
    /// The customer's place in the list; none for strangers.
    pub customer: Option<usize>,
    pub kind: &'static str,
}

/// Everything made.
pub struct World {
    pub customers: Vec<Customer>,
    pub orders: Vec<Order>,
    pub written: Vec<Written>,
}

/// What is made, and how much of it.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub customers: usize,
    pub mentions: usize,
    pub seed: u64,
    /// With towns, texts and orders.
    pub evidence: bool,
    /// Share of mentions that strangers wrote.
    pub strangers: f64,
}

const PRODUCTS: &[&str] = &[
    "walnut desk",
    "office chair",
    "reading lamp",
    "oak shelf",
    "sofa bed",
    "garden table",
    "coffee grinder",
    "espresso machine",
    "bread oven",
    "steel kettle",
    "wool carpet",
    "linen curtains",
    "bunk bed",
    "kitchen island",
    "wine rack",
    "rocking chair",
    "hall mirror",
    "shoe cabinet",
    "bar stool",
    "floor lamp",
    "feather duvet",
    "cutting board",
    "tea trolley",
    "umbrella stand",
    "road bike",
    "e-bike",
    "touring bike",
    "child seat",
    "bike helmet",
    "pannier bags",
    "brake service",
    "wheel truing",
];
const BRANCHES: &[&str] = &[
    "Riverside",
    "Old Market",
    "Harbour Street",
    "North Gate",
    "Station Square",
    "Hillcrest",
    "Mill Lane",
    "Kings Cross Road",
    "Lakeside",
    "Garden Quarter",
    "Tower Bridge Road",
    "West End",
];
const STAFF: &[&str] = &[
    "Oksana", "Ben", "Priya", "Lukas", "Chiara", "Marek", "Yusuf", "Ines", "Tom", "Greta", "Nadia", "Viktor",
    "Amélie", "Joris", "Rosa", "Emil", "Hana", "Pavel", "Sian", "Diego",
];

/// Makes a world.
pub fn make(plan: Plan) -> World {
    let locales: Vec<Locale> = CODES.into_iter().map(Locale::new).collect();
    let mut dice = Dice::new(plan.seed);
    let customers: Vec<Customer> = (0..plan.customers).map(|n| person(&locales, &mut dice, n)).collect();
    let orders = if plan.evidence { orders(&customers, &mut dice) } else { Vec::new() };
    let mut of = vec![Vec::new(); customers.len()];
    for (at, order) in orders.iter().enumerate() {
        of[order.customer].push(at);
    }
    let written = (0..plan.mentions)
        .map(|n| {
            let stranger =
                dice.chance(plan.strangers).then(|| person(&locales, &mut dice, customers.len() + n));
            let at = dice.below(customers.len());
            let who = stranger.as_ref().unwrap_or(&customers[at]);
            let mut one = shown(who, &locales[who.locale], &mut dice);
            one.customer = stranger.is_none().then_some(at);
            one.day = 200 + dice.below(100) as i64;
            if plan.evidence {
                if dice.chance(0.7) {
                    one.city = place(&who.city, &mut dice);
                }
                let made;
                let order = match (stranger.is_some(), of[at].is_empty()) {
                    (false, false) => Some(&orders[*dice.of(&of[at])]),
                    (false, true) => None,
                    (true, _) => {
                        // A stranger tells of a purchase, too: nobody's of these records.
                        made = order(usize::MAX, &mut dice);
                        Some(&made)
                    }
                };
                tell(&mut one, order, &mut dice);
            }
            one
        })
        .collect();
    World { customers, orders, written }
}

fn person(locales: &[Locale], dice: &mut Dice, number: usize) -> Customer {
    let at = dice.below(locales.len());
    let locale = &locales[at];
    let first = locale.given.draw(dice).to_owned();
    let mut last = locale.family.draw(dice).to_owned();
    if locale.code == "es" || dice.chance(0.03) {
        let second = locale.family.draw(dice);
        last = if locale.code == "es" { format!("{last} {second}") } else { format!("{last}-{second}") };
    }
    let plain = |text: &str| plain(text).replace([' ', '-', '\''], "");
    let (f, l) = (plain(&first), plain(last.split([' ', '-']).next().unwrap_or(&last)));
    let year = 50 + dice.below(55);
    let mail = match dice.below(4) {
        0 => format!("{f}.{l}@example.org"),
        1 => format!("{}{l}{year}@example.org", &f[..1.min(f.len())]),
        2 => format!("{l}{number}@example.org"),
        _ => format!("{f}{year}{}@example.org", number % 1000),
    };
    let handle = if dice.chance(0.15) {
        format!("{}{}{number}", &f[..f.len().min(3)], dice.of(NOISE))
    } else {
        String::new()
    };
    let (first, last) = if locale.code == "ru" && dice.chance(0.4) {
        (title(&self::plain(&first)), title(&self::plain(&last)))
    } else {
        (first, last)
    };
    let city = dice.of(&locale.cities).clone();
    Customer { first, last, email: mail, city, handle, language: locale.code, locale: at }
}

const NOISE: &[&str] = &[
    "sun",
    "wolf",
    "reader",
    "coffee",
    "bike",
    "garden",
    "pixel",
    "moon",
    "fox",
    "traveller",
    "storm",
    "tiger",
];

fn plain(text: &str) -> String {
    deunicode(text).to_lowercase().trim().to_owned()
}

fn title(text: &str) -> String {
    text.split_inclusive([' ', '-'])
        .map(|w| w[..1.min(w.len())].to_uppercase() + &w[1.min(w.len())..])
        .collect()
}

fn initial(text: &str) -> String {
    text.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
}

/// One or more letters struck, doubled, exchanged or swapped, not the first.
fn slip(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 1);
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = char::from(b'a' + dice.below(26) as u8),
        _ => {
            let next = (at + 1) % letters.len();
            letters.swap(at, next);
        }
    }
    letters.into_iter().collect()
}

/// How a person shows themselves on a platform.
fn shown(who: &Customer, locale: &Locale, dice: &mut Dice) -> Written {
    let mut out = Written::default();
    let (mut first, mut last) = (who.first.clone(), who.last.clone());
    if !first.is_ascii() && dice.chance(if locale.code == "zh" { 0.6 } else { 0.3 }) {
        (first, last) = (title(&plain(&first)), title(&plain(&last)));
        if locale.code == "zh" {
            first = title(&first.replace(' ', "").to_lowercase());
        }
    } else if locale.code == "ru" && first.is_ascii() && dice.chance(0.1) {
        first = first.replace("iya", "ia").replace('y', "i");
    }
    if locale.code == "es" && dice.chance(0.6) {
        last = last.split(' ').next().unwrap_or(&last).to_owned();
    } else if last.contains('-') && dice.chance(0.4) {
        last = last.split('-').next().unwrap_or(&last).to_owned();
    }
    let short = locale.short.iter().find(|(name, _)| *name == first).map(|(_, forms)| dice.of(forms).clone());
    let (f, l) = (plain(&first).replace([' ', '-', '\''], ""), plain(&last).replace([' ', '-', '\''], ""));
    let handle = |dice: &mut Dice| {
        let number = 1 + dice.below(99);
        match dice.below(7) {
            0 => format!("{f}{l}{number}"),
            1 => format!("{f}.{l}"),
            2 => format!("{f}_{l}{number}"),
            3 => format!("{}{l}{number}", &f[..1.min(f.len())]),
            4 => format!("{f}{}", &l[..1.min(l.len())]),
            5 => format!("{f}_{l}").replace('a', "4").replace('e', "3"),
            _ => format!("{l}{f}"),
        }
    };
    (out.kind, out.name) = match (dice.share() * 100.0) as u32 {
        0..=37 => ("full", format!("{first} {last}")),
        38..=47 => ("initial", format!("{first} {}.", initial(&last))),
        48..=51 => ("initial first", format!("{}. {last}", initial(&first))),
        52..=52 => ("initials", format!("{}{}", initial(&first), initial(&last))),
        53..=59 => ("nickname", format!("{} {last}", short.unwrap_or_else(|| first.clone()))),
        60..=61 => {
            ("nickname initial", format!("{} {}", short.unwrap_or_else(|| first.clone()), initial(&last)))
        }
        62..=68 => match dice.chance(0.6) {
            true => ("slip", format!("{first} {}", slip(&last, dice))),
            false => ("slip", format!("{} {last}", slip(&first, dice))),
        },
        69..=73 => {
            ("turned", if dice.chance(0.4) { format!("{last}, {first}") } else { format!("{last} {first}") })
        }
        74..=81 => ("handle", handle(dice)),
        82..=84 => ("given only", first.clone()),
        85..=89 => ("plain letters", plain(&format!("{first} {last}"))),
        90..=92 => {
            let second = locale.given.draw(dice);
            ("second name", format!("{first} {second} {last}"))
        }
        93..=94 => {
            let cut: String = last.chars().take(3).collect();
            ("cut", format!("{first} {cut}"))
        }
        95..=96 if !who.handle.is_empty() => ("own handle", who.handle.clone()),
        _ => ("made up", format!("{}{}{}", dice.of(NOISE), dice.of(NOISE), dice.below(1000))),
    };
    if dice.chance(0.08) && out.kind != "handle" && out.kind != "made up" {
        out.handle = handle(dice);
    }
    out
}

fn place(city: &str, dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("{city}, Europe"),
        1 => plain(city),
        _ => city.to_owned(),
    }
}

fn order(customer: usize, dice: &mut Dice) -> Order {
    Order {
        id: format!("{}", 100_000 + dice.below(90_000_000)),
        customer,
        day: dice.below(270) as i64,
        product: dice.of::<&str>(PRODUCTS),
        amount: (dice.below(90_000) + 500) as f64 / 100.0,
        branch: dice.of::<&str>(BRANCHES),
        staff: dice.of::<&str>(STAFF),
    }
}

fn orders(customers: &[Customer], dice: &mut Dice) -> Vec<Order> {
    let mut all = Vec::new();
    for customer in 0..customers.len() {
        for _ in 0..1 + dice.below(3) {
            all.push(order(customer, dice));
        }
    }
    all
}

/// What the text gives away of a purchase.
fn tell(one: &mut Written, order: Option<&Order>, dice: &mut Dice) {
    let Some(order) = order else {
        one.text = "Lovely place, would come again.".into();
        return;
    };
    one.day = one.day.max(order.day + 1 + dice.below(14) as i64);
    let mut said: Vec<String> = Vec::new();
    if dice.chance(0.35) {
        said.push(match dice.below(3) {
            0 => format!("My order {} arrived late.", order.id),
            1 => format!("Order number #{} was fine.", order.id),
            _ => format!("Ordered (no. {}) and waited.", order.id),
        });
    }
    if dice.chance(0.6) {
        said.push(match dice.below(3) {
            0 => format!("Bought a {} here.", order.product),
            1 => format!("The {} is what I hoped for.", order.product),
            _ => format!("We wanted the {} for years.", order.product),
        });
    }
    if dice.chance(0.5) {
        let (_, month, day) = date(order.day);
        said.push(match dice.below(4) {
            0 => format!("That was on {day} {}.", MONTHS[month as usize - 1]),
            1 => format!("I came in on {} {day}.", MONTHS[month as usize - 1]),
            2 => format!("Purchased {day:02}.{month:02}.2026."),
            _ => format!("It was 2026-{month:02}-{day:02}."),
        });
    }
    if dice.chance(0.5) {
        said.push(format!("{} served us very patiently.", order.staff));
    }
    if dice.chance(0.5) {
        said.push(format!("The {} branch is worth the way.", order.branch));
    }
    if dice.chance(0.25) {
        said.push(format!("Paid {:.2} for it.", order.amount));
    }
    one.text = if said.is_empty() { "Would come again.".into() } else { said.join(" ") };
}
