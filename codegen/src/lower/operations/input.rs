//! Inputs of creates and updates: `CreateListingInput`, `UpdateListingInput`.

use super::types::Types;
use super::{named, non_null};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Column, IdStrategy, InputValue, Model, Schema, TypeKind};
use crate::source::Span;

/// The input of a create; answers its name.
pub(super) fn create(
    schema: &Schema,
    models: &[Model],
    index: usize,
    span: Span,
    types: &mut Types,
    diags: &mut Diagnostics,
) -> String {
    let model = &models[index];
    let name = format!("Create{}Input", model.name);
    if types.has(&name) {
        return name;
    }
    for column in model
        .columns
        .iter()
        .filter(|c| !writable(model, c, true) && is_needed(model, c))
    {
        let message = format!(
            "`{}.{}` has no default and cannot be given, so no `{}` can be created",
            model.name, column.field, model.name
        );
        diags
            .error(Code::OperationInput, span, message)
            .note(column.span, "the field is here")
            .help("give it a `@default`, make it nullable, or resolve the mutation yourself");
    }
    let fields: Vec<_> = model
        .columns
        .iter()
        .filter(|c| writable(model, c, true))
        .map(|column| field(schema, model, column, span, is_needed(model, column)))
        .collect();
    finish(
        model,
        &name,
        format!("A new `{}`.", model.name),
        fields,
        span,
        types,
        diags,
    );
    name
}

/// The input of an update; answers its name.
pub(super) fn update(
    schema: &Schema,
    models: &[Model],
    index: usize,
    span: Span,
    types: &mut Types,
    diags: &mut Diagnostics,
) -> String {
    let model = &models[index];
    let name = format!("Update{}Input", model.name);
    if !types.has(&name) {
        let columns = model.columns.iter().filter(|c| writable(model, c, false));
        let fields = columns
            .map(|column| field(schema, model, column, span, false))
            .collect();
        let description = format!(
            "Changes to a `{}`; what is left out stays as it is.",
            model.name
        );
        finish(model, &name, description, fields, span, types, diags);
    }
    name
}

fn finish(
    model: &Model,
    name: &str,
    description: String,
    mut fields: Vec<InputValue>,
    span: Span,
    types: &mut Types,
    diags: &mut Diagnostics,
) {
    if fields.is_empty() {
        let message = format!("`{}` has no field that can be given", model.name);
        diags
            .error(Code::OperationInput, span, message)
            .help("resolve the mutation yourself");
        // So that the empty input is not reported once more.
        fields.push(InputValue::new("nothing", span, named("Boolean")));
    }
    for (i, field) in fields.iter().enumerate() {
        if fields[..i].iter().any(|f| f.name == field.name) {
            let message = format!("two fields of `{name}` would be called `{}`", field.name);
            diags
                .error(Code::OperationInput, span, message)
                .note(model.span, "the model is here")
                .help("rename a field of the model");
        }
    }
    types.put(
        name,
        span,
        description,
        TypeKind::Input {
            fields,
            one_of: false,
        },
    );
}

/// Whether inputs have the column at all.
fn writable(model: &Model, column: &Column, create: bool) -> bool {
    let is_key = std::ptr::eq(column, &model.columns[model.id]);
    let key = create && model.id_strategy == IdStrategy::None;
    !column.hidden && !column.readonly && (!is_key || key)
}

/// Whether a row cannot be without a value for it.
fn is_needed(model: &Model, column: &Column) -> bool {
    let made =
        std::ptr::eq(column, &model.columns[model.id]) && model.id_strategy != IdStrategy::None;
    !column.nullable && column.default.is_none() && !made
}

fn field(
    schema: &Schema,
    model: &Model,
    column: &Column,
    span: Span,
    required: bool,
) -> InputValue {
    let name = if column.references.is_some() {
        format!("{}Id", column.field)
    } else {
        column.field.clone()
    };
    let ty = if required {
        non_null(&column.graphql)
    } else {
        named(&column.graphql)
    };
    let written = schema
        .types
        .get(&model.name)
        .and_then(|ty| ty.fields().iter().find(|f| f.name == column.field));
    InputValue {
        description: written.and_then(|f| f.description.clone()),
        ..InputValue::new(name, span, ty)
    }
}
