//! What merge does to files: by example, and to files made by a seeded generator.

use super::*;

mod histories;
mod relayout;

/// A merge of which nothing is known.
fn merge(texts: &BTreeMap<String, String>, wanted: &[WantedImpl], project: Project<'_>) -> Merge {
    let merge = super::merge(
        texts,
        wanted,
        &Lock::default(),
        &Choices::default(),
        project,
    );
    Merge {
        lock: Lock::default(),
        looked_at: BTreeMap::new(),
        ..merge
    }
}

fn docs(path: &str, stubs: bool) -> String {
    format!("//! {path}{}", if stubs { ": stubs" } else { "" })
}

const PROJECT: Project<'static> = Project {
    app: "crate::App",
    docs: &docs,
};

/// `Query: a b c` in the file `src/resolvers/<file>.rs`.
fn want(trait_name: &str, file: &str, methods: &str) -> WantedImpl {
    let methods = methods.split_whitespace().map(|name| WantedMethod {
        name: name.into(),
        span: None,
        coordinate: format!("{trait_name}.{name}"),
        text: format!(
            "async fn {name}(&self, cx: &gw::Context) -> gw::Result<()> {{\n    let _ = cx;\n    Err(gw::Error::not_implemented(\"{name}\"))\n}}\n"
        ),
        signature: Signature::parse("(cx: &gw::Context) -> gw::Result<()>").unwrap(),
        formerly: Vec::new(),
        renamed_params: Vec::new(),
    });
    WantedImpl {
        trait_name: trait_name.into(),
        file: format!("src/resolvers/{file}.rs"),
        folder: "src/resolvers".into(),
        methods: methods.collect(),
    }
}

fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

/// A project whose `src/resolvers/a.rs` has this text.
fn project(a: &str) -> BTreeMap<String, String> {
    files(&[
        ("src/lib.rs", "pub mod resolvers;\npub struct App;\n"),
        ("src/resolvers/mod.rs", "//! resolvers\n\npub mod a;\n"),
        ("src/resolvers/a.rs", a),
    ])
}

/// Merges `Query: one two three` into `a.rs` and compares; the method's text is shortened to `fn one…` lines.
fn check(before: &str, after: &str) {
    let merge = merge(
        &project(before),
        &[want("Query", "a", "one two three")],
        PROJECT,
    );
    assert_eq!(merge.gate, None);
    assert_eq!(merge.by_hand, vec![]);
    let got = merge
        .files
        .get("src/resolvers/a.rs")
        .map_or(before, String::as_str);
    assert_eq!(got, after);
}

fn body(name: &str, indent: &str, unit: &str, eol: &str) -> String {
    let text = &want("Query", "a", name).methods[0].text;
    super::text::dress(text, indent, unit, eol)
}

#[test]
fn a_first_run_makes_the_files() {
    let texts = files(&[("src/lib.rs", "pub mod resolvers;\n")]);
    let merge = merge(
        &texts,
        &[want("Query", "a", "one"), want("Book", "type", "two")],
        PROJECT,
    );
    assert_eq!(merge.gate, None);
    assert_eq!(
        merge.files["src/resolvers/mod.rs"],
        "//! src/resolvers/mod.rs\n\npub mod a;\npub mod r#type;\n"
    );
    assert_eq!(
        merge.files["src/resolvers/a.rs"],
        format!(
            "//! src/resolvers/a.rs: stubs\n\nuse crate::App;\nuse crate::generated as gw;\n\nimpl gw::Query for App {{\n{}\n}}\n",
            body("one", "    ", "    ", "\n")
        )
    );
    assert_eq!(merge.outside, vec![]);
}

#[test]
fn a_complete_impl_is_left_alone() {
    check(
        "impl gw::Query for App { fn three() {} fn one() {} fn two() {} }",
        "impl gw::Query for App { fn three() {} fn one() {} fn two() {} }",
    );
}

#[test]
fn a_method_follows_its_predecessor_in_the_schema() {
    let two = body("two", "    ", "    ", "\n");
    check(
        "use crate::generated as gw;\nuse crate::App;\nimpl gw::Query for App {\n    fn three() {}\n\n    fn one() {} // first ä\n    // about what follows\n    const X: u8 = 1;\n}\n",
        &format!(
            "use crate::generated as gw;\nuse crate::App;\nimpl gw::Query for App {{\n    fn three() {{}}\n\n    fn one() {{}} // first ä\n\n{two}\n    // about what follows\n    const X: u8 = 1;\n}}\n"
        ),
    );
}

#[test]
fn a_first_method_goes_behind_the_brace() {
    let both = format!(
        "{}\n\n{}",
        body("one", "  ", "  ", "\n"),
        body("two", "  ", "  ", "\n")
    );
    check(
        "use crate::{App, generated as gw};\nimpl gw::Query for App { // all of it\n  /// Docs.\n  fn three() {}\n}\n",
        &format!(
            "use crate::{{App, generated as gw}};\nimpl gw::Query for App {{ // all of it\n{both}\n\n  /// Docs.\n  fn three() {{}}\n}}\n"
        ),
    );
}

#[test]
fn an_empty_impl_is_filled() {
    let all = ["one", "two", "three"]
        .map(|name| body(name, "    ", "    ", "\n"))
        .join("\n\n");
    check(
        "use crate::generated as gw;\nuse crate::App;\nimpl gw::Query for App {}\nfn x() {}",
        &format!(
            "use crate::generated as gw;\nuse crate::App;\nimpl gw::Query for App {{\n{all}\n}}\nfn x() {{}}"
        ),
    );
}

#[test]
fn tabs_and_crlf_are_followed() {
    let two = body("two", "\t\t", "\t", "\r\n");
    check(
        "\u{feff}mod inner {\r\n\tuse crate::{App, generated as gw};\r\n\timpl gw::Query for App {\r\n\t\tfn one() {}\r\n\t\tfn three() {}\r\n\t}\r\n}\r\n",
        &format!(
            "\u{feff}mod inner {{\r\n\tuse crate::{{App, generated as gw}};\r\n\timpl gw::Query for App {{\r\n\t\tfn one() {{}}\r\n\r\n{two}\r\n\t\tfn three() {{}}\r\n\t}}\r\n}}\r\n"
        ),
    );
}

#[test]
fn one_line_and_no_imports() {
    let two = body("two", "    ", "    ", "\n").replace("gw::", "crate::generated::");
    check(
        "#!/usr/bin/env run\nimpl crate::generated::Query for crate::App { fn one() {} fn three() {} }",
        &format!(
            "#!/usr/bin/env run\nimpl crate::generated::Query for crate::App {{ fn one() {{}}\n\n{two}\n fn three() {{}} }}"
        ),
    );
}

#[test]
fn an_impl_is_found_wherever_the_module_tree_leads() {
    let mut texts = project("// nothing here yet\n");
    texts.insert(
        "src/lib.rs".into(),
        "pub mod resolvers;\nmod deep { mod er; }\n".into(),
    );
    texts.insert(
        "src/deep/er.rs".into(),
        "use crate::generated::Query as Q;\nuse crate::App as Application;\nimpl Q for Application {\n    fn one() {}\n    fn two() {}\n    fn three() {}\n}\n"
            .into(),
    );
    let found = merge(&texts, &[want("Query", "a", "one two three")], PROJECT);
    assert_eq!(found, Merge::default());
    // Not in the module tree: not part of the crate.
    texts.insert("src/lib.rs".into(), "pub mod resolvers;\n".into());
    let found = merge(&texts, &[want("Query", "a", "one")], PROJECT);
    assert_eq!(
        found.files.keys().collect::<Vec<_>>(),
        ["src/resolvers/a.rs"]
    );
    let all = body("one", "    ", "    ", "\n");
    assert_eq!(
        found.files["src/resolvers/a.rs"],
        format!(
            "// nothing here yet\nuse crate::App;\nuse crate::generated as gw;\n\nimpl gw::Query for App {{\n{all}\n}}\n"
        )
    );
}

#[test]
fn tests_of_the_user_do_not_count() {
    let mut texts =
        project("#[cfg(test)]\nmod tests {\n    struct App;\n    impl gw::Query for App {}\n}\n");
    let found = merge(&texts, &[want("Query", "a", "one")], PROJECT);
    assert!(found.files["src/resolvers/a.rs"].ends_with(&format!(
        "}}\n\nimpl crate::generated::Query for crate::App {{\n{}\n}}\n",
        body("one", "    ", "    ", "\n").replace("gw::", "crate::generated::")
    )));
    texts.insert(
        "src/resolvers/a.rs".into(),
        found.files["src/resolvers/a.rs"].clone(),
    );
    assert_eq!(
        merge(&texts, &[want("Query", "a", "one")], PROJECT),
        Merge::default()
    );
}

#[test]
fn modules_are_declared_in_order() {
    let mut texts = project("impl gw::Query for App { fn one() {} }\n");
    texts.insert(
        "src/resolvers/mod.rs".into(),
        "//! mine\npub mod a;\n#[cfg(unix)]\nmod c; // keep\n\npub fn x() {}\n".into(),
    );
    let found = merge(
        &texts,
        &[
            want("Query", "a", "one"),
            want("B", "b", "x"),
            want("D", "d", "y"),
        ],
        PROJECT,
    );
    assert_eq!(
        found.files["src/resolvers/mod.rs"],
        "//! mine\npub mod a;\npub mod b;\n#[cfg(unix)]\nmod c; // keep\npub mod d;\n\npub fn x() {}\n"
    );
}

#[test]
fn a_module_comes_right_behind_one_that_goes() {
    let docs = |_: &str, _: bool| "//! Resolvers of `x.graphql`.".to_owned();
    let project = Project {
        docs: &docs,
        ..PROJECT
    };
    let texts = files(&[("src/lib.rs", "pub mod resolvers;\npub struct App;\n")]);
    let first = [
        want("A", "a", "x"),
        want("Gone", "gone", "x"),
        want("Z", "z", "x"),
    ];
    let choices = Choices::default();
    let merge = super::merge(&texts, &first, &Lock::default(), &choices, project);
    let mut texts = texts;
    texts.extend(merge.files);
    let second = [
        want("A", "a", "x"),
        want("New", "new_one", "x"),
        want("Z", "z", "x"),
    ];
    let merge = super::merge(&texts, &second, &merge.lock, &choices, project);
    assert_eq!(merge.gate, None);
    assert_eq!(
        merge.deleted,
        BTreeSet::from(["src/resolvers/gone.rs".to_owned()])
    );
    let modules = &merge.files["src/resolvers/mod.rs"];
    assert!(
        modules.ends_with("pub mod a;\npub mod new_one;\npub mod z;\n"),
        "{modules}"
    );
}

#[test]
fn a_folder_outside_of_the_crate_is_reported() {
    let mut texts = project("");
    texts.insert("src/lib.rs".into(), "pub struct App;\n".into());
    let found = merge(&texts, &[want("Query", "a", "one")], PROJECT);
    assert_eq!(
        found.outside,
        [("src/resolvers/mod.rs".to_owned(), "resolvers".to_owned())]
    );
    assert_eq!(
        found.files.keys().collect::<Vec<_>>(),
        ["src/resolvers/a.rs"]
    );
}

/// Runs a file that cannot be edited; answers the place and the reason.
fn refused(a: &str) -> (String, String, bool) {
    let found = merge(&project(a), &[want("Query", "a", "one two")], PROJECT);
    assert_eq!(found.files, BTreeMap::new(), "nothing may be written");
    let [by_hand] = found.by_hand.as_slice() else {
        panic!("{found:?}")
    };
    assert!(by_hand.patch.contains("async fn two("), "{}", by_hand.patch);
    assert!(by_hand.coordinates.contains(&"Query.two".to_owned()));
    (
        by_hand.place.clone(),
        by_hand.reason.clone(),
        by_hand.syntax,
    )
}

#[test]
fn what_is_not_certain_is_left_to_the_user() {
    let (place, reason, syntax) = refused("impl gw::Query for App {\n    fn one() {\n");
    assert!(
        place.starts_with("src/resolvers/a.rs:") && syntax,
        "{place}: {reason}"
    );
    assert!(reason.starts_with("the file does not parse: "), "{reason}");

    let (place, reason, syntax) =
        refused("\nimpl gw::Query for App {\n    fn one() {}\n    forward!(other);\n}\n");
    assert_eq!((place.as_str(), syntax), ("src/resolvers/a.rs:2", false));
    assert!(reason.contains("macro call"), "{reason}");

    let texts = project("impl gw::Query for App {\n    fn one() {}\n    forward!(two);\n}\n");
    let found = merge(&texts, &[want("Query", "a", "one two")], PROJECT);
    assert_eq!(found, Merge::default(), "the macro names it");

    let (_, reason, _) = refused("wrap! { impl gw::Query for App { fn one() {} } }\n");
    assert!(reason.contains("names `Query`"), "{reason}");

    let (_, reason, _) = refused(
        "#[cfg(a)]\nimpl gw::Query for App {}\n#[cfg(not(a))]\nimpl gw::Query for App { fn one() {} }\n",
    );
    assert_eq!(reason, "`Query` is implemented in 2 blocks");
}

#[test]
fn a_method_under_cfg_is_there() {
    let two = body("two", "    ", "    ", "\n");
    check(
        "use crate::{App, generated as gw};\nimpl gw::Query for App {\n    #[cfg(a)]\n    fn one() {}\n    #[cfg(not(a))]\n    fn one() {}\n    fn three() {}\n}\n",
        &format!(
            "use crate::{{App, generated as gw}};\nimpl gw::Query for App {{\n    #[cfg(a)]\n    fn one() {{}}\n    #[cfg(not(a))]\n    fn one() {{}}\n\n{two}\n    fn three() {{}}\n}}\n"
        ),
    );
}

#[test]
fn the_gate_notices_lost_bytes_and_broken_syntax() {
    let texts = project("fn a() {}\n");
    let bad = |text: &str| {
        let merge = Merge {
            files: files(&[("src/resolvers/a.rs", text)]),
            ..Merge::default()
        };
        gate::gate(&texts, &merge, &Scan::default(), Merge::default)
    };
    assert_eq!(bad("fn a() {}\n"), Ok(()));
    assert_eq!(
        bad("fn a() { }\n"),
        Err("`src/resolvers/a.rs` would lose bytes".into())
    );
    assert!(
        bad("fn a() {").is_err_and(|e| e.starts_with("`src/resolvers/a.rs` would not parse at 1:"))
    );
    let merge = Merge {
        files: files(&[("src/x.rs", "")]),
        ..Merge::default()
    };
    let again = gate::gate(&texts, &merge, &Scan::default(), || Merge {
        files: files(&[("src/x.rs", "")]),
        ..Merge::default()
    });
    assert_eq!(
        again,
        Err("`src/x.rs` would be edited again by the next run".into())
    );
}

/// A small generator of numbers: the same seed, the same run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

const METHODS: [&str; 6] = ["alpha", "beta", "r#type", "delta", "größe", "zeta"];

/// Some file as a person may have written it, with some of the methods.
fn some_file(dice: &mut Dice) -> String {
    let indent = dice.pick(&["    ", "  ", "\t", ""]);
    let mut out = String::new();
    out += dice.pick(&[
        "",
        "\u{feff}",
        "#!/bin/sh\n",
        "//! Über uns — 日本\n",
        "// plain\n\n",
    ]);
    out += dice.pick(&[
        "use crate::generated as gw;\nuse crate::App;\n",
        "use crate::generated::{self as gw};\n",
        "use super::*;\n",
        "",
    ]);
    let nested = dice.roll(4) == 0;
    if nested {
        out += "pub mod inner { /* é */\n";
    }
    out += dice.pick(&[
        "",
        "fn helper() -> &'static str { \"}\\\" impl // \" }\n",
        "macro_rules! m { () => {} }\nm!{}\n",
    ]);
    if dice.roll(8) != 0 {
        out += dice.pick(&["", "/// Docs.\n#[rustfmt::skip]\n", "/* über */ "]);
        out += dice.pick(&[
            "impl gw::Query for App",
            "impl crate::generated::Query for crate::App",
            "impl gw::Query\n    for App\n",
        ]);
        out += dice.pick(&[" {", " { // here", " {\n    #![allow(unused)]", "{"]);
        out += dice.pick(&["\n", "\n\n", "\n// first\n"]);
        let mut methods = METHODS.to_vec();
        if dice.roll(3) == 0 {
            methods.reverse();
        }
        for name in methods {
            if dice.roll(2) == 0 {
                out += indent;
                out += dice.pick(&[
                    "",
                    "/// Docs — ä\n",
                    "#[cfg(a)] ",
                    "/* block\n comment */ ",
                    "// plain\n",
                ]);
                out += &format!(
                    "fn {name}() {}",
                    dice.pick(&["{}", "{ let _ = '}'; }", "{\n  r#\"impl { \"#;\n}"])
                );
                out += dice.pick(&[
                    "\n",
                    " // tail\n",
                    " /* tail */\n",
                    "\n\n",
                    " ",
                    " /* a\n b */\n",
                ]);
            }
        }
        out += dice.pick(&["}\n", "\n}\n", "}", "} // end\n"]);
    }
    if nested {
        out += "\n}\n";
    }
    out += dice.pick(&["", "// the end", "fn tail() {}\n", "\n\n"]);
    if dice.roll(3) == 0 {
        out.replace('\n', "\r\n")
    } else {
        out
    }
}

#[test]
fn whatever_a_file_looks_like_nothing_is_lost_and_all_is_added() {
    let mut edited = 0;
    for seed in 0..500 {
        let mut dice = Dice(seed);
        let before = some_file(&mut dice);
        let texts = project(&before);
        assert_eq!(
            scan::syntax_error(&before),
            None,
            "seed {seed}: the generator writes Rust\n{before}"
        );
        let wanted = [want("Query", "a", &METHODS.join(" "))];
        let merge = merge(&texts, &wanted, PROJECT);
        assert_eq!(merge.gate, None, "seed {seed}\n{before}");
        assert_eq!(merge.by_hand, vec![], "seed {seed}\n{before}");
        let Some(after) = merge.files.get("src/resolvers/a.rs") else {
            continue;
        };
        edited += 1;
        for name in METHODS {
            let count = after.matches(&format!("fn {name}(")).count();
            assert_eq!(count, 1, "seed {seed}: {name}\n{before}\n----\n{after}");
        }
        // Every line of the user's is there, in its order.
        let mut lines = after.lines();
        for line in before
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.contains(['{', '}']))
        {
            assert!(
                lines.any(|l| l.trim_end() == line.trim_end()),
                "seed {seed}: {line:?}\n{before}\n----\n{after}"
            );
        }
        // Line endings are not mixed.
        if before.contains("\r\n") {
            assert_eq!(
                after.matches('\n').count(),
                after.matches("\r\n").count(),
                "seed {seed}"
            );
        } else {
            assert!(!after.contains('\r'), "seed {seed}");
        }
    }
    assert!(edited > 400, "{edited}");
}
