//! `graphwright mock`: what its chapter shows, lines good and bad, files with mistakes.

use graphwright_codegen::cli::{run_for_test, run_with_input};
use graphwright_tests::workspace;
use serde_json::{Value, json};

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let dir = folder.path().to_string_lossy().into_owned();
    (folder, dir)
}

/// The responses to lines, with further options.
fn answers(options: &[&str], lines: &str) -> Vec<Value> {
    let (code, out, said) =
        run_with_input(&[&["mock", "--stdin"], options].concat(), lines.as_bytes());
    assert_eq!((code, said.as_str()), (0, ""), "{out}");
    assert!(out.is_empty() || out.ends_with('\n'), "{out}");
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn answer(line: &Value) -> Value {
    let found = answers(&[], &format!("{line}\n"));
    let [answer] = &found[..] else {
        panic!("{found:?}")
    };
    answer.clone()
}

/// The comments of the chapter, and the text of the block behind each.
fn steps(chapter: &str) -> Vec<(&str, &str)> {
    let parts = chapter.split("<!-- example: ").skip(1);
    parts
        .map(|part| {
            let (step, rest) = part.split_once(" -->").unwrap();
            let (_, block) = rest.split_once("```").unwrap().1.split_once('\n').unwrap();
            (step, block.split_once("```").unwrap().0)
        })
        .collect()
}

#[test]
fn the_chapter_is_true() {
    let path = workspace().join("codegen/src/guide/mock.md");
    let chapter = std::fs::read_to_string(path).unwrap();
    let (folder, dir) = folder(&[]);
    let (mut generated, mut last, mut checked) = (false, String::new(), 0);
    let ask = |options: &[&str], query: &str| {
        let options = [&["-C", &dir, "--schema", "schema"], options].concat();
        let found = answers(&options, &format!("{}\n", json!({ "query": query.trim() })));
        found[0].clone()
    };
    for (step, block) in steps(&chapter) {
        match step {
            "schema" | "data" => std::fs::write(folder.path().join(step), block).unwrap(),
            "ask" | "ask generated" | "lines" => {
                generated = step == "ask generated";
                last = block.to_owned();
            }
            "answer" => {
                let options: &[&str] = if generated { &[] } else { &["--data", "data"] };
                let expect: Value = serde_json::from_str(block).unwrap();
                assert_eq!(ask(options, &last), expect, "{last}");
                checked += 1;
            }
            "answers" => {
                let found: String = answers(&[], &last)
                    .iter()
                    .map(|found| format!("{found}\n"))
                    .collect();
                assert_eq!(found, block);
                checked += 1;
            }
            other => panic!("an example of what? {other}"),
        }
    }
    assert_eq!(checked, 5);
}

#[test]
fn every_line_has_one_response() {
    let schema = "type Query { a: Int must: Int! }";
    let line = |members: Value| {
        let mut line = json!({"schema": schema, "data": {"a": 1}, "query": "{ a }"});
        for (key, value) in members.as_object().unwrap() {
            line[key] = value.clone();
        }
        line.to_string()
    };
    let refused = |line: &str, message: &str| (line.to_owned(), Err(message.to_owned()));
    let a = || Ok(json!({"a": 1}));
    let cases = [
        (line(json!({})), a()),
        refused("", "no JSON"),
        refused("nonsense", "no JSON"),
        refused("[]", "no JSON object"),
        refused("\u{0}", "no JSON"),
        refused(&line(json!({"schema": null})), "no `schema`"),
        refused(&line(json!({"schema": 1})), "`schema` is a text"),
        refused(&line(json!({"schema": ""})), "no type `Query`"),
        refused(&line(json!({"schema": "type Query {"})), ""),
        refused(&line(json!({"query": null})), "no `query`"),
        refused(&line(json!({"query": "{"})), ""),
        refused(&line(json!({"query": "{ b }"})), "b"),
        refused(&line(json!({"variables": []})), "`variables` is an object"),
        refused(
            &line(json!({"operationName": 1})),
            "`operationName` is a text",
        ),
        refused(&line(json!({"operationName": "None"})), ""),
        refused(&line(json!({"data": []})), "`data`: data is an object"),
        refused(
            &line(json!({"data": {"a": {"$arg": 1}}})),
            "`data`: `$arg` takes the name of an argument",
        ),
        refused(&line(json!({"data": null, "mock": []})), "`mock` is a seed"),
        refused(
            &line(json!({"data": null, "mock": {"seed": []}})),
            "`seed` is",
        ),
        (
            line(json!({"id": 5, "variables": null, "operationName": null})),
            a(),
        ),
        (
            line(json!({"query": "query A { a } query B { b: a }", "operationName": "B"})),
            Ok(json!({"b": 1})),
        ),
        (
            line(
                json!({"query": "query ($y: Boolean!) { a @skip(if: $y) must @include(if: $y) b: a }", "variables": {"y": false}}),
            ),
            Ok(json!({"a": 1, "b": 1})),
        ),
        (line(json!({})), a()),
    ];
    let lines: String = cases.iter().map(|(line, _)| format!("{line}\n")).collect();
    let found = answers(&[], &lines);
    assert_eq!(found.len(), cases.len());
    for ((line, expect), found) in cases.iter().zip(&found) {
        match expect {
            Ok(data) => assert_eq!(found, &json!({ "data": data }), "{line}"),
            Err(message) => {
                let told = found["errors"][0]["message"].as_str().unwrap();
                assert!(told.contains(message), "{line}: {told}");
                assert_eq!(found.get("data"), None, "{line}");
            }
        }
    }
    assert_eq!(answers(&[], ""), Vec::<Value>::new());
    let last = line(json!({}));
    assert_eq!(answers(&[], &last).len(), 1, "the last line needs no end");
    let windows = format!("{last}\r\n{last}\r\n");
    assert_eq!(answers(&[], &windows).len(), 2);
}

#[test]
fn bytes_that_are_no_text_are_a_line() {
    let (code, out, _) =
        run_with_input(&["mock", "--stdin"], b"\xff\xfe\n{\"schema\": \"\xff\"}\n");
    assert_eq!((code, out.lines().count()), (0, 2));
}

#[test]
fn a_schema_with_mistakes_says_where() {
    let schema = "type Query {\n  a: Usr\n}\ntype User { id: ID }";
    let found = answer(&json!({"schema": schema, "query": "{ a }"}));
    let error = &found["errors"][0];
    assert_eq!(
        error["locations"],
        json!([{"line": 2, "column": 6}]),
        "{found}"
    );
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `User`?"),
        "{found}"
    );
}

#[test]
fn directives_of_ours_are_hidden() {
    let schema = "type Auth @auth { id: ID! } type Note @model @public { id: ID! text: String! @filter }
        type Query { notes: [Note!]! @list note(id: ID!): Note @find secret: Int @access(if: \"auth != null\") }";
    let query = "{ __schema { directives { name } } notes(first: 1) { nodes { text } } secret }";
    let found = answer(&json!({"schema": schema, "query": query, "data": {
        "notes": {"nodes": [{"text": "x"}]}, "secret": 4,
    }}));
    assert_eq!(
        found["data"]["notes"],
        json!({"nodes": [{"text": "x"}]}),
        "{found}"
    );
    assert_eq!(found["data"]["secret"], 4, "there is no caller to refuse");
    assert!(!found.to_string().contains("\"model\""), "{found}");
}

#[test]
fn seeds() {
    let line = |mock: Value| {
        json!({"schema": "type Query { a: ID }", "mock": mock, "query": "{ a }"}).to_string()
    };
    let lines = [
        line(json!("7")),
        line(json!(7)),
        line(json!({"seed": 7})),
        line(json!({"seed": "7"})),
        line(json!(true)),
        line(json!(null)),
        line(json!(false)),
        line(json!({})),
        line(json!("s")),
    ];
    let found = answers(&["--seed", "s"], &(lines.join("\n") + "\n"));
    let seven = &found[0];
    assert!(found[1..4].iter().all(|found| found == seven), "{found:?}");
    assert!(
        found[4..]
            .iter()
            .all(|other| other == &found[8] && other != seven),
        "{found:?}"
    );
    let zero = answers(&[], &line(json!("0")));
    assert_eq!(answers(&[], &line(json!(true))), zero);
}

#[test]
fn files_hold_for_lines_without() {
    let (_folder, dir) = folder(&[
        ("a.graphql", "type Query { a: Int b: Other }"),
        ("b.graphql", "type Other { c: Int }"),
        ("data.json", "{\"a\": 5, \"b\": {\"c\": {\"$ref\": \"a\"}}}"),
    ]);
    for schema in [
        &["--schema", "a.graphql", "b.graphql"][..],
        &["--schema", "*.graphql"],
        &["--schema", "a.graphql", "--schema", "b.graphql"],
    ] {
        let options = [&["-C", &dir, "--data", "data.json"], schema].concat();
        let lines = "{\"query\": \"{ a b { c } }\"}\n{\"query\": \"{ a }\", \"data\": {}}\n{\"query\": \"{ x: a }\", \"mock\": 1}\n{\"query\": \"{ a }\", \"schema\": \"type Query { a: String }\"}\n";
        let found = answers(&options, lines);
        assert_eq!(found[0], json!({"data": {"a": 5, "b": {"c": 5}}}));
        assert_eq!(found[1], json!({"data": {"a": null}}));
        assert!(found[2]["data"]["x"].is_number(), "{found:?}");
        assert_eq!(found[3], json!({"data": {"a": "5"}}));
    }
}

#[test]
fn files_with_mistakes_are_told_with_their_places() {
    let (_folder, dir) = folder(&[
        ("good.graphql", "type Query { a: Int }"),
        ("bad.graphql", "type Query {\n  a: Usr\n}"),
        (
            "bad.json",
            "{\n  \"a\": {\"$delay\": \"x\"},\n  \"b\": {\"$ref\": \"c\"}\n}",
        ),
        ("warn.json", "{\"a\": {\"$ref\": \"c\"}}"),
        ("no.json", "{\n  \"a\": \n}"),
    ]);
    let run = |options: &[&str]| {
        run_with_input(&[&["mock", "--stdin", "-C", &dir], options].concat(), b"")
    };
    let (code, out, said) = run(&["--schema", "bad.graphql"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(said.contains("bad.graphql:2:6: error[GW0108]"), "{said}");
    let (code, _, said) = run(&["--schema", "good.graphql", "--data", "bad.json"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("bad.json:2:19: error[GW0005]: `$delay` takes a number of milliseconds"),
        "{said}"
    );
    assert!(
        said.contains("bad.json:3:17: warning[GW0005]: there is nothing at `c`"),
        "{said}"
    );
    let (code, _, said) = run(&["--schema", "good.graphql", "--data", "warn.json"]);
    assert_eq!(code, 0);
    assert!(said.contains("warn.json:1:16: warning"), "{said}");
    let (code, _, said) = run(&["--schema", "good.graphql", "--data", "no.json"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("no.json:3:1: error[GW0005]: this is no JSON"),
        "{said}"
    );
    let (code, _, said) = run(&["--data", "none.json"]);
    assert_eq!(code, 1);
    assert!(said.contains("cannot read `none.json`"), "{said}");
    let (code, _, said) = run(&["--schema", "none*.graphql"]);
    assert_eq!(code, 1);
    assert!(said.contains("none*.graphql"), "{said}");
    let (code, _, said) = run_for_test(&["mock", "-C", &dir]);
    assert_eq!(code, 1);
    assert!(said.contains("--schema"), "{said}");
}

#[test]
fn hostile_lines_end() {
    let nest = |n: usize, open: &str, close: &str| open.repeat(n) + &close.repeat(n);
    let schema = "type Query { q: Query! qs: [Query!]! all: [[[[[[Query!]!]!]!]!]!]! } type Mutation { a(x: In): Int } input In { x: In }";
    let line = |query: String| json!({"schema": schema, "query": query}).to_string();
    let round = "fragment F on Query { q { ...G } } fragment G on Query { q { ...F } } { ...F }";
    let aliases: String = (0..3000).map(|i| format!("a{i}: __typename ")).collect();
    let lines = [
        line(nest(5000, "{ q ", "}")),
        line(nest(90, "{ all ", "}").replace("all }", "all { __typename } }")),
        line(format!("{{ q {} }}", nest(95, "{ qs ", "}").replacen("qs }", "qs { __typename } }", 1))),
        line(round.to_owned()),
        line(format!("{{ {aliases} }}")),
        line(format!("mutation {{ a(x: {}) }}", nest(5000, "{ x: ", "}"))),
        json!({"schema": format!("type Query {{ a: {} }}", nest(5000, "[", "]").replacen("[]", "[Int]", 1)), "query": "{ a }"}).to_string(),
        format!("{{\"schema\": {}", "[".repeat(200_000)),
        json!({"schema": "type Query { a: [Query] b: Int }", "data": {"a": vec![json!({"a": {"$ref": "a"}}); 100]}, "query": nest(50, "{ a ", "}").replacen("a }", "a { b } }", 1)}).to_string(),
        json!({"schema": "type Query { a: Int }", "data": {"a": 1}, "query": "{ a }"}).to_string(),
    ];
    let found = answers(&[], &(lines.join("\n") + "\n"));
    assert_eq!(found.len(), lines.len());
    assert_eq!(found[4]["data"].as_object().unwrap().len(), 3000);
    assert_eq!(found.last(), Some(&json!({"data": {"a": 1}})));
    for refused in [0, 3, 5, 6, 7, 8] {
        assert!(found[refused]["errors"].is_array(), "{refused}");
    }
}
