//! The plan's stubs brought into the user's files, and what is said about it.
//!
//! In: the plan, the crate's texts, the settings. Out: a [`Merge`], and findings where a stub cannot be added.
//! Must not know: whether this run may write.

use super::{
    Added, Ahead, Behind, ByHand, Changed, How, Kept, Merge, Project, Signature, WantedImpl,
    WantedMethod, merge_ahead,
};
use crate::diagnostic::{Code, Diagnostics};
use crate::load::Inputs;
use crate::lock;
use crate::options::{Choices, Layout, Options};
use crate::plan::stubs::{StubKind, StubMethod, StubTrait};
use std::collections::BTreeMap;

/// Longest line of generated text, indentation included.
const WIDTH: usize = 100;

/// Compares the stubs that the plan asks for with the crate's files.
///
/// Reports what must be added by hand as errors, and a folder of stubs outside of the crate as a warning.
pub fn stubs(
    stubs: &[StubTrait],
    inputs: &Inputs,
    ahead: Ahead,
    options: &Options,
    choices: &Choices,
    diags: &mut Diagnostics,
) -> Merge {
    let wanted: Vec<WantedImpl> = stubs
        .iter()
        .map(|stub| wanted(stub, options, choices))
        .collect();
    let titles = titles(stubs, &wanted, inputs, options);
    let docs = |path: &str, _: bool| {
        titles
            .get(path)
            .cloned()
            .unwrap_or_else(|| "//! Stubs.".to_owned())
    };
    let before = lock::parse(&inputs.lock);
    for line in &before.unknown {
        diags
            .general_warning(
                Code::LockLine,
                format!("`{}:{line}` is no entry of a lock", lock::FILE),
            )
            .help("the line goes with the next `graphwright sync`");
    }
    let merge = merge_ahead(
        &inputs.rust,
        ahead,
        &wanted,
        &before,
        choices,
        Project {
            app: &options.app,
            docs: &docs,
        },
    );
    for by_hand in &merge.by_hand {
        report(by_hand, diags);
    }
    for (file, module) in &merge.outside {
        diags
            .general_warning(
                Code::StubsOutside,
                format!("`{file}` is not part of the crate"),
            )
            .help(format!(
                "add `pub mod {module};` to `src/lib.rs` (or `src/main.rs`)"
            ));
    }
    if let Some(broken) = &merge.gate {
        diags
            .general(Code::StubGate, format!("nothing was written: {broken}"))
            .help("this is a mistake in graphwright itself; please report it with the file");
    }
    merge
}

/// What a run that may not write has to say about the additions that it would have made.
pub fn missing(added: &[Added], changed: &[Changed], diags: &mut Diagnostics) {
    // A new file comes with its `mod` line, which needs no words of its own then.
    let methods = added.iter().any(|added| added.coordinate.is_some());
    for added in added
        .iter()
        .filter(|added| added.coordinate.is_some() || !methods)
    {
        let (message, help) = match &added.coordinate {
            Some(coordinate) => (
                format!("`{coordinate}` has no method in the crate"),
                format!(
                    "run `graphwright sync`, or add to `{}`:\n\n{}",
                    added.file, added.text
                ),
            ),
            None => (
                format!("`{}` lacks `{}`", added.file, added.text),
                "run `graphwright sync`, or add the line".to_owned(),
            ),
        };
        match added.span {
            Some(span) => diags.error(Code::StubMissing, span, message).help(help),
            None => diags.general(Code::StubMissing, message).help(help),
        };
    }
    for changed in changed {
        let Changed {
            coordinate, place, ..
        } = changed;
        let message = match &changed.how {
            How::Retyped => {
                format!("the method of `{coordinate}` at `{place}` does not follow the schema")
            }
            How::Renamed(before) => {
                format!("the method at `{place}` is still that of `{before}`, now `{coordinate}`")
            }
            How::Deleted | How::Detached => {
                format!("`{coordinate}` is gone, and its stub still stands at `{place}`")
            }
        };
        let help = "run `graphwright sync`, and commit what it writes";
        match changed.span {
            Some(span) => diags.error(Code::StubStale, span, message).help(help),
            None => diags.general(Code::StubStale, message).help(help),
        };
    }
}

/// What is said of edited methods whose field is gone: an error, or in a build, where rustc will point at the method as
/// well, a warning.
pub fn kept(kept: &[Kept], warn: bool, diags: &mut Diagnostics) {
    for kept in kept {
        let message = gone_message(kept);
        match warn {
            true => diags.general_warning(Code::StubGone, message),
            false => diags.general(Code::StubGone, message),
        }
        .help(gone_help(kept));
    }
}

fn gone_message(kept: &Kept) -> String {
    let Kept {
        coordinate, place, ..
    } = kept;
    format!("`{coordinate}` is gone, and the method at `{place}` holds what you wrote")
}

fn gone_help(kept: &Kept) -> String {
    let Kept {
        coordinate, like, ..
    } = kept;
    let rename = like.as_ref().map_or(String::new(), |like| {
        format!("\n  graphwright sync --rename {coordinate}={like}   it is `{like}` now")
    });
    format!(
        "nothing was touched; say what it is to become:{rename}\n  graphwright sync --detach {coordinate}   a method of your own\n  graphwright sync --delete {coordinate}   gone"
    )
}

/// What is said of methods that rustc is certain to refuse, and that a merge of branches may have left: an error, or in a
/// build, where rustc says the same, a warning.
pub fn behind(behind: &[Behind], warn: bool, diags: &mut Diagnostics) {
    for behind in behind {
        let Behind {
            coordinate,
            place,
            signature,
            ..
        } = behind;
        let message = format!(
            "the method of `{coordinate}` at `{place}` does not follow the schema, though `{}` says that it does",
            lock::FILE
        );
        let follow = match behind.can_follow {
            true => format!("run `graphwright sync --follow {coordinate}`, or make its signature"),
            false => "make its signature".to_owned(),
        };
        let help = format!(
            "nothing was touched, for the change may be yours; where a merge of branches took one side's file, it is to catch up:\n{follow}:\n\n{signature}"
        );
        match (behind.span, warn) {
            (Some(span), true) => diags.warn(Code::StubBehind, span, message),
            (Some(span), false) => diags.error(Code::StubBehind, span, message),
            (None, true) => diags.general_warning(Code::StubBehind, message),
            (None, false) => diags.general(Code::StubBehind, message),
        }
        .help(help);
    }
}

/// What is said of something that is left to a hand.
fn report(by_hand: &ByHand, diags: &mut Diagnostics) {
    let code = if by_hand.syntax {
        Code::StubSyntax
    } else {
        Code::StubByHand
    };
    let ByHand {
        coordinates,
        place,
        reason,
        patch,
        ..
    } = by_hand;
    let what: Vec<String> = coordinates.iter().map(|c| format!("`{c}`")).collect();
    let message = match what.as_slice() {
        [one] if by_hand.signature => {
            format!(
                "the method of {one} at `{place}` does not follow the schema, and cannot be edited: {reason}"
            )
        }
        [] => format!("`{place}` needs another module, and cannot be edited: {reason}"),
        [one] => format!("{one} has no method, and `{place}` cannot be edited: {reason}"),
        many => format!(
            "{} have no methods, and `{place}` cannot be edited: {reason}",
            many.join(", ")
        ),
    };
    let help = match by_hand.syntax {
        _ if by_hand.signature => format!("its signature is now:\n\n{patch}"),
        true => format!("mend the file and build again, or add:\n\n{patch}"),
        false => format!("add by hand:\n\n{patch}"),
    };
    match by_hand.span {
        Some(span) => diags.error(code, span, message).help(help),
        None => diags.general(code, message).help(help),
    };
}

pub(super) fn wanted(stub: &StubTrait, options: &Options, choices: &Choices) -> WantedImpl {
    let folder = match stub.kind {
        StubKind::Job => &options.jobs_dir,
        StubKind::Resolver | StubKind::Auth | StubKind::Hooks => &options.resolvers,
    };
    let module = match options.layout {
        Layout::File => &stub.module,
        Layout::Type => &stub.module_by_type,
    };
    WantedImpl {
        trait_name: stub.trait_name.clone(),
        file: format!("{folder}/{module}.rs"),
        folder: folder.clone(),
        methods: stub.methods.iter().map(|m| method(m, choices)).collect(),
    }
}

fn method(method: &StubMethod, choices: &Choices) -> WantedMethod {
    // Descriptions live on the trait, where they follow the schema; a copy here would not.
    let body: String = method
        .body
        .iter()
        .map(|line| format!("    {line}\n"))
        .collect();
    WantedMethod {
        name: method.name.clone(),
        coordinate: method.gql.clone(),
        span: method.span,
        text: format!("{} {{\n{body}}}\n", signature(method)),
        signature: Signature {
            params: method
                .params
                .iter()
                .map(|p| (p.name.clone(), p.ty.clone()))
                .collect(),
            returns: method.returns.clone(),
        },
        formerly: formerly(&method.gql, &choices.renames),
        renamed_params: choices
            .arguments
            .get(&method.gql)
            .cloned()
            .unwrap_or_default(),
    }
}

/// What a coordinate was called before its field, its type or both got new names.
fn formerly(coordinate: &str, renames: &BTreeMap<String, String>) -> Vec<String> {
    let before = |now: &str| {
        renames
            .iter()
            .find(|(_, to)| *to == now)
            .map(|(from, _)| from.clone())
    };
    let Some((ty, field)) = coordinate.split_once('.') else {
        return before(coordinate).into_iter().collect();
    };
    let of_type = before(ty).map(|ty| format!("{ty}.{field}"));
    before(coordinate).into_iter().chain(of_type).collect()
}

/// The signature, one parameter a line where it is too long for one.
fn signature(method: &StubMethod) -> String {
    if method.signature.chars().count() + " {".len() + 4 <= WIDTH {
        return method.signature.clone();
    }
    let params: String = method
        .params
        .iter()
        .map(|p| format!("    {}: {},\n", p.name, p.ty))
        .collect();
    format!(
        "async fn {}{}(\n    {},\n{params}) -> {}",
        method.name, method.generics, method.receiver, method.returns
    )
}

/// The first line of each file that may be made.
fn titles(
    stubs: &[StubTrait],
    wanted: &[WantedImpl],
    inputs: &Inputs,
    options: &Options,
) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::from([
        (
            format!("{}/mod.rs", options.resolvers),
            "//! What the schema leaves to be written: one module for each file of it.".to_owned(),
        ),
        (
            format!("{}/mod.rs", options.jobs_dir),
            format!("//! The jobs of `{}`.", options.jobs),
        ),
    ]);
    for (stub, want) in stubs.iter().zip(wanted) {
        let title = match (stub.kind, options.layout, stub.span) {
            (StubKind::Job, ..) => format!("//! The job `{}`.", stub.of),
            (StubKind::Auth, ..) => "//! Who calls.".to_owned(),
            (StubKind::Hooks, ..) => {
                "//! What the schema's own directives do before a field is answered.".to_owned()
            }
            (_, Layout::File, Some(span)) => format!(
                "//! Resolvers of `{}`.",
                inputs.sources.file(span.file).name
            ),
            _ => format!("//! Resolvers of `{}`.", stub.of),
        };
        titles.entry(want.file.clone()).or_insert(title);
    }
    titles
}
