//! The engine as this owner has taught it: the shipped reading, the owner's own themes, then what their corrections have taught.

use std::sync::LazyLock;

use goodword_shared::{Analysis, analysis::Untaught};

use super::{
    Analyser, Input,
    learnt::Learnt,
    own::{OwnThemes, without_own},
};

/// What is the owner's own in reading a text. Nothing, for the engine as shipped.
#[derive(Clone, Debug, Default)]
pub struct Local {
    /// Their themes.
    pub themes: OwnThemes,
    /// What was learnt from their corrections.
    pub learnt: Learnt,
    /// What it was made from: whoever holds it knows by this that it is out of date.
    pub stamp: String,
}

/// The engine with what is the owner's own.
#[derive(Clone, Copy, Debug)]
pub struct Taught<'a> {
    /// As shipped.
    pub analyser: &'a Analyser,
    /// Theirs.
    pub local: &'a Local,
}

static NOTHING: LazyLock<Local> = LazyLock::new(Local::default);

impl<'a> Taught<'a> {
    /// The engine with nothing of the owner's own.
    pub fn as_shipped(analyser: &'a Analyser) -> Self {
        Self { analyser, local: &NOTHING }
    }

    /// Everything that can be said of one text.
    pub fn analyse(&self, input: &Input<'_>) -> Analysis {
        self.finish(input, self.analyser.analyse(input))
    }

    /// What the first tier makes of a text, and whether the second would be asked about it.
    pub fn first(&self, input: &Input<'_>) -> (Analysis, bool) {
        let (shipped, asks) = self.analyser.first(input);
        (self.finish(input, shipped), asks)
    }

    /// The same as [`Self::analyse`] for many texts, in their order, on at most so many threads.
    pub fn analyse_all(&self, inputs: &[Input<'_>], threads: usize) -> Vec<Analysis> {
        let shipped = self.analyser.analyse_all(inputs, threads);
        inputs.iter().zip(shipped).map(|(input, shipped)| self.finish(input, shipped)).collect()
    }

    /// The same where the shipped engine has read the text already.
    pub fn finish(&self, input: &Input<'_>, shipped: Analysis) -> Analysis {
        self.local.learnt.apply(input, self.with_own_themes(input, shipped))
    }

    /// A reading that was stored, by whatever was local then, read by what is local now. The engine itself is not asked again.
    pub fn again(&self, input: &Input<'_>, stored: Analysis) -> Analysis {
        let mut shipped = shipped(stored);
        without_own(&mut shipped);
        self.finish(input, shipped)
    }

    /// The shipped reading with the owner's own themes.
    pub fn with_own_themes(&self, input: &Input<'_>, mut shipped: Analysis) -> Analysis {
        if !self.local.themes.is_empty() {
            self.analyser.add_own_themes(input, &self.local.themes, &mut shipped);
        }
        shipped
    }
}

/// A stored reading as it was before what was learnt.
pub fn shipped(mut stored: Analysis) -> Analysis {
    if let Some(before) = stored.untaught.take() {
        let Untaught { sentiment, themes, intents, severity } = *before;
        stored = Analysis { sentiment, themes, intents, severity, ..stored };
    }
    stored
}
