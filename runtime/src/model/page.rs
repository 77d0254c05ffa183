//! Pages of lists: limits, offsets and cursors.
//!
//! In: the arguments of a list, an order. Out: a [`Page`], cursors as opaque text.
//! Must not know: SQL text, connections.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::filter::Order;
use super::{ColumnType, ModelDef, Paging, Value};
use crate::engine::value::{Args, InputValue};
use crate::{Error, Result};

/// Which rows of a list to read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Page {
    /// So many, from an offset on.
    Slice { limit: u32, offset: u32 },
    /// So many between two cursors, from the front or from the back.
    Between {
        size: u32,
        backward: bool,
        after: Option<Vec<Value>>,
        before: Option<Vec<Value>>,
    },
}

/// The page that the arguments ask for.
///
/// # Errors
/// A number below zero or above the greatest, a cursor of another list, `first` together with `last`.
pub(super) fn page(
    model: &ModelDef,
    paging: Paging,
    order: &Order,
    args: &Args<'_>,
) -> Result<Page> {
    match paging {
        Paging::One => Ok(Page::Slice {
            limit: 1,
            offset: 0,
        }),
        Paging::List { max, offset: false } => Ok(Page::Slice {
            limit: max,
            offset: 0,
        }),
        Paging::List { max, offset: true } => {
            let limit = number(args, "limit", max)?.unwrap_or(max);
            Ok(Page::Slice {
                limit,
                offset: number(args, "offset", i32::MAX as u32)?.unwrap_or(0),
            })
        }
        Paging::Cursor { max, default } => {
            let (first, last) = (number(args, "first", max)?, number(args, "last", max)?);
            if first.is_some() && last.is_some() {
                return Err(Error::new("`first` and `last` exclude each other").field("last"));
            }
            let size = first.or(last).unwrap_or(default.min(max));
            let after = cursor_arg(model, order, args, "after")?;
            let before = cursor_arg(model, order, args, "before")?;
            Ok(Page::Between {
                size,
                backward: last.is_some(),
                after,
                before,
            })
        }
    }
}

fn number(args: &Args<'_>, name: &str, max: u32) -> Result<Option<u32>> {
    match args.value(name) {
        None | Some(InputValue::Null) => Ok(None),
        Some(InputValue::Int(n)) => match u32::try_from(*n) {
            Ok(n) if n <= max => Ok(Some(n)),
            Ok(_) => Err(Error::new(format!("`{name}` is at most {max}")).field(name)),
            Err(_) => Err(Error::new(format!("`{name}` is not below 0")).field(name)),
        },
        Some(_) => Err(Error::new(format!("`{name}` is a whole number")).field(name)),
    }
}

fn cursor_arg(
    model: &ModelDef,
    order: &Order,
    args: &Args<'_>,
    name: &str,
) -> Result<Option<Vec<Value>>> {
    match args.value(name) {
        None | Some(InputValue::Null) => Ok(None),
        Some(InputValue::Str(text)) => match read_cursor(model, order, text) {
            Some(values) => Ok(Some(values)),
            None => Err(Error::new(format!(
                "`{name}` is not a cursor of this list in this order"
            ))
            .field(name)),
        },
        Some(_) => Err(Error::new(format!("`{name}` is a cursor")).field(name)),
    }
}

/// A cursor's text: a mark of model and order, then the values of the order's terms.
pub(super) fn write_cursor<'v>(
    model: &ModelDef,
    order: &Order,
    values: impl Iterator<Item = &'v Value>,
) -> String {
    let mut bytes = mark(model, order).to_le_bytes().to_vec();
    for value in values {
        match value {
            Value::Null => bytes.push(0),
            Value::Int(n) => {
                bytes.push(1);
                bytes.extend_from_slice(&n.to_le_bytes());
            }
            Value::Real(n) => {
                bytes.push(2);
                bytes.extend_from_slice(&n.to_le_bytes());
            }
            Value::Text(s) => sized(&mut bytes, 3, s.as_bytes()),
            Value::Blob(b) => sized(&mut bytes, 4, b),
        }
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn sized(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
    bytes.extend_from_slice(content);
}

/// The values of a cursor, if it is one of this model and order and its values fit the columns.
fn read_cursor(model: &ModelDef, order: &Order, text: &str) -> Option<Vec<Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (head, mut rest) = bytes.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*head) != mark(model, order) {
        return None;
    }
    let mut values = Vec::with_capacity(order.0.len());
    for term in &order.0 {
        let (kind, tail) = rest.split_first()?;
        let (value, tail) = match kind {
            0 => (Value::Null, tail),
            1 => tail
                .split_first_chunk::<8>()
                .map(|(n, t)| (Value::Int(i64::from_le_bytes(*n)), t))?,
            2 => tail
                .split_first_chunk::<8>()
                .map(|(n, t)| (Value::Real(f64::from_le_bytes(*n)), t))?,
            3 | 4 => {
                let (len, tail) = tail.split_first_chunk::<4>()?;
                let (content, tail) = tail.split_at_checked(u32::from_le_bytes(*len) as usize)?;
                let value = match kind {
                    3 => Value::Text(String::from_utf8(content.to_vec()).ok()?),
                    _ => Value::Blob(content.to_vec()),
                };
                (value, tail)
            }
            _ => return None,
        };
        let column = &model.columns[usize::from(term.column)];
        let null_fits = column.nullable || !term.rule.is_always();
        if !(if value.is_null() {
            null_fits
        } else {
            is_of(column.ty, &value)
        }) {
            return None;
        }
        values.push(value);
        rest = tail;
    }
    rest.is_empty().then_some(values)
}

/// Whether a stored value is of the kind that the column type stores.
fn is_of(ty: ColumnType, value: &Value) -> bool {
    match ty {
        ColumnType::IdInt
        | ColumnType::Int
        | ColumnType::BigInt
        | ColumnType::Boolean
        | ColumnType::DateTime
        | ColumnType::Decimal(_) => {
            matches!(value, Value::Int(_))
        }
        ColumnType::IdUuid | ColumnType::Uuid | ColumnType::Bytes => {
            matches!(value, Value::Blob(_))
        }
        ColumnType::Float => matches!(value, Value::Real(_)),
        ColumnType::IdText
        | ColumnType::Text
        | ColumnType::Enum(_)
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Json => {
            matches!(value, Value::Text(_))
        }
    }
}

/// A number that tells cursors of one model and order from others: FNV-1a over their names.
fn mark(model: &ModelDef, order: &Order) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(b"\0") {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    };
    add(model.name.as_bytes());
    for term in &order.0 {
        add(model.columns[usize::from(term.column)].column.as_bytes());
        add(if term.descending { b"desc" } else { b"asc" });
    }
    hash
}
