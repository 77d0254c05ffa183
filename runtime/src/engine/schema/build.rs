//! From SDL and tables to a [`Schema`].
//!
//! In: the public SDL, which the generator has checked, and its tables. Out: a schema, or the first thing that is wrong.
//! Must not know: documents.

use std::borrow::Cow;

use super::Schema;
use super::index::Index;
use super::kinds::{Default, DirectiveDef, EnumValue, Field, Input, Kind, Type, TypeRef};
use super::tables::{SchemaDef, TypeDef};
use crate::engine::coerce::{self, Scalar};
use crate::engine::syntax::ast::{
    Directive, DirectiveDefinition, Document, FieldDefinition, InputDefinition, OperationKind,
    System, TypeBody, TypeDefinition, TypeName, ValueKind,
};
use crate::engine::syntax::{self, Name};

/// What the specification defines; its last type holds the fields that no type lists.
const BUILT_IN: &str = include_str!("built_in.graphql");
const META: &str = "__Meta";
/// Built-in scalars that are there if the schema uses them; its introspection uses the others.
const OPTIONAL: [&str; 3] = ["Int", "Float", "ID"];

type Built<T> = Result<T, String>;

/// See [`Schema::new`] and [`Schema::parse`].
pub(super) fn schema(
    sdl: &'static str,
    def: Option<&'static SchemaDef>,
    bound: &[&str],
) -> Built<Schema> {
    let (built_in, own) = (read(BUILT_IN)?, read(sdl)?);
    if let Some(operation) = own.operations.first() {
        return Err(wrong(sdl, operation.span.start, "an operation in a schema"));
    }
    let mut builder = Builder {
        schema: empty(&own, &built_in),
        used: Vec::new(),
    };
    builder.types(def, own, built_in)?;
    let mut schema = builder.finish(def)?;
    for ty in &mut schema.types {
        if ty.kind == Kind::Scalar {
            ty.scalar = Scalar::named(ty.name.text, bound);
        }
    }
    defaults(&mut schema)?;
    Ok(schema)
}

fn read(sdl: &'static str) -> Built<Document<'static>> {
    syntax::parse(sdl, usize::MAX).map_err(|mistake| wrong(sdl, mistake.at, &mistake.message))
}

fn wrong(sdl: &str, at: u32, message: &str) -> String {
    let (line, column) = syntax::place(sdl, at);
    format!("{line}:{column}: {message}")
}

fn empty(own: &Document<'_>, built_in: &Document<'_>) -> Schema {
    let definitions = own.system.len() + built_in.system.len();
    Schema {
        description: None,
        types: Vec::with_capacity(definitions),
        order: Vec::with_capacity(definitions),
        directives: Vec::new(),
        query: u16::MAX,
        mutation: None,
        subscription: None,
        meta: Vec::new(),
        names: Index::with_capacity(definitions),
        members: Index::with_capacity(0),
        directive_names: Index::with_capacity(definitions),
    }
}

struct Builder {
    schema: Schema,
    /// Which types are named somewhere.
    used: Vec<bool>,
}

/// The definitions of a document by what they are.
#[derive(std::default::Default)]
struct Sorted {
    types: Vec<TypeDefinition<'static>>,
    extensions: Vec<TypeDefinition<'static>>,
    directives: Vec<DirectiveDefinition<'static>>,
    roots: Vec<(OperationKind, Name<'static>)>,
    explicit: bool,
    description: Option<Cow<'static, str>>,
}

fn sort(document: Document<'static>) -> Sorted {
    let mut sorted = Sorted::default();
    for definition in document.system {
        match definition {
            System::Schema(mut def) => {
                sorted.explicit |= !def.extend;
                sorted.roots.append(&mut def.roots);
                sorted.description = sorted.description.or(def.description);
            }
            System::Type(def) if def.extend => sorted.extensions.push(def),
            System::Type(def) => sorted.types.push(def),
            System::Directive(def) => sorted.directives.push(def),
        }
    }
    sorted
}

impl Builder {
    fn types(
        &mut self,
        def: Option<&'static SchemaDef>,
        own: Document<'static>,
        built_in: Document<'static>,
    ) -> Built<()> {
        let (own, built_in) = (sort(own), sort(built_in));
        let is_own = |name: &Name<'_>| own.types.iter().any(|ty| ty.name == *name);
        // An SDL may define a built-in scalar once more: it is the same one.
        let mut built_in_types = Vec::with_capacity(built_in.types.len());
        for ty in built_in.types {
            match is_own(&ty.name) {
                true if ty.name.starts_with("__") => {
                    return Err(format!("the name `{}` is taken", ty.name));
                }
                true => {}
                false => built_in_types.push(ty),
            }
        }
        let all = own.types.iter().chain(&built_in_types);
        let members: usize = all.chain(&own.extensions).map(members).sum();
        self.schema.members = Index::with_capacity(members);
        self.number(def, &own.types, &built_in_types)?;
        for ty in own.types.into_iter().chain(own.extensions) {
            self.fill(ty)?;
        }
        for ty in built_in_types {
            self.fill(ty)?;
        }
        for (directives, built_in) in [(own.directives, false), (built_in.directives, true)] {
            for directive in directives {
                self.directive(directive, built_in)?;
            }
        }
        self.schema.description = own.description;
        self.roots(&own.roots, own.explicit)
    }

    /// Gives each type its number: first those of the tables, then the other composite ones, then the rest.
    fn number(
        &mut self,
        def: Option<&'static SchemaDef>,
        own: &[TypeDefinition<'static>],
        built_in: &[TypeDefinition<'static>],
    ) -> Built<()> {
        for table in def.map_or(&[][..], |def| def.types) {
            self.declare(Name::new(table.name, 0), None, Some(table))?;
        }
        let composite = |ty: &&TypeDefinition<'_>| kind(&ty.body).is_composite();
        let (first, rest): (Vec<_>, Vec<_>) = own.iter().partition(composite);
        for ty in first.into_iter().chain(rest).chain(built_in) {
            match self.schema.type_no(&ty.name) {
                Some(no) if self.schema.ty(no).def.is_some() => {
                    if self.used[no as usize] {
                        return Err(format!("the type `{}` is defined twice", ty.name));
                    }
                    self.used[no as usize] = true;
                    self.schema.types[no as usize].kind = kind(&ty.body);
                }
                _ => self.declare(ty.name, Some(kind(&ty.body)), None)?,
            }
        }
        let tables = self.schema.types.iter().zip(&self.used);
        if let Some((ty, _)) = tables
            .clone()
            .find(|(ty, used)| ty.def.is_some() && !**used)
        {
            return Err(format!("the SDL has no type `{}`", ty.name));
        }
        for ty in own.iter().chain(built_in) {
            self.schema.order.extend(self.schema.type_no(&ty.name));
        }
        for ty in built_in {
            if let Some(no) = self.schema.type_no(&ty.name) {
                self.schema.types[no as usize].built_in = true;
            }
        }
        self.used.fill(false);
        Ok(())
    }

    fn declare(
        &mut self,
        name: Name<'static>,
        kind: Option<Kind>,
        def: Option<&'static TypeDef>,
    ) -> Built<()> {
        let no = small(self.schema.types.len())?;
        let types = &self.schema.types;
        let known = |no: u16| types[no as usize].name == name;
        if self.schema.names.add(0, name.hash, no, known).is_err() {
            return Err(format!("the type `{name}` is defined twice"));
        }
        self.used.push(false);
        self.schema.types.push(Type {
            name,
            description: None,
            kind: kind.unwrap_or(Kind::Object),
            built_in: false,
            fields: Vec::new(),
            inputs: Vec::new(),
            values: Vec::new(),
            interfaces: Vec::new(),
            possible: Vec::new(),
            possible_bits: Vec::new(),
            scalar: Scalar::default(),
            specified_by: None,
            one_of: false,
            directives: Vec::new(),
            def,
        });
        Ok(())
    }

    /// Adds what a definition or an extension says.
    fn fill(&mut self, from: TypeDefinition<'static>) -> Built<()> {
        let no = self.schema.type_no(&from.name);
        let Some(no) = no.filter(|no| self.schema.ty(*no).kind == kind(&from.body)) else {
            return Err(format!("`{}` is extended, but not defined so", from.name));
        };
        match from.body {
            TypeBody::Scalar => {}
            TypeBody::Object(body) | TypeBody::Interface(body) => {
                for name in body.interfaces {
                    let interface = self.find(&name, &from.name, |kind| kind == Kind::Interface)?;
                    self.schema.types[no as usize].interfaces.push(interface);
                }
                for field in body.fields {
                    self.field(no, field)?;
                }
            }
            TypeBody::Union(members) => {
                for name in members {
                    let member = self.find(&name, &from.name, |kind| kind == Kind::Object)?;
                    self.schema.types[no as usize].possible.push(member);
                }
            }
            TypeBody::Enum(values) => {
                for value in values {
                    self.member(no, &value.name, self.schema.ty(no).values.len())?;
                    self.schema.types[no as usize].values.push(EnumValue {
                        name: value.name,
                        description: value.description,
                        deprecated: deprecated(&value.directives),
                        directives: value.directives,
                    });
                }
            }
            TypeBody::Input(inputs) => {
                for input in inputs {
                    self.member(no, &input.name, self.schema.ty(no).inputs.len())?;
                    let input = self.input(input, &from.name)?;
                    self.schema.types[no as usize].inputs.push(input);
                }
            }
        }
        let mut directives = from.directives;
        let ty = &mut self.schema.types[no as usize];
        ty.description = ty.description.take().or(from.description);
        ty.one_of |= directives.iter().any(|directive| directive.name == "oneOf");
        ty.specified_by = ty
            .specified_by
            .take()
            .or(text(&directives, "specifiedBy", "url"));
        ty.directives.append(&mut directives);
        Ok(())
    }

    fn field(&mut self, no: u16, field: FieldDefinition<'static>) -> Built<()> {
        self.member(no, &field.name, self.schema.ty(no).fields.len())?;
        let args = self.inputs(field.arguments, &field.name)?;
        let ty = self.type_ref(&field.ty, &field.name, |kind| kind != Kind::Input)?;
        let fields = self.schema.ty(no).def.map_or(&[][..], |def| def.fields);
        // Usually the tables have the same order.
        let next = self.schema.ty(no).fields.len();
        let same = |i: &usize| {
            fields
                .get(*i)
                .is_some_and(|def| def.name == field.name.text)
        };
        let table = Some(next).filter(same);
        let table = table.or_else(|| (0..fields.len()).find(same));
        self.schema.types[no as usize].fields.push(Field {
            name: field.name,
            description: field.description,
            args,
            ty,
            deprecated: deprecated(&field.directives),
            directives: field.directives,
            def: table.map(|i| (i as u16, &fields[i])),
        });
        Ok(())
    }

    fn member(&mut self, no: u16, name: &Name<'_>, place: usize) -> Built<()> {
        let place = small(place)?;
        let ty = &self.schema.types[no as usize];
        let known = |place: u16| {
            let place = place as usize;
            match ty.kind {
                Kind::Enum => ty.values.get(place).is_some_and(|v| v.name == *name),
                Kind::Input => ty.inputs.get(place).is_some_and(|i| i.name == *name),
                _ => ty.fields.get(place).is_some_and(|f| f.name == *name),
            }
        };
        match self.schema.members.add(no, name.hash, place, known) {
            Ok(()) => Ok(()),
            Err(_) => Err(format!("`{}.{name}` is defined twice", ty.name)),
        }
    }

    fn inputs(&mut self, inputs: Vec<InputDefinition<'static>>, of: &str) -> Built<Vec<Input>> {
        let inputs = inputs.into_iter().map(|input| self.input(input, of));
        inputs.collect()
    }

    fn input(&mut self, input: InputDefinition<'static>, of: &str) -> Built<Input> {
        Ok(Input {
            ty: self.type_ref(&input.ty, of, Kind::is_input)?,
            name: input.name,
            description: input.description,
            default: input.default.map(|literal| Default {
                literal,
                value: None,
            }),
            deprecated: deprecated(&input.directives),
            directives: input.directives,
        })
    }

    fn type_ref(
        &mut self,
        ty: &TypeName<'_>,
        of: &str,
        fits: impl Fn(Kind) -> bool,
    ) -> Built<TypeRef> {
        let no = self.find(&ty.name, of, fits)?;
        let wrap = ty.wrap;
        Ok(TypeRef { no, wrap })
    }

    fn find(&mut self, name: &Name<'_>, of: &str, fits: impl Fn(Kind) -> bool) -> Built<u16> {
        let Some(no) = self.schema.type_no(name) else {
            return Err(format!(
                "`{of}` names the type `{name}`, which is not there"
            ));
        };
        if !fits(self.schema.ty(no).kind) {
            return Err(format!(
                "`{of}` names the type `{name}`, which does not fit"
            ));
        }
        self.used[no as usize] = true;
        Ok(no)
    }

    fn directive(&mut self, from: DirectiveDefinition<'static>, built_in: bool) -> Built<()> {
        let place = small(self.schema.directives.len())?;
        let known = |no: u16| self.schema.directives[no as usize].name == from.name;
        let names = &mut self.schema.directive_names;
        match names.add(0, from.name.hash, place, known) {
            // An SDL may define a built-in directive itself.
            Err(_) if built_in => return Ok(()),
            Err(_) => return Err(format!("`@{}` is defined twice", from.name)),
            Ok(()) => {}
        }
        let args = self.inputs(from.arguments, &from.name)?;
        self.schema.directives.push(DirectiveDef {
            name: from.name,
            description: from.description,
            args,
            repeatable: from.repeatable,
            locations: from.locations,
            built_in: built_in || is_specified(&from.name),
        });
        Ok(())
    }

    fn roots(&mut self, roots: &[(OperationKind, Name<'static>)], explicit: bool) -> Built<()> {
        use OperationKind::{Mutation, Query, Subscription};
        let is_object = |kind| kind == Kind::Object;
        let mut found = [None; 3];
        for (place, (kind, name)) in found.iter_mut().zip([
            (Query, "Query"),
            (Mutation, "Mutation"),
            (Subscription, "Subscription"),
        ]) {
            let said = roots.iter().find(|(said, _)| *said == kind);
            *place = match said {
                Some((_, name)) => Some(self.find(name, "schema", is_object)?),
                None if explicit => None,
                None => self
                    .schema
                    .type_named(name)
                    .filter(|no| is_object(self.schema.ty(*no).kind)),
            };
        }
        self.schema.query = found[0].ok_or("there is no query root")?;
        (self.schema.mutation, self.schema.subscription) = (found[1], found[2]);
        Ok(())
    }

    fn finish(mut self, def: Option<&'static SchemaDef>) -> Built<Schema> {
        self.possible();
        let schema = &mut self.schema;
        if schema.types.last().is_some_and(|ty| ty.name == META) {
            let meta = schema.types.pop().map(|ty| ty.fields);
            schema.meta = meta.unwrap_or_default();
            schema.order.pop();
        }
        let (types, used) = (&schema.types, &self.used);
        let there =
            |no: u16| used[no as usize] || !OPTIONAL.contains(&types[no as usize].name.text);
        schema.order.retain(|no| there(*no));
        let mut names = Index::with_capacity(types.len());
        for no in (0..types.len() as u16).filter(|no| there(*no)) {
            // Each name is there once, as was seen above.
            let _ = names.add(0, types[no as usize].name.hash, no, |_| false);
        }
        schema.names = names;
        if let Some(def) = def {
            let roots = (schema.query, schema.mutation, schema.subscription);
            if roots != (def.query, def.mutation, def.subscription) {
                return Err("the root types of the tables and of the SDL differ".to_owned());
            }
        }
        Ok(self.schema)
    }

    /// The possible types of interfaces and unions.
    fn possible(&mut self) {
        let types = &mut self.schema.types;
        for &object in &self.schema.order {
            if types[object as usize].kind != Kind::Object {
                continue;
            }
            for i in 0..types[object as usize].interfaces.len() {
                let interface = types[object as usize].interfaces[i] as usize;
                types[interface].possible.push(object);
            }
        }
        let words = types.len().div_ceil(64);
        for ty in types.iter_mut().filter(|ty| ty.kind.is_abstract()) {
            ty.possible_bits = vec![0; words];
            for object in &ty.possible {
                ty.possible_bits[*object as usize / 64] |= 1 << (object % 64);
            }
        }
    }
}

/// Coerces every default, for good.
fn defaults(schema: &mut Schema) -> Built<()> {
    let mut values = Vec::new();
    for input in inputs(schema) {
        if let Some(default) = &input.default {
            let value = coerce::constant(schema, input.ty, &default.literal);
            values.push(value.map_err(|why| format!("the default of `{}`: {why}", input.name))?);
        }
    }
    let mut values = values.into_iter();
    let Schema {
        types,
        directives,
        meta,
        ..
    } = schema;
    let fields = types.iter_mut().flat_map(|ty| {
        let args = ty.fields.iter_mut().flat_map(|field| &mut field.args);
        args.chain(&mut ty.inputs)
    });
    let all = fields
        .chain(
            directives
                .iter_mut()
                .flat_map(|directive| &mut directive.args),
        )
        .chain(meta.iter_mut().flat_map(|field| &mut field.args));
    for default in all.filter_map(|input| input.default.as_mut()) {
        default.value = values.next();
    }
    Ok(())
}

/// Every argument and input field, in the order in which [`defaults`] fills them.
fn inputs(schema: &Schema) -> impl Iterator<Item = &Input> {
    let fields = schema.types.iter().flat_map(|ty| {
        let args = ty.fields.iter().flat_map(|field| &field.args);
        args.chain(&ty.inputs)
    });
    let directives = schema
        .directives
        .iter()
        .flat_map(|directive| &directive.args);
    let meta = schema.meta.iter().flat_map(|field| &field.args);
    fields.chain(directives).chain(meta)
}

fn kind(body: &TypeBody<'_>) -> Kind {
    match body {
        TypeBody::Scalar => Kind::Scalar,
        TypeBody::Object(_) => Kind::Object,
        TypeBody::Interface(_) => Kind::Interface,
        TypeBody::Union(_) => Kind::Union,
        TypeBody::Enum(_) => Kind::Enum,
        TypeBody::Input(_) => Kind::Input,
    }
}

/// How many names a definition adds to the table of members.
fn members(ty: &TypeDefinition<'_>) -> usize {
    match &ty.body {
        TypeBody::Object(body) | TypeBody::Interface(body) => body.fields.len(),
        TypeBody::Enum(values) => values.len(),
        TypeBody::Input(inputs) => inputs.len(),
        TypeBody::Scalar | TypeBody::Union(_) => 0,
    }
}

fn is_specified(directive: &str) -> bool {
    matches!(
        directive,
        "skip" | "include" | "deprecated" | "specifiedBy" | "oneOf" | "defer" | "stream"
    )
}

fn deprecated(directives: &[Directive<'static>]) -> Option<Cow<'static, str>> {
    let is_there = directives.iter().any(|found| found.name == "deprecated");
    let reason = text(directives, "deprecated", "reason");
    is_there.then(|| reason.unwrap_or(Cow::Borrowed("No longer supported")))
}

/// A text argument of a directive.
fn text(directives: &[Directive<'static>], name: &str, arg: &str) -> Option<Cow<'static, str>> {
    let directive = directives.iter().find(|found| found.name == name)?;
    match &directive.argument(arg)?.kind {
        ValueKind::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn small(number: usize) -> Built<u16> {
    u16::try_from(number)
        .ok()
        .filter(|no| *no != u16::MAX)
        .ok_or_else(|| "the schema is too large".to_owned())
}
