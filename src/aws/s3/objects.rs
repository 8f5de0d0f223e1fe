//! Pictures in the image bucket. The bucket encrypts by default; nothing is said about keys here.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;

use super::versions;
use crate::aws::patience::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::identity::{
    ImageStore, Looked, MAX_STORED_PICTURE_BYTES, Picture, PictureError, PictureFacts, PictureFormat, ServiceError,
    ServiceErrorKind, Stored, Upload,
};
use crate::model::Timestamp;

const SERVICE: &str = "S3";

/// How much of a picture is read to learn its format and size: cameras put previews and colour profiles before the
/// frame header of a JPEG, at most 64 KiB each.
const HEAD_BYTES: usize = 256 * 1024;

/// The bucket of pictures.
#[derive(Debug)]
pub struct ImageBucket {
    client: Client,
    bucket: String,
}

impl ImageBucket {
    /// A client for a bucket.
    #[must_use]
    pub fn new(cloud: &Cloud, bucket: String) -> Self {
        let config = Builder::from(&cloud.shared)
            .retry_config(brisk_retries())
            .timeout_config(brisk_timeouts())
            // A bucket is no host name at an endpoint of one's own.
            .force_path_style(cloud.endpoint().is_some())
            // TLS protects what is sent; a checksum in an address for uploads would be that of no bytes.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        Self { client: Client::from_conf(config.build()), bucket }
    }

    /// An object, or the part of it in a range; `None` when there is none.
    async fn get(&self, key: &str, range: Option<String>) -> Result<Option<GetObjectOutput>, CloudError> {
        match self.client.get_object().bucket(&self.bucket).key(key).set_range(range).send().await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "GetObject", &error);
                // "Denied" is an error, never "not there": the functions may list the bucket, so that S3 tells the truth.
                if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) }
            }
        }
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
        let Some(answer) = self.get(key, None).await? else {
            return Ok(Stored::Missing);
        };
        let bytes = length(answer.content_length)?;
        if bytes > limit {
            return Ok(Stored::TooLarge { bytes });
        }
        body(answer).await.map(Stored::Bytes)
    }

    async fn look(&self, key: &str) -> Result<Looked, ServiceError> {
        let answer = match self.get(key, Some(format!("bytes=0-{}", HEAD_BYTES - 1))).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(Looked::Missing),
            // No byte is in range of an object without bytes.
            Err(error) if error.code == "InvalidRange" => return Ok(Looked::Refused(PictureError::Empty)),
            Err(error) => return Err(error.into()),
        };
        let bytes = match &answer.content_range {
            Some(range) => total(range).ok_or_else(|| incomplete("ContentRange"))?,
            None => length(answer.content_length)?,
        };
        if bytes > MAX_STORED_PICTURE_BYTES {
            return Ok(Looked::Refused(PictureError::TooLarge { bytes }));
        }
        let head = body(answer).await?;
        Ok(PictureFacts::read(&head, bytes).map_or_else(Looked::Refused, Looked::Picture))
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), ServiceError> {
        let source = format!("{}/{}", self.bucket, in_address(from));
        let copied = self.client.copy_object().bucket(&self.bucket).key(to).copy_source(source).send().await;
        copied.map_err(|error| CloudError::from_sdk(SERVICE, "CopyObject", &error))?;
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), ServiceError> {
        Ok(versions::delete(&self.client, &self.bucket, key).await?)
    }

    async fn upload_address(
        &self,
        key: &str,
        format: PictureFormat,
        lifetime: Duration,
    ) -> Result<Upload, ServiceError> {
        let lifetime_millis = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
        let expires_at = Timestamp::from_millis(Timestamp::now().millis().saturating_add(lifetime_millis));
        let lifetime = PresigningConfig::expires_in(lifetime).map_err(|error| {
            let message = format!("an address for uploads cannot last {} s: {error}", lifetime.as_secs());
            ServiceError::new(ServiceErrorKind::Unavailable, message)
        })?;
        let put = self.client.put_object().bucket(&self.bucket).key(key).content_type(format.media_type());
        let address = put.presigned(lifetime).await;
        let address = address.map_err(|error| CloudError::from_sdk(SERVICE, "PutObject", &error))?;
        Ok(Upload { url: address.uri().to_owned(), expires_at })
    }
}

async fn body(answer: GetObjectOutput) -> Result<Vec<u8>, ServiceError> {
    let broken = |_| ServiceError::new(ServiceErrorKind::Unanswered, "S3 GetObject: the body broke off");
    Ok(answer.body.collect().await.map_err(broken)?.to_vec())
}

/// A length that nobody knows must not read as a small one.
fn length(wire: Option<i64>) -> Result<usize, CloudError> {
    wire.and_then(|length| usize::try_from(length).ok()).ok_or_else(|| incomplete("ContentLength"))
}

fn incomplete(missing: &str) -> CloudError {
    CloudError::incomplete(SERVICE, "GetObject", missing)
}

/// The whole length in a `Content-Range` such as `bytes 0-262143/1000000` (RFC 9110, section 14.4).
fn total(range: &str) -> Option<usize> {
    range.rsplit_once('/')?.1.parse().ok()
}

/// A key as the source of a copy, which travels in a header as a part of an address (S3 API reference, `CopyObject`).
fn in_address(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let part = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    key.bytes().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_an_object_is_read_from_the_range_of_its_part() {
        assert_eq!(total("bytes 0-262143/1000000"), Some(1_000_000));
        assert_eq!(total("bytes 0-262143/*"), None);
        assert_eq!(total(""), None);
    }

    #[test]
    fn keys_are_escaped_in_addresses_but_for_their_folders() {
        assert_eq!(in_address("uploads/demo/a-b_c.d~e"), "uploads/demo/a-b_c.d~e");
        assert_eq!(in_address("users/ä +?&#%"), "users/%C3%A4%20%2B%3F%26%23%25");
    }
}
