//! Any schema, without code: values are generated, or come from a JSON tree.
//!
//! In: SDL, a seed or data. Out: an application for the same engine that runs generated ones. Must not know: files,
//! command lines, sockets.
//!
//! The command `graphwright mock` is made of this, and its chapter in the generator's documentation says what values
//! and instructions mean. A test may use it directly:
//!
//! ```
//! use graphwright::mock::{Data, Mock, Schema};
//! use graphwright::{Server, Services};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let schema = Schema::parse("type Query { hello(name: String!): String }")?;
//! let data = Data::new(serde_json::json!({ "hello": { "$arg": "name" } })).map_err(|m| m[0].message.clone())?;
//! let server = Server::new(Mock::with_data(schema, data), Services::new()).map_err(|e| e.to_string())?;
//! # Ok(()) }
//! ```

mod data;
mod events;
mod generated;
mod instructions;
mod leaf;
mod locate;
mod node;
mod player;
mod position;
mod schema;
#[cfg(feature = "http")]
mod serve;
mod waiting;

use std::sync::Arc;

pub use self::data::{Data, Mistake};
pub use self::player::Player;
pub use self::schema::Schema;
#[cfg(feature = "http")]
pub use self::serve::serve;

use crate::application::{AppDef, Application, NoAuth};
use crate::{Limits, Result};

/// A schema with values for its fields.
#[derive(Debug, Clone)]
pub struct Mock {
    schema: Schema,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Seed(Arc<str>),
    Data(Arc<Data>),
}

impl Mock {
    /// Values are made of a seed, their types and their places in the response: the same ones every time.
    pub fn generated(schema: Schema, seed: impl Into<Arc<str>>) -> Self {
        Mock {
            schema,
            source: Source::Seed(seed.into()),
        }
    }

    /// Values are members of a JSON tree, which is the root value of every operation.
    pub fn with_data(schema: Schema, data: impl Into<Arc<Data>>) -> Self {
        Mock {
            schema,
            source: Source::Data(data.into()),
        }
    }

    /// The schema.
    pub fn schema(&self) -> Schema {
        self.schema
    }
}

/// Limits of a program that nobody but its starter talks to: what a test suite asks stays far below them, and what has
/// no end still meets one.
pub fn limits() -> Limits {
    Limits {
        bytes: 1 << 20,
        tokens: 200_000,
        depth: 100,
        aliases: 10_000,
        root_fields: 10_000,
        directives: 10_000,
        fields: 200_000,
        response: 64 << 20,
        ..Limits::default()
    }
}

impl Application for Mock {
    type Auth = NoAuth;
    type Slot<'r> = waiting::Found;
    type Query = node::Root;
    type Mutation = node::Root;
    type Subscription = events::Event;

    fn definition(&self) -> &'static AppDef {
        &self.schema.0.app
    }

    async fn authenticate(&self, _: &http::request::Parts) -> Result<Option<NoAuth>> {
        Ok(None)
    }
}
