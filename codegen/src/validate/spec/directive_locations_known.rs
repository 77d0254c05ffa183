//! The locations of a directive exist.
//!
//! Specification: 3.13 (DirectiveLocation).

use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::Ir;

const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

/// Reports locations of directive definitions that do not exist.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for definition in ir.schema.directive_defs.values() {
        for location in definition
            .locations
            .iter()
            .filter(|location| !LOCATIONS.contains(&location.name.as_str()))
        {
            let help = suggest(&location.name, LOCATIONS)
                .unwrap_or_else(|| format!("the locations are {}", LOCATIONS.join(", ")));
            diags
                .error(
                    Code::UnknownLocation,
                    location.span,
                    format!(
                        "unknown location `{}` of `@{}`",
                        location.name, definition.name
                    ),
                )
                .help(help);
        }
    }
}
