//! A compiler that can build for the browser.
//!
//! In this order: the active toolchain, if it has the target; a private toolchain made earlier; the target added
//! by rustup (left out with `GOODWORD_NO_RUSTUP=1`); a private toolchain made from Debian's packages, for machines
//! that reach package registries only. The private one lives in the user's cache and is used by its path, so
//! nothing is installed and no toolchain of the user's is touched.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine::packages;
use crate::process::{self, cargo, plain_cargo};
use crate::steps::Lane;
use crate::workspace;

/// The name of the browser's target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may try to download the target's library.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// Which toolchain builds for the browser.
pub enum Compiler {
    /// The one that built this program.
    Active,
    /// A private one, in this folder.
    Private(PathBuf),
}

impl Compiler {
    /// Finds a compiler with the browser target, or makes one.
    ///
    /// # Errors
    /// When there is none and none can be made; the message names the command that helps.
    pub fn find_or_make(lane: &Lane<'_>) -> Result<Self> {
        if active_has_target() {
            return Ok(Self::Active);
        }
        if let Some(folder) = finished_private() {
            return Ok(Self::Private(folder));
        }
        if std::env::var_os("GOODWORD_NO_RUSTUP").is_none() && process::find("rustup").is_some() {
            let added = lane
                .step("Add the browser target to the compiler (rustup target add)", || add_by_rustup(lane));
            match added {
                Ok(()) => return Ok(Self::Active),
                Err(error) => lane.say(format!("rustup could not add it: {error:#}")),
            }
        }
        let tools = ["apt-get", "apt-cache", "dpkg-deb", "rustup"];
        if let Some(missing) = tools.into_iter().find(|tool| process::find(tool).is_none()) {
            bail!(
                "the compiler has no {TARGET} target: run `rustup target add {TARGET}` \
                 (it cannot be made from Debian's packages here, because {missing} is missing)"
            );
        }
        lane.step("Make a compiler for the browser from Debian's packages (about two minutes, once)", || {
            make_private(lane).map(Self::Private)
        })
    }

    /// Cargo with this compiler; the caller adds the command and `--target`.
    pub fn cargo(&self) -> Command {
        match self {
            Self::Active => cargo(),
            Self::Private(folder) => {
                let mut command = plain_cargo();
                command.env("RUSTUP_TOOLCHAIN", folder);
                command
            }
        }
    }

    /// Whether clippy can be run with this compiler.
    pub fn has_clippy(&self) -> bool {
        match self {
            Self::Active => process::output(cargo().args(["clippy", "-V"])).is_ok(),
            Self::Private(folder) => folder.join("bin/clippy-driver").is_file(),
        }
    }
}

fn active_has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let found = process::output(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]));
    found.is_ok_and(|folder| holds_std(Path::new(&folder)))
}

fn holds_std(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn toolchains() -> Result<PathBuf> {
    Ok(workspace::cache()?.join("toolchains"))
}

/// A private toolchain that was made to the end: it is moved to its final name as the last thing.
fn finished_private() -> Option<PathBuf> {
    let entries = std::fs::read_dir(toolchains().ok()?).ok()?;
    let folders = entries.flatten().map(|entry| entry.path());
    folders
        .filter(|folder| folder.extension().is_none_or(|end| end != "new"))
        .filter(|folder| holds_std(&folder.join("lib/rustlib").join(TARGET).join("lib")))
        .max()
}

/// Lets rustup try, with a limit: a machine that does not reach its server must not hang here.
fn add_by_rustup(lane: &Lane<'_>) -> Result<()> {
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "0").stdin(Stdio::null());
    if let Some((_, log)) = lane.log()? {
        command.stdout(log.try_clone()?).stderr(log);
    }
    let mut child = command.spawn().context("cannot start rustup")?;
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() && active_has_target() => return Ok(()),
            Some(status) => bail!("rustup target add {TARGET}: {status}"),
            None if start.elapsed() > RUSTUP_LIMIT => {
                child.kill()?;
                child.wait()?;
                bail!("rustup target add {TARGET}: no answer within {} s", RUSTUP_LIMIT.as_secs());
            }
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Debian's compiler in a private folder, with the browser's standard library compiled once from Debian's copy of
/// its source. Compiler and source must be of one version, so everything follows from what apt offers.
fn make_private(lane: &Lane<'_>) -> Result<PathBuf> {
    let version = offered_version(lane)?;
    let home = toolchains()?;
    let final_folder = home.join(format!("rust-web-{version}"));
    // A folder of this process alone: two checkouts may do this at the same time.
    let work = home.join(format!("rust-web-{version}-{}.new", std::process::id()));
    let made = assemble(lane, &version, &work).and_then(|folder| {
        if final_folder.exists() {
            std::fs::remove_dir_all(&final_folder)?;
        }
        std::fs::rename(folder, &final_folder)?;
        Ok(())
    });
    let _leftovers = std::fs::remove_dir_all(&work);
    made?;
    lane.say(format!("it is in {}", final_folder.display()));
    Ok(final_folder)
}

/// The version of `rustc-web` that apt would install, as `major.minor`; the lists are brought up to date when it
/// offers none.
fn offered_version(lane: &Lane<'_>) -> Result<String> {
    if let Some(version) = candidate()? {
        return Ok(version);
    }
    if let Some(mut update) = packages::as_root("apt-get") {
        lane.run(update.args(["-qq", "update"]))?;
    }
    candidate()?.with_context(|| {
        format!(
            "apt offers no rustc-web: run `rustup target add {TARGET}`, or `sudo apt-get update` on Debian"
        )
    })
}

fn candidate() -> Result<Option<String>> {
    let policy = process::output(Command::new("apt-cache").args(["policy", "rustc-web"]).env("LC_ALL", "C"))?;
    let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "));
    let mut parts = line.unwrap_or_default().split('.');
    Ok(match (parts.next(), parts.next()) {
        (Some(major), Some(minor)) if major.parse::<u32>().is_ok() => Some(format!("{major}.{minor}")),
        _ => None,
    })
}

/// The `libllvm` that this version of the standard library's package depends on.
fn llvm_package(std_package: &str) -> Result<String> {
    let depends =
        process::output(Command::new("apt-cache").args(["depends", std_package]).env("LC_ALL", "C"))?;
    let llvm = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: ").filter(|name| name.starts_with("libllvm")));
    Ok(llvm.with_context(|| format!("{std_package} names no libllvm"))?.to_owned())
}

fn assemble(lane: &Lane<'_>, version: &str, work: &Path) -> Result<PathBuf> {
    let std_package = format!("libstd-rust-web-{version}");
    let llvm = llvm_package(&std_package)?;
    let unpacked = ["rustc-web", &std_package, "libstd-rust-web-dev", &llvm, "rust-web-clippy"];
    let (debs, tree, toolchain) = (work.join("debs"), work.join("tree"), work.join("toolchain"));
    for folder in [&debs, &tree, &toolchain.join("bin"), &toolchain.join("lib/rustlib")] {
        std::fs::create_dir_all(folder)?;
    }

    lane.say("downloading (140 MB)");
    let mut download = Command::new("apt-get");
    download
        .args(["download", "-qq"])
        .args(unpacked)
        .arg("rust-web-src")
        .current_dir(&debs)
        .stderr(Stdio::null());
    process::output(&mut download).context("apt-get download")?;
    for package in unpacked {
        lane.run(Command::new("dpkg-deb").arg("-x").arg(deb(&debs, package)?).arg(&tree))?;
    }
    // Of the source only the library; the rest is ten times as large.
    let mut source = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(deb(&debs, "rust-web-src")?)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut tar = Command::new("tar");
    tar.arg("-x").arg("-C").arg(&tree).args(["--wildcards", "./usr/src/rustc-*/library"]);
    let status = tar.stdin(source.stdout.take().context("dpkg-deb gives no output")?).status()?;
    if !source.wait()?.success() || !status.success() {
        bail!("cannot unpack the library's source");
    }

    let host = host_triple()?;
    let usr = tree.join("usr");
    for program in ["rustc", "rustdoc", "cargo-clippy", "clippy-driver"] {
        std::fs::rename(usr.join("bin").join(program), toolchain.join("bin").join(program))?;
    }
    for entry in std::fs::read_dir(only_child(&usr.join("lib"), "-linux-gnu")?)? {
        let entry = entry?;
        std::fs::rename(entry.path(), toolchain.join("lib").join(entry.file_name()))?;
    }
    let host_library = toolchain.join("lib/rustlib").join(&host);
    std::fs::rename(usr.join("lib/rustlib").join(&host), &host_library)?;
    let base = PathBuf::from(process::output(Command::new("rustc").args(["--print", "sysroot"]))?);
    std::fs::create_dir_all(host_library.join("bin"))?;
    // Without a cargo of its own, rustup would silently use another toolchain's compiler with it.
    std::os::unix::fs::symlink(base.join("bin/cargo"), toolchain.join("bin/cargo"))?;
    let linker = Path::new("lib/rustlib").join(&host).join("bin/rust-lld");
    std::os::unix::fs::symlink(base.join(&linker), toolchain.join(&linker))?;

    let libraries = toolchain.join("lib");
    let compiler = toolchain.join("bin/rustc");
    if process::output(Command::new(&compiler).arg("-V").env("LD_LIBRARY_PATH", &libraries)).is_err() {
        // The compiler's own needs (XML, terminal and compression libraries) come with LLVM's package.
        packages::install(lane, &[&llvm])?;
    }

    lane.say("compiling the browser's standard library");
    let library = only_child(&usr.join("src"), "")?.join("library");
    let target = work.join("target");
    let mut build = plain_cargo();
    build.arg("build").current_dir(&library).args([
        "--manifest-path",
        "sysroot/Cargo.toml",
        "--release",
        "--locked",
    ]);
    build.args(["--target", TARGET, "--no-default-features", "--features", "panic-unwind"]);
    // How the compiler's own build makes this library; all of it stays inside this one command.
    build.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", &compiler).env("LD_LIBRARY_PATH", &libraries);
    build.env("CARGO_TARGET_DIR", &target).env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    build.env("__CARGO_DEFAULT_LIB_METADATA", "web");
    build.env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes -Cdebuginfo=0");
    lane.run(&mut build)?;

    let destination = toolchain.join("lib/rustlib").join(TARGET).join("lib");
    std::fs::create_dir_all(&destination)?;
    for entry in std::fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "rlib") {
            std::fs::copy(&path, destination.join(path.file_name().context("a library has a name")?))?;
        }
    }
    if !holds_std(&destination) {
        bail!("the standard library was compiled, but is not in {}", destination.display());
    }
    Ok(toolchain)
}

/// The downloaded file of a package: `NAME_VERSION_ARCHITECTURE.deb`.
fn deb(folder: &Path, package: &str) -> Result<PathBuf> {
    let prefix = format!("{package}_");
    let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut found = entries
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)));
    found.next().with_context(|| format!("apt-get did not download {package}"))
}

/// The one folder in `folder` whose name ends so.
fn only_child(folder: &Path, ending: &str) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut found = entries.filter(|path| path.is_dir() && path.to_string_lossy().ends_with(ending));
    found.next().with_context(|| format!("nothing ending in {ending:?} in {}", folder.display()))
}

fn host_triple() -> Result<String> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
