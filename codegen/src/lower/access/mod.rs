//! `@access`, `@public`, `@auth` and `defaultAccess` → rules.
//!
//! In: the schema with its directives, and the models. Out: rules of models, columns, relations and other fields.
//! Must not know: how a rule is executed.

mod auth;
pub(super) mod kind;
mod resolve;

pub(super) use auth::{auth, auth_field};

use super::cx::{self, Cx};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{AuthType, Directive, Expr, FieldSource, Lit, Model, Rule, Schema, TypeKind};
use crate::source::Span;
use resolve::Scope;

/// What rules may speak of.
#[derive(Clone, Copy)]
struct World<'a> {
    cx: &'a Cx<'a>,
    schema: &'a Schema,
    auth: Option<&'a AuthType>,
    models: &'a [Model],
}

/// A right that a directive gives, and where it may.
const ON_MODEL: &[&str] = &["read", "create", "update", "delete", "write"];
const ON_COLUMN: &[&str] = &["read", "write"];
const ON_RELATION: &[&str] = &["read"];
const ON_FIELD: &[&str] = &["if"];

/// Fills in the rules of models, of their columns and of their relations.
pub(super) fn models(
    cx: &Cx<'_>,
    schema: &Schema,
    auth: Option<&AuthType>,
    models: &mut [Model],
    diags: &mut Diagnostics,
) {
    for index in 0..models.len() {
        let world = World {
            cx,
            schema,
            auth,
            models,
        };
        let Some(ty) = schema.types.get(&models[index].name) else {
            continue;
        };
        let mut access = crate::ir::Access::default();
        if let Some(directive) = cx.get(&ty.directives, "access") {
            let what = format!("the model `{}`", ty.name);
            let mut right = |arg| world.rule(directive, arg, Some(index), diags);
            let write = right("write");
            access.read = right("read");
            access.create = right("create").or_else(|| write.clone());
            access.update = right("update").or_else(|| write.clone());
            access.delete = right("delete").or(write);
            only(directive, ON_MODEL, &what, diags);
        }
        if let Some(public) = cx.get(&ty.directives, "public") {
            if let Some(rule) = &access.read {
                let message = "`@public` and a rule for `read` exclude each other";
                diags
                    .error(Code::DirectiveConflict, public.span, message)
                    .note(rule.span, "the rule is here")
                    .help("keep one of them");
            }
            access.read = Some(Rule {
                expr: Expr::Lit(Lit::Bool(true)),
                text: "true".into(),
                span: public.span,
            });
        }
        let rules: Vec<_> = ty
            .fields()
            .iter()
            .filter_map(|field| {
                let directive = cx.get(&field.directives, "access")?;
                let what = format!("`{}.{}`", ty.name, field.name);
                let rights = match field.source {
                    FieldSource::Column(_) => ON_COLUMN,
                    FieldSource::Relation(r) if is_belongs_to(&models[index], r) => ON_COLUMN,
                    FieldSource::Relation(_) => ON_RELATION,
                    _ => return None, // a field like any other: `if`
                };
                only(directive, rights, &what, diags);
                let read = world.rule(directive, "read", Some(index), diags);
                let write = world.rule(directive, "write", Some(index), diags);
                Some((field.source.clone(), read, write))
            })
            .collect();
        models[index].access = access;
        for (source, read, write) in rules {
            set(&mut models[index], &source, read, write);
        }
    }
}

fn is_belongs_to(model: &Model, relation: usize) -> bool {
    model
        .relations
        .get(relation)
        .is_some_and(|r| matches!(r.join, crate::ir::Join::BelongsTo { .. }))
}

fn set(model: &mut Model, source: &FieldSource, read: Option<Rule>, write: Option<Rule>) {
    let column = match *source {
        FieldSource::Column(column) => column,
        FieldSource::Relation(index) => {
            model.relations[index].read = read.clone();
            match model.relations[index].join {
                crate::ir::Join::BelongsTo { column } => column,
                _ => return,
            }
        }
        _ => return,
    };
    model.columns[column].read = read;
    model.columns[column].write = write;
}

/// Fills in the rules of fields outside of models, and what `defaultAccess` says of the others.
pub(super) fn fields(
    cx: &Cx<'_>,
    schema: &mut Schema,
    auth: Option<&AuthType>,
    models: &[Model],
    diags: &mut Diagnostics,
) {
    let gate = default_access(cx, schema, auth, diags);
    let roots: Vec<String> = schema.roots().map(|(_, root)| root.name.clone()).collect();
    let mut found = Vec::new();
    let world = World {
        cx,
        schema,
        auth,
        models,
    };
    for ty in schema.types.values() {
        let TypeKind::Object { fields, .. } = &ty.kind else {
            continue;
        };
        for (at, field) in fields.iter().enumerate() {
            if matches!(
                field.source,
                FieldSource::Column(_) | FieldSource::Relation(_) | FieldSource::Page(_)
            ) {
                continue;
            }
            let directive = cx.get(&field.directives, "access");
            let public = cx.get(&field.directives, "public");
            let rule = match (directive, public) {
                (Some(directive), Some(public)) => {
                    let message = "`@public` and `@access` exclude each other";
                    diags
                        .error(Code::DirectiveConflict, public.span, message)
                        .note(directive.span, "the rule is here")
                        .help("keep one of them");
                    None
                }
                (Some(directive), None) => {
                    only(
                        directive,
                        ON_FIELD,
                        &format!("`{}.{}`", ty.name, field.name),
                        diags,
                    );
                    world.rule(directive, "if", None, diags)
                }
                (None, None)
                    if gate
                        && roots.contains(&ty.name)
                        && matches!(field.source, FieldSource::Resolver | FieldSource::Each) =>
                {
                    let expr = Expr::Ne(Box::new(Expr::Caller), Box::new(Expr::Lit(Lit::Null)));
                    Some(Rule {
                        expr,
                        text: "auth != null".into(),
                        span: field.span,
                    })
                }
                _ => None,
            };
            found.extend(rule.map(|rule| (ty.name.clone(), at, rule)));
        }
    }
    for (ty, at, rule) in found {
        if let Some(TypeKind::Object { fields, .. }) =
            schema.types.get_mut(&ty).map(|ty| &mut ty.kind)
        {
            fields[at].access = Some(rule);
        }
    }
}

/// Whether `defaultAccess` closes the root fields that say nothing themselves.
fn default_access(
    cx: &Cx<'_>,
    schema: &Schema,
    auth: Option<&AuthType>,
    diags: &mut Diagnostics,
) -> bool {
    let directive = cx.get(&schema.directives, "graphwright");
    let Some(directive) =
        directive.filter(|d| cx::word(d, "defaultAccess") == Some("AUTHENTICATED"))
    else {
        return false;
    };
    if auth.is_none() {
        let message = "`AUTHENTICATED` needs a caller, and the schema has no type with `@auth`";
        diags
            .error(
                Code::DefaultAccess,
                directive.arg_span("defaultAccess"),
                message,
            )
            .help(AUTH_HELP);
    }
    true
}

const AUTH_HELP: &str = "declare the caller: `type Auth @auth { id: ID! }`";

/// Refuses the rights that do not belong to a place.
fn only(directive: &Directive, rights: &[&str], what: &str, diags: &mut Diagnostics) {
    let names: Vec<_> = rights.iter().map(|r| format!("`{r}`")).collect();
    let known = |name: &str| ON_MODEL.contains(&name) || ON_FIELD.contains(&name);
    for (name, _, _) in directive
        .args
        .iter()
        .filter(|(name, ..)| known(&name.name) && !rights.contains(&name.name.as_str()))
    {
        let message = format!("`{}` is not a right on {what}", name.name);
        diags
            .error(Code::AccessRight, name.span, message)
            .help(format!("it has {}", names.join(", ")));
    }
    if directive.args.is_empty() {
        let message = "`@access` without a right";
        diags
            .error(Code::AccessRight, directive.span, message)
            .help(format!("it has {}", names.join(", ")));
    }
}

impl World<'_> {
    /// The rule that an argument holds; `model` is the model of `self`.
    fn rule(
        &self,
        directive: &Directive,
        arg: &str,
        model: Option<usize>,
        diags: &mut Diagnostics,
    ) -> Option<Rule> {
        let text = cx::text(directive, arg)?;
        let span: Span = directive.arg_span(arg);
        let scope = Scope {
            world: *self,
            model,
            literal: span,
            text,
        };
        // A rule with a mistake lets nobody in, and is not taken for a missing one.
        let expr = resolve::rule(&scope, diags).unwrap_or(Expr::Lit(Lit::Bool(false)));
        Some(Rule {
            expr,
            text: text.to_owned(),
            span,
        })
    }
}
