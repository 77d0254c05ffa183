//! Directives stand where they may.
//!
//! Specification: 5.7.2 (Directives Are in Valid Locations).

use super::known_directives::definition;
use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports directives at places that their definitions do not name.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for uses in walk::uses(&ir.schema) {
        for directive in uses.directives {
            let Some(definition) = definition(&ir.schema, &directive.name) else {
                continue;
            };
            if definition
                .locations
                .iter()
                .any(|location| location.name == uses.location)
            {
                continue;
            }
            let (word, _) = words(uses.location);
            let on = if uses.location == "SCHEMA" {
                word.to_string()
            } else {
                format!("{word} `{}`", uses.at)
            };
            let mut places: Vec<&str> = definition
                .locations
                .iter()
                .map(|location| words(&location.name).1)
                .collect();
            places.dedup();
            diags
                .error(
                    Code::MisplacedDirective,
                    directive.span,
                    format!("`@{}` cannot stand on {on}", directive.name),
                )
                .help(format!("it belongs on {}", places.join(", ")));
        }
    }
}

/// A location in words: this one, and all such.
fn words(location: &str) -> (&'static str, &'static str) {
    match location {
        "SCHEMA" => ("the schema", "the schema"),
        "SCALAR" => ("the scalar", "scalars"),
        "OBJECT" => ("the object type", "object types"),
        "FIELD_DEFINITION" => ("the field", "fields"),
        "ARGUMENT_DEFINITION" => ("the argument", "arguments"),
        "INTERFACE" => ("the interface", "interfaces"),
        "UNION" => ("the union", "unions"),
        "ENUM" => ("the enum", "enums"),
        "ENUM_VALUE" => ("the enum value", "enum values"),
        "INPUT_OBJECT" => ("the input type", "input types"),
        "INPUT_FIELD_DEFINITION" => ("the input field", "input fields"),
        "FIELD" => ("the field", "selected fields"),
        "VARIABLE_DEFINITION" => ("the variable", "variables"),
        "FRAGMENT_DEFINITION" | "FRAGMENT_SPREAD" | "INLINE_FRAGMENT" => {
            ("the fragment", "fragments")
        }
        _ => ("the operation", "operations"),
    }
}
