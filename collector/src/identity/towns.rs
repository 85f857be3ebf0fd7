//! How many of those whose names are like somebody's live in a town: of people with Polish names more live in Kraków than of all. It
//! knows no author.

use super::{
    circles::{CIRCLES, Circles, Shares, full},
    customers::{people::People, person::Person},
};

/// Of smaller towns, as a share of all customers, it makes no difference.
const LEAST: f64 = 0.002;
/// What holds for everybody counts as much as so many people.
const HELD: f64 = 50.0;

/// Who lives where.
#[derive(Debug, Default)]
pub struct Towns {
    /// By town in order: how many live there, by the circles of their names.
    living: Vec<(u32, Shares)>,
    /// How many live anywhere.
    all: Shares,
}

impl Towns {
    /// Learns from the customers.
    pub fn learnt(people: &People, circles: &Circles) -> Self {
        let large = (1..=people.cities()).filter(|city| people.city_share(*city) >= LEAST);
        // Counted in whole parts, so that the order in which customers came makes no difference.
        let mut living: Vec<(u32, [u64; CIRCLES])> = large.map(|city| (city, [0; CIRCLES])).collect();
        let mut all = [0u64; CIRCLES];
        for person in people.all().filter(|person| person.city != 0) {
            let Some(parts) = of(people, circles, person) else { continue };
            let parts = parts.map(|part| (part * 1024.0) as u64);
            all.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            if let Ok(at) = living.binary_search_by_key(&person.city, |(city, _)| *city) {
                living[at].1.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            }
        }
        let whole = |parts: [u64; CIRCLES]| parts.map(|part| part as f32 / 1024.0);
        Self {
            living: living.into_iter().map(|(city, parts)| (city, whole(parts))).collect(),
            all: whole(all),
        }
    }

    /// The share of those with names like that customer's who live in their town.
    pub fn share(&self, people: &People, circles: &Circles, person: &Person) -> f64 {
        let share = people.city_share(person.city);
        let found = self.living.binary_search_by_key(&person.city, |(city, _)| *city);
        let (Ok(at), Some(parts)) = (found, of(people, circles, person)) else { return share };
        let living = self.living[at].1;
        let sum =
            |of: &Shares| -> f64 { of.iter().zip(parts).map(|(one, part)| f64::from(one * part)).sum() };
        (sum(&living) + HELD * share) / (sum(&self.all) + HELD)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.living.capacity() * size_of::<(u32, Shares)>()
    }
}

/// Of which circles a customer's name is; none where that is not known.
fn of(people: &People, circles: &Circles, person: &Person) -> Option<Shares> {
    let (given, family) = full(people, person)?;
    circles.of_name(given, family)
}
