//! Buckets as a deployment needs them: what it uploads, and what it takes down in the end.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::model::Region;

const SERVICE: &str = "S3";

/// The way to an environment's buckets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Buckets {
    client: Client,
    /// Where the local cloud listens; `None` on AWS.
    endpoint: Option<String>,
}

/// What a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketContent {
    /// Objects as a reader sees them.
    pub objects: u64,
    /// Older versions and delete markers, which deleting the objects leaves behind.
    pub hidden: u64,
}

impl Buckets {
    /// The buckets of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        // The local cloud has no DNS names per bucket; AWS takes both forms.
        let path_style = cloud.rekognition_endpoint.is_some();
        let config = aws_sdk_s3::config::Builder::from(&cloud.shared).force_path_style(path_style).build();
        let endpoint = cloud.shared.endpoint_url().filter(|_| path_style).map(str::to_owned);
        Self { client: Client::from_conf(config), endpoint }
    }

    /// The URL of an object, as other services take it.
    #[must_use]
    pub fn url(&self, bucket: &str, key: &str, region: &Region) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{endpoint}/{bucket}/{key}"),
            None => format!("https://{bucket}.s3.{region}.amazonaws.com/{key}"),
        }
    }

    /// Whether an object exists.
    pub async fn has(&self, bucket: &str, key: &str) -> Result<bool, CloudError> {
        match self.client.head_object().bucket(bucket).key(key).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.raw_response().is_some_and(|answer| answer.status().as_u16() == 404) => Ok(false),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "HeadObject", &error)),
        }
    }

    /// Uploads bytes.
    pub async fn put(&self, bucket: &str, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), CloudError> {
        let call = self.client.put_object().bucket(bucket).key(key).content_type(content_type);
        match call.body(ByteStream::from(bytes)).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "PutObject", &error)),
        }
    }

    /// The key of the account's own that encrypts a bucket; `None` when there is no such key or no such bucket.
    pub async fn key(&self, bucket: &str) -> Result<Option<String>, CloudError> {
        let answer = match self.client.get_bucket_encryption().bucket(bucket).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "GetBucketEncryption", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        let rules = answer.server_side_encryption_configuration.map(|encryption| encryption.rules).unwrap_or_default();
        let defaults = rules.into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default);
        Ok(defaults.and_then(|defaults| defaults.kms_master_key_id))
    }

    /// How much a bucket holds; `None` when there is no such bucket.
    pub async fn content(&self, bucket: &str) -> Result<Option<BucketContent>, CloudError> {
        let mut content = BucketContent { objects: 0, hidden: 0 };
        let mut from = Position::default();
        loop {
            let Some(page) = self.versions(bucket, &from).await? else {
                return Ok(None);
            };
            content.objects += page.current;
            content.hidden += page.identifiers.len() as u64 - page.current;
            match page.next {
                Some(next) => from = next,
                None => return Ok(Some(content)),
            }
        }
    }

    /// Deletes every object, version and delete marker of a bucket, then the bucket. A bucket that does not exist is
    /// deleted already. Gives the number of objects, versions and markers that went.
    pub async fn purge(&self, bucket: &str) -> Result<u64, CloudError> {
        let mut gone = 0;
        // Always from the start: what was listed is gone by the next look.
        while let Some(page) = self.versions(bucket, &Position::default()).await? {
            if page.identifiers.is_empty() {
                return self.delete(bucket).await.map(|()| gone);
            }
            gone += page.identifiers.len() as u64;
            self.delete_objects(bucket, page.identifiers).await?;
        }
        Ok(gone)
    }

    async fn delete(&self, bucket: &str) -> Result<(), CloudError> {
        match self.client.delete_bucket().bucket(bucket).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "DeleteBucket", &error)),
        }
    }

    async fn delete_objects(&self, bucket: &str, objects: Vec<ObjectIdentifier>) -> Result<(), CloudError> {
        let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
        let delete = delete.map_err(|_| CloudError::incomplete(SERVICE, "DeleteObjects", "list of objects"))?;
        let answer = self.client.delete_objects().bucket(bucket).delete(delete).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, "DeleteObjects", &error))?;
        match answer.errors.unwrap_or_default().into_iter().next() {
            None => Ok(()),
            // One object that stays (locked, or denied by a policy) is enough to stop: the bucket cannot go.
            Some(refused) => Err(CloudError {
                service: SERVICE,
                operation: "DeleteObjects",
                kind: ErrorKind::Denied,
                code: refused.code.unwrap_or_default(),
                message: refused.message.unwrap_or_else(|| format!("an object of {bucket} cannot be deleted")),
            }),
        }
    }

    async fn versions(&self, bucket: &str, from: &Position) -> Result<Option<VersionPage>, CloudError> {
        let call = self.client.list_object_versions().bucket(bucket);
        let call = call.set_key_marker(from.key.clone()).set_version_id_marker(from.version.clone());
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "ListObjectVersions", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        let more = answer.is_truncated.unwrap_or(false);
        let next = Position { key: answer.next_key_marker, version: answer.next_version_id_marker };
        let versions = answer.versions.unwrap_or_default();
        let current = versions.iter().filter(|version| version.is_latest.unwrap_or(false)).count() as u64;
        let versions = versions.into_iter().map(|version| (version.key, version.version_id));
        let markers = answer.delete_markers.unwrap_or_default().into_iter();
        let identifiers = versions
            .chain(markers.map(|marker| (marker.key, marker.version_id)))
            .filter_map(|(key, version)| ObjectIdentifier::builder().key(key?).set_version_id(version).build().ok())
            .collect();
        Ok(Some(VersionPage { current, identifiers, next: more.then_some(next) }))
    }
}

/// Where a listing goes on.
#[derive(Debug, Default)]
struct Position {
    key: Option<String>,
    version: Option<String>,
}

/// One page of a bucket's versions and delete markers.
struct VersionPage {
    /// How many of them are objects as a reader sees them.
    current: u64,
    identifiers: Vec<ObjectIdentifier>,
    next: Option<Position>,
}
