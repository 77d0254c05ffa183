//! async-graphql, the candidate of the next version.

use async_graphql::dataloader::DataLoader;
use async_graphql::runtime::{TokioSpawner, TokioTimer};

/// What the tables say.
pub const NAME: &str = "async-graphql 8.0.0-rc.5";

fn loader(loader: AuthorLoader) -> DataLoader<AuthorLoader> {
    DataLoader::new(loader, TokioSpawner::current(), TokioTimer::default())
}

include!("../async-graphql/server.rs");
