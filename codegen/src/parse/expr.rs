//! The language of access rules: `self.published || self.host.id == auth.id`.
//!
//! In: the text of an expression. Out: a tree whose nodes know their bytes. Must not know: which fields exist.

use std::ops::Range;

/// An expression and its bytes in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: Range<usize>,
    pub(crate) kind: Kind,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    /// A bare name: an enum value.
    Name(String),
    /// `auth` and `self` with the fields after them.
    Path(Root, Vec<Step>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Compare(Op, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    List(Vec<Node>),
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Auth,
    Row,
}

/// A field in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: Range<usize>,
    pub(crate) name: String,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Reads an expression.
pub(crate) fn parse(text: &str) -> Result<Node, Mistake> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        end: text.trim_end().len(),
        depth: 0,
    };
    if tokens.is_empty() {
        return Err(mistake(
            0..text.len(),
            "an empty expression",
            Some("`true` for everyone, `false` for nobody"),
        ));
    }
    let node = parser.any()?;
    match parser.peek() {
        None => Ok(node),
        Some(Token::Op(op)) if comparison(op).is_some() => Err(mistake(
            parser.range(),
            "comparisons cannot be chained",
            Some("join two of them with `&&`"),
        )),
        Some(token) => Err(mistake(
            parser.range(),
            format!("unexpected {}", token.show()),
            word_help(token),
        )),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Int(i64),
    Float(f64),
    Str(String),
    Op(&'static str),
}

const OPS: [&str; 16] = [
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-",
];

impl Token {
    fn show(&self) -> String {
        match self {
            Token::Word(word) => format!("`{word}`"),
            Token::Int(n) => format!("`{n}`"),
            Token::Float(n) => format!("`{n}`"),
            Token::Str(_) => "a string".to_owned(),
            Token::Op(op) => format!("`{op}`"),
        }
    }
}

fn mistake(at: Range<usize>, message: impl Into<String>, help: Option<&str>) -> Mistake {
    Mistake {
        at,
        message: message.into(),
        help: help.map(str::to_owned),
    }
}

fn word_help(token: &Token) -> Option<&'static str> {
    match token {
        Token::Word(word) => match word.as_str() {
            "and" | "AND" => Some("write `&&`"),
            "or" | "OR" => Some("write `||`"),
            "not" | "NOT" => Some("write `!(… in …)`"),
            _ => None,
        },
        _ => None,
    }
}

fn tokens(text: &str) -> Result<Vec<(Range<usize>, Token)>, Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (len, token) = if c.is_ascii_alphabetic() || c == '_' {
            let len = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            (len, Token::Word(rest[..len].to_owned()))
        } else if c.is_ascii_digit() {
            number(rest, at)?
        } else if c == '\'' || c == '"' {
            string(rest, at, c)?
        } else if let Some(op) = OPS.iter().find(|op| rest.starts_with(**op)) {
            (op.len(), Token::Op(op))
        } else {
            let help = match c {
                '=' => Some("write `==`"),
                '&' => Some("write `&&`"),
                '|' => Some("write `||`"),
                _ => None,
            };
            return Err(mistake(
                at..at + c.len_utf8(),
                format!("unexpected `{c}`"),
                help,
            ));
        };
        found.push((at..at + len, token));
        at += len;
    }
    Ok(found)
}

fn number(rest: &str, at: usize) -> Result<(usize, Token), Mistake> {
    let len = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .unwrap_or(rest.len());
    let text = &rest[..len];
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(n), _) => Ok((len, Token::Int(n))),
        (_, Ok(n)) if n.is_finite() && !text.ends_with('.') => Ok((len, Token::Float(n))),
        _ => Err(mistake(
            at..at + len,
            format!("`{text}` is not a number"),
            None,
        )),
    }
}

/// A string in either kind of quotes; `\` takes the next character as it is.
fn string(rest: &str, at: usize, quote: char) -> Result<(usize, Token), Mistake> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|(_, c)| c)),
            c if c == quote => return Ok((i + 1, Token::Str(text))),
            c => text.push(c),
        }
    }
    Err(mistake(
        at..at + rest.len(),
        "a string without an end",
        None,
    ))
}

struct Parser<'a> {
    tokens: &'a [(Range<usize>, Token)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Node, Mistake> {
        self.joined("||", Kind::Any, Self::all)
    }

    fn all(&mut self) -> Result<Node, Mistake> {
        self.joined("&&", Kind::All, Self::compare)
    }

    fn joined(
        &mut self,
        op: &str,
        make: fn(Vec<Node>) -> Kind,
        next: fn(&mut Self) -> Result<Node, Mistake>,
    ) -> Result<Node, Mistake> {
        let first = next(self)?;
        let mut parts = vec![first];
        while self.eat(op) {
            parts.push(next(self)?);
        }
        Ok(match <[Node; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => Node {
                at: parts[0].at.start..parts[parts.len() - 1].at.end,
                kind: make(parts),
            },
        })
    }

    fn compare(&mut self) -> Result<Node, Mistake> {
        let left = self.unary()?;
        if let Some(Token::Word(word)) = self.peek()
            && word == "in"
        {
            self.at += 1;
            let right = self.unary()?;
            return Ok(Node {
                at: left.at.start..right.at.end,
                kind: Kind::In(Box::new(left), Box::new(right)),
            });
        }
        let Some(op) = self.peek().and_then(|t| {
            if let Token::Op(op) = t {
                comparison(op)
            } else {
                None
            }
        }) else {
            return Ok(left);
        };
        self.at += 1;
        let right = self.unary()?;
        Ok(Node {
            at: left.at.start..right.at.end,
            kind: Kind::Compare(op, Box::new(left), Box::new(right)),
        })
    }

    fn unary(&mut self) -> Result<Node, Mistake> {
        let start = self.range().start;
        if self.eat("!") {
            self.deeper()?;
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Node {
                at: start..inner.at.end,
                kind: Kind::Not(Box::new(inner)),
            });
        }
        self.primary()
    }

    fn deeper(&mut self) -> Result<(), Mistake> {
        self.depth += 1;
        if self.depth > 100 {
            Err(mistake(
                self.range(),
                "the expression is nested too deeply",
                None,
            ))
        } else {
            Ok(())
        }
    }

    fn primary(&mut self) -> Result<Node, Mistake> {
        let at = self.range();
        let Some(token) = self.peek().cloned() else {
            return Err(mistake(
                at,
                "the expression ends too early",
                Some("a value is missing"),
            ));
        };
        self.at += 1;
        let kind = match token {
            Token::Int(n) => Kind::Int(n),
            Token::Float(n) => Kind::Float(n),
            Token::Str(text) => Kind::Str(text),
            Token::Op("-") => return self.negative(at.start),
            Token::Op("(") => {
                self.deeper()?;
                let inner = self.any()?;
                self.close(")", at)?;
                self.depth -= 1;
                return Ok(inner);
            }
            Token::Op("[") => return self.list(at),
            Token::Word(word) => match word.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "null" => Kind::Null,
                "auth" => return self.path(Root::Auth, at),
                "self" => return self.path(Root::Row, at),
                _ => Kind::Name(word),
            },
            token => {
                return Err(mistake(
                    at,
                    format!("unexpected {}", token.show()),
                    Some("a value is missing before it"),
                ));
            }
        };
        Ok(Node { at, kind })
    }

    fn negative(&mut self, start: usize) -> Result<Node, Mistake> {
        let at = start..self.range().end;
        let kind = match self.peek() {
            Some(Token::Int(n)) => Kind::Int(-n),
            Some(Token::Float(n)) => Kind::Float(-n),
            _ => return Err(mistake(at, "`-` stands only before a number", None)),
        };
        self.at += 1;
        Ok(Node { at, kind })
    }

    fn list(&mut self, open: Range<usize>) -> Result<Node, Mistake> {
        self.deeper()?;
        let mut items = Vec::new();
        while self.peek() != Some(&Token::Op("]")) {
            items.push(self.any()?);
            if !self.eat(",") {
                break;
            }
        }
        let end = self.close("]", open.clone())?;
        self.depth -= 1;
        Ok(Node {
            at: open.start..end,
            kind: Kind::List(items),
        })
    }

    fn path(&mut self, root: Root, first: Range<usize>) -> Result<Node, Mistake> {
        let mut steps = Vec::new();
        let mut end = first.end;
        while self.eat(".") {
            let at = self.range();
            match self.peek() {
                Some(Token::Word(name)) => steps.push(Step {
                    at: at.clone(),
                    name: name.clone(),
                }),
                _ => return Err(mistake(at, "a field is missing after `.`", None)),
            }
            self.at += 1;
            end = at.end;
        }
        Ok(Node {
            at: first.start..end,
            kind: Kind::Path(root, steps),
        })
    }

    fn close(&mut self, op: &str, open: Range<usize>) -> Result<usize, Mistake> {
        let range = self.range();
        if self.eat(op) {
            return Ok(range.end);
        }
        match self.peek() {
            None => Err(mistake(open, format!("`{op}` is missing for this"), None)),
            Some(token) => Err(mistake(
                range,
                format!("expected `{op}`, found {}", token.show()),
                word_help(token),
            )),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    /// The bytes of the next token; the end of the text behind the last.
    fn range(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.end..self.end, |(range, _)| range.clone())
    }

    fn eat(&mut self, op: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Op(o)) if *o == op);
        self.at += usize::from(found);
        found
    }
}

fn comparison(op: &str) -> Option<Op> {
    Some(match op {
        "==" => Op::Eq,
        "!=" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        let all = |nodes: &[Node], by: &str| nodes.iter().map(show).collect::<Vec<_>>().join(by);
        match &node.kind {
            Kind::Null => "null".into(),
            Kind::Bool(b) => b.to_string(),
            Kind::Int(n) => n.to_string(),
            Kind::Float(n) => n.to_string(),
            Kind::Str(s) => format!("{s:?}"),
            Kind::Name(n) => n.clone(),
            Kind::Path(root, steps) => {
                let head = if *root == Root::Auth { "auth" } else { "self" };
                steps
                    .iter()
                    .fold(head.to_owned(), |text, step| text + "." + &step.name)
            }
            Kind::Not(a) => format!("!{}", show(a)),
            Kind::All(parts) => format!("({})", all(parts, " && ")),
            Kind::Any(parts) => format!("({})", all(parts, " || ")),
            Kind::Compare(op, a, b) => format!("{op:?}({}, {})", show(a), show(b)),
            Kind::In(a, b) => format!("In({}, {})", show(a), show(b)),
            Kind::List(items) => format!("[{}]", all(items, ", ")),
        }
    }

    #[test]
    fn trees() {
        for (text, expect) in [
            ("true", "true"),
            (
                "self.published || self.host.id == auth.id",
                "(self.published || Eq(self.host.id, auth.id))",
            ),
            ("a || b && c || !d", "(a || (b && c) || !d)"),
            ("(a || b) && c", "((a || b) && c)"),
            ("!self.a == true", "Eq(!self.a, true)"),
            (
                "auth.role in [HOST, ADMIN,]",
                "In(auth.role, [HOST, ADMIN])",
            ),
            ("ADMIN in auth.roles", "In(ADMIN, auth.roles)"),
            (
                "self.n >= -2 && self.x < 1.5",
                "(Ge(self.n, -2) && Lt(self.x, 1.5))",
            ),
            (
                r#"self.s == 'it\'s' || self.s != "x""#,
                r#"(Eq(self.s, "it's") || Ne(self.s, "x"))"#,
            ),
            ("auth != null", "Ne(auth, null)"),
        ] {
            assert_eq!(
                parse(text).map(|n| show(&n)).as_deref(),
                Ok(expect),
                "{text}"
            );
        }
        let node = parse("  self.a == auth.b ").expect("valid");
        assert_eq!(node.at, 2..18);
    }

    #[test]
    fn mistakes() {
        for (text, at, message) in [
            ("", "", "an empty expression"),
            ("self.a = 1", "=", "unexpected `=`"),
            ("a & b", "&", "unexpected `&`"),
            ("a == b == c", "==", "comparisons cannot be chained"),
            ("a and b", "and", "unexpected `and`"),
            ("(a", "(", "`)` is missing for this"),
            ("[a b]", "b", "expected `]`, found `b`"),
            ("a ||", "", "the expression ends too early"),
            ("self.", "", "a field is missing after `.`"),
            ("|| a", "||", "unexpected `||`"),
            ("1x == 2", "1x", "`1x` is not a number"),
            ("'abc", "'abc", "a string without an end"),
            ("- self.a", "- self", "`-` stands only before a number"),
            ("a ä", "ä", "unexpected `ä`"),
        ] {
            let e = parse(text).expect_err(text);
            assert_eq!((&text[e.at], e.message.as_str()), (at, message), "{text}");
        }
        assert!(parse(&"(".repeat(10_000)).is_err());
        assert!(parse(&"!".repeat(10_000)).is_err());
    }
}
