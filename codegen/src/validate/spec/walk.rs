//! Ways through a schema that many rules take, and how they name what they pass.
//!
//! Names follow the specification's schema coordinates: `Type.field`, `Type.field(argument:)`, `@directive(argument:)`.

use crate::diagnostic::suggest;
use crate::ir::{
    Directive, DirectiveDef, Field, InputValue, Named, Schema, Type, TypeKind, TypeRef,
};
use crate::source::Span;
use std::collections::HashMap;
use std::fmt;

/// An argument or input field. It is shown as its coordinate.
pub(super) struct Input<'a> {
    owner: Owner<'a>,
    pub(super) value: &'a InputValue,
}

#[derive(Clone, Copy)]
enum Owner<'a> {
    Field(&'a Type, &'a Field),
    Input(&'a Type),
    Directive(&'a DirectiveDef),
}

impl Input<'_> {
    /// `argument` or `input field`.
    pub(super) fn what(&self) -> &'static str {
        match self.owner {
            Owner::Field(..) | Owner::Directive(_) => "argument",
            Owner::Input(_) => "input field",
        }
    }
}

impl fmt::Display for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.value.name;
        match self.owner {
            Owner::Field(ty, field) => write!(f, "{}.{}({name}:)", ty.name, field.name),
            Owner::Input(ty) => write!(f, "{}.{name}", ty.name),
            Owner::Directive(definition) => write!(f, "@{}({name}:)", definition.name),
        }
    }
}

/// A place where directives stand.
pub(in crate::validate) struct Uses<'a> {
    /// The coordinate, `the schema` for the schema.
    pub(in crate::validate) at: String,
    /// The specification's name of the location.
    pub(in crate::validate) location: &'static str,
    pub(in crate::validate) directives: &'a [Directive],
}

static SCALAR: TypeKind = TypeKind::Scalar;

/// The kind of a type, those of the five built-in scalars among them.
pub(super) fn kind<'a>(schema: &'a Schema, name: &str) -> Option<&'a TypeKind> {
    match schema.types.get(name) {
        Some(ty) => Some(&ty.kind),
        None => Schema::is_builtin_scalar(name).then_some(&SCALAR),
    }
}

/// The kind in words.
pub(super) fn kind_words(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Scalar => "a scalar",
        TypeKind::Object { .. } => "an object type",
        TypeKind::Interface { .. } => "an interface",
        TypeKind::Union { .. } => "a union",
        TypeKind::Enum { .. } => "an enum",
        TypeKind::Input { .. } => "an input type",
    }
}

/// Every field of every object and interface.
pub(super) fn fields(schema: &Schema) -> impl Iterator<Item = (&Type, &Field)> {
    schema
        .types
        .values()
        .flat_map(|ty| ty.fields().iter().map(move |field| (ty, field)))
}

/// Every type that may implement interfaces, with those that it declares.
pub(super) fn implementers(schema: &Schema) -> impl Iterator<Item = (&Type, &[Named])> {
    schema.types.values().filter_map(|ty| match &ty.kind {
        TypeKind::Object { implements, .. } | TypeKind::Interface { implements, .. } => {
            Some((ty, implements.as_slice()))
        }
        _ => None,
    })
}

/// Every input type with its fields.
pub(super) fn input_types(schema: &Schema) -> impl Iterator<Item = (&Type, &[InputValue], bool)> {
    schema.types.values().filter_map(|ty| match &ty.kind {
        TypeKind::Input { fields, one_of } => Some((ty, fields.as_slice(), *one_of)),
        _ => None,
    })
}

/// Every argument of fields and directives, and every input field.
pub(super) fn inputs(schema: &Schema) -> impl Iterator<Item = Input<'_>> {
    fn of<'a>(owner: Owner<'a>, values: &'a [InputValue]) -> impl Iterator<Item = Input<'a>> {
        values.iter().map(move |value| Input { owner, value })
    }
    let fields = fields(schema).flat_map(|(ty, field)| of(Owner::Field(ty, field), &field.args));
    let inputs = input_types(schema).flat_map(|(ty, fields, _)| of(Owner::Input(ty), fields));
    let definitions = schema.directive_defs.values();
    let directives = definitions.flat_map(|it| of(Owner::Directive(it), &it.args));
    fields.chain(inputs).chain(directives)
}

/// Every place where directives stand.
pub(in crate::validate) fn uses(schema: &Schema) -> Vec<Uses<'_>> {
    let mut all = Vec::new();
    let mut add = |at: &dyn Fn() -> String, location, directives| {
        // Most places have none, and need no coordinate.
        if !<[Directive]>::is_empty(directives) {
            all.push(Uses {
                at: at(),
                location,
                directives,
            });
        }
    };
    add(&|| "the schema".to_owned(), "SCHEMA", &schema.directives);
    for ty in schema.types.values() {
        add(&|| ty.name.clone(), location(&ty.kind), &ty.directives);
        if let TypeKind::Enum { values } = &ty.kind {
            for value in values {
                let at = || format!("{}.{}", ty.name, value.name);
                add(&at, "ENUM_VALUE", &value.directives);
            }
        }
    }
    for (ty, field) in fields(schema) {
        let at = || format!("{}.{}", ty.name, field.name);
        add(&at, "FIELD_DEFINITION", &field.directives);
        for arg in &field.args {
            let at = || format!("{}.{}({}:)", ty.name, field.name, arg.name);
            add(&at, "ARGUMENT_DEFINITION", &arg.directives);
        }
    }
    for (ty, fields, _) in input_types(schema) {
        for field in fields {
            let at = || format!("{}.{}", ty.name, field.name);
            add(&at, "INPUT_FIELD_DEFINITION", &field.directives);
        }
    }
    for definition in schema.directive_defs.values() {
        for arg in &definition.args {
            let at = || format!("@{}({}:)", definition.name, arg.name);
            add(&at, "ARGUMENT_DEFINITION", &arg.directives);
        }
    }
    all
}

fn location(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Scalar => "SCALAR",
        TypeKind::Object { .. } => "OBJECT",
        TypeKind::Interface { .. } => "INTERFACE",
        TypeKind::Union { .. } => "UNION",
        TypeKind::Enum { .. } => "ENUM",
        TypeKind::Input { .. } => "INPUT_OBJECT",
    }
}

/// `` did you mean `X`? `` with a type of the schema that `fits`.
pub(super) fn suggest_type(
    schema: &Schema,
    name: &str,
    fits: impl Fn(&TypeKind) -> bool,
) -> Option<String> {
    let own = schema
        .types
        .values()
        .filter(|ty| fits(&ty.kind))
        .map(|ty| ty.name.as_str());
    let built_in = ["Int", "Float", "String", "Boolean", "ID"]
        .into_iter()
        .filter(|_| fits(&SCALAR));
    suggest(name, own.chain(built_in))
}

/// Whether what stands at this coordinate was read without a mistake.
pub(super) fn is_whole(schema: &Schema, at: &str) -> bool {
    !schema
        .broken
        .contains(at.split(['.', '(']).next().unwrap_or(at))
}

/// Where the name in a type reference stands: `T` of `[T!]!`, unless there is something between its tokens.
pub(super) fn name_span(ty: &TypeRef, span: Span) -> Span {
    let text = ty.to_string();
    let lists = text.len() - text.trim_start_matches('[').len();
    if text.len() as u32 != span.end - span.start {
        return span;
    }
    let start = span.start + lists as u32;
    Span {
        start,
        end: start + ty.name().len() as u32,
        ..span
    }
}

/// Pairs of things with the same name: each repetition with the first.
pub(super) fn repeated<'a, T>(
    items: &'a [T],
    name: impl Fn(&'a T) -> (&'a str, Span),
) -> Vec<(&'a T, Span)> {
    if items.len() < 2 {
        return Vec::new();
    }
    let mut seen: HashMap<&str, Span> = HashMap::with_capacity(items.len());
    let mut found = Vec::new();
    for item in items {
        let (name, span) = name(item);
        match seen.get(name) {
            Some(first) => found.push((item, *first)),
            None => {
                seen.insert(name, span);
            }
        }
    }
    found
}
