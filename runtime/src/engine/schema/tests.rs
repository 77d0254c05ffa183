//! Schemas, asked; and what is no schema.

use super::*;

const SDL: &str = r#"
"all of it" schema { query: Root mutation: Change }
type Root { node(id: ID!, first: Int = 10): Node any: [Any!]! old: Int @deprecated(reason: "gone") older: Int @deprecated }
type Change { set(in: In!): Root }
type Subscription { x: Int }
interface Node { id: ID! }
interface Named implements Node { id: ID! name: String }
"a user" type User implements Node & Named { id: ID! name: String mood: Mood }
type Post implements Node { id: ID! }
type Alone { x: Date }
union Any = User | Alone
enum Mood { HAPPY "not so" SAD @deprecated }
input In @oneOf { a: Int b: [In!] }
scalar Date @specifiedBy(url: "https://example.com/date")
directive @mark(n: Int! = 1, m: Int!) repeatable on FIELD | QUERY
extend type Post { title: String! }
extend union Any = Post
extend enum Mood { ANGRY }
extend input In { c: Mood }
extend schema { subscription: Subscription }
"#;

fn schema() -> Schema {
    Schema::parse(SDL).unwrap()
}

fn no(schema: &Schema, name: &str) -> u16 {
    schema.type_named(name).unwrap()
}

fn names(schema: &Schema, types: &[u16]) -> Vec<&'static str> {
    types.iter().map(|no| schema.ty(*no).name.text).collect()
}

fn field<'s>(schema: &'s Schema, ty: &str, name: &str) -> Option<&'s Field> {
    schema.field(no(schema, ty), &Name::new(name, 0))
}

#[test]
fn types_are_found_by_name_and_number() {
    let schema = schema();
    for (i, ty) in schema.types.iter().enumerate() {
        let found = schema.type_named(ty.name.text);
        let unused = ty.name == "Float";
        assert_eq!(found, (!unused).then_some(i as u16), "{}", ty.name);
    }
    assert_eq!(schema.type_named("Nope"), None);
    assert_eq!(schema.type_named("__Meta"), None);
    assert_eq!(
        schema.ty(no(&schema, "User")).description.as_deref(),
        Some("a user")
    );
    assert_eq!(schema.description.as_deref(), Some("all of it"));
    let order = names(&schema, &schema.order);
    assert_eq!(
        order,
        [
            "Root",
            "Change",
            "Subscription",
            "Node",
            "Named",
            "User",
            "Post",
            "Alone",
            "Any",
            "Mood",
            "In",
            "Date",
            "Int",
            "String",
            "Boolean",
            "ID",
            "__Schema",
            "__Type",
            "__TypeKind",
            "__Field",
            "__InputValue",
            "__EnumValue",
            "__Directive",
            "__DirectiveLocation",
        ]
    );
    let kinds: Vec<_> = order
        .iter()
        .map(|name| schema.ty(no(&schema, name)).kind)
        .collect();
    use Kind::{Enum, Input, Interface, Object, Scalar, Union};
    assert_eq!(
        kinds[..12],
        [
            Object, Object, Object, Interface, Interface, Object, Object, Object, Union, Enum,
            Input, Scalar,
        ]
    );
    let scalar = schema.ty(no(&schema, "Date"));
    assert_eq!(
        scalar.specified_by.as_deref(),
        Some("https://example.com/date")
    );
}

#[test]
fn the_roots_are_what_the_schema_says() {
    let schema = schema();
    for (kind, name) in [
        (OperationKind::Query, "Root"),
        (OperationKind::Mutation, "Change"),
        (OperationKind::Subscription, "Subscription"),
    ] {
        assert_eq!(schema.root(kind), schema.type_named(name));
    }
    let named = Schema::parse("type Query { a: Int } type Mutation { a: Int }").unwrap();
    assert_eq!(named.mutation, named.type_named("Mutation"));
    assert_eq!(named.subscription, None);
    let said =
        Schema::parse("schema { query: Query } type Query { a: Int } type Mutation { a: Int }");
    assert_eq!(said.unwrap().mutation, None);
}

#[test]
fn fields_and_arguments_are_found_by_name() {
    let schema = schema();
    let node = field(&schema, "Root", "node").unwrap();
    assert_eq!(schema.show(node.ty).to_string(), "Node");
    let (place, first) = node.arg(&Name::new("first", 0)).unwrap();
    assert_eq!((place, first.is_required()), (1, false));
    assert!(node.arg(&Name::new("id", 0)).unwrap().1.is_required());
    assert!(node.arg(&Name::new("last", 0)).is_none());
    assert_eq!(
        schema
            .show(field(&schema, "Root", "any").unwrap().ty)
            .to_string(),
        "[Any!]!"
    );
    assert_eq!(
        field(&schema, "Root", "old").unwrap().deprecated.as_deref(),
        Some("gone")
    );
    let older = field(&schema, "Root", "older").unwrap();
    assert_eq!(older.deprecated.as_deref(), Some("No longer supported"));
    assert!(node.deprecated.is_none());
    assert!(
        field(&schema, "Post", "title").is_some(),
        "an extension adds it"
    );
    assert!(field(&schema, "User", "title").is_none());
    let input = |name: &str| schema.input_field(no(&schema, "In"), &Name::new(name, 0));
    assert_eq!(input("c").map(|(place, _)| place), Some(2));
    assert!(input("d").is_none());
    assert!(schema.ty(no(&schema, "In")).one_of);
    let value = |name: &str| schema.enum_value(no(&schema, "Mood"), &Name::new(name, 0));
    assert_eq!(value("SAD").unwrap().description.as_deref(), Some("not so"));
    assert!(value("ANGRY").is_some() && value("sad").is_none());
}

#[test]
fn meta_fields_are_where_they_belong() {
    let schema = schema();
    for ty in ["Root", "User", "Node", "Any", "__Type"] {
        assert!(field(&schema, ty, "__typename").is_some(), "{ty}");
    }
    assert!(field(&schema, "Mood", "__typename").is_none());
    for name in ["__schema", "__type"] {
        assert!(field(&schema, "Root", name).is_some());
        assert!(field(&schema, "Change", name).is_none());
        assert!(field(&schema, "User", name).is_none());
    }
    assert!(field(&schema, "Root", "__nope").is_none());
}

#[test]
fn directives_are_found_by_name() {
    let schema = schema();
    let find = |name: &str| schema.directive(&Name::new(name, 0));
    let names: Vec<_> = schema.directives.iter().map(|d| d.name.text).collect();
    assert_eq!(
        names,
        [
            "mark",
            "skip",
            "include",
            "deprecated",
            "specifiedBy",
            "oneOf",
            "defer",
            "stream"
        ]
    );
    let mark = find("mark").unwrap();
    assert!(mark.repeatable && !mark.built_in);
    assert!(!mark.args[0].is_required() && mark.args[1].is_required());
    assert!(find("skip").unwrap().built_in && find("nope").is_none());
    let own = Schema::parse("type Query { a: Int } directive @oneOf on INPUT_OBJECT").unwrap();
    assert_eq!(own.directives.len(), 7);
    assert!(own.directives.iter().all(|directive| directive.built_in));
}

#[test]
fn possible_types_are_those_of_unions_and_interfaces() {
    let schema = schema();
    let possible = |name: &str| names(&schema, &schema.ty(no(&schema, name)).possible);
    assert_eq!(possible("Node"), ["User", "Post"]);
    assert_eq!(possible("Named"), ["User"]);
    assert_eq!(possible("Any"), ["User", "Alone", "Post"]);
    assert_eq!(possible("User"), [""; 0]);
    for (a, b, overlap) in [
        ("Node", "Any", true),
        ("Named", "Any", true),
        ("Named", "Post", false),
        ("Post", "Any", true),
        ("Alone", "Node", false),
        ("User", "User", true),
        ("User", "Post", false),
    ] {
        assert_eq!(
            schema.overlap(no(&schema, a), no(&schema, b)),
            overlap,
            "{a} {b}"
        );
        assert_eq!(
            schema.overlap(no(&schema, b), no(&schema, a)),
            overlap,
            "{b} {a}"
        );
    }
    for (sub, of, is) in [
        ("User", "Named", true),
        ("Named", "Node", true),
        ("Node", "Named", false),
        ("Alone", "Any", true),
        ("Named", "Any", false),
        ("User", "User", true),
    ] {
        assert_eq!(
            schema.is_subtype(no(&schema, sub), no(&schema, of)),
            is,
            "{sub} {of}"
        );
    }
}

#[test]
fn tables_give_the_numbers() {
    static FIELDS: &[FieldDef] = &[
        FieldDef::new("b", Source::Resolver, LEAF, false),
        FieldDef::new("a", Source::Member, 0, false),
    ];
    const fn table(name: &'static str, fields: &'static [FieldDef]) -> TypeDef {
        let shape = Shape::Object;
        TypeDef {
            name,
            shape,
            fields,
        }
    }
    static DEF: SchemaDef = SchemaDef {
        sdl: "enum E { A } type Query { a: T b: E c: Int } type Other { a: Int } type T { a: T b: Int }",
        types: &[table("T", FIELDS), table("Query", FIELDS)],
        query: 1,
        mutation: None,
        subscription: None,
    };
    let schema = Schema::new(&DEF, &[]).unwrap();
    assert_eq!(names(&schema, &[0, 1, 2, 3]), ["T", "Query", "Other", "E"]);
    assert_eq!(
        names(&schema, &schema.order[..4]),
        ["E", "Query", "Other", "T"]
    );
    let number = |name: &str| field(&schema, "Query", name).unwrap().def.map(|(no, _)| no);
    assert_eq!(
        (number("a"), number("b"), number("c")),
        (Some(1), Some(0), None)
    );
    let wrong = |def: SchemaDef| Schema::new(Box::leak(Box::new(def)), &[]).unwrap_err();
    assert_eq!(
        wrong(SchemaDef { query: 0, ..DEF }),
        "the root types of the tables and of the SDL differ"
    );
    static TYPES: &[TypeDef] = &[table("T", FIELDS), table("Nope", FIELDS)];
    let types = TYPES;
    assert_eq!(
        wrong(SchemaDef { types, ..DEF }),
        "the SDL has no type `Nope`"
    );
}

#[test]
fn what_is_no_schema_is_refused() {
    for (sdl, message) in [
        (
            "",
            "1:1: expected a definition (such as `query` or `type`), found the end of the document",
        ),
        (
            "type Query { a: Int",
            "1:20: expected a name, found the end of the document",
        ),
        (
            "type Query { a: Int }\n{ a }",
            "2:1: an operation in a schema",
        ),
        ("type A { a: Int }", "there is no query root"),
        (
            "schema { query: A } input A { a: Int }",
            "`schema` names the type `A`, which does not fit",
        ),
        (
            "type Query { a: Nope }",
            "`a` names the type `Nope`, which is not there",
        ),
        (
            "type Query { a: In } input In { a: Int }",
            "`a` names the type `In`, which does not fit",
        ),
        (
            "type Query { a(b: Query): Int }",
            "`a` names the type `Query`, which does not fit",
        ),
        ("type Query { a: Int a: Int }", "`Query.a` is defined twice"),
        (
            "type Query { a: Int } type Query { b: Int }",
            "the type `Query` is defined twice",
        ),
        (
            "type Query { a: Int } extend type Other { b: Int }",
            "`Other` is extended, but not defined so",
        ),
        (
            "type Query { a: Int } extend input Query { b: Int }",
            "`Query` is extended, but not defined so",
        ),
        (
            "type Query { a: Int } union U = In input In { a: Int }",
            "`U` names the type `In`, which does not fit",
        ),
        (
            "type Query implements Query { a: Int }",
            "`Query` names the type `Query`, which does not fit",
        ),
        (
            "type Query { a: Int } enum E { A A }",
            "`E.A` is defined twice",
        ),
        (
            "type Query { a: Int } directive @d on FIELD directive @d on FIELD",
            "`@d` is defined twice",
        ),
        (
            "type Query { a: Int } type __Type { a: Int }",
            "the name `__Type` is taken",
        ),
    ] {
        assert_eq!(Schema::parse(sdl).unwrap_err(), message, "{sdl}");
    }
    assert!(Schema::parse("type Query { a: Int } scalar Int scalar Float").is_ok());
}
