//! `cargo xtask bench identity`: how well authors are recognised as customers, on made-up customers of ten languages and on the
//! public febrl records, beside rapidfuzz and Splink on the same files in the same run. Goodword's half and the making of the
//! files are `collector/benches/identity.rs`, the others' half is `xtask/bench/identity.py`.

use std::process::Command;

use anyhow::Result;

use super::python;
use crate::process::cargo;
use crate::steps::Lane;
use crate::workspace;

/// What is compared with.
const PACKAGES: &[&str] = &["rapidfuzz==3.14.6", "splink==5.0.0", "pandas==2.3.3", "recordlinkage==0.16"];
/// Customers beyond which Splink is not asked.
const SPLINK_MOST: usize = 100_000;

/// Measures and prints. Arguments are numbers of customers; 10000, 100000 and 1000000 where there are none.
///
/// # Errors
/// When something cannot be built or installed, or a program fails.
pub fn run(lane: &Lane<'_>, args: &[String]) -> Result<()> {
    let python = python::environment(lane, "identity", PACKAGES)?;
    let folder = workspace::target().join("bench-identity");
    let mut sizes: Vec<usize> = args.iter().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    let ours = |what: &[String]| {
        let mut bench = cargo();
        bench.args(["bench", "--quiet", "--package", "goodword", "--bench", "identity", "--"]).args(what);
        lane.run(&mut bench)
    };
    let place = folder.display().to_string();
    let mut asked = vec![place.clone()];
    asked.extend(sizes.iter().map(usize::to_string));
    ours(&asked)?;
    let script = python::script("identity.py");
    let theirs = |what: &str, folder: &str| lane.run(Command::new(&python).arg(&script).args([what, folder]));
    println!("\nOthers, at the threshold that gives them the largest recall with a precision of .95:\n");
    println!("| program | customers | precision | recall | F1 | ms a mention |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for size in sizes {
        for kind in ["names", "evidence"] {
            let files = folder.join(format!("{size}-{kind}"));
            if !files.is_dir() {
                continue;
            }
            let files = files.display().to_string();
            theirs("rapidfuzz", &files)?;
            if size <= SPLINK_MOST {
                theirs("splink", &files)?;
            }
        }
    }
    println!("\nThe febrl sets (each original a customer, each duplicate an author with a town):\n");
    theirs("febrl", &place)?;
    let mut asked = vec!["read".to_owned()];
    asked.extend((1..=4).map(|set| folder.join(format!("febrl{set}")).display().to_string()));
    ours(&asked)
}
