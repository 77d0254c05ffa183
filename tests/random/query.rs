//! Requests: valid by construction, with fragments, aliases, directives and variables.
//!
//! A key of a response stands for one field with one set of arguments and one type in the whole document, so fields
//! with the same key can always be merged.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::dice::Dice;
use super::literal::{self, Position};
use super::schema::{BOOLEAN, Field, Input, Ref, Schema};

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    pub query: String,
    pub variables: Map<String, Value>,
    pub operation: Option<String>,
}

/// What to make of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taste {
    /// So many of a hundred variables have a wrong value.
    pub wrong_variables: usize,
    /// So many of a hundred fields take a key that may be another's.
    pub careless: usize,
    /// So many of a hundred fragments have `@defer`, and lists `@stream`.
    pub later: usize,
    /// A subscription instead of a query.
    pub subscription: bool,
}

/// A request for a schema.
pub fn request(dice: &mut Dice, schema: &Schema, taste: Taste) -> Request {
    let (keyword, root) = match taste {
        Taste {
            subscription: true, ..
        } => ("subscription", schema.subscription()),
        _ if dice.percent(15) => ("mutation", schema.mutation),
        _ => ("query", schema.query),
    };
    let mut maker = Maker {
        schema,
        taste,
        keys: HashMap::new(),
        fragments: Vec::new(),
        variables: Vec::new(),
        fields: 0,
        laters: 0,
        roots: vec![schema.mutation],
        quiet: false,
    };
    let depth = dice.from(2, 5);
    let body = match taste.subscription {
        true => maker.only_field(dice, root, depth),
        false => maker.selection(dice, root, depth),
    };
    let mut variables = Map::new();
    let mut definitions = Vec::new();
    for variable in &maker.variables {
        let default = variable
            .default
            .as_ref()
            .map_or(String::new(), |text| format!(" = {text}"));
        definitions.push(format!(
            "${}: {}{default}",
            variable.name,
            schema.print(&variable.ty)
        ));
        if let Some(value) = variable_value(dice, schema, variable, taste) {
            variables.insert(variable.name.clone(), value);
        }
    }
    if dice.percent(5) {
        variables.insert("unknown".to_owned(), Value::Bool(true));
    }
    let mut parts = vec![match definitions.is_empty() {
        true if keyword == "query" && dice.percent(40) => body,
        true => format!("{keyword} Asked {body}"),
        false => format!("{keyword} Asked({}) {body}", definitions.join(", ")),
    }];
    let named = parts[0].starts_with(keyword);
    parts.extend(maker.fragments.iter().map(|fragment| fragment.text.clone()));
    let several = named && dice.percent(15);
    if several {
        parts.push("query Other { __typename }".to_owned());
    }
    if dice.percent(30) {
        parts.rotate_left(1);
    }
    Request {
        query: parts.join("\n"),
        variables,
        operation: (several || named && dice.percent(20)).then(|| "Asked".to_owned()),
    }
}

struct Maker<'s> {
    schema: &'s Schema,
    taste: Taste,
    /// What each key of the response stands for.
    keys: HashMap<String, Known>,
    fragments: Vec<Fragment>,
    variables: Vec<Variable>,
    fields: usize,
    /// How many labels there are.
    laters: usize,
    /// Types at which nothing may be deferred.
    roots: Vec<usize>,
    /// The next field has no directives.
    quiet: bool,
}

struct Known {
    name: String,
    ty: Ref,
    given: Vec<Input>,
    args: String,
}

impl Known {
    /// Whether a field of perhaps another type is the same, with arguments that mean the same.
    fn fits(&self, field: &Field) -> bool {
        let same = |given: &Input| {
            let arg = field.args.iter().find(|arg| arg.name == given.name);
            arg.is_some_and(|arg| {
                arg.ty == given.ty && arg.default.is_some() == given.default.is_some()
            })
        };
        let there = |arg: &Input| {
            let must = arg.ty.is_non_null() && arg.default.is_none();
            !must || self.given.iter().any(|given| given.name == arg.name)
        };
        self.name == field.name
            && self.ty == field.ty
            && self.given.iter().all(same)
            && field.args.iter().all(there)
    }
}

struct Fragment {
    name: String,
    on: usize,
    text: String,
}

struct Variable {
    name: String,
    ty: Ref,
    default: Option<String>,
}

impl Maker<'_> {
    fn selection(&mut self, dice: &mut Dice, on: usize, depth: usize) -> String {
        let mut parts = Vec::new();
        for _ in 0..dice.from(1, 5) {
            let part = match dice.below(100) {
                0..=9 => self.directives(dice, "__typename".to_owned()),
                10..=24 if depth > 0 => self.inline(dice, on, depth),
                25..=36 if depth > 0 => self.spread(dice, on, depth),
                _ => match self.field(dice, on, depth) {
                    Some(field) => field,
                    None => continue,
                },
            };
            parts.push(part);
        }
        if parts.is_empty() {
            parts.push("__typename".to_owned());
        }
        format!("{{ {} }}", parts.join(" "))
    }

    /// The selection of a subscription.
    fn only_field(&mut self, dice: &mut Dice, on: usize, depth: usize) -> String {
        self.quiet = true;
        let field = self.field(dice, on, depth);
        format!("{{ {} }}", field.expect("a root has fields"))
    }

    fn field(&mut self, dice: &mut Dice, on: usize, depth: usize) -> Option<String> {
        let fields = self.schema.fields(on);
        if fields.is_empty() || self.fields > 80 {
            return None;
        }
        let field = dice.of(fields);
        let composite = self.schema.is_composite(field.ty.base());
        if composite && depth == 0 {
            return None;
        }
        self.fields += 1;
        let (key, args) = self.key(dice, field);
        let stream = self.stream(dice, on, field);
        // What is streamed is asked for once: others of its key would have to be streamed as it is.
        let key = match &stream {
            Some(_) => format!("s{}", self.fields),
            None => key,
        };
        let mut text = if key == field.name {
            key
        } else {
            format!("{key}: {}", field.name)
        };
        text.push_str(&args);
        let mut text = match std::mem::take(&mut self.quiet) {
            true => text,
            false => self.directives(dice, text),
        };
        text.push_str(stream.as_deref().unwrap_or_default());
        if composite {
            text.push(' ');
            text.push_str(&self.selection(dice, field.ty.base(), depth - 1));
        }
        Some(text)
    }

    /// A key that stands for this field, or a new one; and the arguments.
    fn key(&mut self, dice: &mut Dice, field: &Field) -> (String, String) {
        let mut key = field.name.clone();
        if dice.percent(15) {
            key = format!("k{}", dice.below(20));
        }
        let known = self.keys.get(&key);
        if let Some(known) = known.filter(|known| known.fits(field)) {
            return (key, known.args.clone());
        }
        let taken = known.is_some();
        let (given, args) = self.arguments(dice, field);
        if taken && !dice.percent(self.taste.careless) {
            key = format!("n{}", self.keys.len());
        }
        let (name, ty) = (field.name.clone(), field.ty.clone());
        self.keys.insert(
            key.clone(),
            Known {
                name,
                ty,
                given,
                args: args.clone(),
            },
        );
        (key, args)
    }

    fn arguments(&mut self, dice: &mut Dice, field: &Field) -> (Vec<Input>, String) {
        let (mut given, mut args) = (Vec::new(), Vec::new());
        for arg in &field.args {
            let must = arg.ty.is_non_null() && arg.default.is_none();
            if !must && dice.percent(40) {
                continue;
            }
            let position = if arg.default.is_some() {
                Position::Default
            } else {
                Position::Plain
            };
            let value = match self.variable(dice, &arg.ty, position, 40) {
                Some(variable) => variable,
                None => {
                    let schema = self.schema;
                    let mut hole =
                        |dice: &mut Dice, ty: &Ref, position| self.variable(dice, ty, position, 15);
                    literal::literal(dice, schema, &arg.ty, 3, &mut hole)
                }
            };
            args.push(format!("{}: {value}", arg.name));
            given.push(arg.clone());
        }
        if dice.percent(30) {
            args.reverse();
        }
        let text = if args.is_empty() {
            String::new()
        } else {
            format!("({})", args.join(", "))
        };
        (given, text)
    }

    /// A variable for that position, old or new, in so many of a hundred cases.
    fn variable(
        &mut self,
        dice: &mut Dice,
        ty: &Ref,
        position: Position,
        percent: usize,
    ) -> Option<String> {
        if !dice.percent(percent) || self.variables.len() > 12 {
            return None;
        }
        let old = self.variables.iter().find(|old| old.ty == *ty);
        if let Some(old) = old.filter(|_| dice.percent(50)) {
            return Some(format!("${}", old.name));
        }
        let constant =
            |dice: &mut Dice, ty: &Ref| Some(literal::constant(dice, self.schema, ty, 2));
        let (ty, default) = match ty {
            // What must be there may come from a variable with a default that is not null.
            Ref::NonNull(inner) if position != Position::One && dice.percent(25) => {
                ((**inner).clone(), constant(dice, ty))
            }
            Ref::NonNull(inner) if position == Position::Default && dice.percent(40) => {
                ((**inner).clone(), None)
            }
            Ref::NonNull(_) => (
                ty.clone(),
                dice.percent(20).then(|| constant(dice, ty)).flatten(),
            ),
            _ if dice.percent(20) => (Ref::NonNull(Box::new(ty.clone())), None),
            _ => (
                ty.clone(),
                dice.percent(30).then(|| constant(dice, ty)).flatten(),
            ),
        };
        let name = format!("v{}", self.variables.len());
        self.variables.push(Variable {
            name: name.clone(),
            ty,
            default,
        });
        Some(format!("${name}"))
    }

    fn directives(&mut self, dice: &mut Dice, mut text: String) -> String {
        for name in ["skip", "include"] {
            if dice.percent(8) {
                let boolean = Ref::NonNull(Box::new(Ref::Named(BOOLEAN)));
                let value = self.variable(dice, &boolean, Position::Plain, 60);
                let value = value.unwrap_or_else(|| dice.percent(50).to_string());
                text.push_str(&format!(" @{name}(if: {value})"));
            }
        }
        text
    }

    /// `@stream` for a list, in some cases.
    fn stream(&mut self, dice: &mut Dice, on: usize, field: &Field) -> Option<String> {
        let is_list = matches!(field.ty.nullable(), Ref::List(_));
        let may = is_list && self.taste.later > 0 && !self.roots.contains(&on);
        if !may || !dice.percent(self.taste.later) {
            return None;
        }
        let first = match dice.below(3) {
            0 => String::new(),
            _ => format!("initialCount: {}", dice.below(4)),
        };
        Some(self.later(dice, "stream", first))
    }

    /// `@defer` for a fragment on that type, in some cases.
    fn defer(&mut self, dice: &mut Dice, on: usize, mut text: String) -> String {
        let may = self.taste.later > 0 && !self.roots.contains(&on);
        if may && dice.percent(self.taste.later) {
            text.push_str(&self.later(dice, "defer", String::new()));
        }
        text
    }

    fn later(&mut self, dice: &mut Dice, name: &str, first: String) -> String {
        let mut args: Vec<String> = (!first.is_empty()).then_some(first).into_iter().collect();
        if dice.percent(40) {
            self.laters += 1;
            args.push(format!("label: \"L{}\"", self.laters));
        }
        if dice.percent(30) {
            let boolean = Ref::NonNull(Box::new(Ref::Named(BOOLEAN)));
            let value = self.variable(dice, &boolean, Position::Plain, 60);
            let value = value.unwrap_or_else(|| dice.percent(50).to_string());
            args.push(format!("if: {value}"));
        }
        match args.is_empty() {
            true => format!(" @{name}"),
            false => format!(" @{name}({})", args.join(", ")),
        }
    }

    /// A type that shares objects with this one.
    fn condition(&self, dice: &mut Dice, on: usize) -> usize {
        let fitting: Vec<usize> = self
            .schema
            .composites()
            .into_iter()
            .filter(|ty| self.schema.overlap(on, *ty))
            .collect();
        *dice.of(&fitting)
    }

    fn inline(&mut self, dice: &mut Dice, on: usize, depth: usize) -> String {
        let condition = if dice.percent(20) {
            on
        } else {
            self.condition(dice, on)
        };
        let mut head = "...".to_owned();
        if condition != on || dice.percent(50) {
            head = format!("... on {}", self.schema.types[condition].name);
        }
        let head = self.directives(dice, head);
        let head = self.defer(dice, on, head);
        format!("{head} {}", self.selection(dice, condition, depth - 1))
    }

    fn spread(&mut self, dice: &mut Dice, on: usize, depth: usize) -> String {
        let fitting: Vec<usize> = (0..self.fragments.len())
            .filter(|no| self.schema.overlap(on, self.fragments[*no].on))
            .collect();
        let name = if !fitting.is_empty() && (dice.percent(50) || self.fragments.len() > 6) {
            self.fragments[*dice.of(&fitting)].name.clone()
        } else {
            let condition = self.condition(dice, on);
            let body = self.selection(dice, condition, depth - 1);
            let name = format!("F{}", self.fragments.len());
            let text = format!(
                "fragment {name} on {} {body}",
                self.schema.types[condition].name
            );
            self.fragments.push(Fragment {
                name: name.clone(),
                on: condition,
                text,
            });
            name
        };
        let spread = self.directives(dice, format!("...{name}"));
        self.defer(dice, on, spread)
    }
}

fn variable_value(
    dice: &mut Dice,
    schema: &Schema,
    variable: &Variable,
    taste: Taste,
) -> Option<Value> {
    if dice.percent(taste.wrong_variables) {
        return match dice.below(4) {
            0 => None,
            _ => Some(literal::wrong(dice)),
        };
    }
    let optional = variable.default.is_some() || !variable.ty.is_non_null();
    if optional && dice.percent(30) {
        return None;
    }
    Some(literal::json(dice, schema, &variable.ty, 3))
}
