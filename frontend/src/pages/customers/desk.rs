//! The state of the queue as the owner works it: what was said already, what is shown next, and what to take back. The page
//! changes at once; the service follows. Pure.

use std::rc::Rc;

use goodword_shared::api::{doubts::Doubt, kin::KinView};
use yew::Reducible;

/// What the owner is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Which of those customers an author is.
    Who(Rc<Doubt>),
    /// Whether two accounts are one person's.
    Same(Rc<KinView>),
}

impl Question {
    /// What sets it apart from all others: the author, or the pair.
    pub fn key(&self) -> &str {
        match self {
            Question::Who(doubt) => doubt.author_id.as_str(),
            Question::Same(pair) => &pair.id,
        }
    }

    /// Between how many answers the owner may choose.
    pub fn answers(&self) -> usize {
        match self {
            Question::Who(doubt) => doubt.candidates.len(),
            Question::Same(_) => 1,
        }
    }

    /// What a word on that answer is said of: the match, or the pair.
    pub fn answer(&self, at: usize) -> Option<String> {
        match self {
            Question::Who(doubt) => doubt.candidates.get(at).map(|candidate| candidate.match_id.to_string()),
            Question::Same(pair) => (at == 0).then(|| pair.id.clone()),
        }
    }
}

/// The owner's word on a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It holds: the match, or the pair.
    Confirmed(String),
    /// It does not.
    Refused(String),
    /// Somebody new; the step that made them, once it is known.
    Made(Option<String>),
}

/// A word with the question as it was shown, so that it can be shown again.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// What was asked.
    pub question: Question,
    /// What was said.
    pub word: Word,
}

impl Deed {
    fn on(&self, question: &Question) -> bool {
        self.question.key() == question.key()
    }
}

/// The desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// Words, oldest first.
    pub deeds: Vec<Deed>,
    /// Taken back, and shown until the service has them in its list again.
    returned: Vec<Question>,
    /// Their keys, longest ago first.
    skipped: Vec<String>,
    /// Which answer is chosen.
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
    /// Later: the question of that key.
    Skip(String),
    /// Another answer.
    Choose(usize),
}

impl Reducible for Desk {
    type Action = Move;

    fn reduce(self: Rc<Self>, action: Move) -> Rc<Self> {
        let mut desk = (*self).clone();
        match action {
            Move::Say(deed) => {
                desk.returned.retain(|question| !deed.on(question));
                desk.deeds.push(deed);
                desk.chosen = 0;
            }
            Move::Known { author, step } => {
                let made =
                    |deed: &&mut Deed| deed.question.key() == author && matches!(deed.word, Word::Made(_));
                if let Some(deed) = desk.deeds.iter_mut().rev().find(made) {
                    deed.word = Word::Made(Some(step));
                }
            }
            Move::TakeBack(back) => {
                let like = |deed: &Deed| deed.on(&back.question) && deed.word == back.word;
                if let Some(at) = desk.deeds.iter().rposition(like) {
                    let deed = desk.deeds.remove(at);
                    desk.skipped.retain(|key| key != deed.question.key());
                    desk.returned.insert(0, deed.question);
                    desk.chosen = 0;
                }
            }
            Move::Skip(key) => {
                desk.skipped.retain(|other| *other != key);
                desk.skipped.push(key);
                desk.chosen = 0;
            }
            Move::Choose(at) => desk.chosen = at,
        }
        Rc::new(desk)
    }
}

impl Desk {
    /// What is left to ask, in order: what was taken back, then the service's list, then what was skipped.
    pub fn queue(&self, listed: &[Question]) -> Vec<Question> {
        let returned = |question: &&Question| self.returned.iter().any(|r| r.key() == question.key());
        let listed = listed.iter().filter(|question| !returned(question));
        let mut left: Vec<Question> =
            self.returned.iter().chain(listed).filter_map(|question| self.open(question)).collect();
        left.sort_by_key(|question| {
            self.skipped.iter().position(|key| key == question.key()).map_or(0, |at| at + 1)
        });
        left
    }

    /// How many are left, where the service's list holds `listed` of `total`.
    pub fn left(&self, listed: &[Question], total: u64) -> u64 {
        let shown = self.queue(listed).len() as u64;
        total.saturating_sub(listed.len() as u64) + shown
    }

    /// The question without the answers that were refused; none where nothing is left to ask.
    fn open(&self, question: &Question) -> Option<Question> {
        let words: Vec<&Word> = self.deeds.iter().filter(|d| d.on(question)).map(|d| &d.word).collect();
        if words.iter().any(|word| !matches!(word, Word::Refused(_))) {
            return None;
        }
        match question {
            _ if words.is_empty() => Some(question.clone()),
            Question::Same(_) => None,
            Question::Who(doubt) => {
                let mut left = (**doubt).clone();
                left.candidates.retain(|c| {
                    !words.iter().any(|w| matches!(w, Word::Refused(id) if id == c.match_id.as_str()))
                });
                (!left.candidates.is_empty()).then(|| Question::Who(Rc::new(left)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use goodword_shared::{
        Author, Id,
        api::doubts::{Agreement, DoubtCandidate},
        customer::{Customer, CustomerFacts},
        matching::MatchState,
    };

    use super::*;

    fn doubt(author: &str, matches: &[&str]) -> Question {
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
        Question::Who(Rc::new(Doubt {
            author_id: Id::new(author),
            author: Author::default(),
            platform: String::new(),
            mentions: 1,
            quotes: vec![],
            candidates: matches.iter().map(candidate).collect(),
        }))
    }

    fn pair(id: &str) -> Question {
        Question::Same(Rc::new(KinView {
            id: id.into(),
            accounts: vec![],
            probability: 0.7,
            evidence: vec![],
            state: MatchState::Doubtful,
            decided_at: Default::default(),
        }))
    }

    fn names(queue: &[Question]) -> Vec<&str> {
        queue.iter().map(Question::key).collect()
    }

    fn after(desk: Desk, moves: Vec<Move>) -> Desk {
        let desk = moves.into_iter().fold(Rc::new(desk), |desk, one| desk.reduce(one));
        (*desk).clone()
    }

    #[test]
    fn a_word_shows_the_next_at_once_and_comes_back_when_taken_back() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"]), doubt("c", &["z"])];
        let deed = Deed { question: listed[0].clone(), word: Word::Confirmed("x".into()) };
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
            |id: &str| Move::Say(Deed { question: listed[0].clone(), word: Word::Refused(id.into()) });
        let desk = after(Desk::default(), vec![refuse("x")]);
        assert_eq!(desk.queue(&listed)[0].answers(), 1);
        let desk = after(desk, vec![refuse("y")]);
        assert!(desk.queue(&listed).is_empty() && desk.left(&listed, 1) == 0);
    }

    #[test]
    fn a_pair_of_accounts_is_asked_once_and_comes_back_when_taken_back() {
        let listed = [doubt("a", &["x"]), pair("p"), pair("q")];
        let word = Word::Refused(listed[1].answer(0).expect("a pair can be answered"));
        assert_eq!((listed[1].answers(), listed[1].answer(1)), (1, None));
        let deed = Deed { question: listed[1].clone(), word };
        let desk = after(Desk::default(), vec![Move::Say(deed.clone())]);
        assert_eq!((names(&desk.queue(&listed)), desk.left(&listed, 3)), (vec!["a", "q"], 2));
        let desk = after(desk, vec![Move::TakeBack(deed)]);
        assert_eq!(names(&desk.queue(&listed)), ["p", "a", "q"]);
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
