//! Filters and orders: `ListingFilter`, `ListingCityFilter`, `ReviewManyFilter`, `ListingOrder`.

use super::named;
use super::non_null;
use super::types::Types;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{
    Column, EnumValue, FilterOp, InputValue, Model, Paging, Relation, Schema, TypeKind, TypeRef,
};
use crate::source::Span;

/// The filter of a model, and what it needs; `None` if no field may be filtered.
pub(super) fn filter(
    schema: &Schema,
    models: &[Model],
    index: usize,
    span: Span,
    types: &mut Types,
    diags: &mut Diagnostics,
) -> Option<String> {
    let model = &models[index];
    if !filters_anything(model) {
        return None;
    }
    let name = format!("{}Filter", model.name);
    if types.has(&name) {
        return Some(name);
    }
    // Put first: a filter may come back to itself through relations.
    types.put(
        &name,
        span,
        format!(
            "Which `{}` are meant: all that is given must hold.",
            model.name
        ),
        input(Vec::new(), false),
    );
    let list = || TypeRef::List(Box::new(non_null(&name)));
    let mut fields = vec![
        value("and", "All of these hold.", list(), span),
        value("or", "One of these holds.", list(), span),
        value("not", "This does not hold.", named(&name), span),
    ];
    let Some(ty) = schema.types.get(&model.name) else {
        return Some(name);
    };
    for field in ty.fields() {
        if let Some(column) = columns(model).find(|c| c.field == field.name) {
            let operators = operators(model, column, span, types);
            fields.push(InputValue {
                description: field.description.clone(),
                ..InputValue::new(&field.name, span, named(&operators))
            });
        }
        let relation = model
            .relations
            .iter()
            .find(|r| r.filter && r.field == field.name);
        if let Some(relation) = relation
            && let Some(operators) = through(schema, models, relation, span, types, diags)
        {
            fields.push(InputValue {
                description: field.description.clone(),
                ..InputValue::new(&field.name, span, named(&operators))
            });
        }
    }
    clash(model, &mut fields, diags);
    if let Some(TypeKind::Input { fields: slot, .. }) = types.get_mut(&name).map(|ty| &mut ty.kind)
    {
        *slot = fields;
    }
    Some(name)
}

/// Whether a filter of this model would have any field.
pub(super) fn filters_anything(model: &Model) -> bool {
    columns(model).next().is_some() || model.relations.iter().any(|r| r.filter)
}

fn columns(model: &Model) -> impl Iterator<Item = &Column> {
    model
        .columns
        .iter()
        .filter(|c| !c.filters.is_empty() && !c.hidden && c.references.is_none())
}

/// Fields of the model that have the names of the operators.
fn clash(model: &Model, fields: &mut Vec<InputValue>, diags: &mut Diagnostics) {
    for name in ["and", "or", "not"] {
        if fields.iter().filter(|f| f.name == name).count() > 1
            && let Some(column) = model.columns.iter().find(|c| c.field == name)
        {
            let message = format!("a filter cannot have a field `{name}`: that is an operator");
            diags
                .error(Code::ModelFilter, column.span, message)
                .help("rename the field, or remove `@filter`");
            // So that the double field is not reported once more.
            let mut seen = false;
            fields.retain(|f| f.name != name || !std::mem::replace(&mut seen, true));
        }
    }
}

/// The operators of one column.
fn operators(model: &Model, column: &Column, span: Span, types: &mut Types) -> String {
    let mut chars = column.field.chars();
    let upper = chars.next().map_or_else(String::new, |c| {
        c.to_ascii_uppercase().to_string() + chars.as_str()
    });
    let name = format!("{}{upper}Filter", model.name);
    let fields = column.filters.iter().map(|op| {
        let (op_name, description) = describe(*op);
        let ty = match op {
            FilterOp::In | FilterOp::NotIn => TypeRef::List(Box::new(non_null(&column.graphql))),
            FilterOp::Contains
            | FilterOp::StartsWith
            | FilterOp::EndsWith
            | FilterOp::Icontains => named("String"),
            FilterOp::IsNull => named("Boolean"),
            _ => named(&column.graphql),
        };
        value(op_name, description, ty, span)
    });
    let kind = input(fields.collect(), false);
    types.put(
        &name,
        span,
        format!("What `{}.{}` must be.", model.name, column.field),
        kind,
    );
    name
}

fn describe(op: FilterOp) -> (&'static str, &'static str) {
    match op {
        FilterOp::Eq => ("eq", "Equal to this."),
        FilterOp::Ne => ("ne", "Not equal to this."),
        FilterOp::In => ("in", "One of these."),
        FilterOp::NotIn => ("notIn", "None of these."),
        FilterOp::Lt => ("lt", "Less than this."),
        FilterOp::Lte => ("lte", "Less than this, or equal to it."),
        FilterOp::Gt => ("gt", "Greater than this."),
        FilterOp::Gte => ("gte", "Greater than this, or equal to it."),
        FilterOp::Contains => ("contains", "Contains this."),
        FilterOp::StartsWith => ("startsWith", "Begins with this."),
        FilterOp::EndsWith => ("endsWith", "Ends with this."),
        FilterOp::Icontains => ("icontains", "Contains this, whatever the case."),
        FilterOp::IsNull => ("isNull", "Is null, or is not."),
    }
}

/// A filter that looks through a relation.
fn through(
    schema: &Schema,
    models: &[Model],
    relation: &Relation,
    span: Span,
    types: &mut Types,
    diags: &mut Diagnostics,
) -> Option<String> {
    let target = &models[relation.target];
    let inner = filter(schema, models, relation.target, span, types, diags)?;
    if relation.paging == Paging::One {
        return Some(inner);
    }
    let name = format!("{}ManyFilter", target.name);
    if !types.has(&name) {
        let fields = vec![
            value("some", "At least one is like this.", named(&inner), span),
            value("none", "None is like this.", named(&inner), span),
            value("every", "All are like this.", named(&inner), span),
        ];
        types.put(
            &name,
            span,
            format!("What the `{}` of a row must be.", target.name),
            input(fields, false),
        );
    }
    Some(name)
}

/// The order of a model; `None` if no field may be ordered by.
pub(super) fn order(
    models: &[Model],
    index: usize,
    span: Span,
    types: &mut Types,
) -> Option<String> {
    let model = &models[index];
    let columns: Vec<_> = model
        .columns
        .iter()
        .filter(|c| c.sort && !c.hidden)
        .collect();
    if columns.is_empty() {
        return None;
    }
    let name = format!("{}Order", model.name);
    if !types.has(&name) {
        let fields = columns.iter().map(|c| {
            value(
                &c.field,
                &format!("By `{}`.", c.field),
                named("Direction"),
                span,
            )
        });
        types.put(
            &name,
            span,
            format!("An order of `{}`: exactly one field.", model.name),
            input(fields.collect(), true),
        );
    }
    if !types.has("Direction") {
        let value = |name: &str, description: &str| EnumValue {
            name: name.to_owned(),
            span,
            description: Some(description.to_owned()),
            directives: Vec::new(),
            deprecated: None,
        };
        let values = vec![
            value("ASC", "From least to greatest."),
            value("DESC", "From greatest to least."),
        ];
        types.put(
            "Direction",
            span,
            "Which way an order goes.".to_owned(),
            TypeKind::Enum { values },
        );
    }
    Some(name)
}

fn value(name: &str, description: &str, ty: TypeRef, span: Span) -> InputValue {
    InputValue {
        description: Some(description.to_owned()),
        ..InputValue::new(name, span, ty)
    }
}

fn input(fields: Vec<InputValue>, one_of: bool) -> TypeKind {
    TypeKind::Input { fields, one_of }
}
