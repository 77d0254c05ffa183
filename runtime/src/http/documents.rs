//! The document of an operation that names one instead of giving it: trusted ones, automatic persisted queries.
//!
//! In: an operation, the options. Out: its document, and the hash to keep it under once it was executed.
//! Must not know: HTTP, what is in documents.

use super::answer::Answer;
use super::options::Options;
use super::persisted::{hash, is_hash};
use super::request::{Operation, bad};
use super::trusted::TrustedDocuments;
use crate::Code;

/// Finds the document. Answers the hash under which it is to be [kept](keep).
pub(super) async fn find(
    operation: &mut Operation,
    options: &Options,
) -> Result<Option<String>, Answer> {
    if let Some(trusted) = &options.trusted
        && find_trusted(operation, trusted)?
    {
        return Ok(None);
    }
    if operation.id.is_some() {
        return Err(not_found());
    }
    match operation.hash.take() {
        Some(hash) => Box::pin(find_persisted(operation, hash, options)).await,
        None => Ok(None),
    }
}

/// Keeps a document that was found to be valid.
pub(super) async fn keep(hash: &str, document: &str, options: &Options) {
    let Some(store) = &options.persisted else {
        return;
    };
    if let Err(error) = store.put(hash, document).await {
        tracing::warn!(%error, "a persisted query could not be kept");
    }
}

/// Whether the document is a trusted one, found by id, hash or text.
fn find_trusted(operation: &mut Operation, trusted: &TrustedDocuments) -> Result<bool, Answer> {
    let query = &mut operation.request.query;
    let found = match (&operation.id, &operation.hash) {
        (Some(id), _) => trusted.named(id).ok_or_else(not_found).map(Some)?,
        (None, Some(hash)) => trusted.hashed(hash),
        (None, None) => trusted.hashed(&hash(query)),
    };
    match found {
        Some(document) => {
            document.as_ref().clone_into(query);
            Ok(true)
        }
        None if trusted.allows_others() => Ok(false),
        None => Err(Answer::refused(
            Code::from("DOCUMENT_NOT_TRUSTED"),
            "only trusted documents are executed here",
        )),
    }
}

async fn find_persisted(
    operation: &mut Operation,
    named: String,
    options: &Options,
) -> Result<Option<String>, Answer> {
    let Some(store) = &options.persisted else {
        return Err(Answer::refused(
            Code::from("PERSISTED_QUERY_NOT_SUPPORTED"),
            "PersistedQueryNotSupported",
        ));
    };
    let query = &mut operation.request.query;
    if !query.is_empty() {
        return match hash(query) == named {
            true => Ok(Some(named)),
            false => Err(bad("`sha256Hash` is not the hash of `query`")),
        };
    }
    if !is_hash(&named) {
        return Err(bad("`sha256Hash` must be 64 hexadecimal digits"));
    }
    match store.get(&named).await {
        Ok(Some(document)) => {
            document.as_ref().clone_into(query);
            Ok(None)
        }
        Ok(None) => Err(Answer::refused(
            Code::from("PERSISTED_QUERY_NOT_FOUND"),
            "PersistedQueryNotFound",
        )),
        Err(error) => {
            tracing::error!(%error, "the store of persisted queries failed");
            Err(Answer::failed())
        }
    }
}

fn not_found() -> Answer {
    Answer::refused(
        Code::from("DOCUMENT_NOT_FOUND"),
        "there is no document of that `documentId`",
    )
}
