//! `@renamedFrom` stands where a name is followed, and names something that is not there any more.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Directive, Field, FieldSource, Ir, Type, TypeKind, former};

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values() {
        let model = ir.models.iter().any(|m| m.name == ty.name);
        if let Some(directive) = renamed(&ty.directives) {
            match (model, ty.fields().iter().any(has_method)) {
                (true, _) => not_yet(directive, diags),
                (_, true) => gone(
                    directive,
                    &ty.name,
                    |old| ir.schema.types.contains_key(old),
                    diags,
                ),
                _ => no_effect(
                    directive,
                    &ty.name,
                    "none of its fields has a method of yours",
                    diags,
                ),
            }
        }
        for field in ty.fields() {
            of_field(ty, field, diags);
        }
        if let TypeKind::Enum { values } = &ty.kind {
            let values = values.iter().filter_map(|value| renamed(&value.directives));
            values.for_each(|directive| not_yet(directive, diags));
        }
    }
}

fn of_field(ty: &Type, field: &Field, diags: &mut Diagnostics) {
    let at = || format!("{}.{}", ty.name, field.name);
    if let Some(directive) = renamed(&field.directives) {
        match field.source {
            FieldSource::Column(_) | FieldSource::Relation(_) => not_yet(directive, diags),
            _ if has_method(field) => {
                gone(
                    directive,
                    &at(),
                    |old| ty.fields().iter().any(|f| f.name == old),
                    diags,
                );
            }
            _ => no_effect(directive, &at(), "it has no method of yours", diags),
        }
    }
    for arg in &field.args {
        if let Some(directive) = renamed(&arg.directives) {
            let at = format!("{}({}:)", at(), arg.name);
            match has_method(field) {
                true => gone(
                    directive,
                    &at,
                    |old| field.args.iter().any(|a| a.name == old),
                    diags,
                ),
                false => no_effect(directive, &at, "its field has no method of yours", diags),
            }
        }
    }
}

fn renamed(directives: &[Directive]) -> Option<&Directive> {
    former(directives)?;
    directives.iter().find(|d| d.name == "renamedFrom")
}

fn has_method(field: &Field) -> bool {
    matches!(field.source, FieldSource::Resolver | FieldSource::Each)
}

/// The old name must not be taken.
fn gone(directive: &Directive, at: &str, exists: impl Fn(&str) -> bool, diags: &mut Diagnostics) {
    let directives = std::slice::from_ref(directive);
    if let Some(old) = former(directives).filter(|old| exists(old)) {
        let message = format!("`{at}` cannot have been called `{old}`: that is still there");
        diags
            .error(Code::RenamedFrom, directive.arg_span("name"), message)
            .help("give the name that it had before, or remove the directive");
    }
}

fn not_yet(directive: &Directive, diags: &mut Diagnostics) {
    let message = "`@renamedFrom` is not supported yet on what is stored";
    diags
        .error(Code::DirectiveNotYet, directive.span, message)
        .help("remove it, and rename table or column in a migration of your own");
}

fn no_effect(directive: &Directive, on: &str, why: &str, diags: &mut Diagnostics) {
    let message = format!("`@renamedFrom` has no effect on `{on}`: {why}");
    diags
        .error(Code::DirectiveWithoutEffect, directive.span, message)
        .help("remove it");
}
