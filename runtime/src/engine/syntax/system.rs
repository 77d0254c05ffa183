//! The reader of type system definitions and extensions.
//!
//! In: tokens. Out: [`System`] definitions. Must not know: whether they fit together.
//!
//! <https://spec.graphql.org/September2025/#sec-Type-System>

use std::borrow::Cow;

use super::Name;
use super::ast::{
    DirectiveDefinition, EnumValueDefinition, FieldDefinition, Fields, InputDefinition, Location,
    OperationKind, SchemaDefinition, System, TypeBody, TypeDefinition,
};
use super::lexer::Kind;
use super::parser::{Parser, Read};

impl<'d> Parser<'d> {
    /// A definition or an extension, behind its description.
    pub(super) fn system(&mut self, description: Option<Cow<'d, str>>) -> Read<()> {
        let start = self.token.start;
        let extend = self.word() == "extend" && description.is_none();
        if extend {
            self.advance()?;
        }
        let found = match self.word() {
            "schema" => System::Schema(self.schema(start, extend, description)?),
            "directive" if !extend => {
                System::Directive(self.directive_definition(start, description)?)
            }
            "scalar" | "type" | "interface" | "union" | "enum" | "input" => {
                System::Type(self.type_definition(start, extend, description)?)
            }
            _ if extend => return Err(self.unexpected("what to extend (such as `type`)")),
            _ => return Err(self.unexpected("a definition (such as `query` or `type`)")),
        };
        self.document.system.push(found);
        Ok(())
    }

    fn schema(
        &mut self,
        start: u32,
        extend: bool,
        description: Option<Cow<'d, str>>,
    ) -> Read<SchemaDefinition<'d>> {
        self.advance()?;
        let directives = self.directives(true)?;
        let roots = match extend && !directives.is_empty() && !self.at(Kind::BraceL) {
            true => Vec::new(),
            false => self.many(Kind::BraceL, Kind::BraceR, Self::root)?,
        };
        Ok(SchemaDefinition {
            span: self.since(start),
            extend,
            description,
            directives,
            roots,
        })
    }

    fn root(&mut self) -> Read<(OperationKind, Name<'d>)> {
        let kind = match self.word() {
            "query" => OperationKind::Query,
            "mutation" => OperationKind::Mutation,
            "subscription" => OperationKind::Subscription,
            _ => return Err(self.unexpected("`query`, `mutation` or `subscription`")),
        };
        self.advance()?;
        self.expect(Kind::Colon)?;
        Ok((kind, self.name()?))
    }

    fn type_definition(
        &mut self,
        start: u32,
        extend: bool,
        description: Option<Cow<'d, str>>,
    ) -> Read<TypeDefinition<'d>> {
        let word = self.word();
        self.advance()?;
        let name = self.name()?;
        let interfaces = match word {
            "type" | "interface" if self.word() == "implements" => self.interfaces()?,
            _ => Vec::new(),
        };
        let directives = self.directives(true)?;
        let said = !interfaces.is_empty() || !directives.is_empty();
        let (body, more) = self.type_body(word, interfaces)?;
        if extend && !said && !more {
            return Err(self.unexpected("what is added to the type"));
        }
        Ok(TypeDefinition {
            span: self.since(start),
            extend,
            description,
            name,
            directives,
            body,
        })
    }

    /// What stands in the braces, and whether there are any.
    fn type_body(&mut self, word: &str, interfaces: Vec<Name<'d>>) -> Read<(TypeBody<'d>, bool)> {
        let braces = self.at(Kind::BraceL);
        let body = match word {
            "type" | "interface" => {
                let fields = self.braces(Self::field_definition)?;
                let fields = Fields { interfaces, fields };
                match word {
                    "type" => TypeBody::Object(fields),
                    _ => TypeBody::Interface(fields),
                }
            }
            "union" => {
                let members = match self.skip(Kind::Equals)? {
                    true => self.separated(Kind::Pipe, Self::name)?,
                    false => Vec::new(),
                };
                let more = !members.is_empty();
                return Ok((TypeBody::Union(members), more));
            }
            "enum" => TypeBody::Enum(self.braces(Self::enum_value)?),
            "input" => TypeBody::Input(self.braces(Self::input)?),
            _ => return Ok((TypeBody::Scalar, false)),
        };
        Ok((body, braces))
    }

    fn interfaces(&mut self) -> Read<Vec<Name<'d>>> {
        self.advance()?;
        self.separated(Kind::Amp, Self::name)
    }

    fn field_definition(&mut self) -> Read<FieldDefinition<'d>> {
        let description = self.description()?;
        let name = self.name()?;
        let arguments = self.inputs()?;
        self.expect(Kind::Colon)?;
        let ty = self.type_name()?;
        let directives = self.directives(true)?;
        Ok(FieldDefinition {
            description,
            name,
            arguments,
            ty,
            directives,
        })
    }

    /// The arguments of a field or a directive.
    fn inputs(&mut self) -> Read<Vec<InputDefinition<'d>>> {
        match self.at(Kind::ParenL) {
            true => self.many(Kind::ParenL, Kind::ParenR, Self::input),
            false => Ok(Vec::new()),
        }
    }

    fn input(&mut self) -> Read<InputDefinition<'d>> {
        let description = self.description()?;
        let name = self.name()?;
        self.expect(Kind::Colon)?;
        let ty = self.type_name()?;
        let default = self.default()?;
        let directives = self.directives(true)?;
        Ok(InputDefinition {
            description,
            name,
            ty,
            default,
            directives,
        })
    }

    fn enum_value(&mut self) -> Read<EnumValueDefinition<'d>> {
        let description = self.description()?;
        if matches!(self.word(), "true" | "false" | "null") {
            return Err(self.unexpected("the name of an enum value"));
        }
        let name = self.name()?;
        let directives = self.directives(true)?;
        Ok(EnumValueDefinition {
            description,
            name,
            directives,
        })
    }

    fn directive_definition(
        &mut self,
        start: u32,
        description: Option<Cow<'d, str>>,
    ) -> Read<DirectiveDefinition<'d>> {
        self.advance()?;
        self.expect(Kind::At)?;
        let name = self.name()?;
        let arguments = self.inputs()?;
        let repeatable = self.word() == "repeatable";
        if repeatable {
            self.advance()?;
        }
        if self.word() != "on" {
            return Err(self.unexpected("`on`"));
        }
        self.advance()?;
        let locations = self.separated(Kind::Pipe, Self::location)?;
        Ok(DirectiveDefinition {
            span: self.since(start),
            description,
            name,
            arguments,
            repeatable,
            locations,
        })
    }

    fn location(&mut self) -> Read<Location> {
        let found = Location::find(self.word());
        let location = found.ok_or_else(|| self.unexpected("a location of directives"))?;
        self.advance()?;
        Ok(location)
    }

    /// What stands in braces, if they are there.
    fn braces<T>(&mut self, one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        match self.at(Kind::BraceL) {
            true => self.many(Kind::BraceL, Kind::BraceR, one),
            false => Ok(Vec::new()),
        }
    }

    /// One or more with a mark between them, which may also lead.
    fn separated<T>(
        &mut self,
        mark: Kind,
        mut one: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.skip(mark)?;
        let mut found = vec![one(self)?];
        while self.skip(mark)? {
            found.push(one(self)?);
        }
        Ok(found)
    }
}
