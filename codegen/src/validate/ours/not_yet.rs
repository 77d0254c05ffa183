//! Directives and arguments that are part of the language and not of this version are refused, never ignored.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;
use crate::validate::spec::walk;

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let later = |description: &Option<String>| {
        description
            .as_ref()
            .is_some_and(|d| d.starts_with("Not supported yet"))
    };
    for uses in walk::uses(&ir.schema) {
        for directive in uses
            .directives
            .iter()
            .filter(|d| ir.schema.is_ours(&d.name))
        {
            let Some(definition) = ir.schema.shipped_directives.get(&directive.name) else {
                continue;
            };
            if later(&definition.description) {
                let message = format!("`@{}` is not supported yet", directive.name);
                diags
                    .error(Code::DirectiveNotYet, directive.span, message)
                    .help("remove it for now");
                continue;
            }
            for (name, ..) in &directive.args {
                if definition
                    .args
                    .iter()
                    .any(|arg| arg.name == name.name && later(&arg.description))
                {
                    let message = format!(
                        "`{}` of `@{}` is not supported yet",
                        name.name, directive.name
                    );
                    diags
                        .error(Code::DirectiveNotYet, name.span, message)
                        .help("remove it for now");
                }
            }
            if directive.name == "constraint" && uses.location != "FIELD_DEFINITION" {
                let message = "`@constraint` is not supported yet on arguments and input fields";
                let help = "check the value in your resolver; columns of models are checked";
                diags
                    .error(Code::DirectiveNotYet, directive.span, message)
                    .help(help);
            }
        }
    }
}
