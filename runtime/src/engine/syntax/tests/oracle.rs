//! apollo-compiler agrees on what is a document: on the texts of this repository, and on what is left of them when a seed
//! has spoilt some tokens.

use std::path::{Path, PathBuf};

use super::super::parse;

/// Every GraphQL text of the repository.
fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = Vec::new();
    for folder in ["runtime/tests", "runtime/src", "examples", "tests/golden"] {
        read(&root.join(folder), &mut texts);
    }
    assert!(texts.len() > 20, "{} texts", texts.len());
    texts.push(
        r#"query Q($a: Int = 1 @d, $b: [[T!]!]! = [[{a: "\u0041", b: -1.5e+3, c: """x
            y"""}]]) @d(x: $a) { a: b(c: $a, d: [1, E, null, true]) @d { ...F ... on T @d { e } ... @d { f } } }
        mutation { a } subscription S { a } fragment F on T @d { a }"#
            .to_owned(),
    );
    texts
}

fn read(folder: &Path, texts: &mut Vec<String>) {
    let entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for path in entries {
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            read(&path, texts);
        } else if path.extension().is_some_and(|kind| kind == "graphql") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// apollo-compiler's verdict.
fn theirs(text: &str) -> bool {
    apollo_compiler::parser::Parser::new()
        .recursion_limit(400)
        .parse_ast(text, "")
        .is_ok()
}

#[test]
fn texts_of_the_repository_are_documents_to_both() {
    for text in corpus() {
        assert_eq!(parse(&text, usize::MAX).is_ok(), theirs(&text), "{text}");
    }
}

#[test]
fn spoilt_texts_are_judged_alike() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let corpus = corpus();
    let (mut documents, mut refused) = (0, 0);
    for _ in 0..1000 {
        let text = &corpus[random(corpus.len())];
        let spoilt = spoil(text, &mut random);
        let ours = parse(&spoilt, usize::MAX);
        // apollo-compiler forgives an argument without a value.
        let forgiven = |why: &str| why.starts_with("expected `:`");
        if !ours
            .as_ref()
            .is_err_and(|mistake| forgiven(&mistake.message))
        {
            assert_eq!(ours.is_ok(), theirs(&spoilt), "{ours:?} {spoilt}");
        }
        match ours {
            Ok(_) => documents += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(documents > 50 && refused > 100, "{documents} {refused}");
}

/// Takes a few tokens out, says them twice, or puts others in their place.
fn spoil(text: &str, random: &mut impl FnMut(usize) -> usize) -> String {
    const OTHERS: [&str; 24] = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "!",
        "=",
        "@",
        "|",
        "&",
        "...",
        "$",
        "on",
        "null",
        "name",
        "1",
        "1.5",
        "\"s\"",
        "\"\"\"b\"\"\"",
        "query",
        "type",
        "extend",
    ];
    // A part of the text, so that what is spoilt counts.
    let tokens = tokens(text);
    let length = tokens.len().min(1 + random(60));
    if tokens.is_empty() {
        return text.to_owned();
    }
    let start = random(tokens.len() - length + 1);
    let start = match random(3) {
        0 => start,
        _ => 0,
    };
    let length = match random(2) {
        0 => tokens.len(),
        _ => length,
    };
    let mut tokens: Vec<&str> = tokens.into_iter().skip(start).take(length).collect();
    for _ in 0..random(3) {
        let at = random(tokens.len());
        match random(3) {
            0 if tokens.len() > 1 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at]),
            _ => tokens[at] = OTHERS[random(OTHERS.len())],
        }
    }
    tokens.join(" ")
}

/// The tokens of a text that is a document.
fn tokens(text: &str) -> Vec<&str> {
    use super::super::lexer::{Kind, Lexer};
    let mut lexer = Lexer::new(text, usize::MAX);
    let mut found = Vec::new();
    while let Ok(token) = lexer.next() {
        if token.kind == Kind::End {
            break;
        }
        found.push(&text[token.start as usize..token.end as usize]);
    }
    found
}
