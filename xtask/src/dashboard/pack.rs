//! Writes files for serving: names that hold a hash of the content, and brotli and gzip beside each.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Everything under this folder never changes under its name and may be cached for ever.
pub const IMMUTABLE: &str = "assets";

/// Files on the way to the served folder, by their path in it.
#[derive(Default)]
pub struct Pack {
    files: BTreeMap<String, Vec<u8>>,
}

/// The size of one file, in bytes, as it lies and as it travels.
#[derive(Clone, Debug)]
pub struct Sizes {
    pub path: String,
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

/// The first 16 hexadecimal digits of the SHA-256 of these parts.
pub fn hash<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Pack {
    /// Adds a file under its own name.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.insert(path.to_owned(), bytes);
    }

    /// Adds a file under a name with its hash, such as `assets/styles-0123456789abcdef.css`; gives that name.
    pub fn add_hashed(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let hash = hash([bytes.as_slice()]);
        let path = match name.rsplit_once('.') {
            Some((stem, ending)) => format!("{IMMUTABLE}/{stem}-{hash}.{ending}"),
            None => format!("{IMMUTABLE}/{name}-{hash}"),
        };
        self.files.insert(path.clone(), bytes);
        path
    }

    /// Adds files that name each other, in a folder whose name holds the hash of them all; gives the folder.
    pub fn add_folder(&mut self, name: &str, files: Vec<(String, Vec<u8>)>) -> String {
        let hash = hash(files.iter().flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_slice()]));
        let folder = format!("{IMMUTABLE}/{name}-{hash}");
        for (path, bytes) in files {
            self.files.insert(format!("{folder}/{path}"), bytes);
        }
        folder
    }

    /// Writes everything into an empty folder, compressed copies included where they are smaller.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<Sizes>> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        // The largest first, so that the last one to finish is a small one.
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || -> Result<Vec<Sizes>> {
            let mut sizes = Vec::new();
            while let Some((path, bytes)) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            {
                sizes.push(write_one(&folder.join(path), path, bytes)?);
            }
            Ok(sizes)
        };
        let mut sizes = std::thread::scope(|scope| -> Result<Vec<Sizes>> {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            let mut all = Vec::new();
            for worker in workers {
                all.extend(worker.join().expect("compressing does not panic")?);
            }
            Ok(all)
        })?;
        sizes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(sizes)
    }
}

fn write_one(file: &Path, path: &str, bytes: &[u8]) -> Result<Sizes> {
    std::fs::create_dir_all(file.parent().context("a served file lies in a folder")?)?;
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    let mut sizes = Sizes { path: path.to_owned(), raw: bytes.len(), gzip: bytes.len(), brotli: bytes.len() };
    // Fonts and pictures are compressed already.
    if ["woff2", "png", "jpg", "webp"].iter().any(|ending| path.ends_with(ending)) {
        return Ok(sizes);
    }
    let (gzip, brotli) = (gzip(bytes)?, brotli(bytes)?);
    for (ending, packed, size) in [("gz", gzip, &mut sizes.gzip), ("br", brotli, &mut sizes.brotli)] {
        if packed.len() < bytes.len() {
            *size = packed.len();
            let mut name = file.as_os_str().to_owned();
            name.push(".");
            name.push(ending);
            std::fs::write(name, packed)?;
        }
    }
    Ok(sizes)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}
