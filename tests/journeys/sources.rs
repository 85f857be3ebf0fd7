//! Sources: what came of their readings, a check, their own hours; a place added by its address, one that others send to, and
//! one that wants an account.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::browser::Browser;
use crate::entrance;
use crate::looks;

const PATIENCE: Duration = Duration::from_secs(30);

/// A source of the demo is seen through: its history, a check with what it found, its interval changed and given back.
pub async fn are_seen_through(browser: &Browser) -> Result<()> {
    browser.go("/sources").await?;
    browser.css("[data-testid=\"source-history\"] summary").await?.click().await?;
    browser.css("[data-testid=\"source-history\"] tbody tr").await?;
    browser.find("source-check").await?.click().await?;
    let found = async || Ok(!browser.text("source-found").await?.is_empty());
    browser.until("the check says what it found", PATIENCE, found).await?;
    browser.css("[data-testid=\"source-rhythm\"] summary").await?.click().await?;
    looks::both(browser, "source-open").await?;

    set_interval(browser, "45").await?;
    ensure!(interval(browser).await? == "45", "the owner's interval stays");
    set_interval(browser, "").await?;
    ensure!(interval(browser).await?.is_empty(), "it is ours again");
    Ok(())
}

const INTERVAL: &str = "[data-testid=\"source-rhythm\"] input[type=\"number\"]";

/// Types an interval in place of the one that is there, and saves it.
async fn set_interval(browser: &Browser, minutes: &str) -> Result<()> {
    let script = format!("document.querySelector('{INTERVAL}').select()");
    browser.script(&script, vec![]).await?;
    browser.type_into(INTERVAL, if minutes.is_empty() { "\u{e017}" } else { minutes }).await?;
    browser.find("source-rhythm-save").await?.click().await?;
    // Other notices may be there already, such as that of the check.
    let told = async || {
        Ok(browser.css(".gw-notices").await?.text().await?.contains("Saved. It is read by these times."))
    };
    browser.until("it is said that it is saved", PATIENCE, told).await
}

/// The interval as a page shows it that is opened anew.
async fn interval(browser: &Browser) -> Result<String> {
    browser.reload().await?;
    browser.css("[data-testid=\"source-rhythm\"] summary").await?.click().await?;
    Ok(browser.css(INTERVAL).await?.prop("value").await?.unwrap_or_default())
}

/// A new owner's places, on a service of its own.
pub async fn are_added(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, add).await
}

async fn add(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    browser.visit(&format!("{address}/sources")).await?;
    browser.find("page-sources").await?;
    looks::both(browser, "sources-empty").await?;

    // A page of our own: what it reads there is shown before it is saved.
    browser.find("sources-add").await?.click().await?;
    browser.type_into("#source-text", &format!("{address}/")).await?;
    browser.find("source-recognise").await?.click().await?;
    browser.find("source-form").await?;
    browser.find("source-look").await?.click().await?;
    let preview = browser.text("source-preview").await?;
    ensure!(!preview.is_empty(), "the preview says what is there, or what is wrong");
    looks::both(browser, "source-preview").await?;

    // A place that others send to has an address and a secret of its own.
    choose(browser, address, "Webhook").await?;
    browser.find("source-save").await?.click().await?;
    browser.find("source-secret").await?.click().await?;
    let secret = browser.text("made-secret").await?;
    ensure!(secret.contains("whsec_"), "the secret is shown once: {secret}");
    looks::both(browser, "source-secret").await?;

    // A place that wants an account says where to give it.
    choose(browser, address, "Google Business Profile").await?;
    for (field, value) in
        [("account", "17"), ("location", "4"), ("client_id", "our-app"), ("client_secret", "our-secret")]
    {
        browser.type_into(&format!("#source-{field}"), value).await?;
    }
    looks::both(browser, "source-form").await?;
    browser.find("source-save").await?.click().await?;
    browser.find("connect-open").await?;
    looks::both(browser, "source-connect").await?;
    browser.visit(&format!("{address}/sources")).await?;
    browser.find("source-connect").await?;
    looks::both(browser, "sources-new").await
}

/// Opens the form of a kind of source by its title.
async fn choose(browser: &Browser, address: &str, title: &str) -> Result<()> {
    browser.visit(&format!("{address}/sources/add")).await?;
    browser.css(".gw-kinds button").await?;
    let script = "[...document.querySelectorAll('.gw-kinds button')]\
                  .find((button) => button.textContent.trim() === arguments[0]).click()";
    browser.script(script, vec![title.into()]).await?;
    browser.find("source-form").await?;
    Ok(())
}
