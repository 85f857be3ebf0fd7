//! Reads a body as it comes in, and undoes its content coding. Two things are counted, because either can swell without the
//! other: the bytes that travel (an endless answer that decodes to nothing) and the bytes they become (a small answer that
//! becomes gigabytes). Both end at the same cap.

use std::io::{self, Read};

use http_body_util::BodyExt as _;
use hyper::{
    body::{Body as _, Bytes, Incoming},
    header::{CONTENT_ENCODING, HeaderMap},
};

use super::{FetchError, client::Sent};

/// What is asked for: the codings that [`read`] undoes.
pub(super) const ACCEPTED: &str = "gzip, br";

/// A body may come in so many pieces, however small; after that they must be of [`FAIR_PIECE`] bytes on the average. A server
/// that sends sixteen million bytes one by one is not slow, it is a nuisance.
const FREE_PIECES: usize = 20_000;
const FAIR_PIECE: usize = 64;

/// What is set aside for a body of unknown or unbelievable length.
const FIRST_ROOM: usize = 32 << 10;
/// Most that is set aside on a server's word alone.
const TRUSTED_ROOM: usize = 1 << 20;

/// The whole body, decoded. Errs where it is longer than `cap` bytes, before decoding or after.
pub(super) async fn read(sent: Sent, cap: usize, host: &str) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { host: host.to_owned(), mib: cap.div_ceil(1 << 20) };
    let (head, mut sent) = sent.into_parts();
    let said = sent.size_hint().exact();
    if said.is_some_and(|said| said > cap as u64) {
        return Err(too_large());
    }
    let coding = Coding::of(&head.headers);
    let room = said.and_then(|said| usize::try_from(said).ok()).unwrap_or(FIRST_ROOM).min(TRUSTED_ROOM);
    let mut body = Vec::with_capacity(room);
    let mut pieces = 0;
    loop {
        match piece(&mut sent).await {
            Ok(Some(piece)) => {
                pieces += 1;
                let crumbled = pieces > FREE_PIECES && body.len() / pieces < FAIR_PIECE;
                if crumbled || body.len() + piece.len() > cap {
                    return Err(too_large());
                }
                body.extend_from_slice(&piece);
            }
            Ok(None) => break,
            Err(_) => return Err(FetchError::Broken { host: host.to_owned() }),
        }
    }
    let Some(coding) = coding.filter(|coding| coding.is_in(&body)) else { return Ok(body) };
    // Unpacking is work for the processor, not for the workers that wait for the network.
    let unpacked = tokio::task::spawn_blocking(move || coding.undo(&body, cap)).await;
    match unpacked {
        Ok(Ok(Some(body))) => Ok(body),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) | Err(_) => Err(FetchError::Broken { host: host.to_owned() }),
    }
}

/// The next piece of a body; none at its end. Trailers say nothing that we need.
async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, hyper::Error> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// The first `most` bytes of the body as they travel; the rest is not read. For answers that were asked for without coding.
pub(super) async fn read_start(sent: Sent, most: usize) -> Result<Vec<u8>, hyper::Error> {
    let mut sent = sent.into_body();
    let mut body = Vec::new();
    while body.len() < most {
        match piece(&mut sent).await? {
            Some(chunk) => body.extend_from_slice(&chunk[..chunk.len().min(most - body.len())]),
            None => break,
        }
    }
    Ok(body)
}

/// How a body is packed for its journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
}

impl Coding {
    /// As the headers say. What is no coding of ours ("identity", "utf-8") is taken to mean nothing.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let said = headers.get(CONTENT_ENCODING)?.to_str().ok()?.trim();
        if said.eq_ignore_ascii_case("gzip") || said.eq_ignore_ascii_case("x-gzip") {
            Some(Coding::Gzip)
        } else if said.eq_ignore_ascii_case("br") {
            Some(Coding::Brotli)
        } else {
            None
        }
    }

    /// Whether the body can be what the header says: servers that pack nothing and say so are common.
    fn is_in(self, body: &[u8]) -> bool {
        match self {
            Coding::Gzip => body.starts_with(&[0x1f, 0x8b]),
            Coding::Brotli => !body.is_empty(),
        }
    }

    /// The body unpacked; none where it becomes longer than `cap`.
    fn undo(self, packed: &[u8], cap: usize) -> io::Result<Option<Vec<u8>>> {
        match self {
            Coding::Gzip => up_to(flate2::read::MultiGzDecoder::new(packed), packed.len(), cap),
            Coding::Brotli => {
                up_to(brotli_decompressor::Decompressor::new(packed, 8 << 10), packed.len(), cap)
            }
        }
    }
}

fn up_to(reader: impl Read, packed: usize, cap: usize) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::with_capacity(packed.saturating_mul(4).min(cap));
    reader.take(cap as u64 + 1).read_to_end(&mut body)?;
    Ok((body.len() <= cap).then_some(body))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(body).expect("packed");
        packer.finish().expect("packed")
    }

    #[test]
    fn what_was_packed_comes_back_up_to_the_cap() {
        let packed = gzip(&[b'a'; 1_000]);
        assert_eq!(Coding::Gzip.undo(&packed, 1_000).expect("whole"), Some(vec![b'a'; 1_000]));
        assert_eq!(Coding::Gzip.undo(&packed, 999).expect("whole"), None);
        assert!(Coding::Gzip.undo(&packed[..packed.len() - 9], 1_000).is_err(), "cut off");
        let twice = [gzip(b"one, "), gzip(b"two")].concat();
        assert_eq!(Coding::Gzip.undo(&twice, 100).expect("whole"), Some(b"one, two".to_vec()));
    }

    #[test]
    fn a_coding_that_is_only_claimed_is_seen_through() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, "x-GZIP".parse().expect("a value"));
        let coding = Coding::of(&headers).expect("known");
        assert!(coding.is_in(&gzip(b"x")) && !coding.is_in(b"<html>"));
        headers.insert(CONTENT_ENCODING, "utf-8".parse().expect("a value"));
        assert_eq!(Coding::of(&headers), None);
    }
}
