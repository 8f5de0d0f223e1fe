//! Objects with all their versions: in a bucket that keeps versions a plain delete only hides the newest.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::aws::{CloudError, ErrorKind};

const SERVICE: &str = "S3";

/// Deletes every version and delete marker of one object. An object that is not there is deleted already.
pub(super) async fn delete(client: &Client, bucket: &str, key: &str) -> Result<(), CloudError> {
    // Always from the start: what was listed is gone by the next look. One call deletes as many as one lists, 1,000.
    loop {
        let (versions, more) = list(client, bucket, key).await?;
        if versions.is_empty() {
            return Ok(());
        }
        delete_listed(client, bucket, versions).await?;
        if !more {
            return Ok(());
        }
    }
}

/// The first versions and delete markers of exactly this key, and whether there are more: keys are listed in their
/// order, and a key comes before every longer one that begins with it.
async fn list(client: &Client, bucket: &str, key: &str) -> Result<(Vec<ObjectIdentifier>, bool), CloudError> {
    const OPERATION: &str = "ListObjectVersions";
    let answer = client.list_object_versions().bucket(bucket).prefix(key).send().await;
    let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
    let versions = answer.versions().iter().map(|version| (version.key(), version.version_id()));
    let markers = answer.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
    let own: Result<Vec<_>, _> = versions
        .chain(markers)
        .filter(|(listed, _)| *listed == Some(key))
        .map(|(_, version)| ObjectIdentifier::builder().key(key).set_version_id(version.map(Into::into)).build())
        .collect();
    let own = own.map_err(|_| CloudError::incomplete(SERVICE, OPERATION, "key"))?;
    let more = answer.is_truncated().unwrap_or(false) && answer.next_key_marker() == Some(key);
    Ok((own, more))
}

async fn delete_listed(client: &Client, bucket: &str, versions: Vec<ObjectIdentifier>) -> Result<(), CloudError> {
    const OPERATION: &str = "DeleteObjects";
    let delete = Delete::builder().set_objects(Some(versions)).quiet(true).build();
    let delete = delete.map_err(|_| CloudError::incomplete(SERVICE, OPERATION, "list of objects"))?;
    let answer = client.delete_objects().bucket(bucket).delete(delete).send().await;
    let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
    match answer.errors.unwrap_or_default().into_iter().next() {
        None => Ok(()),
        Some(refused) => {
            let code = refused.code.unwrap_or_default();
            let kind = match code.as_str() {
                "SlowDown" => ErrorKind::Throttled,
                "InternalError" => ErrorKind::Service,
                _ => ErrorKind::Denied,
            };
            let message = refused.message.unwrap_or_else(|| "a version cannot be deleted".to_owned());
            Err(CloudError { service: SERVICE, operation: OPERATION, kind, code, message })
        }
    }
}
