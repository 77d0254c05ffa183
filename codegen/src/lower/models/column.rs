//! Columns: how a scalar or enum is stored, and what its directives say.

use super::cx::{self, Cx};
use super::field::column_name;
use super::{Heads, default};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{
    AuthType, Column, ColumnType, Constraint, Directive, Field, FilterOp, Format, Schema, TypeKind,
};
use crate::lower::table_name;
use crate::source::Span;

/// A NOT NULL column without anything particular.
pub(super) fn plain(field: &str, span: Span, graphql: &str, ty: ColumnType) -> Column {
    Column {
        field: field.to_owned(),
        span,
        column: table_name::snake(field),
        graphql: graphql.to_owned(),
        ty,
        nullable: false,
        unique: false,
        default: None,
        constraint: None,
        read: None,
        write: None,
        filters: Vec::new(),
        sort: false,
        hidden: false,
        readonly: false,
        references: None,
    }
}

/// How a field is stored; `None` if its type does not exist or cannot be stored.
pub(super) fn column_type(
    cx: &Cx<'_>,
    schema: &Schema,
    heads: &Heads,
    owner: &str,
    field: &Field,
    diags: &mut Diagnostics,
) -> Option<ColumnType> {
    let name = field.ty.name();
    if let Some(TypeKind::Enum { values }) = schema.types.get(name).map(|ty| &ty.kind) {
        return Some(ColumnType::Enum(
            values.iter().map(|v| v.name.clone()).collect(),
        ));
    }
    Some(match name {
        "ID" => {
            let head = heads.by_name.get(owner).map(|i| &heads.list[*i]);
            head.filter(|h| h.key.as_ref() == Some(&field.name))
                .map_or(ColumnType::IdText, |h| h.key_type())
        }
        "Int" => ColumnType::Int,
        "BigInt" => ColumnType::BigInt,
        "Float" => ColumnType::Float,
        "Boolean" => ColumnType::Boolean,
        "DateTime" => ColumnType::DateTime,
        "Date" => ColumnType::Date,
        "Time" => ColumnType::Time,
        "Decimal" => ColumnType::Decimal(scale(cx, field, diags)),
        "UUID" => ColumnType::Uuid,
        "JSON" => ColumnType::Json,
        "Bytes" => ColumnType::Bytes,
        "Upload" => {
            diags
                .error(Code::ModelField, field.ty_span, "an `Upload` is not stored")
                .help("store where you put it: a `String` or a `Url`");
            return None;
        }
        "String" | "Url" | "Email" | "Duration" => ColumnType::Text,
        _ if schema.types.contains_key(name) => ColumnType::Text,
        _ => return None, // an unknown type, reported elsewhere
    })
}

fn scale(cx: &Cx<'_>, field: &Field, diags: &mut Diagnostics) -> u8 {
    let Some((directive, scale)) = cx
        .get(&field.directives, "column")
        .and_then(|d| cx::number(d, "scale").map(|n| (d, n)))
    else {
        return 2;
    };
    if !(0.0..=12.0).contains(&scale) {
        diags
            .error(
                Code::DirectiveArgument,
                directive.arg_span("scale"),
                format!("a scale of {scale}"),
            )
            .help("0 to 12 digits after the point");
    }
    scale.clamp(0.0, 12.0) as u8
}

/// The column of a scalar or enum field.
pub(super) fn column(
    cx: &Cx<'_>,
    schema: &Schema,
    auth: Option<&AuthType>,
    field: &Field,
    ty: ColumnType,
    diags: &mut Diagnostics,
) -> Column {
    let mut column = plain(&field.name, field.span, field.ty.name(), ty);
    column.nullable = !field.ty.is_non_null();
    column.column = column_name(cx, field, column.column, diags);
    if let Some(d) = cx.get(&field.directives, "column")
        && d.arg("scale").is_some()
        && !matches!(column.ty, ColumnType::Decimal(_))
    {
        let message = format!("`scale` has no effect on `{}`", field.ty);
        diags
            .error(Code::DirectiveWithoutEffect, d.arg_span("scale"), message)
            .help("only a `Decimal` has a scale");
    }
    flags(cx, field, &mut column);
    column.default = default::default(cx, schema, auth, field, &column, diags);
    column.constraint = cx
        .get(&field.directives, "constraint")
        .and_then(|d| constraint(d, &column, diags));
    if let Some(format) = format(cx, schema, field) {
        column.constraint.get_or_insert_default().format = Some(format);
    }
    if let Some(d) = cx.get(&field.directives, "filter") {
        column.filters = filters(cx, d, &column, diags);
    }
    if column.sort && matches!(column.ty, ColumnType::Json | ColumnType::Bytes) {
        let message = format!("`{}` of type `{}` has no order", field.name, column.graphql);
        diags
            .error(Code::ModelFilter, field.span, message)
            .help("remove `@sort`");
    }
    column
}

/// What a foreign key shares with other columns.
pub(super) fn flags(cx: &Cx<'_>, field: &Field, column: &mut Column) {
    let has = |name| cx.get(&field.directives, name).is_some();
    column.unique = has("unique");
    column.sort = has("sort");
    column.hidden = has("hidden");
    column.readonly = has("readonly");
}

/// What the text of a scalar of ours must be; a Rust type of the user's own reads what it likes.
fn format(cx: &Cx<'_>, schema: &Schema, field: &Field) -> Option<Format> {
    let scalar = schema.types.get(field.ty.name());
    if scalar.is_some_and(|ty| cx.get(&ty.directives, "rust").is_some())
        || cx.get(&field.directives, "rust").is_some()
    {
        return None;
    }
    match field.ty.name() {
        "Email" => Some(Format::Email),
        "Url" => Some(Format::Url),
        "Duration" => Some(Format::Duration),
        _ => None,
    }
}

fn constraint(
    directive: &Directive,
    column: &Column,
    diags: &mut Diagnostics,
) -> Option<Constraint> {
    let number = matches!(
        column.ty,
        ColumnType::Int | ColumnType::BigInt | ColumnType::Float | ColumnType::Decimal(_)
    );
    let text = column.ty == ColumnType::Text;
    for (arg, fits, what) in [
        ("min", number, "numbers"),
        ("max", number, "numbers"),
        ("minLength", text, "text"),
        ("maxLength", text, "text"),
    ] {
        if directive.arg(arg).is_some() && !fits {
            let message = format!(
                "`{arg}` is for {what}, and `{}` has the type `{}`",
                column.field, column.graphql
            );
            diags
                .error(Code::ModelConstraint, directive.arg_span(arg), message)
                .help("remove it");
        }
    }
    let length = |arg| cx::number(directive, arg).map(|n| n.max(0.0) as u32);
    let found = Constraint {
        min: cx::number(directive, "min"),
        max: cx::number(directive, "max"),
        min_length: length("minLength"),
        max_length: length("maxLength"),
        format: None,
    };
    let crossed = |least: Option<f64>, most: Option<f64>| {
        least.zip(most).is_some_and(|(least, most)| least > most)
    };
    let lengths = (
        found.min_length.map(f64::from),
        found.max_length.map(f64::from),
    );
    for (arg, crossed) in [
        ("max", crossed(found.min, found.max)),
        ("maxLength", crossed(lengths.0, lengths.1)),
    ] {
        if crossed {
            let message = format!("no value of `{}` can meet this", column.field);
            diags
                .error(Code::ModelConstraint, directive.arg_span(arg), message)
                .help("the least is greater than the greatest");
        }
    }
    (found != Constraint::default()).then_some(found)
}

/// Operators of filters by their names in `@filter(ops:)`.
pub(super) const OPS: [(&str, FilterOp); 13] = [
    ("EQ", FilterOp::Eq),
    ("NE", FilterOp::Ne),
    ("IN", FilterOp::In),
    ("NOT_IN", FilterOp::NotIn),
    ("LT", FilterOp::Lt),
    ("LTE", FilterOp::Lte),
    ("GT", FilterOp::Gt),
    ("GTE", FilterOp::Gte),
    ("CONTAINS", FilterOp::Contains),
    ("STARTS_WITH", FilterOp::StartsWith),
    ("ENDS_WITH", FilterOp::EndsWith),
    ("ICONTAINS", FilterOp::Icontains),
    ("IS_NULL", FilterOp::IsNull),
];

fn filters(
    cx: &Cx<'_>,
    directive: &Directive,
    column: &Column,
    diags: &mut Diagnostics,
) -> Vec<FilterOp> {
    let fits =
        |op: FilterOp| op_fits(op, &column.ty) && (op != FilterOp::IsNull || column.nullable);
    let Some(words) = cx::words(directive, "ops") else {
        return OPS
            .iter()
            .map(|(_, op)| *op)
            .filter(|op| fits(*op))
            .collect();
    };
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let span = cx.item(directive.arg_span("ops"), index);
        match OPS.iter().find(|(name, _)| name == word) {
            Some((_, op)) if found.contains(op) => {
                diags
                    .error(Code::ModelFilter, span, format!("`{word}` is there twice"))
                    .help("remove one of them");
            }
            Some((_, op)) if fits(*op) => found.push(*op),
            Some((_, FilterOp::IsNull)) if op_fits(FilterOp::IsNull, &column.ty) => {
                let message = format!("`{}` is never null", column.field);
                diags
                    .error(Code::ModelFilter, span, message)
                    .help("remove `IS_NULL`");
            }
            Some(_) => {
                let all: Vec<_> = OPS
                    .iter()
                    .filter(|(_, op)| fits(*op))
                    .map(|(name, _)| format!("`{name}`"))
                    .collect();
                let message = format!("the operator `{word}` is not for `{}`", column.graphql);
                diags
                    .error(Code::ModelFilter, span, message)
                    .help(format!("it has {}", all.join(", ")));
            }
            None => {} // reported by the rules of the specification
        }
    }
    if words.is_empty() {
        diags
            .error(
                Code::ModelFilter,
                directive.arg_span("ops"),
                "no operator at all",
            )
            .help("leave `ops` out for all that the type has");
    }
    found
}

fn op_fits(op: FilterOp, ty: &ColumnType) -> bool {
    use FilterOp as F;
    let ordered = matches!(
        ty,
        ColumnType::Int
            | ColumnType::BigInt
            | ColumnType::Float
            | ColumnType::Decimal(_)
            | ColumnType::DateTime
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Text
    );
    match op {
        F::Eq | F::Ne => !matches!(ty, ColumnType::Json | ColumnType::Bytes),
        F::In | F::NotIn => !matches!(
            ty,
            ColumnType::Json | ColumnType::Bytes | ColumnType::Boolean
        ),
        F::Lt | F::Lte | F::Gt | F::Gte => ordered,
        F::Contains | F::StartsWith | F::EndsWith | F::Icontains => *ty == ColumnType::Text,
        F::IsNull => true,
    }
}
