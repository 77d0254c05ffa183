//! What `@cost`, `@listSize` and `@cacheControl` say must fit what they stand on.

use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{Directive, Field, Ir, TypeRef, Value};
use crate::source::Span;
use crate::validate::spec::walk;

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for uses in walk::uses(&ir.schema) {
        let ours = uses.directives.iter();
        for directive in ours.filter(|d| ir.schema.is_ours(&d.name)) {
            match directive.name.as_str() {
                "cost" => weight(directive, diags),
                "cacheControl" => cache(directive, diags),
                _ => {}
            }
        }
    }
    for ty in ir.schema.types.values() {
        for field in ty.fields() {
            let ours = field.directives.iter();
            for directive in ours.filter(|d| d.name == "listSize" && ir.schema.is_ours("listSize"))
            {
                list(
                    ir,
                    &format!("{}.{}", ty.name, field.name),
                    field,
                    directive,
                    diags,
                );
            }
        }
    }
}

fn wrong(diags: &mut Diagnostics, at: Span, message: String, help: Option<String>) {
    diags
        .error(Code::DirectiveArgument, at, message)
        .help_opt(help);
}

fn weight(directive: &Directive, diags: &mut Diagnostics) {
    if let Some(Value::String(text)) = directive.arg("weight")
        && text.parse::<u32>().is_err()
    {
        let message =
            format!("`{text}` is no weight: `@cost(weight:)` is a whole number from 0 on");
        let help = match text.parse::<f64>() {
            Ok(number) if number >= 0.0 => format!("round it: `\"{:.0}\"`", number.max(1.0)),
            _ => "write a number, such as `\"5\"`".to_owned(),
        };
        wrong(diags, directive.arg_span("weight"), message, Some(help));
    }
}

fn cache(directive: &Directive, diags: &mut Diagnostics) {
    not_negative(directive, "maxAge", diags);
    let inherits = directive.arg("inheritMaxAge") == Some(&Value::Boolean(true));
    if inherits && matches!(directive.arg("maxAge"), Some(Value::Int(_))) {
        let message = "`maxAge` and `inheritMaxAge` exclude each other".to_owned();
        let help = "remove one of them".to_owned();
        wrong(
            diags,
            directive.arg_span("inheritMaxAge"),
            message,
            Some(help),
        );
    }
    if directive.args.is_empty() {
        let message = "`@cacheControl` says nothing".to_owned();
        let help = "say for how many seconds: `@cacheControl(maxAge: 60)`".to_owned();
        wrong(diags, directive.span, message, Some(help));
    }
}

fn not_negative(directive: &Directive, name: &str, diags: &mut Diagnostics) {
    if let Some(Value::Int(text)) = directive.arg(name)
        && text.starts_with('-')
    {
        let message = format!("`{name}` cannot be negative, found `{text}`");
        wrong(diags, directive.arg_span(name), message, None);
    }
}

fn list(ir: &Ir, at: &str, field: &Field, directive: &Directive, diags: &mut Diagnostics) {
    not_negative(directive, "assumedSize", diags);
    for name in strings(directive, "slicingArguments") {
        let span = directive.arg_span("slicingArguments");
        match field.args.iter().find(|arg| arg.name == name) {
            None => {
                let message = format!("`{at}` has no argument `{name}`");
                let help = suggest(name, field.args.iter().map(|arg| arg.name.as_str()));
                wrong(diags, span, message, help);
            }
            Some(arg) if arg.ty.is_list() || arg.ty.name() != "Int" => {
                let message = format!(
                    "`{at}({name}:)` cannot say how long a list is: it is `{}`",
                    arg.ty
                );
                wrong(
                    diags,
                    span,
                    message,
                    Some("its type must be `Int`".to_owned()),
                );
            }
            Some(_) => {}
        }
    }
    let sized = strings(directive, "sizedFields");
    if sized.is_empty() && !field.ty.is_list() {
        let message = format!("`@listSize` has no effect on `{at}`: its type is not a list");
        diags
            .error(Code::DirectiveWithoutEffect, directive.span, message)
            .help("name the lists below it in `sizedFields`");
    }
    sized_fields(ir, field, &sized, directive.arg_span("sizedFields"), diags);
}

fn sized_fields(ir: &Ir, field: &Field, sized: &[&str], at: Span, diags: &mut Diagnostics) {
    let Some(below) = ir.schema.types.get(field.ty.name()) else {
        return;
    };
    for name in sized {
        match below.fields().iter().find(|field| field.name == *name) {
            None => {
                let message = format!("`{}` has no field `{name}`", below.name);
                let help = suggest(name, below.fields().iter().map(|f| f.name.as_str()));
                wrong(diags, at, message, help);
            }
            Some(list) if !TypeRef::is_list(&list.ty) => {
                let message = format!("`{}.{name}` is not a list, but `{}`", below.name, list.ty);
                wrong(diags, at, message, None);
            }
            Some(_) => {}
        }
    }
}

fn strings<'d>(directive: &'d Directive, name: &str) -> Vec<&'d str> {
    let text = |value: &'d Value| match value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    };
    match directive.arg(name) {
        Some(Value::List(items)) => items.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}
