//! Relations: what a field leads to, and how its two sides find each other.

use super::cx::{self, Cx};
use super::field::{Draft, Unjoined, column_name};
use super::{Heads, column, default};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{
    AuthType, Directive, Field, FieldSource, Join, Model, OnDelete, Paging, References, Relation,
    Schema,
};
use crate::lower::table_name;
use crate::source::Span;

/// The directives that make a field a relation.
pub(super) const DIRECTIVES: &[&str] = &["belongsTo", "hasOne", "hasMany", "manyToMany"];

/// Adds the relation that a field is; `@belongsTo` adds its foreign key too.
#[allow(clippy::too_many_arguments, reason = "the context of a field")]
pub(super) fn relation(
    cx: &Cx<'_>,
    heads: &Heads,
    auth: Option<&AuthType>,
    schema: &Schema,
    field: &Field,
    directive: &Directive,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Option<FieldSource> {
    for other in field
        .directives
        .iter()
        .filter(|d| DIRECTIVES.contains(&d.name.as_str()) && d.name != directive.name)
    {
        let message = format!(
            "`@{}` and `@{}` exclude each other",
            directive.name, other.name
        );
        diags
            .error(Code::DirectiveConflict, other.span, message)
            .note(directive.span, "the first is here")
            .help("keep one of them");
    }
    let to_many = matches!(directive.name.as_str(), "hasMany" | "manyToMany");
    let name = field.ty.name();
    let Some(target) = heads.by_name.get(name).copied() else {
        if schema.types.contains_key(name) || Schema::is_builtin_scalar(name) {
            let message = format!(
                "`{}.{}` leads to `{name}`, which is not a model",
                draft.model.name, field.name
            );
            diags
                .error(Code::RelationType, field.ty_span, message)
                .help("a relation leads to a type with `@model`");
        }
        return None;
    };
    if field.ty.is_list() != to_many {
        let (found, help) = match to_many {
            true => ("one row", format!("write `[{name}!]!`")),
            false => ("a list", format!("write `{name}`, or use `@hasMany`")),
        };
        let message = format!("`@{}` on a field that answers {found}", directive.name);
        diags
            .error(Code::RelationType, field.ty_span, message)
            .help(help);
        return None;
    }
    if directive.name == "hasOne" && field.ty.is_non_null() {
        let message = format!(
            "`{}.{}` cannot be non-null: there may be no such row",
            draft.model.name, field.name
        );
        diags
            .error(Code::RelationType, field.ty_span, message)
            .help(format!("write `{name}`"));
    }
    let index = draft.model.relations.len();
    let join = if directive.name == "belongsTo" {
        foreign_key(
            cx, heads, auth, schema, field, directive, target, draft, diags,
        )
    } else {
        draft.unjoined.push(Unjoined {
            relation: index,
            directive: directive.clone(),
        });
        Join::Has { column: usize::MAX } // found by `join`
    };
    draft.model.relations.push(Relation {
        field: field.name.clone(),
        span: field.span,
        target,
        join,
        paging: if to_many {
            paging(directive, 1000, "NONE", diags)
        } else {
            Paging::One
        },
        order: Vec::new(),
        read: None,
        filter: cx.get(&field.directives, "filter").is_some(),
    });
    Some(FieldSource::Relation(index))
}

/// How a list is paged, by the arguments `paginate` and `max`.
pub(in crate::lower) fn paging(
    directive: &Directive,
    max: u32,
    default: &str,
    diags: &mut Diagnostics,
) -> Paging {
    let max = match cx::number(directive, "max") {
        Some(n) if (1.0..=100_000.0).contains(&n) => n as u32,
        Some(n) => {
            let message = format!("a page of at most {n} rows");
            diags
                .error(Code::DirectiveArgument, directive.arg_span("max"), message)
                .help("1 to 100000");
            max
        }
        None => max,
    };
    match cx::word(directive, "paginate").unwrap_or(default) {
        "CURSOR" => Paging::Cursor {
            max,
            default: max.min(20),
        },
        "OFFSET" => Paging::List { max, offset: true },
        _ => Paging::List { max, offset: false },
    }
}

#[allow(clippy::too_many_arguments, reason = "the context of a field")]
fn foreign_key(
    cx: &Cx<'_>,
    heads: &Heads,
    auth: Option<&AuthType>,
    schema: &Schema,
    field: &Field,
    directive: &Directive,
    target: usize,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Join {
    let on_delete = match cx::word(directive, "onDelete") {
        Some("CASCADE") => OnDelete::Cascade,
        Some("SET_NULL") => OnDelete::SetNull,
        _ => OnDelete::Restrict,
    };
    if on_delete == OnDelete::SetNull && field.ty.is_non_null() {
        let message = format!(
            "`{}.{}` is never null, so its key cannot be set to null",
            draft.model.name, field.name
        );
        let help = format!("write `{}`, or another `onDelete`", field.ty.name());
        diags
            .error(Code::RelationType, directive.arg_span("onDelete"), message)
            .help(help);
    }
    let mut key = column::plain(&field.name, field.span, "ID", heads.list[target].key_type());
    key.column = column_name(
        cx,
        field,
        format!("{}_id", table_name::snake(&field.name)),
        diags,
    );
    key.nullable = !field.ty.is_non_null();
    key.references = Some(References {
        model: target,
        on_delete,
    });
    column::flags(cx, field, &mut key);
    key.sort = false;
    key.default = default::default(cx, schema, auth, field, &key, diags);
    draft.model.columns.push(key);
    Join::BelongsTo {
        column: draft.model.columns.len() - 1,
    }
}

/// Finds the other side of every relation that holds no key itself.
pub(super) fn join(
    cx: &Cx<'_>,
    schema: &Schema,
    models: &mut [Model],
    unjoined: &[(usize, Unjoined)],
    diags: &mut Diagnostics,
) {
    for (model, pending) in unjoined {
        let found = if pending.directive.name == "manyToMany" {
            through(cx, schema, models, *model, pending, diags)
        } else {
            inverse(models, *model, pending, diags)
        };
        if let Some(join) = found {
            models[*model].relations[pending.relation].join = join;
        }
    }
}

/// The key of the target that leads back.
fn inverse(
    models: &[Model],
    model: usize,
    pending: &Unjoined,
    diags: &mut Diagnostics,
) -> Option<Join> {
    let directive = &pending.directive;
    let own = &models[model].name;
    let relation = &models[model].relations[pending.relation];
    let target = &models[relation.target];
    let keys: Vec<(usize, &str)> = target
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.references.as_ref().is_some_and(|r| r.model == model))
        .map(|(i, c)| (i, c.field.as_str()))
        .collect();
    let named = cx::text(directive, "inverse");
    let column = match (named, keys.as_slice()) {
        (Some(name), _) => match keys.iter().find(|(_, field)| *field == name) {
            Some((column, _)) => *column,
            None => {
                let message = format!(
                    "`{}.{name}` is no `@belongsTo` field that leads to `{own}`",
                    target.name
                );
                let help = suggest(name, keys.iter().map(|(_, field)| *field));
                let help = help.unwrap_or_else(|| {
                    format!("add `{name}: {own}! @belongsTo` to `{}`", target.name)
                });
                diags
                    .error(
                        Code::RelationInverse,
                        directive.arg_span("inverse"),
                        message,
                    )
                    .help(help);
                return None;
            }
        },
        (None, [(column, _)]) => *column,
        (None, []) => {
            let message = format!(
                "`{}` has no `@belongsTo` field that leads to `{own}`",
                target.name
            );
            let help = format!(
                "add `{}: {own}! @belongsTo` to `{}`",
                lower_first(own),
                target.name
            );
            diags
                .error(Code::RelationInverse, directive.span, message)
                .help(help);
            return None;
        }
        (None, several) => {
            let names: Vec<_> = several
                .iter()
                .map(|(_, field)| format!("`inverse: \"{field}\"`"))
                .collect();
            let message = format!("`{}` leads to `{own}` by several fields", target.name);
            diags
                .error(Code::RelationInverse, directive.span, message)
                .help(format!("say which: {}", names.join(" or ")));
            return None;
        }
    };
    if directive.name == "hasOne" && !target.columns[column].unique {
        let key = &target.columns[column];
        let message = format!(
            "several rows of `{}` may have the same `{}`",
            target.name, key.field
        );
        let help = format!(
            "add `@unique` to `{}.{}`, or use `@hasMany`",
            target.name, key.field
        );
        diags
            .error(Code::RelationInverse, directive.span, message)
            .note(key.span, "it is here")
            .help(help);
    }
    Some(Join::Has { column })
}

/// The table between two models.
fn through(
    cx: &Cx<'_>,
    schema: &Schema,
    models: &[Model],
    model: usize,
    pending: &Unjoined,
    diags: &mut Diagnostics,
) -> Option<Join> {
    let directive = &pending.directive;
    let relation = &models[model].relations[pending.relation];
    let (own, other) = (&models[model], &models[relation.target]);
    let table = match cx::text(directive, "through") {
        Some(name) => {
            if !super::sql_name(name, directive.arg_span("through"), diags) {
                return None;
            }
            name.to_owned()
        }
        None => {
            let mut names = [own.table.as_str(), other.table.as_str()];
            names.sort_unstable();
            names.join("_")
        }
    };
    if let Some(taken) = models.iter().find(|m| m.table.eq_ignore_ascii_case(&table)) {
        let message = format!("`{table}` is the table of the model `{}`", taken.name);
        let help = "name another table, or use `@hasMany` to the model between the two";
        diags
            .error(
                Code::RelationThrough,
                directive.arg_span("through"),
                message,
            )
            .note(taken.span, "the model is here")
            .help(help);
        return None;
    }
    if let Some((span, user)) = stranger(cx, schema, models, (model, relation.target), &table) {
        let message = format!("the table `{table}` joins other models at `{user}`");
        diags
            .error(
                Code::RelationThrough,
                directive.arg_span("through"),
                message,
            )
            .note(span, "it is used here")
            .help("name another table");
        return None;
    }
    let key = |m: &Model| format!("{}_id", table_name::snake(&m.name));
    if relation.target != model {
        return Some(Join::Through {
            table,
            own: key(own),
            other: key(other),
        });
    }
    // Between rows of one model: the second field with this table looks from the other end.
    let second = schema.types.get(&own.name).is_some_and(|ty| {
        let same = |f: &&Field| {
            cx.get(&f.directives, "manyToMany")
                .is_some_and(|d| cx::text(d, "through") == cx::text(directive, "through"))
                && f.ty.name() == own.name
        };
        ty.fields()
            .iter()
            .find(same)
            .is_some_and(|first| first.name != relation.field)
    });
    let (near, far) = (format!("from_{}", key(own)), format!("to_{}", key(own)));
    let (own, other) = if second { (far, near) } else { (near, far) };
    Some(Join::Through { table, own, other })
}

/// A relation between other models by the same table.
fn stranger(
    cx: &Cx<'_>,
    schema: &Schema,
    models: &[Model],
    pair: (usize, usize),
    table: &str,
) -> Option<(Span, String)> {
    for (index, model) in models.iter().enumerate() {
        let fields = schema.types.get(&model.name)?.fields();
        for relation in &model.relations {
            let directive = fields
                .iter()
                .find(|f| f.name == relation.field)
                .and_then(|f| cx.get(&f.directives, "manyToMany"));
            let same_table = directive.and_then(|d| cx::text(d, "through")) == Some(table);
            let same_pair = (index, relation.target) == pair || (relation.target, index) == pair;
            if same_table && !same_pair {
                return Some((relation.span, format!("{}.{}", model.name, relation.field)));
            }
        }
    }
    None
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |c| {
        c.to_ascii_lowercase().to_string() + chars.as_str()
    })
}
