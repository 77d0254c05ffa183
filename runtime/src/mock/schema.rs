//! A schema that is known at run time only: SDL to the static tables that the engine works with.
//!
//! In: SDL. Out: tables, leaked and kept by their text. Must not know: values, requests.
//!
//! The engine's tables are `'static` because generated ones are. So each text is read once in the life of the process
//! and its tables stay: right for a server and for a test suite of some hundred schemas, wrong for an endless stream
//! of ever new ones.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::application::AppDef;
use crate::engine::schema::{
    self, FieldDef, Kind, LEAF, SchemaDef, Shape, Source, TypeDef, TypeRef,
};

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
        static KNOWN: OnceLock<Mutex<HashMap<&str, Schema>>> = OnceLock::new();
        let known = KNOWN.get_or_init(Mutex::default);
        if let Some(schema) = known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(sdl)
        {
            return Ok(*schema);
        }
        let text: &'static str = Box::leak(sdl.to_owned().into_boxed_str());
        let schema = Schema(Box::leak(Box::new(tables(text)?)));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*known.entry(text).or_insert(schema))
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

fn tables(sdl: &'static str) -> Result<Tables, String> {
    let read = schema::Schema::parse(sdl)?;
    let mut order: Vec<u16> = (0..read.types.len() as u16)
        .filter(|no| read.ty(*no).kind.is_composite() && !read.ty(*no).built_in)
        .collect();
    order.sort_unstable_by_key(|no| read.ty(*no).name.text);
    let mut numbers = vec![LEAF; read.types.len()];
    for (number, no) in (0..).zip(&order) {
        numbers[usize::from(*no)] = number;
    }
    let reader = Reader { read, numbers };
    let (types, defs) = order.iter().map(|no| reader.composite(*no)).unzip();
    let Reader { read, numbers } = &reader;
    let number = |no: u16| numbers[usize::from(no)];
    let schema = Box::leak(Box::new(SchemaDef {
        sdl,
        types: Vec::leak(defs),
        query: number(read.query),
        mutation: read.mutation.map(number),
        subscription: read.subscription.map(number),
    }));
    // Custom scalars let everything through, also those whose names the engine knows.
    let scalars = read
        .types
        .iter()
        .filter(|ty| ty.kind == Kind::Scalar && !ty.built_in);
    let bound = Vec::leak(scalars.map(|ty| ty.name.text).collect());
    Ok(Tables {
        app: AppDef::new(schema).bound(bound),
        types,
    })
}

/// A schema that was read, and the tables' numbers of its composite types.
struct Reader {
    read: schema::Schema,
    numbers: Vec<u16>,
}

impl Reader {
    fn composite(&self, no: u16) -> (Composite, TypeDef) {
        let ty = self.read.ty(no);
        let roots = [
            Some(self.read.query),
            self.read.mutation,
            self.read.subscription,
        ];
        let source = match roots.contains(&Some(no)) {
            true => Source::Resolver,
            false => Source::Member,
        };
        let possible = ty.kind.is_abstract().then(|| {
            let numbers = ty.possible.iter().map(|no| self.numbers[usize::from(*no)]);
            let mut possible: Vec<u16> = numbers.collect();
            // Numbers are in the order of names.
            possible.sort_unstable();
            &*Vec::leak(possible)
        });
        let fields = ty.fields.iter().map(|field| {
            let bottom = self.numbers[usize::from(field.ty.no)];
            FieldDef::new(field.name.text, source, bottom, field.ty.is_non_null())
        });
        let def = TypeDef {
            name: ty.name.text,
            shape: possible.map_or(Shape::Object, Shape::Abstract),
            fields: Vec::leak(fields.collect()),
        };
        let composite = Composite {
            name: ty.name.text,
            fields: ty.fields.iter().map(|field| self.ty(field.ty)).collect(),
            possible,
        };
        (composite, def)
    }

    fn ty(&self, ty: TypeRef) -> Ty {
        if ty.is_non_null() {
            Ty::NonNull(Box::new(self.ty(ty.nullable())))
        } else if let Some(item) = ty.item() {
            Ty::List(Box::new(self.ty(item)))
        } else {
            self.named(ty.no)
        }
    }

    fn named(&self, no: u16) -> Ty {
        let ty = self.read.ty(no);
        Ty::Leaf(match (ty.kind, ty.name.text) {
            (kind, _) if kind.is_composite() => {
                return Ty::Composite(self.numbers[usize::from(no)]);
            }
            (Kind::Enum, name) => Leaf::Enum(
                name,
                ty.values.iter().map(|value| value.name.text).collect(),
            ),
            (_, "Int") => Leaf::Int,
            (_, "Float") => Leaf::Float,
            (_, "String") => Leaf::String,
            (_, "Boolean") => Leaf::Boolean,
            (_, "ID") => Leaf::Id,
            (_, name) => Leaf::Custom(name),
        })
    }
}
