//! The merge on files of which nothing is certain: a stub file as a first run makes it, what people and bad luck made of it,
//! and a schema that has changed. What must hold of every answer is checked here, apart from the merge's own gate.
//!
//! In: a seed and a number. Out: a [`Case`], and whether it went well. Must not know: how the merge finds its edits.

use crate::random::dice::Dice;
use crate::random::rust;
use graphwright_codegen::lock::{self, Lock};
use graphwright_codegen::merge::{
    Edit, Merge, Project, Signature, WantedImpl, WantedMethod, merge,
};
use graphwright_codegen::options::Choices;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A file, and what is to happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The methods of the schema by which the file was made: `Query.a(x: i32) -> gw::Result<i32>`, one a line.
    pub before: String,
    /// Those that it has now.
    pub after: String,
    /// The file.
    pub text: String,
    /// Whether its blocks are to go to other files.
    pub relayout: bool,
}

/// What the merge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The file was right.
    Nothing,
    /// It was edited.
    Edited,
    /// It was left alone, with a report.
    Refused,
}

const FILE: &str = "src/resolvers/a.rs";
const METHODS: [&str; 6] = ["alpha", "beta", "r#type", "delta", "größe", "zeta"];
const TYPES: [&str; 4] = [
    "i32",
    "gw::Nullable<String>",
    "&'r [gw::Book]",
    "Vec<gw::Id>",
];
/// What a user wrote, and what must be there afterwards.
const MARK: &str = "MARK";

impl Case {
    /// The case of that seed and number.
    pub fn make(seed: u64, number: u64) -> Case {
        let mut dice = Dice::new(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let before = methods(&mut dice);
        let after = match dice.percent(50) {
            true => methods(&mut dice),
            false => shuffled(&before, &mut dice),
        };
        let mut text = run(&texts(None), &before, &Lock::default(), false).files[FILE].clone();
        edit(&mut text, &mut dice);
        Case {
            before,
            after,
            text,
            relayout: dice.percent(15),
        }
    }

    /// As JSON, to be kept and read again.
    pub fn to_json(&self) -> Value {
        let Case {
            before,
            after,
            text,
            relayout,
        } = self;
        json!({ "before": before, "after": after, "text": text, "relayout": relayout })
    }

    /// From JSON.
    pub fn from_json(value: &Value) -> Case {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Case {
            before: text("before"),
            after: text("after"),
            text: text("text"),
            relayout: value["relayout"].as_bool().unwrap_or_default(),
        }
    }

    /// Merges, and checks what must hold. On a stack on which syn reads whatever the merge has let through.
    pub fn check(&self) -> Result<Done, String> {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(256 << 20);
            let thread = thread.spawn_scoped(scope, || self.checked());
            thread
                .expect("a thread")
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn checked(&self) -> Result<Done, String> {
        let first = run(&texts(None), &self.before, &Lock::default(), false);
        let lock = lock::parse(&lock::print(&first.lock));
        let texts = texts(Some(&self.text));
        let found = run(&texts, &self.after, &lock, self.relayout);
        if let Some(broken) = &found.gate {
            return Err(format!("the gate: {broken}"));
        }
        let mut after = texts.clone();
        after.extend(found.files.clone());
        after.retain(|path, _| !found.deleted.contains(path));
        parse(&found)?;
        bytes(&texts, &found)?;
        marks(&self.text, &after)?;
        let again = run(&after, &self.after, &found.lock, self.relayout);
        if !again.files.is_empty() || !again.deleted.is_empty() || again.gate.is_some() {
            return Err(format!("a second run edits again: {again:#?}"));
        }
        Ok(match found {
            Merge { files, deleted, .. } if !files.is_empty() || !deleted.is_empty() => {
                Done::Edited
            }
            Merge { by_hand, .. } if !by_hand.is_empty() => Done::Refused,
            _ => Done::Nothing,
        })
    }
}

/// Every file that is written is Rust.
fn parse(found: &Merge) -> Result<(), String> {
    for (path, text) in &found.files {
        syn::parse_file(text).map_err(|error| format!("{path} does not parse: {error}"))?;
    }
    Ok(())
}

/// Bytes outside of the edits are those that were there, in their order.
fn bytes(before: &BTreeMap<String, String>, found: &Merge) -> Result<(), String> {
    for (path, edits) in &found.edits {
        let (old, new) = (&before[path], &found.files[path]);
        let mut expect = String::new();
        let mut from = 0;
        for Edit { range, text } in edits {
            expect += old.get(from..range.start).ok_or("edits overlap")?;
            expect += text;
            from = range.end;
        }
        expect += old.get(from..).ok_or("an edit outside of the file")?;
        if expect != *new {
            return Err(format!("{path} is not what its edits make of it"));
        }
    }
    Ok(())
}

/// What the user wrote is there, in whatever file, as often as it was.
fn marks(text: &str, after: &BTreeMap<String, String>) -> Result<(), String> {
    let of = |text: &str| -> Vec<String> {
        let found = text.match_indices(MARK);
        found
            .map(|(at, _)| text[at..].chars().take(MARK.len() + 4).collect())
            .collect()
    };
    let mut was = of(text);
    let mut is: Vec<String> = after.values().flat_map(|text| of(text)).collect();
    if after
        .get(FILE)
        .is_some_and(|now| of(now).len() == was.len())
    {
        // Nothing has left the file: then not even the order has changed.
        return match of(&after[FILE]) == was {
            true => Ok(()),
            false => Err("what the user wrote has changed places".to_owned()),
        };
    }
    was.sort();
    is.sort();
    match was == is {
        true => Ok(()),
        false => Err(format!("what the user wrote is gone: {was:?}, now {is:?}")),
    }
}

fn texts(a: Option<&str>) -> BTreeMap<String, String> {
    let mut texts = vec![("src/lib.rs", "pub mod resolvers;\npub struct App;\n")];
    texts.extend(a.map(|a| (FILE, a)));
    texts.extend(a.map(|_| ("src/resolvers/mod.rs", "//! Stubs.\n\npub mod a;\n")));
    texts
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn run(texts: &BTreeMap<String, String>, lines: &str, lock: &Lock, relayout: bool) -> Merge {
    let project = Project {
        app: "crate::App",
        docs: &|_, _| "//! Resolvers of `a.graphql`.".to_owned(),
    };
    let choices = Choices {
        relayout,
        ..Choices::default()
    };
    merge(texts, &schema(lines, relayout), lock, &choices, project)
}

/// What the merge is asked for by these lines.
fn schema(lines: &str, by_type: bool) -> Vec<WantedImpl> {
    let mut wanted: Vec<WantedImpl> = Vec::new();
    for line in lines.lines() {
        let Some((trait_name, method)) = method(line) else {
            continue;
        };
        match wanted.iter_mut().find(|want| want.trait_name == trait_name) {
            Some(want) => want.methods.push(method),
            None => wanted.push(WantedImpl {
                file: match by_type {
                    true => format!("src/resolvers/{}.rs", trait_name.to_lowercase()),
                    false => FILE.to_owned(),
                },
                trait_name,
                folder: "src/resolvers".to_owned(),
                methods: vec![method],
            }),
        }
    }
    wanted
}

fn method(line: &str) -> Option<(String, WantedMethod)> {
    let (trait_name, rest) = line.split_once('.')?;
    let (name, rest) = rest.split_once('(')?;
    let (params, returns) = rest.split_once(") -> ")?;
    let comma = if params.is_empty() { "" } else { ", " };
    let signature = Signature::parse(&format!("(cx: &gw::Context{comma}{params}) -> {returns}"))?;
    let (generics, this) = match returns.contains("&'r") {
        true => ("<'r>", "&'r self"),
        false => ("", "&self"),
    };
    let coordinate = format!("{trait_name}.{}", name.trim_start_matches("r#"));
    let text = format!(
        "async fn {name}{generics}({this}, cx: &gw::Context{comma}{params}) -> {returns} {{\n    let _ = cx;\n    Err(gw::Error::not_implemented(\"{coordinate}\"))\n}}\n"
    );
    let method = WantedMethod {
        name: name.to_owned(),
        coordinate,
        span: None,
        text,
        signature,
        formerly: Vec::new(),
        renamed_params: Vec::new(),
    };
    Some((trait_name.to_owned(), method))
}

fn methods(dice: &mut Dice) -> String {
    let mut lines = String::new();
    for trait_name in ["Query", "Book"] {
        for name in METHODS {
            if dice.percent(60) {
                let params: Vec<String> = (0..dice.below(4))
                    .map(|i| format!("p{i}: {}", TYPES[dice.below(2)]))
                    .collect();
                let answer = dice.of(&TYPES);
                let params = params.join(", ");
                lines += &format!("{trait_name}.{name}({params}) -> gw::Result<{answer}>\n");
            }
        }
    }
    match lines.is_empty() {
        true => "Query.alpha() -> gw::Result<i32>\n".to_owned(),
        false => lines,
    }
}

/// Most of the same, in another order or with something else.
fn shuffled(lines: &str, dice: &mut Dice) -> String {
    let mut all: Vec<&str> = lines.lines().collect();
    let at = dice.below(all.len());
    match dice.below(4) {
        0 if all.len() > 1 => drop(all.remove(at)),
        1 => all.reverse(),
        2 => all.push("Book.last(a: Vec<gw::Id>, b: i32) -> gw::Result<()>"),
        _ => {}
    }
    all.join("\n") + "\n"
}

/// What people do to a file, and what happens to it.
fn edit(text: &mut String, dice: &mut Dice) {
    for number in 0..dice.below(6) {
        mark(text, number, dice);
    }
    if dice.percent(40) {
        *text = rust::reformat(text, dice);
    }
    if dice.percent(55) {
        *text = rust::mutate(text, dice);
    }
    match dice.below(14) {
        0 => *text = text.replace('\n', "\r\n"),
        1 => text.insert(0, '\u{feff}'),
        2 => text.insert_str(0, "#!/usr/bin/env run\n"),
        3 => text.insert_str(0, "\u{feff}#!/bin/x\r\n"),
        4 => *text = text.trim_end().to_owned(),
        5 => *text = text.replacen('\n', "\r", 1),
        6 if dice.percent(10) => {
            let line = "fn filler() { let x = \"é\"; } // so that the file is large\n";
            text.push_str(&line.repeat(4_000));
        }
        7 => *text = text.replace("gw::", "crate::generated::"),
        8 => *text = format!("mod inner {{\n{}\n}}\n", text.replace("//!", "//")),
        _ => {}
    }
}

/// A mark in a body, between items, behind them: wherever a person writes.
fn mark(text: &mut String, number: usize, dice: &mut Dice) {
    let mark = format!("{MARK}-{number:02};");
    let places = [
        "Err(gw",
        "    async fn",
        "impl gw::",
        "    }\n",
        "}\n",
        "    let _ =",
    ];
    let place = dice.of(&places);
    let found: Vec<usize> = text.match_indices(place).map(|(at, _)| at).collect();
    if found.is_empty() {
        return;
    }
    let at = *dice.of(&found);
    match (*place, dice.below(3)) {
        ("    }\n" | "}\n", _) => {
            let end = at + text[at..].find('\n').unwrap_or_default();
            text.insert_str(end, &format!(" // {mark}"));
        }
        (", p", 0) => text.insert_str(at + 1, &format!(" // {mark}\n")),
        (", p", _) => text.insert_str(at, &format!(" /* {mark} */")),
        (") ->", _) => text.insert_str(at, &format!(" /* {mark} */")),
        ("Err(gw", 0) => text.insert_str(at, &format!("let x = r#\"{mark}}}\"#; ")),
        ("Err(gw" | "    let _ =", _) => text.insert_str(at, &format!("/* {mark} */ ")),
        ("    async fn", 0) => text.insert_str(at, &format!("    /// {mark}\n")),
        ("    async fn", 1) => {
            text.insert_str(at, &format!("    const X{number}: u8 = 1; // {mark}\n"))
        }
        ("    async fn", _) => text.insert_str(at, &format!("    // {mark}\n\n")),
        (_, 0) => text.insert_str(at, &format!("fn own{number}() {{ \"{mark}\"; }}\n")),
        (_, _) => text.insert_str(at, &format!("/* {mark} */\n")),
    }
}
