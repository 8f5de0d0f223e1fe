//! Face Liveness: requests and answers.

use serde::{Deserialize, Serialize};

use super::BoundingBox;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateFaceLivenessSession {
    pub kms_key_id: Option<String>,
    pub settings: Option<LivenessSettings>,
    pub client_request_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LivenessSettings {
    pub output_config: Option<LivenessOutput>,
    pub audit_images_limit: Option<i64>,
    pub challenge_preferences: Option<Vec<ChallengePreference>>,
}

#[derive(Debug, Default, Deserialize)]
pub struct LivenessOutput {
    #[serde(rename = "S3Bucket")]
    pub bucket: Option<String>,
    #[serde(rename = "S3KeyPrefix")]
    pub prefix: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChallengePreference {
    pub r#type: Option<String>,
    pub versions: Option<Versions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Versions {
    pub minimum: Option<String>,
    pub maximum: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetFaceLivenessSessionResults {
    pub session_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LivenessSessionCreated {
    pub session_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LivenessResults {
    pub session_id: String,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_image: Option<LivenessImage>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audit_images: Vec<LivenessImage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Reference and audit images have the same shape: bytes, or where they lie.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LivenessImage {
    /// Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_object: Option<WrittenObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounding_box: Option<BoundingBox>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct WrittenObject {
    pub bucket: String,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Challenge {
    pub r#type: &'static str,
    pub version: String,
}

#[derive(Debug, Serialize)]
pub struct Metadata {
    #[serde(rename = "SDKType")]
    pub sdk_type: &'static str,
}
