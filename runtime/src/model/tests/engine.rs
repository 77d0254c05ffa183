//! The model layer under the engine: documents in, responses out, statements counted.

mod parts;
mod shares;

use super::schema::Auth;
use super::*;
use crate::application::{AppDef, Application};
use crate::engine::call::{batch, settle};
use crate::engine::level::descend;
use crate::engine::object::{BoxFuture, Object};
use crate::engine::out::{Out, Written};
use crate::engine::plan::Field;
use crate::engine::response::Request;
use crate::engine::schema::{
    FieldDef, LEAF, PagePart, SchemaDef, Shape as TypeShape, Source, TypeDef,
};
use crate::engine::state::State;
use crate::engine::writer::{composite_result, leaf_result, unresolved};
use crate::{Batch, Context, Error, Server, Services};

const SDL: &str = r#"
scalar Decimal
scalar DateTime
type Query {
  listings(first: Int, after: String, last: Int, before: String, filter: ListingFilter, orderBy: [ListingOrder!]): ListingConnection!
  listing(id: ID!): Listing
  users: [User!]!
  me: User
  everybody: [User]!
  byEmail(email: String, name: String): User
  byNote(note: String!): User
}
type Mutation {
  createListing(input: CreateListingInput!): Listing!
  updateListing(id: ID!, input: UpdateListingInput!): Listing!
  deleteListing(id: ID!): Listing!
  host(title: String!, fail: Boolean!): Listing!
}
type User { id: ID! name: String! email: String note: String listings: [Listing!]! profile: Profile reviews(first: Int): ReviewConnection! }
type Listing {
  id: ID! host: User! title: String! city: String price: Decimal! published: Boolean! createdAt: DateTime!
  reviews(first: Int, after: String, filter: ReviewFilter): ReviewConnection!
  amenities(limit: Int, offset: Int): [Amenity!]!
  shout: String!
  neighbours: [Listing!]!
}
type Review { id: ID! listing: Listing! author: User! rating: Int! }
type Amenity { id: ID! name: String! }
type Profile { id: ID! phone: String }
type ListingConnection { edges: [ListingEdge!]! nodes: [Listing!]! pageInfo: PageInfo! totalCount: Int! }
type ListingEdge { node: Listing! cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type ReviewConnection { edges: [ReviewEdge!]! nodes: [Review!]! pageInfo: PageInfo! totalCount: Int! }
type ReviewEdge { node: Review! cursor: String! }
input StringOps { eq: String contains: String }
input ListingFilter { and: [ListingFilter!] title: StringOps city: StringOps }
input ReviewFilter { rating: IntOps }
input IntOps { eq: Int gte: Int }
input ListingOrder @oneOf { city: Direction title: Direction price: Direction }
enum Direction { ASC DESC }
input CreateListingInput { hostId: ID title: String! city: String price: Decimal! published: Boolean }
input UpdateListingInput { hostId: ID title: String city: String price: Decimal published: Boolean }
"#;

const fn field(name: &'static str, source: Source, ty: u16, non_null: bool) -> FieldDef {
    FieldDef {
        name,
        source,
        ty,
        non_null,
        access: None,
    }
}

const fn page(name: &'static str, part: PagePart, ty: u16, non_null: bool) -> FieldDef {
    field(name, Source::Page(part), ty, non_null)
}

static LISTINGS: Operation = Operation {
    model: LISTING,
    kind: OperationKind::List(Paging::Cursor {
        max: 200,
        default: 200,
    }),
};
static FIND_LISTING: Operation = Operation {
    model: LISTING,
    kind: OperationKind::Find,
};
static FIND_USER: Operation = Operation {
    model: USER,
    kind: OperationKind::Find,
};
static USERS: Operation = Operation {
    model: USER,
    kind: OperationKind::List(Paging::List {
        max: 200,
        offset: false,
    }),
};
static CREATE: Operation = Operation {
    model: LISTING,
    kind: OperationKind::Create,
};
static UPDATE: Operation = Operation {
    model: LISTING,
    kind: OperationKind::Update,
};
static DELETE: Operation = Operation {
    model: LISTING,
    kind: OperationKind::Delete,
};

const SHOUT: u16 = 9;
const NEIGHBOURS: u16 = 10;

static TYPES: &[TypeDef] = &[
    TypeDef {
        name: "Query",
        shape: TypeShape::Object,
        fields: &[
            field("listings", Source::Operation(&LISTINGS), 7, true),
            field("listing", Source::Operation(&FIND_LISTING), 3, false),
            field("users", Source::Operation(&USERS), 2, true),
            field("me", Source::Resolver, 2, false),
            field("everybody", Source::Resolver, 2, true),
            field("byEmail", Source::Operation(&FIND_USER), 2, false),
            field("byNote", Source::Operation(&FIND_USER), 2, false),
        ],
    },
    TypeDef {
        name: "Mutation",
        shape: TypeShape::Object,
        fields: &[
            field("createListing", Source::Operation(&CREATE), 3, true),
            field("updateListing", Source::Operation(&UPDATE), 3, true),
            field("deleteListing", Source::Operation(&DELETE), 3, true),
            field("host", Source::Resolver, 3, true),
        ],
    },
    TypeDef {
        name: "User",
        shape: TypeShape::Model(USER),
        fields: &[
            field("id", Source::Column(0), LEAF, true),
            field("name", Source::Column(1), LEAF, true),
            field("email", Source::Column(2), LEAF, false),
            field("note", Source::Column(4), LEAF, false),
            field("listings", Source::Relation(0), 3, true),
            field("profile", Source::Relation(1), 6, false),
            field("reviews", Source::Relation(2), 10, true),
        ],
    },
    TypeDef {
        name: "Listing",
        shape: TypeShape::Model(LISTING),
        fields: &[
            field("id", Source::Column(0), LEAF, true),
            field("host", Source::Relation(0), 2, true),
            field("title", Source::Column(2), LEAF, true),
            field("city", Source::Column(3), LEAF, false),
            field("price", Source::Column(4), LEAF, true),
            field("published", Source::Column(5), LEAF, true),
            field("createdAt", Source::Column(6), LEAF, true),
            field("reviews", Source::Relation(1), 10, true),
            field("amenities", Source::Relation(2), 5, true),
            field("shout", Source::Resolver, LEAF, true),
            field("neighbours", Source::Resolver, 3, true),
        ],
    },
    TypeDef {
        name: "Review",
        shape: TypeShape::Model(REVIEW),
        fields: &[
            field("id", Source::Column(0), LEAF, true),
            field("listing", Source::Relation(0), 3, true),
            field("author", Source::Relation(1), 2, true),
            field("rating", Source::Column(3), LEAF, true),
        ],
    },
    TypeDef {
        name: "Amenity",
        shape: TypeShape::Model(AMENITY),
        fields: &[
            field("id", Source::Column(0), LEAF, true),
            field("name", Source::Column(1), LEAF, true),
        ],
    },
    TypeDef {
        name: "Profile",
        shape: TypeShape::Model(PROFILE),
        fields: &[
            field("id", Source::Column(0), LEAF, true),
            field("phone", Source::Column(2), LEAF, false),
        ],
    },
    TypeDef {
        name: "ListingConnection",
        shape: TypeShape::Connection(LISTING),
        fields: &[
            page("edges", PagePart::Edges, 8, true),
            page("nodes", PagePart::Nodes, 3, true),
            page("pageInfo", PagePart::PageInfo, 9, true),
            page("totalCount", PagePart::TotalCount, LEAF, true),
        ],
    },
    TypeDef {
        name: "ListingEdge",
        shape: TypeShape::Edge(LISTING),
        fields: &[
            page("node", PagePart::Node, 3, true),
            page("cursor", PagePart::Cursor, LEAF, true),
        ],
    },
    TypeDef {
        name: "PageInfo",
        shape: TypeShape::PageInfo,
        fields: &[
            page("hasNextPage", PagePart::HasNextPage, LEAF, true),
            page("hasPreviousPage", PagePart::HasPreviousPage, LEAF, true),
            page("startCursor", PagePart::StartCursor, LEAF, false),
            page("endCursor", PagePart::EndCursor, LEAF, false),
        ],
    },
    TypeDef {
        name: "ReviewConnection",
        shape: TypeShape::Connection(REVIEW),
        fields: &[
            page("edges", PagePart::Edges, 11, true),
            page("nodes", PagePart::Nodes, 4, true),
            page("pageInfo", PagePart::PageInfo, 9, true),
            page("totalCount", PagePart::TotalCount, LEAF, true),
        ],
    },
    TypeDef {
        name: "ReviewEdge",
        shape: TypeShape::Edge(REVIEW),
        fields: &[
            page("node", PagePart::Node, 4, true),
            page("cursor", PagePart::Cursor, LEAF, true),
        ],
    },
];

static SCHEMA: SchemaDef = SchemaDef {
    sdl: SDL,
    types: TYPES,
    query: 0,
    mutation: Some(1),
    subscription: None,
};
static DEFINITION: AppDef = AppDef::new(&SCHEMA).models(MODELS);

// What the generator would emit.

struct User;
impl Model for User {
    const MODEL: u16 = USER;
    const TYPE: u16 = 2;
    fn from_row(_: &Row<'_>) -> Result<Self> {
        Ok(User)
    }
}

struct Listing {
    id: Key<Listing>,
    host: Key<User>,
    title: String,
    price: rust_decimal::Decimal,
}
impl Model for Listing {
    const MODEL: u16 = LISTING;
    const TYPE: u16 = 3;
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Listing {
            id: row.get(0)?,
            host: row.get(1)?,
            title: row.get(2)?,
            price: row.get(4)?,
        })
    }
}

enum Slot {
    Me(Vec<Result<Option<Key<User>>>>),
    Everybody(Vec<Result<Vec<Option<Key<User>>>>>),
    Host(Vec<Result<Key<Listing>>>),
    Shout(Vec<Result<String>>),
    Neighbours(Vec<Result<Vec<Key<Listing>>>>),
}

struct App {
    everybody: Vec<String>,
}

#[derive(Default)]
struct Query;
#[derive(Default)]
struct Mutation;

impl Application for App {
    type Auth = Auth;
    type Slot<'r> = Slot;
    type Query = Query;
    type Mutation = Mutation;
    type Subscription = crate::application::Nothing;

    fn definition(&self) -> &'static AppDef {
        &DEFINITION
    }

    async fn authenticate(&self, _: &http::request::Parts) -> Result<Option<Auth>> {
        Ok(None)
    }

    fn visit_row_field<'b, 'a: 'b>(
        st: &'a State<'_, Self>,
        f: &'a Field,
        ty: u16,
        rows: &'b RowSet,
    ) -> BoxFuture<'b, ()> {
        Box::pin(async move {
            let full = rows.full::<Listing>();
            match (ty, f.fid, full) {
                (3, SHOUT, Ok(full)) => {
                    let found = full.iter().map(|l| {
                        Ok(format!(
                            "{} {} {}",
                            l.title.to_uppercase(),
                            l.price,
                            l.host.as_str() == st.app().everybody[0]
                        ))
                    });
                    st.put(f, Slot::Shout(found.collect()));
                }
                (3, NEIGHBOURS, Ok(full)) => {
                    let found =
                        Batch::from(full.iter().map(|l| vec![l.id.clone()]).collect::<Vec<_>>());
                    if let Some(Slot::Neighbours(found)) = st.put(
                        f,
                        Slot::Neighbours(batch(Ok(found), rows.len()).expect("one for each row")),
                    ) {
                        descend(st, f, found).await;
                    }
                }
                _ => {}
            }
        })
    }

    fn write_row_field(
        st: &State<'_, Self>,
        f: &Field,
        _: u16,
        i: usize,
        out: &mut Out,
    ) -> Written {
        match st.slot(f) {
            Some(Slot::Shout(found)) => leaf_result(found, i, out),
            Some(Slot::Neighbours(found)) => composite_result(found, i, st, f, out),
            _ => unresolved(out),
        }
    }
}

impl Object<App> for Query {
    fn write_field(&self, st: &State<'_, App>, f: &Field, i: usize, out: &mut Out) -> Written {
        match st.slot(f) {
            Some(Slot::Me(found)) => composite_result(found, i, st, f, out),
            Some(Slot::Everybody(found)) => composite_result(found, i, st, f, out),
            _ => unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a State<'_, App>,
        f: &'a Field,
        _: &'b [&'a Self],
    ) -> BoxFuture<'b, ()> {
        Box::pin(async move {
            if f.fid == 3 {
                let me = st.context().auth().map(|auth| Key::new(auth.id.as_str()));
                if let Some(Slot::Me(found)) = st.put(f, Slot::Me(vec![Ok(me)])) {
                    descend(st, f, found).await;
                }
            } else {
                let keys = st
                    .app()
                    .everybody
                    .iter()
                    .map(|id| Some(Key::new(id.as_str())))
                    .collect();
                if let Some(Slot::Everybody(found)) = st.put(f, Slot::Everybody(vec![Ok(keys)])) {
                    descend(st, f, found).await;
                }
            }
        })
    }
}

/// A resolver that writes for the program itself, in the mutation's transaction.
async fn host(cx: &Context<Auth>, title: String, fail: bool) -> Result<Key<Listing>> {
    let host = cx.require_auth()?.id.clone();
    let key = crate::model::create::<Listing>(
        &System(cx),
        json!({ "title": title, "price": 1, "hostId": host, "published": true }),
    )
    .await?;
    let mut tx = cx.tx().await?;
    sqlx::query("UPDATE listing SET city = 'Sintra' WHERE title = ?1")
        .bind(&title)
        .execute(&mut *tx)
        .await?;
    drop(tx);
    let seen = crate::model::find::<Listing>(cx, key.clone())
        .await?
        .expect("its own write");
    assert_eq!(seen.title, title);
    if fail {
        Err(Error::new("changed my mind"))
    } else {
        Ok(key)
    }
}

impl Object<App> for Mutation {
    fn write_field(&self, st: &State<'_, App>, f: &Field, i: usize, out: &mut Out) -> Written {
        match st.slot(f) {
            Some(Slot::Host(found)) => composite_result(found, i, st, f, out),
            _ => unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a State<'_, App>,
        f: &'a Field,
        _: &'b [&'a Self],
    ) -> BoxFuture<'b, ()> {
        Box::pin(async move {
            let args = st.args(f).expect("coerced");
            let (title, fail) = (
                args.get("title").expect("a title"),
                args.get("fail").expect("a flag"),
            );
            st.cx.begin().await.expect("begun");
            let found = settle(st.context(), host(st.context(), title, fail).await).await;
            if let Some(Slot::Host(found)) = st.put(f, Slot::Host(vec![found])) {
                descend(st, f, found).await;
            }
        })
    }
}

struct Site {
    w: World,
    server: Server<App>,
}

async fn site() -> Site {
    let w = world().await;
    let everybody = vec![
        w.ada.id.clone(),
        "nonsense".to_owned(),
        w.bob.id.clone(),
        w.ada.id.clone(),
    ];
    let server =
        Server::new(App { everybody }, Services::new().with_db(w.db.clone())).expect("a server");
    Site { w, server }
}

fn as_caller(auth: &Auth) -> Option<Auth> {
    Some(Auth {
        id: auth.id.clone(),
        role: auth.role,
        regions: auth.regions.clone(),
    })
}

async fn ask(site: &Site, auth: Option<Auth>, query: &str, variables: Json) -> Json {
    let request = Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    };
    let response = site.server.execute(auth, "r1", &request).await;
    serde_json::from_slice(&response.body)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&response.body)))
}

#[tokio::test]
async fn an_operation_is_answered_with_all_its_levels() {
    let s = site().await;
    create(
        &s.w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": s.w.loft, "authorId": s.w.bob.id, "rating": 5 }),
    )
    .await
    .expect("a review");
    let query = "query($f: ListingFilter) { listings(first: 1, filter: $f, orderBy: [{ title: ASC }]) {
        totalCount pageInfo { hasNextPage hasPreviousPage }
        edges { node { __typename title price city published createdAt host { name } reviews { nodes { rating author { name } } totalCount } } }
        nodes { again: title amenities(limit: 3) { name } } } }";
    let found = ask(
        &s,
        None,
        query,
        json!({ "f": { "title": { "contains": "r" } } }),
    )
    .await;
    let expect = json!({ "data": { "listings": {
        "totalCount": 2, "pageInfo": { "hasNextPage": true, "hasPreviousPage": false },
        "edges": [{ "node": { "__typename": "Listing", "title": "Bright loft", "price": "100.00", "city": "Lisbon", "published": true,
            "createdAt": "2026-03-01T10:00:00Z", "host": { "name": "Ada" },
            "reviews": { "nodes": [{ "rating": 5, "author": { "name": "Bob" } }], "totalCount": 1 } } }],
        "nodes": [{ "again": "Bright loft", "amenities": [] }] } } });
    assert_eq!(found, expect);
}

#[tokio::test]
async fn the_statements_of_an_operation_depend_on_its_depth() {
    let s = site().await;
    for i in 0..97 {
        let input = json!({ "hostId": s.w.ada.id, "title": format!("L {i}"), "price": 1, "published": true });
        let listing = create(&s.w.db, Access::System, LISTING, input)
            .await
            .expect("a listing");
        create(
            &s.w.db,
            Access::System,
            REVIEW,
            json!({ "listingId": listing, "authorId": s.w.bob.id, "rating": 4 }),
        )
        .await
        .expect("a review");
    }
    let before = s.w.db.statements();
    let found = ask(
        &s,
        None,
        "{ listings { nodes { host { name } reviews { nodes { author { name } } } } } }",
        json!({}),
    )
    .await;
    assert_eq!(s.w.db.statements() - before, 4);
    assert_eq!(
        found["data"]["listings"]["nodes"].as_array().map(Vec::len),
        Some(99)
    );
    assert!(found.get("errors").is_none(), "{found}");
}

#[tokio::test]
async fn cursors_lead_from_page_to_page() {
    let s = site().await;
    let query = "query($after: String) { listings(first: 1, after: $after, orderBy: [{ price: DESC }]) { edges { cursor node { title } } pageInfo { hasNextPage endCursor startCursor } } }";
    let (mut titles, mut after) = (Vec::new(), Json::Null);
    loop {
        let page = ask(&s, as_caller(&s.w.root), query, json!({ "after": after })).await["data"]["listings"].take();
        titles.push(
            page["edges"][0]["node"]["title"]
                .as_str()
                .expect("a title")
                .to_owned(),
        );
        assert_eq!(page["edges"][0]["cursor"], page["pageInfo"]["endCursor"]);
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(titles, ["Old barn", "Bright loft", "Draft"]);
    let found = ask(&s, None, query, json!({ "after": "x" })).await;
    assert_eq!(
        (
            &found["errors"][0]["extensions"]["code"],
            &found["errors"][0]["path"]
        ),
        (&json!("BAD_USER_INPUT"), &json!(["listings"]))
    );
}

#[tokio::test]
async fn what_may_not_be_seen_is_null_or_an_error_at_its_place() {
    let s = site().await;
    let query = "query($id: ID!) { listing(id: $id) { title } }";
    assert_eq!(
        ask(&s, None, query, json!({ "id": s.w.draft })).await,
        json!({ "data": { "listing": null } })
    );
    assert_eq!(
        ask(&s, None, query, json!({ "id": "nonsense" })).await,
        json!({ "data": { "listing": null } })
    );
    assert_eq!(
        ask(&s, as_caller(&s.w.ada), query, json!({ "id": s.w.draft })).await["data"]["listing"]["title"],
        "Draft"
    );

    let found = ask(
        &s,
        as_caller(&s.w.bob),
        "{ users { name email reviews { totalCount } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        found["data"],
        Json::Null,
        "a refused relation is not nullable: {found}"
    );
    let found = ask(
        &s,
        as_caller(&s.w.bob),
        "{ users { name email note } }",
        json!({}),
    )
    .await;
    assert_eq!(
        found["data"]["users"][0],
        json!({ "name": "Ada", "email": null, "note": null })
    );
    assert_eq!(
        found["data"]["users"][1],
        json!({ "name": "Bob", "email": "bob@example.com", "note": null })
    );
    let at = |i: usize| {
        (
            found["errors"][i]["path"].clone(),
            found["errors"][i]["extensions"]["code"].clone(),
        )
    };
    assert_eq!(at(0), (json!(["users", 0, "email"]), json!("FORBIDDEN")));
    assert_eq!(at(2), (json!(["users", 1, "note"]), json!("FORBIDDEN")));

    create(
        &s.w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": s.w.draft, "authorId": s.w.bob.id, "rating": 5 }),
    )
    .await
    .expect("a review");
    let found = ask(
        &s,
        as_caller(&s.w.bob),
        "{ me { reviews { nodes { rating listing { title } } } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        (
            &found["data"]["me"],
            &found["errors"][0]["extensions"]["code"]
        ),
        (&Json::Null, &json!("NOT_FOUND"))
    );
    assert_eq!(
        found["errors"][0]["path"],
        json!(["me", "reviews", "nodes", 0, "listing"])
    );
}

#[tokio::test]
async fn keys_of_user_code_are_loaded_together() {
    let s = site().await;
    let before = s.w.db.statements();
    let found = ask(
        &s,
        as_caller(&s.w.ada),
        "{ everybody { name listings { title } } me { name profile { phone } } }",
        json!({}),
    )
    .await;
    assert_eq!(s.w.db.statements() - before, 4);
    let ada =
        json!({ "name": "Ada", "listings": [{ "title": "Bright loft" }, { "title": "Draft" }] });
    assert_eq!(
        found["data"]["everybody"],
        json!([ada, null, { "name": "Bob", "listings": [] }, ada])
    );
    assert_eq!(
        found["data"]["me"],
        json!({ "name": "Ada", "profile": null })
    );
    assert_eq!(found["errors"][0]["path"], json!(["everybody", 1]));
}

#[tokio::test]
async fn user_code_gets_whole_rows_and_answers_keys() {
    let s = site().await;
    let before = s.w.db.statements();
    let query = "{ listings(orderBy: [{ title: ASC }]) { nodes { shout neighbours { title neighbours { city } } } } }";
    let found = ask(&s, None, query, json!({})).await;
    assert_eq!(s.w.db.statements() - before, 3);
    let nodes = json!([
        { "shout": "BRIGHT LOFT 100.00 true", "neighbours": [{ "title": "Bright loft", "neighbours": [{ "city": "Lisbon" }] }] },
        { "shout": "OLD BARN 100.00 false", "neighbours": [{ "title": "Old barn", "neighbours": [{ "city": "Porto" }] }] },
    ]);
    assert_eq!(found["data"]["listings"]["nodes"], nodes);
}

#[tokio::test]
async fn mutations_write_and_answer_what_they_wrote() {
    let s = site().await;
    let ada = || as_caller(&s.w.ada);
    let create = "mutation($i: CreateListingInput!) { createListing(input: $i) { id title host { name } reviews { totalCount } } }";
    let found = ask(
        &s,
        ada(),
        create,
        json!({ "i": { "title": "Garden", "price": "12.5" } }),
    )
    .await;
    let made = &found["data"]["createListing"];
    assert_eq!(
        (
            &made["title"],
            &made["host"]["name"],
            &made["reviews"]["totalCount"]
        ),
        (&json!("Garden"), &json!("Ada"), &json!(0))
    );
    let update = "mutation($id: ID!, $i: UpdateListingInput!) { updateListing(id: $id, input: $i) { title price } }";
    let found = ask(
        &s,
        ada(),
        update,
        json!({ "id": made["id"], "i": { "price": "13" } }),
    )
    .await;
    assert_eq!(
        found["data"]["updateListing"],
        json!({ "title": "Garden", "price": "13.00" })
    );
    let delete = "mutation($id: ID!) { deleteListing(id: $id) { title host { name } } }";
    let found = ask(&s, ada(), delete, json!({ "id": made["id"] })).await;
    assert_eq!(
        found["data"]["deleteListing"],
        json!({ "title": "Garden", "host": { "name": "Ada" } })
    );
    let found = ask(&s, ada(), delete, json!({ "id": made["id"] })).await;
    assert_eq!(
        (&found["data"], &found["errors"][0]["extensions"]["code"]),
        (&Json::Null, &json!("NOT_FOUND"))
    );
}

#[tokio::test]
async fn a_refused_mutation_says_why() {
    let s = site().await;
    let update = "mutation($id: ID!, $i: UpdateListingInput!) { updateListing(id: $id, input: $i) { title } }";
    let code = async |auth: Option<Auth>, id: &str, input: Json| {
        ask(&s, auth, update, json!({ "id": id, "i": input })).await["errors"][0]["extensions"]
            .take()
    };
    assert_eq!(
        code(as_caller(&s.w.eve), &s.w.loft, json!({ "title": "Mine" })).await["code"],
        "FORBIDDEN"
    );
    assert_eq!(
        code(as_caller(&s.w.eve), &s.w.draft, json!({ "title": "Mine" })).await["code"],
        "NOT_FOUND"
    );
    assert_eq!(
        code(None, &s.w.loft, json!({ "title": "Mine" })).await["code"],
        "UNAUTHENTICATED"
    );
    let invalid = code(
        as_caller(&s.w.ada),
        &s.w.loft,
        json!({ "title": "x", "price": "-1" }),
    )
    .await;
    assert_eq!(invalid["code"], "BAD_USER_INPUT");
    assert_eq!(
        invalid["fields"],
        json!({ "title": "has at least 3 characters", "price": "is at least 0" })
    );
}

#[tokio::test]
async fn a_resolvers_writes_stand_or_fall_together() {
    let s = site().await;
    let query = "mutation($fail: Boolean!) { host(title: \"Studio\", fail: $fail) { title city } }";
    let found = ask(&s, as_caller(&s.w.bob), query, json!({ "fail": true })).await;
    assert_eq!(found["errors"][0]["message"], "changed my mind");
    assert_eq!(all(&s.w.db, Access::System, LISTING).await.len(), 3);
    let found = ask(&s, as_caller(&s.w.bob), query, json!({ "fail": false })).await;
    assert_eq!(
        found["data"]["host"],
        json!({ "title": "Studio", "city": "Sintra" })
    );
    assert_eq!(all(&s.w.db, Access::System, LISTING).await.len(), 4);
}

#[tokio::test]
async fn each_root_field_of_a_mutation_is_a_transaction() {
    let s = site().await;
    let query = "mutation { a: host(title: \"First\", fail: false) { title } b: host(title: \"Second\", fail: true) { title } }";
    let found = ask(&s, as_caller(&s.w.bob), query, json!({})).await;
    assert_eq!(
        (&found["data"], &found["errors"][0]["path"]),
        (&Json::Null, &json!(["b"]))
    );
    let titles = titles(&s.w.db, Access::System, json!({})).await;
    assert!(
        titles.contains(&"First".to_owned()) && !titles.contains(&"Second".to_owned()),
        "{titles:?}"
    );
}

#[tokio::test]
async fn user_code_queries_by_type() {
    let s = site().await;
    let cx = Context::new(
        Services::new().with_db(s.w.db.clone()).into(),
        as_caller(&s.w.bob),
        "r",
    );
    let cheap = json!({ "price": { "lt": "100" } });
    assert_eq!(
        crate::model::query::<Listing, _>(&cx)
            .count()
            .await
            .expect("counted"),
        2
    );
    assert_eq!(
        crate::model::query::<Listing, _>(&System(&cx))
            .filter(cheap.clone())
            .count()
            .await
            .expect("counted"),
        1
    );
    assert!(
        crate::model::query::<Listing, _>(&cx)
            .filter(cheap)
            .first()
            .await
            .expect("looked")
            .is_none()
    );
    let found = crate::model::query::<Listing, _>(&System(&s.w.db))
        .order("price", true)
        .order("title", false)
        .limit(2)
        .all()
        .await
        .expect("found");
    assert_eq!(
        found.iter().map(|l| l.title.as_str()).collect::<Vec<_>>(),
        ["Bright loft", "Old barn"]
    );
    assert!(
        crate::model::find::<Listing>(&cx, Key::new(s.w.draft.as_str()))
            .await
            .expect("looked")
            .is_none()
    );
    assert!(
        crate::model::find::<Listing>(&System(&cx), Key::new(s.w.draft.as_str()))
            .await
            .expect("looked")
            .is_some()
    );
    assert_eq!(
        code(
            crate::model::delete::<Listing>(&cx, Key::new(s.w.loft.as_str()))
                .await
                .expect_err("refused")
        ),
        "FORBIDDEN not allowed"
    );
    crate::model::update::<Listing>(
        &System(&cx),
        Key::new(s.w.loft.as_str()),
        json!({ "title": "New name" }),
    )
    .await
    .expect("updated");
    assert!(
        titles(&s.w.db, NOBODY, json!({}))
            .await
            .contains(&"New name".to_owned())
    );
}

#[tokio::test]
async fn user_code_connects_rows() {
    let s = site().await;
    let mut ids = Vec::new();
    for name in ["wifi", "piano", "garden"] {
        ids.push(crate::Id::from(
            create(&s.w.db, Access::System, AMENITY, json!({ "name": name }))
                .await
                .expect("an amenity"),
        ));
    }
    let names = async || {
        let found = ask(
            &s,
            None,
            "query($id: ID!) { listing(id: $id) { amenities { name } } }",
            json!({ "id": s.w.loft }),
        )
        .await;
        found["data"]["listing"]["amenities"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|a| a["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    let cx = |auth: &Auth| {
        Context::new(
            Services::new().with_db(s.w.db.clone()).into(),
            as_caller(auth),
            "r",
        )
    };
    let loft = || Key::<Listing>::new(s.w.loft.as_str());
    crate::model::connect(&cx(&s.w.ada), loft(), "amenities", &ids[..2])
        .await
        .expect("connected");
    crate::model::connect(&cx(&s.w.ada), loft(), "amenities", &ids)
        .await
        .expect("connected once more");
    assert_eq!(names().await, ["garden", "piano", "wifi"]);
    crate::model::disconnect(&cx(&s.w.ada), loft(), "amenities", &ids[..1])
        .await
        .expect("disconnected");
    assert_eq!(names().await, ["garden", "piano"]);
    let error = crate::model::connect(&cx(&s.w.bob), loft(), "amenities", &ids)
        .await
        .expect_err("refused");
    assert_eq!(code(error), "FORBIDDEN not allowed");
    let error = crate::model::connect(&cx(&s.w.ada), loft(), "amenities", &["77".into()])
        .await
        .expect_err("refused");
    assert_eq!(code(error), "BAD_USER_INPUT `77` names no Amenity");
}

#[tokio::test]
async fn nobody_is_found_by_what_may_not_be_read() {
    let s = site().await;
    let find = async |auth: Option<Auth>, args: &str| {
        let args = if args.is_empty() {
            String::new()
        } else {
            format!("({args})")
        };
        let query = format!("{{ found: byEmail{args} {{ name }} }}");
        let found = ask(&s, auth, &query, json!({})).await;
        let at = |place: &str| found.pointer(place).cloned().unwrap_or_default();
        (at("/data/found/name"), at("/errors/0/extensions/code"))
    };
    let ada = "email: \"ada@example.com\"";
    let none = (Json::Null, Json::Null);
    assert_eq!(
        find(as_caller(&s.w.ada), ada).await,
        (json!("Ada"), Json::Null)
    );
    assert_eq!(
        find(as_caller(&s.w.root), ada).await,
        (json!("Ada"), Json::Null)
    );
    assert_eq!(find(as_caller(&s.w.bob), ada).await, none);
    assert_eq!(
        find(None, ada).await,
        (Json::Null, json!("UNAUTHENTICATED"))
    );
    assert_eq!(
        find(
            as_caller(&s.w.ada),
            "email: \"ada@example.com\", name: \"Eve\""
        )
        .await,
        none
    );
    assert_eq!(find(as_caller(&s.w.ada), "email: null").await, none);
    assert_eq!(
        find(as_caller(&s.w.ada), "").await.1,
        json!("BAD_USER_INPUT")
    );
    let found = ask(
        &s,
        as_caller(&s.w.ada),
        "{ byNote(note: \"about Bob\") { name } }",
        json!({}),
    )
    .await;
    assert_eq!(found["errors"][0]["extensions"]["code"], "FORBIDDEN");
}
