//! What Rekognition says of a collection.

use aws_sdk_rekognition::Client;
use aws_sdk_rekognition::config::Builder;

use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::model::{CollectionId, ModelVersion, Timestamp};

const SERVICE: &str = "Rekognition";

/// A collection as DescribeCollection answers it. Counts lag behind writes by up to some minutes on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionFacts {
    /// Face vectors in it.
    pub faces: u64,
    /// User vectors in it; `None` where the answer names none.
    pub users: Option<u64>,
    /// The face model version that it is pinned to for life; `None` where the answer names none.
    pub model_version: Option<ModelVersion>,
    /// When it was made.
    pub created: Option<Timestamp>,
}

impl Cloud {
    /// A collection's counts and model version; `None` where there is no such collection.
    pub async fn collection(&self, id: &CollectionId) -> Result<Option<CollectionFacts>, CloudError> {
        let answer = match self.rekognition().describe_collection().collection_id(id.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DescribeCollection", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        let faces = answer.face_count.and_then(count);
        Ok(Some(CollectionFacts {
            faces: faces.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeCollection", "FaceCount"))?,
            users: answer.user_count.and_then(count),
            model_version: answer.face_model_version.and_then(|version| ModelVersion::new(version).ok()),
            created: answer.creation_timestamp.and_then(|at| at.to_millis().ok()).map(Timestamp::from_millis),
        }))
    }

    pub(super) fn rekognition(&self) -> Client {
        let mut config = Builder::from(&self.shared);
        if let Some(endpoint) = &self.rekognition_endpoint {
            config = config.endpoint_url(endpoint);
        }
        Client::from_conf(config.build())
    }
}

/// A count below zero is no count.
fn count(value: i64) -> Option<u64> {
    u64::try_from(value).ok()
}
