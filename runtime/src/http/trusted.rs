//! Trusted documents: the operations that a program's own clients use, known when it starts; nothing else is executed.
//!
//! In: a folder of documents, or a manifest. Out: documents by id and by hash. Must not know: requests.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::persisted::hash;
use crate::{Error, Result};

/// The only documents that an endpoint executes.
///
/// Clients name one by `documentId` (its id, or `sha256:` and the hash of its text) or by the hash of the protocol of
/// automatic persisted queries; a text that they send is executed if its hash is known.
///
/// # Example
///
/// ```
/// use graphwright::http::{Options, TrustedDocuments};
///
/// let manifest = r#"{ "hello": "{ hello }" }"#;
/// let mut options = Options::default();
/// options.trusted = Some(TrustedDocuments::from_manifest(manifest)?);
/// # Ok::<(), graphwright::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TrustedDocuments {
    by_id: Arc<HashMap<String, Arc<str>>>,
    by_hash: Arc<HashMap<String, Arc<str>>>,
    others: bool,
}

impl TrustedDocuments {
    /// Documents and their ids.
    pub fn new(documents: impl IntoIterator<Item = (String, String)>) -> Self {
        let (mut by_id, mut by_hash) = (HashMap::new(), HashMap::new());
        for (id, text) in documents {
            let text: Arc<str> = text.into();
            by_hash.insert(hash(&text), Arc::clone(&text));
            by_id.insert(id, text);
        }
        TrustedDocuments {
            by_id: Arc::new(by_id),
            by_hash: Arc::new(by_hash),
            others: false,
        }
    }

    /// The documents of a JSON manifest: an object of ids and texts, as Relay's compiler and GraphQL Code Generator
    /// write it, or Apollo's (`"format": "apollo-persisted-query-manifest"`).
    ///
    /// # Errors
    /// The text is no such manifest.
    pub fn from_manifest(json: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(json)
            .map_err(|e| Error::internal(format!("the manifest is not JSON: {e}")))?;
        let found = match &value["operations"] {
            Value::Array(operations) => operations
                .iter()
                .map(|operation| pair(operation["id"].as_str(), &operation["body"]))
                .collect::<Option<Vec<_>>>(),
            _ => value.as_object().and_then(|members| {
                let pairs = members.iter().map(|(id, text)| pair(Some(id), text));
                pairs.collect()
            }),
        };
        found.map(Self::new).ok_or_else(|| {
            Error::internal("the manifest must be an object of ids and documents, or Apollo's")
        })
    }

    /// All files `*.graphql` and `*.gql` of a folder, each with its name without the ending as its id; or one manifest,
    /// if the path is a file.
    ///
    /// # Errors
    /// It cannot be read, or the file is no manifest.
    pub fn read(path: &Path) -> Result<Self> {
        let failed =
            |at: &Path, e: std::io::Error| Error::internal(format!("{}: {e}", at.display()));
        if path.is_file() {
            let text = std::fs::read_to_string(path).map_err(|e| failed(path, e))?;
            return Self::from_manifest(&text);
        }
        let mut documents = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|e| failed(path, e))? {
            let file = entry.map_err(|e| failed(path, e))?.path();
            let ending = file.extension().and_then(|ending| ending.to_str());
            let Some(id) = file.file_stem().and_then(|stem| stem.to_str()) else {
                continue;
            };
            if matches!(ending, Some("graphql" | "gql")) {
                let text = std::fs::read_to_string(&file).map_err(|e| failed(&file, e))?;
                documents.push((id.to_owned(), text));
            }
        }
        Ok(Self::new(documents))
    }

    /// Whether other documents are executed too: for development, and while clients move over. False unless told
    /// otherwise.
    #[must_use]
    pub fn allow_others(mut self, others: bool) -> Self {
        self.others = others;
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(super) fn allows_others(&self) -> bool {
        self.others
    }

    /// The document of an id: its own, or `sha256:` and its hash.
    pub(super) fn named(&self, id: &str) -> Option<&Arc<str>> {
        let by_hash = || self.hashed(id.strip_prefix("sha256:")?);
        self.by_id.get(id).or_else(by_hash)
    }

    /// The document of a hash.
    pub(super) fn hashed(&self, hash: &str) -> Option<&Arc<str>> {
        self.by_hash.get(hash)
    }

    /// Every document and its id.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_id.iter().map(|(id, text)| (&**id, &**text))
    }
}

fn pair(id: Option<&str>, text: &Value) -> Option<(String, String)> {
    Some((id?.to_owned(), text.as_str()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_of_the_known_kinds() {
        let plain = r#"{"a": "{ a }", "b": "{ b }"}"#;
        let apollo = r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "a", "name": "A", "type": "query", "body": "{ a }"},
            {"id": "b", "name": "B", "type": "query", "body": "{ b }"}]}"#;
        for json in [plain, apollo] {
            let documents = TrustedDocuments::from_manifest(json).unwrap();
            assert_eq!(documents.len(), 2, "{json}");
            assert_eq!(documents.named("b").map(|text| &**text), Some("{ b }"));
            let by_hash = format!("sha256:{}", hash("{ a }"));
            assert_eq!(documents.named(&by_hash).map(|text| &**text), Some("{ a }"));
            assert!(documents.hashed(&hash("{ c }")).is_none());
        }
        for odd in [
            "",
            "[]",
            "1",
            r#"{"a": 1}"#,
            r#"{"operations": [{"id": "a"}]}"#,
        ] {
            assert!(TrustedDocuments::from_manifest(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_folder_of_documents() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("a.graphql", "{ a }"),
            ("b.gql", "{ b }"),
            ("README.md", "no"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let documents = TrustedDocuments::read(folder.path()).unwrap();
        assert_eq!(documents.len(), 2);
        assert!(documents.named("a").is_some() && documents.named("b").is_some());
        let manifest = folder.path().join("manifest.json");
        std::fs::write(&manifest, r#"{"x": "{ x }"}"#).unwrap();
        assert!(
            TrustedDocuments::read(&manifest)
                .unwrap()
                .named("x")
                .is_some()
        );
        let missing = TrustedDocuments::read(&folder.path().join("nothing"));
        assert!(missing.unwrap_err().to_string().contains("nothing"));
    }
}
