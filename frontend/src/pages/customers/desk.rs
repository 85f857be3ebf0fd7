//! The state of the queue as the owner works it: what was said already, what is shown next, and what to take back. The page
//! changes at once; the service follows. Pure.

use std::rc::Rc;

use goodword_shared::api::doubts::Doubt;
use yew::Reducible;

/// The owner's word on a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// The match holds.
    Confirmed(String),
    /// The match does not.
    Refused(String),
    /// Somebody new; the step that made them, once it is known.
    Made(Option<String>),
}

/// A word with the doubt as it was shown, so that it can be shown again.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// About whom.
    pub doubt: Rc<Doubt>,
    /// What was said.
    pub word: Word,
}

impl Deed {
    /// Its id.
    pub fn author_id(&self) -> String {
        self.author().to_owned()
    }

    fn author(&self) -> &str {
        self.doubt.author_id.as_str()
    }
}

/// The desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// Words, oldest first.
    pub deeds: Vec<Deed>,
    /// Taken back, and shown until the service has them in its list again.
    returned: Vec<Rc<Doubt>>,
    skipped: Vec<String>,
    /// Which candidate is chosen.
    pub chosen: usize,
}

/// What happens at the desk.
pub enum Move {
    /// The owner said something.
    Say(Deed),
    /// The step that made a customer of an author is known.
    Known {
        /// Of whom.
        author: String,
        /// Which.
        step: String,
    },
    /// It went wrong, or is taken back: the newest word that is like this one.
    TakeBack(Deed),
    /// Later.
    Skip(String),
    /// Another candidate, of so many.
    Choose(usize),
}

impl Reducible for Desk {
    type Action = Move;

    fn reduce(self: Rc<Self>, action: Move) -> Rc<Self> {
        let mut desk = (*self).clone();
        match action {
            Move::Say(deed) => {
                desk.returned.retain(|doubt| doubt.author_id != deed.doubt.author_id);
                desk.deeds.push(deed);
                desk.chosen = 0;
            }
            Move::Known { author, step } => {
                let made = |deed: &&mut Deed| deed.author() == author && matches!(deed.word, Word::Made(_));
                if let Some(deed) = desk.deeds.iter_mut().rev().find(made) {
                    deed.word = Word::Made(Some(step));
                }
            }
            Move::TakeBack(back) => {
                let like = |deed: &Deed| deed.author() == back.author() && deed.word == back.word;
                if let Some(at) = desk.deeds.iter().rposition(like) {
                    let deed = desk.deeds.remove(at);
                    desk.skipped.retain(|author| author != deed.author());
                    desk.returned.insert(0, deed.doubt);
                    desk.chosen = 0;
                }
            }
            Move::Skip(author) => {
                desk.skipped.retain(|other| *other != author);
                desk.skipped.push(author);
                desk.chosen = 0;
            }
            Move::Choose(at) => desk.chosen = at,
        }
        Rc::new(desk)
    }
}

impl Desk {
    /// What is left to ask, in order: what was taken back, then the service's list, then what was skipped.
    pub fn queue(&self, listed: &[Doubt]) -> Vec<Rc<Doubt>> {
        let listed =
            listed.iter().filter(|doubt| !self.returned.iter().any(|r| r.author_id == doubt.author_id));
        let all = self.returned.iter().cloned().chain(listed.cloned().map(Rc::new));
        let mut left: Vec<Rc<Doubt>> = all.filter_map(|doubt| self.open(doubt)).collect();
        left.sort_by_key(|doubt| {
            self.skipped.iter().position(|author| author == doubt.author_id.as_str()).map_or(0, |at| at + 1)
        });
        left
    }

    /// How many are left, where the service's list holds `listed` of `total`.
    pub fn left(&self, listed: &[Doubt], total: u64) -> u64 {
        let shown = self.queue(listed).len() as u64;
        total.saturating_sub(listed.len() as u64) + shown
    }

    /// The doubt without the candidates that were refused; none where nothing is left to ask.
    fn open(&self, doubt: Rc<Doubt>) -> Option<Rc<Doubt>> {
        let words: Vec<&Word> =
            self.deeds.iter().filter(|d| d.doubt.author_id == doubt.author_id).map(|d| &d.word).collect();
        if words.iter().any(|word| !matches!(word, Word::Refused(_))) {
            return None;
        }
        if words.is_empty() {
            return Some(doubt);
        }
        let mut left = (*doubt).clone();
        left.candidates
            .retain(|c| !words.iter().any(|w| matches!(w, Word::Refused(id) if id == c.match_id.as_str())));
        (!left.candidates.is_empty()).then(|| Rc::new(left))
    }
}

#[cfg(test)]
mod tests {
    use goodword_shared::{
        Author, Id,
        api::doubts::{Agreement, DoubtCandidate},
        customer::{Customer, CustomerFacts},
    };

    use super::*;

    fn doubt(author: &str, matches: &[&str]) -> Doubt {
        let candidate = |id: &&str| DoubtCandidate {
            match_id: Id::new(*id),
            customer: Customer {
                id: Id::new("c"),
                facts: CustomerFacts::default(),
                created_at: Default::default(),
            },
            probability: 0.5,
            evidence: vec![],
            orders: vec![],
            accounts: vec![],
            agreement: Agreement::default(),
        };
        Doubt {
            author_id: Id::new(author),
            author: Author::default(),
            platform: String::new(),
            mentions: 1,
            quotes: vec![],
            candidates: matches.iter().map(candidate).collect(),
        }
    }

    fn names(queue: &[Rc<Doubt>]) -> Vec<&str> {
        queue.iter().map(|d| d.author_id.as_str()).collect()
    }

    fn after(desk: Desk, moves: Vec<Move>) -> Desk {
        let desk = moves.into_iter().fold(Rc::new(desk), |desk, one| desk.reduce(one));
        (*desk).clone()
    }

    #[test]
    fn a_word_shows_the_next_at_once_and_comes_back_when_taken_back() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"]), doubt("c", &["z"])];
        let deed = Deed { doubt: Rc::new(listed[0].clone()), word: Word::Confirmed("x".into()) };
        let desk = after(Desk::default(), vec![Move::Say(deed.clone())]);
        assert_eq!(names(&desk.queue(&listed)), ["b", "c"]);
        assert_eq!((desk.left(&listed, 12), desk.left(&listed[1..], 11)), (11, 11));
        // The service has heard of it by now, and not yet that it is taken back.
        let desk = after(desk, vec![Move::TakeBack(deed)]);
        assert_eq!(names(&desk.queue(&listed[1..])), ["a", "b", "c"]);
        assert_eq!(names(&desk.queue(&listed)), ["a", "b", "c"]);
    }

    #[test]
    fn refusing_one_candidate_leaves_the_others() {
        let listed = [doubt("a", &["x", "y"])];
        let refuse =
            |id: &str| Move::Say(Deed { doubt: Rc::new(listed[0].clone()), word: Word::Refused(id.into()) });
        let desk = after(Desk::default(), vec![refuse("x")]);
        assert_eq!(desk.queue(&listed)[0].candidates.len(), 1);
        let desk = after(desk, vec![refuse("y")]);
        assert!(desk.queue(&listed).is_empty() && desk.left(&listed, 1) == 0);
    }

    #[test]
    fn what_is_skipped_comes_last_and_is_still_left() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"])];
        let desk = after(Desk::default(), vec![Move::Skip("a".into())]);
        assert_eq!((names(&desk.queue(&listed)), desk.left(&listed, 2)), (vec!["b", "a"], 2));
        let desk = after(desk, vec![Move::Skip("b".into())]);
        assert_eq!(names(&desk.queue(&listed)), ["a", "b"]);
    }
}
