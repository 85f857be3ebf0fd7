//! Every page in light and dark, wide and on a phone: pictures for people to look at, the accessibility checker, and
//! nothing that scrolls sideways.

use anyhow::{Context, Result, bail};

use crate::axe;
use crate::browser::{Browser, Width};

/// Every page by its name and path; each marks its finished state with `data-testid="page-NAME"`.
const PAGES: [(&str, &str); 12] = [
    ("today", "/"),
    ("recovery", "/recovery"),
    ("promoters", "/promoters"),
    ("mentions", "/mentions"),
    ("customers", "/customers"),
    ("matches", "/customers/matches"),
    ("strangers", "/customers/strangers"),
    ("insights", "/insights"),
    ("sources", "/sources"),
    ("source-add", "/sources/add"),
    ("alerts", "/alerts"),
    ("settings", "/settings"),
];

/// In daylight on a laptop; accessibility is checked here and at the other extreme.
pub async fn light_and_wide(browser: &Browser) -> Result<()> {
    every_page(browser, false, Width::Wide, true).await
}

/// In daylight on a phone.
pub async fn light_on_a_phone(browser: &Browser) -> Result<()> {
    every_page(browser, false, Width::Phone, false).await
}

/// At night on a laptop.
pub async fn dark_and_wide(browser: &Browser) -> Result<()> {
    every_page(browser, true, Width::Wide, false).await
}

/// At night on a phone.
pub async fn dark_on_a_phone(browser: &Browser) -> Result<()> {
    every_page(browser, true, Width::Phone, true).await
}

/// Looks at every page; all findings are told at once.
async fn every_page(browser: &Browser, dark: bool, width: Width, accessible: bool) -> Result<()> {
    browser.prefer_dark(dark).await?;
    browser.resize(width).await?;
    let theme = if dark { "dark" } else { "light" };
    let size = match width {
        Width::Phone => "phone",
        Width::Wide => "wide",
    };
    let mut findings = Vec::new();
    for (name, path) in PAGES {
        let title = format!("{name}-{theme}-{size}");
        let looked = async {
            browser.go(path).await?;
            browser.find(&format!("page-{name}")).await?;
            browser.screenshot(&title).await?;
            fits(browser).await?;
            if accessible { axe::check(browser).await } else { Ok(()) }
        };
        if let Err(error) = looked.await.with_context(|| title.clone()) {
            findings.push(format!("{error:#}"));
        }
    }
    if findings.is_empty() { Ok(()) } else { bail!("{}", findings.join("\n    ")) }
}

/// Wide by day and on a phone by night, with the accessibility checker and nothing that scrolls sideways.
pub async fn both(browser: &Browser, name: &str) -> Result<()> {
    browser.screenshot(&format!("{name}-light-wide")).await?;
    axe::check(browser).await.with_context(|| name.to_owned())?;
    browser.prefer_dark(true).await?;
    browser.resize(Width::Phone).await?;
    browser.screenshot(&format!("{name}-dark-phone")).await?;
    axe::check(browser).await.with_context(|| format!("{name} at night on a phone"))?;
    fits(browser).await.with_context(|| name.to_owned())?;
    browser.prefer_dark(false).await?;
    browser.resize(Width::Wide).await
}

/// Nothing is wider than the window: a page that scrolls sideways cannot be used with a thumb.
async fn fits(browser: &Browser) -> Result<()> {
    let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let excess = browser.script(script, vec![]).await?.as_i64().context("a number")?;
    if excess > 0 {
        bail!("the page is {excess} pixels wider than the window")
    }
    Ok(())
}
