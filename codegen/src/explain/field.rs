//! A field of an object type or an interface, or one of its arguments.

use super::{Explanation, World, access, cost, job, listed, storage};
use crate::ir::{self, Field, FieldSource, Type, TypeKind, former};
use crate::plan::Parent;
use crate::plan::stubs::StubMethod;
use crate::print;

pub(super) fn explain(
    world: World<'_>,
    ty: &Type,
    name: &str,
    argument: Option<&str>,
) -> Option<Explanation> {
    let field = ty.fields().iter().find(|field| field.name == name)?;
    match argument {
        Some(argument) => self::argument(world, ty, field, argument),
        None => Some(whole(world, ty, field)),
    }
}

fn whole(world: World<'_>, ty: &Type, field: &Field) -> Explanation {
    let coordinate = format!("{}.{}", ty.name, field.name);
    let mut found = Explanation::new(&*coordinate, "a field", signature(&coordinate, field));
    found.description.clone_from(&field.description);
    found.place = world.place(field.span);
    if field.hidden || ty.hidden {
        found.fact("hidden", "clients do not see it");
    }
    found.deprecated(&field.deprecated);
    if let Some(before) = former(&field.directives) {
        found.fact(
            "renamed",
            format!("from `{before}`: clients that ask for that are refused"),
        );
    }
    found.fact("answered", answered(world, ty, field));
    stub(world, ty, field, &coordinate, &mut found);
    batch(world, field, &coordinate, &mut found);
    storage::of_field(world, ty, field, &mut found);
    access::of_field(world, ty, field, &mut found);
    if !matches!(ty.kind, TypeKind::Interface { .. }) {
        cost::of_field(world, ty, field, &mut found);
    }
    job::touching(world, field.ty.name(), &mut found);
    found
}

/// `Query.search(text: String!, limit: Int = 10): [Listing!]!`
pub(super) fn signature(coordinate: &str, field: &Field) -> String {
    let args: Vec<String> = field.args.iter().map(input).collect();
    match args.is_empty() {
        true => format!("{coordinate}: {}", field.ty),
        false => format!("{coordinate}({}): {}", args.join(", "), field.ty),
    }
}

/// `limit: Int = 10`
pub(super) fn input(input: &ir::InputValue) -> String {
    let default = input.default.as_ref();
    let default = default.map_or(String::new(), |value| format!(" = {}", print::value(value)));
    format!("{}: {}{default}", input.name, input.ty)
}

fn argument(world: World<'_>, ty: &Type, field: &Field, name: &str) -> Option<Explanation> {
    let arg = field.arg(name)?;
    let coordinate = format!("{}.{}({name}:)", ty.name, field.name);
    let mut found = Explanation::new(coordinate, "an argument", input(arg));
    found.description.clone_from(&arg.description);
    found.place = world.place(arg.span);
    found.deprecated(&arg.deprecated);
    if let Some(before) = former(&arg.directives) {
        found.fact("renamed", format!("from `{before}`"));
    }
    found.fact(
        "left out",
        match (&arg.default, arg.is_required()) {
            (_, true) => "refused: it must be given".to_owned(),
            (Some(value), _) => format!("it is `{}`", print::value(value)),
            (None, false) => {
                "allowed: your method can tell it from null (`gw::Nullable`)".to_owned()
            }
        },
    );
    cost::of_argument(world, field, arg, &mut found);
    job::touching(world, arg.ty.name(), &mut found);
    Some(found)
}

/// Who answers it, and how.
fn answered(world: World<'_>, ty: &Type, field: &Field) -> String {
    let model = world.ir.models.iter().find(|model| model.name == ty.name);
    let is_root = world.ir.schema.is_root(&ty.name);
    if matches!(ty.kind, TypeKind::Interface { .. }) {
        return "by the field of the object that is there: an interface answers nothing itself"
            .to_owned();
    }
    match (&field.source, model) {
        (FieldSource::Member, _)
            if world
                .ir
                .auth
                .as_ref()
                .is_some_and(|a| a.name.name == ty.name) =>
        {
            "by what your `authenticate` answers".to_owned()
        }
        (FieldSource::Member, _) => format!(
            "by the value of `{}` itself: a member of its struct",
            ty.name
        ),
        (FieldSource::Resolver, _) if is_subscription(world, ty) => {
            "by your method, with a stream of events".to_owned()
        }
        (FieldSource::Resolver, _) if is_root => {
            "by your method, once wherever an operation asks for it".to_owned()
        }
        (FieldSource::Resolver, _) => "by your method, once for all parents of a level".to_owned(),
        (FieldSource::Each, _) => "by your method, once for each parent".to_owned(),
        (FieldSource::Column(i), Some(model)) => {
            format!(
                "by the column `{}` of the table `{}`",
                model.columns[*i].column, model.table
            )
        }
        (FieldSource::Relation(i), Some(model)) => {
            storage::relation(world, model, &model.relations[*i])
        }
        (FieldSource::Operation(operation), _) => storage::operation(world, operation),
        (FieldSource::Page(_), _) => "by the engine: a part of a page of rows".to_owned(),
        (FieldSource::Column(_) | FieldSource::Relation(_), None) => "by the engine".to_owned(),
    }
}

fn is_subscription(world: World<'_>, ty: &Type) -> bool {
    let root = &world.ir.schema.subscription;
    root.as_ref().is_some_and(|root| root.name == ty.name)
}

/// Where its method stands, or why there is none.
fn stub(world: World<'_>, ty: &Type, field: &Field, coordinate: &str, found: &mut Explanation) {
    let Some(method) = stub_method(world, coordinate) else {
        let why = match field.source {
            _ if matches!(ty.kind, TypeKind::Interface { .. }) => "objects answer, not interfaces",
            FieldSource::Member => {
                "a member needs none; `@resolver` or an argument makes it a method of yours"
            }
            FieldSource::Column(_) | FieldSource::Relation(_) => "the engine reads rows itself",
            FieldSource::Operation(_) => "the engine executes generated operations itself",
            FieldSource::Page(_) => "the engine makes pages itself",
            FieldSource::Resolver | FieldSource::Each => "the type is not reached by any operation",
        };
        found.fact("stub", format!("none: {why}"));
        return;
    };
    found.fact("stub", stands(world, coordinate));
    found.fact("signature", method.signature.clone());
    let traits = world.plan.traits.iter().find(|t| t.gql == ty.name);
    let methods = traits.into_iter().flat_map(|t| &t.methods);
    let planned = methods.filter(|m| m.coordinate == coordinate);
    for hook in planned.flat_map(|method| &method.hooks) {
        let place = stands_at(world, &hook.method).map_or(String::new(), |at| format!(", at {at}"));
        found.fact(
            "hook",
            format!("`{}` is called first, and can refuse{place}", hook.method),
        );
    }
}

/// The place of a stub, or what brings it.
pub(super) fn stands(world: World<'_>, coordinate: &str) -> String {
    match world.stubs.get(coordinate) {
        Some((file, line)) => format!("{file}:{line}"),
        None => "missing: `graphwright sync` adds it".to_owned(),
    }
}

/// The place of a hook's method.
fn stands_at(world: World<'_>, method: &str) -> Option<String> {
    let hooks = world.plan.stubs.iter().flat_map(|stub| &stub.methods);
    let hook = hooks
        .into_iter()
        .find(|m| m.name == method && m.gql.starts_with('@'))?;
    let (file, line) = world.stubs.get(&hook.gql)?;
    Some(format!("{file}:{line}"))
}

pub(super) fn stub_method<'a>(world: World<'a>, coordinate: &str) -> Option<&'a StubMethod> {
    let methods = world.plan.stubs.iter().flat_map(|stub| &stub.methods);
    methods.into_iter().find(|method| method.gql == coordinate)
}

/// How many calls or statements it takes, and by what parents are told apart.
fn batch(world: World<'_>, field: &Field, coordinate: &str, found: &mut Explanation) {
    let methods = world.plan.traits.iter().flat_map(|t| &t.methods);
    let mut methods = methods.filter(|m| m.coordinate == coordinate);
    let text = match (methods.next().map(|m| &m.parent), &field.source) {
        (Some(Parent::Batch(_)), _) => {
            "one call for all parents; answers stand in the order of `parents`".to_owned()
        }
        (Some(Parent::Each(_)), _) => {
            let warn = "below a list that is a call for each of its items";
            format!("a call for each parent (`@each`): {warn}")
        }
        (None, FieldSource::Relation(_)) => "one statement for all parents".to_owned(),
        _ => return,
    };
    found.fact("batch", text);
    if let Some(key) = storage::batch_key(world, coordinate) {
        found.fact("batch key", key);
    }
}

/// The names of arguments, for a sentence.
pub(super) fn argument_names(names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    listed(&names)
}
