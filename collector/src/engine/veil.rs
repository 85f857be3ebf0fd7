//! Keeps the owner's keys out of what is stored of a request: some platforms want them in the address or the body, where
//! captures and unfinished pages would carry them into the database in the clear.

use goodword_shared::source::{Field, FieldType, Values};

use crate::wire::Request;

/// Shorter values would be found by chance in any address.
const SHORTEST: usize = 6;

/// The secrets of one source, each with the name that stands for it.
#[derive(Default)]
pub struct Veil {
    secrets: Vec<(String, String)>,
}

impl Veil {
    /// The secret fields among a source's settings, in each spelling that a request may hold.
    pub fn new(fields: &[Field], values: &Values) -> Self {
        let mut veil = Self::default();
        for field in fields.iter().filter(|f| f.kind == FieldType::Secret) {
            if let Some(value) = values.get(&field.name) {
                veil.add(&field.name, value);
            }
        }
        veil
    }

    /// Hides one more: a token that no setting holds. Of several by the same name the first comes back.
    pub fn add(&mut self, name: &str, value: &str) {
        if value.len() < SHORTEST || self.secrets.iter().any(|(secret, _)| secret == value) {
            return;
        }
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let quoted = serde_json::Value::from(value).to_string();
        let json = quoted.trim_matches('"');
        self.secrets.push((value.to_owned(), format!("{{secret:{name}}}")));
        for (spelling, text) in [("encoded", encoded.as_str()), ("json", json)] {
            if text != value {
                self.secrets.push((text.to_owned(), format!("{{secret:{name}:{spelling}}}")));
            }
        }
    }

    /// Whether the body holds a secret: a sign-in, whose answer holds another one and is not to be kept.
    pub fn signs_in(&self, request: &Request) -> bool {
        request.body.as_ref().is_some_and(|body| self.secrets.iter().any(|(secret, _)| body.contains(secret)))
    }

    /// A text with names in place of the secrets.
    pub fn hide(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, (secret, name)| text.replace(secret, name))
    }

    fn show(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, (secret, name)| text.replace(name, secret))
    }

    /// A request as it may be stored.
    pub fn hide_request(&self, request: Request) -> Request {
        each(request, |text| self.hide(text))
    }

    /// A stored request as it is to be made.
    pub fn show_request(&self, request: Request) -> Request {
        each(request, |text| self.show(text))
    }
}

fn each(request: Request, change: impl Fn(&str) -> String) -> Request {
    Request {
        url: change(&request.url),
        body: request.body.as_deref().map(&change),
        note: request.note.as_deref().map(&change),
        ..request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        let field = |name: &str, kind| Field {
            name: name.into(),
            label: String::new(),
            help: String::new(),
            kind,
            required: true,
            default: None,
            example: None,
        };
        let values =
            Values::from([("token".into(), "123:s\"ecret/é".into()), ("chat".into(), "plumclub".into())]);
        Veil::new(&[field("token", FieldType::Secret), field("chat", FieldType::Text)], &values)
    }

    #[test]
    fn keys_are_named_in_every_spelling_and_come_back() {
        let asked = Request {
            body: Some(r#"{"password":"123:s\"ecret/é"}"#.into()),
            note: Some("123:s\"ecret/é".into()),
            ..Request::get(
                "https://api.example/bot123:s\"ecret/é/x?key=123%3As%22ecret%2F%C3%A9&chat=plumclub",
            )
        };
        let kept = veil().hide_request(asked.clone());
        let all = format!("{}{:?}{:?}", kept.url, kept.body, kept.note);
        assert!(!all.contains("ecret/") && !all.contains("ecret%2F"), "{all}");
        assert!(kept.url.contains("chat=plumclub"));
        assert_eq!(veil().show_request(kept), asked);
    }

    #[test]
    fn a_body_with_a_key_is_a_sign_in() {
        let sign_in = Request { body: Some("123:s\"ecret/é".into()), ..Request::default() };
        assert!(veil().signs_in(&sign_in));
        assert!(!veil().signs_in(&Request::get("https://api.example/")));
    }
}
