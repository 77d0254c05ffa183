//! A schema that is known at run time only: SDL to the static tables that the engine works with.
//!
//! In: SDL. Out: tables, leaked and kept by their text. Must not know: values, requests.
//!
//! The engine's tables are `'static` because generated ones are. So each text is read once in the life of the process
//! and its tables stay: right for a server and for a test suite of some hundred schemas, wrong for an endless stream
//! of ever new ones.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use apollo_compiler::ast::Type as AskedType;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Schema as Read, ast::OperationType};

use crate::application::AppDef;
use crate::engine::schema::{FieldDef, LEAF, SchemaDef, Shape, Source, TypeDef};

/// A schema to mock. Copies share their tables.
#[derive(Debug, Clone, Copy)]
pub struct Schema(pub(super) &'static Tables);

/// What the engine needs to know, and what values need to know beside that.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) app: AppDef,
    /// By the types' numbers.
    pub(super) types: Vec<Composite>,
}

/// An object, interface or union type.
#[derive(Debug)]
pub(super) struct Composite {
    pub(super) name: &'static str,
    /// The types of the fields, by the fields' numbers.
    pub(super) fields: Vec<Ty>,
    /// For interfaces and unions: the numbers of the possible object types, sorted by their names.
    pub(super) possible: Option<&'static [u16]>,
}

/// The type of a field.
#[derive(Debug)]
pub(super) enum Ty {
    NonNull(Box<Ty>),
    List(Box<Ty>),
    Leaf(Leaf),
    /// By its number.
    Composite(u16),
}

/// A type without selections.
#[derive(Debug)]
pub(super) enum Leaf {
    Int,
    Float,
    String,
    Boolean,
    Id,
    /// Its name, and its values in the order of the SDL.
    Enum(&'static str, Vec<&'static str>),
    /// Its name.
    Custom(&'static str),
}

impl Schema {
    /// Reads SDL; the same text gives the same tables.
    ///
    /// # Errors
    /// The text is no schema: what is wrong with it. The engine checks the rest when a server is made of it; the
    /// command `graphwright mock` has checked it all before.
    pub fn parse(sdl: &str) -> Result<Self, String> {
        static KNOWN: OnceLock<Mutex<HashMap<Box<str>, Schema>>> = OnceLock::new();
        let known = KNOWN.get_or_init(Mutex::default);
        if let Some(schema) = known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(sdl)
        {
            return Ok(*schema);
        }
        let read = Read::parse(sdl, "schema.graphql").map_err(|found| found.errors.to_string())?;
        let schema = Schema(Box::leak(Box::new(tables(sdl, &read)?)));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*known.entry(sdl.into()).or_insert(schema))
    }

    /// The SDL that it was read from.
    pub fn sdl(&self) -> &'static str {
        self.0.app.schema.sdl
    }
}

impl Ty {
    /// The type without its outermost `!`, and whether there was one.
    pub(super) fn strip(&self) -> (&Ty, bool) {
        match self {
            Ty::NonNull(inner) => (inner, true),
            other => (other, false),
        }
    }
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn tables(sdl: &str, read: &Read) -> Result<Tables, String> {
    let mut names: Vec<&str> = read
        .types
        .iter()
        .filter(|(name, ty)| {
            !name.starts_with("__")
                && matches!(
                    ty,
                    ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)
                )
        })
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    if names.len() >= usize::from(LEAF) {
        return Err(format!("more than {LEAF} types"));
    }
    let numbers: HashMap<&str, u16> = (0..).zip(&names).map(|(i, name)| (*name, i)).collect();
    let (mut types, mut defs) = (Vec::new(), Vec::new());
    for name in &names {
        let (composite, def) = composite(read, name, &numbers)?;
        types.push(composite);
        defs.push(def);
    }
    let root = |operation| {
        let name = read.root_operation(operation)?;
        numbers.get(name.as_str()).copied()
    };
    let schema = Box::leak(Box::new(SchemaDef {
        sdl: leak(sdl),
        types: Vec::leak(defs),
        query: root(OperationType::Query).ok_or("the schema has no query root")?,
        mutation: root(OperationType::Mutation),
        subscription: root(OperationType::Subscription),
    }));
    // Custom scalars let everything through, also those whose names the engine knows.
    let scalars = read.types.iter().filter_map(|(name, ty)| {
        matches!(ty, ExtendedType::Scalar(scalar) if !scalar.is_built_in()).then(|| leak(name))
    });
    let bound = Vec::leak(scalars.collect());
    Ok(Tables {
        app: AppDef::new(schema).bound(bound),
        types,
    })
}

fn composite(
    read: &Read,
    name: &str,
    numbers: &HashMap<&str, u16>,
) -> Result<(Composite, TypeDef), String> {
    let fields = match read.types.get(name) {
        Some(ExtendedType::Object(object)) => Some(&object.fields),
        Some(ExtendedType::Interface(interface)) => Some(&interface.fields),
        _ => None,
    };
    let is_root = read
        .schema_definition
        .iter_root_operations()
        .any(|(_, root)| root.name == name);
    let source = if is_root {
        Source::Resolver
    } else {
        Source::Member
    };
    let (mut types, mut defs) = (Vec::new(), Vec::new());
    for (field, def) in fields.into_iter().flatten() {
        let ty = ty(read, &def.ty, numbers)?;
        let number = bottom(&ty);
        defs.push(FieldDef::new(
            leak(field),
            source,
            number,
            def.ty.is_non_null(),
        ));
        types.push(ty);
    }
    let possible = possible(read, name, numbers);
    let name = leak(name);
    let def = TypeDef {
        name,
        shape: possible.map_or(Shape::Object, Shape::Abstract),
        fields: Vec::leak(defs),
    };
    Ok((
        Composite {
            name,
            fields: types,
            possible,
        },
        def,
    ))
}

/// The possible types of an interface or a union; numbers are in the order of names.
fn possible(read: &Read, name: &str, numbers: &HashMap<&str, u16>) -> Option<&'static [u16]> {
    let mut found: Vec<u16> = match read.types.get(name)? {
        ExtendedType::Union(union) => {
            let members = union.members.iter();
            members
                .filter_map(|member| numbers.get(member.as_str()).copied())
                .collect()
        }
        ExtendedType::Interface(_) => numbers
            .iter()
            .filter(|(object, _)| match read.types.get(**object) {
                Some(ExtendedType::Object(object)) => object
                    .implements_interfaces
                    .iter()
                    .any(|i| i.as_str() == name),
                _ => false,
            })
            .map(|(_, number)| *number)
            .collect(),
        _ => return None,
    };
    found.sort_unstable();
    Some(Vec::leak(found))
}

fn ty(read: &Read, asked: &AskedType, numbers: &HashMap<&str, u16>) -> Result<Ty, String> {
    Ok(match asked {
        AskedType::Named(name) => named(read, name, numbers)?,
        AskedType::NonNullNamed(name) => Ty::NonNull(Box::new(named(read, name, numbers)?)),
        AskedType::List(item) => Ty::List(Box::new(ty(read, item, numbers)?)),
        AskedType::NonNullList(item) => {
            Ty::NonNull(Box::new(Ty::List(Box::new(ty(read, item, numbers)?))))
        }
    })
}

fn named(read: &Read, name: &str, numbers: &HashMap<&str, u16>) -> Result<Ty, String> {
    if let Some(number) = numbers.get(name) {
        return Ok(Ty::Composite(*number));
    }
    Ok(Ty::Leaf(match (name, read.types.get(name)) {
        ("Int", _) => Leaf::Int,
        ("Float", _) => Leaf::Float,
        ("String", _) => Leaf::String,
        ("Boolean", _) => Leaf::Boolean,
        ("ID", _) => Leaf::Id,
        (_, Some(ExtendedType::Enum(def))) => Leaf::Enum(
            leak(name),
            def.values.keys().map(|value| leak(value)).collect(),
        ),
        (_, Some(ExtendedType::Scalar(_))) => Leaf::Custom(leak(name)),
        _ => return Err(format!("`{name}` is no output type")),
    }))
}

fn bottom(ty: &Ty) -> u16 {
    match ty {
        Ty::NonNull(inner) | Ty::List(inner) => bottom(inner),
        Ty::Leaf(_) => LEAF,
        Ty::Composite(number) => *number,
    }
}
