//! What a type implements are interfaces, each once, and not itself.
//!
//! Specification: 3.6, 3.7 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Named, Schema, Type, TypeKind};
use std::collections::HashSet;

/// Reports what stands behind `implements` and cannot stand there.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, implements) in walk::implementers(&ir.schema) {
        for interface in implements {
            let kind = walk::kind(&ir.schema, &interface.name);
            if let Some(kind) = kind.filter(|kind| !matches!(kind, TypeKind::Interface { .. })) {
                let message = format!(
                    "`{}` cannot implement `{}`, which is {}",
                    ty.name,
                    interface.name,
                    walk::kind_words(kind)
                );
                diags
                    .error(Code::NotInterface, interface.span, message)
                    .help("only interfaces are implemented");
            }
        }
        for (interface, first) in
            walk::repeated(implements, |interface| (&interface.name, interface.span))
        {
            diags
                .error(
                    Code::DuplicateInterface,
                    interface.span,
                    format!("`{}` implements `{}` twice", ty.name, interface.name),
                )
                .note(first, "first named here")
                .help("remove one of them");
        }
        if let Some(through) = cycle(&ir.schema, ty, implements) {
            let way = if through.name == ty.name {
                String::new()
            } else {
                format!(" through `{}`", through.name)
            };
            diags
                .error(
                    Code::InterfaceCycle,
                    through.span,
                    format!("the interface `{}` implements itself{way}", ty.name),
                )
                .help("leave out one `implements` of the circle");
        }
    }
}

/// The interface by which `ty` comes back to itself.
fn cycle<'a>(schema: &Schema, ty: &Type, implements: &'a [Named]) -> Option<&'a Named> {
    implements.iter().find(|interface| {
        let mut seen = HashSet::new();
        let mut next = vec![interface.name.as_str()];
        while let Some(name) = next.pop() {
            if name == ty.name {
                return true;
            }
            if let Some(TypeKind::Interface { implements, .. }) = walk::kind(schema, name)
                && seen.insert(name)
            {
                next.extend(implements.iter().map(|interface| interface.name.as_str()));
            }
        }
        false
    })
}
