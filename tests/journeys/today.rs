//! The first page of the day.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::browser::Browser;

/// Both lists are there with people on them, a sentence says how things stand, and five numbers follow.
pub async fn shows_both_lists(browser: &Browser) -> Result<()> {
    browser.go("/").await?;
    let sentence = browser.text("today-sentence").await?;
    let drawn = browser.script("return Math.round(performance.now())", vec![]).await?;
    println!("    the first view was there at most {drawn} ms after its page was asked for");
    ensure!(sentence.len() > 20, "the sentence says little: {sentence:?}");
    for list in ["today-win-back", "today-ask"] {
        browser.find(list).await?;
        let people = format!("[data-testid=\"{list}\"] [data-testid=\"person\"]");
        browser.css(&people).await?;
        let words = browser.css(&format!("{people} [data-testid=\"quote\"]")).await?.text().await?;
        ensure!(words.chars().count() > 10, "{list} shows the customer's own words, found {words:?}");
    }
    ensure!(browser.count("[data-testid=\"today-number\"]").await? == 5, "there are five numbers");
    Ok(())
}

/// The demo's furious review comes in while the page is open: an alert appears by itself and the list grows.
pub async fn a_furious_review_arrives_live(browser: &Browser) -> Result<()> {
    browser.go("/").await?;
    browser.find("today-win-back").await?;
    let shown = "[data-testid=\"alert-toast\"]";
    browser
        .until("the alert appears in the page", Duration::from_secs(120), async || {
            Ok(browser.count(shown).await? > 0)
        })
        .await?;
    let alert = browser.text("alert-toast").await?;
    ensure!(alert.len() > 20, "the alert says what happened: {alert:?}");
    Ok(())
}
