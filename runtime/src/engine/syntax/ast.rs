//! The tree of a document.
//!
//! In: nothing. Out: what the reader makes. Must not know: how it is read.
//!
//! Names and values borrow the text. Whatever may be empty is an empty `Vec`, which costs nothing: a field without a
//! selection set has no selections, for the language has no empty selection set.

use std::borrow::Cow;
use std::fmt;

use super::{Name, Wrap};

/// A whole document: its definitions by kind, each kind in the order of the text.
#[derive(Debug, Default)]
pub struct Document<'d> {
    /// The text that it was read from.
    pub text: &'d str,
    /// Queries, mutations and subscriptions.
    pub operations: Vec<Operation<'d>>,
    /// Fragments.
    pub fragments: Vec<Fragment<'d>>,
    /// Definitions and extensions of a type system.
    pub system: Vec<System<'d>>,
    /// The names of variables that the document speaks of, whether they are defined or not, each once: [`Variable::id`].
    pub variables: Vec<Name<'d>>,
    /// The first definition of each fragment name that the document speaks of: [`Spread::fragment`].
    pub(crate) named: Vec<Option<u32>>,
    /// How many fields have an alias.
    pub aliases: usize,
    /// How many directives are applied.
    pub directives: usize,
}

impl<'d> Document<'d> {
    /// The fragment that a spread names, the first one if there are more; `None` if there is none.
    #[inline]
    pub fn fragment(&self, spread: &Spread<'d>) -> Option<&Fragment<'d>> {
        self.fragments.get(self.fragment_no(spread)?)
    }

    /// The same as its place in [`Document::fragments`].
    #[inline]
    pub fn fragment_no(&self, spread: &Spread<'d>) -> Option<usize> {
        self.named
            .get(spread.fragment as usize)?
            .map(|no| no as usize)
    }

    /// Line and column of a byte of the text, each counted from 1.
    pub fn place(&self, at: u32) -> (u32, u32) {
        super::place(self.text, at)
    }

    /// What stands there.
    pub fn slice(&self, span: Span) -> &'d str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }
}

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Its first byte.
    pub start: u32,
    /// The byte behind its last.
    pub end: u32,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// `query`
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
}

impl OperationKind {
    /// Its keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            OperationKind::Query => "query",
            OperationKind::Mutation => "mutation",
            OperationKind::Subscription => "subscription",
        }
    }
}

/// `query Name($variables: …) @directives { … }`, or `{ … }` alone.
#[derive(Debug)]
pub struct Operation<'d> {
    /// From its keyword (or brace) to its closing brace.
    pub span: Span,
    /// Text for people, before the keyword.
    pub description: Option<Cow<'d, str>>,
    /// Which kind it is.
    pub kind: OperationKind,
    /// Its name.
    pub name: Option<Name<'d>>,
    /// The variables, in the order of the text.
    pub variables: Vec<VariableDefinition<'d>>,
    /// The directives on the operation.
    pub directives: Vec<Directive<'d>>,
    /// What it asks for: never empty.
    pub selections: Vec<Selection<'d>>,
}

/// `$name: Type = default @directives`
#[derive(Debug)]
pub struct VariableDefinition<'d> {
    /// From the dollar sign on.
    pub span: Span,
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The variable.
    pub variable: Variable<'d>,
    /// Its type.
    pub ty: TypeName<'d>,
    /// Its default: a constant.
    pub default: Option<Value<'d>>,
    /// The directives on the definition: their arguments are constants.
    pub directives: Vec<Directive<'d>>,
}

/// `$name`, where it is defined or used.
#[derive(Debug, Clone, Copy)]
pub struct Variable<'d> {
    /// The name, without the dollar sign (which is the byte before).
    pub name: Name<'d>,
    /// Its place in [`Document::variables`]: equal for equal names.
    pub id: u32,
}

/// `fragment Name on Type @directives { … }`
#[derive(Debug)]
pub struct Fragment<'d> {
    /// From its keyword to its closing brace.
    pub span: Span,
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// Its name.
    pub name: Name<'d>,
    /// The type condition.
    pub on: Name<'d>,
    /// The directives on the definition.
    pub directives: Vec<Directive<'d>>,
    /// What it asks for: never empty.
    pub selections: Vec<Selection<'d>>,
}

/// One entry of a selection set.
#[derive(Debug)]
pub enum Selection<'d> {
    /// A field.
    Field(Field<'d>),
    /// `...Name`
    Spread(Spread<'d>),
    /// `... on Type { … }`
    Inline(Inline<'d>),
}

impl<'d> Selection<'d> {
    /// The directives on it.
    pub fn directives(&self) -> &[Directive<'d>] {
        match self {
            Selection::Field(field) => &field.directives,
            Selection::Spread(spread) => &spread.directives,
            Selection::Inline(inline) => &inline.directives,
        }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Selection::Field(field) => field.span,
            Selection::Spread(spread) => spread.span,
            Selection::Inline(inline) => inline.span,
        }
    }
}

/// `alias: name(arguments) @directives { … }`
#[derive(Debug)]
pub struct Field<'d> {
    /// From its alias or name on.
    pub span: Span,
    /// The alias.
    pub alias: Option<Name<'d>>,
    /// The name.
    pub name: Name<'d>,
    /// The arguments, in the order of the text.
    pub arguments: Vec<Argument<'d>>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
    /// The selection set; empty if there is none.
    pub selections: Vec<Selection<'d>>,
}

impl<'d> Field<'d> {
    /// What it is called in the response: its alias, or its name.
    #[inline]
    pub fn key(&self) -> Name<'d> {
        self.alias.unwrap_or(self.name)
    }
}

/// `...Name @directives`
#[derive(Debug)]
pub struct Spread<'d> {
    /// From the three dots on.
    pub span: Span,
    /// The fragment's name.
    pub name: Name<'d>,
    /// A number that is equal for equal names: see [`Document::fragment`].
    pub fragment: u32,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
}

/// `... on Type @directives { … }`
#[derive(Debug)]
pub struct Inline<'d> {
    /// From the three dots on.
    pub span: Span,
    /// The type condition.
    pub on: Option<Name<'d>>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
    /// What it asks for: never empty.
    pub selections: Vec<Selection<'d>>,
}

/// `@name(arguments)`
#[derive(Debug, Clone)]
pub struct Directive<'d> {
    /// From the at sign on.
    pub span: Span,
    /// The name, without the at sign.
    pub name: Name<'d>,
    /// The arguments, in the order of the text.
    pub arguments: Vec<Argument<'d>>,
}

impl<'d> Directive<'d> {
    /// The argument of that name.
    pub fn argument(&self, name: &str) -> Option<&Value<'d>> {
        let found = self.arguments.iter().find(|arg| arg.name.text == name);
        found.map(|arg| &arg.value)
    }
}

/// `name: value`, of a field, a directive, or an object.
#[derive(Debug, Clone)]
pub struct Argument<'d> {
    /// The name.
    pub name: Name<'d>,
    /// The value.
    pub value: Value<'d>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Value<'d> {
    /// The whole value.
    pub span: Span,
    /// The value.
    pub kind: ValueKind<'d>,
}

/// A literal, or a variable.
#[derive(Debug, Clone)]
pub enum ValueKind<'d> {
    /// `$name`
    Variable(Variable<'d>),
    /// A whole number, as it is written.
    Int(&'d str),
    /// A number with a fraction or an exponent, as it is written.
    Float(&'d str),
    /// A string or a block string, its escapes and its indentation resolved.
    String(Cow<'d, str>),
    /// `true` or `false`
    Boolean(bool),
    /// `null`
    Null,
    /// Any other name.
    Enum(Name<'d>),
    /// `[a, b]`
    List(Vec<Value<'d>>),
    /// `{ name: a, other: b }`, in the order of the text; whether names are unique is not the reader's business.
    Object(Vec<Argument<'d>>),
}

/// A type as a document names it: `[Int!]!`
#[derive(Debug, Clone, Copy)]
pub struct TypeName<'d> {
    /// The whole type.
    pub span: Span,
    /// The named type at its bottom.
    pub name: Name<'d>,
    /// The lists and non-nulls around it.
    pub wrap: Wrap,
}

impl fmt::Display for TypeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wrap.around(self.name.text).fmt(f)
    }
}

/// A definition or an extension of a type system document.
#[derive(Debug)]
pub enum System<'d> {
    /// `schema { … }`, `extend schema …`
    Schema(SchemaDefinition<'d>),
    /// A type or an extension of one.
    Type(TypeDefinition<'d>),
    /// `directive @name …`
    Directive(DirectiveDefinition<'d>),
}

impl System<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            System::Schema(def) => def.span,
            System::Type(def) => def.span,
            System::Directive(def) => def.span,
        }
    }
}

/// `schema @directives { query: Query }`
#[derive(Debug)]
pub struct SchemaDefinition<'d> {
    /// From its keyword on.
    pub span: Span,
    /// Whether it extends the schema.
    pub extend: bool,
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
    /// The root types.
    pub roots: Vec<(OperationKind, Name<'d>)>,
}

/// A type's definition or extension.
#[derive(Debug)]
pub struct TypeDefinition<'d> {
    /// From its keyword on.
    pub span: Span,
    /// Whether it extends the type.
    pub extend: bool,
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The name.
    pub name: Name<'d>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
    /// What it is made of.
    pub body: TypeBody<'d>,
}

/// What a type is made of.
#[derive(Debug)]
pub enum TypeBody<'d> {
    /// `scalar`
    Scalar,
    /// `type`
    Object(Fields<'d>),
    /// `interface`
    Interface(Fields<'d>),
    /// `union`: its members.
    Union(Vec<Name<'d>>),
    /// `enum`
    Enum(Vec<EnumValueDefinition<'d>>),
    /// `input`
    Input(Vec<InputDefinition<'d>>),
}

/// What an object or an interface is made of.
#[derive(Debug, Default)]
pub struct Fields<'d> {
    /// The interfaces that it says it implements.
    pub interfaces: Vec<Name<'d>>,
    /// The fields.
    pub fields: Vec<FieldDefinition<'d>>,
}

/// `name(arguments): Type @directives`
#[derive(Debug)]
pub struct FieldDefinition<'d> {
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The name.
    pub name: Name<'d>,
    /// The arguments.
    pub arguments: Vec<InputDefinition<'d>>,
    /// Its type.
    pub ty: TypeName<'d>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
}

/// `name: Type = default @directives`: an argument or an input field.
#[derive(Debug)]
pub struct InputDefinition<'d> {
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The name.
    pub name: Name<'d>,
    /// Its type.
    pub ty: TypeName<'d>,
    /// Its default.
    pub default: Option<Value<'d>>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
}

/// `NAME @directives`
#[derive(Debug)]
pub struct EnumValueDefinition<'d> {
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The name.
    pub name: Name<'d>,
    /// The directives on it.
    pub directives: Vec<Directive<'d>>,
}

/// `directive @name(arguments) repeatable on LOCATIONS`
#[derive(Debug)]
pub struct DirectiveDefinition<'d> {
    /// From its keyword on.
    pub span: Span,
    /// Text for people.
    pub description: Option<Cow<'d, str>>,
    /// The name, without the at sign.
    pub name: Name<'d>,
    /// The arguments.
    pub arguments: Vec<InputDefinition<'d>>,
    /// Whether it may be applied more than once at a place.
    pub repeatable: bool,
    /// Where it may be applied.
    pub locations: Vec<Location>,
}

macro_rules! locations {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)?) => {
        /// A place where a directive may be applied: <https://spec.graphql.org/September2025/#DirectiveLocation>
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Location {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Location {
            /// All of them, in the order of the specification.
            pub const ALL: &'static [Location] = &[$(Location::$variant),*];

            /// As it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(Location::$variant => $text,)*
                }
            }
        }
    };
}

locations! {
    Query = "QUERY",
    Mutation = "MUTATION",
    Subscription = "SUBSCRIPTION",
    Field = "FIELD",
    FragmentDefinition = "FRAGMENT_DEFINITION",
    FragmentSpread = "FRAGMENT_SPREAD",
    InlineFragment = "INLINE_FRAGMENT",
    VariableDefinition = "VARIABLE_DEFINITION",
    Schema = "SCHEMA",
    Scalar = "SCALAR",
    Object = "OBJECT",
    FieldDefinition = "FIELD_DEFINITION",
    ArgumentDefinition = "ARGUMENT_DEFINITION",
    Interface = "INTERFACE",
    Union = "UNION",
    Enum = "ENUM",
    EnumValue = "ENUM_VALUE",
    InputObject = "INPUT_OBJECT",
    InputFieldDefinition = "INPUT_FIELD_DEFINITION",
}

impl Location {
    /// The location of that name.
    pub fn find(name: &str) -> Option<Location> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }
}
