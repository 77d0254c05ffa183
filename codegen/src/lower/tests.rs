//! The flagship's schema and schedule, lowered.

use super::lower;
use crate::diagnostic::Diagnostics;
use crate::ir::*;
use crate::parse;
use crate::source::{FileId, Source, Sources};

/// The IR of some SDL and a manifest, and what is said about them: `line:column message | help`.
fn lowered(sdl: &[&str], manifest: Option<&str>) -> (Ir, Vec<String>) {
    let texts = sdl.iter().copied().chain(manifest);
    let sources = Sources(
        texts
            .map(|text| Source {
                name: "file".into(),
                text: text.into(),
            })
            .collect(),
    );
    let mut diags = Diagnostics::default();
    let documents: Vec<_> = (0..sdl.len() as u32)
        .map(|i| parse::document(FileId(i), sources.file(FileId(i)), &mut diags))
        .collect();
    let manifest =
        manifest.and_then(|_| parse::manifest(FileId(sdl.len() as u32), &sources, &mut diags));
    let ir = lower(&sources, &documents, manifest.as_ref(), &mut diags);
    let show = |d: &crate::diagnostic::Diagnostic| {
        let place = d
            .span
            .map(|span| sources.line_col(span).to_string())
            .unwrap_or_default();
        format!(
            "{place} {}{}",
            d.message,
            d.help
                .as_ref()
                .map(|h| format!(" | {h}"))
                .unwrap_or_default()
        )
    };
    (ir, diags.sorted().into_iter().map(show).collect())
}

fn booking() -> Ir {
    let sdl = [
        include_str!("../../../examples/booking/schema/auth.graphql"),
        include_str!("../../../examples/booking/schema/booking.graphql"),
        include_str!("../../../examples/booking/schema/listing.graphql"),
        include_str!("../../../examples/booking/schema/review.graphql"),
        include_str!("../../../examples/booking/schema/schema.graphql"),
        include_str!("../../../examples/booking/schema/user.graphql"),
    ];
    let (ir, findings) = lowered(
        &sdl,
        Some(include_str!("../../../examples/booking/jobs.yaml")),
    );
    assert_eq!(findings, Vec::<String>::new());
    ir
}

#[test]
fn flagship() {
    let ir = booking();
    let names: Vec<_> = ir
        .models
        .iter()
        .map(|m| (m.name.as_str(), m.table.as_str()))
        .collect();
    let expect = [
        ("LoginSession", "login_sessions"),
        ("Booking", "bookings"),
        ("Webhook", "webhooks"),
        ("Listing", "listings"),
        ("Amenity", "amenities"),
        ("Review", "reviews"),
        ("User", "users"),
    ];
    assert_eq!(names, expect);
}

/// The printed definition of a type.
fn printed(ir: &Ir, name: &str) -> String {
    let sdl = crate::print::sdl(&ir.schema);
    let mut parts = sdl.split("\n\n");
    let heads = ["type", "input", "enum", "scalar"].map(|word| format!("{word} {name}"));
    let is = |line: &str| {
        heads.iter().any(|h| {
            line.strip_prefix(h.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    let found = parts.find(|part| part.lines().any(is)).unwrap_or_default();
    // Descriptions are somebody else's business.
    let lines = found
        .lines()
        .filter(|line| !line.trim_start().starts_with('"'));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check_type(ir: &Ir, name: &str, expect: &[&str]) {
    assert_eq!(printed(ir, name).lines().collect::<Vec<_>>(), expect);
}

#[test]
fn operations_expand_to_ordinary_types() {
    let ir = booking();
    let query = printed(&ir, "Query");
    let listings = "listings(first: Int, after: String, last: Int, before: String, filter: ListingFilter, orderBy: [ListingOrder!]): ListingConnection!";
    for line in [
        listings,
        "amenities(limit: Int, offset: Int, filter: AmenityFilter, orderBy: [AmenityOrder!]): [Amenity!]!",
        "user(id: ID!): User",
        "me: User",
    ] {
        assert!(query.lines().any(|l| l == line), "{line} in {query}");
    }
    let mutation = printed(&ir, "Mutation");
    for line in [
        "createListing(input: CreateListingInput!): Listing!",
        "updateListing(id: ID!, input: UpdateListingInput!): Listing!",
        "deleteListing(id: ID!): Listing!",
    ] {
        assert!(mutation.lines().any(|l| l == line), "{line} in {mutation}");
    }
    check_type(
        &ir,
        "ListingConnection",
        &[
            "type ListingConnection {",
            "edges: [ListingEdge!]!",
            "nodes: [Listing!]!",
            "pageInfo: PageInfo!",
            "totalCount: Int!",
            "}",
        ],
    );
    check_type(
        &ir,
        "CreateListingInput",
        &[
            "input CreateListingInput {",
            "hostId: ID",
            "title: String!",
            "description: String",
            "region: Region!",
            "city: String!",
            "price: Decimal!",
            "published: Boolean",
            "}",
        ],
    );
    check_type(
        &ir,
        "UpdateReviewInput",
        &[
            "input UpdateReviewInput {",
            "bookingId: ID",
            "listingId: ID",
            "authorId: ID",
            "rating: Int",
            "body: String",
            "}",
        ],
    );
    check_type(
        &ir,
        "ListingFilter",
        &[
            "input ListingFilter {",
            "and: [ListingFilter!]",
            "or: [ListingFilter!]",
            "not: ListingFilter",
            "title: ListingTitleFilter",
            "region: ListingRegionFilter",
            "city: ListingCityFilter",
            "price: ListingPriceFilter",
            "published: ListingPublishedFilter",
            "amenities: AmenityManyFilter",
            "reviews: ReviewManyFilter",
            "}",
        ],
    );
    check_type(
        &ir,
        "ListingPriceFilter",
        &[
            "input ListingPriceFilter {",
            "gte: Decimal",
            "lte: Decimal",
            "}",
        ],
    );
    check_type(
        &ir,
        "ListingOrder",
        &[
            "input ListingOrder @oneOf {",
            "title: Direction",
            "city: Direction",
            "price: Direction",
            "}",
        ],
    );
    assert_eq!(printed(&ir, "Auth"), "");
    assert!(!printed(&ir, "User").contains("passwordHash"));
    assert!(printed(&ir, "User").contains("createdAt: DateTime!"));
}

/// Rules in short: columns as `table.column` behind the relations that lead to them.
fn show(ir: &Ir, model: usize, expr: &Expr) -> String {
    let all = |parts: &[Expr], by: &str| {
        parts
            .iter()
            .map(|p| show(ir, model, p))
            .collect::<Vec<_>>()
            .join(by)
    };
    match expr {
        Expr::Lit(Lit::Str(text)) => text.clone(),
        Expr::Lit(lit) => format!("{lit:?}"),
        Expr::Caller => "auth".into(),
        Expr::Auth(i) => format!(
            "auth.{}",
            ir.auth.as_ref().expect("a caller").fields[*i].name
        ),
        Expr::Column { path, column } => {
            let mut at = model;
            let mut text = String::new();
            for step in path {
                let relation = &ir.models[at].relations[*step];
                text += &format!("{}>", relation.field);
                at = relation.target;
            }
            text + &ir.models[at].columns[*column].column
        }
        Expr::Not(a) => format!("!{}", show(ir, model, a)),
        Expr::All(parts) => format!("({})", all(parts, " & ")),
        Expr::Any(parts) => format!("({})", all(parts, " | ")),
        Expr::Eq(a, b) => format!("{}={}", show(ir, model, a), show(ir, model, b)),
        Expr::Ne(a, b) => format!("{}!={}", show(ir, model, a), show(ir, model, b)),
        Expr::Lt(a, b) => format!("{}<{}", show(ir, model, a), show(ir, model, b)),
        Expr::Le(a, b) => format!("{}<={}", show(ir, model, a), show(ir, model, b)),
        Expr::In(a, list) => format!("{} in [{}]", show(ir, model, a), all(list, ", ")),
    }
}

#[track_caller]
fn check_rule(rule: &str, expect: &str) {
    let sdl = format!(
        r#"
        type Query {{ post(id: ID!): Post @find }}
        type Me @auth {{ id: ID! role: Role! roles: [Role!]! level: Int }}
        enum Role {{ GUEST ADMIN }}
        type User @model @public {{ id: ID! name: String! role: Role! boss: User @belongsTo post: Post @hasOne }}
        type Post @model @access(read: "{rule}") {{
          id: ID! author: User! @belongsTo @unique published: Boolean! price: Decimal born: Date due: DateTime
        }}
        "#
    );
    let (ir, findings) = lowered(&[&sdl], None);
    assert_eq!(findings, Vec::<String>::new(), "{rule}");
    let model = ir
        .models
        .iter()
        .position(|m| m.name == "Post")
        .expect("the model");
    let read = ir.models[model].access.read.as_ref().expect("a rule");
    assert_eq!(show(&ir, model, &read.expr), expect, "{rule}");
}

#[test]
fn rules_are_resolved() {
    check_rule("true", "Bool(true)");
    check_rule(
        "self.published || self.author.id == auth.id",
        "(published | author_id=auth.id)",
    );
    check_rule("self.author.boss.id == auth.id", "author>boss_id=auth.id");
    check_rule("self.author.post.published", "author>post>published");
    check_rule(
        "self.author != null && auth != null",
        "(author_id!=Null & auth!=Null)",
    );
    check_rule(
        "self.price > 10 && self.price <= 20.5",
        "(Int(10)<price & price<=Float(20.5))",
    );
    check_rule(
        "ADMIN == auth.role || self.author.role in [GUEST, ADMIN]",
        "(ADMIN=auth.role | author>role in [GUEST, ADMIN])",
    );
    check_rule(
        "self.author.role in auth.roles && GUEST in auth.roles",
        "(author>role in [auth.roles] & GUEST in [auth.roles])",
    );
    check_rule(
        "!(self.published && auth.level >= 3)",
        "!(published & Int(3)<=auth.level)",
    );
    check_rule(
        "self.born < '2026-01-31' && self.due >= '2026-01-31T00:00:00Z'",
        "(born<2026-01-31 & 2026-01-31T00:00:00Z<=due)",
    );
}

#[test]
fn root_fields_are_closed_by_default() {
    let ir = booking();
    let access = |root: &str, field: &str| {
        let field = ir.schema.types[root]
            .fields()
            .iter()
            .find(|f| f.name == field)
            .expect("a field");
        field.access.as_ref().map(|rule| rule.text.clone())
    };
    assert_eq!(access("Query", "me"), None);
    assert_eq!(access("Query", "listings"), None, "the model's rules hold");
    assert_eq!(access("Mutation", "book").as_deref(), Some("auth != null"));
    let sdl = "extend schema @graphwright(defaultAccess: AUTHENTICATED) type Query { a: Int b: Int @public } type Me @auth { id: ID! }";
    let (ir, findings) = lowered(&[sdl], None);
    assert_eq!(findings, Vec::<String>::new());
    let rules: Vec<_> = ir.schema.types["Query"]
        .fields()
        .iter()
        .map(|f| f.access.is_some())
        .collect();
    assert_eq!(rules, [true, false]);
}

#[test]
fn what_the_user_wrote_out_is_followed() {
    let sdl = r#"
        type Query { posts(first: Int = 5): PostConnection @list post(slug: String!): Post @find }
        type PostConnection { nodes: [Post!]! pageInfo: PageInfo! }
        type PageInfo { hasNextPage: Boolean! }
        type Post @model @public { id: ID! slug: String! @unique title: String @filter }
    "#;
    let (ir, findings) = lowered(&[sdl], None);
    assert_eq!(findings, Vec::<String>::new());
    check_type(
        &ir,
        "Query",
        &[
            "type Query {",
            "posts(first: Int = 5): PostConnection",
            "post(slug: String!): Post",
            "}",
        ],
    );
    check_type(
        &ir,
        "PostConnection",
        &[
            "type PostConnection {",
            "nodes: [Post!]!",
            "pageInfo: PageInfo!",
            "}",
        ],
    );
    let sources: Vec<_> = ir.schema.types["PostConnection"]
        .fields()
        .iter()
        .map(|f| f.source.clone())
        .collect();
    assert_eq!(
        sources,
        [
            FieldSource::Page(PagePart::Nodes),
            FieldSource::Page(PagePart::PageInfo)
        ]
    );
}

#[test]
fn directives_of_the_users_own_are_theirs() {
    let sdl = r#"
        directive @model on OBJECT
        directive @auth(requires: String!) on FIELD_DEFINITION | OBJECT
        type Query { a: Thing @auth(requires: "x") }
        type Thing @model { b: [Int] }
    "#;
    let (ir, findings) = lowered(&[sdl], None);
    assert_eq!(
        (findings, ir.models.len(), ir.auth.is_some()),
        (Vec::new(), 0, false)
    );
}

#[test]
fn tables_joined_by_a_third() {
    let sdl = r#"
        type Query { a: Int }
        type Post @model @public { id: ID! tags: [Tag!]! @manyToMany }
        type Tag @model @public { id: ID! posts: [Post!]! @manyToMany }
        type User @model @public {
          id: ID!
          follows: [User!]! @manyToMany(through: "follows")
          followers: [User!]! @manyToMany(through: "follows")
        }
    "#;
    let (ir, findings) = lowered(&[sdl], None);
    assert_eq!(findings, Vec::<String>::new());
    let joins: Vec<_> = ir
        .models
        .iter()
        .flat_map(|m| &m.relations)
        .map(|r| match &r.join {
            Join::Through { table, own, other } => format!("{table}: {own} {other}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        joins,
        [
            "posts_tags: post_id tag_id",
            "posts_tags: tag_id post_id",
            "follows: from_user_id to_user_id",
            "follows: to_user_id from_user_id",
        ]
    );
}

#[test]
fn jobs_inherit_and_are_coerced() {
    let ir = booking();
    let digest = ir
        .jobs
        .jobs
        .iter()
        .find(|j| j.name.name == "daily_digest")
        .expect("the job");
    let shown: Vec<_> = digest
        .schedules
        .iter()
        .map(|s| {
            format!(
                "{} {} {}",
                s.id,
                s.timezone,
                serde_json::Value::Object(s.args.clone())
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#"daily_digest#europe Europe/Berlin {"region":"EUROPE","top":3}"#,
            r#"daily_digest#americas America/New_York {"region":"AMERICAS","top":5}"#,
            r#"daily_digest#asia_pacific Asia/Tokyo {"region":"ASIA_PACIFIC","top":3}"#,
        ]
    );
    assert_eq!(
        (
            digest.retry.max_attempts,
            digest.timeout.as_secs(),
            digest.queue.as_str()
        ),
        (8, 600, "mail")
    );
    let queues: Vec<_> = ir
        .jobs
        .queues
        .iter()
        .map(|q| (q.name.as_str(), q.concurrency))
        .collect();
    assert_eq!(queues, [("default", 4), ("mail", 8)]);
}

#[test]
fn indexes_are_neither_missing_nor_double() {
    let ir = booking();
    let of = |name: &str| -> Vec<String> {
        let model = ir
            .models
            .iter()
            .find(|m| m.name == name)
            .expect("the model");
        model
            .indexes
            .iter()
            .map(|i| {
                format!(
                    "{}({})",
                    if i.unique { "unique " } else { "" },
                    i.columns.join(", ")
                )
            })
            .collect()
    };
    assert_eq!(
        of("Booking"),
        ["(listing_id, starts_on)", "(guest_id)", "(starts_on, id)"]
    );
    assert_eq!(
        of("Review"),
        [
            "unique (booking_id)",
            "(listing_id, created_at, id)",
            "(author_id)",
            "(rating, id)"
        ]
    );
}

/// Half-finished documents are the common case in an editor: each line is left out once, and nothing may panic.
#[test]
fn no_line_is_needed_to_say_what_is_wrong() {
    let auth = include_str!("../../../examples/booking/schema/auth.graphql");
    let listing = include_str!("../../../examples/booking/schema/listing.graphql");
    for left_out in 0..listing.lines().count() {
        let lines = listing.lines().enumerate().filter(|(i, _)| *i != left_out);
        let text: String = lines.map(|(_, line)| format!("{line}\n")).collect();
        let (ir, _) = lowered(&[auth, &text], None);
        crate::validate::validate(ir, &mut Diagnostics::default());
    }
}

#[test]
fn few_bytes_of_a_manifest_are_needed_to_say_what_is_wrong() {
    let text = include_str!("../../../examples/booking/jobs.yaml");
    for at in (0..text.len()).step_by(7) {
        for with in ["", "ü", "[", "\t"] {
            let mut broken = text.to_owned();
            broken.replace_range(at..at + 1, with);
            let sources = Sources(vec![Source {
                name: "jobs.yaml".into(),
                text: broken,
            }]);
            let mut diags = Diagnostics::default();
            parse::manifest(FileId(0), &sources, &mut diags);
            diags.render(&sources, false);
        }
    }
}
