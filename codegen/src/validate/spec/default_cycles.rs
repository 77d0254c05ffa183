//! The default of an input field does not contain itself.
//!
//! Specification: 3.10 (InputObjectDefaultValueHasCycle).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{InputValue, Ir, Schema, Type, TypeKind, Value};
use std::collections::HashSet;

/// Reports input fields whose default, filled in with the defaults of its own fields, never ends.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let mut search = Search {
        schema: &ir.schema,
        path: Vec::new(),
        done: HashSet::new(),
        found: Vec::new(),
    };
    for (ty, fields, _) in walk::input_types(&ir.schema) {
        fields.iter().for_each(|field| search.by_default(ty, field));
    }
    for (at, field, way) in search.found {
        diags
            .error(
                Code::DefaultCycle,
                field.default_span,
                format!("the default of `{at}` contains itself{way}"),
            )
            .help("give the inner field a value, such as `null`, in one of the defaults");
    }
}

struct Search<'a> {
    schema: &'a Schema,
    path: Vec<String>,
    done: HashSet<String>,
    found: Vec<(String, &'a InputValue, String)>,
}

impl<'a> Search<'a> {
    /// Follows a field that takes its default.
    fn by_default(&mut self, ty: &'a Type, field: &'a InputValue) {
        let Some(default) = &field.default else {
            return;
        };
        let at = format!("{}.{}", ty.name, field.name);
        if let Some(start) = self.path.iter().position(|passed| *passed == at) {
            let between: Vec<String> = self.path[start + 1..]
                .iter()
                .map(|passed| format!("`{passed}`"))
                .collect();
            let way = if between.is_empty() {
                String::new()
            } else {
                format!(" through {}", between.join(", "))
            };
            self.found.push((at, field, way));
            return;
        }
        if !self.done.insert(at.clone()) {
            return;
        }
        self.path.push(at);
        self.value(field.ty.name(), default);
        self.path.pop();
    }

    fn value(&mut self, ty: &str, value: &'a Value) {
        let Some(ty) = self.schema.types.get(ty) else {
            return;
        };
        let TypeKind::Input { fields, .. } = &ty.kind else {
            return;
        };
        match value {
            Value::List(items) => items.iter().for_each(|item| self.value(&ty.name, item)),
            Value::Object(given) => {
                for field in fields {
                    match given.iter().find(|(name, _)| *name == field.name) {
                        Some((_, inner)) => self.value(field.ty.name(), inner),
                        None => self.by_default(ty, field),
                    }
                }
            }
            _ => {}
        }
    }
}
