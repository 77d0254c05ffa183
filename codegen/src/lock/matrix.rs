//! The access matrix: who may do what, one line each, so that a change of it shows in a review.
//!
//! In: the resolved schema. Out: names and rules as the schema writes them. Must not know: how rules are enforced.

use crate::ir::{FieldSource, Ir, Model, Rule, TypeKind};
use std::collections::BTreeMap;

/// `Listing.read` → `self.published`, `Query.secret` → `auth != null`. What nobody may do is `nobody`, what everyone may
/// `everyone`; columns and plain fields without a rule of their own are left out.
pub fn matrix(ir: &Ir) -> BTreeMap<String, String> {
    let mut matrix = BTreeMap::new();
    for model in &ir.models {
        of_model(model, &mut matrix);
    }
    let roots = [
        &ir.schema.query,
        &ir.schema.mutation,
        &ir.schema.subscription,
    ];
    let is_root = |name: &str| {
        roots
            .iter()
            .any(|root| root.as_ref().is_some_and(|root| root.name == name))
    };
    for ty in ir.schema.types.values() {
        let (TypeKind::Object { fields, .. } | TypeKind::Interface { fields, .. }) = &ty.kind
        else {
            continue;
        };
        for field in fields {
            match &field.access {
                Some(rule) => {
                    drop(matrix.insert(format!("{}.{}", ty.name, field.name), text(rule)))
                }
                // What a model answers has the model's rules.
                None if is_root(&ty.name) && !matches!(field.source, FieldSource::Operation(_)) => {
                    matrix.insert(format!("{}.{}", ty.name, field.name), "everyone".to_owned());
                }
                None => {}
            }
        }
    }
    matrix
}

fn of_model(model: &Model, matrix: &mut BTreeMap<String, String>) {
    let access = &model.access;
    let rights = [
        ("read", &access.read),
        ("create", &access.create),
        ("update", &access.update),
        ("delete", &access.delete),
    ];
    for (right, rule) in rights {
        let rule = rule.as_ref().map_or("nobody".to_owned(), text);
        matrix.insert(format!("{}.{right}", model.name), rule);
    }
    let columns = model
        .columns
        .iter()
        .flat_map(|c| [(&c.field, "read", &c.read), (&c.field, "write", &c.write)]);
    // A name of its own for relations, which may share a field's with a foreign key.
    let relations = model
        .relations
        .iter()
        .map(|r| (&r.field, "follow", &r.read));
    for (field, right, rule) in columns.chain(relations) {
        if let Some(rule) = rule {
            matrix.insert(format!("{}.{field}.{right}", model.name), text(rule));
        }
    }
}

/// The rule on one line.
fn text(rule: &Rule) -> String {
    rule.text.split_whitespace().collect::<Vec<_>>().join(" ")
}
