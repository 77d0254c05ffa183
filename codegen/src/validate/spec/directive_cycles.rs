//! A directive is not used in its own definition.
//!
//! Specification: 3.13 (Type Validation).

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Directive, InputValue, Ir, Schema, TypeKind};
use std::collections::HashSet;

/// Reports directives that stand on their own arguments, or on what these are made of.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for definition in ir.schema.directive_defs.values() {
        let mut search = Search {
            schema: &ir.schema,
            types: HashSet::new(),
            directives: HashSet::new(),
            next: Vec::new(),
        };
        search.inputs(&definition.args);
        while let Some(directive) = search.next.pop() {
            if directive.name == definition.name {
                let message = format!(
                    "the directive `@{}` is used in its own definition",
                    definition.name
                );
                diags
                    .error(Code::DirectiveCycle, directive.span, message)
                    .note(definition.span, "defined here")
                    .help("remove this use");
                break;
            }
            if let Some(used) = ir.schema.directive_defs.get(&directive.name)
                && search.directives.insert(&directive.name)
            {
                search.inputs(&used.args);
            }
        }
    }
}

struct Search<'a> {
    schema: &'a Schema,
    types: HashSet<&'a str>,
    directives: HashSet<&'a str>,
    next: Vec<&'a Directive>,
}

impl<'a> Search<'a> {
    fn inputs(&mut self, inputs: &'a [InputValue]) {
        for input in inputs {
            self.next.extend(&input.directives);
            self.ty(input.ty.name());
        }
    }

    fn ty(&mut self, name: &'a str) {
        let Some(ty) = self.schema.types.get(name) else {
            return;
        };
        if !self.types.insert(name) {
            return;
        }
        self.next.extend(&ty.directives);
        match &ty.kind {
            TypeKind::Enum { values } => self
                .next
                .extend(values.iter().flat_map(|value| &value.directives)),
            TypeKind::Input { fields, .. } => self.inputs(fields),
            _ => {}
        }
    }
}
