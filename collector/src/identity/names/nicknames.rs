//! Short and familiar forms of given names, both ways. It knows no customers.

use std::collections::HashMap;

use super::sounds::{other_ending, sound};

/// Short forms of given names, both ways.
#[derive(Debug)]
pub struct Nicknames {
    /// Short form to the full names.
    full: HashMap<&'static str, Vec<&'static str>>,
    /// Full name to the short forms.
    short: HashMap<&'static str, Vec<&'static str>>,
    /// How names sound to the names.
    sounding: HashMap<String, Vec<&'static str>>,
    /// Names to how they sound.
    said: HashMap<&'static str, String>,
    /// Names to other spellings of them, family names to theirs, and names to what they are in other languages.
    abroad: [HashMap<&'static str, Vec<&'static str>>; 3],
}

impl Default for Nicknames {
    fn default() -> Self {
        let (mut full, mut short) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let mut sounding = HashMap::<String, Vec<&'static str>>::new();
        let mut abroad: [HashMap<&'static str, Vec<&'static str>>; 3] = Default::default();
        let lines = include_str!("../../../data/nicknames.tsv").lines().filter(|l| !l.starts_with('#'));
        for (name, forms) in lines.filter_map(|l| l.split_once('\t')) {
            let forms: Vec<&'static str> = forms.split(' ').filter(|f| !f.is_empty()).collect();
            if let Some(side) = ["=", "=family", "=abroad"].iter().position(|mark| *mark == name) {
                for one in &forms {
                    let others = forms.iter().copied().filter(|other| other != one);
                    abroad[side].entry(one).or_default().extend(others);
                }
                continue;
            }
            for form in forms {
                full.entry(form).or_default().push(name);
                short.entry(name).or_default().push(form);
            }
        }
        let mut names: Vec<&'static str> =
            [&full, &short, &abroad[0], &abroad[2]].into_iter().flat_map(HashMap::keys).copied().collect();
        names.sort_unstable();
        names.dedup();
        let mut said = HashMap::with_capacity(names.len());
        for name in names {
            sounding.entry(sound(name)).or_default().push(name);
            said.insert(name, sound(name));
        }
        Self { full, short, sounding, said, abroad }
    }
}

impl Nicknames {
    /// The names by which a word is found here: itself, or those that sound like it.
    fn entries(&self, word: &str) -> Vec<&'static str> {
        let listed = |word: &str| {
            let key = [&self.full, &self.short, &self.abroad[0], &self.abroad[2]];
            key.into_iter().find_map(|names| names.get_key_value(word)).map(|(own, _)| *own)
        };
        match listed(word) {
            Some(own) => vec![own],
            None if word.len() > 2 => {
                let alike = self.sounding.get(&sound(word)).into_iter().flatten().copied();
                alike.filter(|name| !other_ending(name, word)).collect()
            }
            None => Vec::new(),
        }
    }

    fn of(&self, word: &str, names: &HashMap<&'static str, Vec<&'static str>>) -> Vec<&'static str> {
        let mut found: Vec<&'static str> =
            self.entries(word).into_iter().filter_map(|entry| names.get(entry)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The full names that a short form may stand for.
    pub fn full(&self, word: &str) -> Vec<&'static str> {
        self.of(word, &self.full)
    }

    /// Short forms of a full name, the other short forms of the same full name ("Bill" for "Will"), and the name as others spell it.
    pub fn others(&self, word: &str) -> Vec<&'static str> {
        let mut found = self.of(word, &self.short);
        found.extend(self.of(word, &self.abroad[0]));
        for full in self.of(word, &self.full) {
            found.extend(self.short.get(full).into_iter().flatten().filter(|form| **form != word));
            // "Sasha" is also short for what "Aleksandr" is in Kyiv.
            found.extend(self.abroad[0].get(full).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a name is in other languages.
    pub fn abroad(&self, word: &str) -> Vec<&'static str> {
        self.of(word, &self.abroad[2])
    }

    /// How a name of these sounds.
    pub fn said(&self, name: &str) -> &str {
        self.said.get(name).map_or("", String::as_str)
    }

    /// Other spellings of a family name.
    pub fn families(&self, word: &str) -> &[&'static str] {
        self.abroad[1].get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether it is a short form.
    pub fn is_short(&self, word: &str) -> bool {
        self.full.contains_key(word)
    }

    /// Whether it is a given name that many bear, and so hardly a slip for another one.
    pub fn is_name(&self, word: &str) -> bool {
        [&self.full, &self.short, &self.abroad[0], &self.abroad[2]]
            .into_iter()
            .any(|names| names.contains_key(word))
    }
}
