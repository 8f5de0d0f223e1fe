//! How a bucket is protected.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::aws::{Cloud, CloudError};

const SERVICE: &str = "S3";

/// Asks buckets how they are protected.
#[derive(Debug, Clone)]
pub struct BucketPosture {
    client: Client,
}

/// The default encryption of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketEncryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    pub algorithm: String,
    /// The key, where one of the account's own is named.
    pub key: Option<String>,
}

/// The four switches against public access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// S3's own four switches, each of them on or off.
#[allow(clippy::struct_excessive_bools)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused.
    pub block_acls: bool,
    /// New public policies are refused.
    pub block_policy: bool,
    /// Public ACLs have no effect.
    pub ignore_acls: bool,
    /// Public policies have no effect.
    pub restrict_buckets: bool,
}

impl BucketPosture {
    /// The way to the buckets of this cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        // A bucket name cannot be put in front of the local cloud's address.
        let path_style = cloud.shared.endpoint_url().is_some();
        let config = Builder::from(&cloud.shared).force_path_style(path_style).build();
        Self { client: Client::from_conf(config) }
    }

    /// The names of all buckets that begin with `prefix`, in order.
    pub async fn buckets(&self, prefix: &str) -> Result<Vec<String>, CloudError> {
        let mut pages = self.client.list_buckets().prefix(prefix).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "ListBuckets", &error))?;
            let found = page.buckets().iter().filter_map(|bucket| bucket.name());
            names.extend(found.filter(|name| name.starts_with(prefix)).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The default encryption; `None` where the bucket has none.
    pub async fn encryption(&self, bucket: &str) -> Result<Option<BucketEncryption>, CloudError> {
        let answer = self.client.get_bucket_encryption().bucket(bucket).send().await;
        let answer = unless(answer, "GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")?;
        let default = answer
            .as_ref()
            .and_then(|answer| answer.server_side_encryption_configuration())
            .and_then(|configuration| configuration.rules().first())
            .and_then(|rule| rule.apply_server_side_encryption_by_default());
        Ok(default.map(|default| BucketEncryption {
            algorithm: default.sse_algorithm().as_str().to_owned(),
            key: default.kms_master_key_id().map(str::to_owned),
        }))
    }

    /// The bucket policy as JSON; `None` where the bucket has none.
    pub async fn policy(&self, bucket: &str) -> Result<Option<String>, CloudError> {
        let answer = self.client.get_bucket_policy().bucket(bucket).send().await;
        let answer = unless(answer, "GetBucketPolicy", "NoSuchBucketPolicy")?;
        Ok(answer.and_then(|answer| answer.policy))
    }

    /// The switches against public access; `None` where the bucket has none.
    pub async fn public_access_block(&self, bucket: &str) -> Result<Option<PublicAccessBlock>, CloudError> {
        let answer = self.client.get_public_access_block().bucket(bucket).send().await;
        let answer = unless(answer, "GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")?;
        let block = answer.and_then(|answer| answer.public_access_block_configuration);
        Ok(block.map(|block| PublicAccessBlock {
            block_acls: block.block_public_acls() == Some(true),
            block_policy: block.block_public_policy() == Some(true),
            ignore_acls: block.ignore_public_acls() == Some(true),
            restrict_buckets: block.restrict_public_buckets() == Some(true),
        }))
    }
}

/// The answer, `None` where S3 says by the code `absent` that there is nothing to answer with, or the error.
fn unless<T, E, R>(
    answer: Result<T, SdkError<E, R>>,
    operation: &'static str,
    absent: &str,
) -> Result<Option<T>, CloudError>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code() == Some(absent) => Ok(None),
        Err(error) => Err(CloudError::from_sdk(SERVICE, operation, &error)),
    }
}
