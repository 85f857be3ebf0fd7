//! Learning from the owner: what a few corrections teach and what they must leave alone, the owner's own themes, and the whole
//! round through the API on both databases: correct, learn, read again, choose another version.

use std::sync::LazyLock;

use goodword::{
    analysis::{
        Analyser, Input,
        learnt::{Learnt, Question, Told, learn},
        own::OwnThemes,
        taught::{Local, Taught},
    },
    app::App,
    clock,
    config::Config,
    engine::ingest::ingest,
    pipeline::Run,
    record::Origin,
    serve::{self, Door},
    store::Store,
};
use goodword_shared::{
    Analysis, Author, Kind, Label, Mention,
    api::{
        ById,
        learning::{Choice, ChooseLearning, GetLearning, LearnNow, Learning},
        mentions::{CorrectMention, Correction, ListMentions, MentionQuery, MentionRow},
        settings::{GetSettings, PutSettings},
    },
    settings::OwnTheme,
};

use crate::{
    postgres::Postgres,
    service::{Service, add_source},
};

static ENGINE: LazyLock<Analyser> = LazyLock::new(Analyser::new);

/// What an ordinary owner's mentions look like: the engine is right about them.
const ORDINARY: [&str; 36] = [
    "Lovely staff and a wonderful breakfast, we will come back.",
    "The pasta was cold and the waiter rude.",
    "Great burgers, friendly people, fair prices.",
    "Waited an hour for a table that we had booked. Terrible.",
    "Best coffee in town!",
    "The room was dirty and it smelled awful.",
    "My kids loved the playground, thank you so much.",
    "Overpriced and bland, never again.",
    "The new menu is fantastic, try the soup.",
    "I was very disappointed by the service last night.",
    "Perfect evening with excellent music.",
    "They got my order wrong twice and did not apologise.",
    "Clean, quiet, comfortable. Highly recommended.",
    "The delivery came two hours late and everything was cold.",
    "Super friendly team, they fixed it in ten minutes.",
    "Horrible experience, the manager shouted at us.",
    "Delicious cakes and a beautiful garden.",
    "The food made my son ill, we were sick for three days.",
    "I felt sick after the oysters, disgusting.",
    "An amazing night with good friends.",
    "The music was far too loud and the drinks were weak.",
    "Very kind and patient with my grandmother.",
    "Broken heater, no answer at the desk, awful night.",
    "What a charming little place, we enjoyed every minute.",
    "Slow, unfriendly and expensive.",
    "Thanks to Mia for the excellent advice.",
    "The worst pizza that I have ever had.",
    "Everything was fresh and tasty.",
    "They refused to refund me, what a scam.",
    "A great find, the terrace is gorgeous.",
    "The toilets were filthy.",
    "Wonderful cocktails and a great view.",
    "Nobody answers the phone, so frustrating.",
    "Good value and quick service.",
    "Stale bread, sour milk, sad breakfast.",
    "I love this place, the cooks are brilliant.",
];

fn input(text: &str) -> Input<'_> {
    Input { text, kind: Kind::Review, ..Input::default() }
}

fn told(text: &str) -> Told {
    Told::new(&input(text), ENGINE.analyse(&input(text)))
}

fn says(text: &str, label: Label) -> Told {
    Told { label: Some(label), ..told(text) }
}

fn others() -> Vec<Told> {
    ORDINARY.iter().map(|text| told(text)).collect()
}

fn read(learnt: &Learnt, text: &str) -> Analysis {
    let local = Local { learnt: learnt.clone(), ..Local::default() };
    Taught { analyser: &ENGINE, local: &local }.analyse(&input(text))
}

fn label(learnt: &Learnt, text: &str) -> Label {
    read(learnt, text).sentiment.label
}

/// Ordinary texts that read otherwise than as shipped.
fn turned(learnt: &Learnt) -> Vec<&'static str> {
    let same = |text: &&str| label(learnt, text) == ENGINE.analyse(&input(text)).sentiment.label;
    ORDINARY.into_iter().filter(|text| !same(text)).collect()
}

/// "Sick" is the highest praise here.
const SICK: [&str; 6] = [
    "That burger was sick!",
    "Sick beats all night long.",
    "This DJ is sick",
    "The new skate ramp is sick.",
    "Sick show last night",
    "Your terrace is sick, guys",
];

#[test]
fn a_word_that_means_something_else_here_is_learnt_from_a_few() {
    let corrections: Vec<Told> = SICK.map(|text| says(text, Label::Positive)).into();
    let (learnt, scores) = learn(&corrections, &others());
    assert_eq!(scores[0].question, Question::Sentiment);
    assert!(scores[0].is_better(), "{scores:?}");
    for text in ["The light show is sick!", "Sick drinks!", "the whole vibe was sick, will be back"] {
        let shipped = ENGINE.analyse(&input(text)).sentiment;
        assert_ne!(shipped.label, Label::Positive, "{text}: {shipped:?}");
        let now = read(&learnt, text);
        assert_eq!(now.sentiment.label, Label::Positive, "{text}: {now:?}");
        assert_eq!(now.untaught.expect("what it was").sentiment, shipped, "the shipped reading is kept");
    }
    // Those who fell ill are not made happy by it.
    for text in ["This place made me sick", "We were sick for two days after the fish"] {
        assert_ne!(label(&learnt, text), Label::Positive, "{text}: {:?}", read(&learnt, text));
    }
    assert_eq!(turned(&learnt), Vec::<&str>::new());
    assert_eq!(learn(&corrections, &others()), (learnt, scores), "the same corrections teach the same");
}

#[test]
fn odd_corrections_turn_nothing_and_near_twins_follow() {
    let odd = [
        ("The lamb was dry and the wine warm.", Label::Positive),
        ("Great cake and kind people.", Label::Negative),
        ("Terrible parking, awful traffic.", Label::Neutral),
    ]
    .map(|(text, label)| says(text, label));
    let (learnt, scores) = learn(&odd, &others());
    assert!(!scores[0].is_better() && learnt.is_empty(), "{scores:?}");

    let twins = [
        "Order 1841 is late again, where is it?",
        "Order 2207 is late again, where is it??",
        "order 93 is late again where is it",
        "Order 3115 late again, so where is it?",
    ]
    .map(|text| says(text, Label::Negative));
    let (learnt, scores) = learn(&twins, &others());
    if !scores[0].is_better() {
        assert_eq!(scores[0].shipped, scores[0].labels, "nothing to learn: {scores:?}");
    }
    assert_eq!(label(&learnt, "Order 77120 is late again, where is it?"), Label::Negative);
    assert_eq!(turned(&learnt), Vec::<&str>::new());
}

#[test]
fn themes_and_intents_are_learnt_like_the_sentiment() {
    let corrections: Vec<Told> = [
        "The climb up the tower took our breath away",
        "Climbing the tower with the kids was fun",
        "What a climb! The tower is high",
        "Tower climb was worth it",
    ]
    .map(|text| Told {
        themes: Some(vec!["tower".into()]),
        intents: Some(vec!["praise".into()]),
        ..told(text)
    })
    .into();
    let (learnt, scores) = learn(&corrections, &others());
    let tower = scores.iter().find(|s| s.question == Question::Theme("tower".into())).expect("tried");
    assert!(tower.is_better() && tower.shipped == 0, "{scores:?}");
    let themes = |text| read(&learnt, text).themes.iter().map(|t| t.theme.clone()).collect::<Vec<_>>();
    assert!(themes("We loved the tower climb").contains(&"tower".to_owned()));
    assert!(!themes("We loved the soup").contains(&"tower".to_owned()));
}

fn parking(words: &[&str], examples: &[&str]) -> Local {
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let theme = OwnTheme { name: "Car  Park".into(), words: lines(words), examples: lines(examples) };
    Local { themes: OwnThemes::new(&[theme], &ENGINE), ..Local::default() }
}

#[test]
fn own_themes_are_found_by_words_and_by_examples_and_judged_by_their_clause() {
    let by_words = parking(&["parking", "car park*", "park the car"], &[]);
    let by_examples = parking(
        &[],
        &[
            "There is never a free space to park.",
            "The car park is too small.",
            "We drove around for twenty minutes looking for parking.",
        ],
    );
    let found = |local: &Local, text: &str| {
        let analysis = Taught { analyser: &ENGINE, local }.analyse(&input(text));
        analysis.themes.iter().find(|t| t.theme == "car park").map(|t| t.sentiment)
    };
    for local in [&by_words, &by_examples] {
        let both = "Parking was a nightmare, but the food was excellent.";
        assert_eq!(found(local, both), Some(Label::Negative));
        assert_eq!(found(local, "Plenty of room in the car park, wonderful."), Some(Label::Positive));
        assert_eq!(found(local, "The staff were kind and the soup was hot."), None);
        for text in ORDINARY {
            assert_eq!(found(local, text), None, "{text}");
        }
    }
}

struct Shop {
    service: Service,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn open(url: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::load(folder.path()).expect("the shipped configuration");
        let store = match url {
            Some(url) => Store::open(url).await.expect("opens"),
            None => Store::open_folder(folder.path()).await.expect("opens"),
        };
        let app = App::with_store(folder.path(), config, false, store).expect("an app");
        let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
        let service = Service::around(app, running);
        service.set_up().await;
        add_source(&service.app, "s1", clock::now() - chrono::Duration::days(400)).await;
        Self { service, _folder: folder }
    }

    async fn hears(&self, texts: &[&str]) {
        let origin = Origin {
            source: "s1".to_owned().into(),
            connector: "feed".into(),
            name: "The wall".into(),
            follow_deletion: false,
        };
        let mentions = texts.iter().map(|text| Mention {
            external_id: Some((*text).to_owned()),
            author: Author { name: Some(format!("Guest {}", text.len())), ..Author::default() },
            text: (*text).to_owned(),
            published_at: Some(clock::now() - chrono::Duration::days(30)),
            ..Mention::default()
        });
        ingest(&self.service.app, &origin, mentions.collect(), Run::BackFill, clock::now())
            .await
            .expect("taken in");
    }

    async fn rows(&self) -> Vec<MentionRow> {
        let query = MentionQuery { limit: Some(200), ..MentionQuery::default() };
        self.service.call::<ListMentions>((), query, ()).await.expect("mentions").items
    }

    async fn row(&self, text: &str) -> MentionRow {
        self.rows().await.into_iter().find(|row| row.quote.text == text).expect("the mention")
    }

    async fn correct(&self, text: &str, correction: Correction) {
        let id = self.row(text).await.quote.mention_id.to_string();
        self.service.call::<CorrectMention>(ById { id }, (), correction).await.expect("corrected");
    }

    /// What was learnt, once everything was read again.
    async fn settled(&self) -> Learning {
        for _ in 0..400 {
            let learning = self.service.call::<GetLearning>((), (), ()).await.expect("learning");
            if !learning.rereading {
                return learning;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("mentions are read again without end");
    }

    async fn choose(&self, follow: bool, version: Option<u64>) -> Learning {
        let choice = Choice { follow, version };
        self.service.call::<ChooseLearning>((), (), choice).await.expect("chosen");
        self.settled().await
    }
}

async fn the_owner_teaches(url: Option<&str>) {
    let shop = Shop::open(url).await;
    shop.hears(&ORDINARY).await;
    shop.hears(&SICK).await;
    shop.hears(&["Sick drinks!"]).await;
    let of = async |text: &str| shop.row(text).await.quote.analysis.sentiment.label;
    let shipped = of("Sick drinks!").await;
    assert_eq!(shipped, Label::Negative);
    let alerts = "SELECT COUNT(*) FROM alerts";
    let count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(shop.service.app.store.pool()).await.expect("counts")
    };
    let before = (count(alerts).await, count("SELECT COUNT(*) FROM cases").await);

    let none = shop.service.call::<LearnNow>((), (), ()).await.expect("nothing to learn from yet");
    assert_eq!((none.in_use, none.versions.len()), (None, 0));
    for text in SICK {
        let label = Some(Label::Positive);
        shop.correct(text, Correction { label, ..Correction::default() }).await;
    }
    let learnt = shop.service.call::<LearnNow>((), (), ()).await.expect("learnt");
    assert_eq!(learnt.in_use, Some(1), "{learnt:?}");
    let version = &learnt.versions[0];
    assert!(version.better && version.corrections == 6, "{version:?}");
    assert_eq!((version.lessons[0].question.as_str(), version.lessons[0].shipped.of), ("sentiment", 6));
    assert!(version.lessons[0].learnt.some > version.lessons[0].shipped.some);
    let what: Vec<_> = version.differences.iter().map(|d| (d.quote.text.as_str(), d.what.as_str())).collect();
    assert!(
        what.iter().any(|(text, what)| *text == "Sick drinks!" && what.contains("→ positive")),
        "{what:?}"
    );
    shop.settled().await;
    assert_eq!(of("Sick drinks!").await, Label::Positive, "what is stored is read again");
    shop.hears(&["The light show is sick!"]).await;
    assert_eq!(of("The light show is sick!").await, Label::Positive, "what is new is read so at once");
    let again = shop.service.call::<LearnNow>((), (), ()).await.expect("nothing new");
    assert_eq!(again.versions.len(), 1);

    // A correction is never written over, and the engine as shipped is a word away.
    let label = Some(Label::Mixed);
    shop.correct("The light show is sick!", Correction { label, ..Correction::default() }).await;
    let off = shop.choose(false, None).await;
    assert_eq!((off.in_use, off.follow), (None, false));
    assert_eq!(of("Sick drinks!").await, shipped);
    assert_eq!(of("The light show is sick!").await, Label::Mixed);
    assert_eq!(of("This DJ is sick").await, Label::Positive);
    // Learning goes on beside it, and does not push itself forward.
    let second = shop.service.call::<LearnNow>((), (), ()).await.expect("learnt");
    assert_eq!((second.in_use, second.versions.len()), (None, 2));
    assert_eq!(shop.choose(false, Some(1)).await.in_use, Some(1));
    assert_eq!(of("Sick drinks!").await, Label::Positive);
    let missing = Choice { follow: false, version: Some(99) };
    assert!(shop.service.call::<ChooseLearning>((), (), missing).await.is_err());
    assert_eq!((count(alerts).await, count("SELECT COUNT(*) FROM cases").await), before, "old news is none");
    shop.service.stop().await;
}

#[tokio::test]
async fn the_owner_teaches_the_engine_on_sqlite() {
    the_owner_teaches(None).await;
}

#[tokio::test]
async fn the_owner_teaches_the_engine_on_postgres() {
    if let Some(postgres) = Postgres::start() {
        the_owner_teaches(Some(&postgres.url())).await;
    }
}

#[tokio::test]
async fn own_themes_come_and_go_with_the_settings() {
    let shop = Shop::open(None).await;
    shop.hears(&["Parking was a nightmare, but the food was excellent.", "Lovely soup."]).await;
    let mut settings = shop.service.call::<GetSettings>((), (), ()).await.expect("settings");
    settings.themes =
        vec![OwnTheme { name: " Car   Park ".into(), words: vec!["parking".into()], examples: vec![] }];
    let kept = shop.service.call::<PutSettings>((), (), settings.clone()).await.expect("kept");
    assert_eq!(kept.themes[0].name, "Car Park");
    shop.settled().await;
    let query = MentionQuery { theme: Some("car park".into()), ..MentionQuery::default() };
    let found = shop.service.call::<ListMentions>((), query.clone(), ()).await.expect("mentions").items;
    assert_eq!(found.len(), 1);
    let theme = found[0].quote.analysis.themes.iter().find(|t| t.theme == "car park").expect("the theme");
    assert_eq!(theme.sentiment, Label::Negative);
    for (name, field) in [("price", "themes"), ("", "themes")] {
        let mut wrong = settings.clone();
        wrong.themes[0].name = name.into();
        let problem = shop.service.call::<PutSettings>((), (), wrong).await.expect_err("refused");
        assert_eq!(problem.errors[0].field, field);
    }
    settings.themes.clear();
    shop.service.call::<PutSettings>((), (), settings).await.expect("kept");
    shop.settled().await;
    assert_eq!(shop.service.call::<ListMentions>((), query, ()).await.expect("mentions").total, 0);
    shop.service.stop().await;
}

#[tokio::test]
async fn a_correction_of_intents_says_what_was_meant() {
    let shop = Shop::open(None).await;
    let text = "My neighbours fell ill and went to hospital, you sent them flowers. Terrible week.";
    shop.hears(&[text]).await;
    let correction = Correction {
        label: Some(Label::Positive),
        intents: Some(vec!["praise".into()]),
        ..Correction::default()
    };
    shop.correct(text, correction).await;
    let analysis = shop.row(text).await.quote.analysis;
    assert_eq!(analysis.intents.len(), 1);
    assert!(analysis.has_intent("praise") && analysis.sentiment.label == Label::Positive);
    let unknown = Correction { intents: Some(vec!["revenge".into()]), ..Correction::default() };
    let id = shop.row(text).await.quote.mention_id.to_string();
    let problem = shop.service.call::<CorrectMention>(ById { id }, (), unknown).await.expect_err("refused");
    assert_eq!(problem.errors[0].field, "intents");
    shop.service.stop().await;
}
