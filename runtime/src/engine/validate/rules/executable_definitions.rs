//! Executable Definitions: <https://spec.graphql.org/September2025/#sec-Executable-Definitions>

use crate::engine::syntax::ast::System;
use crate::engine::validate::Context;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>) {
    for definition in &cx.document.system {
        let what = match definition {
            System::Schema(_) => "a schema definition",
            System::Type(def) if def.extend => "a type extension",
            System::Type(_) => "a type definition",
            System::Directive(_) => "a directive definition",
        };
        let message = format!("{what} cannot be executed: only operations and fragments can");
        cx.found.add(definition.span().start, message);
    }
}
