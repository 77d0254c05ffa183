//! A file that is known, against one that is read.

use super::super::read::read;
use super::*;
use crate::merge::Signature;

const DOCS: &str = "//! Resolvers of `schema/books.graphql`.";
const IMPORTS: [&str; 2] = ["crate::App", "crate::generated as gw"];
const TEXT: &str = "//! Resolvers of `schema/books.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::r#TypeResolvers for App {
    async fn r#match<'r>(&'r self, cx: &gw::Context) -> gw::Result<&'r [gw::Book]> {
        let _ = cx;
        Err(gw::Error::not_implemented(\"Type.match\"))
    }

    async fn long(
        &self,
        cx: &gw::Context,
        first: Option<Vec<i32>>,
    ) -> gw::Result<i32> {
        todo()
    }
}
";

fn method(name: &str, head: &str, params: &[&str], returns: &str, body: &str) -> WantedMethod {
    let params = params.iter().filter_map(|it| it.split_once(": "));
    WantedMethod {
        name: name.to_owned(),
        coordinate: String::new(),
        span: None,
        text: format!("{head} {{\n{body}}}\n"),
        signature: Signature {
            params: params.map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
            returns: returns.to_owned(),
        },
        formerly: Vec::new(),
        renamed_params: Vec::new(),
    }
}

fn scan(text: &str) -> Option<ScannedFile> {
    let own = "    let _ = cx;\n    Err(gw::Error::not_implemented(\"Type.match\"))\n";
    let first = method(
        "r#match",
        "",
        &["cx: &gw::Context"],
        "gw::Result<&'r [gw::Book]>",
        own,
    );
    let long = ["cx: &gw::Context", "first: Option<Vec<i32>>"];
    let second = method("long", "", &long, "gw::Result<i32>", "    todo()\n");
    let want = WantedImpl {
        trait_name: "r#TypeResolvers".to_owned(),
        file: String::new(),
        folder: String::new(),
        methods: Vec::new(),
    };
    let project = Project {
        app: "crate::App",
        docs: &|_, _| String::new(),
    };
    fresh(text, DOCS, IMPORTS, &[(want, vec![first, second])], project)
}

#[test]
fn what_was_made_is_known_as_if_it_had_been_read() {
    let known = scan(TEXT);
    assert!(known.is_some());
    assert_eq!(known, read(TEXT).ok());
}

#[test]
fn a_single_other_byte_has_to_be_read() {
    for at in (0..TEXT.len()).filter(|at| TEXT.is_char_boundary(*at)) {
        for sign in ["", "x", "{", " "] {
            let other = format!("{}{sign}{}", &TEXT[..at], &TEXT[at + 1..]);
            assert!(other == TEXT || scan(&other).is_none(), "{other}");
        }
    }
}
