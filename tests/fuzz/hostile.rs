//! Documents, values and schemas of shapes that cost more than their length, unless somebody thought of it.

use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::schema::Schema;
use serde_json::{Value, json};

/// A document; most are too large for what servers take, some just small enough.
pub(crate) fn document(dice: &mut Dice, schema: &Schema) -> String {
    let most = *dice.of(&[5, 30, 90, 200, 1000, 5000, 20_000]);
    let n = dice.from(1, most);
    let fields = schema.fields(schema.query);
    let leafs: Vec<_> = fields
        .iter()
        .filter(|field| !schema.is_composite(field.ty.base()))
        .collect();
    let leaf = leafs
        .first()
        .map_or("__typename", |field| field.name.as_str());
    let composite = fields
        .iter()
        .find(|field| schema.is_composite(field.ty.base()));
    let (object, on) = composite.map_or(("nope", "Query"), |field| {
        (
            field.name.as_str(),
            schema.types[field.ty.base()].name.as_str(),
        )
    });
    let many =
        |make: &dyn Fn(usize) -> String, n: usize| (0..n).map(make).collect::<Vec<_>>().join(" ");
    match dice.below(30) {
        0 => format!("{{ {} }}", many(&|i| format!("a{i}: {leaf}"), n)),
        1 => format!("{{ {} }}", many(&|_| leaf.to_owned(), n)),
        2 => format!(
            "{{ {} }}",
            many(&|i| format!("{object} {{ a{i}: __typename }}"), n)
        ),
        3 => format!(
            "{{ {} }}",
            many(&|_| format!("{object} {{ __typename }}"), n)
        ),
        4 => "{ ".repeat(n),
        5 => format!("{}{}", format!("{{ {object} ").repeat(n), " }".repeat(n)),
        6 => format!("{{ {leaf}(a0: {}{}) }}", "[".repeat(n), "]".repeat(n)),
        7 => format!("{{ {leaf}(a0: {}1{}) }}", "{a: ".repeat(n), "}".repeat(n)),
        8 => format!(
            "query($v: {}Int{}) {{ {leaf} }}",
            "[".repeat(n),
            "]".repeat(n)
        ),
        9 => format!("{{ {leaf} {} }}", "@skip(if: false) ".repeat(n)),
        10 => format!("{{ {leaf} {} }}", many(&|i| format!("@d{i}"), n)),
        11 => format!("{{ {} __typename {} }}", "... { ".repeat(n), "} ".repeat(n)),
        12 => format!(
            "{{ ...F0 }} {} fragment F{n} on Query {{ {leaf} }}",
            many(
                &|i| format!("fragment F{i} on Query {{ ...F{} }}", i + 1),
                n
            )
        ),
        13 => format!(
            "{{ ...F0 }} {} fragment F{n} on Query {{ {leaf} }}",
            many(
                &|i| format!("fragment F{i} on Query {{ ...F{0} ...F{0} }}", i + 1),
                n
            )
        ),
        14 => format!(
            "{{ ...F0 }} {}",
            many(
                &|i| format!("fragment F{i} on Query {{ ...F{} }}", (i + 1) % n),
                n
            )
        ),
        15 => format!(
            "{{ ...F0 }} {}",
            many(
                &|i| format!(
                    "fragment F{i} on Query {{ {} }}",
                    many(&|j| format!("...F{j}"), n.min(60))
                ),
                n.min(60)
            )
        ),
        16 => format!(
            "{{ {object} {{ ...F0 }} }} {} fragment F{n} on {on} {{ __typename }}",
            many(
                &|i| format!(
                    "fragment F{i} on {on} {{ x: __typename ...F{0} ... {{ ...F{0} }} }}",
                    i + 1
                ),
                n
            )
        ),
        17 => many(&|i| format!("query Q{i} {{ {leaf} }}"), n),
        18 => format!(
            "query({}) {{ {leaf} }}",
            many(&|i| format!("$v{i}: Int"), n)
        ),
        19 => {
            format!(
                "query({}) {{ {} }}",
                many(&|i| format!("$v{i}: Boolean!"), n),
                many(&|i| format!("...F @include(if: $v{i})"), n)
            ) + " fragment F on Query { __typename }"
        }
        20 => format!("{{ {leaf}(a0: \"{}\") }}", "x".repeat(n)),
        21 => format!("{{ {leaf}(a0: \"{}\") }}", "\\u{1F422}".repeat(n)),
        22 => format!(
            "{{ {leaf}(a0: \"\"\"{}\"\"\") }}",
            "\n   \\\"\"\" x".repeat(n)
        ),
        23 => format!("{{ {leaf}(a0: {}) }}", "9".repeat(n)),
        24 => format!(
            "{{ {leaf}(a0: 1.{}e{}) }}",
            "0".repeat(n),
            "9".repeat(n.min(50))
        ),
        25 => format!("# {}\n{{ {leaf} }}", "#".repeat(n)) + &" ,\n\t".repeat(n),
        26 => format!(
            "{{ __schema {{ types {} name {} }} }}",
            "{ fields { type ".repeat(n.min(60)),
            "} }".repeat(n.min(60))
        ),
        27 => format!(
            "{{ __schema {{ {} }} }}",
            many(
                &|i| format!(
                    "a{i}: types {{ name fields {{ name args {{ name type {{ name ofType {{ name }} }} }} }} }}"
                ),
                n
            )
        ),
        28 => format!("{{ {leaf}({}) }}", many(&|i| format!("a{i}: {i}"), n)),
        _ => format!(
            "{{ {leaf}(a0: {{{}}}) }}",
            many(&|i| format!("f{i}: {i}"), n)
        ),
    }
}

/// A value for a variable.
pub(crate) fn value(dice: &mut Dice) -> Value {
    let most = *dice.of(&[10, 100, 1000, 20_000]);
    let n = dice.from(1, most);
    match dice.below(6) {
        0 => (0..n).map(|i| json!(i)).collect(),
        1 => (0..n).map(|_| Value::Null).collect(),
        2 => (0..n.min(100)).fold(json!(1), |value, _| json!([value])),
        3 => (0..n.min(100)).fold(json!({}), |value, _| json!({ "self": value, "f0": 1 })),
        4 => Value::Object((0..n).map(|i| (format!("f{i}"), json!(i))).collect()),
        _ => json!("x".repeat(n)),
    }
}

/// A schema.
pub(crate) fn sdl(dice: &mut Dice) -> String {
    let most = *dice.of(&[5, 50, 300]);
    let n = dice.from(1, most);
    let many = |make: &dyn Fn(usize) -> String| (0..n).map(make).collect::<Vec<_>>().join(" ");
    match dice.below(14) {
        0 => format!("type Query {{ a: {}Int{} }}", "[".repeat(n), "]".repeat(n)),
        1 => format!(
            "type Query {{ a(b: Int = {}1{}): Int }}",
            "[".repeat(n),
            "]".repeat(n)
        ),
        2 => format!("type Query {{ {} }}", many(&|i| format!("f{i}: Int"))),
        3 => format!("type Query {{ {} }}", many(&|_| "f: Int".to_owned())),
        4 => format!(
            "type Query {{ a: I0 }} {} interface I{n} {{ a: Int }}",
            many(&|i| format!("interface I{i} implements I{} {{ a: Int }}", i + 1))
        ),
        5 => format!(
            "type Query {{ a: I0 }} {}",
            many(&|i| format!("interface I{i} implements I{} {{ a: Int }}", (i + 1) % n))
        ),
        6 => format!(
            "type Query {{ a(i: A0): Int }} {} input A{n} {{ a: Int }}",
            many(&|i| format!("input A{i} {{ a: A{}! }}", i + 1))
        ),
        7 => format!(
            "type Query {{ a(i: A0): Int }} {}",
            many(&|i| format!("input A{i} {{ a: A{}! = {{}} }}", (i + 1) % n))
        ),
        8 => format!("type Query {{ a: Int {} }}", many(&|i| format!("@d{i}"))),
        9 => format!(
            "type Query {{ a: Int }} {}",
            many(&|i| format!(
                "directive @d{i}(a: Int @d{}) on ARGUMENT_DEFINITION",
                (i + 1) % n
            ))
        ),
        10 => format!(
            "type Query {{ a: U }} union U = {}",
            many(&|i| format!("| A{i}"))
        ),
        11 => many(&|_| "extend type Query { a: Int }".to_owned()),
        12 => format!("\"\"\"{}\"\"\" type Query {{ a: Int }}", "\n  x".repeat(n)),
        _ => format!(
            "type Query {{ a: Int }} {}",
            many(&|i| format!("type A{i} {{ a: A{} b: A{} }}", (i + 1) % n, (i * 7) % n))
        ),
    }
}
