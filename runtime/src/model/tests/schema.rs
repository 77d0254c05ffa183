//! A small schema in tables written by hand: user, listing, review, amenity.

use crate::model::*;

pub(super) const USER: u16 = 0;
pub(super) const LISTING: u16 = 1;
pub(super) const REVIEW: u16 = 2;
pub(super) const AMENITY: u16 = 3;
pub(super) const PROFILE: u16 = 4;

/// `auth.id`, `auth.role`, `auth.regions`
pub(super) struct Auth {
    pub(super) id: String,
    pub(super) role: &'static str,
    pub(super) regions: Vec<&'static str>,
}

impl Caller for Auth {
    fn get(&self, field: u16) -> Value {
        match field {
            0 => self.id.as_str().into(),
            1 => self.role.into(),
            _ => Value::Null,
        }
    }
    fn list(&self, field: u16) -> Option<Vec<Value>> {
        (field == 2).then(|| self.regions.iter().map(|r| Value::from(*r)).collect())
    }
}

const AUTH_ID: Expr = Expr::Auth(0);
const IS_ADMIN: Expr = Expr::Eq(&Expr::Auth(1), &Expr::Lit(Lit::Str("ADMIN")));
const TRUE: Expr = Expr::Lit(Lit::Bool(true));
const FALSE: Expr = Expr::Lit(Lit::Bool(false));

const fn own(column: u16) -> Expr {
    Expr::Column { path: &[], column }
}

pub(super) const ALL_OPS: &[FilterOp] = &[
    FilterOp::Eq,
    FilterOp::Ne,
    FilterOp::In,
    FilterOp::NotIn,
    FilterOp::Lt,
    FilterOp::Lte,
    FilterOp::Gt,
    FilterOp::Gte,
    FilterOp::Contains,
    FilterOp::StartsWith,
    FilterOp::EndsWith,
    FilterOp::Icontains,
    FilterOp::IsNull,
];

const fn column(field: &'static str, name: &'static str, ty: ColumnType) -> ColumnDef {
    ColumnDef {
        field,
        column: name,
        ty,
        nullable: false,
        default: None,
        constraint: None,
        read: None,
        write: None,
        filters: ALL_OPS,
        sort: true,
    }
}

const SELF_OR_ADMIN: Expr = Expr::Any(&[Expr::Eq(&own(0), &AUTH_ID), IS_ADMIN]);
const HOST_OR_ADMIN: Expr = Expr::Any(&[Expr::Eq(&own(1), &AUTH_ID), IS_ADMIN]);

pub(super) static MODELS: &[ModelDef] = &[
    ModelDef {
        name: "User",
        ty: 2,
        table: "user",
        columns: &[
            column("id", "id", ColumnType::IdUuid),
            column("name", "name", ColumnType::Text),
            ColumnDef {
                read: Some(SELF_OR_ADMIN),
                constraint: Some(&Constraint {
                    min: None,
                    max: None,
                    min_length: None,
                    max_length: None,
                    format: Some(Format::Email),
                }),
                ..column("email", "email", ColumnType::Text)
            },
            ColumnDef {
                default: Some(DefaultValue::Lit(Lit::Str("GUEST"))),
                write: Some(IS_ADMIN),
                ..column(
                    "role",
                    "role",
                    ColumnType::Enum(&["GUEST", "HOST", "ADMIN"]),
                )
            },
            ColumnDef {
                nullable: true,
                read: Some(IS_ADMIN),
                ..column("note", "note", ColumnType::Text)
            },
        ],
        id: 0,
        id_strategy: IdStrategy::UuidV7,
        relations: &[
            RelationDef {
                field: "listings",
                target: LISTING,
                join: Join::Has { column: 1 },
                paging: Paging::List {
                    max: 100,
                    offset: false,
                },
                order: &[],
                read: None,
                filter: true,
            },
            RelationDef {
                field: "profile",
                target: PROFILE,
                join: Join::Has { column: 1 },
                paging: Paging::One,
                order: &[],
                read: None,
                filter: true,
            },
            RelationDef {
                field: "reviews",
                target: REVIEW,
                join: Join::Has { column: 2 },
                paging: Paging::Cursor {
                    max: 50,
                    default: 20,
                },
                order: &[],
                read: Some(SELF_OR_ADMIN),
                filter: true,
            },
        ],
        read: TRUE,
        create: IS_ADMIN,
        update: SELF_OR_ADMIN,
        delete: IS_ADMIN,
    },
    ModelDef {
        name: "Listing",
        ty: 3,
        table: "listing",
        columns: &[
            column("id", "id", ColumnType::IdUuid),
            ColumnDef {
                default: Some(DefaultValue::Auth(0)),
                ..column("host", "host_id", ColumnType::IdUuid)
            },
            ColumnDef {
                constraint: Some(&Constraint {
                    min: None,
                    max: None,
                    min_length: Some(3),
                    max_length: Some(20),
                    format: None,
                }),
                ..column("title", "title", ColumnType::Text)
            },
            ColumnDef {
                nullable: true,
                ..column("city", "city", ColumnType::Text)
            },
            ColumnDef {
                constraint: Some(&Constraint {
                    min: Some(0.0),
                    max: Some(10_000.0),
                    min_length: None,
                    max_length: None,
                    format: None,
                }),
                ..column("price", "price", ColumnType::Decimal(2))
            },
            ColumnDef {
                default: Some(DefaultValue::Lit(Lit::Bool(false))),
                ..column("published", "published", ColumnType::Boolean)
            },
            ColumnDef {
                default: Some(DefaultValue::Now),
                ..column("createdAt", "created_at", ColumnType::DateTime)
            },
            ColumnDef {
                default: Some(DefaultValue::Now),
                ..column("updatedAt", "updated_at", ColumnType::DateTime)
            },
        ],
        id: 0,
        id_strategy: IdStrategy::UuidV7,
        relations: &[
            RelationDef {
                field: "host",
                target: USER,
                join: Join::BelongsTo { column: 1 },
                paging: Paging::One,
                order: &[],
                read: None,
                filter: true,
            },
            RelationDef {
                field: "reviews",
                target: REVIEW,
                join: Join::Has { column: 1 },
                paging: Paging::Cursor {
                    max: 50,
                    default: 20,
                },
                order: &[(3, true)],
                read: None,
                filter: true,
            },
            RelationDef {
                field: "amenities",
                target: AMENITY,
                join: Join::Through {
                    table: "listing_amenities",
                    own: "listing_id",
                    other: "amenity_id",
                },
                paging: Paging::List {
                    max: 100,
                    offset: true,
                },
                order: &[(1, false)],
                read: None,
                filter: true,
            },
        ],
        read: Expr::Any(&[own(5), HOST_OR_ADMIN]),
        create: Expr::All(&[
            Expr::Eq(&own(1), &AUTH_ID),
            Expr::In(
                &Expr::Auth(1),
                &[Expr::Lit(Lit::Str("HOST")), Expr::Lit(Lit::Str("ADMIN"))],
            ),
        ]),
        update: HOST_OR_ADMIN,
        delete: HOST_OR_ADMIN,
    },
    ModelDef {
        name: "Review",
        ty: 4,
        table: "review",
        columns: &[
            column("id", "id", ColumnType::IdUuid),
            column("listing", "listing_id", ColumnType::IdUuid),
            column("author", "author_id", ColumnType::IdUuid),
            column("rating", "rating", ColumnType::Int),
            ColumnDef {
                nullable: true,
                ..column("body", "body", ColumnType::Text)
            },
        ],
        id: 0,
        id_strategy: IdStrategy::UuidV7,
        relations: &[
            RelationDef {
                field: "listing",
                target: LISTING,
                join: Join::BelongsTo { column: 1 },
                paging: Paging::One,
                order: &[],
                read: None,
                filter: true,
            },
            RelationDef {
                field: "author",
                target: USER,
                join: Join::BelongsTo { column: 2 },
                paging: Paging::One,
                order: &[],
                read: None,
                filter: true,
            },
        ],
        // The listing's host and the author may read a review with less than three stars; everybody the others.
        read: Expr::Any(&[
            Expr::Le(&Expr::Lit(Lit::Int(3)), &own(3)),
            Expr::Eq(&own(2), &AUTH_ID),
            Expr::Eq(
                &Expr::Column {
                    path: &[0, 0],
                    column: 0,
                },
                &AUTH_ID,
            ),
        ]),
        create: Expr::Eq(&own(2), &AUTH_ID),
        update: Expr::Eq(&own(2), &AUTH_ID),
        delete: Expr::Any(&[Expr::Eq(&own(2), &AUTH_ID), IS_ADMIN]),
    },
    ModelDef {
        name: "Amenity",
        ty: 5,
        table: "amenity",
        columns: &[
            column("id", "id", ColumnType::IdInt),
            column("name", "name", ColumnType::Text),
        ],
        id: 0,
        id_strategy: IdStrategy::Auto,
        relations: &[RelationDef {
            field: "listings",
            target: LISTING,
            join: Join::Through {
                table: "listing_amenities",
                own: "amenity_id",
                other: "listing_id",
            },
            paging: Paging::Cursor {
                max: 10,
                default: 10,
            },
            order: &[],
            read: None,
            filter: true,
        }],
        read: TRUE,
        create: IS_ADMIN,
        update: FALSE,
        delete: IS_ADMIN,
    },
    ModelDef {
        name: "Profile",
        ty: 6,
        table: "profile",
        columns: &[
            column("id", "id", ColumnType::IdText),
            column("user", "user_id", ColumnType::IdUuid),
            ColumnDef {
                nullable: true,
                ..column("phone", "phone", ColumnType::Text)
            },
        ],
        id: 0,
        id_strategy: IdStrategy::None,
        relations: &[RelationDef {
            field: "user",
            target: USER,
            join: Join::BelongsTo { column: 1 },
            paging: Paging::One,
            order: &[],
            read: None,
            filter: true,
        }],
        read: Expr::Any(&[Expr::Eq(&own(1), &AUTH_ID), IS_ADMIN]),
        create: Expr::Eq(&own(1), &AUTH_ID),
        update: Expr::Eq(&own(1), &AUTH_ID),
        delete: FALSE,
    },
];

pub(super) const INIT: Migration = Migration {
    version: 1,
    name: "0001_init",
    sql: "
CREATE TABLE user (id BLOB PRIMARY KEY NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('GUEST', 'HOST', 'ADMIN')), note TEXT) STRICT;
CREATE UNIQUE INDEX user_email ON user (email);
CREATE TABLE listing (id BLOB PRIMARY KEY NOT NULL, host_id BLOB NOT NULL REFERENCES user (id) ON DELETE RESTRICT, title TEXT NOT NULL,
    city TEXT, price INTEGER NOT NULL, published INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE INDEX listing_host ON listing (host_id, id);
CREATE TABLE review (id BLOB PRIMARY KEY NOT NULL, listing_id BLOB NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    author_id BLOB NOT NULL REFERENCES user (id) ON DELETE RESTRICT, rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5), body TEXT) STRICT;
CREATE INDEX review_listing ON review (listing_id, rating, id);
CREATE INDEX review_author ON review (author_id, id);
CREATE TABLE amenity (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX amenity_name ON amenity (name);
CREATE TABLE listing_amenities (listing_id BLOB NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    amenity_id INTEGER NOT NULL REFERENCES amenity (id) ON DELETE CASCADE, PRIMARY KEY (listing_id, amenity_id)) STRICT;
CREATE INDEX listing_amenities_amenity ON listing_amenities (amenity_id);
CREATE TABLE profile (id TEXT PRIMARY KEY NOT NULL, user_id BLOB NOT NULL REFERENCES user (id) ON DELETE CASCADE, phone TEXT) STRICT;
CREATE UNIQUE INDEX profile_user ON profile (user_id);
",
};
