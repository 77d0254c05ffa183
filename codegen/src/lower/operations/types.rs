//! The types that operations need, made once each.
//!
//! In: types by name. Out: those that the user has not written, added to the schema. Must not know: what they are for.

use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{Field, InputValue, Schema, Type, TypeKind};
use crate::source::Span;
use std::collections::BTreeMap;

/// Types by name.
#[derive(Default)]
pub(super) struct Types(BTreeMap<String, Type>);

impl Types {
    /// Whether a type of this name was made or begun.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The type of this name, if it was made.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Type> {
        self.0.get_mut(name)
    }

    /// Adds a type; what it is may be filled in later.
    pub(super) fn put(&mut self, name: &str, span: Span, description: String, kind: TypeKind) {
        let ty = Type {
            description: Some(description),
            generated: true,
            ..Type::new(name, span, kind)
        };
        self.0.insert(name.to_owned(), ty);
    }

    /// Adds them to the schema. A type that the user wrote is followed, if it fits.
    pub(super) fn add_to(self, schema: &mut Schema, diags: &mut Diagnostics) {
        for (name, ours) in self.0 {
            match schema.types.get(&name) {
                None => {
                    schema.types.insert(name, ours);
                }
                Some(theirs) => compare(theirs, &ours, diags),
            }
        }
    }
}

/// A user's type may have less than ours, and nothing that ours has not.
fn compare(theirs: &Type, ours: &Type, diags: &mut Diagnostics) {
    let (mine, allowed): (Vec<Member<'_>>, Vec<Member<'_>>) = match (&theirs.kind, &ours.kind) {
        (TypeKind::Object { fields: a, .. }, TypeKind::Object { fields: b, .. }) => (
            a.iter()
                .filter(|f| f.args.is_empty())
                .map(Member::from)
                .collect(),
            b.iter().map(Member::from).collect(),
        ),
        (TypeKind::Input { fields: a, .. }, TypeKind::Input { fields: b, .. }) => (
            a.iter().map(Member::from).collect(),
            b.iter().map(Member::from).collect(),
        ),
        (TypeKind::Enum { values: a }, TypeKind::Enum { values: b }) => {
            let member = |v: &'_ crate::ir::EnumValue| (v.name.clone(), v.span);
            let names: Vec<_> = a.iter().map(member).collect();
            let good = names.len() == b.len()
                && b.iter()
                    .all(|v| names.iter().any(|(name, _)| *name == v.name));
            if !good {
                taken(theirs, ours, diags);
            }
            return;
        }
        _ => {
            taken(theirs, ours, diags);
            return;
        }
    };
    for member in &mine {
        let Some(found) = allowed.iter().find(|m| m.name == member.name) else {
            let help = suggest(member.name, allowed.iter().map(|m| m.name));
            let message = format!(
                "`{}.{}` is nothing that the operation knows",
                theirs.name, member.name
            );
            let names = || {
                allowed
                    .iter()
                    .map(|m| format!("`{}`", m.name))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            diags
                .error(Code::OperationName, member.span, message)
                .note(ours.span, "the operation is here")
                .help(help.unwrap_or_else(|| format!("it knows {}", names())));
            continue;
        };
        if member.ty.replace('!', "") != found.ty.replace('!', "") {
            let message = format!(
                "`{}.{}` has the type `{}`",
                theirs.name, member.name, member.ty
            );
            diags
                .error(Code::OperationName, member.span, message)
                .note(ours.span, "the operation is here")
                .help(format!("write `{}`", found.ty));
        }
    }
}

fn taken(theirs: &Type, ours: &Type, diags: &mut Diagnostics) {
    let message = format!(
        "an operation needs the name `{}` for a type of its own",
        theirs.name
    );
    diags
        .error(Code::OperationName, theirs.span, message)
        .note(ours.span, "the operation is here")
        .help("rename the type");
}

struct Member<'a> {
    name: &'a str,
    span: Span,
    ty: String,
}

impl<'a> From<&'a Field> for Member<'a> {
    fn from(field: &'a Field) -> Self {
        Member {
            name: &field.name,
            span: field.span,
            ty: field.ty.to_string(),
        }
    }
}

impl<'a> From<&'a InputValue> for Member<'a> {
    fn from(value: &'a InputValue) -> Self {
        Member {
            name: &value.name,
            span: value.span,
            ty: value.ty.to_string(),
        }
    }
}
