//! One field of a model: a column, a relation, or neither.

use super::cx::{self, Cx};
use super::{Head, Heads, column, relation};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{AuthType, Field, FieldSource, Model, Schema, TypeKind};
use crate::source::Span;

/// A model in the making.
pub(super) struct Draft {
    pub(super) model: Model,
    /// Relations whose other side is still to be found.
    pub(super) unjoined: Vec<Unjoined>,
}

/// A relation whose other side is still to be found.
pub(super) struct Unjoined {
    /// Index in the model's relations.
    pub(super) relation: usize,
    /// The field's directive: `hasOne`, `hasMany` or `manyToMany`.
    pub(super) directive: crate::ir::Directive,
}

impl Draft {
    pub(super) fn new(head: &Head) -> Self {
        Draft {
            model: super::empty(head),
            unjoined: Vec::new(),
        }
    }
}

/// Adds the column or relation that a field is; `None` if it is neither.
pub(super) fn field(
    cx: &Cx<'_>,
    schema: &Schema,
    heads: &Heads,
    auth: Option<&AuthType>,
    field: &Field,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Option<FieldSource> {
    if let Some(directive) = cx.any(&field.directives, relation::DIRECTIVES) {
        return relation::relation(cx, heads, auth, schema, field, directive, draft, diags);
    }
    if field.source != FieldSource::Member {
        return None; // resolved by the user
    }
    let owner = draft.model.name.clone();
    let name = field.ty.name();
    if heads.by_name.contains_key(name) {
        let help = if field.ty.is_list() {
            "add `@hasMany` or `@manyToMany`, or `@resolver` to answer it yourself"
        } else {
            "add `@belongsTo` or `@hasOne`, or `@resolver` to answer it yourself"
        };
        not_a_column(
            &owner,
            field,
            field.span,
            format!("`{name}` is a model"),
            help,
            diags,
        );
        return None;
    }
    match schema.types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Object { .. } | TypeKind::Interface { .. } | TypeKind::Union { .. }) => {
            let help = "add `@resolver` to answer it yourself, or make the type a model";
            not_a_column(
                &owner,
                field,
                field.ty_span,
                format!("`{name}` is not stored"),
                help,
                diags,
            );
            return None;
        }
        Some(TypeKind::Input { .. }) => return None, // the specification forbids it
        _ if field.ty.is_list() => {
            let help = "use the scalar `JSON`, a model of its own, or `@resolver`";
            not_a_column(
                &owner,
                field,
                field.ty_span,
                "lists are not stored".to_owned(),
                help,
                diags,
            );
            return None;
        }
        _ => {}
    }
    let ty = column::column_type(cx, schema, heads, &owner, field, diags)?;
    let made = column::column(cx, schema, auth, field, ty, diags);
    draft.model.columns.push(made);
    Some(FieldSource::Column(draft.model.columns.len() - 1))
}

fn not_a_column(
    owner: &str,
    field: &Field,
    span: Span,
    why: String,
    help: &str,
    diags: &mut Diagnostics,
) {
    let message = format!(
        "`{owner}.{}` is neither column nor relation: {why}",
        field.name
    );
    diags.error(Code::ModelField, span, message).help(help);
}

/// The name of a field's column: as `@column` says, or the default.
pub(super) fn column_name(
    cx: &Cx<'_>,
    field: &Field,
    default: String,
    diags: &mut Diagnostics,
) -> String {
    match cx
        .get(&field.directives, "column")
        .and_then(|d| cx::text(d, "name").map(|text| (d, text)))
    {
        Some((d, text)) => {
            super::sql_name(text, d.arg_span("name"), diags);
            text.to_owned()
        }
        None => default,
    }
}
