//! Lets the Rekognition simulator read the images that lie in the emulator's S3.

use crate::aws::Cloud;
use crate::aws::s3::bounded::{self, ReadError};
use crate::local::simulator::{Fetching, ImageLocation, ImageSource, ImageUnavailable};

/// Objects of the local cloud's buckets.
#[derive(Debug, Clone)]
pub struct BucketImages(pub Cloud);

impl ImageSource for BucketImages {
    fn fetch<'a>(&'a self, location: &'a ImageLocation, limit: u64) -> Fetching<'a> {
        Box::pin(async move {
            let read =
                bounded::read(&self.0, &location.bucket, &location.key, location.version.as_deref(), limit).await;
            read.map_err(|error| match error {
                ReadError::TooLarge => ImageUnavailable::TooLarge,
                // Rekognition tells callers no more than this either.
                ReadError::Unreadable(_) => ImageUnavailable::Unreadable,
            })
        })
    }
}
