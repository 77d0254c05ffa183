//! What a field counts towards the cost of an operation, and how long an answer with it may be kept.

use super::field::argument_names;
use super::{Explanation, World};
use crate::ir::{Directive, Field, InputValue, Type, TypeKind, Value};

/// Arguments that say how long a list is where no `@listSize` does.
const SLICING: [&str; 3] = ["first", "last", "limit"];

pub(super) fn of_field(world: World<'_>, ty: &Type, field: &Field, found: &mut Explanation) {
    let weight = weight(world, field);
    let text = match list(world, field) {
        Some(list) if field.ty.is_list() || list.is_page => {
            format!("{weight}; {}", list.text)
        }
        _ => weight,
    };
    found.fact("cost", text);
    found.fact("cache", cache(world, ty, field));
}

pub(super) fn of_argument(
    world: World<'_>,
    field: &Field,
    arg: &InputValue,
    found: &mut Explanation,
) {
    if let Some(weight) = world.ours(&arg.directives, "cost").and_then(said) {
        found.fact("cost", format!("{weight} where it is given (`@cost`)"));
    }
    if slicing(world, field).contains(&arg.name) {
        found.fact("cost", "says how many items the list has");
    }
}

fn weight(world: World<'_>, field: &Field) -> String {
    if let Some(weight) = world.ours(&field.directives, "cost").and_then(said) {
        return format!("{weight} for each value (`@cost` on the field)");
    }
    let base = world.ir.schema.types.get(field.ty.name());
    if let Some(weight) = base
        .and_then(|ty| world.ours(&ty.directives, "cost"))
        .and_then(said)
    {
        return format!("{weight} for each value (`@cost` on `{}`)", field.ty.name());
    }
    let is_composite = base.is_some_and(|ty| {
        !matches!(
            ty.kind,
            TypeKind::Scalar | TypeKind::Enum { .. } | TypeKind::Input { .. }
        )
    });
    match is_composite {
        true => "1 for each object, as by default".to_owned(),
        false => "0, as scalars and enums by default".to_owned(),
    }
}

/// How many items the engine expects.
struct List {
    text: String,
    /// Whether the items are those of lists in the field's type.
    is_page: bool,
}

fn list(world: World<'_>, field: &Field) -> Option<List> {
    let directive = world.ours(&field.directives, "listSize");
    let is_page = is_page(world, field);
    if !field.ty.is_list() && !is_page && directive.is_none() {
        return None;
    }
    let names = slicing(world, field);
    let assumed = match directive.and_then(|d| d.arg("assumedSize")) {
        Some(Value::Int(size)) => format!("{size} (`@listSize`)"),
        _ => "what the limits assume (10)".to_owned(),
    };
    let text = match names.is_empty() {
        true => format!("items: {assumed}"),
        false => {
            let say = if names.len() == 1 { "says" } else { "say" };
            format!("items: as {} {say}, else {assumed}", argument_names(&names))
        }
    };
    Some(List {
        text,
        is_page: is_page || directive.is_some(),
    })
}

fn is_page(world: World<'_>, field: &Field) -> bool {
    let ty = world.ir.schema.types.get(field.ty.name());
    let has = |name: &str| ty.is_some_and(|ty| ty.fields().iter().any(|f| f.name == name));
    has("edges") && has("pageInfo")
}

fn slicing(world: World<'_>, field: &Field) -> Vec<String> {
    let said = world.ours(&field.directives, "listSize");
    if let Some(Value::List(names)) = said.and_then(|d| d.arg("slicingArguments")) {
        let names = names.iter().filter_map(|name| match name {
            Value::String(name) => Some(name.clone()),
            _ => None,
        });
        return names.collect();
    }
    let names = SLICING.iter().filter(|name| field.arg(name).is_some());
    names.map(|name| (*name).to_owned()).collect()
}

fn said(cost: &Directive) -> Option<&str> {
    match cost.arg("weight")? {
        Value::String(weight) => Some(weight),
        _ => None,
    }
}

fn cache(world: World<'_>, ty: &Type, field: &Field) -> String {
    let base = world.ir.schema.types.get(field.ty.name());
    let on_field = world.ours(&field.directives, "cacheControl");
    let on_type = base.and_then(|ty| world.ours(&ty.directives, "cacheControl"));
    let (directive, place) = match (on_field, on_type) {
        (Some(directive), _) => (directive, "on the field".to_owned()),
        (None, Some(directive)) => (directive, format!("on `{}`", field.ty.name())),
        (None, None) => return not_said(world, ty, field),
    };
    let scope = match directive.arg("scope") {
        Some(Value::Enum(scope)) if scope == "PRIVATE" => ", by the caller's own cache alone",
        _ => "",
    };
    match (directive.arg("maxAge"), directive.arg("inheritMaxAge")) {
        (Some(Value::Int(age)), _) => format!("{age} s{scope} (`@cacheControl` {place})"),
        (_, Some(Value::Boolean(true))) => {
            format!("as long as its parent{scope} (`@cacheControl` {place})")
        }
        _ => format!("not to be kept{scope} (`@cacheControl` {place})"),
    }
}

fn not_said(world: World<'_>, ty: &Type, field: &Field) -> String {
    let base = world.ir.schema.types.get(field.ty.name());
    let is_leaf = base.is_none_or(|ty| matches!(ty.kind, TypeKind::Scalar | TypeKind::Enum { .. }));
    match is_leaf && !world.ir.schema.is_root(&ty.name) {
        true => "as long as its parent".to_owned(),
        false => "not to be kept: no `@cacheControl` says how long".to_owned(),
    }
}
