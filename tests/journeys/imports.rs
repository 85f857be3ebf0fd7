//! Imports: customers and their orders from files as a till writes them, seen through before anything is stored.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::browser::Browser;
use crate::{entrance, looks};

const CUSTOMERS: &str = "Number,Name,E-mail,Town\n7,Ines Larkfield,ines@post.example,Farbridge\n\
                         8,Bruno Hazelgate,bruno@post.example,Wexholme\n9,,nobody@post.example,\n";
const ORDERS: &str =
    "Order no;Customer no;Day;Amount;Till\nA-1;7;2026-11-02;41,50;2\nA-2;8;2026-11-03;12,00;1\n";

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
    looks::both(browser, "import-done").await
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
