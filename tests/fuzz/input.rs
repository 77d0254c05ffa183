//! What is tried: made of a seed and a number.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::query::Taste;
use graphwright_tests::random::schema::Schema;
use graphwright_tests::random::{literal, mutate, query, schema};
use graphwright_tests::splicer::Case;
use serde_json::{Map, Value, json};

use crate::hostile;

pub(crate) const KINDS: [&str; 10] = [
    "noise",
    "tokens",
    "changed",
    "generated",
    "hostile",
    "variables",
    "http",
    "socket",
    "sdl",
    "splice",
];

/// One thing to try.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// A request to the server of that schema.
    Request {
        kind: &'static str,
        schema: usize,
        query: String,
        variables: Option<Map<String, Value>>,
        operation: Option<String>,
    },
    /// An HTTP request: method, address, headers, body.
    Http {
        schema: usize,
        method: String,
        address: String,
        headers: Vec<(String, Vec<u8>)>,
        body: Vec<u8>,
    },
    /// Messages on a WebSocket: the first byte of each frame, and what is in it.
    Socket {
        schema: usize,
        frames: Vec<(u8, Vec<u8>)>,
    },
    /// A schema.
    Sdl(String),
    /// A file of stubs under a schema that has changed.
    Splice(Case),
}

/// What is to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// What clients send, and schemas.
    Requests,
    /// The merge on files of stubs.
    Splicer,
}

impl Input {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Input::Request { kind, .. } => kind,
            Input::Http { .. } => "http",
            Input::Socket { .. } => "socket",
            Input::Sdl(_) => "sdl",
            Input::Splice(_) => "splice",
        }
    }

    /// For a file; `why` is for its reader.
    pub(crate) fn to_json(&self, why: &str) -> Value {
        match self {
            Input::Request {
                kind,
                schema,
                query,
                variables,
                operation,
            } => {
                json!({ "why": why, "kind": kind, "schema": schema, "query": query, "variables": variables, "operation": operation })
            }
            Input::Http {
                schema,
                method,
                address,
                headers,
                body,
            } => {
                let headers: Vec<_> = headers
                    .iter()
                    .map(|(name, value)| json!([name, STANDARD.encode(value)]))
                    .collect();
                json!({ "why": why, "kind": "http", "schema": schema, "method": method, "address": address, "headers": headers,
                    "body": STANDARD.encode(body), "text": String::from_utf8_lossy(body) })
            }
            Input::Socket { schema, frames } => {
                let frames: Vec<_> = frames
                    .iter()
                    .map(|(head, body)| {
                        json!([head, STANDARD.encode(body), String::from_utf8_lossy(body)])
                    })
                    .collect();
                json!({ "why": why, "kind": "socket", "schema": schema, "frames": frames })
            }
            Input::Sdl(text) => json!({ "why": why, "kind": "sdl", "text": text }),
            Input::Splice(case) => {
                json!({ "why": why, "kind": "splice", "case": case.to_json() })
            }
        }
    }

    /// Of a file.
    ///
    /// # Panics
    /// The file is none of ours.
    pub(crate) fn from_json(json: &Value) -> Self {
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let bytes = |value: &Value| {
            STANDARD
                .decode(value.as_str().unwrap_or_default())
                .expect("base64")
        };
        let schema = json["schema"].as_u64().unwrap_or_default() as usize;
        match KINDS
            .iter()
            .find(|kind| json["kind"] == **kind)
            .expect("a kind")
        {
            &"http" => Input::Http {
                schema,
                method: text("method"),
                address: text("address"),
                headers: json["headers"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|pair| {
                        (
                            pair[0].as_str().unwrap_or_default().to_owned(),
                            bytes(&pair[1]),
                        )
                    })
                    .collect(),
                body: bytes(&json["body"]),
            },
            &"socket" => Input::Socket {
                schema,
                frames: json["frames"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|frame| {
                        (
                            frame[0].as_u64().unwrap_or_default() as u8,
                            bytes(&frame[1]),
                        )
                    })
                    .collect(),
            },
            &"sdl" => Input::Sdl(text("text")),
            &"splice" => Input::Splice(Case::from_json(&json["case"])),
            kind => Input::Request {
                kind,
                schema,
                query: text("query"),
                variables: json["variables"].as_object().cloned(),
                operation: json["operation"].as_str().map(str::to_owned),
            },
        }
    }
}

/// The schemas that the servers have.
pub(crate) fn schemas() -> Vec<Schema> {
    (0..6)
        .map(|seed| schema::schema(&mut Dice::new(seed)))
        .collect()
}

/// The input of that number.
pub(crate) fn make(target: Target, seed: u64, number: u64, schemas: &[Schema]) -> Input {
    match target {
        Target::Requests => of_clients(seed, number, schemas),
        Target::Splicer => Input::Splice(Case::make(seed, number)),
    }
}

fn of_clients(seed: u64, number: u64, schemas: &[Schema]) -> Input {
    let mut dice = Dice::new(seed.wrapping_mul(0x1_0000_0001).wrapping_add(number));
    let dice = &mut dice;
    let no = dice.below(schemas.len());
    let schema = &schemas[no];
    let simple = |kind, query| Input::Request {
        kind,
        schema: no,
        query,
        variables: None,
        operation: None,
    };
    match dice.below(20) {
        0 => {
            let length = dice.below(400);
            simple("noise", noise(dice, length))
        }
        1 | 2 => {
            let length = dice.below(80);
            simple("tokens", soup(dice, length, TOKENS))
        }
        3..8 => request(dice, "changed", no, schema, true),
        8..11 => request(dice, "generated", no, schema, false),
        11..13 => {
            let query = hostile::document(dice, schema);
            simple("hostile", query)
        }
        13..16 => variables(dice, no, schema),
        16..18 => http(dice, no, schema),
        18 => socket(dice, no, schema),
        _ => Input::Sdl(sdl(dice)),
    }
}

fn request(dice: &mut Dice, kind: &'static str, no: usize, schema: &Schema, change: bool) -> Input {
    let taste = Taste {
        wrong_variables: 10,
        careless: 10,
        ..Taste::default()
    };
    let mut made = query::request(dice, schema, taste);
    if change {
        made.query = match dice.below(3) {
            0 => bytes_changed(dice, made.query),
            _ => mutate::mutate(dice, &made.query, &names(schema)),
        };
    }
    Input::Request {
        kind,
        schema: no,
        query: made.query,
        variables: Some(made.variables),
        operation: made.operation,
    }
}

/// A document that fits its variables, with values that need not.
fn variables(dice: &mut Dice, no: usize, schema: &Schema) -> Input {
    let made = query::request(
        dice,
        schema,
        Taste {
            wrong_variables: 60,
            ..Taste::default()
        },
    );
    let mut variables = made.variables;
    let names: Vec<String> = variables.keys().cloned().collect();
    for name in names {
        if dice.percent(50) {
            variables.insert(name, value(dice, 6));
        }
    }
    if dice.percent(10) {
        variables.insert("v0".to_owned(), hostile::value(dice));
    }
    Input::Request {
        kind: "variables",
        schema: no,
        query: made.query,
        variables: Some(variables),
        operation: made.operation,
    }
}

fn names(schema: &Schema) -> Vec<String> {
    let mut names: Vec<String> = schema.types.iter().map(|ty| ty.name.clone()).collect();
    for ty in 0..schema.types.len() {
        names.extend(schema.fields(ty).iter().map(|field| field.name.clone()));
    }
    let more = [
        "__schema { types { name } }",
        "__type(name: \"O0\")",
        "skip",
        "F0",
        "on",
        "ofType { ofType { name } }",
    ];
    names.extend(more.map(str::to_owned));
    names
}

fn noise(dice: &mut Dice, length: usize) -> String {
    let bytes: Vec<u8> = (0..length).map(|_| dice.number() as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn soup(dice: &mut Dice, length: usize, of: &[&str]) -> String {
    let words: Vec<&str> = (0..length).map(|_| *dice.of(of)).collect();
    words.join(if dice.percent(50) { " " } else { "" })
}

/// Some characters left out, put in or changed.
fn bytes_changed(dice: &mut Dice, text: String) -> String {
    let mut bytes = text.into_bytes();
    for _ in 0..dice.from(1, 4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(4) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.insert(at, dice.number() as u8),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn value(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => json!(dice.percent(50)),
        2 => json!(dice.number() as i64),
        3 => json!(f64::from_bits(dice.number())),
        4 => json!(dice.below(5)),
        5 => json!(dice.of(&["1", "E0V0", "", "𝒳", "\u{0}", "null"])),
        6 => literal::wrong(dice),
        7 | 8 => (0..dice.below(4)).map(|_| value(dice, depth - 1)).collect(),
        _ => {
            let names = ["f0", "f1", "f2", "self", "x", "__proto__", "$upload", ""];
            Value::Object(
                (0..dice.below(4))
                    .map(|_| ((*dice.of(&names)).to_owned(), value(dice, depth - 1)))
                    .collect(),
            )
        }
    }
}

fn http(dice: &mut Dice, no: usize, schema: &Schema) -> Input {
    const PATHS: &[&str] = &[
        "/graphql",
        "/graphql",
        "/graphql",
        "/graphql/stream",
        "/graphql/ws",
        "/",
        "/health",
        "/nope",
    ];
    const TYPES: &[&str] = &[
        "application/json",
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=latin1",
        "application/graphql",
        "application/graphql-response+json",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "application/x-www-form-urlencoded",
        "*/*",
        ";;=,",
    ];
    const ACCEPTS: &[&str] = &[
        "application/graphql-response+json",
        "application/json",
        "text/event-stream",
        "multipart/mixed; deferSpec=20220824",
        "text/html",
        "*/*;q=0.1, application/json;q=nope",
        "image/png",
        ",,,;;;q=",
    ];
    let made = query::request(
        dice,
        schema,
        Taste {
            wrong_variables: 10,
            careless: 5,
            ..Taste::default()
        },
    );
    let mut body = json!({ "query": made.query, "variables": made.variables, "operationName": made.operation });
    match dice.below(10) {
        0 => {
            body["extensions"] = json!({ "persistedQuery": { "version": 1, "sha256Hash": dice.of(&["", "x", "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"]) } })
        }
        1 => body = json!([body, body]),
        2 => body["variables"] = value(dice, 3),
        3 => body["query"] = value(dice, 2),
        4 => body = value(dice, 5),
        _ => {}
    }
    let mut bytes = body.to_string().into_bytes();
    match dice.below(12) {
        0 => bytes = bytes_changed(dice, body.to_string()).into_bytes(),
        1 => bytes.truncate(dice.below(bytes.len() + 1)),
        2 => bytes = (0..dice.below(300)).map(|_| dice.number() as u8).collect(),
        3 => bytes = multipart(dice, &body),
        4 => bytes = hostile::value(dice).to_string().into_bytes(),
        _ => {}
    }
    let mut headers = Vec::new();
    let mut add = |name: &str, value: &[u8]| headers.push((name.to_owned(), value.to_vec()));
    if dice.percent(95) {
        add("content-type", dice.of(TYPES).as_bytes());
    }
    if dice.percent(60) {
        add("accept", dice.of(ACCEPTS).as_bytes());
    }
    for (name, values) in [
        (
            "accept-encoding",
            &["gzip", "br, zstd;q=0.3", "identity;q=0", "\u{e9}"][..],
        ),
        ("content-encoding", &["gzip", "br"]),
        ("origin", &["https://example.com", "null", "\""]),
        ("if-none-match", &["*", "\"x\"", "W/"]),
        ("authorization", &["Bearer x", "Basic ==", ""]),
        (
            "x-request-id",
            &[
                "a",
                "\u{e9}\u{1f422}",
                "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
            ],
        ),
        ("upgrade", &["websocket"]),
        ("connection", &["upgrade", "close"]),
        ("sec-websocket-key", &["dGhlIHNhbXBsZSBub25jZQ==", "x"]),
        (
            "sec-websocket-protocol",
            &["graphql-transport-ws", "graphql-ws", "x, y"],
        ),
        ("sec-websocket-version", &["13", "8"]),
    ] {
        if dice.percent(6) {
            add(name, dice.of(values).as_bytes());
        }
    }
    let get = dice.percent(25);
    let mut address = (*dice.of(PATHS)).to_owned();
    if get {
        let pair = |name: &str, text: &str| format!("{name}={}", escaped(text));
        let mut pairs = vec![pair("query", &made.query)];
        if dice.percent(60) {
            pairs.push(pair("variables", &body["variables"].to_string()));
        }
        if dice.percent(20) {
            pairs.push(
                (*dice.of(&[
                    "query=%ff",
                    "variables=[",
                    "extensions={}",
                    "operationName=",
                    "&&=&",
                    "%",
                ]))
                .to_owned(),
            );
        }
        address = format!("{address}?{}", pairs.join("&"));
    }
    let methods: &[&str] = if get {
        &["GET", "GET", "HEAD"]
    } else {
        &[
            "POST", "POST", "POST", "POST", "PUT", "OPTIONS", "DELETE", "GET",
        ]
    };
    Input::Http {
        schema: no,
        method: (*dice.of(methods)).to_owned(),
        address,
        headers,
        body: bytes,
    }
}

/// Mostly the protocol's messages in an order that may be right; here and there frames that no client sends.
fn socket(dice: &mut Dice, no: usize, schema: &Schema) -> Input {
    const TEXT: u8 = 0x81;
    let mut frames = Vec::new();
    if dice.percent(90) {
        frames.push((
            TEXT,
            br#"{"type":"connection_init","payload":{"a":1}}"#.to_vec(),
        ));
    }
    for _ in 0..dice.from(1, 6) {
        let made = query::request(
            dice,
            schema,
            Taste {
                wrong_variables: 10,
                careless: 5,
                ..Taste::default()
            },
        );
        let id = *dice.of(&["1", "2", "", "x"]);
        let payload = json!({ "query": made.query, "variables": made.variables, "operationName": made.operation });
        let message = match dice.below(12) {
            0 => json!({ "type": "ping", "payload": value(dice, 2) }),
            1 => json!({ "type": "pong" }),
            2 => json!({ "type": "complete", "id": id }),
            3 => json!({ "type": *dice.of(&["next", "error", "start", ""]), "id": id }),
            4 => json!({ "type": "subscribe", "id": value(dice, 1), "payload": value(dice, 3) }),
            5 => value(dice, 3),
            6 => json!({ "type": "connection_init" }),
            _ => json!({ "type": "subscribe", "id": id, "payload": payload }),
        };
        let text = message.to_string();
        let (head, body) = match dice.below(16) {
            0 => (TEXT, bytes_changed(dice, text).into_bytes()),
            1 => (0x82, text.into_bytes()),
            2 => (dice.number() as u8, text.into_bytes()),
            3 => (0x89, vec![0; dice.below(125)]),
            4 => (0x88, vec![3, 0xe8]),
            5 => (
                TEXT,
                (0..dice.below(60)).map(|_| dice.number() as u8).collect(),
            ),
            _ => (TEXT, text.into_bytes()),
        };
        frames.push((head, body));
    }
    Input::Socket { schema: no, frames }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn multipart(dice: &mut Dice, operations: &Value) -> Vec<u8> {
    const MAPS: &[&str] = &[
        "{\"0\": [\"variables.v0\"]}",
        "{}",
        "{\"0\": [\"variables.v0.f0\", \"variables.v1.0\"]}",
        "[]",
        "{\"0\": \"x\"}",
        "{\"0\": [\"query\"]}",
        "{\"1\": [\"variables.v0\"]}",
    ];
    let mut parts = vec![
        format!("Content-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}"),
        format!("Content-Disposition: form-data; name=\"map\"\r\n\r\n{}", dice.of(MAPS)),
        "Content-Disposition: form-data; name=\"0\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nAlpha".to_owned(),
    ];
    if dice.percent(30) {
        let (a, b) = (dice.below(3), dice.below(3));
        parts.swap(a, b);
    }
    if dice.percent(20) {
        parts.truncate(dice.below(3));
    }
    let mut text: String = parts
        .iter()
        .map(|part| format!("--x\r\n{part}\r\n"))
        .collect();
    if dice.percent(90) {
        text.push_str("--x--\r\n");
    }
    if dice.percent(20) {
        bytes_changed(dice, text).into_bytes()
    } else {
        text.into_bytes()
    }
}

fn sdl(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => {
            let length = dice.below(300);
            noise(dice, length)
        }
        1 => {
            let length = dice.below(60);
            soup(dice, length, SDL_TOKENS)
        }
        2 => hostile::sdl(dice),
        _ => {
            let schema = schema::schema(dice);
            let names: Vec<String> = schema
                .types
                .iter()
                .map(|ty| ty.name.clone())
                .chain(SDL_TOKENS.iter().map(|t| (*t).to_owned()))
                .collect();
            if dice.percent(30) {
                bytes_changed(dice, schema.sdl)
            } else {
                mutate::mutate(dice, &schema.sdl, &names)
            }
        }
    }
}

const TOKENS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "$",
    "!",
    "=",
    "@",
    "...",
    " ",
    "\n",
    "\"",
    "\"\"\"",
    "\\u",
    "#",
    "&",
    "|",
    ",",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "null",
    "true",
    "-1",
    "1e999",
    "0x",
    "99999999999999999999",
    "1.5",
    "r0",
    "p0",
    "i0f0",
    "O0",
    "I0",
    "A",
    "$n",
    "$p",
    "__typename",
    "__schema",
    "@skip(if: $t)",
    "@include(if: true)",
    "...A",
    "... on I0",
    "\u{0}",
    "\u{feff}",
    "é",
    "𝒳",
    "\r",
    "@defer",
    "@stream(initialCount: 1)",
    "\"\\u{110000}\"",
    "\"\\ud83d\\udc22\"",
    "extend",
    "type",
    "schema",
];

const SDL_TOKENS: &[&str] = &[
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "directive",
    "schema",
    "extend",
    "implements",
    "on",
    "repeatable",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "=",
    "|",
    "&",
    "@",
    "\"d\"",
    "\"\"\"d\"\"\"",
    "Query",
    "A",
    "B",
    "Int",
    "String",
    "a",
    "b",
    "@deprecated",
    "@oneOf",
    "@specifiedBy(url: \"x\")",
    "query",
    "mutation",
    "subscription",
    "FIELD",
    "OBJECT",
    "1",
    "null",
    "{a: 1}",
    "__A",
    "\n",
    "#",
    "[[[[",
    "@deprecated(reason: null)",
];
