//! The types at the bottom of members and arguments, and the names of neighbours.
//!
//! In: names, directives. Out: Rust types and names; what the user binds and cannot is reported.
//! Must not know: what has them.

use super::super::names::Scope;
use super::super::ty::Ty;
use super::super::world::{Kind, World};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir;
use crate::source::Span;
use std::collections::BTreeSet;

/// The path that a type is an alias of: a scalar's always, another type's if the user binds it.
pub(super) fn bound(
    world: &World<'_>,
    ty: &ir::Type,
    own: Option<String>,
    at: Option<Span>,
    diags: &mut Diagnostics,
) -> Option<String> {
    match (own, world.kind(&ty.name)) {
        (Some(path), Kind::Scalar | Kind::Enum | Kind::Input | Kind::Object) => Some(path),
        (Some(_), _) => {
            let at = at.unwrap_or(ty.span);
            diags
                .error(Code::RustBinding, at, format!("`{}` cannot be bound to a type of your own", ty.name))
                .help("`type` is for scalars, enums, inputs and plain object types; `name` and `derive` work here");
            None
        }
        (None, Kind::Scalar) => Some(scalar(&ty.name).to_owned()),
        (None, _) => None,
    }
}

/// What the scalars that everybody needs are in Rust. Others hold any JSON.
fn scalar(name: &str) -> &'static str {
    match name {
        "DateTime" => "__gw::jiff::Timestamp",
        "Date" => "__gw::jiff::civil::Date",
        "Time" => "__gw::jiff::civil::Time",
        "Duration" => "__gw::jiff::SignedDuration",
        "UUID" => "__gw::uuid::Uuid",
        "Decimal" => "__gw::rust_decimal::Decimal",
        "BigInt" => "i64",
        "Url" | "URL" => "__gw::Url",
        "Email" => "__gw::Email",
        "Bytes" => "__gw::Bytes",
        "Upload" => "__gw::Upload",
        _ => "__gw::serde_json::Value",
    }
}

/// Whether the runtime knows the values of a scalar of this name.
pub(in super::super) fn is_shipped(name: &str) -> bool {
    !scalar(name).ends_with("::Value")
}

/// The type at the bottom of a field's or argument's type; the user may have bound it here.
pub(in super::super) fn leaf_type(
    world: &World<'_>,
    name: &str,
    directives: &[ir::Directive],
    diags: &mut Diagnostics,
) -> Ty {
    let rust = world.rust_of(directives, diags);
    match (rust.ty, world.kind(name)) {
        (Some(path), Kind::Scalar | Kind::Enum | Kind::Input) => Ty::Path(path),
        (Some(_), _) => {
            diags
                .error(
                    Code::RustBinding,
                    rust.span
                        .unwrap_or(Span::new(crate::source::FileId(0), 0, 0)),
                    format!("a field of type `{name}` cannot be bound to a type of your own"),
                )
                .help(format!("bind the type: `type {name} @rust(type: …)`"));
            world.leaf(name)
        }
        (None, _) => world.leaf(name),
    }
}

/// Settles the names of one struct, enum or list of parameters: `(GraphQL name, place, directives)`.
pub(in super::super) fn settle<'m>(
    world: &World<'_>,
    reserved: &[&str],
    case: fn(&str) -> String,
    members: impl Iterator<Item = (&'m str, Span, &'m [ir::Directive])>,
    diags: &mut Diagnostics,
) -> Vec<String> {
    let (mut scope, mut all) = (Scope::reserving(reserved), BTreeSet::new());
    for (name, span, directives) in members {
        match world.rust_of(directives, diags).name {
            Some(chosen) => {
                if !all.insert(chosen.clone()) {
                    diags.error(
                        Code::RustNameTaken,
                        span,
                        format!("the Rust name `{chosen}` is wanted twice"),
                    );
                }
                scope.fix(chosen);
            }
            None => scope.want(case(name)),
        }
    }
    scope.settle()
}

/// The types of connections are made from rows; there is no Rust value of them that user code could answer.
pub(in super::super) fn no_page(
    world: &World<'_>,
    owner: &str,
    field: &ir::Field,
    diags: &mut Diagnostics,
) {
    let target = field.ty.name();
    if world.kind(target) == Kind::Page {
        diags
            .error(
                Code::PageByHand,
                field.ty_span,
                format!(
                    "`{owner}.{}` cannot answer `{target}`, which is made from rows of a model",
                    field.name
                ),
            )
            .help("answer the list of rows, or give your own connection type another name");
    }
}
