//! Lists the finished dashboard for `api/dashboard.rs` to embed: every file with its compressed copies.
//!
//! Looks into `target/dashboard`, which `cargo xtask` fills, or into the folder that `GOODWORD_DASHBOARD` names.
//! An empty folder is no error: the binary then says how to get the dashboard.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GOODWORD_DASHBOARD");
    let folder = match std::env::var_os("GOODWORD_DASHBOARD") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
            let folder = Path::new(&package).join("../target/dashboard");
            // Cargo holds a folder that is not there for changed at every build.
            std::fs::create_dir_all(&folder).expect("the target folder can be written");
            folder.canonicalize().expect("it was created a moment ago")
        }
    };
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut files = Vec::new();
    list(&folder, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in files.iter().filter(|file| !is_compressed(file)) {
        let path =
            file.strip_prefix(&folder).expect("it was found there").to_string_lossy().replace('\\', "/");
        let plain = file.to_string_lossy();
        write!(code, "    Asset {{ path: {path:?}, plain: include_bytes!({plain:?}), ")
            .expect("a string takes all");
        for (field, ending) in [("brotli", "br"), ("gzip", "gz")] {
            let copy = PathBuf::from(format!("{plain}.{ending}"));
            let value = match files.binary_search(&copy) {
                Ok(_) => format!("Some(include_bytes!({:?}))", copy.to_string_lossy()),
                Err(_) => "None".to_owned(),
            };
            write!(code, "{field}: {value}, ").expect("a string takes all");
        }
        code.push_str("},\n");
    }
    code.push_str("]\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo names the output folder");
    std::fs::write(Path::new(&out).join("dashboard.rs"), code).expect("the output folder can be written");
}

fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "br" || ending == "gz")
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}
