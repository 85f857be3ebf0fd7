//! Passwords and keys of sources and channels: sealed in the database, never printed. The key lies beside the database in
//! `secret.key`, or in the environment, so that a copy of the database alone gives nothing away.
//! It knows settings fields and cryptography; it must not know the store or what the secrets are for.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Write},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use goodword_shared::source::{Field, FieldType, Values};
use rand::RngCore;

/// Where the key may come from instead of the file: 32 bytes in base64 or 64 hexadecimal digits.
pub const KEY_VARIABLE: &str = "GOODWORD_SECRET_KEY";

const KEY_FILE: &str = "secret.key";
const NONCE_LENGTH: usize = 24;
/// Marks the way of sealing, so that another may follow one day.
const FORM: &str = "x1.";

/// What can go wrong with secrets. None of the messages holds one.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The key file cannot be read or written.
    #[error("the key file secret.key cannot be used: {0}")]
    File(#[from] io::Error),
    /// The key is not 32 bytes.
    #[error("{0} does not hold a key: 32 bytes in base64 or 64 hexadecimal digits are wanted")]
    Key(&'static str),
    /// Sealed with another key, for another row, or damaged.
    #[error("a stored secret cannot be opened with this key; enter it again")]
    Unseal,
}

/// A secret in memory. `Debug` and `Display` do not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Secret fields of one source or channel: field name → secret.
pub type Secrets = BTreeMap<String, Secret>;

/// Seals and opens secrets with the installation's key (XChaCha20-Poly1305). What is sealed for one row opens for that row only.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// The key from the environment, else from the data folder's file, which is made on the first start, readable by its
    /// owner only.
    pub fn open(data: &Path) -> Result<Self, SecretError> {
        match std::env::var(KEY_VARIABLE) {
            Ok(text) if !text.trim().is_empty() => Self::from_text(&text, KEY_VARIABLE),
            _ => Self::from_text(&key_file(data)?, KEY_FILE),
        }
    }

    fn from_text(text: &str, place: &'static str) -> Result<Self, SecretError> {
        let text = text.trim();
        let bytes =
            if text.len() == 64 { from_hex(text) } else { BASE64.decode(text.trim_end_matches('=')).ok() };
        let key: [u8; 32] = bytes.and_then(|b| b.try_into().ok()).ok_or(SecretError::Key(place))?;
        Ok(Self { cipher: XChaCha20Poly1305::new(&key.into()) })
    }

    /// Seals a text for the row `id` of `table`.
    pub fn seal(&self, table: &str, id: &str, text: &str) -> String {
        let mut nonce = [0; NONCE_LENGTH];
        rand::rng().fill_bytes(&mut nonce);
        let bound = bound_to(table, id);
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: text.as_bytes(), aad: bound.as_bytes() })
            .expect("only texts beyond 256 GiB cannot be sealed");
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        format!("{FORM}{}", BASE64.encode(bytes))
    }

    /// Opens what was sealed for the same row.
    pub fn unseal(&self, table: &str, id: &str, sealed: &str) -> Result<Secret, SecretError> {
        let bytes =
            sealed.strip_prefix(FORM).and_then(|s| BASE64.decode(s).ok()).ok_or(SecretError::Unseal)?;
        let (nonce, message) = bytes.split_at_checked(NONCE_LENGTH).ok_or(SecretError::Unseal)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| SecretError::Unseal)?;
        let bound = bound_to(table, id);
        let text = self
            .cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: message, aad: bound.as_bytes() })
            .map_err(|_| SecretError::Unseal)?;
        String::from_utf8(text).map(Secret).map_err(|_| SecretError::Unseal)
    }

    /// Seals all secret fields of a row for its `secrets` column; none where there are none.
    pub fn seal_fields(&self, table: &str, id: &str, secrets: &Secrets) -> Option<String> {
        let plain: BTreeMap<&str, &str> =
            secrets.iter().map(|(name, s)| (name.as_str(), s.expose())).collect();
        let text = serde_json::to_string(&plain).expect("a map of texts is JSON");
        (!plain.is_empty()).then(|| self.seal(table, id, &text))
    }

    /// Opens a row's `secrets` column.
    pub fn unseal_fields(&self, table: &str, id: &str, sealed: Option<&str>) -> Result<Secrets, SecretError> {
        let Some(sealed) = sealed else { return Ok(Secrets::new()) };
        let plain: BTreeMap<String, String> = serde_json::from_str(self.unseal(table, id, sealed)?.expose())
            .map_err(|_| SecretError::Unseal)?;
        Ok(plain.into_iter().map(|(name, text)| (name, Secret(text))).collect())
    }
}

/// Parts settings into what may lie open and what is sealed, by the descriptor's fields. Names that no field has are left out;
/// an empty secret keeps the one in `kept`.
pub fn split(fields: &[Field], values: &Values, kept: &Secrets) -> (Values, Secrets) {
    let mut open = Values::new();
    let mut secrets = Secrets::new();
    for field in fields {
        let given = values.get(&field.name).map(String::as_str).unwrap_or_default();
        if field.kind != FieldType::Secret {
            if !given.is_empty() {
                open.insert(field.name.clone(), given.to_owned());
            }
        } else if !given.is_empty() {
            secrets.insert(field.name.clone(), Secret::new(given));
        } else if let Some(secret) = kept.get(&field.name) {
            secrets.insert(field.name.clone(), secret.clone());
        }
    }
    (open, secrets)
}

/// Settings as the code that uses them needs them: open values and secrets together, defaults filled in.
pub fn join(fields: &[Field], open: &Values, secrets: &Secrets) -> Values {
    let mut values = Values::new();
    for field in fields {
        let value = if field.kind == FieldType::Secret {
            secrets.get(&field.name).map(Secret::expose)
        } else {
            open.get(&field.name).map(String::as_str)
        };
        if let Some(value) = value.or(field.default.as_deref()) {
            values.insert(field.name.clone(), value.to_owned());
        }
    }
    values
}

/// Settings as they are shown: secrets empty.
pub fn shown(fields: &[Field], open: &Values) -> Values {
    let mut values = open.clone();
    for field in fields.iter().filter(|f| f.kind == FieldType::Secret) {
        values.insert(field.name.clone(), String::new());
    }
    values
}

fn bound_to(table: &str, id: &str) -> String {
    format!("goodword:{table}:{id}")
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Reads the key file; makes it where there is none. It appears whole or not at all, and never replaces one that is there.
fn key_file(data: &Path) -> io::Result<String> {
    let path = data.join(KEY_FILE);
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => return other,
    }
    let mut key = [0; 32];
    rand::rng().fill_bytes(&mut key);
    let mut name = [0; 8];
    rand::rng().fill_bytes(&mut name);
    let fresh = data.join(format!(".{KEY_FILE}.{:x}", u64::from_le_bytes(name)));
    let written = write_private(&fresh, &format!("{}\n", BASE64.encode(key))).and_then(|()| {
        match fs::hard_link(&fresh, &path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    });
    // What is left of the attempt holds a key that nobody uses, or the one that is now in place under its proper name.
    let _ = fs::remove_file(&fresh);
    written?;
    fs::File::open(data)?.sync_all()?;
    fs::read_to_string(&path)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
