//! Answers. Floats are 32 bits wide and serialised directly to text, never through a JSON value: that would widen
//! them and print 98.69999694824219 where Rekognition says 98.7.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CollectionCreated {
    pub status_code: u16,
    pub collection_arn: String,
    pub face_model_version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CollectionDescribed {
    pub face_count: u64,
    pub face_model_version: String,
    /// In capitals, unlike in [`CollectionCreated`].
    #[serde(rename = "CollectionARN")]
    pub collection_arn: String,
    /// Seconds since 1970.
    pub creation_timestamp: f64,
    pub user_count: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CollectionsListed {
    pub collection_ids: Vec<String>,
    /// Parallel to the ids.
    pub face_model_versions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CollectionDeleted {
    pub status_code: u16,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BoundingBox {
    pub width: f32,
    pub height: f32,
    pub left: f32,
    pub top: f32,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pose {
    pub roll: f32,
    pub yaw: f32,
    pub pitch: f32,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageQuality {
    pub brightness: f32,
    pub sharpness: f32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Landmark {
    pub r#type: &'static str,
    pub x: f32,
    pub y: f32,
}

/// An observation with its confidence, such as `EyesOpen`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Observed<T> {
    pub value: T,
    pub confidence: f32,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AgeRange {
    pub low: u8,
    pub high: u8,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EyeDirection {
    pub yaw: f32,
    pub pitch: f32,
    pub confidence: f32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Emotion {
    pub r#type: &'static str,
    pub confidence: f32,
}

/// A face with everything that was asked for; what was not asked for is absent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FaceDetail {
    pub bounding_box: BoundingBox,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_range: Option<AgeRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smile: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eyeglasses: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sunglasses: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Observed<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beard: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mustache: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eyes_open: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mouth_open: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emotions: Option<Vec<Emotion>>,
    pub landmarks: Vec<Landmark>,
    pub pose: Pose,
    pub quality: ImageQuality,
    pub confidence: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face_occluded: Option<Observed<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eye_direction: Option<EyeDirection>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesDetected {
    pub face_details: Vec<FaceDetail>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SourceFace {
    pub bounding_box: BoundingBox,
    pub confidence: f32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ComparedFace {
    pub bounding_box: BoundingBox,
    pub confidence: f32,
    pub landmarks: Vec<Landmark>,
    pub pose: Pose,
    pub quality: ImageQuality,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ComparedMatch {
    pub similarity: f32,
    pub face: ComparedFace,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesCompared {
    pub source_image_face: SourceFace,
    pub face_matches: Vec<ComparedMatch>,
    pub unmatched_faces: Vec<ComparedFace>,
}

/// A face as a collection knows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(clippy::struct_field_names)] // AWS's names.
pub struct Face {
    pub face_id: String,
    pub bounding_box: BoundingBox,
    pub image_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_image_id: Option<String>,
    pub confidence: f32,
    pub index_faces_model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FaceRecord {
    pub face: Face,
    pub face_detail: FaceDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UnindexedFace {
    pub reasons: Vec<&'static str>,
    pub face_detail: FaceDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesIndexed {
    pub face_records: Vec<FaceRecord>,
    pub face_model_version: String,
    pub unindexed_faces: Vec<UnindexedFace>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FaceMatch {
    pub similarity: f32,
    pub face: Face,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageSearched {
    pub searched_face_bounding_box: BoundingBox,
    pub searched_face_confidence: f32,
    pub face_matches: Vec<FaceMatch>,
    pub face_model_version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FaceSearched {
    pub searched_face_id: String,
    pub face_matches: Vec<FaceMatch>,
    pub face_model_version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesListed {
    pub faces: Vec<Face>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    pub face_model_version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UnsuccessfulDeletion {
    pub face_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    pub reasons: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesDeleted {
    pub deleted_faces: Vec<String>,
    pub unsuccessful_face_deletions: Vec<UnsuccessfulDeletion>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagsListed {
    pub tags: BTreeMap<String, String>,
}

/// `{}`.
#[derive(Debug, Serialize)]
pub struct Empty {}

/// The body of every error.
#[derive(Debug, Serialize)]
pub struct ErrorBody<'a> {
    #[serde(rename = "__type")]
    pub kind: &'static str,
    #[serde(rename = "Code")]
    pub code: &'static str,
    #[serde(rename = "Logref")]
    pub logref: &'a str,
    #[serde(rename = "Message")]
    pub message: &'a str,
}
