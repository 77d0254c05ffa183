//! Whether two sets of arguments are the same.
//!
//! In: arguments as they are written. Out: yes or no. Must not know: types.

use crate::engine::syntax::ast::{Argument, Value, ValueKind};

/// The same names with the same values, in any order.
pub(super) fn same_arguments(a: &[Argument<'_>], b: &[Argument<'_>]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let in_order = a.iter().zip(b).all(|(a, b)| a.name == b.name);
    if in_order {
        return a.iter().zip(b).all(|(a, b)| same_value(&a.value, &b.value));
    }
    // Sorted rather than searched: a document may have thousands of them.
    let sorted = |arguments: &'_ [Argument<'_>]| {
        let mut order: Vec<usize> = (0..arguments.len()).collect();
        order.sort_by_key(|&i| arguments[i].name.text);
        order
    };
    let pairs = sorted(a).into_iter().zip(sorted(b));
    pairs
        .into_iter()
        .all(|(i, j)| a[i].name == b[j].name && same_value(&a[i].value, &b[j].value))
}

fn same_value(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (&a.kind, &b.kind) {
        (ValueKind::Variable(a), ValueKind::Variable(b)) => a.id == b.id,
        (ValueKind::Int(a), ValueKind::Int(b)) | (ValueKind::Float(a), ValueKind::Float(b)) => {
            a == b
        }
        (ValueKind::String(a), ValueKind::String(b)) => a == b,
        (ValueKind::Boolean(a), ValueKind::Boolean(b)) => a == b,
        (ValueKind::Null, ValueKind::Null) => true,
        (ValueKind::Enum(a), ValueKind::Enum(b)) => a == b,
        (ValueKind::List(a), ValueKind::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (ValueKind::Object(a), ValueKind::Object(b)) => same_arguments(a, b),
        _ => false,
    }
}
