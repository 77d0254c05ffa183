//! The `Upload` scalar: a file that came with the request.
//!
//! In: bytes, or a temporary file. Out: its name, type, size and bytes, for resolvers. Must not know: HTTP, multipart.
//!
//! In the variables of a request a file is a reference to one of [`Request::uploads`]; after the variables are coerced
//! `fill` puts the files in their places. A reference names only files of the same request.
//!
//! [`Request::uploads`]: crate::engine::response::Request

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::out::{Out, Written};
use crate::engine::value::{FromInput, InputValue};
use crate::scalar::Leaf;
use crate::{Error, Result};

/// The member of the object that stands for a file in the variables.
const REFERENCE: &str = "$upload";

/// A file that a client sent along with its operation. Cloning is cheap; the file goes with the last clone.
///
/// What [`file_name`](Upload::file_name) and [`content_type`](Upload::content_type) say is the client's word: never use
/// the name as a path, never trust the type.
///
/// # Example
///
/// ```text
/// async fn set_photo(&self, cx: &gw::Context, photo: gw::Upload) -> gw::Result<bool> {
///     photo.save(&self.photos.join(gw::uuid::Uuid::now_v7().to_string())).await?;
///     Ok(true)
/// }
/// ```
#[derive(Clone)]
pub struct Upload(Arc<Inner>);

struct Inner {
    file_name: Option<String>,
    content_type: Option<String>,
    size: u64,
    content: Content,
}

enum Content {
    Memory(Vec<u8>),
    /// Its place is moved by each read, so one read at a time.
    File(Mutex<File>),
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.0.file_name)
            .field("content_type", &self.0.content_type)
            .field("size", &self.0.size)
            .finish_non_exhaustive()
    }
}

/// Whether both are the same file, not whether they hold the same bytes.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Upload {
    /// A file in memory.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::of(bytes.len() as u64, Content::Memory(bytes))
    }

    /// An open file, from its beginning; best one without a name, which is gone when it is closed.
    ///
    /// # Errors
    /// Its size cannot be told.
    pub fn from_file(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self::of(size, Content::File(Mutex::new(file))))
    }

    fn of(size: u64, content: Content) -> Self {
        Upload(Arc::new(Inner {
            file_name: None,
            content_type: None,
            size,
            content,
        }))
    }

    /// With the name and the type that the client gives. Only before the upload is cloned.
    #[must_use]
    pub fn named(mut self, file_name: Option<String>, content_type: Option<String>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.file_name = file_name;
            inner.content_type = content_type;
        }
        self
    }

    /// The name that the client gives, which may be anything.
    pub fn file_name(&self) -> Option<&str> {
        self.0.file_name.as_deref()
    }

    /// The media type that the client gives, which may be anything.
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// All of its bytes.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub async fn bytes(&self) -> Result<Vec<u8>> {
        self.read(0, usize::MAX).await
    }

    /// At most so many bytes from a place on; none behind its end.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub async fn read(&self, from: u64, most: usize) -> Result<Vec<u8>> {
        match &self.0.content {
            Content::Memory(bytes) => {
                let from = usize::try_from(from).map_or(bytes.len(), |at| at.min(bytes.len()));
                let end = from.saturating_add(most).min(bytes.len());
                Ok(bytes[from..end].to_vec())
            }
            Content::File(_) => {
                let this = self.clone();
                let read = tokio::task::spawn_blocking(move || this.read_file(from, most));
                Ok(read.await??)
            }
        }
    }

    fn read_file(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let Content::File(file) = &self.0.content else {
            return Ok(Vec::new());
        };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = self.0.size.saturating_sub(from).min(most as u64);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
        if wanted == 0 {
            return Ok(bytes);
        }
        file.seek(SeekFrom::Start(from))?;
        (&mut *file).take(wanted).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes it to a new file.
    ///
    /// # Errors
    /// There is such a file already, or it cannot be written.
    pub async fn save(&self, path: &Path) -> Result<()> {
        let (this, path) = (self.clone(), path.to_owned());
        Ok(tokio::task::spawn_blocking(move || this.save_file(&path)).await??)
    }

    fn save_file(&self, path: &Path) -> io::Result<()> {
        let mut new = File::create_new(path)?;
        match &self.0.content {
            Content::Memory(bytes) => io::Write::write_all(&mut new, bytes),
            Content::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut *file, &mut new).map(drop)
            }
        }
    }
}

/// What stands for the file of that number in the variables of a request.
#[cfg(feature = "http")]
pub(crate) fn reference(number: usize) -> serde_json::Value {
    serde_json::json!({ REFERENCE: number })
}

/// Puts the files into the places of their references.
pub(crate) fn fill(value: &mut InputValue, uploads: &[Upload]) {
    if let Some(upload) = referred(value).and_then(|number| uploads.get(number)) {
        *value = InputValue::Upload(upload.clone());
        return;
    }
    match value {
        InputValue::List(items) => items.iter_mut().for_each(|item| fill(item, uploads)),
        InputValue::Object(fields) => fields.iter_mut().for_each(|(_, v)| fill(v, uploads)),
        _ => {}
    }
}

/// The number of the file that a value refers to.
fn referred(value: &InputValue) -> Option<usize> {
    match value {
        InputValue::Object(fields) => match fields.as_slice() {
            [(name, InputValue::Int(number))] if name == REFERENCE => usize::try_from(*number).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the value is, or will be, a file.
pub(crate) fn check(value: &InputValue) -> Result<()> {
    match value {
        InputValue::Upload(_) => Ok(()),
        value if referred(value).is_some() => Ok(()),
        _ => Err(no_file()),
    }
}

fn no_file() -> Error {
    Error::new("a file is sent in a multipart request (graphql-multipart-request-spec)")
}

impl FromInput for Upload {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Upload(upload) => Ok(upload.clone()),
            _ => Err(no_file()),
        }
    }
}

/// Files come in and do not go out.
impl Leaf for Upload {
    fn write(&self, out: &mut Out) -> Written {
        out.fail(Error::internal("an `Upload` is no value of a response"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference_to(number: i64) -> InputValue {
        InputValue::Object(vec![(REFERENCE.to_owned(), InputValue::Int(number))])
    }

    #[test]
    fn files_come_to_the_places_of_their_references() {
        let uploads = [Upload::new(*b"one"), Upload::new(*b"two")];
        let mut value = InputValue::Object(vec![
            ("a".to_owned(), reference_to(1)),
            (
                "b".to_owned(),
                InputValue::List(vec![reference_to(0), reference_to(2)]),
            ),
        ]);
        fill(&mut value, &uploads);
        assert_eq!(
            value.get("a"),
            Some(&InputValue::Upload(uploads[1].clone()))
        );
        let Some(InputValue::List(items)) = value.get("b") else {
            panic!("{value:?}");
        };
        assert_eq!(items[0], InputValue::Upload(uploads[0].clone()));
        assert!(
            Upload::from_input(&items[1]).is_err(),
            "there are two files"
        );
        assert!(check(&InputValue::Str("x".to_owned())).is_err());
    }

    #[tokio::test]
    async fn memory_and_files_are_read_alike() {
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, b"0123456789").unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (name, upload) in [
            ("memory", Upload::new(*b"0123456789")),
            ("file", Upload::from_file(file).unwrap()),
        ] {
            assert_eq!(upload.size(), 10);
            assert_eq!(upload.bytes().await.unwrap(), b"0123456789");
            assert_eq!(upload.read(2, 3).await.unwrap(), b"234");
            assert_eq!(upload.read(8, 9).await.unwrap(), b"89");
            assert_eq!(upload.read(u64::MAX, 1).await.unwrap(), b"");
            let path = folder.path().join(name);
            upload.save(&path).await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
            assert!(upload.save(&path).await.is_err(), "what is there stays");
        }
    }
}
