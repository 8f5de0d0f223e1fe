//! Requests. Every member is optional here: what is missing or out of range is said by `check`, in AWS's words.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An image: its bytes or where they are.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Image {
    /// Base64.
    pub bytes: Option<String>,
    pub s3_object: Option<S3Object>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct S3Object {
    pub bucket: Option<String>,
    pub name: Option<String>,
    pub version: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateCollection {
    pub collection_id: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

/// Any request that names a collection and nothing else.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OneCollection {
    pub collection_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListCollections {
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DetectFaces {
    pub image: Option<Image>,
    pub attributes: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CompareFaces {
    pub source_image: Option<Image>,
    pub target_image: Option<Image>,
    pub similarity_threshold: Option<f32>,
    pub quality_filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IndexFaces {
    pub collection_id: Option<String>,
    pub image: Option<Image>,
    pub external_image_id: Option<String>,
    pub detection_attributes: Option<Vec<String>>,
    pub max_faces: Option<i64>,
    pub quality_filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchFacesByImage {
    pub collection_id: Option<String>,
    pub image: Option<Image>,
    pub max_faces: Option<i64>,
    pub face_match_threshold: Option<f32>,
    pub quality_filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchFaces {
    pub collection_id: Option<String>,
    pub face_id: Option<String>,
    pub max_faces: Option<i64>,
    pub face_match_threshold: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListFaces {
    pub collection_id: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
    pub user_id: Option<String>,
    pub face_ids: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteFaces {
    pub collection_id: Option<String>,
    pub face_ids: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagResource {
    pub resource_arn: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UntagResource {
    pub resource_arn: Option<String>,
    pub tag_keys: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForResource {
    pub resource_arn: Option<String>,
}
