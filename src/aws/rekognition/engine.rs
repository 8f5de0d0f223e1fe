//! The face engine on Rekognition. Pictures travel inside the request.

use aws_sdk_rekognition::Client;
use aws_sdk_rekognition::config::Builder;
use aws_sdk_rekognition::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_rekognition::primitives::Blob;
use aws_sdk_rekognition::types::{
    Attribute, BoundingBox as WireBox, FaceDetail, FaceMatch, Image, QualityFilter, S3Object, UnindexedFace,
};

use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::identity::{
    BoundingBox, CollectionFacts, CollectionMatches, Comparison, DetectedFace, EngineError, FaceEngine, Indexed,
    Indexing, LivenessEngine, LivenessResult, MatchedFace, PictureError, PictureRef, ServiceError, ServiceErrorKind,
};
use crate::model::{CollectionId, ExternalImageId, FaceId, LivenessSessionId, ModelVersion, Percent};

const SERVICE: &str = "Rekognition";

/// The strictest filter for what stays in a collection (whitepaper, "Parameters").
const INDEX_FILTER: QualityFilter = QualityFilter::High;
/// A portrait on an identity document is small and printed: only what cannot be compared at all is filtered out.
const COMPARE_FILTER: QualityFilter = QualityFilter::Auto;

/// Rekognition as a face engine.
#[derive(Debug)]
pub struct RekognitionEngine {
    client: Client,
    /// Where stored pictures lie.
    bucket: String,
}

impl RekognitionEngine {
    /// An engine with few attempts and its own timeouts.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, bucket: String) -> Self {
        let mut config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        if let Some(endpoint) = &cloud.rekognition_endpoint {
            config = config.endpoint_url(endpoint);
        }
        Self { client: Client::from_conf(config.build()), bucket }
    }
}

impl RekognitionEngine {
    fn image(&self, picture: PictureRef<'_>) -> Image {
        let image = Image::builder();
        match picture {
            PictureRef::Inline(picture) => image.bytes(Blob::new(picture.bytes())).build(),
            PictureRef::Stored(key) => {
                image.s3_object(S3Object::builder().bucket(&self.bucket).name(key).build()).build()
            }
        }
    }
}

impl FaceEngine for RekognitionEngine {
    async fn detect(&self, picture: PictureRef<'_>) -> Result<Vec<DetectedFace>, EngineError> {
        let answer = self
            .client
            .detect_faces()
            .image(self.image(picture))
            .attributes(Attribute::Default)
            .attributes(Attribute::EyesOpen)
            .attributes(Attribute::Sunglasses)
            .attributes(Attribute::FaceOccluded)
            .send()
            .await
            .map_err(|error| engine_error("DetectFaces", &error))?;
        Ok(answer.face_details.unwrap_or_default().iter().map(detected).collect())
    }

    async fn compare(&self, source: PictureRef<'_>, target: PictureRef<'_>) -> Result<Comparison, EngineError> {
        let answer = self
            .client
            .compare_faces()
            .source_image(self.image(source))
            .target_image(self.image(target))
            // Every score is wanted, also that of a no: the decision is taken by the caller's threshold.
            .similarity_threshold(0.0)
            .quality_filter(COMPARE_FILTER)
            .send()
            .await
            .map_err(|error| engine_error("CompareFaces", &error))?;
        let source = answer.source_image_face().and_then(|face| face.confidence);
        let matches = answer.face_matches();
        let best = matches.iter().max_by(|a, b| a.similarity.unwrap_or(0.0).total_cmp(&b.similarity.unwrap_or(0.0)));
        let target = best.and_then(|best| best.face()).or_else(|| answer.unmatched_faces().first());
        let target = target.and_then(|face| face.confidence);
        Ok(Comparison {
            similarity: percent(best.and_then(|best| best.similarity)),
            confidence: percent(source.zip(target).map(|(source, target)| source.min(target))),
            faces: matches.len() + answer.unmatched_faces().len(),
        })
    }

    async fn index(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        reference: &ExternalImageId,
    ) -> Result<Indexing, EngineError> {
        let answer = self
            .client
            .index_faces()
            .collection_id(collection.as_str())
            .image(self.image(picture))
            .external_image_id(reference.as_str())
            .max_faces(1)
            .quality_filter(INDEX_FILTER)
            .send()
            .await
            .map_err(|error| in_collection("IndexFaces", collection, &error))?;
        let Some(record) = answer.face_records().first() else {
            let unindexed = answer.unindexed_faces().iter().flat_map(UnindexedFace::reasons);
            return Ok(Indexing::Rejected(unindexed.map(|reason| reason.as_str().to_owned()).collect()));
        };
        let model_version = version(answer.face_model_version());
        let engine_face = record.face().and_then(|face| face.face_id()).and_then(|id| FaceId::new(id).ok());
        match engine_face {
            Some(engine_face) => Ok(Indexing::Indexed(Indexed { engine_face, model_version })),
            None => Err(EngineError::Failed(CloudError::incomplete(SERVICE, "IndexFaces", "FaceId").into())),
        }
    }

    async fn search(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        floor: Percent,
        limit: u16,
    ) -> Result<CollectionMatches, EngineError> {
        let answer = self
            .client
            .search_faces_by_image()
            .collection_id(collection.as_str())
            .image(self.image(picture))
            .face_match_threshold(wire(floor))
            .max_faces(i32::from(limit))
            .quality_filter(COMPARE_FILTER)
            .send()
            .await
            .map_err(|error| in_collection("SearchFacesByImage", collection, &error))?;
        let model_version = version(answer.face_model_version());
        Ok(CollectionMatches { model_version, faces: answer.face_matches().iter().filter_map(matched).collect() })
    }

    async fn forget(&self, collection: &CollectionId, faces: &[FaceId]) -> Result<(), EngineError> {
        let faces = faces.iter().map(ToString::to_string).collect();
        let deleted = self.client.delete_faces().collection_id(collection.as_str()).set_face_ids(Some(faces));
        deleted.send().await.map_err(|error| in_collection("DeleteFaces", collection, &error))?;
        Ok(())
    }

    async fn describe(&self, collection: &CollectionId) -> Result<CollectionFacts, EngineError> {
        let asked = self.client.describe_collection().collection_id(collection.as_str());
        let answer = asked.send().await.map_err(|error| in_collection("DescribeCollection", collection, &error))?;
        let faces = answer.face_count.and_then(|count| u64::try_from(count).ok()).ok_or_else(|| {
            EngineError::Failed(CloudError::incomplete(SERVICE, "DescribeCollection", "FaceCount").into())
        })?;
        Ok(CollectionFacts { faces, model_version: version(answer.face_model_version()) })
    }

    async fn lines_of_text(&self, _: PictureRef<'_>) -> Result<usize, EngineError> {
        Err(EngineError::Failed(ServiceError::new(ServiceErrorKind::Unavailable, "not connected")))
    }
}

impl LivenessEngine for RekognitionEngine {
    async fn create_session(&self, _: &str, _: &str, _: u8) -> Result<LivenessSessionId, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn session_result(&self, _: &LivenessSessionId) -> Result<Option<LivenessResult>, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }
}

fn detected(face: &FaceDetail) -> DetectedFace {
    let quality = face.quality();
    DetectedFace {
        confidence: percent(face.confidence),
        place: face.bounding_box().map_or(BoundingBox { width: 0.0, height: 0.0 }, place),
        yaw: face.pose().and_then(|pose| pose.yaw).map(f64::from),
        pitch: face.pose().and_then(|pose| pose.pitch).map(f64::from),
        sharpness: quality.and_then(|quality| quality.sharpness).map(Percent::from_wire),
        brightness: quality.and_then(|quality| quality.brightness).map(Percent::from_wire),
        eyes_open: face.eyes_open().map(|eyes| eyes.value),
        sunglasses: face.sunglasses().map(|sunglasses| sunglasses.value),
        occluded: face.face_occluded().map(|occluded| occluded.value),
    }
}

fn place(wire: &WireBox) -> BoundingBox {
    BoundingBox { width: f64::from(wire.width.unwrap_or(0.0)), height: f64::from(wire.height.unwrap_or(0.0)) }
}

fn matched(wire: &FaceMatch) -> Option<MatchedFace> {
    let face = wire.face()?;
    Some(MatchedFace {
        engine_face: FaceId::new(face.face_id()?).ok()?,
        reference: face.external_image_id().and_then(|id| ExternalImageId::new(id).ok()),
        similarity: percent(wire.similarity),
    })
}

fn version(wire: Option<&str>) -> Option<ModelVersion> {
    wire.and_then(|version| ModelVersion::new(version).ok())
}

fn percent(wire: Option<f32>) -> Percent {
    wire.map_or(Percent::ZERO, Percent::from_wire)
}

/// A percent has at most two digits before the point; what is lost to 32 bits is far below any threshold's precision.
#[allow(clippy::cast_possible_truncation)]
fn wire(percent: Percent) -> f32 {
    percent.value() as f32
}

fn in_collection<E, R>(operation: &'static str, collection: &CollectionId, error: &SdkError<E, R>) -> EngineError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match error.code() {
        Some("ResourceNotFoundException") => EngineError::NoCollection(collection.clone()),
        _ => engine_error(operation, error),
    }
}

fn engine_error<E, R>(operation: &'static str, error: &SdkError<E, R>) -> EngineError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let error = CloudError::from_sdk(SERVICE, operation, error);
    match (error.code.as_str(), error.kind) {
        ("InvalidImageFormatException" | "ImageTooLargeException", _) => EngineError::Picture(PictureError::Unreadable),
        // The code for "no face" of the operations that need one. Everything else that it could mean was checked
        // before the call.
        ("InvalidParameterException", _) if matches!(operation, "CompareFaces" | "SearchFacesByImage") => {
            EngineError::NoFace
        }
        ("InvalidParameterException", _) if matches!(operation, "DetectFaces" | "IndexFaces") => {
            EngineError::Picture(PictureError::Unreadable)
        }
        (_, ErrorKind::Throttled) => EngineError::Throttled,
        _ => EngineError::Failed(ServiceError::from(error)),
    }
}
