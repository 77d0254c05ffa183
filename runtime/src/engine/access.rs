//! Access rules that depend on the caller alone: decided once a position, before anything runs.
//!
//! In: an expression over `auth`, the caller. Out: yes or no. Must not know: rows.

use crate::model::{Caller, Expr, Lit, Value};

/// Whether the caller meets the rule. What is not known (null, a row) is not met.
pub fn allows(rule: &Expr, caller: Option<&dyn Caller>) -> bool {
    truth(rule, caller).unwrap_or(false)
}

/// Three-valued, as in SQL: `None` is "not known".
fn truth(rule: &Expr, caller: Option<&dyn Caller>) -> Option<bool> {
    match rule {
        Expr::Not(inner) => truth(inner, caller).map(|met| !met),
        Expr::All(parts) => parts
            .iter()
            .try_fold(Some(true), |met, part| match (met, truth(part, caller)) {
                (_, Some(false)) => Err(()),
                (Some(true), Some(true)) => Ok(Some(true)),
                _ => Ok(None),
            })
            .unwrap_or(Some(false)),
        Expr::Any(parts) => parts
            .iter()
            .try_fold(Some(false), |met, part| match (met, truth(part, caller)) {
                (_, Some(true)) => Err(()),
                (Some(false), Some(false)) => Ok(Some(false)),
                _ => Ok(None),
            })
            .unwrap_or(Some(true)),
        Expr::Eq(a, b) => equal(a, b, caller),
        Expr::Ne(a, b) => equal(a, b, caller).map(|same| !same),
        Expr::Lt(a, b) => order(a, b, caller).map(|o| o.is_lt()),
        Expr::Le(a, b) => order(a, b, caller).map(|o| o.is_le()),
        Expr::In(item, list) => any_equal(item, list, caller),
        Expr::Caller => Some(caller.is_some()),
        Expr::Lit(_) | Expr::Auth(_) => value(rule, caller).truth(),
        Expr::Column { .. } => None,
    }
}

fn equal(a: &Expr, b: &Expr, caller: Option<&dyn Caller>) -> Option<bool> {
    match (a, b) {
        (Expr::Caller, Expr::Lit(Lit::Null)) | (Expr::Lit(Lit::Null), Expr::Caller) => {
            Some(caller.is_none())
        }
        (Expr::Column { .. }, _) | (_, Expr::Column { .. }) => None,
        (Expr::Lit(Lit::Null), other) | (other, Expr::Lit(Lit::Null)) => {
            Some(value(other, caller).is_null())
        }
        _ => same(&value(a, caller), &value(b, caller)),
    }
}

fn any_equal(item: &Expr, list: &[Expr], caller: Option<&dyn Caller>) -> Option<bool> {
    let item = value(item, caller);
    if item.is_null() {
        return None;
    }
    let mut all = Vec::new();
    for entry in list {
        match (entry, caller) {
            (Expr::Auth(field), Some(caller)) => match caller.list(*field) {
                Some(items) => all.extend(items),
                None => all.push(caller.get(*field)),
            },
            _ => all.push(value(entry, caller)),
        }
    }
    if all.iter().any(|entry| same(&item, entry) == Some(true)) {
        return Some(true);
    }
    if all.iter().any(Value::is_null) {
        None
    } else {
        Some(false)
    }
}

fn value(expr: &Expr, caller: Option<&dyn Caller>) -> Value {
    match expr {
        Expr::Lit(Lit::Null) => Value::Null,
        Expr::Lit(Lit::Bool(b)) => Value::Int(i64::from(*b)),
        Expr::Lit(Lit::Int(n)) => Value::Int(*n),
        Expr::Lit(Lit::Float(n)) => Value::Real(*n),
        Expr::Lit(Lit::Str(s)) => Value::Text((*s).to_owned()),
        Expr::Auth(field) => caller.map_or(Value::Null, |caller| caller.get(*field)),
        Expr::Column { .. } => Value::Null,
        rule => truth(rule, caller).map_or(Value::Null, |met| Value::Int(i64::from(met))),
    }
}

fn same(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Int(_) | Value::Real(_), Value::Int(_) | Value::Real(_)) => {
            Some(number(a) == number(b))
        }
        _ => Some(a == b),
    }
}

fn order(a: &Expr, b: &Expr, caller: Option<&dyn Caller>) -> Option<std::cmp::Ordering> {
    match (value(a, caller), value(b, caller)) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(&b)),
        (a, b) => number(&a)?.partial_cmp(&number(&b)?),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Real(n) => Some(*n),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ada;

    impl Caller for Ada {
        fn get(&self, field: u16) -> Value {
            match field {
                0 => Value::Text("ada".into()),
                1 => Value::Int(3),
                _ => Value::Null,
            }
        }

        fn list(&self, field: u16) -> Option<Vec<Value>> {
            (field == 2).then(|| vec![Value::Text("ADMIN".into())])
        }
    }

    const ADA: Expr = Expr::Lit(Lit::Str("ada"));
    const ADMIN: Expr = Expr::Lit(Lit::Str("ADMIN"));
    const NULL: Expr = Expr::Lit(Lit::Null);
    const NAME: Expr = Expr::Auth(0);
    const ROW: Expr = Expr::Column {
        path: &[],
        column: 0,
    };

    #[track_caller]
    fn check(rule: Expr, signed_in: bool, nobody: bool) {
        assert_eq!(allows(&rule, Some(&Ada)), signed_in, "{rule:?} for Ada");
        assert_eq!(allows(&rule, None), nobody, "{rule:?} for nobody");
    }

    #[test]
    fn rules_are_decided_from_the_caller() {
        check(Expr::Lit(Lit::Bool(true)), true, true);
        check(Expr::Caller, true, false);
        check(Expr::Ne(&Expr::Caller, &NULL), true, false);
        check(Expr::Eq(&Expr::Caller, &NULL), false, true);
        check(Expr::Eq(&NAME, &ADA), true, false);
        check(Expr::Eq(&NAME, &NULL), false, true);
        check(Expr::In(&ADMIN, &[Expr::Auth(2)]), true, false);
        check(Expr::In(&NAME, &[ADMIN, ADA]), true, false);
        check(
            Expr::Lt(&Expr::Auth(1), &Expr::Lit(Lit::Float(3.5))),
            true,
            false,
        );
        check(
            Expr::Le(&Expr::Lit(Lit::Int(4)), &Expr::Auth(1)),
            false,
            false,
        );
    }

    #[test]
    fn what_is_not_known_is_not_met_even_negated() {
        check(Expr::Not(&Expr::Eq(&NAME, &ADMIN)), true, false);
        check(Expr::Ne(&NAME, &ADMIN), true, false);
        check(Expr::Eq(&ROW, &ADA), false, false);
        check(Expr::Not(&Expr::Eq(&ROW, &ADA)), false, false);
        check(
            Expr::Any(&[Expr::Eq(&ROW, &ADA), Expr::Caller]),
            true,
            false,
        );
        check(
            Expr::All(&[Expr::Caller, Expr::Eq(&NAME, &ADA)]),
            true,
            false,
        );
    }
}
