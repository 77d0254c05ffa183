//! The GraphQL schema, resolved: `extend` merged, names checked to exist, positions kept.

use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A GraphQL schema. Types are keyed and sorted by name; built-in scalars are not listed.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Where the keyword of the `schema` definition stands, if it is written.
    pub span: Option<Span>,
    /// Description of the `schema` definition.
    pub description: Option<String>,
    /// Name of the query root.
    pub query: Option<Named>,
    /// Name of the mutation root.
    pub mutation: Option<Named>,
    /// Name of the subscription root.
    pub subscription: Option<Named>,
    /// Directives on the schema definition.
    pub directives: Vec<Directive>,
    /// Every type, public or not.
    pub types: BTreeMap<String, Type>,
    /// The user's directive definitions.
    pub directive_defs: BTreeMap<String, DirectiveDef>,
    /// Directives that nobody needs to define: the specification's and ours.
    pub shipped_directives: BTreeMap<String, DirectiveDef>,
    /// Types that arguments of shipped directives have, besides the built-in scalars.
    pub shipped_types: BTreeMap<String, Type>,
    /// Names whose definition did not parse, or not completely (`@name` for directives, `schema` for the schema): they may be
    /// missing, or lack members, so nothing is said about what is not there.
    pub broken: BTreeSet<String>,
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A type definition with its extensions merged in.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// Where the name stands in the first definition.
    pub span: Span,
    /// The description.
    pub description: Option<String>,
    /// Directives of the definition and its extensions.
    pub directives: Vec<Directive>,
    /// What kind it is.
    pub kind: TypeKind,
    /// Whether the printed public schema and introspection leave it out (`@auth`, and the like).
    pub hidden: bool,
    /// Whether it was made by expanding an operation, not written by the user.
    pub generated: bool,
}

/// The six kinds of types.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `scalar`
    Scalar,
    /// `type`
    Object {
        /// The interfaces it implements.
        implements: Vec<Named>,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// `interface`
    Interface {
        /// The interfaces it implements.
        implements: Vec<Named>,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// `union`
    Union {
        /// Its members.
        members: Vec<Named>,
    },
    /// `enum`
    Enum {
        /// Its values.
        values: Vec<EnumValue>,
    },
    /// `input`
    Input {
        /// Its fields.
        fields: Vec<InputValue>,
        /// Whether exactly one must be given (`@oneOf`).
        one_of: bool,
    },
}

/// A field of an object or interface.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The description.
    pub description: Option<String>,
    /// Its arguments.
    pub args: Vec<InputValue>,
    /// Its type.
    pub ty: TypeRef,
    /// Where the type stands.
    pub ty_span: Span,
    /// All its directives.
    pub directives: Vec<Directive>,
    /// `@deprecated`, with its reason.
    pub deprecated: Option<String>,
    /// How it gets its value, as far as the schema says.
    pub source: FieldSource,
    /// How a method of the user's answers it.
    pub result: ResultKind,
    /// Not in the public API (`@hidden`).
    pub hidden: bool,
    /// Who may ask for it, decided by the caller alone: `@access(if:)`, or `auth != null` for a resolver field of a root type
    /// under `defaultAccess: AUTHENTICATED`; `None` is everyone. Columns and relations of models have their rules in
    /// [`super::Column::read`] and [`super::Relation::read`] instead.
    pub access: Option<super::Rule>,
}

/// How a field gets its value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldSource {
    /// A member of the parent's value: no arguments, no `@resolver`.
    #[default]
    Member,
    /// A method of the user's, given all parents of a level at once (one call for a root field).
    Resolver,
    /// A method of the user's, given one parent (`@each`).
    Each,
    /// A column of the model: index into [`super::Model::columns`].
    Column(usize),
    /// A relation of the model: index into [`super::Model::relations`].
    Relation(usize),
    /// A generated operation of a root field.
    Operation(super::Operation),
    /// A part of a connection type made for a model.
    Page(PagePart),
}

/// How a resolver answers: `@resolver(result:)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResultKind {
    /// Values.
    #[default]
    Owned,
    /// Values behind `Arc`.
    Shared,
    /// References that live as long as the operation.
    Borrowed,
    /// A reference to the outermost list.
    Slice,
}

/// The parts of the Relay connection types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the field of the same name")]
pub enum PagePart {
    Edges,
    Nodes,
    PageInfo,
    TotalCount,
    Node,
    Cursor,
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}

/// An argument or an input field.
#[derive(Debug, Clone)]
pub struct InputValue {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The description.
    pub description: Option<String>,
    /// Its type.
    pub ty: TypeRef,
    /// Where the type stands.
    pub ty_span: Span,
    /// The default.
    pub default: Option<Value>,
    /// Where the default stands; the name if there is none.
    pub default_span: Span,
    /// All its directives.
    pub directives: Vec<Directive>,
    /// `@deprecated`, with its reason.
    pub deprecated: Option<String>,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The description.
    pub description: Option<String>,
    /// All its directives.
    pub directives: Vec<Directive>,
    /// `@deprecated`, with its reason.
    pub deprecated: Option<String>,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeRef {
    /// `T`
    Named(String),
    /// `[T]`
    List(Box<TypeRef>),
    /// `T!`
    NonNull(Box<TypeRef>),
}

/// The directives of ours that stay in the public SDL, for the engine and for clients.
pub const TOLD: &[&str] = &["cacheControl", "cost", "listSize"];

/// A use of a directive.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    /// Its name, without `@`.
    pub name: String,
    /// Where `@name` stands.
    pub span: Span,
    /// Its arguments, in order, each with the span of its value.
    pub args: Vec<(Named, Value, Span)>,
}

/// A directive definition.
#[derive(Debug, Clone)]
pub struct DirectiveDef {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The description.
    pub description: Option<String>,
    /// Its arguments.
    pub args: Vec<InputValue>,
    /// Whether it may stand more than once at a place.
    pub repeatable: bool,
    /// Where it may stand, by the specification's names.
    pub locations: Vec<Named>,
}

/// A constant value. Objects keep order and duplicates.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// An integer, as written.
    Int(String),
    /// A float, as written.
    Float(String),
    /// A string, escapes resolved.
    String(String),
    /// `true`, `false`
    Boolean(bool),
    /// An enum value.
    Enum(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Vec<(String, Value)>),
}

impl TypeRef {
    /// The name at the bottom.
    pub fn name(&self) -> &str {
        match self {
            TypeRef::Named(name) => name,
            TypeRef::List(inner) | TypeRef::NonNull(inner) => inner.name(),
        }
    }

    /// Whether the outermost type is non-null.
    pub fn is_non_null(&self) -> bool {
        matches!(self, TypeRef::NonNull(_))
    }

    /// Whether a list is anywhere in it.
    pub fn is_list(&self) -> bool {
        match self {
            TypeRef::Named(_) => false,
            TypeRef::List(_) => true,
            TypeRef::NonNull(inner) => inner.is_list(),
        }
    }
}

impl std::fmt::Display for TypeRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TypeRef::Named(name) => f.write_str(name),
            TypeRef::List(inner) => write!(f, "[{inner}]"),
            TypeRef::NonNull(inner) => write!(f, "{inner}!"),
        }
    }
}

impl Type {
    /// A public type without description and directives, written by the user.
    pub fn new(name: impl Into<String>, span: Span, kind: TypeKind) -> Self {
        Type {
            name: name.into(),
            span,
            description: None,
            directives: Vec::new(),
            kind,
            hidden: false,
            generated: false,
        }
    }

    /// The fields of an object or interface; none for the other kinds.
    pub fn fields(&self) -> &[Field] {
        match &self.kind {
            TypeKind::Object { fields, .. } | TypeKind::Interface { fields, .. } => fields,
            _ => &[],
        }
    }

    /// The directive of this name.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|d| d.name == name)
    }
}

impl Field {
    /// A public member without arguments and directives; the type is taken to stand where the name does.
    pub fn new(name: impl Into<String>, span: Span, ty: TypeRef) -> Self {
        Field {
            name: name.into(),
            span,
            description: None,
            args: Vec::new(),
            ty,
            ty_span: span,
            directives: Vec::new(),
            deprecated: None,
            source: FieldSource::Member,
            result: ResultKind::Owned,
            hidden: false,
            access: None,
        }
    }

    /// The directive of this name.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|d| d.name == name)
    }

    /// The argument of this name.
    pub fn arg(&self, name: &str) -> Option<&InputValue> {
        self.args.iter().find(|a| a.name == name)
    }
}

impl InputValue {
    /// An input value without default and directives; the type is taken to stand where the name does.
    pub fn new(name: impl Into<String>, span: Span, ty: TypeRef) -> Self {
        InputValue {
            name: name.into(),
            span,
            description: None,
            ty,
            ty_span: span,
            default: None,
            default_span: span,
            directives: Vec::new(),
            deprecated: None,
        }
    }

    /// Whether a value must be given: non-null and without a default.
    pub fn is_required(&self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}

impl Directive {
    /// The value of this argument.
    pub fn arg(&self, name: &str) -> Option<&Value> {
        self.args
            .iter()
            .find(|(n, ..)| n.name == name)
            .map(|(_, value, _)| value)
    }

    /// Where the value of this argument stands; the directive itself if it is not given.
    pub fn arg_span(&self, name: &str) -> Span {
        self.args
            .iter()
            .find(|(n, ..)| n.name == name)
            .map_or(self.span, |(.., span)| *span)
    }
}

impl Schema {
    /// Whether a directive of this name is one of ours. A user's own definition wins, unless it is a copy of ours.
    pub fn is_ours(&self, name: &str) -> bool {
        let args = |d: &DirectiveDef| -> Vec<(String, TypeRef)> {
            d.args
                .iter()
                .map(|a| (a.name.clone(), a.ty.clone()))
                .collect()
        };
        self.shipped_directives.get(name).is_some_and(|ours| {
            self.directive_defs
                .get(name)
                .is_none_or(|theirs| args(ours) == args(theirs))
        })
    }

    /// Whether this names one of the five scalars that every schema has.
    pub fn is_builtin_scalar(name: &str) -> bool {
        matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID")
    }

    /// The names of the root types that are set, with their operation.
    pub fn roots(&self) -> impl Iterator<Item = (&'static str, &Named)> {
        let all = [
            ("query", &self.query),
            ("mutation", &self.mutation),
            ("subscription", &self.subscription),
        ];
        all.into_iter()
            .filter_map(|(operation, root)| root.as_ref().map(|root| (operation, root)))
    }

    /// Whether this names a root type.
    pub fn is_root(&self, name: &str) -> bool {
        self.roots().any(|(_, root)| root.name == name)
    }
}
