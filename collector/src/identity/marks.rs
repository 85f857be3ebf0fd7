//! Where an author and a customer agree, as stretches of the texts that the owner sees, to be marked on both sides. It explains
//! a match and decides nothing.

use goodword_shared::{
    Author,
    api::doubts::{Agreement, Stretch},
    customer::{CustomerFacts, OrderLine},
};

use crate::fold::fold;

/// Shorter words are marked in a name or handle only where they are whole.
const SHORTEST: usize = 3;

/// A word of a text: where it stands, in characters, and how it is compared.
#[derive(Clone, Debug)]
struct Word {
    at: Stretch,
    folded: String,
}

/// What agrees. `texts` are what the author wrote, in the order of the doubt's quotes.
pub fn agreement(author: &Author, texts: &[&str], facts: &CustomerFacts, orders: &[OrderLine]) -> Agreement {
    let mut found = Agreement::default();
    let record = words(&facts.name);
    let apart =
        [&facts.first, &facts.last, &facts.company].into_iter().flatten().flat_map(|part| words(part));
    let theirs: Vec<Word> = record.iter().cloned().chain(apart).collect();
    let name = author.name.as_deref().unwrap_or_default();
    let shown = words(name);
    found.name = shown.iter().filter(|w| theirs.iter().any(|t| alike(w, t))).map(|w| w.at).collect();
    if let [only] = shown.as_slice()
        && found.name.is_empty()
    {
        found.name = within(only, &theirs);
    }
    let handle = author.handle.as_deref().unwrap_or_default();
    let local = facts.email.as_deref().and_then(|mail| mail.split('@').next()).unwrap_or_default();
    let bare = |text: &str| fold(text).replace(' ', "");
    if !handle.is_empty()
        && [facts.handle.as_deref().unwrap_or_default(), local]
            .iter()
            .any(|own| !own.is_empty() && bare(own) == bare(handle))
    {
        found.handle = vec![Stretch { start: 0, end: handle.chars().count() }];
    } else {
        found.handle = words(handle).iter().flat_map(|word| within(word, &theirs)).collect();
    }
    let handles = words(handle);
    let by_handle =
        |t: &Word| handles.iter().any(|h| t.folded.len() >= SHORTEST && h.folded.contains(&t.folded));
    found.record =
        record.iter().filter(|t| shown.iter().any(|w| alike(w, t)) || by_handle(t)).map(|t| t.at).collect();
    let place = words(author.location.as_deref().unwrap_or_default());
    let town = words(facts.city.as_deref().unwrap_or_default());
    found.place = phrases(&place, &town);
    let mut town_named = !found.place.is_empty();
    for text in texts {
        let said = words(text);
        let mut marks = phrases(&said, &town);
        town_named |= !marks.is_empty();
        for order in orders {
            let number = phrases(&said, &words(&order.id));
            let of_it = [&order.product, &order.branch, &order.staff].into_iter().flatten();
            let about: Vec<Stretch> = of_it
                .map(|part| words(part))
                .filter(|part| part.iter().map(|w| w.folded.len()).sum::<usize>() > SHORTEST)
                .flat_map(|part| phrases(&said, &part))
                .collect();
            if (!number.is_empty() || !about.is_empty()) && !found.orders.contains(&order.id) {
                found.orders.push(order.id.clone());
            }
            marks.extend(number.into_iter().chain(about));
        }
        marks.sort_by_key(|mark| (mark.start, mark.end));
        marks.dedup();
        found.texts.push(marks);
    }
    if town_named {
        found.city =
            vec![Stretch { start: 0, end: facts.city.as_deref().unwrap_or_default().chars().count() }];
    }
    found
}

fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    let chars: Vec<char> = text.chars().collect();
    for at in 0..=chars.len() {
        let inside = chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '\u{301}');
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let folded = fold(&chars[from..at].iter().collect::<String>());
                if !folded.is_empty() {
                    found.push(Word { at: Stretch { start: from, end: at }, folded });
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// The same word, its initial, or its beginning.
fn alike(a: &Word, b: &Word) -> bool {
    let (long, short) =
        if a.folded.len() >= b.folded.len() { (&a.folded, &b.folded) } else { (&b.folded, &a.folded) };
    long == short
        || (long.starts_with(short.as_str()) && (short.chars().count() == 1 || short.len() >= SHORTEST))
}

/// Where the words of a name stand inside one word, as in a handle.
fn within(word: &Word, names: &[Word]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = names
        .iter()
        .filter(|name| name.folded.len() >= SHORTEST)
        .filter_map(|name| {
            let at = word.folded.find(&name.folded)?;
            // Where folding changes how many letters there are, a place may lie beyond the word.
            let start = word.at.start + word.folded[..at].chars().count();
            let end = (start + name.folded.chars().count()).min(word.at.end);
            (start < end).then_some(Stretch { start, end })
        })
        .collect();
    found.sort_by_key(|mark| (mark.start, mark.end));
    found.dedup();
    found
}

/// Everywhere that the words of `wanted` follow each other.
fn phrases(text: &[Word], wanted: &[Word]) -> Vec<Stretch> {
    if wanted.is_empty() {
        return Vec::new();
    }
    text.windows(wanted.len())
        .filter(|window| window.iter().zip(wanted).all(|(a, b)| a.folded == b.folded))
        .map(|window| Stretch { start: window[0].at.start, end: window[window.len() - 1].at.end })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, marks: &[Stretch]) -> Vec<String> {
        marks.iter().map(|m| text.chars().skip(m.start).take(m.end - m.start).collect()).collect()
    }

    #[test]
    fn names_agree_without_accents_and_by_initials() {
        let author = Author { name: Some("Maria G.".into()), ..Author::default() };
        let facts = CustomerFacts { name: "María Ruiz González".into(), ..CustomerFacts::default() };
        let found = agreement(&author, &[], &facts, &[]);
        assert_eq!(cut("Maria G.", &found.name), ["Maria", "G"]);
        assert_eq!(cut("María Ruiz González", &found.record), ["María", "González"]);
    }

    #[test]
    fn a_handle_shows_the_name_inside_it() {
        let author = Author { handle: Some("real_mgonzalez77".into()), ..Author::default() };
        let facts = CustomerFacts { name: "María González".into(), ..CustomerFacts::default() };
        let found = agreement(&author, &[], &facts, &[]);
        assert_eq!(cut("real_mgonzalez77", &found.handle), ["gonzalez"]);
        assert_eq!(cut("María González", &found.record), ["González"]);
    }

    #[test]
    fn texts_agree_with_orders_and_towns() {
        let author = Author { location: Some("Basel, Switzerland".into()), ..Author::default() };
        let facts =
            CustomerFacts { name: "Ada".into(), city: Some("Basel".into()), ..CustomerFacts::default() };
        let orders = [
            OrderLine { id: "A-1042".into(), product: Some("Oak table".into()), ..OrderLine::default() },
            OrderLine { id: "77".into(), ..OrderLine::default() },
        ];
        let text = "Ëh — order a 1042, the OAK TABLE, never came to Basel.";
        let found = agreement(&author, &[text], &facts, &orders);
        assert_eq!(cut(text, &found.texts[0]), ["a 1042", "OAK TABLE", "Basel"]);
        assert_eq!(
            (found.orders.as_slice(), cut("Basel", &found.city)),
            (["A-1042".to_owned()].as_slice(), vec!["Basel".to_owned()])
        );
        assert_eq!(cut("Basel, Switzerland", &found.place), ["Basel"]);
    }

    #[test]
    fn nothing_shown_marks_nothing() {
        let found = agreement(&Author::default(), &[""], &CustomerFacts::default(), &[OrderLine::default()]);
        assert_eq!(found, Agreement { texts: vec![vec![]], ..Agreement::default() });
    }
}
