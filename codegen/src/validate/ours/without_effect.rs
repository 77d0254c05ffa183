//! A directive of ours where it does nothing is a mistake: whoever wrote it expects something.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Directive, Field, FieldSource, Ir, Join, Model, ResultKind, Type, TypeKind};

/// What a field is, as far as our directives care.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A field of an interface.
    Interface,
    /// A field of an object that is neither root nor model, or one of a model that the user resolves.
    Plain,
    /// The primary key.
    Key,
    Column,
    BelongsTo,
    /// Any other relation.
    Relation,
    /// A root field that the user resolves.
    Root,
    /// A root field that a model answers.
    Operation,
}

use Place::{BelongsTo, Column, Interface, Key, Operation, Plain, Relation, Root};

/// The places where a directive does something, and what to say of the others.
const RULES: &[(&str, &[Place], &str)] = &[
    ("id", &[Key], "it is not a column of a model"),
    (
        "unique",
        &[Column, BelongsTo],
        "only columns of models are unique, and a primary key is anyway",
    ),
    (
        "default",
        &[Column, BelongsTo],
        "only columns of models have defaults, and a primary key has its strategy",
    ),
    (
        "column",
        &[Key, Column, BelongsTo],
        "it is not a column of a model",
    ),
    ("constraint", &[Column], "it is not a column of a model"),
    (
        "filter",
        &[Key, Column, BelongsTo, Relation],
        "it is neither column nor relation of a model",
    ),
    ("sort", &[Key, Column], "it is not a column of a model"),
    (
        "readonly",
        &[Column, BelongsTo],
        "inputs do not have it anyway",
    ),
    ("belongsTo", &[BelongsTo], "the type is not a model"),
    ("hasOne", &[Relation], "the type is not a model"),
    ("hasMany", &[Relation], "the type is not a model"),
    ("manyToMany", &[Relation], "the type is not a model"),
    (
        "find",
        &[Operation, Root],
        "it is not a field of a root type",
    ),
    (
        "list",
        &[Operation, Root],
        "it is not a field of a root type",
    ),
    (
        "create",
        &[Operation, Root],
        "it is not a field of a root type",
    ),
    (
        "update",
        &[Operation, Root],
        "it is not a field of a root type",
    ),
    (
        "delete",
        &[Operation, Root],
        "it is not a field of a root type",
    ),
    (
        "public",
        &[Root],
        "only root fields that you resolve yourself are closed by default; rows have their model's rules",
    ),
    (
        "access",
        &[Plain, Key, Column, BelongsTo, Relation, Root, Operation],
        "nothing is asked of an interface itself; put it on the objects",
    ),
    (
        "resolver",
        &[Plain, Root, Operation],
        "it is not a field that a method could answer",
    ),
    ("each", &[Plain], "there is only one parent"),
];

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values().filter(|ty| !ty.generated) {
        let model = ir.models.iter().find(|m| m.name == ty.name);
        if model.is_none() {
            for directive in ours(ir, &ty.directives) {
                if matches!(directive.name.as_str(), "index" | "access" | "public") {
                    report(directive, &ty.name, "the type has no `@model`", diags);
                }
            }
        }
        for field in ty.fields() {
            let place = place(ir, ty, model, field);
            for directive in ours(ir, &field.directives) {
                let rule = RULES.iter().find(|(name, ..)| *name == directive.name);
                if let Some((_, places, why)) = rule
                    && !places.contains(&place)
                    && !told(model, field, directive)
                {
                    report(
                        directive,
                        &format!("{}.{}", ty.name, field.name),
                        why,
                        diags,
                    );
                }
            }
            let events = ir
                .schema
                .subscription
                .as_ref()
                .is_some_and(|s| s.name == ty.name);
            if events && matches!(field.result, ResultKind::Slice | ResultKind::Borrowed) {
                for directive in ours(ir, &field.directives).filter(|d| d.name == "resolver") {
                    lasting(directive, &format!("{}.{}", ty.name, field.name), diags);
                }
            } else if field.result == ResultKind::Slice && !field.ty.is_list() {
                for directive in ours(ir, &field.directives).filter(|d| d.name == "resolver") {
                    slice(directive, &format!("{}.{}", ty.name, field.name), diags);
                }
            }
            if field.hidden && matches!(place, Key | Column) {
                for directive in ours(ir, &field.directives)
                    .filter(|d| matches!(d.name.as_str(), "filter" | "sort" | "readonly"))
                {
                    report(
                        directive,
                        &format!("{}.{}", ty.name, field.name),
                        "the field is hidden",
                        diags,
                    );
                }
            }
        }
    }
}

fn ours<'a>(ir: &'a Ir, directives: &'a [Directive]) -> impl Iterator<Item = &'a Directive> {
    directives.iter().filter(|d| ir.schema.is_ours(&d.name))
}

/// Whether `lower` has said what is wrong: a field of a model that could be neither column nor relation, or the wrong one,
/// or a second primary key.
fn told(model: Option<&Model>, field: &Field, directive: &Directive) -> bool {
    let unclear = field.source == FieldSource::Member && directive.name != "public";
    model.is_some()
        && (unclear
            || matches!(
                directive.name.as_str(),
                "id" | "belongsTo" | "hasOne" | "hasMany" | "manyToMany"
            ))
}

fn report(directive: &Directive, on: &str, why: &str, diags: &mut Diagnostics) {
    let message = format!("`@{}` has no effect on `{on}`: {why}", directive.name);
    diags
        .error(Code::DirectiveWithoutEffect, directive.span, message)
        .help("remove it");
}

fn lasting(directive: &Directive, on: &str, diags: &mut Diagnostics) {
    let message = format!("`{on}` cannot borrow: its events outlive the operation that asked");
    diags
        .error(
            Code::DirectiveWithoutEffect,
            directive.arg_span("result"),
            message,
        )
        .help("use `SHARED` or `OWNED`");
}

fn slice(directive: &Directive, on: &str, diags: &mut Diagnostics) {
    let message = format!("`SLICE` has no effect on `{on}`: its type is not a list");
    diags
        .error(
            Code::DirectiveWithoutEffect,
            directive.arg_span("result"),
            message,
        )
        .help("use `BORROWED`");
}

fn place(ir: &Ir, ty: &Type, model: Option<&Model>, field: &Field) -> Place {
    if matches!(ty.kind, TypeKind::Interface { .. }) {
        return Interface;
    }
    match (&field.source, model) {
        (FieldSource::Column(index), Some(model)) if *index == model.id => Key,
        (FieldSource::Column(_), _) => Column,
        (FieldSource::Relation(index), Some(model))
            if matches!(model.relations[*index].join, Join::BelongsTo { .. }) =>
        {
            BelongsTo
        }
        (FieldSource::Relation(_), _) => Relation,
        (FieldSource::Operation(_), _) => Operation,
        _ if ir.schema.roots().any(|(_, root)| root.name == ty.name) => Root,
        _ => Plain,
    }
}
