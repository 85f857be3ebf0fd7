//! Who said it: five thousand customers are imported, a review arrives, the owner says by keyboard whose it is, takes that back,
//! says it again, and reads it in the customer's story.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::axe;
use crate::browser::{Browser, Width};
use crate::entrance;

/// A bound for the slow machine; the import itself takes seconds.
const PATIENCE: Duration = Duration::from_secs(60);
const GIVEN: [&str; 25] = [
    "Agnes", "Bruno", "Clara", "Dario", "Edith", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Luis",
    "Mona", "Nils", "Olga", "Pavel", "Rosa", "Sami", "Thea", "Ugo", "Vera", "Wim", "Xenia", "Yann", "Zora",
];
const HEAD: [&str; 20] = [
    "Amber", "Birch", "Copper", "Dale", "Elder", "Fern", "Glen", "Hazel", "Ivory", "Juniper", "Kestrel",
    "Larch", "Maple", "Nettle", "Otter", "Poplar", "Quill", "Rowan", "Sorrel", "Tansy",
];
const TAIL: [&str; 10] = ["field", "ford", "gate", "hurst", "land", "mere", "shaw", "stead", "well", "wick"];

/// Customers who do not exist: every given name with every made-up family name, and one name twice.
fn customers() -> String {
    let mut file = String::from("id,name,email,city\n");
    let mut number = 1000;
    for head in HEAD {
        for tail in TAIL {
            for given in GIVEN {
                number += 1;
                let family = format!("{head}{tail}");
                let mail = format!("{}.{}{number}@post.example", given.to_lowercase(), family.to_lowercase());
                // Writing to a String cannot fail.
                let _ = writeln!(file, "{number},{given} {family},{mail},Town {}", number % 90);
            }
        }
    }
    // The last one is a namesake.
    let last = file.trim_end().rfind('\n').map_or(0, |at| at + 1);
    file.replace_range(last.., "6000,Hugo Larchwick,hugo@another.example,Farbridge\n");
    file
}

/// The whole way, on a service of its own.
pub async fn is_recognised_by_keyboard(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, go_through).await
}

async fn go_through(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;

    let file = customers();
    ensure!(file.lines().count() == 5001, "five thousand customers and a heading");
    let body = json!({"content": file, "file_name": "customers.csv", "mapping": {}, "settings": {}});
    let report = browser.call("POST", "/api/v1/customers/import", body).await?;
    ensure!(report["new"] == 5000, "the report says {report}");

    // Two of the five thousand bear this name.
    let review = "author,text,rating,date\nHugo Larchwick,\"It came late, and the lid is bent.\",2,2026-11-20\n\
         Ottoline,Splendid work on my kettle.,5,2026-11-19\n";
    let body = json!({"content": review, "file_name": "reviews.csv", "mapping": {}, "settings": {"source": "Guest book"}});
    let report = browser.call("POST", "/api/v1/imports/mentions", body).await?;
    ensure!(report["new"] == 2, "the report says {report}");

    browser.visit(&format!("{address}/customers/matches")).await?;
    browser.find("page-matches").await?;
    let first = browser.text("doubt-author").await?;
    let left = browser.text("queue-left").await?;
    browser.screenshot("doubts-light-wide").await?;
    axe::check(browser).await.context("the queue")?;
    browser.prefer_dark(true).await?;
    browser.screenshot("doubts-dark-wide").await?;
    browser.resize(Width::Phone).await?;
    browser.screenshot("doubts-dark-phone").await?;
    axe::check(browser).await.context("the queue at night on a phone")?;
    browser.prefer_dark(false).await?;
    browser.screenshot("doubts-light-phone").await?;
    browser.resize(Width::Wide).await?;

    let customer = browser.css("[data-testid=\"match-row\"] .gw-pair__name a").await?;
    let profile = customer.attr("href").await?.context("the candidate's page")?;
    browser.press("y").await?;
    let settled = async || {
        Ok(browser.count("[data-testid=\"doubt-author\"]").await? == 0
            || browser.text("doubt-author").await? != first)
    };
    browser.until("the next doubt is shown", PATIENCE, settled).await?;
    browser.press("u").await?;
    let back = async || {
        Ok(browser.count("[data-testid=\"doubt-author\"]").await? == 1
            && browser.text("doubt-author").await? == first
            && browser.text("queue-left").await? == left)
    };
    browser.until("the doubt is back", PATIENCE, back).await?;
    // What is taken back is nobody's: the customer's story does not tell of it.
    let linked = async || mentions_of(browser, &profile).await;
    browser.until("nothing is linked", PATIENCE, async || Ok(linked().await? == Some(0))).await?;
    browser.press("y").await?;
    browser.until("the review is linked", PATIENCE, async || Ok(linked().await? == Some(1))).await?;

    browser.visit(&format!("{address}{profile}")).await?;
    browser.find("page-customer").await?;
    let story = browser.text("customer-timeline").await?;
    ensure!(story.contains("lid is bent"), "their words are in the story: {story}");
    browser.type_into("#customer-note", "Promised a new lid.").await?;
    browser.find("customer-note-save").await?.click().await?;
    let noted = async || Ok(browser.text("customer-timeline").await?.contains("Promised a new lid."));
    browser.until("the note is in the story", PATIENCE, noted).await?;
    browser.screenshot("customer-light-wide").await?;
    axe::check(browser).await.context("the profile")?;
    browser.resize(Width::Phone).await?;
    browser.screenshot("customer-light-phone").await?;
    browser.resize(Width::Wide).await
}

/// How many mentions a profile counts as the customer's.
async fn mentions_of(browser: &Browser, profile: &str) -> Result<Option<usize>> {
    let customer = browser.get(&format!("/api/v1{profile}")).await?;
    Ok(customer["mentions"].as_array().map(Vec::len))
}
