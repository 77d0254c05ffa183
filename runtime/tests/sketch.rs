//! A small schema whose generated code is written by hand (`sketch/generated.rs`), executed: what the emitter must
//! produce, and what the engine does with it.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use app::App;
use generated as gw;
use graphwright::engine::response::{Outcome, Request};
use graphwright::{Limits, Server, Services};
use serde_json::{Value, json};

fn server() -> Server<App> {
    Server::new(App::default(), Services::new()).unwrap()
}

async fn ask(server: &Server<App>, query: &str, variables: Value) -> Value {
    let request = Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    };
    let response = server.execute(None, "r1", &request).await;
    serde_json::from_slice(&response.body)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&response.body)))
}

/// The data, which must come without errors and with its keys in this order.
#[track_caller]
fn data(query: &str, variables: Value, expect: Value) {
    let found = block_on(ask(&server(), query, variables));
    assert_eq!(found.to_string(), json!({ "data": expect }).to_string());
}

/// Data and errors (message, path, code); errors in their order.
#[track_caller]
fn fails(query: &str, variables: Value, expect: Value, errors: &[(&str, Value, &str)]) {
    let found = block_on(ask(&server(), query, variables));
    assert_eq!(
        found.get("data").cloned().unwrap_or(json!("none")),
        expect,
        "{found}"
    );
    let short: Vec<_> = found["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| {
            json!([
                e["message"],
                e.get("path").cloned().unwrap_or_default(),
                e["extensions"]["code"]
            ])
        })
        .collect();
    let wanted: Vec<_> = errors
        .iter()
        .map(|(message, path, code)| json!([message, path, code]))
        .collect();
    assert_eq!(short, wanted, "{found}");
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

#[test]
fn arguments_defaults_and_aliases() {
    data("{ hello }", json!({}), json!({ "hello": "Hello, world!" }));
    data(
        "{ b: hello(name: \"Bo\") a: hello __typename }",
        json!({}),
        json!({ "b": "Hello, Bo!", "a": "Hello, world!", "__typename": "Query" }),
    );
    data(
        "query ($n: String! = \"Eve\") { hello(name: $n) }",
        json!({}),
        json!({ "hello": "Hello, Eve!" }),
    );
    data(
        "query ($n: String) { hello(name: $n) }",
        json!({}),
        json!({ "hello": "Hello, world!" }),
    );
    fails(
        "query ($n: String) { hello(name: $n) }",
        json!({ "n": null }),
        json!(null),
        &[(
            "\"name\" must not be null.",
            json!(["hello"]),
            "BAD_USER_INPUT",
        )],
    );
}

#[test]
fn unions_members_batches_and_each() {
    let server = server();
    let query = "query ($n: Int) { search(text: \"x\", first: $n) {
        __typename
        ... on Book { id title mood author { name } reviews(first: 1) { stars text } cover { url photographer { id } } }
        ... on Author { name books { id } boss { name books { title } } }
    } }";
    let found = block_on(ask(&server, query, json!({ "n": 2 })));
    assert_eq!(
        found["data"]["search"],
        json!([
            { "__typename": "Book", "id": "1", "title": "Book 1", "mood": "HAPPY", "author": { "name": "Author 1" },
              "reviews": [{ "stars": 1, "text": null }], "cover": { "url": "/1.png", "photographer": { "id": "a1" } } },
            { "__typename": "Author", "name": "Author 2", "books": [{ "id": "3" }],
              "boss": { "name": "Author 1", "books": [{ "title": "Book 1" }, { "title": "Book 2" }] } },
        ])
    );
    assert!(found.get("errors").is_none(), "{found}");
}

#[test]
fn a_level_costs_one_call_of_a_batched_resolver() {
    let server = server();
    block_on(ask(
        &server,
        "{ search(text: \"x\") { ... on Book { author { id } reviews { stars } } } }",
        json!({}),
    ));
    let calls = server.app().calls.lock().unwrap();
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.starts_with("author of"))
            .collect::<Vec<_>>(),
        ["author of 3"]
    );
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.starts_with("reviews of"))
            .count(),
        3
    );
}

#[test]
fn interfaces_keep_places_of_concrete_types() {
    data(
        "{ nodes(ids: [\"2\", \"a1\", \"x\", \"1\", \"a2\"]) { id ... on Author { books { id } } ... on Book { reviews(first: 1) { stars } } } }",
        json!({}),
        json!({ "nodes": [
            { "id": "2", "reviews": [{ "stars": 1 }] },
            { "id": "a1", "books": [{ "id": "1" }, { "id": "2" }] },
            null,
            { "id": "1", "reviews": [{ "stars": 1 }] },
            { "id": "a2", "books": [{ "id": "3" }] },
        ] }),
    );
}

#[test]
fn errors_stand_at_their_places_in_the_order_of_the_response() {
    fails(
        "{ search(text: \"\") { ... on Book { id author { id } cover { photographer { id } } } } }",
        json!({}),
        json!(null),
        &[
            ("the author is shy", json!(["search", 2, "author"]), "SHY"),
            (
                "the photographer is unknown",
                json!(["search", 3, "cover", "photographer"]),
                "BAD_USER_INPUT",
            ),
        ],
    );
    fails(
        "{ book(pick: { id: 3 }) { id cover { photographer { id } } } hello }",
        json!({}),
        json!({ "book": null, "hello": "Hello, world!" }),
        &[(
            "the photographer is unknown",
            json!(["book", "cover", "photographer"]),
            "BAD_USER_INPUT",
        )],
    );
}

#[test]
fn nulls_go_up_to_the_nearest_nullable_place() {
    fails(
        "{ hello broken }",
        json!({}),
        json!(null),
        &[("internal error", json!(["broken"]), "INTERNAL")],
    );
    fails(
        "{ fragile { sure } hello }",
        json!({}),
        json!({ "fragile": null, "hello": "Hello, world!" }),
        &[("internal error", json!(["fragile", "sure"]), "INTERNAL")],
    );
    fails(
        "{ fragile { lists } }",
        json!({}),
        json!({ "fragile": { "lists": [[1.0], null, null, []] } }),
        &[(
            "internal error",
            json!(["fragile", "lists", 1, 1]),
            "INTERNAL",
        )],
    );
    fails(
        "{ fragile { must { sure } } }",
        json!({}),
        json!({ "fragile": null }),
        &[(
            "it must not fail",
            json!(["fragile", "must"]),
            "BAD_USER_INPUT",
        )],
    );
}

#[test]
fn an_abandoned_list_does_not_shift_its_neighbours() {
    // The author of book 3 has an unknown photographer two levels down; the others keep their own books.
    let query = "{ nodes(ids: [\"a2\", \"a1\", \"3\", \"1\"]) { ... on Author { books { id cover { photographer { id } } } } ... on Book { cover { photographer { id } } } } }";
    let cover = json!({ "photographer": { "id": "a1" } });
    fails(
        query,
        json!({}),
        json!({ "nodes": [null, { "books": [{ "id": "1", "cover": cover }, { "id": "2", "cover": cover }] }, null, { "cover": cover }] }),
        &[
            (
                "the photographer is unknown",
                json!(["nodes", 0, "books", 0, "cover", "photographer"]),
                "BAD_USER_INPUT",
            ),
            (
                "the photographer is unknown",
                json!(["nodes", 2, "cover", "photographer"]),
                "BAD_USER_INPUT",
            ),
        ],
    );
}

#[test]
fn a_panic_costs_the_field_it_came_from() {
    let server = server();
    let found = block_on(ask(&server, "{ hello(name: \"panic\") }", json!({})));
    assert_eq!(found["data"], Value::Null);
    assert_eq!(found["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(
        block_on(ask(&server, "{ book(pick: {id: 1}) { id } }", json!({})))["data"]["book"]["id"],
        "1"
    );
}

#[test]
fn resolvers_read_what_comes_with_the_operation() {
    let mut request = Request {
        query: "{ hello(name: \"guest\") }".to_owned(),
        ..Request::default()
    };
    let server = server();
    let asked = |request: &Request| {
        let response = block_on(server.execute(None, "r1", request));
        serde_json::from_slice::<Value>(&response.body).unwrap()
    };
    assert_eq!(asked(&request)["errors"][0]["message"], "no guest");
    request.data.insert(app::Guest("Ada"));
    assert_eq!(asked(&request)["data"], json!({ "hello": "Welcome, Ada!" }));
    #[cfg(feature = "testing")]
    block_on(async {
        let client = graphwright::testing::Client::of(server);
        for call in [
            client.query(&request.query),
            client.query(&request.query).header("a", "b"),
        ] {
            let reply = call.data(app::Guest("Bo")).await;
            assert_eq!(reply.ok().path("hello"), "Welcome, Bo!");
        }
    });
}

#[test]
fn a_batch_of_the_wrong_length_fails_at_every_parent() {
    let found = block_on(ask(
        &server(),
        "{ nodes(ids: [9, 9]) { ... on Book { author { id } } } }",
        json!({}),
    ));
    assert_eq!(
        found["data"]["nodes"],
        json!([{ "author": null }, { "author": null }])
    );
    assert_eq!(found["errors"].as_array().unwrap().len(), 2);
    assert_eq!(found["errors"][1]["path"], json!(["nodes", 1, "author"]));
    assert_eq!(found["errors"][0]["message"], "internal error");
}

#[test]
fn fields_with_an_access_rule_are_refused_before_their_resolver_runs() {
    let server = server();
    let found = block_on(ask(&server, "{ secret }", json!({})));
    assert_eq!(found["data"], json!({ "secret": null }));
    assert_eq!(found["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert!(server.app().calls.lock().unwrap().is_empty());
}

#[test]
fn mutations_run_in_turn_and_tell_absent_from_null() {
    let server = server();
    let query = "mutation ($t: String) {
        a: rename(input: { id: 1, title: $t }) { title }
        b: rename(input: { id: 2, title: null, mood: null, tags: \"x\" }) { title mood }
        count
        c: rename(input: { id: 4, title: \"New\", mood: SAD }) { title author { id } }
        count2: count
    }";
    let found = block_on(ask(&server, query, json!({})));
    assert_eq!(
        found.to_string(),
        json!({ "data": {
        "a": { "title": null }, "b": { "title": null, "mood": "SAD" }, "count": 3,
        "c": { "title": "New", "author": null }, "count2": 6,
    } })
        .to_string()
    );
    let calls = server.app().calls.lock().unwrap();
    assert_eq!(
        *calls,
        [
            "rename Absent Some(Happy) []",
            "rename Null None [\"x\"]",
            "count",
            "rename Value(\"New\") Some(Sad) []",
            "author of 1",
            "count",
        ]
    );
}

#[test]
fn a_failed_mutation_field_does_not_stop_the_next_unless_it_must() {
    fails(
        "mutation { rename(input: { id: \"x\" }) { id } count }",
        json!({}),
        json!(null),
        &[("no such book", json!(["rename"]), "NOT_FOUND")],
    );
}

#[test]
fn one_of_inputs_are_one() {
    data(
        "{ book(pick: { title: \"Book 7\" }) { id } }",
        json!({}),
        json!({ "book": { "id": "7" } }),
    );
    data(
        "query ($p: BookPick!) { book(pick: $p) { id } }",
        json!({ "p": { "id": 7 } }),
        json!({ "book": { "id": "7" } }),
    );
    for pick in [
        json!({}),
        json!({ "id": 1, "title": "x" }),
        json!({ "id": null }),
    ] {
        let found = block_on(ask(
            &server(),
            "query ($p: BookPick!) { book(pick: $p) { id } }",
            json!({ "p": pick }),
        ));
        assert!(found.get("data").is_none(), "{found}");
    }
    for pick in ["{}", "{ id: 1, title: \"x\" }", "{ id: null }"] {
        let found = block_on(ask(
            &server(),
            &format!("{{ book(pick: {pick}) {{ id }} }}"),
            json!({}),
        ));
        assert!(found.get("data").is_none(), "{pick}: {found}");
    }
}

#[test]
fn same_keys_are_merged_deep_in_the_order_of_their_first_appearance() {
    data(
        "query ($yes: Boolean!, $no: Boolean!) {
            book(pick: { id: 1 }) { cover { url } id }
            ...More
            ... @include(if: $no) { hello }
            book(pick: { id: 1 }) { reviews(first: 1) { text } mood @skip(if: $yes) }
            z: hello @skip(if: true)
        }
        fragment More on Query { book(pick: { id: 1 }) { id cover { photographer { id } } reviews(first: 1) { stars } ...More2 } }
        fragment More2 on Node { ... on Book { title @include(if: $yes) } ... on Author { name } }",
        json!({ "yes": true, "no": false }),
        json!({ "book": {
            "cover": { "url": "/1.png", "photographer": { "id": "a1" } }, "id": "1",
            "reviews": [{ "stars": 1, "text": null }], "title": "Book 1",
        } }),
    );
}

#[test]
fn a_condition_on_the_first_occurrence_moves_the_key() {
    let query = "query ($first: Boolean!) { book(pick: { id: 1 }) { ...B @include(if: $first) id title } } fragment B on Book { title mood }";
    data(
        query,
        json!({ "first": true }),
        json!({ "book": { "title": "Book 1", "mood": "HAPPY", "id": "1" } }),
    );
    data(
        query,
        json!({ "first": false }),
        json!({ "book": { "id": "1", "title": "Book 1" } }),
    );
}

#[test]
fn conditions_below_a_merged_field_follow_their_own_occurrence() {
    let query = "query ($a: Boolean!, $b: Boolean!) {
        book(pick: { id: 1 }) @include(if: $a) { id }
        book(pick: { id: 1 }) @include(if: $b) { title }
    }";
    data(
        query,
        json!({ "a": true, "b": true }),
        json!({ "book": { "id": "1", "title": "Book 1" } }),
    );
    data(
        query,
        json!({ "a": true, "b": false }),
        json!({ "book": { "id": "1" } }),
    );
    data(
        query,
        json!({ "a": false, "b": true }),
        json!({ "book": { "title": "Book 1" } }),
    );
    data(query, json!({ "a": false, "b": false }), json!({}));
}

#[test]
fn the_operation_is_chosen_by_its_name() {
    let server = server();
    let run = |name: Option<&str>| {
        let request = Request {
            query: "query A { hello } query B { b: hello }".into(),
            operation_name: name.map(Into::into),
            ..Request::default()
        };
        block_on(server.execute(None, "r", &request))
    };
    assert_eq!(run(Some("B")).body, b"{\"data\":{\"b\":\"Hello, world!\"}}");
    assert_eq!(
        run(Some("A")).body,
        b"{\"data\":{\"hello\":\"Hello, world!\"}}"
    );
    assert_eq!(run(Some("C")).outcome, Outcome::Refused);
    assert_eq!(run(None).outcome, Outcome::Refused);
}

#[test]
fn locations_and_request_id_are_in_an_error() {
    let found = block_on(ask(
        &server(),
        "{\n  hello\n  broken\n  x: broken\n}",
        json!({}),
    ));
    assert_eq!(
        found["errors"][0],
        json!({
            "message": "internal error", "locations": [{ "line": 3, "column": 3 }], "path": ["broken"],
            "extensions": { "code": "INTERNAL", "requestId": "r1" },
        })
    );
}

#[test]
fn introspection_is_what_apollo_answers() {
    let query = "{ __schema { queryType { name } types { name kind fields(includeDeprecated: true) { name type { kind name ofType { kind name } } } } } hello }";
    let with_variable = "query ($d: Boolean!) { __schema { queryType { name } types { name kind fields(includeDeprecated: $d) { name type { kind name ofType { kind name } } } } } hello }";
    let constant = block_on(ask(&server(), query, json!({})));
    assert_eq!(constant["data"]["__schema"]["queryType"]["name"], "Query");
    assert_eq!(constant["data"]["hello"], "Hello, world!");
    assert_eq!(
        constant,
        block_on(ask(&server(), with_variable, json!({ "d": true })))
    );
    data(
        "query ($n: String!) { t: __type(name: $n) { name } none: __type(name: \"Nope\") { name } }",
        json!({ "n": "Mood" }),
        json!({ "t": { "name": "Mood" }, "none": null }),
    );
    let limits = Limits {
        introspection: false,
        ..Limits::default()
    };
    let closed = Server::with_limits(App::default(), Services::new(), limits).unwrap();
    assert!(
        block_on(ask(
            &closed,
            "{ __schema { queryType { name } } }",
            json!({})
        ))
        .get("data")
        .is_none()
    );
}

/// The schema that the tests share is the one that clients see.
#[test]
fn introspection_equals_the_oracle() {
    use apollo_compiler::{ExecutableDocument, Schema, response::JsonMap, validation::Valid};
    let query = include_str!("sketch/introspection.graphql");
    let schema = Schema::parse_and_validate(
        format!(
            "{}\ndirective @oneOf on INPUT_OBJECT extend type __Type {{ isOneOf: Boolean }}",
            gw::SDL
        ),
        "s",
    )
    .unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, query, "q").unwrap();
    let operation = document.operations.get(None).unwrap();
    let none = Valid::assume_valid(JsonMap::new());
    let oracle = apollo_compiler::introspection::partial_execute(
        &schema,
        &schema.implementers_map(),
        &document,
        operation,
        &none,
    )
    .unwrap();
    let mut found = block_on(ask(&server(), query, json!({})));
    let mut oracle = json!({ "data": oracle.data });
    for answer in [&mut found, &mut oracle] {
        let schema = &mut answer["data"]["__schema"];
        // What is built in is described in each one's own words.
        let own = |ty: &serde_json::Value| {
            let name = ty["name"].as_str().unwrap_or_default();
            let scalars = ["Int", "Float", "String", "Boolean", "ID"];
            !name.starts_with("__") && !scalars.contains(&name)
        };
        schema["types"].as_array_mut().unwrap().retain(own);
        schema.as_object_mut().unwrap().remove("directives");
    }
    assert!(found["data"]["__schema"]["types"].as_array().unwrap().len() > 10);
    assert_eq!(found["data"], oracle["data"]);
}

/// The field is younger than what apollo-compiler knows.
#[test]
fn introspection_tells_one_of_inputs() {
    data(
        "query ($other: String!) {
            pick: __type(name: \"BookPick\") { name one: isOneOf isOneOf ...T }
            plain: __type(name: \"RenameInput\") { kind ... @skip(if: false) { isOneOf } name }
            object: __type(name: $other) { isOneOf fields { type { isOneOf ofType { isOneOf name } } } }
        }
        fragment T on __Type { isOneOf again: isOneOf inputFields { name type { isOneOf } } }",
        json!({ "other": "Review" }),
        json!({
            "pick": {
                "name": "BookPick", "one": true, "isOneOf": true, "again": true,
                "inputFields": [{ "name": "id", "type": { "isOneOf": null } }, { "name": "title", "type": { "isOneOf": null } }],
            },
            "plain": { "kind": "INPUT_OBJECT", "isOneOf": false, "name": "RenameInput" },
            "object": { "isOneOf": null, "fields": [
                { "type": { "isOneOf": null, "ofType": { "isOneOf": null, "name": "Int" } } },
                { "type": { "isOneOf": null, "ofType": null } },
            ] },
        }),
    );
    let found = block_on(ask(
        &server(),
        "{ __type(name: \"__Type\") { fields { name type { name } } } }",
        json!({}),
    ));
    let field = json!({ "name": "isOneOf", "type": { "name": "Boolean" } });
    let fields = found["data"]["__type"]["fields"].as_array().unwrap();
    assert!(fields.contains(&field), "{found}");
    let wrong = block_on(ask(
        &server(),
        "{ __type(name: \"Book\") { isOneOf { x } } book(pick: {}) { isOneOf } }",
        json!({}),
    ));
    assert!(wrong.get("data").is_none(), "{wrong}");
}

#[test]
fn many_calls_of_one_parent_each_keep_their_order() {
    let ids: Vec<_> = (1..=100).map(|id| id.to_string()).collect();
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Book { reviews(first: 1) { stars } } } }";
    let expect: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "reviews": [{ "stars": 1 }] }))
        .collect();
    data(query, json!({ "ids": ids }), json!({ "nodes": expect }));
}

#[test]
fn answers_may_be_borrowed_or_shared() {
    let book = |id: &str| json!({ "id": id, "reviews": [{ "stars": 1 }] });
    data(
        "{ motto shelves { label size keeper { id boss { books { id } } } favourites { id reviews(first: 1) { stars } } } }",
        json!({}),
        json!({
            "motto": "r1",
            "shelves": [
                { "label": "A", "size": 0, "keeper": { "id": "a1", "boss": null }, "favourites": [book("1"), book("2")] },
                { "label": "B", "size": 1, "keeper": { "id": "a2", "boss": { "books": [{ "id": "1" }, { "id": "2" }] } },
                  "favourites": [book("2"), book("3")] },
                { "label": "C", "size": 2, "keeper": null, "favourites": [book("2"), book("3")] },
            ],
        }),
    );
    fails(
        "{ shelves(full: true) { label shared { id author { id } } } }",
        json!({}),
        json!(null),
        &[(
            "the shelf is locked",
            json!(["shelves", 1, "shared"]),
            "SHELF_LOCKED",
        )],
    );
    let found = block_on(ask(
        &server(),
        "{ shelves(full: true) { shared { id } } }",
        json!({}),
    ));
    assert_eq!(
        found["errors"][0]["extensions"],
        json!({ "code": "SHELF_LOCKED", "requestId": "r1", "until": { "hour": 8 } })
    );
}

#[test]
fn an_operation_that_takes_too_long_is_given_up() {
    let limits = Limits {
        timeout: std::time::Duration::from_millis(20),
        ..Limits::default()
    };
    let server = Server::with_limits(App::default(), Services::new(), limits).unwrap();
    let found = block_on(ask(&server, "{ hello(name: \"forever\") }", json!({})));
    assert_eq!(found["errors"][0]["extensions"]["code"], "TIMEOUT");
    assert!(found.get("data").is_none());
}

#[test]
fn a_mutation_is_refused_where_only_queries_may_be() {
    let run = |query: &str| {
        let request = Request {
            query: query.into(),
            read_only: true,
            ..Request::default()
        };
        block_on(server().execute(None, "r", &request)).outcome
    };
    assert_eq!(run("mutation { count }"), Outcome::MutationRefused);
    assert_eq!(run("{ hello }"), Outcome::Executed);
}
