//! What is told about fields, types, arguments, jobs.

use super::*;
use crate::load::Inputs;
use crate::options::Options;
use crate::{merge, pipeline};

const SCHEMA: &str = r#"
"Where queries start."
type Query {
  "Finds books."
  find(text: String! @cost(weight: "2"), first: Int = 5): [Book!] @cost(weight: "3") @deprecated(reason: "too slow")
  secret: Int @access(if: "auth.role == ADMIN")
  open: Shelf
  books: [Book!]! @list(max: 50)
}
enum Role { "Reads." READER ADMIN }
type Me @auth { id: ID! role: Role! }
type Book @model @access(read: "self.published", create: "auth.role == ADMIN") {
  id: ID!
  title: String! @unique @filter
  published: Boolean! @default(value: false)
  secret: String @access(read: "auth.role == ADMIN")
  author: Author! @belongsTo(onDelete: CASCADE)
  rating(scale: Int): Float @resolver
  similar: [Book!]! @each(perItem: true)
}
type Author @model @access(read: "true") { id: ID! name: String! books: [Book!]! @hasMany(paginate: CURSOR, max: 30) }
interface Named { name: String! }
type Shelf implements Named @cacheControl(maxAge: 60) { name: String! kept: Int @cacheControl(inheritMaxAge: true) }
input Filter { text: String! kind: Kind }
enum Kind { NOVEL }
type Mutation { keep(filter: Filter): Int }
"#;

const JOBS: &str = "version: 1
jobs:
  tidy:
    description: Tidies up.
    args: { filter: Filter! }
    schedule: { cron: \"0 3 * * *\", args: { filter: { text: x } } }
";

fn told(coordinate: &str) -> Result<String, Unknown> {
    let mut inputs = Inputs::default();
    inputs.add_schema("a.graphql", SCHEMA);
    inputs.set_jobs("jobs.yaml", JOBS);
    inputs.rust.insert(
        "src/lib.rs".into(),
        "mod x {}\nimpl gw::QueryResolvers for App {\n    async fn find(&self) {}\n}\n".into(),
    );
    let options = Options::default();
    let mut diags = crate::diagnostic::Diagnostics::default();
    let (ir, plan, _) = pipeline::planned(&inputs, &options, &mut diags)
        .unwrap_or_else(|| panic!("{}", diags.render(&inputs.sources, false)));
    let stubs = merge::places(&plan.stubs, &inputs, &options);
    let world = World {
        ir: &ir,
        plan: &plan,
        sources: &inputs.sources,
        stubs: &stubs,
    };
    let found = explain(world, coordinate)?;
    let place = found.place.as_deref().unwrap_or("nowhere");
    let docs = found.description.as_deref().unwrap_or_default();
    let mut text = format!("{} | {} | {place} | {docs}\n", found.signature, found.what);
    for fact in found.facts {
        text.push_str(&format!("{}: {}\n", fact.label, fact.text));
    }
    Ok(text)
}

#[track_caller]
fn check(coordinate: &str, parts: &[&str]) {
    let text = told(coordinate).unwrap_or_else(|unknown| panic!("{unknown:?}"));
    for part in parts {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn a_resolver_of_a_root() {
    check(
        "Query.find",
        &[
            "Query.find(text: String!, first: Int = 5): [Book!] | a field | a.graphql:5:3 | Finds books.",
            "deprecated: too slow",
            "answered: by your method, once wherever an operation asks for it",
            "stub: src/lib.rs:3",
            "signature: async fn find(&self, cx: &gw::Context, text: String,",
            "who may: everyone: no directive says otherwise",
            "cost: 3 for each value (`@cost` on the field); items: as `first` says, else what the limits assume (10)",
            "cache: not to be kept",
        ],
    );
    check(
        "Query.secret",
        &[
            "stub: missing: `graphwright sync` adds it",
            "who may: `auth.role == ADMIN` (`@access` at a.graphql:6:15)",
            "cost: 0, as scalars and enums by default",
        ],
    );
}

#[test]
fn resolvers_of_other_types() {
    check(
        "Book.rating",
        &[
            "answered: by your method, once for all parents of a level",
            "batch: one call for all parents; answers stand in the order of `parents`",
            "batch key: the parents' `id` (`Book.id`)",
            "who may: whoever has got the `Book`",
        ],
    );
    check(
        "Book.similar",
        &[
            "batch: a call for each parent (`@each`)",
            "items: what the limits assume",
        ],
    );
}

#[test]
fn columns_and_relations() {
    check(
        "Book.title",
        &[
            "stub: none: the engine reads rows itself",
            "column: `title`: text, not null, unique",
            "used by: filters of lists may name it",
            "who may: read `Book`: `self.published` (a.graphql:",
        ],
    );
    check(
        "Book.secret",
        &["who may: read the field, beyond the row's rule: `auth.role == ADMIN`"],
    );
    check(
        "Book.published",
        &["index: none begins with it", "by default false"],
    );
    check(
        "Book.author",
        &[
            "answered: by the row of `authors` whose key the column `author_id` of `books` holds",
            "sql: from authors where authors.id in (the parents' author_id)",
            "batch key: the parents' `author_id`",
            "who may: read `Author`: everyone",
        ],
    );
    check(
        "Author.books",
        &[
            "sql: from books where books.author_id in (the parents' id)",
            "rows: 30 a page at most",
            "items: as `first` and `last` say",
        ],
    );
}

#[test]
fn operations_members_and_parts() {
    check(
        "Query.books",
        &[
            "answered: by the engine, which lists rows of the table `books` (`Book`): 50 a page at most",
            "stub: none: the engine executes generated operations itself",
            "who may: read `Book`",
        ],
    );
    check(
        "Shelf.name",
        &[
            "stub: none: a member needs none",
            "cache: as long as its parent",
        ],
    );
    check(
        "Shelf.kept",
        &["cache: as long as its parent (`@cacheControl` on the field)"],
    );
    check("Query.open", &["cache: 60 s (`@cacheControl` on `Shelf`)"]);
    check("Named.name", &["an interface answers nothing itself"]);
    check("BookEdge.node", &["a part of a page of rows"]);
}

#[test]
fn arguments_values_and_inputs() {
    check(
        "Query.find(first:)",
        &[
            "first: Int = 5 | an argument",
            "left out: it is `5`",
            "cost: says how many items the list has",
        ],
    );
    check(
        "Query.find(text:)",
        &["left out: refused", "cost: 2 where it is given"],
    );
    check(
        "Role.READER",
        &[
            "Role.READER | a value of an enum",
            "| Reads.",
            "rust: `gw::Role::Reader`",
        ],
    );
    check(
        "Filter.text",
        &[
            "a field of an input type",
            "left out: refused",
            "job: `jobs.tidy` takes `Filter`",
        ],
    );
}

#[test]
fn types() {
    check(
        "Book",
        &[
            "type Book | a model | a.graphql:",
            "table: `books`; its key is `id`",
            "column: `author_id`: UUID key, not null, refers to `authors`, with which it goes ← `author`",
            "relation: `author` belongs to `Author`",
            "who may: delete `Book`: nobody, for no `@access(delete:)` says who",
            "field: rating(scale: Int): Float  (missing: `graphwright sync` adds it)",
            "answered by: `Book.similar`, `BookConnection.nodes`,",
        ],
    );
    check(
        "Query",
        &["a root type", "| Where queries start.", "(src/lib.rs:3)"],
    );
    check(
        "Me",
        &["the caller's type", "hidden: clients do not see it"],
    );
    check("Named", &["implemented: by `Shelf`"]);
    check(
        "Kind",
        &[
            "values: `NOVEL`",
            "taken by: `Filter.kind`",
            "job: `jobs.tidy` takes `Kind`",
        ],
    );
    check("Int", &["rust: `i32`"]);
    check("@cost", &["directive @cost(weight: String!) on", "nowhere"]);
}

#[test]
fn jobs() {
    check(
        "jobs.tidy",
        &[
            "jobs.tidy(filter: Filter!) | a job | jobs.yaml:3:3 | Tidies up.",
            "stub: missing",
            "`0 3 * * *`",
            "queue: default",
        ],
    );
}

#[test]
fn what_is_mistyped_is_suggested() {
    let check = |coordinate: &str, message: &str, help: &str| {
        let unknown = told(coordinate).unwrap_err();
        assert_eq!((&*unknown.message, &*unknown.help), (message, help));
    };
    check(
        "Bok.title",
        "there is no type `Bok`",
        "did you mean `Book.title`?",
    );
    check(
        "Book.titel",
        "`Book` has no `titel`",
        "did you mean `Book.title`?",
    );
    check(
        "Query.find(frist:)",
        "`Query.find` has no argument `frist`",
        "did you mean `Query.find(first:)`?",
    );
    check(
        "Role.ADMN",
        "`Role` has no `ADMN`",
        "did you mean `Role.ADMIN`?",
    );
    check(
        "Filter.zzz",
        "`Filter` has no `zzz`",
        "it has `text` and `kind`",
    );
    check(
        "jobs.tidi",
        "there is no job `tidi`",
        "did you mean `jobs.tidy`?",
    );
    check(
        "tidy",
        "there is no type `tidy`",
        "did you mean the job, `jobs.tidy`?",
    );
    check(
        "tidi",
        "there is no type `tidi`",
        "did you mean the job, `jobs.tidy`?",
    );
    check(
        "@cots",
        "there is no directive `@cots`",
        "did you mean `@cost`?",
    );
    check(
        "Zzzzzz",
        "there is no type `Zzzzzz`",
        "`graphwright schema` prints every type that clients see",
    );
}
