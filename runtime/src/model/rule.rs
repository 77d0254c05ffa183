//! Rules that the caller alone decides.
//!
//! In: static expressions, the caller. Out: true, false or unknown. Must not know: rows, SQL.

use super::cond::Cmp;
use super::{Caller, Expr, Lit, Value};

/// Whether an expression over the caller alone holds. An expression that needs a row does not.
pub fn allows(expr: &Expr, caller: Option<&dyn Caller>) -> bool {
    truth(expr, caller) == Some(true)
}

/// The truth of an expression over the caller alone; anything about a row is unknown.
pub(super) fn truth(expr: &Expr, caller: Option<&dyn Caller>) -> Option<bool> {
    match expr {
        Expr::Lit(Lit::Bool(b)) => Some(*b),
        Expr::Lit(_) | Expr::Column { .. } => None,
        Expr::Caller => Some(caller.is_some()),
        Expr::Auth(field) => caller?.get(*field).truth(),
        Expr::Not(a) => truth(a, caller).map(|t| !t),
        Expr::All(list) => three_valued(list, caller, false),
        Expr::Any(list) => three_valued(list, caller, true),
        Expr::Eq(a, b) => null_test(a, b, caller)
            .or_else(|| compare(&constant(a, caller)?, Cmp::Eq, &constant(b, caller)?)),
        Expr::Ne(a, b) => null_test(a, b, caller)
            .map(|t| !t)
            .or_else(|| compare(&constant(a, caller)?, Cmp::Ne, &constant(b, caller)?)),
        Expr::Lt(a, b) => compare(&constant(a, caller)?, Cmp::Lt, &constant(b, caller)?),
        Expr::Le(a, b) => compare(&constant(a, caller)?, Cmp::Le, &constant(b, caller)?),
        Expr::In(a, items) => is_in(&constant(a, caller)?, &constants(items, caller)?),
    }
}

/// `||` with `decisive` true, `&&` with `decisive` false.
fn three_valued(list: &[Expr], caller: Option<&dyn Caller>, decisive: bool) -> Option<bool> {
    let mut known = true;
    for expr in list {
        match truth(expr, caller) {
            Some(t) if t == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

/// The truth of `a == b` where one side is the literal `null` and the other is about the caller.
fn null_test(a: &Expr, b: &Expr, caller: Option<&dyn Caller>) -> Option<bool> {
    let other = match (a, b) {
        (Expr::Lit(Lit::Null), other) | (other, Expr::Lit(Lit::Null)) => other,
        _ => return None,
    };
    match other {
        Expr::Caller => Some(caller.is_none()),
        Expr::Auth(field) => {
            Some(caller.is_none_or(|c| c.get(*field).is_null() && c.list(*field).is_none()))
        }
        Expr::Lit(lit) => Some(*lit == Lit::Null),
        _ => None,
    }
}

/// The value of an expression over the caller alone; `None` if it is about a row.
pub(super) fn constant(expr: &Expr, caller: Option<&dyn Caller>) -> Option<Value> {
    match expr {
        Expr::Lit(lit) => Some(literal(*lit)),
        Expr::Auth(field) => Some(caller.map_or(Value::Null, |c| c.get(*field))),
        Expr::Column { .. } => None,
        other => Some(truth(other, caller).map_or(Value::Null, Value::from)),
    }
}

pub(super) fn constants(items: &[Expr], caller: Option<&dyn Caller>) -> Option<Vec<Value>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Expr::Auth(field) => match caller.and_then(|c| c.list(*field)) {
                Some(list) => values.extend(list),
                None => values.push(constant(item, caller)?),
            },
            _ => values.push(constant(item, caller)?),
        }
    }
    Some(values)
}

/// A literal as a value of the API.
pub(super) fn literal(lit: Lit) -> Value {
    match lit {
        Lit::Null => Value::Null,
        Lit::Bool(b) => b.into(),
        Lit::Int(n) => n.into(),
        Lit::Float(n) => n.into(),
        Lit::Str(s) => s.into(),
    }
}

fn compare(a: &Value, op: Cmp, b: &Value) -> Option<bool> {
    let order = match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Int(a), Value::Real(b)) => (*a as f64).partial_cmp(b)?,
        (Value::Real(a), Value::Int(b)) => a.partial_cmp(&(*b as f64))?,
        (Value::Real(a), Value::Real(b)) => a.partial_cmp(b)?,
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match op {
        Cmp::Eq => order.is_eq(),
        Cmp::Ne => order.is_ne(),
        Cmp::Lt => order.is_lt(),
        Cmp::Le => order.is_le(),
        Cmp::Gt => order.is_gt(),
        Cmp::Ge => order.is_ge(),
    })
}

fn is_in(a: &Value, values: &[Value]) -> Option<bool> {
    let mut known = true;
    for value in values {
        match compare(a, Cmp::Eq, value) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
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
