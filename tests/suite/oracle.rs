//! What is valid SDL: our verdict against apollo-compiler's, over a corpus.
//!
//! `corpus/*.graphql` hold documents behind lines of `--- name`. About those named `differs: …` the verdicts are known to
//! differ: that file says why.

use crate::golden::{entries, folder};
use graphwright_codegen::diagnostic::{Code, Diagnostics};
use graphwright_codegen::load::Inputs;
use graphwright_codegen::pipeline::check;
use graphwright_codegen::source::{Source, Sources};
use graphwright_codegen::{parse, print};
use std::fs;
use std::path::Path;

pub struct Document {
    pub name: String,
    pub text: String,
}

/// The documents of the corpus that we accept.
pub fn valid() -> Vec<Document> {
    let mut all = corpus();
    all.retain(|document| ours(&document.text).is_ok());
    all
}

fn corpus() -> Vec<Document> {
    let mut all = Vec::new();
    for path in entries(&folder("suite/corpus")) {
        let file = path.file_stem().unwrap().to_str().unwrap().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let text = format!("\n{text}");
        for part in text.split("\n--- ").skip(1) {
            let (name, text) = part.split_once('\n').unwrap_or((part, ""));
            all.push(Document {
                name: format!("{file}: {name}"),
                text: text.into(),
            });
        }
    }
    all
}

/// Rules of the specification that the oracle does not know (see `corpus/differs.graphql`).
const NOT_THEIRS: [&str; 5] = [
    "/DefaultCycle/",
    "/DefaultValue/enums",
    "/DeprecatedRequired/",
    "/OneOfDefault/",
    "/OneOfNonNull/",
];

/// The cases of the specification's diagnostics that are a single file without our directives.
fn diagnostic_cases() -> Vec<Document> {
    let groups = entries(&folder("diagnostics"));
    let files = groups
        .iter()
        .flat_map(|group| entries(group))
        .filter(|path| path.extension().is_some_and(|e| e == "graphql"));
    let name = |path: &Path| {
        let name = path.display().to_string();
        if NOT_THEIRS.iter().any(|group| name.contains(group)) {
            format!("differs: {name}")
        } else {
            name
        }
    };
    let ours = |path: &Path| {
        let group = path.parent().unwrap().file_name().unwrap();
        let code = Code::ALL.iter().find(|code| *code.name() == *group);
        code.is_none_or(|code| *code as u16 >= 200) || name(path).ends_with("all-hidden.graphql")
    };
    files
        .filter(|path| !ours(path))
        .map(|path| Document {
            name: name(&path),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect()
}

fn ours(text: &str) -> Result<(), String> {
    let mut inputs = Inputs::default();
    inputs.add_schema("a.graphql", text);
    let mut diags = Diagnostics::default();
    check(&inputs, &mut diags)
        .map(|_| ())
        .ok_or_else(|| diags.render_lines(&inputs.sources))
}

/// apollo-compiler's verdict. It does not know `@oneOf` by itself.
fn theirs(text: &str) -> Result<(), String> {
    let one_of = if text.contains("@oneOf") {
        "\ndirective @oneOf on INPUT_OBJECT"
    } else {
        ""
    };
    match apollo_compiler::Schema::parse_and_validate(format!("{text}{one_of}"), "a.graphql") {
        Ok(_) => Ok(()),
        Err(error) => Err(error.errors.to_string()),
    }
}

#[test]
fn our_verdict_is_the_oracles() {
    let corpus = corpus();
    let (mut valid, mut invalid, mut wrong) = (0, 0, Vec::new());
    for document in corpus.iter().chain(&diagnostic_cases()) {
        let (our, their) = (ours(&document.text), theirs(&document.text));
        let differs = document.name.contains("differs: ");
        *(if our.is_ok() {
            &mut valid
        } else {
            &mut invalid
        }) += 1;
        if (our.is_ok() == their.is_ok()) == differs {
            wrong.push(format!(
                "## {}\n{}\nours: {our:?}\ntheirs: {their:?}\n",
                document.name, document.text
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} verdicts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        valid >= 75 && invalid >= 75,
        "the corpus has {valid} valid and {invalid} invalid documents"
    );
}

/// Whatever stands in a file, it is reported or understood: each document cut off at many places, and with pieces left out.
#[test]
fn nothing_makes_the_parser_panic() {
    for document in corpus() {
        let text = &document.text;
        let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for (i, at) in cuts.iter().enumerate().step_by(5) {
            let behind = cuts.get(i + 4).copied().unwrap_or(text.len());
            for text in [
                text[..*at].to_string(),
                format!("{}{}", &text[..*at], &text[behind..]),
            ] {
                let sources = Sources(vec![Source {
                    name: "a.graphql".into(),
                    text,
                }]);
                let mut diags = Diagnostics::default();
                parse::sdl(&sources, &mut diags);
                diags.render(&sources, false);
            }
        }
    }
}

/// The example's files, with one line of one file changed by `edit`.
fn booking(edit: Option<(usize, usize, &str)>) -> Inputs {
    let mut inputs = Inputs::default();
    for (number, file) in entries(&folder("../examples/booking/schema"))
        .iter()
        .enumerate()
    {
        let text = fs::read_to_string(file).unwrap();
        let lines = text.lines().enumerate().map(|(at, line)| match edit {
            Some((in_file, in_line, with)) if in_file == number && in_line == at => with,
            _ => line,
        });
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        inputs.add_schema(file.file_name().unwrap().to_str().unwrap(), &text);
    }
    inputs.set_jobs(
        "jobs.yaml",
        &fs::read_to_string(folder("../examples/booking/jobs.yaml")).unwrap(),
    );
    inputs
}

/// The example that everybody reads first has nothing to say.
#[test]
fn the_booking_example_is_clean() {
    let inputs = booking(None);
    let mut diags = Diagnostics::default();
    check(&inputs, &mut diags);
    assert_eq!(diags.render(&inputs.sources, false), "");
}

/// Whatever line of it is missing or nonsense, no stage falls over.
#[test]
fn no_line_of_the_booking_example_is_load_bearing() {
    let files = booking(None).sources.0;
    for (number, file) in files
        .iter()
        .filter(|file| file.name.ends_with(".graphql"))
        .enumerate()
    {
        for line in 0..file.text.lines().count() {
            for with in ["", "  x: Listing! @belongsTo @list @filter @create"] {
                let inputs = booking(Some((number, line, with)));
                let mut diags = Diagnostics::default();
                check(&inputs, &mut diags);
                diags.render_lines(&inputs.sources);
            }
        }
    }
}

/// What is printed of a valid schema is valid for both, and reads back as the same.
#[test]
fn the_public_sdl_reads_back() {
    let printed = |text: &str| {
        let mut inputs = Inputs::default();
        inputs.add_schema("a.graphql", text);
        let mut diags = Diagnostics::default();
        let ir = check(&inputs, &mut diags);
        ir.map(|ir| print::sdl(&ir.schema))
            .ok_or_else(|| diags.render_lines(&inputs.sources))
    };
    let mut count = 0;
    for document in corpus() {
        let Ok(first) = printed(&document.text) else {
            continue;
        };
        assert_eq!(printed(&first).as_ref(), Ok(&first), "{}", document.name);
        let known = first.replace("directive @oneOf on INPUT_OBJECT", "");
        assert_eq!(theirs(&known), Ok(()), "{}\n{first}", document.name);
        count += 1;
    }
    assert!(count >= 75, "{count} documents were printed");
}
