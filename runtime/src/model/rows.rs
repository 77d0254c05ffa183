//! Rows as they came from the database: compact cells, and which of them belong to which parent.
//!
//! In: cells, rules' answers. Out: cells by column, full structs, cursors. Must not know: statements, plans.

use serde::de::DeserializeOwned;

use super::filter::Order;
use super::page::write_cursor;
use super::value::{Corrupt, kind, text_of};
use super::{ColumnType, ModelDef, Value};
use crate::engine::value::InputValue;
use crate::{Error, Result};

/// The rows of one level, for all parents together.
#[derive(Debug)]
pub struct RowSet {
    model: &'static ModelDef,
    /// Where a column's cell lies in a row; [`ABSENT`] if it was not read.
    places: Box<[u8]>,
    width: usize,
    len: usize,
    cells: Vec<Value>,
    /// Fields that the caller may not read: in every row, and row by row if rules depend on the row.
    denied: Denied,
    denied_rows: Vec<Denied>,
    pub(super) parts: Parts,
    pub(super) pages: Vec<PageInfo>,
    pub(super) order: Option<Order>,
    /// Why there are no rows; told for each parent.
    error: Option<Error>,
}

/// Which rows belong to which parent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// All of them to the only parent.
    Whole,
    /// For each parent, the first row and how many follow.
    Spans(Vec<(u32, u32)>),
}

/// What a page tells beside its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PageInfo {
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
    pub(super) total: Option<i64>,
}

/// Fields that the caller may not read, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Denied {
    pub(super) columns: u64,
    pub(super) relations: u64,
}

/// The place of a column that was not read.
pub(super) const ABSENT: u8 = u8::MAX;

impl RowSet {
    pub(super) fn new(
        model: &'static ModelDef,
        places: Box<[u8]>,
        width: usize,
        denied: Denied,
    ) -> RowSet {
        RowSet {
            model,
            places,
            width,
            len: 0,
            cells: Vec::new(),
            denied,
            denied_rows: Vec::new(),
            parts: Parts::Whole,
            pages: Vec::new(),
            order: None,
            error: None,
        }
    }

    /// A level without rows.
    pub(super) fn empty(model: &'static ModelDef, parts: Parts) -> RowSet {
        let mut set = RowSet::new(
            model,
            vec![ABSENT; model.columns.len()].into(),
            0,
            Denied::default(),
        );
        set.parts = parts;
        set
    }

    /// A level that failed.
    pub(super) fn failed(model: &'static ModelDef, error: Error) -> RowSet {
        let mut set = RowSet::empty(model, Parts::Whole);
        set.error = Some(error);
        set
    }

    /// Adds a row: `width` cells, and its own denied fields if rules depend on the row.
    pub(super) fn push(&mut self, cells: impl Iterator<Item = Value>, denied: Option<Denied>) {
        self.cells.extend(cells);
        self.denied_rows.extend(denied);
        self.len += 1;
    }

    /// The model of the rows.
    pub fn model(&self) -> &'static ModelDef {
        self.model
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A row.
    ///
    /// # Panics
    /// There are fewer rows.
    pub fn row(&self, i: usize) -> Row<'_> {
        assert!(i < self.len, "row {i} of {}", self.len);
        Row { set: self, i }
    }

    /// All rows as full structs, in order.
    ///
    /// # Errors
    /// A cell does not hold what its column promises, or not all columns were read.
    pub fn full<M: Model>(&self) -> Result<Vec<M>> {
        (0..self.len).map(|i| M::from_row(&self.row(i))).collect()
    }

    /// Why there are no rows, if the level failed.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The rows of a parent.
    pub(super) fn part(&self, parent: usize) -> std::ops::Range<usize> {
        match &self.parts {
            Parts::Whole => 0..self.len,
            Parts::Spans(spans) => match spans.get(parent) {
                Some(&(start, count)) => start as usize..start as usize + count as usize,
                None => 0..0,
            },
        }
    }

    pub(super) fn denies(&self, i: usize) -> Denied {
        match self.denied_rows.get(i) {
            Some(row) => Denied {
                columns: self.denied.columns | row.columns,
                relations: self.denied.relations | row.relations,
            },
            None => self.denied,
        }
    }

    /// The cell, whether or not the caller may read it; NULL if the column was not read.
    pub(super) fn cell(&self, i: usize, column: u16) -> &Value {
        match self.places.get(usize::from(column)) {
            Some(&place) if place != ABSENT => &self.cells[i * self.width + usize::from(place)],
            _ => &Value::Null,
        }
    }

    /// The row's cursor in the order that the rows were read in.
    pub(super) fn cursor(&self, i: usize) -> Option<String> {
        let order = self.order.as_ref()?;
        let denied = self.denies(i).columns;
        let values = order.0.iter().map(|term| {
            match denied & (1 << term.column) != 0 && !term.rule.is_always() {
                true => &Value::Null,
                false => self.cell(i, term.column),
            }
        });
        Some(write_cursor(self.model, order, values))
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    set: &'a RowSet,
    i: usize,
}

impl<'a> Row<'a> {
    /// The cell of a column, by its number in [`ModelDef::columns`].
    ///
    /// # Errors
    /// The column was not read, or holds something else.
    pub fn get<T: FromCell>(&self, column: u16) -> Result<T> {
        let (ty, cell) = self.cell(column)?;
        Ok(T::from_cell(ty, cell).map_err(|Corrupt(why)| self.corrupt(column, &why))?)
    }

    /// The cell of an enum or of a scalar of the application, read from its JSON.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn parse<T: DeserializeOwned>(&self, column: u16) -> Result<T> {
        let (ty, cell) = self.cell(column)?;
        let json = json_of(ty, cell).map_err(|Corrupt(why)| self.corrupt(column, &why))?;
        Ok(serde_json::from_value(json).map_err(|e| self.corrupt(column, &e.to_string()))?)
    }

    fn cell(&self, column: u16) -> Result<(ColumnType, &'a Value)> {
        let read = self
            .set
            .places
            .get(usize::from(column))
            .is_some_and(|p| *p != ABSENT);
        match self.set.model.columns.get(usize::from(column)) {
            Some(def) if read => Ok((def.ty, self.set.cell(self.i, column))),
            _ => Err(Error::internal(format!(
                "column {column} of `{}` was not read",
                self.set.model.name
            ))),
        }
    }

    fn corrupt(&self, column: u16, why: &str) -> Corrupt {
        let model = self.set.model;
        Corrupt(format!(
            "{}.{}: {why}",
            model.table,
            model.columns[usize::from(column)].column
        ))
    }
}

/// The cell as JSON.
pub(super) fn json_of(
    ty: ColumnType,
    cell: &Value,
) -> std::result::Result<serde_json::Value, Corrupt> {
    use serde_json::Value as Json;
    Ok(match (ty, cell) {
        (_, Value::Null) => Json::Null,
        (ColumnType::Int | ColumnType::BigInt, Value::Int(n)) => Json::from(*n),
        (ColumnType::Boolean, Value::Int(n)) => Json::Bool(*n != 0),
        (ColumnType::Float, Value::Real(n)) => Json::from(*n),
        (ColumnType::Float, Value::Int(n)) => Json::from(*n),
        (ColumnType::Json, Value::Text(text)) => {
            serde_json::from_str(text).map_err(|e| Corrupt(e.to_string()))?
        }
        _ => text_of(ty, cell)?.map_or(Json::Null, Json::String),
    })
}

/// A generated struct of a model.
pub trait Model: Sized + Send + Sync + 'static {
    /// Index of the model.
    const MODEL: u16;
    /// Number of the type in `SchemaDef::types`.
    const TYPE: u16;

    /// Reads all columns of a row.
    ///
    /// # Errors
    /// A cell does not hold what its column promises, or not all columns were read.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// What a cell can become.
pub trait FromCell: Sized {
    /// Reads the cell.
    ///
    /// # Errors
    /// The cell holds something else.
    fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt>;
}

fn other(wanted: &str, cell: &Value) -> Corrupt {
    Corrupt(format!("{wanted} expected, found {}", kind(cell)))
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Null => Ok(None),
            cell => T::from_cell(ty, cell).map(Some),
        }
    }
}

impl FromCell for bool {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        cell.truth().ok_or_else(|| other("a Boolean", cell))
    }
}

impl FromCell for i32 {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Int(n) => i32::try_from(*n).map_err(|_| other("an Int", cell)),
            _ => Err(other("an Int", cell)),
        }
    }
}

impl FromCell for i64 {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Int(n) => Ok(*n),
            _ => Err(other("an integer", cell)),
        }
    }
}

impl FromCell for f64 {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Real(n) => Ok(*n),
            Value::Int(n) => Ok(*n as f64),
            _ => Err(other("a Float", cell)),
        }
    }
}

impl FromCell for serde_json::Value {
    fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        json_of(ty, cell)
    }
}

impl FromCell for crate::scalar::Bytes {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Blob(bytes) => Ok(crate::scalar::Bytes(bytes.clone())),
            _ => Err(other("Bytes", cell)),
        }
    }
}

impl FromCell for jiff::Timestamp {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Int(n) => {
                jiff::Timestamp::from_microsecond(*n).map_err(|_| other("a DateTime", cell))
            }
            _ => Err(other("a DateTime", cell)),
        }
    }
}

impl FromCell for uuid::Uuid {
    fn from_cell(_: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match cell {
            Value::Blob(bytes) => uuid::Uuid::from_slice(bytes).map_err(|_| other("a UUID", cell)),
            _ => Err(other("a UUID", cell)),
        }
    }
}

impl FromCell for rust_decimal::Decimal {
    fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        match (ty, cell) {
            (ColumnType::Decimal(scale), Value::Int(n)) => Ok(super::value::unscaled(*n, scale)),
            _ => Err(other("a Decimal", cell)),
        }
    }
}

/// Types that are read from the text that the API shows.
macro_rules! from_text {
    ($($ty:ty: $what:literal, $read:expr;)*) => { $(
        impl FromCell for $ty {
            fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
                let text = text_of(ty, cell)?.ok_or_else(|| other($what, cell))?;
                let read: fn(String) -> Option<$ty> = $read;
                read(text).ok_or_else(|| other($what, cell))
            }
        }
    )* };
}
from_text! {
    String: "text", Some;
    crate::scalar::Id: "an ID", |s| Some(s.into());
    crate::scalar::Url: "a Url", |s| crate::scalar::Url::new(s).ok();
    crate::scalar::Email: "an Email", |s| crate::scalar::Email::new(s).ok();
    jiff::civil::Date: "a Date", |s| s.parse().ok();
    jiff::civil::Time: "a Time", |s| s.parse().ok();
    jiff::SignedDuration: "a Duration", |s| s.parse().ok();
}

impl<M> FromCell for super::Key<M> {
    fn from_cell(ty: ColumnType, cell: &Value) -> std::result::Result<Self, Corrupt> {
        crate::scalar::Id::from_cell(ty, cell).map(super::Key::new)
    }
}

/// JSON as an input value: for programs that write rows.
impl From<serde_json::Value> for InputValue {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => InputValue::Null,
            Json::Bool(b) => InputValue::Bool(b),
            Json::Number(n) => match n.as_i64() {
                Some(n) => InputValue::Int(n),
                None => InputValue::Float(n.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(s) => InputValue::Str(s),
            Json::Array(items) => {
                InputValue::List(items.into_iter().map(InputValue::from).collect())
            }
            Json::Object(fields) => {
                InputValue::Object(fields.into_iter().map(|(k, v)| (k, v.into())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_cannot_be_read_is_not_shown() {
        let cell = Value::Text("hunter2".to_owned());
        let unread = [
            i32::from_cell(ColumnType::Int, &cell).err(),
            i64::from_cell(ColumnType::Text, &cell).err(),
            crate::scalar::Email::from_cell(ColumnType::Text, &cell).err(),
            uuid::Uuid::from_cell(ColumnType::Text, &cell).err(),
            text_of(ColumnType::Uuid, &Value::Blob(b"hunter2".to_vec())).err(),
        ];
        for unread in unread {
            let Corrupt(why) = unread.expect("unfit");
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
