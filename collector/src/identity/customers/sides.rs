//! Which words in the middle of a name are given and which are family names, where the records do not say: seen from where the
//! same words stand in the names of others. It knows no author.

use super::people::People;

/// So much oftener a word must stand on one side for it to be taken for that.
const CLEARLY: u32 = 4;
/// So few of one kind tell nothing.
const LEAST: u32 = 3;

impl People {
    /// Tells given and family names apart in the middle of names: "Gary Timothy Boyd", "Juan García López".
    pub fn tell_sides(&mut self) {
        let mut stands = vec![(0u32, 0u32); self.vocabulary.total()];
        for person in self.all() {
            for (at, word) in self.words(person).iter().enumerate().filter(|(at, _)| !person.is_unsure(*at)) {
                let (given, family) = &mut stands[*word as usize];
                *given += u32::from(person.is_given(at));
                *family += u32::from(person.is_family(at));
            }
        }
        self.decide_sides(|word| match stands[word as usize] {
            (given, family) if given >= LEAST.max(family * CLEARLY) => (true, false),
            (given, family) if family >= LEAST.max(given * CLEARLY) => (false, true),
            _ => (true, true),
        });
    }
}
