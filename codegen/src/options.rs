//! The settings of a project: `[package.metadata.graphwright]` in its `Cargo.toml`.
//!
//! In: the text of `Cargo.toml`. Out: [`Options`], and findings about keys that do not exist or hold the wrong kind
//! of value. Must not know: the file system, the environment, what the settings lead to.

use crate::diagnostic::{Code, Diagnostics};
use crate::source::{FileId, Source, Span};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The settings of a project. Paths are relative to the package, with `/`.
///
/// `Options::default()` holds the values that a project without settings has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// `schema`: the SDL files; `*`, `?`, `**` and `[…]` are wild. Default: `schema/*.graphql`.
    pub schema: Vec<String>,
    /// `jobs`: the manifest of jobs, which need not exist. Default: `jobs.yaml`.
    pub jobs: String,
    /// `app`: the type that implements the generated traits. Default: `crate::App`.
    pub app: String,
    /// `resolvers`: the folder of resolver stubs. Default: `src/resolvers`.
    pub resolvers: String,
    /// `jobs-dir`: the folder of job stubs. Default: `src/jobs`.
    pub jobs_dir: String,
    /// `migrations`: the folder of SQL migrations. Default: `migrations`.
    pub migrations: String,
    /// `stubs`: whether a build may touch stub files. Default: `"write"`.
    pub stubs: StubMode,
    /// `layout`: which stubs share a file. Default: `"file"`.
    pub layout: Layout,
    /// Not a setting: whether this run takes the models as what the migrations lead to (`--accept-migrations`).
    pub accept_migrations: bool,
    /// What is to become of stubs that no field wants any more, and which fields have a new name. Never set by a manifest.
    pub choices: Choices,
}

/// Whether a build may touch stub files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StubMode {
    /// `"write"`: a development build adds what is missing; everywhere else a missing stub is an error.
    #[default]
    Write,
    /// `"check"`: a missing stub is an error; `graphwright sync` adds it.
    Check,
}

/// Which stubs share a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// `"file"`: one stub file for each SDL file.
    #[default]
    File,
    /// `"type"`: one stub file for each type.
    Type,
}

const KEYS: &[&str] = &[
    "schema",
    "jobs",
    "app",
    "resolvers",
    "jobs-dir",
    "migrations",
    "stubs",
    "layout",
];

impl Default for Options {
    fn default() -> Self {
        Options {
            schema: vec!["schema/*.graphql".into()],
            jobs: "jobs.yaml".into(),
            app: "crate::App".into(),
            resolvers: "src/resolvers".into(),
            jobs_dir: "src/jobs".into(),
            migrations: "migrations".into(),
            stubs: StubMode::Write,
            layout: Layout::File,
            accept_migrations: false,
            choices: Choices::default(),
        }
    }
}

/// What a user wants done that is not done without asking. All are coordinates such as `Query.search`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Methods of removed fields that move to an `impl` without a trait.
    pub detach: BTreeSet<String>,
    /// Methods of removed fields that go, edited or not.
    pub delete: BTreeSet<String>,
    /// Methods that take the signature that the schema asks for though the lock says that they have it.
    pub follow: BTreeSet<String>,
    /// Fields (`Type.field`) and types that have a new name: (before, now).
    pub renames: BTreeMap<String, String>,
    /// Arguments that have a new name, by the coordinate of their field: (now, before).
    pub arguments: BTreeMap<String, Vec<(String, String)>>,
    /// Whether stubs are to be moved to the files that the layout names.
    pub relayout: bool,
    /// Whether methods of removed fields stay even where nobody has touched them.
    pub keep_all: bool,
}

impl Options {
    /// Reads the settings out of a `Cargo.toml`. What cannot be used is reported and keeps its default.
    pub fn from_manifest(file: FileId, manifest: &Source, diags: &mut Diagnostics) -> Options {
        let mut options = Options::default();
        let (root, errors) = DeTable::parse_recoverable(&manifest.text);
        for error in errors {
            let at = error.span().unwrap_or_default();
            diags.error(
                Code::Settings,
                span(file, &at),
                format!("{}: {}", manifest.name, error.message()),
            );
        }
        let Some(table) = section(&root) else {
            return options;
        };
        match table.get_ref() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    read_key(&mut options, file, key, value, diags);
                }
            }
            _ => {
                diags.error(
                    Code::Settings,
                    span(file, &table.span()),
                    "`package.metadata.graphwright` is not a table",
                );
            }
        }
        options
    }
}

/// `package.metadata.graphwright`, if it is there.
fn section<'a, 'i>(root: &'a Spanned<DeTable<'i>>) -> Option<&'a Spanned<DeValue<'i>>> {
    root.get_ref()
        .get("package")?
        .get_ref()
        .get("metadata")?
        .get_ref()
        .get("graphwright")
}

fn read_key(
    options: &mut Options,
    file: FileId,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    diags: &mut Diagnostics,
) {
    let at = span(file, &value.span());
    let wrong = |diags: &mut Diagnostics, expected: &str| {
        let found = match value.get_ref().as_str() {
            Some(text) => format!("`{text}`"),
            None => value.get_ref().type_str().to_owned(),
        };
        diags.error(
            Code::Settings,
            at,
            format!("`{}` is {expected}, found {found}", key.get_ref()),
        );
    };
    let text = value.get_ref().as_str();
    let path = |slot: &mut String, diags: &mut Diagnostics| match text {
        Some(text) => *slot = text.trim_end_matches('/').to_owned(),
        None => wrong(diags, "a path"),
    };
    match &**key.get_ref() {
        "schema" => match strings(value.get_ref()) {
            Some(list) if !list.is_empty() => options.schema = list,
            _ => wrong(diags, "a path or a list of paths"),
        },
        "jobs" => path(&mut options.jobs, diags),
        "resolvers" => path(&mut options.resolvers, diags),
        "jobs-dir" => path(&mut options.jobs_dir, diags),
        "migrations" => path(&mut options.migrations, diags),
        "app" => match text {
            Some(text) if syn::parse_str::<syn::Path>(text).is_ok() => {
                options.app = text.to_owned()
            }
            _ => wrong(diags, "the path of a Rust type such as \"crate::App\""),
        },
        "stubs" => match text {
            Some("write") => options.stubs = StubMode::Write,
            Some("check") => options.stubs = StubMode::Check,
            _ => wrong(diags, "\"write\" or \"check\""),
        },
        "layout" => match text {
            Some("file") => options.layout = Layout::File,
            Some("type") => options.layout = Layout::Type,
            _ => wrong(diags, "\"file\" or \"type\""),
        },
        unknown => {
            let help = match crate::diagnostic::closest(unknown, KEYS.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("the settings are {}", KEYS.join(", ")),
            };
            diags
                .error(
                    Code::Settings,
                    span(file, &key.span()),
                    format!("unknown setting `{unknown}`"),
                )
                .help(help);
        }
    }
}

/// A string, or a list of them.
fn strings(value: &DeValue<'_>) -> Option<Vec<String>> {
    if let Some(one) = value.as_str() {
        return Some(vec![one.to_owned()]);
    }
    value
        .as_array()?
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}

fn span(file: FileId, range: &std::ops::Range<usize>) -> Span {
    Span::new(file, range.start, range.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Options, Vec<(String, u32)>) {
        let source = Source {
            name: "Cargo.toml".into(),
            text: text.into(),
        };
        let mut diags = Diagnostics::default();
        let options = Options::from_manifest(FileId(0), &source, &mut diags);
        let found = diags.sorted().into_iter().map(|d| {
            let help = d.help.as_deref().unwrap_or_default();
            (
                format!("{} | {help}", d.message),
                d.span.map_or(0, |s| s.start),
            )
        });
        (options, found.collect())
    }

    #[test]
    fn no_settings_are_the_defaults() {
        assert_eq!(
            read("[package]\nname = \"x\"\n"),
            (Options::default(), vec![])
        );
    }

    #[test]
    fn every_setting_is_read() {
        let (options, found) = read(
            "[package.metadata.graphwright]\nschema = [\"a.graphql\", \"b/*.graphql\"]\njobs = \"j.yaml\"\napp = \"crate::state::Server\"\n\
             resolvers = \"src/api/\"\njobs-dir = \"src/tasks\"\nmigrations = \"db\"\nstubs = \"check\"\nlayout = \"type\"\n",
        );
        assert_eq!(found, vec![]);
        assert_eq!(
            options,
            Options {
                schema: vec!["a.graphql".into(), "b/*.graphql".into()],
                jobs: "j.yaml".into(),
                app: "crate::state::Server".into(),
                resolvers: "src/api".into(),
                jobs_dir: "src/tasks".into(),
                migrations: "db".into(),
                stubs: StubMode::Check,
                layout: Layout::Type,
                accept_migrations: false,
                choices: Choices::default(),
            }
        );
    }

    #[test]
    fn an_unknown_key_is_an_error_at_the_key() {
        let text = "[package.metadata.graphwright]\nresolver = \"src/r\"\n";
        let (_, found) = read(text);
        assert_eq!(
            found,
            vec![(
                "unknown setting `resolver` | did you mean `resolvers`?".to_owned(),
                text.find("resolver =").unwrap() as u32
            )]
        );
    }

    #[test]
    fn wrong_values_are_all_reported() {
        let (options, found) = read(
            "package.metadata.graphwright = { schema = 3, app = \"not a path\", stubs = \"no\", jobs = true, schema2 = 1 }",
        );
        assert_eq!(options, Options::default());
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(
            found[0]
                .0
                .starts_with("`schema` is a path or a list of paths, found integer"),
            "{found:?}"
        );
    }

    #[test]
    fn a_broken_manifest_is_reported_with_its_place() {
        let (_, found) = read("[package\nname = 3");
        assert!(!found.is_empty());
        assert!(found[0].0.starts_with("Cargo.toml: "), "{found:?}");
    }
}
