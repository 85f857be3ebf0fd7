//! What follows from a change that the owner made: promoters are reckoned again, open pages are told.

use goodword_shared::{Problem, alert::Event, id::AuthorId};

use super::broke;
use crate::{app::App, engine};

/// Something about those authors has changed: their case, their tags, their match, an ask.
pub async fn people_changed(app: &App, authors: &[String], lists: &[&str]) -> Result<(), Problem> {
    let authors: Vec<AuthorId> = authors.iter().map(AuthorId::new).collect();
    engine::promoters::refresh(app, &authors).await.map_err(|error| broke(&format!("{error:#}")))?;
    for what in lists {
        app.tell(Event::Changed { what: (*what).to_owned() });
    }
    Ok(())
}

/// What was known of those authors was taken back: the engine looks again who they are.
pub async fn look_again(app: &App, authors: &[String]) -> Result<(), Problem> {
    if authors.is_empty() {
        return Ok(());
    }
    let authors: Vec<AuthorId> = authors.iter().map(AuthorId::new).collect();
    engine::identify::look_at(app, &authors).await.map_err(|error| broke(&format!("{error:#}")))
}

/// Who those authors are has changed, or which of them are one person: their other accounts follow.
pub async fn accounts_follow(app: &App, authors: &[String]) -> Result<(), Problem> {
    engine::kin::follow(app, authors).await.map_err(|error| broke(&format!("{error:#}")))
}
