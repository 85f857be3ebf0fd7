//! The owner's settings and password.

use goodword_shared::{Problem, api::settings::NewPassword, settings::Settings};

use super::{Caller, session};
use crate::{app::App, engine};

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
        engine::identify::relearn(&app).await.map_err(|error| super::broke(&format!("{error:#}")))?;
    }
    app.audit(&caller.user.email, "settings", None, "changed the settings").await?;
    Ok(settings)
}

/// Changes the caller's own password.
pub async fn password(app: App, caller: Caller, (): (), (): (), body: NewPassword) -> Result<(), Problem> {
    session::change_password(&app, &caller, body.current, body.new).await
}

fn checked(mut settings: Settings) -> Result<Settings, Problem> {
    settings.business = settings.business.trim().to_owned();
    settings.contact = settings.contact.trim().to_owned();
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
