//! Documents, the cache of their plans, and what is refused.

use std::time::{Duration, Instant};

use super::*;
use crate::engine::plan::Sub;
use crate::engine::schema::{FieldDef, LEAF, Shape, Source, TypeDef};

const fn field(name: &'static str, ty: u16) -> FieldDef {
    FieldDef {
        name,
        source: Source::Resolver,
        ty,
        non_null: false,
        access: None,
    }
}

static ANY: &[FieldDef] = &[field("id", LEAF), field("next", 1)];
static SCHEMA: SchemaDef = SchemaDef {
    sdl: "type Query { id: ID next: Any }
        interface Any { id: ID next: Any }
        type A implements Any { id: ID next: Any }
        type B implements Any { id: ID next: Any }
        type C implements Any { id: ID next: Any }",
    types: &[
        TypeDef {
            name: "Query",
            shape: Shape::Object,
            fields: ANY,
        },
        TypeDef {
            name: "Any",
            shape: Shape::Abstract(&[2, 3, 4]),
            fields: ANY,
        },
        TypeDef {
            name: "A",
            shape: Shape::Object,
            fields: ANY,
        },
        TypeDef {
            name: "B",
            shape: Shape::Object,
            fields: ANY,
        },
        TypeDef {
            name: "C",
            shape: Shape::Object,
            fields: ANY,
        },
    ],
    query: 0,
    mutation: None,
    subscription: None,
};

fn documents(limits: Limits) -> Documents {
    Documents::new(&SCHEMA, &[], limits).unwrap()
}

/// The first problem of a text, or `None` if there is a plan.
fn problem(limits: Limits, text: &str) -> Option<(Code, String)> {
    let mut problems = documents(limits).plan(text, None).err()?;
    let first = problems.remove(0);
    Some((first.code, first.message))
}

#[track_caller]
fn exceeds(limits: Limits, text: &str, message: &str) {
    assert_eq!(
        problem(limits, text),
        Some((Code::LimitExceeded, message.to_owned()))
    );
}

fn nested(levels: usize) -> String {
    format!(
        "{{ {}id{} }}",
        "next { ".repeat(levels - 1),
        " }".repeat(levels - 1)
    )
}

#[test]
fn each_limit_holds_at_its_edge() {
    let none = || Limits {
        bytes: usize::MAX,
        tokens: usize::MAX / 2,
        depth: 1000,
        aliases: 1000,
        root_fields: 1000,
        directives: 1000,
        fields: 100_000,
        ..Limits::default()
    };
    let text = "{ id }";
    assert_eq!(problem(Limits { bytes: 6, ..none() }, text), None);
    exceeds(
        Limits { bytes: 5, ..none() },
        text,
        "the document has more than 5 bytes",
    );
    assert_eq!(problem(Limits { depth: 4, ..none() }, &nested(4)), None);
    exceeds(
        Limits { depth: 4, ..none() },
        &nested(5),
        "the document has more than 4 levels of fields",
    );
    let through =
        "{ next { ...F } } fragment F on Any { next { ...G } } fragment G on Any { next { id } }";
    assert_eq!(problem(Limits { depth: 4, ..none() }, through), None);
    exceeds(
        Limits { depth: 3, ..none() },
        through,
        "the document has more than 3 levels of fields",
    );
    assert_eq!(
        problem(
            Limits {
                aliases: 2,
                ..none()
            },
            "{ a: id b: id }"
        ),
        None
    );
    exceeds(
        Limits {
            aliases: 2,
            ..none()
        },
        "{ a: id b: id ...F } fragment F on Query { c: id }",
        "the document has more than 2 aliases",
    );
    assert_eq!(
        problem(
            Limits {
                root_fields: 2,
                ..none()
            },
            "{ id ...F } fragment F on Query { id }"
        ),
        None
    );
    exceeds(
        Limits {
            root_fields: 2,
            ..none()
        },
        "{ id ...F } fragment F on Query { id ... { id } }",
        "the document has more than 2 root fields",
    );
    assert_eq!(
        problem(
            Limits {
                directives: 2,
                ..none()
            },
            "{ id @skip(if: false) @include(if: true) }"
        ),
        None
    );
    exceeds(
        Limits {
            directives: 1,
            ..none()
        },
        "{ id @skip(if: false) @include(if: true) }",
        "the document has more than 1 directives",
    );
    let small = problem(
        Limits {
            fields: 4,
            ..none()
        },
        "{ next { id } }",
    );
    assert_eq!(
        small,
        Some((
            Code::LimitExceeded,
            "the operation asks for more than 4 fields".to_owned()
        ))
    );
    assert_eq!(
        problem(
            Limits {
                fields: 8,
                ..none()
            },
            "{ next { id } }"
        ),
        None
    );
}

#[test]
fn tokens_are_counted_before_anything_is_built() {
    let text = format!("{{ {} }}", "id ".repeat(100));
    let tight = Limits {
        tokens: 50,
        root_fields: 1000,
        ..Limits::default()
    };
    exceeds(tight, &text, "the document has more than 50 tokens");
    assert_eq!(
        problem(
            Limits {
                tokens: 500,
                root_fields: 1000,
                ..Limits::default()
            },
            &text
        ),
        None
    );
}

#[test]
fn no_document_makes_the_planner_explode() {
    // Each level names the next one twice: 2^60 spreads, were fragments not expanded once for each type.
    let spreads: String = (0..60)
        .map(|i| format!("fragment F{i} on Query {{ ...F{n} ...F{n} }} ", n = i + 1))
        .collect();
    let start = Instant::now();
    assert_eq!(
        problem(
            Limits::default(),
            &format!("{{ ...F0 }} {spreads} fragment F60 on Query {{ id }}")
        ),
        None
    );
    // The same below fields.
    let fields: String = (0..16)
        .map(|i| {
            format!(
                "fragment F{i} on Any {{ next {{ ...F{n} }} again: next {{ ...F{n} }} }} ",
                n = i + 1
            )
        })
        .collect();
    let text = format!("{{ next {{ ...F0 }} }} {fields} fragment F16 on Any {{ id }}");
    exceeds(
        Limits::default(),
        &text,
        "the operation asks for more than 20000 fields",
    );
    // Three concrete types at each of 18 levels.
    exceeds(
        Limits::default(),
        &nested(19),
        "the operation asks for more than 20000 fields",
    );
    // Different conditions on the way.
    let vars: String = (0..20)
        .map(|i| format!("$a{i}: Boolean!, $b{i}: Boolean!, "))
        .collect();
    let ways: String = (0..20).map(|i| format!("fragment F{i} on Query {{ ...F{n} @include(if: $a{i}) ...F{n} @include(if: $b{i}) }} ", n = i + 1)).collect();
    let text = format!("query ({vars}) {{ ...F0 }} {ways} fragment F20 on Query {{ id }}");
    exceeds(
        Limits::default(),
        &text,
        "the operation asks for more than 20000 fields",
    );
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn spreads_at_the_root_are_counted_once() {
    // 200^9 ways to a fragment that is not there: found nothing, must not look for long.
    let spreads: String = (0..9)
        .map(|i| {
            format!(
                "fragment F{i} on Query {{ {} }} ",
                format!("...F{} ", i + 1).repeat(200)
            )
        })
        .collect();
    let start = Instant::now();
    let found = problem(Limits::default(), &format!("{{ ...F0 }} {spreads}"));
    assert_eq!(found.map(|(code, _)| code), Some(Code::ValidationFailed));
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    // However deep they lie.
    let chain: String = (0..20)
        .map(|i| format!("fragment F{i} on Query {{ ...F{} }} ", i + 1))
        .collect();
    exceeds(
        Limits {
            root_fields: 2,
            ..Limits::default()
        },
        &format!("{{ ...F0 }} {chain} fragment F20 on Query {{ id next {{ id }} __typename }}"),
        "the document has more than 2 root fields",
    );
}

#[test]
fn wide_documents_are_refused_or_planned_in_linear_time() {
    let wide = format!("{{ {} }}", "next { id } ".repeat(3000));
    exceeds(
        Limits::default(),
        &wide,
        "the document has more than 10000 tokens",
    );
    let aliases: String = (0..200).map(|i| format!("a{i}: id ")).collect();
    assert!(problem(Limits::default(), &format!("{{ {aliases} }}")).is_some());
    let deep = "[".repeat(5000);
    assert!(problem(Limits::default(), &format!("{{ id(x: {deep}) }}")).is_some());
}

#[test]
fn long_chains_of_fragments_do_not_exhaust_the_stack() {
    let chain: String = (0..1200)
        .map(|i| format!("fragment F{i} on Query {{ ...F{n} }} ", n = i + 1))
        .collect();
    // Whether it is planned or refused does not matter.
    problem(
        Limits::default(),
        &format!("{{ ...F0 }} {chain} fragment F1200 on Query {{ id }}"),
    );
    let inline = "... { ".repeat(150);
    problem(
        Limits::default(),
        &format!("{{ {inline} id {} }}", "} ".repeat(150)),
    );
}

#[test]
fn problems_say_where() {
    let documents = documents(Limits::default());
    let found = documents.plan("{\n  id\n  nope\n}", None).unwrap_err();
    assert_eq!(
        (found[0].code.clone(), found[0].location),
        (Code::ValidationFailed, Some((3, 3)))
    );
    assert!(found[0].message.contains("`nope`"), "{}", found[0].message);
    let found = documents.plan("{ id ", None).unwrap_err();
    assert_eq!(found[0].code, Code::ParseFailed);
    assert!(documents.plan("", None).is_err());
}

#[test]
fn cycles_of_fragments_are_the_validators_business() {
    let found = problem(
        Limits::default(),
        "{ ...F } fragment F on Query { ...G id } fragment G on Query { ...F }",
    );
    assert_eq!(found.map(|(code, _)| code), Some(Code::ValidationFailed));
}

#[test]
fn plans_are_kept_by_text_and_operation_and_forgotten_in_turn() {
    let documents = documents(Limits {
        plans: 4,
        ..Limits::default()
    });
    let text = "query A { id } query B { b: id }";
    let a = documents.plan(text, Some("A")).unwrap();
    let b = documents.plan(text, Some("B")).unwrap();
    assert!(Arc::ptr_eq(&a, &documents.plan(text, Some("A")).unwrap()));
    assert!(!Arc::ptr_eq(&a, &b));
    for i in 0..50 {
        documents.plan(&format!("{{ x{i}: id }}"), None).unwrap();
        assert!(documents.plans_kept() <= 4);
        assert!(
            Arc::ptr_eq(&a, &documents.plan(text, Some("A")).unwrap()),
            "a plan in use is not forgotten"
        );
    }
    assert!(!Arc::ptr_eq(&b, &documents.plan(text, Some("B")).unwrap()));
}

#[test]
fn large_plans_count_as_many() {
    let documents = documents(Limits {
        plans: 40,
        ..Limits::default()
    });
    // About 1,500 fields each.
    let large = |i: usize| nested(6).replacen("id", &format!("x{i}: id"), 1);
    let (bytes, fields) = {
        let plan = documents.plan(&large(0), None).unwrap();
        (large(0).len(), plan.fields.len())
    };
    let each = 1 + (bytes + fields * 256) / (16 << 10);
    assert!((2..=20).contains(&each), "{each}");
    for i in 0..50 {
        documents.plan(&large(i), None).unwrap();
        assert!(
            documents.plans_kept() * each <= 40,
            "{}",
            documents.plans_kept()
        );
    }
    let whole = documents.plan(&nested(8), None).unwrap();
    assert!(!Arc::ptr_eq(
        &whole,
        &documents.plan(&nested(8), None).unwrap()
    ));
}

#[test]
fn only_positions_with_work_are_visited() {
    let plan = documents(Limits::default())
        .plan("{ __typename next { __typename } id }", None)
        .unwrap();
    assert_eq!(&*plan.root.work, [1, 2]);
    assert_eq!((plan.slots, plan.levels), (2, 1));
    let Sub::Many { parts, level } = &plan.root.fields[1].sub else {
        panic!("an interface")
    };
    assert_eq!((parts.len(), *level), (3, crate::engine::plan::NONE));
    assert!(parts.iter().all(|part| part.work.is_empty()));
}
