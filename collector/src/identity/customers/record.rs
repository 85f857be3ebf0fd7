//! What a customer's record says, cut into what is compared. It keeps nothing.

use goodword_shared::customer::CustomerFacts;

use crate::identity::names::{self, shown::LONGEST_WORD};

/// Words of one name that are kept.
const WORDS: usize = 7;

/// Mail boxes of firms rather than of persons.
const GENERAL: &[&str] = &[
    "info", "mail", "office", "kontakt", "contact", "hello", "admin", "sales", "service", "support", "team",
    "post", "buero", "accueil", "contacto", "kantoor", "biuro",
];

/// The words of a customer's name and then of the firm, with the sides of the name's words as bits, and how many are the firm's.
pub fn words(facts: &CustomerFacts) -> (Vec<String>, u8, u8, usize) {
    let apart =
        [&facts.first, &facts.last].iter().any(|part| part.as_deref().is_some_and(|p| !p.trim().is_empty()));
    let (mut given, mut family) = names::halves(&facts.name, facts.first.as_deref(), facts.last.as_deref());
    given.truncate(4);
    family.truncate(WORDS - given.len());
    let bits = |from: usize, to: usize| (from..to).fold(0u8, |bits, at| bits | 1 << at);
    let (g, all) = (given.len(), given.len() + family.len());
    // Without the parts told apart, what stands in the middle may belong to either side: "Juan García López".
    let (head, tail) = if apart || family.is_empty() { (g, g) } else { ends(&facts.name, &given, &family) };
    let mut words = given;
    words.extend(family);
    let firm = facts.company.as_deref().map(names::words).unwrap_or_default();
    let firm: Vec<String> = if firm == words { Vec::new() } else { firm.into_iter().take(5).collect() };
    let count = firm.len();
    words.extend(firm);
    words.iter_mut().for_each(|word| word.truncate(LONGEST_WORD));
    (words, bits(0, tail), bits(head, all), count)
}

/// How many words of a name are given ones whatever stands behind, and how many may be: of "Hans-Gerda Schulz Maier-Wolf" the first
/// two, and the third as well.
fn ends(name: &str, given: &[String], family: &[String]) -> (usize, usize) {
    let all = given.len() + family.len();
    let joined = |token: Option<&str>, is: &dyn Fn(&[String]) -> bool| {
        let words = token.filter(|token| token.contains(JOINS)).map(names::words).unwrap_or_default();
        if words.len() > 1 && words.len() < all && is(&words) { words.len() } else { 1 }
    };
    let whole: Vec<&String> = given.iter().chain(family).collect();
    let head = joined(name.split_whitespace().next(), &|words| {
        words.iter().eq(whole[..words.len()].iter().copied())
    });
    let last = name.split_whitespace().next_back();
    let tail = joined(last, &|words| words.iter().eq(whole[all - words.len()..].iter().copied()));
    (head.min(all - tail), given.len().min(all - tail))
}

/// The mail address, its mail box unless it is a firm's, and the handle, as they are compared.
pub fn addresses(facts: &CustomerFacts) -> (Option<String>, Option<String>, Option<String>) {
    let email = facts.email.as_deref().map(|e| e.trim().to_lowercase()).filter(|e| e.contains('@'));
    let local = email.as_deref().and_then(|e| e.split('@').next()).map(names::handle_key);
    let local = local.filter(|l| l.len() >= 5 && !GENERAL.contains(&l.as_str()));
    let handle = facts.handle.as_deref().map(names::handle_key).filter(|h| h.len() >= 3);
    (email, local, handle)
}

/// Signs that join two names to one.
pub const JOINS: [char; 3] = ['-', '‐', '‑'];

/// Whether one town's words stand in the other's, whichever is longer: "berlin" in "berlin kreuzberg".
pub fn within(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    !short.is_empty() && format!(" {long} ").contains(&format!(" {short} "))
}

/// Digits by which telephone numbers are compared: the last ones, for whatever stands before them differs between a call from
/// home and one from abroad.
const DIGITS: usize = 8;

/// The end of a telephone number; none where it is too short to be one, or is typed for want of one: 00000000, 12345678.
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().checked_sub(DIGITS).filter(|_| digits.len() <= 15)?;
    Some(digits[from..].to_owned()).filter(|end| !is_run(end))
}

/// Whether each digit is as far from the last one as every other, and no further than one: after 9 comes 0.
fn is_run(digits: &str) -> bool {
    let pairs = || digits.as_bytes().windows(2);
    [0, 1, 9].into_iter().any(|step| pairs().all(|pair| (pair[0] - b'0' + step) % 10 == pair[1] - b'0'))
}

/// The ends of everything in a text that may be a telephone number.
pub fn phones(text: &str) -> Vec<String> {
    let part =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{a0}');
    text.split(|c| !part(c)).filter_map(phone).take(8).collect()
}

/// A town as it is compared.
pub fn town(text: &str) -> String {
    let plain = names::latin(text);
    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
