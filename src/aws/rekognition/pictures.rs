//! Pictures as Rekognition is shown them: inside the request, or lying in the image bucket.

use aws_sdk_rekognition::primitives::Blob;
use aws_sdk_rekognition::types::{Image, S3Object};
use aws_sdk_s3::Client as S3Client;
use aws_sdk_s3::config::Builder;

use crate::aws::patience::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::identity::{EngineError, PictureError, PictureRef, ServiceError, ServiceErrorKind};

/// Where stored pictures lie.
#[derive(Debug)]
pub(super) struct Pictures {
    pub(super) bucket: String,
    s3: S3Client,
}

impl Pictures {
    /// Pictures in a bucket of the same region, as Rekognition wants it.
    pub(super) fn new(cloud: &Cloud, bucket: String) -> Self {
        let config = Builder::from(&cloud.shared)
            .retry_config(brisk_retries())
            .timeout_config(brisk_timeouts())
            .force_path_style(cloud.endpoint().is_some());
        Self { bucket, s3: S3Client::from_conf(config.build()) }
    }

    /// A picture as a part of a request.
    pub(super) fn image(&self, picture: PictureRef<'_>) -> Image {
        let image = Image::builder();
        match picture {
            PictureRef::Inline(picture) => image.bytes(Blob::new(picture.bytes())).build(),
            PictureRef::Stored(key) => {
                image.s3_object(S3Object::builder().bucket(&self.bucket).name(key).build()).build()
            }
        }
    }

    /// What it means that Rekognition could not fetch one of these pictures. It says the same of a picture that is not
    /// there and of one that it may not read ("Check object key, region and/or access permissions"), and the two must not
    /// be taken for each other: the first has no face, the second may be of somebody who is to be found and forgotten.
    pub(super) async fn not_fetched(&self, operation: &'static str, pictures: &[PictureRef<'_>]) -> EngineError {
        for picture in pictures {
            let PictureRef::Stored(key) = picture else { continue };
            let Err(error) = self.s3.head_object().bucket(&self.bucket).key(*key).send().await else { continue };
            let error = CloudError::from_sdk("S3", "HeadObject", &error);
            if error.kind == ErrorKind::NotFound {
                return EngineError::Picture(PictureError::Unreadable);
            }
            return EngineError::Failed(ServiceError::from(error));
        }
        let message = format!("Rekognition {operation}: InvalidS3ObjectException, though the picture is there");
        EngineError::Failed(ServiceError::new(ServiceErrorKind::Unavailable, message))
    }
}
