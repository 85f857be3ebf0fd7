//! The owner's settings and password.

use goodword_shared::{
    Problem,
    alert::Event,
    api::settings::NewPassword,
    settings::{OwnTheme, Settings},
};

use super::{Caller, session};
use crate::{analysis::lists::THEMES, app::App, engine};

/// Most themes of the owner's own.
const OWN_THEMES: usize = 40;

/// The settings.
pub async fn get(app: App, _caller: Caller, (): (), (): (), (): ()) -> Result<Settings, Problem> {
    Ok(app.store.settings().await?)
}

/// Replaces them.
pub async fn put(app: App, caller: Caller, (): (), (): (), body: Settings) -> Result<Settings, Problem> {
    let settings = checked(body)?;
    let before = app.store.settings().await?;
    app.store.put_settings(&settings).await?;
    let promoters = |s: &Settings| (s.promoter_confidence, s.promoter_rating_share, s.promoter_days);
    if promoters(&before) != promoters(&settings) {
        // Everybody's standing is worked out again beside the answer.
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = engine::promoters::refresh_all(&app).await {
                tracing::error!(error = format!("{error:#}"), "promoters could not be worked out again");
            }
        });
    }
    let matching = |s: &Settings| (s.match_authors, s.match_precision, s.match_contacts);
    if matching(&before) != matching(&settings) {
        engine::identify::choose(&app, &settings);
        engine::identify::relearn(&app).await.map_err(|error| super::broke(&format!("{error:#}")))?;
    }
    if before.themes != settings.themes {
        engine::learn::read_again(&app).await.map_err(|error| super::broke(&format!("{error:#}")))?;
    }
    app.audit(&caller.user.email, "settings", None, "changed the settings").await?;
    app.tell(Event::Changed { what: "settings".into() });
    Ok(settings)
}

/// Changes the caller's own password.
pub async fn password(app: App, caller: Caller, (): (), (): (), body: NewPassword) -> Result<(), Problem> {
    session::change_password(&app, &caller, body.current, body.new).await
}

/// The owner's own themes as they are kept: trimmed, each with a name of its own that no shipped theme has.
fn themes(given: Vec<OwnTheme>) -> Result<Vec<OwnTheme>, Problem> {
    let wrong = |detail: &str| Problem::invalid_field("themes", detail);
    let lines = |lines: Vec<String>| -> Vec<String> {
        lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let mut kept: Vec<OwnTheme> = Vec::with_capacity(given.len());
    for theme in given {
        let theme = OwnTheme {
            name: theme.name.split_whitespace().collect::<Vec<_>>().join(" "),
            words: lines(theme.words),
            examples: lines(theme.examples),
        };
        let name = theme.key();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(wrong("A theme has a name of at most 60 characters."));
        }
        if THEMES.contains(&name.as_str()) || kept.iter().any(|other| other.key() == name) {
            return Err(wrong("There is a theme of that name already."));
        }
        let long = |texts: &[String], most| texts.iter().any(|text| text.chars().count() > most);
        if theme.words.len() > 200 || theme.examples.len() > 50 {
            return Err(wrong("A theme has at most 200 words and 50 examples."));
        }
        if long(&theme.words, 60) || long(&theme.examples, 500) {
            return Err(wrong("A word has at most 60 characters, an example at most 500."));
        }
        kept.push(theme);
    }
    if kept.len() > OWN_THEMES {
        return Err(wrong("There may be 40 themes of your own."));
    }
    Ok(kept)
}

fn checked(mut settings: Settings) -> Result<Settings, Problem> {
    settings.business = settings.business.trim().to_owned();
    settings.contact = settings.contact.trim().to_owned();
    settings.themes = themes(settings.themes)?;
    let shares = [
        ("unhappy_rating_share", settings.unhappy_rating_share),
        ("unhappy_confidence", settings.unhappy_confidence),
        ("promoter_confidence", settings.promoter_confidence),
        ("promoter_rating_share", settings.promoter_rating_share),
    ];
    for (field, share) in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(Problem::invalid_field(field, "This is a share from 0 to 1."));
        }
    }
    if !(0.5..=0.999).contains(&settings.match_precision) {
        return Err(Problem::invalid_field("match_precision", "This is a share from 0.5 to 0.999."));
    }
    if !(0.1..=8760.0).contains(&settings.promise_hours) {
        return Err(Problem::invalid_field("promise_hours", "Between a tenth of an hour and a year."));
    }
    let days = [
        ("case_days", settings.case_days, 3650),
        ("promoter_days", settings.promoter_days, 3650),
        ("ask_again_days", settings.ask_again_days, 3650),
        ("alert_hours", settings.alert_hours, 24 * 365),
    ];
    for (field, value, most) in days {
        if !(1..=most).contains(&value) {
            return Err(Problem::invalid_field(field, format!("Between 1 and {most}.")));
        }
    }
    Ok(settings)
}
