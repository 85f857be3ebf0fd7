//! Languages of short texts, and what is said where none can be told.

use std::sync::LazyLock;

use goodword::analysis::{Analyser, Input};
use goodword_shared::{Kind, Label};

static ENGINE: LazyLock<Analyser> = LazyLock::new(Analyser::fast);

fn language(text: &str) -> Option<String> {
    ENGINE.analyse(&Input { kind: Kind::Post, text, ..Input::default() }).language
}

#[test]
fn a_few_words_tell_the_language() {
    let cases = [
        ("en", "Where is my parcel?"),
        ("en", "worst app update ever :("),
        ("de", "Wo bleibt denn mein Paket?"),
        ("de", "Zug schon wieder ausgefallen"),
        ("fr", "Toujours pas livré, c'est long"),
        ("fr", "J’adore cette boutique"),
        ("es", "Nunca más compro aquí"),
        ("es", "Todo perfecto, gracias"),
        ("it", "Non funziona più niente"),
        ("it", "Che bella serata ieri"),
        ("pt", "Ainda não recebi nada"),
        ("pt", "Adorei, obrigada pessoal!"),
        ("nl", "Waar blijft mijn bestelling?"),
        ("nl", "Lekker gegeten gisteren"),
        ("tr", "Kargom hâlâ gelmedi"),
        ("id", "Makanannya enak sekali"),
        ("ca", "Molt bona atenció i bon preu"),
        ("no", "Jeg venter fortsatt på pakken"),
        ("sv", "Jag väntar fortfarande på paketet"),
        ("pl", "Nadal czekam na paczkę"),
        ("ru", "Где моя посылка?"),
        ("uk", "Де моя посилка і чому її ще нема?"),
        ("el", "Πού είναι το δέμα μου;"),
        ("ar", "أين طردي من فضلكم"),
        ("ja", "荷物はどこですか"),
        ("zh", "我的包裹在哪里"),
        ("ko", "택배가 아직 안 왔어요"),
    ];
    let missed: Vec<_> = cases
        .iter()
        .filter(|(code, text)| language(text).as_deref() != Some(code))
        .map(|(code, text)| (code, text, language(text)))
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn names_links_and_signs_tell_no_language() {
    for text in ["", "@someone https://example.org/und/der/die", "12:30 !!! 5/5", "😀😀"] {
        assert_eq!(language(text), None, "{text}");
    }
}

#[test]
fn a_declared_language_is_believed() {
    let input = Input { text: "Where is my parcel?", language: Some("de-AT"), ..Input::default() };
    assert_eq!(ENGINE.analyse(&input).language.as_deref(), Some("de-AT"));
}

#[test]
fn posts_beyond_english_are_heard_by_the_second_tier() {
    let whole = Analyser::new();
    for text in [
        "Der Kundendienst meldet sich seit Wochen nicht, so geht man nicht mit Leuten um",
        "Ça fait trois semaines que j'attends mon colis et personne ne répond",
        "Llevo un mes esperando y nadie me devuelve la llamada",
    ] {
        let input = Input { kind: Kind::Post, text, ..Input::default() };
        let (first, asks) = whole.first(&input);
        let heard = whole.analyse(&input).sentiment;
        assert_eq!(heard.label, Label::Negative, "{text}: {heard:?}");
        assert!(
            asks && heard.score < first.sentiment.score,
            "{text}: {heard:?}, alone {:?}",
            first.sentiment
        );
    }
}
