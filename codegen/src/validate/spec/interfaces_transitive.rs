//! A type declares all interfaces that its interfaces implement.
//!
//! Specification: 3.6 (IsValidImplementation, 1).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports interfaces of interfaces that are not declared.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, implements) in walk::implementers(&ir.schema) {
        let mut told: Vec<&str> = Vec::new();
        for interface in implements {
            let Some(TypeKind::Interface {
                implements: further,
                ..
            }) = walk::kind(&ir.schema, &interface.name)
            else {
                continue;
            };
            for needed in further {
                let declared = implements
                    .iter()
                    .any(|declared| declared.name == needed.name);
                if declared || needed.name == ty.name || told.contains(&needed.name.as_str()) {
                    continue;
                }
                told.push(&needed.name);
                let message = format!(
                    "`{}` implements `{}`, so it must also declare `{}`",
                    ty.name, interface.name, needed.name
                );
                diags
                    .error(Code::MissingInterface, interface.span, message)
                    .note(
                        needed.span,
                        format!("`{}` implements `{}`", interface.name, needed.name),
                    )
                    .help(format!(
                        "write `implements {} & {}`",
                        interface.name, needed.name
                    ));
            }
        }
    }
}
