//! What an operation asks of the schema: its introspection fields, merged, with the variables' values at hand.
//!
//! In: a validated document, values of variables. Out: a tree for each root field. Must not know: the schema's contents.
//!
//! The types of introspection are objects, so CollectFields (<https://spec.graphql.org/September2025/#CollectFields()>) has
//! nothing to decide but `@skip` and `@include`.

use super::Asked;
use crate::engine::schema::Schema;
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::{Directive, Document, Field, Selection, Value, ValueKind};
use crate::engine::value::InputValue;

/// How many lists of fields, interfaces, possible types or input fields may be nested in each other: `fields { type { fields
/// { … } } }` has two. Each level multiplies the answer by the size of the schema, and no tool needs three.
const LISTS: usize = 2;

/// The types of introspection: <https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Schema,
    Type,
    Field,
    Input,
    EnumValue,
    Directive,
}

impl Of {
    pub(super) fn name(self) -> &'static str {
        match self {
            Of::Schema => "__Schema",
            Of::Type => "__Type",
            Of::Field => "__Field",
            Of::Input => "__InputValue",
            Of::EnumValue => "__EnumValue",
            Of::Directive => "__Directive",
        }
    }
}

macro_rules! parts {
    ($($variant:ident = $name:literal $(=> $below:ident)?),* $(,)?) => {
        /// A field of one of the types; those of one name mean the same in all of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Part {
            $($variant),*
        }

        impl Part {
            /// The field of that name, and what is below it.
            fn find(name: &str) -> Option<(Part, Option<Of>)> {
                match name {
                    $($name => Some((Part::$variant, None $(.or(Some(Of::$below)))?)),)*
                    _ => None,
                }
            }
        }
    };
}

parts! {
    Typename = "__typename",
    Name = "name",
    Description = "description",
    Kind = "kind",
    SpecifiedByUrl = "specifiedByURL",
    IsOneOf = "isOneOf",
    OfType = "ofType" => Type,
    Fields = "fields" => Field,
    Interfaces = "interfaces" => Type,
    PossibleTypes = "possibleTypes" => Type,
    EnumValues = "enumValues" => EnumValue,
    InputFields = "inputFields" => Input,
    Args = "args" => Input,
    Type = "type" => Type,
    DefaultValue = "defaultValue",
    IsDeprecated = "isDeprecated",
    DeprecationReason = "deprecationReason",
    IsRepeatable = "isRepeatable",
    Locations = "locations",
    Types = "types" => Type,
    QueryType = "queryType" => Type,
    MutationType = "mutationType" => Type,
    SubscriptionType = "subscriptionType" => Type,
    Directives = "directives" => Directive,
}

/// A root field.
#[derive(Debug)]
pub(super) enum Root {
    /// `__schema`
    Schema(Sel),
    /// `__type(name:)`
    Type(String, Sel),
}

/// A selection set.
#[derive(Debug)]
pub(super) struct Sel {
    pub(super) of: Of,
    pub(super) entries: Vec<Entry>,
}

/// One response key.
#[derive(Debug)]
pub(super) struct Entry {
    /// `"name":`
    pub(super) key: Box<[u8]>,
    pub(super) part: Part,
    /// `includeDeprecated`
    pub(super) deprecated: bool,
    pub(super) below: Option<Sel>,
}

/// The values of an operation's variables, defaults filled in, by name.
pub(crate) type Values<'v> = &'v dyn Fn(&str) -> Option<InputValue>;

/// Why an operation's introspection is not answered; for the client.
type Refused = String;

/// The root fields, in the order of the keys; `None` where a condition takes one out.
pub(super) fn read(
    schema: &Schema,
    asked: Asked<'_, '_>,
    values: Values<'_>,
    budget: usize,
) -> Result<Vec<Option<Root>>, Refused> {
    let mut reader = Reader {
        document: asked.document,
        values,
        budget,
    };
    let root = schema.root(asked.operation.kind);
    let applies = |on: &Name<'_>| match (schema.type_no(on), root) {
        (Some(on), Some(root)) => schema.is_possible(on, root),
        _ => false,
    };
    let groups = reader.collect(&[&asked.operation.selections], &applies)?;
    let mut root = |key: &str| {
        let group = groups.iter().find(|group| *group[0].key() == *key);
        group.map(|group| reader.root(group)).transpose()
    };
    asked.keys.iter().map(|key| root(key)).collect()
}

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
    values: Values<'a>,
    /// How many more selections there may be.
    budget: usize,
}

/// The fields of one response key.
type Group<'a, 'd> = Vec<&'a Field<'d>>;

impl<'a, 'd> Reader<'a, 'd> {
    fn root(&mut self, group: &Group<'a, 'd>) -> Result<Root, Refused> {
        if group[0].name == "__schema" {
            return Ok(Root::Schema(self.below(Of::Schema, group, 0)?));
        }
        let name = match self.argument(group[0], "name") {
            Some(InputValue::Str(name)) => name,
            _ => String::new(),
        };
        Ok(Root::Type(name, self.below(Of::Type, group, 0)?))
    }

    /// What is below some fields, merged. `lists`: how many lists there are around it.
    fn below(&mut self, of: Of, fields: &Group<'a, 'd>, lists: usize) -> Result<Sel, Refused> {
        let sets: Vec<_> = fields.iter().map(|field| &*field.selections).collect();
        let mut entries = Vec::new();
        for group in self.collect(&sets, &|on| *on == of.name())? {
            let first = group[0];
            let Some((part, below)) = Part::find(&first.name) else {
                continue;
            };
            let grows = matches!(
                part,
                Part::Fields | Part::Interfaces | Part::PossibleTypes | Part::InputFields
            );
            let lists = lists + usize::from(grows);
            if lists > LISTS {
                let name = first.name;
                return Err(format!("introspection is nested too deeply at `{name}`"));
            }
            let below = below.map(|of| self.below(of, &group, lists)).transpose()?;
            entries.push(Entry {
                key: format!("\"{}\":", first.key()).into_bytes().into(),
                part,
                deprecated: matches!(
                    self.argument(first, "includeDeprecated"),
                    Some(InputValue::Bool(true))
                ),
                below,
            });
        }
        Ok(Sel { of, entries })
    }

    /// CollectFields: by response key, in the order of their first appearance.
    fn collect(
        &mut self,
        sets: &[&'a [Selection<'d>]],
        applies: &dyn Fn(&Name<'_>) -> bool,
    ) -> Result<Vec<Group<'a, 'd>>, Refused> {
        let mut groups: Vec<Group<'a, 'd>> = Vec::new();
        let mut spread = vec![false; self.document.fragments.len()];
        // A stack, not recursion: fragments may be chained by the thousand.
        let mut open: Vec<_> = sets.iter().rev().map(|set| set.iter()).collect();
        while let Some(selections) = open.last_mut() {
            let Some(selection) = selections.next() else {
                open.pop();
                continue;
            };
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or("the operation asks for too many fields of the schema")?;
            if !self.counts(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let known = groups
                        .iter_mut()
                        .find(|group| group[0].key() == field.key());
                    match known {
                        Some(group) => group.push(field),
                        None => groups.push(vec![field]),
                    }
                }
                Selection::Inline(inline) => {
                    if inline.on.is_none_or(|on| applies(&on)) {
                        open.push(inline.selections.iter());
                    }
                }
                Selection::Spread(named) => {
                    let Some(no) = self.document.fragment_no(named) else {
                        continue;
                    };
                    let fragment = &self.document.fragments[no];
                    if !std::mem::replace(&mut spread[no], true) && applies(&fragment.on) {
                        open.push(fragment.selections.iter());
                    }
                }
            }
        }
        Ok(groups)
    }

    /// `@skip` and `@include`
    fn counts(&self, directives: &[Directive<'d>]) -> bool {
        directives.iter().all(|directive| {
            let wanted = match directive.name.text {
                "skip" => false,
                "include" => true,
                _ => return true,
            };
            let value = directive.argument("if").and_then(|value| self.value(value));
            value == Some(InputValue::Bool(wanted))
        })
    }

    fn argument(&self, field: &Field<'d>, name: &str) -> Option<InputValue> {
        let argument = field
            .arguments
            .iter()
            .find(|argument| argument.name == name)?;
        self.value(&argument.value)
    }

    /// The arguments of introspection are strings and Booleans.
    fn value(&self, value: &Value<'d>) -> Option<InputValue> {
        match &value.kind {
            ValueKind::Variable(variable) => (self.values)(&variable.name),
            ValueKind::Boolean(value) => Some(InputValue::Bool(*value)),
            ValueKind::String(text) => Some(InputValue::Str(text.to_string())),
            _ => None,
        }
    }
}
