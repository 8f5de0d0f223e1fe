//! A face engine that measures every call of another.

use std::future::Future;
use std::time::Instant;

use super::error::{EngineError, ServiceError};
use super::face::{CollectionFacts, CollectionMatches, Comparison, DetectedFace, Indexing};
use super::picture::PictureRef;
use super::ports::{FaceEngine, LivenessEngine, LivenessResult};
use super::tally::Tally;
use crate::model::{CollectionId, ExternalImageId, FaceId, LivenessSessionId, Operation, Percent};

/// Writes the latency, errors and throttles of each call into a tally.
#[derive(Debug)]
pub struct Measured<'a, E> {
    engine: &'a E,
    tally: &'a Tally,
}

impl<'a, E> Measured<'a, E> {
    /// Measures the calls of `engine`.
    pub const fn new(engine: &'a E, tally: &'a Tally) -> Self {
        Self { engine, tally }
    }

    async fn measure<T, F: Clone + Into<EngineError>>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, F>>,
    ) -> Result<T, F> {
        let start = Instant::now();
        let result = call.await;
        let told = result.as_ref().map(|_| ()).map_err(|error| error.clone().into());
        self.tally.call(operation, start.elapsed(), &told);
        result
    }
}

impl<E: FaceEngine> FaceEngine for Measured<'_, E> {
    async fn detect(&self, picture: PictureRef<'_>) -> Result<Vec<DetectedFace>, EngineError> {
        self.measure(Operation::DetectFaces, self.engine.detect(picture)).await
    }

    async fn compare(&self, source: PictureRef<'_>, target: PictureRef<'_>) -> Result<Comparison, EngineError> {
        self.measure(Operation::CompareFaces, self.engine.compare(source, target)).await
    }

    async fn index(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        reference: &ExternalImageId,
    ) -> Result<Indexing, EngineError> {
        self.measure(Operation::IndexFaces, self.engine.index(collection, picture, reference)).await
    }

    async fn search(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        floor: Percent,
        limit: u16,
    ) -> Result<CollectionMatches, EngineError> {
        self.measure(Operation::SearchFacesByImage, self.engine.search(collection, picture, floor, limit)).await
    }

    async fn forget(&self, collection: &CollectionId, faces: &[FaceId]) -> Result<(), EngineError> {
        self.measure(Operation::DeleteFaces, self.engine.forget(collection, faces)).await
    }

    async fn describe(&self, collection: &CollectionId) -> Result<CollectionFacts, EngineError> {
        self.measure(Operation::DescribeCollection, self.engine.describe(collection)).await
    }

    async fn lines_of_text(&self, picture: PictureRef<'_>) -> Result<usize, EngineError> {
        self.measure(Operation::DetectText, self.engine.lines_of_text(picture)).await
    }
}

impl<E: LivenessEngine> LivenessEngine for Measured<'_, E> {
    async fn create_session(&self, token: &str, prefix: &str, audit: u8) -> Result<LivenessSessionId, ServiceError> {
        self.measure(Operation::CreateFaceLivenessSession, self.engine.create_session(token, prefix, audit)).await
    }

    async fn session_result(&self, session: &LivenessSessionId) -> Result<Option<LivenessResult>, ServiceError> {
        self.measure(Operation::GetFaceLivenessSessionResults, self.engine.session_result(session)).await
    }
}
