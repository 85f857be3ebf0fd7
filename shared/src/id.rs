//! Identifiers: opaque text, typed by what they name, so that a case's id cannot be passed for a customer's.

use std::{fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a `T`. New ones are UUIDv7 in lower case, so that they sort by creation.
pub struct Id<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Wraps an id that came from the store or the wire.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), of: PhantomData }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> FromStr for Id<T> {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(text))
    }
}

impl<T> From<String> for Id<T> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// What ids name. Never built.
pub mod of {
    /// A stored mention.
    pub enum Mention {}
    /// A watched source.
    pub enum Source {}
    /// A customer in the owner's records.
    pub enum Customer {}
    /// An author on one platform.
    pub enum Author {}
    /// A match author → customer.
    pub enum Match {}
    /// A recovery case.
    pub enum Case {}
    /// An alert channel.
    pub enum Channel {}
    /// An alert rule.
    pub enum Rule {}
    /// An alert or delivery in the outbox.
    pub enum Delivery {}
    /// A user of the dashboard.
    pub enum User {}
}

/// The id of a stored mention.
pub type MentionId = Id<of::Mention>;
/// The id of a source.
pub type SourceId = Id<of::Source>;
/// The id of a customer.
pub type CustomerId = Id<of::Customer>;
/// The id of an author.
pub type AuthorId = Id<of::Author>;
/// The id of a match.
pub type MatchId = Id<of::Match>;
/// The id of a case.
pub type CaseId = Id<of::Case>;
/// The id of a channel.
pub type ChannelId = Id<of::Channel>;
/// The id of an alert rule.
pub type RuleId = Id<of::Rule>;
/// The id of a delivery.
pub type DeliveryId = Id<of::Delivery>;
/// The id of a user.
pub type UserId = Id<of::User>;
