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

/// An answer that blames is remarked on before it is sent; one that does not is let be.
pub async fn an_answer_is_read_with_their_eyes(browser: &Browser) -> Result<()> {
    browser.go("/recovery").await?;
    browser.find("case-row").await?.click().await?;
    browser.find("case-contact").await?.click().await?;
    browser.css("#contact-way option[value=\"reply\"]").await?.click().await?;
    let found = async |words: &str| Ok(browser.text("case-tone-found").await?.contains(words));
    browser.type_into("#contact-text", "Thank you for telling us about the squeaking hinge. ").await?;
    browser.find("case-tone").await?.click().await?;
    browser
        .until("nothing stands out", Duration::from_secs(10), async || found("Nothing in it").await)
        .await?;
    browser.type_into("#contact-text", "Our terms and conditions say that this is your own fault.").await?;
    browser.find("case-tone").await?.click().await?;
    browser
        .until("the blame is remarked on", Duration::from_secs(10), async || found("their fault").await)
        .await?;
    browser.screenshot("case-tone-light-wide").await
}
