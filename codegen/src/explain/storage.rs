//! What the database has to do with a field or a type: tables, columns, relations, indexes.

use super::{Explanation, World, listed};
use crate::ir::{
    Column, ColumnType, DefaultValue, Field, FieldSource, IdStrategy, Join, Lit, Model, OnDelete,
    Operation, OperationKind, Paging, Relation, Type,
};

/// The model behind a type.
pub(super) fn model<'a>(world: World<'a>, name: &str) -> Option<&'a Model> {
    world.ir.models.iter().find(|model| model.name == name)
}

/// Where the values of a field lie.
pub(super) fn of_field(world: World<'_>, ty: &Type, field: &Field, found: &mut Explanation) {
    let Some(model) = model(world, &ty.name) else {
        return;
    };
    match field.source {
        FieldSource::Column(i) => {
            let column = &model.columns[i];
            found.fact("column", self::column(world, model, column));
            found.fact("index", indexes(model, &column.column));
            if !column.filters.is_empty() || column.sort {
                let mut uses = Vec::new();
                if !column.filters.is_empty() {
                    uses.push("filters");
                }
                if column.sort {
                    uses.push("orders");
                }
                found.fact(
                    "used by",
                    format!("{} of lists may name it", uses.join(" and ")),
                );
            }
            if column.readonly {
                found.fact("inputs", "not in generated inputs (`@readonly`)");
            }
        }
        FieldSource::Relation(i) => {
            let relation = &model.relations[i];
            found.fact("sql", joined(world, model, relation));
            match relation.join {
                Join::BelongsTo { column } => {
                    found.fact("index", indexes(model, &model.columns[column].column));
                }
                Join::Has { column } => {
                    let target = &world.ir.models[relation.target];
                    found.fact("index", indexes(target, &target.columns[column].column));
                }
                Join::Through { .. } => {}
            }
            if let Some(rows) = rows(relation.paging) {
                found.fact("rows", rows);
            }
        }
        _ => {}
    }
}

/// How a relation is followed.
pub(super) fn relation(world: World<'_>, model: &Model, relation: &Relation) -> String {
    let target = &world.ir.models[relation.target];
    match &relation.join {
        Join::BelongsTo { column } => format!(
            "by the row of `{}` whose key the column `{}` of `{}` holds",
            target.table, model.columns[*column].column, model.table
        ),
        Join::Has { column } => format!(
            "by the rows of `{}` whose column `{}` holds this row's key",
            target.table, target.columns[*column].column
        ),
        Join::Through { table, own, other } => format!(
            "by the rows of `{}` that the table `{table}` joins to this one (`{own}`, `{other}`)",
            target.table
        ),
    }
}

/// The condition of the statement.
fn joined(world: World<'_>, model: &Model, relation: &Relation) -> String {
    let target = &world.ir.models[relation.target];
    let key = |model: &Model| format!("{}.{}", model.table, model.columns[model.id].column);
    match &relation.join {
        Join::BelongsTo { column } => format!(
            "from {} where {} in (the parents' {})",
            target.table,
            key(target),
            model.columns[*column].column
        ),
        Join::Has { column } => format!(
            "from {0} where {0}.{1} in (the parents' {2})",
            target.table, target.columns[*column].column, model.columns[model.id].column
        ),
        Join::Through { table, own, other } => format!(
            "from {} join {table} on {table}.{other} = {} where {table}.{own} in (the parents' {})",
            target.table,
            key(target),
            model.columns[model.id].column
        ),
    }
}

/// What tells the parents of a batch apart.
pub(super) fn batch_key(world: World<'_>, coordinate: &str) -> Option<String> {
    let (ty, field) = coordinate.split_once('.')?;
    let model = model(world, ty)?;
    let key = &model.columns[model.id];
    match model
        .relations
        .iter()
        .find(|relation| relation.field == field)
    {
        Some(Relation {
            join: Join::BelongsTo { column },
            ..
        }) => Some(format!("the parents' `{}`", model.columns[*column].column)),
        _ => Some(format!(
            "the parents' `{}` (`{ty}.{}`)",
            key.column, key.field
        )),
    }
}

/// What a generated operation does.
pub(super) fn operation(world: World<'_>, operation: &Operation) -> String {
    let model = &world.ir.models[operation.model];
    let of = format!("of the table `{}` (`{}`)", model.table, model.name);
    let what = match operation.kind {
        OperationKind::Find => format!("finds one row {of}"),
        OperationKind::List(paging) => match rows(paging) {
            Some(rows) => format!("lists rows {of}: {rows}"),
            None => format!("lists rows {of}"),
        },
        OperationKind::Create => format!("creates a row {of}"),
        OperationKind::Update => format!("updates a row {of}"),
        OperationKind::Delete => format!("deletes a row {of}"),
    };
    format!("by the engine, which {what}")
}

fn rows(paging: Paging) -> Option<String> {
    match paging {
        Paging::One => None,
        Paging::List { max, offset } => {
            let how = if offset {
                ", with `limit` and `offset`"
            } else {
                ""
            };
            Some(format!("{max} at most{how}"))
        }
        Paging::Cursor { max, default } => Some(format!(
            "{max} a page at most, {default} where nothing is said (a Relay connection)"
        )),
    }
}

/// The table of a model: columns, relations, indexes.
pub(super) fn of_type(world: World<'_>, model: &Model, found: &mut Explanation) {
    let key = &model.columns[model.id];
    let made = match model.id_strategy {
        IdStrategy::UuidV7 => "a UUID of version 7, made by the program",
        IdStrategy::Auto => "counted by the database",
        IdStrategy::None => "given by the caller",
    };
    found.fact(
        "table",
        format!("`{}`; its key is `{}`, {made}", model.table, key.column),
    );
    for column in &model.columns {
        let text = self::column(world, model, column);
        found.fact("column", format!("{text} ← `{}`", column.field));
    }
    for relation in &model.relations {
        let target = &world.ir.models[relation.target];
        let how = match relation.join {
            Join::BelongsTo { .. } => "belongs to",
            Join::Has { .. } if relation.paging == Paging::One => "has one",
            Join::Has { .. } => "has many",
            Join::Through { .. } => "many to many with",
        };
        found.fact(
            "relation",
            format!("`{}` {how} `{}`", relation.field, target.name),
        );
    }
    for index in &model.indexes {
        let columns: Vec<&str> = index.columns.iter().map(String::as_str).collect();
        let unique = if index.unique { ", unique" } else { "" };
        found.fact(
            "index",
            format!("`{}` on {}{unique}", index.name, listed(&columns)),
        );
    }
}

fn column(world: World<'_>, model: &Model, column: &Column) -> String {
    let mut text = format!("`{}`: {}", column.column, kind(&column.ty));
    if model.columns[model.id].column == column.column {
        text.push_str(", primary key");
    }
    text.push_str(if column.nullable {
        ", nullable"
    } else {
        ", not null"
    });
    if column.unique {
        text.push_str(", unique");
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(", by default {}", self::default(world, default)));
    }
    if let Some(target) = &column.references {
        let gone = match target.on_delete {
            OnDelete::Restrict => "which cannot go before it",
            OnDelete::Cascade => "with which it goes",
            OnDelete::SetNull => "null when that goes",
        };
        let table = &world.ir.models[target.model].table;
        text.push_str(&format!(", refers to `{table}`, {gone}"));
    }
    text
}

fn kind(ty: &ColumnType) -> String {
    match ty {
        ColumnType::IdInt => "integer key".to_owned(),
        ColumnType::IdUuid => "UUID key".to_owned(),
        ColumnType::IdText => "text key".to_owned(),
        ColumnType::Enum(values) => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            format!("one of {}", listed(&values))
        }
        ColumnType::Decimal(scale) => format!("decimal, {scale} digits behind the point"),
        ColumnType::Int => "integer, 32 bits".to_owned(),
        ColumnType::BigInt => "integer, 64 bits".to_owned(),
        ColumnType::Float => "float".to_owned(),
        ColumnType::Text => "text".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::DateTime => "instant".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Time => "time of day".to_owned(),
        ColumnType::Uuid => "UUID".to_owned(),
        ColumnType::Json => "JSON".to_owned(),
        ColumnType::Bytes => "bytes".to_owned(),
    }
}

fn default(world: World<'_>, value: &DefaultValue) -> String {
    match value {
        DefaultValue::Now => "the time of the statement".to_owned(),
        DefaultValue::Auth(i) => {
            let field = world.ir.auth.as_ref().and_then(|auth| auth.fields.get(*i));
            format!("`auth.{}`", field.map_or("", |field| &field.name))
        }
        DefaultValue::Lit(lit) => match lit {
            Lit::Null => "null".to_owned(),
            Lit::Bool(value) => value.to_string(),
            Lit::Int(value) => value.to_string(),
            Lit::Float(value) => value.to_string(),
            Lit::Str(value) => format!("{value:?}"),
        },
    }
}

/// The indexes that begin with a column.
fn indexes(model: &Model, column: &str) -> String {
    let is_key = model.columns[model.id].column == column;
    let fits = model
        .indexes
        .iter()
        .filter(|i| i.columns.first().is_some_and(|c| c == column));
    let names: Vec<&str> = fits.map(|index| &*index.name).collect();
    match names.is_empty() {
        true if is_key => "the primary key".to_owned(),
        true => "none begins with it: a filter or an order by it reads the whole table".to_owned(),
        false => listed(&names),
    }
}
