//! One message to the owner: the alert as decided, what is known of its mention now, and where to go from there.
//! Words are put together here once for all channels; each channel only lays them out. No IO, no clock.

use goodword_shared::{Label, Time, alert::Alert, mention::Rating};

use crate::store::AlertFacts;

/// Most characters of the customer's words in a mail or a payload.
const WORDS: usize = 4000;

/// What a channel is to tell.
#[derive(Clone, Debug)]
pub struct Message {
    /// The idempotency key: Message-ID and webhook-id.
    pub key: String,
    /// When it was decided to tell.
    pub decided_at: Time,
    /// The alert as decided.
    pub alert: Alert,
    /// What is known now; none for tests, and where the mention has been removed.
    pub facts: Option<AlertFacts>,
    /// Sent by the owner to try the channel.
    pub test: bool,
    /// The dashboard's address, without a closing slash.
    pub dashboard: String,
}

impl Message {
    /// It tells of a source, not of what somebody said.
    pub fn about_source(&self) -> bool {
        self.alert.source_id.is_some()
    }

    /// One line: "Ada K. is unhappy".
    pub fn title(&self) -> String {
        one_line(&self.alert.title)
    }

    /// The customer's own words, with the heading they gave them; empty where they wrote none or took them back.
    pub fn words(&self) -> String {
        let Some(facts) = &self.facts else {
            let ours = self.test || self.about_source();
            return if ours { visible(&self.alert.text) } else { String::new() };
        };
        let words = match facts.mention.title.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            Some(title) if facts.mention.text.trim().is_empty() => title.to_owned(),
            Some(title) => format!("{title}\n\n{}", facts.mention.text.trim()),
            None => facts.mention.text.trim().to_owned(),
        };
        shorten(&visible(&words), WORDS)
    }

    /// Where to read on: the case, else the mention, else the list of alerts.
    pub fn link(&self) -> String {
        match &self.alert.case_id {
            _ if self.test => format!("{}/alerts", self.dashboard),
            _ if self.about_source() => format!("{}/sources", self.dashboard),
            Some(case) => format!("{}/recovery/{case}", self.dashboard),
            None => format!("{}/mentions/{}", self.dashboard, self.alert.mention_id),
        }
    }

    /// Whether somebody waits for an answer: the mention is unhappy, or nothing is known of it any more.
    pub fn unhappy(&self) -> bool {
        !self.test && !self.about_source() && self.facts.as_ref().is_none_or(|facts| facts.unhappy)
    }

    /// The page where the mention stands in public.
    pub fn original(&self) -> Option<&str> {
        let url = self.facts.as_ref()?.mention.url.as_deref()?;
        (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
    }

    /// The rating, where there is one.
    pub fn rating(&self) -> Option<Rating> {
        self.facts.as_ref()?.mention.rating
    }

    /// "★★☆☆☆" and "2 of 5", where there is a rating.
    pub fn stars(&self) -> Option<(String, String)> {
        let rating = self.rating().filter(|r| r.best > 0.0)?;
        let full = (rating.share() * 5.0).round() as usize;
        let drawn = format!("{}{}", "★".repeat(full), "☆".repeat(5 - full.min(5)));
        Some((drawn, format!("{} of {}", rating.value, rating.best)))
    }

    /// "Harbour Café on Trusted Tables, 21 November 2026, 18:20 UTC".
    pub fn place(&self) -> String {
        format!("{}, {}", one_line(&self.alert.source), self.alert.at.format("%-d %B %Y, %H:%M UTC"))
    }

    /// Who they are to us: the customer's name, where the author is matched.
    pub fn customer(&self) -> Option<String> {
        let (_, name) = self.facts.as_ref()?.customer.as_ref()?;
        Some(one_line(name))
    }

    /// Why the owner hears of it; never empty for a mention that is there.
    pub fn reasons(&self) -> Vec<String> {
        let Some(facts) = &self.facts else { return Vec::new() };
        if !facts.reasons.is_empty() {
            return facts.reasons.iter().map(|r| one_line(r)).collect();
        }
        let mut reasons = Vec::new();
        if let Some((_, stars)) = self.stars() {
            reasons.push(format!("{stars} stars"));
        }
        match facts.analysis.sentiment.label {
            Label::Negative => reasons.push("their words are negative".into()),
            Label::Mixed => reasons.push("their words are mixed".into()),
            Label::Neutral | Label::Positive => {}
        }
        if reasons.is_empty() {
            reasons.push("one of your rules asks for it".into());
        }
        reasons
    }
}

/// Text without control and direction characters, which could make a mail or a log say what it does not; line breaks stay.
pub fn visible(text: &str) -> String {
    text.chars()
        .filter(|&c| {
            c == '\n' || !(c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        })
        .collect()
}

/// The same on one line.
pub fn one_line(text: &str) -> String {
    visible(&text.replace(['\r', '\n', '\t'], " ")).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters, with an ellipsis where something was left out.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}
