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
    /// Taken back, and shown until the service, which knows of that, has them in its list again.
    returned: Vec<Returned>,
    /// Their keys, longest ago first.
    skipped: Vec<String>,
    /// What is being read: it stays, whatever comes in, until the owner has decided; and how many were left then.
    reading: Option<(Question, u64)>,
    /// The key of what was taken back after the page was loaded anew: shown once the service lists it.
    wanted: Option<String>,
    /// Words that did not reach the service. They count here, and are sent again.
    pub unsent: Vec<Deed>,
    /// Those of them that are on their way again.
    again: Vec<Deed>,
    /// Words that the service has taken.
    heard: Vec<Deed>,
    /// How many words the service has taken: each is a chance for those that did not reach it.
    pub chances: u32,
    /// Which answer is chosen.
    pub chosen: usize,
}

/// A question whose word was taken back.
#[derive(Clone, Debug)]
struct Returned {
    question: Question,
    /// The service has heard of that.
    heard: bool,
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
    /// The service has taken back its word on the question of that key.
    Undone(String),
    /// It has not: the word counts after all.
    Stays(Deed),
    /// The service lists the questions of those keys again.
    Listed(Vec<String>),
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
    /// The service has taken the word.
    Heard(Deed),
    /// What was not heard is on its way again.
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
                for words in [&mut desk.unsent, &mut desk.again, &mut desk.heard] {
                    forget(words, &deed);
                }
                desk.says(deed);
            }
            Move::Stays(deed) => desk.says(deed),
            Move::Known { author, step } => {
                let made =
                    |deed: &&mut Deed| deed.question.key() == author && matches!(deed.word, Word::Made(_));
                if let Some(deed) = desk.deeds.iter_mut().rev().find(made) {
                    deed.word = Word::Made(Some(step));
                }
                let made = |deed: &Deed| deed.question.key() == author && deed.word == Word::Made(None);
                if let Some(at) = desk.again.iter().position(made) {
                    desk.again.remove(at);
                }
                desk.chances += 1;
            }
            Move::TakeBack(back) => {
                let like = |deed: &Deed| deed.on(&back.question) && deed.word == back.word;
                if let Some(at) = desk.deeds.iter().rposition(like) {
                    let deed = desk.deeds.remove(at);
                    desk.skipped.retain(|key| key != deed.question.key());
                    forget(&mut desk.unsent, &deed);
                    forget(&mut desk.again, &deed);
                    // What was taken back is what the owner wants to see.
                    desk.reading = None;
                    desk.returned.retain(|other| !deed.on(&other.question));
                    desk.returned.insert(0, Returned { question: deed.question, heard: false });
                    desk.chosen = 0;
                }
            }
            Move::Undone(key) => {
                let back = |returned: &&mut Returned| returned.question.key() == key;
                desk.returned.iter_mut().filter(back).for_each(|returned| returned.heard = true);
            }
            Move::Listed(keys) => {
                desk.returned.retain(|other| !keys.iter().any(|key| key == other.question.key()));
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
            // What was taken back while it was on its way counts again where that is not heard either.
            Move::Unsent(deed) => {
                forget(&mut desk.again, &deed);
                desk.unsent.push(deed);
            }
            Move::Heard(deed) => {
                forget(&mut desk.again, &deed);
                desk.heard.push(deed);
                desk.chances += 1;
            }
            Move::Resent => {
                for deed in std::mem::take(&mut desk.unsent) {
                    let sent = desk.deeds.contains(&deed);
                    if sent { desk.again.push(deed) } else { desk.unsent.push(deed) }
                }
            }
            Move::Drop(deed) => {
                forget(&mut desk.again, &deed);
                if let Some(at) = desk.deeds.iter().rposition(|other| *other == deed) {
                    desk.deeds.remove(at);
                }
            }
            Move::Choose(at) => desk.chosen = at,
        }
        Rc::new(desk)
    }
}

fn forget(words: &mut Vec<Deed>, deed: &Deed) {
    words.retain(|other| other != deed);
}

impl Desk {
    fn says(&mut self, deed: Deed) {
        self.returned.retain(|other| !deed.on(&other.question));
        self.deeds.push(deed);
        self.chosen = 0;
    }

    /// The words to send again.
    pub fn to_send(&self) -> impl Iterator<Item = &Deed> {
        self.unsent.iter().filter(|deed| self.deeds.contains(deed))
    }

    /// How many words have not reached the service, those on their way again included.
    pub fn unheard(&self) -> usize {
        self.to_send().count() + self.again.len()
    }

    /// What the window remembers of this: the words that the service has taken, each in a line.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let known = |deed: &&Deed| matches!(deed.word, Word::Made(_)) || self.heard.contains(deed);
        self.deeds.iter().filter(known).filter_map(Deed::line)
    }

    /// The keys of what was taken back with the service's knowledge, and is in its list again: from now on the list knows best.
    pub fn listed_again(&self, listed: &[Question]) -> Vec<String> {
        let back = self.returned.iter().filter(|one| one.heard && listed.contains(&one.question));
        back.map(|one| one.question.key().to_owned()).collect()
    }

    /// How many were left when the question being read was shown first.
    pub fn left_then(&self) -> u64 {
        self.reading.as_ref().map_or(u64::MAX, |(_, left)| *left)
    }

    /// What is left to ask, in order: what was taken back, then the service's list, then what was skipped.
    pub fn queue(&self, listed: &[Question]) -> Vec<Question> {
        let listed = listed.iter().filter(|question| !self.is_returned(question));
        let returned = self.returned.iter().map(|one| &one.question);
        let open: Vec<Question> = returned.chain(listed).filter_map(|question| self.open(question)).collect();
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
            None if self.is_returned(read) => News::None,
            None if listed.len() as u64 >= total => News::Settled,
            None => News::Missing,
        }
    }

    /// How many are left, where the service's list holds `listed` of `total`.
    pub fn left(&self, listed: &[Question], total: u64) -> u64 {
        let shown = self.queue(listed).len() as u64;
        total.saturating_sub(listed.len() as u64) + shown
    }

    fn is_returned(&self, question: &Question) -> bool {
        self.returned.iter().any(|one| one.question == *question)
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
        assert_eq!((names(&refused.queue(&listed[1..])), refused.unheard()), (vec!["b"], 0));
    }

    #[test]
    fn two_words_on_one_author_taken_back_ask_about_them_once() {
        let listed = [doubt("a", &["x", "y"]), doubt("b", &["z"])];
        let no = |id: &str| Deed { question: listed[0].clone(), word: Word::Refused(id.into()) };
        let said = after(Desk::default(), vec![Move::Say(no("x")), Move::Say(no("y"))]);
        let back = after(said, vec![Move::TakeBack(no("y")), Move::TakeBack(no("x"))]);
        assert_eq!((names(&back.queue(&listed[1..])), back.left(&listed[1..], 1)), (vec!["a", "b"], 2));
    }

    #[test]
    fn what_was_taken_back_is_the_lists_again_once_the_service_knows() {
        let listed = [doubt("a", &["x"]), doubt("b", &["y"])];
        let deed = Deed { question: listed[0].clone(), word: Word::Confirmed("x".into()) };
        let desk = after(Desk::default(), vec![Move::Say(deed.clone()), Move::TakeBack(deed)]);
        assert!(desk.listed_again(&listed).is_empty(), "the list is as old as the word");
        let desk = after(desk, vec![Move::Undone("a".into())]);
        assert!(desk.listed_again(&listed[1..]).is_empty());
        let again = desk.listed_again(&listed);
        let desk = after(desk, vec![Move::Listed(again)]);
        assert_eq!(names(&desk.queue(&listed)), ["a", "b"]);
        // Decided in another tab, it is asked no more here.
        assert_eq!((names(&desk.queue(&listed[1..])), desk.left(&listed[1..], 1)), (vec!["b"], 1));
    }

    #[test]
    fn a_word_whose_undo_is_not_heard_either_is_kept_whichever_fails_first() {
        let listed = [doubt("a", &["x"])];
        let deed = Deed { question: listed[0].clone(), word: Word::Confirmed("x".into()) };
        let back = after(Desk::default(), vec![Move::Say(deed.clone()), Move::TakeBack(deed.clone())]);
        let one = after(back.clone(), vec![Move::Unsent(deed.clone())]);
        assert_eq!(one.unheard(), 0, "as long as it is taken back, it is not to be sent");
        let one = after(one, vec![Move::Resent, Move::Stays(deed.clone())]);
        let other = after(back, vec![Move::Stays(deed.clone()), Move::Unsent(deed.clone())]);
        for desk in [one, other] {
            assert_eq!((desk.to_send().count(), desk.left(&listed, 1)), (1, 0));
            // Said anew after being taken back for good, nothing is left over of it.
            let anew = after(desk, vec![Move::TakeBack(deed.clone()), Move::Say(deed.clone())]);
            assert_eq!((anew.to_send().count(), anew.left(&listed, 1)), (0, 0));
        }
    }

    #[test]
    fn only_what_was_heard_is_remembered() {
        let deed = |id: &str| Deed { question: doubt(id, &["x"]), word: Word::Confirmed("x".into()) };
        let desk = after(Desk::default(), vec![Move::Say(deed("a")), Move::Say(deed("b"))]);
        assert_eq!(desk.lines().count(), 0);
        let desk = after(desk, vec![Move::Unsent(deed("a")), Move::Heard(deed("b"))]);
        assert_eq!(desk.lines().collect::<Vec<_>>(), ["who x b"]);
        // On its way again, it is still one that has not arrived; every word that arrives is a chance for the others.
        let desk = after(desk, vec![Move::Resent]);
        assert_eq!((desk.to_send().count(), desk.unheard(), desk.chances), (0, 1, 1));
        let desk = after(desk, vec![Move::Heard(deed("a"))]);
        assert_eq!((desk.unheard(), desk.lines().count(), desk.chances), (0, 2, 2));
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
