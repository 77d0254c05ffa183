//! Data in place of resolvers: a JSON tree, checked when it is loaded.
//!
//! In: JSON. Out: a tree whose instructions have the right form, or mistakes with their places.
//! Must not know: schemas, requests.

use serde_json::{Map, Value};

use super::locate::locate;

/// The root value of every operation.
#[derive(Debug, Clone, Default)]
pub struct Data {
    root: Map<String, Value>,
    /// Whether a `$delay` is anywhere in it.
    waits: bool,
}

/// What is wrong with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where: a byte of the text; 0 where there is no text.
    pub offset: usize,
    /// What.
    pub message: String,
    /// Whether the data can be served nevertheless.
    pub is_warning: bool,
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The instructions by the member that makes one, each with the members that may stand beside it.
pub(super) const INSTRUCTIONS: &[(&str, &[&str])] = &[
    ("$error", &["$extensions"]),
    ("$delay", &["value"]),
    ("$ref", &[]),
    ("$arg", &[]),
    ("$args", &[]),
    ("$switch", &["cases", "default"]),
    ("$map", &["cases", "default"]),
    ("$incr", &[]),
];

impl Data {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// It is no JSON object, or an instruction in it has not its form. Answers the data and warnings otherwise.
    pub fn parse(text: &str) -> Result<(Self, Vec<Mistake>), Vec<Mistake>> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            vec![Mistake {
                offset: offset(text, error.line(), error.column()),
                message: format!("this is no JSON: {}", told(&error)),
                is_warning: false,
            }]
        })?;
        let place = |(path, message, is_warning): Found| Mistake {
            offset: locate(text, &path),
            message,
            is_warning,
        };
        Self::checked(value, place)
    }

    /// Takes a JSON value.
    ///
    /// # Errors
    /// It is no object, or an instruction in it has not its form.
    pub fn new(value: Value) -> Result<Self, Vec<Mistake>> {
        let place = |(path, message, is_warning): Found| Mistake {
            offset: 0,
            message: format!("{message} (at `{}`)", joined(&path)),
            is_warning,
        };
        Self::checked(value, place).map(|(data, _)| data)
    }

    fn checked(
        value: Value,
        place: impl Fn(Found) -> Mistake,
    ) -> Result<(Self, Vec<Mistake>), Vec<Mistake>> {
        let Value::Object(root) = value else {
            let message = "data is an object: the root value, with a member for each root field";
            return Err(vec![place((Vec::new(), message.to_owned(), false))]);
        };
        let (mut checker, mut data) = (Checker::default(), Data { root, waits: false });
        for (key, value) in &data.root {
            if INSTRUCTIONS.iter().any(|(name, _)| name == key) {
                let message = format!("`{key}` cannot stand for the root value itself");
                checker.path = vec![Step::Key(key.clone())];
                checker.say(message);
                checker.path.clear();
            }
            checker.step(Step::Key(key.clone()), |checker| checker.value(value));
        }
        data.waits = checker.waits;
        for (path, target) in checker.refs {
            if data.find(&target).is_none() {
                let message = format!("there is nothing at `{target}`: the value is null");
                checker.found.push((path, message, true));
            }
        }
        let mistakes: Vec<Mistake> = checker.found.into_iter().map(place).collect();
        match mistakes.iter().all(|mistake| mistake.is_warning) {
            true => Ok((data, mistakes)),
            false => Err(mistakes),
        }
    }

    pub(super) fn root(&self) -> &Map<String, Value> {
        &self.root
    }

    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// What `$ref` means: keys and indices from the root, joined by `.`; what other `$ref`s and `$delay`s stand for is
    /// looked through on the way.
    pub(super) fn find(&self, path: &str) -> Option<&Value> {
        self.find_within(path, &mut HOPS.clone())
    }

    fn find_within(&self, path: &str, hops: &mut u32) -> Option<&Value> {
        let mut steps = path.split('.');
        let mut at = self.root.get(steps.next()?)?;
        for step in steps {
            at = match self.through(at, hops)? {
                Value::Object(members) => members.get(step)?,
                Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(at)
    }

    fn through<'d>(&'d self, mut value: &'d Value, hops: &mut u32) -> Option<&'d Value> {
        while let Value::Object(members) = value {
            if let Some(Value::String(path)) = members.get("$ref") {
                *hops = hops.checked_sub(1)?;
                value = self.find_within(path, hops)?;
            } else if members.contains_key("$delay") {
                value = members.get("value")?;
            } else {
                break;
            }
        }
        Some(value)
    }
}

/// How many `$ref`s (or `$delay`s) one position may follow before they count as a circle.
pub(super) const HOPS: u32 = 100;

type Found = (Vec<Step>, String, bool);

#[derive(Default)]
struct Checker {
    path: Vec<Step>,
    found: Vec<Found>,
    refs: Vec<(Vec<Step>, String)>,
    waits: bool,
}

impl Checker {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.step(Step::Index(i), |checker| checker.value(item));
                }
            }
            Value::Object(members) => {
                match INSTRUCTIONS
                    .iter()
                    .find(|(name, _)| members.contains_key(*name))
                {
                    Some((name, beside)) => self.instruction(name, beside, members),
                    None => {
                        for (key, value) in members {
                            self.step(Step::Key(key.clone()), |checker| checker.value(value));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn instruction(&mut self, name: &str, beside: &[&str], members: &Map<String, Value>) {
        for key in members.keys() {
            if key != name && !beside.contains(&key.as_str()) {
                let may = match beside {
                    [] => "nothing else".to_owned(),
                    known => format!("only `{}`", known.join("` and `")),
                };
                let message =
                    format!("`{key}` means nothing beside `{name}`: {may} may stand there");
                self.step(Step::Key(key.clone()), |checker| checker.say(message));
            }
        }
        let wrong = match (name, &members[name]) {
            ("$error" | "$ref" | "$arg" | "$switch" | "$map" | "$incr", Value::String(_)) => None,
            ("$error", _) => Some("a message"),
            ("$ref", _) => Some("a path from the root, such as \"users.0\""),
            ("$incr", _) => Some("the name of a counter"),
            ("$delay", Value::Number(ms)) if ms.as_f64().is_some_and(|ms| ms >= 0.0) => {
                self.waits = true;
                None
            }
            ("$delay", _) => Some("a number of milliseconds"),
            ("$args", Value::Bool(true)) => None,
            ("$args", _) => Some("`true`"),
            _ => Some("the name of an argument"),
        };
        if let Some(wanted) = wrong {
            let message = format!("`{name}` takes {wanted}");
            self.step(Step::Key(name.to_owned()), |checker| checker.say(message));
        }
        if let ("$ref", Value::String(target)) = (name, &members[name]) {
            let mut path = self.path.clone();
            path.push(Step::Key(name.to_owned()));
            self.refs.push((path, target.clone()));
        }
        self.parts(members);
    }

    /// The members beside an instruction: values, which may be instructions themselves.
    fn parts(&mut self, members: &Map<String, Value>) {
        for (key, value) in members {
            self.step(Step::Key(key.clone()), |checker| match (&**key, value) {
                ("value" | "default", value) => checker.value(value),
                ("cases", Value::Object(cases)) => {
                    for (case, value) in cases {
                        checker.step(Step::Key(case.clone()), |checker| checker.value(value));
                    }
                }
                ("cases", _) => {
                    checker
                        .say("`cases` is an object: a value for each text of the argument".into());
                }
                ("$extensions", Value::Object(_)) => {}
                ("$extensions", _) => checker.say("`$extensions` is an object".into()),
                _ => {}
            });
        }
    }

    fn step(&mut self, step: Step, then: impl FnOnce(&mut Self)) {
        self.path.push(step);
        then(self);
        self.path.pop();
    }

    fn say(&mut self, message: String) {
        self.found.push((self.path.clone(), message, false));
    }
}

fn joined(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

/// The message of a syntax error without its place, which is told otherwise.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}

/// The byte of a line and a column, both from 1; columns count bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column, and the message, of each mistake.
    fn mistakes(text: &str) -> Vec<(usize, usize, String)> {
        let (Ok((_, found)) | Err(found)) = Data::parse(text);
        let place = |mistake: Mistake| {
            let head = &text[..mistake.offset];
            let line = head.matches('\n').count() + 1;
            let column = head.len() - head.rfind('\n').map_or(0, |i| i + 1) + 1;
            (line, column, mistake.message)
        };
        found.into_iter().map(place).collect()
    }

    #[test]
    fn mistakes_have_places() {
        let check = |text: &str, line, column, message: &str| {
            let found = mistakes(text);
            let [(l, c, said)] = &found[..] else {
                panic!("{text}: {found:?}")
            };
            assert_eq!((*l, *c), (line, column), "{text}: {said}");
            assert!(said.contains(message), "{text}: {said}");
        };
        check("[1]", 1, 1, "data is an object");
        check("{\"a\": tru}", 1, 10, "this is no JSON");
        check("{\"a\":\n  {\"$error\": 1}}", 2, 14, "a message");
        check(
            "{\"a\": [1, {\"b\": {\"$delay\": -1}}]}",
            1,
            28,
            "milliseconds",
        );
        check("{\"a\": {\"$args\": 1}}", 1, 17, "`true`");
        check(
            "{\"a\": {\"$switch\": \"x\", \"cases\": [] }}",
            1,
            33,
            "`cases` is an object",
        );
        check(
            "{\"a\": {\"$switch\": \"x\", \"case\": {} }}",
            1,
            32,
            "only `cases` and `default`",
        );
        check(
            "{\"a\": {\"$map\": \"x\", \"cases\": {\"k\": {\"$arg\": 1}}}}",
            1,
            45,
            "name of an argument",
        );
        check("{\"a\": {\"$ref\": \"b.0\"}}", 1, 16, "nothing at `b.0`");
        check("{\"$ref\": \"a\", \"a\": 1}", 1, 10, "root value itself");
        check(
            "{\"a\": {\"$error\": \"x\", \"$extensions\": 1}}",
            1,
            38,
            "`$extensions` is an object",
        );
    }

    #[test]
    fn references_look_through_references() {
        let text = r#"{"a": {"$ref": "b.1"}, "b": [0, {"c": {"$delay": 1, "value": {"d": 5}}}], "e": {"$ref": "e"}}"#;
        let (data, warnings) = Data::parse(text).unwrap();
        assert_eq!(warnings, []);
        assert_eq!(data.find("a.c.d"), Some(&Value::from(5)));
        assert_eq!(data.find("e.x"), None, "a circle ends");
        assert!(data.waits());
    }

    #[test]
    fn other_dollar_members_are_data() {
        assert!(Data::parse(r#"{"a": {"$oid": "1"}}"#).is_ok());
    }
}
