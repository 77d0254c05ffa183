//! What is cut out of a generated file.

use super::*;
use crate::load::Inputs;
use crate::options::Options;
use crate::pipeline;

const SCHEMA: &str = r#"
type Query { book(id: ID!): Book author: Author kind: Kind any: Any }
type Author { name: String! alias: String age(unit: String): Int @resolver }
type Book @model @access(read: "true") { id: ID! title: String! author: Author @resolver }
enum Kind { NOVEL SELF_HELP }
input Filter { text: String! }
type Mutation { find(filter: Filter): Int }
union Any = Author
scalar Isbn
"#;

/// The pieces as one text, each behind its module.
fn shown(coordinate: &str, place: Option<&str>) -> String {
    let mut inputs = Inputs::default();
    inputs.add_schema("a.graphql", SCHEMA);
    inputs.set_jobs(
        "jobs.yaml",
        "version: 1\njobs:\n  tidy_up:\n    args: { kind: Kind! }\n",
    );
    let output = pipeline::generate(&inputs, &Options::default());
    let mut diags = output.diagnostics;
    let (_, plan, _) = pipeline::planned(&inputs, &Options::default(), &mut diags)
        .unwrap_or_else(|| panic!("{}", diags.render(&inputs.sources, false)));
    let generated = output.generated.expect("the schema is right");
    expand(&plan, &generated, coordinate, place)
        .into_iter()
        .map(|piece| format!("// {}\n{}\n", piece.module, piece.text))
        .collect()
}

#[track_caller]
fn check(coordinate: &str, has: &[&str], has_not: &[&str]) {
    let text = shown(coordinate, None);
    for part in has {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    for part in has_not {
        assert!(!text.contains(part), "`{part}` in\n{text}");
    }
}

#[test]
fn a_type_has_struct_trait_tables_and_glue() {
    check(
        "Author",
        &[
            "// types\n/// `Author` of the schema.",
            "pub struct Author {\n    /// `name`\n    pub name: ",
            "// traits\n",
            "pub trait AuthorResolvers",
            "// tables\nTypeDef {\n    name: \"Author\",",
            "// glue\nimpl __gw::Object<",
        ],
        &[
            "pub struct Book",
            "pub trait QueryResolvers",
            "name: \"Book\"",
        ],
    );
    check(
        "Book",
        &[
            "__gw::model::ModelDef {\n    name: \"Book\"",
            "__gw::Model for",
        ],
        &[],
    );
}

#[test]
fn a_field_is_cut_out_of_what_holds_it() {
    check(
        "Author.name",
        &[
            "pub struct Author {\n    // …\n    /// `name`\n    pub name: ::std::string::String,\n    // …\n}",
            "FieldDef::new(\"name\"",
        ],
        &["alias", "impl ", "pub trait"],
    );
    check(
        "Author.age",
        &[
            "pub trait AuthorResolvers {\n    // …\n    /// `Author.age`",
            "fn age(",
            "FieldDef::new(\"age\"",
        ],
        &["pub struct", "alias"],
    );
    check(
        "Book.title",
        &["pub title: ", "ColumnDef {\n    field: \"title\""],
        &["field: \"id\"", "fn author"],
    );
    check("Kind.SELF_HELP", &["SelfHelp"], &["Novel"]);
    check("Filter.text", &["pub text: "], &[]);
}

#[test]
fn jobs_have_a_trait_and_arguments() {
    check(
        "jobs.tidy_up",
        &["pub struct TidyUpArgs", "pub trait TidyUp"],
        &["struct Author"],
    );
}

#[test]
fn what_only_a_place_tells_apart_is_found_by_it() {
    let line = SCHEMA
        .lines()
        .position(|line| line.starts_with("union Any"))
        .expect("there is one");
    let text = shown("Any", Some(&format!("a.graphql:{}:7", line + 1)));
    assert!(text.contains("pub enum Any"), "{text}");
}

#[test]
fn what_is_not_there_has_no_pieces() {
    for name in ["Nobody", "Author.nothing", "jobs.none"] {
        assert_eq!(shown(name, None), "", "{name}");
    }
}
