//! One line of a customer list as what is known of a customer, with remarks on what could not be taken over. Pure.

use goodword_shared::{customer::CustomerFacts, import::Mapping};

use crate::{
    fold::fold,
    reading::{dates, numbers},
};

/// Characters of one cell that are taken over; notes may be longer.
const CELL: usize = 300;
const NOTES: usize = 20_000;

/// In what order the days and months of a column stand, as the cells that leave no doubt show it.
pub fn order_of_dates<'a>(
    columns: &[String],
    records: impl Iterator<Item = &'a [String]>,
    mapping: &Mapping,
    field: &str,
) -> dates::Order {
    let at = columns.iter().position(|column| mapping.get(column).is_some_and(|f| f == field));
    let Some(at) = at else { return dates::Order::Unknown };
    dates::order_of(records.filter_map(|cells| cells.get(at)).map(String::as_str))
}

/// Why a date was not taken over.
pub fn no_date(cell: &str) -> String {
    let numbers = cell.split(['/', '-', '.']).filter(|part| part.trim().parse::<u32>().is_ok()).count();
    match numbers {
        3 => format!(
            "“{}” can be read as two dates, or as none; imported without it. 2026-03-31 is always understood.",
            short(cell)
        ),
        _ => format!("“{}” is not a date; imported without it.", short(cell)),
    }
}

/// What a line says, and remarks on it. `Err` is why the line is left out.
pub fn facts(
    columns: &[String],
    cells: &[String],
    mapping: &Mapping,
    order: dates::Order,
) -> Result<(CustomerFacts, Vec<String>), String> {
    let mut facts = CustomerFacts::default();
    let mut remarks = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let (Some(field), cell) = (mapping.get(column), cell.trim()) else { continue };
        if cell.is_empty() {
            continue;
        }
        let text = || Some(cell.chars().take(CELL).collect::<String>());
        match field.as_str() {
            "external_id" => facts.external_id = text(),
            "name" => facts.name = text().unwrap_or_default(),
            "first" => facts.first = text(),
            "last" => facts.last = text(),
            "phone" => facts.phone = text(),
            "city" => facts.city = text(),
            "company" => facts.company = text(),
            "handle" => facts.handle = Some(cell.trim_start_matches('@').chars().take(CELL).collect()),
            "notes" => facts.notes = Some(cell.chars().take(NOTES).collect()),
            "tags" => {
                let tags = cell.split([';', ',', '|']).map(str::trim).filter(|tag| !tag.is_empty());
                facts.tags = tags.map(str::to_owned).collect();
            }
            "email" if is_address(cell) => facts.email = Some(cell.to_lowercase()),
            "email" => remarks.push(format!("“{}” is not a mail address; imported without it.", short(cell))),
            "language" => match language(cell) {
                Some(code) => facts.language = Some(code),
                None => {
                    remarks.push(format!("The language “{}” is not known; imported without it.", short(cell)))
                }
            },
            "since" => match dates::parse_ordered(cell, order) {
                Some((since, _)) => facts.since = Some(since),
                None => remarks.push(no_date(cell)),
            },
            "birthday" => match birthday(cell) {
                Some(day) => facts.birthday = Some(day),
                None => remarks.push(format!("“{}” is not a birthday; imported without it.", short(cell))),
            },
            "value" => match amount(cell) {
                Some(value) => facts.value = Some(value),
                None => remarks.push(format!("“{}” is not an amount; imported without it.", short(cell))),
            },
            "contact_consent" => match yes_or_no(cell) {
                Some(consent) => facts.contact_consent = Some(consent),
                None => remarks.push(format!("“{}” is neither yes nor no; taken as not known.", short(cell))),
            },
            // Whoever wrote something here meant that this person is to be left in peace.
            "do_not_contact" => facts.do_not_contact = yes_or_no(cell).unwrap_or(true),
            _ => {}
        }
    }
    if facts.name.is_empty() {
        let parts = [facts.first.as_deref(), facts.last.as_deref()];
        facts.name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
    if facts.name.is_empty() {
        facts.name = facts.company.clone().unwrap_or_default();
    }
    if facts.name.is_empty() {
        return Err("This line has no name; it is left out.".into());
    }
    Ok((facts, remarks))
}

/// What a field looks like once imported, for the preview.
pub fn shown(facts: &CustomerFacts, field: &str) -> String {
    let yes = |said: bool| if said { "yes".to_owned() } else { "no".to_owned() };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match field {
        "external_id" => text(&facts.external_id),
        "name" => facts.name.clone(),
        "first" => text(&facts.first),
        "last" => text(&facts.last),
        "email" => text(&facts.email),
        "phone" => text(&facts.phone),
        "city" => text(&facts.city),
        "handle" => text(&facts.handle),
        "company" => text(&facts.company),
        "language" => text(&facts.language),
        "since" => facts.since.map(|since| since.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        "value" => facts.value.map(|value| value.to_string()).unwrap_or_default(),
        "birthday" => text(&facts.birthday),
        "contact_consent" => facts.contact_consent.map(yes).unwrap_or_default(),
        "do_not_contact" => yes(facts.do_not_contact),
        "tags" => facts.tags.join(", "),
        "notes" => text(&facts.notes),
        _ => String::new(),
    }
}

/// A stored customer with what a line says over it: what the line leaves open stays, and whoever was not to be contacted is
/// not contacted because of a list.
pub fn merged(stored: &CustomerFacts, line: &CustomerFacts) -> CustomerFacts {
    let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    CustomerFacts {
        external_id: or(&line.external_id, &stored.external_id),
        name: line.name.clone(),
        first: or(&line.first, &stored.first),
        last: or(&line.last, &stored.last),
        email: or(&line.email, &stored.email),
        phone: or(&line.phone, &stored.phone),
        city: or(&line.city, &stored.city),
        handle: or(&line.handle, &stored.handle),
        company: or(&line.company, &stored.company),
        language: or(&line.language, &stored.language),
        since: line.since.or(stored.since),
        value: line.value.or(stored.value),
        contact_consent: line.contact_consent.or(stored.contact_consent),
        do_not_contact: line.do_not_contact || stored.do_not_contact,
        tags: if line.tags.is_empty() { stored.tags.clone() } else { line.tags.clone() },
        notes: or(&line.notes, &stored.notes),
        birthday: or(&line.birthday, &stored.birthday),
    }
}

/// A birthday as it is kept: YYYY-MM-DD, or --MM-DD where the year is not known.
fn birthday(text: &str) -> Option<String> {
    let year_unknown = |text: &str| format!("2000-{text}").parse::<chrono::NaiveDate>().is_ok();
    match text.strip_prefix("--") {
        Some(day) if day.len() == 5 && year_unknown(day) => Some(text.to_owned()),
        Some(day) if day.len() == 4 && day.is_ascii() => birthday(&format!("--{}-{}", &day[..2], &day[2..])),
        Some(_) => None,
        None => dates::parse(text).map(|(day, _)| day.format("%Y-%m-%d").to_string()),
    }
}

/// Something@somewhere, without blanks or anything that would end a header.
pub fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;:\"()[]@\\".contains(c);
    !name.is_empty()
        && name.chars().all(plain)
        && host.contains('.')
        && host.split('.').all(|part| !part.is_empty())
        && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && text.len() <= 254
}

/// "1.240,50 €", "$ 1,240.50" and "1,240" alike. A single sign before exactly three digits parts thousands: amounts of money
/// have two decimals, or none.
pub fn amount(text: &str) -> Option<f64> {
    let number: String =
        text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
    if let Some((whole, thousands)) = number.split_once(['.', ','])
        && thousands.len() == 3
        && thousands.bytes().all(|b| b.is_ascii_digit())
        && (1..=3).contains(&whole.trim_start_matches('-').len())
        && !whole.trim_start_matches('-').starts_with('0')
    {
        return format!("{whole}{thousands}").parse().ok();
    }
    numbers::decimal(&number).filter(|value| value.is_finite())
}

/// The currency beside an amount, or by itself: its sign where there is one that means no other, else its code.
pub fn currency(text: &str) -> Option<String> {
    let beside = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '-' | '\'' | '’' | '−' | '+')
    };
    let named: String = text.chars().filter(|c| !beside(*c)).collect();
    let letters = named.chars().count();
    let upper = named.to_uppercase();
    match upper.as_str() {
        "EUR" | "EURO" | "EUROS" => Some("€".into()),
        "GBP" => Some("£".into()),
        "USD" | "US$" => Some("$".into()),
        "JPY" => Some("¥".into()),
        "FR" | "SFR" => Some("CHF".into()),
        "€" | "£" | "$" | "¥" | "₹" | "₺" | "₽" | "₩" | "₪" | "₫" | "₴" | "₱" | "฿" | "₦" => {
            Some(upper)
        }
        "KČ" | "KC" => Some("Kč".into()),
        "ZŁ" | "ZL" => Some("zł".into()),
        "KR" => Some("kr".into()),
        "R$" | "A$" | "C$" | "CA$" | "AU$" | "NZ$" | "HK$" | "NT$" | "MX$" | "FT" => Some(upper),
        _ => (letters == 3 && named.bytes().all(|b| b.is_ascii_alphabetic())).then_some(upper),
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "j" | "wahr" | "oui" | "o" | "vrai" | "si" | "s"
        | "sim" | "tak" | "subscribed" | "on" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" | "faux" | "nee" | "nao" | "nie"
        | "unsubscribed" | "off" => Some(false),
        _ => None,
    }
}

/// A BCP 47 code, or a language's name in its own or in English words.
pub fn language(text: &str) -> Option<String> {
    let code = match fold(text).as_str() {
        "english" | "englisch" | "anglais" | "ingles" | "inglese" | "engels" | "angielski" => "en",
        "german" | "deutsch" | "allemand" | "aleman" | "tedesco" | "alemao" | "duits" | "niemiecki" => "de",
        "french" | "francais" | "franzosisch" | "frances" | "francese" | "frans" | "francuski" => "fr",
        "spanish" | "espanol" | "spanisch" | "espagnol" | "spagnolo" | "espanhol" | "spaans" => "es",
        "italian" | "italiano" | "italienisch" | "italien" | "italiaans" | "wloski" => "it",
        "portuguese" | "portugues" | "portugiesisch" | "portugais" | "portoghese" => "pt",
        "dutch" | "nederlands" | "niederlandisch" | "neerlandais" | "holandes" | "olandese" => "nl",
        "polish" | "polski" | "polnisch" | "polonais" | "polaco" | "polacco" => "pl",
        "turkish" | "turkce" | "turkisch" | "turc" | "turco" => "tr",
        "russian" | "русскии" | "russisch" | "russe" | "ruso" | "russo" => "ru",
        "arabic" | "العربية" | "arabisch" | "arabe" => "ar",
        "chinese" | "中文" | "chinesisch" | "chinois" | "chino" | "cinese" => "zh",
        "japanese" | "日本語" | "japanisch" | "japonais" | "japones" | "giapponese" => "ja",
        _ => {
            let main = text.split(['-', '_']).next().unwrap_or_default();
            let plain = (2..=3).contains(&main.len()) && text.len() <= 12;
            let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            return (plain && letters && main.chars().all(|c| c.is_ascii_alphabetic()))
                .then(|| text.replace('_', "-").to_lowercase());
        }
    };
    Some(code.to_owned())
}

fn short(cell: &str) -> String {
    match cell.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_addresses_and_answers_are_read_as_people_write_them() {
        assert_eq!(amount("1.240,50 €"), Some(1240.5));
        assert_eq!(amount("$ 1,240.50"), Some(1240.5));
        assert_eq!((amount("1,240"), amount("1'240")), (Some(1240.0), Some(1240.0)));
        assert_eq!(
            (amount("12.5"), amount("-3,20"), amount("1240.500")),
            (Some(12.5), Some(-3.2), Some(1240.5))
        );
        assert_eq!(amount("much"), None);
        assert!(is_address("ada@shop.example") && !is_address("ada@shop") && !is_address("a b@c.example"));
        assert!(!is_address("a@b.example\nbcc: x@y.example"));
        assert_eq!(
            (yes_or_no("Ja"), yes_or_no("non"), yes_or_no("perhaps")),
            (Some(true), Some(false), None)
        );
        assert_eq!(language("Français").as_deref(), Some("fr"));
        assert_eq!(language("pt_BR").as_deref(), Some("pt-br"));
    }

    #[test]
    fn a_list_never_lifts_a_do_not_contact() {
        let stored =
            CustomerFacts { do_not_contact: true, city: Some("Ulm".into()), ..CustomerFacts::default() };
        let line = CustomerFacts { name: "Ada".into(), ..CustomerFacts::default() };
        let merged = merged(&stored, &line);
        assert!(merged.do_not_contact);
        assert_eq!(merged.city.as_deref(), Some("Ulm"));
    }
}
