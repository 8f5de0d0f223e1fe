//! DetectText: request and answer.

use serde::{Deserialize, Serialize};

use super::{BoundingBox, Image};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DetectText {
    pub image: Option<Image>,
    pub filters: Option<TextFilters>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextFilters {
    pub word_filter: Option<WordFilter>,
    pub regions_of_interest: Option<Vec<RegionOfInterest>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(clippy::struct_field_names)] // AWS's names.
pub struct WordFilter {
    pub min_confidence: Option<f32>,
    pub min_bounding_box_height: Option<f32>,
    pub min_bounding_box_width: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegionOfInterest {
    pub bounding_box: Option<RegionBox>,
    pub polygon: Option<Vec<RegionPoint>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RegionBox {
    pub width: f32,
    pub height: f32,
    pub left: f32,
    pub top: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RegionPoint {
    pub x: f32,
    pub y: f32,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Geometry {
    pub bounding_box: BoundingBox,
    pub polygon: Vec<Point>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextDetection {
    pub detected_text: String,
    pub r#type: &'static str,
    pub id: usize,
    /// The line of a word; lines have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<usize>,
    pub confidence: f32,
    pub geometry: Geometry,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextDetected {
    pub text_detections: Vec<TextDetection>,
    pub text_model_version: &'static str,
}
