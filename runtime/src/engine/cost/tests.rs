//! What operations cost, and how long their responses may be kept.

use std::sync::Arc;

use serde_json::json;

use crate::application::NoAuth;
use crate::context::{Context, Services};
use crate::engine::coerce;
use crate::engine::documents::Documents;
use crate::engine::limits::Limits;
use crate::engine::lookahead::Asked;
use crate::engine::prepared::Prepared;
use crate::engine::schema::{FieldDef, LEAF, SchemaDef, Shape, Source, TypeDef};
use crate::engine::syntax::{
    self,
    ast::{System, TypeBody},
};

const SDL: &str = r#"
directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
directive @cacheControl(maxAge: Int, scope: Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
enum Scope { PUBLIC PRIVATE }
type Query {
  one: Post
  plain: Int
  dear: Int @cost(weight: "7")
  posts: [Post!]!
  known: [Post!]! @listSize(assumedSize: 3)
  first(first: Int, after: String): [Post!]!
  page(first: Int, last: Int): Page
  either(top: Int, bottom: Int): [Post!]! @listSize(slicingArguments: ["top", "bottom"])
  any(top: Int = 4, bottom: Int): [Post!]! @listSize(slicingArguments: ["top", "bottom"], requireOneSlicingArgument: false)
  custom(many: Int): Feed @listSize(slicingArguments: ["many"], sizedFields: ["entries"])
  find(text: String @cost(weight: "20")): Post
  union: [Union!]!
  news: Post @cacheControl(maxAge: 60)
  slow: Slow
  mine: Post @cacheControl(maxAge: 30, scope: PRIVATE)
}
type Page { edges: [Edge!]! nodes: [Post!]! total: Int! }
type Edge { node: Post! }
type Feed { entries: [Post!]! tags: [String!]! others: [Post!]! }
type Post {
  id: ID! title: String
  mood: Mood
  author: Author
  comments: [Comment!]!
  cover: Image @cacheControl(inheritMaxAge: true)
  secret: Int @cacheControl(scope: PRIVATE)
  brief: Int @cacheControl(maxAge: 5)
}
type Author @cost(weight: "4") { name: String posts: [Post!]! }
type Comment { text: String author: Author @cost(weight: "2") }
type Image { url: String }
type Slow @cacheControl(maxAge: 600) { n: Int }
union Union = Author | Image
enum Mood @cost(weight: "1") { GOOD BAD }
"#;

/// The tables of an SDL whose fields are members.
fn tables(sdl: &'static str) -> &'static SchemaDef {
    let document = Box::leak(Box::new(syntax::parse(sdl, usize::MAX).unwrap()));
    let composite: Vec<_> = document
        .system
        .iter()
        .filter_map(|system| match system {
            System::Type(ty) => match &ty.body {
                TypeBody::Object(body) => Some((ty.name.text, Some(&body.fields), [].as_slice())),
                TypeBody::Union(members) => Some((ty.name.text, None, members.as_slice())),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let number = |name: &str| composite.iter().position(|(known, ..)| *known == name);
    let types = composite.iter().map(|(name, fields, members)| {
        let field = |field: &'static syntax::ast::FieldDefinition<'static>| {
            let ty = number(field.ty.name.text).map_or(LEAF, |ty| ty as u16);
            FieldDef::new(
                field.name.text,
                Source::Member,
                ty,
                field.ty.wrap.is_non_null(),
            )
        };
        let fields: Vec<FieldDef> = fields.iter().flat_map(|f| f.iter()).map(field).collect();
        let members = members.iter().map(|m| number(m.text).unwrap() as u16);
        let members: Vec<u16> = members.collect();
        TypeDef {
            name,
            shape: match members.is_empty() {
                true => Shape::Object,
                false => Shape::Abstract(members.leak()),
            },
            fields: fields.leak(),
        }
    });
    let types: Vec<TypeDef> = types.collect();
    Box::leak(Box::new(SchemaDef {
        sdl,
        types: types.leak(),
        query: 0,
        mutation: None,
        subscription: None,
    }))
}

fn asked<T>(query: &str, variables: serde_json::Value, ask: impl Fn(&Prepared<'_>) -> T) -> T {
    let documents = Documents::new(tables(SDL), &[], Limits::default()).unwrap();
    let plan = documents
        .plan(query, None)
        .unwrap_or_else(|e| panic!("{query}: {e:?}"));
    let given = variables.as_object().unwrap();
    let values = coerce::variables(&documents.schema, &plan.variables, given).unwrap();
    let cx = Context::<NoAuth>::new(Arc::new(Services::new()), None, "r1");
    ask(&Prepared::new(
        &Asked::new(plan, &values),
        &values,
        None,
        &cx,
    ))
}

#[track_caller]
fn costs(query: &str, variables: serde_json::Value, expect: u64) {
    let found = asked(query, variables, |prepared| {
        prepared.plan.tally.cost(prepared)
    });
    assert_eq!(found, Ok(expect), "{query}");
}

#[test]
fn objects_count_and_scalars_do_not() {
    costs(
        "{ plain __typename __schema { types { name } } }",
        json!({}),
        0,
    );
    costs("{ one { id title } }", json!({}), 1);
    costs(
        "{ a: one { id } b: one { id cover { url } } }",
        json!({}),
        3,
    );
}

#[test]
fn weights_of_fields_types_and_arguments() {
    costs("{ dear }", json!({}), 7);
    costs("{ one { mood } }", json!({}), 2);
    costs("{ one { author { name } } }", json!({}), 5);
    costs(
        "{ one { comments { author { name } } } }",
        json!({}),
        1 + 10 * (1 + 2),
    );
    costs("{ find(text: \"x\") { id } }", json!({}), 21);
    costs("{ find { id } }", json!({}), 1);
    let query = "query ($t: String) { find(text: $t) { id } }";
    costs(query, json!({ "t": "x" }), 21);
    costs(query, json!({ "t": null }), 1);
    costs(query, json!({}), 1);
}

#[test]
fn lengths_of_lists() {
    costs("{ posts { id } }", json!({}), 10);
    costs("{ posts { comments { text } } }", json!({}), 10 + 100);
    costs("{ known { id cover { url } } }", json!({}), 6);
    costs("{ first(first: 50) { id } }", json!({}), 50);
    costs("{ first { id } }", json!({}), 10);
    costs("{ first(first: -5) { id } }", json!({}), 0);
    costs("{ one { title } posts { id } }", json!({}), 11);
}

#[test]
fn pages_give_their_size_to_their_lists() {
    costs(
        "{ page(first: 20) { total nodes { id } } }",
        json!({}),
        1 + 20,
    );
    costs(
        "{ page(last: 20) { edges { node { id } } } }",
        json!({}),
        1 + 20 * 2,
    );
    costs("{ page { nodes { id } } }", json!({}), 1 + 10);
    costs(
        "{ custom(many: 5) { entries { id } others { id } tags } }",
        json!({}),
        1 + 5 + 10,
    );
}

#[test]
fn variables_count_in_each_request() {
    let query = "query ($n: Int = 2) { first(first: $n) { author { name } } }";
    costs(query, json!({}), 2 * 5);
    costs(query, json!({ "n": 100 }), 500);
    costs(query, json!({ "n": null }), 50);
    let nested = "query ($n: Int!, $c: Boolean!) { page(first: $n) { nodes { id comments @include(if: $c) { text } } } }";
    costs(nested, json!({ "n": 3, "c": false }), 1 + 3);
    costs(nested, json!({ "n": 3, "c": true }), 1 + 3 * 11);
    costs(
        "query ($n: Int!) { first(first: $n) { id } }",
        json!({ "n": i32::MAX }),
        2_147_483_647,
    );
}

#[test]
fn the_dearest_type_of_an_abstract_one_counts() {
    costs(
        "{ union { ... on Image { url } ... on Author { posts { id } } } }",
        json!({}),
        10 * (4 + 10),
    );
    costs("{ union { ... on Image { url } } }", json!({}), 10 * 4);
}

#[test]
fn one_slicing_argument_may_be_required() {
    costs("{ either(top: 3) { id } }", json!({}), 3);
    costs("{ any { id } }", json!({}), 4);
    costs("{ any(top: 2, bottom: 6) { id } }", json!({}), 6);
    for (query, variables) in [
        ("{ either { id } }", json!({})),
        ("{ either(top: 1, bottom: 2) { id } }", json!({})),
        ("query ($n: Int) { either(top: $n) { id } }", json!({})),
        (
            "query ($n: Int) { either(top: 1, bottom: $n) { id } }",
            json!({ "n": 2 }),
        ),
    ] {
        let found = asked(query, variables, |prepared| {
            prepared.plan.tally.cost(prepared)
        });
        assert_eq!(
            found.unwrap_err(),
            "`Query.either` needs exactly one of the arguments `top`, `bottom`",
            "{query}"
        );
    }
}

#[test]
fn no_operation_is_so_large_that_the_number_turns_around() {
    let deep = "comments { author { posts { ".repeat(6) + "id" + &" } } }".repeat(6);
    let query = format!("query ($n: Int!) {{ first(first: $n) {{ {deep} }} }}");
    let found = asked(&query, json!({ "n": i32::MAX }), |prepared| {
        prepared.plan.tally.cost(prepared)
    });
    assert!(found.unwrap() > 1 << 60);
}

/// Seconds, and whether it is private.
#[track_caller]
fn keeps(query: &str, variables: serde_json::Value, expect: Option<(u32, bool)>) {
    let found = asked(query, variables, |prepared| {
        prepared.plan.keeping.policy(prepared, false)
    });
    let found = found.map(|policy| (policy.max_age, policy.private));
    assert_eq!(found, expect, "{query}");
}

#[test]
fn a_response_keeps_as_long_as_all_of_its_fields() {
    keeps(
        "{ news { id title __typename } }",
        json!({}),
        Some((60, false)),
    );
    keeps("{ news { id } slow { n } }", json!({}), Some((60, false)));
    keeps("{ slow { n } __typename }", json!({}), Some((600, false)));
    keeps("{ news { brief } }", json!({}), Some((5, false)));
    keeps("{ news { cover { url } } }", json!({}), Some((60, false)));
    keeps("{ mine { id } slow { n } }", json!({}), Some((30, true)));
    keeps("{ news { secret } }", json!({}), Some((60, true)));
}

#[test]
fn roots_and_objects_of_which_nothing_is_said_keep_nothing() {
    keeps("{ plain }", json!({}), None);
    keeps("{ one { id } }", json!({}), None);
    keeps("{ news { id } plain }", json!({}), None);
    keeps("{ news { author { name } } }", json!({}), None);
    keeps("{ __typename }", json!({}), None);
    keeps(
        "{ news { id } __schema { types { name } } }",
        json!({}),
        None,
    );
}

#[test]
fn what_is_not_asked_for_does_not_count() {
    let query = "query ($p: Boolean!) { news { id author @include(if: $p) { name } } }";
    keeps(query, json!({ "p": false }), Some((60, false)));
    keeps(query, json!({ "p": true }), None);
}

#[test]
fn a_known_caller_keeps_it_alone() {
    let found = asked("{ news { id } }", json!({}), |prepared| {
        prepared.plan.keeping.policy(prepared, true)
    });
    assert!(found.unwrap().private);
}
