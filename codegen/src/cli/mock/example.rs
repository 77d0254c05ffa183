//! A query to try.
//!
//! In: a schema. Out: a query that it can answer. Must not know: values.

use crate::ir::{Field, InputValue, Schema, TypeKind};

/// The first field of the query root that needs no arguments, with what it needs below; `{ __typename }` if there is
/// none.
pub(super) fn query(schema: &Schema) -> String {
    let root = schema
        .query
        .as_ref()
        .and_then(|root| schema.types.get(&root.name));
    let fields = root.map_or(&[][..], |root| root.fields());
    let found = fields
        .iter()
        .filter(|field| is_free(field))
        .find_map(|field| shown(schema, field, 0));
    format!("{{ {} }}", found.unwrap_or_else(|| "__typename".to_owned()))
}

fn is_free(field: &Field) -> bool {
    !field.hidden && !field.args.iter().any(InputValue::is_required)
}

/// The field with at most three leaves below it; none if it goes too deep.
fn shown(schema: &Schema, field: &Field, depth: usize) -> Option<String> {
    let ty = schema.types.get(field.ty.name());
    let fields = match ty.map(|ty| &ty.kind) {
        Some(TypeKind::Object { fields, .. } | TypeKind::Interface { fields, .. }) => fields,
        Some(TypeKind::Union { .. }) => return Some(format!("{} {{ __typename }}", field.name)),
        _ => return Some(field.name.clone()),
    };
    let free = || fields.iter().filter(|field| is_free(field));
    let is_leaf = |field: &&Field| {
        let ty = schema.types.get(field.ty.name());
        ty.is_none_or(|ty| matches!(ty.kind, TypeKind::Scalar | TypeKind::Enum { .. }))
    };
    let leaves: Vec<&str> = free()
        .filter(is_leaf)
        .take(3)
        .map(|field| field.name.as_str())
        .collect();
    let below = match leaves.is_empty() {
        false => leaves.join(" "),
        true if depth < 3 => free().find_map(|field| shown(schema, field, depth + 1))?,
        true => "__typename".to_owned(),
    };
    Some(format!("{} {{ {below} }}", field.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::load::Inputs;

    #[test]
    fn queries_that_can_be_answered() {
        let check = |sdl: &str, expect: &str| {
            let (mut inputs, mut diagnostics) = (Inputs::default(), Diagnostics::default());
            inputs.add_schema("a.graphql", sdl);
            let ir = crate::pipeline::check(&inputs, &mut diagnostics).unwrap();
            assert_eq!(query(&ir.schema), expect);
        };
        check("type Query { a: Int }", "{ a }");
        check(
            "type Query { a(x: Int!): Int b(x: Int = 1): [Int] }",
            "{ b }",
        );
        check("type Query { a(x: Int!): Int }", "{ __typename }");
        check(
            "type Query { u: U } type U { u: U a(x: Int!): Int b: Int c: E d: ID e: ID } enum E { A }",
            "{ u { b c d } }",
        );
        check(
            "type Query { u: U } type U { v: V } type V { n: N } union N = U",
            "{ u { v { n { __typename } } } }",
        );
        check(
            "type Query { u: U } type U { u: U }",
            "{ u { u { u { u { __typename } } } } }",
        );
    }
}
