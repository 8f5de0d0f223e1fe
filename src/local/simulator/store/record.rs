//! What is kept of collections and faces. Vectors and boxes only, never an image.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::local::portrait::Bounds;
use crate::local::simulator::analysis::{Signature, wire_box};
use crate::local::simulator::wire;
use crate::model::{ExternalImageId, FaceId, ModelVersion, Timestamp};

use super::UserId;

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionRecord {
    /// When it was created, in milliseconds since 1970.
    pub created_ms: i64,
    /// The version of its vectors, for life.
    pub model_version: ModelVersion,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl CollectionRecord {
    /// A collection created now.
    #[must_use]
    pub fn new(model_version: ModelVersion, tags: BTreeMap<String, String>) -> Self {
        Self { created_ms: Timestamp::now().millis(), model_version, tags }
    }
}

/// A face in a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredFace {
    /// Its id.
    pub id: FaceId,
    /// The image it came from.
    pub image_id: String,
    /// The caller's own reference.
    pub external_image_id: Option<ExternalImageId>,
    /// Where it was in the image.
    pub bounds: Bounds,
    /// How surely it was a face, in percent.
    pub confidence: f32,
    /// The user that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// What it is compared by; stored apart, as plain bytes.
    #[serde(skip, default = "no_signature")]
    pub signature: Signature,
}

const fn no_signature() -> Signature {
    Signature { pixels: Vec::new(), identity: None }
}

impl StoredFace {
    /// The face as answers show it.
    #[must_use]
    pub fn to_wire(&self, version: &ModelVersion) -> wire::Face {
        wire::Face {
            face_id: self.id.to_string(),
            bounding_box: wire_box(&self.bounds),
            image_id: self.image_id.clone(),
            external_image_id: self.external_image_id.as_ref().map(ToString::to_string),
            confidence: self.confidence,
            index_faces_model_version: version.to_string(),
            user_id: self.user.as_ref().map(ToString::to_string),
        }
    }
}
