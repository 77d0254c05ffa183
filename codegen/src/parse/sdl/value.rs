//! Constant values and type references, read from tokens.
//!
//! graphql-parser keeps neither the positions nor the order, duplicates and precision of values, and refuses what nests
//! deep; so these two small grammars are read here and reach it as placeholders.

use super::lexer::{Kind, Token};
use crate::ir::{TypeRef, Value};
use crate::source::Span;

/// Deeper values and types are refused: every later stage recurses over them.
const DEEPEST: usize = 450;

/// Something unexpected: the index of the token, and what is wrong with it.
pub(super) struct Unexpected {
    pub(super) at: usize,
    pub(super) message: &'static str,
    pub(super) help: Option<&'static str>,
}

/// Reads the constant value at token `at`; answers it with the index behind it.
pub(super) fn value(tokens: &[Token], at: usize) -> Result<(Value, usize), Unexpected> {
    value_at(tokens, at, 0)
}

fn value_at(tokens: &[Token], at: usize, depth: usize) -> Result<(Value, usize), Unexpected> {
    let wrong = |message| Unexpected {
        at,
        message,
        help: None,
    };
    if depth > DEEPEST {
        return Err(wrong("the value is nested too deep"));
    }
    let token = tokens.get(at).ok_or(wrong("expected a value"))?;
    let value = match &token.kind {
        Kind::Int(text) => Value::Int(text.clone()),
        Kind::Float(text) => Value::Float(text.clone()),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::Name(name) => match name.as_str() {
            "null" => Value::Null,
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ => Value::Enum(name.clone()),
        },
        Kind::Punct("[") => return list(tokens, at + 1, depth),
        Kind::Punct("{") => return object(tokens, at + 1, depth),
        Kind::Punct("$") => {
            let help = Some("a schema has no variables: write the value itself");
            return Err(Unexpected {
                at,
                message: "a variable cannot stand here",
                help,
            });
        }
        Kind::Punct(_) => return Err(wrong("expected a value")),
    };
    Ok((value, at + 1))
}

fn list(tokens: &[Token], mut at: usize, depth: usize) -> Result<(Value, usize), Unexpected> {
    let mut items = Vec::new();
    while !tokens.get(at).is_some_and(|t| t.is("]")) {
        if at >= tokens.len() {
            return Err(Unexpected {
                at,
                message: "expected a value or `]`",
                help: None,
            });
        }
        let (item, next) = value_at(tokens, at, depth + 1)?;
        items.push(item);
        at = next;
    }
    Ok((Value::List(items), at + 1))
}

fn object(tokens: &[Token], mut at: usize, depth: usize) -> Result<(Value, usize), Unexpected> {
    let mut fields = Vec::new();
    while !tokens.get(at).is_some_and(|t| t.is("}")) {
        let Some(name) = tokens.get(at).and_then(Token::name) else {
            return Err(Unexpected {
                at,
                message: "expected a field name or `}`",
                help: None,
            });
        };
        if !tokens.get(at + 1).is_some_and(|t| t.is(":")) {
            return Err(Unexpected {
                at: at + 1,
                message: "expected `:` and a value",
                help: None,
            });
        }
        let (field, next) = value_at(tokens, at + 2, depth + 1)?;
        fields.push((name.to_string(), field));
        at = next;
    }
    Ok((Value::Object(fields), at + 1))
}

/// Reads the type reference at token `at`; answers it with the index behind it.
pub(super) fn type_ref(tokens: &[Token], at: usize) -> Result<(TypeRef, usize), Unexpected> {
    let lists = tokens[at.min(tokens.len())..]
        .iter()
        .take_while(|t| t.is("["))
        .count();
    if lists > DEEPEST {
        return Err(Unexpected {
            at,
            message: "the type is nested too deep",
            help: None,
        });
    }
    let mut next = at + lists;
    let Some(name) = tokens.get(next).and_then(Token::name) else {
        return Err(Unexpected {
            at: next,
            message: "expected a type",
            help: None,
        });
    };
    let mut ty = TypeRef::Named(name.to_string());
    next += 1;
    ty = bang(tokens, ty, &mut next);
    for _ in 0..lists {
        if !tokens.get(next).is_some_and(|t| t.is("]")) {
            return Err(Unexpected {
                at: next,
                message: "expected `]`",
                help: None,
            });
        }
        next += 1;
        ty = bang(tokens, TypeRef::List(Box::new(ty)), &mut next);
    }
    Ok((ty, next))
}

fn bang(tokens: &[Token], ty: TypeRef, next: &mut usize) -> TypeRef {
    if !tokens.get(*next).is_some_and(|t| t.is("!")) {
        return ty;
    }
    *next += 1;
    TypeRef::NonNull(Box::new(ty))
}

/// From the first byte of token `from` to the last of the token before `to`.
pub(super) fn stretch(tokens: &[Token], from: usize, to: usize) -> Span {
    let (first, last) = (tokens[from].span, tokens[to - 1].span);
    Span {
        end: last.end,
        ..first
    }
}
