//! `order:` of relations: `createdAt DESC, title`.

use super::cx::{self, Cx};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{FieldSource, Model, Paging, Schema};

/// Fills in the orders of a model's relations.
pub(super) fn orders(
    cx: &Cx<'_>,
    schema: &Schema,
    models: &mut [Model],
    index: usize,
    diags: &mut Diagnostics,
) {
    let Some(ty) = schema.types.get(&models[index].name) else {
        return;
    };
    for field in ty.fields() {
        let (FieldSource::Relation(relation), Some(directive)) =
            (&field.source, cx.get(&field.directives, "hasMany"))
        else {
            continue;
        };
        let Some(text) = cx::text(directive, "order") else {
            continue;
        };
        let target = &models[models[index].relations[*relation].target];
        // A cursor carries the values that its row is ordered by, for whoever decodes it.
        let paged = matches!(
            models[index].relations[*relation].paging,
            Paging::Cursor { .. }
        );
        let mut order = Vec::new();
        let span = directive.arg_span("order");
        let mut at = 0;
        for item in text.split(',') {
            let start = at + item.len() - item.trim_start().len();
            let place = cx.inside(span, text, start..start + item.trim().len());
            at += item.len() + 1;
            let mut words = item.split_whitespace();
            let Some(name) = words.next() else {
                diags
                    .error(Code::RelationOrder, place, "an empty item in the order")
                    .help("such as `createdAt DESC, title`");
                continue;
            };
            let descending = match (words.next(), words.next()) {
                (None | Some("ASC"), None) => false,
                (Some("DESC"), None) => true,
                _ => {
                    let message = format!("`{}` is not an order", item.trim());
                    diags
                        .error(Code::RelationOrder, place, message)
                        .help("a field, then `ASC` or `DESC`");
                    continue;
                }
            };
            let place = cx.inside(span, text, start..start + name.len());
            match target.columns.iter().position(|c| c.field == name) {
                Some(column) if target.columns[column].hidden && paged => {
                    let message = format!("cursors would show `{}.{name}`", target.name);
                    diags
                        .error(Code::RelationOrder, place, message)
                        .note(target.columns[column].span, "it is `@hidden`")
                        .help("order by a field that clients may see, or leave out `paginate: CURSOR`");
                }
                Some(column) => order.push((column, descending)),
                None => {
                    let help = suggest(name, target.columns.iter().map(|c| c.field.as_str()));
                    let message = format!("`{}` has no column `{name}` to order by", target.name);
                    diags
                        .error(Code::RelationOrder, place, message)
                        .help_opt(help);
                }
            }
        }
        models[index].relations[*relation].order = order;
    }
}
