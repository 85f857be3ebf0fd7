//! Places that tell us by themselves over a connection that stays open: where to listen by a source's settings, and what one
//! message says. Like connectors they do no IO; the engine connects, keeps the connection, and stores. A stream may sit beside a
//! connector that also asks: the stream is quick, the asking fills what a broken connection missed.

use goodword_shared::{Mention, problem::SourceProblem, source::Values};

use super::{Cursor, jetstream, mastodon};

/// Where to listen.
#[derive(Clone, PartialEq, Eq)]
pub struct Listen {
    /// `wss://…`, or `ws://…` where the owner opened a private place.
    pub url: String,
    /// Further headers of the handshake, names in lower case. May hold credentials.
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listen").finish_non_exhaustive()
    }
}

/// What one message said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The mentions in it, most often none or one.
    pub mentions: Vec<Mention>,
    /// Where to go on after it.
    pub cursor: Option<Cursor>,
}

/// The code for a kind of stream.
pub trait Stream: Send + Sync {
    /// Where to listen; none where the settings ask for no stream. `Err` where they are missing or wrong, with what to do.
    fn listen(&self, settings: &Values, cursor: Option<&Cursor>) -> Result<Option<Listen>, SourceProblem>;

    /// Reads one message. What is removed there is told whether or not it is known here; the engine leaves out what is not.
    /// `Err`: this message cannot be read, in words; the others can.
    fn hear(&self, settings: &Values, message: &str) -> Result<Heard, String>;
}

/// The stream of a connector, where it has one.
pub fn by_slug(slug: &str) -> Option<&'static dyn Stream> {
    match slug {
        "bluesky" => Some(&jetstream::Jetstream),
        "mastodon" => Some(&mastodon::Streaming),
        _ => None,
    }
}

/// Whether a text holds what is looked for: every phrase in quotes, every other word, upper and lower case alike; a text that
/// holds any of several searches parted by OR does.
pub fn matches(query: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    query.split(" OR ").map(terms).filter(|terms| !terms.is_empty()).any(|terms| {
        terms.iter().all(|term| {
            text.match_indices(term.as_str()).any(|(at, found)| {
                let word = |c: char| c.is_alphanumeric();
                let before = text[..at].chars().next_back().is_some_and(word);
                let after = text[at + found.len()..].chars().next().is_some_and(word);
                // "plum" is not in "plumber", but "#plum" and "plum's" hold it. Scripts without blanks have no such borders.
                (!before && !after) || found.chars().any(|c| c as u32 >= 0x2E80)
            })
        })
    })
}

fn terms(query: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for (n, part) in query.to_lowercase().split('"').enumerate() {
        if n % 2 == 1 {
            terms.extend(Some(part.trim().to_owned()).filter(|t| !t.is_empty()));
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_alternatives() {
        for (query, text, found) in [
            ("plum kettle", "The KETTLE at Plum's", true),
            ("plum", "my plumber", false),
            ("\"plum & kettle\"", "I love Plum & Kettle!", true),
            ("\"plum kettle\"", "kettle plum", false),
            ("#plumclub", "so #PlumClub today", true),
            ("plum OR kettle", "a kettle", true),
            ("東京", "今日は東京です", true),
            ("", "anything", false),
            ("\"\"", "anything", false),
        ] {
            assert_eq!(matches(query, text), found, "{query} in {text}");
        }
    }
}
