//! How deep lists may be: deeper ones are valid SDL, and Rust types that rustc gives up on.
//!
//! In: the IR. Out: findings. Must not know: names.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{InputValue, Ir, TypeKind, TypeRef};
use crate::source::Span;

/// Each level is an `Option<Vec<…>>` inside of other types: far from where rustc or a formatter's stack give up, and twice
/// what the geometry of GeoJSON needs.
const DEEPEST: usize = 8;

/// Reports every list that is too deep, at its type.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values() {
        for field in ty.fields() {
            let at = || format!("{}.{}", ty.name, field.name);
            report(at, &field.ty, field.ty_span, diags);
            inputs(&field.args, |arg| format!("{}({arg}:)", at()), diags);
        }
        if let TypeKind::Input { fields, .. } = &ty.kind {
            inputs(fields, |field| format!("{}.{field}", ty.name), diags);
        }
    }
    for job in &ir.jobs.jobs {
        let at = |arg: &str| format!("{}({arg}:)", job.name.name);
        inputs(&job.args, at, diags);
    }
}

fn inputs(values: &[InputValue], at: impl Fn(&str) -> String, diags: &mut Diagnostics) {
    for value in values {
        report(|| at(&value.name), &value.ty, value.ty_span, diags);
    }
}

fn report(at: impl Fn() -> String, ty: &TypeRef, span: Span, diags: &mut Diagnostics) {
    let depth = depth(ty);
    if depth > DEEPEST {
        let at = at();
        let message =
            format!("the lists of `{at}` are {depth} deep: {DEEPEST} is what Rust's types bear");
        diags
            .error(Code::TooDeep, span, message)
            .help("put a type between them, or use a scalar of your own");
    }
}

fn depth(ty: &TypeRef) -> usize {
    match ty {
        TypeRef::Named(_) => 0,
        TypeRef::NonNull(inner) => depth(inner),
        TypeRef::List(inner) => 1 + depth(inner),
    }
}
