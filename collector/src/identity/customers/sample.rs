//! Some of the customers, to learn from where all would take too long. It knows no author and judges nothing.

use super::{pairs::hash, people::People, person::Person};

impl People {
    /// So many of the customers at most, the same of the same ones in whatever order they came; one customer more or fewer
    /// changes at most one of them.
    pub fn some(&self, most: usize) -> Vec<&Person> {
        let mut all: Vec<(u64, &Person)> = Vec::with_capacity(self.total());
        all.extend(self.all().map(|person| (spread(hash(self.key(person))), person)));
        // Those of the least hashes. Were it every second of them by rank, one more would move all behind it.
        if all.len() > most {
            all.select_nth_unstable_by_key(most, |(hash, _)| *hash);
            all.truncate(most);
        }
        all.sort_unstable_by_key(|(hash, _)| *hash);
        all.into_iter().map(|(_, person)| person).collect()
    }
}

/// Spreads a hash evenly over all numbers: of keys that differ in their last letters only the first bits are much the same.
fn spread(hash: u64) -> u64 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use goodword_shared::customer::CustomerFacts;

    use super::*;

    fn sample(people: &People, most: usize) -> Vec<String> {
        people.some(most).into_iter().map(|person| people.key(person).to_owned()).collect()
    }

    #[test]
    fn one_more_customer_changes_at_most_one_of_the_sample() {
        let facts = CustomerFacts::default();
        let (mut forth, mut back) = (People::default(), People::default());
        (0..600).for_each(|n| forth.insert(&n.to_string(), &facts));
        (0..600).rev().for_each(|n| back.insert(&n.to_string(), &facts));
        let mut before = sample(&forth, 600);
        assert_eq!(before.len(), 600);
        assert_eq!(before, sample(&back, 600), "in whatever order they came");
        for n in 600..1300 {
            forth.insert(&n.to_string(), &facts);
            let after = sample(&forth, 600);
            let kept: BTreeSet<&String> = before.iter().collect();
            let new = after.iter().filter(|key| !kept.contains(key)).count();
            assert!(after.len() == 600 && new <= 1, "{n}: {new} of {}", after.len());
            before = after;
        }
        // Old and new customers alike, though their keys are much the same.
        let new = before.iter().filter(|key| key.parse::<u32>().is_ok_and(|n| n >= 600)).count();
        assert!((250..400).contains(&new), "{new} of 600");
    }
}
