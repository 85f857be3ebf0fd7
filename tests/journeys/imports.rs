//! Imports: customers and their orders from files as a till writes them, seen through before anything is stored.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::browser::Browser;
use crate::{entrance, looks};

const CUSTOMERS: &str = "Number,Name,E-mail,Town\n7,Ines Larkfield,ines@post.example,Farbridge\n\
                         8,Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft,donau@post.example,Wexholme\n9,,nobody@post.example,\n";
const ORDERS: &str =
    "Order no;Customer no;Date;Amount;Till\nA-1;7;2026-11-02;41,50;2\nA-2;8;2026-11-03;12,00;1\n";

/// On a service of its own.
pub async fn are_seen_through(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, import).await
}

async fn import(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    browser.visit(&format!("{address}/customers/import")).await?;
    choose(browser, "#import-customers", "customers.csv", CUSTOMERS).await?;
    let faults = browser.text("import-faults").await?;
    ensure!(faults.contains("Line 4"), "the line without a name is told: {faults}");
    looks::both(browser, "import-customers").await?;
    take(browser).await?;

    browser.reload().await?;
    browser.css("#import-what option[value=\"orders\"]").await?.click().await?;
    choose(browser, "#import-orders", "orders.csv", ORDERS).await?;
    looks::both(browser, "import-orders").await?;
    take(browser).await?;
    looks::both(browser, "import-done").await?;

    // A name may be as long as it is, on a phone, too.
    browser.visit(&format!("{address}/customers?q=Donau")).await?;
    browser.find("customer-row").await?;
    looks::both(browser, "customers-long-name").await?;
    browser.css("[data-testid=\"customer-row\"] a").await?.click().await?;
    browser.find("page-customer").await?;
    looks::both(browser, "customer-long-name").await?;
    browser.find("record-join").await?.click().await?;
    browser.css("[data-testid=\"customer-picker\"] .gw-rows").await?;
    looks::both(browser, "customer-picker").await?;

    // What was bought is told with what it was paid in, as this browser writes amounts.
    let found = browser.get("/api/v1/customers?q=Larkfield").await?;
    let id = found["items"][0]["customer"]["id"].as_str().context("the customer")?.to_owned();
    browser.visit(&format!("{address}/customers/{id}")).await?;
    let story = browser.text("customer-timeline").await?;
    ensure!(story.contains("A-1") && story.contains("€41.50"), "the order with its currency: {story}");
    ensure!(story.contains("2 November") && !story.contains("00:00"), "a day without an hour: {story}");
    Ok(())
}

/// Chooses a file and waits until the page tells what would happen.
async fn choose(browser: &Browser, field: &str, name: &str, text: &str) -> Result<()> {
    let file = browser.downloads().join(name);
    std::fs::write(&file, text)?;
    browser.type_into(field, file.to_str().context("a plain path")?).await?;
    browser.css(".gw-mapping select").await?;
    Ok(())
}

/// Imports what is shown.
async fn take(browser: &Browser) -> Result<()> {
    browser.find("import-go").await?.click().await?;
    let done = async || Ok(browser.text("import-done").await?.contains('2'));
    browser.until("two rows are imported", Duration::from_secs(20), done).await
}
