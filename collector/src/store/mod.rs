//! REMEMBER: one set of portable queries, two databases. One file for each entity; not found is `Option`.
//! It knows the vocabulary and SQL; it must not know the pipeline, the network or the clock.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    str::FromStr,
    sync::{Arc, Once},
    time::Duration,
};

use goodword_shared::Time;
use sqlx::{
    Any, AnyConnection, AnyPool, SqlSafeStr, Transaction,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::{Migration, MigrationType, Migrator},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

mod accounts;
mod alerts;
mod audit;
mod batch;
mod bulk;
mod captures;
mod carried;
mod case_changes;
mod case_list;
mod channels;
mod checkup;
mod contact;
mod customer_list;
mod customer_notes;
mod customer_story;
mod customers;
mod dialect;
mod doubts;
mod exports;
mod forget;
mod gone;
mod hearing;
mod inbound;
mod insights;
mod joined;
mod keeping;
mod kin;
mod known;
mod learning;
mod listeners;
mod manners;
mod match_list;
mod matches;
mod mention_list;
mod mentions;
mod merges;
mod orders;
mod outbox;
mod promoter_list;
mod promoters;
mod proposed;
mod rules;
mod runs;
mod said;
mod said_before;
mod scene;
mod settings;
mod source_alerts;
mod sources;
mod sql;
mod steps;
mod storage;
mod taught;
mod today;
mod users;

pub use accounts::StoredAccount;
pub use alerts::AlertFacts;
pub use audit::AuditEntry;
pub use captures::{Capture, Packed, Validator, pack};
pub use carried::{ACCOUNT as KIN_EVIDENCE, Carried};
pub use case_changes::{CaseEntry, CaseFacts};
pub use channels::StoredChannel;
pub use checkup::{CaptureTotals, OutboxCounts};
pub use dialect::Dialect;
pub use forget::Erased;
pub use gone::{Gone, Listed};
pub use hearing::{Reread, Unheard};
pub use inbound::{Consent, Heard, SigningSecret, TakenEvent};
pub use insights::share;
pub use kin::{Account, KinRow};
pub use known::Concerned;
pub use learning::DecidedPair;
pub use listeners::Listening;
pub use manners::Whom;
pub use matches::{Decided, Unmatched};
pub use mention_list::Period;
pub use orders::OrderRow;
pub use outbox::{Claimed, NewEffect};
pub use promoter_list::Askable;
pub use rules::StoredRule;
pub use runs::{RunEnd, RunRecord};
pub use said::Said;
pub use source_alerts::{OpenTrouble, SourceNotice};
pub use sources::{Lane, StoredSource};
pub use steps::{Refusal, Stepped, Taken};
pub use storage::StoredOf;
pub use taught::{LearntVersion, Reading, Spoken, Terms};
pub use today::{NewMentions, wilson};
pub use users::User;

/// What the store can fail with. All of them are faults of the database or of ours, never of the data's content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored JSON text is not what this version writes.
    #[error("a stored record cannot be read: {0}")]
    Record(#[from] serde_json::Error),
}

/// Results of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    /// On SQLite one connection of its own: what it has read stays good in its memory, since nobody else writes.
    pen: AnyPool,
    dialect: Dialect,
    writer: Arc<Mutex<()>>,
    keeping: Arc<keeping::Queue>,
}

/// The right to write next; only SQLite gives it out.
type Turn = Option<OwnedMutexGuard<()>>;

/// A transaction that writes. Dropped without [`Writing::commit`], it leaves no trace.
pub struct Writing {
    // Dropped before the turn, so that the next writer finds the database free.
    transaction: Transaction<'static, Any>,
    _turn: Turn,
}

impl Writing {
    /// Makes it last.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        Ok(())
    }
}

impl Deref for Writing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

static DRIVERS: Once = Once::new();

impl Store {
    /// Opens (and creates) the SQLite file `goodword.db` in the data folder. Two processes that start at once bring the
    /// schema up to date one after the other (PostgreSQL's own lock does the same for it).
    pub async fn open_folder(data: &Path) -> Result<Self> {
        let path = data.join("goodword.lock");
        let lock = tokio::task::spawn_blocking(move || {
            let file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        })
        .await
        .map_err(std::io::Error::other)
        .and_then(|locked| locked)
        .map_err(sqlx::Error::Io)?;
        let store = Self::open(&format!("sqlite://{}?mode=rwc", data.join("goodword.db").display())).await;
        drop(lock);
        store
    }

    /// Opens `sqlite://…` or `postgres://…` and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        DRIVERS.call_once(install_default_drivers);
        let dialect = Dialect::of_url(url);
        let options = AnyConnectOptions::from_str(url)?;
        let opened = |most| {
            AnyPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(Duration::from_secs(30))
                // A file does not hang up.
                .test_before_acquire(dialect == Dialect::Postgres)
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        for statement in dialect.on_connect() {
                            sqlx::query(*statement).execute(&mut *connection).await?;
                        }
                        Ok(())
                    })
                })
                .connect_with(options.clone())
        };
        let pool = opened(8).await?;
        migrations(dialect).run(&pool).await?;
        let pen = match dialect {
            Dialect::Sqlite => opened(1).await?,
            Dialect::Postgres => pool.clone(),
        };
        Ok(Self { pool, pen, dialect, writer: Arc::default(), keeping: Arc::default() })
    }

    /// Begins a transaction that writes; every write goes through one: `sqlx::query(…).execute(&mut *writing)`.
    /// On SQLite writers take turns here, so that nobody waits inside the database or is told that it is busy.
    pub async fn write(&self) -> Result<Writing> {
        let turn = self.turn().await;
        self.begin(turn).await
    }

    async fn turn(&self) -> Turn {
        match self.dialect {
            Dialect::Sqlite => Some(self.writer.clone().lock_owned().await),
            Dialect::Postgres => None,
        }
    }

    async fn begin(&self, turn: Turn) -> Result<Writing> {
        let transaction = self.pen.begin_with(self.dialect.begin_writing()).await?;
        Ok(Writing { transaction, _turn: turn })
    }

    /// Daily care, so that queries keep finding the right index as the tables grow.
    pub async fn tend(&self) -> Result<()> {
        if let Some(statement) = self.dialect.tend() {
            let mut writing = self.write().await?;
            sqlx::query(statement).execute(&mut *writing).await?;
            writing.commit().await?;
        }
        Ok(())
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The pool, for the store's own files and its tests.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

/// Every step of the schema, oldest first. Append-only: a step that has been released is never changed.
fn migrations(dialect: Dialect) -> Migrator {
    let step = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let lists = match dialect {
        Dialect::Sqlite => include_str!("../../migrations/0002_lists.sqlite.sql"),
        Dialect::Postgres => include_str!("../../migrations/0002_lists.postgres.sql"),
    };
    Migrator::with_migrations(vec![
        step(1, "start", include_str!("../../migrations/0001_start.sql")),
        step(2, "lists", lists),
        step(3, "accounts", include_str!("../../migrations/0003_accounts.sql")),
        step(4, "inbound", include_str!("../../migrations/0004_inbound.sql")),
        step(5, "watch", include_str!("../../migrations/0005_watch.sql")),
        step(6, "hearing", include_str!("../../migrations/0006_hearing.sql")),
        step(7, "taught", include_str!("../../migrations/0007_taught.sql")),
        step(8, "people", include_str!("../../migrations/0008_people.sql")),
        step(9, "kin", include_str!("../../migrations/0009_kin.sql")),
        step(10, "currency", include_str!("../../migrations/0010_currency.sql")),
        step(11, "promoters", include_str!("../../migrations/0011_promoters.sql")),
    ])
}

/// An instant as it is stored: milliseconds since 1970 UTC.
pub fn to_millis(time: Time) -> i64 {
    time.timestamp_millis()
}

/// A stored instant.
pub fn from_millis(millis: i64) -> Time {
    Time::from_timestamp_millis(millis).unwrap_or_default()
}

/// What no id that was made since then sorts before.
fn first_id_at(time: Time) -> String {
    let millis = u64::try_from(to_millis(time)).unwrap_or_default();
    format!("{:08x}-{:04x}", millis >> 16, millis & 0xffff)
}

/// A new id: UUIDv7, so that ids sort by creation.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
