//! Our own feedback page: what a visitor wrote there, as it was kept. Serving the page, its token and its limits are the
//! business of whoever takes the answer; here one answer becomes one mention, whatever its stars.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Precision, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::answer,
    wire::{Request, Response},
};

/// The languages that the page speaks; the first is for visitors of any other.
pub const LANGUAGES: [(&str, &str); 4] =
    [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")];

/// One visitor's answer, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// The answer's own id: the same however often it is sent.
    pub id: String,
    /// When it was sent.
    pub at: Option<Time>,
    /// Stars, 1 to 5.
    pub stars: Option<u8>,
    /// Their words.
    pub text: String,
    /// Their name, where they gave it.
    pub name: Option<String>,
    /// Their address, where they gave it.
    pub email: Option<String>,
    /// They may be written to.
    pub contact: bool,
    /// What it is about: the business's name as it stood on the page.
    pub about: Option<String>,
}

/// The feedback page.
pub struct Form;

impl Connector for Form {
    fn describe(&self) -> Descriptor {
        let mut languages = vec![("auto", "The visitor's own")];
        languages.extend(LANGUAGES);
        Descriptor {
            slug: "form".into(),
            title: "Feedback page".into(),
            summary: "A page of your own, served by Goodword, where customers tell you what they think: stars and words.".into(),
            route: Route::Push,
            legal_basis: "Told to you by your customers themselves; the page says what it is for.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 60,
            robots: false,
            how_to: "Add it, and open the address that its row in the list of sources shows; the QR code there is for receipts and \
                     tables. Everybody gets the same page and the same thanks, whatever they say. For visitors to reach it, \
                     Goodword must be reachable: give it TLS or a proxy, and set service.dashboard_url."
                .into(),
            fields: vec![
                settings::field(
                    "business",
                    "Name on the page",
                    "Your business as customers know it; empty: as in the settings.",
                    FieldType::Text,
                ),
                settings::example(
                    settings::field("question", "The question", "Above the stars; empty: “How was it?”.", FieldType::Text),
                    "How was your evening with us?",
                ),
                settings::field("thanks", "The thanks", "What is said after sending; empty: a short word of thanks.", FieldType::Text),
                settings::choice("language", "Language", "Of everything else on the page.", &languages),
                settings::field(
                    "review_url",
                    "Public page to review you",
                    "Shown with the thanks to everybody alike, whatever their stars. Never Yelp's, which forbids asking.",
                    FieldType::Url,
                ),
                settings::field("privacy_url", "Privacy page", "Linked below the form.", FieldType::Url),
            ],
            recognises: vec!["feedback page".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let word = text.trim().to_lowercase();
        matches!(
            word.as_str(),
            "form" | "feedback" | "feedback page" | "feedback form" | "survey" | "qr" | "qr code"
        )
        .then(|| (0.9, Values::new(), "Feedback page".into()))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let asks_on_yelp = settings::value(values, "review_url")
            .and_then(settings::pasted)
            .is_some_and(|url| settings::host(&url).split('.').any(|part| part == "yelp"));
        if asks_on_yelp {
            return Err(answer::problem(
                goodword_shared::ProblemKind::Refused,
                "Yelp forbids asking for reviews; leave its page out.",
            ));
        }
        Ok(Request::get("push:form"))
    }

    fn read(
        &self,
        _request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Page)?;
        let text = answer::text(response)?;
        let answer: Answer = serde_json::from_str(&text).map_err(|error| {
            answer::malformed(format!("This is no answer of the feedback page: {error}."))
        })?;
        if answer.id.is_empty() || (answer.stars.is_none() && answer.text.trim().is_empty()) {
            return Err(answer::malformed("This answer has no id, or neither stars nor words."));
        }
        Ok(Reading { mentions: vec![mention(answer)], ..Reading::default() })
    }
}

fn mention(answer: Answer) -> Mention {
    Mention {
        kind: Kind::Survey,
        author: Author {
            // Two guests called Anna are two people: who gives no address is known by this answer alone.
            id: Some(match &answer.email {
                Some(email) => format!("mail:{}", email.to_lowercase()),
                None => answer.id.clone(),
            }),
            name: answer.name,
            email: answer.email,
            ..Author::default()
        },
        external_id: Some(answer.id),
        rating: answer.stars.filter(|n| (1..=5).contains(n)).map(|n| Rating::stars(n.into())),
        text: answer.text,
        published_at: answer.at,
        published_precision: answer.at.map(|_| Precision::Second),
        subject: answer.about.map(|name| Subject { name: Some(name), ..Subject::default() }),
        ..Mention::default()
    }
}
