//! The face engine on Rekognition.

use aws_sdk_rekognition::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_rekognition::types::{
    Attribute, BoundingBox as WireBox, FaceDetail, FaceMatch, QualityFilter, TextTypes, UnindexedFace,
    UnsuccessfulFaceDeletion, UnsuccessfulFaceDeletionReason,
};

use super::clients::Clients;
use super::pictures::Pictures;
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::identity::{
    BoundingBox, CollectionFacts, CollectionMatches, Comparison, DetectedFace, EngineError, FaceEngine, Indexed,
    Indexing, MatchedFace, PictureError, PictureRef, ServiceError, ServiceErrorKind,
};
use crate::model::{CollectionId, ExternalImageId, FaceId, ModelVersion, Percent};

pub(super) const SERVICE: &str = "Rekognition";

/// The strictest filter for what stays in a collection (whitepaper, "Parameters").
const INDEX_FILTER: QualityFilter = QualityFilter::High;
/// A portrait on an identity document is small and printed: only what cannot be compared at all is filtered out.
const COMPARE_FILTER: QualityFilter = QualityFilter::Auto;
/// Most faces of one DeleteFaces (Rekognition API model, `FaceIdList`).
const FACES_AT_ONCE: usize = 4_096;

/// Rekognition as a face engine.
#[derive(Debug)]
pub struct RekognitionEngine {
    pub(super) clients: Clients,
    pub(super) pictures: Pictures,
}

impl RekognitionEngine {
    /// An engine that fetches stored pictures from this bucket.
    #[must_use]
    pub fn new(cloud: &Cloud, bucket: String) -> Self {
        Self { clients: Clients::new(cloud), pictures: Pictures::new(cloud, bucket) }
    }

    /// The error of an operation that was shown pictures.
    async fn refused<E, R>(
        &self,
        operation: &'static str,
        pictures: &[PictureRef<'_>],
        error: SdkError<E, R>,
    ) -> EngineError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        if error.code() == Some("InvalidS3ObjectException") {
            return self.pictures.not_fetched(operation, pictures).await;
        }
        engine_error(operation, &error)
    }

    /// The error of an operation that was shown a picture, on a collection.
    async fn refused_in<E, R>(
        &self,
        operation: &'static str,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        error: SdkError<E, R>,
    ) -> EngineError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match error.code() {
            Some("ResourceNotFoundException") => EngineError::NoCollection(collection.clone()),
            _ => self.refused(operation, &[picture], error).await,
        }
    }
}

impl FaceEngine for RekognitionEngine {
    async fn detect(&self, picture: PictureRef<'_>) -> Result<Vec<DetectedFace>, EngineError> {
        let detection = self
            .clients
            .look
            .detect_faces()
            .image(self.pictures.image(picture))
            .attributes(Attribute::Default)
            .attributes(Attribute::EyesOpen)
            .attributes(Attribute::Sunglasses)
            .attributes(Attribute::FaceOccluded);
        match detection.send().await {
            Ok(answer) => Ok(answer.face_details().iter().map(detected).collect()),
            Err(error) => Err(self.refused("DetectFaces", &[picture], error).await),
        }
    }

    async fn compare(&self, source: PictureRef<'_>, target: PictureRef<'_>) -> Result<Comparison, EngineError> {
        let comparison = self
            .clients
            .look
            .compare_faces()
            .source_image(self.pictures.image(source))
            .target_image(self.pictures.image(target))
            // Every score is wanted, also that of a no: the decision is taken by the caller's threshold.
            .similarity_threshold(0.0)
            .quality_filter(COMPARE_FILTER);
        let answer = match comparison.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.refused("CompareFaces", &[source, target], error).await),
        };
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
        const OPERATION: &str = "IndexFaces";
        let indexing = self
            .clients
            .change
            .index_faces()
            .collection_id(collection.as_str())
            .image(self.pictures.image(picture))
            .external_image_id(reference.as_str())
            .max_faces(1)
            .quality_filter(INDEX_FILTER);
        let answer = match indexing.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.refused_in(OPERATION, collection, picture, error).await),
        };
        let Some(record) = answer.face_records().first() else {
            let unindexed = answer.unindexed_faces().iter().flat_map(UnindexedFace::reasons);
            return Ok(Indexing::Rejected(unindexed.map(|reason| reason.as_str().to_owned()).collect()));
        };
        let model_version = version(answer.face_model_version());
        let engine_face = record.face().and_then(|face| face.face_id()).and_then(|id| FaceId::new(id).ok());
        match engine_face {
            Some(engine_face) => Ok(Indexing::Indexed(Indexed { engine_face, model_version })),
            None => Err(EngineError::Failed(CloudError::incomplete(SERVICE, OPERATION, "FaceId").into())),
        }
    }

    async fn search(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        floor: Percent,
        limit: u16,
    ) -> Result<CollectionMatches, EngineError> {
        let search = self
            .clients
            .search
            .search_faces_by_image()
            .collection_id(collection.as_str())
            .image(self.pictures.image(picture))
            .face_match_threshold(wire(floor))
            .max_faces(i32::from(limit))
            .quality_filter(COMPARE_FILTER);
        let answer = match search.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.refused_in("SearchFacesByImage", collection, picture, error).await),
        };
        let model_version = version(answer.face_model_version());
        Ok(CollectionMatches { model_version, faces: answer.face_matches().iter().filter_map(matched).collect() })
    }

    async fn forget(&self, collection: &CollectionId, faces: &[FaceId]) -> Result<(), EngineError> {
        for faces in faces.chunks(FACES_AT_ONCE) {
            let faces = faces.iter().map(ToString::to_string).collect();
            let deletion = self.clients.change.delete_faces().collection_id(collection.as_str());
            let answer = deletion.set_face_ids(Some(faces)).send().await;
            let answer = answer.map_err(|error| in_collection("DeleteFaces", collection, &error))?;
            all_gone(answer.unsuccessful_face_deletions())?;
        }
        Ok(())
    }

    async fn describe(&self, collection: &CollectionId) -> Result<CollectionFacts, EngineError> {
        const OPERATION: &str = "DescribeCollection";
        let asked = self.clients.search.describe_collection().collection_id(collection.as_str());
        let answer = asked.send().await.map_err(|error| in_collection(OPERATION, collection, &error))?;
        let faces = answer.face_count.and_then(|count| u64::try_from(count).ok());
        let faces =
            faces.ok_or_else(|| EngineError::Failed(CloudError::incomplete(SERVICE, OPERATION, "FaceCount").into()))?;
        Ok(CollectionFacts { faces, model_version: version(answer.face_model_version()) })
    }

    async fn lines_of_text(&self, picture: PictureRef<'_>) -> Result<usize, EngineError> {
        match self.clients.look.detect_text().image(self.pictures.image(picture)).send().await {
            Ok(answer) => {
                let texts = answer.text_detections().iter();
                Ok(texts.filter(|text| text.r#type() == Some(&TextTypes::Line)).count())
            }
            Err(error) => Err(self.refused("DetectText", &[picture], error).await),
        }
    }
}

/// DeleteFaces succeeds also when faces stay: what is left of the list must be faces that were not there.
fn all_gone(left: &[UnsuccessfulFaceDeletion]) -> Result<(), EngineError> {
    let stays = |left: &&UnsuccessfulFaceDeletion| left.reasons() != [UnsuccessfulFaceDeletionReason::FaceNotFound];
    let Some(first) = left.iter().find(stays) else {
        return Ok(());
    };
    let reasons: Vec<&str> = first.reasons().iter().map(UnsuccessfulFaceDeletionReason::as_str).collect();
    let (count, reasons) = (left.iter().filter(stays).count(), reasons.join(", "));
    let message = format!("{SERVICE} DeleteFaces: {count} faces are still in the collection: {reasons}");
    Err(EngineError::Failed(ServiceError::new(ServiceErrorKind::Unavailable, message)))
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
        ("InvalidParameterException", _) if matches!(operation, "DetectFaces" | "IndexFaces" | "DetectText") => {
            EngineError::Picture(PictureError::Unreadable)
        }
        (_, ErrorKind::Throttled) => EngineError::Throttled,
        _ => EngineError::Failed(ServiceError::from(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_that_was_not_there_is_gone_and_any_other_that_stays_is_an_error() {
        let left = |reason| UnsuccessfulFaceDeletion::builder().face_id("a-face").reasons(reason).build();
        let absent = left(UnsuccessfulFaceDeletionReason::FaceNotFound);
        assert_eq!(all_gone(std::slice::from_ref(&absent)), Ok(()));
        let stays = left(UnsuccessfulFaceDeletionReason::AssociatedToAnExistingUser);
        let Err(EngineError::Failed(error)) = all_gone(&[absent, stays]) else { panic!("a face stays") };
        let expected = "Rekognition DeleteFaces: 1 faces are still in the collection: ASSOCIATED_TO_AN_EXISTING_USER";
        assert_eq!(error.message, expected);
        let unexplained = UnsuccessfulFaceDeletion::builder().face_id("a-face").build();
        assert!(all_gone(&[unexplained]).is_err());
    }
}
