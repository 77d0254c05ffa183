//! `@default`: a constant that the column can hold, the caller's field, or the time.

use super::cx::{self, Cx};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{AuthType, Column, ColumnType, DefaultValue, Directive, Field, Lit, Schema, Value};
use crate::lower::access::kind::Kind;
use crate::parse::expr::{self, Root};

/// What `@default` says about a column.
pub(super) fn default(
    cx: &Cx<'_>,
    schema: &Schema,
    auth: Option<&AuthType>,
    field: &Field,
    column: &Column,
    diags: &mut Diagnostics,
) -> Option<DefaultValue> {
    let directive = cx.get(&field.directives, "default")?;
    match (directive.arg("value"), directive.arg("expr")) {
        (Some(value), None) => literal(value, directive, column, diags),
        (None, Some(_)) => expression(cx, schema, auth, directive, column, diags),
        _ => {
            let message = "`@default` has either `value` or `expr`";
            diags
                .error(Code::DirectiveArgument, directive.span, message)
                .help("such as `@default(value: false)`, `@default(expr: \"auth.id\")`");
            None
        }
    }
}

fn literal(
    value: &Value,
    directive: &Directive,
    column: &Column,
    diags: &mut Diagnostics,
) -> Option<DefaultValue> {
    let span = directive.arg_span("value");
    let help = match constant(value, &column.ty) {
        Ok(lit) => return Some(DefaultValue::Lit(lit)),
        Err(help) => help,
    };
    let message = format!(
        "the default does not fit `{}: {}`",
        column.field, column.graphql
    );
    diags.error(Code::ModelDefault, span, message).help(help);
    None
}

/// The constant that a value is for a column; else what the column takes.
fn constant(value: &Value, ty: &ColumnType) -> Result<Lit, String> {
    let text = match value {
        Value::Null => return Err("null is the default of a nullable field anyway".into()),
        Value::String(text) | Value::Int(text) | Value::Float(text) | Value::Enum(text) => {
            text.as_str()
        }
        Value::Boolean(true) => "true",
        Value::Boolean(false) => "false",
        Value::List(_) | Value::Object(_) => "",
    };
    let string = matches!(value, Value::String(_));
    let int = matches!(value, Value::Int(_)) || string;
    let as_text = |good: bool, what: &str| {
        if good {
            Ok(Lit::Str(text.to_owned()))
        } else {
            Err(format!("it takes {what}"))
        }
    };
    match ty {
        ColumnType::Boolean => text
            .parse()
            .map(Lit::Bool)
            .map_err(|_| "it takes `true` or `false`".into()),
        ColumnType::Int => text
            .parse::<i32>()
            .ok()
            .filter(|_| int)
            .map(|n| Lit::Int(n.into()))
            .ok_or("it takes a whole number of 32 bits".into()),
        ColumnType::BigInt => text
            .parse()
            .ok()
            .filter(|_| int)
            .map(Lit::Int)
            .ok_or("it takes a whole number".into()),
        ColumnType::Float => text
            .parse()
            .ok()
            .filter(|f: &f64| f.is_finite())
            .map(Lit::Float)
            .ok_or("it takes a number".into()),
        ColumnType::Decimal(scale) => as_text(
            is_decimal(text, *scale),
            &format!("a number with at most {scale} digits after the point"),
        ),
        ColumnType::Enum(values) => {
            let known = values.iter().any(|v| v == text)
                && matches!(value, Value::String(_) | Value::Enum(_));
            let near = suggest(text, values.iter().map(String::as_str));
            if known {
                as_text(true, "")
            } else {
                Err(near.unwrap_or_else(|| format!("it takes {}", values.join(", "))))
            }
        }
        ColumnType::DateTime => as_text(
            string && text.parse::<jiff::Timestamp>().is_ok(),
            "an instant such as \"2026-01-31T12:00:00Z\"",
        ),
        ColumnType::Date => as_text(
            string && text.parse::<jiff::civil::Date>().is_ok(),
            "a date such as \"2026-01-31\"",
        ),
        ColumnType::Time => as_text(
            string && text.parse::<jiff::civil::Time>().is_ok(),
            "a time such as \"12:30:00\"",
        ),
        ColumnType::Uuid | ColumnType::IdUuid => as_text(
            string && is_uuid(text),
            "a UUID such as \"01890a5d-ac96-774b-bcce-b302099a8057\"",
        ),
        ColumnType::IdInt => as_text(int && text.parse::<i64>().is_ok(), "a number"),
        ColumnType::Text | ColumnType::IdText => as_text(string, "a string"),
        ColumnType::Json => Ok(Lit::Str(json(value).to_string())),
        ColumnType::Bytes => Err("`Bytes` have no default".into()),
    }
}

fn is_decimal(text: &str, scale: u8) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all(whole)
        && all(fraction)
        && whole.len() <= 18 - usize::from(scale)
        && fraction.trim_end_matches('0').len() <= usize::from(scale)
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| {
            if dashes.contains(&i) {
                b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        })
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Boolean(flag) => (*flag).into(),
        Value::String(text) | Value::Enum(text) => text.as_str().into(),
        Value::Int(text) | Value::Float(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
        }
        Value::List(items) => items.iter().map(json).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
    }
}

const EXPR: &str = "there are `auth.<field>` and `now`";

fn expression(
    cx: &Cx<'_>,
    schema: &Schema,
    auth: Option<&AuthType>,
    directive: &Directive,
    column: &Column,
    diags: &mut Diagnostics,
) -> Option<DefaultValue> {
    let text = cx::text(directive, "expr")?;
    let span = directive.arg_span("expr");
    let node = match expr::parse(text) {
        Ok(node) => node,
        Err(e) => {
            diags
                .error(Code::AccessSyntax, cx.inside(span, text, e.at), e.message)
                .help(EXPR);
            return None;
        }
    };
    let place = cx.inside(span, text, node.at.clone());
    match node.kind {
        expr::Kind::Name(name) if name == "now" => {
            if matches!(column.ty, ColumnType::DateTime) {
                return Some(DefaultValue::Now);
            }
            let message = format!("`now` does not fit `{}: {}`", column.field, column.graphql);
            diags
                .error(Code::ModelDefault, place, message)
                .help("it is a `DateTime`");
            None
        }
        expr::Kind::Path(Root::Auth, steps) if steps.len() == 1 => {
            let step = &steps[0];
            let index = crate::lower::access::auth_field(cx, auth, (span, text), step, diags)?;
            let field = &auth?.fields[index];
            let theirs = Kind::of_type(schema, &field.ty);
            if !theirs.compares_with(&Kind::of_column(column)) {
                let message = format!(
                    "`auth.{}` of type `{}` does not fit `{}: {}`",
                    field.name, field.ty, column.field, column.graphql
                );
                diags
                    .error(Code::ModelDefault, place, message)
                    .help("the two must have the same type");
                return None;
            }
            Some(DefaultValue::Auth(index))
        }
        _ => {
            diags
                .error(Code::ModelDefault, place, "this is not a default")
                .help(EXPR);
            None
        }
    }
}
