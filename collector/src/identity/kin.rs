//! Whether two accounts on different platforms are one person's: from the handle, the name, the place and the addresses that
//! both show. It knows nobody's customers but by how common their names are.

use goodword_shared::{Author, matching::Evidence};

use super::{
    Index,
    customers::record::{town, within},
    names,
    names::shown::readings,
    spoken::{Spoken, bearers},
};

/// Of those who write in one place, so many write in another as well.
const ELSEWHERE: f64 = 0.1;
/// So few authors are no fewer than this.
const LEAST: usize = 1_000;
/// So few customers tell nothing of how common names are.
const LEAST_CUSTOMERS: usize = 200;
/// Who bears a name uses it as a handle so often.
const AS_HANDLE: f64 = 0.1;

/// What speaks for two accounts being one person's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kin {
    /// Odds for one person against two.
    pub odds: f64,
    /// Why, in words.
    pub evidence: Vec<Evidence>,
}

/// By what accounts that may be one person's find each other: the handle, the address, the link, the full name.
pub fn keys(author: &Author) -> Vec<String> {
    let mut keys = Vec::new();
    if let Some(handle) = author.handle.as_deref().map(names::handle_key).filter(|handle| handle.len() >= 4) {
        keys.push(format!("@{handle}"));
    }
    if let Some(email) = &author.email {
        keys.push(format!("e{}", email.trim().to_lowercase()));
    }
    if let Some(url) = author.url.as_deref().map(link) {
        keys.push(format!("u{url}"));
    }
    if let Some(mut words) = full_name(author) {
        words.sort_unstable();
        keys.push(format!("n{}", words.join(" ")));
    }
    keys
}

fn full_name(author: &Author) -> Option<Vec<String>> {
    let name = author.name.as_deref().filter(|name| !names::looks_like_handle(name))?;
    let words = names::words(name);
    (words.len() > 1 && words.iter().all(|word| word.len() > 1)).then_some(words)
}

/// An address of a page without what may differ.
fn link(url: &str) -> String {
    let bare = url.trim().to_lowercase();
    let bare = bare.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    bare.trim_end_matches('/').to_owned()
}

impl Index {
    /// What speaks for two accounts being one person's, where there are so many authors; none where nothing does.
    pub fn kin(&self, one: &Author, other: &Author, authors: usize) -> Option<Kin> {
        let mut kin = Kin { odds: ELSEWHERE / authors.max(LEAST) as f64, evidence: Vec::new() };
        let mut told = false;
        let mut say = |kind: &str, text: String| kin.evidence.push(Evidence { kind: kind.into(), text });
        let both = |part: fn(&Author) -> Option<&str>| Some((part(one)?.trim(), part(other)?.trim()));
        if let Some((a, b)) = both(|author| author.email.as_deref())
            && self.contacts
            && a.to_lowercase() == b.to_lowercase()
        {
            kin.odds *= 1e7;
            told = true;
            say("email", "Both platforms give the same e-mail address".into());
        }
        if let Some((a, b)) = both(|author| author.url.as_deref())
            && link(a) == link(b)
        {
            kin.odds *= 1e5;
            told = true;
            say("link", format!("Both lead to {}", link(a)));
        }
        let mut by_handle = 1.0f64;
        if let Some((a, b)) = both(|author| author.handle.as_deref())
            && names::handle_key(a) == names::handle_key(b)
            && names::handle_key(a).len() >= 4
        {
            by_handle = 0.5 / self.share_of_handle(a);
            say("handle", format!("Both write as “{a}”"));
        }
        let mut by_name = 1.0f64;
        if let (Some(a), Some(b)) = (full_name(one), full_name(other)) {
            let same = a.iter().all(|word| b.contains(word)) && b.iter().all(|word| a.contains(word));
            if same {
                by_name = 0.6 / self.share_of_name(&a);
                say("name", format!("Both are called {}", one.name.as_deref().unwrap_or_default().trim()));
            } else if !a.iter().any(|word| b.contains(word)) {
                by_name = 0.02;
                let shown = |author: &Author| author.name.clone().unwrap_or_default();
                say("name", format!("One is called {}, the other {}", shown(one), shown(other)));
            }
        }
        told |= by_handle > 1.0 || by_name > 1.0;
        // A handle made of the name says the same once more.
        kin.odds *=
            if by_handle > 1.0 && by_name > 1.0 { by_handle.max(by_name) * 2.0 } else { by_handle * by_name };
        if let Some((a, b)) = both(|author| author.location.as_deref()) {
            let (here, there) = (town(a), town(b));
            if !here.is_empty() && !there.is_empty() {
                if within(&here, &there) {
                    kin.odds *= 8.0;
                    say("city", format!("Both in {a}"));
                } else {
                    kin.odds *= 0.3;
                    say("city", format!("One in {a}, the other in {b}"));
                }
            }
        }
        told.then_some(kin)
    }

    /// How many of a crowd bear a full name, as a share.
    fn share_of_name(&self, words: &[String]) -> f64 {
        let spoken: Vec<Spoken> =
            words.iter().map(|word| Spoken::new(word, &self.people, &self.nicknames, &self.crowd)).collect();
        let (Some(first), Some(last)) = (spoken.first(), spoken.last()) else { return 1.0 };
        let least = if self.len() < LEAST_CUSTOMERS { 1e-5 } else { 4e-7 };
        self.crowd.share(bearers(&self.crowd, first, last)).max(least)
    }

    /// How many of a crowd write under a handle, as a share: of one that can be read as a name those who bear it, of others what
    /// chance leaves of so many letters and digits.
    fn share_of_handle(&self, handle: &str) -> f64 {
        let key = names::handle_key(handle);
        let digits = key.bytes().filter(u8::is_ascii_digit).count() as i32;
        let letters = key.len() as i32 - digits;
        let chance = 10f64.powf(-0.5 * f64::from(letters) - 0.9 * f64::from(digits.min(5)));
        let named = readings(None, Some(handle), &self.people, &self.nicknames)
            .into_iter()
            .filter(|reading| reading.words.len() > 1 && reading.words.iter().all(|word| word.len() > 1))
            .map(|reading| {
                self.share_of_name(&reading.words) * AS_HANDLE * 10f64.powf(-0.8 * f64::from(digits.min(4)))
            })
            .fold(0.0, f64::max);
        chance.max(named).clamp(1e-10, 0.1)
    }
}
