//! What finds, compares and remembers faces, and what says whether a person is living.

use std::future::Future;

use crate::identity::error::{EngineError, ServiceError};
use crate::identity::face::{CollectionFacts, CollectionMatches, Comparison, DetectedFace, Indexing};
use crate::identity::picture::PictureRef;
use crate::model::{CollectionId, ExternalImageId, FaceId, LivenessSessionId, Percent};

/// Finds, compares and remembers faces.
pub trait FaceEngine: Send + Sync {
    /// The faces of a picture with their quality, largest first. None is an empty list.
    fn detect(&self, picture: PictureRef<'_>) -> impl Future<Output = Result<Vec<DetectedFace>, EngineError>> + Send;

    /// The largest face of `source` against every face of `target`. No face in either is [`EngineError::NoFace`].
    fn compare(
        &self,
        source: PictureRef<'_>,
        target: PictureRef<'_>,
    ) -> impl Future<Output = Result<Comparison, EngineError>> + Send;

    /// Adds the largest face to a collection. The same picture with the same reference again adds nothing.
    fn index(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        reference: &ExternalImageId,
    ) -> impl Future<Output = Result<Indexing, EngineError>> + Send;

    /// Faces of a collection that are at least `floor` similar to the largest face of the picture, at most `limit`.
    fn search(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        floor: Percent,
        limit: u16,
    ) -> impl Future<Output = Result<CollectionMatches, EngineError>> + Send;

    /// Removes faces from a collection; one that is not there is no error.
    fn forget(
        &self,
        collection: &CollectionId,
        faces: &[FaceId],
    ) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// How many faces a collection holds, and of which model version.
    fn describe(&self, collection: &CollectionId) -> impl Future<Output = Result<CollectionFacts, EngineError>> + Send;

    /// How many lines of text a picture holds. What they say is nobody's business here.
    fn lines_of_text(&self, picture: PictureRef<'_>) -> impl Future<Output = Result<usize, EngineError>> + Send;
}

/// Says whether a living person was in front of a camera.
pub trait LivenessEngine: Send + Sync {
    /// A new session, whose images are written into the image store under `prefix` followed by the session's id. The
    /// same `token` (1–64 letters, digits, `-` and `_`) again gives the same session.
    fn create_session(
        &self,
        token: &str,
        prefix: &str,
        audit_images: u8,
    ) -> impl Future<Output = Result<LivenessSessionId, ServiceError>> + Send;

    /// What became of a session; `None` when nobody knows it any more.
    fn session_result(
        &self,
        session: &LivenessSessionId,
    ) -> impl Future<Output = Result<Option<LivenessResult>, ServiceError>> + Send;
}

/// What became of a liveness session.
#[derive(Debug, Clone, PartialEq)]
pub struct LivenessResult {
    /// How far it came.
    pub status: LivenessStatus,
    /// How sure the engine is that the person lives; only of a session that succeeded.
    pub confidence: Option<Percent>,
    /// Key of the picture to be used as the selfie. May be missing: another session is needed then.
    pub reference: Option<String>,
    /// Keys of the pictures kept for review.
    pub audit: Vec<String>,
}

/// How far a liveness session came (Rekognition API model, `LivenessSessionStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LivenessStatus {
    /// The person has not begun, or is at it.
    Open,
    /// The check ran. That does not mean that the person lives.
    Succeeded,
    /// The check broke off.
    Failed,
    /// Nobody completed it in time.
    Expired,
}
