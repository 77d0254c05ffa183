//! The answer to the standard introspection query, worked out without a server.
//!
//! In: the resolved schema, and the specification's own introspection types. Out: JSON.
//! Must not know: queries; the answer is that to the full query that tools send.

use super::{is_specified, value};
use crate::ir::{
    Directive, DirectiveDef, EnumValue, Field, InputValue, Named, Schema, Type, TypeKind, TypeRef,
    Value,
};
use serde_json::{Value as Json, json};

const SCALARS: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// `{ "data": { "__schema": … } }`, with deprecated elements. `meta` holds the types `__Schema`, `__Type` and so on.
pub fn introspection(schema: &Schema, meta: &Schema) -> Json {
    let root = |root: &Option<Named>| root.as_ref().map(|n| json!({ "name": n.name }));
    let public = schema.types.values().filter(|ty| !ty.hidden);
    let mut types: Vec<Json> = public.map(|ty| describe(ty, schema)).collect();
    types.extend(meta.types.values().map(|ty| describe(ty, meta)));
    types.extend(
        SCALARS
            .iter()
            .filter(|name| !schema.types.contains_key(**name))
            .map(|name| scalar(name)),
    );
    types.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    let shipped = schema
        .shipped_directives
        .values()
        .filter(|d| is_specified(&d.name));
    let own = schema
        .directive_defs
        .values()
        .filter(|d| !is_specified(&d.name));
    let directives: Vec<Json> = shipped.chain(own).map(|d| directive(d, schema)).collect();
    json!({ "data": { "__schema": {
        "description": schema.description,
        "queryType": root(&schema.query),
        "mutationType": root(&schema.mutation),
        "subscriptionType": root(&schema.subscription),
        "types": types,
        "directives": directives,
    } } })
}

fn describe(ty: &Type, schema: &Schema) -> Json {
    let (mut fields, mut inputs, mut interfaces, mut values, mut possible) =
        (None, None, None, None, None);
    let mut one_of = None;
    let kind = match &ty.kind {
        TypeKind::Scalar => "SCALAR",
        TypeKind::Object {
            implements,
            fields: own,
        } => {
            fields = Some(public(own, schema));
            interfaces = Some(references(
                "INTERFACE",
                implements.iter().map(|i| i.name.as_str()),
            ));
            "OBJECT"
        }
        TypeKind::Interface {
            implements,
            fields: own,
        } => {
            fields = Some(public(own, schema));
            interfaces = Some(references(
                "INTERFACE",
                implements.iter().map(|i| i.name.as_str()),
            ));
            possible = Some(references("OBJECT", implementers(&ty.name, schema)));
            "INTERFACE"
        }
        TypeKind::Union { members } => {
            possible = Some(references(
                "OBJECT",
                members.iter().map(|m| m.name.as_str()),
            ));
            "UNION"
        }
        TypeKind::Enum { values: own } => {
            values = Some(own.iter().map(enum_value).collect::<Vec<_>>());
            "ENUM"
        }
        TypeKind::Input {
            fields: own,
            one_of: is_one_of,
        } => {
            inputs = Some(
                own.iter()
                    .map(|input| input_value(input, schema))
                    .collect::<Vec<_>>(),
            );
            one_of = Some(*is_one_of);
            "INPUT_OBJECT"
        }
    };
    json!({
        "kind": kind,
        "name": ty.name,
        "description": ty.description,
        "specifiedByURL": specified_by(&ty.directives),
        "fields": fields,
        "inputFields": inputs,
        "interfaces": interfaces,
        "enumValues": values,
        "possibleTypes": possible,
        "isOneOf": one_of,
    })
}

fn scalar(name: &str) -> Json {
    json!({
        "kind": "SCALAR", "name": name, "description": null, "specifiedByURL": null, "fields": null, "inputFields": null,
        "interfaces": null, "enumValues": null, "possibleTypes": null, "isOneOf": null,
    })
}

fn public(fields: &[Field], schema: &Schema) -> Vec<Json> {
    let describe = |field: &Field| {
        json!({
            "name": field.name,
            "description": field.description,
            "args": field.args.iter().map(|arg| input_value(arg, schema)).collect::<Vec<_>>(),
            "type": type_ref(&field.ty, schema),
            "isDeprecated": field.deprecated.is_some(),
            "deprecationReason": field.deprecated,
        })
    };
    fields
        .iter()
        .filter(|field| !field.hidden)
        .map(describe)
        .collect()
}

fn input_value(input: &InputValue, schema: &Schema) -> Json {
    json!({
        "name": input.name,
        "description": input.description,
        "type": type_ref(&input.ty, schema),
        "defaultValue": input.default.as_ref().map(value),
        "isDeprecated": input.deprecated.is_some(),
        "deprecationReason": input.deprecated,
    })
}

fn enum_value(value: &EnumValue) -> Json {
    json!({
        "name": value.name,
        "description": value.description,
        "isDeprecated": value.deprecated.is_some(),
        "deprecationReason": value.deprecated,
    })
}

fn directive(directive: &DirectiveDef, schema: &Schema) -> Json {
    json!({
        "name": directive.name,
        "description": directive.description,
        "isRepeatable": directive.repeatable,
        "locations": directive.locations.iter().map(|l| &l.name).collect::<Vec<_>>(),
        "args": directive.args.iter().map(|arg| input_value(arg, schema)).collect::<Vec<_>>(),
    })
}

fn type_ref(ty: &TypeRef, schema: &Schema) -> Json {
    match ty {
        TypeRef::Named(name) => json!({ "kind": kind(name, schema), "name": name, "ofType": null }),
        TypeRef::List(inner) => {
            json!({ "kind": "LIST", "name": null, "ofType": type_ref(inner, schema) })
        }
        TypeRef::NonNull(inner) => {
            json!({ "kind": "NON_NULL", "name": null, "ofType": type_ref(inner, schema) })
        }
    }
}

fn kind(name: &str, schema: &Schema) -> &'static str {
    match schema.types.get(name).map(|ty| &ty.kind) {
        None | Some(TypeKind::Scalar) => "SCALAR",
        Some(TypeKind::Object { .. }) => "OBJECT",
        Some(TypeKind::Interface { .. }) => "INTERFACE",
        Some(TypeKind::Union { .. }) => "UNION",
        Some(TypeKind::Enum { .. }) => "ENUM",
        Some(TypeKind::Input { .. }) => "INPUT_OBJECT",
    }
}

fn references<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Vec<Json> {
    names
        .map(|name| json!({ "kind": kind, "name": name, "ofType": null }))
        .collect()
}

fn implementers<'a>(interface: &'a str, schema: &'a Schema) -> impl Iterator<Item = &'a str> {
    schema
        .types
        .values()
        .filter(|ty| !ty.hidden)
        .filter_map(move |ty| match &ty.kind {
            TypeKind::Object { implements, .. }
                if implements.iter().any(|i| i.name == interface) =>
            {
                Some(ty.name.as_str())
            }
            _ => None,
        })
}

fn specified_by(directives: &[Directive]) -> Option<&str> {
    let args = directives
        .iter()
        .filter(|d| d.name == "specifiedBy")
        .flat_map(|d| &d.args);
    args.filter(|(name, ..)| name.name == "url")
        .find_map(|(_, value, _)| match value {
            Value::String(url) => Some(url.as_str()),
            _ => None,
        })
}
