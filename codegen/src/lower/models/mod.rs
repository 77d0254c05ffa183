//! Types with `@model` → tables, columns, relations, indexes.
//!
//! In: the schema with its directives. Out: models; fields of the schema learn which column or relation they are.
//! Must not know: access rules, operations, SQL.

mod column;
mod default;
mod field;
mod index;
mod order;
mod relation;

pub(super) use relation::paging;

use super::cx::{self, Cx};
use super::table_name;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{
    Access, AuthType, Column, ColumnType, DefaultValue, Field, FieldSource, IdStrategy, Model,
    Schema, Type, TypeKind, TypeRef,
};
use crate::source::Span;
use std::collections::{BTreeMap, HashMap};

/// What is known of a model before its fields are looked at.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) table: String,
    /// The field that is the primary key.
    pub(super) key: Option<String>,
    pub(super) strategy: IdStrategy,
}

/// Every model of a schema, by name.
pub(super) struct Heads {
    pub(super) list: Vec<Head>,
    pub(super) by_name: HashMap<String, usize>,
}

/// Lowers every model.
pub(super) fn models(
    cx: &Cx<'_>,
    schema: &mut Schema,
    auth: Option<&AuthType>,
    diags: &mut Diagnostics,
) -> Vec<Model> {
    let heads = heads(cx, schema, diags);
    let mut models = Vec::new();
    let mut unjoined = Vec::new();
    let mut sources = Vec::new();
    for (index, head) in heads.list.iter().enumerate() {
        let Some(ty) = schema.types.get(&head.name) else {
            continue;
        };
        let mut draft = field::Draft::new(head);
        for (at, field) in ty.fields().iter().enumerate() {
            if let Some(source) = field::field(cx, schema, &heads, auth, field, &mut draft, diags) {
                sources.push((index, at, source));
            }
        }
        unjoined.extend(draft.unjoined.into_iter().map(|pending| (index, pending)));
        models.push(draft.model);
    }
    for (model, at, source) in sources {
        if let Some(field) =
            fields_mut(schema, &heads.list[model].name).and_then(|fields| fields.get_mut(at))
        {
            field.source = source;
        }
    }
    for (model, head) in models.iter_mut().zip(&heads.list) {
        complete(cx, schema, model, head, diags);
    }
    relation::join(cx, schema, &mut models, &unjoined, diags);
    for index in 0..models.len() {
        order::orders(cx, schema, &mut models, index, diags);
    }
    for index in 0..models.len() {
        models[index].indexes = index::indexes(cx, schema, &models, index, diags);
    }
    unique_tables(&models, diags);
    models
}

/// The fields of an object type.
pub(super) fn fields_mut<'s>(schema: &'s mut Schema, name: &str) -> Option<&'s mut Vec<Field>> {
    match &mut schema.types.get_mut(name)?.kind {
        TypeKind::Object { fields, .. } => Some(fields),
        _ => None,
    }
}

fn heads(cx: &Cx<'_>, schema: &Schema, diags: &mut Diagnostics) -> Heads {
    let mut types: Vec<&Type> = schema
        .types
        .values()
        .filter(|ty| {
            matches!(ty.kind, TypeKind::Object { .. }) && cx.get(&ty.directives, "model").is_some()
        })
        .collect();
    types.sort_by_key(|ty| ty.span);
    let list: Vec<Head> = types
        .into_iter()
        .map(|ty| head(cx, schema, ty, diags))
        .collect();
    let by_name = list
        .iter()
        .enumerate()
        .map(|(i, head)| (head.name.clone(), i))
        .collect();
    Heads { list, by_name }
}

fn head(cx: &Cx<'_>, schema: &Schema, ty: &Type, diags: &mut Diagnostics) -> Head {
    let model = cx.get(&ty.directives, "model");
    let table = match model.and_then(|d| cx::text(d, "table").map(|text| (d, text))) {
        Some((d, text)) => {
            sql_name(text, d.arg_span("table"), diags);
            text.to_owned()
        }
        None => table_name::table(&ty.name),
    };
    let marked: Vec<&Field> = ty
        .fields()
        .iter()
        .filter(|f| cx.get(&f.directives, "id").is_some())
        .collect();
    if let [first, second, ..] = marked[..] {
        let message = format!("`{}` has two primary keys", ty.name);
        diags
            .error(Code::ModelKey, second.span, message)
            .note(first.span, "the first is here")
            .help("a model has one; use `@index(unique: true)` for others");
    }
    let key = marked.first().copied().or_else(|| {
        ty.fields()
            .iter()
            .find(|f| f.name == "id" && f.ty.name() == "ID")
    });
    match key {
        None if !schema.broken.contains(&ty.name) => {
            let message = format!("the model `{}` has no primary key", ty.name);
            diags
                .error(Code::ModelKey, ty.span, message)
                .help("add the field `id: ID! @id`");
        }
        Some(field) if field.ty != TypeRef::NonNull(Box::new(TypeRef::Named("ID".into()))) => {
            let message = format!(
                "the primary key `{}.{}` has the type `{}`",
                ty.name, field.name, field.ty
            );
            diags
                .error(Code::ModelKey, field.ty_span, message)
                .help("a primary key has the type `ID!`");
        }
        _ => {}
    }
    let strategy = match key
        .and_then(|f| cx.get(&f.directives, "id"))
        .and_then(|d| cx::word(d, "strategy"))
    {
        Some("AUTO") => IdStrategy::Auto,
        Some("NONE") => IdStrategy::None,
        _ => IdStrategy::UuidV7,
    };
    Head {
        name: ty.name.clone(),
        span: ty.span,
        table,
        key: key.map(|f| f.name.clone()),
        strategy,
    }
}

impl Head {
    /// How the primary key is stored.
    pub(super) fn key_type(&self) -> ColumnType {
        match self.strategy {
            IdStrategy::UuidV7 => ColumnType::IdUuid,
            IdStrategy::Auto => ColumnType::IdInt,
            IdStrategy::None => ColumnType::IdText,
        }
    }
}

/// Adds what `timestamps` asks for, and a key where one is missing, so that later stages have one.
fn complete(
    cx: &Cx<'_>,
    schema: &mut Schema,
    model: &mut Model,
    head: &Head,
    diags: &mut Diagnostics,
) {
    if !model
        .columns
        .iter()
        .any(|c| Some(&c.field) == head.key.as_ref())
    {
        model
            .columns
            .push(column::plain("id", head.span, "ID", head.key_type()));
    }
    let key = head.key.as_deref().unwrap_or("id");
    model.id = model
        .columns
        .iter()
        .position(|c| c.field == key)
        .unwrap_or(0);
    let timestamps = schema
        .types
        .get(&head.name)
        .and_then(|ty| cx.get(&ty.directives, "model"))
        .filter(|d| cx::flag(d, "timestamps") == Some(true))
        .map(|d| d.span);
    if let Some(span) = timestamps {
        timestamp(
            schema,
            model,
            "createdAt",
            "When the row was created.",
            span,
            diags,
        );
        timestamp(
            schema,
            model,
            "updatedAt",
            "When the row was last changed.",
            span,
            diags,
        );
    }
    if model.columns.len() > 64 {
        let message = format!("`{}` has {} columns", model.name, model.columns.len());
        diags
            .error(Code::ModelColumns, model.span, message)
            .help("a model has at most 64; move some to a model of their own");
    }
    let mut seen: BTreeMap<&str, &Column> = BTreeMap::new();
    for column in &model.columns {
        if let Some(first) = seen.insert(&column.column, column) {
            let message = format!(
                "two fields of `{}` have the column `{}`",
                model.name, column.column
            );
            diags
                .error(Code::TableName, column.span, message)
                .note(first.span, "the first is here")
                .help("give one of them `@column(name:)`");
        }
    }
}

fn timestamp(
    schema: &mut Schema,
    model: &mut Model,
    name: &str,
    description: &str,
    span: Span,
    diags: &mut Diagnostics,
) {
    if let Some(column) = model.columns.iter_mut().find(|c| c.field == name) {
        if column.ty != ColumnType::DateTime || column.nullable {
            let message = format!(
                "`{}.{name}` must be `DateTime!` for `timestamps`",
                model.name
            );
            diags
                .error(Code::ModelField, column.span, message)
                .help("write `DateTime!`, or leave the field out");
        }
        column.default.get_or_insert(DefaultValue::Now);
        column.readonly = true;
        return;
    }
    let mut column = column::plain(name, span, "DateTime", ColumnType::DateTime);
    column.default = Some(DefaultValue::Now);
    column.readonly = true;
    model.columns.push(column);
    let source = FieldSource::Column(model.columns.len() - 1);
    let Some(fields) = fields_mut(schema, &model.name) else {
        return;
    };
    if let Some(field) = fields.iter().find(|f| f.name == name) {
        let message = format!(
            "`{}.{name}` is not a column, and `timestamps` needs it",
            model.name
        );
        diags
            .error(Code::ModelField, field.span, message)
            .help("rename the field, or leave `timestamps` out");
        return;
    }
    let ty = TypeRef::NonNull(Box::new(TypeRef::Named("DateTime".into())));
    fields.push(Field {
        description: Some(description.into()),
        source,
        ..Field::new(name, span, ty)
    });
}

/// A name of SQL that needs no thought: letters, digits, `_`.
pub(super) fn sql_name(name: &str, span: Span, diags: &mut Diagnostics) -> bool {
    let bytes = name.as_bytes();
    let letter = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    let good = bytes.first().is_some_and(letter)
        && bytes.iter().all(|b| letter(b) || b.is_ascii_digit())
        && bytes.len() <= 60;
    let reserved = name.to_ascii_lowercase();
    if good
        && !reserved.starts_with("sqlite_")
        && !reserved.starts_with("gw_")
        && !reserved.starts_with("river_")
    {
        return true;
    }
    let message = format!("`{name}` cannot be a name in the database");
    diags.error(Code::DirectiveArgument, span, message).help(
        "letters, digits and `_`, at most 60; not beginning with `sqlite_`, `gw_` or `river_`",
    );
    false
}

fn unique_tables(models: &[Model], diags: &mut Diagnostics) {
    let mut seen: BTreeMap<String, &Model> = BTreeMap::new();
    for model in models {
        if let Some(first) = seen.insert(model.table.to_ascii_lowercase(), model) {
            let message = format!(
                "`{}` and `{}` have the same table `{}`",
                first.name, model.name, model.table
            );
            diags
                .error(Code::TableName, model.span, message)
                .note(first.span, "the first is here")
                .help("give one of them `@model(table:)`");
        }
    }
}

/// A model whose columns are still to come.
fn empty(head: &Head) -> Model {
    Model {
        name: head.name.clone(),
        span: head.span,
        table: head.table.clone(),
        columns: Vec::new(),
        id: 0,
        id_strategy: head.strategy,
        relations: Vec::new(),
        indexes: Vec::new(),
        access: Access::default(),
    }
}
