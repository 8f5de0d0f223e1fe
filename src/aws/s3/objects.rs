//! Pictures in the image bucket. The bucket encrypts by default; nothing is said about keys here.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;

use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError, ErrorKind};
use std::time::Duration;

use crate::identity::{ImageStore, Looked, Picture, PictureFormat, ServiceError, ServiceErrorKind, Stored, Upload};

const SERVICE: &str = "S3";

/// The bucket of pictures.
#[derive(Debug)]
pub struct ImageBucket {
    client: Client,
    bucket: String,
}

impl ImageBucket {
    /// A client for a bucket.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, bucket: String) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), bucket }
    }
}

impl ImageStore for ImageBucket {
    async fn store(&self, key: &str, picture: &Picture) -> Result<(), ServiceError> {
        let stored = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(picture.format().media_type())
            .body(ByteStream::from(picture.bytes().to_vec()))
            .send()
            .await;
        stored.map_err(|error| CloudError::from_sdk(SERVICE, "PutObject", &error))?;
        Ok(())
    }

    async fn load(&self, key: &str, limit: usize) -> Result<Stored, ServiceError> {
        let answer = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "GetObject", &error);
                // "Denied" is an error, never "not there": the functions may list the bucket, so that S3 tells the truth.
                return if error.kind == ErrorKind::NotFound { Ok(Stored::Missing) } else { Err(error.into()) };
            }
        };
        let bytes = answer.content_length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if bytes > limit {
            return Ok(Stored::TooLarge { bytes });
        }
        let body = answer
            .body
            .collect()
            .await
            .map_err(|_| ServiceError::new(ServiceErrorKind::Unanswered, "S3 GetObject: the body broke off"))?;
        Ok(Stored::Bytes(body.to_vec()))
    }

    async fn look(&self, _: &str) -> Result<Looked, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn copy(&self, _: &str, _: &str) -> Result<(), ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn upload_address(&self, _: &str, _: PictureFormat, _: Duration) -> Result<Upload, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn delete(&self, key: &str) -> Result<(), ServiceError> {
        let deleted = self.client.delete_object().bucket(&self.bucket).key(key).send().await;
        deleted.map_err(|error| CloudError::from_sdk(SERVICE, "DeleteObject", &error))?;
        Ok(())
    }
}
