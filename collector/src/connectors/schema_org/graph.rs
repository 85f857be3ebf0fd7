//! The reader of schema.org items, whatever syntax they came from: finds reviews with what they are about, and the totals.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Precision, Reply, Subject},
};
use url::Url;

use super::{
    super::{Reading, Totals},
    kinds::{FRAMES, is_a, is_review, types},
    values::{first, overall, rating_of, scale, word, words},
};
use crate::reading::{dates, item::Item, numbers, plain, relative};

/// How deep items are followed into each other.
const DEEP: usize = 60;

/// Collects items and gives them as mentions.
#[derive(Default)]
pub struct Graph {
    /// The page's address, if it is known, and the time of reading.
    place: Place,
    found: Vec<Found>,
    /// What one block has given already is not given again by the next.
    given: HashSet<u64>,
    /// How many of those found are among them.
    compared: usize,
    totals: Vec<(usize, Totals)>,
}

/// Where and when the items were read.
#[derive(Clone, Default)]
pub struct Place {
    /// The page's address, for links that leave it out.
    pub url: Option<Url>,
    /// For "3 days ago".
    pub now: Option<Time>,
}

impl Place {
    /// An address in full, where the page's own is known.
    pub fn absolute(&self, address: &str) -> Option<String> {
        if address.starts_with("http") {
            return Some(address.to_owned());
        }
        let here = self.url.as_ref()?;
        here.join(address).ok().filter(|url| url.scheme().starts_with("http")).map(String::from)
    }

    /// A date, also one that only says how long ago it was.
    pub fn date(&self, written: &str) -> Option<dates::Dated> {
        let ago = || Some((relative::parse(written, self.now?)?, Precision::Relative));
        dates::parse(written).or_else(ago)
    }
}

/// A review, and its date as written where that can be read two ways.
type Found = (Mention, Option<String>);

/// What is around an item.
#[derive(Clone, Copy)]
struct Around<'v> {
    thing: Option<&'v Item<'v>>,
    depth: usize,
}

struct Walk<'v> {
    place: &'v Place,
    by_id: HashMap<&'v str, &'v Item<'v>>,
    /// The thing in whose list of reviews an id stands.
    owner: HashMap<&'v str, &'v Item<'v>>,
    done: HashSet<*const Item<'v>>,
    found: Vec<Found>,
    totals: Vec<(usize, Totals)>,
}

impl Graph {
    /// Nothing yet.
    pub fn new(place: Place) -> Self {
        Self { place, ..Self::default() }
    }

    /// Adds the items of one block.
    pub fn add(&mut self, block: &Item<'_>) {
        let mut walk = Walk {
            place: &self.place,
            by_id: HashMap::new(),
            owner: HashMap::new(),
            done: HashSet::new(),
            found: Vec::new(),
            totals: Vec::new(),
        };
        walk.index(block, 0);
        walk.visit(block, Around { thing: None, depth: 0 }, false);
        let (found, totals) = (walk.found, walk.totals);
        self.totals.extend(totals);
        // Most pages have one block with reviews: there is nothing to compare.
        if self.found.is_empty() {
            self.found = found;
            return;
        }
        self.given.extend(self.found[self.compared..].iter().map(|(mention, _)| fingerprint(mention)));
        self.compared = self.found.len();
        let given = &self.given;
        self.found.extend(found.into_iter().filter(|(mention, _)| !given.contains(&fingerprint(mention))));
    }

    /// Puts what was found into the reading. Ids that several reviews share are none.
    pub fn finish(self, reading: &mut Reading) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for id in self.found.iter().filter_map(|(m, _)| m.external_id.clone()) {
            *seen.entry(id).or_default() += 1;
        }
        // "03/04/2024" means what the page's other dates show.
        let order = dates::order_of(self.found.iter().filter_map(|(_, written)| written.as_deref()));
        reading.mentions.extend(self.found.into_iter().map(|(mut m, written)| {
            m.external_id = m.external_id.filter(|id| seen.get(id) == Some(&1));
            if let Some((at, precision)) =
                written.filter(|_| m.published_at.is_none()).and_then(|w| dates::parse_ordered(&w, order))
            {
                (m.published_at, m.published_precision) = (Some(at), Some(precision));
            }
            m
        }));
        if reading.totals == Totals::default() {
            // The totals of the page's own thing stand nearest to the top.
            if let Some((_, totals)) = self.totals.into_iter().min_by_key(|(depth, _)| *depth) {
                reading.totals = totals;
            }
        }
    }
}

/// The same for the same review, whichever block it stands in.
fn fingerprint(mention: &Mention) -> u64 {
    let mut hasher = DefaultHasher::new();
    let rating = mention.rating.map(|r| (r.value.to_bits(), r.best.to_bits()));
    let subject = mention.subject.as_ref().and_then(|s| s.name.as_deref());
    let words = (&mention.author.name, &mention.title, &mention.text);
    (&mention.external_id, words, mention.published_at, rating, subject).hash(&mut hasher);
    hasher.finish()
}

impl<'v> Walk<'v> {
    /// Remembers items by id, and which thing lists which review.
    fn index(&mut self, value: &'v Item<'v>, depth: usize) {
        if depth > DEEP {
            return;
        }
        match value {
            Item::List(list) => list.iter().for_each(|v| self.index(v, depth + 1)),
            Item::Object(map) => {
                if let Some(id) = value.str("@id").filter(|_| map.len() > 1) {
                    self.by_id.entry(id).or_insert(value);
                }
                for key in ["review", "reviews"] {
                    for id in map.get(key).into_iter().flat_map(Item::as_list).filter_map(|r| r.str("@id")) {
                        self.owner.insert(id, value);
                    }
                }
                map.iter().filter(|(_, v)| v.is_nested()).for_each(|(_, v)| self.index(v, depth + 1));
            }
            _ => {}
        }
    }

    /// The item that a mere reference stands for.
    fn resolved(&self, item: &'v Item<'v>) -> &'v Item<'v> {
        match item {
            Item::Object(map) if map.len() <= 2 && !item.has("name") => {
                item.str("@id").and_then(|id| self.by_id.get(id).copied()).unwrap_or(item)
            }
            _ => item,
        }
    }

    fn visit(&mut self, value: &'v Item<'v>, around: Around<'v>, listed_as_review: bool) {
        if around.depth > DEEP {
            return;
        }
        let inside = Around { depth: around.depth + 1, ..around };
        match value {
            Item::List(list) => {
                for item in list {
                    self.visit(item, inside, listed_as_review);
                }
            }
            Item::Object(map) => {
                let item = self.resolved(value);
                let untyped = types(item).next().is_none();
                if is_review(item)
                    || (listed_as_review
                        && untyped
                        && (item.has("author") || item.has("reviewBody") || item.has("reviewRating")))
                {
                    let owner = item.str("@id").and_then(|id| self.owner.get(id).copied());
                    if self.done.insert(std::ptr::from_ref(item))
                        && let Some(found) = self.review(item, owner.or(around.thing))
                    {
                        self.found.push(found);
                    }
                    // What is reviewed may carry the totals.
                    for key in ["itemReviewed", "about"] {
                        if let Some(total) = item.at(key).and_then(|t| t.at("aggregateRating")) {
                            self.total(total, around.depth + 2);
                        }
                    }
                    return;
                }
                if is_a(value, &["AggregateRating", "EmployerAggregateRating", "Review-aggregate"]) {
                    self.total(value, around.depth);
                    return;
                }
                let thing = if !untyped && !is_a(value, &FRAMES) && value.has("name") {
                    Some(value)
                } else {
                    around.thing
                };
                for (key, part) in map.iter() {
                    if !part.is_nested() {
                        continue;
                    }
                    match key {
                        "aggregateRating" => {
                            // Lists of other things do not speak for the page.
                            self.total(part, around.depth);
                        }
                        "isRelatedTo" | "isSimilarTo" | "itemListElement" => {
                            self.visit(part, Around { thing, depth: around.depth + 8 }, false);
                        }
                        "@context" => {}
                        _ => {
                            let reviews = matches!(key, "review" | "reviews");
                            self.visit(part, Around { thing, depth: around.depth + 1 }, reviews);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn total(&mut self, value: &'v Item<'v>, depth: usize) {
        let value = match value {
            Item::List(list) => list.first().unwrap_or(value),
            one => one,
        };
        let count = ["reviewCount", "ratingCount", "count", "votes"]
            .iter()
            .find_map(|k| word(value, k))
            .and_then(|c| numbers::whole(&c));
        let average = ["ratingValue", "average", "value"]
            .iter()
            .find_map(|k| word(value, k))
            .and_then(|a| numbers::decimal(&a));
        let best =
            ["bestRating", "best"].iter().find_map(|k| word(value, k)).and_then(|b| numbers::decimal(&b));
        if count.is_some() || average.is_some() {
            let best = best.or(average.map(scale));
            self.totals.push((depth, Totals { count: count.and_then(|c| c.try_into().ok()), average, best }));
        }
    }

    fn review(&self, item: &'v Item<'v>, around: Option<&'v Item<'v>>) -> Option<Found> {
        let text = ["reviewBody", "description", "text", "articleBody"]
            .iter()
            .find_map(|k| words(item, k))
            .map(|t| plain::from_either(&t))
            .unwrap_or_default();
        let title = ["name", "headline", "summary"]
            .iter()
            .find_map(|k| word(item, k))
            .map(|t| plain::from_either(&t));
        let author = ["author", "reviewer", "creator"]
            .iter()
            .find_map(|k| item.at(k))
            .map(|a| self.author(a))
            .unwrap_or_default();
        // Without one of its own, the review itself may carry what a rating does.
        let rating = ["reviewRating", "rating"].iter().find_map(|k| item.at(k)).map_or(item, overall);
        let rating = rating_of(self.resolved(rating));
        let written =
            ["datePublished", "dtreviewed", "dateCreated", "uploadDate"].iter().find_map(|k| word(item, k));
        let published = written.as_deref().and_then(|d| self.place.date(d));
        // Only what can be read two ways is looked at again.
        let written = written.filter(|d| d.contains(['/', '-', '.'])).map(Cow::into_owned);
        let edited = word(item, "dateModified").and_then(|d| dates::instant(&d));
        let nothing = text.is_empty() && title.is_none() && rating.is_none();
        if nothing || (rating.is_none() && text.is_empty() && author == Author::default()) {
            return None;
        }
        let reviewed = ["itemReviewed", "itemreviewed", "about"]
            .iter()
            .find_map(|k| item.at(k))
            .map(|r| self.resolved(first(r)));
        let subject = self.subject(reviewed, around);
        let url = word(item, "url")
            .and_then(|u| self.place.absolute(&u))
            .or_else(|| item.str("@id").map(|id| id.trim().to_owned()).filter(|id| id.starts_with("http")))
            .filter(|u| subject.as_ref().and_then(|s| s.url.as_ref()) != Some(u));
        let language = item.at("inLanguage").map(first);
        let likes = item.int("upvoteCount");
        let mention = Mention {
            external_id: word(item, "identifier").or_else(|| word(item, "@id")).map(Cow::into_owned),
            kind: Kind::Review,
            url,
            author,
            rating,
            title: title.filter(|t| !t.is_empty()),
            text,
            language: language
                .and_then(|l| bare_text(l).or_else(|| bare_text(l.at("alternateName")?)))
                .filter(|l| l.len() <= 12)
                .map(str::to_owned),
            published_at: published.map(|d| d.0),
            published_precision: published.map(|d| d.1),
            edited_at: edited.filter(|e| published.is_some_and(|p| p.0 < *e)),
            reply: item.at("comment").map(first).and_then(|c| self.reply(c)),
            subject,
            engagement: likes.map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
            ..Mention::default()
        };
        Some((mention, written))
    }

    fn author(&self, value: &'v Item<'v>) -> Author {
        let value = self.resolved(first(value));
        let decoded = |s: Cow<'_, str>| plain::from_either(&s);
        let name = match value {
            Item::Text(s) => Some(plain::from_either(s)),
            _ => word(value, "name").map(decoded).or_else(|| {
                let parts = [word(value, "givenName"), word(value, "familyName")];
                let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
                (!whole.is_empty()).then(|| plain::from_either(&whole))
            }),
        };
        let url = word(value, "url").or_else(|| word(value, "sameAs")).filter(|u| u.starts_with("http"));
        let url = url.map(Cow::into_owned);
        Author { name: name.filter(|n| !n.is_empty()), url, ..Author::default() }
    }

    /// The owner's answer: a comment that is not a person's.
    fn reply(&self, comment: &'v Item<'v>) -> Option<Reply> {
        let author = comment.at("author").map(|a| self.resolved(first(a)));
        if author.is_none_or(|a| a.as_text().is_some() || is_a(a, &["Person"])) {
            return None;
        }
        let text = word(comment, "text").or_else(|| word(comment, "description"))?;
        Some(Reply {
            text: plain::from_either(&text),
            author: author.and_then(|a| word(a, "name")).map(Cow::into_owned),
            published_at: ["datePublished", "dateCreated"]
                .iter()
                .find_map(|k| word(comment, k))
                .and_then(|d| dates::instant(&d)),
        })
    }

    fn subject(&self, reviewed: Option<&'v Item<'v>>, around: Option<&'v Item<'v>>) -> Option<Subject> {
        let named = |v: &'v Item<'v>| match v {
            Item::Text(s) => {
                Some(Cow::Borrowed(&**s)).filter(|s| !s.trim().is_empty() && !s.starts_with("http"))
            }
            _ => word(v, "name"),
        };
        let own = reviewed.and_then(named);
        let thing = if own.is_some() { reviewed } else { around.or(reviewed) };
        let name = own.or_else(|| around.and_then(named)).map(|n| plain::from_either(&n));
        let url = thing.and_then(|t| word(t, "url")).filter(|u| u.starts_with("http")).map(Cow::into_owned);
        let id = thing.and_then(|t| ["productID", "sku", "gtin13", "mpn"].iter().find_map(|k| word(t, k)));
        let id = id.map(Cow::into_owned);
        (name.is_some() || url.is_some()).then_some(Subject { id, name, url })
    }
}

/// A string, trimmed; an empty one counts as absent.
fn bare_text<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    item.as_text().map(str::trim).filter(|text| !text.is_empty())
}
