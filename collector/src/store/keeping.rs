//! Answers on their way into the store: those that several sources bring at the same time are written in one transaction by
//! whoever gets the writers' turn first. A transaction costs more than what is written in it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::{Result, Store, bulk};

/// Answers of one transaction.
const AT_ONCE: usize = 64;

/// One answer as its rows hold it.
#[derive(Debug)]
pub(super) struct Kept {
    pub id: String,
    pub source: String,
    pub fetched_at: i64,
    pub request: String,
    pub status: i32,
    pub url: String,
    pub content_type: Option<String>,
    pub headers: String,
    pub hash: String,
    pub body: String,
}

/// An answer in the queue, and whom to tell that it is written.
#[derive(Debug)]
struct Waiting {
    kept: Arc<Kept>,
    written: oneshot::Sender<()>,
}

/// Answers that wait for the turn.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Vec<Waiting>>);

impl Queue {
    fn join(&self, kept: Arc<Kept>) -> oneshot::Receiver<()> {
        let (written, told) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { kept, written });
        told
    }

    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let most = waiting.len().min(AT_ONCE);
        waiting.drain(..most).collect()
    }
}

impl Store {
    /// Writes an answer, with those that wait for the same turn.
    pub(super) async fn write_kept(&self, kept: Kept) -> Result<()> {
        let kept = Arc::new(kept);
        let mut told = self.keeping.join(kept.clone());
        loop {
            let turn = self.turn().await;
            if told.try_recv().is_ok() {
                return Ok(());
            }
            let batch = self.keeping.take();
            if batch.is_empty() {
                drop(turn);
                // Somebody took it along and did not come to an end (or, on PostgreSQL, has not yet).
                return match told.await {
                    Ok(()) => Ok(()),
                    Err(_) => self.write_rows(&[kept], self.turn().await).await,
                };
            }
            let rows: Vec<Arc<Kept>> = batch.iter().map(|waiting| waiting.kept.clone()).collect();
            // Where this fails the senders are dropped, and everybody writes their own and hears their own fault.
            self.write_rows(&rows, turn).await?;
            let own = rows.iter().any(|row| Arc::ptr_eq(row, &kept));
            for waiting in batch {
                // Whoever does not listen any more needs not be told.
                let _ = waiting.written.send(());
            }
            if own {
                return Ok(());
            }
        }
    }

    async fn write_rows(&self, rows: &[Arc<Kept>], turn: super::Turn) -> Result<()> {
        let mut writing = self.begin(turn).await?;
        let head = "INSERT INTO capture_bodies (hash, body)";
        let once = "ON CONFLICT (hash) DO NOTHING";
        bulk::insert(&mut writing, self.dialect, head, once, 2, rows, |values, row| {
            values.push(row.hash.as_str()).push(row.body.as_str());
        })
        .await?;
        let head = "INSERT INTO captures (id, source_id, fetched_at, request, status, url, content_type, headers, body_hash)";
        bulk::insert(&mut writing, self.dialect, head, "", 9, rows, |values, row| {
            values.push(row.id.as_str()).push(row.source.as_str()).push(row.fetched_at);
            values.push(row.request.as_str()).push(row.status).push(row.url.as_str());
            values.push(row.content_type.as_deref()).push(row.headers.as_str()).push(row.hash.as_str());
        })
        .await?;
        writing.commit().await
    }
}
