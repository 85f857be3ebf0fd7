//! One stylesheet from those that the page names, in their order: the design system's trimmed to what is used, the
//! project's own whole; fonts and pictures that stay are packed beside it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::css::{self, Node};
use super::pack::Pack;
use super::page::{Asset, Page};
use super::trim::{Known, trim};
use crate::workspace;

/// Stylesheets below this folder are other people's and are trimmed.
const FOREIGN: &str = "target/npm/";

/// Bundles the page's styles into the pack; gives the path of the stylesheet in it.
///
/// # Errors
/// When a stylesheet, or a file that it names, cannot be read.
pub fn bundle(page: &Page<'_>, wasm: &[u8], pack: &mut Pack) -> Result<String> {
    let root = workspace::root();
    let mut names = wasm.to_vec();
    names.extend_from_slice(&std::fs::read(root.join("index.html"))?);
    let mut sheets: Vec<(PathBuf, bool, String)> = Vec::new();
    for asset in page.assets() {
        if let Asset::Script(path) = asset {
            names.extend_from_slice(
                &std::fs::read(root.join(path)).with_context(|| format!("cannot read {path}"))?,
            );
        }
        if let Asset::Style(path) = asset {
            let text =
                std::fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))?;
            sheets.push((root.join(path), path.starts_with(FOREIGN), text));
        }
    }
    for (_, _, own) in sheets.iter().filter(|(_, foreign, _)| !foreign) {
        names.extend_from_slice(own.as_bytes());
    }
    let known = Known::new(&names);

    let mut out = String::new();
    for (path, foreign, text) in &sheets {
        let mut nodes = css::parse(text);
        if *foreign {
            nodes = trim(nodes, &known);
        }
        pack_urls(&mut nodes, path.parent().context("a stylesheet lies in a folder")?, pack)?;
        out.push_str(&css::print(&nodes));
    }
    Ok(pack.add_hashed("styles.css", out.into_bytes()))
}

/// Packs every file that a `url()` names and writes its new name; the stylesheet lies in the same folder.
fn pack_urls(nodes: &mut [Node], folder: &Path, pack: &mut Pack) -> Result<()> {
    for node in nodes {
        match node {
            Node::Block { body, .. } => pack_urls(body, folder, pack)?,
            Node::Declaration { value, .. } if value.contains("url(") => {
                *value = with_packed_urls(value, folder, pack)?
            }
            _ => {}
        }
    }
    Ok(())
}

fn with_packed_urls(value: &str, folder: &Path, pack: &mut Pack) -> Result<String> {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("url(") {
        let start = at + "url(".len();
        let end = start + rest[start..].find(')').context("a url() does not end")?;
        let name = rest[start..end].trim().trim_matches(['"', '\'']);
        out.push_str(&rest[..at]);
        if name.starts_with("data:") || name.starts_with('#') {
            out.push_str(&rest[at..=end]);
        } else {
            let file = folder.join(name);
            let bytes =
                std::fs::read(&file).with_context(|| format!("a stylesheet names {}", file.display()))?;
            let base = name.rsplit('/').next().unwrap_or(name);
            let packed = pack.add_hashed(base, bytes);
            out.push_str(&format!("url({})", packed.rsplit('/').next().unwrap_or(&packed)));
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
