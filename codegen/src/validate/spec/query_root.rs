//! There is a query root.
//!
//! Specification: 3.3.1 (Root Operation Types).

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports a schema that no query can be asked of.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let schema = &ir.schema;
    if schema.query.is_some() || !schema.broken.is_empty() {
        return;
    }
    match schema.span {
        Some(span) => {
            diags
                .error(Code::NoQuery, span, "the schema has no query root")
                .help("add `query: Query` to its definition");
        }
        None => {
            let similar = schema
                .types
                .values()
                .find(|ty| ty.name.eq_ignore_ascii_case("query"));
            let help = match similar.map(|ty| matches!(ty.kind, TypeKind::Object { .. })) {
                Some(true) => "the name is `Query`; for another name, write `schema { query: … }`",
                Some(false) => "`Query` must be an object type: `type Query { … }`",
                None => "define `type Query { … }`",
            };
            let message = "the schema has no type `Query`";
            match similar {
                Some(ty) => diags.error(Code::NoQuery, ty.span, message),
                None => diags.general(Code::NoQuery, message),
            }
            .help(help);
        }
    }
}
