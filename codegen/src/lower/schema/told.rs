//! The directives of ours that clients are told of: what a field costs, how long an answer may be kept.
//!
//! In: a merged schema. Out: the same with the definitions of those that it uses. Must not know: what they mean.

use crate::ir::{Directive, Field, Schema, TOLD, TypeKind};
use crate::source::Span;

/// Adds the shipped definition of each that is used without one: a schema that applies a directive defines it.
pub(super) fn define(schema: &mut Schema) {
    for name in TOLD {
        let Some(definition) = schema.shipped_directives.get(*name).cloned() else {
            continue;
        };
        if schema.directive_defs.contains_key(*name) {
            continue;
        }
        // What is added stands where it is needed first.
        if let Some(at) = first_use(schema, name) {
            add(schema, definition, at);
        }
    }
}

fn add(schema: &mut Schema, mut definition: crate::ir::DirectiveDef, at: Span) {
    definition.span = at;
    for arg in &mut definition.args {
        (arg.span, arg.ty_span, arg.default_span) = (at, at, at);
        let ty = schema.shipped_types.get(arg.ty.name());
        let Some(mut ty) = ty.cloned() else { continue };
        (ty.span, ty.generated) = (at, true);
        if let TypeKind::Enum { values } = &mut ty.kind {
            values.iter_mut().for_each(|value| value.span = at);
        }
        schema.types.entry(ty.name.clone()).or_insert(ty);
    }
    schema
        .directive_defs
        .insert(definition.name.clone(), definition);
}

fn first_use(schema: &Schema, name: &str) -> Option<Span> {
    let mut found = None;
    let mut look = |directives: &[Directive]| {
        let directive = directives.iter().find(|d| d.name == name);
        found = found.or(directive.map(|d| d.span));
    };
    let mut field = |field: &Field| {
        look(&field.directives);
        field.args.iter().for_each(|arg| look(&arg.directives));
    };
    schema
        .types
        .values()
        .flat_map(|ty| ty.fields())
        .for_each(&mut field);
    schema.types.values().for_each(|ty| look(&ty.directives));
    found
}
