//! SDL files → syntax trees with a place for everything.
//!
//! In: the texts. Out: one [`Document`] a file; whatever does not parse is reported, and the rest is still read.
//! Must not know: what names refer to.
//!
//! The work is split: our lexer finds the tokens, [`split`] cuts them into definitions, graphql-parser decides whether
//! each is well-formed ([`feed`]), and [`zip`] puts its tree and our tokens together, definition by definition.

mod feed;
mod lexer;
mod recover;
mod split;
mod string;
mod syntax;
mod value;
mod zip;

pub use syntax::{Definition, DefinitionKind, Document, Root};

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{InputValue, Named};
use crate::source::{FileId, Source, Sources, Span};
use feed::Fault;
use lexer::Token;
use split::{Piece, Walk};
use std::collections::HashMap;

/// Reads every file.
pub fn sdl(sources: &Sources, diags: &mut Diagnostics) -> Vec<Document> {
    sources
        .iter()
        .map(|(file, source)| document(file, source, diags))
        .collect()
}

/// Reads one file.
pub fn document(file: FileId, source: &Source, diags: &mut Diagnostics) -> Document {
    let tokens = lexer::lex(file, &source.text, 0, diags);
    let walk = Walk {
        source,
        tokens: &tokens,
        guess: false,
    };
    let mut document = Document {
        file,
        definitions: Vec::new(),
        broken: Vec::new(),
    };
    let (mut at, mut ahead) = (0, ahead(&walk));
    while at < tokens.len() {
        at = match walk.piece(at) {
            Some(piece) => {
                let parsed = ahead.remove(&at);
                definition(&walk, at, piece, parsed, &mut document, diags)
            }
            None => {
                let next = walk.skip(at, diags);
                document.broken.extend(
                    tokens[at..next]
                        .get(1)
                        .map(|t| t.name().unwrap_or_default().to_string()),
                );
                next
            }
        };
    }
    document
}

type Parsed = Result<Definition, Fault>;

/// Fewer tokens are read before a thread has begun.
const MANY: usize = 10_000;

/// What graphql-parser says of the definitions of a large file, by their first tokens, asked for by two threads.
fn ahead(walk: &Walk<'_>) -> HashMap<usize, Parsed> {
    if walk.tokens.len() < MANY {
        return HashMap::new();
    }
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(piece) = walk.piece(at) {
        pieces.push((at, piece));
        at = piece.end;
    }
    let middle = pieces.partition_point(|(start, _)| *start < at / 2);
    let (first, second) = pieces.split_at(middle);
    let parse = |pieces: &[(usize, Piece)]| -> Vec<(usize, Parsed)> {
        let parsed = pieces
            .iter()
            .map(|(at, piece)| (*at, feed::parse(walk.tokens, piece)));
        parsed.collect()
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| parse(second));
        let first = parse(first);
        let second = second.join();
        first
            .into_iter()
            .chain(second.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Reads the definition that begins at token `start`, if that is not done yet; answers where it ends.
fn definition(
    walk: &Walk<'_>,
    start: usize,
    piece: Piece,
    parsed: Option<Parsed>,
    document: &mut Document,
    diags: &mut Diagnostics,
) -> usize {
    let tokens = walk.tokens;
    let guessed = || {
        let walk = Walk {
            guess: true,
            ..*walk
        };
        walk.piece(start).filter(|guessed| guessed.end < piece.end)
    };
    let parsed = parsed.unwrap_or_else(|| feed::parse(tokens, &piece));
    let (piece, parsed) = match parsed {
        Err(fault) => match guessed() {
            Some(guessed) => (guessed, feed::parse(tokens, &guessed)),
            None => (piece, Err(fault)),
        },
        parsed => (piece, parsed),
    };
    if piece.is_faulty(tokens) || parsed.is_err() {
        document.broken.push(name(tokens, &piece));
    }
    match parsed {
        Ok(definition) => accept(tokens, &piece, definition, document, diags),
        Err(fault) => {
            fault.report(tokens, &piece, diags);
            if let Some(rest) = recover::recover(walk, &piece, &fault, diags) {
                accept(&rest.tokens, &rest.piece, rest.definition, document, diags);
            }
        }
    }
    piece.end
}

fn accept(
    tokens: &[Token],
    piece: &Piece,
    definition: Definition,
    document: &mut Document,
    diags: &mut Diagnostics,
) {
    if definition.extend {
        check_extension(tokens, piece, &definition, diags);
    }
    document.definitions.push(definition);
}

/// Reads `Type` or `Type = default`, which stands at `span` of a file that may be in another language; `name` is what
/// has this type.
pub fn input_type(
    name: Named,
    text: &str,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<InputValue> {
    let before = diags.sorted().len();
    let tokens = lexer::lex(span.file, text, span.start as usize, diags);
    if diags.sorted().len() > before {
        return None;
    }
    match read_input_type(name, &tokens) {
        Ok(read) => Some(read),
        Err(unexpected) => {
            let (place, found) = match tokens.get(unexpected.at) {
                Some(token) => (token.span, token.describe()),
                None => (
                    tokens.last().map_or(span, |t| t.span),
                    "the end of the text".into(),
                ),
            };
            diags
                .error(
                    Code::Syntax,
                    place,
                    format!("{}, found {found}", unexpected.message),
                )
                .help("write a type as in a schema: `String!`, `[ID!]`, `Int = 3`");
            None
        }
    }
}

fn read_input_type(name: Named, tokens: &[Token]) -> Result<InputValue, value::Unexpected> {
    let (ty, mut next) = value::type_ref(tokens, 0)?;
    let mut read = InputValue::new(name.name, name.span, ty);
    read.ty_span = value::stretch(tokens, 0, next);
    if tokens.get(next).is_some_and(|t| t.is("=")) {
        let start = next + 1;
        let (default, end) = value::value(tokens, start)?;
        (read.default, read.default_span) = (Some(default), value::stretch(tokens, start, end));
        next = end;
    }
    if next < tokens.len() {
        return Err(value::Unexpected {
            at: next,
            message: "expected nothing more",
            help: None,
        });
    }
    Ok(read)
}

/// What the grammar asks of extensions, and graphql-parser asks of some or not at all.
fn check_extension(tokens: &[Token], piece: &Piece, it: &Definition, diags: &mut Diagnostics) {
    let keyword = &tokens[piece.keyword];
    let shown = if it.name.name == "schema" {
        "`schema`".into()
    } else {
        format!("`{}`", it.name.name)
    };
    if let Some(description) = piece.description {
        diags
            .error(
                Code::Syntax,
                tokens[description].span,
                format!("the extension of {shown} cannot have a description"),
            )
            .help("describe it where it is defined");
    }
    let empty = match &it.kind {
        DefinitionKind::Directive { .. } => {
            diags
                .error(Code::Syntax, keyword.span, "a directive cannot be extended")
                .help("change its definition");
            return;
        }
        DefinitionKind::Schema { roots } => roots.is_empty(),
        DefinitionKind::Scalar => true,
        DefinitionKind::Object { implements, fields }
        | DefinitionKind::Interface { implements, fields } => {
            implements.is_empty() && fields.is_empty()
        }
        DefinitionKind::Union { members } => members.is_empty(),
        DefinitionKind::Enum { values } => values.is_empty(),
        DefinitionKind::Input { fields } => fields.is_empty(),
    };
    if empty && it.directives.is_empty() {
        diags
            .error(
                Code::Syntax,
                it.name.span,
                format!("the extension of {shown} adds nothing"),
            )
            .help("add a directive or a member, or remove the extension");
    }
}

/// What a piece that did not parse would have defined; empty if even that is unclear.
fn name(tokens: &[Token], piece: &Piece) -> String {
    let name = |at: usize| {
        tokens[..piece.end]
            .get(at)
            .and_then(Token::name)
            .unwrap_or_default()
    };
    match name(piece.keyword) {
        "schema" => "schema".into(),
        "directive" => format!("@{}", name(piece.keyword + 2)),
        _ => name(piece.keyword + 1).into(),
    }
}

#[cfg(test)]
mod tests;
