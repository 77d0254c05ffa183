//! The arguments of directives are values of their types.
//!
//! Specification: 5.6 (Values).

use super::known_directives::definition;
use super::{value, walk};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports arguments that cannot be coerced.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let schema = &ir.schema;
    let uses = walk::uses(schema);
    let whole = uses
        .iter()
        .filter(|uses| walk::is_whole(&ir.schema, &uses.at));
    for directive in whole.flat_map(|uses| uses.directives) {
        let Some(definition) = definition(schema, &directive.name) else {
            continue;
        };
        let own = schema.directive_defs.contains_key(&directive.name);
        let types = if own {
            &schema.types
        } else {
            &schema.shipped_types
        };
        for (name, given, span) in &directive.args {
            let Some(arg) = definition.args.iter().find(|arg| arg.name == name.name) else {
                continue;
            };
            for problem in value::problems(types, &arg.ty, given) {
                let message = format!(
                    "`@{}({}:)`{}: {}",
                    directive.name,
                    name.name,
                    problem.place(),
                    problem.message
                );
                diags
                    .error(Code::ArgumentValue, *span, message)
                    .help_opt(problem.help);
            }
        }
    }
}
