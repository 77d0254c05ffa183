//! A directive gets arguments that it has, each once.
//!
//! Specification: 5.4.1 (Argument Names), 5.4.2 (Argument Uniqueness).

use super::known_directives::definition;
use super::walk;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::Ir;

/// Reports arguments that the definition does not name, and arguments given twice.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for directive in walk::uses(&ir.schema)
        .iter()
        .flat_map(|uses| uses.directives)
    {
        let Some(definition) = definition(&ir.schema, &directive.name) else {
            continue;
        };
        let known: Vec<&str> = definition
            .args
            .iter()
            .map(|arg| arg.name.as_str())
            .collect();
        for (name, ..) in directive
            .args
            .iter()
            .filter(|(name, ..)| !known.contains(&name.name.as_str()))
        {
            let help =
                suggest(&name.name, known.iter().copied()).unwrap_or_else(|| arguments(&known));
            let message = format!("`@{}` has no argument `{}`", directive.name, name.name);
            diags
                .error(Code::UnknownArgument, name.span, message)
                .help(help);
        }
        for ((name, ..), first) in
            walk::repeated(&directive.args, |(name, ..)| (&name.name, name.span))
        {
            diags
                .error(
                    Code::DuplicateArgument,
                    name.span,
                    format!(
                        "the argument `{}` of `@{}` is given twice",
                        name.name, directive.name
                    ),
                )
                .note(first, "first given here")
                .help("remove one of them");
        }
    }
}

fn arguments(known: &[&str]) -> String {
    if known.is_empty() {
        return "it has no arguments".into();
    }
    format!(
        "it has {}",
        known
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    )
}
