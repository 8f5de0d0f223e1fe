//! Whole collections: how many faces would go, and how they go.

use aws_sdk_rekognition::Client;

use crate::aws::{Cloud, CloudError, ErrorKind};

const SERVICE: &str = "Rekognition";

/// The life and death of an environment's collections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    client: Client,
}

impl Lifecycle {
    /// The collections of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: cloud.rekognition() }
    }

    /// The ids of every collection in the account and region.
    pub async fn ids(&self) -> Result<Vec<String>, CloudError> {
        let mut pages = self.client.list_collections().into_paginator().send();
        let mut ids = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "ListCollections", &error))?;
            ids.extend(page.collection_ids.unwrap_or_default());
        }
        Ok(ids)
    }

    /// How many faces a collection holds; `None` when there is no such collection.
    pub async fn faces(&self, collection: &str) -> Result<Option<u64>, CloudError> {
        match self.client.describe_collection().collection_id(collection).send().await {
            Ok(answer) => {
                let faces = answer.face_count.and_then(|faces| u64::try_from(faces).ok());
                faces.map(Some).ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeCollection", "face count"))
            }
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DescribeCollection", &error);
                if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) }
            }
        }
    }

    /// Deletes a collection with all its faces. One that does not exist is deleted already.
    pub async fn delete(&self, collection: &str) -> Result<(), CloudError> {
        match self.client.delete_collection().collection_id(collection).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DeleteCollection", &error);
                if error.kind == ErrorKind::NotFound { Ok(()) } else { Err(error) }
            }
        }
    }
}
