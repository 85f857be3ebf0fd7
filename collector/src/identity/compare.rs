//! How well what an author shows fits one customer's name, and how many strangers would show the same. The second is counted
//! among the customers themselves: a name that many bear proves little. Counts are used rather than shares, so that a customer
//! who has nothing to do with a mention never makes a match surer.

use super::{
    people::{People, Person},
    shown::{Nicknames, Shown},
};

/// How a shown word stands for a word of the customer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The same letters.
    Same,
    /// One letter for the whole.
    Initial,
    /// A short form, or the full one where the records have the short.
    Nickname,
    /// The beginning of it.
    Start,
    /// Spelled otherwise, sounds alike.
    Sound,
    /// One letter off.
    Slip,
}

impl Form {
    /// How often a person shows this form, against showing the name as it is.
    fn strength(self) -> f64 {
        match self {
            Form::Same | Form::Initial => 1.0,
            Form::Nickname => 0.3,
            Form::Sound => 0.3,
            Form::Start => 0.12,
            Form::Slip => 0.1,
        }
    }
}

/// One half of a name, as it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Half {
    /// How.
    pub form: Form,
    /// The word shown.
    pub shown: String,
    /// The customer's word.
    pub word: String,
    /// How many strangers' names it could be, in customers who bear it.
    pub count: f64,
}

/// A fit of one reading with one customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// How likely the customer shows themselves so, against their plain name; 0–1.
    pub strength: f64,
    /// The given name's half.
    pub given: Option<Half>,
    /// The family name's half.
    pub family: Option<Half>,
    /// Family name first.
    pub turned: bool,
    /// It was read out of a handle.
    pub from_handle: bool,
}

/// Strangers with a full name, per (bearers of the one × bearers of the other)^0.5. Set on generated customers, not on real ones.
const STRANGERS_FULL: f64 = 0.0014;
/// The same where one half is an initial.
const STRANGERS_INITIAL: f64 = 0.03;
/// However few customers share an initial, some strangers do.
const STRANGERS_INITIAL_LEAST: f64 = 0.06;
const GROWTH: f64 = 0.5;

impl Fit {
    /// How many strangers would show the same, for each customer who might.
    pub fn strangers(&self) -> f64 {
        let initial = |h: &Half| h.form == Form::Initial;
        let strangers = match (&self.given, &self.family) {
            (Some(g), Some(f)) => {
                let bearers = (g.count.max(0.5) * f.count.max(0.5)).powf(GROWTH);
                match (initial(g), initial(f)) {
                    (false, false) => STRANGERS_FULL * bearers,
                    (true, true) => 4.0 * (STRANGERS_INITIAL * bearers).max(STRANGERS_INITIAL_LEAST),
                    _ => (STRANGERS_INITIAL * bearers).max(STRANGERS_INITIAL_LEAST),
                }
            }
            (Some(half), None) | (None, Some(half)) => 0.6 + 0.5 * half.count,
            (None, None) => 1.0,
        };
        if self.from_handle { strangers * 1.5 } else { strangers }
    }

    /// Odds for this customer against a stranger.
    pub fn odds(&self) -> f64 {
        self.strength / self.strangers().max(1e-4)
    }

    /// This fit with what another reading of the same author adds: a whole word where this one has an initial or nothing.
    pub fn joined(&self, other: &Fit) -> Fit {
        let fuller = |a: &Option<Half>, b: &Option<Half>| match (a, b) {
            (Some(x), Some(y)) if x.form == Form::Initial && y.form != Form::Initial => b.clone(),
            (None, Some(_)) => b.clone(),
            _ => a.clone(),
        };
        Fit {
            strength: self.strength * 0.9,
            given: fuller(&self.given, &other.given),
            family: fuller(&self.family, &other.family),
            ..self.clone()
        }
    }
}

/// A shown word with everybody's words that it may stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// As shown, in Latin letters.
    pub text: String,
    /// Words of the vocabulary and how it stands for them, by word; initials and beginnings are seen from the letters.
    forms: Vec<(u32, Form)>,
}

impl Spoken {
    /// Looks the word up.
    pub fn new(text: &str, people: &People, nicknames: &Nicknames) -> Self {
        let mut forms: Vec<(u32, Form)> = Vec::new();
        if text.len() > 1 {
            let same = people.word_of(text).map(|w| (w, Form::Same));
            let others =
                nicknames.others(text).into_iter().filter_map(|n| Some((people.word_of(n)?, Form::Nickname)));
            forms.extend(same.into_iter().chain(others));
            forms.extend(people.alike(text).filter(|_| text.len() > 2).map(|w| (w, Form::Sound)));
            forms.extend(people.slips(text).into_iter().map(|w| (w, Form::Slip)));
            // Of several ways to stand for a word the first, and strongest, counts.
            forms.sort_by_key(|(word, _)| *word);
            forms.dedup_by_key(|(word, _)| *word);
        }
        Self { text: text.into(), forms }
    }

    /// Everybody's words that it may stand for.
    pub fn words(&self) -> impl Iterator<Item = u32> {
        self.forms.iter().map(|(word, _)| *word)
    }
}

/// A reading with its words looked up.
#[derive(Clone, Debug)]
pub struct Prepared<'a> {
    /// The reading.
    pub shown: &'a Shown,
    /// Its words.
    pub words: Vec<Spoken>,
    /// Each pair of neighbours as one word, where somebody has that word.
    pub pairs: Vec<Option<Spoken>>,
}

impl<'a> Prepared<'a> {
    /// Looks the words of a reading up.
    pub fn new(shown: &'a Shown, people: &People, nicknames: &Nicknames) -> Self {
        let words = shown.words.iter().map(|w| Spoken::new(w, people, nicknames)).collect();
        let pair = |pair: &[String]| {
            let joined = pair.concat();
            (joined.len() >= 4 && people.word_of(&joined).is_some())
                .then(|| Spoken::new(&joined, people, nicknames))
        };
        Self { shown, words, pairs: shown.words.windows(2).map(pair).collect() }
    }
}

/// Compares readings with customers.
#[derive(Clone, Copy, Debug)]
pub struct Comparer<'a> {
    /// Everybody.
    pub people: &'a People,
}

impl Comparer<'_> {
    fn form(&self, spoken: &Spoken, word: u32, given: bool) -> Option<Form> {
        if let Ok(at) = spoken.forms.binary_search_by_key(&word, |(w, _)| *w) {
            let form = spoken.forms[at].1;
            return (given || form != Form::Nickname).then_some(form);
        }
        let (shown, word) = (spoken.text.as_str(), self.people.text(word));
        if shown.len() == 1 || word.len() == 1 {
            // An initial is shown, or the records hold no more than one.
            return (shown.as_bytes().first() == word.as_bytes().first()).then_some(Form::Initial);
        }
        (given && shown.len() >= 3 && word.len() > shown.len() && word.starts_with(shown))
            .then_some(Form::Start)
    }

    fn half(&self, spoken: &Spoken, words: &[u32], given: bool) -> Option<(usize, Half)> {
        let rank = |form: Form| (form.strength(), form != Form::Initial);
        let forms =
            words.iter().enumerate().filter_map(|(at, w)| Some((at, *w, self.form(spoken, *w, given)?)));
        // The first of equally good ones.
        let (at, word, form) =
            forms.reduce(|best, next| if rank(next.2) > rank(best.2) { next } else { best })?;
        let shown = spoken.text.as_str();
        let bearers = self.people.bearers(word).len() as f64;
        let count = match form {
            Form::Initial => {
                let (g, f) = self.people.initials(shown);
                if given { g as f64 } else { f as f64 }
            }
            Form::Nickname | Form::Start => (self.people.count(shown) as f64).max(0.3 * bearers),
            Form::Same => bearers,
            Form::Sound | Form::Slip => self.people.count(shown) as f64,
        };
        Some((at, Half { form, shown: shown.into(), word: self.people.text(word).into(), count }))
    }

    /// How a reading fits a customer; none where it does not.
    pub fn fit(&self, prepared: &Prepared<'_>, person: &Person) -> Option<Fit> {
        let refs: Vec<&Spoken> = prepared.words.iter().collect();
        let mut best = self.fit_words(&refs, person, prepared.shown);
        if best.as_ref().is_some_and(|f| f.strength > 0.5) {
            return best;
        }
        // "Xiao Ming Wang" for Xiaoming: two shown words may be one of the records'.
        for (at, pair) in prepared.pairs.iter().enumerate() {
            let Some(pair) = pair.as_ref().filter(|p| p.words().any(|w| person.words.contains(&w))) else {
                continue;
            };
            let mut words = refs.clone();
            words.splice(at..at + 2, [pair]);
            if let Some(mut fit) = self.fit_words(&words, person, prepared.shown) {
                fit.strength *= 0.8;
                if best.as_ref().is_none_or(|b| fit.strength > b.strength) {
                    best = Some(fit);
                }
            }
        }
        best
    }

    fn fit_words(&self, words: &[&Spoken], person: &Person, shown: &Shown) -> Option<Fit> {
        let (given, family) = person.words.split_at(usize::from(person.given).min(person.words.len()));
        let halves = |given_side: bool| -> Vec<Option<(usize, Half)>> {
            let list = if given_side { given } else { family };
            words.iter().map(|w| self.half(w, list, given_side)).collect()
        };
        let (g, f) = (halves(true), halves(false));
        let mut best: Option<(f64, usize, usize)> = None;
        for (i, (gi, hg)) in g.iter().enumerate().filter_map(|(i, h)| Some((i, h.as_ref()?))) {
            for (j, (fj, hf)) in f.iter().enumerate().filter_map(|(j, h)| Some((j, h.as_ref()?))) {
                if i == j {
                    continue;
                }
                let mut strength = hg.form.strength() * hf.form.strength();
                // The second of two given or family names alone is shown less often than the first.
                strength *= if *gi > 0 { 0.5 } else { 1.0 } * if *fj > 0 { 0.6 } else { 1.0 };
                strength *= if i > j { 0.7 } else { 1.0 };
                if hg.form == Form::Initial && hf.form == Form::Initial {
                    strength *= 0.5;
                }
                if best.is_none_or(|(s, ..)| strength > s) {
                    best = Some((strength, i, j));
                }
            }
        }
        if let Some((strength, i, j)) = best {
            let rest = (0..words.len()).filter(|n| *n != i && *n != j);
            let strength = rest.fold(strength, |s, n| s * leftover(&words[n].text, &g[n], &f[n]));
            return Some(Fit {
                strength: strength * shown.trust,
                given: g[i].clone().map(|h| h.1),
                family: f[j].clone().map(|h| h.1),
                turned: i > j,
                from_handle: shown.from_handle,
            });
        }
        // One half only: every word shown must be of that half, or the author has another name.
        let one_sided = |side: &[Option<(usize, Half)>]| {
            let first = side.first()?.clone()?.1;
            (first.form != Form::Initial && first.form != Form::Slip && side.iter().all(Option::is_some))
                .then_some(first)
        };
        let whole = family.is_empty() || given.is_empty();
        let (given, family) = match (one_sided(&g), one_sided(&f)) {
            (Some(half), _) => (Some(half), None),
            (None, Some(half)) => (None, Some(half)),
            (None, None) => return None,
        };
        let half = given.as_ref().or(family.as_ref())?;
        let strength = half.form.strength() * shown.trust * if whole { 1.0 } else { 0.5 };
        Some(Fit { strength, given, family, turned: false, from_handle: shown.from_handle })
    }
}

/// What a word that is neither half does to the fit.
fn leftover(word: &str, given: &Option<(usize, Half)>, family: &Option<(usize, Half)>) -> f64 {
    if given.is_some() || family.is_some() {
        1.0
    } else if word.len() == 1 {
        0.8
    } else {
        0.25
    }
}
