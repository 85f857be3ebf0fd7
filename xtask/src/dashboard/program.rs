//! The dashboard's program: compiled by cargo, bound to JavaScript by wasm-bindgen, made smaller by wasm-opt.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::machine::wasm::{Compiler, TARGET};
use crate::process;
use crate::steps::Lane;
use crate::workspace;

/// The package and the profile that the browser gets.
const PACKAGE: &str = "goodword-dashboard";
/// The cargo profile for the browser, in the root `Cargo.toml`.
pub const PROFILE: &str = "browser";

/// The names of the files inside the program's folder.
pub const WASM: &str = "dashboard_bg.wasm";
/// The JavaScript that wasm-bindgen writes.
pub const GLUE: &str = "dashboard.js";
/// The module that starts it all.
pub const START: &str = "start.js";

/// Starts the program. It is a file of its own rather than a script inside the page, and it sets styles through
/// the object model rather than as attributes, because the content security policy forbids both other ways.
const START_MODULE: &str = "\
import start from './dashboard.js';
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (name === 'style') this.style.cssText = value;
  else setAttribute.call(this, name, value);
};
start({ module_or_path: new URL('dashboard_bg.wasm', import.meta.url) }).catch((error) => {
  console.error(error);
  document.body.textContent = 'Goodword could not start in this browser: ' + error;
});
";

/// The program as a browser can load it.
pub struct Bound {
    /// The wasm module.
    pub wasm: Vec<u8>,
    glue: String,
    snippets: Vec<(String, Vec<u8>)>,
}

impl Bound {
    /// All files, by their path inside the program's folder.
    pub fn into_files(self) -> Vec<(String, Vec<u8>)> {
        let mut files = self.snippets;
        files.push((WASM.to_owned(), self.wasm));
        files.push((GLUE.to_owned(), self.glue.into_bytes()));
        files.push((START.to_owned(), START_MODULE.as_bytes().to_vec()));
        files
    }
}

/// Has cargo compile the program; cargo decides whether there is anything to do.
///
/// # Errors
/// When it does not compile.
pub fn compile(lane: &Lane<'_>, compiler: &Compiler) -> Result<Vec<u8>> {
    let mut cargo = compiler.cargo();
    cargo.args(["build", "--quiet", "--profile", PROFILE, "--target", TARGET, "--package", PACKAGE]);
    cargo.args(["--config", &without_paths()]);
    lane.run(&mut cargo)?;
    let file = workspace::target().join(TARGET).join(PROFILE).join(format!("{PACKAGE}.wasm"));
    std::fs::read(&file).with_context(|| format!("cargo did not write {}", file.display()))
}

/// Has the compiler leave out where this machine keeps the sources of dependencies: the places named by panics are sent to every
/// browser, and say enough without.
fn without_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let folders = std::fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    let flags: Vec<String> =
        folders.map(|folder| format!("'--remap-path-prefix={}/='", folder.path().display())).collect();
    format!("target.{TARGET}.rustflags=[{}]", flags.join(","))
}

/// Writes the JavaScript that the program needs, and makes the program smaller.
///
/// # Errors
/// When the program was made by another version of wasm-bindgen, or wasm-opt fails.
pub fn bind(lane: &Lane<'_>, wasm: Vec<u8>, modules: &Path) -> Result<Bound> {
    let folder = workspace::own_folder().join("bound");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("dashboard", wasm).web(true)?.typescript(false).remove_producers_section(true);
    bindgen.generate(&folder).context("wasm-bindgen")?;

    let plain = folder.join(WASM);
    let small = folder.join("small.wasm");
    if optimise(lane, &plain, &small, modules)? {
        std::fs::rename(&small, &plain)?;
    }
    let glue = std::fs::read_to_string(folder.join(GLUE))?;
    let mut snippets = Vec::new();
    collect(&folder.join("snippets"), "snippets", &mut snippets)?;
    // wasm-bindgen writes those of every crate that was linked, also where nothing of it is left.
    snippets.retain(|(path, _)| glue.contains(path.as_str()));
    Ok(Bound { wasm: std::fs::read(&plain)?, glue, snippets })
}

/// Runs binaryen's wasm-opt from npm; `false` where node is missing and the program stays as it is.
fn optimise(lane: &Lane<'_>, input: &Path, output: &Path, modules: &Path) -> Result<bool> {
    let tool = modules.join("binaryen/bin/wasm-opt");
    if process::find("node").is_none() || !tool.is_file() {
        lane.say("without node there is no wasm-opt: the program stays about a quarter larger");
        return Ok(false);
    }
    let mut node = Command::new("node");
    // The stack lies lowest in memory, so that nothing else is ever in its last kilobyte; and memory starts as zeros.
    node.arg(tool).args(["--low-memory-unused", "--zero-filled-memory"]);
    node.arg("-Oz").arg(input).arg("-o").arg(output);
    // What the compiler uses by default for this target, and what wasm-bindgen adds.
    for feature in [
        "bulk-memory",
        "multivalue",
        "mutable-globals",
        "nontrapping-float-to-int",
        "reference-types",
        "sign-ext",
    ] {
        node.arg(format!("--enable-{feature}"));
    }
    lane.run(&mut node)?;
    if std::fs::metadata(output)?.len() > std::fs::metadata(input)?.len() {
        bail!("wasm-opt made the program larger");
    }
    Ok(true)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.push((path, std::fs::read(entry.path())?));
        }
    }
    // The folder's order is the file system's; the hash must not depend on it.
    files.sort();
    Ok(())
}
