//! Every page in light and dark, wide and on a phone: pictures for people to look at, and the accessibility checker.

use anyhow::{Context, Result, bail};

use crate::axe;
use crate::browser::{Browser, Width};

/// Every page by its name and path; each marks its finished state with `data-testid="page-NAME"`.
const PAGES: [(&str, &str); 8] = [
    ("today", "/"),
    ("recovery", "/recovery"),
    ("promoters", "/promoters"),
    ("mentions", "/mentions"),
    ("customers", "/customers"),
    ("sources", "/sources"),
    ("alerts", "/alerts"),
    ("settings", "/settings"),
];

/// Takes the pictures, and checks each page in both themes and widths. All findings are told at once.
pub async fn every_page(browser: &Browser) -> Result<()> {
    let mut findings = Vec::new();
    let mut missing = Vec::new();
    for (dark, theme) in [(false, "light"), (true, "dark")] {
        browser.prefer_dark(dark).await?;
        for (width, size) in [(Width::Wide, "wide"), (Width::Phone, "phone")] {
            browser.resize(width).await?;
            for (name, path) in PAGES {
                // A page that never appears once will not appear in other colours.
                if missing.contains(&name) {
                    continue;
                }
                let title = format!("{name}-{theme}-{size}");
                let looked = async {
                    browser.go(path).await?;
                    if let Err(error) = browser.find(&format!("page-{name}")).await {
                        missing.push(name);
                        return Err(error);
                    }
                    browser.screenshot(&title).await?;
                    fits(browser, &title).await?;
                    axe::check(browser, &title).await
                };
                if let Err(error) = looked.await.with_context(|| title.clone()) {
                    findings.push(format!("{error:#}"));
                }
            }
        }
    }
    if findings.is_empty() { Ok(()) } else { bail!("{}", findings.join("\n")) }
}

/// Nothing is wider than the window: a page that scrolls sideways cannot be used with a thumb.
async fn fits(browser: &Browser, title: &str) -> Result<()> {
    let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let excess = browser.script(script, vec![]).await?.as_i64().context("a number")?;
    if excess > 0 {
        bail!("{title}: the page is {excess} pixels wider than the window")
    }
    Ok(())
}
