//! Findings as people read them.

use super::*;
use crate::source::{FileId, Source, Sources};

fn sources(texts: &[&str]) -> Sources {
    let file = |(i, text): (usize, &&str)| Source {
        name: format!("{}.graphql", (b'a' + i as u8) as char),
        text: text.to_string(),
    };
    Sources(texts.iter().enumerate().map(file).collect())
}

/// What a diagnostic on the first `mark` of the first text looks like.
fn shown(text: &str, mark: &str) -> String {
    let mut diags = Diagnostics::default();
    let at = text.find(mark).expect("the mark");
    diags
        .error(
            Code::Syntax,
            Span::new(FileId(0), at, mark.len()),
            "message",
        )
        .help("do this");
    diags.render(&sources(&[text]), false)
}

#[test]
fn carets_stand_under_the_place() {
    let expect = "a.graphql:2:6: error[GW0001]: message\n  |\n2 |   b: Usr!\n  |      ^^^\n  |\n  = help: do this\n\n1 error\n";
    assert_eq!(shown("type A {\n  b: Usr!\n}\n", "Usr"), expect);
    assert_eq!(shown("type A {\r\n  b: Usr!\r\n}\r\n", "Usr"), expect);
}

#[test]
fn tabs_wide_characters_and_byte_order_marks() {
    let check = |text: &str, mark: &str, expect: &str| {
        assert_eq!(
            shown(text, mark),
            format!("{expect}\n  |\n  = help: do this\n\n1 error\n"),
            "{text:?}"
        );
    };
    let head = |place: &str| format!("a.graphql:{place}: error[GW0001]: message\n  |\n");
    check(
        "type A {\n\tb: Usr!\n}\n",
        "Usr",
        &(head("2:5") + "2 |     b: Usr!\n  |        ^^^"),
    );
    check(
        "\u{feff}type A { b: Usr! }",
        "Usr",
        &(head("1:13") + "1 | type A { b: Usr! }\n  |             ^^^"),
    );
    check(
        "\u{feff}type A { b: Usr! }",
        "type",
        &(head("1:1") + "1 | type A { b: Usr! }\n  | ^^^^"),
    );
    check(
        "\"é\" type A { b: Usr! }",
        "Usr",
        &(head("1:17") + "1 | \"é\" type A { b: Usr! }\n  |                 ^^^"),
    );
    check(
        "\"日本\" type A",
        "A",
        &(head("1:11") + "1 | \"日本\" type A\n  |             ^"),
    );
    check(
        "type A {",
        "{",
        &(head("1:8") + "1 | type A {\n  |        ^"),
    );
}

#[test]
fn a_second_place_is_shown_in_its_file() {
    let mut diags = Diagnostics::default();
    diags
        .error(Code::Syntax, Span::new(FileId(1), 5, 1), "twice")
        .note(Span::new(FileId(0), 5, 1), "first here");
    diags
        .warn(Code::Syntax, Span::new(FileId(1), 12, 1), "again")
        .note(Span::new(FileId(1), 5, 1), "first here")
        .help("a\nb");
    diags.general(Code::Syntax, "nothing").help("do this");
    let sources = sources(&["type A", "type A\ntype B\n"]);
    let expect = "\
error[GW0001]: nothing
 = help: do this

b.graphql:1:6: error[GW0001]: twice
  |
1 | type A
  |      ^
  |
 ::: a.graphql:1:6
  |
1 | type A
  |      - first here

b.graphql:2:6: warning[GW0001]: again
  |
1 | type A
  |      - first here
2 | type B
  |      ^
  |
  = help: a
          b

2 errors, 1 warning
";
    let shown = diags.render(&sources, false);
    assert_eq!(
        shown.lines().map(str::trim_end).collect::<Vec<_>>(),
        expect.lines().collect::<Vec<_>>(),
        "{shown}"
    );
    let lines = "error[GW0001]: nothing; help: do this\nb.graphql:1:6: error[GW0001]: twice\nb.graphql:2:6: warning[GW0001]: again; help: a b\n";
    assert_eq!(diags.render_lines(&sources), lines);
    assert!(diags.render(&sources, true).contains("\u{1b}["));
}

#[test]
fn a_note_that_is_far_away_is_named() {
    let text = format!("type A\n{}type A\n", "# between\n".repeat(10_000));
    let mut diags = Diagnostics::default();
    diags
        .error(
            Code::Syntax,
            Span::new(FileId(0), text.len() - 2, 1),
            "message",
        )
        .note(Span::new(FileId(0), 5, 1), "first here");
    let expect = "a.graphql:10002:6: error[GW0001]: message\n      |\n10002 | type A\n      |      ^\n      |\n      = note: a.graphql:1:6: first here\n\n1 error\n";
    assert_eq!(diags.render(&sources(&[&text]), false), expect);
}
