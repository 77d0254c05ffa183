//! graphwright as its users run it: a schema, `build.rs`, resolvers.

graphwright::include!();

pub mod resolvers;

use std::sync::Arc;

use generated as gw;
use graphwright::engine::response::Request;
use graphwright::{Limits, Services};

/// What the tables say.
pub const NAME: &str = "graphwright";

/// The data of the benchmark.
pub struct App {
    user: gw::User,
    posts: Vec<gw::Post>,
    items: Vec<gw::Item>,
    authors: Vec<gw::Author>,
    shared: Vec<Arc<gw::Author>>,
    tree: gw::Folder,
    profiles: Vec<gw::Profile>,
}

impl App {
    /// The data, in the generated types.
    pub fn new() -> Self {
        let authors: Vec<_> = data::authors()
            .iter()
            .map(resolvers::bench::author)
            .collect();
        App {
            user: resolvers::bench::user(&data::user()),
            posts: data::posts().iter().map(resolvers::bench::post).collect(),
            items: data::items().iter().map(resolvers::bench::item).collect(),
            shared: authors.iter().cloned().map(Arc::new).collect(),
            authors,
            tree: resolvers::bench::folder(&data::tree()),
            profiles: data::profiles()
                .iter()
                .map(resolvers::bench::profile)
                .collect(),
        }
    }
}

impl Default for App {
    fn default() -> Self {
        App::new()
    }
}

/// A server as its users run it.
pub struct Server(graphwright::Server<App>);

impl Server {
    /// With the limits that everybody has by default.
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    /// With no limit at all.
    pub fn unlimited() -> Self {
        Self::with(Limits {
            bytes: usize::MAX,
            tokens: usize::MAX,
            depth: usize::MAX,
            aliases: usize::MAX,
            root_fields: usize::MAX,
            directives: usize::MAX,
            fields: usize::MAX,
            rows: usize::MAX,
            response: usize::MAX,
            timeout: std::time::Duration::from_secs(1 << 30),
            ..Limits::default()
        })
    }

    fn with(limits: Limits) -> Self {
        let services = Arc::new(Services::new());
        let server = graphwright::Server::with_limits(App::new(), services, limits);
        Server(server.expect("a schema"))
    }

    /// From the text to the bytes of the response.
    pub async fn answer(&self, text: &str, variables: &serde_json::Value) -> Vec<u8> {
        let request = Request {
            query: text.to_owned(),
            variables: variables.as_object().cloned(),
            ..Request::default()
        };
        self.0.execute(None, "bench", &request).await.body
    }

    /// The server itself, for a router.
    pub fn server(&self) -> graphwright::Server<App> {
        self.0.clone()
    }
}

impl Default for Server {
    fn default() -> Self {
        Server::new()
    }
}
