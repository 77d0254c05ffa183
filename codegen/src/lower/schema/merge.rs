//! All definitions first, then all extensions, in the order of the files.

use super::kind;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{DirectiveDef, Named, Schema, Type, TypeKind};
use crate::parse::{Definition, DefinitionKind, Document, Root};
use crate::source::Span;
use std::collections::btree_map::Entry;

/// One schema of all documents; types are as written.
pub(in crate::lower) fn merge(documents: &[Document], diags: &mut Diagnostics) -> Schema {
    let broken = documents
        .iter()
        .flat_map(|document| document.broken.iter().cloned())
        .collect();
    let mut schema = Schema {
        broken,
        ..Schema::default()
    };
    let all = || documents.iter().flat_map(|document| &document.definitions);
    for it in all().filter(|it| !it.extend) {
        match &it.kind {
            DefinitionKind::Schema { roots } => define_schema(&mut schema, it, roots, diags),
            DefinitionKind::Directive { .. } => define_directive(&mut schema, it, diags),
            _ => define_type(&mut schema, it, diags),
        }
    }
    for it in all().filter(|it| it.extend) {
        match &it.kind {
            DefinitionKind::Schema { roots } => {
                schema.directives.extend(it.directives.iter().cloned());
                set_roots(&mut schema, roots, diags);
                check_extended_schema(&schema, it.name.span, diags);
            }
            DefinitionKind::Directive { .. } => {}
            _ => extend_type(&mut schema, it, diags),
        }
    }
    schema
}

/// The schema is defined by its definition, or by a type with the usual name of the query root.
fn check_extended_schema(schema: &Schema, span: Span, diags: &mut Diagnostics) {
    let defined = schema.span.is_some() || schema.types.contains_key("Query");
    if !defined && schema.broken.is_empty() {
        diags
            .error(
                Code::UnknownExtended,
                span,
                "cannot extend the schema, which is not defined",
            )
            .help("write `schema { query: … }`, or define `type Query`");
    }
}

fn define_schema(schema: &mut Schema, it: &Definition, roots: &[Root], diags: &mut Diagnostics) {
    if let Some(first) = schema.span {
        diags
            .error(
                Code::DuplicateSchema,
                it.name.span,
                "the schema is defined twice",
            )
            .note(first, "first defined here")
            .help("write `extend schema` to add to it");
        return;
    }
    schema.span = Some(it.name.span);
    schema.description = it.description.clone();
    schema.directives.extend(it.directives.iter().cloned());
    set_roots(schema, roots, diags);
}

fn set_roots(schema: &mut Schema, roots: &[Root], diags: &mut Diagnostics) {
    for Root { operation, ty } in roots {
        let slot = match operation.name.as_str() {
            "query" => &mut schema.query,
            "mutation" => &mut schema.mutation,
            "subscription" => &mut schema.subscription,
            other => {
                let help = suggest(other, ["query", "mutation", "subscription"]);
                diags
                    .error(
                        Code::UnknownOperation,
                        operation.span,
                        format!("unknown operation `{other}` in the schema definition"),
                    )
                    .help(help.unwrap_or_else(|| {
                        "the operations are `query`, `mutation` and `subscription`".into()
                    }));
                continue;
            }
        };
        match slot {
            None => *slot = Some(ty.clone()),
            Some(first) => {
                diags
                    .error(
                        Code::DuplicateRoot,
                        operation.span,
                        format!("the root type of `{}` is set twice", operation.name),
                    )
                    .note(first.span, format!("first set to `{}` here", first.name))
                    .help("keep one of them");
            }
        }
    }
}

fn define_directive(schema: &mut Schema, it: &Definition, diags: &mut Diagnostics) {
    let DefinitionKind::Directive {
        args,
        repeatable,
        locations,
    } = &it.kind
    else {
        return;
    };
    let Named { name, span } = it.name.clone();
    match schema.directive_defs.entry(name) {
        Entry::Occupied(first) => {
            let message = format!("the directive `@{}` is defined twice", it.name.name);
            twice(
                Code::DuplicateDirectiveDefinition,
                &it.name,
                first.get().span,
                message,
                diags,
            );
        }
        Entry::Vacant(entry) => {
            let name = entry.key().clone();
            let (args, locations) = (args.clone(), locations.clone());
            entry.insert(DirectiveDef {
                name,
                span,
                description: it.description.clone(),
                args,
                repeatable: *repeatable,
                locations,
            });
        }
    }
}

fn define_type(schema: &mut Schema, it: &Definition, diags: &mut Diagnostics) {
    let Some(kind) = kind::of(&it.kind) else {
        return;
    };
    match schema.types.entry(it.name.name.clone()) {
        Entry::Occupied(first) => {
            let message = format!("the type `{}` is defined twice", it.name.name);
            let same = kind::keyword(&first.get().kind) == kind::keyword(&kind);
            let word = kind::keyword(&kind);
            twice(
                Code::DuplicateType,
                &it.name,
                first.get().span,
                message,
                diags,
            )
            .help(if same {
                format!(
                    "rename one of them, or write `extend {word} {}` to add to the first",
                    it.name.name
                )
            } else {
                "rename one of them".into()
            });
        }
        Entry::Vacant(entry) => {
            let ty = Type::new(it.name.name.clone(), it.name.span, kind);
            entry.insert(Type {
                description: it.description.clone(),
                directives: it.directives.clone(),
                ..ty
            });
        }
    }
}

fn twice<'d>(
    code: Code,
    name: &Named,
    first: Span,
    message: String,
    diags: &'d mut Diagnostics,
) -> &'d mut crate::diagnostic::Diagnostic {
    diags
        .error(code, name.span, message)
        .note(first, "first defined here")
        .help("rename or remove one of them")
}

fn extend_type(schema: &mut Schema, it: &Definition, diags: &mut Diagnostics) {
    let Named { name, span } = &it.name;
    let Some(kind) = kind::of(&it.kind) else {
        return;
    };
    let word = kind::keyword(&kind);
    let Some(ty) = schema.types.get_mut(name) else {
        let built_in = matches!(kind, TypeKind::Scalar) && Schema::is_builtin_scalar(name);
        if !schema.broken.contains(name) && !built_in {
            let help = suggest(name, schema.types.keys().map(String::as_str));
            diags
                .error(
                    Code::UnknownExtended,
                    *span,
                    format!("cannot extend the unknown type `{name}`"),
                )
                .help(help.unwrap_or_else(|| {
                    format!("define it: leave out `extend`, or write `{word} {name}` somewhere")
                }));
        }
        return;
    };
    let is = kind::keyword(&ty.kind);
    if kind::extend(ty, kind) {
        ty.directives.extend(it.directives.iter().cloned());
    } else {
        diags
            .error(
                Code::OtherKindExtended,
                *span,
                format!("`{name}` is extended as `{word}`, but it is defined as `{is}`"),
            )
            .note(ty.span, "defined here")
            .help(format!("write `extend {is} {name}`"));
    }
}
