//! A new owner's first minutes: no demo, nothing watched yet.

use anyhow::{Context, Result, ensure};

use crate::axe;
use crate::browser::Browser;
use crate::service::Service;

/// The first run makes the owner's account and signs in; the way in afterwards is by password, and no other.
pub async fn sets_up_and_signs_in(browser: &Browser) -> Result<()> {
    on_an_empty_one(browser, go_through).await
}

/// Runs a journey on a service of its own that holds nothing yet: gets its address.
pub async fn on_an_empty_one(
    browser: &Browser,
    journey: impl AsyncFnOnce(&Browser, &str) -> Result<()>,
) -> Result<()> {
    let service = Service::empty().await?;
    let outcome = journey(browser, service.address()).await;
    // The page leaves before the service does, so that it has no lost connection to complain of.
    browser.visit("about:blank").await?;
    service.stop().await;
    outcome
}

/// Makes the service the owner's and lets them in.
pub async fn begin(browser: &Browser, address: &str) -> Result<()> {
    browser.visit(address).await?;
    browser.find("page-first-run").await?;
    browser.type_into("#business", "Tinsmith's Repairs").await?;
    browser.type_into("#sign-in-name", "owner@tinsmith.example").await?;
    browser.type_into("#sign-in-password", "a long and quiet river").await?;
    browser.find("sign-in-submit").await?.click().await?;
    browser.find("page-today").await?;
    Ok(())
}

async fn go_through(browser: &Browser, address: &str) -> Result<()> {
    browser.visit(address).await?;
    browser.find("page-first-run").await?;
    browser.screenshot("first-run").await?;
    axe::check(browser).await.context("first run")?;
    begin(browser, address).await?;
    browser.screenshot("today-empty").await?;

    browser.forget_cookies().await?;
    browser.visit(address).await?;
    browser.find("page-sign-in").await?;
    axe::check(browser).await.context("sign in")?;
    browser.type_into("#sign-in-name", "owner@tinsmith.example").await?;
    browser.type_into("#sign-in-password", "a wrong word").await?;
    browser.find("sign-in-submit").await?.click().await?;
    let refusal = browser.css("[role=alert]").await?.text().await?;
    ensure!(!refusal.is_empty(), "the page says why nobody is let in");
    // The browser notes the refused request as an error; this one is meant.
    let noted = browser.complaints().await?;
    ensure!(noted.iter().all(|line| line.contains("401")), "only the refusal is noted: {noted:?}");
    browser.script("document.querySelector('#sign-in-password').select()", vec![]).await?;
    browser.type_into("#sign-in-password", "a long and quiet river").await?;
    browser.find("sign-in-submit").await?.click().await?;
    browser.find("page-today").await?;
    Ok(())
}
