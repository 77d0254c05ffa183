//! What is printed is what was to be printed.

use super::*;
use proc_macro2::{TokenStream, TokenTree};

/// Every token, without blanks.
fn flattened(tokens: TokenStream) -> Vec<String> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                all.push(format!("{:?}", group.delimiter()));
                all.extend(flattened(group.stream()));
                all.push("end".to_owned());
            }
            other => all.push(other.to_string()),
        }
    }
    all
}

#[track_caller]
fn printed(source: &str) -> String {
    let tokens: TokenStream = source.parse().unwrap();
    let mut text = String::new();
    items([tokens.clone().into()], &mut text);
    let again: TokenStream = text
        .parse()
        .unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let (found, expect) = (flattened(again), flattened(tokens));
    let differ = found.iter().zip(&expect).position(|(a, b)| a != b);
    if let Some(at) = differ {
        let near = |all: &[String]| all[at.saturating_sub(5)..(at + 5).min(all.len())].join(" ");
        panic!("{}\n{}\n{text}", near(&found), near(&expect));
    }
    assert_eq!(found.len(), expect.len(), "{text}");
    text
}

#[track_caller]
fn check(source: &str, expect: &str) {
    assert_eq!(printed(source), expect);
}

#[test]
fn no_token_is_lost_or_joined() {
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = printed(&std::fs::read_to_string(&path).unwrap());
                assert!(
                    syn::parse_file(&text).is_ok(),
                    "{}:\n{text}",
                    path.display()
                );
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} files");
}

#[test]
fn what_fits_stays_on_its_line() {
    check("use a :: { b , c } ;", "use a::{ b, c };\n");
    check(
        "pub ( super ) fn a < 'a > ( & 'a self , b : & mut [ u8 ] ) -> Option < & 'a T > ;",
        "pub(super) fn a<'a>(&'a self, b: &mut [u8]) -> Option<&'a T>;\n",
    );
    check(
        "impl < T > a :: B < T > for :: c :: D { }",
        "impl<T> a::B<T> for ::c::D {}\n",
    );
    check(
        "fn a ( ) { - 1 * b . c ( ) ? && ! d == 0 .. = 3 }",
        "fn a() { -1 * b.c()? && !d == 0..= 3 }\n",
    );
    check("let a = | b | c || d ;", "let a = |b| c || d;\n");
    check("a ! ( b ) ; c ! { d }", "a!(b);\nc! { d }\n");
}

#[test]
fn what_does_not_fit_has_lines_of_its_own() {
    let long = "a_long_name_of_something".repeat(2);
    check(
        &format!("f ( {long} , {long} , 1 ) ;"),
        &format!("f(\n    {long},\n    {long},\n    1\n);\n"),
    );
    check(
        "trait A { fn a ( ) ; fn b ( ) { c ( ) ; } }",
        "trait A {\n    fn a();\n    fn b() {\n        c();\n    }\n}\n",
    );
    check(
        "fn a ( ) { Box :: pin ( async move { b ( ) ; if c { d ( ) ; } else { e } } ) }",
        "fn a() {\n    Box::pin(async move {\n        b();\n        if c {\n            d();\n        } else { e }\n    })\n}\n",
    );
}

#[test]
fn documentation_is_comments() {
    check(
        "#[doc = \" A.\"] #[doc = \"\"] #[derive(Debug)] struct A { #[doc = \" B \\\\ \\\"c\\\".\"] #[x] b : C }",
        "/// A.\n///\n#[derive(Debug)]\nstruct A {\n    /// B \\ \"c\".\n    #[x]\n    b: C\n}\n",
    );
    check(
        "#[doc = \"/ a\"] struct A ;",
        "#[doc = \"/ a\"]\nstruct A;\n",
    );
}
