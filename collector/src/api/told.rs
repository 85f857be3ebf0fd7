//! What follows from a change that the owner made: promoters are reckoned again, open pages are told.

use goodword_shared::{Problem, alert::Event};

use crate::app::App;

/// Something about those authors has changed: their case, their tags, their match, an ask.
pub async fn people_changed(app: &App, _authors: &[String], lists: &[&str]) -> Result<(), Problem> {
    for what in lists {
        app.tell(Event::Changed { what: (*what).to_owned() });
    }
    Ok(())
}
