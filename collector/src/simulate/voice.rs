//! How people put it: from a feeling, a language and a platform to a title and a text.

use rand::Rng;

use super::{
    history::Writer,
    post::{Feel, Platform},
    words::continued,
};

/// What an app's reviewers write about, and how often.
pub(super) const APP: [(&str, u32); 6] =
    [("app", 52), ("hire", 20), ("billing", 9), ("waiting", 6), ("quality", 7), ("staff", 6)];
/// The same for everybody else.
pub(super) const SHOP: [(&str, u32); 13] = [
    ("quality", 24),
    ("waiting", 12),
    ("staff", 14),
    ("food", 13),
    ("price", 8),
    ("hire", 7),
    ("classes", 6),
    ("place", 4),
    ("delivery", 3),
    ("stock", 3),
    ("billing", 3),
    ("cleanliness", 2),
    ("app", 3),
];

/// What somebody wrote.
pub(super) struct Written {
    pub title: Option<String>,
    pub text: String,
    pub themes: Vec<String>,
}

impl Writer<'_> {
    /// A title and a text on what is felt.
    pub(super) fn write(&mut self, platform: Platform, lang: &'static str, feel: Feel) -> Written {
        match platform {
            Platform::HackerNews => {
                let feel = if feel == Feel::Mixed { Feel::Bad } else { feel };
                let text = self.words.say(self.rng, "en", "hacker", feel);
                let title = Some(self.words.say(self.rng, "en", "story", Feel::Fine));
                Written { title, text, themes: vec!["app".into()] }
            }
            Platform::Feed => self.article(feel),
            Platform::Mastodon | Platform::Bluesky => self.toot(platform, lang, feel),
            Platform::AppStore | Platform::Page => self.review(platform, lang, feel),
        }
    }

    fn theme(
        &mut self,
        platform: Platform,
        lang: &'static str,
        feel: Feel,
        but: Option<&str>,
    ) -> Option<&'static str> {
        let list: &[(&'static str, u32)] = if platform == Platform::AppStore { &APP } else { &SHOP };
        let fit: Vec<_> = list
            .iter()
            .filter(|(theme, _)| Some(*theme) != but && self.words.has(lang, theme, feel))
            .collect();
        let total: u32 = fit.iter().map(|(_, w)| w).sum();
        if total == 0 {
            return None;
        }
        let mut left = self.rng.random_range(0..total);
        fit.iter().find(|(_, w)| left.checked_sub(*w).map(|l| left = l).is_none()).map(|(theme, _)| *theme)
    }

    fn review(&mut self, platform: Platform, lang: &'static str, feel: Feel) -> Written {
        let mut themes = Vec::new();
        let mut text = String::new();
        // Stars alone, without a word.
        if platform == Platform::Page && feel != Feel::Bad && self.rng.random_bool(0.06) {
            return Written { title: None, text, themes: Vec::new() };
        }
        let (one, two) = match feel {
            Feel::Mixed => (Feel::Good, Feel::Bad),
            other => (other, other),
        };
        let first = self.line(platform, lang, one, &mut themes);
        if self.rng.random_bool(0.28) && one == two {
            self.opening(lang, one, &first, &mut text);
        } else {
            text.push_str(&first);
        }
        let more = if feel == Feel::Mixed { 1.0 } else { 0.42 };
        if self.rng.random_bool(more) {
            let second = self.line(platform, lang, two, &mut themes);
            let joined = (feel == Feel::Mixed && lang == "en").then(|| continued(&second)).flatten();
            match joined {
                Some(second) if text.ends_with('.') => {
                    text.pop();
                    text.push_str(", but ");
                    text.push_str(&second);
                }
                _ => {
                    if feel == Feel::Mixed {
                        add(&mut text, self.turn(lang));
                    }
                    add(&mut text, &second);
                }
            }
        }
        if feel != Feel::Mixed && self.rng.random_bool(0.3) {
            let close = self.words.say(self.rng, lang, "close", feel);
            add(&mut text, &close);
        }
        let title = (platform == Platform::AppStore || self.rng.random_bool(0.3)).then(|| {
            let feel = if feel == Feel::Mixed { Feel::Fine } else { feel };
            let about = themes.first().and_then(|t| titles_of(t)).filter(|t| self.words.has(lang, t, feel));
            let list = about.filter(|_| self.rng.random_bool(0.6)).unwrap_or("title");
            self.words.say(self.rng, lang, list, feel)
        });
        Written { title, text: self.typed(text), themes }
    }

    /// Words between what was good and what was not.
    fn turn(&mut self, lang: &str) -> &'static str {
        let turns: &[&'static str] = match lang {
            "de" => &["Aber:", "Andererseits:"],
            "es" => &["Pero:", "Eso sí:"],
            "fr" => &["Mais :", "En revanche :"],
            _ => &["But then:", "On the other hand:", "Then again:", "However:"],
        };
        turns[self.rng.random_range(0..turns.len())]
    }

    fn line(
        &mut self,
        platform: Platform,
        lang: &'static str,
        feel: Feel,
        themes: &mut Vec<String>,
    ) -> String {
        let but = themes.first().cloned();
        // A language that has nothing on it says it in English.
        let (theme, lang) = match self.theme(platform, lang, feel, but.as_deref()) {
            Some(theme) => (theme, lang),
            None => (self.theme(platform, "en", feel, but.as_deref()).unwrap_or("quality"), "en"),
        };
        themes.push(theme.to_owned());
        self.words.say(self.rng, lang, theme, feel)
    }

    fn opening(&mut self, lang: &'static str, feel: Feel, first: &str, text: &mut String) {
        let open = self.words.say(self.rng, lang, "open", feel);
        let whole = open.ends_with(['.', '!', '?', ':']);
        match (whole, continued(first)) {
            (true, _) => text.push_str(&open),
            (false, Some(first)) => {
                text.push_str(&open);
                add(text, &first);
                return;
            }
            (false, None) => {}
        }
        add(text, first);
    }

    fn toot(&mut self, platform: Platform, lang: &'static str, feel: Feel) -> Written {
        let mut themes = Vec::new();
        let tone = if feel == Feel::Mixed { Feel::Fine } else { feel };
        let mut line =
            self.line(platform, lang, if feel == Feel::Mixed { Feel::Good } else { feel }, &mut themes);
        if feel == Feel::Mixed {
            let second = self.line(platform, lang, Feel::Bad, &mut themes);
            add(&mut line, &second);
        }
        let text = if platform == Platform::Mastodon {
            let tag = self.words.say(self.rng, "en", "tag", tone);
            format!("{} {tag}", self.typed(line))
        } else {
            let frame = self.words.say(self.rng, lang, "social", tone);
            if frame.contains("{line}") { frame.replace("{line}", &line) } else { frame }
        };
        Written { title: None, text, themes }
    }

    fn article(&mut self, feel: Feel) -> Written {
        let tone = if feel == Feel::Mixed { Feel::Fine } else { feel };
        let mut themes = Vec::new();
        let title = self.words.say(self.rng, "en", "article", tone);
        let mut text = self.words.say(self.rng, "en", "club", Feel::Fine);
        for _ in 0..3 {
            let line = self.line(Platform::Feed, "en", tone, &mut themes);
            add(&mut text, &line);
        }
        Written { title: title.strip_prefix("Title: ").map(str::to_owned), text, themes }
    }

    /// As thumbs type: some without capitals, some with too many marks.
    fn typed(&mut self, text: String) -> String {
        match self.rng.random_range(0..100) {
            0..8 => text.to_lowercase().trim_end_matches('.').to_owned(),
            8..11 => format!("{}!!", text.trim_end_matches(['.', '!'])),
            11..13 => text.replace("I'm", "Im").replace("didn't", "didnt").replace("can't", "cant"),
            _ => text,
        }
    }
}

/// The list of titles that fit a theme, where there is one.
fn titles_of(theme: &str) -> Option<&'static str> {
    ["title-app", "title-hire", "title-billing", "title-waiting", "title-quality", "title-staff"]
        .into_iter()
        .find(|list| list.strip_prefix("title-") == Some(theme))
}

fn add(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}
