//! What can go wrong at a stall for a while.

use rand::{Rng, rngs::StdRng};

/// A fault: which, and at which request of a run it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What goes wrong.
    pub kind: Kind,
    /// Requests that are answered rightly before.
    pub after: u32,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 401: the key has expired.
    Unauthorised,
    /// 403 with a page that wants to know whether we are human.
    Blocked,
    /// 429, once with `Retry-After`: the next request is answered.
    TooMany,
    /// 429 without a word on when.
    TooManyForNow,
    /// 500 and its kin.
    Broken(u16),
    /// The answer stops in the middle, as if complete.
    Truncated,
    /// 200 and nothing in it.
    Empty,
    /// Entries in another order than promised, within a page.
    Reordered,
}

impl Trouble {
    /// One of them, by chance.
    pub(super) fn any(rng: &mut StdRng) -> Self {
        let kind = match rng.random_range(0..9) {
            0 => Kind::Unauthorised,
            1 => Kind::Blocked,
            2 => Kind::TooMany,
            3 => Kind::TooManyForNow,
            4 => Kind::Broken(500),
            5 => Kind::Broken(503),
            6 => Kind::Truncated,
            7 => Kind::Empty,
            _ => Kind::Reordered,
        };
        Self { kind, after: rng.random_range(0..3) }
    }
}
