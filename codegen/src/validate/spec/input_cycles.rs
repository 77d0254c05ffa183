//! An input type does not need itself.
//!
//! Specification: 3.10 (Circular References).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{InputValue, Ir, Schema, Type, TypeKind, TypeRef};
use std::collections::HashSet;

/// Reports circles of non-null fields.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let mut search = Search {
        schema: &ir.schema,
        path: Vec::new(),
        done: HashSet::new(),
        diags,
    };
    for (ty, ..) in walk::input_types(&ir.schema) {
        search.enter(ty);
    }
}

struct Search<'a, 'd> {
    schema: &'a Schema,
    path: Vec<(&'a str, &'a InputValue)>,
    done: HashSet<&'a str>,
    diags: &'d mut Diagnostics,
}

impl<'a> Search<'a, '_> {
    fn enter(&mut self, ty: &'a Type) {
        let TypeKind::Input { fields, .. } = &ty.kind else {
            return;
        };
        if !self.done.insert(&ty.name) {
            return;
        }
        for field in fields {
            let TypeRef::NonNull(inner) = &field.ty else {
                continue;
            };
            let TypeRef::Named(name) = &**inner else {
                continue;
            };
            let Some(next) = self.schema.types.get(name) else {
                continue;
            };
            self.path.push((&ty.name, field));
            match self.path.iter().position(|(passed, _)| *passed == name) {
                Some(start) => self.report(start),
                None => self.enter(next),
            }
            self.path.pop();
        }
    }

    fn report(&mut self, start: usize) {
        let circle = &self.path[start..];
        let (name, field) = circle[0];
        let way: Vec<String> = circle
            .iter()
            .map(|(ty, field)| format!("`{ty}.{}`", field.name))
            .collect();
        self.diags
            .error(
                Code::InputCycle,
                field.span,
                format!(
                    "no value of `{name}` can be written: it needs another one through {}",
                    way.join(", ")
                ),
            )
            .help("make one of these fields nullable, or a list");
    }
}
