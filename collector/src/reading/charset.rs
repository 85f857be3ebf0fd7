//! Bytes to text. Declarations lie, so what the bytes are comes first and what they are said to be second. It knows no platform.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// How far into a document a declaration is looked for, bytes.
const HEAD: usize = 2048;

/// Decodes a body. Order of trust: byte order mark, valid UTF-8 with multi-byte characters, the declared character set
/// (header, XML declaration, `<meta>`), then a guess from the bytes.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0;
    }
    let declared =
        content_type.and_then(from_content_type).or_else(|| from_head(&bytes[..bytes.len().min(HEAD)]));
    if bytes.starts_with(b"<\0") {
        return UTF_16LE.decode_without_bom_handling(bytes).0;
    }
    if bytes.starts_with(b"\0<") {
        return UTF_16BE.decode_without_bom_handling(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        // Seven-bit text may still be ISO-2022-JP, which is made of escape sequences.
        Ok(text) => match declared {
            Some(e) if !e.is_ascii_compatible() && bytes.contains(&0x1b) => {
                e.decode_without_bom_handling(bytes).0
            }
            _ => Cow::Borrowed(text),
        },
        Err(_) => match declared {
            Some(e) if e != UTF_8 && !(e == UTF_16LE || e == UTF_16BE) => {
                e.decode_without_bom_handling(bytes).0
            }
            // Said to be UTF-8, or nothing said: a few bad bytes in good UTF-8 are damage, many are another character set.
            _ if mostly_utf8(bytes) => String::from_utf8_lossy(bytes),
            _ => guess(bytes).decode_without_bom_handling(bytes).0,
        },
    }
}

/// The character set in `text/html; charset=…`.
pub fn from_content_type(content_type: &str) -> Option<&'static Encoding> {
    let at = content_type.to_ascii_lowercase().find("charset=")?;
    label(&content_type.as_bytes()[at + 8..])
}

/// The character set that a document declares in its first bytes.
fn from_head(head: &[u8]) -> Option<&'static Encoding> {
    for key in [&b"encoding="[..], b"charset="] {
        if let Some(at) = memmem::find(&head.to_ascii_lowercase(), key) {
            return label(&head[at + key.len()..]);
        }
    }
    None
}

fn label(rest: &[u8]) -> Option<&'static Encoding> {
    let name: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .collect();
    Encoding::for_label(&name)
}

/// Whether the bytes hold far more good multi-byte characters than bad bytes.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut bad, mut good) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad * 20 <= good
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    if found == UTF_8 { WINDOWS_1252 } else { found }
}
