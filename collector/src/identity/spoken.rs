//! One shown word, looked up: which words of names it may stand for, and how many bear one of those. It knows no single customer.

use super::{
    circles::{Bearers, Side},
    crowd::Crowd,
    customers::people::People,
    form::Form,
    names::{
        nicknames::Nicknames,
        sounds::{one_apart, other_ending, other_name},
        spelling::Spelt,
    },
};

/// How often the family name comes first where no comma says so.
pub const TURNED: f64 = 0.15;

/// One shown word with everybody's words that it may stand for.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// As shown, in Latin letters.
    pub text: String,
    /// Words of the vocabulary and how it stands for them, by word; initials and beginnings are seen from the letters.
    forms: Vec<(u32, Form)>,
    /// How many customers would show this word for their given name.
    pub given: Bearers,
    /// The same for their family name.
    pub family: Bearers,
    /// Somebody bears exactly this.
    known: bool,
    /// It is a given name that many bear.
    named: bool,
}

impl Spoken {
    /// Looks the word up.
    pub fn new(text: &str, people: &People, nicknames: &Nicknames, crowd: &Crowd) -> Self {
        let mut forms: Vec<(u32, Form)> = Vec::new();
        if text.len() > 1 {
            forms.extend(people.vocabulary.find(text).map(|w| (w, Form::Same)));
            for (others, form) in [
                (nicknames.full(text), Form::Nickname),
                (nicknames.others(text), Form::Formal),
                (nicknames.abroad(text), Form::Abroad),
            ] {
                for other in others {
                    let alike = people.vocabulary.given_like(other, nicknames.said(other));
                    let spelt = people.vocabulary.find(other).into_iter().chain(alike);
                    forms.extend(spelt.map(|word| (word, form)));
                }
            }
            let custom = nicknames.families(text).iter().filter_map(|name| people.vocabulary.find(name));
            forms.extend(custom.map(|word| (word, Form::Custom)));
            if text.len() > 2 {
                let form = |spelt| if spelt == Spelt::Alike { Form::Sound } else { Form::Slip };
                forms.extend(people.vocabulary.alike(text).into_iter().map(|(w, spelt)| (w, form(spelt))));
                forms.extend(people.vocabulary.slips(text).into_iter().map(|w| (w, Form::Slip)));
            }
        }
        let borne =
            |(word, form): &(u32, Form)| *form == Form::Same && people.vocabulary.counts(*word) != (0, 0);
        let known = forms.iter().any(borne);
        let named = nicknames.is_name(text);
        // Of several ways to stand for a word the strongest counts.
        forms.sort_unstable_by(|(a, one), (b, other)| {
            // A slip for a name that many bear is none, in given names.
            let doubt = |form: &Form| if named && *form == Form::Slip { 0.5 } else { 1.0 };
            let strength = |form: &Form| form.strength(text.len(), known) * doubt(form);
            a.cmp(b).then_with(|| strength(other).total_cmp(&strength(one))).then(one.cmp(other))
        });
        forms.dedup_by_key(|(word, _)| *word);
        let (mut given, mut family) = (Bearers::default(), Bearers::default());
        for (word, form) in &forms {
            let (g, f) = people.vocabulary.counts(*word);
            let theirs = people.vocabulary.text(*word);
            let add = |bearers: &mut Bearers, side: Side, count: u32| {
                let Some(form) = form_on(text, theirs, *form, named, side) else { return };
                let strength = form.strength(text.len(), known);
                let showing = strength * crowd.show(*word, side) * f64::from(count);
                bearers.add(crowd.circles(), *word, side, showing);
            };
            add(&mut given, Side::Given, g);
            add(&mut family, Side::Family, f);
        }
        let (mut near_given, mut near_family) = (0, 0);
        let slips = forms.iter().filter(|(_, form)| *form == Form::Slip);
        for (word, _) in slips.filter(|(word, _)| one_apart(text, people.vocabulary.text(*word))) {
            let (g, f) = people.vocabulary.counts(*word);
            near_given += usize::from(g == 1);
            near_family += usize::from(f == 1);
        }
        let near = |count: usize| (!known).then_some(count);
        let (given, family) = (
            crowd.unseen(&given, &family, near(near_given)),
            crowd.unseen(&family, &given, near(near_family)),
        );
        Self { text: text.into(), forms, given, family, known, named }
    }

    /// Everybody's words that it may stand for, and how many bear them.
    pub fn words<'a>(&'a self, people: &'a People) -> impl Iterator<Item = (u32, usize)> + 'a {
        self.forms.iter().map(|(word, _)| {
            let (given, family) = people.vocabulary.counts(*word);
            (*word, (given + family) as usize)
        })
    }

    /// Whether it is more than an initial.
    pub fn is_whole(&self) -> bool {
        self.text.len() > 1
    }

    /// How often a person shows this word so, against showing the name as it is.
    pub fn strength(&self, form: Form) -> f64 {
        form.strength(self.text.len(), self.known)
    }

    /// How it stands for a word of the given, or else of the family name; none where it does not.
    pub fn form(&self, people: &People, word: u32, given: bool) -> Option<Form> {
        if let Ok(at) = self.forms.binary_search_by_key(&word, |(w, _)| *w) {
            let side = if given { Side::Given } else { Side::Family };
            return form_on(&self.text, people.vocabulary.text(word), self.forms[at].1, self.named, side);
        }
        let (shown, word) = (self.text.as_str(), people.vocabulary.text(word));
        if shown.len() == 1 || word.len() == 1 {
            // An initial is shown, or the records hold no more than one.
            return (shown.as_bytes().first() == word.as_bytes().first()).then_some(Form::Initial);
        }
        (shown.len() >= 2 && word.len() > shown.len() + 1 && word.starts_with(shown)).then_some(Form::Start)
    }
}

/// How a shown word stands for another on one side of a name; none where it does not. The same for the customer and for strangers.
fn form_on(shown: &str, theirs: &str, form: Form, named: bool, side: Side) -> Option<Form> {
    let given = side == Side::Given;
    match form {
        // Many bear what is shown: hardly a slip for a name like it.
        Form::Slip if given && (named || other_name(shown, theirs)) => Some(Form::Other),
        Form::Sound if given && other_ending(shown, theirs) => Some(Form::Other),
        Form::Custom => (!given).then_some(form),
        // As a family name it may be a slip all the same.
        Form::Nickname | Form::Formal | Form::Abroad if !given => {
            one_apart(shown, theirs).then_some(Form::Slip)
        }
        _ => Some(form),
    }
}

/// How many strangers to expect who would show these words as their full name, in either order.
pub fn bearers(crowd: &Crowd, given: &Spoken, family: &Spoken) -> f64 {
    crowd.bearers(&given.given, &family.family) + TURNED * crowd.bearers(&family.given, &given.family)
}
