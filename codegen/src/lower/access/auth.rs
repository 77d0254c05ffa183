//! The caller's type: the object type with `@auth`.

use super::AUTH_HELP;
use super::kind::Kind;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{AuthType, FieldSource, Named, Schema, Type, TypeKind};
use crate::lower::cx::Cx;
use crate::parse::expr::Step;
use crate::source::Span;

/// Takes the caller's type, and hides it from the public schema.
pub(in crate::lower) fn auth(
    cx: &Cx<'_>,
    schema: &mut Schema,
    diags: &mut Diagnostics,
) -> Option<AuthType> {
    let mut marked: Vec<&Type> = schema
        .types
        .values()
        .filter(|ty| cx.get(&ty.directives, "auth").is_some())
        .collect();
    marked.sort_by_key(|ty| ty.span);
    let first = *marked.first()?;
    for second in &marked[1..] {
        let message = "there are two types with `@auth`";
        diags
            .error(Code::AuthType, second.span, message)
            .note(first.span, "the first is here")
            .help("keep one of them");
    }
    if cx.get(&first.directives, "model").is_some() {
        let message = format!("`{}` is both the caller's type and a model", first.name);
        diags
            .error(Code::AuthType, first.span, message)
            .help("declare a type of its own: `type Auth @auth { id: ID! }`");
    }
    let TypeKind::Object { fields, .. } = &first.kind else {
        return None;
    };
    for field in fields {
        let kind = Kind::of_type(schema, &field.ty);
        let nested =
            matches!(&kind, Kind::List(inner) if matches!(**inner, Kind::List(_) | Kind::Other(_)));
        if nested || matches!(kind, Kind::Other(_)) {
            let message = format!(
                "`{}.{}` has the type `{}`",
                first.name, field.name, field.ty
            );
            diags
                .error(Code::AuthType, field.ty_span, message)
                .help("the caller's fields are scalars, enums and lists of them");
        } else if field.source != FieldSource::Member {
            let message = format!(
                "`{}.{}` takes arguments or is resolved",
                first.name, field.name
            );
            diags
                .error(Code::AuthType, field.span, message)
                .help("`authenticate` answers the caller as a whole");
        }
    }
    let found = AuthType {
        name: Named {
            name: first.name.clone(),
            span: first.span,
        },
        fields: fields.clone(),
    };
    let name = found.name.name.clone();
    if let Some((owner, span)) = user(schema, &name) {
        let message =
            format!("`{owner}` uses the caller's type `{name}`, which is not part of the API");
        diags
            .error(Code::AuthType, span, message)
            .help("declare a type of its own for the API");
    }
    if let Some(ty) = schema.types.get_mut(&name) {
        ty.hidden = true;
    }
    Some(found)
}

/// A place in the API that uses a type.
fn user(schema: &Schema, name: &str) -> Option<(String, Span)> {
    schema
        .types
        .values()
        .filter(|ty| ty.name != name)
        .find_map(|ty| {
            let field = ty.fields().iter().find(|f| f.ty.name() == name);
            let member = match &ty.kind {
                TypeKind::Union { members } => members.iter().find(|m| m.name == name),
                _ => None,
            };
            field
                .map(|f| (format!("{}.{}", ty.name, f.name), f.ty_span))
                .or(member.map(|m| (ty.name.clone(), m.span)))
        })
}

/// The index of `auth.<field>`; `literal` is the expression's place and text.
pub(in crate::lower) fn auth_field(
    cx: &Cx<'_>,
    auth: Option<&AuthType>,
    literal: (Span, &str),
    step: &Step,
    diags: &mut Diagnostics,
) -> Option<usize> {
    let place = cx.inside(literal.0, literal.1, step.at.clone());
    let Some(auth) = auth else {
        diags
            .error(
                Code::AccessRoot,
                place,
                "there is no `auth`: the schema has no type with `@auth`",
            )
            .help(AUTH_HELP);
        return None;
    };
    let found = auth.fields.iter().position(|f| f.name == step.name);
    if found.is_none() {
        let help = suggest(&step.name, auth.fields.iter().map(|f| f.name.as_str()));
        let message = format!(
            "the caller's type `{}` has no field `{}`",
            auth.name.name, step.name
        );
        diags
            .error(Code::AccessField, place, message)
            .note(auth.name.span, "it is declared here")
            .help_opt(help);
    }
    found
}
