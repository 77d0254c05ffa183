//! Scalars and enums: what is written for a JSON value, as <https://spec.graphql.org/September2025/#sec-Scalars.Result-Coercion-and-Serialization>
//! allows and as graphql-js does.
//!
//! In: JSON, a type. Out: bytes, or an error at the field. Must not know: where the JSON came from.

use serde_json::{Number, Value};

use super::schema::Leaf;
use crate::Error;
use crate::engine::out::{Out, Written};

/// Writes a value that is not null.
pub(super) fn write(leaf: &Leaf, value: &Value, out: &mut Out) -> Written {
    match (leaf, value) {
        (Leaf::Int, _) => return int(value, out),
        (Leaf::Float, _) => match to_number(value).filter(|found| found.is_finite()) {
            Some(found) => out.raw(number(found).as_bytes()),
            None => return cannot("Float cannot represent non numeric value", value, out),
        },
        (Leaf::String | Leaf::Id, Value::String(text)) => out.str(text),
        (Leaf::String, Value::Bool(value)) => out.str(if *value { "true" } else { "false" }),
        (Leaf::String, Value::Number(found)) => out.str(&text_of(found)),
        (Leaf::String, _) => return cannot("String cannot represent value", value, out),
        (Leaf::Boolean, Value::Bool(value)) => out.bool(*value),
        (Leaf::Boolean, Value::Number(found)) => out.bool(found.as_f64() != Some(0.0)),
        (Leaf::Boolean, _) => {
            return cannot("Boolean cannot represent a non boolean value", value, out);
        }
        (Leaf::Id, Value::Number(found)) if is_integer(found) => out.str(&text_of(found)),
        (Leaf::Id, _) => return cannot("ID cannot represent value", value, out),
        (Leaf::Enum(_, values), Value::String(text)) if values.contains(&text.as_str()) => {
            out.str(text);
        }
        (Leaf::Enum(name, _), _) => {
            return cannot(
                &format!("Enum \"{name}\" cannot represent value"),
                value,
                out,
            );
        }
        (Leaf::Custom(_), _) => out.json(value),
    }
    Ok(())
}

/// The text of a number as JavaScript writes it: `1` for 1.0.
pub(super) fn text_of(found: &Number) -> String {
    match found.as_f64() {
        Some(float) if found.is_f64() => number(float),
        _ => found.to_string(),
    }
}

/// A finite number as JavaScript writes it.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        value.to_string()
    } else {
        let text = format!("{value:e}");
        match text.contains("e-") {
            true => text,
            false => text.replace('e', "e+"),
        }
    }
}

fn int(value: &Value, out: &mut Out) -> Written {
    let whole = |found: &f64| found.is_finite() && found.fract() == 0.0;
    match to_number(value).filter(whole) {
        Some(found) if (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&found) => {
            out.int(found as i64);
            Ok(())
        }
        Some(_) => {
            let what = "Int cannot represent non 32-bit signed integer value";
            cannot(what, value, out)
        }
        None => cannot("Int cannot represent non-integer value", value, out),
    }
}

/// What `Int` and `Float` take for a number: numbers, texts of numbers, true and false.
fn to_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(found) => found.as_f64(),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::String(text) => {
            let text = text.trim();
            let digits =
                |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
            text.bytes().all(digits).then(|| text.parse().ok())?
        }
        _ => None,
    }
}

fn is_integer(found: &Number) -> bool {
    found.as_f64().is_some_and(|float| float.fract() == 0.0)
}

#[cold]
fn cannot(what: &str, value: &Value, out: &mut Out) -> Written {
    out.fail(Error::bare(format!("{what}: {}", shown(value)), None))
}

/// A value in a message: its JSON, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    const MOST: usize = 100;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(leaf: &Leaf, value: Value, expect: Result<&str, &str>) {
        let mut out = Out::default();
        let found = write(leaf, &value, &mut out).map_err(|_| {
            let raised = out.take_errors();
            raised[0].error.message().to_owned()
        });
        let found = found.map(|()| String::from_utf8(out.into_bytes()).unwrap());
        let found = found.as_deref().map_err(String::as_str);
        assert_eq!(found, expect, "{leaf:?} of {value}");
    }

    #[test]
    fn ints() {
        check(&Leaf::Int, json!(7), Ok("7"));
        check(&Leaf::Int, json!(7.0), Ok("7"));
        check(&Leaf::Int, json!("-12"), Ok("-12"));
        check(&Leaf::Int, json!(true), Ok("1"));
        check(&Leaf::Int, json!(2_147_483_647), Ok("2147483647"));
        check(&Leaf::Int, json!(-2_147_483_648_i64), Ok("-2147483648"));
        let wide = "Int cannot represent non 32-bit signed integer value: 2147483648";
        check(&Leaf::Int, json!(2_147_483_648_i64), Err(wide));
        let not = |value: &str| format!("Int cannot represent non-integer value: {value}");
        for value in [
            json!(1.5),
            json!("abc"),
            json!(""),
            json!("inf"),
            json!([1]),
            json!({}),
        ] {
            check(&Leaf::Int, value.clone(), Err(&not(&value.to_string())));
        }
    }

    #[test]
    fn floats() {
        check(&Leaf::Float, json!(1), Ok("1"));
        check(&Leaf::Float, json!(1.0), Ok("1"));
        check(&Leaf::Float, json!(-0.25), Ok("-0.25"));
        check(&Leaf::Float, json!(1e21), Ok("1e+21"));
        check(&Leaf::Float, json!(1.5e-7), Ok("1.5e-7"));
        check(&Leaf::Float, json!("2.5"), Ok("2.5"));
        check(&Leaf::Float, json!(false), Ok("0"));
        let not = "Float cannot represent non numeric value: \"NaN\"";
        check(&Leaf::Float, json!("NaN"), Err(not));
    }

    #[test]
    fn strings_booleans_ids() {
        check(&Leaf::String, json!("a\"b"), Ok("\"a\\\"b\""));
        check(&Leaf::String, json!(1.0), Ok("\"1\""));
        check(&Leaf::String, json!(true), Ok("\"true\""));
        check(
            &Leaf::String,
            json!(["a"]),
            Err("String cannot represent value: [\"a\"]"),
        );
        check(&Leaf::Boolean, json!(false), Ok("false"));
        check(&Leaf::Boolean, json!(2), Ok("true"));
        check(
            &Leaf::Boolean,
            json!("true"),
            Err("Boolean cannot represent a non boolean value: \"true\""),
        );
        check(&Leaf::Id, json!("x"), Ok("\"x\""));
        check(&Leaf::Id, json!(5), Ok("\"5\""));
        check(&Leaf::Id, json!(1.5), Err("ID cannot represent value: 1.5"));
        check(
            &Leaf::Id,
            json!(true),
            Err("ID cannot represent value: true"),
        );
    }

    #[test]
    fn enums_and_custom_scalars() {
        let mood = Leaf::Enum("Mood", vec!["HAPPY", "SAD"]);
        check(&mood, json!("SAD"), Ok("\"SAD\""));
        check(
            &mood,
            json!("sad"),
            Err("Enum \"Mood\" cannot represent value: \"sad\""),
        );
        check(
            &Leaf::Custom("Any"),
            json!({"a": [1.0, null]}),
            Ok(r#"{"a":[1.0,null]}"#),
        );
    }
}
