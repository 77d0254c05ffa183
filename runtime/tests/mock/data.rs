//! Data in place of resolvers: members, abstract types, coercion, and each instruction.

use super::{ask, data_of, with_data};
use serde_json::{Value, json};

const SDL: &str = "
  type Query {
    a: Int
    must: Int!
    name(x: Int, y: String = \"why\", z: Float, on: Boolean, role: Role, in: In, ids: [ID!]): String
    any(x: Int, in: In, list: [Int], json: Any): Any
    list(ids: [ID!], roles: [Role]): [String]
    strict: [Int!]
    deep: [[Int]]
    me: User
    users: [User!]
    node: Node
    nodes: [Node]
    either: Either
    count: Int
    echo(name: String, age: Int): User
  }
  type Mutation { first: Int second: Int user: User }
  interface Node { id: ID! }
  type User implements Node { id: ID! name: String age: Int friend: User friends: [User] role: Role }
  type Post implements Node { id: ID! title: String }
  union Either = User | Post
  enum Role { ADMIN GUEST }
  input In { a: Int = 5, b: [Role!] }
  scalar Any
";

/// Data, query, variables, the response's data, and the paths and messages of its errors.
async fn check(
    data: Value,
    query: &str,
    variables: Value,
    expect: Value,
    errors: &[(Value, &str)],
) {
    let response = ask(with_data(SDL, data), query, variables).await;
    assert_eq!(response["data"], expect, "{query}: {response}");
    let none = Vec::new();
    let found = response["errors"].as_array().unwrap_or(&none);
    assert_eq!(found.len(), errors.len(), "{query}: {response}");
    for (error, (path, message)) in found.iter().zip(errors) {
        assert_eq!(error["path"], *path, "{response}");
        let told = error["message"].as_str().unwrap();
        assert!(told.contains(message), "{told}");
        assert!(error["locations"][0]["line"].is_number(), "{error}");
    }
}

async fn gives(data: Value, query: &str, expect: Value) {
    check(data, query, json!({}), expect, &[]).await;
}

#[tokio::test]
async fn members_by_name_and_missing_ones() {
    gives(
        json!({"a": 1}),
        "{ x: a me { id } }",
        json!({"x": 1, "me": null}),
    )
    .await;
    gives(
        json!({"me": {"id": 7, "friends": [{"id": "a"}, null]}}),
        "{ me { key: id name friends { id __typename } } }",
        json!({"me": {"key": "7", "name": null, "friends": [{"id": "a", "__typename": "User"}, null]}}),
    )
    .await;
    gives(
        json!({"any": {"$oid": 1, "b": [1.5, null]}, "deep": [[1], null, [null]]}),
        "{ any deep }",
        json!({"any": {"$oid": 1, "b": [1.5, null]}, "deep": [[1], null, [null]]}),
    )
    .await;
}

#[tokio::test]
async fn nulls_go_up() {
    let null = "Cannot return null for non-nullable field ";
    check(
        json!({}),
        "{ a must }",
        json!({}),
        json!(null),
        &[(json!(["must"]), null)],
    )
    .await;
    check(
        json!({"strict": [1, null, 2]}),
        "{ strict }",
        json!({}),
        json!({"strict": null}),
        &[(json!(["strict", 1]), "Query.strict")],
    )
    .await;
    check(
        json!({"nodes": [{"__typename": "Post"}, {"__typename": "User", "id": 1}]}),
        "{ nodes { id } }",
        json!({}),
        json!({"nodes": [null, {"id": "1"}]}),
        &[(json!(["nodes", 0, "id"]), "Post.id")],
    )
    .await;
}

#[tokio::test]
async fn concrete_types() {
    let data = json!({
        "node": {"__typename": "Post", "id": 1, "title": "T"},
        "either": {"__typename": {"$switch": "nothing", "cases": {}, "default": "User"}, "name": "N"},
    });
    let query = "{ node { __typename id ... on Post { title } ... on User { name } } \
                 either { __typename ... on User { name } } }";
    let expect = json!({
        "node": {"__typename": "Post", "id": "1", "title": "T"},
        "either": {"__typename": "User", "name": "N"},
    });
    gives(data, query, expect).await;
    for (value, message) in [
        (json!({"id": 1}), "needs a `__typename`"),
        (
            json!({"__typename": "Query"}),
            "no possible type of \"Node\"",
        ),
        (json!("x"), "Expected an object of type \"Node\""),
        (json!([]), "Expected an object"),
    ] {
        let errors = [(json!(["node"]), message)];
        let query = "{ node { id } }";
        check(
            json!({"node": value}),
            query,
            json!({}),
            json!({"node": null}),
            &errors,
        )
        .await;
    }
}

#[tokio::test]
async fn wrong_kinds() {
    let one = |value: Value, query: &'static str, path: Value, message: &'static str| async move {
        let key = query
            .trim_matches([' ', '{', '}'])
            .split(' ')
            .next()
            .unwrap();
        let (data, expect) = (json!({ key: value }), json!({ key: null }));
        check(data, query, json!({}), expect, &[(path, message)]).await;
    };
    one(json!(3), "{ deep }", json!(["deep"]), "Expected a list").await;
    one(json!("x"), "{ a }", json!(["a"]), "Int cannot represent").await;
    one(json!(3_000_000_000_u64), "{ a }", json!(["a"]), "32-bit").await;
    one(
        json!({}),
        "{ name }",
        json!(["name"]),
        "String cannot represent",
    )
    .await;
    one(
        json!({"$eror": "x"}),
        "{ me { id } }",
        json!(["me"]),
        "`$eror` is no instruction",
    )
    .await;
    check(
        json!({"deep": [[1, "x"], 2]}),
        "{ deep }",
        json!({}),
        json!({"deep": [[1, null], null]}),
        &[(json!(["deep", 0, 1]), "Int"), (json!(["deep", 1]), "list")],
    )
    .await;
    check(
        json!({"me": {"role": "BOSS"}}),
        "{ me { role } }",
        json!({}),
        json!({"me": {"role": null}}),
        &[(json!(["me", "role"]), "Enum \"Role\"")],
    )
    .await;
}

#[tokio::test]
async fn errors_with_extensions_as_given() {
    let data = json!({
        "a": {"$error": "no", "$extensions": {"code": "X", "n": [1]}},
        "me": {"$error": "plain"},
        "users": [{"id": 1}, {"$error": "one"}],
        "nodes": [{"$error": "x"}, null],
    });
    let response = ask(
        with_data(SDL, data),
        "{ a me { id } users { id } nodes { id } }",
        json!({}),
    )
    .await;
    let expect = json!({
        "data": {"a": null, "me": null, "users": null, "nodes": [null, null]},
        "errors": [
            {"message": "no", "locations": [{"line": 1, "column": 3}], "path": ["a"], "extensions": {"code": "X", "n": [1]}},
            {"message": "plain", "locations": [{"line": 1, "column": 5}], "path": ["me"]},
            {"message": "one", "locations": [{"line": 1, "column": 15}], "path": ["users", 1]},
            {"message": "x", "locations": [{"line": 1, "column": 28}], "path": ["nodes", 0]},
        ],
    });
    assert_eq!(response, expect);
}

#[tokio::test]
async fn references() {
    let data = json!({
        "me": {"$ref": "users.1"},
        "users": [{"id": 1, "friend": {"$ref": "me"}}, {"$ref": "any.hidden"}],
        "any": {"hidden": {"id": 2, "friends": [{"$ref": "users.0"}, {"$ref": "me"}]}},
        "node": {"$ref": "nothing.here"},
        "a": {"$ref": "a"},
    });
    check(
        data,
        "{ me { id friends { id friend { id friends { id } } } } node { id } a }",
        json!({}),
        json!({
            "me": {"id": "2", "friends": [
                {"id": "1", "friend": {"id": "2", "friends": [{"id": "1"}, {"id": "2"}]}},
                {"id": "2", "friend": null},
            ]},
            "node": null,
            "a": null,
        }),
        &[(json!(["a"]), "circle")],
    )
    .await;
}

#[tokio::test]
async fn arguments() {
    let data = json!({
        "name": {"$arg": "y"},
        "any": {"$args": true},
        "echo": {"$args": true},
        "list": {"$arg": "ids"},
    });
    let query = "query ($r: Role = GUEST, $n: Int) {
        a: name b: name(y: \"z\") c: name(y: null)
        d: any e: any(x: $n, in: {b: [ADMIN]}, list: 4, json: {k: $r, s: {ref: 1}})
        echo(name: \"N\") { name age }
        list(ids: [1, \"b\"])
    }";
    let expect = json!({
        "a": "why", "b": "z", "c": null,
        "d": {},
        "e": {"in": {"a": 5, "b": ["ADMIN"]}, "list": [4], "json": {"k": "GUEST", "s": {"ref": 1}}},
        "echo": {"name": "N", "age": null},
        "list": ["1", "b"],
    });
    gives(data, query, expect).await;
}

#[tokio::test]
async fn arguments_are_checked_whoever_looks_at_them() {
    let sdl = "type Query { a(x: Int! = 1): Int b(when: DateTime, f: Float): Any } scalar DateTime scalar Any";
    let query = "query ($x: Int = 5) { a(x: $x) b }";
    let null = json!({ "x": null });
    for data in [
        json!({"a": 1}),
        json!({"a": 1, "b": {"$delay": 0, "value": 2}}),
    ] {
        let response = ask(with_data(sdl, data), query, null.clone()).await;
        assert_eq!(response["data"]["a"], json!(null), "{response}");
        assert_eq!(response["errors"][0]["path"], json!(["a"]), "{response}");
    }
    // A custom scalar is the schema's own, whatever its name.
    let data = json!({"b": {"$args": true}});
    let response = ask(
        with_data(sdl, data),
        "{ b(when: \"soon\", f: 2) }",
        json!({}),
    )
    .await;
    assert_eq!(data_of(&response), &json!({"b": {"when": "soon", "f": 2}}));
}

#[tokio::test]
async fn a_client_gives_no_instructions() {
    let data = json!({"any": {"$arg": "json"}, "a": 5, "echo": {"$args": true}});
    let query = "query ($j: Any) { any(json: $j) }";
    let variables = json!({"j": {"$ref": "a", "deep": [{"$delay": 1e9}]}});
    let expect = json!({"any": {"$ref": "a", "deep": [{"$delay": 1_000_000_000}]}});
    check(data, query, variables, expect, &[]).await;
}

#[tokio::test]
async fn switches() {
    let by = |name: &str| {
        let cases = json!({
            "1": "one", "1.5": "one and a half", "true": "yes", "ADMIN": {"$arg": "y"}, "null": "nothing",
            "{\"a\":5}": "object", "[\"1\",\"2\"]": "list", "bad": {"$error": "bad"},
        });
        json!({"name": {"$switch": name, "cases": cases, "default": "other"}})
    };
    for (name, query, expect) in [
        ("x", "{ name(x: 1) }", "one"),
        ("x", "{ name(x: 2) }", "other"),
        ("x", "{ name(x: null) }", "nothing"),
        ("x", "{ name }", "nothing"),
        ("z", "{ name(z: 1) }", "one"),
        ("z", "{ name(z: 1.5) }", "one and a half"),
        ("on", "{ name(on: true) }", "yes"),
        ("on", "{ name(on: false) }", "other"),
        ("role", "{ name(role: ADMIN) }", "why"),
        ("in", "{ name(in: {}) }", "object"),
        ("ids", "{ name(ids: [1, 2]) }", "list"),
        ("y", "{ name }", "other"),
    ] {
        gives(by(name), query, json!({"name": expect})).await;
    }
    let errors = [(json!(["name"]), "bad")];
    check(
        by("y"),
        "{ name(y: \"bad\") }",
        json!({}),
        json!({"name": null}),
        &errors,
    )
    .await;
    let without = json!({"name": {"$switch": "x", "cases": {"1": "one"}}});
    gives(without, "{ name(x: 3) }", json!({"name": null})).await;
}

#[tokio::test]
async fn maps() {
    let data = json!({
        "list": {"$map": "ids", "cases": {"1": "one", "2": {"$error": "two"}}, "default": "other"},
        "strict": {"$map": "none", "cases": {}},
    });
    let errors = [(json!(["list", 1]), "two")];
    let expect = json!({"list": ["one", null, "other"]});
    check(
        data.clone(),
        "{ list(ids: [1, 2, 3]) }",
        json!({}),
        expect,
        &errors,
    )
    .await;
    gives(data.clone(), "{ list(ids: []) }", json!({"list": []})).await;
    gives(
        data.clone(),
        "{ list strict }",
        json!({"list": null, "strict": null}),
    )
    .await;
    let by_role = json!({"list": {"$map": "roles", "cases": {"ADMIN": "a", "null": "n"}}});
    gives(
        by_role,
        "{ list(roles: [ADMIN, null, GUEST]) }",
        json!({"list": ["a", "n", null]}),
    )
    .await;
}

#[tokio::test]
async fn counters_are_an_operations_own() {
    let user = json!({"id": {"$incr": "n"}, "age": {"$incr": "n"}, "name": {"$incr": "other"}});
    let data = json!({"users": [user, user], "count": {"$incr": "n"}});
    let query = "{ users { id age name } count }";
    let expect = json!({
        "users": [{"id": "1", "age": 2, "name": "1"}, {"id": "3", "age": 4, "name": "2"}],
        "count": 5,
    });
    gives(data.clone(), query, expect.clone()).await;
    // The same with the pass that waits.
    let mut waiting = data;
    waiting["a"] = json!({"$delay": 0, "value": 1});
    gives(waiting, query, expect).await;
}

#[tokio::test(start_paused = true)]
async fn siblings_wait_together_and_mutations_in_turn() {
    let slow = |ms: u64| json!({"$delay": ms, "value": {"$incr": "n"}});
    let data = json!({
        "first": slow(200), "second": slow(100), "a": slow(200), "count": slow(100),
        "user": {"$delay": 50, "value": {"id": slow(30), "age": slow(20)}},
        "users": [{"$delay": 1000, "value": {"id": "x"}}, {"$delay": 1000, "value": {"$error": "late"}}],
        "me": {"$delay": 5, "value": {"$delay": 5, "value": {"$ref": "user"}}},
    });
    let start = tokio::time::Instant::now();
    gives(data.clone(), "{ a count }", json!({"a": 2, "count": 1})).await;
    assert_eq!(start.elapsed().as_millis(), 200);
    let start = tokio::time::Instant::now();
    let query = "mutation { first second user { id age } }";
    let expect = json!({"first": 1, "second": 2, "user": {"id": "4", "age": 3}});
    gives(data.clone(), query, expect).await;
    assert_eq!(start.elapsed().as_millis(), 380);
    let start = tokio::time::Instant::now();
    let errors = [(json!(["users", 1]), "late")];
    check(
        data.clone(),
        "{ users { id } }",
        json!({}),
        json!({"users": null}),
        &errors,
    )
    .await;
    assert_eq!(start.elapsed().as_millis(), 1000);
    gives(
        data,
        "{ me { __typename age } }",
        json!({"me": {"__typename": "User", "age": 1}}),
    )
    .await;
}

#[tokio::test]
async fn what_has_no_end_is_refused() {
    let data = json!({
        "users": [{"$ref": "users.0"}],
        "me": {"id": 1, "friends": vec![json!({"$ref": "me"}); 50]},
        "a": {"$delay": 0, "value": {"$ref": "a"}},
    });
    let query =
        "{ me { friends { friends { friends { friends { friends { friends { id } } } } } } } }";
    let response = ask(with_data(SDL, data.clone()), query, json!({})).await;
    let text = response.to_string();
    assert!(
        text.contains("LIMIT_EXCEEDED"),
        "{}",
        &text[..200.min(text.len())]
    );
    let response = ask(with_data(SDL, data), "{ users { id } a }", json!({})).await;
    assert_eq!(
        response["errors"].as_array().unwrap().len(),
        2,
        "{response}"
    );
}

#[tokio::test]
async fn conditions_hold_where_somebody_waits() {
    let data = json!({"a": {"$delay": 0, "value": 1}, "count": {"$incr": "n"}, "me": {"id": {"$incr": "n"}}});
    let query = "query ($no: Boolean = false) { count @include(if: $no) me { id @skip(if: $no) age @skip(if: true) } a }";
    let response = ask(with_data(SDL, data), query, json!({})).await;
    assert_eq!(data_of(&response), &json!({"me": {"id": "1"}, "a": 1}));
}
