//! What both sides have, and what only one has.
//!
//! In: two schemas. Out: pairs by name, of what clients see. Must not know: what a difference means.

use crate::ir::{DirectiveDef, Field, InputValue, Schema, Type, TypeKind, former};
use crate::source::Span;
use std::collections::HashMap;

/// Both versions of a schema.
pub(super) struct Sides<'a> {
    pub(super) before: &'a Schema,
    pub(super) after: &'a Schema,
    pub(super) types: Matched<'a, Type>,
    pub(super) directives: Matched<'a, DirectiveDef>,
}

/// Things with names, paired.
pub(super) struct Matched<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    pub(super) both: Vec<(&'a T, &'a T)>,
}

/// The same field, before and now, and the type that has it.
pub(super) struct FieldPair<'a> {
    pub(super) ty: &'a str,
    pub(super) before: &'a Field,
    pub(super) after: &'a Field,
}

/// The same argument or input field, before and now.
pub(super) struct InputPair<'a> {
    /// `Query.search(limit:)`, `Filter.limit`, `@cached(ttl:)`
    pub(super) coordinate: String,
    pub(super) before: &'a InputValue,
    pub(super) after: &'a InputValue,
    pub(super) of: InputOf,
}

/// What an input value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputOf {
    Field,
    Input,
    /// Whether an operation can hold the directive.
    Directive(bool),
}

impl<'a> Sides<'a> {
    pub(super) fn new(before: &'a Schema, after: &'a Schema) -> Self {
        fn public(schema: &Schema) -> impl Iterator<Item = &Type> {
            schema.types.values().filter(|ty| !ty.hidden)
        }
        let directives = |s: &'a Schema| {
            let told = s.directive_defs.values();
            told.filter(|d| !crate::print::is_specified(&d.name))
        };
        Sides {
            before,
            after,
            types: matched(public(before), public(after), |ty| &ty.name),
            directives: matched(directives(before), directives(after), |d| &d.name),
        }
    }

    /// Object types that still are, and interfaces that still are.
    pub(super) fn composites(&self) -> impl Iterator<Item = (&'a Type, &'a Type)> {
        let both = self.types.both.iter().copied();
        both.filter(|(a, b)| is_composite(a) && same_kind(a, b))
    }

    /// Their fields, paired.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'a Type, Matched<'a, Field>)> {
        self.composites()
            .map(|(a, b)| (b, matched(public_fields(a), public_fields(b), |f| &f.name)))
    }

    /// The fields that both have.
    pub(super) fn field_pairs(&self) -> impl Iterator<Item = FieldPair<'a>> {
        self.fields().flat_map(|(ty, fields)| {
            fields.both.into_iter().map(|(before, after)| FieldPair {
                ty: &ty.name,
                before,
                after,
            })
        })
    }

    /// The fields of input types that still are, paired, with the type as it was.
    pub(super) fn inputs(
        &self,
    ) -> impl Iterator<Item = (&'a Type, &'a Type, Matched<'a, InputValue>)> {
        self.types
            .both
            .iter()
            .filter_map(|(a, b)| match (&a.kind, &b.kind) {
                (TypeKind::Input { fields: was, .. }, TypeKind::Input { fields: is, .. }) => {
                    Some((*a, *b, matched(was, is, |f| &f.name)))
                }
                _ => None,
            })
    }

    /// Every argument and input field that both have.
    pub(super) fn input_pairs(&self) -> Vec<InputPair<'a>> {
        let mut pairs = Vec::new();
        let mut push =
            |both: Vec<(&'a InputValue, &'a InputValue)>, of, name: &dyn Fn(&str) -> String| {
                pairs.extend(both.into_iter().map(|(before, after)| InputPair {
                    coordinate: name(&after.name),
                    before,
                    after,
                    of,
                }));
            };
        for pair in self.field_pairs() {
            let args = matched(&pair.before.args, &pair.after.args, |a| &a.name);
            push(args.both, InputOf::Field, &|arg| pair.argument(arg));
        }
        for (_, ty, fields) in self.inputs() {
            push(fields.both, InputOf::Input, &|field| {
                format!("{}.{field}", ty.name)
            });
        }
        for (before, after) in &self.directives.both {
            let args = matched(&before.args, &after.args, |a| &a.name);
            let of = InputOf::Directive(is_executable(before));
            push(args.both, of, &|arg| format!("@{}({arg}:)", after.name));
        }
        pairs
    }

    /// What a thing that is gone is called now, if its new name says so with `@renamedFrom`: its name and where it stands.
    pub(super) fn renamed_type(&self, before: &str) -> Option<(&'a str, Span)> {
        let mut types = self.types.added.iter();
        let ty = types.find(|ty| former(&ty.directives) == Some(before))?;
        Some((&ty.name, ty.span))
    }
}

impl FieldPair<'_> {
    /// `Query.search`
    pub(super) fn coordinate(&self) -> String {
        format!("{}.{}", self.ty, self.after.name)
    }

    /// `Query.search(limit:)`
    pub(super) fn argument(&self, name: &str) -> String {
        format!("{}.{}({name}:)", self.ty, self.after.name)
    }
}

/// Pairs things by their names; each list is in the order of its side.
pub(super) fn matched<'a, T>(
    before: impl IntoIterator<Item = &'a T>,
    after: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&'a T) -> &'a str,
) -> Matched<'a, T> {
    let after: Vec<&T> = after.into_iter().collect();
    let mut left: HashMap<&str, &'a T> = after.iter().map(|t| (name(t), *t)).collect();
    let (mut removed, mut both) = (Vec::new(), Vec::new());
    for old in before {
        match left.remove(name(old)) {
            Some(new) => both.push((old, new)),
            None => removed.push(old),
        }
    }
    let added = after.into_iter().filter(|t| left.contains_key(name(t)));
    Matched {
        removed,
        added: added.collect(),
        both,
    }
}

/// The fields that clients see.
pub(super) fn public_fields(ty: &Type) -> impl Iterator<Item = &Field> {
    ty.fields().iter().filter(|field| !field.hidden)
}

pub(super) fn same_kind(a: &Type, b: &Type) -> bool {
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind)
}

fn is_composite(ty: &Type) -> bool {
    matches!(
        ty.kind,
        TypeKind::Object { .. } | TypeKind::Interface { .. }
    )
}

/// Whether an operation can hold the directive.
pub(super) fn is_executable(directive: &DirectiveDef) -> bool {
    directive
        .locations
        .iter()
        .any(|at| is_executable_location(&at.name))
}

/// Section 3.13 of the specification: `ExecutableDirectiveLocation`.
pub(super) fn is_executable_location(name: &str) -> bool {
    matches!(
        name,
        "QUERY"
            | "MUTATION"
            | "SUBSCRIPTION"
            | "FIELD"
            | "FRAGMENT_DEFINITION"
            | "FRAGMENT_SPREAD"
            | "INLINE_FRAGMENT"
            | "VARIABLE_DEFINITION"
    )
}
