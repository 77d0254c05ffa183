//! The conformance cases: what the files of `cases/` say, read.
//!
//! In: the text of a file. Out: its cases. Must not know: who executes them; the engine does here, graphql-js in the
//! differential test.
//!
//! ```text
//! #schema NAME             SDL, indented by two
//! #data NAME               a tree of values, indented by two
//! ## 6.3.2 Field Collection
//! #use SCHEMA [DATA]       for the cases that follow; without a tree the values are made from type and path
//!
//! - what the case shows
//!   { a b }                the document; places in it count from here
//!   vars {"v": 1}          the variables
//!   operation A            the operation's name
//!   ==> {"a": 1}           the data, or `refused`: a response without data; it may go on in lines indented further
//!   !! a.0.b @ 1:3 2:5 why an error: its path (`-` for none), its places (none: not compared) and its message (none: not compared)
//!   ~~ why graphql-js answers something else
//! ```

use serde_json::Value;

/// One request and what must come of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The section of the specification, number and title.
    pub section: String,
    pub title: String,
    pub schema: String,
    /// The tree of values; without one they are made.
    pub data: Option<Value>,
    pub query: String,
    pub variables: Value,
    pub operation: Option<String>,
    /// The data; `None` where the request is refused.
    pub expect: Option<Value>,
    pub errors: Vec<Expected>,
    /// Why graphql-js answers something else.
    pub departs: Option<String>,
    /// File and line.
    pub place: String,
}

/// An error of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Response keys and indices, joined by dots.
    pub path: Option<String>,
    /// Lines and columns; none: whatever they are.
    pub places: Vec<(u64, u64)>,
    /// None: whatever it says.
    pub message: Option<String>,
}

/// The cases of all files.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (file, text) in FILES {
        cases.extend(read(file, text));
    }
    cases
}

const FILES: &[(&str, &str)] = &[
    ("language.txt", include_str!("cases/language.txt")),
    ("selection.txt", include_str!("cases/selection.txt")),
    ("operations.txt", include_str!("cases/operations.txt")),
    ("variables.txt", include_str!("cases/variables.txt")),
    ("results.txt", include_str!("cases/results.txt")),
    ("nulls.txt", include_str!("cases/nulls.txt")),
    ("mutations.txt", include_str!("cases/mutations.txt")),
    ("introspection.txt", include_str!("cases/introspection.txt")),
    ("mocked.txt", include_str!("cases/mocked.txt")),
];

/// All cases of a file.
///
/// # Panics
/// The file is not written as it must be.
pub fn read(file: &str, text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let mut named: Vec<(&str, String)> = Vec::new();
    let (mut section, mut schema, mut data) = (String::new(), String::new(), None);
    let mut cases = Vec::new();
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        let place = format!("{file}:{}", at + 1);
        at += 1;
        let find = |key: &str| {
            let found = named.iter().find(|(name, _)| *name == key);
            let found = found.unwrap_or_else(|| panic!("{place}: no {key}"));
            found.1.clone()
        };
        if line.starts_with("#schema ") || line.starts_with("#data ") {
            named.push((line, block(&lines, &mut at)));
        } else if let Some(title) = line.strip_prefix("## ") {
            section = title.to_owned();
        } else if let Some(names) = line.strip_prefix("#use ") {
            let (name, tree) = names.split_once(' ').unwrap_or((names, ""));
            schema = find(&format!("#schema {name}"));
            data = (!tree.is_empty()).then(|| json(&place, &find(&format!("#data {tree}"))));
        } else if let Some(title) = line.strip_prefix("- ") {
            let body = block(&lines, &mut at);
            let mut case = case(&place, &body);
            case.title = title.to_owned();
            case.section.clone_from(&section);
            case.schema.clone_from(&schema);
            case.data.clone_from(&data);
            cases.push(case);
        } else {
            assert!(
                line.is_empty() || line.starts_with("// "),
                "{place}: what is `{line}`?"
            );
        }
    }
    cases
}

/// The indented lines from here.
fn block(lines: &[&str], at: &mut usize) -> String {
    let mut text = String::new();
    while let Some(line) = lines.get(*at) {
        let line = match line.strip_prefix("  ") {
            Some(line) => line,
            None if line.is_empty() => "",
            None => break,
        };
        text.push_str(line);
        text.push('\n');
        *at += 1;
    }
    text.trim_end().to_owned()
}

fn case(place: &str, body: &str) -> Case {
    let (mut query, mut expect) = (Vec::new(), None::<String>);
    let (mut variables, mut operation, mut errors) = (Value::Null, None, Vec::new());
    let mut departs = None;
    for line in body.lines() {
        if let Some(text) = line.strip_prefix("vars ") {
            variables = json(place, text);
        } else if let Some(name) = line.strip_prefix("operation ") {
            operation = Some(name.trim_matches('"').to_owned());
        } else if let Some(text) = line.strip_prefix("==> ") {
            expect = Some(text.to_owned());
        } else if let Some(text) = line.strip_prefix("!! ") {
            errors.push(error(place, text));
        } else if let Some(why) = line.strip_prefix("~~ ") {
            departs = Some(why.to_owned());
        } else if let Some(text) = &mut expect {
            text.push_str(line);
        } else {
            query.push(line);
        }
    }
    let expect = expect.unwrap_or_else(|| panic!("{place}: nothing is expected"));
    Case {
        section: String::new(),
        title: String::new(),
        schema: String::new(),
        data: None,
        query: query.join("\n"),
        variables,
        operation,
        expect: (expect != "refused").then(|| json(place, &expect)),
        errors,
        departs,
        place: place.to_owned(),
    }
}

fn error(place: &str, text: &str) -> Expected {
    let mut words = text.splitn(2, ' ');
    let path = words.next().filter(|path| *path != "-");
    let mut rest = words.next().unwrap_or_default();
    let mut places = Vec::new();
    if let Some(after) = rest.strip_prefix("@ ") {
        rest = after;
        while let Some((first, more)) = rest.split_once(' ').or(Some((rest, ""))) {
            let Some((line, column)) = first.split_once(':') else {
                break;
            };
            let (Ok(line), Ok(column)) = (line.parse(), column.parse()) else {
                break;
            };
            places.push((line, column));
            rest = more;
        }
        assert!(!places.is_empty(), "{place}: places after `@`");
    }
    Expected {
        path: path.map(str::to_owned),
        places,
        message: (!rest.is_empty()).then(|| rest.to_owned()),
    }
}

fn json(place: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{place}: {e} in {text}"))
}

/// How a response differs from what the case expects; the empty text if it does not.
pub fn difference(case: &Case, response: &Value, messages: bool) -> String {
    let (data, expect) = (response.get("data"), case.expect.as_ref());
    let (data, expect) = (data.map(plain), expect.map(plain));
    if data != expect {
        let text = |data: Option<String>| data.unwrap_or_else(|| "none".to_owned());
        return format!("data {}\nexpect {}", text(data), text(expect));
    }
    let none = Vec::new();
    let errors = response.get("errors").map_or(&none, |errors| {
        errors.as_array().expect("errors are a list")
    });
    let same = errors.len() == case.errors.len()
        && errors
            .iter()
            .zip(&case.errors)
            .all(|(e, x)| fits(e, x, messages));
    if same {
        return String::new();
    }
    format!(
        "errors {}\nexpect {:?}",
        Value::from(errors.clone()),
        case.errors
    )
}

fn fits(error: &Value, expect: &Expected, messages: bool) -> bool {
    let path = error.get("path").map(|path| {
        let steps = path.as_array().expect("a path is a list").iter();
        let steps = steps.map(|step| {
            step.as_str()
                .map_or_else(|| step.to_string(), str::to_owned)
        });
        steps.collect::<Vec<_>>().join(".")
    });
    let places = error.get("locations").and_then(Value::as_array);
    let places = places.into_iter().flatten();
    let places: Vec<_> = places
        .map(|place| {
            (
                place["line"].as_u64().unwrap_or(0),
                place["column"].as_u64().unwrap_or(0),
            )
        })
        .collect();
    path == expect.path
        && (expect.places.is_empty() || places == expect.places)
        && (!messages
            || expect.message.is_none()
            || error["message"].as_str() == expect.message.as_deref())
}

/// The text of a value in which numbers of the same value are the same text.
pub fn plain(value: &Value) -> String {
    fn normal(value: &mut Value) {
        match value {
            Value::Number(number) => {
                let float = number.as_f64().unwrap_or_default();
                if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 {
                    *value = Value::from(float as i64);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(normal),
            Value::Object(members) => members.values_mut().for_each(normal),
            _ => {}
        }
    }
    let mut value = value.clone();
    normal(&mut value);
    value.to_string()
}
