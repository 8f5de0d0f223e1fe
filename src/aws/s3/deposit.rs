//! Writing one object into any bucket, encrypted with a key of the caller's choice.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;

use crate::aws::{Cloud, CloudError};

const SERVICE: &str = "S3";

/// Where an object goes, and how.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The KMS key; the bucket's own encryption without one.
    pub kms_key: Option<&'a str>,
    /// The media type.
    pub content_type: &'a str,
}

/// Writes an object.
pub async fn write(cloud: &Cloud, object: Object<'_>, bytes: Vec<u8>) -> Result<(), CloudError> {
    // Path style: a bucket is no host name on the local cloud, and on AWS both work.
    let config = aws_sdk_s3::config::Builder::from(&cloud.shared).force_path_style(true).build();
    let call = Client::from_conf(config).put_object().bucket(object.bucket).key(object.key);
    let call = call
        .content_type(object.content_type)
        .set_server_side_encryption(object.kms_key.map(|_| ServerSideEncryption::AwsKms))
        .set_ssekms_key_id(object.kms_key.map(str::to_owned));
    match call.body(ByteStream::from(bytes)).send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(CloudError::from_sdk(SERVICE, "PutObject", &error)),
    }
}
