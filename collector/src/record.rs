//! What is decided about mentions, as plain data: the pipeline decides it, the store remembers it, and neither knows the other.
//! It holds no logic beyond building itself.

use std::collections::{HashMap, HashSet};

use goodword_shared::{
    Analysis, Author, Label, Mention, Time,
    alert::Alert,
    case::Factor,
    id::{AuthorId, CaseId, ChannelId, CustomerId, MatchId, MentionId, SourceId},
    matching::{Evidence, MatchState},
};

/// The source that a batch of mentions came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Which source.
    pub source: SourceId,
    /// Its connector's slug: the platform of its authors.
    pub connector: String,
    /// The owner's name for it.
    pub name: String,
    /// What the author deletes there is deleted here, earlier versions too.
    pub follow_deletion: bool,
}

/// A mention that is stored already.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownMention {
    /// Its id.
    pub id: MentionId,
    /// Who wrote it.
    pub author: Option<AuthorId>,
    /// As it was last seen.
    pub mention: Mention,
    /// What was made of it.
    pub analysis: Analysis,
    /// The owner corrected the analysis.
    pub corrected: bool,
    /// The second tier is still to be heard on it.
    pub unheard: bool,
    /// When it was first seen.
    pub collected_at: Time,
    /// Its content was taken out because the platform lets it be kept for a while only: what is read now is no change.
    pub withheld: bool,
}

/// An author who is stored already.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownAuthor {
    /// Their id.
    pub id: AuthorId,
    /// As they were last seen.
    pub author: Author,
    /// The customer they are, where a match holds.
    pub customer: Option<CustomerId>,
    /// Every pair ever proposed, refused ones too.
    pub matches: Vec<(CustomerId, MatchState)>,
    /// They were forgotten at their wish: who they are is not taken in again.
    pub forgotten: bool,
}

/// What the store knows of a batch: mentions by their key in the source, authors by their key on the platform.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By mention key.
    pub mentions: HashMap<String, KnownMention>,
    /// By author key.
    pub authors: HashMap<String, KnownAuthor>,
}

/// A case that is not closed.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCase {
    /// Which.
    pub id: CaseId,
    /// The mention that opened it.
    pub mention: MentionId,
    /// Whose.
    pub author: Option<AuthorId>,
    /// Whose, where matched.
    pub customer: Option<CustomerId>,
    /// The folded text's hash of the mention that opened it.
    pub text_hash: Option<String>,
    /// The author's shown name, folded.
    pub author_name: String,
    /// severity × value × reach.
    pub weight: f64,
    /// Why it is open.
    pub reasons: Vec<String>,
    /// Nobody has answered yet.
    pub unanswered: bool,
}

/// What the decisions about a batch depend on, beside the mentions themselves.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Open cases of the batch's authors, customers, texts and mentions.
    pub cases: Vec<OpenCase>,
    /// Mentions of the batch that have had a case, open or closed.
    pub had_case: HashSet<MentionId>,
    /// Mentions of the batch that have been alerted.
    pub alerted: HashSet<MentionId>,
    /// What the batch's customers are worth, in the owner's currency.
    pub worth: HashMap<CustomerId, Option<f64>>,
    /// The values of all customers at every tenth: nine bounds, rising; empty where no values are known.
    pub tenths: Vec<f64>,
}

/// An author to store. A known one keeps their id; what is absent does not erase what is known.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthorRow {
    /// Theirs, proposed where they are new.
    pub id: AuthorId,
    /// Their key on the platform.
    pub key: String,
    /// As shown.
    pub author: Author,
}

/// A version of a mention to store.
#[derive(Clone, Debug, PartialEq)]
pub struct MentionRow {
    /// Its id.
    pub id: MentionId,
    /// Its key in the source.
    pub key: String,
    /// Who wrote it.
    pub author: Option<AuthorId>,
    /// As seen.
    pub mention: Mention,
    /// What was made of it.
    pub analysis: Analysis,
    /// The owner's correction still holds.
    pub corrected: bool,
    /// The first tier was not sure and the second is still to be heard.
    pub unheard: bool,
    /// Hash of the folded text; none for short texts.
    pub text_hash: Option<String>,
    /// How many people may be reading it.
    pub reach: Option<u64>,
    /// By the open definition.
    pub unhappy: bool,
    /// Folded title, text and author.
    pub search: String,
    /// Published, else collected.
    pub at: Time,
    /// First seen.
    pub collected_at: Time,
}

/// A change to a stored mention.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedMention {
    /// As it is now.
    pub row: MentionRow,
    /// What changed, in words; empty where only reactions or details did: then no revision is kept.
    pub changed: Vec<String>,
    /// As it was.
    pub before: Mention,
    /// Earlier versions are to be forgotten, because the platform wants deletions followed.
    pub forget: bool,
}

/// A pair author → customer to store.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchRow {
    /// Its id, where the pair is new.
    pub id: MatchId,
    /// Who wrote.
    pub author: AuthorId,
    /// Who they may be.
    pub customer: CustomerId,
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Linked or doubtful.
    pub state: MatchState,
}

/// A case to open.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCase {
    /// Its id.
    pub id: CaseId,
    /// The mention that opens it.
    pub mention: MentionId,
    /// Whose.
    pub author: Option<AuthorId>,
    /// Whose, where matched.
    pub customer: Option<CustomerId>,
    /// Why.
    pub reasons: Vec<String>,
    /// severity × value × reach.
    pub weight: f64,
    /// These, in words.
    pub factors: Vec<Factor>,
    /// Since when they wait.
    pub waiting_since: Time,
    /// When the promise runs out.
    pub due_at: Time,
    /// The owner had answered in public before we saw it.
    pub answered_at: Option<Time>,
}

/// An entry in a case's story.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseEvent {
    /// Which case.
    pub case: CaseId,
    /// opened, mention, revision, alert, contact, note, state, closed.
    pub what: String,
    /// In words.
    pub text: String,
    /// The mention, where it is about one.
    pub mention: Option<MentionId>,
}

/// A case that a further mention makes heavier.
#[derive(Clone, Debug, PartialEq)]
pub struct Heavier {
    /// Which case.
    pub case: CaseId,
    /// Its new weight.
    pub weight: f64,
    /// The factors of that.
    pub factors: Vec<Factor>,
    /// Old and new reasons.
    pub reasons: Vec<String>,
}

/// An alert with the channels that it goes to; the page itself shows it by the alert's row.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRow {
    /// What is told.
    pub alert: Alert,
    /// "New negative review by Ada K."
    pub subject: String,
    /// By which channels, the page excepted.
    pub channels: Vec<ChannelId>,
}

/// Everything that was decided about one batch; stored in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// New and changed authors.
    pub authors: Vec<AuthorRow>,
    /// Mentions never seen before.
    pub new: Vec<MentionRow>,
    /// Mentions that changed.
    pub changed: Vec<ChangedMention>,
    /// How many were seen before and have not changed.
    pub unchanged: usize,
    /// Pairs proposed or linked.
    pub matches: Vec<MatchRow>,
    /// Cases to open.
    pub cases: Vec<NewCase>,
    /// Entries in the stories of cases, new ones included.
    pub events: Vec<CaseEvent>,
    /// Cases that weigh more now.
    pub heavier: Vec<Heavier>,
    /// Open cases that the owner has answered in public: when.
    pub answered: Vec<(CaseId, Time)>,
    /// Alerts.
    pub alerts: Vec<AlertRow>,
}

/// What one mention says about its author.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Which mention.
    pub id: MentionId,
    /// Published, else collected.
    pub at: Time,
    /// Its sentiment.
    pub label: Label,
    /// −1…1.
    pub score: f64,
    /// 0–1.
    pub confidence: f64,
    /// Share of the scale.
    pub rating_share: Option<f64>,
    /// By the open definition.
    pub unhappy: bool,
    /// People who may be reading it.
    pub reach: Option<u64>,
    /// Offers to refer somebody.
    pub offers: bool,
    /// Recommends us.
    pub recommends: bool,
    /// It has words to quote.
    pub has_words: bool,
}

/// What is known of one person: a customer with all their authors, or one author.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// What they said, in any order.
    pub words: Vec<Word>,
    /// They have a case that is not closed.
    pub open_case: bool,
    /// They are a customer in the owner's records.
    pub is_customer: bool,
    /// What they are worth, where known.
    pub value: Option<f64>,
    /// They refused contact, or the owner ruled it out.
    pub not_to_be_asked: bool,
    /// The last ask of any kind.
    pub last_asked: Option<Time>,
}

/// A place in the ranked list.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// 0–100.
    pub score: f64,
    /// In words, the weightiest first.
    pub reasons: Vec<String>,
    /// Their best words.
    pub quote: MentionId,
    /// How many kind mentions.
    pub kind_mentions: u32,
    /// When the last kind mention is too old.
    pub expires_at: Time,
}

/// A person with the names of their rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownPerson {
    /// The customer, where they are one.
    pub customer: Option<CustomerId>,
    /// Who wrote each of the words.
    pub authors: HashMap<MentionId, AuthorId>,
    /// What is known.
    pub person: Person,
}

/// A row of the promoters to store.
#[derive(Clone, Debug, PartialEq)]
pub struct PromoterRow {
    /// Who wrote the quote.
    pub author: AuthorId,
    /// Who they are, where matched.
    pub customer: Option<CustomerId>,
    /// Where they stand.
    pub standing: Standing,
}
