//! Images that a request only points at. The simulator does not know S3: whoever starts it says how to read objects.

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

/// Reads images that lie in an object store.
pub trait ImageSource: fmt::Debug + Send + Sync {
    /// Reads one object of at most `limit` bytes.
    ///
    /// # Errors
    /// [`ImageUnavailable::TooLarge`] when it is larger, [`ImageUnavailable::Unreadable`] for everything else.
    fn fetch<'a>(&'a self, location: &'a ImageLocation, limit: u64) -> Fetching<'a>;
}

/// A source without images.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImages;

impl ImageSource for NoImages {
    fn fetch<'a>(&'a self, _location: &'a ImageLocation, _limit: u64) -> Fetching<'a> {
        Box::pin(async { Err(ImageUnavailable::Unreadable) })
    }
}
