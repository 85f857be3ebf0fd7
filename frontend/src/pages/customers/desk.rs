//! The state of the queue as the owner works it: what was said already, what is shown next, and what to take back. The page
//! changes at once; the service follows. Pure.

use std::rc::Rc;

use goodword_shared::api::{doubts::Doubt, kin::KinView};
use yew::Reducible;

/// What the owner is asked. One is the same as another where it is about the same.
#[derive(Clone, Debug)]
pub enum Question {
    /// Which of those customers an author is.
    Who(Rc<Doubt>),
    /// Whether two accounts are one person's.
    Same(Rc<KinView>),
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
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

    /// What makes it another question than before: whom it asks about, and of how much said.
    fn asks(&self) -> (Vec<&str>, u64) {
        match self {
            Question::Who(doubt) => {
                (doubt.candidates.iter().map(|one| one.match_id.as_str()).collect(), doubt.mentions)
            }
            Question::Same(_) => (vec![], 0),
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
    /// In a line, to be remembered when the page is loaded anew: what was said of what, and the question's key. None before the
    /// service has told what takes it back.
    pub fn line(&self) -> Option<String> {
        let (of, id) = match (&self.word, &self.question) {
            (Word::Made(step), _) => ("made", step.as_ref()?),
            (Word::Confirmed(id) | Word::Refused(id), Question::Who(_)) => ("who", id),
            (Word::Confirmed(id) | Word::Refused(id), Question::Same(_)) => ("same", id),
        };
        Some([of, id, self.question.key()].join(" "))
    }

    fn on(&self, question: &Question) -> bool {
        self.question.key() == question.key()
    }
}

/// The desk.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Words, oldest first.
    pub deeds: Vec<Deed>,
    /// Taken back, and shown until the service has them in its list again.
    returned: Vec<Question>,
    /// Their keys, longest ago first.
    skipped: Vec<String>,
    /// What is being read: it stays, whatever comes in, until the owner has decided; and how many were left then.
    reading: Option<(Question, u64)>,
    /// The key of what was taken back after the page was loaded anew: shown once the service lists it.
    wanted: Option<String>,
    /// Words that did not reach the service. They count here, and are sent again.
    pub unsent: Vec<Deed>,
    /// Which answer is chosen.
    pub chosen: usize,
}

/// What has become of the question being read since it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing that matters.
    None,
    /// It is asked otherwise now: other answers, or they have said more.
    Changed,
    /// It is asked no more: somebody has settled it, or it has settled itself.
    Settled,
    /// It is not among those listed; perhaps further down.
    Missing,
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
    /// The owner begins to read; so many are left.
    Read(Question, u64),
    /// Shows what is next, or the same question as it is asked now.
    LetGo,
    /// A word said before the page was loaded anew is taken back: the question of that key.
    Want(String),
    /// The word did not reach the service.
    Unsent(Deed),
    /// Those words are on their way again.
    Resent,
    /// The service does not take the word: it knows better what is still to be asked.
    Drop(Deed),
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
                    desk.unsent.retain(|other| *other != deed);
                    // What was taken back is what the owner wants to see.
                    desk.reading = None;
                    desk.returned.insert(0, deed.question);
                    desk.chosen = 0;
                }
            }
            Move::Skip(key) => {
                desk.reading = None;
                desk.skipped.retain(|other| *other != key);
                desk.skipped.push(key);
                desk.chosen = 0;
            }
            Move::Want(key) => desk.wanted = Some(key),
            Move::Read(question, left) => {
                desk.wanted.take_if(|key| key == question.key());
                if desk.reading.as_ref().is_none_or(|(before, _)| before.key() != question.key()) {
                    desk.chosen = 0;
                }
                desk.reading = Some((question, left));
            }
            Move::LetGo => {
                desk.reading = None;
                desk.chosen = 0;
            }
            // Not what was taken back while it was on its way.
            Move::Unsent(deed) => desk.unsent.extend(desk.deeds.contains(&deed).then_some(deed)),
            Move::Resent => desk.unsent.clear(),
            Move::Drop(deed) => {
                if let Some(at) = desk.deeds.iter().rposition(|other| *other == deed) {
                    desk.deeds.remove(at);
                }
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
        let open: Vec<Question> =
            self.returned.iter().chain(listed).filter_map(|question| self.open(question)).collect();
        // Few are ever skipped; sorting would cost the page more than it is worth.
        let mut left: Vec<Question> = Vec::with_capacity(open.len());
        left.extend(open.iter().filter(|one| !self.skipped.iter().any(|key| key == one.key())).cloned());
        for key in &self.skipped {
            left.extend(open.iter().filter(|one| one.key() == key).cloned());
        }
        left
    }

    /// The question to show: the one being read, until it is decided; then whatever is next.
    pub fn shown(&self, listed: &[Question]) -> Option<Question> {
        let wanted = listed.iter().find(|question| self.wanted.as_deref() == Some(question.key()));
        let read =
            wanted.or(self.reading.as_ref().map(|(question, _)| question)).and_then(|one| self.open(one));
        read.or_else(|| self.queue(listed).into_iter().next())
    }

    /// Whether that one is being read already.
    pub fn reads(&self, question: &Question) -> bool {
        self.reading.as_ref().is_some_and(|(read, _)| read.key() == question.key())
    }

    /// How many came in since the question shown is read, where so many are left now.
    pub fn came(&self, left: u64) -> u64 {
        self.reading.as_ref().map_or(0, |(_, before)| left.saturating_sub(*before))
    }

    /// What has become of the question being read, where the service's list holds `listed` of `total`.
    pub fn news(&self, listed: &[Question], total: u64) -> News {
        let Some((read, _)) = &self.reading else { return News::None };
        let Some(shown) = self.open(read) else { return News::None };
        let same = |question: &&Question| question.key() == read.key();
        match listed.iter().find(same).map(|now| self.open(now)) {
            Some(Some(now)) if now.asks() != shown.asks() => News::Changed,
            Some(None) => News::Settled,
            Some(_) => News::None,
            None if self.returned.iter().any(|question| same(&question)) => News::None,
            None if listed.len() as u64 >= total => News::Settled,
            None => News::Missing,
        }
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
    fn what_is_read_stays_whatever_comes_in() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"])];
        let desk = after(Desk::default(), vec![Move::Read(listed[0].clone(), 2)]);
        let now = [doubt("new", &["z"]), doubt("a", &["x"]), doubt("b", &["y"])];
        assert_eq!(desk.shown(&now).expect("one").key(), "a");
        assert_eq!((desk.came(desk.left(&now, 3)), desk.news(&now, 3)), (1, News::None));
        // Decided, it makes room for what is first by now.
        let deed = Deed { question: listed[0].clone(), word: Word::Confirmed("x".into()) };
        let desk = after(desk, vec![Move::Say(deed.clone())]);
        assert_eq!(desk.shown(&now).expect("one").key(), "new");
        // Taken back, it is shown, though another is read.
        let desk = after(desk, vec![Move::Read(now[0].clone(), 2), Move::TakeBack(deed)]);
        assert_eq!(desk.shown(&now).expect("one").key(), "a");
    }

    #[test]
    fn it_is_told_when_what_is_read_is_asked_otherwise_or_no_more() {
        let desk = after(Desk::default(), vec![Move::Read(doubt("a", &["x"]), 1)]);
        assert_eq!(desk.news(&[doubt("a", &["x", "y"])], 1), News::Changed);
        assert_eq!(desk.news(&[doubt("b", &["y"])], 1), News::Settled);
        assert_eq!(desk.news(&[doubt("b", &["y"])], 20), News::Missing);
        assert_eq!(desk.shown(&[doubt("b", &["y"])]).expect("one").key(), "a");
        let desk = after(desk, vec![Move::LetGo]);
        assert_eq!(desk.shown(&[doubt("b", &["y"])]).expect("one").key(), "b");
    }

    #[test]
    fn what_was_said_before_a_reload_comes_back_once_it_is_listed() {
        let deed = Deed { question: doubt("b", &["y"]), word: Word::Confirmed("y".into()) };
        assert_eq!(deed.line().as_deref(), Some("who y b"));
        assert_eq!(Deed { word: Word::Made(None), ..deed }.line(), None);
        let listed = [doubt("a", &["x"]), doubt("b", &["y"])];
        let desk = after(Desk::default(), vec![Move::Read(listed[0].clone(), 1), Move::Want("b".into())]);
        assert_eq!(desk.shown(&listed[..1]).expect("one").key(), "a");
        assert_eq!(desk.shown(&listed).expect("one").key(), "b");
        let desk = after(desk, vec![Move::Read(listed[1].clone(), 2), Move::LetGo]);
        assert_eq!(desk.shown(&listed).expect("one").key(), "a");
    }

    #[test]
    fn a_word_that_was_not_heard_counts_and_is_kept() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"])];
        let deed = Deed { question: listed[0].clone(), word: Word::Confirmed("x".into()) };
        let desk = after(Desk::default(), vec![Move::Say(deed.clone()), Move::Unsent(deed.clone())]);
        assert_eq!((names(&desk.queue(&listed)), desk.unsent.len()), (vec!["b"], 1));
        let back = after(desk.clone(), vec![Move::TakeBack(deed.clone())]);
        assert_eq!((names(&back.queue(&listed)), back.unsent.len()), (vec!["a", "b"], 0));
        // One that the service does not take is asked again only if the service asks it.
        let refused = after(desk, vec![Move::Resent, Move::Drop(deed)]);
        assert_eq!((names(&refused.queue(&listed[1..])), refused.unsent.len()), (vec!["b"], 0));
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
