//! Raw answers as they were received, so that a mended connector can read them again; and what makes the next request cheap.
//! A body is kept once however often it came. Headers of requests are never kept: they may hold credentials.

use std::cell::RefCell;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use goodword_shared::{Time, id::SourceId};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, StoreError, from_millis, keeping::Kept, new_id, to_millis};
use crate::{
    fold::{content_hash, sha256_hex},
    wire::{Request, Response, Verb},
};

/// How hard is compressed. Pages become a tenth longer than at level 6, in a sixth of the time.
const LEVEL: i32 = 1;
/// Answers forgotten in one transaction.
const FORGET_AT_ONCE: i64 = 200;
/// Largest body that is unpacked again.
const LARGEST: u64 = 64 << 20;

/// A kept answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// Which.
    pub id: String,
    /// When it came.
    pub fetched_at: Time,
    /// What was asked, without headers.
    pub request: Request,
    /// What was answered.
    pub response: Response,
}

/// What a conditional request needs, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// [`crate::fold::content_mark`] of the body.
    pub body_hash: Option<String>,
}

/// A body as it lies in the store, and what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// zstd, then base64.
    pub text: String,
    /// [`content_hash`] of the body once packed, which is a tenth of the work; the same body is packed in the same way.
    pub hash: String,
}

/// Packs a body. Blocking work of some milliseconds for large bodies.
pub fn pack(body: &[u8]) -> std::io::Result<Packed> {
    thread_local! {
        // Its tables are larger than most bodies: each thread makes them once.
        static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(packer) => packer,
            none => none.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        let packed = packer.compress(body)?;
        Ok(Packed { text: BASE64_STANDARD.encode(&packed), hash: content_hash(&packed) })
    })
}

fn unpack(text: &str) -> std::io::Result<Vec<u8>> {
    let packed = BASE64_STANDARD.decode(text).map_err(std::io::Error::other)?;
    let mut out = Vec::new();
    let mut reader = std::io::Read::take(zstd::Decoder::new(packed.as_slice())?, LARGEST);
    std::io::Read::read_to_end(&mut reader, &mut out)?;
    Ok(out)
}

impl Store {
    /// Keeps an answer. `packed` is its body from [`pack`]; `response` is not asked for it again.
    pub async fn keep_capture(
        &self,
        source: &SourceId,
        request: &Request,
        response: &Response,
        packed: Packed,
        now: Time,
    ) -> Result<()> {
        let asked = serde_json::json!({
            "verb": request.verb, "url": request.url, "body": request.body, "robots": request.robots, "note": request.note,
        });
        self.write_kept(Kept {
            id: new_id(),
            source: source.as_str().to_owned(),
            fetched_at: to_millis(now),
            request: asked.to_string(),
            status: i32::from(response.status),
            url: response.url.clone(),
            content_type: response.content_type.clone(),
            headers: serde_json::to_string(&response.headers)?,
            hash: packed.hash,
            body: packed.text,
        })
        .await
    }

    /// What a source has brought since then and is still shown: keys and texts.
    pub async fn collected_since(&self, source: &SourceId, since: Time) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query(
            "SELECT mention_key, text FROM mentions WHERE source_id = $1 AND collected_at >= $2 AND deleted = 0 \
             ORDER BY collected_at, mention_key",
        )
        .bind(source.as_str())
        .bind(to_millis(since))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("mention_key")?, row.try_get("text")?))).collect()
    }

    /// A source's kept answers after that capture's id, oldest first.
    pub async fn captures(&self, source: &SourceId, after: &str, limit: u32) -> Result<Vec<Capture>> {
        let rows = sqlx::query(
            "SELECT c.id, c.fetched_at, c.request, c.status, c.url, c.content_type, c.headers, b.body \
             FROM captures c JOIN capture_bodies b ON b.hash = c.body_hash \
             WHERE c.source_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3",
        )
        .bind(source.as_str())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(capture).collect()
    }

    /// Forgets a source's answers older than that, or every source's, and bodies that no answer needs; in steps, so that other
    /// writers get their turn.
    pub async fn forget_captures(&self, source: Option<&SourceId>, before: Time) -> Result<u64> {
        let mut forgotten = 0;
        loop {
            let mut writing = self.write().await?;
            let rows = match source {
                Some(source) => sqlx::query(
                    "DELETE FROM captures WHERE id IN (SELECT id FROM captures WHERE fetched_at < $1 \
                     AND source_id = $3 LIMIT $2) RETURNING body_hash",
                )
                .bind(to_millis(before))
                .bind(FORGET_AT_ONCE)
                .bind(source.as_str()),
                None => sqlx::query(
                    "DELETE FROM captures WHERE id IN (SELECT id FROM captures WHERE fetched_at < $1 LIMIT $2) \
                     RETURNING body_hash",
                )
                .bind(to_millis(before))
                .bind(FORGET_AT_ONCE),
            };
            let rows = rows.fetch_all(&mut *writing).await?;
            for row in &rows {
                sqlx::query(
                    "DELETE FROM capture_bodies WHERE hash = $1 \
                     AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.body_hash = capture_bodies.hash)",
                )
                .bind(row.try_get::<String, _>("body_hash")?)
                .execute(&mut *writing)
                .await?;
            }
            writing.commit().await?;
            forgotten += rows.len() as u64;
            if (rows.len() as i64) < FORGET_AT_ONCE {
                return Ok(forgotten);
            }
        }
    }

    /// What the last answer from that address to that source said of itself.
    pub async fn validator(&self, source: &SourceId, url: &str) -> Result<Option<Validator>> {
        let row = sqlx::query("SELECT etag, last_modified, body_hash FROM validators WHERE url = $1")
            .bind(address(source, url))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(Validator {
                etag: row.try_get("etag")?,
                last_modified: row.try_get("last_modified")?,
                body_hash: row.try_get("body_hash")?,
            })
        })
        .transpose()
    }

    /// Remembers it, once everything in that answer is stored.
    pub async fn put_validator(
        &self,
        source: &SourceId,
        url: &str,
        validator: &Validator,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO validators (url, etag, last_modified, body_hash, seen_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, \
             body_hash = excluded.body_hash, seen_at = excluded.seen_at",
        )
        .bind(address(source, url))
        .bind(validator.etag.as_deref())
        .bind(validator.last_modified.as_deref())
        .bind(validator.body_hash.as_deref())
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }
}

/// What validators are kept under: addresses may hold keys, and two sources that share one must not hide its news from
/// each other.
fn address(source: &SourceId, url: &str) -> String {
    sha256_hex(format!("{source} {url}").as_bytes())
}

fn capture(row: &AnyRow) -> Result<Capture> {
    #[derive(serde::Deserialize)]
    struct Asked {
        verb: Verb,
        url: String,
        body: Option<String>,
        robots: bool,
        note: Option<String>,
    }
    let asked: Asked = serde_json::from_str(row.try_get("request")?)?;
    let packed: String = row.try_get("body")?;
    Ok(Capture {
        id: row.try_get("id")?,
        fetched_at: from_millis(row.try_get("fetched_at")?),
        request: Request {
            verb: asked.verb,
            url: asked.url,
            headers: Vec::new(),
            body: asked.body,
            robots: asked.robots,
            note: asked.note,
        },
        response: Response {
            status: u16::try_from(row.try_get::<i32, _>("status")?).unwrap_or_default(),
            url: row.try_get("url")?,
            content_type: row.try_get("content_type")?,
            headers: serde_json::from_str(row.try_get("headers")?)?,
            body: unpack(&packed).map_err(|e| StoreError::Database(sqlx::Error::Io(e)))?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_as_they_were() {
        let body: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let packed = pack(&body).expect("packed");
        assert!(packed.text.len() < 2_000);
        assert_eq!(unpack(&packed.text).expect("unpacked"), body);
        assert_eq!(pack(&body).expect("packed"), packed, "known again");
        let pack_elsewhere = move || pack(&body).expect("packed");
        assert_eq!(std::thread::spawn(pack_elsewhere).join().expect("packed"), packed);
    }
}
