//! Every Rust name is made here: case, keywords, collisions.
//!
//! In: GraphQL names, job names, file names. Out: texts that are Rust identifiers and differ within their scope.
//! Must not know: what the names stand for.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Names that must differ from each other: the members of a struct, the types of a module.
///
/// Names are asked for with [`Scope::want`] in the order of the schema and settled together by [`Scope::settle`], so that
/// a name that is alone in wanting a spelling always gets it, wherever it stands.
#[derive(Debug, Default)]
pub(super) struct Scope {
    reserved: BTreeSet<String>,
    wanted: Vec<Wanted>,
}

#[derive(Debug)]
struct Wanted {
    name: String,
    fixed: bool,
}

impl Scope {
    /// A scope in which these names are taken.
    pub(super) fn reserving(names: &[&str]) -> Self {
        Scope {
            reserved: names.iter().map(|&n| n.to_owned()).collect(),
            wanted: Vec::new(),
        }
    }

    /// Asks for a name. The answer is at the same place in what [`Scope::settle`] returns.
    pub(super) fn want(&mut self, name: String) {
        self.wanted.push(Wanted { name, fixed: false });
    }

    /// Asks for a name that the user chose: it goes before names that were only derived.
    pub(super) fn fix(&mut self, name: String) {
        self.wanted.push(Wanted { name, fixed: true });
    }

    /// Gives every wish a name: the first of several equal ones keeps the spelling, the others take the first free
    /// number behind it.
    pub(super) fn settle(self) -> Vec<String> {
        let mut taken: BTreeSet<&str> = self.reserved.iter().map(String::as_str).collect();
        let mut keeps = vec![false; self.wanted.len()];
        for fixed in [true, false] {
            let wishes = self.wanted.iter().zip(&mut keeps);
            for (wish, keeps) in wishes.filter(|(wish, _)| wish.fixed == fixed) {
                *keeps = taken.insert(&wish.name);
            }
        }
        let mut made = BTreeSet::new();
        let others = self.wanted.iter().zip(&keeps);
        let others: Vec<String> = others
            .filter(|(_, keeps)| !**keeps)
            .map(|(wish, _)| first_free(&wish.name, &taken, &mut made))
            .collect();
        let mut others = others.into_iter();
        let wanted = self.wanted.into_iter().zip(keeps);
        wanted
            .map(|(wish, keeps)| match keeps {
                true => wish.name,
                false => others.next().expect("there is one for each"),
            })
            .collect()
    }
}

fn first_free(name: &str, taken: &BTreeSet<&str>, made: &mut BTreeSet<String>) -> String {
    let stem = name
        .strip_prefix("r#")
        .unwrap_or(name)
        .trim_end_matches('_');
    let mut number = 2u32;
    loop {
        // `id2` might be read as a name of its own; after a digit an underscore keeps `v1`, `v1_2` apart.
        let gap = if stem.ends_with(|c: char| c.is_ascii_digit()) {
            "_"
        } else {
            ""
        };
        let candidate = format!("{stem}{gap}{number}");
        if !taken.contains(&*candidate) && made.insert(candidate.clone()) {
            return candidate;
        }
        number += 1;
    }
}

/// The Rust names of things that are looked up by their GraphQL names.
pub(super) type NameMap = BTreeMap<String, String>;

/// Settles the names of one scope: `(GraphQL name, derived or chosen name, whether chosen)`.
pub(super) fn settle<'a>(
    reserved: &[&str],
    names: impl IntoIterator<Item = (&'a str, String, bool)>,
) -> NameMap {
    let mut scope = Scope::reserving(reserved);
    let mut keys = Vec::new();
    for (key, name, fixed) in names {
        keys.push(key.to_owned());
        if fixed {
            scope.fix(name)
        } else {
            scope.want(name)
        }
    }
    keys.into_iter().zip(scope.settle()).collect()
}

/// `CANCELLED_BY_HOST`, `cancelledByHost` → `CancelledByHost`: types, traits, variants.
pub(super) fn camel(name: &str) -> String {
    let camel = plain(name, Case::Camel).unwrap_or_else(|| name.to_upper_camel_case());
    let camel = legal(camel, "Underscore");
    if camel == "Self" {
        "Self_".to_owned()
    } else {
        camel
    }
}

/// `hostId` → `host_id`: members, methods, parameters. Keywords become raw identifiers.
pub(super) fn snake(name: &str) -> String {
    let snake = plain(name, Case::Snake).unwrap_or_else(|| name.to_snake_case());
    let snake = legal(snake, "underscore");
    match snake.as_str() {
        "self" | "super" | "crate" => format!("{snake}_"),
        other if KEYWORDS.contains(&other) => format!("r#{other}"),
        _ => snake,
    }
}

/// A module and its file. Keywords get an underscore, for `r#type.rs` would be an odd file; so does `mod`. Rust finds files
/// of modules by ASCII names only.
pub(super) fn module(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii() { c } else { '_' })
        .collect();
    let snake = legal(ascii.to_snake_case(), "schema");
    if KEYWORDS.contains(&snake.as_str())
        || matches!(
            snake.as_str(),
            "self" | "super" | "crate" | "mod" | "lib" | "main"
        )
    {
        format!("{snake}_")
    } else {
        snake
    }
}

/// Whether the text can stand as an identifier, for names that users choose.
pub(super) fn is_identifier(name: &str) -> bool {
    let raw = name.strip_prefix("r#");
    let bare = raw.unwrap_or(name);
    let shaped = bare.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !bare.trim_matches('_').is_empty();
    let unusable = matches!(bare, "self" | "Self" | "super" | "crate");
    shaped && !unusable && (raw.is_some() || !KEYWORDS.contains(&bare))
}

/// The token of a name made here.
pub fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(bare) => Ident::new_raw(bare, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Camel,
    Snake,
}

/// What heck makes of a name whose words are beyond doubt: letters in one case or with capitals apart, and single
/// underscores between. Nearly all names are, and there is a conversion for each field.
fn plain(name: &str, case: Case) -> Option<String> {
    let mut out = String::with_capacity(name.len() + 8);
    for part in name.split('_') {
        let letters = part.as_bytes();
        let shouted = letters.iter().all(u8::is_ascii_uppercase);
        let clear = |pair: &[u8]| !pair.iter().all(u8::is_ascii_uppercase);
        if !letters.iter().all(u8::is_ascii_alphabetic)
            || letters.is_empty()
            || !(shouted || letters.windows(2).all(clear))
        {
            return None;
        }
        for (i, letter) in letters.iter().enumerate() {
            let begins = i == 0 || !shouted && letter.is_ascii_uppercase();
            if begins && case == Case::Snake && !out.is_empty() {
                out.push('_');
            }
            out.push(char::from(match begins && case == Case::Camel {
                true => letter.to_ascii_uppercase(),
                false => letter.to_ascii_lowercase(),
            }));
        }
    }
    Some(out)
}

/// GraphQL allows `_` and `_1`, of which no letters are left after case conversion.
fn legal(name: String, empty: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

/// Every word of any edition that needs `r#`; the four path words cannot have it.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_and_keywords() {
        for (gql, snaked, cameled) in [
            ("hostId", "host_id", "HostId"),
            ("CANCELLED_BY_HOST", "cancelled_by_host", "CancelledByHost"),
            ("type", "r#type", "Type"),
            ("self", "self_", "Self_"),
            ("Self", "self_", "Self_"),
            ("crate", "crate_", "Crate"),
            ("gen", "r#gen", "Gen"),
            ("async", "r#async", "Async"),
            ("_", "underscore", "Underscore"),
            ("_1", "_1", "_1"),
            ("_service", "service", "Service"),
            ("URL", "url", "Url"),
        ] {
            assert_eq!(
                (snake(gql).as_str(), camel(gql).as_str()),
                (snaked, cameled),
                "{gql}"
            );
            assert!(
                is_identifier(&snake(gql)) && is_identifier(&camel(gql)),
                "{gql}"
            );
        }
    }

    #[test]
    fn plain_names_are_what_heck_makes_of_them() {
        const LETTERS: [char; 9] = ['a', 'b', 'A', 'B', 'Z', '_', 'y', '1', 'ä'];
        let mut known = 0;
        for mut number in 0..9usize.pow(6) {
            let mut name = String::new();
            while number > 0 {
                name.push(LETTERS[number % 9]);
                number /= 9;
            }
            if let Some(camel) = plain(&name, Case::Camel) {
                assert_eq!(camel, name.to_upper_camel_case(), "{name}");
                assert_eq!(plain(&name, Case::Snake), Some(name.to_snake_case()));
                known += 1;
            }
        }
        assert!(known > 10_000, "{known}");
    }

    #[track_caller]
    fn check(names: &[&str], expect: &[&str]) {
        let mut scope = Scope::default();
        names.iter().for_each(|n| scope.want(snake(n)));
        assert_eq!(scope.settle(), expect);
    }

    #[test]
    fn collisions_are_numbered_in_order() {
        check(
            &["fooBar", "foo_bar", "FooBar"],
            &["foo_bar", "foo_bar2", "foo_bar3"],
        );
    }

    #[test]
    fn a_name_that_is_alone_keeps_its_spelling() {
        check(&["foo", "Foo", "foo2"], &["foo", "foo3", "foo2"]);
    }

    #[test]
    fn keywords_and_digits_can_collide_too() {
        check(
            &["type", "Type", "self", "Self", "v1", "V1"],
            &["r#type", "type2", "self_", "self2", "v1", "v1_2"],
        );
    }

    #[test]
    fn chosen_names_go_first() {
        let names = [
            ("a", "Thing".to_owned(), false),
            ("b", "Thing".to_owned(), true),
        ];
        let map = settle(&["Slot"], names);
        assert_eq!((map["a"].as_str(), map["b"].as_str()), ("Thing2", "Thing"));
    }

    #[test]
    fn identifiers() {
        for good in ["Money", "r#type", "_x"] {
            assert!(is_identifier(good), "{good}");
        }
        for bad in [
            "",
            "_",
            "1a",
            "a b",
            "type",
            "self",
            "r#self",
            "crate::Money",
            "ü",
        ] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }

    #[test]
    fn modules_are_files() {
        assert_eq!(
            ["type", "mod", "UserAccount", "_", "größe", "日本"].map(module),
            ["type_", "mod_", "user_account", "schema", "gr_e", "schema"]
        );
    }
}
