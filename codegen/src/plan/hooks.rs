//! Hooks: methods of the application for directives that its schema defines, called before a field's own method.
//!
//! In: the directives that `@graphwright(hooks:)` names, and where they stand. Out: a trait with a method for each, and
//! for each use of one the values of its arguments. Must not know: how either is called.
//!
//! A use that would call nothing is an error, for people rely on hooks to refuse what must not be.

use super::docs::docs;
use super::names;
use super::resolvers::Param;
use super::ty::Ty;
use super::types::{Enum, settle};
use super::world::World;
use crate::diagnostic::{Code, Diagnostics, closest};
use crate::ir::{self, DirectiveDef, Schema, TypeKind, TypeRef, Value};
use crate::source::Span;

/// The trait of the hooks.
#[derive(Debug, Default)]
pub struct Hooks {
    /// Its Rust name.
    pub trait_name: String,
    /// A method for each directive; none without hooks.
    pub methods: Vec<Hook>,
}

/// The method of a directive.
#[derive(Debug)]
pub struct Hook {
    /// The directive's name, without `@`.
    pub directive: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The arguments.
    pub params: Vec<Param>,
    pub(super) span: Span,
}

/// A use of a directive with a hook.
#[derive(Debug, Clone)]
pub struct HookCall {
    /// Rust name of the hook's method.
    pub method: String,
    /// The arguments' values.
    pub args: Vec<Given>,
}

/// A value that is known when code is generated.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is the Rust value of the same name")]
pub enum Given {
    None,
    Some(Box<Given>),
    Int(i32),
    Float(f64),
    Bool(bool),
    String(String),
    Id(String),
    /// An enum's type and variant.
    Variant(Ty, String),
    List(Vec<Given>),
}

/// The directives that `@graphwright(hooks:)` names, and where it does.
pub(super) fn named(schema: &Schema) -> Option<(Vec<&str>, Span)> {
    let ours = |d: &&ir::Directive| d.name == "graphwright" && schema.is_ours(&d.name);
    let settings = schema.directives.iter().find(ours)?;
    let names = match settings.arg("hooks")? {
        Value::List(names) => names.iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    };
    Some((names, settings.arg_span("hooks")))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Plans the trait; a name that cannot have a hook is reported.
pub(super) fn plan(world: &World<'_>, enums: &[Enum], diags: &mut Diagnostics) -> Hooks {
    let schema = &world.ir.schema;
    let Some((wanted, span)) = named(schema) else {
        return Hooks::default();
    };
    let mut defs: Vec<&DirectiveDef> = Vec::new();
    for name in wanted {
        match schema.directive_defs.get(name) {
            Some(_) if schema.is_ours(name) => {
                let message = format!("`@{name}` is no directive of your own");
                diags.error(Code::Hook, span, message);
            }
            Some(def) if defs.iter().any(|first| first.name == def.name) => {
                diags.error(Code::Hook, span, format!("`{name}` is named twice"));
            }
            Some(def) => {
                fits(def, enums, diags);
                defs.push(def);
            }
            None => unknown(schema, name, span, diags),
        }
    }
    uses_have_methods(world, &defs, diags);
    let chosen = defs
        .iter()
        .map(|def| (def.name.as_str(), def.span, &[][..]));
    let names = settle(world, &[], names::snake, chosen, diags);
    let methods = defs.iter().zip(names);
    let methods = methods.map(|(def, name)| method(world, def, name, diags));
    Hooks {
        methods: methods.collect(),
        trait_name: world.trait_name("@directives"),
    }
}

fn unknown(schema: &Schema, name: &str, span: Span, diags: &mut Diagnostics) {
    let own = schema.directive_defs.keys().map(String::as_str);
    let help = match closest(name, own.filter(|own| !schema.is_ours(own))) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("define it: `directive @{name} on FIELD_DEFINITION`"),
    };
    let message = format!("the schema defines no directive `@{name}`, so it can have no hook");
    diags.error(Code::Hook, span, message).help(help);
}

/// A hook is called where fields are resolved, with values that Rust has a literal for.
fn fits(def: &DirectiveDef, enums: &[Enum], diags: &mut Diagnostics) {
    for at in &def.locations {
        if at.name != "FIELD_DEFINITION" {
            let message = format!(
                "`@{}` has a hook, which is called for fields: it cannot stand on {}",
                def.name, at.name
            );
            diags
                .error(Code::Hook, at.span, message)
                .help("leave `FIELD_DEFINITION` alone, or take the directive out of `hooks`");
        }
    }
    for arg in &def.args {
        let name = arg.ty.name();
        let is_known = Schema::is_builtin_scalar(name) || enums.iter().any(|e| e.gql == name);
        if !is_known {
            let message = format!(
                "`@{}` has a hook, whose arguments cannot be `{name}`",
                def.name
            );
            diags
                .error(Code::Hook, arg.ty_span, message)
                .help("built-in scalars, enums and lists of them can be; take a `String` and read it in the hook");
        }
    }
}

/// Where a directive stands on a field that no method answers, its hook would never be called.
fn uses_have_methods(world: &World<'_>, defs: &[&DirectiveDef], diags: &mut Diagnostics) {
    for ty in world.ir.schema.types.values() {
        let answered = world.resolver_fields(ty);
        for field in ty.fields() {
            if answered.iter().any(|(_, other)| other.name == field.name) {
                continue;
            }
            let hooked = |d: &&ir::Directive| defs.iter().any(|def| def.name == d.name);
            for used in field.directives.iter().filter(hooked) {
                let message = format!(
                    "`{}.{}` has no method, so nothing would call the hook of `@{}`",
                    ty.name, field.name, used.name
                );
                let help = match ty.kind {
                    TypeKind::Interface { .. } => "put it on the field of each object type",
                    _ => {
                        "`@resolver` gives the field a method; access rules protect columns and relations"
                    }
                };
                diags.error(Code::Hook, used.span, message).help(help);
            }
        }
    }
}

fn method(world: &World<'_>, def: &DirectiveDef, name: String, diags: &mut Diagnostics) -> Hook {
    let chosen = def
        .args
        .iter()
        .map(|arg| (arg.name.as_str(), arg.span, &[][..]));
    let names = settle(world, &["cx", "field"], names::snake, chosen, diags);
    let params = def.args.iter().zip(names).map(|(arg, name)| Param {
        gql: arg.name.clone(),
        name,
        ty: Ty::output(&arg.ty, &world.leaf(arg.ty.name())),
    });
    Hook {
        directive: def.name.clone(),
        name,
        docs: docs(def.description.as_deref(), None, world.place(def.span)),
        params: params.collect(),
        span: def.span,
    }
}

/// The hooks of a field, in the order of its directives.
pub(super) fn calls(
    world: &World<'_>,
    hooks: &Hooks,
    enums: &[Enum],
    field: &ir::Field,
    diags: &mut Diagnostics,
) -> Vec<HookCall> {
    let mut calls = Vec::new();
    for used in &field.directives {
        let hook = hooks.methods.iter().find(|h| h.directive == used.name);
        let def = world.ir.schema.directive_defs.get(&used.name);
        let (Some(hook), Some(def)) = (hook, def) else {
            continue;
        };
        let args = def.args.iter().map(|arg| {
            let value = used.arg(&arg.name).or(arg.default.as_ref());
            given(world, enums, value, &arg.ty)
        });
        let Some(args) = args.collect() else {
            let message = format!(
                "the hook of `@{}` cannot be given these arguments",
                used.name
            );
            diags.error(Code::Hook, used.span, message);
            continue;
        };
        let method = hook.name.clone();
        calls.push(HookCall { method, args });
    }
    calls
}

/// A value of a type; `None` if it is none.
fn given(world: &World<'_>, enums: &[Enum], value: Option<&Value>, ty: &TypeRef) -> Option<Given> {
    match (ty, value) {
        (TypeRef::NonNull(inner), value) => present(world, enums, value?, inner),
        (_, None | Some(Value::Null)) => Some(Given::None),
        (ty, Some(value)) => Some(Given::Some(Box::new(present(world, enums, value, ty)?))),
    }
}

fn present(world: &World<'_>, enums: &[Enum], value: &Value, ty: &TypeRef) -> Option<Given> {
    let name = match ty {
        TypeRef::NonNull(inner) => return present(world, enums, value, inner),
        TypeRef::List(item) => {
            let values = match value {
                Value::List(values) => values.as_slice(),
                one => std::slice::from_ref(one),
            };
            let items = values
                .iter()
                .map(|value| given(world, enums, Some(value), item));
            return items.collect::<Option<_>>().map(Given::List);
        }
        TypeRef::Named(name) => name.as_str(),
    };
    match (name, value) {
        ("Int", Value::Int(text)) => text.parse().ok().map(Given::Int),
        ("Float", Value::Int(text) | Value::Float(text)) => {
            let number: f64 = text.parse().ok()?;
            number.is_finite().then_some(Given::Float(number))
        }
        ("Boolean", Value::Boolean(value)) => Some(Given::Bool(*value)),
        ("String", Value::String(text)) => Some(Given::String(text.clone())),
        ("ID", Value::String(text) | Value::Int(text)) => Some(Given::Id(text.clone())),
        (_, Value::Enum(value)) => {
            let ty = enums.iter().find(|e| e.gql == name)?;
            let variant = ty.values.iter().find(|v| v.gql == *value)?;
            Some(Given::Variant(world.leaf(name), variant.name.clone()))
        }
        _ => None,
    }
}
