//! Directives are defined.
//!
//! Specification: 5.7.1 (Directives Are Defined).

use super::walk::{self, Uses};
use crate::diagnostic::{Code, Diagnostics, closest};
use crate::ir::{DirectiveDef, Ir, Schema};

/// Reports directives that neither the schema, nor the specification, nor this program defines.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let schema = &ir.schema;
    for uses in walk::uses(schema) {
        for directive in uses.directives {
            let name = &directive.name;
            if definition(schema, name).is_some() || schema.broken.contains(&format!("@{name}")) {
                continue;
            }
            let known = schema
                .directive_defs
                .keys()
                .chain(schema.shipped_directives.keys());
            let help = closest(name, known.map(String::as_str))
                .map(|found| format!("did you mean `@{found}`?"));
            diags
                .error(
                    Code::UnknownDirective,
                    directive.span,
                    format!("unknown directive `@{name}` on {}", on(&uses)),
                )
                .help(help.unwrap_or_else(|| {
                    format!("define it: `directive @{name} on {}`", uses.location)
                }));
        }
    }
}

/// The definition that a use refers to: the schema's own before ours.
pub(super) fn definition<'a>(schema: &'a Schema, name: &str) -> Option<&'a DirectiveDef> {
    schema
        .directive_defs
        .get(name)
        .or_else(|| schema.shipped_directives.get(name))
}

/// The place in a message.
pub(super) fn on(uses: &Uses<'_>) -> String {
    if uses.location == "SCHEMA" {
        uses.at.clone()
    } else {
        format!("`{}`", uses.at)
    }
}
