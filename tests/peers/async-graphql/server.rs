// The server, in the words that both versions understand: the example of their book, with borrowed members wherever
// the library lets a resolver borrow. Included by both crates.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{
    ComplexObject, Context, EmptyMutation, EmptySubscription, Error, Interface, Object, Request,
    Result, Schema, SimpleObject, Union, Variables,
};

#[derive(SimpleObject)]
struct User {
    id: i32,
    name: String,
    email: String,
    age: i32,
    active: bool,
}
data::same!(User { id, name, email, age, active });

#[derive(SimpleObject, Clone)]
struct Author {
    id: i32,
    name: String,
    email: String,
    reputation: f64,
}
data::same!(Author { id, name, email, reputation });

#[derive(SimpleObject)]
#[graphql(complex)]
struct Comment {
    id: i32,
    text: String,
    likes: i32,
    created_at: String,
    #[graphql(skip)]
    author_id: i32,
}
data::same!(Comment { id, text, likes, created_at, author_id });

#[derive(SimpleObject)]
struct Post {
    id: i32,
    title: String,
    views: i32,
    published: bool,
    comments: Vec<Comment>,
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

#[derive(SimpleObject)]
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
data::same!(Item { id, name, email, age, score, active, created_at, bio });

#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "&i32"),
    field(name = "name", ty = "&String")
)]
enum Entry {
    Folder(Folder),
    File(File),
    Shortcut(Shortcut),
}

#[derive(SimpleObject)]
struct Folder {
    id: i32,
    name: String,
    size: i32,
    entries: Vec<Entry>,
}

#[derive(SimpleObject)]
struct File {
    id: i32,
    name: String,
    bytes: i32,
}
data::same!(File { id, name, bytes });

#[derive(SimpleObject)]
struct Shortcut {
    id: i32,
    name: String,
    to: Target,
}

#[derive(SimpleObject)]
struct Site {
    url: String,
}
data::same!(Site { url });

#[derive(Union)]
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
            entries: folder.entries.iter().map(Into::into).collect(),
        }
    }
}

impl From<&data::Entry> for Entry {
    fn from(entry: &data::Entry) -> Self {
        match entry {
            data::Entry::Folder(folder) => Entry::Folder(folder.into()),
            data::Entry::File(file) => Entry::File(file.into()),
            data::Entry::Shortcut(link) => Entry::Shortcut(Shortcut {
                id: link.id,
                name: link.name.clone(),
                to: match &link.to {
                    data::Target::File(file) => Target::File(file.into()),
                    data::Target::Site(site) => Target::Site(site.into()),
                },
            }),
        }
    }
}

data::profile! { #[derive(SimpleObject)] }

struct Store {
    user: User,
    posts: Vec<Post>,
    items: Vec<Item>,
    authors: Vec<Author>,
    shared: Vec<Arc<Author>>,
    tree: Folder,
    profiles: Vec<Profile>,
}

struct AuthorLoader(Arc<Store>);

impl Loader<i32> for AuthorLoader {
    type Value = Arc<Author>;
    type Error = String;

    async fn load(&self, keys: &[i32]) -> Result<HashMap<i32, Arc<Author>>, String> {
        Ok(keys
            .iter()
            .map(|key| (*key, Arc::clone(&self.0.shared[*key as usize])))
            .collect())
    }
}

fn store<'c>(cx: &Context<'c>) -> &'c Store {
    cx.data_unchecked::<Arc<Store>>()
}

#[ComplexObject]
impl Comment {
    async fn author<'c>(&self, cx: &Context<'c>) -> Result<&'c Author> {
        Ok(&store(cx).authors[self.author_id as usize])
    }

    async fn author_each<'c>(&self, cx: &Context<'c>) -> Result<&'c Author> {
        Ok(&store(cx).authors[self.author_id as usize])
    }

    async fn author_owned(&self, cx: &Context<'_>) -> Result<Author> {
        Ok(store(cx).authors[self.author_id as usize].clone())
    }

    async fn author_pending<'c>(&self, cx: &Context<'c>) -> Result<&'c Author> {
        tokio::task::yield_now().await;
        Ok(&store(cx).authors[self.author_id as usize])
    }

    async fn author_each_pending<'c>(&self, cx: &Context<'c>) -> Result<&'c Author> {
        tokio::task::yield_now().await;
        Ok(&store(cx).authors[self.author_id as usize])
    }

    async fn author_loaded(&self, cx: &Context<'_>) -> Result<Arc<Author>> {
        let loader = cx.data_unchecked::<DataLoader<AuthorLoader>>();
        let found = loader.load_one(self.author_id).await.map_err(Error::new)?;
        found.ok_or_else(|| Error::new("no such author"))
    }
}

struct Query(Arc<Store>);

#[Object]
impl Query {
    async fn user(&self) -> &User {
        &self.0.user
    }

    async fn posts(&self) -> &[Post] {
        &self.0.posts
    }

    async fn items(&self) -> &[Item] {
        &self.0.items
    }

    async fn tree(&self) -> &Folder {
        &self.0.tree
    }

    async fn profile(&self, id: i32) -> Option<&Profile> {
        self.0.profiles.get(id as usize)
    }
}

/// A server as its users run it.
pub struct Server {
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
    store: Arc<Store>,
}

impl Server {
    /// Over the data of the benchmark.
    pub fn new() -> Self {
        let authors: Vec<Author> = data::authors().iter().map(Into::into).collect();
        let store = Arc::new(Store {
            user: (&data::user()).into(),
            posts: data::posts().iter().map(Into::into).collect(),
            items: data::items().iter().map(Into::into).collect(),
            shared: authors.iter().cloned().map(Arc::new).collect(),
            authors,
            tree: (&data::tree()).into(),
            profiles: data::profiles().iter().map(Into::into).collect(),
        });
        let query = Query(Arc::clone(&store));
        Server {
            schema: Schema::build(query, EmptyMutation, EmptySubscription)
                .data(Arc::clone(&store))
                .finish(),
            store,
        }
    }

    /// From the text to the bytes of the response.
    pub async fn answer(&self, text: &str, variables: &serde_json::Value) -> Vec<u8> {
        let mut request = Request::new(text);
        if !variables.is_null() {
            request = request.variables(Variables::from_json(variables.clone()));
        }
        self.run(request, text).await
    }

    /// From the body of a request over HTTP to that of its response.
    pub async fn body(&self, body: &[u8]) -> Vec<u8> {
        let request: Request = serde_json::from_slice(body).expect("a request");
        let loads = request.query.contains("Loaded");
        self.run(request, if loads { "Loaded" } else { "" }).await
    }

    async fn run(&self, mut request: Request, text: &str) -> Vec<u8> {
        // A loader for each request, as the documentation advises; only where one is used.
        if text.contains("Loaded") {
            request = request.data(loader(AuthorLoader(Arc::clone(&self.store))));
        }
        let response = self.schema.execute(request).await;
        serde_json::to_vec(&response).expect("JSON")
    }
}

impl Default for Server {
    fn default() -> Self {
        Server::new()
    }
}
