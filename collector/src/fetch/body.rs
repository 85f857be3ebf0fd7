//! Reads a body as it streams in, counting decoded bytes: a small compressed answer that swells without end is cut off at the cap.

use super::FetchError;

/// The whole body. Errs where it is longer than `cap` bytes after decompression.
pub(super) async fn read(mut sent: reqwest::Response, cap: usize, host: &str) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { host: host.to_owned(), mib: cap.div_ceil(1 << 20) };
    if sent.content_length().is_some_and(|said| said > cap as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        match sent.chunk().await {
            Ok(Some(chunk)) => {
                if body.len() + chunk.len() > cap {
                    return Err(too_large());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return Ok(body),
            Err(e) => return Err(FetchError::of_transport(&e, host.to_owned())),
        }
    }
}

/// The first `most` bytes of the body; the rest is not read.
pub(super) async fn read_start(mut sent: reqwest::Response, most: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() < most {
        match sent.chunk().await? {
            Some(chunk) => body.extend_from_slice(&chunk[..chunk.len().min(most - body.len())]),
            None => break,
        }
    }
    Ok(body)
}
