//! `@find`, `@list`, `@create`, `@update`, `@delete` and paged relations → arguments and types of the public schema.
//!
//! In: the schema and its models. Out: fields with their arguments and sources, and the types that these need.
//! What the user wrote out is followed. Must not know: access rules, how an operation is executed.

mod filter;
mod input;
mod page;
mod types;

use super::cx::{self, Cx};
use super::models::{fields_mut, paging};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{
    Directive, Field, FieldSource, InputValue, Model, Operation, OperationKind, Paging, Schema,
    TypeKind, TypeRef,
};
use crate::source::Span;
use types::Types;

/// The directives that make a field an operation.
const DIRECTIVES: &[&str] = &["find", "list", "create", "update", "delete"];

/// Expands every operation and every paged relation.
pub(super) fn expand(cx: &Cx<'_>, schema: &mut Schema, models: &[Model], diags: &mut Diagnostics) {
    let mut types = Types::default();
    relations(cx, schema, models, &mut types, diags);
    let roots: Vec<(&'static str, String)> = schema
        .roots()
        .map(|(operation, root)| (operation, root.name.clone()))
        .collect();
    for (operation, root) in roots {
        let fields = schema
            .types
            .get(&root)
            .map(|ty| ty.fields().to_vec())
            .unwrap_or_default();
        for (at, field) in fields.into_iter().enumerate() {
            let Some(directive) = cx.any(&field.directives, DIRECTIVES) else {
                continue;
            };
            let place = Place {
                operation,
                root: &root,
            };
            let expanded = expand_field(
                schema,
                models,
                &place,
                field.clone(),
                directive,
                &mut types,
                diags,
            );
            if let (Some(field), Some(fields)) = (expanded, fields_mut(schema, &root)) {
                fields[at] = field;
            }
        }
    }
    page::sources(schema, models, &types);
    types.add_to(schema, diags);
}

struct Place<'a> {
    /// `query`, `mutation` or `subscription`.
    operation: &'static str,
    root: &'a str,
}

#[allow(clippy::too_many_arguments, reason = "the context of a field")]
fn expand_field(
    schema: &Schema,
    models: &[Model],
    place: &Place<'_>,
    mut field: Field,
    directive: &Directive,
    types: &mut Types,
    diags: &mut Diagnostics,
) -> Option<Field> {
    let others = field.directives.iter().filter(|d| {
        DIRECTIVES.contains(&d.name.as_str()) || matches!(d.name.as_str(), "resolver" | "each")
    });
    for other in others.filter(|d| d.name != directive.name) {
        let message = format!(
            "`@{}` and `@{}` exclude each other",
            directive.name, other.name
        );
        diags
            .error(Code::DirectiveConflict, other.span, message)
            .note(directive.span, "the first is here")
            .help("keep one of them");
    }
    let wanted = if matches!(directive.name.as_str(), "find" | "list") {
        "query"
    } else {
        "mutation"
    };
    if place.operation != wanted {
        let message = format!("`@{}` on a field of `{}`", directive.name, place.root);
        diags
            .error(Code::OperationPlace, directive.span, message)
            .help(format!("move `{}` to the {wanted} root", field.name));
        return None;
    }
    let model = target(schema, models, &field, directive, diags)?;
    let paging = match directive.name.as_str() {
        "list" => paging(directive, 100, "CURSOR", diags),
        _ => Paging::One,
    };
    let kind = match directive.name.as_str() {
        "find" => OperationKind::Find,
        "list" => OperationKind::List(paging),
        "create" => OperationKind::Create,
        "update" => OperationKind::Update,
        _ => OperationKind::Delete,
    };
    if !answers(&field, &models[model], paging) {
        wrong_type(&field, &models[model], directive, paging, diags);
        return None;
    }
    right(&models[model], kind, directive, diags);
    field.source = FieldSource::Operation(Operation { model, kind });
    let span = directive.span;
    let total = cx::flag(directive, "totalCount").unwrap_or(true);
    match kind {
        OperationKind::Find => find_args(models, model, &mut field, span, diags),
        OperationKind::List(_) => list_field(
            schema, models, model, &mut field, paging, total, types, span, diags,
        ),
        OperationKind::Create => {
            let input = input::create(schema, models, model, span, types, diags);
            arguments(&mut field, vec![("input", non_null(&input))], span, diags);
        }
        OperationKind::Update => {
            let input = input::update(schema, models, model, span, types, diags);
            arguments(
                &mut field,
                vec![("id", non_null("ID")), ("input", non_null(&input))],
                span,
                diags,
            );
        }
        OperationKind::Delete => arguments(&mut field, vec![("id", non_null("ID"))], span, diags),
    }
    Some(field)
}

/// The model that an operation is about: the field's type, or the one whose connection it is.
fn target(
    schema: &Schema,
    models: &[Model],
    field: &Field,
    directive: &Directive,
    diags: &mut Diagnostics,
) -> Option<usize> {
    let name = field.ty.name();
    let named = |name: &str| models.iter().position(|m| m.name == name);
    let found = named(name).or_else(|| named(name.strip_suffix("Connection")?));
    if found.is_none() && (schema.types.contains_key(name) || Schema::is_builtin_scalar(name)) {
        let message = format!(
            "`@{}` answers a model, and `{name}` is none",
            directive.name
        );
        diags
            .error(Code::OperationModel, field.ty_span, message)
            .help(format!(
                "add `@model` to `{name}`, or resolve the field yourself"
            ));
    }
    found
}

/// Whether a field has a type that fits what it answers.
fn answers(field: &Field, model: &Model, paging: Paging) -> bool {
    let item = match &field.ty {
        TypeRef::NonNull(inner) => inner,
        other => other,
    };
    match paging {
        Paging::One => matches!(item, TypeRef::Named(name) if *name == model.name),
        Paging::Cursor { .. } if field.ty.name() != model.name => !field.ty.is_list(),
        _ => match item {
            TypeRef::List(inner) => {
                matches!(inner.as_ref(), TypeRef::NonNull(i) if matches!(i.as_ref(), TypeRef::Named(n) if *n == model.name))
            }
            _ => false,
        },
    }
}

fn wrong_type(
    field: &Field,
    model: &Model,
    directive: &Directive,
    paging: Paging,
    diags: &mut Diagnostics,
) {
    let message = format!("`@{}` on a field of type `{}`", directive.name, field.ty);
    let help = match paging {
        Paging::One => format!("write `{}`", model.name),
        _ => format!("write `[{}!]!`", model.name),
    };
    diags
        .error(Code::OperationType, field.ty_span, message)
        .help(help);
}

/// An operation that nobody may do is a mistake.
fn right(model: &Model, kind: OperationKind, directive: &Directive, diags: &mut Diagnostics) {
    let (rule, right) = match kind {
        OperationKind::Find | OperationKind::List(_) => (&model.access.read, "read"),
        OperationKind::Create => (&model.access.create, "create"),
        OperationKind::Update => (&model.access.update, "update"),
        OperationKind::Delete => (&model.access.delete, "delete"),
    };
    // A model without any rule is reported as a whole.
    let any = [
        &model.access.read,
        &model.access.create,
        &model.access.update,
        &model.access.delete,
    ]
    .iter()
    .any(|r| r.is_some());
    if rule.is_none() && any {
        let message = format!("nobody may {right} a `{}`", model.name);
        let help = format!("add `{right}: \"…\"` to its `@access`");
        diags
            .error(Code::OperationRight, directive.span, message)
            .note(model.span, "the model is here")
            .help(help);
    }
}

/// `id: ID!`, or the arguments that the user wrote, which name unique columns.
fn find_args(
    models: &[Model],
    model: usize,
    field: &mut Field,
    span: Span,
    diags: &mut Diagnostics,
) {
    if field.args.is_empty() {
        field.args = vec![InputValue::new("id", span, non_null("ID"))];
        return;
    }
    let model = &models[model];
    for arg in &field.args {
        let key = &model.columns[model.id];
        let column = if arg.name == "id" {
            Some(key)
        } else {
            model.columns.iter().find(|c| c.field == arg.name)
        };
        match column {
            Some(column) if column.unique || std::ptr::eq(column, key) => {
                if arg.ty != non_null(&column.graphql) {
                    let message = format!("the argument `{}` has the type `{}`", arg.name, arg.ty);
                    diags
                        .error(Code::OperationArgument, arg.ty_span, message)
                        .help(format!("write `{}!`", column.graphql));
                }
            }
            Some(column) => {
                let message = format!("`{}.{}` is not unique", model.name, column.field);
                diags
                    .error(Code::OperationArgument, arg.span, message)
                    .note(column.span, "it is here")
                    .help("add `@unique` to it, or use `@list`");
            }
            None => {
                let unique = model
                    .columns
                    .iter()
                    .filter(|c| c.unique)
                    .map(|c| c.field.as_str())
                    .chain(["id"]);
                let help = crate::diagnostic::suggest(&arg.name, unique);
                let message = format!("`{}` has no column `{}`", model.name, arg.name);
                diags
                    .error(Code::OperationArgument, arg.span, message)
                    .help_opt(help);
            }
        }
    }
}

/// Makes a field page through a model: arguments, and the connection as type.
#[allow(clippy::too_many_arguments, reason = "the context of a field")]
fn list_field(
    schema: &Schema,
    models: &[Model],
    model: usize,
    field: &mut Field,
    paging: Paging,
    total: bool,
    types: &mut Types,
    span: Span,
    diags: &mut Diagnostics,
) {
    let mut args = match paging {
        Paging::Cursor { .. } => {
            vec![
                ("first", named("Int")),
                ("after", named("String")),
                ("last", named("Int")),
                ("before", named("String")),
            ]
        }
        Paging::List { offset: true, .. } => {
            vec![("limit", named("Int")), ("offset", named("Int"))]
        }
        _ => Vec::new(),
    };
    let filter = filter::filter(schema, models, model, span, types, diags);
    let order = filter::order(models, model, span, types);
    if let Some(filter) = &filter {
        args.push(("filter", named(filter)));
    }
    if let Some(order) = &order {
        args.push(("orderBy", TypeRef::List(Box::new(non_null(order)))));
    }
    arguments(field, args, span, diags);
    if let Paging::Cursor { .. } = paging {
        let connection = page::connection(models, model, total, span, types);
        if field.ty.name() != connection {
            field.ty = if field.ty.is_non_null() {
                non_null(&connection)
            } else {
                named(&connection)
            };
        }
    }
}

/// Gives a field its arguments; those that the user wrote out must be among them, and are kept as they are.
fn arguments(field: &mut Field, ours: Vec<(&str, TypeRef)>, span: Span, diags: &mut Diagnostics) {
    if field.args.is_empty() {
        field.args = ours
            .into_iter()
            .map(|(name, ty)| InputValue::new(name, span, ty))
            .collect();
        return;
    }
    let bare = |ty: &TypeRef| ty.to_string().replace('!', "");
    for arg in &field.args {
        match ours.iter().find(|(name, _)| *name == arg.name) {
            Some((_, ty)) if bare(ty) == bare(&arg.ty) => {}
            Some((_, ty)) => {
                let message = format!("the argument `{}` has the type `{}`", arg.name, arg.ty);
                diags
                    .error(Code::OperationArgument, arg.ty_span, message)
                    .help(format!("write `{ty}`"));
            }
            None => {
                let help =
                    crate::diagnostic::suggest(&arg.name, ours.iter().map(|(name, _)| *name));
                let names: Vec<_> = ours
                    .iter()
                    .map(|(name, ty)| format!("`{name}: {ty}`"))
                    .collect();
                let help = help.unwrap_or_else(|| format!("it has {}", names.join(", ")));
                let message = format!("the operation has no argument `{}`", arg.name);
                diags
                    .error(Code::OperationArgument, arg.span, message)
                    .help(help);
            }
        }
    }
    for (name, ty) in ours.iter().filter(|(_, ty)| ty.is_non_null()) {
        if !field.args.iter().any(|a| a.name == *name) {
            let message = format!("the argument `{name}: {ty}` is missing");
            diags
                .error(Code::OperationArgument, field.span, message)
                .help("add it, or write no arguments at all");
        }
    }
}

/// Pages the to-many relations of every model.
fn relations(
    cx: &Cx<'_>,
    schema: &mut Schema,
    models: &[Model],
    types: &mut Types,
    diags: &mut Diagnostics,
) {
    for model in models {
        for relation in &model.relations {
            let Some(ty) = schema.types.get(&model.name) else {
                continue;
            };
            let Some(at) = ty.fields().iter().position(|f| f.name == relation.field) else {
                continue;
            };
            let mut field = ty.fields()[at].clone();
            let span = cx
                .any(&field.directives, &["hasMany", "manyToMany"])
                .map_or(field.span, |d| d.span);
            match relation.paging {
                Paging::One | Paging::List { offset: false, .. } => {
                    arguments(&mut field, Vec::new(), span, diags)
                }
                paging => list_field(
                    schema,
                    models,
                    relation.target,
                    &mut field,
                    paging,
                    true,
                    types,
                    span,
                    diags,
                ),
            }
            if let Some(TypeKind::Object { fields, .. }) =
                schema.types.get_mut(&model.name).map(|ty| &mut ty.kind)
            {
                fields[at] = field;
            }
        }
    }
}

fn named(name: &str) -> TypeRef {
    TypeRef::Named(name.to_owned())
}

fn non_null(name: &str) -> TypeRef {
    TypeRef::NonNull(Box::new(named(name)))
}
