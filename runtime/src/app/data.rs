//! The database of a program: opened, brought up to date, seeded on its first start.
//!
//! In: a URL, the generated tables. Out: services. Must not know: HTTP, the command line's syntax.

use std::result::Result;
use std::sync::Arc;

use super::Seed;
use super::failure::Failure;
use crate::application::{AppDef, Application};
use crate::clock::Clock;
use crate::context::{Context, Services};
use crate::jobs::{Jobs, JobsDef};
use crate::model::{self, Db};

static NO_JOBS: JobsDef = JobsDef {
    queues: &[],
    jobs: &[],
};

/// What a program works with.
pub(super) struct Data {
    pub(super) services: Arc<Services>,
    /// None for a program without models and jobs.
    pub(super) store: Option<Store>,
}

pub(super) struct Store {
    pub(super) db: Db,
    pub(super) jobs: Jobs,
}

/// Opens the database, if the program has models or jobs or was told of one.
pub(super) async fn open(
    def: &AppDef,
    url: Option<String>,
    program: &str,
) -> Result<Data, Failure> {
    let clock = Clock::system();
    if url.is_none() && def.models.is_empty() && def.migrations.is_empty() && def.jobs.is_none() {
        let services = Arc::new(Services::new().with_clock(clock));
        return Ok(Data {
            services,
            store: None,
        });
    }
    let url = url.unwrap_or_else(|| format!("sqlite:{program}.db"));
    let db = Db::open(&url).await.map_err(|e| {
        Failure::new(format!("cannot open the database `{url}`: {e}")).help(
            "give the path of a file in a folder that can be written to, by --database or DATABASE_URL: \
             `sqlite:data/app.db`",
        )
    })?;
    db.serve(def.models);
    let jobs = Jobs::new(def.jobs.unwrap_or(&NO_JOBS), db.clone(), clock.clone());
    let services = Services::new()
        .with_clock(clock)
        .with_db(db.clone())
        .with_jobs(jobs.clone());
    let store = Store { db, jobs };
    Ok(Data {
        services: Arc::new(services),
        store: Some(store),
    })
}

/// Applies what the database lacks; the names of the migrations that were applied.
pub(super) async fn migrate(def: &AppDef, store: &Store) -> Result<Vec<String>, Failure> {
    let now = store.jobs.clock().now();
    let migrations = def.migrations;
    let before = model::migration_status(&store.db, migrations)
        .await
        .map_err(unmigrated)?;
    let is_new = before.iter().all(|known| known.applied_at.is_none());
    model::migrate(&store.db, migrations, now)
        .await
        .map_err(unmigrated)?;
    store.jobs.migrate().await?;
    note_first_start(&store.db, is_new).await?;
    let pending = before
        .into_iter()
        .filter(|known| known.applied_at.is_none());
    Ok(pending.map(|known| known.name).collect())
}

fn unmigrated(error: model::MigrationError) -> Failure {
    Failure::new(format!("cannot bring the database up to date: {error}"))
}

/// Remembers, once, whether the database was new, so that one that was in use is never seeded.
async fn note_first_start(db: &Db, is_new: bool) -> crate::Result<()> {
    sqlx::query("CREATE TABLE IF NOT EXISTS gw_seed (id INTEGER PRIMARY KEY CHECK (id = 1), wanted INTEGER NOT NULL) STRICT")
        .execute(db.pool())
        .await?;
    sqlx::query("INSERT INTO gw_seed (id, wanted) VALUES (1, ?) ON CONFLICT DO NOTHING")
        .bind(is_new)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Seeds a new database in one transaction; whether it did.
pub(super) async fn seed<A: Application>(
    app: &A,
    data: &Data,
    seed: Seed<A>,
) -> Result<bool, Failure> {
    let cx = Context::<A::Auth>::new(Arc::clone(&data.services), None, "seed");
    cx.begin().await?;
    let claimed = {
        let mut tx = cx.tx().await?;
        sqlx::query("UPDATE gw_seed SET wanted = 0 WHERE wanted = 1")
            .execute(&mut *tx)
            .await?
    };
    if claimed.rows_affected() == 0 {
        cx.settle(true).await?;
        return Ok(false);
    }
    let seeded = seed(app, &cx).await;
    cx.settle(seeded.is_ok()).await?;
    seeded.map_err(|e| {
        Failure::new(format!("could not seed the new database: {e}"))
            .help("nothing of it was kept; mend the seed and start again, or start with --no-seed")
    })?;
    Ok(true)
}
