//! Applies the migrations that a program carries.
//!
//! In: their texts in order, a database. Out: which were applied. Each is atomic, and what was applied is never edited.
//! Must not know: models, how migrations are written.

use std::time::Instant;

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, Sqlite, Transaction};

use super::{Db, Migration};

/// What is known of one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Its number.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// When it was applied, if it was.
    pub applied_at: Option<Timestamp>,
}

/// Why migrations were not applied.
#[derive(Debug)]
pub enum MigrationError {
    /// The database failed, outside of a migration.
    Database(sqlx::Error),
    /// An applied migration's text is not what it was.
    Edited {
        /// The file's name.
        name: String,
    },
    /// The database has a migration that the program does not know.
    Unknown {
        /// Its number.
        version: u32,
        /// Its name.
        name: String,
    },
    /// The program's migrations are not in the order of their numbers.
    Order {
        /// The first that is out of order.
        name: String,
    },
    /// A migration failed; nothing of it remains.
    Failed {
        /// The file's name.
        name: String,
        /// What the database says.
        error: sqlx::Error,
    },
    /// A migration would leave rows that point at nothing; nothing of it remains.
    Dangling {
        /// The file's name.
        name: String,
        /// The table with such rows.
        table: String,
    },
}

impl std::fmt::Display for MigrationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => write!(f, "{error}"),
            Self::Edited { name } => {
                write!(
                    f,
                    "migration `{name}` was edited after it was applied; restore its text and put the change into a new migration"
                )
            }
            Self::Unknown { version, name } => {
                write!(
                    f,
                    "the database has migration {version} `{name}`, which this program does not know; is the program older than the database?"
                )
            }
            Self::Order { name } => {
                write!(f, "migration `{name}` does not follow the one before it")
            }
            Self::Failed { name, error } => write!(
                f,
                "migration `{name}` failed, and nothing of it was applied: {error}"
            ),
            Self::Dangling { name, table } => {
                write!(
                    f,
                    "migration `{name}` would leave rows in `{table}` that refer to rows that are not there; nothing of it was applied"
                )
            }
        }
    }
}

impl std::error::Error for MigrationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) | Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for MigrationError {
    fn from(error: sqlx::Error) -> Self {
        MigrationError::Database(error)
    }
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS gw_migration (\
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL, duration_us INTEGER NOT NULL)";

/// Applies what is not applied yet, in order, and answers what it applied. Several programs may call it at once:
/// each migration holds the write lock, and one that another program applied meanwhile is passed over.
///
/// # Errors
/// See [`MigrationError`]. What was applied before the error stays applied.
pub async fn migrate(
    db: &Db,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<Vec<MigrationState>, MigrationError> {
    in_order(migrations)?;
    // Foreign keys are off from before BEGIN on: a table that is rebuilt within a transaction with them on deletes its
    // children's rows without an error, and inside a transaction they cannot be turned off.
    let mut connection = db.unchecked_connection().await?;
    sqlx::raw_sql(LEDGER).execute(&mut connection).await?;
    let mut done = Vec::new();
    for migration in migrations {
        let tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(state) = apply(tx, migrations, migration, now).await? {
            tracing::info!(name = state.name, "migration applied");
            done.push(state);
        }
    }
    if migrations.is_empty() {
        compare(&applied(&mut connection).await?, migrations)?;
    }
    connection.close().await?;
    Ok(done)
}

/// Which migrations the program carries, and which of them are applied.
///
/// # Errors
/// As [`migrate`], without those of applying.
pub async fn migration_status(
    db: &Db,
    migrations: &[Migration],
) -> Result<Vec<MigrationState>, MigrationError> {
    in_order(migrations)?;
    let mut connection = db.unchecked_connection().await?;
    sqlx::raw_sql(LEDGER).execute(&mut connection).await?;
    let rows = applied(&mut connection).await?;
    connection.close().await?;
    compare(&rows, migrations)?;
    let state = |m: &Migration| MigrationState {
        version: m.version,
        name: m.name.to_owned(),
        applied_at: rows
            .iter()
            .find(|r| r.version == m.version)
            .map(|r| r.applied_at),
    };
    Ok(migrations.iter().map(state).collect())
}

async fn apply(
    mut tx: Transaction<'_, Sqlite>,
    all: &[Migration],
    migration: &Migration,
    now: Timestamp,
) -> Result<Option<MigrationState>, MigrationError> {
    let rows = applied(&mut tx).await?;
    compare(&rows, all)?;
    if rows.iter().any(|r| r.version == migration.version) {
        return Ok(None);
    }
    let name = migration.name.to_owned();
    let failed = |error| MigrationError::Failed {
        name: name.clone(),
        error,
    };
    let start = Instant::now();
    sqlx::raw_sql(AssertSqlSafe(migration.sql))
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    if let Some(row) = sqlx::query("PRAGMA foreign_key_check")
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed)?
    {
        return Err(MigrationError::Dangling {
            name,
            table: row.try_get(0)?,
        });
    }
    sqlx::query("INSERT INTO gw_migration (version, name, checksum, applied_at, duration_us) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(i64::from(migration.version))
        .bind(migration.name)
        .bind(checksum(migration.sql))
        .bind(now.as_microsecond())
        .bind(start.elapsed().as_micros() as i64)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    Ok(Some(MigrationState {
        version: migration.version,
        name,
        applied_at: Some(now),
    }))
}

struct Applied {
    version: u32,
    name: String,
    checksum: String,
    applied_at: Timestamp,
}

async fn applied(connection: &mut SqliteConnection) -> Result<Vec<Applied>, MigrationError> {
    let rows = sqlx::query(
        "SELECT version, name, checksum, applied_at FROM gw_migration ORDER BY version",
    )
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::sqlite::SqliteRow| -> Result<Applied, sqlx::Error> {
        Ok(Applied {
            version: u32::try_from(row.try_get::<i64, _>(0)?)
                .map_err(|e| sqlx::Error::Decode(e.into()))?,
            name: row.try_get(1)?,
            checksum: row.try_get(2)?,
            applied_at: Timestamp::from_microsecond(row.try_get(3)?)
                .map_err(|e| sqlx::Error::Decode(e.into()))?,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

fn in_order(migrations: &[Migration]) -> Result<(), MigrationError> {
    match migrations.windows(2).find(|w| w[0].version >= w[1].version) {
        Some(pair) => Err(MigrationError::Order {
            name: pair[1].name.to_owned(),
        }),
        None => Ok(()),
    }
}

/// What is applied must be the beginning of what the program carries, with the same texts.
fn compare(applied: &[Applied], migrations: &[Migration]) -> Result<(), MigrationError> {
    for row in applied {
        let Some(migration) = migrations.iter().find(|m| m.version == row.version) else {
            return Err(MigrationError::Unknown {
                version: row.version,
                name: row.name.clone(),
            });
        };
        if checksum(migration.sql) != row.checksum {
            return Err(MigrationError::Edited {
                name: migration.name.to_owned(),
            });
        }
    }
    let last = applied.last().map_or(0, |r| r.version);
    match migrations
        .iter()
        .find(|m| m.version < last && !applied.iter().any(|r| r.version == m.version))
    {
        Some(skipped) => Err(MigrationError::Order {
            name: skipped.name.to_owned(),
        }),
        None => Ok(()),
    }
}

/// FNV-1a over the text without carriage returns, which version control may add. It finds edits, not forgeries.
fn checksum(sql: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in sql.bytes().filter(|b| *b != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
