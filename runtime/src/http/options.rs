//! How the endpoint behaves: every switch of the transports, with what holds unless told otherwise.
//!
//! In: what a program wants. Out: values that the other modules read. Must not know: requests.

use std::sync::Arc;
use std::time::Duration;

use super::cors::Cors;
use super::persisted::{DocumentStore, MemoryStore};
use super::trusted::TrustedDocuments;

/// How the endpoint behaves. Everything that costs safety is off by default; everything that costs memory is bounded.
///
/// # Example
///
/// ```
/// use graphwright::http::{Cors, Options};
///
/// let mut options = Options::default();
/// options.graphiql = false;
/// options.cors = Some(Cors::allow(["https://app.example.com"]).credentials(true));
/// options.batch = 10;
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Greatest size of a request's body, in bytes; multipart requests have limits of their own. 1 MiB unless told otherwise.
    pub body_limit: usize,
    /// Whether browsers that open the address get GraphiQL. True unless told otherwise.
    pub graphiql: bool,
    /// How many operations one request may bring as a JSON array. 0 unless told otherwise: arrays are refused.
    pub batch: usize,
    /// Whether every request that a browser sends without a preflight (`GET`) needs a header that shows that it was made
    /// on purpose: `graphql-require-preflight`, `apollo-require-preflight` or `x-requested-with`, with any value. False
    /// unless told otherwise: then such a header is asked only of requests that a browser says come from another site
    /// (`sec-fetch-site`). Multipart requests need one always.
    pub require_preflight: bool,
    /// Which foreign pages may use the endpoint (CORS). `None` unless told otherwise: no other origin's.
    pub cors: Option<Cors>,
    /// Whether responses are compressed where the client takes gzip. Streams never are. True unless told otherwise.
    ///
    /// Compressed responses over TLS that hold both a secret and text of an attacker's choice leak the secret by their
    /// length (BREACH). The attacker must make a signed-in browser send many such requests, which the refusal of foreign
    /// pages' requests prevents; switch this off where you allow foreign origins with credentials.
    pub compression: bool,
    /// Where automatic persisted queries are kept. A [`MemoryStore`] of 4 MiB unless told otherwise; `None` switches
    /// them off.
    pub persisted: Option<Arc<dyn DocumentStore>>,
    /// The only documents that are executed. `None` unless told otherwise: all that keep the limits are.
    pub trusted: Option<TrustedDocuments>,
    /// What multipart requests may bring; `None` refuses them.
    pub uploads: Option<Uploads>,
    /// Subscriptions over WebSockets; `None` refuses them.
    pub websocket: Option<WebSockets>,
    /// After how long a silence a stream of events gets a comment, so that proxies keep it open. 12 seconds unless told
    /// otherwise.
    pub keep_alive: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            body_limit: 1 << 20,
            graphiql: true,
            batch: 0,
            require_preflight: false,
            cors: None,
            compression: true,
            persisted: Some(Arc::new(MemoryStore::new(4 << 20))),
            trusted: None,
            uploads: Some(Uploads::default()),
            websocket: Some(WebSockets::default()),
            keep_alive: Duration::from_secs(12),
        }
    }
}

/// What multipart requests may bring.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Uploads {
    /// How many files. 10 unless told otherwise.
    pub files: usize,
    /// Greatest size of one file, in bytes. 10 MiB unless told otherwise.
    pub file_size: u64,
    /// Greatest size of the whole request, in bytes. 32 MiB unless told otherwise.
    pub total: u64,
    /// Files above this size go to a temporary file without a name; smaller ones stay in memory. 128 KiB unless told
    /// otherwise.
    pub in_memory: usize,
    /// How long the body may take. A minute unless told otherwise.
    pub timeout: Duration,
}

impl Default for Uploads {
    fn default() -> Self {
        Uploads {
            files: 10,
            file_size: 10 << 20,
            total: 32 << 20,
            in_memory: 128 << 10,
            timeout: Duration::from_secs(60),
        }
    }
}

/// Operations over WebSockets (`graphql-transport-ws`).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WebSockets {
    /// How long a client may take to send `connection_init`. 3 seconds unless told otherwise.
    pub init_timeout: Duration,
    /// How often the client is pinged; one that says nothing for three such spans, or takes nothing for three, is given
    /// up. 20 seconds unless told otherwise.
    pub ping: Duration,
    /// How many operations may run on one socket. 100 unless told otherwise.
    pub operations: usize,
    /// Greatest size of a client's message, in bytes. 1 MiB unless told otherwise.
    pub message_size: usize,
    /// Origins of foreign pages that may open a socket (`https://app.example.com`, or `*` for all), besides those that
    /// [`Cors`] names and the endpoint's own. None unless told otherwise. Browsers send cookies with a socket whatever
    /// page opens it: allow all only where nobody is known by a cookie.
    pub origins: Vec<String>,
}

impl Default for WebSockets {
    fn default() -> Self {
        WebSockets {
            init_timeout: Duration::from_secs(3),
            ping: Duration::from_secs(20),
            operations: 100,
            message_size: 1 << 20,
            origins: Vec::new(),
        }
    }
}
