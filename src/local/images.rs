//! Lets the Rekognition simulator read and write images in the emulator's S3.

use crate::aws::Cloud;
use crate::aws::s3::bounded::{self, ReadError};
use crate::aws::s3::deposit;
use crate::local::simulator::{Fetching, ImageLocation, ImageSource, ImageToStore, ImageUnavailable, Storing};

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

    fn store(&self, image: ImageToStore) -> Storing<'_> {
        Box::pin(async move {
            let ImageToStore { location: ImageLocation { bucket, key, .. }, kms_key, content_type, bytes } = image;
            let object = deposit::Object { bucket: &bucket, key: &key, kms_key: kms_key.as_deref(), content_type };
            deposit::write(&self.0, object, bytes).await.map_err(|error| error.to_string())
        })
    }
}
