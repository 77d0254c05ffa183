//! Values of a type: as the language writes them, and as JSON.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::schema::{BOOLEAN, FLOAT, ID, INT, Input, Kind, Ref, STRING, Schema};

/// What may stand instead of a value: called for each position, it answers the text of a variable or nothing.
pub type Hole<'h> = dyn FnMut(&mut Dice, &Ref, Position) -> Option<String> + 'h;

/// What a position asks of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Like any other.
    Plain,
    /// It has a default.
    Default,
    /// The one field of a `@oneOf` input: no null.
    One,
}

/// A literal without variables.
pub fn constant(dice: &mut Dice, schema: &Schema, ty: &Ref, depth: usize) -> String {
    literal(dice, schema, ty, depth, &mut |_, _, _| None)
}

/// A literal, with variables where `hole` gives them.
pub fn literal(
    dice: &mut Dice,
    schema: &Schema,
    ty: &Ref,
    depth: usize,
    hole: &mut Hole<'_>,
) -> String {
    match ty {
        Ref::NonNull(inner) => some(dice, schema, inner, depth, hole),
        _ if dice.percent(8) => "null".to_owned(),
        _ => some(dice, schema, ty, depth, hole),
    }
}

fn some(dice: &mut Dice, schema: &Schema, ty: &Ref, depth: usize, hole: &mut Hole<'_>) -> String {
    let no = match ty {
        Ref::NonNull(inner) => return some(dice, schema, inner, depth, hole),
        // One item stands for the list; null would be the list's.
        Ref::List(inner) if alone(schema, inner) && dice.percent(15) => {
            return some(dice, schema, inner, depth, hole);
        }
        Ref::List(inner) => {
            let most = if depth == 0 { 0 } else { dice.below(4) };
            let items: Vec<_> = (0..most)
                .map(|_| match hole(dice, inner, Position::Plain) {
                    Some(variable) => variable,
                    None => literal(dice, schema, inner, depth - 1, hole),
                })
                .collect();
            return format!("[{}]", items.join(", "));
        }
        Ref::Named(no) => *no,
    };
    match &schema.types[no].kind {
        Kind::Enum(values) => dice.of(values).clone(),
        Kind::Input { fields, one_of } => object(dice, schema, fields, *one_of, depth, hole),
        _ => scalar(dice, no),
    }
}

fn object(
    dice: &mut Dice,
    schema: &Schema,
    fields: &[Input],
    one_of: bool,
    depth: usize,
    hole: &mut Hole<'_>,
) -> String {
    let mut members = Vec::new();
    if one_of {
        // A type of itself alone would have no end.
        let field = if depth == 0 {
            &fields[0]
        } else {
            dice.of(fields)
        };
        let must = Ref::NonNull(Box::new(field.ty.clone()));
        let value = match hole(dice, &must, Position::One) {
            Some(variable) => variable,
            None => literal(dice, schema, &must, depth.saturating_sub(1), hole),
        };
        return format!("{{{}: {value}}}", field.name);
    }
    for field in fields {
        let must = field.ty.is_non_null() && field.default.is_none();
        if !must && (depth == 0 || dice.percent(50)) {
            continue;
        }
        let position = if field.default.is_some() {
            Position::Default
        } else {
            Position::Plain
        };
        let value = match hole(dice, &field.ty, position) {
            Some(variable) => variable,
            None => literal(dice, schema, &field.ty, depth.saturating_sub(1), hole),
        };
        members.push(format!("{}: {value}", field.name));
    }
    if dice.percent(20) {
        members.reverse();
    }
    format!("{{{}}}", members.join(", "))
}

fn scalar(dice: &mut Dice, no: usize) -> String {
    let pick = |dice: &mut Dice, texts: &[&str]| (*dice.of(texts)).to_owned();
    match no {
        INT => pick(dice, &["0", "1", "-7", "42", "2147483647", "-2147483648"]),
        FLOAT => pick(
            dice,
            &["0", "1", "-2.5", "3.25e2", "1E-2", "0.1", "100000.5"],
        ),
        STRING => pick(
            dice,
            &[
                "\"\"",
                "\"x\"",
                "\"a \\\"b\\\" \\u00e9\"",
                "\"\"\"block\n  text\"\"\"",
                "\"é€\"",
                "\"null\"",
            ],
        ),
        BOOLEAN => pick(dice, &["true", "false"]),
        ID => pick(dice, &["\"id\"", "7", "\"8\"", "0"]),
        _ => pick(
            dice,
            &[
                "1",
                "\"s\"",
                "true",
                "[1, 2.5, [X]]",
                "{a: 1, b: {c: [null, \"d\"]}}",
                "ENUM",
                "[]",
                "{}",
            ],
        ),
    }
}

/// Whether one item may stand for a list of it, whatever the item is.
fn alone(schema: &Schema, item: &Ref) -> bool {
    match item.nullable() {
        Ref::Named(no) => *no <= ID || !matches!(schema.types[*no].kind, Kind::Scalar),
        _ => false,
    }
}

/// A value of a variable, as JSON.
pub fn json(dice: &mut Dice, schema: &Schema, ty: &Ref, depth: usize) -> Value {
    let no = match ty {
        Ref::NonNull(inner) => return json_some(dice, schema, inner, depth),
        _ if dice.percent(10) => return Value::Null,
        Ref::List(_) => return json_some(dice, schema, ty, depth),
        Ref::Named(no) => *no,
    };
    json_some(dice, schema, &Ref::Named(no), depth)
}

fn json_some(dice: &mut Dice, schema: &Schema, ty: &Ref, depth: usize) -> Value {
    let no = match ty {
        Ref::NonNull(inner) => return json_some(dice, schema, inner, depth),
        Ref::List(inner) if alone(schema, inner) && dice.percent(15) => {
            return json_some(dice, schema, inner, depth);
        }
        Ref::List(inner) => {
            let most = if depth == 0 { 0 } else { dice.below(4) };
            return (0..most)
                .map(|_| json(dice, schema, inner, depth - 1))
                .collect();
        }
        Ref::Named(no) => *no,
    };
    match &schema.types[no].kind {
        Kind::Enum(values) => json!(dice.of(values)),
        Kind::Input {
            fields,
            one_of: true,
        } => {
            let field = if depth == 0 {
                &fields[0]
            } else {
                dice.of(fields)
            };
            json!({ field.name.as_str(): json_some(dice, schema, &field.ty, depth.saturating_sub(1)) })
        }
        Kind::Input { fields, .. } => {
            let mut members = Map::new();
            for field in fields {
                let must = field.ty.is_non_null() && field.default.is_none();
                if must || depth > 0 && dice.percent(50) {
                    members.insert(
                        field.name.clone(),
                        json(dice, schema, &field.ty, depth.saturating_sub(1)),
                    );
                }
            }
            Value::Object(members)
        }
        _ => leaf(dice, no),
    }
}

/// A value of a scalar.
pub fn leaf(dice: &mut Dice, no: usize) -> Value {
    match no {
        INT => dice
            .of(&[
                json!(0),
                json!(-1),
                json!(77),
                json!(i32::MAX),
                json!(i32::MIN),
            ])
            .clone(),
        FLOAT => dice
            .of(&[
                json!(0),
                json!(1.5),
                json!(-0.25),
                json!(1e10),
                json!(123_456),
            ])
            .clone(),
        STRING => dice
            .of(&[json!(""), json!("x"), json!("é\"\\\n\u{1}€"), json!("1")])
            .clone(),
        BOOLEAN => json!(dice.percent(50)),
        ID => dice
            .of(&[json!("id"), json!(""), json!(12), json!("12")])
            .clone(),
        _ => dice
            .of(&[
                json!(1),
                json!("s"),
                json!(true),
                json!([1, null, [2.5]]),
                json!({ "a": { "b": [] }, "c": "x" }),
                json!([]),
                json!({}),
            ])
            .clone(),
    }
}

/// Something that is no value of the type, most of the time.
pub fn wrong(dice: &mut Dice) -> Value {
    let values = [
        json!(null),
        json!(1.5),
        json!("text"),
        json!(true),
        json!([]),
        json!({}),
        json!([[null]]),
        json!({ "f0": 1, "f1": 2 }),
        json!({ "nope": 1 }),
        json!(3_000_000_000_u64),
        json!(-150_000.25),
        json!(""),
        json!(["x", 1, null]),
    ];
    dice.of(&values).clone()
}
