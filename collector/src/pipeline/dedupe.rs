//! The same thing seen again: keys that recognise it, and what changed since, in words. A mention is stored once however
//! often it is seen; a change is a revision; the same text elsewhere is one cluster.

use std::collections::HashMap;

use goodword_shared::{
    Author, Mention, Time,
    mention::{Engagement, Precision},
};

use super::normalise::normalise;
use crate::{
    fold::{fold, sha256_hex},
    record::Origin,
};

/// Folded characters from which on an equal text is more than chance.
const CLUSTER_CHARACTERS: usize = 40;

/// A mention in its one form with the keys that recognise it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// In its one form.
    pub mention: Mention,
    /// External id, else permalink, else a hash of author, date and text.
    pub key: String,
    /// The author on the platform; none where nobody is named.
    pub author_key: Option<String>,
    /// Hash of the folded text, where it is long enough to be recognised elsewhere.
    pub text_hash: Option<String>,
    /// Folded title, text and author, for search.
    pub search: String,
}

/// Normalises a batch, gives keys, and puts together what is in it twice (a list and its detail page).
pub fn prepare(mentions: Vec<Mention>, origin: &Origin, now: Time) -> Vec<Prepared> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(mentions.len());
    let mut prepared: Vec<(String, Mention)> = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let mention = normalise(mention, now);
        let key = key(&mention);
        match places.get(&key) {
            Some(&place) => {
                let later = merge(&prepared[place].1, mention);
                prepared[place].1 = later;
            }
            None => {
                places.insert(key.clone(), prepared.len());
                prepared.push((key, mention));
            }
        }
    }
    prepared
        .into_iter()
        .map(|(key, mention)| {
            let author_key = author_key(&mention.author, origin);
            let text_hash = text_hash(&mention.text);
            let search = search_text(&mention);
            Prepared { mention, key, author_key, text_hash, search }
        })
        .collect()
}

/// What recognises a mention inside its source.
fn key(mention: &Mention) -> String {
    if let Some(known) = mention.external_id.as_ref().or(mention.url.as_ref()) {
        return known.clone();
    }
    let author = mention.author.id.as_deref().or(mention.author.shown()).unwrap_or_default();
    // "3 weeks ago" is another date every day.
    let date = match mention.published_precision {
        Some(Precision::Relative) => None,
        _ => mention.published_at,
    };
    let date = date.map(|at| at.to_rfc3339()).unwrap_or_default();
    let title = mention.title.as_deref().unwrap_or_default();
    format!(
        "hash:{}",
        &sha256_hex(format!("{author}\u{0}{date}\u{0}{title}\u{0}{}", mention.text).as_bytes())[..40]
    )
}

/// What recognises an author on the platform: their id, else handle, else profile address, else the folded name within
/// the source. Names that many share ("Anonymous") recognise nobody. All but ids are digests: the key outlives the name where
/// the platform lets that be kept for a while only.
pub fn author_key(author: &Author, origin: &Origin) -> Option<String> {
    if let Some(id) = &author.id {
        return Some(format!("id:{id}"));
    }
    let digest = |text: &str| format!("sha:{}", &sha256_hex(text.as_bytes())[..40]);
    if let Some(handle) = &author.handle {
        return Some(digest(&format!("@{}", handle.to_lowercase())));
    }
    if let Some(url) = &author.url {
        return Some(digest(url));
    }
    let name = fold(author.name.as_deref()?);
    let nobody = name.is_empty() || NOBODY.contains(&name.as_str());
    (!nobody).then(|| digest(&format!("{name}@{}", origin.source)))
}

/// Names that platforms write where there is none, folded.
const NOBODY: [&str; 18] = [
    "anonymous",
    "anonym",
    "anonyme",
    "anonimo",
    "a google user",
    "google user",
    "ein google nutzer",
    "user",
    "guest",
    "gast",
    "deleted",
    "deleted user",
    "unknown",
    "customer",
    "verified buyer",
    "verified customer",
    "amazon customer",
    "kunde",
];

/// The hash of the folded text; none for short ones, which are alike by chance.
pub fn text_hash(text: &str) -> Option<String> {
    if text.len() < CLUSTER_CHARACTERS {
        return None;
    }
    let folded = fold(text);
    (folded.chars().nth(CLUSTER_CHARACTERS - 1).is_some())
        .then(|| sha256_hex(folded.as_bytes())[..32].to_owned())
}

/// What search looks in.
pub fn search_text(mention: &Mention) -> String {
    let parts = [
        mention.title.as_deref(),
        Some(&mention.text),
        mention.author.name.as_deref(),
        mention.author.handle.as_deref(),
    ];
    let mut out = String::with_capacity(mention.text.len() + 40);
    for part in parts.into_iter().flatten() {
        let folded = fold(part);
        if !folded.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&folded);
        }
    }
    out
}

/// A later sight of a mention put over an earlier one. What is absent does not erase what was there: lists tell less than
/// detail pages. Only `deleted` removes.
pub fn merge(before: &Mention, mut now: Mention) -> Mention {
    if now.deleted {
        now.published_at = now.published_at.or(before.published_at);
        now.published_precision = before.published_precision;
        now.url = now.url.or_else(|| before.url.clone());
        now.rating = now.rating.or(before.rating);
        return now;
    }
    fn keep<T: Clone>(now: &mut Option<T>, before: &Option<T>) {
        if now.is_none() {
            now.clone_from(before);
        }
    }
    keep(&mut now.external_id, &before.external_id);
    keep(&mut now.url, &before.url);
    keep(&mut now.rating, &before.rating);
    keep(&mut now.title, &before.title);
    keep(&mut now.language, &before.language);
    keep(&mut now.edited_at, &before.edited_at);
    keep(&mut now.reply, &before.reply);
    keep(&mut now.thread, &before.thread);
    keep(&mut now.subject, &before.subject);
    keep(&mut now.order_id, &before.order_id);
    keep(&mut now.verified, &before.verified);
    keep(&mut now.sender_check, &before.sender_check);
    if now.text.is_empty() {
        now.text.clone_from(&before.text);
    }
    // The first exact date stays: "3 weeks ago" drifts, and a day says less than a second.
    if before.published_at.is_some()
        && (now.published_at.is_none()
            || exactness(now.published_precision) >= exactness(before.published_precision))
    {
        now.published_at = before.published_at;
        now.published_precision = before.published_precision;
    }
    now.author = merge_author(&before.author, now.author);
    now.engagement = match (now.engagement, before.engagement) {
        (Some(new), Some(old)) => Some(Engagement {
            likes: new.likes.or(old.likes),
            replies: new.replies.or(old.replies),
            shares: new.shares.or(old.shares),
            views: new.views.or(old.views),
        }),
        (new, old) => new.or(old),
    };
    now
}

/// The same for authors.
pub fn merge_author(before: &Author, now: Author) -> Author {
    Author {
        name: now.name.or_else(|| before.name.clone()),
        handle: now.handle.or_else(|| before.handle.clone()),
        id: now.id.or_else(|| before.id.clone()),
        url: now.url.or_else(|| before.url.clone()),
        followers: now.followers.or(before.followers),
        location: now.location.or_else(|| before.location.clone()),
        email: now.email.or_else(|| before.email.clone()),
    }
}

fn exactness(precision: Option<Precision>) -> u8 {
    match precision {
        None | Some(Precision::Second) => 0,
        Some(Precision::Day) => 1,
        Some(Precision::Month) => 2,
        Some(Precision::Year) => 3,
        Some(Precision::Relative) => 4,
    }
}

/// What changed between two sights of a mention, in words for the owner. Reactions and details of the author are not changes.
pub fn changes(before: &Mention, now: &Mention) -> Vec<String> {
    if now.deleted || before.deleted {
        return match (before.deleted, now.deleted) {
            (false, true) => vec!["deleted".into()],
            (true, false) => vec!["restored".into()],
            _ => Vec::new(),
        };
    }
    let mut out = Vec::new();
    match (before.rating, now.rating) {
        (Some(old), Some(new)) if old.value != new.value || old.best != new.best => {
            let scale =
                if new.best == 5.0 && old.best == 5.0 { String::new() } else { format!(" of {}", new.best) };
            out.push(format!("stars {} → {}{scale}", old.value, new.value));
        }
        (None, Some(new)) => out.push(format!("stars added: {} of {}", new.value, new.best)),
        _ => {}
    }
    if before.title != now.title {
        out.push("title".into());
    }
    if before.text != now.text {
        out.push("text".into());
    }
    match (&before.reply, &now.reply) {
        (None, Some(_)) => out.push("reply added".into()),
        (Some(old), Some(new)) if old.text != new.text => out.push("reply changed".into()),
        _ => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_shared::{Rating, mention::Reply};

    fn origin() -> Origin {
        Origin {
            source: "s1".to_owned().into(),
            connector: "feed".into(),
            name: "News".into(),
            follow_deletion: false,
        }
    }

    fn now() -> Time {
        "2026-05-01T12:00:00Z".parse().expect("a time")
    }

    fn mention(id: &str, text: &str) -> Mention {
        Mention { external_id: Some(id.into()), text: text.into(), ..Mention::default() }
    }

    #[test]
    fn a_list_and_its_detail_page_are_one_mention() {
        let mut list = mention("7", "Good.");
        list.rating = Some(Rating::stars(4.0));
        let detail = mention("7", "Good. Quick, too.");
        let prepared = prepare(vec![list, mention("8", "x"), detail], &origin(), now());
        assert_eq!(prepared.len(), 2);
        assert_eq!(prepared[0].mention.text, "Good. Quick, too.");
        assert_eq!(prepared[0].mention.rating, Some(Rating::stars(4.0)));
    }

    #[test]
    fn a_mention_without_id_is_recognised_though_its_relative_date_drifts() {
        let mut first = mention("", "We waited an hour.");
        first.author.name = Some("Ada K.".into());
        first.published_precision = Some(Precision::Relative);
        first.published_at = Some("2026-04-10T12:00:00Z".parse().expect("a time"));
        let mut second = first.clone();
        second.published_at = Some("2026-04-11T09:00:00Z".parse().expect("a time"));
        let a = prepare(vec![first], &origin(), now());
        let b = prepare(vec![second], &origin(), now());
        assert_eq!(a[0].key, b[0].key);
    }

    #[test]
    fn anonymous_people_are_not_one_author() {
        let named = Author { name: Some("A Google User".into()), ..Author::default() };
        assert_eq!(author_key(&named, &origin()), None);
        let known = Author { id: Some("9".into()), ..named };
        assert_eq!(author_key(&known, &origin()).as_deref(), Some("id:9"));
    }

    #[test]
    fn changes_are_said_in_words_and_absence_is_none() {
        let mut before = mention("1", "Bad.");
        before.rating = Some(Rating::stars(2.0));
        before.reply = Some(Reply { text: "Sorry!".into(), ..Reply::default() });
        let mut after = mention("1", "Better now.");
        after.rating = Some(Rating::stars(4.0));
        let after = merge(&before, after);
        assert_eq!(changes(&before, &after), ["stars 2 → 4", "text"]);
        assert!(changes(&before, &merge(&before, mention("1", ""))).is_empty());
        let gone = merge(&after, Mention { deleted: true, ..mention("1", "") });
        assert_eq!(changes(&after, &gone), ["deleted"]);
    }

    #[test]
    fn only_texts_long_enough_make_a_cluster() {
        assert_eq!(text_hash("Very good, thank you!"), None);
        let long = "The waiter forgot us twice and the soup came cold, never again.";
        assert_eq!(text_hash(long), text_hash(&long.to_uppercase().replace(',', " –")));
        assert!(text_hash(long).is_some());
    }
}
