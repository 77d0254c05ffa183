//! Schemas: interfaces that implement interfaces, unions, enums, inputs, lists of lists, `@oneOf`, custom scalars,
//! arguments with defaults.

use super::dice::Dice;
use super::literal;

/// A schema and its text.
#[derive(Debug)]
pub struct Schema {
    /// The built-in scalars first.
    pub types: Vec<Type>,
    pub query: usize,
    pub mutation: usize,
    pub sdl: String,
}

#[derive(Debug)]
pub struct Type {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    Scalar,
    Enum(Vec<String>),
    Input {
        fields: Vec<Input>,
        one_of: bool,
    },
    Object {
        fields: Vec<Field>,
        interfaces: Vec<usize>,
    },
    Interface {
        fields: Vec<Field>,
        interfaces: Vec<usize>,
    },
    Union(Vec<usize>),
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub args: Vec<Input>,
    pub ty: Ref,
}

/// An argument or an input field.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub ty: Ref,
    pub default: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ref {
    Named(usize),
    List(Box<Ref>),
    NonNull(Box<Ref>),
}

pub const INT: usize = 0;
pub const FLOAT: usize = 1;
pub const STRING: usize = 2;
pub const BOOLEAN: usize = 3;
pub const ID: usize = 4;
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

impl Ref {
    /// The type without lists and exclamation marks.
    pub fn base(&self) -> usize {
        match self {
            Ref::Named(ty) => *ty,
            Ref::List(inner) | Ref::NonNull(inner) => inner.base(),
        }
    }

    /// Without an exclamation mark outside.
    pub fn nullable(&self) -> &Ref {
        match self {
            Ref::NonNull(inner) => inner,
            other => other,
        }
    }

    pub fn is_non_null(&self) -> bool {
        matches!(self, Ref::NonNull(_))
    }
}

impl Schema {
    pub fn print(&self, ty: &Ref) -> String {
        match ty {
            Ref::Named(no) => self.types[*no].name.clone(),
            Ref::List(inner) => format!("[{}]", self.print(inner)),
            Ref::NonNull(inner) => format!("{}!", self.print(inner)),
        }
    }

    pub fn is_composite(&self, ty: usize) -> bool {
        !self.fields(ty).is_empty() || matches!(self.types[ty].kind, Kind::Union(_))
    }

    /// Of an object or interface.
    pub fn fields(&self, ty: usize) -> &[Field] {
        match &self.types[ty].kind {
            Kind::Object { fields, .. } | Kind::Interface { fields, .. } => fields,
            _ => &[],
        }
    }

    /// The object types that a value of this type may have.
    pub fn possible(&self, ty: usize) -> Vec<usize> {
        match &self.types[ty].kind {
            Kind::Object { .. } => vec![ty],
            Kind::Union(members) => members.clone(),
            Kind::Interface { .. } => {
                let implements = |no: &usize| match &self.types[*no].kind {
                    Kind::Object { interfaces, .. } => interfaces.contains(&ty),
                    _ => false,
                };
                (0..self.types.len()).filter(implements).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn overlap(&self, a: usize, b: usize) -> bool {
        let b = self.possible(b);
        self.possible(a).iter().any(|ty| b.contains(ty))
    }

    pub fn composites(&self) -> Vec<usize> {
        (0..self.types.len())
            .filter(|ty| self.is_composite(*ty))
            .collect()
    }

    /// With a subscription type, which has the fields of the query type as lists of events.
    pub fn subscribing(mut self) -> Schema {
        let fields = self.fields(self.query).to_vec();
        let head = "type Subscription";
        self.sdl.push_str(&body(&self, head, &fields, &[]));
        let interfaces = Vec::new();
        self.add(
            "Subscription".to_owned(),
            Kind::Object { fields, interfaces },
        );
        self
    }

    /// The subscription type of a schema that [is made so](Schema::subscribing).
    pub fn subscription(&self) -> usize {
        self.types.len() - 1
    }

    fn add(&mut self, name: String, kind: Kind) -> usize {
        self.types.push(Type { name, kind });
        self.types.len() - 1
    }
}

/// A schema of that many types or so.
pub fn schema(dice: &mut Dice) -> Schema {
    let scalar = |name: &str| Type {
        name: name.to_owned(),
        kind: Kind::Scalar,
    };
    let mut schema = Schema {
        types: BUILT_IN.into_iter().map(scalar).collect(),
        query: 0,
        mutation: 0,
        sdl: String::new(),
    };
    schema.add("Json".to_owned(), Kind::Scalar);
    for no in 0..dice.from(1, 3) {
        let values = (0..dice.from(1, 4))
            .map(|value| format!("E{no}V{value}"))
            .collect();
        schema.add(format!("E{no}"), Kind::Enum(values));
    }
    for no in 0..dice.from(1, 4) {
        input(dice, &mut schema, no);
    }
    let first = schema.types.len();
    let (interfaces, objects, unions) = (dice.from(1, 3), dice.from(2, 6), dice.from(1, 2));
    // Numbers are known before the fields that refer to them are made.
    let blank = || Kind::Union(Vec::new());
    for no in 0..interfaces {
        schema.add(format!("I{no}"), blank());
    }
    for no in 0..objects {
        schema.add(format!("O{no}"), blank());
    }
    for no in 0..unions {
        schema.add(format!("U{no}"), blank());
    }
    let outputs: Vec<usize> = (first..schema.types.len()).collect();
    for no in 0..interfaces {
        let kind = interface(dice, &schema, no, first, &outputs);
        schema.types[first + no].kind = kind;
    }
    for no in 0..objects {
        let kind = object(dice, &schema, first, interfaces, &outputs, no == 0);
        schema.types[first + interfaces + no].kind = kind;
    }
    for no in 0..unions {
        let mut members: Vec<usize> = (0..objects).filter(|_| dice.percent(50)).collect();
        if members.is_empty() {
            members.push(dice.below(objects));
        }
        let members = members
            .into_iter()
            .map(|no| first + interfaces + no)
            .collect();
        schema.types[first + interfaces + objects + no].kind = Kind::Union(members);
    }
    for (root, prefix) in [("Query", 'r'), ("Mutation", 'm')] {
        let fields = (0..dice.from(3, 8))
            .map(|no| field(dice, &schema, format!("{prefix}{no}"), &outputs))
            .collect();
        schema.add(
            root.to_owned(),
            Kind::Object {
                fields,
                interfaces: Vec::new(),
            },
        );
    }
    schema.query = schema.types.len() - 2;
    schema.mutation = schema.types.len() - 1;
    schema.sdl = sdl(dice, &schema);
    schema
}

fn input(dice: &mut Dice, schema: &mut Schema, no: usize) {
    let one_of = dice.percent(30);
    let own = schema.types.len();
    let mut fields: Vec<Input> = Vec::new();
    for field in 0..dice.from(1, 4) {
        // Only older inputs, and itself where a null can end it: so every value can be finite.
        let mut ty = reference(dice, &inputs(schema), 50);
        if one_of {
            ty = ty.nullable().clone();
        }
        let default =
            (!one_of && dice.percent(35)).then(|| literal::constant(dice, schema, &ty, 2));
        fields.push(Input {
            name: format!("f{field}"),
            ty,
            default,
        });
    }
    if dice.percent(40) {
        let ty = match dice.below(2) {
            0 => Ref::Named(own),
            _ => Ref::List(Box::new(Ref::NonNull(Box::new(Ref::Named(own))))),
        };
        fields.push(Input {
            name: "self".to_owned(),
            ty,
            default: None,
        });
    }
    schema.add(format!("In{no}"), Kind::Input { fields, one_of });
}

/// The types that arguments may have.
fn inputs(schema: &Schema) -> Vec<usize> {
    let input = |no: &usize| {
        matches!(
            schema.types[*no].kind,
            Kind::Scalar | Kind::Enum(_) | Kind::Input { .. }
        )
    };
    (0..schema.types.len()).filter(input).collect()
}

/// One of them, in lists and with exclamation marks as it comes.
fn reference(dice: &mut Dice, of: &[usize], non_null: usize) -> Ref {
    let mut ty = Ref::Named(*dice.of(of));
    for level in 0..3 {
        if dice.percent(non_null / (level + 1)) {
            ty = Ref::NonNull(Box::new(ty));
        }
        if !dice.percent(30) {
            break;
        }
        ty = Ref::List(Box::new(ty));
    }
    ty
}

fn field(dice: &mut Dice, schema: &Schema, name: String, outputs: &[usize]) -> Field {
    let ty = match dice.percent(45) {
        true => reference(dice, outputs, 30),
        false => {
            let leaf = |no: &usize| matches!(schema.types[*no].kind, Kind::Scalar | Kind::Enum(_));
            let leaves: Vec<usize> = (0..schema.types.len()).filter(leaf).collect();
            reference(dice, &leaves, 30)
        }
    };
    let mut args = Vec::new();
    let most = *dice.of(&[0, 0, 1, 3]);
    for no in 0..most {
        args.push(argument(dice, schema, format!("a{no}")));
    }
    Field { name, args, ty }
}

fn argument(dice: &mut Dice, schema: &Schema, name: String) -> Input {
    let ty = reference(dice, &inputs(schema), 40);
    let default = dice
        .percent(40)
        .then(|| literal::constant(dice, schema, &ty, 2));
    Input { name, ty, default }
}

/// Its own fields have names that no other interface has, so that any may be implemented together.
fn interface(dice: &mut Dice, schema: &Schema, no: usize, first: usize, outputs: &[usize]) -> Kind {
    let mut fields = Vec::new();
    for own in 0..dice.from(1, 3) {
        fields.push(field(dice, schema, format!("i{no}f{own}"), outputs));
    }
    let mut interfaces = Vec::new();
    for older in 0..no {
        if dice.percent(50) {
            implement(
                dice,
                schema,
                first + older,
                (&mut interfaces, &mut fields),
                false,
            );
        }
    }
    Kind::Interface { fields, interfaces }
}

fn object(
    dice: &mut Dice,
    schema: &Schema,
    first: usize,
    most: usize,
    outputs: &[usize],
    must: bool,
) -> Kind {
    let mut fields = Vec::new();
    for own in 0..dice.from(1, 4) {
        fields.push(field(dice, schema, format!("p{own}"), outputs));
    }
    let mut interfaces = Vec::new();
    for no in 0..most {
        // Every interface has an implementer.
        if must || dice.percent(40) {
            implement(
                dice,
                schema,
                first + no,
                (&mut interfaces, &mut fields),
                true,
            );
        }
    }
    Kind::Object { fields, interfaces }
}

/// With the interface, those that it implements, and their fields, which those of objects may state more exactly.
fn implement(
    dice: &mut Dice,
    schema: &Schema,
    interface: usize,
    (interfaces, fields): (&mut Vec<usize>, &mut Vec<Field>),
    exact: bool,
) {
    let Kind::Interface {
        fields: asked,
        interfaces: older,
    } = &schema.types[interface].kind
    else {
        return;
    };
    for no in std::iter::once(&interface).chain(older) {
        if !interfaces.contains(no) {
            interfaces.push(*no);
        }
    }
    for field in asked {
        if fields.iter().any(|known| known.name == field.name) {
            continue;
        }
        let mut field = field.clone();
        if exact && !field.ty.is_non_null() && dice.percent(20) {
            field.ty = Ref::NonNull(Box::new(field.ty));
        }
        if exact && dice.percent(15) {
            let ty = reference(dice, &inputs(schema), 0);
            field.args.push(Input {
                name: "more".to_owned(),
                ty,
                default: None,
            });
        }
        fields.push(field);
    }
}

fn sdl(dice: &mut Dice, schema: &Schema) -> String {
    let mut out = String::new();
    for ty in schema.types.iter().skip(BUILT_IN.len()) {
        let name = &ty.name;
        let text = match &ty.kind {
            Kind::Scalar => format!("scalar {name}"),
            Kind::Enum(values) => format!("enum {name} {{ {} }}", values.join(" ")),
            Kind::Input { fields, one_of } => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|field| one_input(schema, field))
                    .collect();
                let one_of = if *one_of { " @oneOf" } else { "" };
                format!("input {name}{one_of} {{ {} }}", fields.join(" "))
            }
            Kind::Object { fields, interfaces } => {
                body(schema, &format!("type {name}"), fields, interfaces)
            }
            Kind::Interface { fields, interfaces } => {
                body(schema, &format!("interface {name}"), fields, interfaces)
            }
            Kind::Union(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|no| schema.types[*no].name.as_str())
                    .collect();
                format!("union {name} = {}", members.join(" | "))
            }
        };
        if dice.percent(10) {
            out.push_str("\"A description.\"\n");
        }
        out.push_str(&text);
        out.push('\n');
    }
    out
}

fn body(schema: &Schema, head: &str, fields: &[Field], interfaces: &[usize]) -> String {
    let mut out = head.to_owned();
    for (no, interface) in interfaces.iter().enumerate() {
        out.push_str(if no == 0 { " implements " } else { " & " });
        out.push_str(&schema.types[*interface].name);
    }
    out.push_str(" {");
    for field in fields {
        out.push(' ');
        out.push_str(&field.name);
        if !field.args.is_empty() {
            let args: Vec<_> = field
                .args
                .iter()
                .map(|arg| one_input(schema, arg))
                .collect();
            out.push_str(&format!("({})", args.join(" ")));
        }
        out.push_str(&format!(": {}", schema.print(&field.ty)));
    }
    out + " }"
}

fn one_input(schema: &Schema, input: &Input) -> String {
    let default = input
        .default
        .as_ref()
        .map_or(String::new(), |text| format!(" = {text}"));
    format!("{}: {}{default}", input.name, schema.print(&input.ty))
}
