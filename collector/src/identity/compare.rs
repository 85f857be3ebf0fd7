//! How well what an author shows fits one customer's name, and how many strangers would show the same. The second is counted
//! among the customers themselves: a name that many bear proves little.

use super::{
    circles::{Bearers, Side, letter},
    crowd::Crowd,
    customers::{people::People, person::Person},
    form::Form,
    spoken::{Spoken, TURNED},
    weights::Weights,
};

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
        // Somebody may show any name at all by accident, and read a handle as anything; the more so, the less it is this one's name.
        let accident = if self.from_handle { 0.01 } else { 0.003 };
        let strength = self.strength.max(1e-9);
        1.0 / (self.strangers / strength + accident / strength.sqrt())
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

/// For each word shown, which of the customer's words it stands for on one side of the name, and how.
type Places = [Option<(usize, Half)>; 8];

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

/// How often the second of two given names, or of two family names, is shown without the first.
pub const FURTHER: [f64; 2] = [0.1, 0.25];
/// How often given names are shown in another order than the records have them.
const OTHER_ORDER: f64 = 0.15;
/// How often somebody shows a further name that they have not and leaves one out that they have.
const OTHER_NAME: f64 = 0.15;

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

    /// How many strangers would show these words, in this order, for each customer who might.
    pub fn strangers(&self, given: Option<&Half>, family: Option<&Half>, turned: bool) -> f64 {
        let count = match (given, family) {
            (Some(g), Some(f)) => {
                let (first, last) = if turned { (f, g) } else { (g, f) };
                self.both(first, last) + TURNED * self.both(last, first)
            }
            (Some(half), None) | (None, Some(half)) => match self.narrow(half) {
                None => self.spoken(half.shown).given.all() + self.spoken(half.shown).family.all(),
                Some(_) => 50.0,
            },
            (None, None) => 50.0,
        };
        count * self.weights.strangers
    }

    /// How many to expect who show the one for their given and the other for their family name.
    fn both(&self, given: &Half, family: &Half) -> f64 {
        let told = |half: &Half| self.spoken(half.shown);
        let beside = |half: &Half, side: Side, other: &Half, narrow: f64| {
            let bearers = if side == Side::Given { &told(half).given } else { &told(half).family };
            if other.form == Form::Initial {
                let shown = &told(other).text;
                let text = if shown.len() == 1 { shown } else { self.people.vocabulary.text(other.word) };
                self.crowd.with_letter(bearers, side, letter(text))
            } else {
                self.crowd.strangers(bearers, side) * narrow * 1.2
            }
        };
        match (self.narrow(given), self.narrow(family)) {
            (None, None) => self.crowd.bearers(&told(given).given, &told(family).family),
            (None, Some(n)) => beside(given, Side::Given, family, n),
            (Some(n), None) => beside(family, Side::Family, given, n),
            (Some(_), Some(_)) => 50.0,
        }
    }

    fn strength(&self, half: &Half) -> f64 {
        self.spoken(half.shown).strength(half.form)
    }

    /// This fit with what another reading of the same author adds: a whole word where this one has an initial or nothing.
    pub fn joined(&self, one: &Fit, other: &Fit) -> Fit {
        let fuller = |a: Option<Half>, b: Option<Half>| match (a, b) {
            (Some(x), Some(y)) if self.narrow(&x).is_some() && self.narrow(&y).is_none() => b,
            (None, Some(_)) => b,
            _ => a,
        };
        let (given, family) = (fuller(one.given, other.given), fuller(one.family, other.family));
        let strangers = self.strangers(given.as_ref(), family.as_ref(), one.turned);
        let new = [(given, one.given), (family, one.family)];
        let new = new.into_iter().filter(|(now, before)| now != before).filter_map(|(now, _)| now);
        let strength = new.map(|half| self.strength(&half)).product::<f64>() * one.strength * 0.9;
        Fit { strength, strangers, given, family, ..*one }
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
        let (mut given, mut family): (Places, Places) = ([None; 8], [None; 8]);
        let shown = &reading.words[..reading.words.len().min(8)];
        for (i, at) in shown.iter().enumerate() {
            for (p, word) in words.iter().enumerate() {
                for (side, given_side) in [(&mut given[i], true), (&mut family[i], false)] {
                    if !(if given_side { person.is_given(p) } else { person.is_family(p) }) {
                        continue;
                    }
                    let Some(form) = self.spoken(*at).form(self.people, *word, given_side) else { continue };
                    let half = Half { form, shown: *at, word: *word };
                    let rank = |h: &Half| (self.strength(h), h.form != Form::Initial);
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
                let mut worth = self.strength(g) * self.strength(f);
                // The second of two given or family names alone is shown less often than the first.
                worth *= if *gp > 0 { FURTHER[0] } else { 1.0 }
                    * if *fp > first_family { FURTHER[1] } else { 1.0 };
                worth *= if i > j { TURNED } else { 1.0 };
                if best.is_none_or(|(old, ..)| worth > old) {
                    best = Some((worth, i, j));
                }
            }
        }
        if let Some((worth, i, j)) = best {
            let (g, f) = (given[i].map(|h| h.1), family[j].map(|h| h.1));
            let (beside, narrower) = self.beside(shown, (i, j), &given, &family);
            let mut worth = worth * reading.trust * beside;
            // Further given names are left out often, but who has none is likelier.
            worth *= if shown.len() == 2 { self.people.left_out(person) } else { 1.0 };
            let strange = |n: usize| given[n].is_none() && family[n].is_none();
            let told = [&given, &family]
                .into_iter()
                .flat_map(|side| side.iter().flatten())
                .map(|(place, _)| 1u8 << place);
            let untold = told.fold(0, |all, place| all | place).count_ones() < words.len() as u32;
            // Both have a further name, and not the same.
            worth *= if untold && (0..shown.len()).any(strange) { OTHER_NAME } else { 1.0 };
            let strangers = self.strangers(g.as_ref(), f.as_ref(), i > j) * narrower;
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
        let one_side = |side: &Places| {
            let first = side[0]?.1;
            let plain = !matches!(first.form, Form::Initial | Form::Slip | Form::Other | Form::Start);
            (plain && (0..shown.len()).all(|n| side[n].is_some())).then_some(first)
        };
        let (g, f) = match (one_side(&given), one_side(&family)) {
            (Some(half), _) => (Some(half), None),
            (None, Some(half)) => (None, Some(half)),
            (None, None) => return None,
        };
        let half = g.or(f)?;
        let strangers = self.strangers(g.as_ref(), f.as_ref(), false);
        let worth = self.strength(&half) * reading.trust;
        Some(Fit {
            strength: worth,
            strangers,
            given: g,
            family: f,
            from_handle: reading.from_handle,
            ..Fit::default()
        })
    }

    /// What further words do, where the one at `i` is shown for the given and the one at `j` for the family name: to the likelihood
    /// that this customer shows them, and to how many strangers do.
    fn beside(&self, shown: &[u16], (i, j): (usize, usize), given: &Places, family: &Places) -> (f64, f64) {
        let (mut worth, mut narrower, mut strange) = (1.0, 1.0, false);
        for n in (0..shown.len()).filter(|n| *n != i && *n != j) {
            let spoken = self.spoken(shown[n]);
            match (&given[n], &family[n]) {
                // A second given or family name is theirs, too.
                (Some((_, half)), _) | (_, Some((_, half))) if half.form == Form::Initial => narrower *= 0.3,
                (Some((place, half)), _) => {
                    let Some((first, given)) = given[i] else { continue };
                    let bearers = (&self.spoken(shown[i]).given, &spoken.given);
                    narrower *= self.crowd.together([given.word, half.word], bearers);
                    worth *= if (n < i) == (*place < first) { 1.0 } else { OTHER_ORDER };
                }
                (None, Some(_)) => narrower *= 0.1,
                (None, None) if strange => worth *= 0.5,
                (None, None) => {
                    // Of several given names the records have the first, if any.
                    let first = if n < i && i < j { 0.4 } else { 1.0 };
                    worth *= first * self.crowd.further(!spoken.is_whole());
                    strange = true;
                }
            }
        }
        (worth, narrower)
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
        let worth = halves.iter().map(|half| self.strength(half)).product::<f64>() * reading.trust;
        let strangers = match halves.as_slice() {
            // One word names many firms and people.
            [one] => self.strangers(Some(one), None, false).max(0.1),
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
