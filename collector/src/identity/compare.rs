//! How well what an author shows fits one customer's name, and how many strangers would show the same. The second is counted
//! among the customers themselves: a name that many bear proves little.

use super::{
    circles::{Bearers, Side, letter},
    crowd::Crowd,
    form::Form,
    nicknames::Nicknames,
    people::{People, Person},
    weights::Weights,
};

/// One shown word with everybody's words that it may stand for.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// As shown, in Latin letters.
    pub text: String,
    /// Words of the vocabulary and how it stands for them, by word; initials and beginnings are seen from the letters.
    forms: Vec<(u32, Form)>,
    /// How many customers would show this word for their given name, and for their family name.
    given: Bearers,
    family: Bearers,
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
            given.add(crowd.circles(), *word, Side::Given, strength * f64::from(g));
            if !matches!(form, Form::Nickname | Form::Formal) {
                family.add(crowd.circles(), *word, Side::Family, strength * f64::from(f));
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

    fn strength(&self, form: Form) -> f64 {
        form.strength(self.text.len(), self.known)
    }

    fn form(&self, people: &People, word: u32, given: bool) -> Option<Form> {
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

/// One half of a name, as it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Half {
    /// How.
    pub form: Form,
    /// Which of the shown words.
    pub shown: u16,
    /// The customer's word.
    pub word: u32,
}

/// A fit of one reading with one customer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fit {
    /// How likely the customer shows themselves so, against their plain name; 0–1.
    pub strength: f64,
    /// How many strangers would show the same, for each customer who might.
    pub strangers: f64,
    /// The given name's half.
    pub given: Option<Half>,
    /// The family name's half.
    pub family: Option<Half>,
    /// Family name first.
    pub turned: bool,
    /// It was read out of a handle.
    pub from_handle: bool,
    /// It is the firm's name.
    pub firm: bool,
}

impl Fit {
    /// Odds for this customer against a stranger.
    pub fn odds(&self) -> f64 {
        // Somebody may show any name at all by accident, and read a handle as anything.
        let accident = if self.from_handle { 0.01 } else { 0.003 };
        1.0 / (self.strangers / self.strength.max(1e-9) + accident)
    }
}

/// A reading with its words looked up.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Places of its words in the list of all shown words.
    pub words: Vec<u16>,
    /// How far this reading is to be trusted, 0–1.
    pub trust: f64,
    /// It was read out of a handle.
    pub from_handle: bool,
}

/// Compares readings with customers.
#[derive(Clone, Copy, Debug)]
pub struct Comparer<'a> {
    /// Everybody.
    pub people: &'a People,
    /// Every shown word.
    pub spoken: &'a [Spoken],
    /// How much which evidence counts.
    pub weights: &'a Weights,
    /// How many strangers bear a name.
    pub crowd: &'a Crowd,
}

/// How often the family name comes first where no comma says so.
const TURNED: f64 = 0.15;

/// How many strangers to expect who would show these words as their full name, in either order.
pub fn bearers(crowd: &Crowd, given: &Spoken, family: &Spoken) -> f64 {
    crowd.bearers(&given.given, &family.family) + TURNED * crowd.bearers(&family.given, &given.family)
}

impl Comparer<'_> {
    fn spoken(&self, at: u16) -> &Spoken {
        &self.spoken[usize::from(at)]
    }

    /// How much of a side an initial or a beginning leaves: a tenth for one letter, and so on.
    fn narrow(&self, half: &Half) -> Option<f64> {
        match half.form {
            Form::Initial => Some(0.1),
            Form::Start => Some(match self.spoken(half.shown).text.len() {
                0..=2 => 0.04,
                3 => 0.015,
                4 => 0.008,
                _ => 0.005,
            }),
            _ => None,
        }
    }

    /// How many strangers would show these words, for each customer who might.
    pub fn strangers(&self, given: Option<&Half>, family: Option<&Half>) -> f64 {
        let told = |half: &Half| self.spoken(half.shown);
        let beside = |half: &Half, side: Side, other: &Half, narrow: f64| {
            let spoken = told(half);
            let bearers = if side == Side::Given { &spoken.given } else { &spoken.family };
            if other.form == Form::Initial {
                let shown = &told(other).text;
                let text = if shown.len() == 1 { shown } else { self.people.vocabulary.text(other.word) };
                self.crowd.with_letter(bearers, side, letter(text))
            } else {
                self.crowd.strangers(bearers, side) * narrow * 1.2
            }
        };
        let count = match (given, family) {
            (Some(g), Some(f)) => match (self.narrow(g), self.narrow(f)) {
                (None, None) => bearers(self.crowd, told(g), told(f)),
                (None, Some(n)) => beside(g, Side::Given, f, n),
                (Some(n), None) => beside(f, Side::Family, g, n),
                (Some(_), Some(_)) => 50.0,
            },
            (Some(half), None) | (None, Some(half)) => match self.narrow(half) {
                None => told(half).given.all() + told(half).family.all(),
                Some(_) => 50.0,
            },
            (None, None) => 50.0,
        };
        count * self.weights.strangers
    }

    /// This fit with what another reading of the same author adds: a whole word where this one has an initial or nothing.
    pub fn joined(&self, one: &Fit, other: &Fit) -> Fit {
        let fuller = |a: Option<Half>, b: Option<Half>| match (a, b) {
            (Some(x), Some(y)) if self.narrow(&x).is_some() && self.narrow(&y).is_none() => b,
            (None, Some(_)) => b,
            _ => a,
        };
        let (given, family) = (fuller(one.given, other.given), fuller(one.family, other.family));
        let strangers = self.strangers(given.as_ref(), family.as_ref());
        Fit { strength: one.strength * 0.9, strangers, given, family, ..*one }
    }

    /// How a reading fits a customer; none where it does not.
    pub fn fit(&self, reading: &Prepared, person: &Person) -> Option<Fit> {
        let own = self.fit_name(reading, person);
        let firm = self.people.firm(person);
        if firm.is_empty() {
            return own;
        }
        let firm = self.fit_firm(reading, firm);
        match (own, firm) {
            (Some(a), Some(b)) => Some(if b.odds() > a.odds() { b } else { a }),
            (a, b) => a.or(b),
        }
    }

    fn fit_name(&self, reading: &Prepared, person: &Person) -> Option<Fit> {
        let words = self.people.words(person);
        if person.one_sided() && words.len() > 1 {
            return self.fit_firm(reading, words);
        }
        let strength = |half: &Half| self.spoken(half.shown).strength(half.form);
        let mut given: [Option<(usize, Half)>; 8] = [None; 8];
        let mut family: [Option<(usize, Half)>; 8] = [None; 8];
        let shown = &reading.words[..reading.words.len().min(8)];
        for (i, at) in shown.iter().enumerate() {
            for (p, word) in words.iter().enumerate() {
                for (side, given_side) in [(&mut given[i], true), (&mut family[i], false)] {
                    if !(if given_side { person.is_given(p) } else { person.is_family(p) }) {
                        continue;
                    }
                    let Some(form) = self.spoken(*at).form(self.people, *word, given_side) else { continue };
                    let half = Half { form, shown: *at, word: *word };
                    let rank = |h: &Half| (strength(h), h.form != Form::Initial);
                    // The first of equally good ones.
                    if side.as_ref().is_none_or(|(_, old)| rank(&half) > rank(old)) {
                        *side = Some((p, half));
                    }
                }
            }
        }
        let first_family =
            (0..words.len()).find(|p| person.is_family(*p) && !person.is_given(*p)).unwrap_or(0);
        let mut best: Option<(f64, usize, usize)> = None;
        for (i, (gp, g)) in given.iter().enumerate().filter_map(|(i, h)| Some((i, h.as_ref()?))) {
            for (j, (fp, f)) in family.iter().enumerate().filter_map(|(j, h)| Some((j, h.as_ref()?))) {
                if i == j || gp == fp {
                    continue;
                }
                let mut worth = strength(g) * strength(f);
                // The second of two given or family names alone is shown less often than the first.
                worth *= if *gp > 0 { 0.25 } else { 1.0 } * if *fp > first_family { 0.25 } else { 1.0 };
                worth *= if i > j { TURNED } else { 1.0 };
                if best.is_none_or(|(old, ..)| worth > old) {
                    best = Some((worth, i, j));
                }
            }
        }
        if let Some((worth, i, j)) = best {
            let (mut worth, mut narrower) = (worth * reading.trust, 1.0);
            for n in (0..shown.len()).filter(|n| *n != i && *n != j) {
                match (&given[n], &family[n]) {
                    (Some((_, half)), _) | (_, Some((_, half))) => {
                        // A second given or family name is theirs, too.
                        narrower *= if half.form == Form::Initial { 0.3 } else { 0.1 };
                    }
                    (None, None) => worth *= self.crowd.further(self.spoken(shown[n]).text.len() == 1),
                }
            }
            // Further given names are left out more often than not, but who has none is likelier.
            let unshown = (0..words.len()).filter(|p| person.is_given(*p) && !person.is_family(*p)).count();
            worth *= if unshown > 1 && shown.len() == 2 { 0.6 } else { 1.0 };
            let (g, f) = (given[i].map(|h| h.1), family[j].map(|h| h.1));
            let strangers = self.strangers(g.as_ref(), f.as_ref()) * narrower;
            let (turned, from_handle) = (i > j, reading.from_handle);
            return Some(Fit {
                strength: worth,
                strangers,
                given: g,
                family: f,
                turned,
                from_handle,
                firm: false,
            });
        }
        // One half only: every word shown must be of that half, or the author has another name.
        let one_side = |side: &[Option<(usize, Half)>; 8]| {
            let first = side[0]?.1;
            let plain = !matches!(first.form, Form::Initial | Form::Slip | Form::Start);
            (plain && (0..shown.len()).all(|n| side[n].is_some())).then_some(first)
        };
        let (g, f) = match (one_side(&given), one_side(&family)) {
            (Some(half), _) => (Some(half), None),
            (None, Some(half)) => (None, Some(half)),
            (None, None) => return None,
        };
        let half = g.or(f)?;
        let strangers = self.strangers(g.as_ref(), f.as_ref());
        let worth = strength(&half) * reading.trust;
        Some(Fit {
            strength: worth,
            strangers,
            given: g,
            family: f,
            from_handle: reading.from_handle,
            ..Fit::default()
        })
    }

    /// A firm's name fits as a whole: every word shown is in it, and most of it is shown.
    fn fit_firm(&self, reading: &Prepared, firm: &[u32]) -> Option<Fit> {
        let told = |at: &u16| {
            firm.iter().find_map(|word| {
                let form = self.spoken(*at).form(self.people, *word, false)?;
                matches!(form, Form::Same | Form::Sound | Form::Slip).then_some(Half {
                    form,
                    shown: *at,
                    word: *word,
                })
            })
        };
        let halves: Vec<Half> = reading.words.iter().map_while(told).collect();
        if halves.len() < reading.words.len() || halves.len() * 2 < firm.len() || halves.is_empty() {
            return None;
        }
        let strength = |half: &Half| self.spoken(half.shown).strength(half.form);
        let worth = halves.iter().map(strength).product::<f64>() * reading.trust;
        let strangers = match halves.as_slice() {
            // One word names many firms and people.
            [one] => self.strangers(Some(one), None).max(0.1),
            [a, b, ..] => {
                // Words of firms go together in no circle.
                let count = |half: &Half| {
                    let spoken = self.spoken(half.shown);
                    Bearers {
                        loose: (spoken.given.all() + spoken.family.all() - 1.0).max(1.0),
                        ..Bearers::default()
                    }
                };
                self.crowd.bearers(&count(a), &count(b)) * self.weights.strangers + 0.01
            }
            [] => return None,
        };
        Some(Fit { strength: worth, strangers, given: halves.first().copied(), firm: true, ..Fit::default() })
    }
}
