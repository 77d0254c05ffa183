//! A type, a value of an enum, a field of an input, a directive.

use super::{Explanation, Unknown, World, access, field, job, listed, storage};
use crate::diagnostic::closest;
use crate::ir::{
    DirectiveDef, EnumValue, Field, FieldSource, InputValue, Schema, Type, TypeKind, former,
};

pub(super) fn explain(world: World<'_>, ty: &Type) -> Explanation {
    let what = kind(world, ty);
    let mut found = Explanation::new(&*ty.name, what, head(ty));
    found.description.clone_from(&ty.description);
    found.place = world.place(ty.span);
    if ty.hidden {
        found.fact("hidden", "clients do not see it");
    }
    if ty.generated {
        found.fact(
            "generated",
            "for an operation, at the place that asks for it",
        );
    }
    if let Some(before) = former(&ty.directives) {
        found.fact("renamed", format!("from `{before}`"));
    }
    if let Some(model) = storage::model(world, &ty.name) {
        storage::of_type(world, model, &mut found);
        access::of_model(world, model, &mut found);
    }
    if world
        .ir
        .auth
        .as_ref()
        .is_some_and(|auth| auth.name.name == ty.name)
    {
        let stub = field::stands(world, "authenticate");
        found.fact("answered", format!("by your `authenticate`: {stub}"));
    }
    members(world, ty, &mut found);
    if let TypeKind::Interface { .. } = ty.kind {
        let all = world.ir.schema.types.values();
        let names: Vec<&str> = all
            .filter(|other| implements(other, &ty.name))
            .map(|other| &*other.name)
            .collect();
        if !names.is_empty() {
            found.fact("implemented", format!("by {}", listed(&names)));
        }
    }
    used(world, &ty.name, &mut found);
    job::touching(world, &ty.name, &mut found);
    found
}

/// What the type has, and for each field who answers it.
fn members(world: World<'_>, ty: &Type, found: &mut Explanation) {
    match &ty.kind {
        TypeKind::Object { fields, .. } | TypeKind::Interface { fields, .. } => {
            for one in fields {
                let text = field::signature(&one.name, one);
                found.fact("field", format!("{text}{}", source(world, ty, one)));
            }
        }
        TypeKind::Union { members } => {
            let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
            found.fact("members", listed(&names));
        }
        TypeKind::Enum { values } => {
            let names: Vec<&str> = values.iter().map(|value| &*value.name).collect();
            found.fact("values", listed(&names));
        }
        TypeKind::Input { fields, one_of } => {
            for input in fields {
                found.fact("field", field::input(input));
            }
            if *one_of {
                found.fact("oneOf", "exactly one of its fields must be given");
            }
        }
        TypeKind::Scalar => {}
    }
}

fn source(world: World<'_>, ty: &Type, one: &Field) -> String {
    let coordinate = format!("{}.{}", ty.name, one.name);
    match one.source {
        _ if matches!(ty.kind, TypeKind::Interface { .. }) => String::new(),
        FieldSource::Resolver | FieldSource::Each => {
            format!("  ({})", field::stands(world, &coordinate))
        }
        FieldSource::Column(_) => "  (column)".to_owned(),
        FieldSource::Relation(_) => "  (relation)".to_owned(),
        FieldSource::Operation(_) => "  (generated operation)".to_owned(),
        FieldSource::Member | FieldSource::Page(_) => String::new(),
    }
}

fn implements(ty: &Type, interface: &str) -> bool {
    let (TypeKind::Object { implements, .. } | TypeKind::Interface { implements, .. }) = &ty.kind
    else {
        return false;
    };
    implements.iter().any(|named| named.name == interface)
}

/// The fields that answer it or take it.
fn used(world: World<'_>, name: &str, found: &mut Explanation) {
    let (mut answer, mut take) = (Vec::new(), Vec::new());
    for ty in world.ir.schema.types.values() {
        for one in ty.fields() {
            if one.ty.name() == name {
                answer.push(format!("{}.{}", ty.name, one.name));
            }
            let args = one.args.iter().filter(|arg| arg.ty.name() == name);
            take.extend(args.map(|arg| format!("{}.{}({}:)", ty.name, one.name, arg.name)));
        }
        if let TypeKind::Input { fields, .. } = &ty.kind {
            let fields = fields.iter().filter(|one| one.ty.name() == name);
            take.extend(fields.map(|one| format!("{}.{}", ty.name, one.name)));
        }
    }
    for (label, all) in [("answered by", answer), ("taken by", take)] {
        if !all.is_empty() {
            found.fact(label, few(&all));
        }
    }
}

fn few(all: &[String]) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
    match all.len() {
        n if n > SHOWN => format!("`{}` and {} more", names.join("`, `"), n - SHOWN),
        _ => listed(&names),
    }
}

fn kind(world: World<'_>, ty: &Type) -> &'static str {
    match &ty.kind {
        TypeKind::Scalar => "a scalar",
        TypeKind::Object { .. } if world.ir.schema.is_root(&ty.name) => "a root type",
        TypeKind::Object { .. } if storage::model(world, &ty.name).is_some() => "a model",
        TypeKind::Object { .. }
            if world
                .ir
                .auth
                .as_ref()
                .is_some_and(|auth| auth.name.name == ty.name) =>
        {
            "the caller's type"
        }
        TypeKind::Object { .. } => "an object type",
        TypeKind::Interface { .. } => "an interface",
        TypeKind::Union { .. } => "a union",
        TypeKind::Enum { .. } => "an enum",
        TypeKind::Input { .. } => "an input type",
    }
}

fn head(ty: &Type) -> String {
    let (word, interfaces) = match &ty.kind {
        TypeKind::Scalar => ("scalar", None),
        TypeKind::Object { implements, .. } => ("type", Some(implements)),
        TypeKind::Interface { implements, .. } => ("interface", Some(implements)),
        TypeKind::Union { .. } => ("union", None),
        TypeKind::Enum { .. } => ("enum", None),
        TypeKind::Input { .. } => ("input", None),
    };
    let names: Vec<&str> = interfaces
        .into_iter()
        .flatten()
        .map(|named| &*named.name)
        .collect();
    match names.is_empty() {
        true => format!("{word} {}", ty.name),
        false => format!("{word} {} implements {}", ty.name, names.join(" & ")),
    }
}

/// A scalar that every schema has.
pub(super) fn builtin(world: World<'_>, name: &str) -> Option<Explanation> {
    if !Schema::is_builtin_scalar(name) {
        return None;
    }
    let mut found = Explanation::new(name, "a scalar", format!("scalar {name}"));
    let rust = match name {
        "Int" => "i32",
        "Float" => "f64",
        "Boolean" => "bool",
        "ID" => "gw::Id",
        _ => "String",
    };
    found.fact("rust", format!("`{rust}`"));
    used(world, name, &mut found);
    Some(found)
}

pub(super) fn value(
    world: World<'_>,
    ty: &Type,
    values: &[EnumValue],
    name: &str,
) -> Option<Explanation> {
    let value = values.iter().find(|value| value.name == name)?;
    let coordinate = format!("{}.{name}", ty.name);
    let mut found = Explanation::new(&*coordinate, "a value of an enum", coordinate.clone());
    found.description.clone_from(&value.description);
    found.place = world.place(value.span);
    found.deprecated(&value.deprecated);
    let rust = world.plan.enums.iter().find(|one| one.gql == ty.name);
    let variant = rust.and_then(|one| Some((one, one.values.iter().find(|v| v.gql == name)?)));
    if let Some((one, variant)) = variant {
        found.fact("rust", format!("`gw::{}::{}`", one.name, variant.name));
    }
    Some(found)
}

pub(super) fn input_field(
    world: World<'_>,
    ty: &Type,
    fields: &[InputValue],
    name: &str,
) -> Option<Explanation> {
    let input = fields.iter().find(|input| input.name == name)?;
    let coordinate = format!("{}.{name}", ty.name);
    let signature = format!("{}.{}", ty.name, field::input(input));
    let mut found = Explanation::new(coordinate, "a field of an input type", signature);
    found.description.clone_from(&input.description);
    found.place = world.place(input.span);
    found.deprecated(&input.deprecated);
    let required = match input.is_required() {
        true => "refused: it must be given",
        false => "allowed",
    };
    found.fact("left out", required);
    job::touching(world, &ty.name, &mut found);
    Some(found)
}

pub(super) fn directive(world: World<'_>, name: &str) -> Result<Explanation, Unknown> {
    let schema = &world.ir.schema;
    let (own, shipped) = (&schema.directive_defs, &schema.shipped_directives);
    let Some(definition) = own.get(name).or_else(|| shipped.get(name)) else {
        let names = own.keys().chain(shipped.keys()).map(String::as_str);
        return Err(Unknown {
            message: format!("there is no directive `@{name}`"),
            help: match closest(name, names) {
                Some(near) => format!("did you mean `@{near}`?"),
                None => "`graphwright schema --directives` prints those of graphwright".to_owned(),
            },
        });
    };
    let mut found = Explanation::new(
        format!("@{name}"),
        "a directive",
        definition_text(definition),
    );
    found.description.clone_from(&definition.description);
    // One of ours is defined nowhere, or where it is first used.
    let theirs = own.get(name).filter(|_| !shipped.contains_key(name));
    found.place = theirs.and_then(|own| world.place(own.span));
    for arg in &definition.args {
        let docs = arg.description.as_deref().unwrap_or_default().trim();
        found.fact(
            "argument",
            format!("{}  {docs}", field::input(arg))
                .trim_end()
                .to_owned(),
        );
    }
    let hooks = world.plan.hooks.methods.iter();
    for hook in hooks.filter(|hook| hook.directive == name) {
        found.fact(
            "hook",
            format!(
                "calls `{}` of yours before the fields that have it",
                hook.name
            ),
        );
    }
    Ok(found)
}

fn definition_text(definition: &DirectiveDef) -> String {
    let args: Vec<String> = definition.args.iter().map(field::input).collect();
    let args = match args.is_empty() {
        true => String::new(),
        false => format!("({})", args.join(", ")),
    };
    let locations: Vec<&str> = definition.locations.iter().map(|l| &*l.name).collect();
    let repeatable = if definition.repeatable {
        " repeatable"
    } else {
        ""
    };
    format!(
        "directive @{}{args}{repeatable} on {}",
        definition.name,
        locations.join(" | ")
    )
}
