//! What the flows speak about: faces found, compared, matched, and the record of a registered face.

use std::fmt;

use serde_json::{Map, Value};

use crate::model::{CollectionId, FaceId, InvalidId, ModelVersion, Percent, TenantId, Timestamp};

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Our id of the face; `None` for faces that somebody else indexed without or with a foreign one.
    pub face: Option<FaceId>,
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

/// The caller's reference of one person's verification session: 1–128 letters, digits, `_`, `.`, `:` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// A checked session id.
    pub fn new(value: impl Into<String>) -> Result<Self, InvalidId> {
        let value = value.into();
        let fits = (1..=128).contains(&value.len());
        if fits && value.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c)) {
            Ok(Self(value))
        } else {
            let rule = "1–128 letters, digits, `_`, `.`, `:` and `-`";
            Err(InvalidId { kind: "session id", value, rule })
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is remembered of a registered face.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceRecord {
    /// Whose face collection it is in.
    pub tenant: TenantId,
    /// Our id of the face; also the external image id in the collection.
    pub face: FaceId,
    /// The session that registered it.
    pub session: SessionId,
    /// The collection that it belongs to.
    pub collection: CollectionId,
    /// Where its picture is stored.
    pub image_key: String,
    /// What the caller wants to keep with it.
    pub metadata: Map<String, Value>,
    /// Why it is blacklisted, if it is.
    pub blacklisted: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Whether it can be found by a search yet.
    pub state: RecordState,
}

/// Whether a registered face is in its collection yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordState {
    /// Stored, not indexed yet.
    Pending,
    /// Indexed.
    Active(Indexed),
}
