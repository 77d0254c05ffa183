//! The indexes of a table: those that are asked for, and those that foreign keys and orders need.

use super::cx::{self, Cx};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{ColumnType, Index, Join, Model, Paging, Schema};

/// Every index of a model, the unique ones first; none is a prefix of another that does the same.
pub(super) fn indexes(
    cx: &Cx<'_>,
    schema: &Schema,
    models: &[Model],
    index: usize,
    diags: &mut Diagnostics,
) -> Vec<Index> {
    let model = &models[index];
    let mut made = Indexes {
        table: &model.table,
        list: Vec::new(),
    };
    for column in model.columns.iter().filter(|c| c.unique) {
        made.add(vec![column.column.clone()], true);
    }
    let declared: Vec<_> = schema
        .types
        .get(&model.name)
        .into_iter()
        .flat_map(|ty| cx.all(&ty.directives, "index"))
        .collect();
    for directive in declared {
        let unique = cx::flag(directive, "unique") == Some(true);
        if let Some(columns) = declared_columns(cx, model, directive, diags) {
            made.add(columns, unique);
        }
    }
    let id = &model.columns[model.id].column;
    for (_, relation) in to_many(models, index) {
        let Join::Has { column } = relation.join else {
            continue;
        };
        let Some(column) = model.columns.get(column) else {
            continue;
        };
        let order = relation
            .order
            .iter()
            .filter_map(|(c, _)| model.columns.get(*c))
            .map(|c| c.column.clone());
        let mut columns = vec![column.column.clone()];
        columns.extend(order);
        if !relation.order.is_empty() && !columns.contains(id) {
            columns.push(id.clone());
        }
        made.add(columns, false);
    }
    for column in model.columns.iter().filter(|c| c.references.is_some()) {
        made.add(vec![column.column.clone()], false);
    }
    for column in model.columns.iter().filter(|c| c.sort && c.column != *id) {
        made.add(vec![column.column.clone(), id.clone()], false);
    }
    made.list
}

/// The relations of all models that lead to many rows of this one.
fn to_many(models: &[Model], target: usize) -> impl Iterator<Item = (usize, &crate::ir::Relation)> {
    let all = models
        .iter()
        .enumerate()
        .flat_map(|(i, m)| m.relations.iter().map(move |r| (i, r)));
    all.filter(move |(_, r)| r.target == target && r.paging != Paging::One)
}

struct Indexes<'a> {
    table: &'a str,
    list: Vec<Index>,
}

impl Indexes<'_> {
    fn add(&mut self, columns: Vec<String>, unique: bool) {
        let covered = self.list.iter().any(|index| {
            (!unique && index.columns.starts_with(&columns))
                || (index.unique && columns.starts_with(&index.columns))
        });
        if covered {
            return;
        }
        self.list
            .retain(|index| unique || index.unique || !columns.starts_with(&index.columns));
        let kind = if unique { "uq" } else { "idx" };
        let name = format!("{kind}_{}_{}", self.table, columns.join("_"));
        self.list.push(Index {
            name,
            columns,
            unique,
        });
    }
}

fn declared_columns(
    cx: &Cx<'_>,
    model: &Model,
    directive: &crate::ir::Directive,
    diags: &mut Diagnostics,
) -> Option<Vec<String>> {
    let words = cx::words(directive, "fields")?;
    let span = directive.arg_span("fields");
    let mut columns = Vec::new();
    let mut good = true;
    for (i, word) in words.iter().enumerate() {
        let place = cx.item(span, i);
        let found = model.columns.iter().find(|c| c.field == *word);
        let problem = match found {
            None => {
                let help = suggest(word, model.columns.iter().map(|c| c.field.as_str()));
                Some((format!("`{}` has no column `{word}`", model.name), help))
            }
            Some(c) if columns.contains(&c.column) => Some((
                format!("`{word}` is there twice"),
                Some("remove one of them".into()),
            )),
            Some(c) if matches!(c.ty, ColumnType::Json | ColumnType::Bytes) => Some((
                format!("`{word}` of type `{}` cannot be indexed", c.graphql),
                Some("remove it".into()),
            )),
            Some(c) => {
                columns.push(c.column.clone());
                None
            }
        };
        if let Some((message, help)) = problem {
            diags.error(Code::ModelIndex, place, message).help_opt(help);
            good = false;
        }
    }
    if words.is_empty() {
        diags
            .error(Code::ModelIndex, span, "an index over no fields")
            .help("name the fields");
    }
    (good && !columns.is_empty()).then_some(columns)
}
