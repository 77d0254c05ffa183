//! The database: a pool of SQLite connections, and a session for each operation.
//!
//! In: a URL. Out: connections with a snapshot or a transaction, begun when first used; a count of statements.
//! Must not know: models, access, GraphQL.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, Sqlite, Transaction};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use super::{ModelDef, Statement, Value};
use crate::engine::lookahead::Position;
use crate::{Code, Error, Result as Answer};

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Connections at most; each operation holds one while it runs.
    pub max_connections: u32,
    /// How long a writer waits for another one.
    pub busy_timeout: Duration,
    /// Whether each commit waits for the disk. Without it (`synchronous = NORMAL`) a loss of power may lose the
    /// last commits, never the database's soundness.
    pub durable: bool,
}

impl Default for DbOptions {
    fn default() -> Self {
        DbOptions {
            max_connections: 16,
            busy_timeout: Duration::from_secs(5),
            durable: true,
        }
    }
}

/// A database. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    pool: SqlitePool,
    /// What only reads cannot write: what a query wrote in its snapshot would be lost without a word.
    readers: SqlitePool,
    connect: SqliteConnectOptions,
    statements: AtomicU64,
    /// One writer of ours at a time waits in order here, rather than polling SQLite's lock.
    writers: Arc<Semaphore>,
    busy_timeout: Duration,
    temporary: Option<PathBuf>,
    models: OnceLock<&'static [ModelDef]>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db")
            .field(&self.0.connect.get_filename())
            .finish()
    }
}

impl Db {
    /// Opens a database, creating the file if it is missing: `sqlite:data/app.db`, a plain path, or
    /// `sqlite::memory:` for a private temporary one.
    ///
    /// # Errors
    /// The URL is not one of SQLite's, or the file cannot be opened.
    pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
        Db::open_with(url, DbOptions::default()).await
    }

    /// [`Db::open`] with options.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_with(url: &str, options: DbOptions) -> Result<Db, sqlx::Error> {
        if matches!(url, ":memory:" | "sqlite::memory:" | "sqlite://:memory:") {
            return Db::temporary().await;
        }
        let connect = match url.split_once(':') {
            Some(("sqlite", _)) => SqliteConnectOptions::from_str(url)?,
            Some((scheme, _)) if scheme.len() > 1 && url.contains("://") => {
                return Err(sqlx::Error::Configuration(
                    format!("`{scheme}:` is not supported, only `sqlite:`").into(),
                ));
            }
            _ => SqliteConnectOptions::new().filename(url),
        };
        if let Some(folder) = connect
            .get_filename()
            .parent()
            .filter(|f| !f.as_os_str().is_empty())
        {
            tokio::fs::create_dir_all(folder).await?;
        }
        let synchronous = if options.durable {
            SqliteSynchronous::Full
        } else {
            SqliteSynchronous::Normal
        };
        Db::connect(connect.synchronous(synchronous), options, None).await
    }

    /// A private database that is gone when the last clone is dropped. It behaves as one in a file does (several
    /// connections, WAL), because it is one, in the folder for temporary files, without waiting for the disk.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub async fn temporary() -> Result<Db, sqlx::Error> {
        let path =
            std::env::temp_dir().join(format!("graphwright-{}.db", uuid::Uuid::new_v4().simple()));
        let connect = SqliteConnectOptions::new()
            .filename(&path)
            .synchronous(SqliteSynchronous::Off);
        Db::connect(connect, DbOptions::default(), Some(path)).await
    }

    async fn connect(
        connect: SqliteConnectOptions,
        options: DbOptions,
        temporary: Option<PathBuf>,
    ) -> Result<Db, sqlx::Error> {
        let connect = connect
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout)
            .row_buffer_size(1024)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = || {
            SqlitePoolOptions::new()
                .max_connections(options.max_connections.max(2))
                .acquire_timeout(options.busy_timeout * 2)
                .test_before_acquire(false)
        };
        let writers = pool()
            .min_connections(1)
            .connect_with(connect.clone())
            .await?;
        Ok(Db(Arc::new(Shared {
            pool: writers,
            readers: pool().connect_lazy_with(connect.clone().read_only(true)),
            connect,
            statements: AtomicU64::new(0),
            writers: Arc::new(Semaphore::new(1)),
            busy_timeout: options.busy_timeout,
            temporary,
            models: OnceLock::new(),
        })))
    }

    /// The pool, for own SQL outside of a session and for the job queue.
    pub fn pool(&self) -> &SqlitePool {
        &self.0.pool
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.0.connect.get_filename()
    }

    /// How many statements the model layer has run; begin and commit are not counted, nor is own SQL.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Says which models' rows the database holds, so that user code may find and change them by their types. A server
    /// says so when it is made; only the first word counts.
    pub fn serve(&self, models: &'static [ModelDef]) {
        let _ = self.0.models.set(models);
    }

    pub(super) fn models(&self) -> Answer<&'static [ModelDef]> {
        let models = self.0.models.get().copied();
        models.ok_or_else(|| {
            Error::internal("nobody has said which models the database holds (`Db::serve`)")
        })
    }

    /// A session that reads: one connection and one snapshot, taken when first used.
    pub fn session(&self) -> Session {
        Session {
            db: self.clone(),
            held: Mutex::new(Held {
                writing: false,
                tx: None,
                permit: None,
            }),
            rows: RowLimit {
                most: usize::MAX.into(),
                left: usize::MAX.into(),
            },
            turns: std::sync::Mutex::default(),
        }
    }

    /// A connection of its own that does not enforce foreign keys, for migrations.
    pub(super) async fn unchecked_connection(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.0.connect.clone().foreign_keys(false).connect().await
    }

    /// Waits until all connections are back, and closes them.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.pool.close().await;
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(path) = &self.temporary {
            for end in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(end);
                // The file may never have been made, and nobody is left to hear of a failure.
                let _ = std::fs::remove_file(name);
            }
        }
    }
}

/// The connection of one operation. A query reads in one snapshot; each root field of a mutation is one transaction.
pub struct Session {
    db: Db,
    held: Mutex<Held>,
    rows: RowLimit,
    /// Who took the connection how often: fields of the plan.
    turns: std::sync::Mutex<Vec<(u32, u32)>>,
}

/// How many rows may be read for a response, and how many of them are left.
struct RowLimit {
    most: AtomicUsize,
    left: AtomicUsize,
}

struct Held {
    writing: bool,
    tx: Option<Transaction<'static, Sqlite>>,
    permit: Option<OwnedSemaphorePermit>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("db", &self.db)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The connection, locked for the caller; a snapshot or a transaction is begun if none is.
    /// Concurrent users of one session take turns: who holds the connection must drop it before using models.
    ///
    /// # Errors
    /// No connection, or no right to write, came free in time.
    pub async fn connection(&self) -> Result<Connection<'_>, sqlx::Error> {
        self.note_turn();
        let free = tokio::time::timeout(self.db.0.busy_timeout * 2, self.held.lock());
        let mut held = free.await.map_err(|_| {
            let why =
                "the operation's connection is still in use: drop it before the models use it";
            sqlx::Error::Protocol(why.to_owned())
        })?;
        if held.tx.is_none() {
            if held.writing {
                let permit = self.turn_to_write().await?;
                held.tx = Some(self.db.0.pool.begin_with("BEGIN IMMEDIATE").await?);
                held.permit = Some(permit);
            } else {
                held.tx = Some(self.db.0.readers.begin().await?);
            }
        }
        Ok(Connection {
            held,
            statements: &self.db.0.statements,
        })
    }

    /// Counts who takes the connection, in builds with debug assertions.
    fn note_turn(&self) {
        if cfg!(debug_assertions)
            && let Some(field) = Position::current()
            && let Ok(mut turns) = self.turns.lock()
        {
            match turns.iter_mut().find(|(known, _)| *known == field) {
                Some((_, times)) => *times += 1,
                None => turns.push((field, 1)),
            }
        }
    }

    /// How often each field of the operation took the connection so far; from here on it is counted anew.
    pub(crate) fn turns(&self) -> Vec<(u32, u32)> {
        let turns = self
            .turns
            .lock()
            .map(|mut turns| std::mem::take(&mut *turns));
        turns.unwrap_or_default()
    }

    pub(crate) fn limit_rows(&self, most: usize) {
        self.rows.most.store(most, Ordering::Relaxed);
        self.rows.left.store(most, Ordering::Relaxed);
    }

    /// Runs a statement for the response and answers its rows, as far as the response may have so many.
    ///
    /// # Errors
    /// `LIMIT_EXCEEDED` if it may not, or the database's.
    pub(super) async fn rows(&self, statement: Statement) -> Answer<Vec<SqliteRow>> {
        let mut connection = self.connection().await?;
        // Read while the connection is locked, so that no other position spends the same rows.
        let left = self.rows.left.load(Ordering::Relaxed);
        let found = connection.at_most(statement, left).await?;
        let rest = left.checked_sub(found.len());
        self.rows.left.store(rest.unwrap_or(0), Ordering::Relaxed);
        if rest.is_some() {
            return Ok(found);
        }
        let most = self.rows.most.load(Ordering::Relaxed);
        let why = format!("the operation reads more than {most} rows");
        Err(Error::new(why).code(Code::LimitExceeded))
    }

    async fn turn_to_write(&self) -> Result<OwnedSemaphorePermit, sqlx::Error> {
        let turn = Arc::clone(&self.db.0.writers).acquire_owned();
        match tokio::time::timeout(self.db.0.busy_timeout, turn).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// From here on the session writes: what it reads next, it reads in a transaction that holds the write lock.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_writing(&self) -> Result<(), sqlx::Error> {
        let mut held = self.held.lock().await;
        if !held.writing {
            end(&mut held, true).await?;
            held.writing = true;
        }
        Ok(())
    }

    /// Whether a transaction that can write is open or will be.
    pub async fn is_writing(&self) -> bool {
        self.held.lock().await.writing
    }

    /// Commits what was written, if anything was; from here on the session reads.
    ///
    /// # Errors
    /// The database failed; nothing is written then.
    pub async fn commit(&self) -> Result<(), sqlx::Error> {
        let mut held = self.held.lock().await;
        held.writing = false;
        end(&mut held, true).await
    }

    /// Takes back what was written, if anything was; from here on the session reads.
    ///
    /// # Errors
    /// The database failed; the connection is not used again then, and nothing is written.
    pub async fn rollback(&self) -> Result<(), sqlx::Error> {
        let mut held = self.held.lock().await;
        held.writing = false;
        end(&mut held, false).await
    }
}

async fn end(held: &mut Held, commit: bool) -> Result<(), sqlx::Error> {
    let ended = match held.tx.take() {
        Some(tx) if commit => tx.commit().await,
        Some(tx) => tx.rollback().await,
        None => Ok(()),
    };
    held.permit = None;
    ended
}

/// A session's connection, locked. Derefs to sqlx's, for own SQL: `sqlx::query(…).execute(&mut *connection)`.
pub struct Connection<'s> {
    held: MutexGuard<'s, Held>,
    statements: &'s AtomicU64,
}

impl std::fmt::Debug for Connection<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

impl Deref for Connection<'_> {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        self.held
            .tx
            .as_ref()
            .expect("a connection is only made with its transaction")
    }
}

impl DerefMut for Connection<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.held
            .tx
            .as_mut()
            .expect("a connection is only made with its transaction")
    }
}

impl Connection<'_> {
    /// Runs a statement and answers its rows.
    ///
    /// # Errors
    /// The database's.
    pub async fn rows(&mut self, statement: Statement) -> Result<Vec<SqliteRow>, sqlx::Error> {
        self.at_most(statement, usize::MAX).await
    }

    /// The rows, no more than one beyond `most`.
    async fn at_most(
        &mut self,
        statement: Statement,
        most: usize,
    ) -> Result<Vec<SqliteRow>, sqlx::Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let logged = tracing::enabled!(tracing::Level::DEBUG).then(|| statement.text.clone());
        let found = prepared(statement)
            .fetch(&mut **self)
            .take(most.saturating_add(1))
            .try_collect::<Vec<_>>()
            .await;
        if let Some(text) = logged {
            let rows = found.as_ref().map_or(0, Vec::len);
            tracing::debug!(target: "graphwright::sql", statement = text, rows, micros = start.elapsed().as_micros() as u64, failed = found.is_err());
        }
        found
    }

    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn execute(&mut self, statement: Statement) -> Result<u64, sqlx::Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let logged = tracing::enabled!(tracing::Level::DEBUG).then(|| statement.text.clone());
        let done = (&mut **self)
            .execute(prepared(statement))
            .await
            .map(|d| d.rows_affected());
        if let Some(text) = logged {
            let changed = done.as_ref().map_or(0, |n| *n);
            tracing::debug!(target: "graphwright::sql", statement = text, changed, micros = start.elapsed().as_micros() as u64, failed = done.is_err());
        }
        done
    }
}

fn prepared(
    statement: Statement,
) -> sqlx::query::Query<'static, Sqlite, sqlx::sqlite::SqliteArguments> {
    let mut query = sqlx::query(AssertSqlSafe(statement.text));
    for value in statement.binds {
        query = match value {
            Value::Null => query.bind(None::<i64>),
            Value::Int(n) => query.bind(n),
            Value::Real(n) => query.bind(n),
            Value::Text(s) => query.bind(s),
            Value::Blob(b) => query.bind(b),
        };
    }
    query
}

/// A cell of a row.
///
/// # Errors
/// The text is not UTF-8.
pub(super) fn cell(row: &SqliteRow, index: usize) -> Result<Value, sqlx::Error> {
    use sqlx::{Decode as _, Row as _, TypeInfo as _, ValueRef as _};
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().into_owned();
    let decoded = match kind.name() {
        "INTEGER" => i64::decode(raw).map(Value::Int),
        "REAL" => f64::decode(raw).map(Value::Real),
        "BLOB" => Vec::<u8>::decode(raw).map(Value::Blob),
        _ => String::decode(raw).map(Value::Text),
    };
    decoded.map_err(sqlx::Error::Decode)
}
