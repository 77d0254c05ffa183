//! juniper, newest version: the asynchronous executor and the synchronous one.

use juniper::{
    EmptyMutation, EmptySubscription, GraphQLObject, GraphQLUnion, InputValue, RootNode, Variables,
    graphql_interface, graphql_object,
};

/// What the tables say.
pub const NAME: &str = "juniper 0.18.0";

#[derive(GraphQLObject)]
struct User {
    id: i32,
    name: String,
    email: String,
    age: i32,
    active: bool,
}
data::same!(User {
    id,
    name,
    email,
    age,
    active
});

#[derive(GraphQLObject, Clone)]
struct Author {
    id: i32,
    name: String,
    email: String,
    reputation: f64,
}
data::same!(Author {
    id,
    name,
    email,
    reputation
});

struct Comment {
    id: i32,
    text: String,
    likes: i32,
    created_at: String,
    author_id: i32,
}
data::same!(Comment {
    id,
    text,
    likes,
    created_at,
    author_id
});

#[graphql_object]
#[graphql(context = Store)]
impl Comment {
    fn id(&self) -> i32 {
        self.id
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn likes(&self) -> i32 {
        self.likes
    }

    fn created_at(&self) -> &str {
        &self.created_at
    }

    async fn author<'c>(&self, ctx: &'c Store) -> &'c Author {
        &ctx.authors[self.author_id as usize]
    }

    async fn author_each<'c>(&self, ctx: &'c Store) -> &'c Author {
        &ctx.authors[self.author_id as usize]
    }

    async fn author_owned(&self, ctx: &Store) -> Author {
        ctx.authors[self.author_id as usize].clone()
    }

    async fn author_pending<'c>(&self, ctx: &'c Store) -> &'c Author {
        tokio::task::yield_now().await;
        &ctx.authors[self.author_id as usize]
    }

    async fn author_each_pending<'c>(&self, ctx: &'c Store) -> &'c Author {
        tokio::task::yield_now().await;
        &ctx.authors[self.author_id as usize]
    }
}

struct Post {
    id: i32,
    title: String,
    views: i32,
    published: bool,
    comments: Vec<Comment>,
}

#[graphql_object]
#[graphql(context = Store)]
impl Post {
    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn views(&self) -> i32 {
        self.views
    }

    fn published(&self) -> bool {
        self.published
    }

    fn comments(&self) -> &[Comment] {
        &self.comments
    }
}

impl From<&data::Post> for Post {
    fn from(post: &data::Post) -> Self {
        Post {
            id: post.id,
            title: post.title.clone(),
            views: post.views,
            published: post.published,
            comments: post.comments.iter().map(Into::into).collect(),
        }
    }
}

#[derive(GraphQLObject)]
struct Item {
    id: i32,
    name: String,
    email: String,
    age: i32,
    score: f64,
    active: bool,
    created_at: String,
    bio: Option<String>,
}
data::same!(Item {
    id,
    name,
    email,
    age,
    score,
    active,
    created_at,
    bio
});

#[graphql_interface]
#[graphql(for = [Folder, File, Shortcut], context = Store)]
trait Entry {
    fn id(&self) -> i32;
    fn name(&self) -> &str;
}

struct Folder {
    id: i32,
    name: String,
    size: i32,
    entries: Vec<EntryValue>,
}

#[graphql_object]
#[graphql(context = Store, impl = EntryValue)]
impl Folder {
    fn id(&self) -> i32 {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> i32 {
        self.size
    }

    fn entries(&self) -> &[EntryValue] {
        &self.entries
    }
}

struct File {
    id: i32,
    name: String,
    bytes: i32,
}
data::same!(File { id, name, bytes });

#[graphql_object]
#[graphql(context = Store, impl = EntryValue)]
impl File {
    fn id(&self) -> i32 {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn bytes(&self) -> i32 {
        self.bytes
    }
}

struct Shortcut {
    id: i32,
    name: String,
    to: Target,
}

#[graphql_object]
#[graphql(context = Store, impl = EntryValue)]
impl Shortcut {
    fn id(&self) -> i32 {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn to(&self) -> &Target {
        &self.to
    }
}

#[derive(GraphQLObject)]
#[graphql(context = Store)]
struct Site {
    url: String,
}
data::same!(Site { url });

#[derive(GraphQLUnion)]
#[graphql(context = Store)]
enum Target {
    File(File),
    Site(Site),
}

impl From<&data::Folder> for Folder {
    fn from(folder: &data::Folder) -> Self {
        Folder {
            id: folder.id,
            name: folder.name.clone(),
            size: folder.size,
            entries: folder.entries.iter().map(entry).collect(),
        }
    }
}

fn entry(entry: &data::Entry) -> EntryValue {
    match entry {
        data::Entry::Folder(folder) => Folder::from(folder).into(),
        data::Entry::File(file) => File::from(file).into(),
        data::Entry::Shortcut(link) => Shortcut {
            id: link.id,
            name: link.name.clone(),
            to: match &link.to {
                data::Target::File(file) => Target::File(file.into()),
                data::Target::Site(site) => Target::Site(site.into()),
            },
        }
        .into(),
    }
}

data::profile! { #[derive(GraphQLObject)] }

struct Store {
    user: User,
    posts: Vec<Post>,
    items: Vec<Item>,
    authors: Vec<Author>,
    tree: Folder,
    profiles: Vec<Profile>,
}

impl juniper::Context for Store {}

struct Query;

#[graphql_object]
#[graphql(context = Store)]
impl Query {
    fn user(ctx: &Store) -> &User {
        &ctx.user
    }

    fn posts(ctx: &Store) -> &[Post] {
        &ctx.posts
    }

    fn items(ctx: &Store) -> &[Item] {
        &ctx.items
    }

    fn tree(ctx: &Store) -> &Folder {
        &ctx.tree
    }

    fn profile(id: i32, ctx: &Store) -> Option<&Profile> {
        ctx.profiles.get(id as usize)
    }
}

/// A server as its users run it.
pub struct Server {
    root: RootNode<Query, EmptyMutation<Store>, EmptySubscription<Store>>,
    store: Store,
}

impl Server {
    /// Over the data of the benchmark.
    pub fn new() -> Self {
        Server {
            root: RootNode::new(Query, EmptyMutation::new(), EmptySubscription::new()),
            store: Store {
                user: (&data::user()).into(),
                posts: data::posts().iter().map(Into::into).collect(),
                items: data::items().iter().map(Into::into).collect(),
                authors: data::authors().iter().map(Into::into).collect(),
                tree: (&data::tree()).into(),
                profiles: data::profiles().iter().map(Into::into).collect(),
            },
        }
    }

    /// From the text to the bytes of the response.
    pub async fn answer(&self, text: &str, variables: &serde_json::Value) -> Vec<u8> {
        let variables = read(variables);
        let answer = juniper::execute(text, None, &self.root, &variables, &self.store).await;
        written(answer)
    }

    /// The same without a future: what a program without asynchronous resolvers uses.
    pub fn answer_at_once(&self, text: &str, variables: &serde_json::Value) -> Vec<u8> {
        let variables = read(variables);
        let answer = juniper::execute_sync(text, None, &self.root, &variables, &self.store);
        written(answer)
    }

    /// From the body of a request over HTTP to that of its response.
    pub async fn body(&self, body: &[u8]) -> Vec<u8> {
        let request: juniper::http::GraphQLRequest =
            serde_json::from_slice(body).expect("a request");
        let response = request.execute(&self.root, &self.store).await;
        serde_json::to_vec(&response).expect("JSON")
    }
}

impl Default for Server {
    fn default() -> Self {
        Server::new()
    }
}

fn read(variables: &serde_json::Value) -> Variables {
    let Some(members) = variables.as_object() else {
        return Variables::new();
    };
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::Bool(value) => InputValue::scalar(*value),
        other => InputValue::scalar(other.as_i64().unwrap_or_default() as i32),
    };
    members
        .iter()
        .map(|(name, given)| (name.clone(), value(given)))
        .collect()
}

fn written(
    answer: Result<
        (
            juniper::Value,
            Vec<juniper::ExecutionError<juniper::DefaultScalarValue>>,
        ),
        juniper::GraphQLError,
    >,
) -> Vec<u8> {
    // The crate's own `GraphQLResponse` writes the same members in the same order, and counts what it costs.
    serde_json::to_vec(&juniper::http::GraphQLResponse::from_result(answer)).expect("JSON")
}
