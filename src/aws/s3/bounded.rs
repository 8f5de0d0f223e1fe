//! Reading an object that must not be larger than a limit.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;

use crate::aws::{Cloud, CloudError, ErrorKind};

const SERVICE: &str = "S3";

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It is larger than the limit.
    TooLarge,
    /// It cannot be read at all.
    Unreadable(CloudError),
}

/// The bytes of an object of at most `limit` bytes; the newest version when none is named.
///
/// # Errors
/// [`ReadError::TooLarge`] before anything is transferred, [`ReadError::Unreadable`] for everything else.
pub async fn read(
    cloud: &Cloud,
    bucket: &str,
    key: &str,
    version: Option<&str>,
    limit: u64,
) -> Result<Vec<u8>, ReadError> {
    // Path style: a bucket is no host name on the local cloud, and on AWS both work.
    let config = aws_sdk_s3::config::Builder::from(&cloud.shared).force_path_style(true).build();
    let request =
        Client::from_conf(config).get_object().bucket(bucket).key(key).set_version_id(version.map(Into::into));
    let object = request.send().await.map_err(|error| {
        ReadError::Unreadable(CloudError::from_sdk::<GetObjectError, _>(SERVICE, "GetObject", &error))
    })?;
    if object.content_length.and_then(|length| u64::try_from(length).ok()).is_none_or(|length| length > limit) {
        return Err(ReadError::TooLarge);
    }
    let bytes = object.body.collect().await.map_err(|error| {
        ReadError::Unreadable(CloudError {
            service: SERVICE,
            operation: "GetObject",
            kind: ErrorKind::Unreachable,
            code: String::new(),
            message: format!("s3://{bucket}/{key} broke off: {error}"),
        })
    })?;
    Ok(bytes.to_vec())
}
