//! The evidence in words for the owner. It decides nothing.

use goodword_shared::{Mention, matching::Evidence};

use super::{
    candidates::{Found, Handle},
    compare::{Fit, Form, Half},
    people::Person,
};

/// Why, best first. `close` is how many customers fit about as well, of `all`.
pub fn words(mention: &Mention, person: &Person, found: &Found, close: usize, all: usize) -> Vec<Evidence> {
    let mut list = Vec::new();
    let mut say = |kind: &str, text: String| list.push(Evidence { kind: kind.into(), text });
    if found.email {
        say("email", "The platform gave their e-mail address".into());
    }
    match &found.order {
        Some((number, true)) => say("order", format!("The platform gave order {number}, which is theirs")),
        Some((number, false)) => say("order", format!("Quotes order {number}, which is theirs")),
        None => {}
    }
    match found.handle {
        Some(Handle::Known) => say("handle", "Uses the handle in their record".into()),
        Some(Handle::MailBox) => say("handle", "The handle is the first part of their e-mail address".into()),
        None => {}
    }
    if let Some(fit) = &found.name {
        let shown = if fit.from_handle {
            mention.author.handle.as_deref().or(mention.author.name.as_deref())
        } else {
            mention.author.shown()
        };
        let (kind, text) = name(fit, shown.unwrap_or_default().trim(), &person.name);
        say(kind, text);
        let rarity = match close {
            0 | 1 => format!("Nobody else of {all} customers fits as well"),
            n => format!("{n} of {all} customers fit about as well"),
        };
        say("rarity", rarity);
    } else if found.other_name {
        say("name", format!("The name shown is not {}", person.name));
    }
    match (found.city, mention.author.location.as_deref(), person.city.as_deref()) {
        (Some(true), Some(place), _) => say("city", format!("Both in {}", place.trim())),
        (Some(false), Some(place), Some(town)) => {
            say("city", format!("Says {}, the record says {}", place.trim(), capital(town)));
        }
        _ => {}
    }
    match found.language {
        Some(true) => say("language", "Writes in their language".into()),
        Some(false) => say("language", "Writes in another language than theirs".into()),
        None => {}
    }
    list
}

fn name<'a>(fit: &Fit, shown: &str, customer: &str) -> (&'a str, String) {
    let halves = [fit.given.as_ref(), fit.family.as_ref()];
    let with = |form: Form| halves.iter().flatten().find(|h: &&&Half| h.form == form).copied();
    if fit.from_handle {
        return ("handle", format!("“{shown}” can be read as {customer}"));
    }
    if let Some(half) = with(Form::Nickname) {
        return (
            "nickname",
            format!("“{}” is a familiar form of {}: {customer}", capital(&half.shown), capital(&half.word)),
        );
    }
    if let Some(half) = with(Form::Start) {
        return (
            "nickname",
            format!("“{}” is the beginning of {}: {customer}", capital(&half.shown), capital(&half.word)),
        );
    }
    if let Some(half) = with(Form::Slip) {
        return (
            "name",
            format!("“{}” is one letter away from {}: {customer}", capital(&half.shown), capital(&half.word)),
        );
    }
    if let Some(half) = with(Form::Sound) {
        return (
            "name",
            format!("“{}” is another spelling of {}: {customer}", capital(&half.shown), capital(&half.word)),
        );
    }
    if with(Form::Initial).is_some() {
        return ("initial", format!("“{shown}” fits {customer}: name and initial"));
    }
    match halves {
        [Some(_), Some(_)] if fit.turned => {
            ("name", format!("“{shown}” is {customer} with the family name first"))
        }
        [Some(_), Some(_)] => ("name", format!("“{shown}” has the name of {customer}")),
        [Some(_), None] => ("name", format!("“{shown}” has the given name of {customer}")),
        _ => ("name", format!("“{shown}” has the family name of {customer}")),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
