//! The page that starts the dashboard: the repository's `index.html`, which trunk understands, with its
//! `data-trunk` elements replaced by what has been built.
//!
//! Knows the page's text only; the files it names are made by others.

use anyhow::{Context, Result, bail};

/// What one `data-trunk` element asks for.
#[derive(Debug, PartialEq)]
pub enum Asset {
    /// The wasm program.
    Program,
    /// A stylesheet; all of them become one file, in the page's order. The path is relative to the repository.
    Style(String),
    /// A script that is to run before the program, such as one that sets the theme.
    Script(String),
    /// The page's icon.
    Icon(String),
    /// A file to be served under its own name, such as a web manifest.
    Copy(String),
    /// Something that only `trunk serve` needs.
    OnlyTrunk,
}

/// The page in pieces: text to keep, and elements to replace.
pub struct Page<'a> {
    pieces: Vec<Piece<'a>>,
}

enum Piece<'a> {
    Text(&'a str),
    Asset(Asset),
}

impl<'a> Page<'a> {
    /// Reads the page.
    ///
    /// # Errors
    /// When a `data-trunk` element is of a kind that this build does not know.
    pub fn parse(html: &'a str) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            if rest[at..].starts_with("<!--") {
                let end = rest[at..].find("-->").context("index.html: a comment does not end")?;
                pieces.push(Piece::Text(rest[..at].trim_end_matches(' ')));
                rest = &rest[at + end + 3..];
                continue;
            }
            let end = at + rest[at..].find('>').context("index.html: an element does not end")? + 1;
            let tag = &rest[at..end];
            if attribute(tag, "data-trunk").is_none() {
                pieces.push(Piece::Text(&rest[..end]));
                rest = &rest[end..];
                continue;
            }
            pieces.push(Piece::Text(&rest[..at]));
            pieces.push(Piece::Asset(asset(tag)?));
            rest = rest[end..].strip_prefix("</script>").unwrap_or(&rest[end..]);
        }
        pieces.push(Piece::Text(rest));
        Ok(Self { pieces })
    }

    /// What the page asks for, in its order.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Asset(asset) => Some(asset),
            Piece::Text(_) => None,
        })
    }

    /// The finished page; `write` gives the HTML that stands for an element.
    pub fn finish(&self, mut write: impl FnMut(&Asset) -> String) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Asset(asset) => out.push_str(&write(asset)),
            }
        }
        let lines = out.lines().map(str::trim_end).filter(|line| !line.is_empty());
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

fn asset(tag: &str) -> Result<Asset> {
    let path = |name| {
        let path = attribute(tag, name).with_context(|| format!("index.html: {tag} has no {name}"))?;
        anyhow::Ok(path.trim_start_matches("./").to_owned())
    };
    if tag.starts_with("<script") {
        return Ok(Asset::Script(path("src")?));
    }
    Ok(match attribute(tag, "rel").unwrap_or_default() {
        "rust" => Asset::Program,
        "css" => Asset::Style(path("href")?),
        "icon" => Asset::Icon(path("href")?),
        "copy-file" => Asset::Copy(path("href")?),
        "copy-dir" => Asset::OnlyTrunk,
        other => bail!("index.html: this build does not know rel={other:?} in {tag}"),
    })
}

/// The value of an attribute; empty for one without a value.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    rest = rest.split_once(char::is_whitespace)?.1;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let found = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| "\"'".contains(*c));
            let (start, stop) = match quote {
                Some(quote) => (1, after[1..].find(quote)? + 1),
                None => (0, after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = &after[start..stop];
            rest = &after[(stop + usize::from(quote.is_some())).min(after.len())..];
        }
        if found == name {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html>\n<head>\n  <!-- <link data-trunk rel=\"x\"> -->\n  \
        <link data-trunk rel=\"css\" href=\"./a.css\" />\n  <link data-trunk rel=rust href=frontend/Cargo.toml>\n  \
        <script data-trunk src='theme.js'></script>\n  <meta name=x content=\"a > b\">\n</head>";

    #[test]
    fn finds_what_the_page_asks_for() {
        let page = Page::parse(PAGE).unwrap();
        let assets: Vec<_> = page.assets().collect();
        assert_eq!(
            assets,
            [&Asset::Style("a.css".into()), &Asset::Program, &Asset::Script("theme.js".into())]
        );
    }

    #[test]
    fn replaces_elements_and_drops_comments() {
        let html = Page::parse(PAGE)
            .unwrap()
            .finish(|asset| if *asset == Asset::Program { "<b>".into() } else { String::new() });
        assert_eq!(html, "<!doctype html>\n<head>\n  <b>\n  <meta name=x content=\"a > b\">\n</head>\n");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(Page::parse("<link data-trunk rel=\"sass\" href=\"a.scss\">").is_err());
    }
}
