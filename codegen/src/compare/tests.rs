//! One small before and after for each rule, and near misses.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::load::Inputs;
use crate::pipeline;

fn schema(sdl: &str) -> Schema {
    let mut inputs = Inputs::default();
    let query = match sdl.contains("type Query") {
        true => "",
        false => "type Query { q: Int }\n",
    };
    inputs.add_schema("a.graphql", &format!("{query}{sdl}"));
    let mut diags = Diagnostics::default();
    let ir = pipeline::check(&inputs, &mut diags);
    let ir = ir.unwrap_or_else(|| panic!("{}", diags.render(&inputs.sources, false)));
    ir.schema.clone()
}

/// `expect` has a line for each change: `level KIND coordinate`, or with `: message` behind it.
#[track_caller]
fn check(before: &str, after: &str, expect: &[&str]) {
    let changes = compare(&schema(before), &schema(after));
    let found: Vec<String> = changes
        .iter()
        .zip(expect.iter().map(Some).chain(std::iter::repeat(None)))
        .map(|(change, expect)| {
            let head = format!("{} {} {}", change.level, change.kind, change.coordinate);
            match expect {
                Some(expect) if expect.contains(": ") => format!("{head}: {}", change.message),
                _ => head,
            }
        })
        .collect();
    assert_eq!(found, expect, "{before}\n---\n{after}");
}

/// The same both ways: what comes one way goes the other.
#[track_caller]
fn both(a: &str, b: &str, there: &[&str], back: &[&str]) {
    check(a, b, there);
    check(b, a, back);
    check(a, a, &[]);
    check(b, b, &[]);
}

#[test]
fn types_come_go_and_change() {
    both(
        "",
        "type A { a: Int }",
        &["safe TYPE_ADDED A: an object type is new"],
        &[
            "breaking TYPE_REMOVED A: the type is gone: fragments on it and variables of it are refused",
        ],
    );
    check(
        "scalar A",
        "enum A { B }",
        &["breaking TYPE_CHANGED_KIND A: was a scalar and is an enum now"],
    );
    check(
        "type A { a: Int }",
        "interface A { a: Int }",
        &["breaking TYPE_CHANGED_KIND A"],
    );
    check(
        "type A { a: Int @resolver }",
        "type B @renamedFrom(name: \"A\") { a: Int @resolver }",
        &[
            "breaking TYPE_REMOVED A: the type is called `B` now: fragments on `A` and variables of it are refused",
            "safe TYPE_ADDED B",
        ],
    );
}

#[test]
fn what_is_hidden_is_not_compared() {
    let hidden = "type Me @auth { id: ID! }";
    check("", hidden, &[]);
    check(hidden, "type Me @auth { id: ID! role: String }", &[]);
    check(
        "type Query { q: Int a: Int }",
        "type Query { q: Int a: Int @hidden }",
        &["breaking FIELD_REMOVED Query.a"],
    );
}

#[test]
fn roots() {
    both(
        "",
        "type Mutation { m: Int }",
        &["safe TYPE_ADDED Mutation", "safe ROOT_ADDED mutation"],
        &[
            "breaking TYPE_REMOVED Mutation",
            "breaking ROOT_REMOVED mutation: there is no mutation any more: `Mutation` was its type",
        ],
    );
    let named = |name: &str| {
        format!("schema {{ query: {name} }} type Query {{ q: Int }} type Other {{ q: Int }}")
    };
    check(
        &named("Query"),
        &named("Other"),
        &["breaking ROOT_CHANGED query: a query starts at `Other` now, not at `Query`"],
    );
}

#[test]
fn fields_come_and_go() {
    both(
        "type A { a: Int }",
        "type A { a: Int b: String! }",
        &["safe FIELD_ADDED A.b: the field is new: `String!`"],
        &["breaking FIELD_REMOVED A.b: the field is gone: operations with it are refused"],
    );
    both(
        "interface A { a: Int }",
        "interface A { a: Int b: Int }",
        &["safe FIELD_ADDED A.b"],
        &["breaking FIELD_REMOVED A.b"],
    );
    check("type A { a: Int b: Int }", "type A { b: Int a: Int }", &[]);
    check(
        "type A { a: Int b: Int @deprecated }",
        "type A { a: Int }",
        &[
            "breaking FIELD_REMOVED A.b: the field is gone: operations with it are refused (it was deprecated)",
        ],
    );
    check(
        "type Query { search(text: String): Int }",
        "type Query { find(text: String): Int @renamedFrom(name: \"search\") }",
        &[
            "breaking FIELD_REMOVED Query.search: the field is called `find` now: operations with `search` are refused",
            "safe FIELD_ADDED Query.find",
        ],
    );
}

#[test]
fn results_may_promise_more() {
    let retyped = |was: &str, is: &str, expect: &str| {
        let of =
            |ty: &str| format!("type Query {{ a: {ty} }} type T {{ t: Int }} type U {{ t: Int }}");
        check(&of(was), &of(is), &[&format!("{expect} Query.a")]);
    };
    let (safe, breaking) = (
        "safe FIELD_CHANGED_KIND_SAFE",
        "breaking FIELD_CHANGED_KIND",
    );
    for (was, is) in [
        ("Int", "Int!"),
        ("[Int]", "[Int!]"),
        ("[Int]", "[Int!]!"),
        ("[[Int]]!", "[[Int]!]!"),
    ] {
        retyped(was, is, safe);
        retyped(is, was, breaking);
    }
    for (was, is) in [
        ("Int", "String"),
        ("Int", "[Int]"),
        ("[Int]", "Int"),
        ("T", "U"),
        ("[[Int]]", "[Int]"),
        ("[Int]!", "[Int!]"),
        ("Int", "Float"),
    ] {
        retyped(was, is, breaking);
    }
    check(
        "type Query { a: Int! }",
        "type Query { a: Int }",
        &[
            "breaking FIELD_CHANGED_KIND Query.a: `Int!` is `Int` now: null where clients were promised none",
        ],
    );
}

#[test]
fn arguments_come_and_go() {
    both(
        "type Query { a: Int }",
        "type Query { a(n: Int): Int }",
        &[
            "dangerous OPTIONAL_ARG_ADDED Query.a(n:): the argument is new (`Int`): what leaving it out means is for the server to say",
        ],
        &[
            "breaking ARG_REMOVED Query.a(n:): the argument is gone: operations that give it are refused",
        ],
    );
    check(
        "type Query { a: Int }",
        "type Query { a(n: Int!): Int }",
        &["breaking REQUIRED_ARG_ADDED Query.a(n:)"],
    );
    check(
        "type Query { a: Int }",
        "type Query { a(n: Int! = 1): Int }",
        &["dangerous OPTIONAL_ARG_ADDED Query.a(n:)"],
    );
    check(
        "type Query { a(n: Int): Int }",
        "type Query { a(m: Int @renamedFrom(name: \"n\")): Int }",
        &[
            "breaking ARG_REMOVED Query.a(n:): the argument is called `m` now: operations that give `n` are refused",
            "dangerous OPTIONAL_ARG_ADDED Query.a(m:)",
        ],
    );
    check(
        "type Query { a(n: Int, m: Int): Int }",
        "type Query { a(m: Int, n: Int): Int }",
        &[],
    );
    check(
        "interface I { a: Int }",
        "interface I { a(n: Int!): Int }",
        &["breaking REQUIRED_ARG_ADDED I.a(n:)"],
    );
}

#[test]
fn arguments_may_take_more() {
    let retyped = |was: &str, is: &str, expect: &str| {
        let of = |ty: &str| format!("type Query {{ a(n: {ty}): Int }}");
        check(&of(was), &of(is), &[&format!("{expect} Query.a(n:)")]);
    };
    let (safe, breaking) = ("safe ARG_CHANGED_KIND_SAFE", "breaking ARG_CHANGED_KIND");
    for (was, is) in [
        ("Int!", "Int"),
        ("[Int!]", "[Int]"),
        ("[Int!]!", "[Int]"),
        ("[[Int]!]!", "[[Int]]!"),
    ] {
        retyped(was, is, safe);
        retyped(is, was, breaking);
    }
    // A literal would still be taken, a variable of the old type would not.
    for (was, is) in [
        ("Int", "[Int]"),
        ("Int", "Float"),
        ("[Int]", "Int"),
        ("Int", "ID"),
    ] {
        retyped(was, is, breaking);
    }
    check(
        "type Query { a(n: Int): Int }",
        "type Query { a(n: Int!): Int }",
        &["breaking ARG_CHANGED_KIND Query.a(n:): `Int` is `Int!` now: null is refused now"],
    );
}

#[test]
fn input_fields() {
    let of = |fields: &str| format!("type Query {{ a(i: I): Int }} input I {{ x: Int {fields} }}");
    both(
        &of(""),
        &of("y: Int"),
        &["dangerous OPTIONAL_INPUT_FIELD_ADDED I.y"],
        &["breaking FIELD_REMOVED I.y: the field is gone: inputs with it are refused"],
    );
    check(
        &of(""),
        &of("y: Int!"),
        &["breaking REQUIRED_INPUT_FIELD_ADDED I.y"],
    );
    check(
        &of(""),
        &of("y: Int! = 3"),
        &["dangerous OPTIONAL_INPUT_FIELD_ADDED I.y"],
    );
    both(
        &of("y: Int!"),
        &of("y: Int"),
        &["safe FIELD_CHANGED_KIND_SAFE I.y: `Int!` is `Int` now, which takes more"],
        &["breaking FIELD_CHANGED_KIND I.y"],
    );
    check(
        &of("y: Int"),
        &of("y: String"),
        &["breaking FIELD_CHANGED_KIND I.y"],
    );
}

#[test]
fn exactly_one_field() {
    let of = |one: &str| format!("type Query {{ a(i: I): Int }} input I {one} {{ x: Int y: Int }}");
    both(
        &of(""),
        &of("@oneOf"),
        &["breaking INPUT_BECAME_ONE_OF I"],
        &["safe INPUT_CEASED_TO_BE_ONE_OF I"],
    );
}

#[test]
fn defaults() {
    let arg = |text: &str| format!("type Query {{ a(n: {text}): Int }}");
    let field = |text: &str| format!("type Query {{ a(i: I): Int }} input I {{ n: {text} }}");
    both(
        &arg("Int = 1"),
        &arg("Int"),
        &["dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(n:): left out it is not `1` any more"],
        &["dangerous ARG_DEFAULT_VALUE_ADDED Query.a(n:): left out it is `1` now"],
    );
    both(
        &arg("Int! = 1"),
        &arg("Int!"),
        &[
            "breaking ARG_BECAME_REQUIRED Query.a(n:): it must be given now: its default `1` is gone",
        ],
        &["safe ARG_DEFAULT_VALUE_ADDED Query.a(n:): it may be left out now: it is `1` then"],
    );
    check(
        &arg("Int = 1"),
        &arg("Int = 2"),
        &["dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(n:): left out it is `2` now, not `1`"],
    );
    check(
        &arg("Int = 1"),
        &arg("Int = null"),
        &["dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(n:)"],
    );
    // The type alone is told when it breaks already.
    check(
        &arg("Int = 1"),
        &arg("String = \"1\""),
        &["breaking ARG_CHANGED_KIND Query.a(n:)"],
    );
    check(
        &field("Int! = 1"),
        &field("Int!"),
        &["breaking INPUT_FIELD_BECAME_REQUIRED I.n"],
    );
    check(
        &field("Int = 1"),
        &field("Int = 2"),
        &["dangerous INPUT_FIELD_DEFAULT_VALUE_CHANGE I.n"],
    );
    check(
        &field("Int"),
        &field("Int = 2"),
        &["dangerous INPUT_FIELD_DEFAULT_VALUE_ADDED I.n"],
    );
    let object = |text: &str| {
        format!("type Query {{ a(i: I = {text}): Int }} input I {{ x: Int y: [Int] }}")
    };
    check(&object("{x: 1, y: [2]}"), &object("{ y: [2], x: 1 }"), &[]);
    check(
        &object("{y: [1, 2]}"),
        &object("{y: [2, 1]}"),
        &["dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(i:)"],
    );
}

#[test]
fn enums_and_unions() {
    both(
        "enum E { A }",
        "enum E { A B }",
        &["dangerous VALUE_ADDED_TO_ENUM E.B"],
        &["breaking VALUE_REMOVED_FROM_ENUM E.B"],
    );
    check("enum E { A B }", "enum E { B A }", &[]);
    let of = |members: &str| format!("type A {{ a: Int }} type B {{ b: Int }} union U = {members}");
    both(
        &of("A"),
        &of("A | B"),
        &["dangerous TYPE_ADDED_TO_UNION U"],
        &["breaking TYPE_REMOVED_FROM_UNION U"],
    );
    check(&of("A | B"), &of("B | A"), &[]);
}

#[test]
fn interfaces() {
    let of = |how: &str| format!("interface I {{ a: Int }} type T {how} {{ a: Int }}");
    both(
        &of(""),
        &of("implements I"),
        &["dangerous IMPLEMENTED_INTERFACE_ADDED T"],
        &["breaking IMPLEMENTED_INTERFACE_REMOVED T"],
    );
    let of = |how: &str| format!("interface I {{ a: Int }} interface J {how} {{ a: Int }}");
    both(
        &of(""),
        &of("implements I"),
        &["dangerous IMPLEMENTED_INTERFACE_ADDED J"],
        &["breaking IMPLEMENTED_INTERFACE_REMOVED J"],
    );
}

#[test]
fn directives_of_operations() {
    both(
        "",
        "directive @d on FIELD",
        &["safe DIRECTIVE_ADDED @d"],
        &["breaking DIRECTIVE_REMOVED @d: the directive is gone: operations with it are refused"],
    );
    both(
        "directive @d on FIELD",
        "directive @d(a: Int) on FIELD",
        &["safe OPTIONAL_DIRECTIVE_ARG_ADDED @d(a:)"],
        &["breaking DIRECTIVE_ARG_REMOVED @d(a:)"],
    );
    check(
        "directive @d on FIELD",
        "directive @d(a: Int!) on FIELD",
        &["breaking REQUIRED_DIRECTIVE_ARG_ADDED @d(a:)"],
    );
    both(
        "directive @d(a: Int!) on FIELD",
        "directive @d(a: Int) on FIELD",
        &["safe ARG_CHANGED_KIND_SAFE @d(a:)"],
        &["breaking ARG_CHANGED_KIND @d(a:)"],
    );
    check(
        "directive @d(a: Int = 1) on FIELD",
        "directive @d(a: Int = 2) on FIELD",
        &["dangerous ARG_DEFAULT_VALUE_CHANGE @d(a:)"],
    );
    both(
        "directive @d repeatable on FIELD",
        "directive @d on FIELD",
        &["breaking DIRECTIVE_REPEATABLE_REMOVED @d"],
        &["safe DIRECTIVE_REPEATABLE_ADDED @d"],
    );
    both(
        "directive @d on FIELD | QUERY",
        "directive @d on FIELD",
        &["breaking DIRECTIVE_LOCATION_REMOVED @d: it may not stand on `QUERY` any more"],
        &["safe DIRECTIVE_LOCATION_ADDED @d"],
    );
}

#[test]
fn directives_of_schemas_are_not_felt() {
    both(
        "",
        "directive @d(a: Int! = 1) repeatable on OBJECT",
        &["safe DIRECTIVE_ADDED @d"],
        &["safe DIRECTIVE_REMOVED @d: the directive is gone, which no operation could have"],
    );
    check(
        "directive @d(a: Int, b: Int = 1) repeatable on OBJECT | FIELD_DEFINITION",
        "directive @d(b: Int! = 2, c: Int!) on OBJECT",
        &[
            "safe DIRECTIVE_LOCATION_REMOVED @d",
            "safe DIRECTIVE_REPEATABLE_REMOVED @d",
            "safe DIRECTIVE_ARG_REMOVED @d(a:)",
            "safe ARG_CHANGED_KIND @d(b:)",
            "safe REQUIRED_DIRECTIVE_ARG_ADDED @d(c:)",
        ],
    );
    check(
        "directive @d on OBJECT | FIELD",
        "directive @d on FIELD",
        &["safe DIRECTIVE_LOCATION_REMOVED @d"],
    );
    // The definitions of ours that clients are told of come with their first use.
    check(
        "type Query { a: Int }",
        "type Query { a: Int @cost(weight: \"3\") }",
        &[
            "dangerous COST_CHANGED Query.a: has `@cost(weight: \"3\")` now",
            "safe DIRECTIVE_ADDED @cost",
        ],
    );
}

#[test]
fn costs_and_caches() {
    let cost = |n: u32| {
        format!(
            "type Query {{ a(n: Int @cost(weight: \"{n}\")): Int @cost(weight: \"{n}\") }} type T @cost(weight: \"{n}\") {{ t: Int }}"
        )
    };
    check(
        &cost(1),
        &cost(2),
        &[
            "dangerous COST_CHANGED Query.a: `@cost(weight: \"1\")` is `@cost(weight: \"2\")` now",
            "dangerous COST_CHANGED Query.a(n:)",
            "dangerous COST_CHANGED T",
        ],
    );
    let list = |args: &str| format!("type Query {{ a(first: Int): [Int] @listSize({args}) }}");
    check(
        &list("assumedSize: 1, slicingArguments: [\"first\"]"),
        &list("slicingArguments: [\"first\"], assumedSize: 1"),
        &[],
    );
    check(
        &list("assumedSize: 1"),
        &list("assumedSize: 5"),
        &["dangerous COST_CHANGED Query.a"],
    );
    let cache = |age: u32| format!("type Query {{ a: Int @cacheControl(maxAge: {age}) }}");
    check(&cache(1), &cache(2), &["safe CACHE_CHANGED Query.a"]);
}

#[test]
fn scalars() {
    let of = |url: &str| format!("scalar S {url}");
    let (a, b) = (
        "@specifiedBy(url: \"https://a\")",
        "@specifiedBy(url: \"https://b\")",
    );
    check(&of(a), &of(b), &["dangerous SPECIFIED_BY_CHANGED S"]);
    both(&of(a), &of(""), &["dangerous SPECIFIED_BY_CHANGED S"], &[]);
}

#[test]
fn deprecations() {
    both(
        "type A { a: Int }",
        "type A { a: Int @deprecated(reason: \"old\") }",
        &["safe DEPRECATION_ADDED A.a: is deprecated: old"],
        &["safe DEPRECATION_REMOVED A.a"],
    );
    check(
        "enum E { A B @deprecated }",
        "enum E { A B @deprecated(reason: \"x\") }",
        &["safe DEPRECATION_REASON_CHANGED E.B"],
    );
    check(
        "type Query { a(n: Int): Int } input I { x: Int y: Int }",
        "type Query { a(n: Int @deprecated): Int } input I { x: Int y: Int @deprecated }",
        &[
            "safe DEPRECATION_ADDED I.y",
            "safe DEPRECATION_ADDED Query.a(n:)",
        ],
    );
}

#[test]
fn descriptions() {
    check(
        "type A { a(n: Int): Int } enum E { A } input I { x: Int } directive @d on FIELD",
        "\"1\" type A { \"2\" a(\"3\" n: Int): Int } enum E { \"4\" A } input I { \"5\" x: Int } \"6\" directive @d on FIELD",
        &[
            "safe DESCRIPTION_CHANGED @d: is described now",
            "safe DESCRIPTION_CHANGED A",
            "safe DESCRIPTION_CHANGED A.a",
            "safe DESCRIPTION_CHANGED A.a(n:)",
            "safe DESCRIPTION_CHANGED E.A",
            "safe DESCRIPTION_CHANGED I.x",
        ],
    );
    both(
        "\"one\" type A { a: Int }",
        "\"two\" type A { a: Int }",
        &["safe DESCRIPTION_CHANGED A: is described in other words"],
        &["safe DESCRIPTION_CHANGED A"],
    );
}

#[test]
fn generated_operations_are_compared_as_clients_see_them() {
    let of = |fields: &str| {
        format!(
            "type Query {{ notes: [Note!]! @list(paginate: CURSOR) }}
             type Note @model @access(read: \"true\") {{ id: ID! text: String! {fields} }}"
        )
    };
    let changes = compare(&schema(&of("")), &schema(&of("likes: Int! @filter @sort")));
    let found: Vec<&str> = changes.iter().map(|c| &*c.coordinate).collect();
    assert!(found.contains(&"Note.likes"), "{found:?}");
    assert!(
        changes.iter().all(|c| c.level != Level::Breaking),
        "{changes:#?}"
    );
    let back = compare(&schema(&of("likes: Int! @filter @sort")), &schema(&of("")));
    assert!(
        back.iter()
            .any(|c| c.kind == "FIELD_REMOVED" && c.coordinate == "Note.likes")
    );
}

#[test]
fn every_kind_is_known_once_and_in_order() {
    assert!(KINDS.is_sorted());
    assert!(KINDS.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn changes_know_where_they_stand() {
    let before = "type Query {\n  a: Int\n  b: Int\n}";
    let after = "type Query {\n  b: String\n}";
    let changes = compare(&schema(before), &schema(after));
    let at = |text: &str, span: Option<Span>| {
        span.map(|s| text[s.start as usize..s.end as usize].to_owned())
    };
    let found: Vec<_> = changes
        .iter()
        .map(|c| (&*c.coordinate, at(before, c.before), at(after, c.after)))
        .collect();
    assert_eq!(
        found,
        [
            ("Query.a", Some("a".to_owned()), None),
            ("Query.b", Some("Int".to_owned()), Some("String".to_owned())),
        ]
    );
}
