//! Signatures of calls between programs, by Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`
//! (`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64). Ours are signed so, and what is pushed to us must be.
//! It knows bytes; it must not know what is said in them, nor the time.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Begins a secret as people hand it about.
const PREFIX: &str = "whsec_";
/// Signatures looked at in one header; a secret that is being replaced needs two.
const MOST: usize = 8;

/// The secret made of random bytes, as text.
pub fn secret(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64.encode(random))
}

/// The key in a secret: 24 to 64 bytes. None where the text is no secret.
pub fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(secret.strip_prefix(PREFIX)?).ok()?;
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

/// The value of `webhook-signature`. `at` is in seconds since 1970.
pub fn sign(key: &[u8], id: &str, at: i64, body: &[u8]) -> String {
    format!("v1,{}", BASE64.encode(mac(key, id, at, body).finalize().into_bytes()))
}

/// Whether one of the signatures in the header (separated by blanks) is ours. Each takes the same time wherever it differs.
pub fn verify(key: &[u8], id: &str, at: i64, body: &[u8], header: &str) -> bool {
    let candidates = header.split_ascii_whitespace().take(MOST).filter_map(|one| one.strip_prefix("v1,"));
    let mut decoded = candidates.filter_map(|text| BASE64.decode(text).ok());
    decoded.any(|bytes| mac(key, id, at, body).verify_slice(&bytes).is_ok())
}

fn mac(key: &[u8], id: &str, at: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(id.as_bytes());
    mac.update(format!(".{at}.").as_bytes());
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with OpenSSL: `printf 'm1.1700000000.{}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…1f -binary | base64`.
    const KNOWN: &str = "v1,fP+b+C7aPY69LtgA0/kY+sd7JPuhANzB3yVuWI1G3ds=";

    #[test]
    fn a_signature_is_what_another_implementation_makes_of_it() {
        let key: Vec<u8> = (0..32).collect();
        assert_eq!(sign(&key, "m1", 1_700_000_000, b"{}"), KNOWN);
    }

    #[test]
    fn any_good_signature_of_a_list_counts_and_nothing_else_does() {
        let key: Vec<u8> = (0..32).collect();
        let checks = |id: &str, at, body: &[u8], header: &str| verify(&key, id, at, body, header);
        assert!(checks("m1", 1_700_000_000, b"{}", &format!("v1,AAAA v2,x {KNOWN}")));
        assert!(!checks("m2", 1_700_000_000, b"{}", KNOWN));
        assert!(!checks("m1", 1_700_000_001, b"{}", KNOWN));
        assert!(!checks("m1", 1_700_000_000, b"{} ", KNOWN));
        assert!(!checks("m1", 1_700_000_000, b"{}", &KNOWN[3..]));
        assert!(!checks("m1", 1_700_000_000, b"{}", ""));
    }

    #[test]
    fn secrets_are_told_from_other_texts() {
        let made = secret(&[7; 32]);
        assert_eq!(key(&made), Some(vec![7; 32]));
        assert_eq!(key("whsec_c2hvcnQ="), None, "too short");
        assert_eq!(key(made.trim_start_matches("whsec_")), None);
    }
}
