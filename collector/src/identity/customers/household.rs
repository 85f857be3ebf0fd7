//! Whether who writes may be of a customer's household: the same family name, another given name. It knows no texts.

use super::{people::People, person::Person};
use crate::identity::names::shown::Shown;

/// How many customers bear the family name that the author shows and that is this customer's too; none where it is another.
pub fn shared_family(people: &People, shown: &[Shown], person: &Person) -> Option<usize> {
    let words = people.words(person);
    let plain = shown.iter().filter(|reading| !reading.from_handle && reading.words.len() > 1);
    let ends = plain.flat_map(|reading| [reading.words.last(), reading.words.first()].into_iter().flatten());
    ends.filter(|word| word.len() > 2)
        .filter_map(|word| people.vocabulary.find(word))
        .filter(|word| {
            words
                .iter()
                .enumerate()
                .any(|(at, own)| own == word && person.is_family(at) && !person.is_given(at))
        })
        .map(|word| people.vocabulary.counts(word).1 as usize)
        .min()
}
