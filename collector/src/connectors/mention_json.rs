//! Mentions in the form in which `goodword read` prints them: one object, a list of them, or one a line. What programs push and
//! what files of lines hold is read here, strictly: an item that does not keep the form is told, the others are kept.

use goodword_shared::{Mention, Rating, source::is_mail_address};
use serde_json::{Map, Value};

/// Characters of an id, at most: it is a key.
const LONGEST_ID: usize = 500;

/// One item: its number (from 1; the line where there is one on each), and the mention or what is wrong.
pub type Item = (u64, Result<Mention, String>);

/// What a text holds.
pub struct Items {
    /// The items in their order.
    pub items: Vec<Item>,
    /// They stand one on each line.
    pub lines: bool,
}

/// Reads a text. `Err` where it is none of the three forms, with what is wrong.
pub fn read(text: &str) -> Result<Items, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err("There is nothing in it.".into());
    }
    let whole = match serde_json::from_str::<Value>(text) {
        Ok(whole) => whole,
        Err(error) => return by_line(text).ok_or_else(|| format!("This is not JSON: {error}.")),
    };
    let list = match whole {
        Value::Array(list) => list,
        one @ Value::Object(_) => vec![one],
        _ => {
            return Err("A mention is a JSON object; a list of them or one on each line is taken too.".into());
        }
    };
    Ok(Items { items: (1..).zip(list.into_iter().map(mention)).collect(), lines: false })
}

/// One object on each line; None unless at least one line holds one.
fn by_line(text: &str) -> Option<Items> {
    let mut any = false;
    let filled = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let items = filled
        .map(|(number, line)| match serde_json::from_str::<Value>(line) {
            Ok(value) => {
                any |= value.is_object();
                (number, mention(value))
            }
            Err(error) => (number, Err(format!("This line is not JSON: {error}."))),
        })
        .collect();
    any.then_some(Items { items, lines: true })
}

/// One item. The error says which field is wrong and what would be right.
pub fn mention(value: Value) -> Result<Mention, String> {
    let Value::Object(mut fields) = value else {
        return Err("This is no JSON object.".into());
    };
    without_nulls(&mut fields);
    for (field, what) in [
        ("kind", "review, post, comment, article, survey or mail"),
        ("author", "an object, empty where the author is unknown"),
        ("text", "a text, empty where only stars were given"),
    ] {
        if !fields.contains_key(field) {
            return Err(format!("“{field}” is missing: {what}."));
        }
    }
    for field in ["published_at", "edited_at"] {
        let day = fields.get_mut(field).is_some_and(whole_day);
        if day && field == "published_at" {
            fields.entry("published_precision").or_insert_with(|| "day".into());
        }
    }
    if let Some(at) = fields.get_mut("reply").and_then(|reply| reply.get_mut("published_at")) {
        whole_day(at);
    }
    let mention: Mention = serde_path_to_error::deserialize(Value::Object(fields))
        .map_err(|error| format!("“{}” cannot be read: {}.", error.path(), error.inner()))?;
    match fault(&mention) {
        Some(fault) => Err(fault),
        None => Ok(mention),
    }
}

/// Null says the same as absent.
fn without_nulls(fields: &mut Map<String, Value>) {
    fields.retain(|_, value| !value.is_null());
    for value in fields.values_mut() {
        if let Value::Object(inner) = value {
            without_nulls(inner);
        }
    }
}

/// Makes midnight UTC of a date alone; whether it was one.
fn whole_day(value: &mut Value) -> bool {
    let date = value.as_str().filter(|text| text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok());
    let Some(midnight) = date.map(|text| format!("{text}T00:00:00Z")) else { return false };
    *value = midnight.into();
    true
}

/// What is wrong with a mention that has the right shape.
fn fault(mention: &Mention) -> Option<String> {
    let addresses = [
        ("url", mention.url.as_ref()),
        ("author.url", mention.author.url.as_ref()),
        ("subject.url", mention.subject.as_ref().and_then(|s| s.url.as_ref())),
    ];
    for (field, address) in addresses {
        if address.is_some_and(|a| !(a.starts_with("https://") || a.starts_with("http://"))) {
            return Some(format!("“{field}” is no web address: it must begin with https:// or http://."));
        }
    }
    if mention.author.email.as_deref().is_some_and(|email| !is_mail_address(email)) {
        return Some("“author.email” is no mail address such as name@example.org.".into());
    }
    if mention.external_id.as_ref().is_some_and(|id| id.len() > LONGEST_ID) {
        return Some(format!("“external_id” is longer than {LONGEST_ID} characters."));
    }
    if let Some(Rating { value, best, worst }) = mention.rating {
        let worst = worst.unwrap_or(0.0);
        if !(worst < best && (worst..=best).contains(&value)) {
            return Some(format!("“rating” is impossible: {value} on a scale from {worst} to {best}."));
        }
    }
    if mention.deleted {
        let known = mention.external_id.is_some() || mention.url.is_some();
        return (!known).then(|| "A removal must say of what: “external_id” or “url” is needed.".into());
    }
    let says = |text: &str| !text.trim().is_empty();
    let silent =
        !says(&mention.text) && !mention.title.as_deref().is_some_and(says) && mention.rating.is_none();
    silent.then(|| "It says nothing: neither words nor a rating.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Result<Mention, String> {
        mention(serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn faults_name_the_field() {
        for (text, word) in [
            (r#"{"author":{},"text":"x"}"#, "kind"),
            (r#"{"kind":"review","author":null,"text":"x"}"#, "author"),
            (r#"{"kind":"rant","author":{},"text":"x"}"#, "kind"),
            (r#"{"kind":"review","author":{},"text":7}"#, "text"),
            (r#"{"kind":"review","author":{},"text":" "}"#, "says nothing"),
            (r#"{"kind":"review","author":{},"text":"","rating":{"value":6,"best":5}}"#, "rating"),
            (r#"{"kind":"review","author":{},"text":"","rating":{"value":"5","best":5}}"#, "rating.value"),
            (r#"{"kind":"review","author":{"email":"a b"},"text":"x"}"#, "author.email"),
            (r#"{"kind":"post","author":{},"text":"x","url":"javascript:alert(1)"}"#, "“url”"),
            (r#"{"kind":"post","author":{},"text":"x","published_at":"yesterday"}"#, "published_at"),
            (r#"{"kind":"post","author":{},"text":"","deleted":true}"#, "external_id"),
        ] {
            let fault = one(text).expect_err(text);
            assert!(fault.contains(word), "{text}: {fault}");
        }
    }

    #[test]
    fn nulls_are_absent_and_a_date_is_a_day() {
        let mention = one(r#"{"kind":"review","author":{"name":null},"text":"","title":null,"deleted":null,
                "rating":{"value":1,"best":5,"worst":null},"published_at":"2026-03-04"}"#)
        .expect("good");
        assert_eq!(mention.author.name, None);
        assert_eq!(mention.published_at.expect("a day").to_rfc3339(), "2026-03-04T00:00:00+00:00");
        assert_eq!(mention.published_precision, Some(goodword_shared::mention::Precision::Day));
    }

    #[test]
    fn the_form_of_the_text_is_found_out() {
        let good = r#"{"kind":"review","author":{},"text":"Fine."}"#;
        let form = |text: &str| read(text).map(|read| (read.items.len(), read.lines));
        assert_eq!(form(good), Ok((1, false)));
        assert_eq!(form(&format!("[{good},{good}]")), Ok((2, false)));
        assert_eq!(form(&format!("{good}\n\n{{broken\n{good}\n")), Ok((3, true)));
        assert!(form("{\"kind\":").is_err() && form("7").is_err() && form(" \n").is_err());
        let read = read(&format!("{good}\n\n{{broken\n")).expect("lines");
        assert_eq!(
            read.items.iter().map(|(at, item)| (*at, item.is_ok())).collect::<Vec<_>>(),
            [(1, true), (3, false)]
        );
    }
}
