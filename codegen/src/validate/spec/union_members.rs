//! The members of a union are objects, each once.
//!
//! Specification: 3.8 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports members that are no object types, and members that are named twice.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values() {
        let TypeKind::Union { members } = &ty.kind else {
            continue;
        };
        for member in members {
            let kind = walk::kind(&ir.schema, &member.name);
            let Some(kind) = kind.filter(|kind| !matches!(kind, TypeKind::Object { .. })) else {
                continue;
            };
            let message = format!(
                "the union `{}` cannot have the member `{}`, which is {}",
                ty.name,
                member.name,
                walk::kind_words(kind)
            );
            diags
                .error(Code::NotUnionMember, member.span, message)
                .help(match kind {
                    TypeKind::Union { .. } | TypeKind::Interface { .. } => {
                        "name its object types one by one"
                    }
                    _ => "members are object types: wrap the value in one",
                });
        }
        for (member, first) in walk::repeated(members, |member| (&member.name, member.span)) {
            diags
                .error(
                    Code::DuplicateUnionMember,
                    member.span,
                    format!(
                        "the union `{}` has the member `{}` twice",
                        ty.name, member.name
                    ),
                )
                .note(first, "first named here")
                .help("remove one of them");
        }
    }
}
