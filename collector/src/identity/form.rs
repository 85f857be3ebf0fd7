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
    /// What the name is in another language: "John" for "Ivan".
    Abroad,
    /// A family name of East Asia, written by another custom.
    Custom,
    /// Spelled otherwise, sounds alike.
    Sound,
    /// One letter off.
    Slip,
    /// One letter off, and a name of somebody else most often: "Simone" for "Simon".
    Other,
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
            // Cut after three or four letters; a long beginning is mostly another name.
            Form::Start => match length {
                0..=4 => 0.4,
                5 => 0.2,
                6 => 0.08,
                _ => 0.03,
            },
            Form::Custom => 0.01,
            Form::Abroad => 0.0006,
            Form::Other => 0.000_02,
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
