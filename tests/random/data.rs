//! Trees of values for a schema: mostly what its types ask for, with nulls, errors and wrong values here and there.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::literal::leaf;
use super::schema::{Field, INT, Kind, Ref, Schema};

/// The root value of both operation types.
pub fn tree(dice: &mut Dice, schema: &Schema) -> Value {
    let mut members = object(dice, schema, schema.query, 4);
    members.extend(object(dice, schema, schema.mutation, 4));
    Value::Object(members)
}

/// The root value of subscriptions: lists of events, of a schema that [has them](Schema::subscribing).
pub fn events(dice: &mut Dice, schema: &Schema) -> Value {
    let mut members = Map::new();
    for field in schema.fields(schema.subscription()) {
        let events = match dice.below(20) {
            0 => Value::Null,
            1 => json!({ "$error": "made to fail" }),
            _ => {
                let many = dice.below(5);
                let mut event = |_| field_value(dice, schema, field, 3);
                (0..many).map(&mut event).collect()
            }
        };
        members.insert(field.name.clone(), events);
    }
    Value::Object(members)
}

fn object(dice: &mut Dice, schema: &Schema, ty: usize, depth: usize) -> Map<String, Value> {
    let mut members = Map::new();
    for field in schema.fields(ty) {
        if dice.percent(4) {
            continue;
        }
        members.insert(field.name.clone(), field_value(dice, schema, field, depth));
    }
    members
}

fn field_value(dice: &mut Dice, schema: &Schema, field: &Field, depth: usize) -> Value {
    let json = schema.types[field.ty.base()].name == "Json";
    if json && matches!(field.ty.nullable(), Ref::Named(_)) && dice.percent(70) {
        return json!({ "$args": true });
    }
    let same = field
        .args
        .iter()
        .find(|arg| arg.ty.nullable() == field.ty.nullable());
    match same {
        Some(arg) if dice.percent(60) && !schema.is_composite(field.ty.base()) => {
            json!({ "$arg": arg.name })
        }
        _ => value(dice, schema, &field.ty, depth),
    }
}

fn value(dice: &mut Dice, schema: &Schema, ty: &Ref, depth: usize) -> Value {
    match dice.below(60) {
        0 => return Value::Null,
        1 => return json!({ "$error": "made to fail" }),
        _ => {}
    }
    let no = match ty {
        Ref::NonNull(inner) => return value(dice, schema, inner, depth),
        _ if dice.percent(8) => return Value::Null,
        Ref::List(inner) => {
            let most = if depth == 0 { 0 } else { dice.below(4) };
            return (0..most)
                .map(|_| value(dice, schema, inner, depth - 1))
                .collect();
        }
        Ref::Named(no) => *no,
    };
    match &schema.types[no].kind {
        Kind::Enum(values) if dice.percent(97) => json!(dice.of(values)),
        Kind::Enum(_) => json!("NO_VALUE"),
        Kind::Scalar if no == INT && dice.percent(3) => json!(3_000_000_000_u64),
        Kind::Scalar => leaf(dice, no),
        _ if depth == 0 => Value::Null,
        _ => {
            let possible = schema.possible(no);
            let concrete = *dice.of(&possible);
            let mut members = object(dice, schema, concrete, depth - 1);
            if concrete != no {
                let name = match dice.below(40) {
                    0 => "Nope",
                    _ => &schema.types[concrete].name,
                };
                members.insert("__typename".to_owned(), json!(name));
            }
            Value::Object(members)
        }
    }
}
