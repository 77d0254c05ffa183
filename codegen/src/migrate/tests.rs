//! The files that a run adds, and the findings of one that adds none.

use super::*;
use crate::ir::*;
use crate::source::{FileId, Span};

fn span() -> Span {
    Span::new(FileId(0), 0, 1)
}

fn column(name: &str, ty: ColumnType) -> Column {
    Column {
        field: name.into(),
        span: span(),
        column: name.into(),
        graphql: "String".into(),
        ty,
        nullable: false,
        unique: false,
        default: None,
        constraint: None,
        read: None,
        write: None,
        filters: vec![],
        sort: false,
        hidden: false,
        readonly: false,
        references: None,
    }
}

fn model(name: &str, table: &str, columns: Vec<Column>) -> Model {
    Model {
        name: name.into(),
        span: span(),
        table: table.into(),
        columns,
        id: 0,
        id_strategy: IdStrategy::UuidV7,
        relations: vec![],
        indexes: vec![],
        access: Access::default(),
    }
}

/// Two models, a foreign key, and a join table seen from both sides.
fn shop() -> Ir {
    let host = Column {
        nullable: true,
        references: Some(References {
            model: 0,
            on_delete: OnDelete::SetNull,
        }),
        ..column("host_id", ColumnType::IdUuid)
    };
    let price = Column {
        constraint: Some(Constraint {
            min: Some(0.0),
            max: Some(99.5),
            ..Constraint::default()
        }),
        default: Some(DefaultValue::Lit(Lit::Str("9.90".into()))),
        ..column("price", ColumnType::Decimal(2))
    };
    let title = Column {
        constraint: Some(Constraint {
            min_length: Some(3),
            max_length: Some(120),
            ..Constraint::default()
        }),
        ..column("ti\"tle", ColumnType::Text)
    };
    let region = ColumnType::Enum(vec!["EUROPE".into(), "ASIA".into()]);
    let through = |own: &str, other: &str, target| Relation {
        field: "x".into(),
        span: span(),
        target,
        join: Join::Through {
            table: "user_listings".into(),
            own: own.into(),
            other: other.into(),
        },
        paging: Paging::List {
            max: 10,
            offset: false,
        },
        order: vec![],
        read: None,
        filter: false,
    };
    let user = Model {
        relations: vec![through("user_id", "listing_id", 1)],
        ..model(
            "User",
            "users",
            vec![
                column("id", ColumnType::IdUuid),
                column("age", ColumnType::Int),
            ],
        )
    };
    let listing = Model {
        id_strategy: IdStrategy::Auto,
        relations: vec![through("listing_id", "user_id", 0)],
        indexes: vec![Index {
            name: "listings_title".into(),
            columns: vec!["ti\"tle".into()],
            unique: true,
        }],
        ..model(
            "Listing",
            "listings",
            vec![
                column("id", ColumnType::IdInt),
                host,
                title,
                price,
                column("region", region),
                column("at", ColumnType::DateTime),
            ],
        )
    };
    Ir {
        models: vec![user, listing],
        ..Ir::default()
    }
}

fn run(
    ir: &Ir,
    files: &BTreeMap<String, String>,
    accept: bool,
) -> (BTreeMap<String, String>, Vec<String>) {
    let mut diags = Diagnostics::default();
    let options = Options {
        accept_migrations: accept,
        ..Options::default()
    };
    let written = migrate(ir, files, &options, &mut diags);
    let found = diags
        .sorted()
        .iter()
        .map(|d| format!("{}: {}", d.code, d.message))
        .collect();
    (written, found)
}

#[test]
fn a_first_run_writes_the_tables_and_their_snapshot() {
    let (files, found) = run(&shop(), &BTreeMap::new(), false);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["migrations/0001_init.sql", "migrations/snapshot.json"]
    );
    assert_eq!(
        files["migrations/0001_init.sql"],
        r#"-- The tables of the schema's models. Applied once; change it only before that.

CREATE TABLE "users" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "age" INTEGER NOT NULL CHECK ("age" BETWEEN -2147483648 AND 2147483647)
) STRICT;

CREATE TABLE "listings" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "host_id" BLOB CHECK (length("host_id") = 16),
  "ti""tle" TEXT NOT NULL CHECK (length("ti""tle") >= 3) CHECK (length("ti""tle") <= 120),
  "price" INTEGER NOT NULL DEFAULT 990 CHECK ("price" >= 0) CHECK ("price" <= 9950),
  "region" TEXT NOT NULL CHECK ("region" IN ('EUROPE', 'ASIA')),
  "at" INTEGER NOT NULL,
  FOREIGN KEY ("host_id") REFERENCES "users" ("id") ON DELETE SET NULL
) STRICT;

CREATE UNIQUE INDEX "listings_title" ON "listings" ("ti""tle");

CREATE TABLE "user_listings" (
  "user_id" BLOB NOT NULL CHECK (length("user_id") = 16),
  "listing_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "listing_id"),
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("listing_id") REFERENCES "listings" ("id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX "user_listings_listing_id" ON "user_listings" ("listing_id", "user_id");
"#
    );
    assert_eq!(names(&BTreeMap::new(), &files), ["0001_init.sql"]);
    assert_eq!(
        run(&shop(), &files, false),
        (BTreeMap::new(), vec![]),
        "a second run has nothing to do"
    );
}

#[test]
fn no_models_need_no_files() {
    assert_eq!(
        run(&Ir::default(), &BTreeMap::new(), false),
        (BTreeMap::new(), vec![])
    );
}

#[test]
fn a_change_of_the_models_is_reported_and_can_be_accepted() {
    let (files, _) = run(&shop(), &BTreeMap::new(), false);
    let mut changed = shop();
    changed.models[0]
        .columns
        .push(column("email", ColumnType::Text));
    changed.models[1].columns.remove(5);
    changed.models[1].columns[2].nullable = true;
    changed.models.push(model(
        "Extra",
        "extras",
        vec![column("id", ColumnType::IdUuid)],
    ));
    let (written, mut found) = run(&changed, &files, false);
    found.sort();
    assert_eq!(written, BTreeMap::new());
    let start = |table: &str| {
        format!("GW0802: the migrations do not lead to table `{table}` as the models describe it: ")
    };
    let mut expect = vec![
        start("extras") + "there is no such table",
        start("listings") + "column gone: `at`; column changed: `ti\"tle`",
        start("users") + "new column `email`",
    ];
    expect.sort();
    assert_eq!(found, expect);

    let (written, found) = run(&changed, &files, true);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(
        written.keys().collect::<Vec<_>>(),
        ["migrations/snapshot.json"]
    );
    let after: BTreeMap<_, _> = files.into_iter().chain(written).collect();
    assert_eq!(run(&changed, &after, false), (BTreeMap::new(), vec![]));
    assert_eq!(run(&changed, &after, true), (BTreeMap::new(), vec![]));
}

#[test]
fn a_folder_that_does_not_add_up_is_reported() {
    let (mut files, _) = run(&shop(), &BTreeMap::new(), false);
    files.insert(
        "migrations/snapshot.json".into(),
        "{ \"version\": 7, \"tables\": [] }".into(),
    );
    assert_eq!(
        run(&shop(), &files, false).1,
        [
            "GW0803: `migrations/snapshot.json` cannot be read: it has version 7, and this program knows version 1"
        ]
    );
    files.remove("migrations/snapshot.json");
    assert_eq!(
        run(&shop(), &files, false).1,
        ["GW0803: `migrations` has migrations but no `snapshot.json`"]
    );
}
