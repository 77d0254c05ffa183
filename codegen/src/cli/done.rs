//! What a run did to the package's files, for machines.
//!
//! In: a run's output, the files that were written. Out: JSON. Must not know: who reads it.

use super::check;
use crate::diagnostic::Diagnostics;
use crate::merge::How;
use crate::pipeline::Output;
use crate::source::Sources;
use serde_json::{Value, json};

/// One object; coordinates, paths below the package, and places as `file:line`.
pub(super) fn done(
    output: &Output,
    written: &[String],
    diags: &Diagnostics,
    sources: &Sources,
) -> Value {
    let added = output.added.iter();
    let added = added.map(
        |added| json!({ "coordinate": added.coordinate, "file": added.file, "text": added.text }),
    );
    let changed = output.changed.iter().map(|changed| {
        let (how, before) = match &changed.how {
            How::Retyped => ("retyped", None),
            How::Renamed(before) => ("renamed", Some(before)),
            How::Deleted => ("deleted", None),
            How::Detached => ("detached", None),
        };
        json!({
            "coordinate": changed.coordinate, "place": changed.place, "how": how, "before": before,
        })
    });
    let kept = output.kept.iter();
    let kept = kept.map(
        |kept| json!({ "coordinate": kept.coordinate, "place": kept.place, "like": kept.like }),
    );
    let behind = output.behind.iter();
    let behind = behind.map(
        |behind| json!({ "coordinate": behind.coordinate, "place": behind.place, "signature": behind.signature }),
    );
    json!({
        "findings": check::findings(diags, sources),
        "added": added.collect::<Vec<_>>(),
        "changed": changed.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
        "behind": behind.collect::<Vec<_>>(),
        "deleted": output.deleted,
        "written": written,
    })
}
