//! WHAT a text means: language, sentiment, themes, intents, severity. No IO, no clock.

use goodword_shared::{Analysis, Kind, Rating};

/// One text to analyse.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Post or review: "neutral" means something else in each.
    pub kind: Kind,
    /// Heading.
    pub title: Option<&'a str>,
    /// The text; spans of the answer refer to it.
    pub text: &'a str,
    /// Stars, as evidence.
    pub rating: Option<Rating>,
    /// Declared language.
    pub language: Option<&'a str>,
}

/// The engine. Built once, shared by every thread.
#[derive(Debug, Default)]
pub struct Analyser {}

impl Analyser {
    /// The engine with the word lists compiled in.
    pub fn new() -> Self {
        Self {}
    }

    /// Everything that can be said of one text.
    pub fn analyse(&self, _input: &Input<'_>) -> Analysis {
        Analysis::default()
    }
}
