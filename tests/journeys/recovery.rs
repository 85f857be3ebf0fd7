//! Winning somebody back.

use std::time::Duration;

use anyhow::Result;

use crate::browser::Browser;

/// From the queue to a case, and a note that stays.
pub async fn is_opened_and_noted(browser: &Browser) -> Result<()> {
    browser.go("/recovery").await?;
    browser.find("case-row").await?.click().await?;
    browser.find("page-case").await?;
    browser.screenshot("case-light-wide").await?;
    let note = "Called at noon; they would like the hinge replaced.";
    browser.type_into("[data-testid=\"case-note\"]", note).await?;
    browser.find("case-note-save").await?.click().await?;
    let shown = async || Ok(browser.text("case-timeline").await?.contains(note));
    browser.until("the note is in the timeline", Duration::from_secs(10), shown).await?;
    browser.reload().await?;
    browser.until("the note is still there", Duration::from_secs(10), shown).await
}
