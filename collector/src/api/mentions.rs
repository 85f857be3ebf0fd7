//! Mentions: search, one mention, and the owner's correction of its tags.

use chrono::{Days, NaiveDate};
use goodword_shared::{
    Intent, Problem, Theme, Time,
    api::{
        ById, Page,
        mentions::{Correction, MentionQuery, MentionRow, MentionView},
    },
    settings::theme_key,
};

use super::{Caller, customers, told};
use crate::{
    analysis::{lists::INTENTS, settle},
    app::App,
    pipeline::decide::unhappy,
    store::{Period, Spoken},
};

/// The list.
pub async fn list(
    app: App,
    _caller: Caller,
    (): (),
    query: MentionQuery,
    (): (),
) -> Result<Page<MentionRow>, Problem> {
    let period = Period {
        from: date("from", query.from.as_deref())?.map(midnight),
        before: date("to", query.to.as_deref())?
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .map(midnight),
    };
    if query.stars.is_some_and(|stars| !(1..=5).contains(&stars)) {
        return Err(Problem::invalid_field("stars", "From 1 to 5."));
    }
    Ok(app.store.mention_rows(&query, period).await?)
}

/// One mention.
pub async fn get(app: App, _caller: Caller, path: ById, (): (), (): ()) -> Result<MentionView, Problem> {
    let mut view = app.store.mention_view(&path.id).await?.ok_or_else(|| Problem::not_found("mention"))?;
    view.matches.iter_mut().for_each(customers::named);
    Ok(view)
}

/// Corrects the tags. What the owner says is certain.
pub async fn correct(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: Correction,
) -> Result<MentionView, Problem> {
    let (themes_said, intents_said) = (body.themes.is_some(), body.intents.is_some());
    let view = get(app.clone(), caller.clone(), ById { id: path.id.clone() }, (), ()).await?;
    let mut analysis = view.row.quote.analysis;
    analysis.untaught = None;
    let before = analysis.sentiment;
    if let Some(label) = body.label {
        if label != analysis.sentiment.label {
            analysis.sentiment.score = match label {
                goodword_shared::Label::Negative => -0.5,
                goodword_shared::Label::Positive => 0.5,
                _ => 0.0,
            };
        }
        analysis.sentiment.label = label;
        analysis.sentiment.confidence = 1.0;
        analysis.sentiment.uncertain = false;
        settle::follow(&mut analysis, before);
    }
    if let Some(themes) = body.themes {
        analysis.themes.clear();
        for (theme, sentiment) in themes {
            let theme = theme_key(&theme);
            if theme.is_empty() || theme.chars().count() > 60 {
                return Err(Problem::invalid_field("themes", "A theme has a name of at most 60 characters."));
            }
            if !analysis.themes.iter().any(|known| known.theme == theme) {
                analysis.themes.push(Theme { theme, sentiment, confidence: 1.0 });
            }
        }
    }
    if let Some(intents) = body.intents {
        analysis.intents.clear();
        for intent in intents {
            if !INTENTS.contains(&intent.as_str()) {
                let detail = format!("Known intents are {}.", INTENTS.join(", "));
                return Err(Problem::invalid_field("intents", detail));
            }
            if !analysis.has_intent(&intent) {
                analysis.intents.push(Intent { intent, confidence: 1.0, names: None });
            }
        }
    }
    let spoken = Spoken {
        label: body.label,
        themes: themes_said.then(|| analysis.themes.iter().map(|t| t.theme.clone()).collect()),
        intents: intents_said.then(|| analysis.intents.iter().map(|i| i.intent.clone()).collect()),
    };
    let settings = app.store.settings().await?;
    let unhappy = !unhappy(&view.mention, &analysis, &settings).is_empty();
    app.store.correct_mention(&path.id, &analysis, &spoken, unhappy, caller.now).await?;
    app.wake_learner.notify_one();
    app.audit(&caller.user.email, "correction", Some(&path.id), "corrected the tags of a mention").await?;
    let authors: Vec<String> = view.row.author_id.iter().map(|a| a.as_str().to_owned()).collect();
    told::people_changed(&app, &authors, &["mentions", "promoters"]).await?;
    get(app, caller, path, (), ()).await
}

fn date(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    text.map(|text| {
        // A whole moment is taken for its day.
        let day = text.get(..10).unwrap_or(text);
        NaiveDate::parse_from_str(day, "%Y-%m-%d")
            .map_err(|_| Problem::invalid_field(field, "A date is wanted, such as 2026-03-31."))
    })
    .transpose()
}

fn midnight(day: NaiveDate) -> Time {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}
