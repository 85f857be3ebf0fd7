//! The ways in which a shown word stands for a word of a name, and how often people show each. It knows no names.

/// How a shown word stands for a word of the customer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The same letters.
    Same,
    /// A short form.
    Nickname,
    /// The full form, where the records have a short one; or another short form of the same name.
    Formal,
    /// Spelled otherwise, sounds alike.
    Sound,
    /// One letter off.
    Slip,
    /// The beginning of it.
    Start,
    /// One letter for the whole.
    Initial,
}

impl Form {
    /// How often a person shows this form, against showing the name as it is. `known`: others bear exactly what is shown; then it
    /// is hardly a slip for something else.
    pub fn strength(self, length: usize, known: bool) -> f64 {
        match self {
            Form::Same | Form::Initial => 1.0,
            Form::Nickname => 0.25,
            Form::Formal => 0.08,
            Form::Sound => {
                if known {
                    0.04
                } else {
                    0.25
                }
            }
            Form::Start => 0.4,
            // Short words one letter apart are mostly two words.
            Form::Slip => {
                let slip = match length {
                    0..=4 => 0.02,
                    5 => 0.06,
                    _ => 0.12,
                };
                if known { slip * 0.04 } else { slip }
            }
        }
    }
}
