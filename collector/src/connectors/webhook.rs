//! Webhook: another program calls us and hands over mentions, in the form in which `goodword read` prints them. Signatures,
//! repeats and limits are the business of whoever takes the call; here its body is read.

use goodword_shared::{
    Time,
    problem::SourceProblem,
    source::{Descriptor, Route, StorageRule, Values},
};

use super::{Connector, Cursor, Reading, Warning, mention_json};
use crate::{
    reading::answer,
    wire::{Request, Response},
};

/// A webhook.
pub struct Webhook;

impl Connector for Webhook {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "webhook".into(),
            title: "Webhook".into(),
            summary: "What another program pushes to Goodword as signed JSON: your shop, your survey tool, an automation.".into(),
            route: Route::Push,
            legal_basis: "Your own data, sent by your own software.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 60,
            robots: false,
            how_to: "Add it, then make its signing secret with the button of that name in the list of sources; the secret is shown \
                     once. Give the address and the secret to the program that sends. How a call is signed, with examples, is \
                     described in docs/inbound.md."
                .into(),
            fields: Vec::new(),
            recognises: vec!["webhook".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let word = text.trim().to_lowercase();
        matches!(word.as_str(), "webhook" | "web hook" | "zapier" | "n8n" | "make" | "push")
            .then(|| (0.9, Values::new(), "Webhook".into()))
    }

    fn start(&self, _values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        Ok(Request::get("push:webhook"))
    }

    fn read(
        &self,
        _request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let read = mention_json::read(&text).map_err(answer::malformed)?;
        let what = if read.lines { "line" } else { "item" };
        let mut reading = Reading::default();
        for (number, item) in read.items {
            match item {
                Ok(mention) => reading.mentions.push(mention),
                Err(warning) => reading.warnings.push(Warning { warning, at: format!("{what} {number}") }),
            }
        }
        Ok(reading)
    }
}
