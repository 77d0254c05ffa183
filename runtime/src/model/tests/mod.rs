//! Tests of the model layer against a real database: tables written by hand, many connections, every path of access.

mod access;
mod engine;
mod migrations;
mod pages;
mod reads;
mod schema;
mod texts;
mod writes;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use self::schema::{AMENITY, Auth, INIT, LISTING, MODELS, PROFILE, REVIEW, USER};
use super::access::{Access, Env};
use super::load::{self, Shape};
use super::rows::RowSet;
use super::select::Want;
use super::write;
use super::*;
use crate::Result;
use crate::engine::value::{Args, InputValue};

/// A database with a few rows.
struct World {
    db: Db,
    ada: Auth,
    bob: Auth,
    eve: Auth,
    root: Auth,
    /// Ada's, published: Lisbon, 100.00.
    loft: String,
    /// Ada's, not published: no city, 80.50.
    draft: String,
    /// Eve's, published: Porto, 100.00.
    barn: String,
}

fn env<'a>(access: Access<'a>) -> Env<'a> {
    Env {
        models: MODELS,
        access,
        now: "2026-03-01T10:00:00Z".parse().expect("a time"),
        client: true,
    }
}

fn caller(auth: &Auth) -> Access<'_> {
    Access::Caller(Some(auth))
}

const NOBODY: Access<'static> = Access::Caller(None);

fn model(m: u16) -> &'static ModelDef {
    &MODELS[usize::from(m)]
}

async fn world() -> World {
    let db = Db::temporary().await.expect("a database");
    migrate(&db, &[INIT], Timestamp::UNIX_EPOCH)
        .await
        .expect("migrated");
    let mut ids = Vec::new();
    for (name, role) in [
        ("Ada", "HOST"),
        ("Bob", "GUEST"),
        ("Eve", "HOST"),
        ("Root", "ADMIN"),
    ] {
        let input = json!({ "name": name, "email": format!("{}@example.com", name.to_lowercase()), "role": role, "note": format!("about {name}") });
        ids.push(
            create(&db, Access::System, USER, input)
                .await
                .expect("a user"),
        );
    }
    let auth = |i: usize, role| Auth {
        id: ids[i].clone(),
        role,
        regions: vec!["Lisbon", "Porto"],
    };
    let listing = |host: usize, title: &str, city: Option<&str>, price: &str, published: bool| json!({ "hostId": ids[host], "title": title, "city": city, "price": price, "published": published });
    let loft = create(
        &db,
        Access::System,
        LISTING,
        listing(0, "Bright loft", Some("Lisbon"), "100", true),
    )
    .await
    .expect("loft");
    let draft = create(
        &db,
        Access::System,
        LISTING,
        listing(0, "Draft", None, "80.50", false),
    )
    .await
    .expect("draft");
    let barn = create(
        &db,
        Access::System,
        LISTING,
        listing(2, "Old barn", Some("Porto"), "100", true),
    )
    .await
    .expect("barn");
    World {
        ada: auth(0, "HOST"),
        bob: auth(1, "GUEST"),
        eve: auth(2, "HOST"),
        root: auth(3, "ADMIN"),
        db,
        loft,
        draft,
        barn,
    }
}

/// Creates a row in a transaction of its own; answers its id.
async fn create(db: &Db, access: Access<'_>, m: u16, input: Json) -> Result<String> {
    let session = db.session();
    session.begin_writing().await?;
    let id = write::create(&env(access), &session, model(m), &input.into()).await?;
    session.commit().await?;
    Ok(super::value::text_of(model(m).id().ty, &id)?.expect("a key"))
}

async fn update(db: &Db, access: Access<'_>, m: u16, id: &str, input: Json) -> Result<()> {
    let session = db.session();
    session.begin_writing().await?;
    write::update(&env(access), &session, model(m), id.into(), &input.into()).await?;
    Ok(session.commit().await?)
}

async fn delete(db: &Db, access: Access<'_>, m: u16, id: &str) -> Result<()> {
    let session = db.session();
    session.begin_writing().await?;
    write::delete(&env(access), &session, model(m), id.into()).await?;
    Ok(session.commit().await?)
}

fn object(args: Json) -> Vec<(String, InputValue)> {
    match InputValue::from(args) {
        InputValue::Object(fields) => fields,
        _ => Vec::new(),
    }
}

/// What a client that shows every column and follows every relation wants.
fn everything(m: u16) -> Want {
    Want {
        shown: Want::all(model(m)).columns,
        relations: (1 << model(m).relations.len()) - 1,
        ..Want::default()
    }
}

async fn list(db: &Db, access: Access<'_>, m: u16, paging: Paging, args: Json) -> Result<RowSet> {
    let args = object(args);
    load::list(
        &env(access),
        &db.session(),
        model(m),
        paging,
        everything(m),
        &Args::new(&args),
        Shape {
            rows: true,
            total: true,
        },
    )
    .await
}

const PLAIN: Paging = Paging::List {
    max: 100,
    offset: false,
};

/// The texts of a column, sorted as they came.
fn texts(set: &RowSet, column: u16) -> Vec<String> {
    (0..set.len())
        .map(|i| {
            super::value::text_of(
                set.model().columns[usize::from(column)].ty,
                set.cell(i, column),
            )
            .expect("sound")
            .unwrap_or("-".to_owned())
        })
        .collect()
}

/// The titles of the listings that a filter finds, in the order of the alphabet.
async fn titles(db: &Db, access: Access<'_>, filter: Json) -> Vec<String> {
    let set = list(
        db,
        access,
        LISTING,
        PLAIN,
        json!({ "filter": filter, "orderBy": [{ "title": "ASC" }] }),
    )
    .await
    .expect("listed");
    texts(&set, 2)
}

async fn relation(
    db: &Db,
    access: Access<'_>,
    parents: &RowSet,
    r: u16,
    args: Json,
) -> Result<RowSet> {
    let args = object(args);
    let target = parents.model().relations[usize::from(r)].target;
    load::relation(
        &env(access),
        &db.session(),
        parents,
        r,
        everything(target),
        &Args::new(&args),
        Shape {
            rows: true,
            total: true,
        },
    )
    .await
}

async fn all(db: &Db, access: Access<'_>, m: u16) -> RowSet {
    list(db, access, m, PLAIN, json!({})).await.expect("listed")
}

fn code(error: crate::Error) -> String {
    format!("{} {}", error.kind().as_str(), error.message())
}
