//! Stubs that move to the files which the layout names.

use super::super::*;
use super::{PROJECT, files, want};

const A: &str = "\
//! Resolvers of `a.graphql`.

use crate::App;
use crate::generated as gw;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use super::shared;

/// How long.
const LIMIT: Duration = Duration::from_secs(1);

impl gw::Query for App {
    async fn one(&self, cx: &gw::Context) -> gw::Result<()> {
        let _ = (cx, LIMIT);
        Ok(())
    }
}

// About books,
// in two lines.
/// Books.
impl gw::Book for App {
    async fn two(&self, cx: &gw::Context) -> gw::Result<()> {
        let began = Instant::now();   // odd   layout
        helper(&shared(cx), format!(\"{WIDTH}\"));
        Ok(())
    }
} // the end of books

fn helper(_: &str, _: String) {
    deeper()
}

// Free.

const WIDTH: usize = 3;
fn deeper() {}
";

const MODS: &str = "//! resolvers\n\npub mod a;\n\npub(crate) fn shared(_: &crate::generated::Context) -> String { String::new() }\n";

fn texts(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut texts = files(&[
        ("src/lib.rs", "pub mod resolvers;\npub struct App;\n"),
        ("src/resolvers/mod.rs", MODS),
        ("src/resolvers/a.rs", A),
    ]);
    texts.extend(files(list));
    texts
}

fn by_type() -> Vec<WantedImpl> {
    vec![want("Query", "query", "one"), want("Book", "book", "two")]
}

fn by_file() -> Vec<WantedImpl> {
    vec![want("Query", "a", "one"), want("Book", "a", "two")]
}

/// Runs it with the request to move, twice; answers the files behind it.
fn moved(
    texts: &BTreeMap<String, String>,
    wanted: &[WantedImpl],
) -> (Merge, BTreeMap<String, String>) {
    let choices = Choices {
        relayout: true,
        ..Choices::default()
    };
    let docs = |path: &str, _: bool| match path {
        "src/resolvers/mod.rs" => "//! resolvers".to_owned(),
        path => format!("//! Resolvers of `{path}`."),
    };
    let project = Project {
        docs: &docs,
        ..PROJECT
    };
    let run = |texts: &BTreeMap<String, String>, lock: &Lock| {
        let merge = super::super::merge(texts, wanted, lock, &choices, project);
        assert_eq!(merge.gate, None);
        let mut after = texts.clone();
        after.extend(merge.files.clone());
        after.retain(|path, _| !merge.deleted.contains(path));
        (merge, after)
    };
    let (merge, after) = run(texts, &Lock::default());
    let (again, _) = run(&after, &merge.lock);
    assert_eq!((again.files, again.deleted), Default::default());
    assert_eq!(again.moved, vec![]);
    (merge, after)
}

#[test]
fn nothing_moves_unless_asked() {
    let merge = super::merge(&texts(&[]), &by_type(), PROJECT);
    assert_eq!(merge.files, BTreeMap::new());
    assert_eq!((merge.moved, merge.left), (vec![], vec![]));
}

#[test]
fn a_block_moves_with_its_comments_and_its_own_helpers() {
    let (merge, after) = moved(&texts(&[]), &by_type());
    assert_eq!(merge.left, vec![]);
    assert_eq!(
        after["src/resolvers/book.rs"],
        "\
//! Resolvers of `src/resolvers/book.rs`.

use crate::App;
use crate::generated as gw;
use crate::resolvers::shared;
use std::fmt::Write as _;
use std::time::Instant;

// About books,
// in two lines.
/// Books.
impl gw::Book for App {
    async fn two(&self, cx: &gw::Context) -> gw::Result<()> {
        let began = Instant::now();   // odd   layout
        helper(&shared(cx), format!(\"{WIDTH}\"));
        Ok(())
    }
} // the end of books

fn helper(_: &str, _: String) {
    deeper()
}

const WIDTH: usize = 3;

fn deeper() {}
"
    );
    assert_eq!(
        after["src/resolvers/query.rs"],
        "\
//! Resolvers of `src/resolvers/query.rs`.

use crate::App;
use crate::generated as gw;
use std::fmt::Write as _;
use std::time::Duration;

/// How long.
const LIMIT: Duration = Duration::from_secs(1);

impl gw::Query for App {
    async fn one(&self, cx: &gw::Context) -> gw::Result<()> {
        let _ = (cx, LIMIT);
        Ok(())
    }
}
"
    );
    // What is nobody's stays.
    assert_eq!(
        after["src/resolvers/a.rs"],
        "\
//! Resolvers of `a.graphql`.

use crate::App;
use crate::generated as gw;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use super::shared;

// Free.
"
    );
    assert_eq!(
        after["src/resolvers/mod.rs"]
            .lines()
            .take(5)
            .collect::<Vec<_>>(),
        [
            "//! resolvers",
            "",
            "pub mod a;",
            "pub mod book;",
            "pub mod query;"
        ]
    );
    let book = merge.moved.iter().find(|m| m.trait_name == "Book").unwrap();
    assert_eq!(book.with, ["helper", "WIDTH", "deeper"]);
}

#[test]
fn there_and_back_again_leaves_files_that_hold_nothing_behind() {
    let plain = "//! Resolvers of `a.graphql`.\n\nuse crate::App;\nuse crate::generated as gw;\n\nimpl gw::Query for App { async fn one() {} }\n\nimpl gw::Book for App { async fn two() {} }\n";
    let before = texts(&[("src/resolvers/a.rs", plain)]);
    let (merge, after) = moved(&before, &by_type());
    assert_eq!(
        merge.deleted,
        BTreeSet::from(["src/resolvers/a.rs".to_owned()])
    );
    assert!(!after["src/resolvers/mod.rs"].contains("mod a;"));
    let (merge, back) = moved(&after, &by_file());
    assert_eq!(merge.deleted.len(), 2);
    let body = |text: &str| text[text.find("impl").unwrap()..].to_owned();
    let both = body(&back["src/resolvers/a.rs"]);
    assert!(
        both.contains("impl gw::Query for App { async fn one() {} }\n"),
        "{both}"
    );
    assert!(
        both.contains("impl gw::Book for App { async fn two() {} }\n"),
        "{both}"
    );
    assert_eq!(back.len(), before.len());
}

#[test]
fn what_arrives_in_a_file_stands_behind_what_is_there() {
    let book = "\u{feff}//! Mine.\r\nuse crate::App;\r\nuse crate::generated::{self as gw};\r\n\r\nfn own() {}";
    let before = texts(&[
        ("src/resolvers/book.rs", book),
        (
            "src/resolvers/mod.rs",
            "mod a;\nmod book;\nfn shared() {}\n",
        ),
    ]);
    let (merge, after) = moved(&before, &by_type());
    assert_eq!(merge.left, vec![]);
    let now = &after["src/resolvers/book.rs"];
    let head = "\u{feff}//! Mine.\r\nuse crate::App;\r\nuse crate::generated::{self as gw};\r\nuse crate::resolvers::shared;\r\nuse std::fmt::Write as _;\r\nuse std::time::Instant;\r\n\r\nfn own() {}\r\n\r\n// About books,\n";
    assert!(now.starts_with(head), "{now:?}");
    assert!(now.ends_with("fn deeper() {}\n"), "{now:?}");
}

/// The reasons for which blocks stay.
fn left(list: &[(&str, &str)], wanted: &[WantedImpl]) -> Vec<String> {
    let (merge, after) = moved(&texts(list), wanted);
    for left in &merge.left {
        let file = left.place.split(':').next().unwrap();
        assert!(after[file].contains(&format!("impl gw::{} for App", left.trait_name)));
    }
    let say = |left: Left| format!("{} {}: {}", left.trait_name, left.place, left.reason);
    merge.left.into_iter().map(say).collect()
}

#[test]
fn a_block_that_would_lose_something_stays() {
    let private =
        "it needs `helper`, which is private there and not its own; `pub(super)` would let it go";
    let head = "use crate::App;\nuse crate::generated as gw;\n";
    let check = |rest: &str, expect: &[String]| {
        let a = format!(
            "{head}impl gw::Query for App {{ fn one() {{ helper() }} }}\nimpl gw::Book for App {{ fn two() {{ let x = helper(); x.inner(); }} }}\n{rest}"
        );
        assert_eq!(
            left(&[("src/resolvers/a.rs", &a)], &by_type()),
            expect,
            "{rest}"
        );
    };
    let both = |reason: &str| {
        vec![
            format!("Query src/resolvers/a.rs:3: {reason}"),
            format!("Book src/resolvers/a.rs:4: {reason}"),
        ]
    };
    check("fn helper() {}\n", &both(private));
    check("pub(self) fn helper() {}\n", &both(private));
    check("macro_rules! helper { () => {} }\n", &both(private));
    check("pub(super) fn helper() {}\n", &[]);
    // Private methods are seen in their module alone; and with them what they belong to.
    check(
        "pub fn helper() -> Thing { Thing }\npub struct Thing;\nimpl Thing { fn inner(&self) {} }\nimpl Drop for Thing { fn drop(&mut self) {} }\n",
        &["Book src/resolvers/a.rs:4: it needs `inner`, which is private there and not its own; `pub(super)` would let it go".to_owned()],
    );
    check(
        "pub fn helper() {}\n#[cfg(test)]\nmod tests { use super::*; fn x() { other() } }\nfn other() {}\n",
        &[],
    );
}

#[test]
fn a_private_item_goes_with_the_only_block_that_uses_it() {
    let a = "use crate::App;\nuse crate::generated as gw;\nimpl gw::Query for App { fn one() {} }\nimpl gw::Book for App { fn two() { Thing { x: 1 }.inner() } }\nstruct Thing { x: u8 }\nimpl Thing { fn inner(&self) -> Thing { again() } }\nimpl Drop for Thing { fn drop(&mut self) {} }\nfn again() -> Thing { Thing { x: 2 } }\n";
    let (merge, after) = moved(&texts(&[("src/resolvers/a.rs", a)]), &by_type());
    assert_eq!(merge.left, vec![]);
    let book = &after["src/resolvers/book.rs"];
    for item in [
        "struct Thing { x: u8 }",
        "impl Thing {",
        "impl Drop for Thing",
        "fn again()",
    ] {
        assert!(book.contains(item), "{item}\n{book}");
    }
    assert!(!after["src/resolvers/query.rs"].contains("Thing"));
    // A module below uses it, too.
    let below = ("src/resolvers/a/below.rs", "fn x() { super::again(); }\n");
    let a = format!("mod below;\n{a}");
    let reasons = left(&[("src/resolvers/a.rs", &a), below], &by_type());
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    // What `again` needs stays with it.
    assert!(
        reasons[0].starts_with("Book src/resolvers/a.rs:5: it needs `Thing`"),
        "{reasons:?}"
    );
}

#[test]
fn a_block_without_a_certain_place_stays() {
    let head = "use crate::App;\nuse crate::generated as gw;\n";
    let broken = left(
        &[
            ("src/resolvers/book.rs", "fn (\n"),
            ("src/resolvers/mod.rs", "mod a;\nmod book;\nfn shared() {}"),
        ],
        &by_type(),
    );
    assert!(
        broken[0].ends_with("`src/resolvers/book.rs` does not parse"),
        "{broken:?}"
    );
    let other = "fn helper() {}\n";
    let other = left(
        &[
            ("src/resolvers/book.rs", other),
            ("src/resolvers/mod.rs", "mod a;\nmod book;\nfn shared() {}"),
        ],
        &by_type(),
    );
    assert_eq!(
        other,
        ["Book src/resolvers/a.rs:22: `src/resolvers/book.rs` has another `helper`"]
    );
    let nested = format!(
        "{head}impl gw::Query for App {{ fn one() {{}} }}\nmod inner {{ use super::*; impl gw::Book for App {{ fn two() {{}} }} }}\n"
    );
    let nested = left(&[("src/resolvers/a.rs", &nested)], &by_type());
    assert_eq!(
        nested,
        ["Book src/resolvers/a.rs:4: it stands in a module of its own"]
    );
    let twice = format!(
        "{head}impl gw::Query for App {{ fn one() {{}} }}\n#[cfg(a)]\nimpl gw::Book for App {{ fn two() {{}} }}\n#[cfg(not(a))]\nimpl gw::Book for App {{ fn two() {{}} }}\n"
    );
    let twice = left(&[("src/resolvers/a.rs", &twice)], &by_type());
    assert_eq!(twice.len(), 2, "{twice:?}");
    assert!(
        twice[0].ends_with("it is implemented in several blocks"),
        "{twice:?}"
    );
}

#[test]
fn jobs_move_as_resolvers_do() {
    let job = |file: &str| WantedImpl {
        file: format!("src/jobs/{file}.rs"),
        folder: "src/jobs".into(),
        ..want("Daily", "x", "run")
    };
    let texts = files(&[
        ("src/lib.rs", "pub mod jobs;\npub struct App;\n"),
        ("src/jobs/mod.rs", "pub mod all;\n"),
        (
            "src/jobs/all.rs",
            "use crate::App;\nuse crate::generated as gw;\n\nimpl gw::Daily for App { fn run() { /* mine */ } }\n",
        ),
    ]);
    let (merge, after) = moved(&texts, &[job("daily")]);
    assert_eq!(merge.left, vec![]);
    assert!(
        after["src/jobs/daily.rs"]
            .ends_with("\n\nimpl gw::Daily for App { fn run() { /* mine */ } }\n")
    );
    assert_eq!(after["src/jobs/mod.rs"], "pub mod all;\npub mod daily;\n");
}
