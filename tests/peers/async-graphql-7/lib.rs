//! async-graphql, the newest stable version.

use async_graphql::dataloader::DataLoader;

/// What the tables say.
pub const NAME: &str = "async-graphql 7.2.1";

fn loader(loader: AuthorLoader) -> DataLoader<AuthorLoader> {
    DataLoader::new(loader, tokio::spawn)
}

include!("../async-graphql/server.rs");
