//! Who could be asked for a referral, and their export.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::browser::Browser;

/// The list shows people with reasons; its export is a CSV file that a spreadsheet can open without running anything.
pub async fn are_exported(browser: &Browser) -> Result<()> {
    browser.go("/promoters").await?;
    browser.css("[data-testid=\"promoter\"]").await?;
    browser.find("promoters-export-csv").await?.click().await?;
    let downloads = browser.downloads();
    let saved = || {
        let files = std::fs::read_dir(&downloads).into_iter().flatten().flatten().map(|entry| entry.path());
        files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "csv"))
    };
    browser.until("the file is saved", Duration::from_secs(20), async || Ok(saved().is_some())).await?;
    let text = std::fs::read_to_string(saved().context("the file was there")?)?;
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    ensure!(header.contains("name"), "the first line names the columns: {header:?}");
    ensure!(lines.next().is_some(), "the file holds promoters");
    for cell in text.lines().flat_map(|line| line.split(',')) {
        ensure!(
            !cell.trim_matches('"').starts_with(['=', '@']),
            "a cell that a spreadsheet would run: {cell:?}"
        );
    }
    Ok(())
}
