//! What a face engine speaks about: faces found, compared, indexed and matched.

use serde::{Deserialize, Serialize};

use crate::model::{ExternalImageId, FaceId, ModelVersion, Percent};

/// A face in a picture, with everything that the quality gate measures. An attribute that the engine did not report
/// is `None`, and the gate treats it as not fulfilled.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectedFace {
    /// How sure the engine is that this is a face.
    pub confidence: Percent,
    /// Where it is.
    pub place: BoundingBox,
    /// Turned left (negative) or right, degrees.
    pub yaw: Option<f64>,
    /// Down (negative) or up, degrees.
    pub pitch: Option<f64>,
    /// Sharpness, 0–100.
    pub sharpness: Option<Percent>,
    /// Brightness, 0–100.
    pub brightness: Option<Percent>,
    /// Whether both eyes are open.
    pub eyes_open: Option<bool>,
    /// Whether the person wears sunglasses.
    pub sunglasses: Option<bool>,
    /// Whether something covers the face.
    pub occluded: Option<bool>,
}

/// A rectangle in a picture, as shares of its width and height. May reach beyond the picture's edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Share of the picture's width.
    pub width: f64,
    /// Share of the picture's height.
    pub height: f64,
}

/// One face held against another picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Similarity of the most similar face.
    pub similarity: Percent,
    /// The lower of the two confidences that what was compared are faces.
    pub confidence: Percent,
    /// Faces in the other picture.
    pub faces: usize,
}

/// What came of adding the face of a picture to a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Indexing {
    /// The face is in the collection.
    Indexed(Indexed),
    /// Nothing was added; the engine's reasons, for example `EXTREME_POSE`. Empty: there was no face at all.
    Rejected(Vec<String>),
}

/// A face that is in a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexed {
    /// The engine's own id of the face.
    pub engine_face: FaceId,
    /// The face model version that made its vector.
    pub model_version: Option<ModelVersion>,
}

/// What one collection answered to a search.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionMatches {
    /// The collection's face model version.
    pub model_version: Option<ModelVersion>,
    /// Its similar faces, most similar first.
    pub faces: Vec<MatchedFace>,
}

/// A similar face in a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchedFace {
    /// The engine's own id of the face.
    pub engine_face: FaceId,
    /// The reference that it was indexed with; `None` for faces that somebody else indexed without one.
    pub reference: Option<ExternalImageId>,
    /// How similar.
    pub similarity: Percent,
}

/// What is known of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionFacts {
    /// Face vectors in it.
    pub faces: u64,
    /// The face model version that it is pinned to.
    pub model_version: Option<ModelVersion>,
}
