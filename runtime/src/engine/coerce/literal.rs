//! Coercion of literals, at plan time: what holds no variable is done for good.
//!
//! In: literals of a validated document. Out: [`Template`]s. Must not know: requests.
//!
//! <https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments>

use std::borrow::Cow;

use super::{ArgPlan, Entry, Mistake, Scalar, Template, check_one, not_null};
use crate::engine::schema::{Input, Kind, Schema, TypeRef};
use crate::engine::syntax::ast::{Argument, Value, ValueKind, Variable};
use crate::engine::value::InputValue;

/// How deep defaults of input objects may hold each other: valid ones end.
const DEPTH: usize = 64;

/// Where the variables of a document stand in the operation: by [`Variable::id`].
#[derive(Debug, Default)]
pub(crate) struct Places(pub(crate) Vec<Option<u16>>);

impl Places {
    /// The variable's place; the error is for a document that was not validated.
    pub(crate) fn of(&self, variable: &Variable<'_>) -> Result<u16, Mistake> {
        let place = self.0.get(variable.id as usize).copied().flatten();
        place.ok_or_else(|| format!("Variable \"${}\" is not defined.", variable.name))
    }
}

/// What literals are coerced with.
#[derive(Clone, Copy)]
struct Cx<'a> {
    schema: &'a Schema,
    places: &'a Places,
    depth: usize,
}

/// The arguments of a field.
pub(crate) fn arguments(
    schema: &Schema,
    defs: &[Input],
    given: &[Argument<'_>],
    places: &Places,
) -> Result<ArgPlan, Mistake> {
    let depth = 0;
    let cx = Cx {
        schema,
        places,
        depth,
    };
    let entries = cx.entries(defs, given)?;
    Ok(match constants(entries) {
        Ok(values) => ArgPlan::Constant(values),
        Err(entries) => ArgPlan::Made(entries),
    })
}

/// A literal without variables.
pub(crate) fn constant(
    schema: &Schema,
    ty: TypeRef,
    value: &Value<'_>,
) -> Result<InputValue, Mistake> {
    let (places, depth) = (&Places::default(), 0);
    let cx = Cx {
        schema,
        places,
        depth,
    };
    cx.constant(ty, value)
}

/// The entries as values, if no variable is in them.
fn constants(entries: Vec<Entry>) -> Result<Vec<(String, InputValue)>, Vec<Entry>> {
    let constant = |entry: &Entry| matches!(entry.value, Template::Value(_));
    if !entries.iter().all(constant) {
        return Err(entries);
    }
    let value = |entry: Entry| match entry.value {
        Template::Value(value) => Some((entry.name.into_owned(), value)),
        _ => None,
    };
    Ok(entries.into_iter().filter_map(value).collect())
}

impl Cx<'_> {
    fn constant(self, ty: TypeRef, value: &Value<'_>) -> Result<InputValue, Mistake> {
        match self.literal(ty, value)? {
            Template::Value(value) => Ok(value),
            _ => Err("a default value holds a variable".to_owned()),
        }
    }

    /// Arguments of a field or fields of an input object.
    fn entries(self, defs: &[Input], given: &[Argument<'_>]) -> Result<Vec<Entry>, Mistake> {
        let mut entries = Vec::with_capacity(defs.len());
        for def in defs {
            let given = given.iter().find(|arg| arg.name == def.name);
            entries.extend(self.entry(def, given.map(|arg| &arg.value))?);
        }
        Ok(entries)
    }

    fn entry(self, def: &Input, given: Option<&Value<'_>>) -> Result<Option<Entry>, Mistake> {
        let (value, default) = match given {
            Some(given) => match self.literal(def.ty, given)? {
                // It may turn out that it is not given after all.
                value @ Template::Variable(_) => (value, self.default(def)?),
                value => (value, None),
            },
            None => match self.default(def)? {
                Some(default) => (Template::Value(default), None),
                None if def.ty.is_non_null() => {
                    return Err(format!(
                        "`{}` of required type \"{}\" was not provided.",
                        def.name,
                        self.schema.show(def.ty)
                    ));
                }
                None => return Ok(None),
            },
        };
        Ok(Some(Entry {
            name: Cow::Borrowed(def.name.text),
            value,
            default,
            required: def.ty.is_non_null(),
        }))
    }

    /// The default of an argument or an input field, also while the schema is being built.
    fn default(self, def: &Input) -> Result<Option<InputValue>, Mistake> {
        let Some(default) = &def.default else {
            return Ok(None);
        };
        if let Some(value) = &default.value {
            return Ok(Some(value.clone()));
        }
        if self.depth >= DEPTH {
            return Err(format!("the default of `{}` does not end", def.name));
        }
        let depth = self.depth + 1;
        let value = Cx { depth, ..self }.constant(def.ty, &default.literal)?;
        Ok(Some(value))
    }

    /// A literal of a validated document, as its type wants it.
    fn literal(self, ty: TypeRef, value: &Value<'_>) -> Result<Template, Mistake> {
        match &value.kind {
            ValueKind::Variable(variable) => {
                return Ok(Template::Variable(self.places.of(variable)?));
            }
            ValueKind::Null if ty.is_non_null() => return Err(not_null(self.schema, ty)),
            ValueKind::Null => return Ok(Template::Value(InputValue::Null)),
            _ => {}
        }
        if let Some(item) = ty.item() {
            let items = match &value.kind {
                ValueKind::List(items) => items
                    .iter()
                    .map(|value| self.literal(item, value))
                    .collect::<Result<Vec<_>, _>>()?,
                _ => vec![self.literal(item, value)?],
            };
            return Ok(list(items, item.is_non_null()));
        }
        let def = self.schema.ty(ty.no);
        match (def.kind, &value.kind) {
            (Kind::Input, ValueKind::Object(given)) => self.object(ty.no, given),
            (Kind::Input, _) => Err(format!(
                "Expected value of type \"{}\" to be an object.",
                def.name
            )),
            (Kind::Enum, ValueKind::Enum(name)) => match self.schema.enum_value(ty.no, name) {
                Some(_) => Ok(Template::Value(InputValue::Enum(name.text.to_owned()))),
                None => Err(format!(
                    "Value \"{name}\" does not exist in \"{}\" enum.",
                    def.name
                )),
            },
            (Kind::Enum, _) => Err(format!(
                "Enum \"{}\" cannot represent non-enum value: {value}.",
                def.name
            )),
            _ => match self.scalar(def.scalar, &def.name, value)? {
                Template::Value(value) => def.scalar.checked(value).map(Template::Value),
                holes => Ok(holes),
            },
        }
    }

    fn object(self, no: u16, given: &[Argument<'_>]) -> Result<Template, Mistake> {
        let def = self.schema.ty(no);
        let unknown = given
            .iter()
            .find(|field| self.schema.input_field(no, &field.name).is_none());
        if let Some(unknown) = unknown {
            let (field, name) = (unknown.name, def.name);
            return Err(format!(
                "Field \"{field}\" is not defined by type \"{name}\"."
            ));
        }
        match constants(self.entries(&def.inputs, given)?) {
            Ok(values) => {
                if def.one_of {
                    check_one(&values, &def.name)?;
                }
                Ok(Template::Value(InputValue::Object(values)))
            }
            Err(entries) => Ok(Template::Object {
                entries,
                one_of: def.one_of.then_some(def.name.text),
            }),
        }
    }

    fn scalar(self, scalar: Scalar, name: &str, value: &Value<'_>) -> Result<Template, Mistake> {
        let wrong = || format!("{name} cannot represent value: {value}");
        let float = |text: &str| {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            number.map(InputValue::Float).ok_or_else(wrong)
        };
        let made = match (scalar, &value.kind) {
            (Scalar::Int, ValueKind::Int(text)) => {
                let number: i32 = text.parse().map_err(|_| wrong())?;
                InputValue::Int(i64::from(number))
            }
            (Scalar::Float, ValueKind::Int(text) | ValueKind::Float(text)) => float(text)?,
            (Scalar::String | Scalar::Id, ValueKind::String(text)) => {
                InputValue::Str(text.clone().into_owned())
            }
            (Scalar::Id, ValueKind::Int(text)) => InputValue::Str((*text).to_owned()),
            (Scalar::Boolean, ValueKind::Boolean(value)) => InputValue::Bool(*value),
            (Scalar::Any | Scalar::Shipped(_), kind) => match kind {
                ValueKind::Int(text) => {
                    text.parse().map(InputValue::Int).or_else(|_| float(text))?
                }
                ValueKind::Float(text) => float(text)?,
                ValueKind::String(text) => InputValue::Str(text.clone().into_owned()),
                ValueKind::Boolean(value) => InputValue::Bool(*value),
                ValueKind::Null => InputValue::Null,
                ValueKind::Enum(name) => InputValue::Enum(name.text.to_owned()),
                ValueKind::Variable(variable) => {
                    return Ok(Template::Variable(self.places.of(variable)?));
                }
                ValueKind::List(items) => {
                    let items = items.iter().map(|item| self.scalar(scalar, name, item));
                    return Ok(list(items.collect::<Result<_, _>>()?, false));
                }
                ValueKind::Object(fields) => return self.any_object(scalar, name, fields),
            },
            _ => return Err(wrong()),
        };
        Ok(Template::Value(made))
    }

    /// An object of a custom scalar: its fields are what they are.
    fn any_object(
        self,
        scalar: Scalar,
        name: &str,
        fields: &[Argument<'_>],
    ) -> Result<Template, Mistake> {
        let entry = |field: &Argument<'_>| {
            Ok(Entry {
                name: Cow::Owned(field.name.text.to_owned()),
                value: self.scalar(scalar, name, &field.value)?,
                default: None,
                required: false,
            })
        };
        let entries = fields.iter().map(entry).collect::<Result<_, Mistake>>()?;
        Ok(match constants(entries) {
            Ok(values) => Template::Value(InputValue::Object(values)),
            Err(entries) => Template::Object {
                entries,
                one_of: None,
            },
        })
    }
}

fn list(items: Vec<Template>, required: bool) -> Template {
    let constant = |item: &Template| matches!(item, Template::Value(_));
    if !items.iter().all(constant) {
        return Template::List { items, required };
    }
    let value = |item| match item {
        Template::Value(value) => Some(value),
        _ => None,
    };
    Template::Value(InputValue::List(
        items.into_iter().filter_map(value).collect(),
    ))
}
