//! The schema as clients see it.
//!
//! In: the resolved schema. Out: its public SDL: what `@hidden` and `@auth` keep back is left out, generated types and
//! arguments are written out, and of the directives only those remain that clients can use, and those of ours that tell
//! what a field costs and how long an answer may be kept.
//! Must not know: models, Rust, files.

mod introspection;
mod value;

pub use introspection::introspection;
pub use value::value;

use crate::ir::{
    Directive, DirectiveDef, Field, InputValue, Named, Schema, TOLD, Type, TypeKind, Value,
};
use std::fmt::Write as _;
use value::{put_description, put_quoted, put_value};

/// The public SDL: types sorted by name, fields as written. The same schema gives the same bytes.
pub fn sdl(schema: &Schema) -> String {
    let mut printer = Printer {
        schema,
        out: String::new(),
    };
    if let Some(roots) = unusual_roots(schema) {
        printer.schema_definition(&roots);
    }
    for directive in schema.directive_defs.values() {
        if !is_specified(&directive.name) {
            printer.directive_definition(directive);
        }
    }
    let public = || schema.types.values().filter(|ty| !ty.hidden);
    let one_of = |ty: &Type| matches!(ty.kind, TypeKind::Input { one_of: true, .. });
    if public().any(one_of) {
        // Young enough that readers of the SDL may not know it.
        printer.begin(None);
        printer.put("directive @oneOf on INPUT_OBJECT\n");
    }
    public().for_each(|ty| printer.type_definition(ty));
    match printer.out.is_empty() {
        true => "\n".to_owned(),
        false => printer.out,
    }
}

/// Directives of the specification need no definition.
pub(crate) fn is_specified(name: &str) -> bool {
    ["skip", "include", "deprecated", "specifiedBy", "oneOf"].contains(&name)
}

type Roots<'a> = Vec<(&'static str, &'a str)>;

/// The roots, unless they have their usual names and nothing else has, and nothing is said of the schema.
fn unusual_roots(schema: &Schema) -> Option<Roots<'_>> {
    let roots = [
        ("query", "Query", &schema.query),
        ("mutation", "Mutation", &schema.mutation),
        ("subscription", "Subscription", &schema.subscription),
    ];
    let usual = |usual: &str, root: Option<&str>| match root {
        Some(name) => name == usual,
        None => !schema.types.contains_key(usual),
    };
    let is_usual = roots
        .iter()
        .all(|(_, name, root)| usual(name, root.as_ref().map(|n| n.name.as_str())));
    if is_usual && schema.description.is_none() {
        return None;
    }
    let roots = roots.into_iter();
    Some(
        roots
            .filter_map(|(operation, _, root)| Some((operation, &*root.as_ref()?.name)))
            .collect(),
    )
}

/// What is printed so far.
struct Printer<'a> {
    schema: &'a Schema,
    out: String,
}

impl<'a> Printer<'a> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A definition comes behind a blank line.
    fn begin(&mut self, description: Option<&str>) {
        if !self.out.is_empty() {
            self.put("\n");
        }
        put_description(description, "", &mut self.out);
    }

    fn schema_definition(&mut self, roots: &Roots<'_>) {
        self.begin(self.schema.description.as_deref());
        self.put("schema {\n");
        for (operation, name) in roots {
            let _ = writeln!(self.out, "  {operation}: {name}");
        }
        self.put("}\n");
    }

    fn directive_definition(&mut self, directive: &DirectiveDef) {
        self.begin(directive.description.as_deref());
        self.put("directive @");
        self.put(&directive.name);
        self.arguments(&directive.args, "");
        if directive.repeatable {
            self.put(" repeatable");
        }
        self.names(" on ", &directive.locations, " | ");
        self.put("\n");
    }

    fn type_definition(&mut self, ty: &Type) {
        self.begin(ty.description.as_deref());
        let word = match &ty.kind {
            TypeKind::Scalar => "scalar ",
            TypeKind::Object { .. } => "type ",
            TypeKind::Interface { .. } => "interface ",
            TypeKind::Union { .. } => "union ",
            TypeKind::Enum { .. } => "enum ",
            TypeKind::Input { .. } => "input ",
        };
        self.put(word);
        self.put(&ty.name);
        match &ty.kind {
            TypeKind::Scalar => {
                self.specified_by(&ty.directives);
                self.told(&ty.directives);
            }
            TypeKind::Object { implements, fields }
            | TypeKind::Interface { implements, fields } => {
                self.names(" implements ", implements, " & ");
                self.told(&ty.directives);
                let public = fields.iter().filter(|field| !field.hidden);
                self.block(public, Self::field);
            }
            TypeKind::Union { members } => {
                self.told(&ty.directives);
                self.put(" = ");
                self.names("", members, " | ");
            }
            TypeKind::Enum { values } => {
                self.told(&ty.directives);
                self.block(values, |printer, value| {
                    put_description(value.description.as_deref(), "  ", &mut printer.out);
                    printer.put("  ");
                    printer.put(&value.name);
                    printer.deprecated(value.deprecated.as_deref());
                });
            }
            TypeKind::Input { fields, one_of } => {
                self.put(if *one_of { " @oneOf" } else { "" });
                self.block(fields, |printer, field| printer.described(field, "  "));
            }
        }
        self.put("\n");
    }

    /// The members of a type, a line each; nothing if there are none.
    fn block<T>(&mut self, members: impl IntoIterator<Item = T>, each: impl Fn(&mut Self, T)) {
        let mut members = members.into_iter().peekable();
        if members.peek().is_none() {
            return;
        }
        self.put(" {\n");
        for member in members {
            each(self, member);
            self.put("\n");
        }
        self.put("}");
    }

    fn field(&mut self, field: &Field) {
        put_description(field.description.as_deref(), "  ", &mut self.out);
        self.put("  ");
        self.put(&field.name);
        self.arguments(&field.args, "  ");
        let _ = write!(self.out, ": {}", field.ty);
        self.deprecated(field.deprecated.as_deref());
        self.told(&field.directives);
    }

    /// On one line, unless one of them is described.
    fn arguments(&mut self, args: &[InputValue], indent: &str) {
        if args.is_empty() {
            return;
        }
        self.put("(");
        if args.iter().all(|arg| arg.description.is_none()) {
            for (i, arg) in args.iter().enumerate() {
                self.put(if i == 0 { "" } else { ", " });
                self.input_value(arg);
            }
        } else {
            let inner = format!("{indent}  ");
            self.put("\n");
            for arg in args {
                self.described(arg, &inner);
                self.put("\n");
            }
            self.put(indent);
        }
        self.put(")");
    }

    fn described(&mut self, input: &InputValue, indent: &str) {
        put_description(input.description.as_deref(), indent, &mut self.out);
        self.put(indent);
        self.input_value(input);
    }

    fn input_value(&mut self, input: &InputValue) {
        let _ = write!(self.out, "{}: {}", input.name, input.ty);
        if let Some(default) = &input.default {
            self.put(" = ");
            put_value(default, &mut self.out);
        }
        self.deprecated(input.deprecated.as_deref());
        self.told(&input.directives);
    }

    /// `before`, and names; nothing if there are none.
    fn names(&mut self, before: &str, all: &[Named], between: &str) {
        for (i, named) in all.iter().enumerate() {
            self.put(if i == 0 { before } else { between });
            self.put(&named.name);
        }
    }

    /// The directives of ours that clients are told of.
    fn told(&mut self, directives: &[Directive]) {
        for directive in directives {
            let name = directive.name.as_str();
            if !TOLD.contains(&name) || !self.schema.is_ours(name) {
                continue;
            }
            self.put(" @");
            self.put(name);
            for (i, (name, given, _)) in directive.args.iter().enumerate() {
                self.put(if i == 0 { "(" } else { ", " });
                self.put(&name.name);
                self.put(": ");
                put_value(given, &mut self.out);
            }
            self.put(if directive.args.is_empty() { "" } else { ")" });
        }
    }

    fn deprecated(&mut self, reason: Option<&str>) {
        match reason {
            None => {}
            Some("No longer supported") => self.put(" @deprecated"),
            Some(reason) => {
                self.put(" @deprecated(reason: ");
                put_quoted(reason, &mut self.out);
                self.put(")");
            }
        }
    }

    fn specified_by(&mut self, directives: &[Directive]) {
        let directives = directives.iter().filter(|d| d.name == "specifiedBy");
        for (name, value, _) in directives.flat_map(|d| &d.args) {
            if let (Value::String(url), "url") = (value, &*name.name) {
                self.put(" @specifiedBy(url: ");
                put_quoted(url, &mut self.out);
                self.put(")");
            }
        }
    }
}

#[cfg(test)]
mod tests;
