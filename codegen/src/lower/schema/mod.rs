//! Type definitions and extensions of all files → one [`Schema`].
//!
//! In: documents. Out: a schema with extensions merged, default root names, deprecation and the source of each field
//! filled in. What cannot be merged (a name defined twice, an extension of nothing) is reported here, for afterwards
//! nothing is left of it; everything else is for `validate`.

mod kind;
mod merge;
mod told;

pub(super) use merge::merge;

use super::shipped;
use crate::diagnostic::Diagnostics;
use crate::ir::{
    Directive, Field, FieldSource, InputValue, Named, ResultKind, Schema, Type, TypeKind, Value,
};
use crate::parse::Document;

/// The schema that all documents together describe.
pub fn schema(documents: &[Document], diags: &mut Diagnostics) -> Schema {
    let mut schema = merge(documents, diags);
    let shipped = shipped::shipped();
    schema.shipped_directives = shipped.directive_defs.clone();
    schema.shipped_types = shipped.types.clone();
    default_roots(&mut schema);
    let roots: Vec<String> = schema.roots().map(|(_, root)| root.name.clone()).collect();
    told::define(&mut schema);
    for ty in schema.types.values_mut() {
        complete(ty, &roots);
    }
    for definition in schema.directive_defs.values_mut() {
        complete_inputs(&mut definition.args);
    }
    schema
}

/// Without a schema definition, the types with the names of the operations are the roots (section 3.3.1).
fn default_roots(schema: &mut Schema) {
    if schema.span.is_some() || schema.broken.contains("schema") {
        return;
    }
    let default = |schema: &Schema, name: &str| {
        let ty = schema.types.get(name)?;
        matches!(ty.kind, TypeKind::Object { .. }).then(|| Named {
            name: ty.name.clone(),
            span: ty.span,
        })
    };
    schema.query = schema.query.take().or_else(|| default(schema, "Query"));
    schema.mutation = schema
        .mutation
        .take()
        .or_else(|| default(schema, "Mutation"));
    schema.subscription = schema
        .subscription
        .take()
        .or_else(|| default(schema, "Subscription"));
}

fn complete(ty: &mut Type, roots: &[String]) {
    let is_root = roots.contains(&ty.name);
    let one_of = ty.directive("oneOf").is_some();
    match &mut ty.kind {
        TypeKind::Object { fields, .. } => {
            for field in fields {
                complete_field(field);
                field.source = source(field, is_root);
                field.result = result(field);
            }
        }
        TypeKind::Interface { fields, .. } => fields.iter_mut().for_each(complete_field),
        TypeKind::Enum { values } => {
            for value in values {
                value.deprecated = deprecated(&value.directives);
            }
        }
        TypeKind::Input {
            fields,
            one_of: flag,
        } => {
            *flag = one_of;
            complete_inputs(fields);
        }
        TypeKind::Scalar | TypeKind::Union { .. } => {}
    }
}

fn complete_field(field: &mut Field) {
    field.deprecated = deprecated(&field.directives);
    field.hidden = field.directive("hidden").is_some();
    complete_inputs(&mut field.args);
}

fn complete_inputs(inputs: &mut [InputValue]) {
    for input in inputs {
        input.deprecated = deprecated(&input.directives);
    }
}

/// How a field of an object gets its value, as far as fields without a model go.
fn source(field: &Field, of_root: bool) -> FieldSource {
    if of_root {
        FieldSource::Resolver
    } else if field.directive("each").is_some() {
        FieldSource::Each
    } else if !field.args.is_empty() || field.directive("resolver").is_some() {
        FieldSource::Resolver
    } else {
        FieldSource::Member
    }
}

/// How a method answers the field; what is no kind of result is for `validate`.
fn result(field: &Field) -> ResultKind {
    let resolver = field.directive("resolver");
    match resolver.and_then(|directive| directive.arg("result")) {
        Some(Value::Enum(name)) => match name.as_str() {
            "SHARED" => ResultKind::Shared,
            "BORROWED" => ResultKind::Borrowed,
            "SLICE" => ResultKind::Slice,
            _ => ResultKind::Owned,
        },
        _ => ResultKind::Owned,
    }
}

/// The reason of `@deprecated`, if it is there.
fn deprecated(directives: &[Directive]) -> Option<String> {
    let directive = directives.iter().find(|d| d.name == "deprecated")?;
    Some(match directive.arg("reason") {
        Some(Value::String(reason)) => reason.clone(),
        _ => "No longer supported".into(),
    })
}

#[cfg(test)]
mod tests;
