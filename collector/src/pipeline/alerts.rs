//! Whether a mention alerts, by which channels, and with which words. Rules are the owner's; the words are shared by every channel.

use goodword_shared::{
    Analysis, Mention, Time,
    alert::{Alert, RuleSettings},
    id::{CaseId, ChannelId, MentionId},
};

use crate::record::AlertRow;

/// Characters of the mention that an alert quotes.
const QUOTED: usize = 280;

/// Whether a rule fires for a mention.
pub fn fires(
    rule: &RuleSettings,
    mention: &Mention,
    analysis: &Analysis,
    unhappy: bool,
    connector: &str,
) -> bool {
    let label = analysis.sentiment.label;
    rule.enabled
        && if rule.labels.is_empty() { unhappy } else { rule.labels.contains(&label) }
        && rule.rating_at_most.is_none_or(|most| mention.rating.is_some_and(|r| r.share() <= most + 1e-9))
        && (rule.connectors.is_empty() || rule.connectors.iter().any(|c| c == connector))
        && (rule.themes.is_empty() || analysis.themes.iter().any(|t| rule.themes.contains(&t.theme)))
        && rule.severity_at_least.is_none_or(|least| analysis.severity >= least)
}

/// What an alert is about.
pub struct Occasion<'a> {
    /// Its id.
    pub mention_id: &'a MentionId,
    /// The mention.
    pub mention: &'a Mention,
    /// What was made of it.
    pub analysis: &'a Analysis,
    /// By the open definition.
    pub unhappy: bool,
    /// The case it opened.
    pub case: Option<&'a CaseId>,
    /// The connector's slug.
    pub connector: &'a str,
    /// The source's name.
    pub source: &'a str,
    /// Published, else collected.
    pub at: Time,
}

/// The alert, where a rule fires. `channels` are those that can be delivered to; the page shows every alert.
pub fn alert(occasion: &Occasion<'_>, rules: &[RuleSettings], channels: &[ChannelId]) -> Option<AlertRow> {
    let Occasion { mention, analysis, unhappy, .. } = *occasion;
    let mut fired =
        rules.iter().filter(|r| fires(r, mention, analysis, unhappy, occasion.connector)).peekable();
    fired.peek()?;
    let mut to: Vec<ChannelId> = Vec::new();
    for channel in fired.flat_map(|r| &r.channels) {
        if channels.contains(channel) && !to.contains(channel) {
            to.push(channel.clone());
        }
    }
    let name = mention.author.shown().unwrap_or("Somebody");
    Some(AlertRow {
        alert: Alert {
            mention_id: occasion.mention_id.clone(),
            case_id: occasion.case.cloned(),
            source_id: None,
            title: if unhappy { format!("{name} is unhappy") } else { format!("{name} wrote about you") },
            text: quoted(mention),
            source: occasion.source.to_owned(),
            at: occasion.at,
        },
        subject: if unhappy {
            format!("New negative {} by {name}", mention.kind.as_str())
        } else {
            format!("New {} by {name}", mention.kind.as_str())
        },
        channels: to,
    })
}

/// The mention's words in one piece, cut at a word; the stars where there are no words.
fn quoted(mention: &Mention) -> String {
    let words = match (&mention.title, mention.text.is_empty()) {
        (Some(title), false) if !mention.text.starts_with(title.as_str()) => {
            format!("{title} — {}", mention.text)
        }
        (Some(title), true) => title.clone(),
        _ => mention.text.clone(),
    };
    let stars = mention.rating.map(|r| format!("{} of {}", r.value, r.best));
    match (words.is_empty(), stars) {
        (true, stars) => stars.unwrap_or_default(),
        (false, Some(stars)) => format!("{stars} · {}", shorten(&words, QUOTED)),
        (false, None) => shorten(&words, QUOTED),
    }
}

/// At most so many characters, cut between words.
pub fn shorten(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..end];
    let cut = cut.rsplit_once(char::is_whitespace).map_or(cut, |(words, _)| words);
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_shared::{Author, Label, Rating};

    fn rule() -> RuleSettings {
        RuleSettings::unhappy("Unhappy", vec![ChannelId::new("mail"), ChannelId::new("gone")])
    }

    #[test]
    fn an_alert_goes_once_to_each_channel_that_exists() {
        let mention = Mention {
            author: Author { name: Some("Ada K.".into()), ..Author::default() },
            rating: Some(Rating::stars(1.0)),
            text: "Cold soup.".into(),
            ..Mention::default()
        };
        let analysis = Analysis::default();
        let id = MentionId::new("m");
        let at = "2026-05-01T12:00:00Z".parse().expect("a time");
        let occasion = Occasion {
            mention_id: &id,
            mention: &mention,
            analysis: &analysis,
            unhappy: true,
            case: None,
            connector: "feed",
            source: "News",
            at,
        };
        let row = alert(&occasion, &[rule(), rule()], &[ChannelId::new("mail")]).expect("it fires");
        assert_eq!(row.channels, [ChannelId::new("mail")]);
        assert_eq!(row.alert.text, "1 of 5 · Cold soup.");
        assert_eq!(row.subject, "New negative review by Ada K.");
        let happy = Occasion { unhappy: false, ..occasion };
        assert_eq!(alert(&happy, &[rule()], &[]), None);
    }

    #[test]
    fn every_condition_of_a_rule_must_hold() {
        let mention = Mention { rating: Some(Rating::stars(2.0)), ..Mention::default() };
        let analysis = Analysis::default();
        let with = |change: fn(&mut RuleSettings)| {
            let mut r = rule();
            change(&mut r);
            fires(&r, &mention, &analysis, true, "feed")
        };
        assert!(with(|r| r.rating_at_most = Some(0.4)));
        assert!(!with(|r| r.rating_at_most = Some(0.2)));
        assert!(!with(|r| r.connectors = vec!["app_store".into()]));
        assert!(!with(|r| r.themes = vec!["waiting".into()]));
        assert!(!with(|r| r.severity_at_least = Some(0.5)));
        assert!(!with(|r| r.labels = vec![Label::Negative]));
        assert!(with(|r| r.labels = vec![Label::Neutral]));
        assert!(!with(|r| r.enabled = false));
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("short", 9), "short");
    }
}
