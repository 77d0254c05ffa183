//! How definitions, extensions and roots come together in one schema.

use crate::diagnostic::Diagnostics;
use crate::ir::{FieldSource, Schema, TypeKind};
use crate::parse;
use crate::source::{Source, Sources};

fn read(texts: &[&str]) -> Schema {
    let source = |(i, text): (usize, &&str)| Source {
        name: format!("{i}.graphql"),
        text: text.to_string(),
    };
    let sources = Sources(texts.iter().enumerate().map(source).collect());
    let mut diags = Diagnostics::default();
    let schema = super::schema(&parse::sdl(&sources, &mut diags), &mut diags);
    assert!(!diags.has_errors(), "{}", diags.render(&sources, false));
    schema
}

fn source(schema: &Schema, ty: &str, field: &str) -> FieldSource {
    let field = schema.types[ty]
        .fields()
        .iter()
        .find(|found| found.name == field);
    field.expect("the field").source.clone()
}

#[test]
fn a_field_gets_its_value_as_its_directives_say() {
    let schema = read(&["type Query { a: T b(x: Int): Int c: Int @each } \
        type T { a: Int b(x: Int): Int c: Int @resolver d: Int @each e(x: Int): Int @each }"]);
    let check = |ty: &str, field: &str, expect: FieldSource| {
        assert_eq!(source(&schema, ty, field), expect, "{ty}.{field}")
    };
    check("Query", "a", FieldSource::Resolver);
    check("Query", "b", FieldSource::Resolver);
    check("Query", "c", FieldSource::Resolver);
    check("T", "a", FieldSource::Member);
    check("T", "b", FieldSource::Resolver);
    check("T", "c", FieldSource::Resolver);
    check("T", "d", FieldSource::Each);
    check("T", "e", FieldSource::Each);
}

#[test]
fn roots_have_their_usual_names_unless_the_schema_says_otherwise() {
    let roots = |texts: &[&str]| {
        let schema = read(texts);
        schema
            .roots()
            .map(|(operation, root)| format!("{operation}: {}", root.name))
            .collect::<Vec<_>>()
    };
    let types = "type Query { a: Int } type Mutation { a: Int } type M { a: Int }";
    assert_eq!(roots(&[types]), ["query: Query", "mutation: Mutation"]);
    assert_eq!(roots(&[types, "schema { query: Query }"]), ["query: Query"]);
    assert_eq!(
        roots(&["schema { query: Query mutation: M }", types]),
        ["query: Query", "mutation: M"]
    );
    assert_eq!(
        roots(&["extend schema { subscription: M }", types]),
        ["query: Query", "mutation: Mutation", "subscription: M"]
    );
}

#[test]
fn extensions_of_all_files_are_merged_whatever_their_order() {
    let schema = read(&[
        "extend type T implements N @d { b: Int } extend enum E { B } extend union U = T extend input I @oneOf { b: Int }",
        "type Query { t: T } type T { a: Int } interface N { a: Int } enum E { A } union U = Query input I { a: Int }",
        "directive @d on OBJECT",
    ]);
    let t = &schema.types["T"];
    assert_eq!(
        t.fields()
            .iter()
            .map(|field| &field.name)
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert!(t.directive("d").is_some());
    assert!(matches!(&t.kind, TypeKind::Object { implements, .. } if implements[0].name == "N"));
    assert!(matches!(&schema.types["E"].kind, TypeKind::Enum { values } if values.len() == 2));
    assert!(matches!(&schema.types["U"].kind, TypeKind::Union { members } if members.len() == 2));
    assert!(
        matches!(&schema.types["I"].kind, TypeKind::Input { fields, one_of: true } if fields.len() == 2)
    );
}

#[test]
fn deprecation_has_a_reason() {
    let schema = read(&[
        "type Query { a(x: Int @deprecated): Int @deprecated(reason: \"old\") b: E c: Int @deprecated } enum E { A @deprecated B }",
    ]);
    let fields = schema.types["Query"].fields();
    assert_eq!(fields[0].deprecated.as_deref(), Some("old"));
    assert_eq!(
        fields[0].args[0].deprecated.as_deref(),
        Some("No longer supported")
    );
    assert_eq!(fields[1].deprecated, None);
    assert_eq!(fields[2].deprecated.as_deref(), Some("No longer supported"));
    assert!(
        matches!(&schema.types["E"].kind, TypeKind::Enum { values } if values[0].deprecated.is_some() && values[1].deprecated.is_none())
    );
}
