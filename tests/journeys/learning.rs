//! What the owner teaches: corrections that become a version, read by it, taken back; and a theme of their own.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::browser::Browser;
use crate::{entrance, looks};

/// Reading again goes on beside the page, in a debug build.
const PATIENCE: Duration = Duration::from_secs(90);

/// Words that say little to a stranger. To this owner a rattle is a complaint.
const RATTLES: [&str; 10] = [
    "The lid has a rattle, as the last one had.",
    "There is a rattle in the handle of the blue one.",
    "Mine came on Monday and has a rattle.",
    "I hear a rattle from the spout at noon.",
    "My aunt’s kettle has the rattle as well.",
    "It has a rattle like that of my neighbour.",
    "A rattle again, in the second week of it.",
    "The one in the window has a rattle too.",
    "Bought two kettles, each of them with a rattle.",
    "The rattle is on the left side of the base.",
];
/// Others, so that there is something beside it.
const OTHERS: [&str; 6] = [
    "Lovely people, splendid work.",
    "They mended my pan and I am delighted.",
    "Nowhere to leave the car, the car park was full.",
    "I collected the kettle on Thursday.",
    "The shop is on the corner of Mill Street.",
    "Wonderful, thank you so much.",
];

/// On a service of its own.
pub async fn is_taught_and_taken_back(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, teach).await
}

async fn teach(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    import(browser).await?;
    browser.visit(&format!("{address}/insights")).await?;
    told(browser, "We read as shipped: nothing better has been learnt yet.").await?;

    // One by the owner's own hand, with the word of the page; the others as that click does it.
    let rattles = mentions(browser, "rattle").await?;
    ensure!(rattles.len() == RATTLES.len(), "all that rattle are found, {} of them", rattles.len());
    browser.visit(&format!("{address}/mentions/{}", rattles[0])).await?;
    browser.find("correct-negative").await?.click().await?;
    let pressed = "[data-testid=\"correct-negative\"][aria-pressed=\"true\"]";
    browser.css(pressed).await?;
    for id in &rattles[1..] {
        let answer =
            browser.call("PATCH", &format!("/api/v1/mentions/{id}"), json!({"label": "negative"})).await?;
        ensure!(answer["mention"].is_object(), "corrected: {answer}");
    }

    browser.visit(&format!("{address}/insights")).await?;
    let counted = browser.text("insights-accuracy").await?;
    ensure!(counted.contains("of 10") && counted.contains("between"), "labels are counted: {counted}");
    browser.find("learn-now").await?.click().await?;
    told(browser, "Version 1, the newest, reads your mentions.").await?;
    let version = browser.text("learnt-versions").await?;
    ensure!(version.contains("from 10 corrections"), "it is told from how much was learnt: {version}");
    ensure!(version.matches('%').count() == 2, "agreement without it and with it: {version}");
    let settled = async || Ok(!browser.text("learnt-in-use").await?.contains("read again"));
    browser.until("what is stored is read again", PATIENCE, settled).await?;
    looks::both(browser, "learnt").await?;

    // Taken back, and that taken back.
    browser.find("learnt-off").await?.click().await?;
    told(browser, "We read as shipped, as you chose.").await?;
    browser.find("undo").await?.click().await?;
    told(browser, "Version 1, the newest, reads your mentions.").await?;
    browser.find("learn-now").await?.click().await?;
    let said = async || Ok(browser.css(".gw-notices").await?.text().await?.contains("nothing new"));
    browser.until("it is said that there is nothing new", PATIENCE, said).await
}

/// A theme of the owner's own is found in what is stored, and gone with its name.
pub async fn a_theme_of_their_own(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, name_a_theme).await
}

async fn name_a_theme(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    import(browser).await?;
    browser.visit(&format!("{address}/settings")).await?;
    browser.type_into("#theme-0", "Service").await?;
    browser.find("settings-save").await?.click().await?;
    let fault = browser.css("[data-testid=\"own-themes\"] [role=alert]").await?.text().await?;
    ensure!(fault.contains("already"), "a name that is taken is refused beside it: {fault}");
    // The browser notes the refused request as an error; this one is meant.
    let noted = browser.complaints().await?;
    ensure!(noted.iter().all(|line| line.contains("422")), "only the refusal is noted: {noted:?}");
    // The field that becomes a theme's keeps what is typed, letter by letter.
    browser.script("document.querySelector('#theme-0').select()", vec![]).await?;
    browser.type_into("#theme-0", "Cars & bikes").await?;
    browser.type_into("#theme-words-0", "car park*\nbicycle*").await?;
    looks::both(browser, "own-theme").await?;
    browser.find("settings-save").await?.click().await?;
    let link = browser.css("[data-testid=\"own-theme\"] a").await?;
    let found = async || Ok(with_theme(browser).await? == 1);
    browser.until("the mention about it is found", PATIENCE, found).await?;
    link.click().await?;
    let row = browser.text("mention-row").await?;
    ensure!(row.contains("the car park was full"), "the link leads to what is said about it: {row}");
    ensure!(browser.count("[data-testid=\"mention-row\"]").await? == 1, "and to nothing else");

    browser.visit(&format!("{address}/settings")).await?;
    browser.find("own-theme-remove").await?.click().await?;
    let next = async || Ok(browser.script("return document.activeElement.id", vec![]).await? == "theme-0");
    browser.until("the focus is on the field in its place", PATIENCE, next).await?;
    let said = browser.css(".gw-notices").await?.text().await?;
    ensure!(said.contains("“Cars & bikes” is removed once you save"), "it is said: {said}");
    browser.find("settings-save").await?.click().await?;
    browser.until("it is gone", PATIENCE, async || Ok(with_theme(browser).await? == 0)).await?;
    ensure!(browser.count("[data-testid=\"own-theme\"]").await? == 0, "its fields are gone, too");
    Ok(())
}

async fn import(browser: &Browser) -> Result<()> {
    let mut file = String::from("author,text,date\n");
    for (n, text) in RATTLES.iter().chain(&OTHERS).enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(file, "Guest {n},\"{text}\",2026-11-{:02}", n + 1);
    }
    let body = json!({"content": file, "file_name": "reviews.csv", "mapping": {}, "settings": {"source": "Guest book"}});
    let report = browser.call("POST", "/api/v1/imports/mentions", body).await?;
    ensure!(report["new"] == RATTLES.len() + OTHERS.len(), "the report says {report}");
    Ok(())
}

/// Waits until the panel says that this reads.
async fn told(browser: &Browser, sentence: &str) -> Result<()> {
    let said = async || Ok(browser.text("learnt-in-use").await?.contains(sentence));
    browser.until(sentence, PATIENCE, said).await
}

/// The ids of mentions that hold a word.
async fn mentions(browser: &Browser, word: &str) -> Result<Vec<String>> {
    let page = browser.get(&format!("/api/v1/mentions?q={word}")).await?;
    let rows = page["items"].as_array().context("a page of mentions")?;
    Ok(rows.iter().filter_map(|row| row["quote"]["mention_id"].as_str()).map(str::to_owned).collect())
}

async fn with_theme(browser: &Browser) -> Result<u64> {
    let page = browser.get("/api/v1/mentions?theme=cars+%26+bikes").await?;
    page["total"].as_u64().context("a page of mentions")
}
