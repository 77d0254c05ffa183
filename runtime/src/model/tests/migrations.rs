//! Migrations: in order, once, whole or not at all.

use super::*;

const CITY: Migration = Migration {
    version: 2,
    name: "0002_city",
    sql: "CREATE TABLE city (name TEXT NOT NULL);",
};

async fn tables(db: &Db) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        .fetch_all(db.pool())
        .await
        .expect("tables");
    rows.into_iter().map(|r| r.0).collect()
}

async fn apply(db: &Db, migrations: &[Migration]) -> std::result::Result<usize, String> {
    migrate(db, migrations, Timestamp::UNIX_EPOCH)
        .await
        .map(|done| done.len())
        .map_err(|e| e.to_string())
}

#[tokio::test]
async fn each_is_applied_once_and_remembered() {
    let db = Db::temporary().await.expect("a database");
    assert_eq!(apply(&db, &[INIT]).await, Ok(1));
    assert_eq!(apply(&db, &[INIT]).await, Ok(0));
    let status = migration_status(&db, &[INIT, CITY]).await.expect("status");
    assert_eq!(
        status
            .iter()
            .map(|s| s.applied_at.is_some())
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(apply(&db, &[INIT, CITY]).await, Ok(1));
    assert!(tables(&db).await.contains(&"city".to_owned()));
}

#[tokio::test]
async fn an_edited_or_unknown_one_is_refused() {
    let db = Db::temporary().await.expect("a database");
    apply(&db, &[INIT, CITY]).await.expect("applied");
    let edited = Migration {
        sql: "CREATE TABLE town (name TEXT NOT NULL);",
        ..CITY
    };
    let error = apply(&db, &[INIT, edited]).await.expect_err("refused");
    assert!(
        error.starts_with("migration `0002_city` was edited after it was applied"),
        "{error}"
    );
    let error = apply(&db, &[INIT]).await.expect_err("refused");
    assert!(
        error.contains("which this program does not know"),
        "{error}"
    );
    assert!(apply(&db, &[]).await.is_err());
    // A carriage return, as version control may add, is no edit.
    let windows = Migration {
        sql: "CREATE TABLE city (name TEXT NOT NULL);\r",
        ..CITY
    };
    assert_eq!(apply(&db, &[INIT, windows]).await, Ok(0));
    assert!(
        apply(&db, &[CITY, INIT])
            .await
            .expect_err("refused")
            .contains("does not follow")
    );
}

#[tokio::test]
async fn one_that_fails_leaves_nothing() {
    let db = Db::temporary().await.expect("a database");
    let broken = Migration {
        version: 2,
        name: "0002_broken",
        sql: "CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT); INSERT INTO nowhere VALUES (1);",
    };
    let error = apply(&db, &[INIT, broken]).await.expect_err("refused");
    assert!(
        error.contains("`0002_broken` failed") && error.contains("nowhere"),
        "{error}"
    );
    let tables = tables(&db).await;
    assert!(
        tables.contains(&"listing".to_owned()) && !tables.contains(&"a".to_owned()),
        "{tables:?}"
    );
    assert_eq!(
        migration_status(&db, &[INIT, broken])
            .await
            .expect("status")[1]
            .applied_at,
        None
    );
}

#[tokio::test]
async fn a_rebuilt_parent_keeps_its_children() {
    let w = world().await;
    create(
        &w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": w.loft, "authorId": w.bob.id, "rating": 5 }),
    )
    .await
    .expect("a review");
    let rebuild = Migration {
        version: 2,
        name: "0002_rebuild",
        sql: "CREATE TABLE new (id BLOB PRIMARY KEY NOT NULL, host_id BLOB NOT NULL REFERENCES user (id), title TEXT NOT NULL, city TEXT DEFAULT 'x',
            price INTEGER NOT NULL, published INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
            INSERT INTO new SELECT * FROM listing; DROP TABLE listing; ALTER TABLE new RENAME TO listing;",
    };
    assert_eq!(apply(&w.db, &[INIT, rebuild]).await, Ok(1));
    assert_eq!(
        (
            all(&w.db, Access::System, LISTING).await.len(),
            all(&w.db, Access::System, REVIEW).await.len()
        ),
        (3, 1)
    );
}

#[tokio::test]
async fn one_that_would_leave_dangling_rows_is_refused() {
    let w = world().await;
    let error = apply(
        &w.db,
        &[
            INIT,
            Migration {
                version: 2,
                name: "0002_purge",
                sql: "DELETE FROM user;",
            },
        ],
    )
    .await
    .expect_err("refused");
    assert!(error.contains("rows in `listing`"), "{error}");
    assert_eq!(all(&w.db, Access::System, USER).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_programs_may_start_at_once() {
    let db = Db::temporary().await.expect("a database");
    let starts = (0..8).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { apply(&db, &[INIT, CITY]).await })
    });
    let mut applied = 0;
    for start in starts.collect::<Vec<_>>() {
        applied += start.await.expect("joined").expect("migrated");
    }
    assert_eq!(applied, 2);
}

#[tokio::test]
async fn a_file_is_made_with_its_folder_and_kept() {
    let folder = std::env::temp_dir().join(format!("graphwright-test-{}", uuid::Uuid::new_v4()));
    let url = format!("sqlite:{}", folder.join("data/app.db").display());
    let db = Db::open(&url).await.expect("opened");
    apply(&db, &[INIT]).await.expect("migrated");
    db.close().await;
    drop(db);
    let db = Db::open(&url).await.expect("opened again");
    assert_eq!(apply(&db, &[INIT]).await, Ok(0));
    db.close().await;
    std::fs::remove_dir_all(folder).expect("removed");
    assert!(
        Db::open("postgres://localhost/x")
            .await
            .expect_err("refused")
            .to_string()
            .contains("only `sqlite:`")
    );
}

#[tokio::test]
async fn a_temporary_one_is_removed_at_the_end() {
    let db = Db::temporary().await.expect("a database");
    let path = db.path().to_owned();
    assert!(path.exists());
    db.close().await;
    drop(db);
    assert!(!path.exists());
}
