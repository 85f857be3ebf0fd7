//! One shown word, looked up: which words of names it may stand for, and how many bear one of those. It knows no single customer.

use super::{
    circles::{Bearers, Side},
    crowd::Crowd,
    form::Form,
    nicknames::Nicknames,
    people::People,
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
}

impl Spoken {
    /// Looks the word up.
    pub fn new(text: &str, people: &People, nicknames: &Nicknames, crowd: &Crowd) -> Self {
        let mut forms: Vec<(u32, Form)> = Vec::new();
        if text.len() > 1 {
            forms.extend(people.vocabulary.find(text).map(|w| (w, Form::Same)));
            for (others, form) in
                [(nicknames.full(text), Form::Nickname), (nicknames.others(text), Form::Formal)]
            {
                forms.extend(others.into_iter().filter_map(|n| Some((people.vocabulary.find(n)?, form))));
            }
            if text.len() > 2 {
                forms.extend(people.vocabulary.alike(text).into_iter().map(|w| (w, Form::Sound)));
            }
            if text.len() > 2 {
                forms.extend(people.vocabulary.slips(text).into_iter().map(|w| (w, Form::Slip)));
            }
            // Of several ways to stand for a word the first, and strongest, counts.
            forms.sort_unstable();
            forms.dedup_by_key(|(word, _)| *word);
        }
        let borne =
            |(word, form): &(u32, Form)| *form == Form::Same && people.vocabulary.counts(*word) != (0, 0);
        let known = forms.iter().any(borne);
        let (mut given, mut family) = (Bearers::default(), Bearers::default());
        for (word, form) in &forms {
            let (g, f) = people.vocabulary.counts(*word);
            let strength = form.strength(text.len(), known);
            let add = |bearers: &mut Bearers, side: Side, count: u32| {
                let showing = strength * crowd.show(*word, side) * f64::from(count);
                bearers.add(crowd.circles(), *word, side, showing);
            };
            add(&mut given, Side::Given, g);
            if !matches!(form, Form::Nickname | Form::Formal) {
                add(&mut family, Side::Family, f);
            }
        }
        let (given, family) = (crowd.unseen(&given, &family), crowd.unseen(&family, &given));
        Self { text: text.into(), forms, given, family, known }
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
            let form = self.forms[at].1;
            return (given || !matches!(form, Form::Nickname | Form::Formal)).then_some(form);
        }
        let (shown, word) = (self.text.as_str(), people.vocabulary.text(word));
        if shown.len() == 1 || word.len() == 1 {
            // An initial is shown, or the records hold no more than one.
            return (shown.as_bytes().first() == word.as_bytes().first()).then_some(Form::Initial);
        }
        (shown.len() >= 2 && word.len() > shown.len() + 1 && word.starts_with(shown)).then_some(Form::Start)
    }
}

/// How many strangers to expect who would show these words as their full name, in either order.
pub fn bearers(crowd: &Crowd, given: &Spoken, family: &Spoken) -> f64 {
    crowd.bearers(&given.given, &family.family) + TURNED * crowd.bearers(&family.given, &given.family)
}
