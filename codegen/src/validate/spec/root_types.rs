//! Root types are objects, and each operation has its own.
//!
//! Specification: 3.3.1 (Root Operation Types).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports roots that are no objects, and roots of several operations.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let roots: Vec<_> = ir.schema.roots().collect();
    for (operation, root) in &roots {
        let kind = walk::kind(&ir.schema, &root.name);
        if let Some(kind) = kind.filter(|kind| !matches!(kind, TypeKind::Object { .. })) {
            let message = format!(
                "the root of `{operation}` cannot be `{}`, which is {}",
                root.name,
                walk::kind_words(kind)
            );
            diags
                .error(Code::RootNotObject, root.span, message)
                .help("a root is an object type: `type … { … }`");
        }
    }
    for (i, (operation, root)) in roots.iter().enumerate() {
        if let Some((other, first)) = roots[..i].iter().find(|(_, first)| first.name == root.name) {
            let message = format!(
                "`{}` is the root of `{other}` and of `{operation}`",
                root.name
            );
            diags
                .error(Code::SharedRoot, root.span, message)
                .note(first.span, format!("the root of `{other}` is set here"))
                .help("define a type for each operation");
        }
    }
}
