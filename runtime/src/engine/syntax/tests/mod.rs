//! The lexer and the reader: what they take, what they make of it, what they refuse and where.

mod oracle;
mod reading;
mod values;

use super::*;

/// The message and the place that refuse a text.
#[track_caller]
pub(super) fn refuses(text: &str, message: &str, place: (u32, u32)) {
    match parse(text, usize::MAX) {
        Ok(_) => panic!("taken: {text}"),
        Err(mistake) => {
            assert_eq!(mistake.message, message, "{text}");
            assert_eq!(super::place(text, mistake.at), place, "{text}");
        }
    }
}

#[track_caller]
pub(super) fn takes(text: &str) -> Document<'_> {
    parse(text, usize::MAX).unwrap_or_else(|mistake| panic!("{mistake}: {text}"))
}
