//! Images that a request only points at, and images that the simulator hands out. It does not know S3: whoever starts it
//! says how to read and write objects.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// An object that holds an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageLocation {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// The object's version, when one is meant.
    pub version: Option<String>,
}

/// Why an image cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageUnavailable {
    /// It is not there, may not be read, or its store does not answer.
    Unreadable,
    /// It is larger than asked for.
    TooLarge,
}

/// An image on its way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, ImageUnavailable>> + Send + 'a>>;

/// An image that is to lie in an object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageToStore {
    /// Where.
    pub location: ImageLocation,
    /// The KMS key that encrypts it, when it is not the bucket's own.
    pub kms_key: Option<String>,
    /// Its media type.
    pub content_type: &'static str,
    /// The encoded image.
    pub bytes: Vec<u8>,
}

/// An image on its way into a store; fails with a sentence.
pub type Storing<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Reads and writes images in an object store.
pub trait ImageSource: fmt::Debug + Send + Sync {
    /// Reads one object of at most `limit` bytes.
    ///
    /// # Errors
    /// [`ImageUnavailable::TooLarge`] when it is larger, [`ImageUnavailable::Unreadable`] for everything else.
    fn fetch<'a>(&'a self, location: &'a ImageLocation, limit: u64) -> Fetching<'a>;

    /// Writes one object.
    ///
    /// # Errors
    /// A sentence about why it cannot be written.
    fn store(&self, image: ImageToStore) -> Storing<'_>;
}

/// A source without images.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImages;

impl ImageSource for NoImages {
    fn fetch<'a>(&'a self, _location: &'a ImageLocation, _limit: u64) -> Fetching<'a> {
        Box::pin(async { Err(ImageUnavailable::Unreadable) })
    }

    fn store(&self, image: ImageToStore) -> Storing<'_> {
        Box::pin(async move { Err(format!("there is no bucket {}", image.location.bucket)) })
    }
}
