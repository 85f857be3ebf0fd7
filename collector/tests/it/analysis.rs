//! What a text means: the verdicts an owner would expect, and that no text whatever breaks the engine.

use std::sync::LazyLock;

use goodword::analysis::{Analyser, Input, fold::fold, tokens::Tokens};
use goodword_shared::{Analysis, Kind, Label, Rating};
use proptest::prelude::*;

static ENGINE: LazyLock<Analyser> = LazyLock::new(Analyser::new);

fn review(text: &str) -> Analysis {
    ENGINE.analyse(&Input { text, ..Input::default() })
}

fn starred(text: &str, stars: f64) -> Analysis {
    ENGINE.analyse(&Input { text, rating: Some(Rating::stars(stars)), ..Input::default() })
}

fn theme(analysis: &Analysis, name: &str) -> Option<Label> {
    analysis.themes.iter().find(|t| t.theme == name).map(|t| t.sentiment)
}

#[test]
fn many_texts_at_once_are_judged_as_each_alone() {
    let texts: Vec<String> = (0..200)
        .map(|n| match n % 5 {
            0 => format!("It was fine I guess, table {n}, though the soup came late."),
            1 => "Der Service war nicht so toll wie sonst.".into(),
            2 => String::new(),
            3 => format!("not sure what to think about this one {n} :/"),
            _ => "Lovely. ".repeat(n),
        })
        .collect();
    let kinds = [Kind::Review, Kind::Post, Kind::Mail];
    let inputs: Vec<Input<'_>> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| Input { kind: kinds[n % 3], text, ..Input::default() })
        .collect();
    let alone: Vec<Analysis> = inputs.iter().map(|input| ENGINE.analyse(input)).collect();
    assert_eq!(ENGINE.analyse_all(&inputs, 1), alone);
    assert_eq!(ENGINE.analyse_all(&inputs, 3), alone);
    let fast = Analyser::fast();
    let asked = inputs.iter().filter(|input| ENGINE.first(input).1).count();
    assert!(asked > 0 && asked < inputs.len(), "{asked} of {} are asked about", inputs.len());
    for input in &inputs {
        let (first, asks) = ENGINE.first(input);
        assert_eq!(first, fast.analyse(input));
        assert!(asks || ENGINE.analyse(input) == first);
    }
}

#[test]
fn praise_and_blame_in_seven_languages() {
    let cases = [
        ("en", "The soup was delicious and the waiter very kind.", "Rude staff, cold soup, never again."),
        (
            "de",
            "Sehr freundliche Bedienung und das Essen war ausgezeichnet.",
            "Unfreundliches Personal, kaltes Essen, nie wieder.",
        ),
        (
            "fr",
            "Le repas était délicieux et le personnel très sympathique.",
            "Personnel désagréable, plats froids, très déçu.",
        ),
        (
            "es",
            "La comida estaba deliciosa y el personal muy amable.",
            "El personal maleducado y la comida fría, no vuelvo.",
        ),
        (
            "it",
            "Il cibo era squisito e il personale molto gentile.",
            "Personale maleducato, cibo freddo, mai più.",
        ),
        (
            "pt",
            "A comida estava deliciosa e os funcionários muito simpáticos.",
            "Funcionários mal educados, comida fria, não volto.",
        ),
        (
            "nl",
            "Het eten was heerlijk en het personeel erg vriendelijk.",
            "Onvriendelijk personeel, koud eten, nooit meer.",
        ),
    ];
    for (code, happy, unhappy) in cases {
        let (good, bad) = (review(happy), review(unhappy));
        assert_eq!(good.language.as_deref(), Some(code), "{happy}");
        assert_eq!(good.sentiment.label, Label::Positive, "{happy}: {:?}", good.sentiment);
        assert_eq!(bad.sentiment.label, Label::Negative, "{unhappy}: {:?}", bad.sentiment);
        assert_eq!(theme(&good, "staff").or(theme(&good, "service")), Some(Label::Positive), "{happy}");
    }
}

#[test]
fn short_praise_beyond_english_is_known_by_the_lists() {
    for text in [
        "Großes Lob.",
        "Klare Empfehlung.",
        "Un grand merci, parfait.",
        "Muy recomendable.",
        "Absolute aanrader!",
    ] {
        assert!(review(text).sentiment.score > 0.0, "{text}: {:?}", review(text).sentiment);
    }
}

#[test]
fn negation_turns_and_stars_count() {
    assert!(review("The coffee was good.").sentiment.score > 0.0);
    assert!(review("The coffee was not good.").sentiment.score < 0.0);
    assert!(review("I have never had a problem with them.").sentiment.score > 0.0);
    assert!(starred("We came on Tuesday.", 1.0).sentiment.label == Label::Negative);
    assert!(starred("", 5.0).sentiment.label == Label::Positive);
    assert!(starred("", 1.0).sentiment.confidence > 0.8);
}

#[test]
fn furious_words_under_five_stars_go_to_the_owners_eye() {
    let odd =
        starred("Horrible, disgusting place. Terrible service, awful food, worst night ever.", 5.0).sentiment;
    assert_eq!(odd.label, Label::Mixed);
    assert!(odd.uncertain);
}

#[test]
fn a_theme_has_the_sentiment_of_its_own_clause() {
    let both = review("The pizza was excellent, but the delivery was terribly slow.");
    assert_eq!(theme(&both, "quality"), Some(Label::Positive), "{:?}", both.themes);
    assert_eq!(theme(&both, "delivery"), Some(Label::Negative), "{:?}", both.themes);
}

#[test]
fn intents_and_severity() {
    let refund =
        review("Broken on arrival. I want my money back and a call from your manager, please call me.");
    for name in ["refund", "wants_contact", "complaint"] {
        assert!(refund.has_intent(name), "{name}: {:?}", refund.intents);
    }
    let ill = review(
        "My daughter got food poisoning here and we spent the night in hospital. My lawyer will write to you.",
    );
    assert!(ill.has_intent("safety") && ill.has_intent("legal"), "{:?}", ill.intents);
    assert!(ill.severity > 0.6, "{}", ill.severity);
    let happy = review("Wonderful evening, highly recommended! We will tell all our friends.");
    assert!(happy.has_intent("recommendation") && happy.has_intent("referral_offer"), "{:?}", happy.intents);
    assert!(happy.severity < 0.05 && !happy.has_intent("complaint"));
    assert!(!review("I would not recommend this hotel to anyone.").has_intent("recommendation"));
}

#[test]
fn an_empty_text_is_neutral_and_uncertain() {
    for text in ["", "   ", "\n", "…"] {
        let sentiment = review(text).sentiment;
        assert_eq!(sentiment.label, Label::Neutral);
        assert!(sentiment.uncertain);
    }
}

#[test]
fn spans_point_into_the_text_and_not_the_heading() {
    let text = "Größe passt, aber schlechte Qualität 😡";
    let found = ENGINE.analyse(&Input { text, title: Some("Schrecklich!"), ..Input::default() });
    let words: Vec<String> = found
        .spans
        .iter()
        .filter(|s| s.weight < 0.0)
        .map(|s| text.chars().skip(s.start).take(s.end - s.start).collect())
        .collect();
    assert_eq!(words, ["schlechte", "😡"]);
}

fn any_input() -> impl Strategy<Value = (String, Option<String>, usize, Option<(f64, f64)>)> {
    let pieces = prop_oneof![
        any::<String>(),
        "[a-zA-Z'’ .,!?:;()<>/@#0-9-]{0,80}",
        "(not |very |never |good |bad |but |refund |:\\) |😡|ß|İ|ﬃ|é|的|ไทย){0,20}",
    ];
    (
        pieces.clone(),
        prop::option::of(pieces),
        0..Kind::ALL.len(),
        prop::option::of((any::<f64>(), any::<f64>())),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_engine((text, title, kind, stars) in any_input()) {
        let rating = stars.map(|(value, best)| Rating { value, best, worst: None });
        let got = ENGINE.analyse(&Input { kind: Kind::ALL[kind], title: title.as_deref(), text: &text, rating, language: None });
        let length = text.chars().count();
        prop_assert!((-1.0..=1.0).contains(&got.sentiment.score));
        prop_assert!((0.0..=1.0).contains(&got.sentiment.confidence));
        prop_assert!((0.0..=1.0).contains(&got.severity));
        for span in &got.spans {
            prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
            prop_assert!((-1.0..=1.0).contains(&span.weight));
        }
        prop_assert!(got.themes.iter().all(|t| t.confidence >= 0.5));
        prop_assert!(got.intents.iter().all(|i| i.confidence >= 0.5));
    }

    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn tokens_lie_in_the_text_in_order(text in any::<String>()) {
        let tokens = Tokens::read(&text);
        let length = text.chars().count() as u32;
        let mut last = 0;
        for token in tokens.list() {
            prop_assert!(token.start >= last && token.end > token.start && token.end <= length);
            last = token.end;
        }
    }
}
