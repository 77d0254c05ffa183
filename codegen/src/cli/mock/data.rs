//! The file of `--data`, with its mistakes shown where they are.
//!
//! In: a path. Out: data, or findings. Must not know: schemas.

use super::super::{Failure, Terminal};
use crate::diagnostic::{Code, Diagnostics};
use crate::source::{FileId, Source, Sources, Span};
use graphwright::mock::{Data, Mistake};
use std::path::Path;

/// The data; none when there are mistakes, which are told.
pub(super) fn read(
    dir: &Path,
    path: &Path,
    terminal: &mut Terminal<'_>,
) -> Result<Option<Data>, Failure> {
    let name = path.to_string_lossy().into_owned();
    let text = std::fs::read_to_string(dir.join(path))
        .map_err(|error| Failure::Told(format!("cannot read `{name}`: {error}")))?;
    let (data, mistakes) = match Data::parse(&text) {
        Ok((data, warnings)) => (Some(data), warnings),
        Err(mistakes) => (None, mistakes),
    };
    let mut diagnostics = Diagnostics::default();
    for Mistake {
        offset,
        message,
        is_warning,
        ..
    } in mistakes
    {
        let span = Span::new(FileId(0), offset, usize::from(offset < text.len()));
        match is_warning {
            true => diagnostics.warn(Code::MockData, span, message),
            false => diagnostics.error(Code::MockData, span, message),
        };
    }
    terminal.report(&diagnostics, &Sources(vec![Source { name, text }]))?;
    Ok(data)
}
