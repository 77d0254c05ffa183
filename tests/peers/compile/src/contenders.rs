//! The packages: the same schema in each one's way.
//!
//! In: how many types. Out: texts of files. Must not know: what is done with them.

use std::fmt::Write as _;

/// Files of a package: name and text.
pub type Files = Vec<(String, String)>;

/// A way to write the schema.
#[derive(Clone, Copy)]
pub struct Contender {
    /// Name of the package.
    pub name: &'static str,
    /// How the table calls it.
    pub title: &'static str,
    /// Whether it is ours.
    pub ours: bool,
    /// Whether each type has two async resolvers.
    pub resolvers: bool,
    /// The package for so many types.
    pub files: fn(usize) -> Files,
    /// The file that is edited.
    pub edited: &'static str,
    /// The last occurrence of this is changed.
    pub edit: &'static str,
}

/// All of them, ours first.
pub fn all() -> Vec<Contender> {
    let base = Contender {
        name: "gw",
        title: "graphwright, 2 async resolvers a type",
        ours: true,
        resolvers: true,
        files: |n| ours(n, true),
        edited: "src/resolvers/schema.rs",
        edit: "gw::T0::default()",
    };
    let peer = Contender {
        ours: false,
        edited: "src/main.rs",
        edit: "T0::default()",
        ..base
    };
    vec![
        base,
        Contender {
            name: "ag8_complex",
            title: "async-graphql 8, SimpleObject and 2 async resolvers a type",
            files: |n| peer_package("ag8_complex", complex(n)),
            ..peer
        },
        Contender {
            name: "ag8_object",
            title: "async-graphql 8, `#[Object]`, 2 async resolvers a type",
            files: |n| peer_package("ag8_object", object(n)),
            ..peer
        },
        Contender {
            name: "gw_plain",
            title: "graphwright, members only",
            resolvers: false,
            files: |n| ours(n, false),
            ..base
        },
        Contender {
            name: "ag8_simple",
            title: "async-graphql 8, SimpleObject only",
            resolvers: false,
            files: |n| peer_package("ag8_simple", simple(n)),
            ..peer
        },
    ]
}

/// Types refer to each other inside clusters of ten: one chain through 300 types makes rustc's trait solver overflow
/// for async-graphql.
fn near(i: usize, by: usize, n: usize) -> usize {
    (i / 10 * 10 + (i + by) % 10).min(n - 1)
}

/// The types that a root field leads to.
fn roots(n: usize) -> impl Iterator<Item = usize> {
    (0..n).step_by(10)
}

const DEV: &str = "\n[profile.dev.package.\"*\"]\ndebug = false\n";

// ---------- ours ----------

fn ours(n: usize, resolvers: bool) -> Files {
    let name = if resolvers { "gw" } else { "gw_plain" };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ngraphwright = {{ path = \"{root}/runtime\", default-features = false }}\ntokio = {{ version = \"1\", features = [\"rt\", \"time\"] }}\n\n[build-dependencies]\ngraphwright-codegen = {{ path = \"{root}/codegen\" }}\n{DEV}"
    );
    let (mut sdl, mut bodies) = (String::new(), String::new());
    writeln!(sdl, "type Query {{").unwrap();
    bodies.push_str("//! Resolvers.\n\nuse crate::App;\nuse crate::generated as gw;\n\nimpl gw::QueryResolvers for App {\n");
    for i in roots(n) {
        writeln!(sdl, "  t{i}: T{i}!").unwrap();
        writeln!(
            bodies,
            "    async fn t{i}(&self, _: &gw::Context) -> gw::Result<gw::T{i}> {{\n        Ok(gw::T{i}::default())\n    }}\n"
        )
        .unwrap();
    }
    sdl.push_str("}\n");
    bodies.push_str("}\n");
    for i in 0..n {
        let (a, b) = (near(i, 1, n), near(i, 7, n));
        let links = if resolvers {
            format!("next: T{a} @each\n  many(first: Int!): [T{b}!]!")
        } else {
            format!("next: T{a}\n  many: [T{b}!]!")
        };
        writeln!(
            sdl,
            "type T{i} @rust(derive: [\"Default\"]) {{\n  id: Int!\n  name: String!\n  email: String\n  score: Float!\n  active: Boolean!\n  tags: [String!]!\n  {links}\n}}"
        )
        .unwrap();
        if resolvers {
            writeln!(
                bodies,
                "impl gw::T{i}Resolvers for App {{
    async fn next(&self, _: &gw::Context, _: &gw::T{i}) -> gw::Result<Option<gw::T{a}>> {{
        Ok(Some(gw::T{a}::default()))
    }}

    async fn many(&self, _: &gw::Context, parents: &[&gw::T{i}], first: i32) -> gw::Result<gw::Batch<Vec<gw::T{b}>>> {{
        Ok(parents.iter().map(|_| Ok((0..first).map(|_| gw::T{b}::default()).collect())).collect())
    }}
}}
"
            )
            .unwrap();
        }
    }
    let main = "graphwright::include!();\nmod resolvers;\n\npub struct App;\n\nfn main() {
    let server = graphwright::Server::new(App, graphwright::Services::new()).unwrap();
    let request = graphwright::engine::response::Request { query: \"{ t0 { id } }\".to_owned(), ..Default::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let response = runtime.block_on(server.execute(None, \"1\", &request));
    assert_eq!(response.body, b\"{\\\"data\\\":{\\\"t0\\\":{\\\"id\\\":0}}}\");\n}\n";
    vec![
        ("Cargo.toml".into(), manifest),
        (
            "build.rs".into(),
            "fn main() {\n    graphwright_codegen::build();\n}\n".into(),
        ),
        ("schema/schema.graphql".into(), sdl),
        ("src/main.rs".into(), main.into()),
        (
            "src/resolvers/mod.rs".into(),
            "//! Resolvers.\n\npub mod schema;\n".into(),
        ),
        ("src/resolvers/schema.rs".into(), bodies),
    ]
}

// ---------- async-graphql ----------

fn peer_package(name: &str, text: String) -> Files {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nasync-graphql = {{ version = \"=8.0.0-rc.5\", default-features = false }}\ntokio = {{ version = \"1\", features = [\"rt\", \"time\"] }}\n{DEV}"
    );
    let text = format!(
        "#![allow(dead_code)]\n#![recursion_limit = \"1024\"]\nuse async_graphql::*;\n\n{text}"
    );
    vec![
        ("Cargo.toml".into(), manifest),
        ("src/main.rs".into(), text),
    ]
}

const SCALARS: &str =
    "id: i32, name: String, email: Option<String>, score: f64, active: bool, tags: Vec<String>";

fn simple(n: usize) -> String {
    let mut text = String::new();
    for i in 0..n {
        let (a, b) = (near(i, 1, n), near(i, 7, n));
        writeln!(
            text,
            "#[derive(SimpleObject, Clone, Default)]\npub struct T{i} {{ {SCALARS}, next: Option<Box<T{a}>>, many: Vec<T{b}> }}\n"
        )
        .unwrap();
    }
    text + &query(n)
}

fn links(i: usize, n: usize) -> String {
    let (a, b) = (near(i, 1, n), near(i, 7, n));
    format!(
        "    async fn next(&self, _cx: &Context<'_>) -> Result<Option<T{a}>> {{ Ok(Some(T{a}::default())) }}
    async fn many(&self, _cx: &Context<'_>, first: i32) -> Result<Vec<T{b}>> {{ Ok((0..first).map(|_| T{b}::default()).collect()) }}\n"
    )
}

fn complex(n: usize) -> String {
    let mut text = String::new();
    for i in 0..n {
        writeln!(
            text,
            "#[derive(SimpleObject, Clone, Default)]\n#[graphql(complex)]\npub struct T{i} {{ {SCALARS} }}\n\n#[ComplexObject]\nimpl T{i} {{\n{}}}\n",
            links(i, n)
        )
        .unwrap();
    }
    text + &query(n)
}

fn object(n: usize) -> String {
    let mut text = String::new();
    for i in 0..n {
        writeln!(
            text,
            "#[derive(Clone, Default)]\npub struct T{i} {{ {SCALARS} }}\n
#[Object]
impl T{i} {{
    async fn id(&self) -> i32 {{ self.id }}
    async fn name(&self) -> &str {{ &self.name }}
    async fn email(&self) -> Option<&String> {{ self.email.as_ref() }}
    async fn score(&self) -> f64 {{ self.score }}
    async fn active(&self) -> bool {{ self.active }}
    async fn tags(&self) -> &[String] {{ &self.tags }}
{}}}\n",
            links(i, n)
        )
        .unwrap();
    }
    text + &query(n)
}

fn query(n: usize) -> String {
    let mut text = String::from("pub struct Query;\n\n#[Object]\nimpl Query {\n");
    for i in roots(n) {
        writeln!(
            text,
            "    async fn t{i}(&self) -> Result<T{i}> {{ Ok(T{i}::default()) }}"
        )
        .unwrap();
    }
    text + "}\n\nfn main() {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let response = runtime.block_on(schema.execute(\"{ t0 { id } }\"));
    assert_eq!(response.data.to_string(), \"{t0: {id: 0}}\");\n}\n"
}
