//! Who may ask for a field or do something to a model, and which directive says so.

use super::{Explanation, World, storage};
use crate::compare::who;
use crate::ir::{Field, FieldSource, Model, OperationKind, Rule, Type};

pub(super) fn of_field(world: World<'_>, ty: &Type, field: &Field, found: &mut Explanation) {
    let model = storage::model(world, &ty.name);
    match (&field.source, model) {
        (FieldSource::Column(i), Some(model)) => {
            let column = &model.columns[*i];
            right(world, "read", &model.access.read, &model.name, found);
            own(world, "read", &column.read, found);
            own(world, "write", &column.write, found);
        }
        (FieldSource::Relation(i), Some(model)) => {
            let relation = &model.relations[*i];
            let target = &world.ir.models[relation.target];
            right(world, "read", &model.access.read, &model.name, found);
            right(world, "read", &target.access.read, &target.name, found);
            own(world, "read", &relation.read, found);
        }
        (FieldSource::Operation(operation), _) => {
            let model = &world.ir.models[operation.model];
            let (name, rule) = match operation.kind {
                OperationKind::Find | OperationKind::List(_) => ("read", &model.access.read),
                OperationKind::Create => ("create", &model.access.create),
                OperationKind::Update => ("update", &model.access.update),
                OperationKind::Delete => ("delete", &model.access.delete),
            };
            right(world, name, rule, &model.name, found);
            if let Some(rule) = &field.access {
                found.fact(
                    "who may",
                    format!("and only {}", by_directive(world, field, rule)),
                );
            }
        }
        _ => plain(world, ty, field, found),
    }
}

fn plain(world: World<'_>, ty: &Type, field: &Field, found: &mut Explanation) {
    let text = match &field.access {
        Some(rule) => by_directive(world, field, rule),
        None if world.ir.schema.is_root(&ty.name) => match field.directive("public") {
            Some(public) => format!("everyone (`@public` at {})", at(world, public.span)),
            None => "everyone: no directive says otherwise".to_owned(),
        },
        None => format!("whoever has got the `{}`", ty.name),
    };
    found.fact("who may", text);
}

/// The rule of a field that is decided by the caller alone.
fn by_directive(world: World<'_>, field: &Field, rule: &Rule) -> String {
    let (directive, span) = match world.ours(&field.directives, "access") {
        Some(directive) => ("`@access`", directive.span),
        None => ("`@graphwright(defaultAccess:)`", rule.span),
    };
    format!("{} ({directive} at {})", who(&shown(rule)), at(world, span))
}

/// A right over a model's rows.
fn right(world: World<'_>, name: &str, rule: &Option<Rule>, model: &str, found: &mut Explanation) {
    let text = match rule {
        Some(rule) => format!(
            "{} `{model}`: {} ({})",
            verb(name),
            who(&shown(rule)),
            at(world, rule.span)
        ),
        None => format!(
            "{} `{model}`: nobody, for no `@access({name}:)` says who",
            verb(name)
        ),
    };
    found.fact("who may", text);
}

/// A field's own rule, beyond the row's.
fn own(world: World<'_>, name: &str, rule: &Option<Rule>, found: &mut Explanation) {
    if let Some(rule) = rule {
        let (text, at) = (who(&shown(rule)), at(world, rule.span));
        found.fact(
            "who may",
            format!(
                "{} the field, beyond the row's rule: {text} ({at})",
                verb(name)
            ),
        );
    }
}

/// Every right over a model.
pub(super) fn of_model(world: World<'_>, model: &Model, found: &mut Explanation) {
    let access = &model.access;
    for (name, rule) in [
        ("read", &access.read),
        ("create", &access.create),
        ("update", &access.update),
        ("delete", &access.delete),
    ] {
        right(world, name, rule, &model.name, found);
    }
}

fn verb(right: &str) -> &str {
    match right {
        "write" => "set",
        other => other,
    }
}

fn shown(rule: &Rule) -> String {
    rule.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn at(world: World<'_>, span: crate::source::Span) -> String {
    world.place(span).unwrap_or_else(|| "no file".to_owned())
}
