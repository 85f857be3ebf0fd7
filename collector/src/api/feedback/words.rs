//! What the feedback page says, in each of its languages. Plain and short; the owner's own wording comes before it.

/// Everything the page says.
pub struct Words {
    /// BCP 47.
    pub language: &'static str,
    pub question: &'static str,
    pub stars: &'static str,
    /// Read aloud for each star, from one to five.
    pub each: [&'static str; 5],
    pub text: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub email_help: &'static str,
    /// `{}` is the business.
    pub contact: &'static str,
    pub empty: &'static str,
    pub send: &'static str,
    pub thanks: &'static str,
    pub thanks_text: &'static str,
    pub review: &'static str,
    pub privacy: &'static str,
    pub closed: &'static str,
    pub closed_text: &'static str,
    /// Neither stars nor words.
    pub nothing: &'static str,
    pub no_address: &'static str,
    pub wrong_address: &'static str,
    pub too_long: &'static str,
    /// The page lay open too long, or was sent at once.
    pub again: &'static str,
    pub too_many: &'static str,
    /// Stands for a business without a name.
    pub us: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    question: "How was it?",
    stars: "Your rating",
    each: ["1 of 5: bad", "2 of 5: poor", "3 of 5: fair", "4 of 5: good", "5 of 5: excellent"],
    text: "What should we know?",
    name: "Your name (optional)",
    email: "Your e-mail address (optional)",
    email_help: "So that we can find your visit or order. It is not shown to anybody else.",
    contact: "{} may write to me about this.",
    empty: "Leave this field empty",
    send: "Send",
    thanks: "Thank you",
    thanks_text: "We have received what you wrote, and we read every word.",
    review: "You may also say it in public",
    privacy: "Privacy",
    closed: "This page is closed",
    closed_text: "Answers are not taken here at the moment.",
    nothing: "Choose a rating or write a few words.",
    no_address: "If we may write to you, we need your e-mail address.",
    wrong_address: "This does not look like an e-mail address.",
    too_long: "That is longer than we can take: at most 5,000 characters.",
    again: "Please look over it once more and send it again.",
    too_many: "Many answers are coming in just now. Please send it again in a minute.",
    us: "The business",
};

const GERMAN: Words = Words {
    language: "de",
    question: "Wie war es?",
    stars: "Ihre Bewertung",
    each: [
        "1 von 5: schlecht",
        "2 von 5: mäßig",
        "3 von 5: mittel",
        "4 von 5: gut",
        "5 von 5: ausgezeichnet",
    ],
    text: "Was sollten wir wissen?",
    name: "Ihr Name (freiwillig)",
    email: "Ihre E-Mail-Adresse (freiwillig)",
    email_help: "Damit wir Ihren Besuch oder Ihre Bestellung finden. Sie wird niemandem sonst gezeigt.",
    contact: "{} darf mir dazu schreiben.",
    empty: "Dieses Feld leer lassen",
    send: "Absenden",
    thanks: "Vielen Dank",
    thanks_text: "Ihre Nachricht ist angekommen, und wir lesen jedes Wort.",
    review: "Sie können es auch öffentlich sagen",
    privacy: "Datenschutz",
    closed: "Diese Seite ist geschlossen",
    closed_text: "Zurzeit werden hier keine Antworten angenommen.",
    nothing: "Wählen Sie eine Bewertung oder schreiben Sie ein paar Worte.",
    no_address: "Wenn wir Ihnen schreiben dürfen, brauchen wir Ihre E-Mail-Adresse.",
    wrong_address: "Das sieht nicht nach einer E-Mail-Adresse aus.",
    too_long: "Das ist mehr, als wir annehmen können: höchstens 5.000 Zeichen.",
    again: "Bitte sehen Sie es noch einmal durch und senden Sie es erneut ab.",
    too_many: "Gerade kommen viele Antworten an. Bitte senden Sie es in einer Minute noch einmal.",
    us: "Der Betrieb",
};

const FRENCH: Words = Words {
    language: "fr",
    question: "Comment était-ce ?",
    stars: "Votre note",
    each: [
        "1 sur 5 : mauvais",
        "2 sur 5 : médiocre",
        "3 sur 5 : moyen",
        "4 sur 5 : bien",
        "5 sur 5 : excellent",
    ],
    text: "Que devrions-nous savoir ?",
    name: "Votre nom (facultatif)",
    email: "Votre adresse e-mail (facultatif)",
    email_help: "Pour que nous retrouvions votre visite ou votre commande. Elle n’est montrée à personne d’autre.",
    contact: "{} peut m’écrire à ce sujet.",
    empty: "Laissez ce champ vide",
    send: "Envoyer",
    thanks: "Merci",
    thanks_text: "Votre message est bien arrivé, et nous lisons chaque mot.",
    review: "Vous pouvez aussi le dire en public",
    privacy: "Confidentialité",
    closed: "Cette page est fermée",
    closed_text: "Les réponses ne sont pas acceptées ici pour le moment.",
    nothing: "Choisissez une note ou écrivez quelques mots.",
    no_address: "Pour que nous puissions vous écrire, il nous faut votre adresse e-mail.",
    wrong_address: "Cela ne ressemble pas à une adresse e-mail.",
    too_long: "C’est plus long que ce que nous pouvons recevoir : 5 000 caractères au plus.",
    again: "Relisez, s’il vous plaît, et envoyez encore une fois.",
    too_many: "Beaucoup de réponses arrivent en ce moment. Envoyez encore une fois dans une minute.",
    us: "L’entreprise",
};

const SPANISH: Words = Words {
    language: "es",
    question: "¿Cómo fue?",
    stars: "Su valoración",
    each: ["1 de 5: malo", "2 de 5: regular", "3 de 5: aceptable", "4 de 5: bueno", "5 de 5: excelente"],
    text: "¿Qué deberíamos saber?",
    name: "Su nombre (opcional)",
    email: "Su correo electrónico (opcional)",
    email_help: "Para que podamos encontrar su visita o su pedido. No se muestra a nadie más.",
    contact: "{} puede escribirme sobre esto.",
    empty: "Deje este campo vacío",
    send: "Enviar",
    thanks: "Muchas gracias",
    thanks_text: "Hemos recibido su mensaje y leemos cada palabra.",
    review: "También puede decirlo en público",
    privacy: "Privacidad",
    closed: "Esta página está cerrada",
    closed_text: "De momento no se aceptan respuestas aquí.",
    nothing: "Elija una valoración o escriba unas palabras.",
    no_address: "Para poder escribirle necesitamos su correo electrónico.",
    wrong_address: "Esto no parece un correo electrónico.",
    too_long: "Es más de lo que podemos recibir: 5.000 caracteres como máximo.",
    again: "Repáselo, por favor, y envíelo otra vez.",
    too_many: "Ahora mismo llegan muchas respuestas. Envíelo otra vez dentro de un minuto.",
    us: "La empresa",
};

/// The words in the language that the owner chose; else in the first one of the visitor's that there is.
pub fn words(chosen: Option<&str>, accepted: Option<&str>) -> &'static Words {
    let named = |tag: &str| match tag.trim().get(..2).unwrap_or_default().to_ascii_lowercase().as_str() {
        "en" => Some(&ENGLISH),
        "de" => Some(&GERMAN),
        "fr" => Some(&FRENCH),
        "es" => Some(&SPANISH),
        _ => None,
    };
    chosen
        .filter(|language| *language != "auto")
        .and_then(named)
        .or_else(|| accepted.unwrap_or_default().split(',').find_map(named))
        .unwrap_or(&ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_chooses_before_the_visitor_and_the_visitor_before_us() {
        let language = |chosen, accepted| words(chosen, accepted).language;
        assert_eq!(language(Some("fr"), Some("de")), "fr");
        assert_eq!(language(Some("auto"), Some("nl-NL, de-AT;q=0.8, en;q=0.5")), "de");
        assert_eq!(language(None, Some("ja")), "en");
        assert_eq!(language(None, Some("é")), "en");
    }
}
