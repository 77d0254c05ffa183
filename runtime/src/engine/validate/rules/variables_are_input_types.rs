//! Variables Are Input Types: <https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types>

use crate::engine::syntax::ast::VariableDefinition;
use crate::engine::validate::Context;

/// The named type of a variable.
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    def: &VariableDefinition<'_>,
) -> Option<u16> {
    let (schema, name) = (cx.schema, &def.ty.name);
    let Some(ty) = schema.type_no(name) else {
        let known = schema
            .types
            .iter()
            .filter(|ty| ty.kind.is_input())
            .map(|ty| ty.name.text);
        cx.found
            .add_near(name.at, format!("there is no type `{name}`"), name, known);
        return None;
    };
    if schema.ty(ty).kind.is_input() {
        return Some(ty);
    }
    let message = format!(
        "the variable `${}` cannot be a `{name}`, which is no input type",
        def.variable.name
    );
    cx.found.add(name.at, message);
    None
}
