//! What user code is handed with every call: the caller, the database, the clock.
//!
//! In: the process's services, the caller of one operation. Out: access to them. Must not know: plans, HTTP.

use std::fmt;
use std::sync::Arc;

use http::request::Parts;

use crate::clock::Clock;
use crate::engine::lookahead::{Asked, Selection};
use crate::{Error, Result};

/// What the whole process shares: made once, when the program starts.
#[derive(Debug, Default)]
pub struct Services {
    clock: Clock,
    #[cfg(feature = "sqlite")]
    db: Option<crate::model::Db>,
    #[cfg(feature = "jobs")]
    jobs: Option<crate::jobs::Jobs>,
}

impl Services {
    /// No database, the system's clock.
    pub fn new() -> Self {
        Self::default()
    }

    /// With that database.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn with_db(mut self, db: crate::model::Db) -> Self {
        self.db = Some(db);
        self
    }

    /// With those jobs.
    #[cfg(feature = "jobs")]
    #[must_use]
    pub fn with_jobs(mut self, jobs: crate::jobs::Jobs) -> Self {
        self.jobs = Some(jobs);
        self
    }

    /// With that clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The database, if the program has one.
    #[cfg(feature = "sqlite")]
    pub fn db(&self) -> Option<&crate::model::Db> {
        self.db.as_ref()
    }

    /// The jobs, if the program has some.
    #[cfg(feature = "jobs")]
    pub fn jobs(&self) -> Option<&crate::jobs::Jobs> {
        self.jobs.as_ref()
    }
}

/// The surroundings of one operation.
pub struct Context<Auth> {
    auth: Option<Auth>,
    request_id: RequestId,
    services: Arc<Services>,
    asked: Option<Asked>,
    /// What came with the operation.
    data: http::Extensions,
    /// What came with the request over HTTP.
    parts: Option<Arc<Parts>>,
    #[cfg(feature = "sqlite")]
    session: Option<crate::model::Session>,
    /// Whether a job lies in the session's transaction, for the workers of this process to hear of after the commit.
    #[cfg(feature = "jobs")]
    job_awaits_commit: std::sync::atomic::AtomicBool,
}

impl<Auth> fmt::Debug for Context<Auth> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("request_id", &self.request_id)
            .field("authenticated", &self.auth.is_some())
            .finish_non_exhaustive()
    }
}

impl<Auth> Context<Auth> {
    /// The surroundings of an operation of that caller.
    pub fn new(
        services: Arc<Services>,
        auth: Option<Auth>,
        request_id: impl Into<RequestId>,
    ) -> Self {
        Context {
            auth,
            request_id: request_id.into(),
            asked: None,
            data: http::Extensions::new(),
            parts: None,
            #[cfg(feature = "sqlite")]
            session: services.db().map(crate::model::Db::session),
            #[cfg(feature = "jobs")]
            job_awaits_commit: false.into(),
            services,
        }
    }

    /// With values for [`Context::data`].
    #[must_use]
    pub fn with_data(mut self, data: http::Extensions) -> Self {
        self.data = data;
        self
    }

    /// With the head of the request that it came with, whose extensions [`Context::data`] reads too.
    #[must_use]
    pub fn with_parts(mut self, parts: Arc<Parts>) -> Self {
        self.parts = Some(parts);
        self
    }

    /// The value of that type that came with the operation; `None` if none did. It is looked for in
    /// [`Request::data`](crate::engine::response::Request), then among the extensions of the HTTP request, where layers
    /// around the router put what they know. Over a WebSocket these are the extensions of the request that opened it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use graphwright::context::{Context, Services};
    /// #[derive(Clone, Debug, PartialEq)]
    /// struct Tenant(&'static str);
    ///
    /// // A layer: router.layer(axum::Extension(Tenant("acme")))
    /// let mut request = http::Request::new(());
    /// request.extensions_mut().insert(Tenant("acme"));
    ///
    /// let (parts, ()) = request.into_parts();
    /// let cx: Context<()> = Context::new(Arc::new(Services::new()), None, "r1").with_parts(Arc::new(parts));
    /// assert_eq!(cx.data::<Tenant>(), Some(&Tenant("acme")));
    /// assert_eq!(cx.data::<String>(), None);
    /// ```
    pub fn data<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let of_request = || self.parts.as_ref()?.extensions.get();
        self.data.get().or_else(of_request)
    }

    /// The caller; `None` if nobody is signed in.
    pub fn auth(&self) -> Option<&Auth> {
        self.auth.as_ref()
    }

    /// The caller; an error `UNAUTHENTICATED` if nobody is signed in.
    pub fn require_auth(&self) -> Result<&Auth> {
        self.auth.as_ref().ok_or_else(Error::unauthenticated)
    }

    /// The id of the request, which the client and the log see too.
    pub fn request_id(&self) -> &str {
        self.request_id.as_str()
    }

    /// Whether the operation asks for that path below the field that is being resolved: names of fields (not aliases),
    /// joined by dots, through fragments and whatever the types of the objects are; what `@skip` and `@include` take out
    /// is not asked for.
    ///
    /// To be asked by the resolver itself: in a task that it spawns, nothing is selected.
    ///
    /// ```text
    /// let with_author = cx.selects("author.name");
    /// ```
    pub fn selects(&self, path: &str) -> bool {
        self.selection().selects(path)
    }

    /// All that the operation asks for below the field that is being resolved: see [`Context::selects`].
    pub fn selection(&self) -> Selection<'_> {
        self.asked
            .as_ref()
            .map(Asked::selection)
            .unwrap_or_default()
    }

    /// The operation is about to run: what it asks for is kept here for that. Answers both, to be shared from now on.
    pub(crate) fn ask(&mut self, asked: Asked) -> (&Self, &Asked) {
        self.asked = Some(asked);
        let cx = &*self;
        (cx, cx.asked.as_ref().expect("it was put there just now"))
    }

    /// The clock: the system's, or the one of a test.
    pub fn clock(&self) -> &Clock {
        self.services.clock()
    }

    /// The time now, by [`Context::clock`].
    pub fn now(&self) -> jiff::Timestamp {
        self.clock().now()
    }

    /// What the whole process shares.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The database.
    ///
    /// # Errors
    /// The program has none.
    #[cfg(feature = "sqlite")]
    pub fn db(&self) -> Result<&crate::model::Db> {
        self.services.db().ok_or_else(no_database)
    }

    /// The session of this operation: one snapshot for a query, one transaction for each root field of a mutation.
    ///
    /// # Errors
    /// The program has no database.
    #[cfg(feature = "sqlite")]
    pub fn session(&self) -> Result<&crate::model::Session> {
        self.session.as_ref().ok_or_else(no_database)
    }

    /// The connection of this operation, for own SQL that reads: in a query its one snapshot, in a mutation its
    /// transaction. Locked until it is dropped, so do not hold it while models are asked.
    ///
    /// # Errors
    /// The program has no database, or it fails.
    #[cfg(feature = "sqlite")]
    pub async fn connection(&self) -> Result<crate::model::Connection<'_>> {
        Ok(self.session()?.connection().await?)
    }

    /// The transaction of this mutation, for own SQL that writes: its models and jobs join the same one. It is
    /// committed when the root field's resolver answers `Ok`, and taken back when it answers `Err`.
    ///
    /// # Errors
    /// This is no root field of a mutation, the program has no database, or it fails.
    #[cfg(feature = "sqlite")]
    pub async fn tx(&self) -> Result<crate::model::Connection<'_>> {
        let session = self.session()?;
        if !session.is_writing().await {
            return Err(Error::internal(
                "only the root fields of a mutation have a transaction",
            ));
        }
        Ok(session.connection().await?)
    }

    /// A job, enqueued when this is awaited: in a mutation in the transaction that its models join, so that it exists
    /// if and when that commits; elsewhere in a transaction of its own.
    #[cfg(feature = "jobs")]
    pub fn enqueue<A: crate::jobs::JobArgs>(&self, args: A) -> crate::jobs::Enqueue<'_> {
        let enqueue = crate::jobs::Enqueue::of(self.services.jobs(), args);
        match &self.session {
            Some(session) => enqueue.session(session).noting(&self.job_awaits_commit),
            None => enqueue,
        }
    }

    /// What one event of a subscription used is over: no snapshot is held until the next one.
    pub(crate) fn renew(&mut self) {
        #[cfg(feature = "sqlite")]
        if self.session.is_some() {
            self.session = self.services.db().map(crate::model::Db::session);
        }
    }

    /// How often each field of the plan took the connection.
    pub(crate) fn turns(&self) -> Vec<(u32, u32)> {
        #[cfg(feature = "sqlite")]
        if let Some(session) = &self.session {
            return session.turns();
        }
        Vec::new()
    }

    /// How many rows may be read for the response.
    pub(crate) fn limit_rows(&self, _most: usize) {
        #[cfg(feature = "sqlite")]
        if let Some(session) = &self.session {
            session.limit_rows(_most);
        }
    }

    /// A root field of a mutation begins: what follows is one transaction (begun when first used).
    pub(crate) async fn begin(&self) -> Result<()> {
        #[cfg(feature = "sqlite")]
        if let Some(session) = &self.session {
            session.begin_writing().await?;
        }
        Ok(())
    }

    /// Its resolver has answered: commits if that went well, else takes everything back.
    pub(crate) async fn settle(&self, well: bool) -> Result<()> {
        #[cfg(feature = "sqlite")]
        if let Some(session) = &self.session {
            if well {
                session.commit().await?;
                #[cfg(feature = "jobs")]
                if self
                    .job_awaits_commit
                    .swap(false, std::sync::atomic::Ordering::Relaxed)
                    && let Some(jobs) = self.services.jobs()
                {
                    jobs.wake();
                }
            } else {
                session.rollback().await?;
            }
        }
        let _ = well;
        Ok(())
    }
}

/// The id of a request. One as short as a UUID costs no memory of its own.
#[derive(Clone)]
pub struct RequestId(Repr);

#[derive(Clone)]
enum Repr {
    Short { bytes: [u8; SHORT], len: u8 },
    Long(Arc<str>),
}

/// A UUID's length as text.
const SHORT: usize = 36;

impl RequestId {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Short { bytes, len } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }
}

impl From<&str> for RequestId {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                let len = text.len() as u8;
                RequestId(Repr::Short { bytes, len })
            }
            None => RequestId(Repr::Long(text.into())),
        }
    }
}

impl From<String> for RequestId {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Arc<str>> for RequestId {
    fn from(text: Arc<str>) -> Self {
        RequestId(Repr::Long(text))
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(feature = "sqlite")]
fn no_database() -> Error {
    Error::internal("the program was started without a database")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_any_length() {
        for len in [0, 1, 36, 37, 300] {
            let text = "é".repeat(len / 2) + &"x".repeat(len % 2);
            assert_eq!(RequestId::from(&*text).as_str(), text);
            assert_eq!(RequestId::from(text.clone()).as_str(), text);
        }
    }
}
