//! The reader of documents: recursive descent, one token ahead.
//!
//! In: tokens. Out: a tree. Must not know: schemas; definitions of a type system are read in `system`.
//!
//! <https://spec.graphql.org/September2025/#sec-Appendix-Grammar-Summary.Document-Syntax>

use std::borrow::Cow;
use std::collections::HashMap;

use super::ast::{
    Argument, Directive, Document, Field, Fragment, Inline, Operation, OperationKind, Selection,
    Span, Spread, TypeName, Value, ValueKind, Variable, VariableDefinition,
};
use super::lexer::{Kind, Lexer, Token, mistake};
use super::{Mistake, NESTING, Name, Wrap, strings};

pub(super) type Read<T> = Result<T, Box<Mistake>>;

/// See [`super::parse`].
pub(super) fn document(text: &str, tokens: usize) -> Read<Document<'_>> {
    if u32::try_from(text.len()).is_err() {
        return Err(mistake(0, "the document has 4 GiB or more"));
    }
    let mut lexer = Lexer::new(text, tokens);
    let token = lexer.next()?;
    let mut parser = Parser {
        text,
        lexer,
        token,
        end: 0,
        depth: 0,
        fragments: Numbers::default(),
        variables: Numbers::default(),
        document: Document {
            text,
            ..Document::default()
        },
    };
    loop {
        parser.definition()?;
        if parser.token.kind == Kind::End {
            return Ok(parser.finish());
        }
    }
}

/// Where the reader is.
pub(super) struct Parser<'d> {
    text: &'d str,
    lexer: Lexer<'d>,
    /// The token that comes next.
    pub(super) token: Token,
    /// Where the last token ended.
    end: u32,
    depth: usize,
    fragments: Numbers<'d>,
    variables: Numbers<'d>,
    pub(super) document: Document<'d>,
}

/// Names, numbered as they come.
#[derive(Default)]
struct Numbers<'d> {
    names: Vec<Name<'d>>,
    /// Filled when there are too many names to look at each.
    places: HashMap<&'d str, u32>,
}

impl<'d> Numbers<'d> {
    fn of(&mut self, name: Name<'d>) -> u32 {
        const FEW: usize = 12;
        let next = self.names.len() as u32;
        let known = if self.names.len() < FEW {
            self.names.iter().position(|known| *known == name)
        } else {
            if self.places.is_empty() {
                let places = self.names.iter().enumerate();
                self.places = places.map(|(i, name)| (name.text, i as u32)).collect();
            }
            self.places.get(name.text).map(|place| *place as usize)
        };
        if let Some(place) = known {
            return place as u32;
        }
        self.names.push(name);
        if !self.places.is_empty() {
            self.places.insert(name.text, next);
        }
        next
    }
}

impl<'d> Parser<'d> {
    fn finish(mut self) -> Document<'d> {
        let mut named = vec![None; self.fragments.names.len()];
        for (i, fragment) in self.document.fragments.iter().enumerate() {
            let place = self.fragments.of(fragment.name) as usize;
            if let Some(first @ None) = named.get_mut(place) {
                *first = Some(i as u32);
            }
        }
        self.document.named = named;
        self.document.variables = self.variables.names;
        self.document
    }

    fn definition(&mut self) -> Read<()> {
        let start = self.token.start;
        if self.at(Kind::BraceL) {
            let operation = self.operation(start, None, OperationKind::Query, false)?;
            self.document.operations.push(operation);
            return Ok(());
        }
        let description = self.description()?;
        let start = self.token.start;
        let kind = match self.word() {
            "query" => OperationKind::Query,
            "mutation" => OperationKind::Mutation,
            "subscription" => OperationKind::Subscription,
            "fragment" => {
                let fragment = self.fragment(start, description)?;
                self.document.fragments.push(fragment);
                return Ok(());
            }
            _ => return self.system(description),
        };
        self.advance()?;
        let operation = self.operation(start, description, kind, true)?;
        self.document.operations.push(operation);
        Ok(())
    }

    fn operation(
        &mut self,
        start: u32,
        description: Option<Cow<'d, str>>,
        kind: OperationKind,
        headed: bool,
    ) -> Read<Operation<'d>> {
        let mut operation = Operation {
            span: Span::default(),
            description,
            kind,
            name: None,
            variables: Vec::new(),
            directives: Vec::new(),
            selections: Vec::new(),
        };
        if headed {
            if self.at(Kind::Name) {
                operation.name = Some(self.name()?);
            }
            if self.at(Kind::ParenL) {
                operation.variables =
                    self.many(Kind::ParenL, Kind::ParenR, Self::variable_definition)?;
            }
            operation.directives = self.directives(false)?;
        }
        operation.selections = self.selections()?;
        operation.span = self.since(start);
        Ok(operation)
    }

    fn variable_definition(&mut self) -> Read<VariableDefinition<'d>> {
        let description = self.description()?;
        let start = self.token.start;
        let variable = self.variable()?;
        self.expect(Kind::Colon)?;
        let ty = self.type_name()?;
        let default = self.default()?;
        let directives = self.directives(true)?;
        Ok(VariableDefinition {
            span: self.since(start),
            description,
            variable,
            ty,
            default,
            directives,
        })
    }

    fn fragment(&mut self, start: u32, description: Option<Cow<'d, str>>) -> Read<Fragment<'d>> {
        self.advance()?;
        if self.word() == "on" {
            return Err(self.unexpected("the name of a fragment"));
        }
        let name = self.name()?;
        self.fragments.of(name);
        if self.word() != "on" {
            return Err(self.unexpected("`on`"));
        }
        self.advance()?;
        let on = self.name()?;
        let directives = self.directives(false)?;
        let selections = self.selections()?;
        Ok(Fragment {
            span: self.since(start),
            description,
            name,
            on,
            directives,
            selections,
        })
    }

    fn selections(&mut self) -> Read<Vec<Selection<'d>>> {
        self.deeper()?;
        let selections = self.many(Kind::BraceL, Kind::BraceR, Self::selection)?;
        self.depth -= 1;
        Ok(selections)
    }

    fn selection(&mut self) -> Read<Selection<'d>> {
        let start = self.token.start;
        if self.skip(Kind::Dots)? {
            return self.spread(start);
        }
        let mut name = self.name()?;
        let mut alias = None;
        if self.skip(Kind::Colon)? {
            alias = Some(name);
            self.document.aliases += 1;
            name = self.name()?;
        }
        let arguments = self.arguments(false)?;
        let directives = self.directives(false)?;
        let selections = match self.at(Kind::BraceL) {
            true => self.selections()?,
            false => Vec::new(),
        };
        Ok(Selection::Field(Field {
            span: self.since(start),
            alias,
            name,
            arguments,
            directives,
            selections,
        }))
    }

    fn spread(&mut self, start: u32) -> Read<Selection<'d>> {
        let mut on = None;
        if self.at(Kind::Name) {
            let name = self.name()?;
            if name.text != "on" {
                let directives = self.directives(false)?;
                return Ok(Selection::Spread(Spread {
                    span: self.since(start),
                    name,
                    fragment: self.fragments.of(name),
                    directives,
                }));
            }
            on = Some(self.name()?);
        }
        let directives = self.directives(false)?;
        let selections = self.selections()?;
        Ok(Selection::Inline(Inline {
            span: self.since(start),
            on,
            directives,
            selections,
        }))
    }

    fn arguments(&mut self, constant: bool) -> Read<Vec<Argument<'d>>> {
        if !self.at(Kind::ParenL) {
            return Ok(Vec::new());
        }
        self.many(Kind::ParenL, Kind::ParenR, |parser| {
            parser.argument(constant)
        })
    }

    fn argument(&mut self, constant: bool) -> Read<Argument<'d>> {
        let name = self.name()?;
        self.expect(Kind::Colon)?;
        let value = self.value(constant)?;
        Ok(Argument { name, value })
    }

    /// Any number of directives; in a constant place their arguments hold no variables.
    pub(super) fn directives(&mut self, constant: bool) -> Read<Vec<Directive<'d>>> {
        let mut found = Vec::new();
        while self.at(Kind::At) {
            let start = self.token.start;
            self.advance()?;
            let name = self.name()?;
            let arguments = self.arguments(constant)?;
            self.document.directives += 1;
            found.push(Directive {
                span: self.since(start),
                name,
                arguments,
            });
        }
        Ok(found)
    }

    /// `= value`, if it is there.
    pub(super) fn default(&mut self) -> Read<Option<Value<'d>>> {
        match self.skip(Kind::Equals)? {
            true => self.value(true).map(Some),
            false => Ok(None),
        }
    }

    fn value(&mut self, constant: bool) -> Read<Value<'d>> {
        let token = self.token;
        let kind = match token.kind {
            Kind::Dollar if constant => {
                let message = "expected a constant value, found a variable";
                return Err(mistake(token.start as usize, message));
            }
            Kind::Dollar => ValueKind::Variable(self.variable()?),
            Kind::BracketL => ValueKind::List(self.list(constant)?),
            Kind::BraceL => ValueKind::Object(self.object(constant)?),
            Kind::String | Kind::Block => ValueKind::String(self.string()?),
            Kind::Int => ValueKind::Int(self.raw()?),
            Kind::Float => ValueKind::Float(self.raw()?),
            Kind::Name => {
                let name = self.name()?;
                match name.text {
                    "true" => ValueKind::Boolean(true),
                    "false" => ValueKind::Boolean(false),
                    "null" => ValueKind::Null,
                    _ => ValueKind::Enum(name),
                }
            }
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Value {
            span: self.since(token.start),
            kind,
        })
    }

    fn list(&mut self, constant: bool) -> Read<Vec<Value<'d>>> {
        self.deeper()?;
        self.advance()?;
        let mut items = Vec::new();
        while !self.skip(Kind::BracketR)? {
            items.push(self.value(constant)?);
        }
        self.depth -= 1;
        Ok(items)
    }

    fn object(&mut self, constant: bool) -> Read<Vec<Argument<'d>>> {
        self.deeper()?;
        self.advance()?;
        let mut fields = Vec::new();
        while !self.skip(Kind::BraceR)? {
            fields.push(self.argument(constant)?);
        }
        self.depth -= 1;
        Ok(fields)
    }

    fn variable(&mut self) -> Read<Variable<'d>> {
        self.expect(Kind::Dollar)?;
        let name = self.name()?;
        let id = self.variables.of(name);
        Ok(Variable { name, id })
    }

    pub(super) fn type_name(&mut self) -> Read<TypeName<'d>> {
        let start = self.token.start;
        let mut lists = 0;
        while self.skip(Kind::BracketL)? {
            lists += 1;
        }
        let name = self.name()?;
        let mut wrap = Wrap::NAMED;
        if self.skip(Kind::Bang)? {
            wrap = wrap.required();
        }
        for _ in 0..lists {
            self.expect(Kind::BracketR)?;
            wrap = wrap.list().ok_or_else(|| {
                let message = format!("a type has at most {} lists in each other", Wrap::LISTS);
                mistake(start as usize, message)
            })?;
            if self.skip(Kind::Bang)? {
                wrap = wrap.required();
            }
        }
        Ok(TypeName {
            span: self.since(start),
            name,
            wrap,
        })
    }

    /// The string before a definition, if there is one.
    pub(super) fn description(&mut self) -> Read<Option<Cow<'d, str>>> {
        match self.token.kind {
            Kind::String | Kind::Block => self.string().map(Some),
            _ => Ok(None),
        }
    }

    fn string(&mut self) -> Read<Cow<'d, str>> {
        let Token { kind, start, end } = self.token;
        self.advance()?;
        let quotes = if kind == Kind::Block { 3 } else { 1 };
        let (start, end) = (start as usize + quotes, end as usize - quotes);
        let raw = &self.text[start..end];
        match kind {
            Kind::Block => Ok(strings::dedent(raw)),
            _ => strings::unescape(raw, start),
        }
    }

    /// One or more between two marks.
    #[inline]
    pub(super) fn many<T>(
        &mut self,
        open: Kind,
        close: Kind,
        mut one: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.expect(open)?;
        let mut found = vec![one(self)?];
        while !self.skip(close)? {
            found.push(one(self)?);
        }
        Ok(found)
    }

    pub(super) fn name(&mut self) -> Read<Name<'d>> {
        if self.token.kind != Kind::Name {
            return Err(self.unexpected("a name"));
        }
        let at = self.token.start;
        Ok(Name::new(self.raw()?, at))
    }

    /// The next token's text, which is taken.
    fn raw(&mut self) -> Read<&'d str> {
        let text = &self.text[self.token.start as usize..self.token.end as usize];
        self.advance()?;
        Ok(text)
    }

    /// The next token's text if it is a name.
    pub(super) fn word(&self) -> &'d str {
        match self.token.kind {
            Kind::Name => &self.text[self.token.start as usize..self.token.end as usize],
            _ => "",
        }
    }

    #[inline]
    pub(super) fn at(&self, kind: Kind) -> bool {
        self.token.kind == kind
    }

    /// Takes the token if it is one of that kind.
    #[inline]
    pub(super) fn skip(&mut self, kind: Kind) -> Read<bool> {
        let found = self.token.kind == kind;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    #[inline]
    pub(super) fn expect(&mut self, kind: Kind) -> Read<()> {
        match self.skip(kind)? {
            true => Ok(()),
            false => Err(self.unexpected(kind.describe())),
        }
    }

    #[inline]
    pub(super) fn advance(&mut self) -> Read<()> {
        self.end = self.token.end;
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// From there to the end of the last token.
    #[inline]
    pub(super) fn since(&self, start: u32) -> Span {
        Span {
            start,
            end: self.end,
        }
    }

    fn deeper(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > NESTING {
            let message = format!("the document is nested more than {NESTING} levels deep");
            return Err(mistake(self.token.start as usize, message));
        }
        Ok(())
    }

    #[cold]
    pub(super) fn unexpected(&self, wanted: &str) -> Box<Mistake> {
        let Token { kind, start, end } = self.token;
        let text = &self.text[start as usize..end as usize];
        let found = match kind {
            Kind::Name => format!("`{text}`"),
            Kind::Int | Kind::Float if text.len() <= 40 => format!("`{text}`"),
            kind => kind.describe().to_owned(),
        };
        mistake(start as usize, format!("expected {wanted}, found {found}"))
    }
}
