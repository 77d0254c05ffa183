//! YAML 1.2 as a small tree that knows where every key and value stands.
//!
//! In: the text of a file. Out: one [`Node`]. Must not know: which keys there are.

use crate::diagnostic::{Code, Diagnostics};
use crate::source::{FileId, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Range, StrInput};
use std::collections::HashMap;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Where it stands, quotes included.
    pub(crate) span: Span,
    /// The value.
    pub(crate) value: Yaml,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    /// A scalar; `plain` if it stands without quotes, so that it may be a number, a boolean or null.
    Scalar { text: String, plain: bool },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, without duplicates.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// Where it stands.
    pub(crate) span: Span,
    /// Its text.
    pub(crate) text: String,
}

/// What a plain scalar means by the core schema of YAML 1.2.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Core {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

/// Reads the one document of a file; `None` after an error, or if there is nothing in it.
pub(super) fn parse(file: FileId, text: &str, diags: &mut Diagnostics) -> Option<Node> {
    let mut reader = Reader {
        file,
        text,
        bytes: byte_offsets(text),
        parser: Parser::new_from_str(text),
        diags,
    };
    match reader.document() {
        Ok(node) => node,
        Err(Stop::Told) => None,
        Err(Stop::Scan(e)) => {
            reader.scan_error(&e);
            None
        }
    }
}

/// What a plain scalar means.
pub(crate) fn core(text: &str) -> Core {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Core::Null,
        "true" | "True" | "TRUE" => return Core::Bool(true),
        "false" | "False" | "FALSE" => return Core::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |prefix, radix| {
        text.strip_prefix(prefix)
            .and_then(|t| i64::from_str_radix(t, radix).ok())
    };
    if let Some(n) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Core::Int(n);
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !digits.ends_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return Core::Text;
    }
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(n), _) => Core::Int(n),
        (_, Ok(f)) => Core::Float(f),
        _ => Core::Text,
    }
}

impl Node {
    /// What kind of value this is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Yaml::List(_) => "a list",
            Yaml::Map(_) => "a mapping",
            Yaml::Scalar { plain: false, .. } => "text",
            Yaml::Scalar { text, .. } => match core(text) {
                Core::Null => "nothing",
                Core::Bool(_) => "a boolean",
                Core::Int(_) | Core::Float(_) => "a number",
                Core::Text => "text",
            },
        }
    }

    /// Whether it is null, or nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Yaml::Scalar { text, plain: true } if core(text) == Core::Null)
    }

    /// The entries of a mapping.
    pub(crate) fn entries(&self) -> Option<&[(Key, Node)]> {
        match &self.value {
            Yaml::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The span of some bytes of a scalar's text; of the whole scalar where escapes or line breaks stand between.
    pub(crate) fn part(&self, source: &str, start: usize, end: usize) -> Span {
        let Yaml::Scalar { text, plain } = &self.value else {
            return self.span;
        };
        let at = self.span.start as usize + usize::from(!plain);
        if source.get(at..at + text.len()) != Some(text) {
            return self.span;
        }
        Span::new(self.span.file, at + start, end - start)
    }
}

enum Stop {
    Scan(ScanError),
    Told,
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// Byte offset of each character, and of the end.
    bytes: Vec<u32>,
    parser: Parser<'a, StrInput<'a>>,
    diags: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentStart(_), range) if root.is_some() => {
                    let span = self.span(range);
                    return Err(self.told(
                        span,
                        "a second document",
                        "a manifest is one YAML document; remove the `---`",
                    ));
                }
                (
                    Event::StreamStart
                    | Event::DocumentStart(_)
                    | Event::DocumentEnd
                    | Event::Nothing,
                    _,
                ) => {}
                (event, range) => root = Some(self.node(event, range, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, range: Range, depth: usize) -> Result<Node, Stop> {
        let span = self.span(range);
        if depth > 50 {
            return Err(self.told(
                span,
                "nested too deeply",
                "a manifest needs no more than a few levels",
            ));
        }
        if let Event::SequenceStart(_, Some(_))
        | Event::MappingStart(_, Some(_))
        | Event::Scalar(.., Some(_)) = event
        {
            return Err(self.told(
                span,
                "a tag",
                "write the value without `!`; quote text that begins with `!`",
            ));
        }
        if let Event::SequenceStart(1.., _)
        | Event::MappingStart(1.., _)
        | Event::Scalar(_, _, 1.., _)
        | Event::Alias(_) = event
        {
            let message = if matches!(event, Event::Alias(_)) {
                "an alias"
            } else {
                "an anchor"
            };
            return Err(self.told(
                span,
                message,
                "write the value out, or use `defaults`; quote text that begins with `&` or `*`",
            ));
        }
        match event {
            Event::Scalar(text, style, ..) => Ok(Node {
                span,
                value: Yaml::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                },
            }),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, end) => {
                            return Ok(Node {
                                span: self.through(span, end),
                                value: Yaml::List(items),
                            });
                        }
                        (event, range) => items.push(self.node(event, range, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => self.mapping(span, depth),
            _ => Err(self.told(span, "unexpected YAML", "expected a value")),
        }
    }

    fn mapping(&mut self, start: Span, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        loop {
            let (event, range) = self.next()?;
            if event == Event::MappingEnd {
                let span = entries.first().map_or(start, |(key, _)| Span {
                    start: start.start.min(key.span.start),
                    ..start
                });
                return Ok(Node {
                    span: self.through(span, range),
                    value: Yaml::Map(entries),
                });
            }
            let key = self.node(event, range, depth + 1)?;
            let Yaml::Scalar { text, .. } = key.value else {
                return Err(self.told(key.span, "a key that is not text", "keys are single words"));
            };
            let (event, range) = self.next()?;
            let value = self.node(event, range, depth + 1)?;
            if let Some(first) = seen.get(&text) {
                self.diags
                    .error(
                        Code::ManifestDuplicateKey,
                        key.span,
                        format!("the key `{text}` is there twice"),
                    )
                    .note(*first, "the first is here");
            } else {
                seen.insert(text.clone(), key.span);
                entries.push((
                    Key {
                        span: key.span,
                        text,
                    },
                    value,
                ));
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Range), Stop> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(e)) => Err(Stop::Scan(e)),
            None => Ok((Event::StreamEnd, Range::default())),
        }
    }

    fn told(&mut self, span: Span, message: &str, help: &str) -> Stop {
        self.diags
            .error(
                Code::ManifestSyntax,
                span,
                format!("{message} is not supported in a manifest"),
            )
            .help(help);
        Stop::Told
    }

    /// An error of the scanner; tabs get an explanation of their own.
    fn scan_error(&mut self, e: &ScanError) {
        let at = self.byte(*e.marker());
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..blank].find('\t')
                && offset <= at
                && at <= offset + line.len()
            {
                let span = Span::new(self.file, offset + tab, 1);
                self.diags
                    .error(Code::ManifestSyntax, span, "a tab in the indentation")
                    .help("YAML is indented by spaces");
                return;
            }
            offset += line.len();
        }
        if let Some((message, help)) = quotes(&self.text[..at], &self.text[at..]) {
            self.diags
                .error(Code::ManifestSyntax, Span::new(self.file, at, 1), message)
                .help(help);
            return;
        }
        let info = e.info().trim_end_matches('.');
        self.diags.error(
            Code::ManifestSyntax,
            Span::new(self.file, at, 0),
            format!("this is not valid YAML: {info}"),
        );
    }

    fn byte(&self, marker: Marker) -> usize {
        self.bytes[marker.index().min(self.bytes.len() - 1)] as usize
    }

    fn span(&self, range: Range) -> Span {
        let start = self.byte(range.start);
        let text = &self.text[start..self.byte(range.end).max(start)];
        Span::new(self.file, start, text.trim_end().len())
    }

    /// From the beginning of one to the end of another, without the blanks at the end.
    fn through(&self, start: Span, end: Range) -> Span {
        let from = start.start as usize;
        let text = &self.text[from..self.byte(end.end).max(from)];
        Span::new(self.file, from, text.trim_end().len())
    }
}

/// What is wrong where text lacks its quotes: cron expressions and list types.
fn quotes(before: &str, after: &str) -> Option<(String, &'static str)> {
    let first = after.chars().next()?;
    match first {
        '*' | '@' | '%' | '`' | '&' => Some((
            format!("text that begins with `{first}` needs quotes"),
            "such as `schedule: \"*/5 * * * *\"`",
        )),
        '!' if before.ends_with(']') => Some((
            "a list type with `!` needs quotes".to_owned(),
            "such as `\"[ID!]!\"`",
        )),
        _ => None,
    }
}

fn byte_offsets(text: &str) -> Vec<u32> {
    text.char_indices()
        .map(|(at, _)| at as u32)
        .chain([text.len() as u32])
        .collect()
}
