//! Where pictures are kept.

use std::future::Future;
use std::time::Duration;

use crate::identity::error::ServiceError;
use crate::identity::picture::{Picture, PictureError, PictureFacts, PictureFormat};
use crate::model::Timestamp;

/// Keeps pictures, encrypted.
pub trait ImageStore: Send + Sync {
    /// Stores a picture.
    fn store(&self, key: &str, picture: &Picture) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// The bytes of a stored picture. Bytes beyond `limit` are not fetched: a larger
    /// object is returned as its size alone.
    fn load(&self, key: &str, limit: usize) -> impl Future<Output = Result<Stored, ServiceError>> + Send;

    /// Format and size of a stored picture, read from its first bytes.
    fn look(&self, key: &str) -> impl Future<Output = Result<Looked, ServiceError>> + Send;

    /// Makes a copy under another key, within the store. A source that is not there is [`ServiceErrorKind::Missing`].
    ///
    /// [`ServiceErrorKind::Missing`]: crate::identity::ServiceErrorKind::Missing
    fn copy(&self, from: &str, to: &str) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Deletes a picture with all its versions; one that is not there is no error.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// An address to which somebody without credentials of their own may put one picture, for so long.
    fn upload_address(
        &self,
        key: &str,
        format: PictureFormat,
        lifetime: Duration,
    ) -> impl Future<Output = Result<Upload, ServiceError>> + Send;
}

/// What an image store holds under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// Nothing. What may not be read is an error, not nothing.
    Missing,
    /// More bytes than asked for.
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// The object.
    Bytes(Vec<u8>),
}

/// What the first bytes of a stored object tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// There is nothing.
    Missing,
    /// It is no usable picture.
    Refused(PictureError),
    /// It is one.
    Picture(PictureFacts),
}

/// Where a picture may be put.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The address for one HTTP PUT. A secret as long as it lives.
    pub url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
