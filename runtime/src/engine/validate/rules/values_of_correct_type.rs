//! Values of Correct Type: <https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type>

use crate::engine::schema::Type;
use crate::engine::syntax::ast::{Value, ValueKind};
use crate::engine::validate::Context;
use crate::engine::validate::walked::Place;

/// Whether a literal that is neither null nor a list can be such a scalar. Custom scalars take everything: what they
/// make of it is not the schema's business.
pub(in crate::engine::validate) fn scalar(
    cx: &mut Context<'_, '_>,
    scalar: &Type,
    value: &Value<'_>,
    place: Place,
) {
    if !scalar.built_in {
        return;
    }
    let fits = match (scalar.name.text, &value.kind) {
        ("Int", ValueKind::Int(text)) => {
            if text.parse::<i32>().is_err() {
                let message = format!("`{}` is beyond the 32 bits of an `Int`", short(text));
                cx.found.add(value.span.start, message);
            }
            return;
        }
        ("Float", ValueKind::Int(text) | ValueKind::Float(text)) => {
            if !text.parse::<f64>().is_ok_and(f64::is_finite) {
                let message = format!("`{}` is beyond the range of a `Float`", short(text));
                cx.found.add(value.span.start, message);
            }
            return;
        }
        ("String", ValueKind::String(_))
        | ("Boolean", ValueKind::Boolean(_))
        | ("ID", ValueKind::String(_) | ValueKind::Int(_)) => true,
        _ => false,
    };
    if !fits {
        refuse(cx, value, place);
    }
}

/// Whether a literal is a value of an enum.
pub(in crate::engine::validate) fn enumeration(
    cx: &mut Context<'_, '_>,
    ty: &Type,
    value: &Value<'_>,
    place: Place,
) {
    let written = match &value.kind {
        ValueKind::Enum(name) if cx.schema.enum_value(place.ty.no, name).is_some() => return,
        ValueKind::Enum(name) => name.text,
        ValueKind::String(text) => text,
        _ => return refuse(cx, value, place),
    };
    let message = format!("{} is no value of `{}`", shown(cx, value), ty.name);
    let known = ty.values.iter().map(|def| def.name.text);
    cx.found.add_near(value.span.start, message, written, known);
}

/// A value that does not fit.
#[cold]
pub(in crate::engine::validate) fn refuse(
    cx: &mut Context<'_, '_>,
    value: &Value<'_>,
    place: Place,
) {
    let ty = cx.schema.show(place.ty);
    let message = format!("{} does not fit `{ty}`", shown(cx, value));
    cx.found.add(value.span.start, message);
}

/// A value as it is written, in back quotes.
fn shown(cx: &Context<'_, '_>, value: &Value<'_>) -> String {
    format!("`{}`", short(cx.document.slice(value.span)))
}

/// The beginning of a long text, on one line.
fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}
