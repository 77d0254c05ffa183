//! The models as tables: the state that a snapshot records.
//!
//! In: the IR, or a snapshot's text. Out: [`Snapshot`], and how two of them differ.
//! Must not know: how tables are created.

use crate::ir::{Column, ColumnType, DefaultValue, IdStrategy, Ir, Join, Lit, Model, OnDelete};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version of this format.
    pub version: u32,
    /// The tables: those of models in the order of the SDL, then join tables.
    pub tables: Vec<TableState>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableState {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnState>,
    /// Names of the columns of the primary key.
    pub primary_key: Vec<String>,
    /// Whether the database makes new keys.
    #[serde(default, skip_serializing_if = "is_false")]
    pub counted: bool,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexState>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnState {
    /// Its name.
    pub name: String,
    /// What it holds, in the vocabulary of the schema, so that every dialect can follow: `text`, `decimal(2)`, `enum`.
    #[serde(rename = "type")]
    pub ty: String,
    /// The names that an enum allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Whether it may hold NULL.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// A constant default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Least number of characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Greatest number of characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The foreign key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<ReferenceState>,
}

/// What a foreign key points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceState {
    /// The table.
    pub table: String,
    /// Its key.
    pub column: String,
    /// `restrict`, `cascade` or `set null`.
    pub on_delete: String,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexState {
    /// Its name.
    pub name: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Whether it is unique.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Snapshot {
    /// The text of the file.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("names and numbers are JSON");
        text + "\n"
    }

    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with the text, with line and column.
    pub fn from_json(text: &str) -> Result<Snapshot, String> {
        let snapshot: Snapshot = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match snapshot.version {
            1 => Ok(snapshot),
            other => Err(format!(
                "it has version {other}, and this program knows version 1"
            )),
        }
    }
}

/// The tables that the models need.
pub(super) fn snapshot(ir: &Ir) -> Snapshot {
    let mut tables: Vec<TableState> = ir.models.iter().map(|model| table(ir, model)).collect();
    let mut names: BTreeSet<String> = tables.iter().map(|t| t.name.clone()).collect();
    for model in &ir.models {
        for relation in &model.relations {
            if let Join::Through { table, own, other } = &relation.join
                && names.insert(table.clone())
            {
                tables.push(join_table(
                    table,
                    (own, model),
                    (other, &ir.models[relation.target]),
                ));
            }
        }
    }
    Snapshot { version: 1, tables }
}

fn table(ir: &Ir, model: &Model) -> TableState {
    let indexes = model.indexes.iter().map(|index| IndexState {
        name: index.name.clone(),
        columns: index.columns.clone(),
        unique: index.unique,
    });
    TableState {
        name: model.table.clone(),
        columns: model.columns.iter().map(|c| column(ir, c)).collect(),
        primary_key: vec![model.columns[model.id].column.clone()],
        counted: model.id_strategy == IdStrategy::Auto,
        indexes: indexes.collect(),
    }
}

fn column(ir: &Ir, column: &Column) -> ColumnState {
    let constraint = column.constraint.clone().unwrap_or_default();
    let (ty, values) = storage(&column.ty);
    ColumnState {
        name: column.column.clone(),
        ty,
        values,
        nullable: column.nullable,
        default: match &column.default {
            Some(DefaultValue::Lit(lit)) => literal(lit),
            _ => None,
        },
        min: constraint.min,
        max: constraint.max,
        min_length: constraint.min_length,
        max_length: constraint.max_length,
        references: column
            .references
            .as_ref()
            .map(|r| reference(&ir.models[r.model], r.on_delete)),
    }
}

fn join_table(name: &str, own: (&String, &Model), other: (&String, &Model)) -> TableState {
    let key = |(column, model): (&String, &Model)| {
        let (ty, values) = storage(&model.columns[model.id].ty);
        ColumnState {
            name: column.clone(),
            ty,
            values,
            nullable: false,
            default: None,
            min: None,
            max: None,
            min_length: None,
            max_length: None,
            references: Some(reference(model, OnDelete::Cascade)),
        }
    };
    let back = IndexState {
        name: format!("{name}_{}", other.0),
        columns: vec![other.0.clone(), own.0.clone()],
        unique: false,
    };
    TableState {
        name: name.to_owned(),
        columns: vec![key(own), key(other)],
        primary_key: vec![own.0.clone(), other.0.clone()],
        counted: false,
        indexes: vec![back],
    }
}

fn reference(model: &Model, on_delete: OnDelete) -> ReferenceState {
    let on_delete = match on_delete {
        OnDelete::Restrict => "restrict",
        OnDelete::Cascade => "cascade",
        OnDelete::SetNull => "set null",
    };
    ReferenceState {
        table: model.table.clone(),
        column: model.columns[model.id].column.clone(),
        on_delete: on_delete.to_owned(),
    }
}

/// The name of a type in the snapshot, and the values of an enum.
fn storage(ty: &ColumnType) -> (String, Vec<String>) {
    let name = match ty {
        ColumnType::IdInt => "id-int",
        ColumnType::IdUuid => "id-uuid",
        ColumnType::IdText => "id-text",
        ColumnType::Int => "int",
        ColumnType::BigInt => "bigint",
        ColumnType::Float => "float",
        ColumnType::Text => "text",
        ColumnType::Boolean => "boolean",
        ColumnType::Enum(values) => return ("enum".into(), values.clone()),
        ColumnType::DateTime => "datetime",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        ColumnType::Decimal(scale) => return (format!("decimal({scale})"), Vec::new()),
        ColumnType::Uuid => "uuid",
        ColumnType::Json => "json",
        ColumnType::Bytes => "bytes",
    };
    (name.to_owned(), Vec::new())
}

fn literal(lit: &Lit) -> Option<serde_json::Value> {
    Some(match lit {
        Lit::Null => return None,
        Lit::Bool(value) => (*value).into(),
        Lit::Int(value) => (*value).into(),
        Lit::Float(value) => (*value).into(),
        Lit::Str(value) => value.as_str().into(),
    })
}

/// (table, what differs) for each table that differs, by name.
pub(super) fn differences(found: &Snapshot, wanted: &Snapshot) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for table in &wanted.tables {
        match found.tables.iter().find(|t| t.name == table.name) {
            None => drop(all.insert(table.name.clone(), "there is no such table".to_owned())),
            Some(old) if old != table => {
                drop(all.insert(table.name.clone(), table_difference(old, table)))
            }
            Some(_) => {}
        }
    }
    for old in found
        .tables
        .iter()
        .filter(|old| !wanted.tables.iter().any(|t| t.name == old.name))
    {
        all.insert(old.name.clone(), "no model has this table".to_owned());
    }
    all
}

fn table_difference(old: &TableState, new: &TableState) -> String {
    let mut parts = Vec::new();
    let columns = |table: &TableState| -> BTreeSet<String> {
        table.columns.iter().map(|c| c.name.clone()).collect()
    };
    let (before, after) = (columns(old), columns(new));
    let quote = |names: Vec<&String>| {
        names
            .iter()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let added: Vec<_> = after.difference(&before).collect();
    let removed: Vec<_> = before.difference(&after).collect();
    let changed: Vec<_> = new
        .columns
        .iter()
        .filter(|c| old.columns.iter().any(|o| o.name == c.name && o != *c))
        .map(|c| &c.name)
        .collect();
    for (what, names) in [
        ("new column", added),
        ("column gone:", removed),
        ("column changed:", changed),
    ] {
        if !names.is_empty() {
            parts.push(format!("{what} {}", quote(names)));
        }
    }
    if old.indexes != new.indexes {
        parts.push("other indexes".to_owned());
    }
    if old.primary_key != new.primary_key || old.counted != new.counted {
        parts.push("another primary key".to_owned());
    }
    if parts.is_empty() {
        "the columns stand in another order".to_owned()
    } else {
        parts.join("; ")
    }
}
