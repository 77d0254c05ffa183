//! What users have to write, described so that `merge` and the templates need no decisions of their own.
//!
//! In: nothing; filled by the rest of `plan`. Out: names and texts, ready to be printed into a stub file.
//! Must not know: what the user's files hold already.
//!
//! Texts are those of a file whose only imports are `use crate::generated as gw;` and `use crate::App;`.

use crate::source::Span;

/// A trait that the application has to implement, in one `impl` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubTrait {
    /// What it is for, and with it whether the file lies in the resolvers' or the jobs' folder.
    pub kind: StubKind,
    /// Name of the module, and of the file without `.rs`, that a new `impl` goes to. Never a keyword.
    /// Several traits may share it.
    pub module: String,
    /// The module under the setting `layout = "type"`.
    pub module_by_type: String,
    /// Name of the trait, found in `gw`: `QueryResolvers`. May be a raw identifier.
    pub trait_name: String,
    /// The path that a new `impl` uses: `gw::QueryResolvers`.
    pub trait_path: String,
    /// The type that implements it, as its path stands in the settings: `crate::App`.
    pub app: String,
    /// The GraphQL type or the job.
    pub of: String,
    /// Where that is defined.
    pub span: Option<Span>,
    /// The methods, in the order of the schema. Never empty.
    pub methods: Vec<StubMethod>,
}

/// What a stub is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StubKind {
    /// Fields of a GraphQL type.
    Resolver,
    /// `authenticate`, for a schema with an `@auth` type; lies with the resolvers.
    Auth,
    /// Directives with a hook; lies with the resolvers.
    Hooks,
    /// A job of the manifest.
    Job,
}

/// A method that the application has to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubMethod {
    /// What it answers: `Query.search`; for a job, its name.
    pub gql: String,
    /// The method's name. May be a raw identifier.
    pub name: String,
    /// `async fn search(&self, cx: &gw::Context, text: String) -> gw::Result<Vec<gw::Listing>>`, on one line, without the body.
    pub signature: String,
    /// What stands behind the name: `<'r>` where the answer borrows, or nothing.
    pub generics: &'static str,
    /// The receiver: `&self`, or `&'r self` where the answer borrows.
    pub receiver: &'static str,
    /// The parameters behind the receiver.
    pub params: Vec<StubParam>,
    /// The type behind the arrow.
    pub returns: String,
    /// The lines of the body that a new stub gets, unindented: free of warnings, answering a clear error.
    pub body: Vec<String>,
    /// Lines of documentation: the schema's description, without `///`.
    pub doc: Vec<String>,
    /// Where the field or the job is defined.
    pub span: Option<Span>,
}

/// A parameter of a stub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubParam {
    /// Its name. May be a raw identifier.
    pub name: String,
    /// Its type.
    pub ty: String,
}

impl StubMethod {
    /// A method with its signature put together.
    pub(super) fn new(gql: String, name: String, params: Vec<StubParam>, returns: String) -> Self {
        let (generics, receiver) = if returns.contains("&'r ") {
            ("<'r>", "&'r self")
        } else {
            ("", "&self")
        };
        let mut signature = format!("async fn {name}{generics}({receiver}");
        let mut used = String::new();
        for param in &params {
            signature.push_str(&format!(", {}: {}", param.name, param.ty));
            used.push_str(if used.is_empty() { "" } else { ", " });
            used.push_str(&param.name);
        }
        signature.push_str(&format!(") -> {returns}"));
        let ignore = if params.len() == 1 {
            format!("let _ = {used};")
        } else {
            format!("let _ = ({used});")
        };
        let answer = format!("Err(gw::Error::not_implemented({gql:?}))");
        StubMethod {
            gql,
            name,
            signature,
            generics,
            receiver,
            params,
            returns,
            body: vec![ignore, answer],
            doc: Vec::new(),
            span: None,
        }
    }

    /// The whole method as it goes into an `impl`, unindented, without a line feed at the end.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.doc {
            text.push_str(format!("/// {line}").trim_end());
            text.push('\n');
        }
        text.push_str(&self.signature);
        text.push_str(" {\n");
        for line in &self.body {
            text.push_str(&format!("    {line}\n"));
        }
        text.push('}');
        text
    }
}
