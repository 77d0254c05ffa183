//! What the generator emits for the schema below, written by hand.
//!
//! Nothing here is particular to a test: the emitter's output has the same items in the same shape. Generated code has
//! no async blocks and no iterator adaptors, names everything by absolute paths, and leaves all loops to the runtime.

use graphwright::__private::v1 as rt;

pub const SDL: &str = r#"
type Query {
  hello(name: String! = "world"): String!
  search(text: String!, first: Int): [SearchResult!]!
  nodes(ids: [ID!]!): [Node]!
  book(pick: BookPick!): Book
  secret: String
  broken: Int!
  fragile: Fragile
  shelves(full: Boolean! = false): [Shelf!]!
  motto: String
}
type Mutation {
  rename(input: RenameInput!): Book!
  count: Int!
  store(files: [Upload!]!): [String!]!
}
type Subscription {
  ticks(count: Int! = 3): Int!
  books(ids: [ID!]!): Book
  secrets: String
}
"A file of a multipart request."
scalar Upload
interface Node { id: ID! }
type Book implements Node {
  id: ID!
  title: String
  mood: Mood!
  author: Author
  reviews(first: Int! = 3): [Review!]!
  cover: Image!
}
type Author implements Node { id: ID! name: String! books: [Book!]! boss: Author }
type Review { stars: Int! text: String }
type Image { url: String! photographer: Author! }
type Fragile { sure: Float! lists: [[Float!]]! must: Fragile! }
type Shelf { label: String! keeper: Author favourites(first: Int! = 2): [Book!]! shared: [Book!]! size: Int! }
union SearchResult = Book | Author
enum Mood { HAPPY SAD }
input RenameInput { id: ID! title: String mood: Mood = HAPPY tags: [String!]! = [] }
input BookPick @oneOf { id: ID title: String }
"#;

pub type Context = ::graphwright::Context<::graphwright::NoAuth>;
pub type Upload = rt::Upload;

// ---------- types ----------

#[derive(Debug, Clone)]
pub struct Book {
    pub id: rt::Id,
    pub title: ::core::option::Option<::std::string::String>,
    pub mood: Mood,
    pub cover: Image,
}

#[derive(Debug, Clone)]
pub struct Author {
    pub id: rt::Id,
    pub name: ::std::string::String,
    pub boss: ::core::option::Option<::std::boxed::Box<Author>>,
}

#[derive(Debug, Clone)]
pub struct Review {
    pub stars: i32,
    pub text: ::core::option::Option<::std::string::String>,
}

#[derive(Debug, Clone)]
pub struct Image {
    pub url: ::std::string::String,
}

#[derive(Debug, Clone)]
pub struct Fragile {
    pub sure: f64,
    pub lists: ::std::vec::Vec<::core::option::Option<::std::vec::Vec<f64>>>,
}

#[derive(Debug, Clone)]
pub struct Shelf {
    pub label: ::std::string::String,
}

#[derive(Debug, Clone)]
pub enum SearchResult {
    Book(Book),
    Author(Author),
}

/// An interface: the possible types in the order of the type table.
#[derive(Debug, Clone)]
pub enum Node {
    Author(Author),
    Book(Book),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mood {
    Happy,
    Sad,
}

#[derive(Debug, Clone)]
pub struct RenameInput {
    pub id: rt::Id,
    pub title: rt::Nullable<::std::string::String>,
    pub mood: ::core::option::Option<Mood>,
    pub tags: ::std::vec::Vec<::std::string::String>,
}

#[derive(Debug, Clone)]
pub enum BookPick {
    Id(rt::Id),
    Title(::std::string::String),
}

// ---------- what the user implements ----------

pub trait QueryResolvers {
    fn hello(
        &self,
        cx: &Context,
        name: ::std::string::String,
    ) -> impl ::core::future::Future<Output = rt::Result<::std::string::String>> + ::core::marker::Send;
    fn search(
        &self,
        cx: &Context,
        text: ::std::string::String,
        first: rt::Nullable<i32>,
    ) -> impl ::core::future::Future<Output = rt::Result<::std::vec::Vec<SearchResult>>>
    + ::core::marker::Send;
    fn nodes(
        &self,
        cx: &Context,
        ids: ::std::vec::Vec<rt::Id>,
    ) -> impl ::core::future::Future<
        Output = rt::Result<::std::vec::Vec<::core::option::Option<Node>>>,
    > + ::core::marker::Send;
    fn book(
        &self,
        cx: &Context,
        pick: BookPick,
    ) -> impl ::core::future::Future<Output = rt::Result<::core::option::Option<Book>>>
    + ::core::marker::Send;
    fn secret(
        &self,
        cx: &Context,
    ) -> impl ::core::future::Future<
        Output = rt::Result<::core::option::Option<::std::string::String>>,
    > + ::core::marker::Send;
    fn broken(
        &self,
        cx: &Context,
    ) -> impl ::core::future::Future<Output = rt::Result<i32>> + ::core::marker::Send;
    fn fragile(
        &self,
        cx: &Context,
    ) -> impl ::core::future::Future<Output = rt::Result<::core::option::Option<Fragile>>>
    + ::core::marker::Send;
    /// `@resolver(result: SLICE)`: a list that lives in the application.
    fn shelves<'r>(
        &'r self,
        cx: &'r Context,
        full: bool,
    ) -> impl ::core::future::Future<Output = rt::Result<&'r [Shelf]>> + ::core::marker::Send;
    /// `@resolver(result: BORROWED)`
    fn motto<'r>(
        &'r self,
        cx: &'r Context,
    ) -> impl ::core::future::Future<Output = rt::Result<::core::option::Option<&'r str>>>
    + ::core::marker::Send;
}

pub trait MutationResolvers {
    fn rename(
        &self,
        cx: &Context,
        input: RenameInput,
    ) -> impl ::core::future::Future<Output = rt::Result<Book>> + ::core::marker::Send;
    fn count(
        &self,
        cx: &Context,
    ) -> impl ::core::future::Future<Output = rt::Result<i32>> + ::core::marker::Send;
    fn store(
        &self,
        cx: &Context,
        files: ::std::vec::Vec<Upload>,
    ) -> impl ::core::future::Future<Output = rt::Result<::std::vec::Vec<::std::string::String>>>
    + ::core::marker::Send;
}

pub trait SubscriptionResolvers {
    fn ticks(
        &self,
        cx: &Context,
        count: i32,
    ) -> impl ::core::future::Future<Output = rt::Result<rt::Events<i32>>> + ::core::marker::Send;
    fn books(
        &self,
        cx: &Context,
        ids: ::std::vec::Vec<rt::Id>,
    ) -> impl ::core::future::Future<Output = rt::Result<rt::Events<::core::option::Option<Book>>>>
    + ::core::marker::Send;
    fn secrets(
        &self,
        cx: &Context,
    ) -> impl ::core::future::Future<
        Output = rt::Result<rt::Events<::core::option::Option<::std::string::String>>>,
    > + ::core::marker::Send;
}

pub trait BookResolvers {
    /// Batched: all parents of the level.
    fn author(
        &self,
        cx: &Context,
        parents: &[&Book],
    ) -> impl ::core::future::Future<
        Output = rt::Result<::graphwright::Batch<::core::option::Option<Author>>>,
    > + ::core::marker::Send;
    /// `@each`: one parent.
    fn reviews(
        &self,
        cx: &Context,
        parent: &Book,
        first: i32,
    ) -> impl ::core::future::Future<Output = rt::Result<::std::vec::Vec<Review>>> + ::core::marker::Send;
}

pub trait AuthorResolvers {
    fn books(
        &self,
        cx: &Context,
        parents: &[&Author],
    ) -> impl ::core::future::Future<
        Output = rt::Result<::graphwright::Batch<::std::vec::Vec<Book>>>,
    > + ::core::marker::Send;
}

pub trait ImageResolvers {
    fn photographer(
        &self,
        cx: &Context,
        parents: &[&Image],
    ) -> impl ::core::future::Future<Output = rt::Result<::graphwright::Batch<Author>>>
    + ::core::marker::Send;
}

pub trait FragileResolvers {
    fn must(
        &self,
        cx: &Context,
        parents: &[&Fragile],
    ) -> impl ::core::future::Future<Output = rt::Result<::graphwright::Batch<Fragile>>>
    + ::core::marker::Send;
}

pub trait ShelfResolvers {
    /// `@resolver(result: BORROWED)`
    fn keeper<'r>(
        &'r self,
        cx: &'r Context,
        parents: &[&Shelf],
    ) -> impl ::core::future::Future<
        Output = rt::Result<::graphwright::Batch<::core::option::Option<&'r Author>>>,
    > + ::core::marker::Send;
    /// `@each @resolver(result: BORROWED)`
    fn favourites<'r>(
        &'r self,
        cx: &'r Context,
        parent: &Shelf,
        first: i32,
    ) -> impl ::core::future::Future<Output = rt::Result<::std::vec::Vec<&'r Book>>> + ::core::marker::Send;
    /// `@resolver(result: SHARED)`
    fn shared(
        &self,
        cx: &Context,
        parents: &[&Shelf],
    ) -> impl ::core::future::Future<
        Output = rt::Result<::graphwright::Batch<::std::vec::Vec<::std::sync::Arc<Book>>>>,
    > + ::core::marker::Send;
    fn size(
        &self,
        cx: &Context,
        parents: &[&Shelf],
    ) -> impl ::core::future::Future<Output = rt::Result<::graphwright::Batch<i32>>> + ::core::marker::Send;
}

// ---------- inputs ----------

impl rt::FromInput for Mood {
    fn from_input(value: &rt::InputValue) -> rt::Result<Self> {
        match value {
            rt::InputValue::Enum(name) => match name.as_str() {
                "HAPPY" => ::core::result::Result::Ok(Self::Happy),
                "SAD" => ::core::result::Result::Ok(Self::Sad),
                _ => ::core::result::Result::Err(rt::mismatch("Mood", value)),
            },
            _ => ::core::result::Result::Err(rt::mismatch("Mood", value)),
        }
    }
}

impl rt::FromInput for RenameInput {
    fn from_input(value: &rt::InputValue) -> rt::Result<Self> {
        let args = rt::Args::of(value)?;
        ::core::result::Result::Ok(Self {
            id: args.get("id")?,
            title: args.get("title")?,
            mood: args.get("mood")?,
            tags: args.get("tags")?,
        })
    }
}

impl rt::FromInput for BookPick {
    fn from_input(value: &rt::InputValue) -> rt::Result<Self> {
        let (name, value) = rt::Args::of(value)?.one()?;
        match name {
            "id" => ::core::result::Result::Ok(Self::Id(rt::FromInput::from_input(value)?)),
            "title" => ::core::result::Result::Ok(Self::Title(rt::FromInput::from_input(value)?)),
            _ => ::core::result::Result::Err(rt::mismatch("BookPick", value)),
        }
    }
}

// ---------- outputs ----------

impl rt::Leaf for Mood {
    fn write(&self, out: &mut rt::Out) -> rt::Written {
        out.raw(match self {
            Self::Happy => b"\"HAPPY\"",
            Self::Sad => b"\"SAD\"",
        });
        ::core::result::Result::Ok(())
    }
}

/// The query root: no members, every field a resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query;

impl rt::Object<crate::App> for Query {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        rt::answered(st, f, i, out)
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            0 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("name"),) {
                    (::core::option::Option::Some(name),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(QueryResolvers::hello(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&name),
                            ));
                        }
                        rt::each_leaf(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            1 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("text"), args.get("first")) {
                    (::core::option::Option::Some(text), ::core::option::Option::Some(first)) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(QueryResolvers::search(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&text),
                                ::core::clone::Clone::clone(&first),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            2 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("ids"),) {
                    (::core::option::Option::Some(ids),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(QueryResolvers::nodes(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&ids),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            3 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("pick"),) {
                    (::core::option::Option::Some(pick),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(QueryResolvers::book(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&pick),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            4 => {
                let mut calls = rt::Calls::new(parents.len());
                for _ in parents {
                    calls.add(QueryResolvers::secret(st.app(), st.context()));
                }
                rt::each_leaf(st, f, calls)
            }
            5 => {
                let mut calls = rt::Calls::new(parents.len());
                for _ in parents {
                    calls.add(QueryResolvers::broken(st.app(), st.context()));
                }
                rt::each_leaf(st, f, calls)
            }
            6 => {
                let mut calls = rt::Calls::new(parents.len());
                for _ in parents {
                    calls.add(QueryResolvers::fragile(st.app(), st.context()));
                }
                rt::each(st, f, calls)
            }
            7 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("full"),) {
                    (::core::option::Option::Some(full),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(QueryResolvers::shelves(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&full),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            8 => {
                let mut calls = rt::Calls::new(parents.len());
                for _ in parents {
                    calls.add(QueryResolvers::motto(st.app(), st.context()));
                }
                rt::each_leaf(st, f, calls)
            }
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

/// The mutation root: like a query's, but one call after the other, each in its transaction.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mutation;

impl rt::Object<crate::App> for Mutation {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        rt::answered(st, f, i, out)
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            0 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("input"),) {
                    (::core::option::Option::Some(input),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(MutationResolvers::rename(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&input),
                            ));
                        }
                        rt::in_turn(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            1 => {
                let mut calls = rt::Calls::new(parents.len());
                for _ in parents {
                    calls.add(MutationResolvers::count(st.app(), st.context()));
                }
                rt::in_turn_leaf(st, f, calls)
            }
            2 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("files"),) {
                    (::core::option::Option::Some(files),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for _ in parents {
                            calls.add(MutationResolvers::store(
                                st.app(),
                                st.context(),
                                ::core::clone::Clone::clone(&files),
                            ));
                        }
                        rt::in_turn_leaf(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

/// The subscription root: what one event brought, in the variant of its field.
pub enum Subscription {
    Ticks(rt::Result<i32>),
    Books(rt::Result<::core::option::Option<Book>>),
    Secrets(rt::Result<::core::option::Option<::std::string::String>>),
}

impl rt::Subscribe<crate::App> for Subscription {
    fn subscribe<'a>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
    ) -> rt::BoxFuture<'a, rt::Result<rt::EventSource<Self>>> {
        match f.fid {
            0 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("count"),) {
                    (::core::option::Option::Some(count),) => rt::subscribed(
                        SubscriptionResolvers::ticks(st.app(), st.context(), count),
                        Self::Ticks,
                    ),
                    _ => rt::not_subscribed(args.error()),
                }
            }
            1 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("ids"),) {
                    (::core::option::Option::Some(ids),) => rt::subscribed(
                        SubscriptionResolvers::books(st.app(), st.context(), ids),
                        Self::Books,
                    ),
                    _ => rt::not_subscribed(args.error()),
                }
            }
            2 => rt::subscribed(
                SubscriptionResolvers::secrets(st.app(), st.context()),
                Self::Secrets,
            ),
            _ => rt::not_subscribed(rt::no_such_source()),
        }
    }
}

/// Like a type with members; each event has one.
impl rt::Object<crate::App> for Subscription {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match self {
            Self::Ticks(event) => rt::leaf_result(::core::slice::from_ref(event), i, out),
            Self::Books(event) => {
                rt::composite_result(::core::slice::from_ref(event), i, st, f, out)
            }
            Self::Secrets(event) => rt::leaf_result(::core::slice::from_ref(event), i, out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        let mut all = ::std::vec::Vec::with_capacity(parents.len());
        for &parent in parents {
            if let Self::Books(event) = parent {
                all.push(rt::descend(st, f, ::core::slice::from_ref(event)));
            }
        }
        rt::all(all)
    }
}

impl rt::Object<crate::App> for Book {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.id, out),
            1 => rt::leaf(&self.title, out),
            2 => rt::leaf(&self.mood, out),
            3 => rt::answered(st, f, i, out),
            4 => rt::answered(st, f, i, out),
            5 => rt::composite(&self.cover, st, f, i, out),
            _ => rt::unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            3 => rt::batched(
                st,
                f,
                parents.len(),
                BookResolvers::author(st.app(), st.context(), parents),
            ),
            4 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("first"),) {
                    (::core::option::Option::Some(first),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for parent in parents {
                            calls.add(BookResolvers::reviews(
                                st.app(),
                                st.context(),
                                parent,
                                ::core::clone::Clone::clone(&first),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            5 => {
                let mut level = rt::Level::new(parents.len());
                for parent in parents {
                    level.add::<crate::App, _>(&parent.cover);
                }
                level.visit(st, f)
            }
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

impl rt::Object<crate::App> for Author {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.id, out),
            1 => rt::leaf(&self.name, out),
            2 => rt::answered(st, f, i, out),
            3 => rt::composite(&self.boss, st, f, i, out),
            _ => rt::unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            2 => rt::batched(
                st,
                f,
                parents.len(),
                AuthorResolvers::books(st.app(), st.context(), parents),
            ),
            3 => {
                let mut level = rt::Level::new(parents.len());
                for parent in parents {
                    level.add::<crate::App, _>(&parent.boss);
                }
                level.visit(st, f)
            }
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

/// A type without resolvers at it or below it: no level pass.
impl rt::Object<crate::App> for Review {
    fn write_field(
        &self,
        _: &rt::State<'_, crate::App>,
        f: &rt::Field,
        _: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.stars, out),
            1 => rt::leaf(&self.text, out),
            _ => rt::unresolved(out),
        }
    }
}

impl rt::Object<crate::App> for Image {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.url, out),
            1 => rt::answered(st, f, i, out),
            _ => rt::unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            1 => rt::batched(
                st,
                f,
                parents.len(),
                ImageResolvers::photographer(st.app(), st.context(), parents),
            ),
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

impl rt::Object<crate::App> for Fragile {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.sure, out),
            1 => rt::leaf(&self.lists, out),
            2 => rt::answered(st, f, i, out),
            _ => rt::unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            2 => rt::batched(
                st,
                f,
                parents.len(),
                FragileResolvers::must(st.app(), st.context(), parents),
            ),
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

impl rt::Object<crate::App> for Shelf {
    fn write_field(
        &self,
        st: &rt::State<'_, crate::App>,
        f: &rt::Field,
        i: usize,
        out: &mut rt::Out,
    ) -> rt::Written {
        match f.fid {
            0 => rt::leaf(&self.label, out),
            1 => rt::answered(st, f, i, out),
            2 => rt::answered(st, f, i, out),
            3 => rt::answered(st, f, i, out),
            4 => rt::answered(st, f, i, out),
            _ => rt::unresolved(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a rt::State<'_, crate::App>,
        f: &'a rt::Field,
        parents: &'b [&'a Self],
    ) -> rt::BoxFuture<'b, ()> {
        match f.fid {
            1 => rt::batched(
                st,
                f,
                parents.len(),
                ShelfResolvers::keeper(st.app(), st.context(), parents),
            ),
            2 => {
                let mut args = rt::Arguments::of(st, f);
                match (args.get("first"),) {
                    (::core::option::Option::Some(first),) => {
                        let mut calls = rt::Calls::new(parents.len());
                        for parent in parents {
                            calls.add(ShelfResolvers::favourites(
                                st.app(),
                                st.context(),
                                parent,
                                ::core::clone::Clone::clone(&first),
                            ));
                        }
                        rt::each(st, f, calls)
                    }
                    _ => rt::refused(st, f, args.error()),
                }
            }
            3 => rt::batched(
                st,
                f,
                parents.len(),
                ShelfResolvers::shared(st.app(), st.context(), parents),
            ),
            4 => rt::batched_leaf(
                st,
                f,
                parents.len(),
                ShelfResolvers::size(st.app(), st.context(), parents),
            ),
            _ => rt::all(::std::vec::Vec::new()),
        }
    }
}

rt::object_node!(
    crate::App,
    Shelf,
    Query,
    Mutation,
    Book,
    Author,
    Review,
    Image,
    Fragile
);
rt::abstract_node!(crate::App, SearchResult { 0 => Book, 1 => Author });
rt::abstract_node!(crate::App, Node { 0 => Author, 1 => Book });

// ---------- tables ----------

const fn member(name: &'static str, ty: u16, non_null: bool) -> rt::FieldDef {
    rt::FieldDef {
        name,
        source: rt::Source::Member,
        ty,
        non_null,
        access: ::core::option::Option::None,
    }
}

const fn resolver(name: &'static str, ty: u16, non_null: bool) -> rt::FieldDef {
    rt::FieldDef {
        name,
        source: rt::Source::Resolver,
        ty,
        non_null,
        access: ::core::option::Option::None,
    }
}

/// `secret` has `@access(if: "auth != null")`.
static QUERY: [rt::FieldDef; 9] = [
    resolver("hello", rt::LEAF, true),
    resolver("search", 8, true),
    resolver("nodes", 5, true),
    resolver("book", 1, false),
    rt::FieldDef {
        name: "secret",
        source: rt::Source::Resolver,
        ty: rt::LEAF,
        non_null: false,
        access: ::core::option::Option::Some(rt::model::Expr::Caller),
    },
    resolver("broken", rt::LEAF, true),
    resolver("fragile", 2, false),
    resolver("shelves", 9, true),
    resolver("motto", rt::LEAF, false),
];
static MUTATION: [rt::FieldDef; 3] = [
    resolver("rename", 1, true),
    resolver("count", rt::LEAF, true),
    resolver("store", rt::LEAF, true),
];
/// What an event brings is a member of it. `secrets` has `@access(if: "auth != null")`.
static SUBSCRIPTION: [rt::FieldDef; 3] = [
    member("ticks", rt::LEAF, true),
    member("books", 1, false),
    rt::FieldDef {
        name: "secrets",
        source: rt::Source::Member,
        ty: rt::LEAF,
        non_null: false,
        access: ::core::option::Option::Some(rt::model::Expr::Caller),
    },
];
static AUTHOR: [rt::FieldDef; 4] = [
    member("id", rt::LEAF, true),
    member("name", rt::LEAF, true),
    resolver("books", 1, true),
    member("boss", 0, false),
];
static BOOK: [rt::FieldDef; 6] = [
    member("id", rt::LEAF, true),
    member("title", rt::LEAF, false),
    member("mood", rt::LEAF, true),
    resolver("author", 0, false),
    resolver("reviews", 7, true),
    member("cover", 3, true),
];
static FRAGILE: [rt::FieldDef; 3] = [
    member("sure", rt::LEAF, true),
    member("lists", rt::LEAF, true),
    resolver("must", 2, true),
];
static IMAGE: [rt::FieldDef; 2] = [
    member("url", rt::LEAF, true),
    resolver("photographer", 0, true),
];
static NODE: [rt::FieldDef; 1] = [member("id", rt::LEAF, true)];
static SHELF: [rt::FieldDef; 5] = [
    member("label", rt::LEAF, true),
    resolver("keeper", 0, false),
    resolver("favourites", 1, true),
    resolver("shared", 1, true),
    resolver("size", rt::LEAF, true),
];
static REVIEW: [rt::FieldDef; 2] = [
    member("stars", rt::LEAF, true),
    member("text", rt::LEAF, false),
];

static TYPES: [rt::TypeDef; 11] = [
    rt::TypeDef {
        name: "Author",
        shape: rt::Shape::Object,
        fields: &AUTHOR,
    },
    rt::TypeDef {
        name: "Book",
        shape: rt::Shape::Object,
        fields: &BOOK,
    },
    rt::TypeDef {
        name: "Fragile",
        shape: rt::Shape::Object,
        fields: &FRAGILE,
    },
    rt::TypeDef {
        name: "Image",
        shape: rt::Shape::Object,
        fields: &IMAGE,
    },
    rt::TypeDef {
        name: "Mutation",
        shape: rt::Shape::Object,
        fields: &MUTATION,
    },
    rt::TypeDef {
        name: "Node",
        shape: rt::Shape::Abstract(&[0, 1]),
        fields: &NODE,
    },
    rt::TypeDef {
        name: "Query",
        shape: rt::Shape::Object,
        fields: &QUERY,
    },
    rt::TypeDef {
        name: "Review",
        shape: rt::Shape::Object,
        fields: &REVIEW,
    },
    rt::TypeDef {
        name: "SearchResult",
        shape: rt::Shape::Abstract(&[1, 0]),
        fields: &[],
    },
    rt::TypeDef {
        name: "Shelf",
        shape: rt::Shape::Object,
        fields: &SHELF,
    },
    rt::TypeDef {
        name: "Subscription",
        shape: rt::Shape::Object,
        fields: &SUBSCRIPTION,
    },
];

static SCHEMA: rt::SchemaDef = rt::SchemaDef {
    sdl: SDL,
    types: &TYPES,
    query: 6,
    mutation: ::core::option::Option::Some(4),
    subscription: ::core::option::Option::Some(10),
};

static APP: rt::AppDef = rt::AppDef::new(&SCHEMA);

impl rt::Application for crate::App {
    type Auth = rt::NoAuth;
    type Slot<'r> = rt::Answered<'r, Self>;
    type Query = Query;
    type Mutation = Mutation;
    type Subscription = Subscription;

    fn definition(&self) -> &'static rt::AppDef {
        &APP
    }

    async fn authenticate(
        &self,
        parts: &rt::Parts,
    ) -> rt::Result<::core::option::Option<Self::Auth>> {
        crate::App::caller(self, parts).await
    }
}
