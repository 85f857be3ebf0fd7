//! One person on several platforms: asked about in the queue, told on the customer's page, refused and taken back.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::{entrance, looks};

const PATIENCE: Duration = Duration::from_secs(60);

/// On a service of its own.
pub async fn are_asked_about(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, ask).await
}

async fn ask(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    // The same name in two places, which may be chance.
    let csv = "author,text,rating,date\nWilhelmina Oakes,Splendid work on my kettle.,5,2026-11-19\n\
               Wilhelmina Oakes,And a year later it still sings.,5,2026-11-20\n";
    let ndjson = "{\"author\":\"Wilhelmina Oakes\",\"text\":\"The man at the counter knew my pan by name.\",\"date\":\"2026-11-18\"}\n";
    for (file, name, new) in [(csv, "reviews.csv", 2), (ndjson, "posts.ndjson", 1)] {
        let body = json!({"content": file, "file_name": name, "mapping": {}, "settings": {"source": name}});
        let report = browser.call("POST", "/api/v1/imports/mentions", body).await?;
        ensure!(report["new"] == new, "the report of {name} says {report}");
    }
    look_again(browser, "id,name\n7,Bruno Hazelgate\n").await?;

    browser.visit(&format!("{address}/customers/matches")).await?;
    browser.find("kin-row").await?;
    let asked = browser.text("doubt").await?;
    ensure!(asked.contains("Both are called Wilhelmina Oakes"), "it is said why: {asked}");
    ensure!(asked.contains("knew my pan"), "their words are shown: {asked}");
    looks::both(browser, "pair").await?;
    browser.press("n").await?;
    browser.until("it is settled", PATIENCE, async || Ok(pairs(browser, "refused").await? == 1)).await?;
    ensure!(browser.count("[data-testid=\"kin-row\"]").await? == 0, "the question is gone");
    browser.press("u").await?;
    browser.find("kin-row").await?;
    browser.until("it is taken back", PATIENCE, async || Ok(pairs(browser, "doubtful").await? == 1)).await?;
    browser.press("y").await?;
    browser.until("it is said", PATIENCE, async || Ok(pairs(browser, "confirmed").await? == 1)).await?;

    // She is made a customer of where she wrote twice; what she said elsewhere is hers then.
    browser.visit(&format!("{address}/customers/strangers")).await?;
    browser.find("stranger-make").await?.click().await?;
    browser.css(".gw-notice").await?;
    look_again(browser, "id,name\n8,Ines Larkfield\n").await?;
    let found = browser.get("/api/v1/customers?q=Wilhelmina").await?;
    let id = found["items"][0]["customer"]["id"].as_str().context("she is a customer")?.to_owned();
    browser.visit(&format!("{address}/customers/{id}")).await?;
    let both = async || Ok(browser.count("[data-testid=\"customer-account\"]").await? == 2);
    browser.until("both accounts are told", PATIENCE, both).await?;
    let pair = browser.text("customer-pair").await?;
    ensure!(pair.contains("you said so"), "whose word it is: {pair}");
    let story = browser.text("customer-timeline").await?;
    ensure!(story.contains("knew my pan") && story.contains("still sings"), "all her words: {story}");
    looks::both(browser, "customer-accounts").await?;

    // Refused by keyboard, the account goes; the keyboard goes on with what is left there, and it is said.
    browser
        .script(
            "document.querySelector('[data-testid=customer-account] [data-testid=account-refuse]').focus()",
            vec![],
        )
        .await?;
    browser.press_enter().await?;
    let refused = async || Ok(browser.count("[data-testid=\"customer-accounts\"] details").await? == 1);
    browser.until("the account is not theirs", PATIENCE, refused).await?;
    let script = "return document.activeElement.closest('[data-testid=customer-accounts]') !== null";
    let kept = async || Ok(browser.script(script, vec![]).await? == Value::Bool(true));
    browser.until("the focus is on what is left", PATIENCE, kept).await?;
    ensure!(browser.css(".gw-notices").await?.text().await?.contains("somebody else"), "it is said");
    Ok(())
}

/// In the demo, somebody who was recognised on two platforms is not, after all; and is.
pub async fn are_told_apart_and_joined_again(browser: &Browser) -> Result<()> {
    browser.go("/customers").await?;
    browser.find("page-customers").await?;
    look_again(browser, "id,name\nP9001,Bruno Hazelgate\n").await?;
    let mut found = None;
    let known = async || {
        found = with_a_pair(browser).await?;
        Ok(found.is_some())
    };
    browser.until("somebody is recognised in two places", PATIENCE, known).await?;
    let id = found.context("just found")?;
    browser.go(&format!("/customers/{id}")).await?;
    let says = async |words: &str| Ok(browser.text("customer-pair").await?.contains(words));
    ensure!(says("sure").await?, "it is told how sure it is");
    looks::both(browser, "customer-pair").await?;
    browser.css("[data-testid=\"customer-pair\"] [data-testid=\"account-refuse\"]").await?.click().await?;
    browser.until("the word is told", PATIENCE, async || says("you said no").await).await?;
    browser.css("[data-testid=\"customer-pair\"] [data-testid=\"account-undo\"]").await?.click().await?;
    browser.until("it is taken back", PATIENCE, async || says("sure").await).await
}

/// A customer with one pair of accounts, both theirs.
async fn with_a_pair(browser: &Browser) -> Result<Option<String>> {
    let linked = browser.get("/api/v1/kin?state=linked&limit=200").await?;
    let pairs = linked["items"].as_array().context("a page of pairs")?;
    let whose = |pair: &Value, n: usize| pair["accounts"][n]["customer"]["id"].as_str().map(str::to_owned);
    let of =
        |id: &str| pairs.iter().filter(|pair| (0..2).any(|n| whose(pair, n).as_deref() == Some(id))).count();
    let mut ids =
        pairs.iter().filter_map(|pair| whose(pair, 0).filter(|id| whose(pair, 1).as_ref() == Some(id)));
    Ok(ids.find(|id| of(id) == 1))
}

/// An import of customers has everybody looked at again.
async fn look_again(browser: &Browser, customers: &str) -> Result<()> {
    let body = json!({"content": customers, "file_name": "customers.csv", "mapping": {}, "settings": {}});
    let report = browser.call("POST", "/api/v1/customers/import", body).await?;
    ensure!(report["new"] == 1, "the report says {report}");
    Ok(())
}

/// How many pairs of accounts stand so.
async fn pairs(browser: &Browser, state: &str) -> Result<u64> {
    let page = browser.get(&format!("/api/v1/kin?state={state}")).await?;
    page["total"].as_u64().context("a page of pairs")
}
