//! Files along with operations.

use graphwright::http::Uploads;

use super::*;

const STORE: &str = "mutation ($files: [Upload!]!) { store(files: $files) }";

/// A multipart body of these parts: name, file name, content.
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| {
            format!("; filename=\"{file}\"\r\ncontent-type: text/plain")
        });
        let head = format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    body
}

fn ask_form(body: Vec<u8>) -> Ask {
    ask("POST", "/graphql", body)
        .with("content-type", "multipart/form-data; boundary=XX")
        .with("graphql-require-preflight", "1")
}

/// `operations` and `map` and the files.
fn store(operations: &Value, map: &Value, files: &[(&str, &[u8])]) -> Ask {
    let (operations, map) = (operations.to_string(), map.to_string());
    let mut parts = vec![
        ("operations", None, operations.as_bytes()),
        ("map", None, map.as_bytes()),
    ];
    parts.extend(
        files
            .iter()
            .map(|(name, content)| (*name, Some("a.txt"), *content)),
    );
    ask_form(form(&parts))
}

fn two_files() -> Value {
    json!({ "query": STORE, "variables": { "files": [null, null] } })
}

fn map() -> Value {
    json!({ "0": ["variables.files.0"], "1": ["variables.files.1"] })
}

#[track_caller]
fn answered(router: Router, ask: Ask, status: u16, has: &str) {
    let reply = send(router, ask);
    assert_eq!(reply.head.status(), status, "{}", reply.text());
    assert!(
        reply.text().contains(has),
        "{has} is not in {}",
        reply.text()
    );
}

fn limited(change: impl FnOnce(&mut Uploads)) -> Router {
    with(|options| {
        let mut uploads = Uploads::default();
        change(&mut uploads);
        options.uploads = Some(uploads);
    })
}

#[test]
fn files_come_to_their_variables() {
    let files: &[(&str, &[u8])] = &[("0", b"first"), ("1", b"second\r\n--X")];
    let both = r#"{"data":{"store":["a.txt text/plain first","a.txt text/plain second\r\n--X"]}}"#;
    answered(with(|_| {}), store(&two_files(), &map(), files), 200, both);
    // The same on disk.
    let on_disk = limited(|uploads| uploads.in_memory = 2);
    answered(on_disk, store(&two_files(), &map(), files), 200, both);
    // In any order, and one file in two places.
    let turned: &[(&str, &[u8])] = &[("1", b"second\r\n--X"), ("0", b"first")];
    answered(with(|_| {}), store(&two_files(), &map(), turned), 200, both);
    let twice = json!({ "x": ["variables.files.0", "variables.files.1"] });
    let same = r#"["a.txt text/plain one","a.txt text/plain one"]"#;
    let ask = store(&two_files(), &twice, &[("x", b"one")]);
    answered(with(|_| {}), ask, 200, same);
    // In a batch.
    let batch = json!([{ "query": "{ hello }" }, two_files()]);
    let places = json!({ "0": ["1.variables.files.0"], "1": ["1.variables.files.1"] });
    let router = with(|options| options.batch = 2);
    answered(router, store(&batch, &places, files), 200, both);
}

#[test]
fn a_form_of_a_foreign_page_is_refused() {
    let ask = store(&two_files(), &map(), &[("0", b"a"), ("1", b"b")]);
    answered(
        with(|_| {}),
        ask.without("graphql-require-preflight"),
        403,
        "foreign page",
    );
    let ask = store(&two_files(), &map(), &[("0", b"a"), ("1", b"b")]);
    let off = with(|options| options.uploads = None);
    answered(off, ask, 415, "application/json");
}

#[test]
fn forms_that_are_not_right_are_refused() {
    let (operations, map) = (two_files().to_string(), map().to_string());
    let (operations, map) = (operations.as_bytes(), map.as_bytes());
    let file = ("0", Some("a.txt"), &b"a"[..]);
    for (parts, has) in [
        (
            vec![],
            "the parts must be `operations`, `map`, then the files",
        ),
        (vec![file], "the parts must be"),
        (
            vec![("map", None, map), ("operations", None, operations)],
            "the parts must be",
        ),
        (vec![("operations", None, operations)], "the parts must be"),
        (
            vec![("operations", None, b"{"), ("map", None, map)],
            "not JSON",
        ),
        (
            vec![("operations", None, b"[]"), ("map", None, map)],
            "batches are not taken",
        ),
        (
            vec![("operations", None, operations), ("map", None, b"[]")],
            "`map` must be",
        ),
        (
            vec![("operations", None, operations), ("map", None, map), file],
            "did not come",
        ),
        (
            vec![("operations", None, operations), ("map", None, b"{}"), file],
            "`map` has no place for a part of the request",
        ),
        (
            vec![
                ("operations", None, operations),
                ("map", None, map),
                file,
                file,
            ],
            "`map` has no place",
        ),
    ] {
        answered(with(|_| {}), ask_form(form(&parts)), 400, has);
    }
    for path in [
        "variables.files.2",
        "variables.files.x",
        "variables.file",
        "variables",
        "query",
        "",
        "0.variables.files.0",
        "variables.files",
    ] {
        let map = json!({ "0": [path] });
        let ask = store(&two_files(), &map, &[("0", b"a")]);
        answered(with(|_| {}), ask, 400, "is no null in the variables");
    }
    let cut = form(&[("operations", None, operations)]);
    let cut = cut[..cut.len() - 20].to_vec();
    answered(with(|_| {}), ask_form(cut), 400, "well-formed multipart");
    let ask = ask_form(form(&[])).with("content-type", "multipart/form-data");
    answered(with(|_| {}), ask, 400, "no boundary");
}

#[test]
fn files_have_limits() {
    let files: &[(&str, &[u8])] = &[("0", &[b'x'; 100]), ("1", &[b'y'; 100])];
    let ask = || store(&two_files(), &map(), files);
    for in_memory in [10, 1000] {
        let small = |size| {
            limited(|uploads| {
                uploads.file_size = size;
                uploads.in_memory = in_memory;
            })
        };
        answered(small(100), ask(), 200, "xxx");
        answered(small(99), ask(), 413, "too large");
    }
    answered(limited(|uploads| uploads.files = 2), ask(), 200, "xxx");
    answered(
        limited(|uploads| uploads.files = 1),
        ask(),
        400,
        "a request may have 1 files",
    );
    let operations = two_files().to_string().into_bytes();
    let parts = [
        ("operations", None, &*operations),
        ("map", None, map().to_string().as_bytes()),
        ("0", Some("a.txt"), files[0].1),
        ("1", Some("a.txt"), files[1].1),
    ]
    .map(|(name, file, content)| (name, file, content.to_vec()));
    let total = form(&parts.each_ref().map(|(n, f, c)| (*n, *f, &**c))).len() as u64;
    let all = |total| limited(|uploads| uploads.total = total);
    answered(all(total), ask(), 200, "xxx");
    answered(all(total - 1), ask(), 413, "too large");
    // The document has the limit of an ordinary body.
    let document = |limit| with(|options| options.body_limit = limit);
    answered(document(operations.len()), ask(), 200, "xxx");
    answered(document(operations.len() - 1), ask(), 413, "too large");
}

#[test]
fn a_map_has_a_limit() {
    let padded = |length: usize| {
        let map = map().to_string();
        let room = " ".repeat(length - map.len());
        map + &room
    };
    let ask = |length| {
        let (operations, map) = (two_files().to_string(), padded(length));
        let parts = [
            ("operations", None, operations.as_bytes()),
            ("map", None, map.as_bytes()),
            ("0", Some("a.txt"), &b"first"[..]),
            ("1", Some("a.txt"), &b"second"[..]),
        ];
        ask_form(form(&parts))
    };
    answered(with(|_| {}), ask(64 << 10), 200, "first");
    answered(with(|_| {}), ask((64 << 10) + 1), 413, "too large");
}

#[test]
fn a_form_has_a_time() {
    let silent = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
    let late = ask_form(Vec::new()).0.map(|_| Body::from_stream(silent));
    let timeout = |timeout| limited(|uploads| uploads.timeout = timeout);
    let files: &[(&str, &[u8])] = &[("0", b"first"), ("1", b"second")];
    let ask = store(&two_files(), &map(), files);
    answered(timeout(Duration::from_secs(600)), ask, 200, "first");
    let short = timeout(Duration::from_millis(30));
    answered(short, Ask(late), 408, "took too long");
}

#[test]
fn a_file_is_nothing_else_and_nothing_else_is_a_file() {
    let body = json!({ "query": STORE, "variables": { "files": ["text"] } });
    answered(
        with(|_| {}),
        post(body.to_string()),
        200,
        "a file is sent in a multipart request",
    );
    let body = json!({ "query": STORE, "variables": { "files": [{ "$upload": 0 }] } });
    answered(
        with(|_| {}),
        post(body.to_string()),
        200,
        "a file is sent in a multipart request",
    );
    let operations = json!({
        "query": "query ($name: String!) { hello(name: $name) }", "variables": { "name": null }
    });
    let ask = store(
        &operations,
        &json!({ "0": ["variables.name"] }),
        &[("0", b"a")],
    );
    answered(with(|_| {}), ask, 200, "BAD_USER_INPUT");
}
