//! What the SDL says of its fields beside their types: what they cost, how long they keep.
//!
//! In: the public SDL, the tables. Out: a hint for each field by the numbers of its type and itself.
//! Must not know: operations.
//!
//! Fields of which nothing is said have eight bytes each; what is said lies aside.

use std::collections::HashMap;

use crate::engine::schema::SchemaDef;
use crate::engine::syntax::ast::{
    Directive, FieldDefinition, InputDefinition, System, TypeBody, Value, ValueKind,
};
use crate::engine::syntax::{self};

/// What is said of the fields of a schema.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    types: Vec<TypeHints>,
    /// Whether any field says how long it keeps: otherwise no response does.
    pub(crate) caches: bool,
}

#[derive(Debug, Default)]
struct TypeHints {
    /// What an object of the type costs.
    weight: u32,
    fields: Box<[Hint]>,
}

/// What is said of a field.
#[derive(Debug, Default)]
pub(crate) struct Hint {
    /// What each of its values costs; `None` if its type says so.
    pub(crate) weight: Option<u32>,
    pub(crate) list: bool,
    pub(crate) more: Option<Box<More>>,
}

/// What is said of few fields.
#[derive(Debug, Default)]
pub(crate) struct More {
    /// What arguments cost that are given.
    pub(crate) arguments: Vec<(Box<str>, u32)>,
    /// Arguments that say how many items there are.
    pub(crate) slicing: Vec<Box<str>>,
    /// How many items there are without one.
    pub(crate) assumed: Option<u32>,
    /// The fields below that have this size.
    pub(crate) sized: Vec<Box<str>>,
    /// Whether exactly one of the slicing arguments must be given.
    pub(crate) require_one: bool,
    /// How long it keeps.
    pub(crate) cache: Option<CacheHint>,
}

/// `@cacheControl`
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CacheHint {
    /// Seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) private: bool,
    pub(crate) inherit: bool,
}

impl Hints {
    /// Reads them; what does not parse says nothing.
    pub(crate) fn new(def: &'static SchemaDef) -> Self {
        let Ok(document) = syntax::parse(def.sdl, usize::MAX) else {
            return Hints::default();
        };
        let sdl = Sdl::new(&document.system);
        let types = def.types.iter().map(|ty| {
            let field = |name| sdl.hint(ty.name, name);
            TypeHints {
                weight: sdl.weight(ty.name).unwrap_or(1),
                fields: ty.fields.iter().map(|f| field(f.name)).collect(),
            }
        });
        let types: Vec<TypeHints> = types.collect();
        let caches = types
            .iter()
            .flat_map(|ty| &ty.fields)
            .any(|hint| hint.more.as_ref().is_some_and(|more| more.cache.is_some()));
        Hints { types, caches }
    }

    /// What is said of that field.
    pub(crate) fn field(&self, ty: u16, fid: u16) -> Option<&Hint> {
        self.types.get(ty as usize)?.fields.get(fid as usize)
    }

    /// What an object of that type costs.
    pub(crate) fn weight(&self, ty: u16) -> u32 {
        self.types.get(ty as usize).map_or(1, |ty| ty.weight)
    }
}

/// The SDL by names.
struct Sdl<'d> {
    fields: HashMap<(&'d str, &'d str), &'d FieldDefinition<'d>>,
    directives: HashMap<&'d str, Vec<&'d Directive<'d>>>,
    composite: std::collections::HashSet<&'d str>,
}

impl<'d> Sdl<'d> {
    fn new(system: &'d [System<'d>]) -> Self {
        let mut sdl = Sdl {
            fields: HashMap::new(),
            directives: HashMap::new(),
            composite: std::collections::HashSet::new(),
        };
        for definition in system {
            let System::Type(ty) = definition else {
                continue;
            };
            let name = ty.name.text;
            if !ty.directives.is_empty() {
                sdl.directives
                    .entry(name)
                    .or_default()
                    .extend(&ty.directives);
            }
            match &ty.body {
                TypeBody::Object(body) | TypeBody::Interface(body) => {
                    sdl.composite.insert(name);
                    let fields = body.fields.iter();
                    sdl.fields
                        .extend(fields.map(|field| ((name, field.name.text), field)));
                }
                TypeBody::Union(_) => {
                    sdl.composite.insert(name);
                }
                _ => {}
            }
        }
        sdl
    }

    fn on_type(&self, ty: &str, directive: &str) -> Option<&'d Directive<'d>> {
        let mut found = self.directives.get(ty)?.iter();
        found.find(|d| d.name.text == directive).copied()
    }

    fn weight(&self, ty: &str) -> Option<u32> {
        number(self.on_type(ty, "cost")?.argument("weight")?)
    }

    fn hint(&self, ty: &str, name: &str) -> Hint {
        let Some(field) = self.fields.get(&(ty, name)) else {
            return Hint::default();
        };
        let of = |name: &str| field.directives.iter().find(|d| d.name.text == name);
        let target = field.ty.name.text;
        let composite = self.composite.contains(target);
        let own = of("cost").and_then(|d| number(d.argument("weight")?));
        let cache = of("cacheControl").or_else(|| self.on_type(target, "cacheControl"));
        let (slicing, sized) = usual(field);
        let mut more = More {
            arguments: field.arguments.iter().filter_map(cost_of).collect(),
            slicing,
            sized,
            cache: cache.map(cache_hint),
            ..More::default()
        };
        if let Some(size) = of("listSize") {
            more.slicing = strings(size.argument("slicingArguments"));
            more.sized = strings(size.argument("sizedFields"));
            more.assumed = size.argument("assumedSize").and_then(number);
            let required = size.argument("requireOneSlicingArgument");
            let waived = required.is_some_and(|v| matches!(v.kind, ValueKind::Boolean(false)));
            more.require_one = !more.slicing.is_empty() && !waived;
        }
        let said = !more.arguments.is_empty()
            || !more.slicing.is_empty()
            || !more.sized.is_empty()
            || more.assumed.is_some()
            || more.cache.is_some();
        Hint {
            weight: match composite {
                true => own,
                false => Some(own.or_else(|| self.weight(target)).unwrap_or(0)),
            },
            list: field.ty.wrap.is_list(),
            more: said.then(|| Box::new(more)),
        }
    }
}

/// The arguments that usually say how long a list is, and the lists of a page.
fn usual(field: &FieldDefinition<'_>) -> (Vec<Box<str>>, Vec<Box<str>>) {
    let counts = |arg: &&InputDefinition<'_>| {
        matches!(arg.name.text, "first" | "last" | "limit")
            && arg.ty.name.text == "Int"
            && !arg.ty.wrap.is_list()
    };
    let slicing: Vec<Box<str>> = field
        .arguments
        .iter()
        .filter(counts)
        .map(|arg| arg.name.text.into())
        .collect();
    let page = !field.ty.wrap.is_list() && !slicing.is_empty();
    let sized = if page {
        vec!["edges".into(), "nodes".into()]
    } else {
        Vec::new()
    };
    (slicing, sized)
}

fn cost_of(arg: &InputDefinition<'_>) -> Option<(Box<str>, u32)> {
    let cost = arg.directives.iter().find(|d| d.name.text == "cost")?;
    Some((arg.name.text.into(), number(cost.argument("weight")?)?))
}

fn cache_hint(directive: &Directive<'_>) -> CacheHint {
    let is = |name: &str, wanted: &str| match directive.argument(name).map(|v| &v.kind) {
        Some(ValueKind::Enum(name)) => name.text == wanted,
        Some(ValueKind::Boolean(value)) => *value && wanted == "true",
        _ => false,
    };
    CacheHint {
        max_age: directive.argument("maxAge").and_then(number),
        private: is("scope", "PRIVATE"),
        inherit: is("inheritMaxAge", "true"),
    }
}

/// A whole number, with or without quotes.
fn number(value: &Value<'_>) -> Option<u32> {
    match &value.kind {
        ValueKind::Int(text) => text.parse().ok(),
        ValueKind::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn strings(value: Option<&Value<'_>>) -> Vec<Box<str>> {
    let text = |value: &Value<'_>| match &value.kind {
        ValueKind::String(text) => Some(Box::from(&**text)),
        _ => None,
    };
    match value.map(|v| &v.kind) {
        Some(ValueKind::List(items)) => items.iter().filter_map(text).collect(),
        Some(_) => value.and_then(text).into_iter().collect(),
        None => Vec::new(),
    }
}
