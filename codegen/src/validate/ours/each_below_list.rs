//! `@each` below a list: a method that asks a database or a service does so once for each item.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Field, FieldSource, Ir, Schema, TypeKind, Value};
use crate::source::Span;

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let asked = ir.schema.types.values().flat_map(|ty| {
        let fields = ty.fields().iter().filter(|f| f.source == FieldSource::Each);
        fields.map(move |field| (ty, field))
    });
    let asked: Vec<_> = asked.filter(|(_, field)| !is_meant(field)).collect();
    if asked.is_empty() {
        return;
    }
    let lists = below_lists(&ir.schema);
    for (ty, field) in asked {
        let Some((list, span)) = lists.get(ty.name.as_str()) else {
            continue;
        };
        let at = format!("{}.{}", ty.name, field.name);
        let message = format!(
            "`{at}` is called once for each `{}`, of which `{list}` answers many",
            ty.name
        );
        let each = field.directive("each").map_or(field.span, |d| d.span);
        diags
            .warn(Code::EachBelowList, each, message)
            .note(*span, "the list is here")
            .help(
                "use `@resolver`: its method is given all parents at once; or, if one call costs next to nothing, \
                 `@each(perItem: true)`",
            );
    }
}

fn is_meant(field: &Field) -> bool {
    let each = field.directive("each");
    each.and_then(|directive| directive.arg("perItem")) == Some(&Value::Boolean(true))
}

/// The types of which an answer can have many, each with a list that has them, directly or below its items.
fn below_lists(schema: &Schema) -> HashMap<&str, (String, Span)> {
    let mut found: HashMap<&str, (String, Span)> = HashMap::new();
    let mut open = Vec::new();
    for ty in schema.types.values() {
        for field in ty.fields().iter().filter(|field| field.ty.is_list()) {
            let at = (format!("{}.{}", ty.name, field.name), field.span);
            open.push((field.ty.name(), at));
        }
    }
    // The first that was found stays, so that the same schema gives the same words.
    open.reverse();
    while let Some((name, at)) = open.pop() {
        for ty in objects(schema, name) {
            if found.contains_key(ty) {
                continue;
            }
            found.insert(ty, at.clone());
            let below = schema.types[ty].fields().iter();
            open.extend(below.map(|field| (field.ty.name(), at.clone())));
        }
    }
    found
}

/// The object types that a field of that type can answer.
fn objects<'s>(schema: &'s Schema, name: &str) -> HashSet<&'s str> {
    let Some(ty) = schema.types.get(name) else {
        return HashSet::new();
    };
    match &ty.kind {
        TypeKind::Object { .. } => HashSet::from([ty.name.as_str()]),
        TypeKind::Union { members } => members
            .iter()
            .filter_map(|member| schema.types.get(&member.name))
            .map(|ty| ty.name.as_str())
            .collect(),
        TypeKind::Interface { .. } => schema
            .types
            .values()
            .filter(|ty| match &ty.kind {
                TypeKind::Object { implements, .. } => implements.iter().any(|i| i.name == name),
                _ => false,
            })
            .map(|ty| ty.name.as_str())
            .collect(),
        _ => HashSet::new(),
    }
}
