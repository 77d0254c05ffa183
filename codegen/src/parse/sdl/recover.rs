//! What can be kept of a definition that does not parse: everything but the lines with mistakes.
//!
//! In: a definition and its first fault. Out: further faults, and the definition without the members that could not be
//! read, so that what other definitions say about it is not all wrong.

use super::feed::{self, Fault};
use super::lexer::{Kind, Token};
use super::split::{Piece, Walk};
use super::syntax::Definition;
use crate::diagnostic::Diagnostics;
use crate::source::Source;
use std::ops::Range;

/// More faulty lines than that are not worth the time.
const MOST_LINES: usize = 100;

/// The definition that is left, over tokens of its own.
pub(super) struct Rest {
    pub(super) tokens: Vec<Token>,
    pub(super) piece: Piece,
    pub(super) definition: Definition,
}

/// Leaves out the line of each fault of `piece` until the rest parses; reports faults that do not follow from earlier ones.
pub(super) fn recover(
    walk: &Walk<'_>,
    piece: &Piece,
    fault: &Fault,
    diags: &mut Diagnostics,
) -> Option<Rest> {
    let first = piece.description.or(piece.extend).unwrap_or(piece.keyword);
    let mut tokens = closed(
        &walk.tokens[first..piece.end],
        piece.unclosed.map(|at| at - first),
    )?;
    let mut at = fault.at().checked_sub(first)?;
    let mut gap = None;
    for _ in 0..MOST_LINES {
        if at < tokens.len() {
            (tokens, gap) = leave_out(walk, &tokens, at)?;
        }
        let (piece, fault) = match attempt(walk, &tokens)? {
            (piece, Ok(definition)) => {
                return Some(Rest {
                    tokens,
                    piece,
                    definition,
                });
            }
            (piece, Err(fault)) => (piece, fault),
        };
        at = fault.at();
        if at >= tokens.len() {
            return None;
        }
        if !follows(&fault, gap) {
            fault.report(&tokens, &piece, diags);
        }
    }
    None
}

fn attempt(walk: &Walk<'_>, tokens: &[Token]) -> Option<(Piece, Result<Definition, Fault>)> {
    let piece = Walk { tokens, ..*walk }.piece(0)?;
    Some((piece, feed::parse(&tokens[..piece.end], &piece)))
}

/// Whether a fault stands where a line was left out, and so may come of that.
fn follows(fault: &Fault, gap: Option<usize>) -> bool {
    gap.is_some_and(|gap| (gap..gap + 2).contains(&fault.at()))
}

/// The tokens without the line of token `at` or the one before, whichever is to blame, and where it stood.
///
/// A member that is not finished makes a fault at the beginning of the next one.
fn leave_out(walk: &Walk<'_>, tokens: &[Token], at: usize) -> Option<(Vec<Token>, Option<usize>)> {
    let line = line_of(&tokens[at], walk.source);
    let before = tokens[..at]
        .iter()
        .rposition(|token| !line.contains(&token.span.start));
    let is_first = before.is_some_and(|before| before + 1 == at);
    let order = if is_first {
        [before, Some(at)]
    } else {
        [Some(at), before]
    };
    let mut fallback = None;
    for line_at in order.into_iter().flatten() {
        let mut rest = tokens.to_vec();
        let Some(gap) = leave_out_line(&mut rest, line_at, walk.source) else {
            continue;
        };
        match attempt(walk, &rest)? {
            (_, Err(fault)) if follows(&fault, Some(gap)) => {}
            _ => return Some((rest, Some(gap))),
        }
        fallback = fallback.or(Some((rest, Some(gap))));
    }
    fallback
}

/// The bytes of the line on which a token begins.
fn line_of(token: &Token, source: &Source) -> Range<u32> {
    let place = token.span.start as usize;
    let start = source.text[..place]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let end = source.text[place..]
        .find('\n')
        .map_or(source.text.len(), |length| place + length);
    start as u32..end as u32
}

/// The tokens with every bracket closed that is open from `unclosed` on.
fn closed(tokens: &[Token], unclosed: Option<usize>) -> Option<Vec<Token>> {
    let mut tokens = tokens.to_vec();
    let Some(open) = unclosed else {
        return Some(tokens);
    };
    let mut closers = Vec::new();
    for token in &tokens[open..] {
        match token.kind {
            Kind::Punct("{") => closers.push("}"),
            Kind::Punct("(") => closers.push(")"),
            Kind::Punct("[") => closers.push("]"),
            Kind::Punct(closer @ ("}" | ")" | "]")) => {
                let opened = closers.iter().rposition(|open| *open == closer);
                closers.truncate(opened.unwrap_or(closers.len()));
            }
            _ => {}
        }
    }
    let span = tokens.last()?.span;
    let close = |punct| Token {
        kind: Kind::Punct(punct),
        span,
        faulty: false,
    };
    tokens.extend(closers.into_iter().rev().map(close));
    Some(tokens)
}

/// Removes the tokens of the body that stand on the line of token `at`, or the whole body if nothing else is in it; answers
/// where they stood.
fn leave_out_line(tokens: &mut Vec<Token>, at: usize, source: &Source) -> Option<usize> {
    let open = tokens.iter().position(|token| token.is("{"))?;
    let close = tokens.iter().rposition(|token| token.is("}"))?;
    let line = line_of(&tokens[at], source);
    let on_line = |token: &Token| line.contains(&token.span.start);
    let from = (open + 1..close).find(|i| on_line(&tokens[*i]))?;
    let to = (from..close)
        .find(|i| !on_line(&tokens[*i]))
        .unwrap_or(close);
    if from == open + 1 && to == close {
        tokens.drain(open..=close);
        return Some(open);
    }
    tokens.drain(from..to);
    Some(from)
}
