//! Accessibility: the axe checker, from the npm packages that xtask installs, run in the page.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::browser::Browser;

/// Checks the page as it is now.
///
/// # Errors
/// When anything serious or critical is found; the message names each rule and the elements that break it.
pub async fn check(browser: &Browser) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/npm/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&file)
        .with_context(|| format!("reading {} (`cargo xtask setup` fetches it)", file.display()))?;
    browser.script(&source, vec![]).await?;
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']})
            .then(result => done(result.violations.map(v => [v.impact, v.id, v.help, v.nodes.map(n => n.html + ' ' + n.failureSummary)])))
            .catch(error => done('' + error));";
    let found = browser.script_async(script, vec![]).await?;
    let Value::Array(violations) = found else { bail!("axe failed: {found}") };
    let grave = violations.iter().filter(|one| one[0] == "serious" || one[0] == "critical");
    let lines: Vec<String> = grave
        .map(|one| {
            let places = one[3].as_array().into_iter().flatten().take(3);
            let places: Vec<&str> = places.filter_map(Value::as_str).collect();
            format!("{} ({}): {}", one[2].as_str().unwrap_or_default(), one[1], places.join(" | "))
        })
        .collect();
    if lines.is_empty() { Ok(()) } else { bail!("not accessible: {}", lines.join("\n    ")) }
}
