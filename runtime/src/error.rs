//! The one error of the runtime: what a client sees, and what only the log sees.
//!
//! In: messages of user code, and any `std::error::Error` through `?`. Out: a message and a code for the
//! response, internals for the log. Must not know: responses, paths, requests.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The result of resolvers, jobs and everything else that user code answers.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of a resolver, an operation or a request.
///
/// It is either *public* (made by [`Error::new`]: its message and code reach the client) or *internal* (made by `?`
/// from another error, or by [`Error::internal`]: the client sees "internal error" and a request id, the log sees all).
/// Cloning is cheap.
///
/// # Example
///
/// ```
/// use graphwright::Error;
///
/// fn parse(text: &str) -> graphwright::Result<i32> {
///     if text.is_empty() {
///         return Err(Error::new("give a number").code("BAD_USER_INPUT"));
///     }
///     Ok(text.parse()?) // the text of the ParseIntError stays in the log
/// }
/// assert_eq!(parse("").unwrap_err().message(), "give a number");
/// assert_eq!(parse("x").unwrap_err().message(), "internal error");
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    message: Cow<'static, str>,
    code: Code,
    internal: Option<Arc<dyn std::error::Error + Send + Sync>>,
    field: Option<String>,
    fields: Vec<(String, String)>,
    /// What `extensions` has beside what the engine writes there.
    extensions: serde_json::Map<String, serde_json::Value>,
    /// All that `extensions` has, in place of what the engine writes there.
    bare: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The machine-readable kind of an error: `extensions.code` of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// `BAD_USER_INPUT`: an argument does not fit.
    BadUserInput,
    /// `UNAUTHENTICATED`: the caller must sign in first.
    Unauthenticated,
    /// `FORBIDDEN`: the caller may not do this.
    Forbidden,
    /// `NOT_FOUND`: there is no such thing, or the caller may not see it.
    NotFound,
    /// `CONFLICT`: the change meets another one, or a unique value is taken.
    Conflict,
    /// `NOT_IMPLEMENTED`: a stub that nobody has filled in.
    NotImplemented,
    /// `INTERNAL`: the program's own fault; the log tells more.
    Internal,
    /// `TIMEOUT`: the operation took longer than it may.
    Timeout,
    /// `GRAPHQL_PARSE_FAILED`: the document is no GraphQL.
    ParseFailed,
    /// `GRAPHQL_VALIDATION_FAILED`: the document does not fit the schema.
    ValidationFailed,
    /// `LIMIT_EXCEEDED`: the document asks for more than is allowed.
    LimitExceeded,
    /// `BAD_REQUEST`: the request around the document is not right.
    BadRequest,
    /// A code of the application's own.
    Other(Cow<'static, str>),
}

impl Error {
    /// An error whose message the client sees; its code is `BAD_USER_INPUT` unless [`Error::code`] says otherwise.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Error(Arc::new(Inner {
            message: message.into(),
            code: Code::BadUserInput,
            internal: None,
            field: None,
            fields: Vec::new(),
            extensions: serde_json::Map::new(),
            bare: None,
        }))
    }

    /// An error that only the log sees: the client gets "internal error" and the request id.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::from(Hidden(message.into()))
    }

    /// `BAD_USER_INPUT` for several fields at once: each with what is wrong with it (`extensions.fields`).
    pub fn invalid(fields: Vec<(String, String)>) -> Self {
        let told: Vec<String> = fields
            .iter()
            .map(|(name, why)| format!("`{name}` {why}"))
            .collect();
        let mut error = Self::new(told.join("; "));
        let inner = Arc::make_mut(&mut error.0);
        inner.field = fields.first().map(|(name, _)| name.clone());
        inner.fields = fields;
        error
    }

    /// An error whose `extensions` are these and nothing else: no code, no request id; none at all if there are none.
    #[cfg(feature = "mock")]
    pub(crate) fn bare(
        message: impl Into<Cow<'static, str>>,
        extensions: Option<serde_json::Map<String, serde_json::Value>>,
    ) -> Self {
        let mut error = Self::new(message);
        Arc::make_mut(&mut error.0).bare = Some(extensions.unwrap_or_default());
        error
    }

    /// What `extensions` has in place of what the engine writes there, for an error that says so.
    pub(crate) fn bare_extensions(&self) -> Option<&serde_json::Map<String, serde_json::Value>> {
        self.0.bare.as_ref()
    }

    /// `NOT_IMPLEMENTED`: the answer of a stub, with the name of its field or job.
    pub fn not_implemented(what: &str) -> Self {
        Self::new(format!("{what} is not implemented yet")).code(Code::NotImplemented)
    }

    /// `UNAUTHENTICATED`: the caller must sign in first.
    pub fn unauthenticated() -> Self {
        Self::new("sign in first").code(Code::Unauthenticated)
    }

    /// `FORBIDDEN`: the caller may not do this.
    pub fn forbidden() -> Self {
        Self::new("not allowed").code(Code::Forbidden)
    }

    /// `NOT_FOUND`, with what is missing: `Error::not_found("Listing")`.
    pub fn not_found(what: &str) -> Self {
        Self::new(format!("{what} not found")).code(Code::NotFound)
    }

    /// `CONFLICT`, with a message for the client.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(message).code(Code::Conflict)
    }

    /// The same error with another code: a [`Code`], or the application's own text.
    #[must_use]
    pub fn code(mut self, code: impl Into<Code>) -> Self {
        Arc::make_mut(&mut self.0).code = code.into();
        self
    }

    /// The same error with the name of the argument or input field that it is about (`extensions.field`).
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).field = Some(name.into());
        self
    }

    /// The same error with a member of its own in `extensions`, which the client sees, also of an internal error.
    ///
    /// The keys that the engine writes are its own: `code`, `field`, `fields`, `requestId`, `cost` and `limit` are not
    /// taken from here ([`Error::code`] and [`Error::field`] set the first two).
    ///
    /// ```
    /// use graphwright::Error;
    /// use serde_json::json;
    ///
    /// enum Booking {
    ///     SoldOut { left: u32, dates: Vec<String> },
    ///     Late,
    /// }
    ///
    /// // What clients see of an error of the application's own is said once; its resolvers use `?`.
    /// impl From<Booking> for Error {
    ///     fn from(error: Booking) -> Self {
    ///         match error {
    ///             Booking::SoldOut { left, dates } => Error::conflict("sold out")
    ///                 .code("SOLD_OUT")
    ///                 .extension("left", left)
    ///                 .extension("alternatives", json!({ "dates": dates })),
    ///             Booking::Late => Error::new("too late").code("TOO_LATE"),
    ///         }
    ///     }
    /// }
    ///
    /// fn book() -> graphwright::Result<()> {
    ///     Err(Booking::SoldOut { left: 0, dates: vec!["2026-05-01".to_owned()] })?
    /// }
    /// let told = book().unwrap_err();
    /// assert_eq!(told.extensions()["alternatives"], json!({ "dates": ["2026-05-01"] }));
    /// ```
    #[must_use]
    pub fn extension(
        mut self,
        key: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        let key = key.into();
        if !RESERVED.contains(&key.as_str()) {
            Arc::make_mut(&mut self.0)
                .extensions
                .insert(key, value.into());
        }
        self
    }

    /// What [`Error::extension`] has added.
    pub fn extensions(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.0.extensions
    }

    /// What the client sees.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The code that the client sees.
    pub fn kind(&self) -> &Code {
        &self.0.code
    }

    /// The argument or input field that the error is about.
    pub fn about(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The fields that [`Error::invalid`] was made of, and what is wrong with each.
    pub fn fields(&self) -> &[(String, String)] {
        &self.0.fields
    }

    /// What only the log may see.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.0.internal.as_deref()
    }

    /// Whether the client sees nothing but "internal error".
    pub fn is_internal(&self) -> bool {
        self.0.internal.is_some()
    }

    /// Whether both are one error, told twice (as when a batch fails as a whole).
    pub(crate) fn is_same(&self, other: &Error) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Anything that fails becomes an internal error.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Self {
        Error(Arc::new(Inner {
            message: Cow::Borrowed("internal error"),
            code: Code::Internal,
            internal: Some(Arc::new(cause)),
            field: None,
            fields: Vec::new(),
            extensions: serde_json::Map::new(),
            bare: None,
        }))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("code", &self.0.code.as_str())
            .field("message", &self.0.message);
        if let Some(cause) = &self.0.internal {
            out.field("cause", cause);
        }
        out.finish()
    }
}

/// For logs and terminals: the cause and all causes behind it where there is one, else the message.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(cause) = &self.0.internal else {
            return f.write_str(&self.0.message);
        };
        write!(f, "{cause}")?;
        let mut next = cause.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

/// The text of an internal error that has no error type of its own.
#[derive(Debug)]
struct Hidden(String);

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Hidden {}

/// The members of `extensions` that the engine alone writes.
const RESERVED: &[&str] = &["code", "field", "fields", "requestId", "cost", "limit"];

const CODES: &[(&str, Code)] = &[
    ("BAD_USER_INPUT", Code::BadUserInput),
    ("UNAUTHENTICATED", Code::Unauthenticated),
    ("FORBIDDEN", Code::Forbidden),
    ("NOT_FOUND", Code::NotFound),
    ("CONFLICT", Code::Conflict),
    ("NOT_IMPLEMENTED", Code::NotImplemented),
    ("INTERNAL", Code::Internal),
    ("TIMEOUT", Code::Timeout),
    ("GRAPHQL_PARSE_FAILED", Code::ParseFailed),
    ("GRAPHQL_VALIDATION_FAILED", Code::ValidationFailed),
    ("LIMIT_EXCEEDED", Code::LimitExceeded),
    ("BAD_REQUEST", Code::BadRequest),
];

impl Code {
    /// The text in a response.
    pub fn as_str(&self) -> &str {
        match self {
            Code::Other(text) => text,
            known => CODES
                .iter()
                .find(|(_, code)| code == known)
                .map_or("INTERNAL", |(text, _)| text),
        }
    }
}

impl From<&'static str> for Code {
    fn from(text: &'static str) -> Self {
        CODES
            .iter()
            .find(|(known, _)| *known == text)
            .map_or(Code::Other(Cow::Borrowed(text)), |(_, code)| code.clone())
    }
}

impl From<String> for Code {
    fn from(text: String) -> Self {
        let known = CODES
            .iter()
            .find(|(known, _)| *known == text)
            .map(|(_, code)| code.clone());
        known.unwrap_or(Code::Other(Cow::Owned(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internals_stay_out_of_message_and_code() {
        let error: Error = std::io::Error::other("password is hunter2").into();
        assert_eq!(
            (error.message(), error.kind().as_str()),
            ("internal error", "INTERNAL")
        );
        assert!(error.is_internal());
        assert_eq!(error.to_string(), "password is hunter2");
    }

    #[test]
    fn codes_have_one_text_each() {
        for (text, code) in CODES {
            assert_eq!(&Code::from(*text), code);
            assert_eq!(code.as_str(), *text);
        }
        assert_eq!(Error::new("x").code("SOLD_OUT").kind().as_str(), "SOLD_OUT");
    }

    #[test]
    fn extensions_leave_the_engines_keys_alone() {
        let mut error = Error::new("x").extension("left", 1).extension("left", 2);
        for key in RESERVED {
            error = error.extension(*key, "mine");
        }
        let all = serde_json::Value::from(error.extensions().clone());
        assert_eq!(all, serde_json::json!({ "left": 2 }));
    }

    #[test]
    fn a_clone_is_the_same_error() {
        let error = Error::new("x");
        assert!(error.clone().is_same(&error));
        assert!(!Error::new("x").is_same(&error));
    }
}
