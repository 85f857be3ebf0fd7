//! The evidence in words for the owner. It decides nothing.

use goodword_shared::{Mention, matching::Evidence};

use super::{
    Index,
    candidates::{City, Found, Gathered, Handle},
    compare::{Fit, Half},
    form::Form,
    names::sounds::one_apart,
    text::{quoted::Quoted, wording::capital},
};

/// Why, best first. `close` is how many customers fit about as well; none where somebody else fits far better.
pub fn words(
    index: &Index,
    mention: &Mention,
    gathered: &Gathered,
    customer: u32,
    found: &Found,
    close: Option<usize>,
) -> Vec<Evidence> {
    let people = &index.people;
    let Some(person) = people.person(customer) else { return Vec::new() };
    let (own, all) = (people.called(person), people.total());
    let mut list = Vec::new();
    let mut say = |kind: &str, text: String| list.push(Evidence { kind: kind.into(), text });
    if found.email {
        say("email", "The platform gave their e-mail address".into());
    }
    match found.phone {
        Some(0 | 1) => say("phone", "Gives their telephone number".into()),
        Some(n) => say("phone", format!("Gives their telephone number, which {n} customers have")),
        None => {}
    }
    match &found.order {
        Some(Quoted { number, given: true, .. }) => {
            say("order", format!("The platform gave order {number}, which is theirs"));
        }
        Some(Quoted { number, .. }) => say("order", format!("Quotes order {number}, which is theirs")),
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
        let (kind, text) = name(index, gathered, fit, shown.unwrap_or_default().trim(), own);
        say(kind, text);
        let rarity = match close {
            None => "Somebody else fits far better".into(),
            Some(0 | 1) if all < 2 => "There is no other customer".into(),
            Some(0 | 1) => format!("Nobody else of {all} customers fits as well"),
            Some(n) => format!("{n} of {all} customers fit about as well"),
        };
        say("rarity", rarity);
    } else if found.other_name {
        let shown = mention.author.shown().unwrap_or_default().trim();
        if found.family.is_some() {
            say("household", format!("“{shown}” has the family name of {own}, and another given name"));
        } else {
            say("name", format!("The name shown is not {own}"));
        }
        if gathered.facts.together {
            say("household", "Speaks of somebody of the family".into());
        }
    }
    let place = mention.author.location.as_deref().unwrap_or_default().trim();
    match found.city {
        Some(City::Same(_)) => say("city", format!("Both in {}", people.city_written(person.city))),
        Some(City::Other) => {
            say("city", format!("Says {place}, the record says {}", people.city_written(person.city)));
        }
        Some(City::Named(_)) => {
            say("city", format!("Names {}, where they live", people.city_written(person.city)));
        }
        Some(City::Unknown) | None => {}
    }
    match found.language {
        Some(true) => say("language", "Writes in their language".into()),
        Some(false) => say("language", "Writes in another language than theirs".into()),
        None => {}
    }
    if let Some(fits) = &found.told {
        fits.words(&index.purchases, people, customer, &mut list);
    }
    list
}

fn name(
    index: &Index,
    gathered: &Gathered,
    fit: &Fit,
    shown: &str,
    customer: &str,
) -> (&'static str, String) {
    let halves = [fit.given.as_ref(), fit.family.as_ref()];
    let with = |form: Form| halves.iter().flatten().find(|h: &&&Half| h.form == form).copied();
    let told = |half: &Half| capital(gathered.spoken.get(usize::from(half.shown)).map_or("", |s| &s.text));
    let meant = |half: &Half| capital(index.people.vocabulary.text(half.word));
    if fit.from_handle {
        return ("handle", format!("“{shown}” can be read as {customer}"));
    }
    if fit.firm {
        return ("company", format!("“{shown}” is the firm in the record of {customer}"));
    }
    let said = [
        (Form::Nickname, "nickname", "is a familiar form of"),
        (Form::Formal, "nickname", "is another form of"),
        (Form::Abroad, "nickname", "is another language's"),
        (Form::Start, "nickname", "is the beginning of"),
        (Form::Slip, "name", "is one letter away from"),
        (Form::Other, "name", "is one letter away from"),
        (Form::Custom, "name", "is another spelling of"),
        (Form::Sound, "name", "is another spelling of"),
    ];
    for (form, kind, words) in said {
        if let Some(half) = with(form) {
            let apart = matches!(form, Form::Slip | Form::Other)
                && !one_apart(&told(half).to_lowercase(), &meant(half).to_lowercase());
            let words = if apart { "is spelt nearly as" } else { words };
            return (kind, format!("“{}” {words} {}: {customer}", told(half), meant(half)));
        }
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
