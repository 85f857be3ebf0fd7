//! From the `frontend` package to files that can be served: compile, bind, optimise, style, pack.
//!
//! The result lies in `target/dashboard`, where the collector's build script finds it.

mod css;
mod pack;
mod page;
mod program;
mod styles;
mod trim;

use std::path::Path;

use anyhow::{Context, Result, bail};
use page::{Asset, Page};

use crate::machine::{npm, wasm};
use crate::steps::Lane;
use crate::workspace;
use pack::{Pack, Sizes};

/// What wasm, scripts and styles may weigh together, in bytes as brotli sends them.
const BUDGET: usize = 450_000;

/// Builds the dashboard unless nothing has changed since the last time.
///
/// # Errors
/// When a tool is missing, the program does not compile, or the result is over its budget.
pub fn build(lane: &Lane<'_>) -> Result<()> {
    let compiler = wasm::Compiler::find_or_make(lane)?;
    build_with(lane, &compiler)
}

/// The same with a compiler that was found before.
pub fn build_with(lane: &Lane<'_>, compiler: &wasm::Compiler) -> Result<()> {
    let modules = npm::install(lane)?;
    let wasm = lane.step("Compile the dashboard for the browser", || program::compile(lane, compiler))?;
    let root = workspace::root();
    let html = std::fs::read_to_string(root.join("index.html")).context("cannot read index.html")?;
    let page = Page::parse(&html)?;

    let key = key(&wasm, &html, &page)?;
    let stamp = workspace::own_folder().join("dashboard.key");
    let folder = workspace::dashboard();
    if folder.join("index.html").is_file() && std::fs::read_to_string(&stamp).is_ok_and(|found| found == key)
    {
        lane.say("the dashboard is as it was");
        return Ok(());
    }
    let bound = lane.step("Bind and optimise the wasm program", || program::bind(lane, wasm, &modules))?;
    lane.step("Pack the dashboard: styles, hashed names, brotli and gzip", || {
        let sizes = pack_all(&page, bound, &folder)?;
        report(lane, &sizes)?;
        std::fs::create_dir_all(workspace::own_folder())?;
        std::fs::write(&stamp, key).context("cannot write the stamp")
    })
}

/// A hash of everything that the packed dashboard is made from.
fn key(wasm: &[u8], html: &str, page: &Page<'_>) -> Result<String> {
    let root = workspace::root();
    let mut parts = vec![wasm.to_vec(), html.as_bytes().to_vec()];
    parts.push(std::fs::read(root.join("xtask/npm/package-lock.json"))?);
    let own = std::fs::metadata(std::env::current_exe()?)?;
    parts.push(format!("{} {:?}", own.len(), own.modified()?).into_bytes());
    for asset in page.assets() {
        if let Asset::Style(path) | Asset::Script(path) | Asset::Icon(path) | Asset::Copy(path) = asset {
            parts.push(read(root, path)?);
        }
    }
    Ok(pack::hash(parts.iter().map(Vec::as_slice)))
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>> {
    std::fs::read(root.join(path)).with_context(|| format!("index.html names {path}, which cannot be read"))
}

fn pack_all(page: &Page<'_>, bound: program::Bound, folder: &Path) -> Result<Vec<Sizes>> {
    let root = workspace::root();
    let mut pack = Pack::default();
    let style = styles::bundle(page, &bound.wasm, &mut pack)?;
    let program = pack.add_folder("dashboard", bound.into_files());
    let mut problem = None;
    let mut written_style = false;
    let html = page.finish(|asset| match asset {
        Asset::Program => format!(
            "<link rel=\"preload\" href=\"/{program}/{}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n    \
             <link rel=\"modulepreload\" href=\"/{program}/{}\">\n    \
             <script type=\"module\" src=\"/{program}/{}\"></script>",
            program::WASM,
            program::GLUE,
            program::START
        ),
        Asset::Style(_) if written_style => String::new(),
        Asset::Style(_) => {
            written_style = true;
            format!("<link rel=\"stylesheet\" href=\"/{style}\">")
        }
        Asset::OnlyTrunk => String::new(),
        Asset::Script(path) | Asset::Icon(path) | Asset::Copy(path) => {
            let bytes = read(root, path).unwrap_or_else(|error| {
                problem = Some(error);
                Vec::new()
            });
            let name = path.rsplit('/').next().unwrap_or(path);
            match asset {
                Asset::Copy(_) => {
                    pack.add(name, bytes);
                    String::new()
                }
                Asset::Script(_) => format!("<script src=\"/{}\"></script>", pack.add_hashed(name, bytes)),
                _ => format!("<link rel=\"icon\" href=\"/{}\">", pack.add_hashed(name, bytes)),
            }
        }
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    pack.add("index.html", html.into_bytes());
    pack.write(folder)
}

/// Prints what everything weighs and compares it with the budget.
fn report(lane: &Lane<'_>, sizes: &[Sizes]) -> Result<()> {
    lane.say(format!("{:>9} {:>9} {:>9}", "raw", "gzip", "brotli"));
    let mut total = 0;
    for file in sizes {
        lane.say(format!("{:>9} {:>9} {:>9}  {}", file.raw, file.gzip, file.brotli, file.path));
        if ["wasm", "js", "css"].iter().any(|ending| file.path.ends_with(ending)) {
            total += file.brotli;
        }
    }
    lane.say(format!("wasm, scripts and styles: {total} bytes as brotli, of {BUDGET} allowed"));
    if total > BUDGET {
        bail!("the dashboard weighs {total} bytes (brotli); the budget is {BUDGET}");
    }
    Ok(())
}
